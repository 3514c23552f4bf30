// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <grpcpp/grpcpp.h>
#include <memory>

/// gRPC set up the way both ends of a study need it. Private to this library.
namespace consilium::federation {

/// Largest message either end takes: one chunk and its frame.
constexpr int messageLimit = 8 * 1024 * 1024;

/// Call before anything of gRPC in a process: TLS 1.3 alone, and gRPC's own chatter off (our errors say it in words).
void prepareGrpc();

/// The host name every study's server certificate carries; independent of where the host happens to run.
std::string serverName(const std::string &studyId);

struct ClientIdentity
{
    std::string authorityPem;   ///< the study's CA
    std::string certificatePem; ///< empty before enrolment
    std::string keyPem;         ///< empty before enrolment
};

std::shared_ptr<grpc::Channel> openChannel(const std::string &endpoint, const std::string &studyId,
                                           const ClientIdentity &identity);

/// Limits, flow control and keepalive of the host's end.
void setUpServer(grpc::ServerBuilder &builder);

/// To a SuperLink whose certificate is of that authority and for the endpoint's own host; nothing is shown in return.
std::shared_ptr<grpc::Channel> openSuperLinkChannel(const std::string &endpoint, const std::string &authorityPem);

/// Serves with a certificate of the study's CA; asks callers for theirs and refuses any of another CA.
std::shared_ptr<grpc::ServerCredentials>
serverCredentials(const std::string &authorityPem, const std::string &certificatePem, const std::string &keyPem);

/// Whether a call failed because TLS could not be agreed on: the other end's certificate is not the expected one, or
/// it speaks no TLS.
bool isHandshakeFailure(const grpc::Status &status);
/// A failed call in words.
Error callError(const grpc::Status &status, const std::string &endpoint);
grpc::Status callStatus(const Error &error);

} // namespace consilium::federation
