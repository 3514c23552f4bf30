// SPDX-License-Identifier: GPL-3.0-or-later
#include "fingerprint.h"

#include "case_preparation.h"
#include "core/parallel.h"
#include "evaluation/statistics.h"
#include "imaging/normalise.h"
#include "imaging/preparation/intensity.h"

#include <algorithm>
#include <array>
#include <set>

namespace consilium::localisation {

namespace {

constexpr std::array s_moments{"mean", "deviation", "median", "percentile0.5", "percentile99.5"};
using Moments = std::array<double, s_moments.size()>;

struct CaseSummary
{
    std::array<double, 2> size{}, spacing{}; ///< columns, rows
    std::vector<bool> shows;                 ///< per landmark
    std::vector<Moments> channels;
};

Moments momentsOf(const imaging::Volume &picture)
{
    const auto moments = imaging::intensityMoments(picture);
    const auto at = [&picture](double percent) { return imaging::percentile(picture.values, percent); };
    return {moments.mean, moments.standardDeviation, at(50), at(0.5), at(99.5)};
}

Result<CaseSummary> summarise(const tasks::DatasetCase &files, const std::vector<std::string> &landmarks)
{
    const auto raw = readCase(files, landmarks);
    if (!raw)
        return fail(raw.error());
    const auto &grid = raw->channels.front().geometry;
    CaseSummary summary;
    for (std::size_t axis = 0; axis < 2; ++axis) {
        summary.size[axis] = grid.size[axis];
        summary.spacing[axis] = grid.spacing[axis];
    }
    for (const auto &landmark : raw->reference.points)
        summary.shows.push_back(landmark.visibility != imaging::Visibility::Absent);
    for (const auto &channel : raw->channels)
        summary.channels.push_back(momentsOf(channel));
    return summary;
}

Json twoAxes(const std::vector<CaseSummary> &cases, std::array<double, 2> CaseSummary::*field)
{
    Json median = Json::array(), minimum = Json::array(), maximum = Json::array();
    for (std::size_t axis = 0; axis < 2; ++axis) {
        std::vector<double> values;
        for (const auto &entry : cases)
            values.push_back((entry.*field)[axis]);
        median.push_back(*evaluation::median(values));
        minimum.push_back(*std::min_element(values.begin(), values.end()));
        maximum.push_back(*std::max_element(values.begin(), values.end()));
    }
    return {{"median", median}, {"minimum", minimum}, {"maximum", maximum}};
}

Json averageMoments(const std::vector<CaseSummary> &cases, std::size_t channel)
{
    Json json = Json::object();
    for (std::size_t moment = 0; moment < s_moments.size(); ++moment) {
        double sum = 0;
        for (const auto &entry : cases)
            sum += entry.channels[channel][moment];
        json[s_moments[moment]] = sum / static_cast<double>(cases.size());
    }
    return json;
}

Result<> checkTask(const tasks::Dataset &dataset, const Json &preset)
{
    const auto task = preset.value("name", "");
    if (dataset.landmarks.empty())
        return fail(ErrorCode::Invalid, "Dataset {} has label maps, and task '{}' looks for landmarks",
                    dataset.folder.string(), task);
    if (preset.contains("channels") && preset["channels"].size() != dataset.channels.size())
        return fail(ErrorCode::Invalid, "Dataset {} has {} channel(s), task '{}' needs {}", dataset.folder.string(),
                    dataset.channels.size(), task, preset["channels"].size());
    const auto known = preset.value("landmarks", dataset.landmarks);
    for (const auto &name : dataset.landmarks)
        if (std::find(known.begin(), known.end(), name) == known.end())
            return failWithHint(ErrorCode::Invalid, "Name landmarks as the task does",
                                "Dataset {} has the landmark \"{}\", which task '{}' does not know",
                                dataset.folder.string(), name, task);
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
    const auto landmarks = preset.value("landmarks", dataset->landmarks);
    std::vector<CaseSummary> cases(dataset->cases.size());
    const auto done = forEachIndex(cases.size(), threads, [&](std::size_t index) -> Result<> {
        auto summary = summarise(dataset->cases[index], landmarks);
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
    std::vector<int> landmarkCases(landmarks.size(), 0);
    for (const auto &entry : cases) {
        for (std::size_t n = 0; n < landmarkCases.size(); ++n)
            landmarkCases[n] += entry.shows[n] ? 1 : 0;
    }
    auto intensity = Json::array();
    for (std::size_t channel = 0; channel < dataset->channels.size(); ++channel)
        intensity.push_back(averageMoments(cases, channel));
    return Json{{"format", 1},
                {"task", preset.value("name", "")},
                {"kind", preset.value("kind", "landmark-localisation")},
                {"channels", dataset->channels},
                {"landmarks", landmarks},
                {"cases", cases.size()},
                {"patients", patients.size()},
                {"landmarkCases", landmarkCases},
                {"size", twoAxes(cases, &CaseSummary::size)},
                {"spacing", twoAxes(cases, &CaseSummary::spacing)},
                {"intensity", intensity}};
}

} // namespace consilium::localisation
