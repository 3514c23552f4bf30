// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/preparation/shrink.h"

#include <algorithm>
#include <cmath>

namespace consilium::imaging {

Index3 shrinkFactors(const Geometry &geometry, double spacing)
{
    Index3 factors{};
    for (int c = 0; c < 3; ++c) {
        const auto rounded = static_cast<int>(std::lround(spacing / geometry.spacing[c]));
        const auto most = static_cast<int>(1.5 * spacing / geometry.spacing[c]);
        factors[c] = std::clamp(std::min(rounded, most), 1, std::max(1, geometry.size[c]));
    }
    return factors;
}

Volume shrunk(const Volume &volume, const Index3 &factors)
{
    const auto &fine = volume.geometry;
    Volume result{fine, {}};
    auto &coarse = result.geometry;
    Vec3 first{}; // the centre of the first block
    for (int c = 0; c < 3; ++c) {
        coarse.size[c] = (fine.size[c] + factors[c] - 1) / factors[c];
        coarse.spacing[c] = fine.spacing[c] * factors[c];
        first[c] = (factors[c] - 1) / 2.0;
    }
    coarse.origin = fine.toPatient(first);
    std::vector<double> sums(static_cast<std::size_t>(coarse.voxels()), 0);
    std::size_t offset = 0;
    for (int k = 0; k < fine.size[2]; ++k) {
        for (int j = 0; j < fine.size[1]; ++j) {
            double *row = sums.data() + coarse.offset(0, j / factors[1], k / factors[2]);
            for (int i = 0; i < fine.size[0]; ++i) {
                const float value = volume.values[offset++];
                row[i / factors[0]] += std::isfinite(value) ? value : 0;
            }
        }
    }
    result.values.reserve(sums.size());
    const auto extent = [&](int block, int c) { return std::min(factors[c], fine.size[c] - block * factors[c]); };
    offset = 0;
    for (int k = 0; k < coarse.size[2]; ++k)
        for (int j = 0; j < coarse.size[1]; ++j)
            for (int i = 0; i < coarse.size[0]; ++i)
                result.values.push_back(
                    static_cast<float>(sums[offset++] / (extent(i, 0) * extent(j, 1) * extent(k, 2))));
    return result;
}

} // namespace consilium::imaging
