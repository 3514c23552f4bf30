// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/quality/label_checks.h"

#include "imaging/distance.h"

#include <algorithm>
#include <cmath>
#include <optional>

namespace consilium::imaging {

namespace {

constexpr double s_gridTolerance = 0.1; // mm at the corners: no overlay shows it

// Share of labelled voxels outside the brain; the Ljubljana cases have 0.0001 at most, a shift by 20 mm leaves 0.02 to
// 0.07 outside.
constexpr double s_outside = 0.01, s_tooMuchOutside = 0.1;

// How much brighter lesions are than a rim around them, in standard deviations of the tissue: 2.3 in both Ljubljana
// cases, 2.5 to 3.9 in the phantoms. The labels of the other case give -0.1 to 0.1, mirrored ones 0.4 (1.3 ml) and 0.7
// (50 ml, nearly symmetric), a shift by 5 mm 0.2 and 0.7.
constexpr double s_dim = 1.4, s_tooDim = 0.9;

QualityFinding finding(Verdict verdict, double value, std::string reason)
{
    return {"labels", verdict, value, std::move(reason)};
}

bool isFlair(std::string name)
{
    std::transform(name.begin(), name.end(), name.begin(), [](unsigned char c) { return std::toupper(c); });
    return name.find("FLAIR") != std::string::npos;
}

struct Moments
{
    double sum = 0, squares = 0;
    std::int64_t count = 0;

    void add(double value)
    {
        sum += value;
        squares += value * value;
        ++count;
    }
    double mean() const { return sum / static_cast<double>(count); }
    double deviation() const
    {
        return std::sqrt(std::max(0.0, squares / static_cast<double>(count) - mean() * mean()));
    }
};

// Nothing when the rim or the labels have too few voxels in the brain.
std::optional<double> contrastOf(const LabelMap &labels, const QualityChannel &channel)
{
    constexpr float rimBegin = 1.5, rimEnd = 4.5; // mm: beyond partial volume, within the neighbourhood
    std::vector<float> values;
    for (std::size_t n = 0; n < labels.values.size(); ++n)
        if (channel.brain.values[n] && std::isfinite(channel.volume.values[n]))
            values.push_back(channel.volume.values[n]);
    if (values.empty())
        return std::nullopt;
    const auto middle = values.begin() + static_cast<std::ptrdiff_t>(values.size() / 2);
    std::nth_element(values.begin(), middle, values.end());
    const float fluid = *middle / 2;

    const auto distance = distanceTo(labels.values, labels.geometry);
    Moments inside, rim, tissue;
    for (std::size_t n = 0; n < labels.values.size(); ++n) {
        const float value = channel.volume.values[n];
        if (!channel.brain.values[n] || !std::isfinite(value))
            continue;
        if (labels.values[n])
            inside.add(value);
        else if (distance[n] > rimBegin && distance[n] < rimEnd)
            rim.add(value);
        if (value > fluid)
            tissue.add(value);
    }
    if (inside.count < 10 || rim.count < 10 || tissue.count == 0 || tissue.deviation() <= 0)
        return std::nullopt;
    return (inside.mean() - rim.mean()) / tissue.deviation();
}

void checkPlace(const LabelMap &labels, const QualityChannel &channel, std::int64_t labelled,
                std::vector<QualityFinding> &findings)
{
    std::int64_t outside = 0;
    for (std::size_t n = 0; n < labels.values.size(); ++n)
        outside += labels.values[n] && !channel.brain.values[n];
    const double share = static_cast<double>(outside) / static_cast<double>(labelled);
    if (share > s_outside)
        findings.push_back(
            finding(share > s_tooMuchOutside ? Verdict::Fail : Verdict::Warn, share,
                    fmt::format("{:.1f} % of what is labelled lies outside the brain, {:.0f} % is the most",
                                100 * share, 100 * s_outside)));
}

// The channel in which lesions are bright, when it lies on the labels' grid and its brain was found.
const QualityChannel *lesionChannel(const LabelMap &labels, const std::vector<QualityChannel> &channels)
{
    const auto flair = std::find_if(channels.begin(), channels.end(), [&](const QualityChannel &channel) {
        return isFlair(channel.name) && !channel.brain.values.empty() &&
               channel.volume.geometry.sameGrid(labels.geometry, s_gridTolerance);
    });
    return flair == channels.end() ? nullptr : &*flair;
}

} // namespace

std::vector<QualityFinding> checkLabels(const LabelMap &labels, const std::vector<QualityChannel> &channels,
                                        int labelCount)
{
    const auto &grid = channels.front().volume.geometry;
    std::vector<QualityFinding> findings;
    const auto largest = labels.values.empty() ? 0 : *std::max_element(labels.values.begin(), labels.values.end());
    const auto labelled =
        std::count_if(labels.values.begin(), labels.values.end(), [](std::uint8_t value) { return value != 0; });
    if (largest >= labelCount)
        findings.push_back(
            finding(Verdict::Fail, largest,
                    fmt::format("The labels go up to {}, the task has 0 to {}", largest, labelCount - 1)));
    if (labelled == 0) // a patient may have no lesion
        findings.push_back(finding(Verdict::Warn, 0, "Nothing is labelled"));
    if (!labels.geometry.sameGrid(grid, s_gridTolerance)) {
        findings.push_back(
            finding(Verdict::Fail, 0,
                    fmt::format("The labels ({} x {} x {} voxels) lie on another grid than {} ({} x {} x {})",
                                labels.geometry.size[0], labels.geometry.size[1], labels.geometry.size[2],
                                channels.front().name, grid.size[0], grid.size[1], grid.size[2])));
        return findings;
    }
    if (labelled == 0)
        return findings;
    if (!channels.front().brain.values.empty())
        checkPlace(labels, channels.front(), labelled, findings);
    const auto *flair = labelCount == 2 ? lesionChannel(labels, channels) : nullptr;
    const auto contrast = flair ? contrastOf(labels, *flair) : std::nullopt;
    const auto brighter = contrast ? fmt::format("{:.1f} standard deviations brighter than what is around it in {}",
                                                 *contrast, flair->name)
                                   : std::string();
    if (contrast && *contrast < s_dim)
        findings.push_back(finding(
            *contrast < s_tooDim ? Verdict::Fail : Verdict::Warn, *contrast,
            fmt::format(
                "What is labelled is {}, {} is the least: are these the labels of this case, and is that its {}?",
                brighter, s_dim, flair->name)));
    if (findings.empty()) {
        const double millilitres = static_cast<double>(labelled) * labels.geometry.voxelVolume() / 1000;
        findings.push_back(finding(Verdict::Pass, millilitres,
                                   contrast ? fmt::format("{:.2f} ml are labelled, {}", millilitres, brighter)
                                            : fmt::format("{:.2f} ml are labelled", millilitres)));
    }
    return findings;
}

} // namespace consilium::imaging
