// SPDX-License-Identifier: GPL-3.0-or-later
#include "tasks/dataset_description.h"

#include <algorithm>
#include <charconv>
#include <optional>
#include <set>

namespace consilium::tasks {

namespace {

std::optional<int> wholeNumber(const std::string &text)
{
    int value = 0;
    const auto [end, error] = std::from_chars(text.data(), text.data() + text.size(), value);
    if (error != std::errc() || end != text.data() + text.size() || value < 0)
        return std::nullopt;
    return value;
}

/// Names by number, from pairs that must cover 0, 1, ... without a gap.
Result<std::vector<std::string>> inOrder(const std::map<int, std::string> &names, const std::string &key)
{
    std::vector<std::string> ordered;
    for (const auto &[number, name] : names) {
        if (number != static_cast<int>(ordered.size()))
            return fail(ErrorCode::Malformed, "'{}' has no number {}; numbers must run from 0 without a gap", key,
                        ordered.size());
        ordered.push_back(name);
    }
    return ordered;
}

Result<std::vector<std::string>> readChannels(const Json &json)
{
    const std::string key = json.contains("channel_names") ? "channel_names" : "modality";
    if (!json.contains(key) || !json[key].is_object() || json[key].empty())
        return fail(ErrorCode::Malformed, "'channel_names' must name at least one channel, as in {{\"0\": \"T1\"}}");
    std::map<int, std::string> names;
    for (const auto &[number, name] : json[key].items()) {
        const auto index = wholeNumber(number);
        if (!index || !name.is_string())
            return fail(ErrorCode::Malformed, "'{}' must map numbers to names, not {} to {}", key, number, name.dump());
        names[*index] = name.get<std::string>();
    }
    return inOrder(names, key);
}

Result<std::vector<std::string>> readLabelNames(const Json &json)
{
    if (!json.contains("labels") || !json["labels"].is_object())
        return fail(ErrorCode::Malformed,
                    "'labels' must name the background and every label, as in {{\"background\": 0, \"lesion\": 1}}");
    std::map<int, std::string> names;
    for (const auto &[key, value] : json["labels"].items()) {
        if (value.is_array())
            return fail(ErrorCode::Unsupported,
                        "Label '{}' is a union of other labels, which this version cannot train", key);
        std::optional<int> number;
        std::string name;
        if (value.is_number_unsigned() && value.get<std::uint64_t>() <= 255) {
            number = value.get<int>();
            name = key;
        } else if (value.is_string()) {
            number = wholeNumber(key);
            name = value.get<std::string>();
        }
        if (!number || *number > 255)
            return fail(ErrorCode::Malformed, "Label '{}': {} is not a label value from 0 to 255", key, value.dump());
        if (!names.emplace(*number, name).second)
            return fail(ErrorCode::Malformed, "Label value {} has two names, '{}' and '{}'", *number, names[*number],
                        name);
    }
    if (names.size() < 2)
        return fail(ErrorCode::Malformed, "'labels' must name the background and at least one label");
    return inOrder(names, "labels");
}

Result<std::vector<std::string>> readLandmarkNames(const Json &json)
{
    const auto isName = [](const Json &name) { return name.is_string() && !name.get<std::string>().empty(); };
    if (!json.is_array() || json.empty() || !std::all_of(json.begin(), json.end(), isName))
        return fail(ErrorCode::Malformed, "'landmarks' must be a list of names");
    auto names = json.get<std::vector<std::string>>();
    if (std::set<std::string>(names.begin(), names.end()).size() != names.size())
        return fail(ErrorCode::Malformed, "'landmarks' has a name twice");
    return names;
}

} // namespace

Result<DatasetDescription> DatasetDescription::fromJson(const Json &json)
{
    if (!json.is_object())
        return fail(ErrorCode::Malformed, "a dataset description must be a JSON object");
    DatasetDescription description;
    auto channels = readChannels(json);
    if (!channels)
        return fail(channels.error());
    description.channels = std::move(*channels);
    const bool points = json.contains("landmarks");
    auto names = points ? readLandmarkNames(json["landmarks"]) : readLabelNames(json);
    if (!names)
        return fail(names.error());
    (points ? description.landmarks : description.labels) = std::move(*names);
    if (json.contains("file_ending")) {
        const auto &ending = json["file_ending"];
        if (ending != ".nii.gz" && ending != ".nii")
            return fail(ErrorCode::Unsupported, "'file_ending' is {}; this version reads .nii.gz and .nii",
                        ending.dump());
        description.fileEnding = ending.get<std::string>();
    }
    if (json.contains("patients")) {
        if (!json["patients"].is_object())
            return fail(ErrorCode::Malformed, "'patients' must map cases to patients");
        for (const auto &[caseId, patient] : json["patients"].items()) {
            if (!patient.is_string() || patient.get<std::string>().empty())
                return fail(ErrorCode::Malformed, "'patients' gives case '{}' {}, which is not a name", caseId,
                            patient.dump());
            description.patients[caseId] = patient.get<std::string>();
        }
    }
    return description;
}

} // namespace consilium::tasks
