// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/hash.h"
#include "federation/node_auth.h"
#include "federation/site_folder.h"

#include "consilium/v1/study.grpc.pb.h"
#include "flwr/proto/fleet.grpc.pb.h"

#include <atomic>
#include <functional>
#include <grpcpp/generic/generic_stub.h>
#include <memory>
#include <mutex>

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
    std::string publicPem() const { return m_key.publicPem(); }
    flwr::proto::Fleet::Stub &fleet() { return *m_fleet; }
    consilium::v1::Study::Stub &study() { return *m_study; }
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

    /// Asks for messages; the host may take its time to answer. Errors besides: Cancelled, within a tenth of a second
    /// of a stop.
    Result<> pullMessages(const flwr::proto::PullMessagesRequest &request, flwr::proto::PullMessagesResponse &answer,
                          const std::function<bool()> &stopRequested);

    /// Sends one object of a reply, in pieces that are sent from where they lie. Safe from several threads, as are all
    /// calls.
    Result<> push(std::uint64_t node, std::uint64_t run, const std::string &id, std::span<const grpc::Slice> bytes);
    /// Fetches one object, in pieces, not checked against its id. Errors: NotFound (the host has no such object);
    /// Unavailable (it is still receiving it); those of a call.
    Result<std::vector<grpc::Slice>> pull(std::uint64_t node, std::uint64_t run, const std::string &id);

private:
    FleetClient(security::PrivateKey key, std::string endpoint) : m_key(std::move(key)), m_endpoint(std::move(endpoint))
    {
    }
    Result<> prepare(grpc::ClientContext &context, std::chrono::seconds deadline);
    Error callError(const grpc::Status &status);
    Result<AuthHeaders> headers();
    Result<grpc::ByteBuffer> callObject(const char *method, const grpc::ByteBuffer &request);

    security::PrivateKey m_key;
    std::string m_endpoint;
    const std::string m_worker = randomHex(8);
    std::mutex m_mutex;
    AuthHeaders m_headers;
    TimePoint m_signed{}; ///< when m_headers were
    std::atomic<bool> m_untrusted{false};
    std::unique_ptr<grpc::GenericStub> m_objects;
    std::unique_ptr<flwr::proto::Fleet::Stub> m_fleet;
    std::unique_ptr<consilium::v1::Study::Stub> m_study;
};

} // namespace consilium::federation
