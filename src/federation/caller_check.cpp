// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/caller_check.h"

#include "security/certificate.h"

#include <grpc/grpc_security_constants.h>

namespace consilium::federation {

namespace {

std::string header(const grpc::ServerContextBase &context, const char *name)
{
    const auto found = context.client_metadata().find(name);
    return found == context.client_metadata().end() ? std::string()
                                                    : std::string(found->second.data(), found->second.size());
}

} // namespace

Result<CallerCheck::Caller> CallerCheck::operator()(const grpc::ServerContextBase &context)
{
    const AuthHeaders headers{header(context, AuthHeaders::keyName), header(context, AuthHeaders::timeName),
                              header(context, AuthHeaders::signatureName)};
    const auto certificates = context.auth_context()->FindPropertyValues(GRPC_X509_PEM_CERT_PROPERTY_NAME);
    if (certificates.empty()) {
        // A caller that is not even signed hears that first.
        const auto good = checkSignature(headers);
        return good ? Result<Caller>(fail(ErrorCode::Refused, "The connection shows no certificate of this study"))
                    : Result<Caller>(fail(good.error()));
    }
    const std::string_view certificate(certificates[0].data(), certificates[0].size());
    Caller caller{{}, header(context, workerHeader)};
    bool proven = false;
    {
        const std::lock_guard lock(m_mutex);
        const auto known = m_known.find(headers.publicKey);
        proven = known != m_known.end() && known->second.headers.signature == headers.signature &&
                 known->second.headers.timestamp == headers.timestamp && known->second.certificate == certificate;
        if (proven)
            caller.site = known->second.site;
    }
    if (!proven) {
        auto site = prove(headers, certificate);
        if (!site)
            return fail(site.error());
        caller.site = std::move(*site);
    }
    if (auto good = checkClock(caller.site.name, headers); !good)
        return fail(good.error());
    if (!proven) {
        const std::lock_guard lock(m_mutex);
        m_known[headers.publicKey] = {headers, std::string(certificate), caller.site};
    }
    return caller;
}

Result<> CallerCheck::checkClock(const std::string &site, const AuthHeaders &headers)
{
    const auto time = now();
    auto good = checkAge(headers, time);
    if (good)
        return good;
    {
        const std::lock_guard lock(m_mutex);
        auto &told = m_told[site];
        if (time - told < std::chrono::hours(1))
            return good;
        told = time;
    }
    m_skewed(site, good.error());
    return good;
}

Result<storage::SiteIdentity> CallerCheck::prove(const AuthHeaders &headers, std::string_view certificate)
{
    if (auto good = checkSignature(headers); !good)
        return fail(good.error());
    const auto key = security::normalisedPublicPem(headers.publicKey);
    if (!key)
        return fail(key.error());
    const auto shown = security::publicKeyOfCertificate(certificate);
    if (!shown || *shown != *key)
        return fail(ErrorCode::Refused, "The connection's certificate belongs to another key");
    auto site = m_store.siteByKey(*key);
    if (!site)
        return fail(site.error());
    if (!*site)
        return fail(ErrorCode::Refused, "This key is not enrolled in the study");
    return std::move(**site);
}

} // namespace consilium::federation
