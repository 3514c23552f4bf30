// SPDX-License-Identifier: GPL-3.0-or-later
#include "learning/augmentation/intensity_changes.h"

#include "learning/augmentation/intensity.h"
#include "learning/augmentation/radiograph.h"
#include "learning/augmentation/resolution.h"

namespace consilium::learning {

double drawFactor(const std::array<double, 2> &range, Random &random)
{
    if (range[0] < 1 && range[1] > 1)
        return random.chance(0.5) ? random.uniform(range[0], 1) : random.uniform(1, range[1]);
    return random.uniform(range[0], range[1]);
}

void changeIntensities(const Plan::Augmentation &ranges, const IntensityOdds &odds, std::span<float> image,
                       const Extent &extent, const std::array<bool, 3> &finelySampled, Random &random)
{
    const auto voxels = static_cast<std::size_t>(extent[0] * extent[1] * extent[2]);
    const auto spans = [](const std::array<double, 2> &range) { return range[0] < range[1]; };
    const auto eachChannel = [&](double share, const auto &change) {
        for (std::size_t first = 0; first < image.size(); first += voxels)
            if (share == 1 || random.chance(share))
                change(image.subspan(first, voxels));
    };
    const auto height = extent[1];

    if (ranges.clahe > 1 && random.chance(odds.equalisation))
        eachChannel(1, [&](auto channel) { equalise(channel, height, random.uniform(1, ranges.clahe)); });
    if (ranges.noise > 0 && random.chance(odds.noise)) {
        const double deviation = random.uniform(0, ranges.noise);
        eachChannel(1, [&](auto channel) { addNoise(channel, deviation, random); });
    }
    if (ranges.blur > 0 && random.chance(odds.blur))
        eachChannel(odds.channel,
                    [&](auto channel) { blur(channel, extent, random.uniform(ranges.blur / 2, ranges.blur)); });
    if (spans(ranges.brightness) && random.chance(odds.brightness))
        eachChannel(1, [&](auto channel) { applyBrightness(channel, drawFactor(ranges.brightness, random)); });
    if (spans(ranges.contrast) && random.chance(odds.contrast))
        eachChannel(1, [&](auto channel) { applyContrast(channel, drawFactor(ranges.contrast, random)); });
    if (ranges.lowResolution < 1 && random.chance(odds.lowResolution))
        eachChannel(odds.channel, [&](auto channel) {
            simulateLowResolution(channel, extent, random.uniform(ranges.lowResolution, 1), finelySampled);
        });
    for (const bool inverted : {true, false})
        if (spans(ranges.gamma) && random.chance(inverted ? odds.invertedGamma : odds.gamma))
            eachChannel(1, [&](auto channel) { applyGamma(channel, drawFactor(ranges.gamma, random), inverted); });
    if (ranges.dropout > 0 && random.chance(odds.dropout))
        eachChannel(1, [&](auto channel) { blankRectangles(channel, height, ranges.dropout, random); });
}

} // namespace consilium::learning
