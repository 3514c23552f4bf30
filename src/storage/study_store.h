// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/platform.h"
#include "storage/audit_chain.h"
#include "storage/study.h"
#include "storage/study_manifest.h"

#include <functional>
#include <mutex>

namespace consilium::storage {

/// A message to one site and, once it came, which reply answers it.
struct MessageRow
{
    std::string id; ///< object id of the message
    int round = 0;
    std::string site;
    std::string kind; ///< "train" or "evaluate"
    Json content;     ///< what the wire needs to send it again
    TimePoint created{};
    std::optional<std::string> reply;
    int baseRound = 0; ///< the round whose model it carries
};

/// A site's accepted model of one round, whole on disk.
struct UpdateRow
{
    int round = 0;
    std::string site;
    std::string reply;  ///< object id of the reply that brought it
    std::string file;   ///< relative to the study folder
    std::string sha256; ///< of that file
    int samples = 0;
    TimePoint received{};
    int steps = 0;              ///< optimiser steps done
    double score = 0;           ///< the site's latest validation headline, 0 to 1
    double norm = 0;            ///< of the change
    double weight = 0;          ///< what it counted in the round's mean
    std::string encoding{};     ///< as Plan::Updates::encoding
    double normalisedSteps = 0; ///< ||a||_1 of FedNova
    int baseRound = 0;          ///< the training began with the model after this round
};

/// What a site did since the last time that it was written down.
struct SiteTraffic
{
    std::string site;
    bool online = false;
    std::int64_t received = 0, sent = 0; ///< bytes, by the aggregator
};

struct SiteIdentity
{
    std::string name;
    std::int64_t nodeId = 0;
    std::string publicKey; ///< PEM
};

/// What was signed about a round (federation/receipt.h).
struct ReceiptRow
{
    int round = 0;
    std::string content;   ///< canonical JSON
    std::string signature; ///< of `content`, base64
};

/// The newest link of a study's audit chain.
struct AuditHead
{
    std::int64_t sequence = 0; ///< 0: there is none
    std::string hash;          ///< of the chain's anchor while there is none
};

/// A study folder held by its aggregator: the only writer of study.db. Safe from several threads.
///
/// Every call is one transaction that no kill undoes, at any instant; all but traffic, progress, losses and events are
/// on the disk too when it returns, so that a power cut leaves a study that can go on. What has to stand in the audit
/// chain (audited.h) becomes a link in the same transaction. All calls fail with Io (in words when the disk is full).
class StudyStore
{
public:
    /// Makes the folders, study.json and an empty study.db. Errors: Invalid (a study is there already); Io.
    static Result<std::unique_ptr<StudyStore>> create(const std::filesystem::path &folder,
                                                      const StudyManifest &manifest, const std::string &privateKeyPem);
    /// Opens for running. Errors: NotFound, Malformed, Unsupported, Refused; Busy (another process holds it).
    static Result<std::unique_ptr<StudyStore>> open(const std::filesystem::path &folder);
    /// Opens beside a running aggregator, for adding sites (`study invite`).
    static Result<std::unique_ptr<StudyStore>> openShared(const std::filesystem::path &folder);
    ~StudyStore();

    const StudyManifest &manifest() const { return m_manifest; }
    const StudyPaths &paths() const { return m_paths; }

    // The study as a whole
    Result<> setValue(const std::string &key,
                      const std::string &value);       ///< "state", "round", "bestRound", "started", "ended"
    Result<std::string> value(const std::string &key); ///< empty when it was never set

    // Sites
    /// Errors besides: Invalid (that name is taken).
    Result<> addSite(const std::string &name, const std::string &tokenHash);
    /// The site whose invitation carries that token. Errors besides: Refused (unknown or used up by another key).
    Result<std::string> siteForToken(const std::string &tokenHash);
    /// Binds the site's key; the token is spent for every other key. Errors besides: Refused (another key is bound).
    Result<SiteIdentity> bindKey(const std::string &site, const std::string &publicKey);
    Result<std::optional<SiteIdentity>> siteByKey(const std::string &publicKey);
    Result<std::vector<std::string>> sites();          ///< names of all invited sites
    Result<std::vector<SiteIdentity>> enrolledSites(); ///< by name
    /// Bytes since the last call, added to the site's over the study and, from round 1 on, to those of `round`.
    /// Adds what sites moved to their sums, over the study and in the present round, which is returned.
    Result<int> addTraffic(const std::vector<SiteTraffic> &traffic);
    Result<> setTrainingCases(const std::string &site, int cases);

    // Rounds
    Result<> setRound(int round, RoundState state, const std::string &note = {});
    Result<std::optional<RoundRow>> round(int round);
    Result<> setSiteRound(int round, const std::string &site, SiteState state, double progress,
                          const std::string &detail);
    Result<> setSiteRounds(const std::vector<SiteRoundRow> &rows);
    /// As setSiteRound, unless the site's outcome in that round stands already: a late report changes nothing. The
    /// state before, or nothing when it was left alone.
    Result<std::optional<SiteState>> reportSiteRound(int round, const std::string &site, SiteState state,
                                                     double progress, const std::string &detail);
    Result<std::vector<SiteRoundRow>> siteRounds(int round);

    // Messages and updates
    Result<> addMessages(const std::vector<MessageRow> &messages);
    Result<std::optional<MessageRow>> message(const std::string &id);
    Result<std::vector<MessageRow>> messages(int round, const std::string &kind);
    Result<std::vector<MessageRow>> openMessages(const std::string &site); ///< unanswered, oldest first
    struct Answer
    {
        std::string site;
        bool answered = false; ///< or not asked any more
    };
    Result<std::vector<Answer>> answers(int round, const std::string &kind); ///< by site
    /// What each of the round's updates counted.
    Result<> setWeights(int round, const std::vector<std::string> &sites, const std::vector<double> &weights);
    /// The update has gone: its message is unanswered again.
    Result<> askAgain(const UpdateRow &update);
    Result<> closeMessages(int round, const std::string &kind); ///< the unanswered ones are not asked for any more
    /// Forgets the messages whose answer brought no update, so that a round can be tried again.
    Result<> dropUncountedMessages(int round);
    /// The reply, its update and metrics in one transaction. False when the message was answered before: nothing is
    /// counted twice.
    Result<bool> acceptReply(const std::string &messageId, const std::string &replyId,
                             const std::optional<UpdateRow> &update, const std::vector<MetricRow> &metrics);
    Result<std::vector<UpdateRow>> updates(int round); ///< by site name

    Result<> addMetrics(const std::vector<MetricRow> &metrics);
    Result<std::vector<MetricRow>> metrics(const std::string &model, const std::string &split);
    Result<> addEvent(const Event &event);

    // Audit chain and receipts
    /// One link for each entry, in this order.
    Result<> addAudit(const std::vector<AuditEntry> &entries);
    Result<AuditHead> auditHead();
    Result<std::optional<ReceiptRow>> receipt(int round);
    Result<std::optional<ReceiptRow>> receiptBefore(int round); ///< of the last round before that has one
    Result<bool> hasReceiptAfter(int round);
    /// Puts or replaces the receipt of that round, with a link that says so.
    Result<> putReceipt(const ReceiptRow &receipt, const AuditEntry &entry);
    /// Ends the study: its state, the moment, and the seal that `sign` makes of the chain's last link, all or nothing.
    Result<> finish(TimePoint ended, const std::function<Result<std::string>(const AuditHead &)> &sign);

private:
    StudyStore(StudyManifest manifest, StudyPaths paths, std::unique_ptr<SQLite::Database> database);
    template <typename Work>
    auto transact(Work &&work);
    /// What may be lost with the power, though not with the process, until the next that may not.
    enum class Durability { OnDisk, WithTheNext };
    template <typename Work>
    auto transact(Durability durability, Work &&work);
    void writeSiteRound(int round, const std::string &site, SiteState state, double progress,
                        const std::string &detail);
    void insertMetrics(const std::vector<MetricRow> &metrics);
    void putValue(const std::string &key, const std::string &value);
    AuditHead head();
    void link(std::span<const AuditEntry> entries); ///< within a transaction
    void link(const std::optional<AuditEntry> &entry);
    Result<> beginAudit();

    StudyManifest m_manifest;
    StudyPaths m_paths;
    std::mutex m_mutex;
    std::unique_ptr<SQLite::Database> m_database;
    Durability m_durability = Durability::OnDisk;
    std::optional<platform::FileLock> m_lock; ///< held by the one that runs the study
};

} // namespace consilium::storage
