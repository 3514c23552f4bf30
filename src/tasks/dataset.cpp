// SPDX-License-Identifier: GPL-3.0-or-later
#include "tasks/dataset.h"

#include "core/json.h"
#include "tasks/dataset_description.h"

#include <algorithm>
#include <map>
#include <set>

namespace consilium::tasks {

namespace fs = std::filesystem;

namespace {

constexpr auto s_layout = "Expected imagesTr/CASE_0000.nii.gz, labelsTr/CASE.nii.gz and dataset.json";

/// Names of the visible files of a folder, sorted. Errors: NotFound.
Result<std::vector<fs::path>> filesOf(const fs::path &folder)
{
    std::vector<fs::path> files;
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
        // Some systems leave companions such as ._case_0000.nii.gz beside every file.
        std::error_code broken; // a link that leads nowhere is no file
        if (!entry->path().filename().string().starts_with('.') && entry->is_regular_file(broken))
            files.push_back(entry->path());
    }
    if (error)
        return fail(ErrorCode::NotFound, "Folder {} could not be read: {}", folder.string(), error.message());
    std::sort(files.begin(), files.end());
    return files;
}

/// Channel files by case and number. `ending` empty: either.
Result<std::map<std::string, std::map<int, fs::path>>> channelFiles(const fs::path &folder, const std::string &ending)
{
    const auto files = filesOf(folder);
    if (!files)
        return fail(files.error());
    std::map<std::string, std::map<int, fs::path>> cases;
    for (const auto &file : *files) {
        const auto name = channelFileName(file);
        if (!name || (!ending.empty() && name->ending != ending))
            continue;
        const auto [place, isNew] = cases[name->caseId].emplace(name->channel, file);
        if (!isNew)
            return fail(ErrorCode::Invalid, "Case {}: channel {} is there twice, {} and {}", name->caseId,
                        name->channel, place->second.filename().string(), file.filename().string());
    }
    return cases;
}

Result<std::vector<fs::path>> completeChannels(const std::string &caseId, const std::map<int, fs::path> &files,
                                               int channels, const fs::path &folder)
{
    std::vector<fs::path> ordered;
    for (int channel = 0; channel < channels; ++channel) {
        const auto file = files.find(channel);
        if (file == files.end())
            return fail(ErrorCode::Invalid, "Case {}: channel {} is missing; expected {}_{:04}.nii.gz in {}", caseId,
                        channel, caseId, channel, folder.string());
        ordered.push_back(file->second);
    }
    if (files.size() > ordered.size())
        return fail(ErrorCode::Invalid, "Case {}: {} is beyond the {} channel(s) there should be", caseId,
                    files.rbegin()->second.string(), channels);
    return ordered;
}

/// The case's label map, or its landmarks.
Result<> addReference(DatasetCase &entry, const fs::path &folder, const DatasetDescription &description)
{
    std::error_code error;
    if (description.landmarks.empty()) {
        entry.labels = folder / "labelsTr" / (entry.id + description.fileEnding);
        if (!fs::is_regular_file(*entry.labels, error))
            return fail(ErrorCode::Invalid, "Case {}: its label map {} is missing", entry.id, entry.labels->string());
        return {};
    }
    for (const auto *ending : {".mrk.json", ".json", ".csv"}) {
        auto file = folder / "landmarksTr" / (entry.id + ending);
        if (fs::is_regular_file(file, error)) {
            entry.landmarks = std::move(file);
            return {};
        }
    }
    return fail(ErrorCode::Invalid, "Case {}: its landmarks {} are missing", entry.id,
                (folder / "landmarksTr" / (entry.id + ".mrk.json")).string());
}

} // namespace

std::optional<ChannelFileName> channelFileName(const fs::path &file)
{
    const auto name = file.filename().string();
    for (const std::string ending : {".nii.gz", ".nii"}) {
        if (!name.ends_with(ending))
            continue;
        const auto stem = name.substr(0, name.size() - ending.size());
        if (stem.size() < 6 || stem[stem.size() - 5] != '_')
            return std::nullopt;
        const auto digits = stem.substr(stem.size() - 4);
        if (!std::all_of(digits.begin(), digits.end(), [](char c) { return c >= '0' && c <= '9'; }))
            return std::nullopt;
        return ChannelFileName{stem.substr(0, stem.size() - 5), std::stoi(digits), ending};
    }
    return std::nullopt;
}

Result<std::vector<DatasetCase>> findCases(const fs::path &images, int channels)
{
    const auto files = channelFiles(images, "");
    if (!files)
        return fail(files.error());
    if (files->empty())
        return failWithHint(ErrorCode::Invalid, "Expected files named CASE_0000.nii.gz", "Folder {} holds no images",
                            images.string());
    std::vector<DatasetCase> cases;
    for (const auto &[id, byChannel] : *files) {
        auto ordered = completeChannels(id, byChannel, channels, images);
        if (!ordered)
            return fail(ordered.error());
        cases.push_back({id, id, std::move(*ordered), std::nullopt, std::nullopt});
    }
    return cases;
}

namespace {

/// Labels whose images are gone would otherwise be a case that nobody misses.
Result<> checkEveryLabelHasImages(const fs::path &folder, const DatasetDescription &description,
                                  const std::map<std::string, std::map<int, fs::path>> &images)
{
    std::error_code error;
    const auto labels = folder / "labelsTr";
    if (!description.landmarks.empty() || !fs::is_directory(labels, error))
        return {};
    const auto files = filesOf(labels);
    if (!files)
        return fail(files.error());
    for (const auto &file : *files) {
        const auto name = file.filename().string();
        if (!name.ends_with(description.fileEnding))
            continue;
        const auto id = name.substr(0, name.size() - description.fileEnding.size());
        if (!images.contains(id))
            return fail(ErrorCode::Invalid, "Case {}: its label map {} is there, its images are missing", id,
                        file.string());
    }
    return {};
}

} // namespace

Result<Dataset> openDataset(const fs::path &folder)
{
    std::error_code error;
    if (!fs::is_directory(folder, error))
        return failWithHint(ErrorCode::NotFound, s_layout, "There is no dataset folder {}", folder.string());
    const auto descriptionFile = folder / "dataset.json";
    const auto images = folder / "imagesTr";
    if (!fs::exists(descriptionFile, error) || !fs::is_directory(images, error))
        return failWithHint(ErrorCode::Invalid, s_layout, "Folder {} holds no dataset", folder.string());
    const auto json = readJson(descriptionFile);
    if (!json)
        return fail(json.error());
    auto description = DatasetDescription::fromJson(*json);
    if (!description)
        return fail(description.error(), "{}", descriptionFile.string());

    const auto files = channelFiles(images, description->fileEnding);
    if (!files)
        return fail(files.error());
    if (files->empty())
        return failWithHint(ErrorCode::Invalid, s_layout, "Dataset {} has no cases: imagesTr holds no file CASE_0000{}",
                            folder.string(), description->fileEnding);
    if (auto checked = checkEveryLabelHasImages(folder, *description, *files); !checked)
        return fail(checked.error());
    Dataset dataset{folder, description->channels, description->labels, {}, description->landmarks};
    for (const auto &[id, byChannel] : *files) {
        auto channels = completeChannels(id, byChannel, static_cast<int>(dataset.channels.size()), images);
        if (!channels)
            return fail(channels.error());
        const auto patient = description->patients.find(id);
        DatasetCase entry{id, patient == description->patients.end() ? id : patient->second, std::move(*channels),
                          std::nullopt, std::nullopt};
        if (auto added = addReference(entry, folder, *description); !added)
            return fail(added.error());
        dataset.cases.push_back(std::move(entry));
    }
    for (const auto &[id, patient] : description->patients) {
        if (!files->contains(id))
            return fail(ErrorCode::Malformed, "{}: 'patients' names case '{}', which is not there",
                        descriptionFile.string(), id);
    }
    return dataset;
}

} // namespace consilium::tasks
