// SPDX-License-Identifier: GPL-3.0-or-later
#include "learning/augmentation/resolution.h"

#include <algorithm>
#include <cmath>
#include <vector>

namespace consilium::learning {

namespace {

std::int64_t mirrored(std::int64_t index, std::int64_t length)
{
    const auto period = 2 * length;
    const auto place = (index % period + period) % period;
    return place < length ? place : period - 1 - place;
}

/// The half of a Gaussian kernel from its middle, scaled so that the whole kernel sums to 1.
std::vector<float> halfKernel(double sigma)
{
    const int radius = std::max(1, static_cast<int>(std::lround(4 * sigma)));
    std::vector<double> weights(radius + 1);
    double sum = 0;
    for (int i = 0; i <= radius; ++i) {
        weights[i] = std::exp(-0.5 * i * i / (sigma * sigma));
        sum += i == 0 ? weights[i] : 2 * weights[i];
    }
    std::vector<float> kernel;
    for (const double weight : weights)
        kernel.push_back(static_cast<float>(weight / sum));
    return kernel;
}

/// A volume stretched to `length` voxels along one axis, linearly between the middles of its own; `extent` follows.
std::vector<float> stretched(std::span<const float> volume, Extent &extent, int axis, std::int64_t length)
{
    const auto before = extent[axis];
    const std::int64_t inner = axis == 2 ? 1 : axis == 1 ? extent[2] : extent[1] * extent[2];
    const auto outer = static_cast<std::int64_t>(volume.size()) / (before * inner);
    extent[axis] = length;

    std::vector<std::int64_t> low, high;
    std::vector<float> part;
    const double step = static_cast<double>(before) / static_cast<double>(length);
    for (std::int64_t i = 0; i < length; ++i) {
        const double place =
            std::clamp((static_cast<double>(i) + 0.5) * step - 0.5, 0.0, static_cast<double>(before - 1));
        low.push_back(static_cast<std::int64_t>(place));
        high.push_back(std::min(before - 1, low.back() + 1));
        part.push_back(static_cast<float>(place - static_cast<double>(low.back())));
    }

    std::vector<float> result(outer * length * inner);
    float *to = result.data();
    for (std::int64_t block = 0; block < outer; ++block) {
        const float *from = volume.data() + block * before * inner;
        for (std::int64_t i = 0; i < length; ++i) {
            const float *a = from + low.data()[i] * inner, *b = from + high.data()[i] * inner;
            const float share = part.data()[i];
            for (std::int64_t j = 0; j < inner; ++j)
                *to++ = a[j] + share * (b[j] - a[j]);
        }
    }
    return result;
}

} // namespace

void blur(std::span<float> channel, const Extent &extent, double sigma)
{
    const auto kernel = halfKernel(sigma);
    const auto radius = static_cast<std::int64_t>(kernel.size()) - 1;
    std::vector<float> padded;
    for (int axis = 0; axis < 3; ++axis) {
        const auto length = extent[axis];
        if (length == 1)
            continue;
        const std::int64_t inner = axis == 2 ? 1 : axis == 1 ? extent[2] : extent[1] * extent[2];
        const auto block = length * inner;
        padded.resize((length + 2 * radius) * inner);
        for (std::int64_t first = 0; first < static_cast<std::int64_t>(channel.size()); first += block) {
            float *values = channel.data() + first;
            for (std::int64_t i = -radius; i < length + radius; ++i)
                std::copy_n(values + mirrored(i, length) * inner, inner, padded.data() + (i + radius) * inner);
            const float *middle = padded.data() + radius * inner;
            for (std::int64_t i = 0; i < block; ++i)
                values[i] = kernel[0] * middle[i];
            for (std::int64_t k = 1; k <= radius; ++k) {
                const float weight = kernel.data()[k];
                const float *before = middle - k * inner, *after = middle + k * inner;
                for (std::int64_t i = 0; i < block; ++i)
                    values[i] += weight * (before[i] + after[i]);
            }
        }
    }
}

void simulateLowResolution(std::span<float> channel, const Extent &extent, double zoom, const std::array<bool, 3> &axes)
{
    std::vector<float> volume(channel.begin(), channel.end());
    auto current = extent;
    for (int axis = 0; axis < 3; ++axis)
        if (axes[axis])
            volume = stretched(volume, current, axis,
                               std::max<std::int64_t>(1, std::llround(static_cast<double>(extent[axis]) * zoom)));
    for (int axis = 2; axis >= 0; --axis)
        if (axes[axis])
            volume = stretched(volume, current, axis, extent[axis]);
    std::ranges::copy(volume, channel.begin());
}

} // namespace consilium::learning
