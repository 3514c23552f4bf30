// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/theme.h"
#include "imaging/volume.h"

#include <string>

namespace consilium::test {

/// A grid whose index axes point where the three letters say ("LPS", "RAS", "PIR", ...), with its middle at `centre`.
inline imaging::Geometry gridOf(const std::string &letters, const imaging::Index3 &size, const imaging::Vec3 &spacing,
                                const imaging::Vec3 &centre = {0, 0, 0})
{
    imaging::Geometry grid;
    grid.size = size;
    grid.spacing = spacing;
    grid.direction = {};
    for (int axis = 0; axis < 3; ++axis) {
        const std::size_t place = std::string("LRPASI").find(letters[axis]);
        grid.direction[place / 2][axis] = place % 2 == 0 ? 1 : -1;
    }
    grid.origin = centre;
    for (int component = 0; component < 3; ++component)
        for (int axis = 0; axis < 3; ++axis)
            grid.origin[component] -= grid.direction[component][axis] * spacing[axis] * (size[axis] - 1) / 2.0;
    return grid;
}

/// Runs `at(i, j, k, patient)` over a grid.
template <typename At>
void overGrid(const imaging::Geometry &grid, At at)
{
    for (int k = 0; k < grid.size[2]; ++k)
        for (int j = 0; j < grid.size[1]; ++j)
            for (int i = 0; i < grid.size[0]; ++i)
                at(i, j, k, grid.toPatient({double(i), double(j), double(k)}));
}

inline Theme testTheme()
{
    Theme theme;
    theme.name = "dark";
    theme.window = "#101418";
    theme.panel = theme.raised = "#171c21";
    theme.imageBackground = "#000000";
    theme.text = theme.annotation = "#e6eaee";
    theme.quietText = "#98a4b0";
    theme.line = "#2b333b";
    theme.accent = theme.crosshair = "#4aa8ff";
    theme.good = theme.warn = theme.bad = "#3fbf7f";
    theme.series = {"#56b4e9", "#e69f00", "#009e73"};
    theme.reference = "#ffffff";
    return theme;
}

} // namespace consilium::test
