// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/canvas/colour_map.h"

#include "viewer/canvas/review_resources.h"

#include <QColor>
#include <algorithm>
#include <cmath>

namespace consilium::viewer {

namespace {

ColourTable tableBetween(const std::vector<QColor> &stops)
{
    ColourTable table{};
    for (std::size_t level = 0; level < table.size(); ++level) {
        const double place = static_cast<double>(level) / 255 * static_cast<double>(stops.size() - 1);
        const auto below = std::min(static_cast<std::size_t>(place), stops.size() - 2);
        const double share = place - static_cast<double>(below);
        const auto mixed = [&](int a, int b) { return static_cast<int>(std::lround(a + share * (b - a))); };
        const QColor &a = stops[below], &b = stops[below + 1];
        table[level] = qRgb(mixed(a.red(), b.red()), mixed(a.green(), b.green()), mixed(a.blue(), b.blue()));
    }
    return table;
}

std::vector<ColourMap> readMaps()
{
    const auto json = reviewResource("colour_maps.json");
    Q_ASSERT(json); // a part of the program
    std::vector<ColourMap> maps;
    for (const Json &entry : *json) {
        std::vector<QColor> stops;
        for (const Json &colour : entry.at("colours"))
            stops.emplace_back(QString::fromStdString(colour));
        maps.push_back(
            {QString::fromStdString(entry.at("id")), QString::fromStdString(entry.at("title")), tableBetween(stops)});
    }
    return maps;
}

} // namespace

const std::vector<ColourMap> &colourMaps()
{
    static const std::vector<ColourMap> maps = readMaps();
    return maps;
}

ColourTable colourTable(const QString &id, bool inverted)
{
    const auto &maps = colourMaps();
    const auto found = std::find_if(maps.begin(), maps.end(), [&](const ColourMap &map) { return map.id == id; });
    ColourTable table = (found == maps.end() ? maps.front() : *found).table;
    if (inverted)
        std::reverse(table.begin(), table.end());
    return table;
}

} // namespace consilium::viewer
