// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/light_site.h"

#include "core/hash.h"
#include "core/json.h"
#include "federation/host_line.h"
#include "federation/npy.h"
#include "federation/spool_arrays.h"

#include <algorithm>
#include <array>
#include <cstring>
#include <random>
#include <thread>

namespace consilium::federation {

namespace {

constexpr std::uint64_t runId = 1;
constexpr std::size_t saltBytes = 64; ///< of every chunk that are the site's and the round's own

std::string_view viewOf(const grpc::Slice &slice)
{
    return {reinterpret_cast<const char *>(slice.begin()), slice.size()};
}

std::string idOf(std::span<const grpc::Slice> pieces)
{
    Sha256 hash;
    for (const auto &piece : pieces)
        hash.add(viewOf(piece));
    return hash.hex();
}

class LightSite
{
public:
    LightSite(const SiteFolder &site, FleetClient &client, SiteSchedule &schedule, const ParticipantOptions &options,
              const std::vector<float> &values)
        : m_site(site), m_client(client), m_options(options), m_line(client, site, schedule, options), m_values(values),
          m_spool(site.spool())
    {
    }

    /// Works out the ids of what it will send in rounds 1 to `rounds`.
    void prepare(const std::vector<TensorInfo> &tensors, int rounds)
    {
        for (int round = 1; round <= rounds; ++round) {
            std::size_t place = 0;
            for (const auto &info : tensors)
                forEachChunk(info, round, place, [&](const Pieces &pieces) {
                    m_prepared[{round, place}] = idOf(pieces);
                });
        }
    }

    Result<> run()
    {
        if (auto hello = m_line.hello(); !hello)
            return hello;
        while (!m_options.stopRequested()) {
            const auto message = m_line.nextMessage();
            if (!message && message.error().code == ErrorCode::Cancelled)
                break;
            if (!message && message.error().code != ErrorCode::Unavailable)
                return fail(message.error());
            if (!message) {
                if (auto hello = m_line.hello(); !hello)
                    return hello;
            } else if (*message) {
                if (auto handled = handle(**message); !handled)
                    return handled;
            } else if (const auto finished = m_line.studyFinished(1); finished && *finished) {
                break;
            }
        }
        m_line.goodbye();
        return {};
    }

private:
    Result<> handle(const HostLine::Incoming &incoming)
    {
        m_round = incoming.round;
        if (auto fetched = fetch(incoming.tree, false); !fetched)
            return fetched;
        const auto message = decodeMessage(incoming.tree.object_id(), m_spool);
        if (!message)
            return fail(message.error());
        Message reply;
        reply.metadata = {runId,
                          message->metadata.destination,
                          message->metadata.source,
                          incoming.tree.object_id(),
                          message->metadata.group,
                          message->metadata.type,
                          message->metadata.ttl,
                          message->metadata.created};
        reply.config = {{"plan", m_site.plan().hash()}};
        if (incoming.training) {
            const auto arrays = makeArrays(message->arrays, incoming.round);
            if (!arrays)
                return fail(arrays.error());
            reply.arrays = *arrays;
            reply.metrics = {{"num-examples", std::int64_t{1}}, {"loss", 0.5}, {"steps", std::int64_t{1}}};
        } else {
            reply.metrics = {{"num-examples", std::int64_t{1}}, {"dice", 0.5}};
        }
        const auto id = encodeMessage(reply, m_spool);
        if (!id)
            return fail(id.error());
        if (auto sent = send(incoming.tree.object_id(), *id, reply); !sent)
            return sent;
        m_chunks.clear();
        return m_spool.keepOnly({});
    }

    /// Small objects are kept on disk; the chunks are only checked.
    Result<> fetch(const flwr::proto::ObjectTree &tree, bool array)
    {
        const bool chunk = array && tree.children().empty();
        if (!m_spool.has(tree.object_id())) {
            const auto pieces = m_client.pull(1, runId, tree.object_id());
            if (!pieces)
                return fail(pieces.error());
            std::vector<std::string_view> views;
            for (const auto &piece : *pieces)
                views.push_back(viewOf(piece));
            if (!chunk) {
                if (auto stored = m_spool.put(tree.object_id(), views); !stored)
                    return stored;
            } else if ((m_round <= 1 || m_fetched++ % 8 == 0) && idOf(*pieces) != tree.object_id()) {
                return fail(ErrorCode::Malformed, "An object of the host does not match its id");
            }
        }
        const auto object = chunk ? Result<FleetObject>(FleetObject{}) : m_spool.object(tree.object_id());
        if (!object)
            return fail(object.error());
        for (const auto &child : tree.children()) {
            if (auto fetched = fetch(child, object->type == "Array"); !fetched)
                return fetched;
        }
        return {};
    }

    /// Arrays of the shapes that came, whose chunks stay in memory.
    Result<std::string> makeArrays(const std::string &sent, int round)
    {
        const auto object = m_spool.object(sent);
        if (!object)
            return fail(object.error());
        FleetObject record{"ArrayRecord", {}, {}};
        const auto names = OrderedJson::parse(object->body, nullptr, false);
        if (!names.is_object())
            return fail(ErrorCode::Malformed, "The host's model has no names");
        std::string body = "{";
        std::size_t place = 0;
        for (const auto &[name, id] : names.items()) {
            const auto array = m_spool.object(id.get<std::string>());
            if (!array)
                return fail(array.error());
            const auto description = Json::parse(array->body, nullptr, false);
            if (!description.is_object())
                return fail(ErrorCode::Malformed, "An array of the host's model is not described");
            const TensorInfo info{name, DType::F32, description.at("shape").get<std::vector<std::int64_t>>()};
            const auto made = makeArray(info, array->body, round, place);
            if (!made)
                return fail(made.error());
            record.children.push_back(*made);
            body += (body.size() > 1 ? ", " : "") + OrderedJson(name).dump() + ": \"" + *made + "\"";
        }
        record.body = body + "}";
        return m_spool.put(record);
    }

    Result<std::string> makeArray(const TensorInfo &info, const std::string &description, int round, std::size_t &place)
    {
        FleetObject array{"Array", {}, description}; // of the same shape, so in as many chunks
        forEachChunk(info, round, place, [&](const Pieces &pieces) {
            auto id = prepared(round, place);
            if (id.empty())
                id = idOf(pieces);
            m_chunks[id] = {pieces.begin(), pieces.end()};
            array.children.push_back(id);
        });
        return m_spool.put(array);
    }

    using Pieces = std::array<grpc::Slice, 2>;
    template <typename Work>
    void forEachChunk(const TensorInfo &info, int round, std::size_t &place, Work &&work) const
    {
        const auto header = npyHeader(info);
        const std::size_t total = header.size() + info.bytes();
        const auto *values = reinterpret_cast<const char *>(m_values.data());
        for (std::size_t begin = 0; begin < total; begin += chunkSize, ++place) {
            const auto end = std::min(begin + chunkSize, total);
            const auto inHeader = begin == 0 ? header.size() : 0;
            const auto length = end - begin - inHeader;
            const auto salted = std::min(saltBytes, length);
            std::string head = FleetObject::header("ArrayChunk", {}, end - begin) + (begin == 0 ? header : "");
            head += salt(round, place).substr(0, salted);
            // Cut out of the shared values, from a place of its own in a ring.
            const auto from = place * 1021 * sizeof(float) % (m_values.size() * sizeof(float) - length + salted);
            work(Pieces{grpc::Slice(head), grpc::Slice(values + from, length - salted, grpc::Slice::STATIC_SLICE)});
        }
    }

    /// The id that was worked out before joining; empty: none was.
    std::string prepared(int round, std::size_t place) const
    {
        const auto known = m_prepared.find({round, place});
        return known == m_prepared.end() ? std::string() : known->second;
    }

    std::string salt(int round, std::size_t place) const
    {
        std::mt19937_64 random(derivedSeed(static_cast<std::uint64_t>(round), m_site.site(), place));
        std::normal_distribution<float> normal;
        std::array<float, saltBytes / sizeof(float)> values{};
        for (auto &value : values)
            value = normal(random);
        return std::string(reinterpret_cast<const char *>(values.data()), sizeof values);
    }

    Result<> send(const std::string &messageId, const std::string &replyId, const Message &reply)
    {
        flwr::proto::PushMessagesRequest announce;
        flwr::proto::PushMessagesResponse wanted;
        auto *metadata = announce.add_messages_list()->mutable_metadata();
        reply.metadata.toProto(*metadata);
        metadata->set_message_id(replyId);
        metadata->set_reply_to_message_id(messageId);
        if (auto filled = fillObjectTree(replyId, m_spool, *announce.add_message_object_trees()); !filled)
            return filled;
        if (auto announced = m_client.call(m_client.fleet(), &flwr::proto::Fleet::Stub::PushMessages, announce, wanted,
                                           std::chrono::seconds(120));
            !announced)
            return announced;
        for (const auto &id : wanted.objects_to_push()) {
            std::vector<grpc::Slice> pieces;
            if (const auto chunk = m_chunks.find(id); chunk != m_chunks.end()) {
                pieces = chunk->second;
            } else {
                const auto bytes = m_spool.get(id);
                if (!bytes)
                    return fail(bytes.error());
                pieces.emplace_back(*bytes);
            }
            if (auto pushed = m_client.push(1, runId, id, pieces); !pushed)
                return pushed;
        }
        return {};
    }

    const SiteFolder &m_site;
    FleetClient &m_client;
    const ParticipantOptions &m_options;
    HostLine m_line;
    const std::vector<float> &m_values;
    Spool m_spool;
    std::map<std::string, std::vector<grpc::Slice>> m_chunks;
    std::map<std::pair<int, std::size_t>, std::string> m_prepared; ///< ids of chunks, by round and place
    int m_round = 0;
    std::size_t m_fetched = 0;
};

} // namespace

LightSites::LightSites(std::vector<TensorInfo> model, int rounds, std::uint64_t seed)
    : m_tensors(std::move(model)), m_rounds(rounds)
{
    std::size_t bytes = 0;
    for (const auto &info : m_tensors)
        bytes += info.bytes();
    m_values.resize(std::max<std::size_t>(bytes / sizeof(float), 2 * chunkSize));
    std::mt19937_64 random(seed);
    std::normal_distribution<float> normal(0, 0.05F);
    for (auto &value : m_values)
        value = normal(random);
}

Result<> LightSites::run(const SiteFolder &site, const std::function<void()> &ready,
                         const std::function<bool()> &stopRequested) const
{
    const auto client = FleetClient::connect(site);
    const auto schedule = SiteSchedule::open(site.folder());
    if (!client || !schedule)
        return fail(client ? schedule.error() : client.error());
    ParticipantOptions options;
    options.stopRequested = stopRequested;
    LightSite light(site, **client, **schedule, options, m_values);
    light.prepare(m_tensors, m_rounds);
    ready();
    return light.run();
}

} // namespace consilium::federation
