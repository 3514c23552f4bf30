// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "security/keys.h"
#include "storage/study_store.h"

#include <filesystem>
#include <string>
#include <vector>

namespace consilium::federation {

/// What one site was to a round.
struct ReceiptSite
{
    std::string site;
    bool counted = false;
    std::string reason; ///< why it is not counted; empty when it is
    // Of a counted site:
    std::string update;         ///< object id of its reply's ArrayRecord, 64 hexadecimal digits
    int samples = 0;            ///< training cases
    int steps = 0;              ///< optimiser steps done
    double normalisedSteps = 0; ///< ||a||_1 of FedNova
    double score = 0;           ///< its latest validation headline, 0 to 1
    double weight = 0;          ///< what it counted in the combination
    double norm = 0;            ///< of its change, before clipping
    std::string encoding;       ///< as Plan::Updates::encoding
    int baseRound = 0;          ///< the round whose model its training began with
};

/// What went into a round and what came out, signed by the coordinator: each holds the hash of the one before, so that
/// none can be changed, put in or taken out unnoticed.
struct Receipt
{
    int format = 1;
    std::string study; ///< its id
    int round = 0;
    std::string planHash;
    Json strategy;                       ///< Plan::toJson()'s federation.strategy
    std::vector<ReceiptSite> sites;      ///< by name
    std::string modelBefore, modelAfter; ///< SHA-256 of the safetensors files
    std::string memory;                  ///< SHA-256 of what the strategy remembers after the round; empty: nothing
    std::int64_t auditSequence = 0; ///< the newest link of the audit chain when it was written: signing a receipt signs
    std::string auditHash;          ///< the chain up to there
    std::string previous;           ///< hash of the receipt before; of the first one chainAnchor(study)
    std::string time;               ///< ISO 8601

    Json toJson() const;
    /// Errors: Malformed; Unsupported (newer format).
    static Result<Receipt> fromJson(const Json &json);
    /// RFC 8785: what is signed, and hashed by hash(). Errors: Invalid (a number that is not finite).
    Result<std::string> canonical() const;
};

/// SHA-256 of a receipt's canonical JSON, without signature: what the next one holds.
std::string receiptHash(std::string_view canonical);

/// A round's receipt from what the store knows of it, once models/round-NNNN.safetensors is there: its sites, updates
/// and their figures, the plan, the models' hashes. A counted site's update is its UpdateRow's `sha256`. `memory` is
/// the file of what the strategy remembers after the round; empty or not there: nothing. What depends on the moment
/// (time, place in the chains) is filled in by writeReceipt. Errors: NotFound (a model is missing); Io.
Result<Receipt> draftReceipt(storage::StudyStore &store, int round, const std::filesystem::path &memory = {});

/// Signs a round's receipt with the study's key and stores it: in study.db, with a link in the audit chain, then as
/// receipts/round-NNNN.json. It may be called again for the same round, at any time, as after a kill:
/// * a stored receipt that says the same, but for its moment (time, auditSequence, auditHash, previous), stands; its
/// file
///   is written when it is missing or differs;
/// * one that says something else is replaced while its round is not closed and no later receipt holds its hash; the
/// link
///   names both;
/// * else nothing changes: Refused.
/// Errors: Refused; NotFound, Malformed (the study's key); Invalid; Io.
Result<> writeReceipt(storage::StudyStore &store, Receipt receipt);

/// Ends the study: state "finished", the moment, and a signed seal over the audit chain up to there, all at once.
/// Harmless when it is sealed. Errors: NotFound, Malformed (the study's key); Io.
Result<> finishStudy(storage::StudyStore &store);

/// The seal as it is signed: {"study", "sequence", "hash"} of the chain's last link.
Result<std::string> canonicalSeal(const std::string &study, const storage::AuditHead &head);

} // namespace consilium::federation
