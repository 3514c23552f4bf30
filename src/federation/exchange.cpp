// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/exchange.h"

#include "core/file.h"
#include "core/hash.h"
#include "core/headline_metric.h"
#include "core/log.h"
#include "federation/next_model.h"
#include "federation/tensor_readers.h"

#include "flwr/proto/message.pb.h"

#include <fstream>

namespace consilium::federation {

namespace {

constexpr auto lostAfter = std::chrono::seconds(10);

std::string fileHash(const std::filesystem::path &file)
{
    Sha256 hash;
    std::ifstream in(file, std::ios::binary);
    std::vector<char> piece(1 << 20);
    while (in.read(piece.data(), static_cast<std::streamsize>(piece.size())) || in.gcount() > 0)
        hash.add(std::string_view(piece.data(), static_cast<std::size_t>(in.gcount())));
    return hash.hex();
}

std::string casesInWords(std::int64_t count)
{
    return fmt::format("{} {}", count, count == 1 ? "case" : "cases");
}

} // namespace

Exchange::Exchange(storage::StudyStore &store, std::function<void(const Event &)> onEvent)
    : m_store(store), m_spool(store.paths().spool()), m_onEvent(std::move(onEvent))
{
}

void Exchange::tell(Event event)
{
    spdlog::info("{}", event.text);
    if (auto written = m_store.addEvent(event); !written)
        spdlog::error("{}", written.error().line());
    if (m_onEvent)
        m_onEvent(event);
}

void Exchange::noteContact(const std::string &site, bool activity, std::int64_t received, std::int64_t sent)
{
    const std::lock_guard lock(m_mutex);
    auto &traffic = m_traffic[site];
    traffic.seen = true;
    traffic.left = false;
    traffic.lastContact = Clock::now();
    if (activity)
        traffic.lastActivity = traffic.lastContact;
    traffic.received += received;
    traffic.sent += sent;
    if (activity || !traffic.online) {
        ++m_newsCount;
        m_news.notify_all();
    }
}

Result<> Exchange::activate(const std::string &site)
{
    const auto open = m_store.openMessages(site);
    if (!open)
        return fail(open.error());
    // A site that says hello may have lost what it fetched before.
    for (const auto &message : *open) {
        if (message.delivered) {
            if (auto reset = m_store.setDelivered(message.id, false); !reset)
                return reset;
        }
    }
    noteContact(site, true);
    return flush();
}

void Exchange::heartbeat(const std::string &site)
{
    noteContact(site, false);
}

void Exchange::deactivate(const std::string &site)
{
    {
        const std::lock_guard lock(m_mutex);
        auto &traffic = m_traffic[site];
        traffic.lastContact = Clock::time_point{};
        traffic.left = true;
        ++m_newsCount;
        m_news.notify_all();
    }
    if (auto flushed = flush(); !flushed)
        spdlog::error("{}", flushed.error().line());
}

Result<std::optional<storage::MessageRow>> Exchange::nextMessage(const std::string &site)
{
    const auto open = m_store.openMessages(site);
    if (!open)
        return fail(open.error());
    for (const auto &message : *open) {
        if (message.delivered)
            continue;
        if (auto marked = m_store.setDelivered(message.id, true); !marked)
            return fail(marked.error());
        noteContact(site, true);
        return message;
    }
    noteContact(site, false);
    return std::nullopt;
}

Result<std::string> Exchange::fetchObject(const std::string &site, const std::string &id)
{
    auto bytes = m_spool.get(id);
    if (bytes)
        noteContact(site, true, 0, static_cast<std::int64_t>(bytes->size()));
    return bytes;
}

Result<std::vector<std::string>> Exchange::announceReply(const std::string &site, const std::string &replyId,
                                                         const std::string &messageId,
                                                         const flwr::proto::ObjectTree &tree)
{
    const auto message = m_store.message(messageId);
    if (!message)
        return fail(message.error());
    if (!*message || (*message)->site != site)
        return fail(ErrorCode::Refused, "The reply answers no message that was sent to site '{}'", site);
    noteContact(site, true);
    if ((*message)->reply) // answered before, or the round closed without it: nothing more is wanted
        return std::vector<std::string>{};
    if (!isObjectId(replyId) || tree.object_id() != replyId)
        return fail(ErrorCode::Malformed, "The reply's tree does not begin with the reply");
    auto missing = missingObjects(tree, m_spool);
    const Pending pending{site, messageId, {missing.begin(), missing.end()}};
    if (missing.empty()) {
        if (auto accepted = accept(replyId, pending); !accepted)
            return fail(accepted.error());
        return missing;
    }
    const std::lock_guard lock(m_mutex);
    m_pending[replyId] = pending;
    return missing;
}

Result<> Exchange::storeObject(const std::string &site, const std::string &id, std::string_view bytes)
{
    bool wanted = false;
    {
        const std::lock_guard lock(m_mutex);
        for (const auto &[reply, pending] : m_pending)
            wanted = wanted || (pending.site == site && pending.missing.contains(id));
    }
    if (!wanted && !m_spool.has(id))
        return failWithHint(ErrorCode::NotFound, "Announce the reply again",
                            "The object {} belongs to no announced reply", id.substr(0, 64));
    if (auto stored = m_spool.put(id, bytes); !stored)
        return stored;
    noteContact(site, true, static_cast<std::int64_t>(bytes.size()));
    std::vector<std::pair<std::string, Pending>> whole;
    {
        const std::lock_guard lock(m_mutex);
        for (auto it = m_pending.begin(); it != m_pending.end();) {
            it->second.missing.erase(id);
            if (it->second.missing.empty()) {
                whole.emplace_back(it->first, std::move(it->second));
                it = m_pending.erase(it);
            } else {
                ++it;
            }
        }
    }
    for (const auto &[reply, pending] : whole) {
        if (auto accepted = accept(reply, pending); !accepted)
            return accepted;
    }
    return {};
}

Result<> Exchange::accept(const std::string &replyId, const Pending &pending)
{
    const auto row = m_store.message(pending.messageId);
    if (!row)
        return fail(row.error());
    if (!*row || (*row)->reply)
        return {};
    const auto reply = decodeMessage(replyId, m_spool);
    Result<> done;
    if (!reply)
        done = refuseUpdate(**row, replyId, reply.error().message);
    else if (reply->metadata.replyTo != pending.messageId)
        done = refuseUpdate(**row, replyId, "its reply answers another message");
    else if (!reply->error.empty())
        done = refuseUpdate(**row, replyId, reply->error);
    else
        done =
            (*row)->kind == "train" ? acceptTraining(**row, replyId, *reply) : acceptEvaluation(**row, replyId, *reply);
    const std::lock_guard lock(m_mutex);
    ++m_newsCount;
    m_news.notify_all();
    return done;
}

Result<> Exchange::refuseUpdate(const storage::MessageRow &row, const std::string &replyId, const std::string &reason)
{
    if (auto accepted = m_store.acceptReply(row.id, replyId, std::nullopt, {}); !accepted)
        return fail(accepted.error());
    if (row.kind == "train") {
        if (auto set = m_store.setSiteRound(row.round, row.site, SiteState::NotCounted, 1, reason); !set)
            return set;
    }
    tell({now(), "warning", row.site, row.round,
          row.kind == "train"
              ? fmt::format("Round {}: the update of {} is not counted: {}", row.round, row.site, reason)
              : fmt::format("Round {}: {} could not evaluate the model: {}", row.round, row.site, reason)});
    return {};
}

Result<> Exchange::acceptTraining(const storage::MessageRow &row, const std::string &replyId, const Message &reply)
{
    const auto samples = reply.metric("num-examples");
    const auto count = samples && std::holds_alternative<std::int64_t>(*samples) ? std::get<std::int64_t>(*samples) : 0;
    if (reply.arrays.empty() || count <= 0 || count > 100'000'000)
        return refuseUpdate(row, replyId, "it carries no model or no number of samples");
    storage::UpdateRow update;
    update.round = row.round;
    update.site = row.site;
    update.reply = replyId;
    update.file = fmt::format("spool/update-{:04}-{}.safetensors", row.round, row.site);
    update.samples = static_cast<int>(count);
    update.received = now();
    const auto file = m_store.paths().folder / update.file;
    if (auto written = decodeArrays(reply.arrays, m_spool, file); !written)
        return written.error().code == ErrorCode::Io ? written : refuseUpdate(row, replyId, written.error().message);
    const auto good = readerOf(file).and_then(
        [&](const auto &answer) { return checkAnswer(m_store.manifest().plan, m_store.paths(), row.round, answer); });
    if (!good) {
        std::error_code ignored;
        std::filesystem::remove(file, ignored);
        return good.error().code == ErrorCode::Io ? fail(good.error())
                                                  : refuseUpdate(row, replyId, good.error().message);
    }
    update.sha256 = fileHash(file);
    const auto accepted = m_store.acceptReply(row.id, replyId, update, {});
    if (!accepted)
        return fail(accepted.error());
    if (!*accepted)
        return {};
    if (auto set = m_store.setTrainingCases(row.site, update.samples); !set)
        return set;
    if (auto set = m_store.setSiteRound(row.round, row.site, SiteState::Counted, 1, {}); !set)
        return set;
    tell({now(),
          "site-state",
          row.site,
          row.round,
          fmt::format("Round {}: the update of {} is counted ({})", row.round, row.site, casesInWords(count)),
          {{"state", name(SiteState::Counted)}}});
    return {};
}

Result<> Exchange::acceptEvaluation(const storage::MessageRow &row, const std::string &replyId, const Message &reply)
{
    std::vector<storage::MetricRow> rows;
    const auto support = reply.metric("num-examples");
    const int cases = support && std::holds_alternative<std::int64_t>(*support)
                          ? static_cast<int>(std::get<std::int64_t>(*support))
                          : 0;
    const auto round = row.content.value("metricRound", row.round);
    const auto model = row.content.value("model", std::string("global"));
    const auto split = row.content.value("split", std::string("validation"));
    for (const auto &[key, value] : reply.metrics) {
        if (std::holds_alternative<double>(value))
            rows.push_back({round, row.site, model, split, key, 0, std::get<double>(value), cases});
    }
    const auto accepted = m_store.acceptReply(row.id, replyId, std::nullopt, rows);
    if (!accepted)
        return fail(accepted.error());
    for (const auto &metric : rows) {
        if (*accepted && isHeadline(metric.name))
            tell({now(),
                  "metric",
                  row.site,
                  row.round,
                  fmt::format("Round {}: {} {} of the {} model at {} is {:.3f} ({})", round, split,
                              headlineWords(metric.name), model, row.site, metric.value, casesInWords(cases)),
                  {{"model", model},
                   {"split", split},
                   {"name", metric.name},
                   {"value", metric.value},
                   {"support", cases}}});
    }
    return {};
}

Result<> Exchange::report(const std::string &site, int round, SiteState state, double progress,
                          const std::string &detail, int step, double loss)
{
    noteContact(site, true);
    const auto before = m_store.reportSiteRound(round, site, state, progress, detail);
    if (!before)
        return fail(before.error());
    if (m_onEvent && *before && (**before != state || step > 0))
        m_onEvent({now(),
                   "site-state",
                   site,
                   round,
                   fmt::format("{}: {}{}{}", site, name(state), detail.empty() ? "" : ", ", detail),
                   {{"state", name(state)}, {"progress", progress}, {"step", step}, {"loss", loss}}});
    if (step > 0)
        return m_store.addMetrics({{round, site, "local", "training", "loss", step, loss, 0}});
    return {};
}

Exchange::SiteContact Exchange::contact(const std::string &site)
{
    const std::lock_guard lock(m_mutex);
    const auto &traffic = m_traffic[site];
    return {traffic.seen && Clock::now() - traffic.lastContact < lostAfter, traffic.lastContact, traffic.lastActivity};
}

void Exchange::restartActivity()
{
    const std::lock_guard lock(m_mutex);
    for (auto &[site, traffic] : m_traffic) {
        if (traffic.seen && Clock::now() - traffic.lastContact < lostAfter)
            traffic.lastActivity = Clock::now();
    }
}

Result<> Exchange::flush()
{
    struct Change
    {
        std::string site;
        bool online, was, seenNow, lostBefore, left;
        std::int64_t received, sent;
    };
    std::vector<Change> changes;
    {
        const std::lock_guard lock(m_mutex);
        for (auto &[site, traffic] : m_traffic) {
            const bool online = traffic.seen && Clock::now() - traffic.lastContact < lostAfter;
            const bool seenNow = online && Clock::now() - traffic.lastContact < std::chrono::milliseconds(1500);
            changes.push_back({site, online, traffic.online, seenNow, traffic.wasLost, traffic.left,
                               std::exchange(traffic.received, 0), std::exchange(traffic.sent, 0)});
            if (traffic.online && !online)
                traffic.wasLost = !traffic.left;
            else if (online)
                traffic.wasLost = false;
            traffic.online = online;
        }
    }
    const auto round = m_store.value("round");
    const int current = round && !round->empty() ? std::stoi(*round) : 0;
    for (const auto &change : changes) {
        if (change.seenNow || change.received > 0 || change.sent > 0) {
            if (auto touched = m_store.touchSite(change.site, change.received, change.sent); !touched)
                return touched;
        }
        if (change.online == change.was)
            continue;
        if (auto set = m_store.setOnline(change.site, change.online); !set)
            return set;
        if (!change.online && change.left)
            tell({now(), "site-left", change.site, current, fmt::format("{} has signed off", change.site)});
        else if (!change.online)
            tell({now(), "site-lost", change.site, current,
                  fmt::format("{} is lost: nothing heard for {} s, waiting", change.site, lostAfter.count())});
        else
            tell({now(), change.lostBefore ? "site-back" : "site-online", change.site, current,
                  fmt::format("{} is {}", change.site, change.lostBefore ? "back" : "online")});
    }
    return {};
}

void Exchange::waitForNews(std::chrono::milliseconds limit)
{
    std::unique_lock lock(m_mutex);
    m_news.wait_for(lock, limit, [this] { return m_newsCount != m_newsSeen; });
    m_newsSeen = m_newsCount;
}

} // namespace consilium::federation
