// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/event.h"
#include "core/model_state.h"
#include "federation/message_codec.h"
#include "federation/site_folder.h"

#include <functional>
#include <memory>
#include <string>

namespace consilium::federation {

struct LocalProgress
{
    int epoch = 0, epochs = 0; ///< 1-based
    int step = 0, steps = 0;   ///< of this round
    double loss = 0;
};

struct LocalUpdate
{
    ModelState model;
    std::int64_t samples = 0; ///< training cases: the site's weight in the mean
    double loss = 0;
};

struct LocalEvaluation
{
    std::int64_t cases = 0;
    Metrics metrics; ///< means over the cases: "dice", "dice:<label>"
};

/// How a site learns. The federation has never heard of images: this is all it asks for.
class LocalTrainer
{
public:
    virtual ~LocalTrainer() = default;
    virtual int trainingCases() const = 0;
    /// `progress` returns false when the site should stop; then Cancelled.
    virtual Result<LocalUpdate> fit(const ModelState &global, int round,
                                    const std::function<bool(const LocalProgress &)> &progress) = 0;
    virtual Result<LocalEvaluation> evaluate(const ModelState &model, const std::string &split) = 0;
};

struct ParticipantOptions
{
    std::function<void(const Event &)> onEvent = [](const Event &) {};
    std::function<bool()> stopRequested = [] { return false; };
    double heartbeatSeconds = 3;
};

/// The worker of one site: fetches messages, trains or evaluates, sends the reply, until the study is finished.
///
/// Outbound calls on one port only. A lost host is called again until it answers; nothing is trained twice that was
/// already finished, and of a broken transfer only the missing chunks are sent again. The plan must be the one the
/// custodian approved. Errors: Refused (no consent, another plan, unknown key); Cancelled (stop was asked for); Io
/// (this site's disk).
Result<> participate(const SiteFolder &site, LocalTrainer &trainer, const ParticipantOptions &options);

} // namespace consilium::federation
