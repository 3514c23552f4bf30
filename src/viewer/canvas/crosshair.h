// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "viewer/canvas/colours.h"

#include <QLineF>
#include <QPainter>
#include <QSize>
#include <cmath>

namespace consilium::viewer {

/// The cursor in a view of that size: thin lines on whole pixels, with a gap that leaves what is pointed at in sight.
inline void drawCrosshair(QPainter &painter, const QPointF &at, const QSize &size, const Theme &theme)
{
    constexpr double kGap = 10;
    const double x = std::floor(at.x()) + 0.5, y = std::floor(at.y()) + 0.5;
    QColor ink = colour(theme.crosshair);
    ink.setAlphaF(0.7f);
    painter.setPen(ink);
    painter.drawLines({QLineF(0, y, x - kGap, y), QLineF(x + kGap, y, size.width(), y), QLineF(x, 0, x, y - kGap),
                       QLineF(x, y + kGap, x, size.height())});
}

} // namespace consilium::viewer
