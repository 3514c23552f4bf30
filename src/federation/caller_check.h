// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "federation/node_auth.h"
#include "storage/study_store.h"

#include <functional>
#include <grpcpp/grpcpp.h>
#include <map>
#include <mutex>

/// Private to this library.
namespace consilium::federation {

/// Name of the header in which a worker of ours says which of a site's workers it is: random, new at every start.
inline constexpr auto workerHeader = "consilium-worker";

/// Says which site calls: the certificate of the TLS connection, the three signed headers, and that both are one key.
/// What was proven once for a connection's certificate and a signature is not worked out again: a signature on P-384
/// takes longer to check than a small message to serve. Safe from several threads.
class CallerCheck
{
public:
    /// `skewed` is told of sites of this study whose clock is too far off to be heard, at most once a site and hour.
    using Skewed = std::function<void(const std::string &site, const Error &error)>;
    CallerCheck(storage::StudyStore &store, Skewed skewed) : m_store(store), m_skewed(std::move(skewed)) {}

    struct Caller
    {
        storage::SiteIdentity site;
        std::string worker; ///< empty: it does not say
    };
    /// Errors: Refused, in words.
    Result<Caller> operator()(const grpc::ServerContextBase &context);

private:
    struct Known
    {
        AuthHeaders headers;
        std::string certificate;
        storage::SiteIdentity site;
    };
    Result<storage::SiteIdentity> prove(const AuthHeaders &headers, std::string_view certificate);

    Result<> checkClock(const std::string &site, const AuthHeaders &headers);

    storage::StudyStore &m_store;
    Skewed m_skewed;
    std::mutex m_mutex;
    std::map<std::string, TimePoint> m_told; ///< of skewed clocks
    std::map<std::string, Known> m_known;    ///< by public key as sent; of enrolled sites alone
};

} // namespace consilium::federation
