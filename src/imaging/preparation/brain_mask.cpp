// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/preparation/brain_mask.h"

#include "imaging/canonical.h"
#include "imaging/preparation/brain_surface.h"
#include "imaging/resample.h"

#include <algorithm>
#include <cmath>
#include <numbers>
#include <optional>

namespace consilium::imaging {

namespace {

constexpr double s_headRadius = 85;                            // mm
constexpr double s_headHeight = 170;                           // mm below the vertex in which a brain lies
constexpr double s_smallestBrain = 250, s_largestBrain = 2400; // ml; what is left of a cropped one, and none is larger

/// The head on about 2 mm, each voxel the mean of eight: noise and thin vessels sink, and nothing finer is needed.
Volume coarse(const Volume &volume)
{
    auto geometry = canonicalGeometry(volume.geometry);
    const auto fine = resample(volume, withSpacing(geometry, {1, 1, 1}));
    const auto &size = fine.geometry.size;
    Volume result{fine.geometry, {}};
    result.geometry.size = {std::max(1, size[0] / 2), std::max(1, size[1] / 2), std::max(1, size[2] / 2)};
    result.geometry.spacing = {2, 2, 2};
    result.geometry.origin = fine.geometry.toPatient({0.5, 0.5, 0.5});
    result.values.reserve(static_cast<std::size_t>(result.geometry.voxels()));
    for (int k = 0; k < result.geometry.size[2]; ++k) {
        for (int j = 0; j < result.geometry.size[1]; ++j) {
            for (int i = 0; i < result.geometry.size[0]; ++i) {
                double sum = 0;
                for (int corner = 0; corner < 8; ++corner) {
                    const float value = fine.at(std::min(2 * i + (corner & 1), size[0] - 1),
                                                std::min(2 * j + (corner >> 1 & 1), size[1] - 1),
                                                std::min(2 * k + (corner >> 2), size[2] - 1));
                    sum += std::isfinite(value) ? value : 0;
                }
                result.values.push_back(static_cast<float>(sum / 8));
            }
        }
    }
    return result;
}

double percentile(std::vector<float> values, double percent)
{
    const auto place = static_cast<std::ptrdiff_t>(percent / 100 * static_cast<double>(values.size() - 1));
    std::nth_element(values.begin(), values.begin() + place, values.end());
    return values[static_cast<std::size_t>(place)];
}

/// The lowest slice that belongs to the head rather than to the neck.
int lowestSlice(const Volume &head, double threshold)
{
    const auto &size = head.geometry.size;
    const auto plane = std::ptrdiff_t{size[0]} * size[1];
    for (int k = size[2] - 1; k >= 0; --k) {
        const auto first = head.values.begin() + k * plane;
        const auto above = std::count_if(first, first + plane, [&](float value) { return value > threshold; });
        const double area = static_cast<double>(above) * head.geometry.spacing[0] * head.geometry.spacing[1];
        if (area < 1500) // mm^2: noise, or hair
            continue;
        double height = s_headHeight;
        if (k == size[2] - 1) { // the vertex is cut off: what is missing is the cap of a sphere above this slice
            const double radius = std::min(std::sqrt(area / std::numbers::pi), s_headRadius);
            height -= s_headRadius - std::sqrt(s_headRadius * s_headRadius - radius * radius);
        }
        return std::max(0, k - static_cast<int>(height / head.geometry.spacing[2]));
    }
    return 0;
}

struct Ball
{
    Vec3 centre{}; ///< LPS mm
    double radius = 0;
};

/// The centre of brightness of the head and the radius of a ball of its volume. Nothing when nothing is bright.
std::optional<Ball> headBall(const Volume &head, const BrainIntensities &intensities)
{
    const auto &size = head.geometry.size;
    double weight = 0;
    Vec3 sum{};
    std::int64_t voxels = 0;
    for (int k = lowestSlice(head, intensities.head); k < size[2]; ++k) {
        for (int j = 0; j < size[1]; ++j) {
            for (int i = 0; i < size[0]; ++i) {
                const double value = std::min<double>(head.at(i, j, k), intensities.bright) - intensities.background;
                if (value <= intensities.head - intensities.background)
                    continue;
                weight += value;
                ++voxels;
                const Vec3 index{1.0 * i, 1.0 * j, 1.0 * k};
                for (int c = 0; c < 3; ++c)
                    sum[c] += value * index[c];
            }
        }
    }
    if (voxels == 0)
        return std::nullopt;
    const double volume = static_cast<double>(voxels) * head.geometry.voxelVolume();
    return Ball{head.geometry.toPatient({sum[0] / weight, sum[1] / weight, sum[2] / weight}),
                std::cbrt(volume * 3 / (4 * std::numbers::pi))};
}

/// The median of what is brighter than air in the ball.
double medianInside(const Volume &head, const Ball &ball, double threshold)
{
    std::vector<float> inside;
    const auto &size = head.geometry.size;
    for (int k = 0; k < size[2]; ++k) {
        for (int j = 0; j < size[1]; ++j) {
            for (int i = 0; i < size[0]; ++i) {
                const auto p = head.geometry.toPatient({1.0 * i, 1.0 * j, 1.0 * k});
                const double distance = std::hypot(p[0] - ball.centre[0], p[1] - ball.centre[1], p[2] - ball.centre[2]);
                if (distance < ball.radius && head.at(i, j, k) > threshold)
                    inside.push_back(head.at(i, j, k));
            }
        }
    }
    return inside.empty() ? threshold : percentile(std::move(inside), 50);
}

/// Sets every voxel that no path of zeros joins to the border.
void fillHoles(LabelMap &mask)
{
    const auto &size = mask.geometry.size;
    std::vector<Index3> open;
    const auto reach = [&](int i, int j, int k) {
        if (i < 0 || j < 0 || k < 0 || i >= size[0] || j >= size[1] || k >= size[2])
            return;
        auto &value = mask.values[static_cast<std::size_t>(mask.geometry.offset(i, j, k))];
        if (value == 0) {
            value = 2; // outside
            open.push_back({i, j, k});
        }
    };
    for (int k = 0; k < size[2]; ++k)
        for (int j = 0; j < size[1]; ++j)
            for (int i = 0; i < size[0]; ++i)
                if (i == 0 || j == 0 || k == 0 || i == size[0] - 1 || j == size[1] - 1 || k == size[2] - 1)
                    reach(i, j, k);
    while (!open.empty()) {
        const auto [i, j, k] = open.back();
        open.pop_back();
        reach(i - 1, j, k);
        reach(i + 1, j, k);
        reach(i, j - 1, k);
        reach(i, j + 1, k);
        reach(i, j, k - 1);
        reach(i, j, k + 1);
    }
    for (auto &value : mask.values)
        value = value != 2;
}

/// What differs from one constant background, when there is such a background; else nothing.
std::optional<LabelMap> cutOut(const Volume &volume)
{
    const float background = volume.values.front();
    const auto same = std::count(volume.values.begin(), volume.values.end(), background);
    if (volume.values.back() != background || 4 * same < static_cast<std::ptrdiff_t>(volume.values.size()))
        return std::nullopt;
    LabelMap mask{volume.geometry, {}};
    mask.values.reserve(volume.values.size());
    for (const float value : volume.values)
        mask.values.push_back(value != background);
    fillHoles(mask);
    return mask;
}

double overlap(const LabelMap &a, const LabelMap &b) // Dice
{
    std::int64_t both = 0, sum = 0;
    for (std::size_t n = 0; n < a.values.size(); ++n) {
        both += a.values[n] & b.values[n];
        sum += a.values[n] + b.values[n];
    }
    return sum > 0 ? 2.0 * static_cast<double>(both) / static_cast<double>(sum) : 1;
}

} // namespace

Result<LabelMap> brainMask(const Volume &volume)
{
    if (volume.values.empty())
        return fail(ErrorCode::Invalid, "The image holds no voxel");
    const auto head = coarse(volume);
    BrainIntensities intensities;
    intensities.background = percentile(head.values, 2);
    intensities.bright = percentile(head.values, 98);
    if (!(intensities.bright > intensities.background))
        return fail(ErrorCode::Invalid, "The image has no contrast, so no brain can be found in it");
    intensities.head = intensities.background + 0.1 * (intensities.bright - intensities.background);
    const auto ball = headBall(head, intensities);
    if (!ball)
        return fail(ErrorCode::Invalid, "The image shows no head, so no brain can be found in it");
    intensities.brain = medianInside(head, *ball, intensities.head);

    auto surface = sphere(ball->centre, ball->radius / 2, 4);
    growBrainSurface(surface, head, intensities);
    auto mask = voxelsInside(surface, volume.geometry);
    // A brain cut out by a better tool, or by hand, is taken as it was cut.
    if (auto cut = cutOut(volume); cut && overlap(*cut, mask) > 0.8)
        mask = std::move(*cut);

    const auto voxels = std::count(mask.values.begin(), mask.values.end(), std::uint8_t{1});
    const double millilitres = static_cast<double>(voxels) * volume.geometry.voxelVolume() / 1000;
    if (millilitres < s_smallestBrain || millilitres > s_largestBrain)
        return fail(ErrorCode::Invalid, "No brain was found in the image: what looks like one has {:.0f} ml",
                    millilitres);
    return mask;
}

} // namespace consilium::imaging
