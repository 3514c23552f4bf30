// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/asking.h"

#include <algorithm>

namespace consilium::federation {

namespace {

constexpr std::uint64_t serverNode = 1; // the SuperLink's node id, fixed by the protocol
constexpr std::uint64_t runId = 1;      // an embedded aggregator runs one study

/// Many sites may answer at once: looking at all of them after each would cost more than what they bring.
constexpr auto shortestLook = std::chrono::milliseconds(20);

double secondsSince1970()
{
    return std::chrono::duration<double>(now().time_since_epoch()).count();
}

} // namespace

Asking::Asking(Exchange &exchange, std::chrono::seconds idleLimit, std::function<bool()> stopRequested)
    : m_exchange(exchange), m_store(exchange.store()), m_idleLimit(idleLimit), m_stopRequested(std::move(stopRequested))
{
}

tl::unexpected<Error> Asking::cancelled() const
{
    return failWithHint(ErrorCode::Cancelled, "Start the host again to go on in the same round",
                        "Stopped on request; everything received is kept in {}", m_store.paths().folder.string());
}

Result<> Asking::send(const Question &question, const std::vector<storage::SiteIdentity> &sites)
{
    const auto sent = m_store.answers(question.round, question.kind);
    if (!sent)
        return fail(sent.error());
    std::set<std::string> asked;
    for (const auto &answer : *sent)
        asked.insert(answer.site);
    std::vector<storage::MessageRow> rows;
    for (const auto &site : sites) {
        if (asked.contains(site.name))
            continue;
        Message message;
        message.metadata = {runId,
                            serverNode,
                            static_cast<std::uint64_t>(site.nodeId),
                            {},
                            std::to_string(question.round),
                            question.kind == "train" ? "train" : "evaluate",
                            /*ttl*/ 30.0 * 24 * 3600,
                            secondsSince1970()};
        message.arrays = question.arrays;
        message.config = question.config;
        const auto id = encodeMessage(message, m_exchange.spool());
        if (!id)
            return fail(id.error());
        rows.push_back(
            {*id, question.round, site.name, question.kind, question.content, now(), std::nullopt, question.baseRound});
    }
    return rows.empty() ? Result<>() : m_exchange.send(rows);
}

bool Asking::isSilent(const std::string &site, Exchange::Clock::time_point waitBegan) const
{
    const auto contact = m_exchange.contact(site);
    if (contact.left)
        return true;
    // Of a site that is connected, work must show; one that is not has the limit from when it was last heard of, or
    // this host was started.
    const auto last =
        contact.online ? std::max(contact.lastActivity, waitBegan) : std::max(contact.lastContact, m_exchange.begin());
    return Exchange::Clock::now() - last >= m_idleLimit;
}

Result<Asking::Wait> Asking::wait(int round, const std::string &kind, int enough,
                                  const std::function<Result<>(int)> &look)
{
    m_exchange.restartActivity();
    const auto began = Exchange::Clock::now();
    int before = -1;
    while (true) {
        if (m_stopRequested())
            return cancelled();
        const auto answers = m_store.answers(round, kind);
        if (!answers)
            return fail(answers.error());
        int answered = 0;
        bool somebodyActive = false;
        for (const auto &answer : *answers) {
            answered += answer.answered ? 1 : 0;
            somebodyActive = somebodyActive || (!answer.answered && !isSilent(answer.site, began));
        }
        if (answered == std::ssize(*answers))
            return Wait::AllAnswered;
        if (!somebodyActive && answered >= enough)
            return Wait::IdleLimit;
        if (look) {
            if (auto looked = look(answered); !looked)
                return fail(looked.error());
        }
        m_exchange.waitForNews(std::chrono::milliseconds(1000));
        if (answered != std::exchange(before, answered) && answers->size() > 16)
            std::this_thread::sleep_for(shortestLook);
    }
}

} // namespace consilium::federation
