// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/canvas/window_preset.h"

#include "viewer/canvas/review_resources.h"

#include <QCoreApplication>

namespace consilium::viewer {

namespace {

[[maybe_unused]] const char *const kTranslated[] = {
    QT_TRANSLATE_NOOP("WindowPreset", "Automatic"),
    QT_TRANSLATE_NOOP("WindowPreset", "High contrast"),
    QT_TRANSLATE_NOOP("WindowPreset", "Bright structures"),
    QT_TRANSLATE_NOOP("WindowPreset", "Full range"),
    QT_TRANSLATE_NOOP("WindowPreset", "Brain"),
    QT_TRANSLATE_NOOP("WindowPreset", "Stroke"),
    QT_TRANSLATE_NOOP("WindowPreset", "Soft tissue"),
    QT_TRANSLATE_NOOP("WindowPreset", "Bone"),
    QT_TRANSLATE_NOOP("WindowPreset", "Lung"),
};

} // namespace

Window WindowPreset::window(const ValueQuantiles &quantiles) const
{
    if (!percentiles)
        return {centre - width / 2, centre + width / 2};
    Window window{quantiles.at(percentiles->front() / 100), quantiles.at(percentiles->back() / 100)};
    if (!(window.width() > 0)) // an image of few values
        window = {quantiles.at(0), std::max<double>(quantiles.at(1), quantiles.at(0) + 1)};
    return window;
}

std::vector<WindowPreset> windowPresets(const std::string &modality)
{
    const auto json = reviewResource("window_presets.json");
    Q_ASSERT(json); // a part of the program
    std::vector<WindowPreset> presets;
    for (const Json &entry : *json) {
        WindowPreset preset;
        preset.modality = entry.value("modality", "");
        if (!preset.modality.empty() && preset.modality != modality)
            continue;
        preset.name = QCoreApplication::translate("WindowPreset", entry.at("name").get<std::string>().c_str());
        if (entry.contains("percentiles"))
            preset.percentiles = entry.at("percentiles").get<std::array<double, 2>>();
        preset.centre = entry.value("centre", 0.0);
        preset.width = entry.value("width", 1.0);
        presets.push_back(std::move(preset));
    }
    return presets;
}

} // namespace consilium::viewer
