// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/study.h"

#include <QPointF>
#include <chrono>
#include <optional>
#include <string>
#include <vector>

namespace consilium::dashboard {

/// The row of the round in flight, or of the last one; nullptr before the first.
const storage::RoundRow *currentRound(const storage::StudySnapshot &study);

/// Sites whose update of the round in flight counts.
int sitesIn(const storage::StudySnapshot &study);

/// What remains of a running study: for each round to come the median length of the last five closed rounds, and for
/// the one in flight that median less what has passed, not below 0. Nothing before a round has closed or when the study
/// is over.
std::optional<std::chrono::seconds> timeLeft(const storage::StudySnapshot &study, TimePoint now);

/// One site's curve. x is in rounds: round r ends at x = r.
struct SiteCurve
{
    std::string site;
    std::vector<QPointF> line;
    std::vector<QPointF> marks; ///< the points at the ends of rounds
    bool operator==(const SiteCurve &) const = default;
};

/// Training loss per site, by name: the mean of each round that has one; within the round in flight, step s of n at
/// x = r - 1 + s / n. Local comparison models are left out.
std::vector<SiteCurve> lossCurves(const storage::StudySnapshot &study);

/// The headline metric of the global model per site on its validation cases, one point a round.
std::vector<SiteCurve> headlineCurves(const storage::StudySnapshot &study);

/// The cosine of each site's change with the step of the global model, -1 to 1, one point for each round that counted
/// it.
std::vector<SiteCurve> driftCurves(const storage::StudySnapshot &study);

/// The headline metric of the best round so far, averaged over the sites by their validation cases; x is the round.
std::optional<QPointF> bestHeadline(const storage::StudySnapshot &study);

} // namespace consilium::dashboard
