// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/canvas/colours.h"
#include "viewer/canvas/slice_canvas.h"

#include <QPainter>
#include <QPainterPath>
#include <algorithm>
#include <cmath>

namespace consilium::viewer {

namespace {

// Text stays readable on bright and dark tissue alike.
void drawHaloText(QPainter &painter, const QRectF &box, int flags, const QString &text, const QColor &ink,
                  const QColor &halo)
{
    painter.setPen(halo);
    for (const QPointF offset : {QPointF(-1, 0), QPointF(1, 0), QPointF(0, -1), QPointF(0, 1)})
        painter.drawText(box.translated(offset), flags, text);
    painter.setPen(ink);
    painter.drawText(box, flags, text);
}

QString number(double value, double range)
{
    return QString::number(value, 'f', range >= 50 ? 0 : range >= 5 ? 1 : 3);
}

} // namespace

void SliceCanvas::refresh()
{
    const int current = slice();
    if (m_drawnSlice != current || !(m_drawnWindow == m_window)) {
        m_image = renderSlice(*m_volume, m_geometry, current, m_window);
        m_drawnSlice = current;
        m_drawnWindow = m_window;
    }
    if (m_drawnOverlaySlice == current || !m_style.visible)
        return;
    m_drawnOverlays.clear();
    for (const Overlay &overlay : m_overlays) {
        const LabelSlice labels = sliceLabels(*overlay.labels, m_geometry, current);
        m_drawnOverlays.push_back({fillImage(labels, overlay.colours), outlines(labels)});
    }
    m_drawnOverlaySlice = current;
}

void SliceCanvas::paintEvent(QPaintEvent *)
{
    QPainter painter(this);
    painter.fillRect(rect(), colour(m_theme.imageBackground));
    QFont font = painter.font();
    font.setPixelSize(m_theme.captionSize);
    painter.setFont(font);
    if (m_volume) {
        refresh();
        const QTransform transform = slicePixelsToWidget();
        painter.setTransform(transform);
        painter.setRenderHint(QPainter::SmoothPixmapTransform);
        painter.drawImage(0, 0, m_image);
        painter.resetTransform();
        if (m_style.visible)
            paintOverlays(painter, transform);
        paintCrosshair(painter);
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
    }
    paintText(painter);
    painter.setPen(hasFocus() ? colour(m_theme.accent) : colour(m_theme.line));
    painter.setBrush(Qt::NoBrush);
    painter.drawRect(rect().adjusted(0, 0, -1, -1));
}

void SliceCanvas::paintOverlays(QPainter &painter, const QTransform &transform) const
{
    painter.save();
    painter.setRenderHint(QPainter::SmoothPixmapTransform, false);
    if (m_style.filled) {
        painter.setTransform(transform);
        painter.setOpacity(m_style.opacity);
        for (const DrawnOverlay &overlay : m_drawnOverlays)
            painter.drawImage(0, 0, overlay.fill);
        painter.resetTransform();
    }
    // Lines are laid out in widget pixels, so they stay as thin at any zoom.
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setOpacity(std::min(1.0, 2 * m_style.opacity));
    painter.setBrush(Qt::NoBrush);
    QColor rim = colour(m_theme.imageBackground);
    rim.setAlphaF(0.5f);
    for (std::size_t i = 0; i < m_drawnOverlays.size(); ++i) {
        const auto &[fill, borders] = m_drawnOverlays[i];
        const auto &colours = m_overlays[i].colours;
        for (std::size_t label = 1; label < borders.size() && !colours.empty(); ++label) {
            QPainterPath path;
            for (const QPolygon &border : borders[label]) {
                path.addPolygon(transform.map(QPolygonF(border)));
                path.closeSubpath();
            }
            // Without the dark rim a white line is lost on bright lesions.
            painter.setPen(QPen(rim, 2.75, Qt::SolidLine, Qt::FlatCap, Qt::MiterJoin));
            painter.drawPath(path);
            painter.setPen(
                QPen(colours[std::min(label, colours.size() - 1)], 1.5, Qt::SolidLine, Qt::FlatCap, Qt::MiterJoin));
            painter.drawPath(path);
        }
    }
    painter.restore();
}

void SliceCanvas::paintCrosshair(QPainter &painter) const
{
    const QPointF at = toPixel(m_cursor);
    const double x = std::floor(at.x()) + 0.5, y = std::floor(at.y()) + 0.5;
    // The gap leaves what is being pointed at in sight.
    constexpr double kGap = 10;
    QColor ink = colour(m_theme.crosshair);
    ink.setAlphaF(0.7f);
    painter.setPen(ink);
    painter.drawLines({QLineF(0, y, x - kGap, y), QLineF(x + kGap, y, width(), y), QLineF(x, 0, x, y - kGap),
                       QLineF(x, y + kGap, x, height())});
}

void SliceCanvas::paintText(QPainter &painter) const
{
    const QColor ink = colour(m_theme.annotation), halo = colour(m_theme.imageBackground);
    const double margin = m_theme.step;
    const QRectF box = QRectF(rect()).adjusted(margin + 2, margin, -margin - 2, -margin);

    QRectF titleBox = box;
    if (m_mark.isValid() && !m_title.isEmpty()) {
        const double side = m_theme.captionSize - 2;
        painter.fillRect(QRectF(box.left(), box.top() + 3, side, side), m_mark);
        titleBox.setLeft(box.left() + side + margin);
    }
    const QString title = painter.fontMetrics().elidedText(m_title, Qt::ElideRight, static_cast<int>(titleBox.width()));
    drawHaloText(painter, titleBox, Qt::AlignLeft | Qt::AlignTop, title, ink, halo);
    if (!m_volume)
        return;

    const EdgeLetters letters = m_isPlaced ? m_geometry.edges() : EdgeLetters{};
    const std::pair<int, const std::string &> edges[] = {
        {Qt::AlignLeft | Qt::AlignVCenter, letters.left},
        {Qt::AlignRight | Qt::AlignVCenter, letters.right},
        {Qt::AlignHCenter | Qt::AlignTop, letters.top},
        {Qt::AlignHCenter | Qt::AlignBottom, letters.bottom},
    };
    QFont letterFont = painter.font();
    letterFont.setPixelSize(m_theme.bodySize);
    // In a narrow column the title reaches the middle; the top letter then stands a line lower.
    const double titleEnd = titleBox.left() + painter.fontMetrics().horizontalAdvance(title);
    const bool crowded = titleEnd > box.center().x() - 2 * m_theme.step;
    const QRectF letterBox = crowded ? box.adjusted(0, painter.fontMetrics().height(), 0, 0) : box;
    painter.save();
    painter.setFont(letterFont);
    for (const auto &[flags, text] : edges)
        drawHaloText(painter, flags & Qt::AlignTop ? letterBox : box, flags, QString::fromStdString(text), ink, halo);
    painter.restore();

    constexpr QChar kAxis[] = {u'z', u'y', u'x'};
    const double width = m_window.width();
    const QString corner = QStringLiteral("%1 %2/%3\nW %4  C %5")
                               .arg(kAxis[static_cast<std::size_t>(m_plane)])
                               .arg(slice() + 1)
                               .arg(m_geometry.slices())
                               .arg(number(width, width), number(m_window.centre(), width));
    drawHaloText(painter, box, Qt::AlignLeft | Qt::AlignBottom, corner, ink, halo);
    drawHaloText(painter, box, Qt::AlignRight | Qt::AlignBottom, m_note, ink, halo);
}

} // namespace consilium::viewer
