// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/canvas/colours.h"

namespace consilium::viewer {

QPalette palette(const Theme &theme)
{
    QPalette palette;
    palette.setColor(QPalette::Window, colour(theme.window));
    palette.setColor(QPalette::Base, colour(theme.panel));
    palette.setColor(QPalette::AlternateBase, colour(theme.raised));
    palette.setColor(QPalette::Button, colour(theme.raised));
    palette.setColor(QPalette::ToolTipBase, colour(theme.raised));
    palette.setColor(QPalette::Mid, colour(theme.line));
    palette.setColor(QPalette::Highlight, colour(theme.accent));
    palette.setColor(QPalette::HighlightedText, colour(theme.window));
    palette.setColor(QPalette::PlaceholderText, colour(theme.quietText));
    for (const auto role : {QPalette::WindowText, QPalette::Text, QPalette::ButtonText, QPalette::ToolTipText}) {
        palette.setColor(role, colour(theme.text));
        palette.setColor(QPalette::Disabled, role, colour(theme.quietText));
    }
    return palette;
}

QColor seriesColour(const Theme &theme, std::size_t index)
{
    return theme.series.empty() ? colour(theme.accent) : colour(theme.series[index % theme.series.size()]);
}

std::vector<QColor> labelColours(const Theme &theme, const ReviewCase &opened, int segmentation)
{
    std::vector<QColor> colours{QColor(Qt::transparent)};
    const bool several = opened.labels.size() > 2;
    for (std::size_t label = 1; label < opened.labels.size(); ++label) {
        if (several)
            colours.push_back(seriesColour(theme, label - 1));
        else if (segmentation == kReference)
            colours.push_back(colour(theme.reference));
        else
            colours.push_back(seriesColour(theme, static_cast<std::size_t>(segmentation)));
    }
    return colours;
}

} // namespace consilium::viewer
