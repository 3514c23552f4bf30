// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/services.h"

#include "core/file.h"
#include "core/hash.h"
#include "federation/channel.h"
#include "federation/study_keys.h"
#include "security/certificate.h"

namespace consilium::federation {

namespace {

/// Which of the site's workers calls; empty when it does not say.
std::string workerOf(const grpc::ServerContextBase &context)
{
    const auto found = context.client_metadata().find(workerHeader);
    return found == context.client_metadata().end() ? std::string()
                                                    : std::string(found->second.data(), found->second.size());
}

grpc::Status status(const Result<> &result)
{
    return result ? grpc::Status::OK : callStatus(result.error());
}

Result<> answerWith(const storage::MessageRow &row, const Spool &spool, flwr::proto::PullMessagesResponse &answer)
{
    const auto message = decodeMessage(row.id, spool);
    if (!message)
        return fail(message.error());
    auto *metadata = answer.add_messages_list()->mutable_metadata();
    message->metadata.toProto(*metadata);
    metadata->set_message_id(row.id);
    return fillObjectTree(row.id, spool, *answer.add_message_object_trees());
}

/// How long a site's question for a message stays open: below the deadline of its call, and of what sits in between.
constexpr auto openQuestion = std::chrono::seconds(10);

} // namespace

grpc::Status FleetService::RegisterNode(grpc::ServerContext *context, const flwr::proto::RegisterNodeFleetRequest *,
                                        flwr::proto::RegisterNodeFleetResponse *answer)
{
    // Keys are registered by enrolment; a node that asks again learns its id.
    return forSite(context, m_reception, [&](const storage::SiteIdentity &site) {
        answer->set_node_id(static_cast<std::uint64_t>(site.nodeId));
        return grpc::Status::OK;
    });
}

grpc::Status FleetService::ActivateNode(grpc::ServerContext *context, const flwr::proto::ActivateNodeRequest *,
                                        flwr::proto::ActivateNodeResponse *answer)
{
    return forSite(context, m_reception, [&](const storage::SiteIdentity &site) {
        answer->set_node_id(static_cast<std::uint64_t>(site.nodeId));
        return status(m_reception.exchange.activate(site.name, workerOf(*context)));
    });
}

grpc::Status FleetService::DeactivateNode(grpc::ServerContext *context, const flwr::proto::DeactivateNodeRequest *,
                                          flwr::proto::DeactivateNodeResponse *)
{
    return forSite(context, m_reception, [&](const storage::SiteIdentity &site) {
        m_reception.exchange.deactivate(site.name);
        return grpc::Status::OK;
    });
}

grpc::Status FleetService::UnregisterNode(grpc::ServerContext *context, const flwr::proto::UnregisterNodeFleetRequest *,
                                          flwr::proto::UnregisterNodeFleetResponse *)
{
    // A site leaves; its certificate stays valid, so that it may come back.
    return forSite(context, m_reception, [&](const storage::SiteIdentity &site) {
        m_reception.exchange.deactivate(site.name);
        return grpc::Status::OK;
    });
}

grpc::Status FleetService::SendNodeHeartbeat(grpc::ServerContext *context,
                                             const flwr::proto::SendNodeHeartbeatRequest *,
                                             flwr::proto::SendNodeHeartbeatResponse *answer)
{
    return forSite(context, m_reception, [&](const storage::SiteIdentity &site) {
        m_reception.exchange.heartbeat(site.name);
        answer->set_success(true);
        return grpc::Status::OK;
    });
}

grpc::ServerUnaryReactor *FleetService::PullMessages(grpc::CallbackServerContext *context,
                                                     const flwr::proto::PullMessagesRequest *,
                                                     flwr::proto::PullMessagesResponse *answer)
{
    auto *reactor = context->DefaultReactor();
    std::string name;
    const auto look = [this, answer](const std::string &site) -> Result<bool> {
        const auto next = m_reception.exchange.nextMessage(site);
        if (!next)
            return fail(next.error());
        if (!*next)
            return false;
        if (auto answered = answerWith(**next, m_reception.exchange.spool(), *answer); !answered)
            return fail(answered.error());
        return true;
    };
    bool wait = false;
    const auto looked = forSite(context, m_reception, [&](const storage::SiteIdentity &site) {
        name = site.name;
        const auto found = look(name);
        wait = found && !*found;
        return found ? grpc::Status::OK : callStatus(found.error());
    });
    if (!wait) {
        reactor->Finish(looked);
        return reactor;
    }
    const auto worker = workerOf(*context);
    m_reception.exchange.whenMessage(name, openQuestion, [this, context, reactor, look, name, worker] {
        // A message handed to a call that nobody waits for any more, or to a worker that another has relieved, would be
        // lost until the next hello.
        const bool lost = context->IsCancelled() || m_reception.exchange.isRelieved(name, worker);
        const auto found = lost ? Result<bool>(false) : look(name);
        reactor->Finish(found ? grpc::Status::OK : callStatus(found.error()));
    });
    return reactor;
}

grpc::Status FleetService::PushMessages(grpc::ServerContext *context, const flwr::proto::PushMessagesRequest *request,
                                        flwr::proto::PushMessagesResponse *answer)
{
    return forSite(context, m_reception, [&](const storage::SiteIdentity &site) -> grpc::Status {
        if (request->messages_list_size() != request->message_object_trees_size())
            return {grpc::StatusCode::INVALID_ARGUMENT, "Each message needs its object tree"};
        for (int i = 0; i < request->messages_list_size(); ++i) {
            const auto &metadata = request->messages_list(i).metadata();
            const auto &tree = request->message_object_trees(i);
            const auto missing =
                m_reception.intake.announce(site.name, tree.object_id(), metadata.reply_to_message_id(), tree);
            if (!missing)
                return callStatus(missing.error());
            (*answer->mutable_results())[tree.object_id()] = 0;
            for (const auto &id : *missing)
                answer->add_objects_to_push(id);
        }
        return grpc::Status::OK;
    });
}

grpc::Status FleetService::GetRun(grpc::ServerContext *context, const flwr::proto::GetRunRequest *request,
                                  flwr::proto::GetRunResponse *answer)
{
    return forSite(context, m_reception, [&](const storage::SiteIdentity &) {
        const auto state = m_reception.exchange.store().value("state");
        if (!state)
            return callStatus(state.error());
        answer->mutable_run()->set_run_id(request->run_id());
        answer->mutable_run()->mutable_status()->set_status(*state);
        return grpc::Status::OK;
    });
}

grpc::Status FleetService::GetFab(grpc::ServerContext *, const flwr::proto::GetFabRequest *,
                                  flwr::proto::GetFabResponse *)
{
    return {grpc::StatusCode::FAILED_PRECONDITION, "A study of Consilium ships a plan, never a program"};
}

grpc::Status FleetService::ConfirmMessageReceived(grpc::ServerContext *context,
                                                  const flwr::proto::ConfirmMessageReceivedRequest *,
                                                  flwr::proto::ConfirmMessageReceivedResponse *)
{
    return forSite(context, m_reception, [&](const storage::SiteIdentity &site) {
        m_reception.exchange.heartbeat(site.name);
        return grpc::Status::OK;
    });
}

grpc::Status StudyService::Enrol(grpc::ServerContext *, const consilium::v1::EnrolRequest *request,
                                 consilium::v1::EnrolResponse *answer)
{
    auto &store = m_reception.exchange.store();
    const auto site = store.siteForToken(sha256Hex(request->token()));
    if (!site)
        return callStatus(site.error());
    const auto key = security::publicKeyOfRequest(request->certificate_request());
    if (!key)
        return callStatus(key.error());
    const auto keyText = readFile(StudyKeys{store.paths().keys()}.authorityKey());
    const auto authority =
        keyText ? security::PrivateKey::fromPem(*keyText) : Result<security::PrivateKey>(fail(keyText.error()));
    if (!authority)
        return {grpc::StatusCode::INTERNAL, "The host's own key cannot be read"};
    const auto certificate = security::issueCertificate(*authority, store.manifest().certificate,
                                                        request->certificate_request(), *site, security::Purpose::Site);
    if (!certificate)
        return callStatus(certificate.error());
    if (const auto bound = store.bindKey(*site, *key); !bound)
        return callStatus(bound.error());
    answer->set_site(*site);
    answer->set_certificate(*certificate);
    answer->set_plan(store.manifest().plan.toJson().dump());
    m_reception.exchange.tell({now(), "enrolled", *site, 0, fmt::format("{} has enrolled", *site)});
    return grpc::Status::OK;
}

grpc::Status StudyService::GetPlan(grpc::ServerContext *context, const consilium::v1::GetPlanRequest *,
                                   consilium::v1::GetPlanResponse *answer)
{
    return forSite(context, m_reception, [&](const storage::SiteIdentity &) {
        const auto &plan = m_reception.exchange.store().manifest().plan;
        answer->set_plan(plan.toJson().dump());
        answer->set_plan_hash(plan.hash());
        return grpc::Status::OK;
    });
}

grpc::Status StudyService::Preflight(grpc::ServerContext *context, const consilium::v1::PreflightRequest *request,
                                     consilium::v1::PreflightResponse *answer)
{
    return forSite(context, m_reception, [&](const storage::SiteIdentity &site) {
        auto &store = m_reception.exchange.store();
        if (request->training_cases() > 0) {
            if (auto set = store.setTrainingCases(site.name, request->training_cases()); !set)
                return callStatus(set.error());
        }
        const auto state = store.value("state");
        const auto round = store.value("round");
        if (!state || !round)
            return callStatus(state ? round.error() : state.error());
        answer->set_server_time(toIso(now()));
        answer->set_study_state(*state);
        answer->set_round(round->empty() ? 0 : std::stoi(*round));
        m_reception.exchange.heartbeat(site.name);
        return grpc::Status::OK;
    });
}

grpc::Status StudyService::Report(grpc::ServerContext *context, const consilium::v1::ReportRequest *request,
                                  consilium::v1::ReportResponse *)
{
    return forSite(context, m_reception, [&](const storage::SiteIdentity &site) -> grpc::Status {
        const auto state = siteStateFromName(request->state());
        if (!state || *state == SiteState::Counted || *state == SiteState::NotCounted ||
            !std::isfinite(request->loss()))
            return {grpc::StatusCode::INVALID_ARGUMENT, "That is not a state a site reports"};
        return status(m_reception.exchange.report(site.name, request->round(), *state,
                                                  std::clamp(request->progress(), 0.0, 1.0),
                                                  request->detail().substr(0, 200), request->step(), request->loss()));
    });
}

} // namespace consilium::federation
