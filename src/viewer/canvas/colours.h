// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/theme.h"
#include "viewer/cases/review_case.h"

#include <QColor>
#include <QPalette>
#include <QString>
#include <vector>

namespace consilium::viewer {

inline QColor colour(const std::string &role)
{
    return QColor(QString::fromStdString(role));
}

/// The widget palette of a theme.
QPalette palette(const Theme &theme);

/// Series colour `index`, wrapping round after the last.
QColor seriesColour(const Theme &theme, std::size_t index);

/// Which of a case's segmentations is meant: kReference, or the index of a prediction.
constexpr int kReference = -1;

/// Colours by label value. One kind of label takes the colour of who drew it (reference or series colour of the model);
/// several structures take a series colour each, the same whoever drew them.
std::vector<QColor> labelColours(const Theme &theme, const ReviewCase &opened, int segmentation);

} // namespace consilium::viewer
