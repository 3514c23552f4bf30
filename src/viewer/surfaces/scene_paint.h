// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/theme.h"
#include "viewer/canvas/slice_geometry.h"

#include <QPainter>
#include <QRectF>
#include <QString>

namespace consilium::viewer {

/// Text with a dark rim, as readable on white matter as on air.
void paintText(QPainter &painter, const QRectF &box, int flags, const QString &text, const Theme &theme);
/// Letters at the four edges, in body size.
void paintEdges(QPainter &painter, const QRectF &box, const EdgeLetters &letters, const Theme &theme);
/// A bar of a round number of millimetres at the lower right of the box, with its length beside it.
void paintScale(QPainter &painter, const QRectF &box, double mmPerPixel, const Theme &theme);

} // namespace consilium::viewer
