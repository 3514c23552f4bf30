// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/clock.h"
#include "federation/channel.h"
#include "federation/message_codec.h"
#include "federation/node_auth.h"
#include "federation/site_folder.h"

#include "consilium/v1/study.grpc.pb.h"
#include "flwr/proto/fleet.grpc.pb.h"

#include <stdexcept>
#include <thread>

namespace consilium::test {

/// A member of the study that speaks the wire call by call, so that a test can say what no honest worker says.
class ScriptedSite
{
public:
    explicit ScriptedSite(const std::filesystem::path &folder)
        : m_site(taken(federation::SiteFolder::open(folder))), m_spool(folder / "scripted-spool"),
          m_key(taken(security::PrivateKey::fromPem(taken(m_site.keyPem()))))
    {
        federation::prepareGrpc();
        m_fleet = flwr::proto::Fleet::NewStub(federation::openChannel(
            m_site.endpoint(), m_site.studyId(),
            {taken(m_site.authorityPem()), taken(m_site.certificatePem()), taken(m_site.keyPem())}));
        flwr::proto::ActivateNodeRequest request;
        request.set_public_key(m_key.publicPem());
        request.set_heartbeat_interval(30);
        m_node.set_node_id(done(&Stub::ActivateNode, request).node_id());
    }

    /// Goodbye, so that nobody waits for it.
    ~ScriptedSite()
    {
        flwr::proto::DeactivateNodeRequest request;
        request.set_node_id(m_node.node_id());
        flwr::proto::DeactivateNodeResponse answer;
        call(&Stub::DeactivateNode, request, answer);
    }
    ScriptedSite(const ScriptedSite &) = delete;
    ScriptedSite &operator=(const ScriptedSite &) = delete;

    std::string planHash() const { return m_site.plan().hash(); }

    /// A message of the host, fetched whole.
    struct Fetched
    {
        std::string id;
        federation::Message message;
        ModelState model; ///< of a message that carries one
    };
    /// Waits for the next model to train; models to evaluate are answered on the way.
    Fetched nextTraining(int milliseconds = 30000)
    {
        const auto end = std::chrono::steady_clock::now() + std::chrono::milliseconds(milliseconds);
        while (std::chrono::steady_clock::now() < end) {
            flwr::proto::PullMessagesRequest request;
            *request.mutable_node() = m_node;
            const auto pulled = done(&Stub::PullMessages, request);
            for (const auto &tree : pulled.message_object_trees()) {
                fetch(tree);
                Fetched fetched{tree.object_id(), taken(federation::decodeMessage(tree.object_id(), m_spool)), {}};
                if (fetched.message.metadata.type == "train") {
                    fetched.model = taken(federation::decodeArrays(fetched.message.arrays, m_spool));
                    return fetched;
                }
                push(evaluation(fetched), fetched.id);
            }
            std::this_thread::sleep_for(std::chrono::milliseconds(50));
        }
        throw std::runtime_error("No model to train came");
    }

    /// A reply as a worker writes it; `plan` is what it says it was trained under.
    std::string reply(const Fetched &asked, const ModelState &model, std::int64_t samples, const std::string &plan)
    {
        auto reply = answerTo(asked);
        reply.arrays = taken(federation::encodeArrays(model, m_spool));
        reply.metrics = {{"num-examples", samples}, {"loss", 0.5}};
        reply.config = {{"plan", plan}, {"round", asked.message.number("round")}};
        return taken(federation::encodeMessage(reply, m_spool));
    }

    /// Announces a reply as the answer to `messageId` and sends what the host asks for, or every object of it. The
    /// status of the first call that failed.
    grpc::Status push(const std::string &replyId, const std::string &messageId, bool everything = false)
    {
        flwr::proto::PushMessagesRequest request;
        *request.mutable_node() = m_node;
        const auto message = taken(federation::decodeMessage(replyId, m_spool));
        auto *metadata = request.add_messages_list()->mutable_metadata();
        message.metadata.toProto(*metadata);
        metadata->set_message_id(replyId);
        metadata->set_reply_to_message_id(messageId);
        taken(federation::fillObjectTree(replyId, m_spool, *request.add_message_object_trees()));
        flwr::proto::PushMessagesResponse wanted;
        if (const auto status = call(&Stub::PushMessages, request, wanted); !status.ok())
            return status;
        std::vector<std::string> ids(wanted.objects_to_push().begin(), wanted.objects_to_push().end());
        if (everything) {
            const auto all = taken(m_spool.reachable(replyId));
            ids.assign(all.begin(), all.end());
        }
        auto first = grpc::Status::OK;
        for (const auto &id : ids) {
            flwr::proto::PushObjectRequest object;
            *object.mutable_node() = m_node;
            object.set_object_id(id);
            object.set_object_content(taken(m_spool.get(id)));
            flwr::proto::PushObjectResponse stored;
            const auto status = call(&Stub::PushObject, object, stored);
            if (first.ok() && !status.ok())
                first = status;
        }
        return first;
    }

private:
    using Stub = flwr::proto::Fleet::Stub;

    static federation::Message answerTo(const Fetched &asked)
    {
        federation::Message reply;
        const auto &question = asked.message.metadata;
        const auto time = std::chrono::duration<double>(now().time_since_epoch()).count();
        reply.metadata = {
            question.runId, question.destination, question.source, asked.id, question.group, question.type, 3600, time};
        return reply;
    }
    std::string evaluation(const Fetched &asked)
    {
        auto reply = answerTo(asked);
        reply.metrics = {{"num-examples", std::int64_t{2}}, {"dice", 0.5}};
        return taken(federation::encodeMessage(reply, m_spool));
    }

    template <typename T>
    static T taken(Result<T> result)
    {
        if (!result)
            throw std::runtime_error(result.error().line());
        if constexpr (!std::is_void_v<T>)
            return std::move(*result);
    }

    template <typename Request, typename Answer>
    grpc::Status call(grpc::Status (Stub::*method)(grpc::ClientContext *, const Request &, Answer *),
                      const Request &request, Answer &answer)
    {
        grpc::ClientContext context;
        context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
        const auto headers = taken(federation::signHeaders(m_key, now()));
        context.AddMetadata(federation::AuthHeaders::keyName, headers.publicKey);
        context.AddMetadata(federation::AuthHeaders::timeName, headers.timestamp);
        context.AddMetadata(federation::AuthHeaders::signatureName, headers.signature);
        answer.Clear();
        return (m_fleet.get()->*method)(&context, request, &answer);
    }
    template <typename Request, typename Answer>
    Answer done(grpc::Status (Stub::*method)(grpc::ClientContext *, const Request &, Answer *), const Request &request)
    {
        Answer answer;
        if (const auto status = call(method, request, answer); !status.ok())
            throw std::runtime_error(status.error_message());
        return answer;
    }

    void fetch(const flwr::proto::ObjectTree &tree)
    {
        for (const auto &id : federation::missingObjects(tree, m_spool)) {
            flwr::proto::PullObjectRequest request;
            *request.mutable_node() = m_node;
            request.set_object_id(id);
            taken(m_spool.put(id, done(&Stub::PullObject, request).object_content()));
        }
        flwr::proto::ConfirmMessageReceivedRequest request;
        *request.mutable_node() = m_node;
        request.set_message_object_id(tree.object_id());
        done(&Stub::ConfirmMessageReceived, request);
    }

    federation::SiteFolder m_site;
    federation::Spool m_spool;
    security::PrivateKey m_key;
    std::unique_ptr<Stub> m_fleet;
    flwr::proto::Node m_node;
};

} // namespace consilium::test
