// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "federation/fleet_client.h"
#include "federation/message_codec.h"
#include "federation/participant.h"
#include "federation/progress_reporter.h"
#include "federation/site_schedule.h"

#include <atomic>
#include <optional>

/// Private to this library.
namespace consilium::federation {

/// A site's line to its host: calls are repeated until they get through, the host says no, or a stop is asked for. Of a
/// transfer only what is missing travels, several objects at a time and no faster than the site's schedule allows. Safe
/// from several threads.
class HostLine
{
public:
    HostLine(FleetClient &client, const SiteFolder &site, SiteSchedule &schedule, const ParticipantOptions &options);

    Result<> hello();
    void goodbye();
    void heartbeat();
    void report(const SiteReport &report);
    struct Incoming
    {
        flwr::proto::ObjectTree tree;
        int round = 0;
        bool training = false;
    };
    /// The next message; nothing when there is none. One try: Unavailable when the host is not reached.
    Result<std::optional<Incoming>> nextMessage();
    /// One try.
    Result<bool> studyFinished(int trainingCases);

    /// 0 to 1.
    using Progress = std::function<void(double)>;
    Result<> download(const flwr::proto::ObjectTree &tree, const Spool &spool, const Progress &progress);
    /// Announces the reply and sends what the host lacks.
    Result<> upload(const std::string &messageId, const std::string &replyId, const Spool &spool,
                    const Progress &progress);
    /// Sends one object before its reply is announced. One try: what does not get through is asked for later.
    Result<> sendAhead(const std::string &id, const Spool &spool);

    bool pause(std::chrono::milliseconds time) const; ///< false when a stop was asked for meanwhile
    tl::unexpected<Error> cancelled() const;
    void tell(const std::string &event, int round, const std::string &text, Json details = Json::object()) const;

private:
    template <typename Work>
    Result<> persist(Work &&work);
    Result<> push(const std::string &id, const Spool &spool);
    Result<> pull(const std::string &id, const Spool &spool);

    FleetClient &m_client;
    const SiteFolder &m_site;
    SiteSchedule &m_schedule;
    const ParticipantOptions &m_options;
    std::atomic<std::uint64_t> m_node{0};
    std::atomic<bool> m_lost{false}; ///< told that the host is away, and not yet that it is back
};

} // namespace consilium::federation
