// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QColor>
#include <QPainter>
#include <QRectF>
#include <QString>

namespace consilium::viewer {

/// Text with a rim, readable on bright and dark tissue alike. `flags` as for QPainter::drawText.
inline void drawHaloText(QPainter &painter, const QRectF &box, int flags, const QString &text, const QColor &ink,
                         const QColor &halo)
{
    painter.setPen(halo);
    for (const QPointF offset : {QPointF(-1, 0), QPointF(1, 0), QPointF(0, -1), QPointF(0, 1)})
        painter.drawText(box.translated(offset), flags, text);
    painter.setPen(ink);
    painter.drawText(box, flags, text);
}

} // namespace consilium::viewer
