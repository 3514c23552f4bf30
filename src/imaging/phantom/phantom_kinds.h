// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "imaging/phantom/phantom.h"

/// One function a kind of phantom. `seed` is the case's own; the same arguments give the same case.
namespace consilium::imaging {

/// FLAIR and T1 of a skull-stripped brain, 64 x 76 x 60 voxels of 2.5 mm, with its lesions.
PhantomCase multipleSclerosisPhantom(std::uint64_t seed, int siteShift);

/// T1 crop of about 35 x 50 x 36 mm around one hippocampus, 1 mm, with its anterior (1) and posterior (2) part.
PhantomCase hippocampusPhantom(std::uint64_t seed, int siteShift);

/// T2-weighted MR of the male pelvis, thick axial slices about the prostate (1).
PhantomCase prostatePhantom(std::uint64_t seed, int siteShift);

/// Lateral radiograph of the lumbar spine and pelvis with 29 landmarks.
PhantomCase spinopelvicPhantom(std::uint64_t seed, int siteShift);

} // namespace consilium::imaging
