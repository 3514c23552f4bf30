// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/canvas/colours.h"
#include "viewer/canvas/crosshair.h"
#include "viewer/canvas/halo_text.h"
#include "viewer/canvas/slice_canvas.h"

#include <QPainter>
#include <algorithm>
#include <cmath>

namespace consilium::viewer {

namespace {

QString number(double value, double range)
{
    return QString::number(value, 'f', range >= 50 ? 0 : range >= 5 ? 1 : 3);
}

// The largest of 1, 2 and 5 times a power of ten that is not above `most`.
double roundLength(double most)
{
    const double power = std::pow(10, std::floor(std::log10(most)));
    const double share = most / power;
    return power * (share >= 5 ? 5 : share >= 2 ? 2 : 1);
}

} // namespace

void SliceCanvas::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), colour(m_theme.imageBackground));
    QFont font = painter.font();
    font.setPixelSize(m_theme.captionSize);
    painter.setFont(font);
    const bool shown = !isEmpty() && slice() >= 0 && slice() < geometry().slices();
    if (shown) {
        paintPictures(painter);
        if (m_display.crosshair)
            drawCrosshair(painter, toPixel(m_cursor), size(), m_theme);
        for (const CanvasLayer *layer : m_layers) {
            painter.save();
            layer->paint(painter, *this);
            painter.restore();
        }
        if (m_tool) {
            painter.save();
            m_tool->paint(painter, *this);
            painter.restore();
        }
        paintText(painter);
        if (m_display.scaleBar)
            paintScaleBar(painter);
    }
    painter.setPen(hasFocus() ? colour(m_theme.accent) : colour(m_theme.line));
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(rect().adjusted(0, 0, -1, -1));
}

void SliceCanvas::paintPictures(QPainter &painter)
{
    const auto paint = [&](SlicePicture &picture) {
        const SliceGeometry &grid = picture.geometry();
        const int at = &picture == &m_picture ? slice() : grid.nearestSlice(m_cursor) + m_sliceOffset;
        picture.paint(painter, at, slicePixelsToWidget(grid), m_window, m_display, m_style, m_theme);
    };
    const bool compares = m_comparison != Comparison::None && !m_second.isEmpty();
    if (!compares)
        return paint(m_picture);
    if (m_comparison == Comparison::Flicker)
        return paint(m_showsSecond ? m_second : m_picture);
    const int line = static_cast<int>(std::lround(m_swipe * width()));
    painter.setClipRect(0, 0, line, height());
    paint(m_picture);
    painter.setClipRect(line, 0, width() - line, height());
    paint(m_second);
    painter.setClipping(false);
    painter.setPen(colour(m_theme.accent));
    painter.drawLine(line, 0, line, height());
    // A handle says that the line can be taken hold of.
    painter.setBrush(colour(m_theme.accent));
    painter.drawRoundedRect(QRectF(line - 3, height() / 2.0 - 16, 6, 32), 3, 3);
}

void SliceCanvas::paintScaleBar(QPainter &painter) const
{
    if (!m_isPlaced && geometry().columnSpacing() == 1) // pixels of no known size
        return;
    const double length = roundLength(std::max(width() / 4.0, 24.0) / pixelsPerMm());
    const double pixels = length * pixelsPerMm();
    const QString text = length >= 10 ? tr("%1 cm").arg(length / 10) : tr("%1 mm").arg(length);
    const double line = painter.fontMetrics().height();
    const double left = (width() - pixels) / 2, bottom = height() - m_theme.step - line - 6;
    QColor halo = colour(m_theme.imageBackground);
    painter.fillRect(QRectF(left - 1, bottom - 1, pixels + 2, 4), halo);
    painter.fillRect(QRectF(left, bottom, pixels, 2), colour(m_theme.annotation));
    // Above the bar: beside it stand the corners' texts.
    drawHaloText(painter, QRectF(left - 40, bottom - line - 1, pixels + 80, line), Qt::AlignHCenter | Qt::AlignBottom,
                 text, colour(m_theme.annotation), halo);
}

void SliceCanvas::paintText(QPainter &painter) const
{
    const QColor ink = colour(m_theme.annotation), halo = colour(m_theme.imageBackground);
    const double margin = m_theme.step;
    const QRectF box = QRectF(rect()).adjusted(margin + 2, margin, -margin - 2, -margin);
    const EdgeLetters letters = m_isPlaced ? geometry().edges() : EdgeLetters{};
    const std::pair<int, const std::string &> edges[] = {
        {Qt::AlignLeft | Qt::AlignVCenter, letters.left},
        {Qt::AlignRight | Qt::AlignVCenter, letters.right},
        {Qt::AlignHCenter | Qt::AlignTop, letters.top},
        {Qt::AlignHCenter | Qt::AlignBottom, letters.bottom},
    };
    painter.save();
    QFont letterFont = painter.font();
    letterFont.setPixelSize(m_theme.bodySize);
    painter.setFont(letterFont);
    for (const auto &[flags, text] : edges)
        drawHaloText(painter, box, flags, QString::fromStdString(text), ink, halo);
    painter.restore();
    if (!m_display.texts)
        return;
    constexpr QChar kAxis[] = {u'z', u'y', u'x'};
    const double width = m_window.width();
    QString corner = QStringLiteral("%1 %2/%3")
                         .arg(kAxis[static_cast<std::size_t>(m_plane)])
                         .arg(slice() + 1)
                         .arg(geometry().slices());
    if (m_sliceOffset == 0)
        corner += QStringLiteral("\nW %1  C %2").arg(number(width, width), number(m_window.centre(), width));
    drawHaloText(painter, box, Qt::AlignLeft | Qt::AlignBottom, corner, ink, halo);
    const bool second = m_comparison == Comparison::Swipe || (m_comparison == Comparison::Flicker && m_showsSecond);
    drawHaloText(painter, box, Qt::AlignRight | Qt::AlignBottom, second ? m_secondNote : m_note, ink, halo);
    if (m_comparison == Comparison::Swipe)
        drawHaloText(painter, box, Qt::AlignLeft | Qt::AlignTop, m_note, ink, halo);
}

} // namespace consilium::viewer
