// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/study_store.h"

#include "storage/audited.h"
#include "storage/study_transaction.h"

#include <SQLiteCpp/VariadicBind.h>

namespace consilium::storage {

namespace {

MessageRow messageRow(SQLite::Statement &row)
{
    MessageRow message;
    message.id = row.getColumn(0).getString();
    message.round = row.getColumn(1).getInt();
    message.site = row.getColumn(2).getString();
    message.kind = row.getColumn(3).getString();
    message.content = Json::parse(row.getColumn(4).getString(), nullptr, false);
    message.created = fromIso(row.getColumn(5).getString()).value_or(TimePoint{});
    if (!row.getColumn(6).isNull())
        message.reply = row.getColumn(6).getString();
    message.baseRound = row.getColumn(7).getInt();
    return message;
}

constexpr auto messageColumns = "SELECT id, round, site, kind, content, created, reply, base_round FROM messages ";

Result<std::unique_ptr<SQLite::Database>> openExisting(const StudyPaths &paths)
{
    std::error_code ignored;
    if (!std::filesystem::exists(paths.database(), ignored))
        return fail(ErrorCode::NotFound, "{} is missing", paths.database().string());
    return openDatabase(paths.database(), true);
}

} // namespace

StudyStore::StudyStore(StudyManifest manifest, StudyPaths paths, std::unique_ptr<SQLite::Database> database)
    : m_manifest(std::move(manifest)), m_paths(std::move(paths)), m_database(std::move(database))
{
}

StudyStore::~StudyStore() = default;

Result<std::unique_ptr<StudyStore>> StudyStore::create(const std::filesystem::path &folder,
                                                       const StudyManifest &manifest, const std::string &privateKeyPem)
{
    const StudyPaths paths{folder};
    std::error_code error;
    if (std::filesystem::exists(paths.manifest(), error))
        return failWithHint(ErrorCode::Invalid, "Choose another folder", "{} already holds a study", folder.string());
    for (const auto &made : {folder / "models", paths.spool(), paths.cases()}) {
        std::filesystem::create_directories(made, error);
        if (error)
            return fail(ErrorCode::Io, "The folder {} could not be made: {}", made.string(), error.message());
    }
    auto database = openDatabase(paths.database(), true);
    if (!database)
        return fail(database.error());
    // The manifest last: a folder without it is not a study yet.
    if (auto written = manifest.write(folder, privateKeyPem); !written)
        return fail(written.error());
    std::unique_ptr<StudyStore> store(new StudyStore(manifest, paths, std::move(*database)));
    if (auto begun = store->beginAudit(); !begun)
        return fail(begun.error());
    return store;
}

Result<std::unique_ptr<StudyStore>> StudyStore::openShared(const std::filesystem::path &folder)
{
    auto manifest = StudyManifest::read(folder);
    if (!manifest)
        return fail(manifest.error());
    const StudyPaths paths{folder};
    auto database = openExisting(paths);
    if (!database)
        return fail(database.error());
    std::unique_ptr<StudyStore> store(new StudyStore(std::move(*manifest), paths, std::move(*database)));
    if (auto begun = store->beginAudit(); !begun)
        return fail(begun.error());
    return store;
}

Result<std::unique_ptr<StudyStore>> StudyStore::open(const std::filesystem::path &folder)
{
    auto store = openShared(folder);
    if (!store)
        return store;
    (*store)->m_lock = platform::FileLock::take(folder / "study.lock");
    if (!(*store)->m_lock)
        return failWithHint(ErrorCode::Busy, "Stop the other aggregator first",
                            "Another aggregator runs the study in {}", folder.string());
    return store;
}

Result<> StudyStore::setValue(const std::string &key, const std::string &value)
{
    return transact([&] { putValue(key, value); });
}

Result<std::string> StudyStore::value(const std::string &key)
{
    return transact([&]() -> std::string {
        SQLite::Statement row(*m_database, "SELECT value FROM study WHERE key = ?");
        row.bind(1, key);
        return row.executeStep() ? row.getColumn(0).getString() : std::string();
    });
}

Result<> StudyStore::setRound(int round, RoundState state, const std::string &note)
{
    const auto time = toIso(now());
    const bool over = state == RoundState::Closed || state == RoundState::Failed;
    return transact([&] {
        SQLite::Statement put(*m_database,
                              "INSERT INTO rounds (round, state, started, ended, note) VALUES (?1, ?2, ?3, ?4, ?5) "
                              "ON CONFLICT (round) DO UPDATE SET state = ?2, ended = ?4, "
                              "note = CASE WHEN ?5 = '' THEN note ELSE ?5 END");
        put.bind(1, round);
        put.bind(2, std::string(name(state)));
        put.bind(3, time);
        if (over)
            put.bind(4, time);
        put.bind(5, note);
        put.exec();
        SQLite::Statement current(*m_database, "INSERT OR REPLACE INTO study VALUES ('round', ?)");
        current.bind(1, std::to_string(round));
        current.exec();
        link(auditOfRound(round, state, note));
    });
}

Result<std::optional<RoundRow>> StudyStore::round(int round)
{
    return transact([&]() -> std::optional<RoundRow> {
        SQLite::Statement row(*m_database, "SELECT state, started, ended, note FROM rounds WHERE round = ?");
        row.bind(1, round);
        if (!row.executeStep())
            return std::nullopt;
        RoundRow found{round, roundStateFromName(row.getColumn(0).getString()).value_or(RoundState::Planned),
                       fromIso(row.getColumn(1).getString()).value_or(TimePoint{}), std::nullopt,
                       row.getColumn(3).getString()};
        if (!row.getColumn(2).isNull())
            found.ended = fromIso(row.getColumn(2).getString()).value_or(TimePoint{});
        return found;
    });
}

Result<> StudyStore::setSiteRound(int round, const std::string &site, SiteState state, double progress,
                                  const std::string &detail)
{
    return setSiteRounds({{round, site, state, progress, detail, {}, 0, 0}});
}

void StudyStore::writeSiteRound(int round, const std::string &site, SiteState state, double progress,
                                const std::string &detail)
{
    SQLite::Statement before(*m_database,
                             "SELECT 1 FROM site_rounds WHERE round = ? AND site = ? AND state = ? AND detail = ?");
    SQLite::bind(before, round, site, std::string(name(state)), detail);
    if (!before.executeStep())
        link(auditOfSiteRound(round, site, state, detail));
    SQLite::Statement put(*m_database, "INSERT INTO site_rounds (round, site, state, progress, detail, updated) "
                                       "VALUES (?1, ?2, ?3, ?4, ?5, ?6) ON CONFLICT (round, site) DO UPDATE SET "
                                       "state = ?3, progress = ?4, detail = ?5, updated = ?6");
    SQLite::bind(put, round, site, std::string(name(state)), progress, detail, toIso(now()));
    put.exec();
}

Result<> StudyStore::setSiteRounds(const std::vector<SiteRoundRow> &rows)
{
    return transact([&] {
        for (const auto &row : rows)
            writeSiteRound(row.round, row.site, row.state, row.progress, row.detail);
    });
}

Result<std::optional<SiteState>> StudyStore::reportSiteRound(int round, const std::string &site, SiteState state,
                                                             double progress, const std::string &detail)
{
    return transact(Durability::WithTheNext, [&]() -> std::optional<SiteState> {
        SQLite::Statement row(*m_database, "SELECT state FROM site_rounds WHERE round = ? AND site = ?");
        SQLite::bind(row, round, site);
        if (!row.executeStep())
            return std::nullopt;
        const auto before = siteStateFromName(row.getColumn(0).getString()).value_or(SiteState::Offered);
        if (before == SiteState::Counted || before == SiteState::NotCounted)
            return std::nullopt;
        SQLite::Statement put(
            *m_database,
            "UPDATE site_rounds SET state = ?, progress = ?, detail = ?, updated = ? WHERE round = ? AND site = ?");
        SQLite::bind(put, std::string(name(state)), progress, detail, toIso(now()), round, site);
        put.exec();
        return before;
    });
}

Result<std::vector<SiteRoundRow>> StudyStore::siteRounds(int round)
{
    return transact([&] {
        std::vector<SiteRoundRow> found;
        SQLite::Statement rows(
            *m_database, "SELECT site, state, progress, detail, updated, bytes_received, bytes_sent FROM site_rounds "
                         "WHERE round = ? ORDER BY site");
        rows.bind(1, round);
        while (rows.executeStep())
            found.push_back({round, rows.getColumn(0).getString(),
                             siteStateFromName(rows.getColumn(1).getString()).value_or(SiteState::Offered),
                             rows.getColumn(2).getDouble(), rows.getColumn(3).getString(),
                             fromIso(rows.getColumn(4).getString()).value_or(TimePoint{}), rows.getColumn(5).getInt64(),
                             rows.getColumn(6).getInt64()});
        return found;
    });
}

Result<> StudyStore::addMessages(const std::vector<MessageRow> &messages)
{
    return transact([&] {
        SQLite::Statement put(*m_database,
                              "INSERT OR IGNORE INTO messages (id, round, site, kind, content, created, base_round) "
                              "VALUES (?, ?, ?, ?, ?, ?, ?)");
        for (const auto &message : messages) {
            SQLite::bind(put, message.id, message.round, message.site, message.kind, message.content.dump(),
                         toIso(message.created), message.baseRound);
            if (put.exec() > 0)
                link(auditOfOffer(message));
            put.reset();
        }
    });
}

Result<std::optional<MessageRow>> StudyStore::message(const std::string &id)
{
    return transact([&]() -> std::optional<MessageRow> {
        SQLite::Statement row(*m_database, std::string(messageColumns) + "WHERE id = ?");
        row.bind(1, id);
        if (!row.executeStep())
            return std::nullopt;
        return messageRow(row);
    });
}

Result<std::vector<MessageRow>> StudyStore::messages(int round, const std::string &kind)
{
    return transact([&] {
        std::vector<MessageRow> found;
        SQLite::Statement rows(*m_database, std::string(messageColumns) + "WHERE round = ? AND kind = ? ORDER BY site");
        SQLite::bind(rows, round, kind);
        while (rows.executeStep())
            found.push_back(messageRow(rows));
        return found;
    });
}

Result<std::vector<MessageRow>> StudyStore::openMessages(const std::string &site)
{
    return transact([&] {
        std::vector<MessageRow> found;
        SQLite::Statement rows(*m_database,
                               std::string(messageColumns) + "WHERE site = ? AND reply IS NULL ORDER BY created");
        rows.bind(1, site);
        while (rows.executeStep())
            found.push_back(messageRow(rows));
        return found;
    });
}

Result<std::vector<StudyStore::Answer>> StudyStore::answers(int round, const std::string &kind)
{
    return transact([&] {
        std::vector<Answer> found;
        SQLite::Statement rows(
            *m_database, "SELECT site, reply IS NOT NULL FROM messages WHERE round = ? AND kind = ? ORDER BY site");
        SQLite::bind(rows, round, kind);
        while (rows.executeStep())
            found.push_back({rows.getColumn(0).getString(), rows.getColumn(1).getInt() != 0});
        return found;
    });
}

Result<> StudyStore::setWeights(int round, const std::vector<std::string> &sites, const std::vector<double> &weights)
{
    return transact([&] {
        SQLite::Statement put(*m_database, "UPDATE updates SET weight = ? WHERE round = ? AND site = ?");
        for (std::size_t i = 0; i < sites.size(); ++i) {
            SQLite::bind(put, weights[i], round, sites[i]);
            put.exec();
            put.reset();
        }
    });
}

Result<> StudyStore::askAgain(const UpdateRow &update)
{
    return transact([&] {
        SQLite::Statement open(*m_database, "UPDATE messages SET reply = NULL WHERE reply = ? AND site = ?");
        SQLite::bind(open, update.reply, update.site);
        open.exec();
        SQLite::Statement drop(*m_database, "DELETE FROM updates WHERE round = ? AND site = ?");
        SQLite::bind(drop, update.round, update.site);
        drop.exec();
        writeSiteRound(update.round, update.site, SiteState::Offered, 0, {});
    });
}

Result<> StudyStore::closeMessages(int round, const std::string &kind)
{
    return transact([&] {
        SQLite::Statement put(*m_database,
                              "UPDATE messages SET reply = '' WHERE round = ? AND kind = ? AND reply IS NULL");
        SQLite::bind(put, round, kind);
        put.exec();
    });
}

Result<> StudyStore::dropUncountedMessages(int round)
{
    return transact([&] {
        SQLite::Statement refused(*m_database,
                                  "DELETE FROM updates WHERE round = ?1 AND site IN (SELECT site FROM site_rounds "
                                  "WHERE round = ?1 AND state = ?2)");
        SQLite::bind(refused, round, std::string(name(SiteState::NotCounted)));
        refused.exec();
        SQLite::Statement drop(*m_database,
                               "DELETE FROM messages WHERE round = ?1 AND kind = 'train' AND reply IS NOT NULL "
                               "AND site NOT IN (SELECT site FROM updates WHERE round = ?1)");
        drop.bind(1, round);
        drop.exec();
    });
}

Result<bool> StudyStore::acceptReply(const std::string &messageId, const std::string &replyId,
                                     const std::optional<UpdateRow> &update, const std::vector<MetricRow> &metrics)
{
    return transact([&] {
        SQLite::Statement claim(*m_database, "UPDATE messages SET reply = ? WHERE id = ? AND reply IS NULL");
        SQLite::bind(claim, replyId, messageId);
        if (claim.exec() == 0)
            return false;
        SQLite::Statement row(*m_database, std::string(messageColumns) + "WHERE id = ?");
        row.bind(1, messageId);
        if (row.executeStep())
            link(auditOfReply(messageRow(row), update));
        if (update) {
            SQLite::Statement put(
                *m_database, "INSERT OR REPLACE INTO updates (round, site, reply, file, sha256, samples, received, "
                             "steps, score, norm, weight, encoding, normalised_steps, base_round) "
                             "VALUES (?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?, ?)");
            SQLite::bind(put, update->round, update->site, update->reply, update->file, update->sha256, update->samples,
                         toIso(update->received), update->steps, update->score, update->norm, update->weight,
                         update->encoding, update->normalisedSteps, update->baseRound);
            put.exec();
            SQLite::Statement cases(*m_database, "UPDATE sites SET training_cases = ? WHERE name = ?");
            SQLite::bind(cases, update->samples, update->site);
            cases.exec();
            writeSiteRound(update->round, update->site, SiteState::Counted, 1, {});
        }
        insertMetrics(metrics);
        return true;
    });
}

Result<std::vector<UpdateRow>> StudyStore::updates(int round)
{
    return transact([&] {
        std::vector<UpdateRow> found;
        SQLite::Statement rows(*m_database,
                               "SELECT site, reply, file, sha256, samples, received, steps, score, norm, weight, "
                               "encoding, normalised_steps, base_round FROM updates WHERE round = ? ORDER BY site");
        rows.bind(1, round);
        while (rows.executeStep())
            found.push_back({round, rows.getColumn(0).getString(), rows.getColumn(1).getString(),
                             rows.getColumn(2).getString(), rows.getColumn(3).getString(), rows.getColumn(4).getInt(),
                             fromIso(rows.getColumn(5).getString()).value_or(TimePoint{}), rows.getColumn(6).getInt(),
                             rows.getColumn(7).getDouble(), rows.getColumn(8).getDouble(),
                             rows.getColumn(9).getDouble(), rows.getColumn(10).getString(),
                             rows.getColumn(11).getDouble(), rows.getColumn(12).getInt()});
        return found;
    });
}

} // namespace consilium::storage
