// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/participant.h"

#include "core/half_written.h"
#include "core/headline_metric.h"
#include "core/log.h"
#include "core/safetensors.h"
#include "federation/ahead_upload.h"
#include "federation/host_line.h"
#include "federation/site_strategy.h"
#include "federation/update_codec.h"
#include "federation/update_residual.h"

#include <array>

namespace consilium::federation {

namespace {

using Clock = std::chrono::steady_clock;

/// How often a site whose hours have not come says that it is still there.
constexpr auto waitingReport = std::chrono::seconds(30);

class Participant
{
public:
    Participant(const SiteFolder &site, LocalTrainer &trainer, const ParticipantOptions &options, FleetClient &client,
                SiteSchedule &schedule)
        : m_site(site), m_trainer(trainer), m_options(options), m_schedule(schedule),
          m_line(client, site, schedule, options), m_spool(site.spool()), m_planHash(site.plan().hash()),
          m_strategy(SiteStrategy::create(site.plan(), site.folder())), m_residual(site.folder() / "residual"),
          m_reporter(
              std::in_place, [this](const SiteReport &report) { m_line.report(report); },
              [this] { m_line.heartbeat(); },
              std::chrono::milliseconds(static_cast<int>(options.heartbeatSeconds * 1000)))
    {
    }

    Result<> run();

private:
    Result<> handle(const HostLine::Incoming &incoming);
    Result<std::string> finishedReply(const std::string &messageId) const;
    Result<std::string> answer(const std::string &messageId, const Message &message);
    Result<Message> train(const Message &message);
    Result<Message> evaluate(const Message &message);
    /// What training changed at home, made permanent now that the reply is stored.
    Result<> keep(int round);
    /// Returns when the site's schedule lets it work; false when a stop was asked for.
    bool waitForSchedule(int round, SiteState state);
    bool trainingGoesOn(int round, const LocalProgress &step);
    void report(int round, SiteState state, double progress, const std::string &detail);
    void leave();

    const SiteFolder &m_site;
    LocalTrainer &m_trainer;
    const ParticipantOptions &m_options;
    SiteSchedule &m_schedule;
    HostLine m_line;
    Spool m_spool;
    const std::string m_planHash;
    std::unique_ptr<SiteStrategy> m_strategy;
    UpdateResidual m_residual;
    Clock::time_point m_lastReport{};
    std::optional<ProgressReporter> m_reporter; ///< last: its thread uses the members above
};

void Participant::report(int round, SiteState state, double progress, const std::string &detail)
{
    m_reporter->report({round, state, progress, detail, 0, 0});
}

void Participant::leave()
{
    m_reporter.reset(); // a late heartbeat would take the goodbye back
    m_line.goodbye();
}

Result<> Participant::run()
{
    if (auto hello = m_line.hello(); !hello)
        return hello;
    m_line.tell("joined", 0, fmt::format("{} has joined '{}'", m_site.site(), m_site.title()));
    while (true) {
        if (m_options.stopRequested()) {
            leave();
            return m_line.cancelled();
        }
        const auto asked = Clock::now();
        const auto message = m_line.nextMessage();
        if (!message && message.error().code == ErrorCode::Unavailable) {
            // Cut off: after the line is back, hello again, so that what was on its way is sent once more.
            if (!m_line.pause(std::chrono::milliseconds(500)))
                continue;
            if (auto hello = m_line.hello(); !hello && hello.error().code != ErrorCode::Cancelled)
                return hello;
            continue;
        }
        if (!message && message.error().code == ErrorCode::Cancelled)
            continue;
        if (!message)
            return fail(message.error());
        if (*message) {
            const auto handled = handle(**message);
            if (!handled && handled.error().code != ErrorCode::Cancelled)
                return handled;
            continue;
        }
        const auto finished = m_line.studyFinished(m_trainer.trainingCases());
        if (finished && *finished) {
            m_line.tell("finished", 0,
                        fmt::format("The study '{}' is finished; the best model is in {}", m_site.title(),
                                    m_site.bestModel().string()));
            leave();
            return {};
        }
        // A host that answers at once instead of waiting for a message is not asked again at once.
        if (Clock::now() - asked < std::chrono::seconds(1))
            m_line.pause(std::chrono::milliseconds(300));
    }
}

Result<std::string> Participant::finishedReply(const std::string &messageId) const
{
    const auto outbox = readJson(m_site.outbox());
    if (outbox && outbox->value("message", "") == messageId && m_spool.has(outbox->value("reply", "")))
        return outbox->value("reply", "");
    return std::string();
}

Result<> Participant::handle(const HostLine::Incoming &incoming)
{
    const auto messageId = incoming.tree.object_id();
    const bool training = incoming.training;
    const int round = incoming.round;
    const auto moving = [&](SiteState state) {
        return [this, training, round, state](double share) {
            if (training)
                report(round, state, share, {});
        };
    };
    auto reply = finishedReply(messageId);
    if (!reply)
        return fail(reply.error());
    if (auto fetched = m_line.download(incoming.tree, m_spool, moving(SiteState::Downloading)); !fetched)
        return fetched;
    const auto message = decodeMessage(messageId, m_spool);
    if (!message)
        return fail(message.error(), "The host's message");
    if (reply->empty()) {
        if (auto linked =
                m_site.audit("offered", round,
                             {{"message", messageId}, {"kind", message->metadata.type}, {"model", message->arrays}});
            !linked)
            return linked;
        reply = answer(messageId, *message);
    }
    if (!reply)
        return fail(reply.error());
    const auto answered = decodeMessage(*reply, m_spool);
    if (!answered)
        return fail(answered.error());
    if (training) {
        if (auto kept = keep(round); !kept)
            return kept;
    }
    if (auto sent = m_line.upload(messageId, *reply, m_spool, moving(SiteState::Uploading)); !sent)
        return sent;
    // The host's receipt names the same update.
    if (auto linked = m_site.audit("uploaded", round, {{"reply", *reply}, {"update", answered->arrays}}); !linked)
        return linked;
    m_line.tell("uploaded", round,
                training ? fmt::format("Round {}: the update is with the host", round)
                         : fmt::format("Round {}: the metrics are with the host", round));
    // What is kept: the model that came, for it may come again, and the reply until the next one, for a host that lost
    // its power may ask for parts of it.
    std::set<std::string> kept;
    for (const auto &root : {message->arrays, *reply}) {
        const auto below = m_spool.reachable(root);
        if (!root.empty() && below)
            kept.insert(below->begin(), below->end());
    }
    return m_spool.keepOnly(kept);
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
        if (auto linked = m_site.audit("refused", round, {{"message", messageId}, {"reason", out.error}}); !linked)
            return fail(linked.error());
        m_line.tell("error", round, out.error);
    }
    out.config.emplace_back("plan", m_planHash);
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

Result<> Participant::keep(int round)
{
    if (auto kept = m_strategy->keep(round); !kept)
        return kept;
    return m_residual.keep(round);
}

bool Participant::waitForSchedule(int round, SiteState state)
{
    auto last = Clock::time_point{};
    std::string said;
    const auto tell = [&](const std::string &words) {
        m_line.tell("schedule", round,
                    words.empty() ? fmt::format("Round {}: going on", round)
                                  : fmt::format("Round {}: {}", round, words));
        said = words;
    };
    const auto stop = [&] {
        // A site that says when it goes on has not fallen silent.
        if (!said.empty() && Clock::now() - last > waitingReport) {
            last = Clock::now();
            report(round, state, 0, said);
        }
        return m_options.stopRequested();
    };
    return m_schedule.waitUntilAllowed(tell, stop);
}

bool Participant::trainingGoesOn(int round, const LocalProgress &step)
{
    // The last step of a round is always told: its loss is the round's.
    if (step.step == step.steps || Clock::now() - m_lastReport > std::chrono::milliseconds(500)) {
        m_lastReport = Clock::now();
        m_reporter->report({round, SiteState::Training,
                            step.steps > 0 ? static_cast<double>(step.step) / step.steps : 0,
                            fmt::format("epoch {} of {}", step.epoch, step.epochs), step.step, step.loss});
        m_options.onEvent({now(),
                           "progress",
                           m_site.site(),
                           round,
                           fmt::format("Round {}: step {} of {}, loss {:.4f}", round, step.step, step.steps, step.loss),
                           {{"step", step.step}, {"steps", step.steps}, {"loss", step.loss}}});
    }
    return !m_options.stopRequested() && waitForSchedule(round, SiteState::Training);
}

Result<Message> Participant::train(const Message &message)
{
    const auto round = static_cast<int>(message.number("round"));
    if (!waitForSchedule(round, SiteState::Training))
        return m_line.cancelled();
    const auto sent = decodeArrays(message.arrays, m_spool);
    if (!sent)
        return fail(sent.error());
    m_line.tell("training", round, fmt::format("Round {}: training", round));
    report(round, SiteState::Training, 0, "preparing");
    auto trained = m_strategy->fit(m_trainer, *sent, round,
                                   [&](const LocalProgress &step) { return trainingGoesOn(round, step); });
    if (!trained)
        return fail(trained.error());
    const auto residual = m_residual.load(round);
    if (!residual)
        return fail(residual.error());
    auto encoded = encodeUpdate(trained->update, *sent, m_site.plan().federation.updates, &*residual);
    if (!encoded)
        return fail(encoded.error());
    if (auto pending = m_residual.propose(round, encoded->residual); !pending)
        return fail(pending.error());
    Message reply;
    AheadUpload ahead(m_line, m_spool);
    const auto arrays = encodeArrays(encoded->state, m_spool, [&](const std::string &id) { ahead.add(id); });
    if (!arrays)
        return fail(arrays.error());
    reply.arrays = *arrays;
    reply.metrics = {{"num-examples", trained->samples},
                     {"loss", trained->loss},
                     {"steps", std::int64_t{trained->steps}},
                     {"normalised-steps", trained->normalisedSteps}};
    if (trained->score)
        reply.metrics.emplace_back("validation", *trained->score);
    return reply;
}

Result<Message> Participant::evaluate(const Message &message)
{
    const auto round = static_cast<int>(message.number("round"));
    const auto split = message.text("split");
    if (!waitForSchedule(round, SiteState::Validating))
        return m_line.cancelled();
    const auto sent = decodeArrays(message.arrays, m_spool);
    if (!sent)
        return fail(sent.error());
    m_line.tell("validating", round, fmt::format("Round {}: evaluating on the {} cases", round, split));
    report(round, SiteState::Validating, 0, split);
    // Of FedBN the model works with the site's own tensors; a model that is measured for comparison comes as it is.
    const bool own = message.text("model") == "global" || message.text("model") == "best";
    const auto model = own ? m_strategy->localModel(*sent) : sent;
    if (!model)
        return fail(model.error());
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
    const auto personal = own ? m_strategy->personalModel(*sent) : Result<std::optional<ModelState>>(std::nullopt);
    if (!personal)
        return fail(personal.error());
    if (*personal) {
        auto measured = m_trainer.evaluate(**personal, split);
        if (!measured)
            return fail(measured.error());
        for (auto &[name, value] : measured->metrics)
            reply.metrics.emplace_back("personal:" + name, value);
        if (message.text("model") == "best") {
            if (auto kept = writeSafetensors(m_site.personalModel(), **personal); !kept)
                return fail(kept.error());
        }
    }
    return reply;
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
    const auto schedule = SiteSchedule::open(site.folder());
    if (!schedule)
        return fail(schedule.error());
    removeHalfWritten(
        std::array{site.folder(), site.spool(), site.bestModel().parent_path(), site.folder() / "residual"});
    return Participant(site, trainer, options, **client, **schedule).run();
}

} // namespace consilium::federation
