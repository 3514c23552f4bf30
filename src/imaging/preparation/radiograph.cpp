// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/preparation/radiograph.h"

#include <algorithm>
#include <cmath>

namespace consilium::imaging {

namespace {

/// Where the original comes to lie in the square, in pixels of the square.
struct Placement
{
    int width = 0, height = 0; ///< of the part that it fills
    int left = 0, top = 0;
};

Result<Placement> placementOf(const Geometry &original, int side)
{
    const auto &[width, height, slices] = original.size;
    if (slices != 1 || width < 1 || height < 1)
        return fail(ErrorCode::Invalid, "A radiograph is one slice; this image has {} x {} x {} voxels", width, height,
                    slices);
    const double wide = width * original.spacing[0], high = height * original.spacing[1];
    const double pixel = std::max(wide, high) / side;
    Placement placement;
    placement.width = std::clamp(static_cast<int>(std::lround(wide / pixel)), 1, side);
    placement.height = std::clamp(static_cast<int>(std::lround(high / pixel)), 1, side);
    placement.left = (side - placement.width) / 2;
    placement.top = (side - placement.height) / 2;
    return placement;
}

Geometry gridOf(const Geometry &original, const Placement &placement, int side)
{
    Geometry grid = original;
    grid.size = {side, side, 1};
    grid.spacing[0] = original.spacing[0] * original.size[0] / placement.width;
    grid.spacing[1] = original.spacing[1] * original.size[1] / placement.height;
    // The outer faces of the first pixels of the original and of its place in the square are one.
    const double i = (0.5 - placement.left) * original.size[0] / placement.width - 0.5;
    const double j = (0.5 - placement.top) * original.size[1] / placement.height - 0.5;
    grid.origin = original.toPatient({i, j, 0});
    return grid;
}

double keys(double x)
{
    x = std::abs(x);
    return x < 1 ? (1.5 * x - 2.5) * x * x + 1 : x < 2 ? ((-0.5 * x + 2.5) * x - 4) * x + 2 : 0;
}

/// The pixels that one new pixel is made of, along one axis.
struct Taps
{
    int first = 0;
    std::vector<double> weights;
};

std::vector<Taps> tapsOf(int from, int to)
{
    const double step = static_cast<double>(from) / to, widening = std::max(1.0, step);
    std::vector<Taps> taps(static_cast<std::size_t>(to));
    for (int n = 0; n < to; ++n) {
        const double centre = (n + 0.5) * step - 0.5;
        auto &tap = taps[static_cast<std::size_t>(n)];
        tap.first = std::max(0, static_cast<int>(std::ceil(centre - 2 * widening)));
        const int last = std::min(from - 1, static_cast<int>(std::floor(centre + 2 * widening)));
        double sum = 0;
        for (int source = tap.first; source <= last; ++source) {
            tap.weights.push_back(keys((source - centre) / widening));
            sum += tap.weights.back();
        }
        for (auto &weight : tap.weights)
            weight /= sum;
    }
    return taps;
}

} // namespace

Result<Geometry> radiographGrid(const Geometry &original, int side)
{
    const auto placement = placementOf(original, side);
    if (!placement)
        return fail(placement.error());
    return gridOf(original, *placement, side);
}

Result<Volume> fitRadiograph(const Volume &radiograph, int side)
{
    const auto &original = radiograph.geometry;
    const auto placement = placementOf(original, side);
    if (!placement)
        return fail(placement.error());
    const auto range = valueRange(radiograph.values);
    const int rows = original.size[1];
    const auto across = tapsOf(original.size[0], placement->width), down = tapsOf(rows, placement->height);

    const auto width = static_cast<std::size_t>(placement->width);
    std::vector<double> narrowed(width * static_cast<std::size_t>(rows));
    for (int j = 0; j < rows; ++j) {
        const float *row = radiograph.values.data() + original.offset(0, j, 0);
        for (std::size_t i = 0; i < width; ++i) {
            double sum = 0;
            for (std::size_t n = 0; n < across[i].weights.size(); ++n) {
                const float value = row[across[i].first + static_cast<int>(n)];
                sum += across[i].weights[n] * (std::isfinite(value) ? value : range.minimum);
            }
            narrowed[static_cast<std::size_t>(j) * width + i] = sum;
        }
    }

    Volume square{gridOf(original, *placement, side), {}};
    square.values.assign(static_cast<std::size_t>(square.geometry.voxels()), range.minimum);
    std::vector<double> sums(width);
    for (int j = 0; j < placement->height; ++j) {
        const auto &tap = down[static_cast<std::size_t>(j)];
        std::fill(sums.begin(), sums.end(), 0);
        for (std::size_t n = 0; n < tap.weights.size(); ++n) {
            const double *row = narrowed.data() + (static_cast<std::size_t>(tap.first) + n) * width;
            for (std::size_t i = 0; i < width; ++i)
                sums[i] += tap.weights[n] * row[i];
        }
        float *out = square.values.data() + square.geometry.offset(placement->left, placement->top + j, 0);
        for (const double sum : sums)
            *out++ = std::clamp(static_cast<float>(sum), range.minimum, range.maximum);
    }
    return square;
}

} // namespace consilium::imaging
