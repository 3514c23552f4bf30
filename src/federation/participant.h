// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/event.h"
#include "federation/local_trainer.h"
#include "federation/site_folder.h"

#include <functional>
#include <memory>
#include <string>

namespace consilium::federation {

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
