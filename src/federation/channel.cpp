// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/channel.h"

#include "core/platform.h"

namespace consilium::federation {

void prepareGrpc()
{
    // gRPC's C++ interface cannot name a smallest TLS version. Its list of TLS 1.2 cipher suites can be set, and our
    // keys are elliptic: with suites for RSA keys alone no TLS 1.2 handshake finds a match, while TLS 1.3 has suites of
    // its own.
    platform::setEnvironmentDefault("GRPC_SSL_CIPHER_SUITES", "ECDHE-RSA-AES256-GCM-SHA384");
    platform::setEnvironmentDefault("GRPC_VERBOSITY", "NONE");
}

namespace {

/// Data of one stream that may be under way before its reader asks for more. Fixed, so that what waits for its turn at
/// a host with many sites takes no more than this each; enough for 20 MB/s over a line with 50 ms to and fro.
constexpr int lookahead = 1 << 20;
constexpr int frame = 1 << 20;

/// A proxy of the hospital cannot lead to a host on the site's own machine, and the environment seldom says so.
bool isThisMachine(const std::string &endpoint)
{
    return endpoint.starts_with("127.") || endpoint.starts_with("localhost:") || endpoint.starts_with("[::1]:");
}

} // namespace

std::string serverName(const std::string &studyId)
{
    return "study-" + studyId + ".consilium";
}

std::shared_ptr<grpc::Channel> openChannel(const std::string &endpoint, const std::string &studyId,
                                           const ClientIdentity &identity)
{
    grpc::ChannelArguments arguments;
    arguments.SetSslTargetNameOverride(serverName(studyId));
    arguments.SetMaxReceiveMessageSize(messageLimit);
    arguments.SetMaxSendMessageSize(messageLimit);
    // Keeps the way through NAT and firewalls open, and notices a cut cable, while nothing else is sent.
    arguments.SetInt(GRPC_ARG_KEEPALIVE_TIME_MS, 20'000);
    arguments.SetInt(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 10'000);
    arguments.SetInt(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
    arguments.SetInt(GRPC_ARG_HTTP2_MAX_PINGS_WITHOUT_DATA, 0);
    if (isThisMachine(endpoint))
        arguments.SetInt(GRPC_ARG_ENABLE_HTTP_PROXY, 0);
    arguments.SetInt(GRPC_ARG_HTTP2_BDP_PROBE, 0);
    arguments.SetInt(GRPC_ARG_HTTP2_STREAM_LOOKAHEAD_BYTES, lookahead);
    arguments.SetInt(GRPC_ARG_HTTP2_MAX_FRAME_SIZE, frame);
    arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 500);
    arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 5'000);
    return grpc::CreateCustomChannel(
        endpoint, grpc::SslCredentials({identity.authorityPem, identity.keyPem, identity.certificatePem}), arguments);
}

void setUpServer(grpc::ServerBuilder &builder)
{
    // Without this a second aggregator could share the port, and each would get some of the sites' calls.
    builder.AddChannelArgument(GRPC_ARG_ALLOW_REUSEPORT, 0);
    builder.AddChannelArgument(GRPC_ARG_HTTP2_MIN_RECV_PING_INTERVAL_WITHOUT_DATA_MS, 10'000);
    builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_PERMIT_WITHOUT_CALLS, 1);
    // From this end too: a site behind a cable that was cut is not kept as a connection for hours.
    builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIME_MS, 60'000);
    builder.AddChannelArgument(GRPC_ARG_KEEPALIVE_TIMEOUT_MS, 20'000);
    builder.AddChannelArgument(GRPC_ARG_HTTP2_BDP_PROBE, 0);
    builder.AddChannelArgument(GRPC_ARG_HTTP2_STREAM_LOOKAHEAD_BYTES, lookahead);
    builder.AddChannelArgument(GRPC_ARG_HTTP2_MAX_FRAME_SIZE, frame);
    builder.SetMaxReceiveMessageSize(messageLimit);
    builder.SetMaxSendMessageSize(messageLimit);
}

std::shared_ptr<grpc::Channel> openSuperLinkChannel(const std::string &endpoint, const std::string &authorityPem)
{
    // No keepalive pings: a SuperLink's server hangs up on a peer that sends them more often than every five minutes,
    // and the calls that ask for work keep the way open.
    grpc::ChannelArguments arguments;
    arguments.SetMaxReceiveMessageSize(messageLimit);
    arguments.SetMaxSendMessageSize(messageLimit);
    arguments.SetInt(GRPC_ARG_INITIAL_RECONNECT_BACKOFF_MS, 500);
    arguments.SetInt(GRPC_ARG_MAX_RECONNECT_BACKOFF_MS, 5'000);
    return grpc::CreateCustomChannel(endpoint, grpc::SslCredentials({authorityPem, {}, {}}), arguments);
}

std::shared_ptr<grpc::ServerCredentials> serverCredentials(const std::string &authorityPem,
                                                           const std::string &certificatePem, const std::string &keyPem)
{
    // Asked for, not required: Enrol is the one call without a certificate. Every other call checks that one was shown.
    grpc::SslServerCredentialsOptions options(GRPC_SSL_REQUEST_CLIENT_CERTIFICATE_AND_VERIFY);
    options.pem_root_certs = authorityPem;
    options.pem_key_cert_pairs.push_back({keyPem, certificatePem});
    return grpc::SslServerCredentials(options);
}

bool isHandshakeFailure(const grpc::Status &status)
{
    const auto text = status.error_message();
    return status.error_code() == grpc::StatusCode::UNAVAILABLE &&
           (text.find("handshake") != std::string::npos || text.find("Peer name") != std::string::npos);
}

Error callError(const grpc::Status &status, const std::string &endpoint)
{
    switch (status.error_code()) {
    case grpc::StatusCode::UNAVAILABLE:
        return {ErrorCode::Unavailable, fmt::format("The host {} cannot be reached", endpoint),
                "Check the address, the network and that the host runs"};
    case grpc::StatusCode::DEADLINE_EXCEEDED:
        return {ErrorCode::Unavailable, fmt::format("The host {} did not answer in time", endpoint), "Trying again"};
    case grpc::StatusCode::PERMISSION_DENIED:
    case grpc::StatusCode::UNAUTHENTICATED:
        return {ErrorCode::Refused, "The host refused: " + status.error_message(), {}};
    case grpc::StatusCode::NOT_FOUND:
        return {ErrorCode::NotFound, "The host does not know this: " + status.error_message(), {}};
    case grpc::StatusCode::RESOURCE_EXHAUSTED: // its disk is full: worth trying again once somebody has seen to it
        return {ErrorCode::Unavailable, "The host cannot store more: " + status.error_message(), {}};
    default: return {ErrorCode::Invalid, fmt::format("The host {} answered: {}", endpoint, status.error_message()), {}};
    }
}

grpc::Status callStatus(const Error &error)
{
    auto code = grpc::StatusCode::INTERNAL;
    switch (error.code) {
    case ErrorCode::NotFound: code = grpc::StatusCode::NOT_FOUND; break;
    case ErrorCode::Refused: code = grpc::StatusCode::PERMISSION_DENIED; break;
    case ErrorCode::Malformed:
    case ErrorCode::Invalid:
    case ErrorCode::Unsupported: code = grpc::StatusCode::INVALID_ARGUMENT; break;
    case ErrorCode::Io: code = grpc::StatusCode::RESOURCE_EXHAUSTED; break;
    case ErrorCode::Unavailable:
    case ErrorCode::Busy: code = grpc::StatusCode::UNAVAILABLE; break;
    default: break;
    }
    return {code, error.line()};
}

} // namespace consilium::federation
