// SPDX-License-Identifier: GPL-3.0-or-later
#include "learning/augmentation/augmentation.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace consilium::learning {

namespace {

Matrix multiply(const Matrix &a, const Matrix &b)
{
    Matrix product{};
    for (int row = 0; row < 3; ++row)
        for (int column = 0; column < 3; ++column)
            for (int k = 0; k < 3; ++k)
                product[row][column] += a[row][k] * b[k][column];
    return product;
}

Matrix rotationAbout(int axis, double degrees)
{
    const double angle = degrees * std::numbers::pi / 180;
    const int first = (axis + 1) % 3, second = (axis + 2) % 3;
    Matrix rotation{{{1, 0, 0}, {0, 1, 0}, {0, 0, 1}}};
    rotation[first][first] = rotation[second][second] = std::cos(angle);
    rotation[first][second] = -std::sin(angle);
    rotation[second][first] = std::sin(angle);
    return rotation;
}

void copyPatch(const Sample &sample, const Extent &start, const Extent &patch, std::span<float> image,
               std::span<std::uint8_t> labels)
{
    const auto &size = sample.size;
    const std::int64_t firstX = std::max<std::int64_t>(0, -start[2]);
    const std::int64_t endX = std::min(patch[2], size[2] - start[2]);
    const std::int64_t patchVoxels = patch[0] * patch[1] * patch[2];
    std::ranges::fill(image, 0.0f);
    std::ranges::fill(labels, std::uint8_t(0));
    if (endX <= firstX)
        return;
    for (std::int64_t z = 0; z < patch[0]; ++z) {
        const auto sourceZ = z + start[0];
        if (sourceZ < 0 || sourceZ >= size[0])
            continue;
        for (std::int64_t y = 0; y < patch[1]; ++y) {
            const auto sourceY = y + start[1];
            if (sourceY < 0 || sourceY >= size[1])
                continue;
            const auto from = (sourceZ * size[1] + sourceY) * size[2] + start[2] + firstX;
            const auto to = (z * patch[1] + y) * patch[2] + firstX;
            for (int c = 0; c < sample.channels; ++c)
                std::copy_n(sample.image.data() + c * sample.voxels() + from, endX - firstX,
                            image.data() + c * patchVoxels + to);
            if (!sample.labels.empty())
                std::copy_n(sample.labels.data() + from, endX - firstX, labels.data() + to);
        }
    }
}

/// The eight neighbours of a point with their weights; those outside the case have weight zero and index zero.
struct Neighbours
{
    std::array<std::int64_t, 8> index;
    std::array<float, 8> weight;

    Neighbours(const std::array<double, 3> &at, const std::array<std::int64_t, 3> &low, const Extent &size)
    {
        std::array<std::array<float, 2>, 3> share;
        std::array<std::array<std::int64_t, 2>, 3> place;
        for (int axis = 0; axis < 3; ++axis) {
            const auto part = static_cast<float>(at[axis] - static_cast<double>(low[axis]));
            share[axis] = {1 - part, part};
            for (int side = 0; side < 2; ++side) {
                place[axis][side] = low[axis] + side;
                if (place[axis][side] < 0 || place[axis][side] >= size[axis]) {
                    place[axis][side] = 0;
                    share[axis][side] = 0;
                }
            }
        }
        for (int corner = 0; corner < 8; ++corner) {
            const int z = corner >> 2, y = corner >> 1 & 1, x = corner & 1;
            index[corner] = (place[0][z] * size[1] + place[1][y]) * size[2] + place[2][x];
            weight[corner] = share[0][z] * share[1][y] * share[2][x];
        }
    }
};

template <typename T>
void flipAxis(std::span<T> volume, const Extent &extent, int axis)
{
    const std::int64_t inner = axis == 2 ? 1 : axis == 1 ? extent[2] : extent[1] * extent[2];
    const std::int64_t length = extent[axis];
    const auto outer = static_cast<std::int64_t>(volume.size()) / (inner * length);
    for (std::int64_t block = 0; block < outer; ++block) {
        T *first = volume.data() + block * inner * length;
        for (std::int64_t i = 0; i < length / 2; ++i)
            std::swap_ranges(first + i * inner, first + (i + 1) * inner, first + (length - 1 - i) * inner);
    }
}

struct Moments
{
    double mean = 0;
    double deviation = 0;
};

Moments moments(std::span<const float> values)
{
    double sum = 0, squares = 0;
    for (const float value : values)
        sum += value;
    const double mean = sum / static_cast<double>(values.size());
    for (const float value : values)
        squares += (value - mean) * (value - mean);
    return {mean, std::sqrt(squares / static_cast<double>(values.size()))};
}

} // namespace

Matrix turnAndScale(const std::array<double, 3> &degrees, const std::array<double, 3> &scale,
                    const std::array<double, 3> &spacing)
{
    Matrix matrix{};
    for (int axis = 0; axis < 3; ++axis)
        matrix[axis][axis] = spacing[axis] / scale[axis];
    for (int axis = 0; axis < 3; ++axis)
        if (degrees[axis] != 0)
            matrix = multiply(rotationAbout(axis, degrees[axis]), matrix);
    for (int row = 0; row < 3; ++row)
        for (auto &entry : matrix[row])
            entry /= spacing[row];
    return matrix;
}

void readPatch(const Sample &sample, const Placement &placement, const Extent &patch, std::span<float> image,
               std::span<std::uint8_t> labels)
{
    if (!placement.deformed)
        return copyPatch(sample, placement.start, patch, image, labels);

    const auto &size = sample.size;
    const auto &matrix = placement.matrix;
    const auto caseVoxels = sample.voxels();
    const auto patchVoxels = patch[0] * patch[1] * patch[2];
    std::array<double, 3> middle, centre;
    for (int axis = 0; axis < 3; ++axis) {
        middle[axis] = 0.5 * static_cast<double>(patch[axis] - 1);
        centre[axis] = static_cast<double>(placement.start[axis]) + middle[axis];
    }
    std::int64_t voxel = 0;
    for (std::int64_t z = 0; z < patch[0]; ++z) {
        for (std::int64_t y = 0; y < patch[1]; ++y) {
            std::array<double, 3> row;
            for (int axis = 0; axis < 3; ++axis)
                row[axis] = centre[axis] + matrix[axis][0] * (static_cast<double>(z) - middle[0]) +
                            matrix[axis][1] * (static_cast<double>(y) - middle[1]);
            for (std::int64_t x = 0; x < patch[2]; ++x, ++voxel) {
                std::array<double, 3> at;
                std::array<std::int64_t, 3> low;
                bool touches = true;
                for (int axis = 0; axis < 3; ++axis) {
                    at[axis] = row[axis] + matrix[axis][2] * (static_cast<double>(x) - middle[2]);
                    low[axis] = static_cast<std::int64_t>(std::floor(at[axis]));
                    touches = touches && low[axis] >= -1 && low[axis] < size[axis];
                }
                if (!touches) {
                    for (int c = 0; c < sample.channels; ++c)
                        image[c * patchVoxels + voxel] = 0;
                    labels[voxel] = 0;
                    continue;
                }
                const Neighbours near(at, low, size);
                for (int c = 0; c < sample.channels; ++c) {
                    const float *channel = sample.image.data() + c * caseVoxels;
                    float value = 0;
                    for (int corner = 0; corner < 8; ++corner)
                        value += near.weight[corner] * channel[near.index[corner]];
                    image[c * patchVoxels + voxel] = value;
                }
                if (sample.labels.empty())
                    continue;
                std::array<std::int64_t, 3> nearest;
                bool inside = true;
                for (int axis = 0; axis < 3; ++axis) {
                    nearest[axis] = static_cast<std::int64_t>(std::floor(at[axis] + 0.5));
                    inside = inside && nearest[axis] >= 0 && nearest[axis] < size[axis];
                }
                labels[voxel] = inside ? sample.labels[(nearest[0] * size[1] + nearest[1]) * size[2] + nearest[2]]
                                       : std::uint8_t(0);
            }
        }
    }
}

void flip(std::span<float> volume, const Extent &extent, int axis)
{
    flipAxis(volume, extent, axis);
}
void flip(std::span<std::uint8_t> volume, const Extent &extent, int axis)
{
    flipAxis(volume, extent, axis);
}

void applyGamma(std::span<float> channel, double gamma)
{
    const auto [low, high] = std::ranges::minmax(channel);
    const float range = high - low;
    if (!(range > 0))
        return;
    const auto before = moments(channel);
    const auto exponent = static_cast<float>(gamma);
    for (auto &value : channel)
        value = std::pow((value - low) / range, exponent) * range + low;
    const auto after = moments(channel);
    const double factor = after.deviation > 0 ? before.deviation / after.deviation : 1;
    for (auto &value : channel)
        value = static_cast<float>((value - after.mean) * factor + before.mean);
}

void applyContrast(std::span<float> channel, double factor)
{
    const auto [low, high] = std::ranges::minmax(channel);
    const double mean = moments(channel).mean;
    for (auto &value : channel)
        value = std::clamp(static_cast<float>((value - mean) * factor + mean), low, high);
}

void addNoise(std::span<float> channel, double deviation, Random &random)
{
    for (auto &value : channel)
        value += static_cast<float>(deviation * random.normal());
}

} // namespace consilium::learning
