// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/participant.h"

#include "core/log.h"
#include "core/safetensors.h"
#include "federation/fleet_client.h"
#include "federation/progress_reporter.h"

#include <algorithm>
#include <thread>

namespace consilium::federation {

namespace {

using consilium::v1::Study;
using flwr::proto::Fleet;
using Clock = std::chrono::steady_clock;

class Participant
{
public:
    Participant(const SiteFolder &site, LocalTrainer &trainer, const ParticipantOptions &options, FleetClient &client)
        : m_site(site), m_trainer(trainer), m_options(options), m_client(client), m_spool(site.spool()),
          m_planHash(site.plan().hash()),
          m_reporter(
              std::in_place, [this](const SiteReport &report) { send(report); }, [this] { heartbeat(); },
              std::chrono::milliseconds(static_cast<int>(options.heartbeatSeconds * 1000)))
    {
    }

    Result<> run();

private:
    Result<> sayHello();
    void sayGoodbye();
    Result<bool> studyFinished();
    Result<std::optional<flwr::proto::ObjectTree>> nextMessage();
    Result<> handle(const flwr::proto::ObjectTree &tree);
    Result<> download(const flwr::proto::ObjectTree &tree);
    Result<std::string> answer(const std::string &messageId, const Message &message);
    Result<Message> train(const Message &message);
    Result<Message> evaluate(const Message &message);
    Result<> upload(const std::string &messageId, const std::string &replyId, int round, bool training);
    Result<std::string> finishedReply(const std::string &messageId) const;

    /// Repeats a call until it gets through, the host says no, or a stop is asked for.
    template <typename Work>
    Result<> persist(Work &&work);
    void send(const SiteReport &report);
    void heartbeat();
    void tell(const std::string &event, int round, const std::string &text, Json details = Json::object());
    bool pause(std::chrono::milliseconds time) const; ///< false when a stop was asked for meanwhile
    tl::unexpected<Error> cancelled() const;

    const SiteFolder &m_site;
    LocalTrainer &m_trainer;
    const ParticipantOptions &m_options;
    FleetClient &m_client;
    Spool m_spool;
    const std::string m_planHash;
    flwr::proto::Node m_node;
    std::mutex m_nodeMutex;
    std::set<std::string> m_lastArrays; ///< objects of the newest model: the next message often carries it again
    std::optional<ProgressReporter> m_reporter; ///< last: its thread uses the members above
};

tl::unexpected<Error> Participant::cancelled() const
{
    return failWithHint(ErrorCode::Cancelled, "Join again to go on; a finished update is not trained twice",
                        "Stopped on request");
}

void Participant::tell(const std::string &event, int round, const std::string &text, Json details)
{
    spdlog::info("{}", text);
    m_options.onEvent({now(), event, m_site.site(), round, text, std::move(details)});
}

bool Participant::pause(std::chrono::milliseconds time) const
{
    const auto end = Clock::now() + time;
    while (Clock::now() < end) {
        if (m_options.stopRequested())
            return false;
        std::this_thread::sleep_for(std::min<Clock::duration>(std::chrono::milliseconds(100), end - Clock::now()));
    }
    return !m_options.stopRequested();
}

template <typename Work>
Result<> Participant::persist(Work &&work)
{
    auto wait = std::chrono::milliseconds(500);
    bool lost = false;
    while (true) {
        const Result<> done = work();
        if (done || done.error().code != ErrorCode::Unavailable) {
            if (lost && done)
                tell("host-back", 0, fmt::format("The host {} is back", m_client.endpoint()));
            return done;
        }
        if (!std::exchange(lost, true))
            tell("host-lost", 0, done.error().line() + "; trying again");
        if (!pause(wait))
            return cancelled();
        wait = std::min(wait * 2, std::chrono::milliseconds(5000));
    }
}

void Participant::send(const SiteReport &report)
{
    consilium::v1::ReportRequest request;
    consilium::v1::ReportResponse answer;
    request.set_round(report.round);
    request.set_state(std::string(name(report.state)));
    request.set_progress(report.progress);
    request.set_detail(report.detail);
    request.set_step(report.step);
    request.set_loss(report.loss);
    // Progress is worth one try: the next report says more.
    if (const auto sent =
            m_client.call(m_client.study(), &Study::Stub::Report, request, answer, std::chrono::seconds(10));
        !sent)
        spdlog::info("Progress was not sent: {}", sent.error().message);
}

void Participant::heartbeat()
{
    flwr::proto::SendNodeHeartbeatRequest request;
    flwr::proto::SendNodeHeartbeatResponse answer;
    {
        const std::lock_guard lock(m_nodeMutex);
        if (m_node.node_id() == 0)
            return; // not yet said hello
        *request.mutable_node() = m_node;
    }
    request.set_heartbeat_interval(m_options.heartbeatSeconds);
    if (const auto sent =
            m_client.call(m_client.fleet(), &Fleet::Stub::SendNodeHeartbeat, request, answer, std::chrono::seconds(5));
        !sent)
        spdlog::info("The heartbeat was not heard: {}", sent.error().message);
}

Result<> Participant::sayHello()
{
    flwr::proto::ActivateNodeRequest request;
    flwr::proto::ActivateNodeResponse answer;
    const auto key = m_site.keyPem();
    if (!key)
        return fail(key.error());
    request.set_public_key(security::PrivateKey::fromPem(*key)->publicPem());
    request.set_heartbeat_interval(m_options.heartbeatSeconds);
    if (auto done =
            persist([&] { return m_client.call(m_client.fleet(), &Fleet::Stub::ActivateNode, request, answer); });
        !done)
        return done;
    const std::lock_guard lock(m_nodeMutex);
    m_node.set_node_id(answer.node_id());
    return {};
}

void Participant::sayGoodbye()
{
    m_reporter.reset(); // a late heartbeat would take the goodbye back
    flwr::proto::DeactivateNodeRequest request;
    flwr::proto::DeactivateNodeResponse answer;
    request.set_node_id(m_node.node_id());
    // A courtesy: without it the host notices after ten seconds.
    if (auto gone =
            m_client.call(m_client.fleet(), &Fleet::Stub::DeactivateNode, request, answer, std::chrono::seconds(3));
        !gone)
        spdlog::info("{}", gone.error().line());
}

Result<bool> Participant::studyFinished()
{
    consilium::v1::PreflightRequest request;
    consilium::v1::PreflightResponse answer;
    request.set_training_cases(m_trainer.trainingCases());
    if (auto done = m_client.call(m_client.study(), &Study::Stub::Preflight, request, answer); !done)
        return fail(done.error());
    return answer.study_state() == "finished";
}

Result<std::optional<flwr::proto::ObjectTree>> Participant::nextMessage()
{
    flwr::proto::PullMessagesRequest request;
    flwr::proto::PullMessagesResponse answer;
    *request.mutable_node() = m_node;
    if (auto pulled = m_client.call(m_client.fleet(), &Fleet::Stub::PullMessages, request, answer); !pulled)
        return fail(pulled.error());
    if (answer.message_object_trees_size() == 0)
        return std::optional<flwr::proto::ObjectTree>{};
    return answer.message_object_trees(0);
}

Result<> Participant::run()
{
    if (auto hello = sayHello(); !hello)
        return hello;
    tell("joined", 0, fmt::format("{} has joined '{}'", m_site.site(), m_site.title()));
    auto lastAsked = Clock::time_point{};
    while (true) {
        if (m_options.stopRequested()) {
            sayGoodbye();
            return cancelled();
        }
        const auto message = nextMessage();
        if (!message && message.error().code == ErrorCode::Unavailable) {
            // Cut off: after the line is back, hello again, so that what was on its way is sent once more.
            if (!pause(std::chrono::milliseconds(500)))
                continue;
            if (auto hello = sayHello(); !hello && hello.error().code != ErrorCode::Cancelled)
                return hello;
            continue;
        }
        if (!message)
            return fail(message.error());
        if (*message) {
            const auto handled = handle(**message);
            if (!handled && handled.error().code != ErrorCode::Cancelled)
                return handled;
            continue;
        }
        if (Clock::now() - lastAsked > std::chrono::seconds(2)) {
            lastAsked = Clock::now();
            const auto finished = studyFinished();
            if (finished && *finished) {
                tell("finished", 0,
                     fmt::format("The study '{}' is finished; the best model is in {}", m_site.title(),
                                 m_site.bestModel().string()));
                sayGoodbye();
                return {};
            }
        }
        pause(std::chrono::milliseconds(300));
    }
}

Result<std::string> Participant::finishedReply(const std::string &messageId) const
{
    const auto outbox = readJson(m_site.outbox());
    if (outbox && outbox->value("message", "") == messageId && m_spool.has(outbox->value("reply", "")))
        return outbox->value("reply", "");
    return std::string();
}

Result<> Participant::handle(const flwr::proto::ObjectTree &tree)
{
    const auto messageId = tree.object_id();
    auto reply = finishedReply(messageId);
    if (!reply)
        return fail(reply.error());
    if (reply->empty()) {
        if (auto fetched = download(tree); !fetched)
            return fetched;
    }
    const auto message = decodeMessage(messageId, m_spool);
    if (!message)
        return fail(message.error(), "The host's message");
    if (reply->empty())
        reply = answer(messageId, *message);
    if (!reply)
        return fail(reply.error());
    const auto round = static_cast<int>(message->number("round"));
    if (auto sent = upload(messageId, *reply, round, message->metadata.type == "train"); !sent)
        return sent;
    // What is kept: the model that came, for it may come again; everything else has done its service.
    if (!message->arrays.empty()) {
        auto below = m_spool.reachable(message->arrays);
        if (below)
            m_lastArrays = std::move(*below);
    }
    return m_spool.keepOnly(m_lastArrays);
}

Result<> Participant::download(const flwr::proto::ObjectTree &tree)
{
    const auto missing = missingObjects(tree, m_spool);
    for (std::size_t i = 0; i < missing.size(); ++i) {
        flwr::proto::PullObjectRequest request;
        flwr::proto::PullObjectResponse answer;
        *request.mutable_node() = m_node;
        request.set_object_id(missing[i]);
        const auto got = persist([&]() -> Result<> {
            if (auto called = m_client.call(m_client.fleet(), &Fleet::Stub::PullObject, request, answer); !called)
                return called;
            if (answer.object_found() && !answer.object_available())
                return fail(ErrorCode::Unavailable, "The host is still receiving this object");
            return {};
        });
        if (!got)
            return got;
        if (!answer.object_found())
            return fail(ErrorCode::NotFound, "The host no longer has a part of its own message");
        if (auto stored = m_spool.put(missing[i], answer.object_content()); !stored)
            return stored;
    }
    flwr::proto::ConfirmMessageReceivedRequest request;
    flwr::proto::ConfirmMessageReceivedResponse answer;
    *request.mutable_node() = m_node;
    request.set_message_object_id(tree.object_id());
    return persist(
        [&] { return m_client.call(m_client.fleet(), &Fleet::Stub::ConfirmMessageReceived, request, answer); });
}

Result<std::string> Participant::answer(const std::string &messageId, const Message &message)
{
    Result<Message> reply = Message{};
    const auto round = static_cast<int>(message.number("round"));
    if (message.text("plan") != m_planHash)
        reply = fail(ErrorCode::Refused, "The message belongs to a plan this site has not approved");
    else if (message.metadata.type == "train")
        reply = train(message);
    else if (message.metadata.type == "evaluate")
        reply = evaluate(message);
    else
        reply = fail(ErrorCode::Unsupported, "This site does not know messages of type '{}'", message.metadata.type);
    if (!reply && (reply.error().code == ErrorCode::Cancelled || reply.error().code == ErrorCode::Io))
        return fail(reply.error());
    Message out = reply ? std::move(*reply) : Message{};
    if (!reply) {
        out.error = reply.error().line();
        tell("error", round, out.error);
    }
    const auto &asked = message.metadata;
    const double time = std::chrono::duration<double>(now().time_since_epoch()).count();
    // A reply must not outlive its question.
    out.metadata = {asked.runId,
                    asked.destination,
                    asked.source,
                    messageId,
                    asked.group,
                    asked.type,
                    asked.ttl - (time - asked.created),
                    time};
    const auto id = encodeMessage(out, m_spool);
    if (!id)
        return id;
    if (auto kept = writeJson(m_site.outbox(), {{"message", messageId}, {"reply", *id}}); !kept)
        return fail(kept.error());
    return id;
}

Result<Message> Participant::train(const Message &message)
{
    const auto round = static_cast<int>(message.number("round"));
    const auto model = decodeArrays(message.arrays, m_spool);
    if (!model)
        return fail(model.error());
    tell("training", round, fmt::format("Round {}: training", round));
    auto lastReport = Clock::time_point{};
    const auto progress = [&](const LocalProgress &step) {
        // The last step of a round is always told: its loss is the round's.
        if (step.step == step.steps || Clock::now() - lastReport > std::chrono::milliseconds(500)) {
            lastReport = Clock::now();
            m_reporter->report({round, SiteState::Training,
                                step.steps > 0 ? static_cast<double>(step.step) / step.steps : 0,
                                fmt::format("epoch {} of {}", step.epoch, step.epochs), step.step, step.loss});
            m_options.onEvent(
                {now(),
                 "progress",
                 m_site.site(),
                 round,
                 fmt::format("Round {}: step {} of {}, loss {:.4f}", round, step.step, step.steps, step.loss),
                 {{"step", step.step}, {"steps", step.steps}, {"loss", step.loss}}});
        }
        return !m_options.stopRequested();
    };
    m_reporter->report({round, SiteState::Training, 0, "preparing", 0, 0});
    auto update = m_trainer.fit({.start = *model, .round = round, .progress = progress});
    if (!update)
        return fail(update.error());
    Message reply;
    const auto arrays = encodeArrays(update->model, m_spool);
    if (!arrays)
        return fail(arrays.error());
    reply.arrays = *arrays;
    reply.metrics = {{"num-examples", update->samples}, {"loss", update->loss}};
    return reply;
}

Result<Message> Participant::evaluate(const Message &message)
{
    const auto round = static_cast<int>(message.number("round"));
    const auto split = message.text("split");
    const auto model = decodeArrays(message.arrays, m_spool);
    if (!model)
        return fail(model.error());
    tell("validating", round, fmt::format("Round {}: evaluating on the {} cases", round, split));
    m_reporter->report({round, SiteState::Validating, 0, split, 0, 0});
    auto evaluation = m_trainer.evaluate(*model, split);
    if (!evaluation)
        return fail(evaluation.error());
    if (message.text("model") == "best") {
        if (auto kept = writeSafetensors(m_site.bestModel(), *model); !kept)
            return fail(kept.error());
    }
    Message reply;
    reply.metrics = std::move(evaluation->metrics);
    reply.metrics.insert(reply.metrics.begin(), {"num-examples", evaluation->cases});
    return reply;
}

Result<> Participant::upload(const std::string &messageId, const std::string &replyId, int round, bool training)
{
    flwr::proto::PushMessagesRequest announce;
    *announce.mutable_node() = m_node;
    const auto reply = decodeMessage(replyId, m_spool);
    if (!reply)
        return fail(reply.error());
    auto *metadata = announce.add_messages_list()->mutable_metadata();
    reply->metadata.toProto(*metadata);
    metadata->set_message_id(replyId);
    metadata->set_reply_to_message_id(messageId);
    if (auto filled = fillObjectTree(replyId, m_spool, *announce.add_message_object_trees()); !filled)
        return filled;
    while (true) {
        flwr::proto::PushMessagesResponse wanted;
        if (auto announced =
                persist([&] { return m_client.call(m_client.fleet(), &Fleet::Stub::PushMessages, announce, wanted); });
            !announced)
            return announced;
        bool forgotten = false;
        for (int i = 0; i < wanted.objects_to_push_size() && !forgotten; ++i) {
            flwr::proto::PushObjectRequest request;
            flwr::proto::PushObjectResponse answer;
            *request.mutable_node() = m_node;
            request.set_object_id(wanted.objects_to_push(i));
            auto bytes = m_spool.get(request.object_id());
            if (!bytes)
                return fail(bytes.error());
            request.set_object_content(std::move(*bytes));
            if (training)
                m_reporter->report(
                    {round, SiteState::Uploading, static_cast<double>(i) / wanted.objects_to_push_size(), {}, 0, 0});
            const auto pushed =
                persist([&] { return m_client.call(m_client.fleet(), &Fleet::Stub::PushObject, request, answer); });
            // A host that was restarted meanwhile has forgotten the announcement, not the objects: announce once more.
            forgotten = !pushed && pushed.error().code == ErrorCode::NotFound;
            if (!pushed && !forgotten)
                return pushed;
        }
        if (!forgotten)
            break;
    }
    tell("uploaded", round,
         training ? fmt::format("Round {}: the update is with the host", round)
                  : fmt::format("Round {}: the metrics are with the host", round));
    return {};
}

} // namespace

Result<> participate(const SiteFolder &site, LocalTrainer &trainer, const ParticipantOptions &options)
{
    const auto consent = site.consent();
    if (!consent)
        return fail(consent.error());
    if (!*consent || (*consent)->planHash != site.plan().hash())
        return failWithHint(ErrorCode::Refused, "Run 'consilium-node consent --approve' for this site folder",
                            "The custodian of '{}' has not approved this plan", site.site());
    const auto client = FleetClient::connect(site);
    if (!client)
        return fail(client.error());
    return Participant(site, trainer, options, **client).run();
}

} // namespace consilium::federation
