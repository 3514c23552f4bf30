// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "federation/node_auth.h"
#include "federation/site_folder.h"

#include "consilium/v1/study.grpc.pb.h"
#include "flwr/proto/fleet.grpc.pb.h"

#include <atomic>
#include <functional>
#include <memory>

/// A site's side of the wire: one call each, signed, with a deadline; failures in words. Private to this library.
namespace consilium::federation {

class FleetClient
{
public:
    static Result<std::unique_ptr<FleetClient>> connect(const SiteFolder &site);
    /// To a plain SuperLink, which has no study(): `key` is the node's own, `authorityPem` the CA of the SuperLink's
    /// certificate.
    static std::unique_ptr<FleetClient> connect(security::PrivateKey key, const std::string &endpoint,
                                                const std::string &authorityPem);

    const std::string &endpoint() const { return m_endpoint; }
    flwr::proto::Fleet::Stub &fleet() { return *m_fleet; }
    consilium::v1::Study::Stub &study() { return *m_study; }
    std::string publicPem() const { return m_key.publicPem(); }
    /// Whether the newest failed call failed for want of a trusted connection: trying again may be of no use.
    bool untrusted() const { return m_untrusted; }

    /// Makes one call: `client.call(client.fleet(), &Stub::PullMessages, request, answer)`. Safe from several threads.
    template <typename Stub, typename Method, typename Request, typename Answer>
    Result<> call(Stub &stub, Method method, const Request &request, Answer &answer,
                  std::chrono::seconds deadline = std::chrono::seconds(60))
    {
        grpc::ClientContext context;
        if (auto prepared = prepare(context, deadline); !prepared)
            return prepared;
        answer.Clear();
        const grpc::Status status = (stub.*method)(&context, request, &answer);
        return status.ok() ? Result<>() : fail(callError(status));
    }

private:
    FleetClient(security::PrivateKey key, std::string endpoint) : m_key(std::move(key)), m_endpoint(std::move(endpoint))
    {
    }
    Result<> prepare(grpc::ClientContext &context, std::chrono::seconds deadline) const;
    Error callError(const grpc::Status &status);

    security::PrivateKey m_key;
    std::string m_endpoint;
    std::atomic<bool> m_untrusted{false};
    std::unique_ptr<flwr::proto::Fleet::Stub> m_fleet;
    std::unique_ptr<consilium::v1::Study::Stub> m_study;
};

} // namespace consilium::federation
