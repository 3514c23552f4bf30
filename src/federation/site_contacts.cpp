// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/site_contacts.h"

#include <utility>

namespace consilium::federation {

SiteContacts::State SiteContacts::stateOf(const Traffic &traffic) const
{
    const bool ever = traffic.lastContact != Clock::time_point{};
    return {ever && Clock::now() - traffic.lastContact < lostAfter, traffic.left, traffic.lastContact,
            traffic.lastActivity};
}

SiteContacts::State SiteContacts::of(const std::string &site) const
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_traffic.find(site);
    return found == m_traffic.end() ? State{} : stateOf(found->second);
}

bool SiteContacts::note(const std::string &site, bool activity, std::int64_t received, std::int64_t sent)
{
    const std::lock_guard lock(m_mutex);
    auto &traffic = m_traffic[site];
    const bool wasAway = !stateOf(traffic).online || traffic.left;
    traffic.heard = true;
    traffic.left = false;
    traffic.lastContact = Clock::now();
    if (activity)
        traffic.lastActivity = traffic.lastContact;
    traffic.received += received;
    traffic.sent += sent;
    return activity || wasAway;
}

void SiteContacts::leave(const std::string &site)
{
    const std::lock_guard lock(m_mutex);
    auto &traffic = m_traffic[site];
    traffic.lastContact = Clock::time_point{};
    traffic.left = true;
}

void SiteContacts::restartActivity()
{
    const std::lock_guard lock(m_mutex);
    for (auto &[site, traffic] : m_traffic) {
        if (stateOf(traffic).online)
            traffic.lastActivity = Clock::now();
    }
}

void SiteContacts::welcome(const std::string &site, const std::string &worker)
{
    const std::lock_guard lock(m_mutex);
    auto &traffic = m_traffic[site];
    if (traffic.worker == worker || traffic.relieved.contains(worker))
        return;
    if (!traffic.worker.empty())
        traffic.relieved[traffic.worker] = false;
    traffic.worker = worker;
}

bool SiteContacts::isRelieved(const std::string &site, const std::string &worker) const
{
    const std::lock_guard lock(m_mutex);
    const auto found = m_traffic.find(site);
    return found != m_traffic.end() && found->second.relieved.contains(worker);
}

SiteContacts::Standing SiteContacts::standing(const std::string &site, const std::string &worker)
{
    const std::lock_guard lock(m_mutex);
    auto &relieved = m_traffic[site].relieved;
    const auto found = relieved.find(worker);
    if (found == relieved.end())
        return Standing::Current;
    return std::exchange(found->second, true) ? Standing::Relieved : Standing::RelievedFirst;
}

std::vector<SiteContacts::Change> SiteContacts::takeChanges()
{
    const std::lock_guard lock(m_mutex);
    std::vector<Change> changes;
    for (auto &[site, traffic] : m_traffic) {
        const auto now = stateOf(traffic);
        changes.push_back({site, now, traffic.online, traffic.wasLost, std::exchange(traffic.heard, false),
                           std::exchange(traffic.received, 0), std::exchange(traffic.sent, 0)});
        if (traffic.online && !now.online)
            traffic.wasLost = !traffic.left;
        else if (now.online)
            traffic.wasLost = false;
        traffic.online = now.online;
    }
    return changes;
}

} // namespace consilium::federation
