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
#include <set>

namespace consilium::segmentation {

namespace {

constexpr std::array s_moments{"mean", "deviation", "median", "percentile0.5", "percentile99.5"};
using Moments = std::array<double, s_moments.size()>;

/// What one case adds. A case without foreground has no foreground moments.
struct CaseSummary
{
    std::array<double, 3> size{}, spacing{};
    std::vector<bool> holds; ///< per label
    std::vector<Moments> image;
    std::vector<std::optional<Moments>> foreground;
};

std::optional<Moments> momentsOf(std::vector<double> values)
{
    if (values.empty())
        return std::nullopt;
    // Sorted once: the three order statistics are then found without sorting again.
    std::sort(values.begin(), values.end());
    const double mean = *evaluation::mean(values);
    const auto at = [&values](double percent) {
        const double rank = percent / 100 * static_cast<double>(values.size() - 1);
        const auto below = static_cast<std::size_t>(rank);
        const auto above = std::min(below + 1, values.size() - 1);
        return values[below] + (rank - static_cast<double>(below)) * (values[above] - values[below]);
    };
    return Moments{mean, evaluation::standardDeviation(values).value_or(0), at(50), at(0.5), at(99.5)};
}

Result<CaseSummary> summarise(const tasks::DatasetCase &files, std::size_t labelCount)
{
    const auto raw = readCase(files, labelCount);
    if (!raw)
        return fail(raw.error());
    CaseSummary summary;
    const auto grid = imaging::canonicalGeometry(raw->channels.front().geometry);
    for (std::size_t axis = 0; axis < 3; ++axis) {
        summary.size[axis] = grid.size[axis];
        summary.spacing[axis] = grid.spacing[axis];
    }
    summary.holds.assign(labelCount, false);
    for (const auto label : raw->labels.values)
        summary.holds[label] = true;
    for (std::size_t channel = 0; channel < raw->channels.size(); ++channel) {
        std::vector<double> all, foreground;
        const auto &values = raw->channels[channel].values;
        all.reserve(values.size());
        for (std::size_t voxel = 0; voxel < values.size(); ++voxel) {
            if (!std::isfinite(values[voxel]))
                continue;
            all.push_back(values[voxel]);
            if (!raw->labels.values.empty() && raw->labels.values[voxel] != 0)
                foreground.push_back(values[voxel]);
        }
        const auto whole = momentsOf(std::move(all));
        if (!whole)
            return fail(ErrorCode::Invalid, "Case {}: {} holds no finite value", files.id,
                        files.channels[channel].string());
        summary.image.push_back(*whole);
        summary.foreground.push_back(momentsOf(std::move(foreground)));
    }
    return summary;
}

Json threeAxes(const std::vector<CaseSummary> &cases, std::array<double, 3> CaseSummary::*field)
{
    Json median = Json::array(), minimum = Json::array(), maximum = Json::array();
    for (std::size_t axis = 0; axis < 3; ++axis) {
        std::vector<double> values;
        for (const auto &entry : cases)
            values.push_back((entry.*field)[axis]);
        median.push_back(*evaluation::median(values));
        minimum.push_back(*std::min_element(values.begin(), values.end()));
        maximum.push_back(*std::max_element(values.begin(), values.end()));
    }
    return {{"median", median}, {"minimum", minimum}, {"maximum", maximum}};
}

Json average(const std::vector<Moments> &moments)
{
    if (moments.empty())
        return nullptr;
    Json json = Json::object();
    for (std::size_t index = 0; index < s_moments.size(); ++index) {
        double sum = 0;
        for (const auto &entry : moments)
            sum += entry[index];
        json[s_moments[index]] = sum / static_cast<double>(moments.size());
    }
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
        intensity.push_back({{"image", average(image)}, {"foreground", average(foreground)}});
    }
    return Json{{"format", 1},
                {"task", preset.value("name", "")},
                {"kind", "volume-segmentation"},
                {"channels", dataset->channels},
                {"labels", dataset->labels},
                {"cases", cases.size()},
                {"patients", patients.size()},
                {"labelCases", labelCases},
                {"size", threeAxes(cases, &CaseSummary::size)},
                {"spacing", threeAxes(cases, &CaseSummary::spacing)},
                {"intensity", intensity}};
}

} // namespace consilium::segmentation
