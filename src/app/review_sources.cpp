// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/review_sources.h"

#include <algorithm>

namespace consilium::app {

namespace fs = std::filesystem;

namespace {

constexpr int deepest = 4;

template <typename Visit>
void forEachFolder(const fs::path &folder, Visit &&visit)
{
    std::error_code failure;
    for (auto entry = fs::directory_iterator(folder, fs::directory_options::skip_permission_denied, failure);
         !failure && entry != fs::directory_iterator(); entry.increment(failure)) {
        std::error_code ignored;
        if (entry->is_directory(ignored) && !entry->is_symlink(ignored))
            visit(entry->path());
    }
}

void findDatasets(const fs::path &folder, const std::string &site, int depth,
                  std::vector<ReviewSources::Dataset> &found)
{
    std::error_code ignored;
    if (fs::is_directory(folder / "imagesTr", ignored)) {
        found.push_back({site, folder});
        return;
    }
    if (depth == deepest)
        return;
    forEachFolder(folder, [&](const fs::path &child) {
        // "sites/north/data" is north's: folders that only sort name no site.
        const auto name = child.filename().string();
        const bool sorts = name == "data" || name == "sites" || name == "dataset" || name == "datasets";
        if (name != "cases" && name != "models" && name != "spool" && name != "keys")
            findDatasets(child, sorts ? site : name, depth + 1, found);
    });
}

} // namespace

ReviewSources findReviewSources(const fs::path &studyFolder)
{
    ReviewSources sources;
    std::error_code ignored;
    forEachFolder(studyFolder / "cases", [&](const fs::path &site) {
        forEachFolder(site, [&](const fs::path &reviewCase) {
            if (fs::is_regular_file(reviewCase / "case.json", ignored))
                sources.cases.push_back(reviewCase / "case.json");
        });
    });
    std::ranges::sort(sources.cases);
    findDatasets(studyFolder, {}, 0, sources.datasets);
    std::ranges::sort(sources.datasets, {}, &ReviewSources::Dataset::folder);
    return sources;
}

} // namespace consilium::app
