// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/json.h"
#include "core/result.h"

#include <array>
#include <optional>
#include <span>
#include <string>
#include <vector>

namespace consilium::segmentation {

/// Foreground intensities of one channel over all voxels together.
struct ForegroundIntensity
{
    double voxels = 0, mean = 0, deviation = 0;
    double low = 0, high = 0; ///< 0.5 and 99.5 percentiles
};

/// What the planner needs of one site's fingerprint.
struct SiteFingerprint
{
    /// 10th, 50th and 90th percentile over the cases, for x, y, z. Three times the median where the fingerprint, of an
    /// earlier version, holds no other.
    using Spread = std::array<std::array<double, 3>, 3>;

    int cases = 0;
    std::vector<std::string> channels, labels;
    std::vector<bool> ct; ///< per channel
    Spread spacing{};     ///< mm
    Spread extent{};      ///< mm
    /// Per channel; empty entries where no case has foreground, or an earlier version made the fingerprint.
    std::vector<std::optional<ForegroundIntensity>> foreground;
};

/// `number` names it in errors, from 1. Errors: Malformed; Unsupported (its format).
Result<SiteFingerprint> readFingerprint(const Json &json, std::size_t number);

/// The value of one axis below which `percent` of all cases lie, each site standing for its cases by its percentiles:
/// the 10th for three tenths of them, the median for four, the 90th for three. One of those values: exact for one site,
/// at 10, 50 and 90 percent.
double percentileOverSites(std::span<const SiteFingerprint> sites, SiteFingerprint::Spread SiteFingerprint::*spread,
                           std::size_t axis, double percent);

/// One channel's foreground over all sites: number, mean and standard deviation as of all voxels together; the clips
/// are the mean of the sites', weighted by voxels, since percentiles cannot be merged exactly. Nothing where no site
/// has foreground.
std::optional<ForegroundIntensity> foregroundOverSites(std::span<const SiteFingerprint> sites, std::size_t channel);

/// ASCII letters in lower case.
std::string lower(std::string text);

} // namespace consilium::segmentation
