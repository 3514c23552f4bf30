// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clock.h"
#include "core/json.h"

#include <string>

namespace consilium {

/// Where a round stands (architecture, section 5).
enum class RoundState { Planned, Distributing, Training, Collecting, Aggregating, Evaluating, Closed, Failed };
std::string_view name(RoundState state); ///< "planned", "distributing", ...
Result<RoundState> roundStateFromName(std::string_view name);

/// What one site does in one round.
enum class SiteState { Offered, Downloading, Training, Validating, Uploading, Counted, NotCounted };
std::string_view name(SiteState state); ///< "offered", ..., "not counted"
Result<SiteState> siteStateFromName(std::string_view name);

/// Something that happened in a study, for people and programs. `event` is a fixed word: "round-state", "site-state",
/// "site-lost", "site-back", "site-left", "progress", "metric", "waiting", "warning", "error", "early-end", "finished";
/// of a site besides "joined", "training", "validating", "uploaded", "schedule", "host-lost", "host-back".
struct Event
{
    TimePoint time = now();
    std::string event;
    std::string site; ///< empty when no site is meant
    int round = 0;    ///< 0 when no round is meant
    std::string text; ///< one sentence for people
    Json details = Json::object();

    /// {"time", "event", "site", "round", "text", ...details}
    Json toJson() const;
};

} // namespace consilium
