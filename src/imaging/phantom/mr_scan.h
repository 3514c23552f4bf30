// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/random.h"
#include "imaging/geometry.h"

#include <array>

/// What every magnetic-resonance phantom shares: coils that see unevenly, and noise.
namespace consilium::imaging {

/// Slow change of brightness over the body: a random quadratic, 1 on average.
class BiasField
{
public:
    /// `largest`: exponent of the change at the rim. `reach`: mm from (0, 0, 0) to the rim along L, P and S.
    BiasField(Random &random, double largest, const Vec3 &reach);

    double at(const Vec3 &lps) const;

private:
    double m_largest;
    Vec3 m_reach;
    std::array<double, 6> m_weights{};
};

/// Magnitude of a complex signal with Gaussian noise of deviation `noise` in both parts. Source: Gudbjartsson and Patz,
/// The Rician distribution of noisy MRI data, Magn. Reson. Med. 34, 1995.
double rician(Random &random, double signal, double noise);

/// 0 well inside (negative distances), 1 well outside, linear over `edge` mm.
double softStep(double distance, double edge);

/// Signed distance to an ellipsoid's surface, exact on the surface only; negative inside.
double ellipsoidDistance(const Vec3 &p, const Vec3 &centre, const Vec3 &radii);

/// Smooth random field in space, about -1 to 1, with lumps of `cell` mm and finer ones on them: values on a lattice,
/// smoothly joined (Perlin 1985 calls it value noise).
class Texture
{
public:
    Texture(Random &random, double cell);

    double at(const Vec3 &p) const;

private:
    double octave(const Vec3 &p) const;

    double m_scale;
    Vec3 m_offset{};
    std::array<float, 2048> m_knots{};
};

/// The grid of `size` and `spacing` whose middle voxel lies at `middle`, axes turned by `tilt` radians about L (as
/// oblique slices are) and, when `storesRas`, i and j running to the right and front instead of the left and back.
Geometry gridAround(const Vec3 &middle, const Index3 &size, const Vec3 &spacing, double tilt, bool storesRas);

} // namespace consilium::imaging
