// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "imaging/lesion_regions.h"
#include "viewer/findings/lesion_verdicts.h"

#include <array>
#include <optional>
#include <vector>

namespace consilium::viewer {

struct LesionLoad
{
    int lesions = 0;
    double millilitres = 0;

    void add(const LesionFinding &lesion)
    {
        ++lesions;
        millilitres += lesion.millilitres;
    }
};

constexpr std::array<imaging::LesionRegion, 5> kRegions{
    imaging::LesionRegion::Periventricular, imaging::LesionRegion::Juxtacortical, imaging::LesionRegion::Infratentorial,
    imaging::LesionRegion::DeepWhiteMatter, imaging::LesionRegion::Unknown};

/// The lesion load of a case as the reference, each model and the reader have it.
struct FindingTotals
{
    struct Model
    {
        LesionLoad drawn; ///< all that it drew
        int found = 0;    ///< of the reference's lesions
        int missed = 0;   ///< of the reference's lesions
        int invented = 0; ///< drawn by it and not in the reference
        int accepted = 0; ///< of the lesions it drew, by the reader
        int rejected = 0; ///< of the lesions it drew, by the reader
    };
    struct Region
    {
        imaging::LesionRegion region = imaging::LesionRegion::Unknown;
        LesionLoad load;        ///< of the reference; without one, of all findings
        std::vector<int> found; ///< per model, of those
        LesionLoad accepted;
    };

    std::optional<LesionLoad> reference;
    std::vector<Model> models;
    LesionLoad accepted; ///< the volume of each is that of its outline in the list of findings
    int rejected = 0;
    std::vector<Region> regions; ///< in the order of kRegions, those alone that hold a lesion
};

/// `regions` in the order of the findings, or empty while they are not known.
FindingTotals totalsOf(const LoadedCase &shown, const LesionVerdicts &verdicts,
                       const std::vector<imaging::LesionRegion> &regions = {});

} // namespace consilium::viewer
