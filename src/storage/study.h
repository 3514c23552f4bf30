// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/event.h"
#include "core/plan.h"

#include <filesystem>
#include <memory>
#include <optional>
#include <string>
#include <vector>

namespace SQLite {
class Database;
}

namespace consilium::storage {

struct SiteRow
{
    std::string name;
    bool enrolled = false;
    bool online = false; ///< false: nothing heard for longer than a few heartbeats
    std::optional<TimePoint> lastSeen;
    int trainingCases = 0;
    std::int64_t bytesReceived = 0; ///< by the aggregator from this site, over the study
    std::int64_t bytesSent = 0;
};

struct RoundRow
{
    int round = 0;
    RoundState state = RoundState::Planned;
    TimePoint started{};
    std::optional<TimePoint> ended;
    std::string note; ///< why it failed, who is missing
};

struct SiteRoundRow
{
    int round = 0;
    std::string site;
    SiteState state = SiteState::Offered;
    double progress = 0; ///< 0 to 1 within the state
    std::string detail;  ///< "epoch 1 of 1"; for "not counted" the reason in words
    TimePoint updated{};
    std::int64_t bytesReceived = 0; ///< by the aggregator from this site, in this round
    std::int64_t bytesSent = 0;
};

/// One number: a training loss within a round, or a mean over a split.
struct MetricRow
{
    int round = 0;
    std::string site;
    std::string model; ///< "global", "best" or "local-<site>"
    std::string split; ///< "training", "validation", "test"
    std::string name;  ///< "loss", "dice", "dice:<label>"
    int step = 0;      ///< within the round, for losses; 0 else
    double value = 0;
    int support = 0; ///< cases it is the mean of
};

/// What the whole study looks like at one moment: all a dashboard draws.
struct StudySnapshot
{
    std::string id, title;
    Plan plan;
    std::string state; ///< "prepared", "running", "finished", "stopped"
    int round = 0;     ///< the round in flight, or the last one
    int bestRound = 0; ///< 0: none yet
    std::optional<TimePoint> started, ended;
    std::vector<SiteRow> sites;   ///< by name
    std::vector<RoundRow> rounds; ///< by round
    std::vector<SiteRoundRow> siteRounds;
    std::vector<MetricRow> metrics;
    std::vector<Event> events; ///< newest last, at most 500
};

/// A study folder opened for looking only; safe while the aggregator runs (SQLite in WAL mode).
class StudyReader
{
public:
    /// Errors: NotFound (no study.json or study.db there); Unsupported (written by a newer version); Malformed.
    static Result<StudyReader> open(const std::filesystem::path &folder);
    StudyReader(StudyReader &&) noexcept;
    StudyReader &operator=(StudyReader &&) noexcept;
    ~StudyReader();

    const std::filesystem::path &folder() const { return m_folder; }
    /// Changes whenever the aggregator wrote something: cheap to poll.
    Result<std::int64_t> revision();
    Result<StudySnapshot> snapshot();

private:
    StudyReader(std::filesystem::path folder, std::unique_ptr<SQLite::Database> database);
    std::filesystem::path m_folder;
    std::unique_ptr<SQLite::Database> m_database;
};

/// Paths inside a study folder (architecture, section 6).
struct StudyPaths
{
    std::filesystem::path folder;
    std::filesystem::path manifest() const { return folder / "study.json"; }
    std::filesystem::path database() const { return folder / "study.db"; }
    std::filesystem::path model(int round) const
    {
        return folder / "models" / fmt::format("round-{:04}.safetensors", round);
    }
    std::filesystem::path bestModel() const { return folder / "models" / "best.safetensors"; }
    std::filesystem::path localModel(const std::string &site) const
    {
        return folder / "models" / ("local-" + site + ".safetensors");
    }
    std::filesystem::path spool() const { return folder / "spool"; }
    std::filesystem::path cases() const { return folder / "cases"; }
    std::filesystem::path receipt(int round) const
    {
        return folder / "receipts" / fmt::format("round-{:04}.json", round);
    }
    std::filesystem::path keys() const { return folder / "keys"; }
};

} // namespace consilium::storage
