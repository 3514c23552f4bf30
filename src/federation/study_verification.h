// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "federation/receipt.h"
#include "federation/verify.h"
#include "storage/ledger.h"

#include <algorithm>
#include <map>

/// Private to this library.
namespace consilium::federation {

/// "1 round", "3 rounds"
inline std::string counted(std::size_t count, std::string_view one, std::string_view many)
{
    return fmt::format("{} {}", count, count == 1 ? one : many);
}

inline std::string shortHash(const std::string &hash)
{
    return hash.substr(0, 12);
}

/// The checks of verifyStudy, in the order in which they are to be called: each adds its findings.
class StudyVerification
{
public:
    StudyVerification(const std::filesystem::path &folder, storage::Ledger ledger)
        : m_paths{folder}, m_ledger(std::move(ledger))
    {
    }

    Result<> readManifest();
    void parseReceipts();
    Result<> checkAudit();
    void checkReceipts();
    Result<> checkModels();
    Result<> checkBest();
    Result<> recompute(const Recompute &recompute);

    Verified verified;

private:
    void failed(const std::string &check, int round, std::string text)
    {
        verified.findings.push_back({check, Outcome::Failed, std::move(text), round});
    }
    void ok(const std::string &check, std::string text, int round = 0)
    {
        verified.findings.push_back({check, Outcome::Ok, std::move(text), round});
    }
    void notChecked(const std::string &check, int round, std::string text)
    {
        verified.findings.push_back({check, Outcome::NotChecked, std::move(text), round});
    }
    bool anyFailed(std::string_view check) const
    {
        return std::any_of(verified.findings.begin(), verified.findings.end(), [&](const Finding &finding) {
            return finding.check == check && finding.outcome == Outcome::Failed;
        });
    }
    std::optional<storage::AuditHead> seal();
    void checkReceipt(int round, const storage::ReceiptRow &row);
    void checkReceiptFile(int round, const storage::ReceiptRow &row);
    void checkCompleteness();
    void checkStrayFiles();
    Result<std::optional<std::string>> modelHash(int round);
    Result<> recomputeRound(const Receipt &receipt, const Recompute &recompute);

    storage::StudyPaths m_paths;
    storage::Ledger m_ledger;
    std::optional<storage::StudyManifest> m_manifest; ///< none: it does not hold
    std::string m_key;                                ///< the coordinator's, as study.json has it
    std::vector<std::string> m_planHashes;            ///< that name the manifest's plan
    std::map<int, Receipt> m_receipts;
    std::map<int, std::string> m_receiptHashes;
    std::map<int, std::string> m_linkedReceipts; ///< round to the hash that the audit chain holds
    std::map<int, std::string> m_models;         ///< round to the file's hash
    bool m_chainHolds = false;
    int m_before = 0; ///< rounds that were closed before there was an audit chain
    std::string m_previous;
};

} // namespace consilium::federation
