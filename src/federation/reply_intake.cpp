// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/reply_intake.h"

#include "core/headline_metric.h"
#include "federation/stored_update.h"

#include "flwr/proto/message.pb.h"

#include <cmath>

namespace consilium::federation {

namespace {

std::string casesInWords(std::int64_t count)
{
    return fmt::format("{} {}", count, count == 1 ? "case" : "cases");
}

/// A whole number of a reply, or 0.
std::int64_t whole(const Message &reply, std::string_view name)
{
    const auto value = reply.metric(name);
    return value && std::holds_alternative<std::int64_t>(*value) ? std::get<std::int64_t>(*value) : 0;
}

/// A finite number of a reply, or 0.
double real(const Message &reply, std::string_view name)
{
    const auto value = reply.metric(name);
    const double number = value && std::holds_alternative<double>(*value) ? std::get<double>(*value) : 0;
    return std::isfinite(number) ? number : 0;
}

} // namespace

ReplyIntake::ReplyIntake(Exchange &exchange)
    : m_exchange(exchange), m_store(exchange.store()), m_planHash(m_store.manifest().plan.hash())
{
}

Result<std::vector<std::string>> ReplyIntake::announce(const std::string &site, const std::string &replyId,
                                                       const std::string &messageId,
                                                       const flwr::proto::ObjectTree &tree)
{
    const auto message = m_store.message(messageId);
    if (!message)
        return fail(message.error());
    if (!*message || (*message)->site != site)
        return fail(ErrorCode::Refused, "The reply answers no message that was sent to site '{}'", site);
    m_exchange.note(site, true);
    if ((*message)->reply) // answered before, or the round closed without it: nothing more is wanted
        return std::vector<std::string>{};
    if (!isObjectId(replyId) || tree.object_id() != replyId)
        return fail(ErrorCode::Malformed, "The reply's tree does not begin with the reply");
    auto missing = missingObjects(tree, m_exchange.spool());
    {
        const std::lock_guard lock(m_mutex);
        auto &replies = m_sites[site];
        replies.ahead = 0;
        if (!missing.empty())
            replies.pending[replyId] = {messageId, {missing.begin(), missing.end()}};
    }
    if (missing.empty()) {
        if (auto accepted = accept(replyId, messageId); !accepted)
            return fail(accepted.error());
    }
    return missing;
}

bool ReplyIntake::wants(const std::string &site, const std::string &id, std::uint64_t size)
{
    {
        const std::lock_guard lock(m_mutex);
        for (const auto &[reply, pending] : m_sites[site].pending) {
            if (pending.missing.contains(id))
                return true;
        }
    }
    // While a site still serialises what it trained, its first tensors travel already. As much as a reply may need:
    // nobody fills the disk with what is never announced.
    std::error_code ignored;
    const auto round = m_store.value("round");
    const auto open = m_store.openMessages(site);
    if (!round || !open || open->empty())
        return false;
    const auto model = std::filesystem::file_size(m_store.paths().model(std::max(0, open->front().round - 1)), ignored);
    const auto limit = (ignored ? 0 : 3 * model) + (std::uint64_t{16} << 20);
    const std::lock_guard lock(m_mutex);
    auto &ahead = m_sites[site].ahead;
    if (ahead + size > limit)
        return false;
    ahead += size;
    return true;
}

void ReplyIntake::complain(const std::string &site, const Error &error)
{
    constexpr auto often = std::chrono::minutes(1);
    {
        const std::lock_guard lock(m_mutex);
        const auto time = Exchange::Clock::now();
        if (m_complained != Exchange::Clock::time_point{} && time - m_complained < often)
            return;
        m_complained = time;
    }
    m_exchange.tell(
        {now(), "error", site, 0,
         fmt::format("What {} sends cannot be stored: {}. Nothing is lost: sites try again until there is space", site,
                     error.message)});
}

Result<> ReplyIntake::store(const std::string &site, const std::string &id, std::span<const std::string_view> bytes)
{
    std::uint64_t size = 0;
    for (const auto piece : bytes)
        size += piece.size();
    if (!wants(site, id, size) && !m_exchange.spool().has(id))
        return failWithHint(ErrorCode::NotFound, "Announce the reply again",
                            "The object {} belongs to no announced reply", id.substr(0, 64));
    if (auto stored = m_exchange.spool().put(id, bytes); !stored) {
        if (stored.error().code == ErrorCode::Io)
            complain(site, stored.error());
        return stored;
    }
    m_exchange.note(site, true, static_cast<std::int64_t>(size));
    std::vector<std::pair<std::string, std::string>> whole;
    {
        const std::lock_guard lock(m_mutex);
        auto &pending = m_sites[site].pending;
        for (auto it = pending.begin(); it != pending.end();) {
            it->second.missing.erase(id);
            if (it->second.missing.empty()) {
                whole.emplace_back(it->first, it->second.messageId);
                it = pending.erase(it);
            } else {
                ++it;
            }
        }
    }
    for (const auto &[reply, message] : whole) {
        if (auto accepted = accept(reply, message); !accepted)
            return accepted;
    }
    return {};
}

Result<> ReplyIntake::accept(const std::string &replyId, const std::string &messageId)
{
    const auto row = m_store.message(messageId);
    if (!row)
        return fail(row.error());
    if (!*row || (*row)->reply)
        return {};
    const auto reply = decodeMessage(replyId, m_exchange.spool());
    Result<> done;
    if (!reply)
        done = refuse(**row, replyId, reply.error().message);
    else if (reply->metadata.replyTo != messageId)
        done = refuse(**row, replyId, "its reply answers another message");
    else if (!reply->error.empty())
        done = refuse(**row, replyId, reply->error);
    else if (reply->text("plan") != m_planHash)
        done = refuse(**row, replyId, "it was made by another plan than the study's");
    else
        done =
            (*row)->kind == "train" ? acceptTraining(**row, replyId, *reply) : acceptEvaluation(**row, replyId, *reply);
    if (done)
        m_exchange.forget(messageId);
    m_exchange.news();
    return done;
}

Result<> ReplyIntake::refuse(const storage::MessageRow &row, const std::string &replyId, const std::string &reason)
{
    const auto accepted = m_store.acceptReply(row.id, replyId, std::nullopt, {});
    if (!accepted)
        return fail(accepted.error());
    if (!*accepted)
        return {};
    if (row.kind == "train") {
        const auto round = m_exchange.roundOf(row.round);
        if (!round)
            return fail(round.error());
        if (auto set = m_store.setSiteRound(*round, row.site, SiteState::NotCounted, 1, reason); !set)
            return set;
    }
    m_exchange.tell({now(), "warning", row.site, row.round,
                     row.kind == "train"
                         ? fmt::format("Round {}: the update of {} is not counted: {}", row.round, row.site, reason)
                         : fmt::format("Round {}: {} could not evaluate the model: {}", row.round, row.site, reason)});
    return {};
}

Result<> ReplyIntake::acceptTraining(const storage::MessageRow &row, const std::string &replyId, const Message &reply)
{
    const auto samples = whole(reply, "num-examples");
    if (reply.arrays.empty() || samples <= 0 || samples > 100'000'000)
        return refuse(row, replyId, "it carries no model or no number of samples");
    const auto round = m_exchange.roundOf(row.round);
    if (!round)
        return fail(round.error());
    storage::UpdateRow update;
    update.round = *round;
    update.site = row.site;
    update.reply = replyId;
    update.sha256 = reply.arrays;
    update.samples = static_cast<int>(samples);
    update.steps = static_cast<int>(std::clamp<std::int64_t>(whole(reply, "steps"), 0, 1'000'000'000));
    update.normalisedSteps = std::clamp(real(reply, "normalised-steps"), 0.0, 1e12);
    update.score = std::clamp(real(reply, "validation"), 0.0, 1.0);
    update.encoding = reply.text("encoding");
    update.baseRound = row.baseRound;
    update.received = now();
    const auto norm = normOfUpdate(m_store, m_exchange.spool(), update);
    if (!norm)
        return norm.error().code == ErrorCode::Io ? Result<>(fail(norm.error()))
                                                  : refuse(row, replyId, norm.error().message);
    update.norm = *norm;
    const auto accepted = m_store.acceptReply(row.id, replyId, update, {});
    if (!accepted)
        return fail(accepted.error());
    if (!*accepted)
        return {};
    m_exchange.tell({now(),
                     "site-state",
                     row.site,
                     *round,
                     fmt::format("Round {}: the update of {} is counted ({})", *round, row.site, casesInWords(samples)),
                     {{"state", name(SiteState::Counted)}}});
    return {};
}

Result<> ReplyIntake::acceptEvaluation(const storage::MessageRow &row, const std::string &replyId, const Message &reply)
{
    std::vector<storage::MetricRow> rows;
    const int cases = static_cast<int>(std::clamp<std::int64_t>(whole(reply, "num-examples"), 0, 100'000'000));
    const auto round = row.content.value("metricRound", row.round);
    const auto model = row.content.value("model", std::string("global"));
    const auto split = row.content.value("split", std::string("validation"));
    constexpr std::string_view personal = "personal:";
    for (const auto &[key, value] : reply.metrics) {
        if (!std::holds_alternative<double>(value) || !std::isfinite(std::get<double>(value)))
            continue;
        // A model that never leaves its site is measured beside the one that came.
        const bool own = key.starts_with(personal);
        rows.push_back({round, row.site, own ? "personal-" + row.site : model, split,
                        own ? key.substr(personal.size()) : key, 0, std::get<double>(value), cases});
    }
    const auto accepted = m_store.acceptReply(row.id, replyId, std::nullopt, rows);
    if (!accepted)
        return fail(accepted.error());
    for (const auto &metric : rows) {
        if (*accepted && isHeadline(metric.name))
            m_exchange.tell(
                {now(),
                 "metric",
                 row.site,
                 row.round,
                 fmt::format("Round {}: {} {} of the {} model at {} is {:.3f} ({})", row.round, split,
                             headlineWords(metric.name), metric.model, row.site, metric.value, casesInWords(cases)),
                 {{"model", metric.model},
                  {"split", split},
                  {"name", metric.name},
                  {"value", metric.value},
                  {"support", cases}}});
    }
    return {};
}

} // namespace consilium::federation
