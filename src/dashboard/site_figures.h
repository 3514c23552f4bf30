// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "storage/study.h"

#include <optional>
#include <string>
#include <vector>

namespace consilium::dashboard {

/// What the aggregator measured of a site's update when it combined a round. An aggregator of an older version gives
/// none of it.
struct Drift
{
    int round = 0;                  ///< 0: no update of the site has been combined
    std::optional<double> cosine;   ///< of the site's change with the step of the global model, -1 to 1
    std::optional<double> norm;     ///< of the site's change
    std::optional<double> distance; ///< of its model from the new global model
    std::optional<double> weight;   ///< in the combination
};

/// What the tables of a study say of one site.
struct SiteFigures
{
    std::optional<storage::SiteRoundRow> current; ///< in the round in flight; nothing while it has no part in it
    /// The headline metric (mean foreground Dice, or the share of landmarks found) of the global model on the site's
    /// validation cases after the latest round evaluated, 0 to 1.
    std::optional<double> headline;
    Drift drift; ///< of the last round that counted the site
};

/// One for each of study.sites, in their order, in one pass over the tables.
std::vector<SiteFigures> siteFigures(const storage::StudySnapshot &study);

/// Whether bytes were counted round by round; studies of older versions have totals alone.
bool hasTrafficByRound(const storage::StudySnapshot &study);

} // namespace consilium::dashboard
