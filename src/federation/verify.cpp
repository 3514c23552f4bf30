// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/verify.h"

#include "core/hash.h"
#include "federation/site_folder.h"
#include "federation/study_verification.h"

namespace consilium::federation {

namespace fs = std::filesystem;

Result<> StudyVerification::readManifest()
{
    const auto raw = readJson(m_paths.manifest());
    if (raw && raw->is_object()) {
        const auto text = [&](const char *key) {
            const auto found = raw->find(key);
            return found != raw->end() && found->is_string() ? found->get<std::string>() : std::string();
        };
        verified.study = text("id");
        verified.title = text("title");
        m_key = text("coordinatorKey");
        // As the version that made the study wrote its plan: a later one may know more keys.
        if (const auto plan = raw->find("plan"); plan != raw->end()) {
            if (const auto canonical = canonicalJson(*plan))
                m_planHashes.push_back(sha256Hex(*canonical));
        }
    }
    auto manifest = storage::StudyManifest::read(m_paths.folder);
    if (manifest) {
        m_planHashes.push_back(manifest->plan.hash());
        ok("manifest", fmt::format("study.json is as the coordinator signed it; key SHA-256 {}", sha256Hex(m_key)));
        m_manifest = std::move(*manifest);
        return {};
    }
    const auto code = manifest.error().code;
    if (code == ErrorCode::NotFound || code == ErrorCode::Unsupported || code == ErrorCode::Io)
        return fail(manifest.error());
    failed("manifest", 0, manifest.error().line());
    return {};
}

std::optional<storage::AuditHead> StudyVerification::seal()
{
    const bool finished = m_ledger.values["state"] == "finished";
    const auto text = m_ledger.values.find("auditSeal");
    if (text == m_ledger.values.end()) {
        if (finished && m_receiptHashes.empty())
            notChecked("audit", 0, "The study was finished by a version that sealed no audit chain");
        else if (finished)
            failed("audit", 0, "The study is finished, but the end of its audit chain is not sealed");
        return std::nullopt;
    }
    const auto json = Json::parse(text->second, nullptr, false);
    try {
        storage::AuditHead head;
        json.at("sequence").get_to(head.sequence);
        json.at("hash").get_to(head.hash);
        const auto signature = security::fromBase64(json.at("signature").get<std::string>());
        const auto canonical = canonicalSeal(verified.study, head);
        if (signature && canonical && security::verify(m_key, *canonical, *signature))
            return head;
    } catch (const Json::exception &) {
        // Said below: whatever it is, it is not what the coordinator signed.
    }
    failed("audit", 0, "The seal at the end of the audit chain is not the coordinator's");
    return std::nullopt;
}

Result<> StudyVerification::checkAudit()
{
    if (!m_ledger.audited) {
        notChecked("audit", 0,
                   "The study was written by a version without audit chain; it gets one when the host goes on");
        return {};
    }
    // What was signed of the chain, by place in it.
    std::map<std::int64_t, std::pair<std::string, std::string>> anchors; // hash, and who holds it
    for (const auto &[round, receipt] : m_receipts)
        anchors[receipt.auditSequence] = {receipt.auditHash, fmt::format("the receipt of round {}", round)};
    if (const auto sealed = seal())
        anchors[sealed->sequence] = {sealed->hash, "the seal of the finished study"};
    storage::AuditCheck chain(storage::chainAnchor(verified.study));
    std::string problem;
    const auto read = m_ledger.eachLink([&](const storage::AuditLink &link) {
        if (auto broken = chain.add(link)) {
            problem = std::move(*broken);
            return false;
        }
        if (const auto anchor = anchors.find(link.sequence); anchor != anchors.end()) {
            if (anchor->second.first != link.hash) {
                problem = fmt::format("{} is another one than {} holds", link.words(), anchor->second.second);
                return false;
            }
            anchors.erase(anchor);
        }
        const auto details = Json::parse(link.details, nullptr, false);
        if (link.event == "receipt")
            m_linkedReceipts[link.round] = details.value("receipt", std::string());
        else if (link.event == "audit-begun")
            m_before = details.value("closedRounds", 0);
        return true;
    });
    if (!read)
        return read;
    if (problem.empty() && !anchors.empty())
        problem = fmt::format("it ends with link {}, but {} holds link {}: its end was taken out", chain.links(),
                              anchors.begin()->second.second, anchors.begin()->first);
    if (problem.empty() && chain.links() == 0)
        problem = "it has no links";
    if (!problem.empty()) {
        failed("audit", 0, "The audit chain is broken: " + problem);
        // What it says of receipts cannot be relied on.
        m_linkedReceipts.clear();
        return {};
    }
    m_chainHolds = true;
    if (!anyFailed("audit"))
        ok("audit", fmt::format("The audit chain's {} follow on each other",
                                counted(static_cast<std::size_t>(chain.links()), "link", "links")));
    return {};
}

std::string_view name(Outcome outcome)
{
    switch (outcome) {
    case Outcome::Ok: return "ok";
    case Outcome::Failed: return "failed";
    case Outcome::NotChecked: break;
    }
    return "not checked";
}

bool Verified::holds() const
{
    return std::none_of(findings.begin(), findings.end(),
                        [](const Finding &finding) { return finding.outcome == Outcome::Failed; });
}

Json Verified::toJson() const
{
    Json checks = Json::array();
    for (const auto &finding : findings)
        checks.push_back({{"check", finding.check},
                          {"outcome", name(finding.outcome)},
                          {"text", finding.text},
                          {"round", finding.round > 0 ? Json(finding.round) : Json()}});
    return {{"study", study}, {"title", title}, {"verified", holds()}, {"checks", std::move(checks)}};
}

Result<Verified> verifyStudy(const fs::path &folder, const Recompute &recompute)
{
    std::error_code ignored;
    if (!fs::exists(storage::StudyPaths{folder}.manifest(), ignored))
        return failWithHint(ErrorCode::NotFound, "Choose the folder that holds study.json", "{} is not a study folder",
                            folder.string());
    auto ledger = storage::Ledger::open(folder);
    if (!ledger)
        return fail(ledger.error());
    StudyVerification study(folder, std::move(*ledger));
    if (auto read = study.readManifest(); !read)
        return fail(read.error());
    study.parseReceipts();
    if (auto checked = study.checkAudit(); !checked)
        return fail(checked.error());
    study.checkReceipts();
    for (const auto check : {&StudyVerification::checkModels, &StudyVerification::checkBest}) {
        if (auto checked = (study.*check)(); !checked)
            return fail(checked.error());
    }
    if (auto checked = study.recompute(recompute); !checked)
        return fail(checked.error());
    return std::move(study.verified);
}

Result<Verified> verifySite(const fs::path &folder)
{
    const auto site = SiteFolder::open(folder);
    if (!site)
        return fail(site.error());
    const auto state = site->auditLog().check();
    if (!state)
        return fail(state.error());
    Verified verified{site->studyId(), site->title(), {}};
    if (!state->problem.empty())
        verified.findings.push_back({"audit", Outcome::Failed,
                                     fmt::format("The audit chain of {} is broken: {}", site->site(), state->problem)});
    else if (state->links == 0)
        verified.findings.push_back(
            {"audit", Outcome::NotChecked, fmt::format("{} has no audit chain yet", site->site())});
    else
        verified.findings.push_back({"audit", Outcome::Ok,
                                     fmt::format("The audit chain of {}: its {} follow on each other", site->site(),
                                                 counted(static_cast<std::size_t>(state->links), "link", "links"))});
    return verified;
}

} // namespace consilium::federation
