// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/study_manifest.h"

#include "security/keys.h"
#include "storage/study.h"

namespace consilium::storage {

namespace {

constexpr int manifestFormat = 1;

Json unsignedJson(const StudyManifest &manifest)
{
    return {{"format", manifestFormat},
            {"id", manifest.id},
            {"title", manifest.title},
            {"plan", manifest.plan.toJson()},
            {"created", manifest.created},
            {"coordinatorKey", manifest.coordinatorKey},
            {"certificate", manifest.certificate}};
}

} // namespace

Result<> StudyManifest::write(const std::filesystem::path &folder, const std::string &privateKeyPem) const
{
    auto json = unsignedJson(*this);
    const auto canonical = canonicalJson(json);
    if (!canonical)
        return fail(canonical.error());
    const auto key = security::PrivateKey::fromPem(privateKeyPem);
    if (!key)
        return fail(key.error());
    const auto signature = key->sign(*canonical);
    if (!signature)
        return fail(signature.error());
    json["signature"] = security::toBase64(*signature);
    return writeJson(StudyPaths{folder}.manifest(), json);
}

Result<StudyManifest> StudyManifest::read(const std::filesystem::path &folder)
{
    const auto file = StudyPaths{folder}.manifest();
    auto json = readJson(file);
    if (!json && json.error().code == ErrorCode::NotFound)
        return failWithHint(ErrorCode::NotFound, "Choose the folder that holds study.json", "{} is not a study folder",
                            folder.string());
    if (!json)
        return fail(json.error());
    try {
        if (json->at("format").get<int>() > manifestFormat)
            return failWithHint(ErrorCode::Unsupported, "Open it with the newer version",
                                "{} was written by a newer version of Consilium", file.string());
        StudyManifest manifest;
        json->at("id").get_to(manifest.id);
        json->at("title").get_to(manifest.title);
        json->at("created").get_to(manifest.created);
        json->at("coordinatorKey").get_to(manifest.coordinatorKey);
        json->at("certificate").get_to(manifest.certificate);
        auto plan = Plan::fromJson(json->at("plan"));
        if (!plan)
            return fail(plan.error(), "{}", file.string());
        manifest.plan = std::move(*plan);
        const auto signature = security::fromBase64(json->at("signature").get<std::string>());
        json->erase("signature");
        const auto canonical = canonicalJson(*json);
        if (!signature || !canonical || !security::verify(manifest.coordinatorKey, *canonical, *signature))
            return failWithHint(ErrorCode::Refused, "Restore study.json from a copy",
                                "{} was changed after it was signed", file.string());
        return manifest;
    } catch (const Json::exception &error) {
        return fail(ErrorCode::Malformed, "{} is not a study manifest: {}", file.string(), error.what());
    }
}

} // namespace consilium::storage
