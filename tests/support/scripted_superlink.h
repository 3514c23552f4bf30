// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/file.h"
#include "federation/channel.h"
#include "federation/message_codec.h"
#include "federation/node_auth.h"
#include "security/certificate.h"

#include "flwr/proto/fleet.grpc.pb.h"

#include <algorithm>
#include <atomic>
#include <deque>
#include <map>
#include <mutex>
#include <optional>
#include <set>

/// A small SuperLink that says what a test tells it to say, by the rules of the real one (Flower 1.30): who calls must
/// have signed, a message is handed over once, an object only after it was announced, a run that has ended refuses.
namespace consilium::test {

class ScriptedSuperLink : public flwr::proto::Fleet::Service
{
    using Context = grpc::ServerContext;
    using Status = grpc::Status;
    template <typename T>
    using In = const T *;

public:
    explicit ScriptedSuperLink(const std::filesystem::path &folder) : m_spool(folder / "superlink")
    {
        federation::prepareGrpc();
        const auto authorityKey = *security::PrivateKey::generate();
        const auto serverKey = *security::PrivateKey::generate();
        const auto authority = *security::makeAuthority(authorityKey, "CA");
        const auto certificate =
            *security::issueCertificate(authorityKey, authority, *security::makeRequest(serverKey, "localhost"),
                                        "localhost", security::Purpose::Server);
        authorityFile = folder / "ca.pem";
        (void)writeFileAtomically(authorityFile, authority);
        grpc::ServerBuilder builder;
        builder.AddListeningPort("127.0.0.1:0",
                                 federation::serverCredentials(authority, certificate, serverKey.toPem()), &m_port);
        builder.SetMaxReceiveMessageSize(federation::messageLimit);
        builder.RegisterService(this);
        m_server = builder.BuildAndStart();
    }
    ~ScriptedSuperLink() override { m_server->Shutdown(std::chrono::system_clock::now() + std::chrono::seconds(1)); }

    std::string endpoint() const { return "localhost:" + std::to_string(m_port); }

    /// Asks the `index`th node that went online, and returns the message's id.
    std::string ask(std::size_t index, federation::Message message, double ttl = 600)
    {
        const std::lock_guard lock(m_mutex);
        const double time = std::chrono::duration<double>(now().time_since_epoch()).count();
        message.metadata.runId = run;
        message.metadata.source = 1;
        message.metadata.destination = m_nodes.at(index).second;
        message.metadata.ttl = ttl;
        message.metadata.created = time;
        const auto id = *federation::encodeMessage(message, m_spool);
        m_questions[id] = message.metadata;
        m_waiting.push_back(id);
        return id;
    }
    std::string store(const ModelState &model) { return *federation::encodeArrays(model, m_spool); }
    const federation::Spool &spool() const { return m_spool; }

    /// The whole answer to a message, once every object of it is here.
    std::optional<federation::Message> answerTo(const std::string &question)
    {
        const std::lock_guard lock(m_mutex);
        const auto found = m_answers.find(question);
        if (found == m_answers.end())
            return std::nullopt;
        for (const auto &id : m_announced) {
            if (!m_spool.has(id))
                return std::nullopt;
        }
        const auto message = federation::decodeMessage(found->second, m_spool);
        return message ? std::optional(*message) : std::nullopt;
    }
    std::size_t nodes() const
    {
        const std::lock_guard lock(m_mutex);
        return m_nodes.size();
    }
    std::uint64_t nodeId(std::size_t index) const
    {
        const std::lock_guard lock(m_mutex);
        return m_nodes.at(index).second;
    }
    /// As a SuperLink that was started anew and keeps nothing on the disk.
    void forgetNodes()
    {
        const std::lock_guard lock(m_mutex);
        m_nodes.clear();
        m_registered.clear();
        m_online.clear();
    }

    std::filesystem::path authorityFile;
    std::uint64_t run = 0xfedcba9876543210;
    bool registersItself = true;          ///< false: as with --enable-supernode-auth
    std::atomic<bool> ended{false};       ///< the run
    std::atomic<int> unavailable{0};      ///< objects that are announced, not there yet, when first asked for
    std::atomic<int> pullBreaks{0};       ///< so many of the next PullMessages calls do not come through
    std::atomic<int> lineBreaks{0};       ///< so many of the next PushObject calls do not come through
    std::atomic<bool> pushesBreak{false}; ///< PushMessages does not come through
    std::atomic<int> goodbyes{0}, confirmed{0}, pulled{0};
    std::map<std::string, int> pushed; ///< by id, how often it was sent
    std::vector<std::string> faults;   ///< what the real one would have refused

    Status RegisterNode(Context *context, In<flwr::proto::RegisterNodeFleetRequest> request,
                        flwr::proto::RegisterNodeFleetResponse *answer) override
    {
        const std::lock_guard lock(m_mutex);
        if (auto refused = check(context, request->public_key()); !refused.ok())
            return refused;
        if (!registersItself)
            return {grpc::FAILED_PRECONDITION, "SuperNode authentication is enabled. All SuperNodes must be registered "
                                               "via the CLI."};
        if (m_registered.contains(request->public_key()))
            return {grpc::FAILED_PRECONDITION, "Public key already in use"};
        answer->set_node_id(m_registered[request->public_key()] = (std::uint64_t{1} << 63) + 7 + m_next++);
        return Status::OK;
    }
    Status ActivateNode(Context *context, In<flwr::proto::ActivateNodeRequest> request,
                        flwr::proto::ActivateNodeResponse *answer) override
    {
        const std::lock_guard lock(m_mutex);
        if (auto refused = check(context, request->public_key()); !refused.ok())
            return refused;
        if (!m_registered.contains(request->public_key()))
            return {grpc::FAILED_PRECONDITION, "No SuperNode found with the given public key."};
        if (request->heartbeat_interval() < 10 || request->heartbeat_interval() > 1800)
            return {grpc::INVALID_ARGUMENT, "Invalid heartbeat interval"};
        answer->set_node_id(m_registered[request->public_key()]);
        // Nobody is activated who is online: a node that fell silent is, until it has missed its heartbeats.
        if (!m_online.insert(answer->node_id()).second)
            return {grpc::FAILED_PRECONDITION,
                    "SuperNode with node ID " + std::to_string(answer->node_id()) + " could not be activated."};
        const std::pair node{request->public_key(), answer->node_id()};
        if (std::find(m_nodes.begin(), m_nodes.end(), node) == m_nodes.end())
            m_nodes.push_back(node);
        return Status::OK;
    }
    Status DeactivateNode(Context *context, In<flwr::proto::DeactivateNodeRequest> request,
                          flwr::proto::DeactivateNodeResponse *) override
    {
        const std::lock_guard lock(m_mutex);
        ++goodbyes;
        m_online.erase(request->node_id());
        return identify(context, request->node_id());
    }
    Status SendNodeHeartbeat(Context *context, In<flwr::proto::SendNodeHeartbeatRequest> request,
                             flwr::proto::SendNodeHeartbeatResponse *answer) override
    {
        answer->set_success(true);
        return identify(context, request->node().node_id());
    }
    Status PullMessages(Context *context, In<flwr::proto::PullMessagesRequest> request,
                        flwr::proto::PullMessagesResponse *answer) override
    {
        const std::lock_guard lock(m_mutex);
        if (pullBreaks > 0) {
            --pullBreaks;
            return {grpc::UNAVAILABLE, "the line is down"};
        }
        if (auto refused = identify(context, request->node().node_id()); !refused.ok())
            return refused;
        for (auto id = m_waiting.begin(); id != m_waiting.end(); ++id) {
            if (m_questions[*id].destination != request->node().node_id())
                continue;
            auto *message = answer->add_messages_list();
            m_questions[*id].toProto(*message->mutable_metadata());
            message->mutable_metadata()->set_message_id(*id);
            message->mutable_content();
            (void)federation::fillObjectTree(*id, m_spool, *answer->add_message_object_trees());
            m_waiting.erase(id);
            break;
        }
        return Status::OK;
    }
    Status PullObject(Context *context, In<flwr::proto::PullObjectRequest> request,
                      flwr::proto::PullObjectResponse *answer) override
    {
        if (auto refused = inRun(context, request->node().node_id(), request->run_id()); !refused.ok())
            return refused;
        auto bytes = m_spool.get(request->object_id());
        answer->set_object_found(bytes.has_value());
        if (!bytes || unavailable.fetch_sub(1) > 0)
            return Status::OK;
        ++pulled;
        answer->set_object_available(true);
        answer->set_object_content(*bytes);
        return Status::OK;
    }
    Status ConfirmMessageReceived(Context *context, In<flwr::proto::ConfirmMessageReceivedRequest> request,
                                  flwr::proto::ConfirmMessageReceivedResponse *) override
    {
        ++confirmed;
        return inRun(context, request->node().node_id(), request->run_id());
    }
    Status PushMessages(Context *context, In<flwr::proto::PushMessagesRequest> request,
                        flwr::proto::PushMessagesResponse *answer) override
    {
        if (pushesBreak)
            return {grpc::UNAVAILABLE, "the line is down"};
        const std::lock_guard lock(m_mutex);
        const auto &message = request->messages_list(0);
        const auto &metadata = message.metadata();
        if (auto refused = inRun(context, request->node().node_id(), metadata.run_id()); !refused.ok())
            return refused;
        const auto asked = m_questions.find(metadata.reply_to_message_id());
        const bool valid = asked != m_questions.end() && metadata.message_id().size() == 64 && metadata.ttl() > 0 &&
                           message.has_content() != message.has_error() && metadata.dst_node_id() == 1 &&
                           metadata.src_node_id() == asked->second.destination &&
                           metadata.created_at() + metadata.ttl() <= asked->second.created + asked->second.ttl + 0.1 &&
                           metadata.message_type() == asked->second.type;
        (*answer->mutable_results())[valid ? metadata.message_id() : "None"] = 0;
        if (!valid) {
            faults.push_back("a reply that is none: " + metadata.ShortDebugString());
            return Status::OK;
        }
        m_answers[metadata.reply_to_message_id()] = metadata.message_id();
        m_announced = federation::missingObjects(request->message_object_trees(0), m_spool);
        for (const auto &id : m_announced)
            answer->add_objects_to_push(id);
        return Status::OK;
    }
    Status PushObject(Context *context, In<flwr::proto::PushObjectRequest> request,
                      flwr::proto::PushObjectResponse *answer) override
    {
        if (auto refused = inRun(context, request->node().node_id(), request->run_id()); !refused.ok())
            return refused;
        const std::lock_guard lock(m_mutex);
        if (lineBreaks > 0) {
            --lineBreaks;
            return {grpc::UNAVAILABLE, "the line is down"};
        }
        ++pushed[request->object_id()];
        const bool announced =
            std::find(m_announced.begin(), m_announced.end(), request->object_id()) != m_announced.end();
        answer->set_stored(announced && m_spool.put(request->object_id(), request->object_content()));
        if (!answer->stored())
            faults.push_back("an object that was not announced, or is not what its id says");
        return Status::OK;
    }
    Status GetRun(Context *context, In<flwr::proto::GetRunRequest> request,
                  flwr::proto::GetRunResponse *answer) override
    {
        answer->mutable_run()->set_run_id(run);
        answer->mutable_run()->mutable_status()->set_status("running");
        return inRun(context, request->node().node_id(), request->run_id());
    }

private:
    /// Headers signed by `publicPem`'s owner.
    static Status check(Context *context, const std::string &publicPem)
    {
        const auto header = [&](const char *name) {
            const auto found = context->client_metadata().find(name);
            return found == context->client_metadata().end() ? std::string()
                                                             : std::string(found->second.data(), found->second.size());
        };
        const federation::AuthHeaders headers{header(federation::AuthHeaders::keyName),
                                              header(federation::AuthHeaders::timeName),
                                              header(federation::AuthHeaders::signatureName)};
        if (headers.publicKey != publicPem || !federation::checkHeaders(headers, now()))
            return {grpc::UNAUTHENTICATED, "Invalid signature"};
        return Status::OK;
    }
    Status identify(Context *context, std::uint64_t node) const
    {
        const std::lock_guard lock(m_mutex);
        for (const auto &[key, id] : m_nodes) {
            if (id == node)
                return check(context, key);
        }
        return {grpc::UNAUTHENTICATED, "Invalid node ID"};
    }
    Status inRun(Context *context, std::uint64_t node, std::uint64_t asked) const
    {
        if (auto refused = identify(context, node); !refused.ok())
            return refused;
        return ended || asked != run ? Status(grpc::PERMISSION_DENIED, "Run is finished.") : Status::OK;
    }

    federation::Spool m_spool;
    mutable std::recursive_mutex m_mutex;
    std::map<std::string, std::uint64_t> m_registered;
    std::vector<std::pair<std::string, std::uint64_t>> m_nodes; ///< public key and id, as they went online
    std::set<std::uint64_t> m_online;
    std::uint64_t m_next = 0;
    std::map<std::string, federation::MessageMetadata> m_questions;
    std::deque<std::string> m_waiting;
    std::map<std::string, std::string> m_answers;
    std::vector<std::string> m_announced;
    int m_port = 0;
    std::unique_ptr<grpc::Server> m_server; ///< last: its threads use the members above
};

/// A question as Flower's FedAvg asks it.
inline federation::Message fedAvgQuestion(const std::string &type, const std::string &arrays, int round)
{
    federation::Message message;
    message.metadata.type = type;
    message.arrays = arrays;
    message.config = {{"server-round", std::int64_t{round}}};
    return message;
}

} // namespace consilium::test
