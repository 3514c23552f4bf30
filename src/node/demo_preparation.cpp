// SPDX-License-Identifier: GPL-3.0-or-later
#include "node/demo_study.h"

#include "core/hash.h"
#include "tasks/dataset.h"
#include "tasks/phantom_dataset.h"
#include "tasks/task.h"

#include <algorithm>

namespace consilium::node {

namespace {

const std::vector<std::string> siteNames{"north", "south", "east", "west", "centre", "coast", "lake", "valley"};

void prepare(const Tell &tell, const std::string &text)
{
    tell({now(), "preparing", {}, 0, text, Json::object()});
}

Result<std::vector<DemoSite>> sitesFromData(const DemoOptions &options)
{
    std::error_code error;
    std::vector<DemoSite> sites;
    // Absolute from here on: consents, study and review cases name these files long after this process's own folder.
    const auto folder = std::filesystem::absolute(options.data, error).lexically_normal();
    if (!std::filesystem::is_directory(folder, error))
        return fail(ErrorCode::NotFound, "The data folder {} does not exist", options.data.string());
    for (const auto &entry : std::filesystem::directory_iterator(folder, error)) {
        if (!entry.is_directory(error))
            continue;
        auto name = entry.path().filename().string();
        const auto dataset = tasks::openDataset(entry.path());
        if (!dataset)
            return fail(dataset.error());
        // "site-north" is the site "north" on every screen.
        if (name.starts_with("site-"))
            name.erase(0, 5);
        sites.push_back({name, entry.path(), {}});
    }
    std::sort(sites.begin(), sites.end(), [](const auto &a, const auto &b) { return a.name < b.name; });
    if (sites.empty())
        return failWithHint(ErrorCode::Invalid, "Give a folder with one dataset folder for each site",
                            "The data folder {} holds no site folders", options.data.string());
    if (options.sites > 0 && options.sites < std::ssize(sites))
        sites.resize(static_cast<std::size_t>(options.sites));
    return sites;
}

Result<std::vector<DemoSite>> sitesFromPhantoms(const DemoOptions &options, const Json &preset, const Json &demo,
                                                const Tell &tell)
{
    const auto cases = demo.value("cases", std::vector<int>{16, 14, 12});
    const int count = options.sites > 0 ? options.sites : static_cast<int>(cases.size());
    if (count > std::ssize(siteNames))
        return fail(ErrorCode::Invalid, "The demo has at most {} sites", siteNames.size());
    std::vector<DemoSite> sites;
    for (int i = 0; i < count; ++i) {
        const auto index = static_cast<std::size_t>(i);
        DemoSite site{siteNames[index], std::filesystem::absolute(options.out) / "data" / siteNames[index], {}};
        std::error_code ignored;
        if (!std::filesystem::exists(site.data / "dataset.json", ignored)) {
            prepare(tell, fmt::format("Making the synthetic cases of site {}", site.name));
            tasks::PhantomRequest request;
            request.cases = cases[index % cases.size()];
            request.siteShift = i;
            request.seed = derivedSeed(options.seed.value_or(7), site.name);
            if (auto made = tasks::writePhantomDataset(preset, site.data, request); !made)
                return fail(made.error());
        }
        sites.push_back(std::move(site));
    }
    return sites;
}

} // namespace

Result<std::vector<DemoSite>> prepareSites(const DemoOptions &options, const Json &preset, const Json &demo,
                                           const Tell &tell)
{
    auto sites = options.data.empty() ? sitesFromPhantoms(options, preset, demo, tell) : sitesFromData(options);
    if (!sites)
        return sites;
    for (auto &site : *sites)
        site.folder = std::filesystem::absolute(options.out) / "sites" / site.name;
    return sites;
}

Result<Plan> planDemo(const DemoOptions &options, const Json &preset, const Json &demo,
                      const std::vector<DemoSite> &sites, const Tell &tell)
{
    const auto task = tasks::loadTask(preset.at("kind").get<std::string>());
    if (!task)
        return fail(task.error());
    std::vector<Json> fingerprints;
    for (const auto &site : sites) {
        prepare(tell, fmt::format("Summarising the cases of site {}", site.name));
        auto fingerprint = (*task)->fingerprint(site.data, preset);
        if (!fingerprint)
            return fail(fingerprint.error());
        if (auto written = writeJson(site.folder / "fingerprint.json", *fingerprint); !written)
            return fail(written.error());
        fingerprints.push_back(std::move(*fingerprint));
    }
    // The built-in demo's settings fit its small phantoms; a person's own data follow the preset.
    const bool phantoms = options.data.empty();
    tasks::PlanRequest request;
    if (phantoms && demo.contains("set")) {
        for (const auto &[key, value] : demo["set"].items())
            request.settings.emplace_back(key, value.dump());
    }
    const int rounds = options.rounds > 0 ? options.rounds : phantoms ? demo.value("rounds", 0) : 0;
    if (rounds > 0)
        request.settings.emplace_back("federation.rounds", std::to_string(rounds));
    if (options.seed)
        request.settings.emplace_back("seed", std::to_string(*options.seed));
    std::vector<std::string> reasons;
    return (*task)->plan(preset, fingerprints, request, reasons);
}

} // namespace consilium::node
