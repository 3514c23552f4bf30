// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/json.h"

#include <array>
#include <string>
#include <vector>

namespace consilium {

/// Colours ("#rrggbb") and sizes (pixels) of the window, from resources/themes/theme.json. Widgets are handed one; none
/// names a colour of its own.
struct Theme
{
    std::string name; ///< "dark" or "light"
    std::string window, panel, raised, imageBackground, text, quietText, line, accent, good, warn, bad;
    std::vector<std::string> series; ///< sites and models, in fixed order (Okabe-Ito)
    std::string reference, truePositive, falsePositive, falseNegative, crosshair, annotation;
    int titleSize = 20, bodySize = 13, captionSize = 11; ///< pixels
    int step = 4, margin = 16, row = 28, radius = 6;

    /// `json` is the whole theme file; `variant` "dark" or "light". Errors: Malformed, naming the role that is missing.
    static Result<Theme> fromJson(const Json &json, const std::string &variant);
};

} // namespace consilium
