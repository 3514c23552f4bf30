// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/site_folder.h"

#include "core/file.h"
#include "core/hash.h"
#include "federation/channel.h"
#include "security/certificate.h"

#include "consilium/v1/study.grpc.pb.h"

namespace consilium::federation {

namespace {

std::filesystem::path description(const std::filesystem::path &folder)
{
    return folder / "site.json";
}
std::filesystem::path keyFile(const std::filesystem::path &folder)
{
    return folder / "keys" / "site-key.pem";
}
std::filesystem::path certificateFile(const std::filesystem::path &folder)
{
    return folder / "keys" / "site-certificate.pem";
}
std::filesystem::path authorityFile(const std::filesystem::path &folder)
{
    return folder / "keys" / "study-authority.pem";
}
std::filesystem::path consentFile(const std::filesystem::path &folder)
{
    return folder / "consent.json";
}

Result<security::PrivateKey> keyOf(const std::filesystem::path &folder)
{
    std::error_code ignored;
    if (std::filesystem::exists(keyFile(folder), ignored)) {
        const auto pem = readFile(keyFile(folder));
        return pem ? security::PrivateKey::fromPem(*pem) : Result<security::PrivateKey>(fail(pem.error()));
    }
    auto key = security::PrivateKey::generate();
    if (key) {
        if (auto written = writePrivateFile(keyFile(folder), key->toPem()); !written)
            return fail(written.error());
    }
    return key;
}

} // namespace

Result<SiteFolder> SiteFolder::enrol(const security::Invitation &invitation, const std::filesystem::path &folder)
{
    prepareGrpc();
    std::error_code ignored;
    if (std::filesystem::exists(description(folder), ignored)) {
        auto existing = open(folder);
        if (existing && existing->studyId() != invitation.studyId)
            return failWithHint(ErrorCode::Invalid, "Choose an empty folder", "{} belongs to another study ({})",
                                folder.string(), existing->title());
        if (existing)
            return existing;
    }
    const auto key = keyOf(folder);
    if (!key)
        return fail(key.error());
    const auto request = security::makeRequest(*key, invitation.site);
    if (!request)
        return fail(request.error());

    const auto stub = consilium::v1::Study::NewStub(
        openChannel(invitation.endpoint, invitation.studyId, {invitation.certificate, {}, {}}));
    grpc::ClientContext context;
    context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(20));
    context.set_wait_for_ready(true);
    consilium::v1::EnrolRequest question;
    consilium::v1::EnrolResponse answer;
    question.set_token(invitation.token);
    question.set_certificate_request(*request);
    if (const auto status = stub->Enrol(&context, question, &answer); !status.ok())
        return fail(callError(status, invitation.endpoint));
    const auto json = parseJson(answer.plan());
    const auto plan = json ? Plan::fromJson(*json) : Result<Plan>(fail(json.error()));
    if (!plan)
        return fail(plan.error(), "The host's plan");
    if (auto written = writePrivateFile(certificateFile(folder), answer.certificate()); !written)
        return fail(written.error());
    if (auto written = writeFileAtomically(authorityFile(folder), invitation.certificate); !written)
        return fail(written.error());
    // Last: a folder without it is not enrolled yet.
    if (auto written = writeJson(description(folder), {{"format", 1},
                                                       {"studyId", invitation.studyId},
                                                       {"title", invitation.title},
                                                       {"site", answer.site()},
                                                       {"endpoint", invitation.endpoint},
                                                       {"plan", *json}});
        !written)
        return fail(written.error());
    auto site = open(folder);
    if (site) {
        if (auto linked = site->audit(
                "enrolled", 0,
                {{"plan", plan->hash()}, {"host", invitation.endpoint}, {"key", sha256Hex(key->publicPem())}});
            !linked)
            return fail(linked.error());
    }
    return site;
}

Result<SiteFolder> SiteFolder::open(const std::filesystem::path &folder)
{
    const auto json = readJson(description(folder));
    if (!json && json.error().code == ErrorCode::NotFound)
        return failWithHint(ErrorCode::NotFound, "Run 'consilium-node enrol' with the host's invitation first",
                            "{} is not a site folder", folder.string());
    if (!json)
        return fail(json.error());
    try {
        SiteFolder site;
        site.m_folder = folder;
        json->at("studyId").get_to(site.m_studyId);
        json->at("title").get_to(site.m_title);
        json->at("site").get_to(site.m_site);
        json->at("endpoint").get_to(site.m_endpoint);
        auto plan = Plan::fromJson(json->at("plan"));
        if (!plan)
            return fail(plan.error(), "{}", description(folder).string());
        site.m_plan = std::move(*plan);
        return site;
    } catch (const Json::exception &error) {
        return fail(ErrorCode::Malformed, "{} is incomplete: {}", description(folder).string(), error.what());
    }
}

Result<std::string> SiteFolder::keyPem() const
{
    return readFile(keyFile(m_folder));
}
Result<std::string> SiteFolder::certificatePem() const
{
    return readFile(certificateFile(m_folder));
}
Result<std::string> SiteFolder::authorityPem() const
{
    return readFile(authorityFile(m_folder));
}

Result<std::optional<Consent>> SiteFolder::consent() const
{
    const auto json = readJson(consentFile(m_folder));
    if (!json && json.error().code == ErrorCode::NotFound)
        return std::optional<Consent>{};
    if (!json)
        return fail(json.error());
    try {
        return Consent{json->at("planHash").get<std::string>(), json->at("data").get<std::string>(),
                       json->at("approved").get<std::string>()};
    } catch (const Json::exception &error) {
        return fail(ErrorCode::Malformed, "{} is incomplete: {}", consentFile(m_folder).string(), error.what());
    }
}

Result<> SiteFolder::audit(const std::string &event, int round, const Json &details) const
{
    return auditLog().append({event, m_site, round, details});
}

Result<> SiteFolder::approve(const Consent &consent) const
{
    // First: nothing is ever in force that the chain does not know.
    if (auto linked = audit("approved", 0, {{"plan", consent.planHash}, {"data", consent.data.string()}}); !linked)
        return linked;
    return writeJson(consentFile(m_folder),
                     {{"planHash", consent.planHash}, {"data", consent.data.string()}, {"approved", consent.approved}});
}

} // namespace consilium::federation
