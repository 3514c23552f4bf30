// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "viewer/cases/case_loader.h"
#include "viewer_fixtures.h"

#include <cmath>
#include <functional>
#include <memory>

namespace consilium::test {

/// 1 where `inside` says so of a voxel's centre in LPS mm.
inline imaging::LabelMap drawn(const imaging::Geometry &grid, const std::function<bool(const imaging::Vec3 &)> &inside)
{
    imaging::LabelMap labels{grid, std::vector<std::uint8_t>(static_cast<std::size_t>(grid.voxels()))};
    overGrid(grid, [&](int i, int j, int k, const imaging::Vec3 &patient) {
        labels.values[static_cast<std::size_t>(grid.offset(i, j, k))] = inside(patient) ? 1 : 0;
    });
    return labels;
}

inline std::shared_ptr<const imaging::LabelMap> shared(imaging::LabelMap labels)
{
    return std::make_shared<const imaging::LabelMap>(std::move(labels));
}

inline bool inBall(const imaging::Vec3 &p, const imaging::Vec3 &centre, double radius)
{
    return std::hypot(p[0] - centre[0], p[1] - centre[1], p[2] - centre[2]) <= radius;
}

/// A box of whole voxels on a grid of 1 mm whose centres lie on whole and half millimetres: from low to before high.
inline bool inBox(const imaging::Vec3 &p, const imaging::Vec3 &low, const imaging::Vec3 &high)
{
    for (int axis = 0; axis < 3; ++axis)
        if (p[axis] < low[axis] || p[axis] >= high[axis])
            return false;
    return true;
}

/// Five boxes of 1 mm3 voxels in 40 x 40 x 40 mm, read by a reference and two models:
///   A  8 x 5 x 5 = 200 voxels  reference, local (whole), federated (half of it)
///   B  4 x 5 x 5 = 100 voxels  reference, local
///   C  2 x 5 x 5 =  50 voxels  reference alone
///   D  3 x 5 x 5 =  75 voxels  local alone
///   E  1 x 5 x 5 =  25 voxels  both models, not the reference
/// so that the list is A, B, D, C, E.
inline std::shared_ptr<const viewer::LoadedCase> fiveLesions()
{
    const auto grid = gridOf("LPS", {40, 40, 40}, {1, 1, 1});
    const auto a = [](const auto &p) { return inBox(p, {-18, -18, -18}, {-10, -13, -13}); };
    const auto halfOfA = [](const auto &p) { return inBox(p, {-18, -18, -18}, {-14, -13, -13}); };
    const auto b = [](const auto &p) { return inBox(p, {0, -18, -18}, {4, -13, -13}); };
    const auto c = [](const auto &p) { return inBox(p, {0, 0, -18}, {2, 5, -13}); };
    const auto d = [](const auto &p) { return inBox(p, {0, 0, 0}, {3, 5, 5}); };
    const auto e = [](const auto &p) { return inBox(p, {10, 10, 10}, {11, 15, 15}); };
    auto loaded = std::make_shared<viewer::LoadedCase>();
    viewer::ReviewCase &opened = loaded->opened;
    opened.id = opened.title = "phantom";
    imaging::Volume image{grid, std::vector<float>(static_cast<std::size_t>(grid.voxels()), 1.0F)};
    opened.channels.push_back({"FLAIR", std::make_shared<const imaging::Volume>(std::move(image)), {}});
    const auto map = [&](const auto &inside) { return shared(drawn(grid, inside)); };
    opened.reference = viewer::Segmentation{"reference", map([=](const auto &p) { return a(p) || b(p) || c(p); })};
    opened.predictions.push_back({"local: north", map([=](const auto &p) { return a(p) || b(p) || d(p) || e(p); })});
    opened.predictions.push_back({"federated: round 12", map([=](const auto &p) { return halfOfA(p) || e(p); })});
    loaded->findings = viewer::findingsOf(opened);
    return loaded;
}

} // namespace consilium::test
