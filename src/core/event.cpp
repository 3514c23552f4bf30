// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/event.h"

#include <array>

namespace consilium {

namespace {

constexpr std::array<std::string_view, 8> roundStates{"planned",     "distributing", "training", "collecting",
                                                      "aggregating", "evaluating",   "closed",   "failed"};
constexpr std::array<std::string_view, 7> siteStates{"offered",   "downloading", "training",   "validating",
                                                     "uploading", "counted",     "not counted"};

template <typename State, std::size_t N>
Result<State> fromName(const std::array<std::string_view, N> &names, std::string_view name)
{
    for (std::size_t i = 0; i < N; ++i) {
        if (names[i] == name)
            return static_cast<State>(i);
    }
    return fail(ErrorCode::Malformed, "'{}' is not a state", name);
}

} // namespace

std::string_view name(RoundState state)
{
    return roundStates[static_cast<std::size_t>(state)];
}
std::string_view name(SiteState state)
{
    return siteStates[static_cast<std::size_t>(state)];
}
Result<RoundState> roundStateFromName(std::string_view name)
{
    return fromName<RoundState>(roundStates, name);
}
Result<SiteState> siteStateFromName(std::string_view name)
{
    return fromName<SiteState>(siteStates, name);
}

Json Event::toJson() const
{
    Json json = {{"time", toIso(time)}, {"event", event}, {"site", site}, {"round", round}, {"text", text}};
    json.update(details);
    return json;
}

} // namespace consilium
