// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "federation/fleet_client.h"
#include "federation/message_codec.h"
#include "federation/progress_reporter.h"
#include "federation/superlink.h"

#include <optional>

namespace consilium::federation {

/// A message that a SuperLink has handed over and no longer keeps for this node, and how far its answer is.
struct HeldMessage
{
    std::string id;
    std::uint64_t run = 0;
    std::string reply; ///< id of the finished answer; empty: not yet

    bool operator==(const HeldMessage &) const = default;
};

/// A node's side of the talk with a plain SuperLink: who it is, what it is given, what it sends back. Private to this
/// library. A call that does not get through is made again until it does or a stop is asked for (Cancelled).
class SuperLinkNode
{
public:
    SuperLinkNode(FleetClient &client, const Spool &spool, const SuperLinkOptions &options);

    /// Registers where the SuperLink lets nodes do so themselves, and goes online; from then on heartbeats are sent.
    /// Errors: Refused (with what to do).
    Result<> hello();
    /// Goes offline at once instead of after two missed heartbeats.
    void goodbye();
    std::uint64_t id() const;

    /// Nothing when there is none. Errors: Unavailable (one try only); Refused (the SuperLink has forgotten this node).
    Result<std::optional<HeldMessage>> nextMessage();
    /// Brings what the spool lacks of the message and confirms it. Errors: Refused (the run has ended); NotFound (the
    /// SuperLink no longer has it); Io.
    Result<> fetch(const HeldMessage &message);
    /// Announces the reply and sends what the SuperLink lacks of it. Errors: Refused (the run has ended, or nobody
    /// waits for this answer any more); Io.
    Result<> send(const HeldMessage &message);
    /// Whether the SuperLink says that the run is over; false when it says nothing.
    bool hasEnded(std::uint64_t run);

    void tell(const std::string &event, int round, const std::string &text, Json details = Json::object());
    /// False when a stop was asked for meanwhile.
    bool pause(std::chrono::milliseconds time) const;
    tl::unexpected<Error> cancelled() const;

private:
    /// Makes a call again until it gets through or a stop is asked for; `stumbles` times also when the SuperLink fails
    /// in a way of its own, as a busy database makes it.
    template <typename Work>
    Result<> persist(int stumbles, Work &&work);
    Result<> fetchObject(std::uint64_t run, const std::string &id);
    Result<> goOnline();
    std::uint64_t idOfLastTime() const;
    /// One try; false: the SuperLink does not know the node.
    Result<bool> heartbeat(std::uint64_t node);

    FleetClient &m_client;
    const Spool &m_spool;
    const SuperLinkOptions &m_options;
    mutable std::mutex m_nodeMutex;
    flwr::proto::Node m_node;
    bool m_wasOnline = false;
    std::optional<ProgressReporter> m_heartbeats; ///< last: its thread uses the members above
};

} // namespace consilium::federation
