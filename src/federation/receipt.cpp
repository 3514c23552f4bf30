// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/receipt.h"

#include "core/file.h"
#include "core/hash.h"
#include "federation/study_keys.h"

#include <algorithm>

namespace consilium::federation {

namespace {

constexpr int receiptFormat = 1;

Json toJson(const ReceiptSite &site)
{
    if (!site.counted)
        return {{"site", site.site}, {"counted", false}, {"reason", site.reason}};
    return {{"site", site.site},          {"counted", true},
            {"update", site.update},      {"samples", site.samples},
            {"steps", site.steps},        {"normalisedSteps", site.normalisedSteps},
            {"score", site.score},        {"weight", site.weight},
            {"norm", site.norm},          {"encoding", site.encoding},
            {"baseRound", site.baseRound}};
}

ReceiptSite siteFromJson(const Json &json)
{
    ReceiptSite site;
    json.at("site").get_to(site.site);
    json.at("counted").get_to(site.counted);
    if (!site.counted) {
        json.at("reason").get_to(site.reason);
        return site;
    }
    json.at("update").get_to(site.update);
    json.at("samples").get_to(site.samples);
    json.at("steps").get_to(site.steps);
    json.at("normalisedSteps").get_to(site.normalisedSteps);
    json.at("score").get_to(site.score);
    json.at("weight").get_to(site.weight);
    json.at("norm").get_to(site.norm);
    json.at("encoding").get_to(site.encoding);
    json.at("baseRound").get_to(site.baseRound);
    return site;
}

Result<security::PrivateKey> authorityKey(const storage::StudyStore &store)
{
    const auto pem = readFile(StudyKeys{store.paths().keys()}.authorityKey());
    if (!pem)
        return fail(pem.error(), "The study's own key");
    auto key = security::PrivateKey::fromPem(*pem);
    if (!key)
        return fail(key.error(), "The study's own key");
    return key;
}

Result<std::optional<Receipt>> parsed(const Result<std::optional<storage::ReceiptRow>> &row)
{
    if (!row)
        return fail(row.error());
    if (!*row)
        return std::optional<Receipt>{};
    const auto json = parseJson((*row)->content);
    auto receipt = json ? Receipt::fromJson(*json) : Result<Receipt>(fail(json.error()));
    if (!receipt)
        return fail(receipt.error(), "The receipt of round {}", (*row)->round);
    return std::optional<Receipt>(std::move(*receipt));
}

/// Whether two receipts say the same of their round, whenever they were written.
bool sayTheSame(const Receipt &one, const Receipt &other)
{
    auto a = one.toJson(), b = other.toJson();
    for (const auto *moment : {"time", "audit", "previous"}) {
        a.erase(moment);
        b.erase(moment);
    }
    return a == b;
}

Result<> writeReceiptFile(const storage::StudyPaths &paths, const storage::ReceiptRow &row)
{
    auto json = parseJson(row.content);
    if (!json)
        return fail(json.error());
    (*json)["signature"] = row.signature;
    if (const auto there = readJson(paths.receipt(row.round)); there && *there == *json)
        return {};
    return writeJson(paths.receipt(row.round), *json);
}

} // namespace

Json Receipt::toJson() const
{
    Json all = Json::array();
    for (const auto &site : sites)
        all.push_back(federation::toJson(site));
    return {{"format", format},
            {"study", study},
            {"round", round},
            {"planHash", planHash},
            {"strategy", strategy},
            {"sites", std::move(all)},
            {"model", {{"before", modelBefore}, {"after", modelAfter}}},
            {"memory", memory.empty() ? Json() : Json(memory)},
            {"audit", {{"sequence", auditSequence}, {"hash", auditHash}}},
            {"previous", previous},
            {"time", time}};
}

Result<Receipt> Receipt::fromJson(const Json &json)
{
    try {
        Receipt receipt;
        json.at("format").get_to(receipt.format);
        if (receipt.format > receiptFormat)
            return failWithHint(ErrorCode::Unsupported, "Open it with the newer version",
                                "It was written by a newer version of Consilium");
        json.at("study").get_to(receipt.study);
        json.at("round").get_to(receipt.round);
        json.at("planHash").get_to(receipt.planHash);
        receipt.strategy = json.at("strategy");
        for (const auto &site : json.at("sites"))
            receipt.sites.push_back(siteFromJson(site));
        json.at("model").at("before").get_to(receipt.modelBefore);
        json.at("model").at("after").get_to(receipt.modelAfter);
        if (const auto &memory = json.at("memory"); !memory.is_null())
            memory.get_to(receipt.memory);
        json.at("audit").at("sequence").get_to(receipt.auditSequence);
        json.at("audit").at("hash").get_to(receipt.auditHash);
        json.at("previous").get_to(receipt.previous);
        json.at("time").get_to(receipt.time);
        return receipt;
    } catch (const Json::exception &error) {
        return fail(ErrorCode::Malformed, "It is no receipt: {}", error.what());
    }
}

Result<std::string> Receipt::canonical() const
{
    return canonicalJson(toJson());
}

std::string receiptHash(std::string_view canonical)
{
    return sha256Hex(canonical);
}

Result<Receipt> draftReceipt(storage::StudyStore &store, int round, const std::filesystem::path &memory)
{
    const auto siteRounds = store.siteRounds(round);
    const auto updates = store.updates(round);
    if (!siteRounds || !updates)
        return fail(siteRounds ? updates.error() : siteRounds.error());
    const auto &plan = store.manifest().plan;
    Receipt receipt;
    receipt.study = store.manifest().id;
    receipt.round = round;
    receipt.planHash = plan.hash();
    receipt.strategy = plan.toJson().at("federation").at("strategy");
    for (const auto &row : *siteRounds) {
        ReceiptSite site;
        site.site = row.site;
        site.counted = row.state == SiteState::Counted;
        const auto update = std::find_if(updates->begin(), updates->end(),
                                         [&](const auto &candidate) { return candidate.site == row.site; });
        if (!site.counted || update == updates->end()) {
            site.counted = false;
            site.reason = row.detail.empty() ? fmt::format("it had come as far as '{}'", name(row.state)) : row.detail;
            receipt.sites.push_back(std::move(site));
            continue;
        }
        site.update = update->sha256;
        site.samples = update->samples;
        site.steps = update->steps;
        site.normalisedSteps = update->normalisedSteps;
        site.score = update->score;
        site.weight = update->weight;
        site.norm = update->norm;
        site.encoding = update->encoding;
        site.baseRound = update->baseRound;
        receipt.sites.push_back(std::move(site));
    }
    // The model before was hashed for the last receipt; models are written once.
    const auto before = parsed(store.receiptBefore(round));
    if (!before)
        return fail(before.error());
    if (*before && (*before)->round == round - 1) {
        receipt.modelBefore = (*before)->modelAfter;
    } else {
        auto hash = sha256OfFile(store.paths().model(round - 1));
        if (!hash)
            return fail(hash.error());
        receipt.modelBefore = std::move(*hash);
    }
    auto after = sha256OfFile(store.paths().model(round));
    if (!after)
        return fail(after.error());
    receipt.modelAfter = std::move(*after);
    if (!memory.empty()) {
        auto hash = sha256OfFile(memory);
        if (!hash && hash.error().code != ErrorCode::NotFound)
            return fail(hash.error());
        receipt.memory = hash.value_or(std::string());
    }
    return receipt;
}

Result<> writeReceipt(storage::StudyStore &store, Receipt receipt)
{
    const auto row = store.receipt(receipt.round);
    const auto stored = parsed(row);
    if (!stored)
        return fail(stored.error());
    if (*stored && sayTheSame(**stored, receipt))
        return writeReceiptFile(store.paths(), **row);
    if (*stored) {
        const auto later = store.hasReceiptAfter(receipt.round);
        const auto state = store.round(receipt.round);
        if (!later || !state)
            return fail(!later ? later.error() : state.error());
        if (*later || (*state && (*state)->state == RoundState::Closed))
            return failWithHint(ErrorCode::Refused, "Run 'consilium-node verify' on the study",
                                "The receipt of round {} stands, and what is known of the round now differs from it",
                                receipt.round);
    }
    const auto key = authorityKey(store);
    if (!key)
        return fail(key.error());
    const auto head = store.auditHead();
    const auto before = store.receiptBefore(receipt.round);
    if (!head || !before)
        return fail(!head ? head.error() : before.error());
    receipt.auditSequence = head->sequence;
    receipt.auditHash = head->hash;
    receipt.previous = *before ? receiptHash((*before)->content) : storage::chainAnchor(receipt.study);
    receipt.time = toIso(now());
    auto canonical = receipt.canonical();
    if (!canonical)
        return fail(canonical.error(), "The receipt of round {}", receipt.round);
    const auto signature = key->sign(*canonical);
    if (!signature)
        return fail(signature.error());
    storage::AuditEntry entry{"receipt", {}, receipt.round, {{"receipt", receiptHash(*canonical)}}};
    if (*row)
        entry.details["replaced"] = receiptHash((*row)->content);
    const storage::ReceiptRow signedRow{receipt.round, std::move(*canonical), security::toBase64(*signature)};
    if (auto put = store.putReceipt(signedRow, entry); !put)
        return put;
    return writeReceiptFile(store.paths(), signedRow);
}

Result<std::string> canonicalSeal(const std::string &study, const storage::AuditHead &head)
{
    return canonicalJson({{"study", study}, {"sequence", head.sequence}, {"hash", head.hash}});
}

Result<> finishStudy(storage::StudyStore &store)
{
    const auto state = store.value("state"), seal = store.value("auditSeal"), ended = store.value("ended");
    if (!state || !seal || !ended)
        return fail(!state ? state.error() : !seal ? seal.error() : ended.error());
    if (*state == "finished" && !seal->empty())
        return {};
    const auto key = authorityKey(store);
    if (!key)
        return fail(key.error());
    // A study that a version without seals finished keeps its moment.
    const auto moment = *state == "finished" ? fromIso(*ended).value_or(now()) : now();
    return store.finish(moment, [&](const storage::AuditHead &head) -> Result<std::string> {
        const auto canonical = canonicalSeal(store.manifest().id, head);
        if (!canonical)
            return fail(canonical.error());
        const auto signature = key->sign(*canonical);
        if (!signature)
            return fail(signature.error());
        auto signedSeal = parseJson(*canonical);
        (*signedSeal)["signature"] = security::toBase64(*signature);
        return signedSeal->dump();
    });
}

} // namespace consilium::federation
