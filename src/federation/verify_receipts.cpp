// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hash.h"
#include "federation/study_verification.h"

#include <set>

namespace consilium::federation {

void StudyVerification::parseReceipts()
{
    for (const auto &row : m_ledger.receipts) {
        const auto json = parseJson(row.content);
        auto receipt = json ? Receipt::fromJson(*json) : Result<Receipt>(fail(json.error()));
        m_receiptHashes[row.round] = receiptHash(row.content);
        if (receipt)
            m_receipts[row.round] = std::move(*receipt);
        else
            failed("receipts", row.round,
                   fmt::format("The receipt of round {} cannot be read: {}", row.round, receipt.error().message));
    }
}

void StudyVerification::checkReceipt(int round, const storage::ReceiptRow &row)
{
    const auto &receipt = m_receipts.at(round);
    const auto problem = [&](const std::string &text) {
        failed("receipts", round, fmt::format("The receipt of round {} {}", round, text));
    };
    const auto signature = security::fromBase64(row.signature);
    if (!signature || !security::verify(m_key, row.content, *signature))
        problem("does not bear the coordinator's signature: it was changed, or signed by another key");
    if (receipt.study != verified.study)
        problem("belongs to another study");
    if (receipt.round != round)
        problem(fmt::format("is that of round {}", receipt.round));
    if (std::find(m_planHashes.begin(), m_planHashes.end(), receipt.planHash) == m_planHashes.end())
        problem(fmt::format("is of another plan ({}) than study.json holds", shortHash(receipt.planHash)));
    // Of a plan written by an older version the strategy may lack what later ones say besides.
    if (m_manifest && m_manifest->plan.toJson().at("federation").at("strategy") != receipt.strategy &&
        m_planHashes.back() == receipt.planHash)
        problem("names another strategy than the plan");
    if (receipt.previous != m_previous)
        problem("does not hold the hash of the receipt before it: one was changed or taken out");
    const auto linked = m_linkedReceipts.find(round);
    if (linked != m_linkedReceipts.end() && linked->second != m_receiptHashes.at(round))
        problem("is not the one that the audit chain holds");
    if (linked == m_linkedReceipts.end() && m_chainHolds)
        problem("is not in the audit chain: the chain's end was taken out");
}

void StudyVerification::checkReceiptFile(int round, const storage::ReceiptRow &row)
{
    const auto file = m_paths.receipt(round);
    const auto copy = readJson(file);
    const auto state = m_ledger.rounds.find(round);
    if (!copy && copy.error().code == ErrorCode::NotFound && state != m_ledger.rounds.end() &&
        state->second != RoundState::Closed) {
        // Written after study.db and before the round is closed: a host that was stopped in between makes it good.
        notChecked("receipts", round, fmt::format("{} is not written yet", file.string()));
        return;
    }
    if (!copy) {
        failed("receipts", round, copy.error().message);
        return;
    }
    auto expected = m_receipts.at(round).toJson();
    expected["signature"] = row.signature;
    if (*copy != expected)
        failed("receipts", round, fmt::format("{} differs from the receipt in study.db", file.string()));
}

void StudyVerification::checkCompleteness()
{
    std::map<int, std::string> missing;
    int before = m_before;
    for (const auto &[round, hash] : m_receiptHashes) {
        for (int gap = before + 1; gap < round; ++gap)
            missing[gap] = fmt::format("Round {} has no receipt, though a later one has", gap);
        before = round;
    }
    for (const auto &[round, state] : m_ledger.rounds) {
        if (state == RoundState::Closed && round > m_before && !m_receiptHashes.contains(round))
            missing[round] = fmt::format("Round {} is closed without a receipt", round);
    }
    for (const auto &[round, hash] : m_linkedReceipts) {
        if (!m_receiptHashes.contains(round))
            missing[round] = fmt::format("The receipt of round {} was taken out: the audit chain holds it", round);
    }
    for (auto &[round, text] : missing)
        failed("receipts", round, std::move(text));
}

void StudyVerification::checkStrayFiles()
{
    const int newest = m_receiptHashes.empty() ? 0 : m_receiptHashes.rbegin()->first;
    std::set<std::filesystem::path> known;
    for (const auto &[round, hash] : m_receiptHashes)
        known.insert(m_paths.receipt(round).filename());
    // A host that is running may be writing it.
    if (m_ledger.values["state"] == "running")
        known.insert(m_paths.receipt(newest + 1).filename());
    std::error_code error;
    for (std::filesystem::directory_iterator it(m_paths.folder / "receipts", error), end; !error && it != end;
         it.increment(error)) {
        if (it->path().extension() == ".json" && !known.contains(it->path().filename()))
            failed("receipts", 0, fmt::format("{} is not in study.db", it->path().string()));
    }
}

void StudyVerification::checkReceipts()
{
    m_previous = storage::chainAnchor(verified.study);
    for (const auto &row : m_ledger.receipts) {
        if (m_receipts.contains(row.round)) {
            checkReceipt(row.round, row);
            checkReceiptFile(row.round, row);
        }
        m_previous = m_receiptHashes.at(row.round);
    }
    checkCompleteness();
    checkStrayFiles();
    if (m_before > 0)
        notChecked("receipts", 0,
                   fmt::format("Rounds up to {} were closed by a version that wrote no receipts", m_before));
    if (anyFailed("receipts"))
        return;
    if (m_receipts.empty())
        notChecked("receipts", 0, "There are no receipts: no round is closed yet");
    else
        ok("receipts", fmt::format("The receipts of {} are signed by the coordinator and follow on each other",
                                   counted(m_receipts.size(), "round", "rounds")));
}

} // namespace consilium::federation
