// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/json.h"
#include "imaging/nifti.h"
#include "viewer_fixtures.h"

#include <QString>
#include <cmath>
#include <filesystem>
#include <string>

namespace consilium::test {

/// A head of 40 x 48 x 32 mm with two bright lesions, the reference, and two models: "local: north" drew the first
/// lesion alone, "federated: round 12" both. Returns the case.json; an empty path when something could not be written.
inline std::filesystem::path writeLesionCase(const std::filesystem::path &folder, const std::string &id)
{
    namespace fs = std::filesystem;
    fs::create_directories(folder);
    const auto grid = gridOf("RAS", {40, 48, 32}, {1, 1, 1});
    imaging::Volume flair{grid, std::vector<float>(static_cast<std::size_t>(grid.voxels()))}, t1 = flair;
    imaging::LabelMap reference{grid, std::vector<std::uint8_t>(flair.values.size())}, local = reference;
    overGrid(grid, [&](int i, int j, int k, const imaging::Vec3 &at) {
        const auto voxel = static_cast<std::size_t>(grid.offset(i, j, k));
        const auto within = [&](const imaging::Vec3 &middle, double radius) {
            return std::hypot(at[0] - middle[0], at[1] - middle[1], at[2] - middle[2]) <= radius;
        };
        const bool head = std::hypot(at[0] / 18, at[1] / 22, at[2] / 14) <= 1;
        const bool first = within({-6, 4, 2}, 4), second = within({7, -5, -3}, 3);
        flair.values[voxel] = first || second ? 220.f : head ? 100.f + static_cast<float>((i * 7 + j * 3) % 11) : 0.f;
        t1.values[voxel] = first || second ? 60.f : head ? 120.f : 0.f;
        reference.values[voxel] = first || second;
        local.values[voxel] = first;
    });
    const bool written = imaging::writeNifti(folder / "flair.nii.gz", flair).has_value() &&
                         imaging::writeNifti(folder / "t1.nii.gz", t1).has_value() &&
                         imaging::writeLabels(folder / "reference.nii.gz", reference).has_value() &&
                         imaging::writeLabels(folder / "local.nii.gz", local).has_value() &&
                         imaging::writeLabels(folder / "federated.nii.gz", reference).has_value();
    const Json json{
        {"case", id},
        {"channels", {{{"name", "FLAIR"}, {"path", "flair.nii.gz"}}, {{"name", "T1"}, {"path", "t1.nii.gz"}}}},
        {"reference", "reference.nii.gz"},
        {"predictions",
         {{{"name", "local: north"}, {"path", "local.nii.gz"}},
          {{"name", "federated: round 12"}, {"path", "federated.nii.gz"}}}}};
    if (!written || !writeJson(folder / "case.json", json))
        return {};
    return folder / "case.json";
}

} // namespace consilium::test
