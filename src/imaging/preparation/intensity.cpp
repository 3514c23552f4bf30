// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/preparation/intensity.h"

#include "core/random.h"

#include <algorithm>
#include <cassert>
#include <cmath>

namespace consilium::imaging {

namespace {

/// Rearranges `values`, which must not be empty.
double percentileInPlace(std::vector<float> &values, double percent)
{
    const double rank = std::clamp(percent, 0.0, 100.0) / 100 * static_cast<double>(values.size() - 1);
    const auto lower = values.begin() + static_cast<std::ptrdiff_t>(rank);
    std::nth_element(values.begin(), lower, values.end());
    const double part = rank - std::floor(rank);
    if (part == 0 || lower + 1 == values.end())
        return *lower;
    return *lower + part * (double{*std::min_element(lower + 1, values.end())} - *lower);
}

std::vector<float> finite(std::span<const float> values, bool nonZero)
{
    std::vector<float> kept;
    kept.reserve(values.size());
    std::copy_if(values.begin(), values.end(), std::back_inserter(kept),
                 [&](float value) { return std::isfinite(value) && !(nonZero && value == 0); });
    return kept;
}

} // namespace

double percentile(std::span<const float> values, double percent)
{
    auto kept = finite(values, false);
    return kept.empty() ? 0 : percentileInPlace(kept, percent);
}

void clipPercentiles(Volume &volume, double low, double high, bool nonZero)
{
    auto kept = finite(volume.values, nonZero);
    if (kept.empty())
        return;
    const auto least = static_cast<float>(percentileInPlace(kept, low));
    const auto most = static_cast<float>(percentileInPlace(kept, high));
    for (auto &value : volume.values)
        if (std::isfinite(value) && !(nonZero && value == 0))
            value = std::clamp(value, least, most);
}

std::vector<float> drawForeground(const Volume &image, const LabelMap &labels, std::size_t count, std::uint64_t seed)
{
    assert(image.values.size() == labels.values.size());
    std::vector<float> foreground;
    for (std::size_t n = 0; n < labels.values.size(); ++n)
        if (labels.values[n] != 0 && std::isfinite(image.values[n]))
            foreground.push_back(image.values[n]);
    if (foreground.size() <= count)
        return foreground;
    Random random(seed);
    std::vector<float> drawn(count);
    for (auto &value : drawn)
        value = foreground[static_cast<std::size_t>(random.uniform() * static_cast<double>(foreground.size()))];
    return drawn;
}

Result<ForegroundIntensities> foregroundIntensities(std::span<const float> drawn)
{
    auto kept = finite(drawn, false);
    if (kept.empty())
        return fail(ErrorCode::Invalid, "No case has a labelled voxel, so there is no intensity to normalise by");
    ForegroundIntensities result;
    double sum = 0, squares = 0;
    for (const float value : kept)
        sum += value;
    result.mean = sum / static_cast<double>(kept.size());
    for (const float value : kept)
        squares += (value - result.mean) * (value - result.mean);
    result.standardDeviation = std::sqrt(squares / static_cast<double>(kept.size()));
    if (!(result.standardDeviation > 0))
        return fail(ErrorCode::Invalid, "Every labelled voxel has the value {}, so nothing can be normalised by it",
                    result.mean);
    result.low = percentileInPlace(kept, 0.5);
    result.high = percentileInPlace(kept, 99.5);
    return result;
}

} // namespace consilium::imaging
