// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "federation/recompute.h"

namespace consilium::federation {

enum class Outcome { Ok, Failed, NotChecked };
std::string_view name(Outcome outcome); ///< "ok", "failed", "not checked"

/// What one check found, in one sentence for people.
struct Finding
{
    std::string check; ///< "manifest", "audit", "receipts", "models", "best", "recomputed"; of a site: "audit"
    Outcome outcome = Outcome::Ok;
    std::string text;
    int round = 0; ///< 0 when no round is meant
};

struct Verified
{
    std::string study; ///< id
    std::string title;
    std::vector<Finding> findings;

    bool holds() const; ///< nothing failed
    /// {"study", "title", "verified", "checks": [{"check", "outcome", "text", "round"}]}
    Json toJson() const;
};

/// Checks a study folder from what lies in it, and changes nothing there:
/// * the manifest's signature;
/// * the audit chain, link by link, and its seal once the study is finished;
/// * the receipts: signed by the manifest's key, each holding the hash of the one before and a hash of the audit chain,
///   of this plan, one for every closed round, the same in study.db and in receipts/;
/// * every model's SHA-256 against its receipts (the model after a round is the one before the next), and that the best
///   model is the one of the round that it is said to be;
/// * the model of every round whose updates are still in the spool, made once more.
/// A check that fails does not keep the others from being made.
/// Errors: NotFound (no study there); Unsupported (newer); Io. What is wrong with the study is a finding.
Result<Verified> verifyStudy(const std::filesystem::path &folder, const Recompute &recompute = asTheHost());

/// Checks the audit chain of a site folder. Errors: NotFound (no site folder); Malformed; Io.
Result<Verified> verifySite(const std::filesystem::path &folder);

} // namespace consilium::federation
