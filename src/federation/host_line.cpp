// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/host_line.h"

#include "core/log.h"
#include "core/parallel.h"

#include <algorithm>
#include <charconv>
#include <thread>

namespace consilium::federation {

namespace {

using consilium::v1::Study;
using flwr::proto::Fleet;
using Clock = std::chrono::steady_clock;

constexpr std::uint64_t runId = 1; // an embedded aggregator runs one study

/// Objects on their way at a time: one is on the line while another is stored or acknowledged. What is on its way when
/// the line breaks travels again.
constexpr int lanes = 2;

} // namespace

HostLine::HostLine(FleetClient &client, const SiteFolder &site, SiteSchedule &schedule,
                   const ParticipantOptions &options)
    : m_client(client), m_site(site), m_schedule(schedule), m_options(options)
{
}

tl::unexpected<Error> HostLine::cancelled() const
{
    return failWithHint(ErrorCode::Cancelled, "Join again to go on; a finished update is not trained twice",
                        "Stopped on request");
}

void HostLine::tell(const std::string &event, int round, const std::string &text, Json details) const
{
    spdlog::info("{}", text);
    m_options.onEvent({now(), event, m_site.site(), round, text, std::move(details)});
}

bool HostLine::pause(std::chrono::milliseconds time) const
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
Result<> HostLine::persist(Work &&work)
{
    auto wait = std::chrono::milliseconds(500);
    while (true) {
        const Result<> done = work();
        if (done || done.error().code != ErrorCode::Unavailable) {
            if (done && m_lost.exchange(false))
                tell("host-back", 0, fmt::format("The host {} is back", m_client.endpoint()));
            return done;
        }
        if (!m_lost.exchange(true))
            tell("host-lost", 0, done.error().line() + "; trying again");
        if (!pause(wait))
            return cancelled();
        wait = std::min(wait * 2, std::chrono::milliseconds(5000));
    }
}

Result<> HostLine::hello()
{
    flwr::proto::ActivateNodeRequest request;
    flwr::proto::ActivateNodeResponse answer;
    request.set_public_key(m_client.publicPem());
    request.set_heartbeat_interval(m_options.heartbeatSeconds);
    const auto done =
        persist([&] { return m_client.call(m_client.fleet(), &Fleet::Stub::ActivateNode, request, answer); });
    if (done)
        m_node = answer.node_id();
    return done;
}

void HostLine::goodbye()
{
    flwr::proto::DeactivateNodeRequest request;
    flwr::proto::DeactivateNodeResponse answer;
    request.set_node_id(m_node);
    // A courtesy: without it the host notices after ten seconds.
    if (auto gone =
            m_client.call(m_client.fleet(), &Fleet::Stub::DeactivateNode, request, answer, std::chrono::seconds(3));
        !gone)
        spdlog::info("{}", gone.error().line());
}

void HostLine::heartbeat()
{
    if (m_node == 0)
        return; // not yet said hello
    flwr::proto::SendNodeHeartbeatRequest request;
    flwr::proto::SendNodeHeartbeatResponse answer;
    request.mutable_node()->set_node_id(m_node);
    request.set_heartbeat_interval(m_options.heartbeatSeconds);
    if (const auto sent =
            m_client.call(m_client.fleet(), &Fleet::Stub::SendNodeHeartbeat, request, answer, std::chrono::seconds(5));
        !sent)
        spdlog::info("The heartbeat was not heard: {}", sent.error().message);
}

void HostLine::report(const SiteReport &report)
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

Result<bool> HostLine::studyFinished(int trainingCases)
{
    consilium::v1::PreflightRequest request;
    consilium::v1::PreflightResponse answer;
    request.set_training_cases(trainingCases);
    if (auto done = m_client.call(m_client.study(), &Study::Stub::Preflight, request, answer); !done)
        return fail(done.error());
    return answer.study_state() == "finished";
}

Result<std::optional<HostLine::Incoming>> HostLine::nextMessage()
{
    flwr::proto::PullMessagesRequest request;
    flwr::proto::PullMessagesResponse answer;
    request.mutable_node()->set_node_id(m_node);
    if (auto pulled = m_client.pullMessages(request, answer, m_options.stopRequested); !pulled)
        return fail(pulled.error());
    if (answer.message_object_trees_size() == 0 || answer.messages_list_size() == 0)
        return std::optional<Incoming>{};
    const auto &metadata = answer.messages_list(0).metadata();
    Incoming incoming{answer.message_object_trees(0), 0, metadata.message_type() == "train"};
    const auto &group = metadata.group_id();
    std::from_chars(group.data(), group.data() + group.size(), incoming.round);
    return std::optional(std::move(incoming));
}

Result<> HostLine::pull(const std::string &id, const Spool &spool)
{
    std::vector<grpc::Slice> slices;
    const auto got = persist([&]() -> Result<> {
        auto pulled = m_client.pull(m_node, runId, id);
        if (!pulled)
            return fail(pulled.error());
        slices = std::move(*pulled);
        return {};
    });
    if (!got)
        return got;
    std::vector<std::string_view> pieces;
    std::size_t size = 0;
    for (const auto &slice : slices) {
        pieces.emplace_back(reinterpret_cast<const char *>(slice.begin()), slice.size());
        size += slice.size();
    }
    if (auto stored = spool.put(id, pieces); !stored)
        return stored;
    return m_schedule.takeBandwidth(size, m_options.stopRequested) ? Result<>() : cancelled();
}

Result<> HostLine::download(const flwr::proto::ObjectTree &tree, const Spool &spool, const Progress &progress)
{
    const auto missing = missingObjects(tree, spool);
    std::atomic<std::size_t> done{0};
    const auto pulled = forEachIndex(missing.size(), lanes, [&](std::size_t index) {
        auto one = pull(missing[index], spool);
        progress(static_cast<double>(++done) / static_cast<double>(missing.size()));
        return one;
    });
    if (!pulled)
        return pulled;
    flwr::proto::ConfirmMessageReceivedRequest request;
    flwr::proto::ConfirmMessageReceivedResponse answer;
    request.mutable_node()->set_node_id(m_node);
    request.set_message_object_id(tree.object_id());
    return persist(
        [&] { return m_client.call(m_client.fleet(), &Fleet::Stub::ConfirmMessageReceived, request, answer); });
}

Result<> HostLine::push(const std::string &id, const Spool &spool)
{
    auto bytes = spool.get(id);
    if (!bytes)
        return fail(bytes.error());
    if (!m_schedule.takeBandwidth(bytes->size(), m_options.stopRequested))
        return cancelled();
    const grpc::Slice slice(*bytes);
    return m_client.push(m_node, runId, id, std::span(&slice, 1));
}

Result<> HostLine::sendAhead(const std::string &id, const Spool &spool)
{
    return push(id, spool);
}

Result<> HostLine::upload(const std::string &messageId, const std::string &replyId, const Spool &spool,
                          const Progress &progress)
{
    const auto reply = decodeMessage(replyId, spool);
    if (!reply)
        return fail(reply.error());
    flwr::proto::PushMessagesRequest announce;
    announce.mutable_node()->set_node_id(m_node);
    auto *metadata = announce.add_messages_list()->mutable_metadata();
    reply->metadata.toProto(*metadata);
    metadata->set_message_id(replyId);
    metadata->set_reply_to_message_id(messageId);
    if (auto filled = fillObjectTree(replyId, spool, *announce.add_message_object_trees()); !filled)
        return filled;
    while (true) {
        flwr::proto::PushMessagesResponse answer;
        if (auto announced =
                persist([&] { return m_client.call(m_client.fleet(), &Fleet::Stub::PushMessages, announce, answer); });
            !announced)
            return announced;
        const std::vector<std::string> wanted(answer.objects_to_push().begin(), answer.objects_to_push().end());
        if (wanted.empty())
            return {};
        std::atomic<std::size_t> done{0};
        const auto pushed = forEachIndex(wanted.size(), lanes, [&](std::size_t index) {
            auto one = persist([&] { return push(wanted[index], spool); });
            progress(static_cast<double>(++done) / static_cast<double>(wanted.size()));
            return one;
        });
        if (pushed)
            return {};
        // A host that was restarted meanwhile has forgotten the announcement, not the objects: announce once more.
        if (pushed.error().code != ErrorCode::NotFound)
            return pushed;
    }
}

} // namespace consilium::federation
