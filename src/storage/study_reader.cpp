// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/study.h"

#include "storage/schema.h"
#include "storage/study_manifest.h"

#include <algorithm>

namespace consilium::storage {

namespace {

TimePoint time(const SQLite::Column &column)
{
    return fromIso(column.getString()).value_or(TimePoint{});
}

std::optional<TimePoint> optionalTime(const SQLite::Column &column)
{
    if (column.isNull() || column.getString().empty())
        return std::nullopt;
    return time(column);
}

} // namespace

StudyReader::StudyReader(std::filesystem::path folder, std::unique_ptr<SQLite::Database> database)
    : m_folder(std::move(folder)), m_database(std::move(database))
{
}
StudyReader::StudyReader(StudyReader &&) noexcept = default;
StudyReader &StudyReader::operator=(StudyReader &&) noexcept = default;
StudyReader::~StudyReader() = default;

Result<StudyReader> StudyReader::open(const std::filesystem::path &folder)
{
    if (auto manifest = StudyManifest::read(folder); !manifest)
        return fail(manifest.error());
    auto database = openDatabase(StudyPaths{folder}.database(), false);
    if (!database)
        return fail(database.error());
    return StudyReader(folder, std::move(*database));
}

Result<std::int64_t> StudyReader::revision()
{
    return guarded(*m_database, [&] { return m_database->execAndGet("PRAGMA data_version").getInt64(); });
}

Result<StudySnapshot> StudyReader::snapshot()
{
    auto manifest = StudyManifest::read(m_folder);
    if (!manifest)
        return fail(manifest.error());
    StudySnapshot shot;
    shot.id = manifest->id;
    shot.title = manifest->title;
    shot.plan = std::move(manifest->plan);
    shot.state = "prepared";
    const auto read = guarded(*m_database, [&] {
        SQLite::Transaction consistent(*m_database);
        const auto traffic = storedVersion(*m_database) >= 2 ? "bytes_received, bytes_sent" : "0, 0";
        for (SQLite::Statement rows(*m_database, "SELECT key, value FROM study"); rows.executeStep();) {
            const auto key = rows.getColumn(0).getString();
            if (key == "state")
                shot.state = rows.getColumn(1).getString();
            else if (key == "round")
                shot.round = rows.getColumn(1).getInt();
            else if (key == "bestRound")
                shot.bestRound = rows.getColumn(1).getInt();
            else if (key == "started")
                shot.started = optionalTime(rows.getColumn(1));
            else if (key == "ended")
                shot.ended = optionalTime(rows.getColumn(1));
        }
        for (SQLite::Statement rows(
                 *m_database, "SELECT name, public_key IS NOT NULL, online, last_seen, training_cases, bytes_received, "
                              "bytes_sent FROM sites ORDER BY name");
             rows.executeStep();)
            shot.sites.push_back({rows.getColumn(0).getString(), rows.getColumn(1).getInt() != 0,
                                  rows.getColumn(2).getInt() != 0, optionalTime(rows.getColumn(3)),
                                  rows.getColumn(4).getInt(), rows.getColumn(5).getInt64(),
                                  rows.getColumn(6).getInt64()});
        for (SQLite::Statement rows(*m_database,
                                    "SELECT round, state, started, ended, note FROM rounds ORDER BY round");
             rows.executeStep();)
            shot.rounds.push_back({rows.getColumn(0).getInt(),
                                   roundStateFromName(rows.getColumn(1).getString()).value_or(RoundState::Planned),
                                   time(rows.getColumn(2)), optionalTime(rows.getColumn(3)),
                                   rows.getColumn(4).getString()});
        for (SQLite::Statement rows(
                 *m_database, fmt::format("SELECT round, site, state, progress, detail, updated, {} FROM site_rounds "
                                          "ORDER BY round, site",
                                          traffic));
             rows.executeStep();)
            shot.siteRounds.push_back({rows.getColumn(0).getInt(), rows.getColumn(1).getString(),
                                       siteStateFromName(rows.getColumn(2).getString()).value_or(SiteState::Offered),
                                       rows.getColumn(3).getDouble(), rows.getColumn(4).getString(),
                                       time(rows.getColumn(5)), rows.getColumn(6).getInt64(),
                                       rows.getColumn(7).getInt64()});
        for (SQLite::Statement rows(*m_database,
                                    "SELECT round, site, model, split, name, step, value, support FROM metrics "
                                    "ORDER BY round, step, site, model, split, name");
             rows.executeStep();)
            shot.metrics.push_back({rows.getColumn(0).getInt(), rows.getColumn(1).getString(),
                                    rows.getColumn(2).getString(), rows.getColumn(3).getString(),
                                    rows.getColumn(4).getString(), rows.getColumn(5).getInt(),
                                    rows.getColumn(6).getDouble(), rows.getColumn(7).getInt()});
        for (SQLite::Statement rows(
                 *m_database,
                 "SELECT time, event, site, round, text, details FROM events ORDER BY sequence DESC LIMIT 500");
             rows.executeStep();)
            shot.events.push_back({time(rows.getColumn(0)), rows.getColumn(1).getString(),
                                   rows.getColumn(2).getString(), rows.getColumn(3).getInt(),
                                   rows.getColumn(4).getString(),
                                   Json::parse(rows.getColumn(5).getString(), nullptr, false)});
        std::reverse(shot.events.begin(), shot.events.end());
    });
    if (!read)
        return fail(read.error());
    return shot;
}

} // namespace consilium::storage
