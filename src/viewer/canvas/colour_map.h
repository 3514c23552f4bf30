// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "viewer/canvas/slice_renderer.h"

#include <QString>
#include <vector>

namespace consilium::viewer {

/// Colours for brightness. All rise in lightness from end to end, so that readers who do not see all colours, and
/// printers, show the same order. Source of cividis: Nunez, Anderton and Renslow, PLOS ONE 13, 2018.
struct ColourMap
{
    QString id, title;
    ColourTable table{};
};

/// From resources/review/colour_maps.json; grey first.
const std::vector<ColourMap> &colourMaps();
/// The table of that id, or grey; turned over when `inverted`.
ColourTable colourTable(const QString &id, bool inverted);

} // namespace consilium::viewer
