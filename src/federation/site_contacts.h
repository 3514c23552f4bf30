// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <chrono>
#include <cstdint>
#include <map>
#include <mutex>
#include <string>
#include <vector>

namespace consilium::federation {

/// When each site was last heard of, what it moved, and which worker speaks for it. Safe from several threads.
class SiteContacts
{
public:
    using Clock = std::chrono::steady_clock;
    /// Silence after which a site counts as lost: three heartbeats.
    static constexpr auto lostAfter = std::chrono::seconds(10);

    struct State
    {
        bool online = false;
        bool left = false;              ///< said goodbye, so that its silence is no loss
        Clock::time_point lastContact;  ///< any call
        Clock::time_point lastActivity; ///< bytes or progress
    };
    State of(const std::string &site) const;

    /// A call came from the site. True when that is news for who waits: activity, or the site was not online.
    bool note(const std::string &site, bool activity, std::int64_t received = 0, std::int64_t sent = 0);
    void leave(const std::string &site);
    /// A new wait begins: sites that are online now get the full idle limit.
    void restartActivity();

    /// A worker says hello: from now on it alone speaks for the site.
    void welcome(const std::string &site, const std::string &worker);
    /// Nothing wrong; or the worker was relieved by a newer one of the same site, which `first` says once.
    enum class Standing { Current, RelievedFirst, Relieved };
    Standing standing(const std::string &site, const std::string &worker);
    bool isRelieved(const std::string &site, const std::string &worker) const;

    /// What happened since the last call, one entry a site that was ever heard of.
    struct Change
    {
        std::string site;
        State now;
        bool wasOnline = false, wasLost = false;
        bool heard = false; ///< since the last call
        std::int64_t received = 0, sent = 0;
    };
    std::vector<Change> takeChanges();

private:
    struct Traffic
    {
        Clock::time_point lastContact{}, lastActivity{};
        bool heard = false, online = false, wasLost = false, left = false;
        std::int64_t received = 0, sent = 0;
        std::string worker;
        std::map<std::string, bool> relieved; ///< workers of before, and whether one of them was heard of since
    };
    State stateOf(const Traffic &traffic) const;

    mutable std::mutex m_mutex;
    std::map<std::string, Traffic> m_traffic;
};

} // namespace consilium::federation
