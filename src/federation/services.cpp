// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/services.h"

#include "core/file.h"
#include "core/hash.h"
#include "federation/channel.h"
#include "federation/node_auth.h"
#include "federation/study_keys.h"
#include "security/certificate.h"

#include <grpc/grpc_security_constants.h>

namespace consilium::federation {

namespace {

std::string header(const grpc::ServerContext &context, const char *name)
{
    const auto found = context.client_metadata().find(name);
    return found == context.client_metadata().end() ? std::string()
                                                    : std::string(found->second.data(), found->second.size());
}

grpc::Status status(const Result<> &result)
{
    return result ? grpc::Status::OK : callStatus(result.error());
}

/// Answers with `work(site)` when the call comes from a site of this study, else with why it does not.
template <typename Work>
grpc::Status forSite(const grpc::ServerContext *context, Exchange &exchange, Work &&work)
{
    const auto site = callingSite(*context, exchange.store());
    return site ? work(*site) : callStatus(site.error());
}

} // namespace

Result<storage::SiteIdentity> callingSite(const grpc::ServerContext &context, storage::StudyStore &store)
{
    const AuthHeaders headers{header(context, AuthHeaders::keyName), header(context, AuthHeaders::timeName),
                              header(context, AuthHeaders::signatureName)};
    if (auto good = checkHeaders(headers, now()); !good)
        return fail(good.error());
    const auto key = security::normalisedPublicPem(headers.publicKey);
    if (!key)
        return fail(key.error());
    const auto certificates = context.auth_context()->FindPropertyValues(GRPC_X509_PEM_CERT_PROPERTY_NAME);
    if (certificates.empty())
        return fail(ErrorCode::Refused, "The connection shows no certificate of this study");
    const auto shown =
        security::publicKeyOfCertificate(std::string_view(certificates[0].data(), certificates[0].size()));
    if (!shown || *shown != *key)
        return fail(ErrorCode::Refused, "The connection's certificate belongs to another key");
    auto site = store.siteByKey(*key);
    if (!site)
        return fail(site.error());
    if (!*site)
        return fail(ErrorCode::Refused, "This key is not enrolled in the study");
    return std::move(**site);
}

grpc::Status FleetService::RegisterNode(grpc::ServerContext *context, const flwr::proto::RegisterNodeFleetRequest *,
                                        flwr::proto::RegisterNodeFleetResponse *answer)
{
    // Keys are registered by enrolment; a node that asks again learns its id.
    return forSite(context, m_exchange, [&](const storage::SiteIdentity &site) {
        answer->set_node_id(static_cast<std::uint64_t>(site.nodeId));
        return grpc::Status::OK;
    });
}

grpc::Status FleetService::ActivateNode(grpc::ServerContext *context, const flwr::proto::ActivateNodeRequest *,
                                        flwr::proto::ActivateNodeResponse *answer)
{
    return forSite(context, m_exchange, [&](const storage::SiteIdentity &site) {
        answer->set_node_id(static_cast<std::uint64_t>(site.nodeId));
        return status(m_exchange.activate(site.name));
    });
}

grpc::Status FleetService::DeactivateNode(grpc::ServerContext *context, const flwr::proto::DeactivateNodeRequest *,
                                          flwr::proto::DeactivateNodeResponse *)
{
    return forSite(context, m_exchange, [&](const storage::SiteIdentity &site) {
        m_exchange.deactivate(site.name);
        return grpc::Status::OK;
    });
}

grpc::Status FleetService::UnregisterNode(grpc::ServerContext *context, const flwr::proto::UnregisterNodeFleetRequest *,
                                          flwr::proto::UnregisterNodeFleetResponse *)
{
    // A site leaves; its certificate stays valid, so that it may come back.
    return forSite(context, m_exchange, [&](const storage::SiteIdentity &site) {
        m_exchange.deactivate(site.name);
        return grpc::Status::OK;
    });
}

grpc::Status FleetService::SendNodeHeartbeat(grpc::ServerContext *context,
                                             const flwr::proto::SendNodeHeartbeatRequest *,
                                             flwr::proto::SendNodeHeartbeatResponse *answer)
{
    return forSite(context, m_exchange, [&](const storage::SiteIdentity &site) {
        m_exchange.heartbeat(site.name);
        answer->set_success(true);
        return grpc::Status::OK;
    });
}

grpc::Status FleetService::PullMessages(grpc::ServerContext *context, const flwr::proto::PullMessagesRequest *,
                                        flwr::proto::PullMessagesResponse *answer)
{
    return forSite(context, m_exchange, [&](const storage::SiteIdentity &site) {
        const auto next = m_exchange.nextMessage(site.name);
        if (!next)
            return callStatus(next.error());
        if (!*next)
            return grpc::Status::OK;
        const auto message = decodeMessage((*next)->id, m_exchange.spool());
        if (!message)
            return callStatus(message.error());
        auto *metadata = answer->add_messages_list()->mutable_metadata();
        message->metadata.toProto(*metadata);
        metadata->set_message_id((*next)->id);
        return status(fillObjectTree((*next)->id, m_exchange.spool(), *answer->add_message_object_trees()));
    });
}

grpc::Status FleetService::PushMessages(grpc::ServerContext *context, const flwr::proto::PushMessagesRequest *request,
                                        flwr::proto::PushMessagesResponse *answer)
{
    return forSite(context, m_exchange, [&](const storage::SiteIdentity &site) -> grpc::Status {
        if (request->messages_list_size() != request->message_object_trees_size())
            return {grpc::StatusCode::INVALID_ARGUMENT, "Each message needs its object tree"};
        for (int i = 0; i < request->messages_list_size(); ++i) {
            const auto &metadata = request->messages_list(i).metadata();
            const auto &tree = request->message_object_trees(i);
            const auto missing =
                m_exchange.announceReply(site.name, tree.object_id(), metadata.reply_to_message_id(), tree);
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
    return forSite(context, m_exchange, [&](const storage::SiteIdentity &) {
        const auto state = m_exchange.store().value("state");
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

grpc::Status FleetService::PushObject(grpc::ServerContext *context, const flwr::proto::PushObjectRequest *request,
                                      flwr::proto::PushObjectResponse *answer)
{
    return forSite(context, m_exchange, [&](const storage::SiteIdentity &site) {
        const auto stored = m_exchange.storeObject(site.name, request->object_id(), request->object_content());
        answer->set_stored(stored.has_value());
        return status(stored);
    });
}

grpc::Status FleetService::PullObject(grpc::ServerContext *context, const flwr::proto::PullObjectRequest *request,
                                      flwr::proto::PullObjectResponse *answer)
{
    return forSite(context, m_exchange, [&](const storage::SiteIdentity &site) {
        auto bytes = m_exchange.fetchObject(site.name, request->object_id());
        if (!bytes && bytes.error().code == ErrorCode::NotFound)
            return grpc::Status::OK; // object_found stays false
        if (!bytes)
            return callStatus(bytes.error());
        answer->set_object_found(true);
        answer->set_object_available(true);
        answer->set_object_content(std::move(*bytes));
        return grpc::Status::OK;
    });
}

grpc::Status FleetService::ConfirmMessageReceived(grpc::ServerContext *context,
                                                  const flwr::proto::ConfirmMessageReceivedRequest *,
                                                  flwr::proto::ConfirmMessageReceivedResponse *)
{
    return forSite(context, m_exchange, [&](const storage::SiteIdentity &site) {
        m_exchange.heartbeat(site.name);
        return grpc::Status::OK;
    });
}

grpc::Status StudyService::Enrol(grpc::ServerContext *, const consilium::v1::EnrolRequest *request,
                                 consilium::v1::EnrolResponse *answer)
{
    auto &store = m_exchange.store();
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
    m_exchange.tell({now(), "enrolled", *site, 0, fmt::format("{} has enrolled", *site)});
    return grpc::Status::OK;
}

grpc::Status StudyService::GetPlan(grpc::ServerContext *context, const consilium::v1::GetPlanRequest *,
                                   consilium::v1::GetPlanResponse *answer)
{
    return forSite(context, m_exchange, [&](const storage::SiteIdentity &) {
        const auto &plan = m_exchange.store().manifest().plan;
        answer->set_plan(plan.toJson().dump());
        answer->set_plan_hash(plan.hash());
        return grpc::Status::OK;
    });
}

grpc::Status StudyService::Preflight(grpc::ServerContext *context, const consilium::v1::PreflightRequest *request,
                                     consilium::v1::PreflightResponse *answer)
{
    return forSite(context, m_exchange, [&](const storage::SiteIdentity &site) {
        auto &store = m_exchange.store();
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
        m_exchange.heartbeat(site.name);
        return grpc::Status::OK;
    });
}

grpc::Status StudyService::Report(grpc::ServerContext *context, const consilium::v1::ReportRequest *request,
                                  consilium::v1::ReportResponse *)
{
    return forSite(context, m_exchange, [&](const storage::SiteIdentity &site) -> grpc::Status {
        const auto state = siteStateFromName(request->state());
        if (!state || *state == SiteState::Counted || *state == SiteState::NotCounted ||
            !std::isfinite(request->loss()))
            return {grpc::StatusCode::INVALID_ARGUMENT, "That is not a state a site reports"};
        return status(m_exchange.report(site.name, request->round(), *state, std::clamp(request->progress(), 0.0, 1.0),
                                        request->detail().substr(0, 200), request->step(), request->loss()));
    });
}

} // namespace consilium::federation
