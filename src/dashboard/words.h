// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dashboard/marks.h"
#include "dashboard/site_figures.h"
#include "storage/study.h"

#include <QCoreApplication>
#include <QString>
#include <optional>

namespace consilium::dashboard {

/// A state as people read it.
struct StateWords
{
    Mark mark = Mark::Waiting;
    QString words;
    std::optional<double> progress; ///< 0 to 1 where a bar belongs beside the words
};

/// How a study's numbers and states are said on the dashboard.
class Words
{
    Q_DECLARE_TR_FUNCTIONS(consilium::dashboard::Words)

public:
    /// "00:42", "12:05", "1:01:11".
    static QString clock(std::chrono::seconds time);
    /// "less than a minute", "9 min", "1 h 20 min"; rounded to the nearest minute.
    static QString duration(std::chrono::seconds time);
    /// "now" (under 3 s), "42 s ago", "7 min ago", "5 h ago", then the date.
    static QString ago(TimePoint then, TimePoint now);
    /// Local time of day when it was today, else the date.
    static QString moment(TimePoint time);
    /// "5.6 MB" in powers of ten; a dash for nothing.
    static QString bytes(std::int64_t count);

    /// What a site does: "training, epoch 1 of 1", "uploading 81 %", "counted", "not counted: reason",
    /// "lost 00:42 ago, waiting". `row` is its row of the round in flight, nullptr before there is one.
    static StateWords site(const storage::SiteRow &site, const storage::SiteRoundRow *row,
                           const storage::StudySnapshot &study, TimePoint now);

    /// "0.93", "−0.12"; never "−0.00".
    static QString cosine(double value);
    /// Below 0 as it is shown.
    static bool pullsAgainst(double cosine);
    /// "Round 7: cosine 0.93 with the shared model's step, ..., weight 0.45"; empty without figures.
    static QString drift(const Drift &drift);

    /// "Round 7 of 12", "Waiting for sites", "Finished after 12 rounds", "Ended after round 7 of 12", "Stopped in round
    /// 7 of 12".
    static QString headline(const storage::StudySnapshot &study);
    /// What the round is at: "3 of 4 sites in", "combining the updates", "evaluating the model at the sites".
    static QString roundDetail(const storage::StudySnapshot &study);
    /// "running for 12 min, about 9 min left", "took 18 min"; empty before the start.
    static QString time(const storage::StudySnapshot &study, TimePoint now);
    /// One sentence for each round that closed without a site, failed, or has another note; newest first. Many missing
    /// sites are counted by reason, with a few of their names. Updates that count in a later round are no fault.
    static QStringList notes(const storage::StudySnapshot &study);
};

} // namespace consilium::dashboard
