// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/superlink.h"

#include "core/file.h"
#include "core/json.h"
#include "core/platform.h"
#include "core/safetensors.h"
#include "federation/flower_model.h"
#include "federation/node_key.h"
#include "federation/superlink_node.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <limits>

namespace consilium::federation {

namespace {

namespace fs = std::filesystem;
using Clock = std::chrono::steady_clock;

double secondsNow()
{
    return std::chrono::duration<double>(now().time_since_epoch()).count();
}

/// A float of the message's ConfigRecord, which Python may have written as an integer.
double real(const Message &message, std::string_view key)
{
    for (const auto &[name, value] : message.config) {
        if (name == key && std::holds_alternative<double>(value))
            return std::get<double>(value);
    }
    return static_cast<double>(message.number(key));
}

int roundOf(const Message &message)
{
    int round = 0;
    const auto &group = message.metadata.group;
    std::from_chars(group.data(), group.data() + group.size(), round);
    return std::max(1, static_cast<int>(std::clamp<std::int64_t>(message.number("server-round", round), 0, 1'000'000)));
}

bool isFinite(const ModelState &model)
{
    return std::all_of(model.tensors.begin(), model.tensors.end(), [](const Tensor &tensor) {
        return tensor.info.dtype != DType::F32 || std::all_of(tensor.floats().begin(), tensor.floats().end(),
                                                              [](float value) { return std::isfinite(value); });
    });
}

class Worker
{
public:
    Worker(const SuperLinkOptions &options, LocalTrainer &trainer, FleetClient &client)
        : m_options(options), m_trainer(trainer), m_endpoint(client.endpoint()), m_spool(options.folder / "spool"),
          m_node(client, m_spool, options)
    {
    }

    Result<> run();

private:
    Result<> loop();
    Result<> handle(HeldMessage message);
    Result<> work(HeldMessage &message);
    Result<std::string> answer(const HeldMessage &held, const Message &message, int round);
    Result<Message> train(const Message &message, int round);
    Result<Message> evaluate(const Message &message, int round);
    Result<ModelState> modelOf(const Message &message) const;
    Result<> keepModel(const char *name, ModelState model, int round) const;

    fs::path heldFile() const { return m_options.folder / "message.json"; }
    Result<> hold(const HeldMessage &message) const;
    std::optional<HeldMessage> held() const;
    void letGo();

    const SuperLinkOptions &m_options;
    LocalTrainer &m_trainer;
    const std::string m_endpoint;
    Spool m_spool;
    SuperLinkNode m_node;
    std::set<std::string> m_lastArrays; ///< objects of the newest model: the next message often carries it again
    std::uint64_t m_run = 0;            ///< the run that asked last, until it has ended
};

Result<> Worker::hold(const HeldMessage &message) const
{
    return writeJson(heldFile(), {{"endpoint", m_endpoint},
                                  {"plan", m_options.planHash},
                                  {"node", m_node.id()},
                                  {"message", message.id},
                                  {"run", message.run},
                                  {"reply", message.reply}});
}

std::optional<HeldMessage> Worker::held() const
{
    const auto json = readJson(heldFile());
    try {
        if (!json || json->at("endpoint") != m_endpoint || json->at("plan") != m_options.planHash ||
            json->at("node") != m_node.id())
            return std::nullopt;
        return HeldMessage{json->at("message"), json->at("run"), json->at("reply")};
    } catch (const Json::exception &) {
        return std::nullopt; // written by something else: the work is lost, nothing worse
    }
}

void Worker::letGo()
{
    std::error_code ignored;
    fs::remove(heldFile(), ignored);
    fs::remove_all(m_options.folder / "checkpoint", ignored);
}

Result<> Worker::run()
{
    if (auto hello = m_node.hello(); !hello)
        return hello;
    m_node.tell("joined", 0, fmt::format("{} is a node of the SuperLink {}", m_options.site, m_endpoint),
                {{"node", std::to_string(m_node.id())}});
    const auto done = loop();
    // With work in hand the node stays silent instead: a SuperLink gives up at once on one that says goodbye, and waits
    // a while for one that may be back.
    if (!held())
        m_node.goodbye();
    return done;
}

Result<> Worker::loop()
{
    if (const auto left = held()) {
        m_node.tell("resumed", 0, "Going on with the message that was begun before");
        if (auto handled = handle(*left); !handled)
            return handled;
    } else {
        letGo();
    }
    auto lastAsked = Clock::now();
    bool forgotten = false;
    int stumbles = 0;
    while (!m_options.stopRequested()) {
        const auto message = m_node.nextMessage();
        if (!message && message.error().code == ErrorCode::Cancelled)
            return fail(message.error());
        // Out of reach, or started anew without its memory: hello again, which waits and registers as needed. One that
        // does not know the node straight after that never will.
        const bool refused = !message && message.error().code == ErrorCode::Refused;
        if (!message && (message.error().code == ErrorCode::Unavailable || (refused && !forgotten))) {
            forgotten = refused;
            if (!m_node.pause(std::chrono::milliseconds(500)))
                break;
            if (auto hello = m_node.hello(); !hello)
                return hello;
            continue;
        }
        if (!message && message.error().code == ErrorCode::Invalid && stumbles++ < 5) {
            m_node.tell("warning", 0, message.error().line());
            m_node.pause(std::chrono::seconds(2));
            continue;
        }
        if (!message)
            return fail(message.error());
        forgotten = false;
        stumbles = 0;
        if (*message) {
            letGo();
            if (auto kept = hold(**message); !kept)
                return kept;
            if (auto handled = handle(**message); !handled)
                return handled;
            continue;
        }
        if (m_run != 0 && Clock::now() - lastAsked > std::chrono::seconds(3)) {
            lastAsked = Clock::now();
            if (m_node.hasEnded(m_run)) {
                m_run = 0;
                m_node.tell("finished", 0,
                            m_options.oneRun ? "The run has ended" : "The run has ended; waiting for another");
                if (m_options.oneRun)
                    return {};
            }
        }
        m_node.pause(m_options.pollInterval);
    }
    return m_node.cancelled();
}

Result<> Worker::handle(HeldMessage message)
{
    m_run = message.run;
    const auto done = work(message);
    if (!done && (done.error().code == ErrorCode::Cancelled || done.error().code == ErrorCode::Io))
        return done;
    if (!done)
        m_node.tell("warning", 0, "A message of the SuperLink was given up: " + done.error().message);
    letGo();
    return m_spool.keepOnly(m_lastArrays);
}

Result<> Worker::work(HeldMessage &held)
{
    if (held.reply.empty() || !m_spool.has(held.reply)) {
        if (auto fetched = m_node.fetch(held); !fetched)
            return fetched;
    }
    const auto message = decodeMessage(held.id, m_spool);
    if (!message)
        return fail(message.error(), "The SuperLink's message");
    const auto &asked = message->metadata;
    if (asked.created + asked.ttl <= secondsNow())
        return fail(ErrorCode::NotFound, "it has expired");
    const int round = roundOf(*message);
    if (held.reply.empty() || !m_spool.has(held.reply)) {
        auto reply = answer(held, *message, round);
        if (!reply)
            return fail(reply.error());
        held.reply = std::move(*reply);
        if (auto kept = hold(held); !kept)
            return kept;
    }
    if (auto sent = m_node.send(held); !sent)
        return sent;
    const auto reply = decodeMessage(held.reply, m_spool);
    auto details = Json::object();
    if (const auto examples = reply ? reply->metric("num-examples") : std::nullopt)
        details["examples"] = std::get<std::int64_t>(*examples);
    m_node.tell("uploaded", round, fmt::format("Round {}: the answer is with the SuperLink", round),
                std::move(details));
    if (!message->arrays.empty()) {
        if (auto below = m_spool.reachable(message->arrays))
            m_lastArrays = std::move(*below);
    }
    return {};
}

Result<std::string> Worker::answer(const HeldMessage &held, const Message &message, int round)
{
    const auto &asked = message.metadata;
    // "train" and "train.default" are one to Flower: its apps name further kinds of training by other suffixes.
    const auto is = [&](const std::string &type) { return asked.type == type || asked.type == type + ".default"; };
    Result<Message> reply;
    if (is("train"))
        reply = train(message, round);
    else if (is("evaluate"))
        reply = evaluate(message, round);
    else
        reply = fail(ErrorCode::Unsupported, "This node does not know messages of type '{}'", asked.type);
    if (!reply && (reply.error().code == ErrorCode::Cancelled || reply.error().code == ErrorCode::Io))
        return fail(reply.error());
    Message out = reply ? std::move(*reply) : Message{};
    if (!reply) {
        out.error = reply.error().line();
        m_node.tell("error", round, out.error);
    }
    const double time = secondsNow();
    // A reply must not outlive its question.
    out.metadata = {asked.runId,
                    asked.destination,
                    asked.source,
                    held.id,
                    asked.group,
                    asked.type,
                    asked.ttl - (time - asked.created),
                    time};
    return encodeMessage(out, m_spool);
}

Result<ModelState> Worker::modelOf(const Message &message) const
{
    if (message.arrays.empty())
        return fail(ErrorCode::Invalid, "The message has no ArrayRecord: the ServerApp sent no model");
    auto received = decodeArrays(message.arrays, m_spool);
    if (!received)
        return received;
    auto model = toNetwork(std::move(*received), m_options.network);
    if (!model)
        return fail(std::move(model.error())
                        .withHint("Start the ServerApp with the model that 'consilium-node initial-model' makes of "
                                  "this plan"));
    return model;
}

Result<> Worker::keepModel(const char *name, ModelState model, int round) const
{
    model.metadata = {{"plan", m_options.planHash}, {"round", std::to_string(round)}};
    return writeSafetensors(m_options.folder / "models" / name, model);
}

Result<Message> Worker::train(const Message &message, int round)
{
    const auto model = modelOf(message);
    if (!model)
        return fail(model.error());
    m_node.tell("training", round, fmt::format("Round {}: training", round));
    auto lastTold = Clock::time_point{};
    const auto progress = [&](const LocalProgress &step) {
        if (step.step == step.steps || Clock::now() - lastTold > std::chrono::milliseconds(500)) {
            lastTold = Clock::now();
            m_options.onEvent(
                {now(),
                 "progress",
                 m_options.site,
                 round,
                 fmt::format("Round {}: step {} of {}, loss {:.4f}", round, step.step, step.steps, step.loss),
                 {{"step", step.step}, {"steps", step.steps}, {"loss", step.loss}}});
        }
        return !m_options.stopRequested();
    };
    LocalFit fit{.start = *model, .round = round, .purpose = {}, .progress = progress};
    fit.proximal = real(message, "proximal-mu");
    auto update = m_trainer.fit(fit);
    if (!update)
        return fail(update.error());
    if (!isFinite(update->model))
        return fail(ErrorCode::Invalid, "The training of round {} ended in values that are no numbers", round);
    Message reply;
    const auto arrays = encodeArrays(update->model, m_spool);
    if (!arrays)
        return fail(arrays.error());
    reply.arrays = *arrays;
    reply.metrics = {{"num-examples", update->samples}, {"loss", update->loss}};
    if (auto kept = keepModel("local.safetensors", std::move(update->model), round); !kept)
        return fail(kept.error());
    return reply;
}

Result<Message> Worker::evaluate(const Message &message, int round)
{
    auto model = modelOf(message);
    if (!model)
        return fail(model.error());
    const auto wanted = message.text("split");
    const std::string split = wanted.empty() ? "validation" : wanted;
    m_node.tell("validating", round, fmt::format("Round {}: evaluating on the {} cases", round, split));
    const auto evaluation = m_trainer.evaluate(*model, split);
    if (!evaluation)
        return fail(evaluation.error());
    if (evaluation->cases == 0)
        return fail(ErrorCode::Invalid, "This site has no {} case", split);
    Message reply;
    reply.metrics = {{"num-examples", evaluation->cases}};
    for (const auto &name : m_options.metrics) {
        const auto found = std::find_if(evaluation->metrics.begin(), evaluation->metrics.end(),
                                        [&](const auto &metric) { return metric.first == name; });
        reply.metrics.emplace_back(name, found != evaluation->metrics.end()
                                             ? found->second
                                             : MetricValue(std::numeric_limits<double>::quiet_NaN()));
    }
    if (auto kept = keepModel("global.safetensors", std::move(*model), round); !kept)
        return fail(kept.error());
    return reply;
}

Result<> checkEndpoint(const std::string &endpoint)
{
    const auto colon = endpoint.rfind(':');
    int port = 0;
    const auto *end = endpoint.data() + endpoint.size();
    if (colon != std::string::npos && colon > 0) {
        const auto parsed = std::from_chars(endpoint.data() + colon + 1, end, port);
        if (parsed.ec == std::errc() && parsed.ptr == end && port > 0 && port < 65536)
            return {};
    }
    return fail(ErrorCode::Invalid, "'{}' is no HOST:PORT, as in superlink.example.org:9092", endpoint);
}

Result<std::string> readAuthority(const SuperLinkOptions &options)
{
    auto authority = readFile(options.authority);
    if (!authority)
        return fail(authority.error(), "The SuperLink's CA");
    if (authority->find("-----BEGIN CERTIFICATE-----") == std::string::npos)
        return fail(ErrorCode::Malformed, "{} is not a certificate in PEM", options.authority.string());
    return authority;
}

} // namespace

Result<> checkSuperLink(const SuperLinkOptions &options)
{
    if (auto checked = checkEndpoint(options.endpoint); !checked)
        return checked;
    const auto authority = readAuthority(options);
    return authority ? Result<>() : fail(authority.error());
}

Result<> participateInSuperLink(const SuperLinkOptions &options, LocalTrainer &trainer)
{
    if (auto checked = checkEndpoint(options.endpoint); !checked)
        return checked;
    const auto authority = readAuthority(options);
    if (!authority)
        return fail(authority.error());
    std::error_code error;
    fs::create_directories(options.folder, error);
    if (error)
        return fail(ErrorCode::Io, "The folder {} could not be made: {}", options.folder.string(), error.message());
    const auto lock = platform::FileLock::take(options.folder / "join.lock");
    if (!lock)
        return failWithHint(ErrorCode::Busy, "Stop the other one first, or give this one a folder of its own",
                            "Another node uses the folder {}", options.folder.string());
    auto key = openNodeKey(options.folder);
    if (!key)
        return fail(key.error());
    const auto client = FleetClient::connect(std::move(*key), options.endpoint, *authority);
    return Worker(options, trainer, *client).run();
}

} // namespace consilium::federation
