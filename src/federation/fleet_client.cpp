// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/fleet_client.h"

#include "federation/caller_check.h"
#include "federation/channel.h"
#include "federation/object_wire.h"

#include <future>

namespace consilium::federation {

Result<std::unique_ptr<FleetClient>> FleetClient::connect(const SiteFolder &site)
{
    prepareGrpc();
    const auto keyPem = site.keyPem();
    const auto certificate = site.certificatePem();
    const auto authority = site.authorityPem();
    if (!keyPem || !certificate || !authority)
        return fail(ErrorCode::NotFound, "The keys of the site folder {} are missing", site.folder().string());
    auto key = security::PrivateKey::fromPem(*keyPem);
    if (!key)
        return fail(key.error());
    std::unique_ptr<FleetClient> client(new FleetClient(std::move(*key), site.endpoint()));
    const auto channel = openChannel(site.endpoint(), site.studyId(), {*authority, *certificate, *keyPem});
    client->m_fleet = flwr::proto::Fleet::NewStub(channel);
    client->m_objects = std::make_unique<grpc::GenericStub>(channel);
    client->m_study = consilium::v1::Study::NewStub(channel);
    return client;
}

std::unique_ptr<FleetClient> FleetClient::connect(security::PrivateKey key, const std::string &endpoint,
                                                  const std::string &authorityPem)
{
    prepareGrpc();
    std::unique_ptr<FleetClient> client(new FleetClient(std::move(key), endpoint));
    client->m_fleet = flwr::proto::Fleet::NewStub(openSuperLinkChannel(endpoint, authorityPem));
    return client;
}

Result<AuthHeaders> FleetClient::headers()
{
    // A signature on P-384 takes a millisecond, and the host takes one that is up to a minute old.
    constexpr auto fresh = std::chrono::seconds(15);
    const std::lock_guard lock(m_mutex);
    const auto time = now();
    if (m_headers.signature.empty() || time - m_signed > fresh || time < m_signed) {
        auto made = signHeaders(m_key, time);
        if (!made)
            return made;
        m_headers = std::move(*made);
        m_signed = time;
    }
    return m_headers;
}

Result<> FleetClient::prepare(grpc::ClientContext &context, std::chrono::seconds deadline)
{
    const auto signedHeaders = headers();
    if (!signedHeaders)
        return fail(signedHeaders.error());
    context.AddMetadata(AuthHeaders::keyName, signedHeaders->publicKey);
    context.AddMetadata(AuthHeaders::timeName, signedHeaders->timestamp);
    context.AddMetadata(AuthHeaders::signatureName, signedHeaders->signature);
    context.AddMetadata(workerHeader, m_worker);
    context.set_deadline(std::chrono::system_clock::now() + deadline);
    return {};
}

Result<> FleetClient::pullMessages(const flwr::proto::PullMessagesRequest &request,
                                   flwr::proto::PullMessagesResponse &answer,
                                   const std::function<bool()> &stopRequested)
{
    grpc::ClientContext context;
    if (auto prepared = prepare(context, std::chrono::seconds(60)); !prepared)
        return prepared;
    answer.Clear();
    std::promise<grpc::Status> done;
    m_fleet->async()->PullMessages(&context, &request, &answer,
                                   [&](grpc::Status status) { done.set_value(std::move(status)); });
    auto answered = done.get_future();
    bool stopped = false;
    while (answered.wait_for(std::chrono::milliseconds(100)) != std::future_status::ready) {
        if (!stopped && stopRequested()) {
            stopped = true;
            context.TryCancel();
        }
    }
    const auto status = answered.get();
    if (stopped)
        return fail(ErrorCode::Cancelled, "Stopped on request");
    return status.ok() ? Result<>() : fail(callError(status));
}

Result<grpc::ByteBuffer> FleetClient::callObject(const char *method, const grpc::ByteBuffer &request)
{
    grpc::ClientContext context;
    if (auto prepared = prepare(context, std::chrono::seconds(120)); !prepared)
        return fail(prepared.error());
    grpc::ByteBuffer answer;
    std::promise<grpc::Status> done;
    m_objects->UnaryCall(&context, method, {}, &request, &answer,
                         [&](grpc::Status status) { done.set_value(std::move(status)); });
    const auto status = done.get_future().get();
    if (!status.ok())
        return fail(callError(status));
    return answer;
}

Result<> FleetClient::push(std::uint64_t node, std::uint64_t run, const std::string &id,
                           std::span<const grpc::Slice> bytes)
{
    const auto answer = callObject("/flwr.proto.Fleet/PushObject", pushRequest(node, run, id, bytes));
    return answer ? Result<>() : fail(answer.error());
}

Result<std::vector<grpc::Slice>> FleetClient::pull(std::uint64_t node, std::uint64_t run, const std::string &id)
{
    flwr::proto::PullObjectRequest request;
    request.mutable_node()->set_node_id(node);
    request.set_run_id(run);
    request.set_object_id(id);
    const grpc::Slice serialised(request.SerializeAsString());
    const auto answer = callObject("/flwr.proto.Fleet/PullObject", grpc::ByteBuffer(&serialised, 1));
    if (!answer)
        return fail(answer.error());
    std::vector<grpc::Slice> slices;
    if (!answer->Dump(&slices).ok())
        return fail(ErrorCode::Malformed, "The host's answer with an object cannot be read");
    const auto response = readObjectResponse(slices);
    if (!response)
        return fail(response.error());
    if (!response->found)
        return fail(ErrorCode::NotFound, "The host no longer has a part of its own message");
    if (!response->available)
        return fail(ErrorCode::Unavailable, "The host is still receiving this object");
    std::vector<grpc::Slice> pieces;
    for (const auto piece : response->content) {
        // A part of one of the slices, which it shares.
        for (const auto &slice : slices) {
            const auto *begin = reinterpret_cast<const char *>(slice.begin());
            if (piece.data() >= begin && piece.data() + piece.size() <= begin + slice.size()) {
                const auto from = static_cast<std::size_t>(piece.data() - begin);
                pieces.push_back(slice.sub(from, from + piece.size()));
                break;
            }
        }
    }
    return pieces;
}

Error FleetClient::callError(const grpc::Status &status)
{
    m_untrusted = isHandshakeFailure(status);
    return federation::callError(status, m_endpoint);
}

} // namespace consilium::federation
