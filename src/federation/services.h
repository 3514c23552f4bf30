// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "federation/exchange.h"

#include "consilium/v1/study.grpc.pb.h"
#include "flwr/proto/fleet.grpc.pb.h"

/// The two services of one port. Thin: they check who calls, translate, and leave the work to Exchange. Private to this
/// library.
namespace consilium::federation {

/// Who calls, checked: the site's certificate of the TLS connection, the three signed headers, and that both are one
/// key.
Result<storage::SiteIdentity> callingSite(const grpc::ServerContext &context, storage::StudyStore &store);

/// Flower's Fleet protocol, server side.
class FleetService : public flwr::proto::Fleet::Service
{
public:
    explicit FleetService(Exchange &exchange) : m_exchange(exchange) {}

    grpc::Status RegisterNode(grpc::ServerContext *, const flwr::proto::RegisterNodeFleetRequest *,
                              flwr::proto::RegisterNodeFleetResponse *) override;
    grpc::Status ActivateNode(grpc::ServerContext *, const flwr::proto::ActivateNodeRequest *,
                              flwr::proto::ActivateNodeResponse *) override;
    grpc::Status DeactivateNode(grpc::ServerContext *, const flwr::proto::DeactivateNodeRequest *,
                                flwr::proto::DeactivateNodeResponse *) override;
    grpc::Status UnregisterNode(grpc::ServerContext *, const flwr::proto::UnregisterNodeFleetRequest *,
                                flwr::proto::UnregisterNodeFleetResponse *) override;
    grpc::Status SendNodeHeartbeat(grpc::ServerContext *, const flwr::proto::SendNodeHeartbeatRequest *,
                                   flwr::proto::SendNodeHeartbeatResponse *) override;
    grpc::Status PullMessages(grpc::ServerContext *, const flwr::proto::PullMessagesRequest *,
                              flwr::proto::PullMessagesResponse *) override;
    grpc::Status PushMessages(grpc::ServerContext *, const flwr::proto::PushMessagesRequest *,
                              flwr::proto::PushMessagesResponse *) override;
    grpc::Status GetRun(grpc::ServerContext *, const flwr::proto::GetRunRequest *,
                        flwr::proto::GetRunResponse *) override;
    grpc::Status GetFab(grpc::ServerContext *, const flwr::proto::GetFabRequest *,
                        flwr::proto::GetFabResponse *) override;
    grpc::Status PushObject(grpc::ServerContext *, const flwr::proto::PushObjectRequest *,
                            flwr::proto::PushObjectResponse *) override;
    grpc::Status PullObject(grpc::ServerContext *, const flwr::proto::PullObjectRequest *,
                            flwr::proto::PullObjectResponse *) override;
    grpc::Status ConfirmMessageReceived(grpc::ServerContext *, const flwr::proto::ConfirmMessageReceivedRequest *,
                                        flwr::proto::ConfirmMessageReceivedResponse *) override;

private:
    Exchange &m_exchange;
};

/// Our own service: enrolment, plan, preflight, progress.
class StudyService : public consilium::v1::Study::Service
{
public:
    explicit StudyService(Exchange &exchange) : m_exchange(exchange) {}

    grpc::Status Enrol(grpc::ServerContext *, const consilium::v1::EnrolRequest *,
                       consilium::v1::EnrolResponse *) override;
    grpc::Status GetPlan(grpc::ServerContext *, const consilium::v1::GetPlanRequest *,
                         consilium::v1::GetPlanResponse *) override;
    grpc::Status Preflight(grpc::ServerContext *, const consilium::v1::PreflightRequest *,
                           consilium::v1::PreflightResponse *) override;
    grpc::Status Report(grpc::ServerContext *, const consilium::v1::ReportRequest *,
                        consilium::v1::ReportResponse *) override;

private:
    Exchange &m_exchange;
};

} // namespace consilium::federation
