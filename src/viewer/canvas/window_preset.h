// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "viewer/canvas/slice_renderer.h"
#include "viewer/cases/value_quantiles.h"

#include <QString>
#include <optional>
#include <string>
#include <vector>

namespace consilium::viewer {

/// A window by name: percentiles of an image's own values, or fixed values where these mean something (CT).
struct WindowPreset
{
    QString name;
    std::string modality;                             ///< DICOM code; empty: any
    std::optional<std::array<double, 2>> percentiles; ///< 0 to 100
    double centre = 0, width = 1;                     ///< without percentiles

    /// `quantiles` are the image's.
    Window window(const ValueQuantiles &quantiles) const;
};

/// The presets for an image of that modality, in the order of the digit keys: those for any modality first. From
/// resources/review/window_presets.json.
std::vector<WindowPreset> windowPresets(const std::string &modality);

} // namespace consilium::viewer
