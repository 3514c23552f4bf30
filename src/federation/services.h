// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "federation/reception.h"

#include "consilium/v1/study.grpc.pb.h"
#include "flwr/proto/fleet.grpc.pb.h"

/// The two services of one port. Thin: they check who calls, translate, and leave the work to Exchange and ReplyIntake.
/// Private to this library.
namespace consilium::federation {

/// Flower's Fleet protocol, server side: all but the objects, which ObjectCalls serves without a copy, through the
/// Request calls of the base. PullMessages waits a while for a message, so that a thousand sites need not ask again and
/// again.
class FleetService : public flwr::proto::Fleet::WithRawMethod_PushObject<flwr::proto::Fleet::WithRawMethod_PullObject<
                         flwr::proto::Fleet::WithCallbackMethod_PullMessages<flwr::proto::Fleet::Service>>>
{
public:
    explicit FleetService(Reception &reception) : m_reception(reception) {}

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
    grpc::ServerUnaryReactor *PullMessages(grpc::CallbackServerContext *, const flwr::proto::PullMessagesRequest *,
                                           flwr::proto::PullMessagesResponse *) override;
    grpc::Status PushMessages(grpc::ServerContext *, const flwr::proto::PushMessagesRequest *,
                              flwr::proto::PushMessagesResponse *) override;
    grpc::Status GetRun(grpc::ServerContext *, const flwr::proto::GetRunRequest *,
                        flwr::proto::GetRunResponse *) override;
    grpc::Status GetFab(grpc::ServerContext *, const flwr::proto::GetFabRequest *,
                        flwr::proto::GetFabResponse *) override;
    grpc::Status ConfirmMessageReceived(grpc::ServerContext *, const flwr::proto::ConfirmMessageReceivedRequest *,
                                        flwr::proto::ConfirmMessageReceivedResponse *) override;

private:
    Reception &m_reception;
};

/// Our own service: enrolment, plan, preflight, progress.
class StudyService : public consilium::v1::Study::Service
{
public:
    explicit StudyService(Reception &reception) : m_reception(reception) {}

    grpc::Status Enrol(grpc::ServerContext *, const consilium::v1::EnrolRequest *,
                       consilium::v1::EnrolResponse *) override;
    grpc::Status GetPlan(grpc::ServerContext *, const consilium::v1::GetPlanRequest *,
                         consilium::v1::GetPlanResponse *) override;
    grpc::Status Preflight(grpc::ServerContext *, const consilium::v1::PreflightRequest *,
                           consilium::v1::PreflightResponse *) override;
    grpc::Status Report(grpc::ServerContext *, const consilium::v1::ReportRequest *,
                        consilium::v1::ReportResponse *) override;

private:
    Reception &m_reception;
};

} // namespace consilium::federation
