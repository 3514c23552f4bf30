// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/quality/image_checks.h"

#include "imaging/canonical.h"
#include "imaging/resample.h"

#include <algorithm>
#include <cmath>
#include <limits>
#include <optional>

namespace consilium::imaging {

namespace {

// Measured: T1 59 and 45, FLAIR 12 and 14 in the two Ljubljana MS cases (1 mm, skull-stripped); 11 to 16 in the
// phantoms. With noise of a tenth of the brain's median added, all four have 9.7 to 9.8; with 15 %, T1 has 6.7 and
// FLAIR
// 8. At 8 the noise of one voxel is an eighth of the signal: the difference of grey and white matter in FLAIR.
constexpr double s_noisy = 10, s_tooNoisy = 8;

// Flat faces of the same brains: 0.06 at most for slices of 1 mm (one of them was scanned with the vertex at the edge).
// A round brain cut 4 mm below its top shows 0.12, 9 mm below it 0.25. A slice of t mm has a face of about 2 t / 60 mm
// by itself, and the brainstem leaves one of 0.06.
constexpr double s_cut = 0.08, s_tooMuchCut = 0.21, s_cutPerMillimetre = 0.04;
constexpr double s_smallBrain = 700, s_largeBrain = 2100; // ml, adults with fluid: 1000 to 1900

// Two masks of one brain that were made apart agree to 0.94 and better; a shift by 9 mm leaves 0.9, one by 17 mm 0.8.
constexpr double s_apart = 0.9, s_tooFarApart = 0.8;
constexpr double s_volumesDiffer = 0.15, s_volumesDifferTooMuch = 0.3;

// The ACR asks for 0.025 of a phantom; at 0.1 a ghost is as bright as the fluid in FLAIR.
constexpr double s_ghosts = 0.025, s_tooManyGhosts = 0.1;

Verdict above(double value, double warn, double failure)
{
    return value > failure ? Verdict::Fail : value > warn ? Verdict::Warn : Verdict::Pass;
}

Verdict below(double value, double warn, double failure)
{
    return value < failure ? Verdict::Fail : value < warn ? Verdict::Warn : Verdict::Pass;
}

std::optional<double> median(std::vector<float> &values)
{
    if (values.empty())
        return std::nullopt;
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    return *middle;
}

bool nameHolds(std::string name, std::string_view part)
{
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::toupper(c); });
    return name.find(part) != std::string::npos;
}

// Standard deviation of the noise in the blocks of 2 x 2 x 2 voxels that lie in the mask whole and whose mean is below
// `brightest`; nothing when there are fewer than 200 of them, which leave it uncertain by a tenth. A block's mean says
// nothing of its coefficient, so choosing by it, unlike choosing single voxels, leaves the noise as it is.
std::optional<double> noiseIn(const Volume &volume, const LabelMap &mask,
                              double brightest = std::numeric_limits<double>::infinity())
{
    const auto &size = volume.geometry.size;
    std::vector<float> coefficients;
    for (int k = 0; k + 1 < size[2]; k += 2)
        for (int j = 0; j + 1 < size[1]; j += 2)
            for (int i = 0; i + 1 < size[0]; i += 2) {
                double sum = 0, coefficient = 0;
                bool inside = true;
                for (int corner = 0; corner < 8 && inside; ++corner) {
                    const int di = corner & 1, dj = corner >> 1 & 1, dk = corner >> 2;
                    const auto n = static_cast<std::size_t>(volume.geometry.offset(i + di, j + dj, k + dk));
                    inside = mask.values[n] != 0;
                    sum += double{volume.values[n]};
                    coefficient += ((di + dj + dk) % 2 ? -1 : 1) * double{volume.values[n]};
                }
                if (inside && std::isfinite(sum) && sum / 8 < brightest)
                    coefficients.push_back(static_cast<float>(std::abs(coefficient) / std::sqrt(8)));
            }
    if (coefficients.size() < 200)
        return std::nullopt;
    return *median(coefficients) / 0.6745;
}

struct Cut
{
    double share = 0; // of the largest cross section
    int axis = 0;     // of the canonical grid
    bool low = false; // at its lower end
    double thickness = 1;
};

// The largest flat face of a mask on a canonical grid.
Cut largestCut(const LabelMap &mask)
{
    const auto &size = mask.geometry.size;
    const std::array<std::int64_t, 3> strides{1, size[0], std::int64_t{size[0]} * size[1]};
    Cut largest;
    double excess = -1;
    for (int axis = 0; axis < 3; ++axis) {
        const auto planes = static_cast<std::size_t>(size[axis]);
        std::vector<std::int64_t> section(planes), endsLow(planes), endsHigh(planes);
        for (int k = 0; k < size[2]; ++k)
            for (int j = 0; j < size[1]; ++j)
                for (int i = 0; i < size[0]; ++i) {
                    const auto n = mask.geometry.offset(i, j, k);
                    if (!mask.values[static_cast<std::size_t>(n)])
                        continue;
                    const int at = Index3{i, j, k}[axis];
                    const auto plane = static_cast<std::size_t>(at);
                    ++section[plane];
                    endsLow[plane] += at == 0 || !mask.values[static_cast<std::size_t>(n - strides[axis])];
                    endsHigh[plane] +=
                        at == size[axis] - 1 || !mask.values[static_cast<std::size_t>(n + strides[axis])];
                }
        const auto whole =
            static_cast<double>(std::max<std::int64_t>(1, *std::max_element(section.begin(), section.end())));
        for (const bool low : {true, false}) {
            const auto &ends = low ? endsLow : endsHigh;
            const double share = static_cast<double>(*std::max_element(ends.begin(), ends.end())) / whole;
            const double thickness = mask.geometry.spacing[axis];
            if (share - s_cutPerMillimetre * thickness > excess) {
                excess = share - s_cutPerMillimetre * thickness;
                largest = {share, axis, low, thickness};
            }
        }
    }
    return largest;
}

double millilitresOf(const LabelMap &mask)
{
    return static_cast<double>(std::count_if(mask.values.begin(), mask.values.end(), [](auto v) { return v != 0; })) *
           mask.geometry.voxelVolume() / 1000;
}

// First and last index along each axis where at least 2 % of a plane's crossing lines are brighter than `threshold`:
// single bright voxels of noise are not the head.
struct Bounds
{
    Index3 low{}, high{-1, -1, -1};
};

Bounds headBounds(const Volume &volume, float threshold, int firstK, int lastK)
{
    const auto &size = volume.geometry.size;
    std::vector<std::int64_t> alongI(static_cast<std::size_t>(size[0])), alongJ(static_cast<std::size_t>(size[1]));
    for (int k = firstK; k <= lastK; ++k)
        for (int j = 0; j < size[1]; ++j)
            for (int i = 0; i < size[0]; ++i)
                if (volume.at(i, j, k) > threshold) {
                    ++alongI[static_cast<std::size_t>(i)];
                    ++alongJ[static_cast<std::size_t>(j)];
                }
    const auto ends = [&](const std::vector<std::int64_t> &counts, int across, int &low, int &high) {
        const double enough = 0.02 * across * (lastK - firstK + 1);
        for (int n = 0; n < static_cast<int>(counts.size()); ++n)
            if (static_cast<double>(counts[static_cast<std::size_t>(n)]) > enough) {
                low = high < 0 ? n : low;
                high = n;
            }
    };
    Bounds bounds{{0, 0, firstK}, {-1, -1, lastK}};
    ends(alongI, size[1], bounds.low[0], bounds.high[0]);
    ends(alongJ, size[0], bounds.low[1], bounds.high[1]);
    return bounds;
}

struct Band
{
    double sum = 0;
    std::int64_t voxels = 0, zeros = 0;

    void add(float value)
    {
        sum += std::isfinite(value) ? value : 0;
        ++voxels;
        zeros += value == 0;
    }
    double mean() const { return sum / static_cast<double>(voxels); }
};

QualityFinding notMeasured(std::string check, std::string reason)
{
    return {std::move(check), Verdict::Pass, 0, std::move(reason)};
}

// First and last slice that hold brain; the middle half of the volume without one.
std::pair<int, int> brainSlices(const LabelMap &brain, const Geometry &geometry)
{
    const auto plane = static_cast<std::ptrdiff_t>(geometry.size[0]) * geometry.size[1];
    if (!brain.values.empty()) {
        const auto isBrain = [](std::uint8_t value) { return value != 0; };
        const auto first = std::find_if(brain.values.begin(), brain.values.end(), isBrain) - brain.values.begin();
        const auto last = brain.values.rend() - std::find_if(brain.values.rbegin(), brain.values.rend(), isBrain) - 1;
        // The lower third is level with the nose and the neck, which are not in every image.
        const auto low = static_cast<int>(first / plane), high = static_cast<int>(last / plane);
        return {low + (high - low) / 3, high};
    }
    return {geometry.size[2] / 4, geometry.size[2] - 1 - geometry.size[2] / 4};
}

} // namespace

QualityFinding checkSpacing(const QualityChannel &channel, const Vec3 &expected, double tolerance)
{
    const auto spacing = canonicalGeometry(channel.volume.geometry).spacing;
    double deviation = 0;
    for (int c = 0; c < 3; ++c)
        deviation = std::max(deviation, std::abs(spacing[c] - expected[c]));
    // A header's single precision must not decide at the limit itself.
    const auto verdict = deviation > tolerance + 1e-5 ? Verdict::Fail : Verdict::Pass;
    return {"spacing", verdict, deviation,
            fmt::format(
                "{}: voxels of {:.3g} x {:.3g} x {:.3g} mm, the task has {:.3g} x {:.3g} x {:.3g} mm, {:.2g} mm "
                "more or less",
                channel.name, spacing[0], spacing[1], spacing[2], expected[0], expected[1], expected[2], tolerance)};
}

QualityFinding checkSignalToNoise(const QualityChannel &channel)
{
    const auto &[name, volume, brain] = channel;
    std::vector<float> values;
    for (std::size_t n = 0; n < volume.values.size(); ++n)
        if (brain.values[n] && std::isfinite(volume.values[n]))
            values.push_back(volume.values[n]);
    const double signal = median(values).value_or(0);
    if (signal <= 0)
        return notMeasured("snr", fmt::format("{}: the brain is not brighter than 0, so no SNR was measured", name));

    std::optional<double> noise;
    const char *region = "fluid";
    if (nameHolds(name, "FLAIR"))
        noise = noiseIn(volume, brain, 0.3 * signal);
    if (!noise) {
        region = "the brain";
        noise = noiseIn(volume, brain);
    }
    if (!noise || *noise <= 0)
        return notMeasured("snr", fmt::format("{}: too little brain to measure the noise", name));
    const double ratio = signal / *noise;
    return {"snr", below(ratio, s_noisy, s_tooNoisy), ratio,
            fmt::format("{}: SNR {:.1f} (noise of {}), {} is the least", name, ratio, region, s_noisy)};
}

QualityFinding checkCoverage(const QualityChannel &channel)
{
    const double millilitres = millilitresOf(channel.brain);
    if (millilitres < s_smallBrain || millilitres > s_largeBrain)
        return {"coverage", Verdict::Warn, millilitres,
                fmt::format("{}: {:.0f} ml of brain, {:.0f} to {:.0f} ml are usual", channel.name, millilitres,
                            s_smallBrain, s_largeBrain)};
    constexpr std::string_view names[3][2] = {{"right", "left"}, {"front", "back"}, {"bottom", "top"}};
    const auto cut = largestCut(toCanonical(channel.brain));
    const double allowed = s_cutPerMillimetre * cut.thickness;
    const auto verdict = above(cut.share, s_cut + allowed, s_tooMuchCut + allowed);
    return {"coverage", verdict, cut.share,
            fmt::format("{}: the brain's largest flat face, at the {}, has {:.0f} % of its cross section, {:.0f} % is "
                        "the most for a whole brain",
                        channel.name, names[cut.axis][cut.low ? 0 : 1], 100 * cut.share, 100 * (s_cut + allowed))};
}

QualityFinding checkAgreement(const QualityChannel &first, const QualityChannel &second)
{
    const auto moved = second.brain.geometry.sameGrid(first.brain.geometry)
                           ? second.brain
                           : resampleLabels(second.brain, first.brain.geometry);
    std::int64_t both = 0, sum = 0;
    for (std::size_t n = 0; n < moved.values.size(); ++n) {
        both += moved.values[n] && first.brain.values[n];
        sum += (moved.values[n] != 0) + (first.brain.values[n] != 0);
    }
    const double dice = sum > 0 ? 2.0 * static_cast<double>(both) / static_cast<double>(sum) : 0;
    const double ratio = millilitresOf(second.brain) / std::max(1e-9, millilitresOf(first.brain));
    const double difference = std::abs(std::log(std::max(ratio, 1e-9)));
    return {
        "agreement",
        std::max(below(dice, s_apart, s_tooFarApart), above(difference, s_volumesDiffer, s_volumesDifferTooMuch)), dice,
        fmt::format("{} and {}: the brains overlap with a Dice of {:.2f} ({} is the least) and their volumes have the "
                    "ratio {:.2f}",
                    first.name, second.name, dice, s_apart, ratio)};
}

QualityFinding checkGhosting(const QualityChannel &channel)
{
    const auto volume = toCanonical(channel.volume);
    const auto brain = channel.brain.values.empty() ? LabelMap{} : toCanonical(channel.brain);
    const auto &size = volume.geometry.size;
    const auto range = valueRange(volume.values);
    const float threshold = range.low + (range.high - range.low) / 5;
    const auto [firstK, lastK] = brainSlices(brain, volume.geometry);
    const auto head = headBounds(volume, threshold, firstK, lastK);
    const Index3 margin{static_cast<int>(std::ceil(5 / volume.geometry.spacing[0])),
                        static_cast<int>(std::ceil(5 / volume.geometry.spacing[1])), 0};
    Band sides, frontAndBack, signal;
    for (int k = firstK; k <= lastK; ++k)
        for (int j = 0; j < size[1]; ++j)
            for (int i = 0; i < size[0]; ++i) {
                const float value = volume.at(i, j, k);
                const bool acrossI = i >= head.low[0] && i <= head.high[0];
                const bool acrossJ = j >= head.low[1] && j <= head.high[1];
                const bool besideI = i < head.low[0] - margin[0] || i > head.high[0] + margin[0];
                const bool besideJ = j < head.low[1] - margin[1] || j > head.high[1] + margin[1];
                if (value > threshold && acrossI && acrossJ)
                    signal.add(value);
                else if (acrossJ && besideI)
                    sides.add(value);
                else if (acrossI && besideJ)
                    frontAndBack.add(value);
            }
    if (signal.voxels == 0 || sides.voxels < 2000 || frontAndBack.voxels < 2000)
        return notMeasured("ghosting", fmt::format("{}: not measured, there is too little air around", channel.name));
    if (2 * (sides.zeros + frontAndBack.zeros) > sides.voxels + frontAndBack.voxels)
        return notMeasured("ghosting", fmt::format("{}: not measured, the background is masked to 0", channel.name));
    const double ratio = std::abs(frontAndBack.mean() - sides.mean()) / signal.mean();
    return {"ghosting", above(ratio, s_ghosts, s_tooManyGhosts), ratio,
            fmt::format("{}: ghosts of {:.1f} % of the signal {}, {:.1f} % is the most", channel.name, 100 * ratio,
                        frontAndBack.mean() > sides.mean() ? "in front of and behind the head" : "beside the head",
                        100 * s_ghosts)};
}

} // namespace consilium::imaging
