// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "imaging/volume.h"

#include <cstdint>
#include <functional>

namespace consilium::imaging {

/// Maps patient LPS millimetres of the fixed image to those of the moving one: rotation x (p - centre) + centre +
/// translation.
struct RigidTransform
{
    Matrix3 rotation{Vec3{1, 0, 0}, Vec3{0, 1, 0}, Vec3{0, 0, 1}};
    Vec3 translation{}; ///< mm
    Vec3 centre{};      ///< LPS mm

    Vec3 apply(const Vec3 &point) const;
    RigidTransform inverse() const;
    double angleDegrees() const; ///< of the whole rotation
};

struct RigidRegistration
{
    RigidTransform fixedToMoving;
    double metric = 0; ///< Mattes mutual information, negative; lower is better
    int iterations = 0;
};

struct RegistrationOptions
{
    std::uint32_t seed = 1; ///< of the voxels sampled: the same seed gives the same answer
    /// Two try both starts at once; the metric itself runs on one, so the answer does not depend on this.
    int threads = 0;
    /// Hears after each step the share that is done, 0 to 1, never less than before; false ends the alignment. Called
    /// on the thread of registerRigid or one of the two it works on, never on both at once.
    std::function<bool(double)> progress = {};
};

/// Aligns `moving` rigidly to `fixed` (the same patient, any two contrasts): Mattes mutual information, three
/// resolutions, started at the centres of mass or at the headers' positions, whichever agrees better. Errors: Invalid
/// (an image without contrast); Unavailable (no alignment was found); Cancelled. Source: Mattes et al., IEEE Trans. Med. Imaging
/// 22, 2003; ITK version 4 registration framework.
Result<RigidRegistration> registerRigid(const Volume &fixed, const Volume &moving,
                                        const RegistrationOptions &options = {});

/// `moving` seen on the grid of the fixed image, by cubic B-spline; 0 outside.
Volume transformed(const Volume &moving, const RigidTransform &fixedToMoving, const Geometry &grid);
/// As transformed, for labels: each voxel takes the label with the largest linear weight.
LabelMap transformed(const LabelMap &moving, const RigidTransform &fixedToMoving, const Geometry &grid);

} // namespace consilium::imaging
