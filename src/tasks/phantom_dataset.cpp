// SPDX-License-Identifier: GPL-3.0-or-later
#include "tasks/phantom_dataset.h"

#include "core/new_folder.h"
#include "core/parallel.h"
#include "core/platform.h"
#include "imaging/landmarks.h"
#include "imaging/nifti.h"
#include "imaging/phantom/phantom.h"
#include "tasks/phantom_dicom.h"

#include <fmt/ranges.h>

namespace consilium::tasks {

namespace fs = std::filesystem;

namespace {

using imaging::PhantomCase;

std::vector<std::string> landmarkNames(const PhantomCase &made)
{
    std::vector<std::string> names;
    for (const auto &point : made.landmarks.points)
        names.push_back(point.name);
    return names;
}

/// A preset may call things by other names, but their number and order are the phantom's.
Result<> checkPreset(const Json &preset, const PhantomCase &made)
{
    const auto check = [&preset](const char *key, const std::vector<std::string> &there) -> Result<> {
        const auto wanted = preset.contains(key) && preset[key].is_array() ? preset[key].size() : 0;
        if (wanted == there.size())
            return {};
        return fail(ErrorCode::Invalid, "Task '{}' has {} {}, its phantom '{}' {} ({})", preset.value("name", ""),
                    wanted, key, preset["phantom"].get<std::string>(), there.size(), fmt::join(there, ", "));
    };
    if (auto fits = check("channels", made.channels); !fits)
        return fits;
    if (auto fits = check("labels", made.labelNames); !fits)
        return fits;
    return check("landmarks", landmarkNames(made));
}

Result<> writeNiftiCase(const fs::path &folder, const std::string &id, const PhantomCase &made)
{
    for (std::size_t channel = 0; channel < made.images.size(); ++channel) {
        const auto file = folder / "imagesTr" / fmt::format("{}_{:04}.nii.gz", id, channel);
        if (auto written = imaging::writeNifti(file, made.images[channel]); !written)
            return written;
    }
    if (!made.labels.values.empty())
        return imaging::writeLabels(folder / "labelsTr" / (id + ".nii.gz"), made.labels);
    return imaging::writeLandmarks(folder / "landmarksTr" / (id + ".mrk.json"), made.landmarks);
}

Json description(const Json &preset, const PhantomCase &example, const PhantomRequest &request)
{
    Json json{{"name", fmt::format("Synthetic {}, site {}", preset.value("title", "dataset"), request.siteShift)},
              {"channel_names", Json::object()},
              {"numTraining", request.cases},
              {"file_ending", ".nii.gz"},
              {"licence", "Synthetic: no person's data"}};
    for (std::size_t channel = 0; channel < example.channels.size(); ++channel)
        json["channel_names"][std::to_string(channel)] = example.channels[channel];
    if (!example.labelNames.empty()) {
        json["labels"] = Json::object();
        for (std::size_t value = 0; value < example.labelNames.size(); ++value)
            json["labels"][preset["labels"][value].get<std::string>()] = value;
    }
    if (!example.landmarks.points.empty())
        json["landmarks"] = landmarkNames(example);
    return json;
}

/// Everything of the dataset, into a folder nobody looks at yet.
Result<> writeDataset(const Json &preset, const fs::path &folder, const PhantomRequest &request)
{
    const auto kind = preset["phantom"].get<std::string>();
    const auto make = [&](std::size_t index) {
        return imaging::makePhantom(kind, index, request.siteShift, request.seed);
    };
    const auto first = make(0);
    if (!first)
        return fail(first.error(), "Task '{}'", preset.value("name", ""));
    if (auto fits = checkPreset(preset, *first); !fits)
        return fits;
    const auto write = [&](std::size_t index, const PhantomCase &made) {
        const auto id = fmt::format("phantom-{}-{:03}", request.siteShift, index + 1);
        if (request.format == PhantomFormat::Nifti)
            return writeNiftiCase(folder, id, made);
        return writePhantomDicom(folder / id, id, fmt::format("{} {} {}", kind, request.seed, id), made);
    };
    const int threads = request.threads > 0 ? request.threads : platform::availableCores();
    const auto written =
        forEachIndex(static_cast<std::size_t>(request.cases), threads, [&](std::size_t index) -> Result<> {
            if (platform::stopRequested())
                return fail(ErrorCode::Cancelled, "Stopped as asked; nothing was written");
            if (index == 0)
                return write(index, *first);
            return make(index).and_then([&](const PhantomCase &made) { return write(index, made); });
        });
    if (!written || request.format == PhantomFormat::Dicom)
        return written;
    return writeJson(folder / "dataset.json", description(preset, *first, request));
}

} // namespace

Result<> writePhantomDataset(const Json &preset, const fs::path &out, const PhantomRequest &request)
{
    if (!preset.contains("phantom") || !preset["phantom"].is_string())
        return failWithHint(ErrorCode::Unsupported, "Use real data, or name one as \"phantom\" in the task file",
                            "Task '{}' has no phantom", preset.value("name", ""));
    if (request.cases < 1 || request.siteShift < 0)
        return fail(ErrorCode::Invalid,
                    "A phantom needs at least one case and a site shift of 0 or more, not {} and {}", request.cases,
                    request.siteShift);
    return makeNewFolder(out, [&](const fs::path &partial) { return writeDataset(preset, partial, request); });
}

} // namespace consilium::tasks
