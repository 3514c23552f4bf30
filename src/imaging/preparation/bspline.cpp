// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/preparation/bspline.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace consilium::imaging {

namespace {

const double s_pole = std::sqrt(3.0) - 2;

/// The first value of the causal pass over samples mirrored at both ends, as weights of the samples.
std::vector<double> startWeights(int count)
{
    std::vector<double> weights;
    if (std::pow(std::abs(s_pole), count) < 1e-12) { // the far end is out of hearing
        for (double power = 1; std::abs(power) > 1e-12; power *= s_pole)
            weights.push_back(power);
        return weights;
    }
    const double around = 1 - std::pow(s_pole, 2 * count - 2);
    for (int n = 0; n < count; ++n) {
        const bool end = n == 0 || n == count - 1;
        weights.push_back((std::pow(s_pole, n) + (end ? 0 : std::pow(s_pole, 2 * count - 2 - n))) / around);
    }
    return weights;
}

/// Turns samples into spline coefficients along one axis: `count` groups of `inner` neighbours in memory, `outer`
/// times.
void filterAxis(std::vector<float> &values, std::size_t outer, int count, std::size_t inner)
{
    if (count == 1)
        return;
    const auto weights = startWeights(count);
    std::vector<double> line(static_cast<std::size_t>(count) * inner);
    for (std::size_t block = 0; block < outer; ++block) {
        float *samples = values.data() + block * line.size();
        std::copy(samples, samples + line.size(), line.begin());
        const auto group = [&](int n) { return line.data() + static_cast<std::size_t>(n) * inner; };
        std::vector<double> first(inner, 0);
        for (std::size_t n = 0; n < weights.size(); ++n)
            for (std::size_t i = 0; i < inner; ++i)
                first[i] += weights[n] * samples[n * inner + i];
        std::copy(first.begin(), first.end(), line.begin());
        for (int n = 1; n < count; ++n) {
            double *here = group(n);
            const double *before = group(n - 1);
            for (std::size_t i = 0; i < inner; ++i)
                here[i] += s_pole * before[i];
        }
        const double end = s_pole / (s_pole * s_pole - 1);
        for (std::size_t i = 0; i < inner; ++i)
            group(count - 1)[i] = end * (s_pole * group(count - 2)[i] + group(count - 1)[i]);
        for (int n = count - 2; n >= 0; --n) {
            double *here = group(n);
            const double *after = group(n + 1);
            for (std::size_t i = 0; i < inner; ++i)
                here[i] = s_pole * (after[i] - here[i]);
        }
        for (std::size_t n = 0; n < line.size(); ++n)
            samples[n] = static_cast<float>(6 * line[n]);
    }
}

std::vector<float> coefficientsOf(std::vector<float> values, const Index3 &size)
{
    const auto nx = static_cast<std::size_t>(size[0]), ny = static_cast<std::size_t>(size[1]),
               nz = static_cast<std::size_t>(size[2]);
    filterAxis(values, ny * nz, size[0], 1);
    filterAxis(values, nz, size[1], nx);
    // Plane by plane along k, so that the working copy stays in the cache.
    std::vector<float> slab(nx * nz);
    for (std::size_t j = 0; j < ny; ++j) {
        for (std::size_t k = 0; k < nz; ++k)
            std::copy_n(values.begin() + static_cast<std::ptrdiff_t>((k * ny + j) * nx), nx,
                        slab.begin() + static_cast<std::ptrdiff_t>(k * nx));
        filterAxis(slab, 1, size[2], nx);
        for (std::size_t k = 0; k < nz; ++k)
            std::copy_n(slab.begin() + static_cast<std::ptrdiff_t>(k * nx), nx,
                        values.begin() + static_cast<std::ptrdiff_t>((k * ny + j) * nx));
    }
    return values;
}

/// The four coefficients that reach a place along one axis.
struct Reach
{
    std::array<std::int64_t, 4> offset;
    std::array<double, 4> weight;
    std::int64_t lower, upper; // the voxels on either side
};

/// False when `index` lies more than half a voxel outside.
bool reach(double index, int size, std::int64_t stride, Reach &out)
{
    if (!(index >= -0.5 - 1e-6 && index <= size - 0.5 + 1e-6))
        return false;
    index = std::clamp(index, 0.0, size - 1.0);
    const int lower = std::min(static_cast<int>(index), std::max(0, size - 2));
    const double t = index - lower, u = 1 - t;
    out.weight = {u * u * u / 6, 2.0 / 3 - t * t * (2 - t) / 2, 2.0 / 3 - u * u * (2 - u) / 2, t * t * t / 6};
    for (int n = 0; n < 4; ++n) {
        int place = std::abs(lower - 1 + n);
        if (place > size - 1)
            place = std::max(0, 2 * (size - 1) - place);
        out.offset[n] = std::min(place, size - 1) * stride;
    }
    out.lower = lower * stride;
    out.upper = std::min(lower + 1, size - 1) * stride;
    return true;
}

bool equalAround(const float *values, const Reach &x, const Reach &y, const Reach &z)
{
    const float first = values[x.lower + y.lower + z.lower];
    for (unsigned corner = 1; corner < 8; ++corner)
        if (values[(corner & 1 ? x.upper : x.lower) + (corner & 2 ? y.upper : y.lower) +
                   (corner & 4 ? z.upper : z.lower)] != first)
            return false;
    return true;
}

double splineAt(const float *coefficients, const Reach &x, const Reach &y, const Reach &z)
{
    double sum = 0;
    for (int k = 0; k < 4; ++k) {
        double plane = 0;
        for (int j = 0; j < 4; ++j) {
            const float *row = coefficients + z.offset[k] + y.offset[j];
            plane += y.weight[j] * (x.weight[0] * row[x.offset[0]] + x.weight[1] * row[x.offset[1]] +
                                    x.weight[2] * row[x.offset[2]] + x.weight[3] * row[x.offset[3]]);
        }
        sum += z.weight[k] * plane;
    }
    return sum;
}

/// A copy without values that are not finite, and the smallest that is.
std::pair<std::vector<float>, float> finiteValues(const std::vector<float> &values)
{
    float smallest = std::numeric_limits<float>::infinity();
    for (const float value : values)
        if (std::isfinite(value))
            smallest = std::min(smallest, value);
    if (!std::isfinite(smallest))
        smallest = 0;
    auto finite = values;
    for (auto &value : finite)
        if (!std::isfinite(value))
            value = smallest;
    return {std::move(finite), smallest};
}

} // namespace

Volume resampleBSpline(const Volume &volume, const Geometry &target, std::optional<float> outside)
{
    if (volume.geometry == target)
        return volume;
    const auto &source = volume.geometry;
    const auto [values, smallest] = finiteValues(volume.values);
    const auto coefficients = coefficientsOf(values, source.size);
    const std::array<std::int64_t, 3> strides{1, source.size[0], std::int64_t{source.size[0]} * source.size[1]};
    Volume result{target, std::vector<float>(static_cast<std::size_t>(target.voxels()), outside.value_or(smallest))};

    // Both grids are affine: three steps hold the whole map of indices.
    const auto origin = source.toIndex(target.toPatient({0, 0, 0}));
    std::array<Vec3, 3> steps{};
    for (int c = 0; c < 3; ++c) {
        Vec3 unit{};
        unit[c] = 1;
        steps[c] = source.toIndex(target.toPatient(unit));
        for (int r = 0; r < 3; ++r)
            steps[c][r] -= origin[r];
    }
    std::size_t offset = 0;
    for (int k = 0; k < target.size[2]; ++k) {
        for (int j = 0; j < target.size[1]; ++j) {
            for (int i = 0; i < target.size[0]; ++i, ++offset) {
                std::array<Reach, 3> at;
                bool inside = true;
                for (int c = 0; c < 3 && inside; ++c)
                    inside = reach(origin[c] + steps[0][c] * i + steps[1][c] * j + steps[2][c] * k, source.size[c],
                                   strides[c], at[c]);
                if (!inside)
                    continue;
                result.values[offset] = equalAround(values.data(), at[0], at[1], at[2])
                                            ? values[at[0].lower + at[1].lower + at[2].lower]
                                            : static_cast<float>(splineAt(coefficients.data(), at[0], at[1], at[2]));
            }
        }
    }
    return result;
}

} // namespace consilium::imaging
