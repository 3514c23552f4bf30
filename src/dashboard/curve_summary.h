// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dashboard/study_progress.h"

namespace consilium::dashboard {

/// More curves than these are drawn as their median and spread: single lines would hide each other.
constexpr std::size_t mostCurves = 24;

/// Many sites' curves in a few lines. Points are at the ends of rounds, at those rounds that at least one site has.
struct CurveSummary
{
    std::vector<QPointF> median;
    /// The 10th and the 90th percentile of the sites, linear between ranks.
    std::vector<QPointF> low, high;
    std::size_t sites = 0;
    /// The sites that stand out: those whose last point is worst, worst first.
    std::vector<SiteCurve> outlying;
    bool operator==(const CurveSummary &) const = default;
};

/// `worstIsLow`: a small value is a bad one (Dice, cosine), else a large one (loss). At most `outlying` sites stand
/// out.
CurveSummary summarise(const std::vector<SiteCurve> &curves, bool worstIsLow, std::size_t outlying);

} // namespace consilium::dashboard
