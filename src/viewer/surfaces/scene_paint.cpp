// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/surfaces/scene_paint.h"

#include "viewer/canvas/colours.h"
#include "viewer/surfaces/scene_camera.h"

#include <QCoreApplication>
#include <QFont>
#include <QLocale>
#include <algorithm>

namespace consilium::viewer {

void paintText(QPainter &painter, const QRectF &box, int flags, const QString &text, const Theme &theme)
{
    painter.setPen(colour(theme.imageBackground));
    for (const QPointF &aside : {QPointF(-1, 0), QPointF(1, 0), QPointF(0, -1), QPointF(0, 1)})
        painter.drawText(box.translated(aside), flags, text);
    painter.setPen(colour(theme.annotation));
    painter.drawText(box, flags, text);
}

void paintEdges(QPainter &painter, const QRectF &box, const EdgeLetters &letters, const Theme &theme)
{
    const std::pair<int, const std::string &> edges[] = {{Qt::AlignLeft | Qt::AlignVCenter, letters.left},
                                                         {Qt::AlignRight | Qt::AlignVCenter, letters.right},
                                                         {Qt::AlignHCenter | Qt::AlignTop, letters.top},
                                                         {Qt::AlignHCenter | Qt::AlignBottom, letters.bottom}};
    painter.save();
    QFont font = painter.font();
    font.setPixelSize(theme.bodySize);
    painter.setFont(font);
    for (const auto &[flags, text] : edges)
        paintText(painter, box, flags, QString::fromStdString(text), theme);
    painter.restore();
}

void paintScale(QPainter &painter, const QRectF &box, double mmPerPixel, const Theme &theme)
{
    const double mm = scaleLength(mmPerPixel, box.width() / 4), length = mm / mmPerPixel;
    const QString text = QCoreApplication::translate("ScaleBar", "%1 mm").arg(QLocale().toString(mm, 'g', 6));
    const double y = box.bottom() - 2;
    const QLineF bar(box.right() - length, y, box.right(), y);
    const double tick = theme.step;
    const QLineF ends[] = {QLineF(bar.x1(), y - tick, bar.x1(), y), QLineF(bar.x2(), y - tick, bar.x2(), y)};
    for (const auto &[ink, width] : {std::pair{colour(theme.imageBackground), 3.0}, {colour(theme.annotation), 1.0}}) {
        painter.setPen(QPen(ink, width));
        painter.drawLine(bar);
        painter.drawLines(ends, 2);
    }
    paintText(painter, box.adjusted(0, 0, 0, -tick - 3), Qt::AlignRight | Qt::AlignBottom, text, theme);
}

} // namespace consilium::viewer
