// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/theme.h"

namespace consilium {

Result<Theme> Theme::fromJson(const Json &json, const std::string &variant)
{
    try {
        const auto &colours = json.at(variant);
        const auto &overlay = json.at("overlay");
        const auto &sizes = json.at("sizes");
        Theme theme;
        theme.name = variant;
        colours.at("window").get_to(theme.window);
        colours.at("panel").get_to(theme.panel);
        colours.at("raised").get_to(theme.raised);
        colours.at("imageBackground").get_to(theme.imageBackground);
        colours.at("text").get_to(theme.text);
        colours.at("quietText").get_to(theme.quietText);
        colours.at("line").get_to(theme.line);
        colours.at("accent").get_to(theme.accent);
        colours.at("good").get_to(theme.good);
        colours.at("warn").get_to(theme.warn);
        colours.at("bad").get_to(theme.bad);
        // Yellow on white cannot be seen: a variant may bring its own.
        (colours.contains("series") ? colours : json).at("series").get_to(theme.series);
        overlay.at("reference").get_to(theme.reference);
        overlay.at("truePositive").get_to(theme.truePositive);
        overlay.at("falsePositive").get_to(theme.falsePositive);
        overlay.at("falseNegative").get_to(theme.falseNegative);
        overlay.at("crosshair").get_to(theme.crosshair);
        overlay.at("annotation").get_to(theme.annotation);
        sizes.at("title").get_to(theme.titleSize);
        sizes.at("body").get_to(theme.bodySize);
        sizes.at("caption").get_to(theme.captionSize);
        sizes.at("step").get_to(theme.step);
        sizes.at("margin").get_to(theme.margin);
        sizes.at("row").get_to(theme.row);
        sizes.at("radius").get_to(theme.radius);
        return theme;
    } catch (const Json::exception &error) {
        return fail(ErrorCode::Malformed, "The theme '{}' is incomplete: {}", variant, error.what());
    }
}

} // namespace consilium
