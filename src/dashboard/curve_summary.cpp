// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/curve_summary.h"

#include <algorithm>
#include <cmath>
#include <map>

namespace consilium::dashboard {

namespace {

/// `values` is sorted and not empty; `share` 0 to 1.
double quantile(const std::vector<double> &values, double share)
{
    const double rank = share * static_cast<double>(values.size() - 1);
    const auto below = static_cast<std::size_t>(rank);
    const auto above = std::min(below + 1, values.size() - 1);
    return std::lerp(values[below], values[above], rank - static_cast<double>(below));
}

} // namespace

CurveSummary summarise(const std::vector<SiteCurve> &curves, bool worstIsLow, std::size_t outlying)
{
    CurveSummary summary;
    summary.sites = curves.size();
    std::map<double, std::vector<double>> rounds;
    for (const auto &curve : curves) {
        for (const auto &point : curve.marks)
            rounds[point.x()].push_back(point.y());
    }
    for (auto &[round, values] : rounds) {
        std::ranges::sort(values);
        summary.median.emplace_back(round, quantile(values, 0.5));
        summary.low.emplace_back(round, quantile(values, 0.1));
        summary.high.emplace_back(round, quantile(values, 0.9));
    }

    std::vector<const SiteCurve *> ranked;
    for (const auto &curve : curves) {
        if (!curve.marks.empty())
            ranked.push_back(&curve);
    }
    const auto kept = std::min(outlying, ranked.size());
    std::ranges::partial_sort(ranked, ranked.begin() + static_cast<std::ptrdiff_t>(kept),
                              [worstIsLow](const SiteCurve *a, const SiteCurve *b) {
                                  const double x = a->marks.back().y(), y = b->marks.back().y();
                                  return x != y ? (x < y) == worstIsLow : a->site < b->site;
                              });
    for (std::size_t i = 0; i < kept; ++i)
        summary.outlying.push_back({ranked[i]->site, ranked[i]->marks, ranked[i]->marks});
    return summary;
}

} // namespace consilium::dashboard
