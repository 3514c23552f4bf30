// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "viewer/canvas/colours.h"
#include "viewer/cases/case_loader.h"
#include "viewer_fixtures.h"

#include <cmath>
#include <memory>

namespace consilium::test {

inline double distance(const imaging::Vec3 &a, const imaging::Vec3 &b)
{
    return std::hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

const imaging::Vec3 kBall{40, 0, 0}; ///< the middle of a bright ball of 8 mm radius at the patient's left

/// A grey head, a ball of 70 mm radius about the origin, with a bright ball at the patient's left that is the reference
/// when `segmented`.
inline std::shared_ptr<const viewer::LoadedCase> headWithBall(bool segmented = true, const std::string &letters = "RAS")
{
    const auto grid = gridOf(letters, {80, 82, 84}, {2, 2, 2});
    auto image = std::make_shared<imaging::Volume>();
    auto labels = std::make_shared<imaging::LabelMap>();
    image->geometry = labels->geometry = grid;
    overGrid(grid, [&](int, int, int, const imaging::Vec3 &at) {
        const bool ball = distance(at, kBall) <= 8;
        image->values.push_back(ball ? 1000.0f : distance(at, {0, 0, 0}) <= 70 ? 300.0f : 0.0f);
        labels->values.push_back(ball);
    });
    auto made = std::make_shared<viewer::LoadedCase>();
    made->opened.id = made->opened.title = "phantom";
    made->opened.channels.push_back({"MR", image, {0, 1000, 0, 1000}});
    if (segmented)
        made->opened.reference = viewer::Segmentation{"reference", labels};
    return made;
}

} // namespace consilium::test
