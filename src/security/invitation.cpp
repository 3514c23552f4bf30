// SPDX-License-Identifier: GPL-3.0-or-later
#include "security/invitation.h"

#include "core/file.h"
#include "core/json.h"
#include "security/keys.h"
#include "security/seal.h"

namespace consilium::security {

Result<> Invitation::write(const std::filesystem::path &file, const std::string &passphrase) const
{
    if (passphrase.empty())
        return fail(ErrorCode::Invalid, "An invitation needs a passphrase");
    const Json inside = {{"studyId", studyId},         {"title", title}, {"site", site}, {"endpoint", endpoint},
                         {"certificate", certificate}, {"token", token}};
    const auto sealed = seal(inside.dump(), passphrase);
    if (!sealed)
        return fail(sealed.error());
    return writePrivateFile(file, Json{{"consiliumInvitation", 1}, {"sealed", toBase64(*sealed)}}.dump(2) + "\n");
}

Result<Invitation> Invitation::read(const std::filesystem::path &file, const std::string &passphrase)
{
    const auto json = readJson(file);
    if (!json)
        return fail(json.error());
    if (!json->is_object() || !json->contains("consiliumInvitation") || !json->contains("sealed") ||
        !(*json)["sealed"].is_string())
        return failWithHint(ErrorCode::Malformed, "Use the file the host sent", "{} is not an invitation",
                            file.string());
    const auto sealed = fromBase64((*json)["sealed"].get<std::string>());
    const auto inside = sealed ? unseal(*sealed, passphrase) : Result<std::string>(fail(sealed.error()));
    if (!inside)
        return fail(inside.error(), "The invitation {} cannot be opened", file.string());
    try {
        const auto fields = Json::parse(*inside);
        Invitation invitation;
        fields.at("studyId").get_to(invitation.studyId);
        fields.at("title").get_to(invitation.title);
        fields.at("site").get_to(invitation.site);
        fields.at("endpoint").get_to(invitation.endpoint);
        fields.at("certificate").get_to(invitation.certificate);
        fields.at("token").get_to(invitation.token);
        return invitation;
    } catch (const Json::exception &error) {
        return fail(ErrorCode::Malformed, "The invitation {} is incomplete: {}", file.string(), error.what());
    }
}

Result<std::string> readPassphrase(const std::filesystem::path &file)
{
    auto text = readFile(file);
    if (!text)
        return fail(text.error());
    text->erase(std::min(text->find_first_of("\r\n"), text->size()));
    if (text->empty())
        return fail(ErrorCode::Invalid, "The passphrase file {} is empty", file.string());
    return text;
}

} // namespace consilium::security
