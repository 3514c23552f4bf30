// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/normalise.h"

#include <algorithm>
#include <cmath>

namespace consilium::imaging {

namespace {

// Two passes: the one-pass sum of squares loses all digits on images with a large offset.
template <typename Counts>
IntensityMoments momentsOf(const std::vector<float> &values, const Counts &counts)
{
    IntensityMoments moments;
    double sum = 0;
    for (const float value : values) {
        if (counts(value)) {
            sum += value;
            ++moments.voxels;
        }
    }
    if (moments.voxels == 0)
        return moments;
    moments.mean = sum / static_cast<double>(moments.voxels);
    double squares = 0;
    for (const float value : values)
        if (counts(value))
            squares += (value - moments.mean) * (value - moments.mean);
    moments.standardDeviation = std::sqrt(squares / static_cast<double>(moments.voxels));
    return moments;
}

// Below the resolution of float32 a spread is rounding, not an image.
bool varies(const IntensityMoments &moments)
{
    return moments.standardDeviation > 1e-6 * std::abs(moments.mean);
}

// What no scheme can make an image of.
Result<> refusal(const IntensityMoments &moments)
{
    if (moments.voxels == 0)
        return fail(ErrorCode::Invalid, "The image holds no finite value");
    return fail(ErrorCode::Invalid, "The image holds one value everywhere ({})", moments.mean);
}

} // namespace

IntensityMoments intensityMoments(const Volume &volume)
{
    std::int64_t zeros = 0, finite = 0;
    for (const float value : volume.values) {
        finite += std::isfinite(value);
        zeros += value == 0;
    }
    if (4 * zeros > finite) {
        const auto moments = momentsOf(volume.values, [](float v) { return std::isfinite(v) && v != 0; });
        if (moments.voxels > 0 && varies(moments))
            return moments; // else a mask: its zeros are half of what it says
    }
    return momentsOf(volume.values, [](float v) { return std::isfinite(v); });
}

Result<> zscore(Volume &volume)
{
    const auto moments = intensityMoments(volume);
    if (!varies(moments))
        return refusal(moments);
    for (auto &value : volume.values)
        value = std::isfinite(value) ? static_cast<float>((value - moments.mean) / moments.standardDeviation) : 0.0F;
    return {};
}

Result<> normaliseByForeground(Volume &volume, const ForegroundIntensities &intensities)
{
    if (const auto moments = intensityMoments(volume); !varies(moments))
        return refusal(moments);
    for (auto &value : volume.values) {
        const double kept =
            std::isfinite(value) ? std::clamp<double>(value, intensities.low, intensities.high) : intensities.mean;
        value = static_cast<float>((kept - intensities.mean) / intensities.standardDeviation);
    }
    return {};
}

Result<> rescaleToUnit(Volume &volume)
{
    if (const auto moments = intensityMoments(volume); !varies(moments))
        return refusal(moments);
    const auto range = valueRange(volume.values);
    const bool spread = range.low < range.high;
    const double low = spread ? range.low : range.minimum, high = spread ? range.high : range.maximum;
    for (auto &value : volume.values)
        value = std::isfinite(value) ? static_cast<float>(std::clamp((value - low) / (high - low), 0.0, 1.0)) : 0.0F;
    return {};
}

} // namespace consilium::imaging
