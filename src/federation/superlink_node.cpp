// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/superlink_node.h"

#include "core/json.h"
#include "core/log.h"
#include "federation/node_key.h"

#include <algorithm>
#include <thread>

namespace consilium::federation {

using flwr::proto::Fleet;
using Clock = std::chrono::steady_clock;
using std::chrono::milliseconds;

namespace {

constexpr int patience = 5; ///< with calls that belong to work in hand

/// Why a SuperLink says no to a signed call, where its own words need help.
tl::unexpected<Error> inWords(Error error)
{
    if (error.code == ErrorCode::Refused && error.message.find("timestamp") != std::string::npos)
        return fail(std::move(error).withHint("Set the clock of this computer, best by a time server"));
    return fail(std::move(error));
}

} // namespace

SuperLinkNode::SuperLinkNode(FleetClient &client, const Spool &spool, const SuperLinkOptions &options)
    : m_client(client), m_spool(spool), m_options(options)
{
}

std::uint64_t SuperLinkNode::id() const
{
    const std::lock_guard lock(m_nodeMutex);
    return m_node.node_id();
}

void SuperLinkNode::tell(const std::string &event, int round, const std::string &text, Json details)
{
    spdlog::info("{}", text);
    m_options.onEvent({now(), event, m_options.site, round, text, std::move(details)});
}

bool SuperLinkNode::pause(milliseconds time) const
{
    const auto end = Clock::now() + time;
    while (Clock::now() < end) {
        if (m_options.stopRequested())
            return false;
        std::this_thread::sleep_for(std::min<Clock::duration>(milliseconds(100), end - Clock::now()));
    }
    return !m_options.stopRequested();
}

tl::unexpected<Error> SuperLinkNode::cancelled() const
{
    return failWithHint(ErrorCode::Cancelled, "Join again to go on; a finished update is not trained twice",
                        "Stopped on request");
}

template <typename Work>
Result<> SuperLinkNode::persist(int stumbles, Work &&work)
{
    auto wait = milliseconds(500);
    bool lost = false;
    while (true) {
        const Result<> done = work();
        const bool stumbled = !done && done.error().code == ErrorCode::Invalid && stumbles-- > 0;
        if (done || (done.error().code != ErrorCode::Unavailable && !stumbled)) {
            if (lost && done)
                tell("host-back", 0, fmt::format("The SuperLink {} is back", m_client.endpoint()));
            return done;
        }
        // A certificate that was right once may be hidden for a while by a gateway; one that never was will not become
        // right by waiting.
        if (m_client.untrusted() && !m_wasOnline)
            return failWithHint(
                ErrorCode::Refused,
                fmt::format("Check that it speaks TLS, that its certificate is for the name or address given here, and "
                            "that --ca {} is its CA",
                            m_options.authority.string()),
                "The SuperLink {} cannot be trusted", m_client.endpoint());
        if (!std::exchange(lost, true))
            tell("host-lost", 0, done.error().line() + "; trying again");
        if (!pause(wait))
            return cancelled();
        wait = std::min(wait * 2, milliseconds(5000));
    }
}

Result<bool> SuperLinkNode::heartbeat(std::uint64_t node)
{
    flwr::proto::SendNodeHeartbeatRequest request;
    flwr::proto::SendNodeHeartbeatResponse answer;
    request.mutable_node()->set_node_id(node);
    request.set_heartbeat_interval(m_options.heartbeatSeconds);
    if (const auto sent =
            m_client.call(m_client.fleet(), &Fleet::Stub::SendNodeHeartbeat, request, answer, std::chrono::seconds(5));
        !sent)
        return fail(sent.error());
    return answer.success();
}

std::uint64_t SuperLinkNode::idOfLastTime() const
{
    const auto json = readJson(m_options.folder / "node.json");
    try {
        return json && json->at("endpoint") == m_client.endpoint() ? json->at("node").get<std::uint64_t>() : 0;
    } catch (const Json::exception &) {
        return 0; // written by something else: the node is made known anew
    }
}

Result<> SuperLinkNode::goOnline()
{
    // A SuperLink activates a node only that it takes to be offline. One that was killed or cut off is not yet, for as
    // long as it may miss heartbeats: the next heartbeat is all that it needs.
    if (const auto last = idOfLastTime(); last != 0) {
        bool known = false;
        auto asked = persist(0, [&]() -> Result<> {
            const auto heard = heartbeat(last);
            known = heard && *heard;
            return heard || heard.error().code != ErrorCode::Unavailable ? Result<>() : fail(heard.error());
        });
        if (!asked)
            return asked;
        if (known) {
            const std::lock_guard lock(m_nodeMutex);
            m_node.set_node_id(last);
            return {};
        }
    }
    flwr::proto::RegisterNodeFleetRequest registration;
    flwr::proto::RegisterNodeFleetResponse registered;
    registration.set_public_key(m_client.publicPem());
    const auto known = persist(
        0, [&] { return m_client.call(m_client.fleet(), &Fleet::Stub::RegisterNode, registration, registered); });
    // "Invalid" is what it says to a key that it has already, and where nodes are registered by its operator alone:
    // going online shows whether it knows this one.
    if (!known && known.error().code != ErrorCode::Invalid)
        return inWords(known.error());

    flwr::proto::ActivateNodeRequest request;
    flwr::proto::ActivateNodeResponse answer;
    request.set_public_key(registration.public_key());
    request.set_heartbeat_interval(m_options.heartbeatSeconds);
    const auto online =
        persist(0, [&] { return m_client.call(m_client.fleet(), &Fleet::Stub::ActivateNode, request, answer); });
    if (!online && online.error().code == ErrorCode::Invalid) {
        const bool stillOnline = online.error().message.find("could not be activated") != std::string::npos;
        return failWithHint(ErrorCode::Refused,
                            stillOnline ? std::string("Try again in a minute: it takes the node to be online still")
                                        : fmt::format("Give {} to its operator, who registers it: flwr supernode "
                                                      "register FILE",
                                                      publicNodeKey(m_options.folder).string()),
                            "The SuperLink {} does not take this node: {}", m_client.endpoint(),
                            online.error().message);
    }
    if (!online)
        return inWords(online.error());
    {
        const std::lock_guard lock(m_nodeMutex);
        m_node.set_node_id(answer.node_id());
    }
    return writeJson(m_options.folder / "node.json", {{"endpoint", m_client.endpoint()}, {"node", answer.node_id()}});
}

Result<> SuperLinkNode::hello()
{
    if (auto online = goOnline(); !online)
        return online;
    m_wasOnline = true;
    if (!m_heartbeats) {
        const auto beat = [this] {
            if (const auto heard = heartbeat(id()); !heard)
                spdlog::info("The heartbeat was not heard: {}", heard.error().message);
        };
        m_heartbeats.emplace([](const SiteReport &) {}, beat,
                             milliseconds(static_cast<int>(m_options.heartbeatSeconds * 500)));
    }
    return {};
}

void SuperLinkNode::goodbye()
{
    m_heartbeats.reset(); // a late heartbeat would take the goodbye back
    flwr::proto::DeactivateNodeRequest request;
    flwr::proto::DeactivateNodeResponse answer;
    request.set_node_id(id());
    if (auto gone =
            m_client.call(m_client.fleet(), &Fleet::Stub::DeactivateNode, request, answer, std::chrono::seconds(3));
        !gone)
        spdlog::info("{}", gone.error().line());
}

Result<std::optional<HeldMessage>> SuperLinkNode::nextMessage()
{
    flwr::proto::PullMessagesRequest request;
    flwr::proto::PullMessagesResponse answer;
    request.mutable_node()->set_node_id(id());
    if (auto pulled = m_client.call(m_client.fleet(), &Fleet::Stub::PullMessages, request, answer); !pulled)
        return fail(pulled.error());
    if (answer.messages_list_size() == 0)
        return std::optional<HeldMessage>{};
    const auto &metadata = answer.messages_list(0).metadata();
    if (!isObjectId(metadata.message_id()))
        return fail(ErrorCode::Malformed, "The SuperLink {} sent a message without an id", m_client.endpoint());
    return HeldMessage{metadata.message_id(), metadata.run_id(), {}};
}

Result<> SuperLinkNode::fetchObject(std::uint64_t run, const std::string &id)
{
    flwr::proto::PullObjectRequest request;
    flwr::proto::PullObjectResponse answer;
    request.mutable_node()->set_node_id(this->id());
    request.set_run_id(run);
    request.set_object_id(id);
    for (auto wait = milliseconds(200);; wait = std::min(wait * 2, milliseconds(5000))) {
        if (auto called = persist(
                patience, [&] { return m_client.call(m_client.fleet(), &Fleet::Stub::PullObject, request, answer); });
            !called)
            return called;
        if (!answer.object_found())
            return fail(ErrorCode::NotFound, "The SuperLink no longer has a part of its own message");
        if (answer.object_available())
            return m_spool.put(id, answer.object_content());
        // The ServerApp is still sending it.
        if (!pause(wait))
            return cancelled();
    }
}

Result<> SuperLinkNode::fetch(const HeldMessage &message)
{
    // Object by object from the message down: what lies in the spool already names its own children, so a transfer that
    // a kill broke goes on without the tree that came with the message.
    std::vector<std::pair<std::string, bool>> open{{message.id, false}}; // id, and whether it is a chunk
    std::set<std::string> seen;
    while (!open.empty()) {
        const auto [id, chunk] = open.back();
        open.pop_back();
        if (!seen.insert(id).second)
            continue;
        if (!m_spool.has(id)) {
            if (auto fetched = fetchObject(message.run, id); !fetched)
                return fetched;
        }
        if (chunk)
            continue;
        auto object = m_spool.object(id);
        if (!object && object.error().code == ErrorCode::Malformed && !m_spool.has(id)) {
            // It was damaged on the disk.
            if (auto fetched = fetchObject(message.run, id); !fetched)
                return fetched;
            object = m_spool.object(id);
        }
        if (!object)
            return fail(object.error());
        for (auto child = object->children.rbegin(); child != object->children.rend(); ++child)
            open.emplace_back(*child, object->type == "Array");
    }
    flwr::proto::ConfirmMessageReceivedRequest request;
    flwr::proto::ConfirmMessageReceivedResponse answer;
    request.mutable_node()->set_node_id(id());
    request.set_run_id(message.run);
    request.set_message_object_id(message.id);
    return persist(patience, [&] {
        return m_client.call(m_client.fleet(), &Fleet::Stub::ConfirmMessageReceived, request, answer);
    });
}

Result<> SuperLinkNode::send(const HeldMessage &message)
{
    const auto reply = decodeMessage(message.reply, m_spool);
    if (!reply)
        return fail(reply.error());
    flwr::proto::PushMessagesRequest announce;
    announce.mutable_node()->set_node_id(id());
    auto *announced = announce.add_messages_list();
    reply->metadata.toProto(*announced->mutable_metadata());
    announced->mutable_metadata()->set_message_id(message.reply);
    // The content travels as objects, yet a message without any, not even an empty one, counts as broken.
    if (reply->error.empty())
        announced->mutable_content();
    else
        announced->mutable_error()->set_reason(reply->error);
    if (auto filled = fillObjectTree(message.reply, m_spool, *announce.add_message_object_trees()); !filled)
        return filled;
    while (true) {
        flwr::proto::PushMessagesResponse wanted;
        if (auto pushed =
                persist(patience,
                        [&] { return m_client.call(m_client.fleet(), &Fleet::Stub::PushMessages, announce, wanted); });
            !pushed)
            return pushed;
        if (!wanted.results().contains(message.reply))
            return fail(ErrorCode::Refused, "Nobody waits for this answer any more");
        bool forgotten = false;
        for (int i = 0; i < wanted.objects_to_push_size() && !forgotten; ++i) {
            flwr::proto::PushObjectRequest request;
            flwr::proto::PushObjectResponse answer;
            request.mutable_node()->set_node_id(id());
            request.set_run_id(message.run);
            request.set_object_id(wanted.objects_to_push(i));
            auto bytes = m_spool.get(request.object_id());
            if (!bytes)
                return fail(bytes.error());
            request.set_object_content(std::move(*bytes));
            if (auto pushed =
                    persist(patience,
                            [&] { return m_client.call(m_client.fleet(), &Fleet::Stub::PushObject, request, answer); });
                !pushed)
                return pushed;
            forgotten = !answer.stored();
        }
        if (!forgotten)
            return {};
        // A SuperLink that was restarted meanwhile wants to be told again what comes.
        if (!pause(milliseconds(500)))
            return cancelled();
    }
}

bool SuperLinkNode::hasEnded(std::uint64_t run)
{
    flwr::proto::GetRunRequest request;
    flwr::proto::GetRunResponse answer;
    request.mutable_node()->set_node_id(id());
    request.set_run_id(run);
    const auto asked = m_client.call(m_client.fleet(), &Fleet::Stub::GetRun, request, answer);
    return asked ? answer.run().status().status() == "finished" : asked.error().code == ErrorCode::Refused;
}

} // namespace consilium::federation
