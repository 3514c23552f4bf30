// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "imaging/volume.h"

#include <string_view>
#include <vector>

namespace consilium::imaging {

/// The regions by which lesions count for dissemination in space. Source: Thompson et al., Diagnosis of multiple
/// sclerosis: 2017 revisions of the McDonald criteria, Lancet Neurology 17, 2018 (without the spinal cord).
enum class LesionRegion { Unknown, Periventricular, Juxtacortical, Infratentorial, DeepWhiteMatter };
std::string_view name(LesionRegion region); ///< "unknown", "periventricular", ..., "deep white matter"

/// What the hints rest on; mm, to which half the longest side of a voxel is added because centres of voxels are
/// compared.
struct RegionLimits
{
    /// A periventricular lesion touches the ventricles; 3 mm allow for the thin bright cap of normal ependyma and for
    /// partial volume. Source: Kim, MacFall and Payne, Classification of white matter lesions on magnetic resonance
    /// imaging in elderly persons, Biological Psychiatry 64, 2008 (juxtaventricular: within 3 mm).
    double ventricles = 3;
    /// A juxtacortical lesion touches the cortex, whose outer edge is what can be seen here: 2.5 mm of cortex (mean;
    /// Fischl and Dale, PNAS 97, 2000) and 1 mm of partial volume. (Kim et al.: within 4 mm of the border of cortex and
    /// white matter.)
    double brainEdge = 3.5;
};

/// A hint where each lesion lies, in the order of findLesions(lesions): infratentorial (more than half of it below the
/// tentorium), else periventricular, else juxtacortical, else deep white matter.
///
/// `image`: FLAIR or T1, where fluid is dark, and `brain`, both on the grid of the labels. The ventricles are the fluid
/// in the middle of the brain, more than 20 mm below its surface; the brain's edge is its outline with the sulci that
/// hold fluid; the tentorium is that of the MNI152 atlas scaled to the brain's length, so the head may be turned by
/// about 10 degrees at most. Unknown where that cannot be found: grids that differ, less than 300 ml of brain (a crop),
/// no fluid in the middle.
std::vector<LesionRegion> regionHints(const LabelMap &lesions, const Volume &image, const LabelMap &brain,
                                      const RegionLimits &limits = {});

} // namespace consilium::imaging
