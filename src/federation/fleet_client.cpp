// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/fleet_client.h"

#include "federation/channel.h"

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

Result<> FleetClient::prepare(grpc::ClientContext &context, std::chrono::seconds deadline) const
{
    auto headers = signHeaders(m_key, now());
    if (!headers)
        return fail(headers.error());
    context.AddMetadata(AuthHeaders::keyName, headers->publicKey);
    context.AddMetadata(AuthHeaders::timeName, headers->timestamp);
    context.AddMetadata(AuthHeaders::signatureName, headers->signature);
    context.set_deadline(std::chrono::system_clock::now() + deadline);
    return {};
}

Error FleetClient::callError(const grpc::Status &status)
{
    m_untrusted = isHandshakeFailure(status);
    return federation::callError(status, m_endpoint);
}

} // namespace consilium::federation
