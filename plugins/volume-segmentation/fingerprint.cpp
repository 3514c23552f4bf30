// SPDX-License-Identifier: GPL-3.0-or-later
#include "fingerprint.h"

#include "case_preparation.h"
#include "core/parallel.h"
#include "evaluation/statistics.h"
#include "imaging/canonical.h"
#include "tasks/dataset.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numeric>
#include <set>

namespace consilium::segmentation {

namespace {

constexpr std::array s_moments{"mean", "deviation", "median", "percentile0.5", "percentile99.5"};
using Moments = std::array<double, s_moments.size()>;

/// Of a case's foreground voxels so many stand for all: a large organ does not outweigh the other cases.
constexpr std::size_t mostVoxelsOfACase = 10000;

/// What one case adds. A case without foreground has no foreground moments.
struct CaseSummary
{
    std::array<double, 3> size{}, spacing{}, extent{};
    std::vector<bool> holds; ///< per label
    std::vector<Moments> image;
    std::vector<std::optional<Moments>> foreground;
    std::vector<std::vector<float>> foregroundVoxels; ///< some of them, per channel
};

/// As evaluation::percentile, in place and without sorting: `values` are put into another order.
double percentileOf(std::vector<float> &values, double percent)
{
    const double rank = percent / 100 * static_cast<double>(values.size() - 1);
    const auto below = values.begin() + static_cast<std::ptrdiff_t>(rank);
    std::nth_element(values.begin(), below, values.end());
    const auto above = below + 1 == values.end() ? below : std::min_element(below + 1, values.end());
    return *below + (rank - std::floor(rank)) * (double{*above} - *below);
}

std::optional<Moments> momentsOf(std::vector<float> values)
{
    if (values.empty())
        return std::nullopt;
    const auto count = static_cast<double>(values.size());
    const double mean = std::accumulate(values.begin(), values.end(), 0.0) / count;
    double squares = 0;
    for (const double value : values)
        squares += (value - mean) * (value - mean);
    const double deviation = values.size() > 1 ? std::sqrt(squares / (count - 1)) : 0;
    return Moments{mean, deviation, percentileOf(values, 50), percentileOf(values, 0.5), percentileOf(values, 99.5)};
}

/// At most mostVoxelsOfACase of the values, evenly spaced through the image.
std::vector<float> evenly(const std::vector<float> &values)
{
    if (values.size() <= mostVoxelsOfACase)
        return values;
    std::vector<float> chosen;
    chosen.reserve(mostVoxelsOfACase);
    for (std::size_t index = 0; index < mostVoxelsOfACase; ++index)
        chosen.push_back(values[index * values.size() / mostVoxelsOfACase]);
    return chosen;
}

Result<CaseSummary> summarise(const tasks::DatasetCase &files, std::size_t labelCount)
{
    auto raw = readCase(files, labelCount);
    if (!raw)
        return fail(raw.error());
    CaseSummary summary;
    const auto grid = imaging::canonicalGeometry(raw->channels.front().geometry);
    for (std::size_t axis = 0; axis < 3; ++axis) {
        summary.size[axis] = grid.size[axis];
        summary.spacing[axis] = grid.spacing[axis];
        summary.extent[axis] = grid.size[axis] * grid.spacing[axis];
    }
    summary.holds.assign(labelCount, false);
    for (const auto label : raw->labels.values)
        summary.holds[label] = true;
    const auto &labels = raw->labels.values;
    for (auto &channel : raw->channels) {
        std::vector<float> foreground;
        for (std::size_t voxel = 0; voxel < labels.size(); ++voxel) {
            if (labels[voxel] != 0)
                foreground.push_back(channel.values[voxel]);
        }
        summary.image.push_back(*momentsOf(std::move(channel.values)));
        summary.foregroundVoxels.push_back(evenly(foreground));
        summary.foreground.push_back(momentsOf(std::move(foreground)));
    }
    return summary;
}

Json threeAxes(const std::vector<CaseSummary> &cases, std::array<double, 3> CaseSummary::*field)
{
    Json json = Json::object();
    for (std::size_t axis = 0; axis < 3; ++axis) {
        std::vector<double> values;
        for (const auto &entry : cases)
            values.push_back((entry.*field)[axis]);
        json["minimum"].push_back(*std::min_element(values.begin(), values.end()));
        json["percentile10"].push_back(*evaluation::percentile(values, 10));
        json["median"].push_back(*evaluation::median(values));
        json["percentile90"].push_back(*evaluation::percentile(values, 90));
        json["maximum"].push_back(*std::max_element(values.begin(), values.end()));
    }
    return json;
}

Json toJson(const Moments &moments)
{
    Json json = Json::object();
    for (std::size_t index = 0; index < s_moments.size(); ++index)
        json[s_moments[index]] = moments[index];
    return json;
}

Json average(const std::vector<Moments> &moments)
{
    if (moments.empty())
        return nullptr;
    Moments sum{};
    for (const auto &entry : moments) {
        for (std::size_t index = 0; index < sum.size(); ++index)
            sum[index] += entry[index] / static_cast<double>(moments.size());
    }
    return toJson(sum);
}

Json pooled(const std::vector<CaseSummary> &cases, std::size_t channel)
{
    std::vector<float> all;
    for (const auto &entry : cases)
        all.insert(all.end(), entry.foregroundVoxels[channel].begin(), entry.foregroundVoxels[channel].end());
    const auto voxels = all.size();
    const auto moments = momentsOf(std::move(all));
    if (!moments)
        return nullptr;
    auto json = toJson(*moments);
    json["voxels"] = voxels;
    return json;
}

/// "CT" where the task or the dataset names a channel so (nnU-Net's convention): its values have a unit. Else "other".
Json modalities(const tasks::Dataset &dataset, const Json &preset)
{
    const auto isCt = [](const std::string &name) {
        return name.size() == 2 && (name[0] == 'C' || name[0] == 'c') && (name[1] == 'T' || name[1] == 't');
    };
    const auto named = preset.value("channels", dataset.channels);
    auto json = Json::array();
    for (std::size_t channel = 0; channel < dataset.channels.size(); ++channel)
        json.push_back(isCt(named[channel]) || isCt(dataset.channels[channel]) ? "CT" : "other");
    return json;
}

Result<> checkTask(const tasks::Dataset &dataset, const Json &preset)
{
    const auto count = [&preset](const char *key, std::size_t otherwise) {
        return preset.contains(key) ? preset[key].size() : otherwise;
    };
    if (const auto wanted = count("channels", dataset.channels.size()); wanted != dataset.channels.size())
        return fail(ErrorCode::Invalid, "Dataset {} has {} channel(s), task '{}' needs {}", dataset.folder.string(),
                    dataset.channels.size(), preset.value("name", ""), wanted);
    if (const auto wanted = count("labels", dataset.labels.size()); wanted != dataset.labels.size())
        return fail(ErrorCode::Invalid, "Dataset {} has {} labels with the background, task '{}' needs {}",
                    dataset.folder.string(), dataset.labels.size(), preset.value("name", ""), wanted);
    return {};
}

} // namespace

Result<Json> datasetFingerprint(const std::filesystem::path &data, const Json &preset, int threads)
{
    const auto dataset = tasks::openDataset(data);
    if (!dataset)
        return fail(dataset.error());
    if (auto fits = checkTask(*dataset, preset); !fits)
        return fail(fits.error());
    std::vector<CaseSummary> cases(dataset->cases.size());
    const auto done = forEachIndex(cases.size(), threads, [&](std::size_t index) -> Result<> {
        auto summary = summarise(dataset->cases[index], dataset->labels.size());
        if (!summary)
            return fail(summary.error());
        cases[index] = std::move(*summary);
        return {};
    });
    if (!done)
        return fail(done.error());

    std::set<std::string> patients;
    for (const auto &entry : dataset->cases)
        patients.insert(entry.patient);
    std::vector<int> labelCases(dataset->labels.size(), 0);
    for (const auto &entry : cases) {
        for (std::size_t label = 0; label < labelCases.size(); ++label)
            labelCases[label] += entry.holds[label] ? 1 : 0;
    }
    auto intensity = Json::array();
    for (std::size_t channel = 0; channel < dataset->channels.size(); ++channel) {
        std::vector<Moments> image, foreground;
        for (const auto &entry : cases) {
            image.push_back(entry.image[channel]);
            if (entry.foreground[channel])
                foreground.push_back(*entry.foreground[channel]);
        }
        intensity.push_back(
            {{"image", average(image)}, {"foreground", average(foreground)}, {"pooled", pooled(cases, channel)}});
    }
    return Json{{"format", 1},
                {"task", preset.value("name", "")},
                {"kind", "volume-segmentation"},
                {"channels", dataset->channels},
                {"modalities", modalities(*dataset, preset)},
                {"labels", dataset->labels},
                {"cases", cases.size()},
                {"patients", patients.size()},
                {"labelCases", labelCases},
                {"size", threeAxes(cases, &CaseSummary::size)},
                {"spacing", threeAxes(cases, &CaseSummary::spacing)},
                {"extent", threeAxes(cases, &CaseSummary::extent)},
                {"intensity", intensity}};
}

} // namespace consilium::segmentation
