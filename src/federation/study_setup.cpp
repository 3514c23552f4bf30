// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/study_setup.h"

#include "core/clock.h"
#include "core/file.h"
#include "core/hash.h"
#include "federation/channel.h"
#include "federation/study_keys.h"
#include "security/certificate.h"
#include "security/invitation.h"
#include "storage/study_store.h"

#include <algorithm>
#include <cctype>

namespace consilium::federation {

namespace {

bool isEndpoint(const std::string &endpoint)
{
    const auto colon = endpoint.rfind(':');
    if (colon == std::string::npos || colon == 0 || colon + 1 == endpoint.size() || endpoint.size() - colon > 6)
        return false;
    return std::all_of(endpoint.begin() + static_cast<std::ptrdiff_t>(colon) + 1, endpoint.end(),
                       [](unsigned char c) { return std::isdigit(c); });
}

bool isSiteName(const std::string &name)
{
    return !name.empty() && name.size() <= 64 && std::all_of(name.begin(), name.end(), [](unsigned char c) {
        return std::isalnum(c) || c == '-' || c == '_';
    });
}

} // namespace

Result<> createStudy(const std::filesystem::path &folder, const std::string &title, const Plan &plan)
{
    const storage::StudyPaths paths{folder};
    std::error_code ignored;
    if (std::filesystem::exists(paths.manifest(), ignored))
        return failWithHint(ErrorCode::Invalid, "Choose another folder", "{} already holds a study", folder.string());
    auto authorityKey = security::PrivateKey::generate();
    auto serverKey = security::PrivateKey::generate();
    if (!authorityKey || !serverKey)
        return fail(authorityKey ? serverKey.error() : authorityKey.error());

    storage::StudyManifest manifest;
    manifest.id = randomHex(16);
    manifest.title = title;
    manifest.plan = plan;
    manifest.created = toIso(now());
    manifest.coordinatorKey = authorityKey->publicPem();
    auto authority = security::makeAuthority(*authorityKey, "Consilium study " + manifest.id);
    if (!authority)
        return fail(authority.error());
    manifest.certificate = *authority;
    const auto request = security::makeRequest(*serverKey, serverName(manifest.id));
    if (!request)
        return fail(request.error());
    const auto server = security::issueCertificate(*authorityKey, manifest.certificate, *request,
                                                   serverName(manifest.id), security::Purpose::Server);
    if (!server)
        return fail(server.error());

    const StudyKeys keys{paths.keys()};
    for (const auto &[file, text] : {std::pair{keys.authorityKey(), authorityKey->toPem()},
                                     {keys.serverKey(), serverKey->toPem()},
                                     {keys.serverCertificate(), *server}}) {
        if (auto written = writePrivateFile(file, text); !written)
            return written;
    }
    const auto store = storage::StudyStore::create(folder, manifest, authorityKey->toPem());
    if (!store)
        return fail(store.error());
    return (*store)->setValue("state", "prepared");
}

Result<> inviteSite(const std::filesystem::path &folder, const std::string &site, const std::string &endpoint,
                    const std::string &passphrase, const std::filesystem::path &out)
{
    if (!isSiteName(site))
        return fail(ErrorCode::Invalid, "The site name '{}' may hold only letters, digits, '-' and '_'", site);
    if (!isEndpoint(endpoint))
        return fail(ErrorCode::Invalid, "The endpoint '{}' is not HOST:PORT", endpoint);
    const auto store = storage::StudyStore::openShared(folder);
    if (!store)
        return fail(store.error());
    const auto token = randomHex(32);
    const auto &manifest = (*store)->manifest();
    if (auto added = (*store)->addSite(site, sha256Hex(token)); !added)
        return added;
    return security::Invitation{manifest.id, manifest.title, site, endpoint, manifest.certificate, token}.write(
        out, passphrase);
}

} // namespace consilium::federation
