// SPDX-License-Identifier: GPL-3.0-or-later
#include "tasks/resources.h"
#include "tasks/task.h"

#include <algorithm>
#include <fmt/ranges.h>
#include <set>

namespace consilium::tasks {

namespace fs = std::filesystem;

namespace {

bool isListOfNames(const Json &value)
{
    return value.is_array() && !value.empty() &&
           std::all_of(value.begin(), value.end(), [](const Json &name) { return name.is_string(); });
}

Result<> checkPreset(const Json &preset, const fs::path &file)
{
    if (!preset.is_object())
        return fail(ErrorCode::Malformed, "{}: a task must be a JSON object", file.string());
    for (const auto *key : {"name", "kind"}) {
        if (!preset.contains(key) || !preset[key].is_string())
            return fail(ErrorCode::Malformed, "{}: '{}' is missing or not text", file.string(), key);
    }
    // What the model finds: regions or points.
    const auto *found = preset["kind"] == "landmark-localisation" ? "landmarks" : "labels";
    for (const auto *key : {"channels", found}) {
        if (!preset.contains(key) || !isListOfNames(preset[key]))
            return fail(ErrorCode::Malformed, "{}: '{}' must be a list of names", file.string(), key);
    }
    if (preset.contains("phantom") && !preset["phantom"].is_string())
        return fail(ErrorCode::Malformed, "{}: 'phantom' must name a kind of phantom", file.string());
    if (!preset.contains("plan") || !preset["plan"].is_object())
        return fail(ErrorCode::Malformed, "{}: 'plan' is missing or not an object", file.string());
    return {};
}

bool looksLikePath(const std::string &text)
{
    return text.ends_with(".json") || text.find('/') != std::string::npos || text.find('\\') != std::string::npos;
}

} // namespace

std::vector<std::string> presetNames()
{
    std::set<std::string> names;
    std::error_code error;
    for (const auto &folder : resourceFolders()) {
        for (fs::directory_iterator entry(folder / "tasks", error), end; !error && entry != end;
             entry.increment(error)) {
            if (entry->path().extension() == ".json")
                names.insert(entry->path().stem().string());
        }
    }
    return {names.begin(), names.end()};
}

Result<Json> loadPreset(const std::string &nameOrPath)
{
    const auto file =
        looksLikePath(nameOrPath) ? fs::path(nameOrPath) : findResource(fs::path("tasks") / (nameOrPath + ".json"));
    if (file.empty())
        return failWithHint(
            ErrorCode::NotFound,
            fmt::format("Name one of: {}; or give the path of a task file", fmt::join(presetNames(), ", ")),
            "There is no task '{}'", nameOrPath);
    auto preset = readJson(file);
    if (!preset)
        return fail(preset.error());
    if (auto valid = checkPreset(*preset, file); !valid)
        return fail(valid.error());
    return preset;
}

Result<Json> loadDemo(const std::string &presetName)
{
    const auto file = looksLikePath(presetName) ? fs::path() : findResource(fs::path("demo") / (presetName + ".json"));
    if (file.empty())
        return fail(ErrorCode::NotFound, "Task '{}' has no built-in demo", presetName);
    auto demo = readJson(file);
    if (demo && !demo->is_object())
        return fail(ErrorCode::Malformed, "{}: a demo must be a JSON object", file.string());
    return demo;
}

} // namespace consilium::tasks
