// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/event.h"
#include "core/model_state.h"
#include "federation/host_rules.h"

#include <filesystem>
#include <functional>
#include <memory>
#include <string>

namespace consilium::federation {

struct CoordinatorOptions
{
    std::string listen;                             ///< ADDRESS:PORT; port 0 takes a free one
    std::function<Result<ModelState>()> firstModel; ///< the plan's model before any training; asked for once a study
    std::function<void(const Event &)> onEvent;     ///< called from several threads
    std::function<bool()> stopRequested = [] { return false; };
    HostRules rules;
};

/// The aggregator of one study: serves sites over TLS and drives the rounds (architecture, section 5).
///
/// All state is in the study folder; a run that was stopped or killed at any instant goes on in the same round.
class Coordinator
{
public:
    /// Errors: those of StudyStore::open; Busy (the address is in use); Io.
    static Result<std::unique_ptr<Coordinator>> open(const std::filesystem::path &study, CoordinatorOptions options);
    ~Coordinator();

    int port() const;
    /// Runs until the study is finished. Errors: Cancelled (a stop was asked for; the study can go on later); Io.
    Result<> run();

private:
    struct Parts;
    explicit Coordinator(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> m_parts;
};

} // namespace consilium::federation
