// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <filesystem>
#include <string>
#include <vector>

namespace consilium::app {

/// What of a study folder can be looked at in Review.
struct ReviewSources
{
    struct Dataset
    {
        std::string site;             ///< from the names of the folders
        std::filesystem::path folder; ///< nnU-Net raw layout
        bool operator==(const Dataset &) const = default;
    };
    std::vector<std::filesystem::path>
        cases;                     ///< cases/<site>/<case>/case.json, by name: images with every model's prediction
    std::vector<Dataset> datasets; ///< image folders of sites that run on this machine, by site

    bool empty() const { return cases.empty() && datasets.empty(); }
    bool operator==(const ReviewSources &) const = default;
};

/// Looks through a study folder, four levels deep; what cannot be read is left out. Takes a while on a network drive.
ReviewSources findReviewSources(const std::filesystem::path &studyFolder);

} // namespace consilium::app
