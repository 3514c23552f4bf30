// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/random.h"
#include "imaging/volume.h"

#include <cmath>

namespace consilium::test {

/// Brightness of each tissue of a made head; white matter's is 1.
struct HeadContrast
{
    double white, grey, csf, skull, scalp, air;
};
constexpr HeadContrast s_t1Head{1, 0.7, 0.3, 0.12, 1.5, 0.02}, s_flairHead{0.8, 1, 0.15, 0.12, 0.9, 0.02},
    s_t2Head{0.5, 0.7, 1.6, 0.1, 0.9, 0.02};

struct SyntheticHead
{
    imaging::Volume image;
    imaging::LabelMap brain;  ///< the truth
    imaging::LabelMap inside; ///< of the skull: the brain and the fluid around it
};

inline bool inEllipsoid(const imaging::Vec3 &p, double a, double b, double c)
{
    const double x = p[0] / a, y = p[1] / b, z = p[2] / c;
    return x * x + y * y + z * z < 1;
}

/// An ellipsoid brain of 70 x 85 x 63 mm half axes (1570 ml) with a cortex of 4 mm and ventricles, in fluid of 3 mm,
/// skull of 6 mm and scalp of 6 mm, on a neck; noise and a slow change of brightness are shares of white matter's.
inline SyntheticHead syntheticHead(const imaging::Geometry &grid, const HeadContrast &contrast, double noise,
                                   double bias, std::uint64_t seed, bool cutOut = false)
{
    SyntheticHead head{{grid, {}}, {grid, {}}, {grid, {}}};
    Random random(seed);
    for (int k = 0; k < grid.size[2]; ++k) {
        for (int j = 0; j < grid.size[1]; ++j) {
            for (int i = 0; i < grid.size[0]; ++i) {
                const auto p = grid.toPatient({1.0 * i, 1.0 * j, 1.0 * k});
                const auto within = [&](double grown) { return inEllipsoid(p, 70 + grown, 85 + grown, 63 + grown); };
                const bool neck = p[2] < -40 && inEllipsoid({p[0], p[1] - 20, 0}, 58, 62, 1);
                const bool ventricle = inEllipsoid({std::abs(p[0]) - 10, p[1], p[2] - 5}, 7, 35, 9);
                double value = contrast.air;
                if (within(0))
                    value = ventricle ? contrast.csf : within(-4) ? contrast.white : contrast.grey;
                else if (within(3))
                    value = contrast.csf;
                else if (within(9))
                    value = contrast.skull;
                else if (within(15) || neck)
                    value = contrast.scalp;
                const double field = 1 + bias * (p[0] / 90 + p[1] / 110 - p[2] / 100) / 2;
                const double real = value * field + random.normal(0, noise), imaginary = random.normal(0, noise);
                value = std::sqrt(real * real + imaginary * imaginary);
                head.brain.values.push_back(within(0));
                head.inside.values.push_back(within(3));
                head.image.values.push_back(cutOut && !within(0) ? 0.0F : static_cast<float>(500 * value));
            }
        }
    }
    return head;
}

/// A grid centred on the patient's origin.
inline imaging::Geometry centredGrid(const imaging::Index3 &size, const imaging::Vec3 &spacing,
                                     const imaging::Matrix3 &direction = {
                                         imaging::Vec3{1, 0, 0}, imaging::Vec3{0, 1, 0}, imaging::Vec3{0, 0, 1}})
{
    imaging::Geometry grid{size, spacing, {}, direction};
    const auto middle = grid.toPatient({(size[0] - 1) / 2.0, (size[1] - 1) / 2.0, (size[2] - 1) / 2.0});
    grid.origin = {-middle[0], -middle[1], -middle[2]};
    return grid;
}

inline double dice(const imaging::LabelMap &a, const imaging::LabelMap &b)
{
    double both = 0, sum = 0;
    for (std::size_t n = 0; n < a.values.size(); ++n) {
        both += a.values[n] && b.values[n];
        sum += (a.values[n] != 0) + (b.values[n] != 0);
    }
    return 2 * both / sum;
}

inline double millilitres(const imaging::LabelMap &mask)
{
    double voxels = 0;
    for (const auto value : mask.values)
        voxels += value != 0;
    return voxels * mask.geometry.voxelVolume() / 1000;
}

} // namespace consilium::test
