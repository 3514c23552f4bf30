// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/canvas/slice_picture.h"

#include "viewer/canvas/colour_map.h"
#include "viewer/canvas/colours.h"

#include <QPaintDevice>
#include <QPainter>
#include <QPainterPath>
#include <algorithm>

namespace consilium::viewer {

void SlicePicture::setVolume(std::shared_ptr<const imaging::Volume> volume, std::shared_ptr<const SliceArrival> arrival,
                             Plane plane)
{
    const bool same = volume && volume == m_volume && m_geometry.plane() == plane;
    m_volume = std::move(volume);
    m_arrival = std::move(arrival);
    m_slice = -1;
    if (same)
        return;
    m_geometry = m_volume ? SliceGeometry(m_volume->geometry, plane) : SliceGeometry();
    m_image = {};
    m_values = {};
    m_overlaySlice = -1;
}

void SlicePicture::setOverlays(std::vector<Overlay> overlays)
{
    m_overlays = std::move(overlays);
    m_overlaySlice = -1;
}

void SlicePicture::refreshImage(int slice, int reduction, const Window &window, const CanvasDisplay &display)
{
    const bool arriving = m_arrival && !m_arrival->isComplete();
    const int arrived = m_arrival ? m_arrival->count() : 0;
    const bool sameValues = slice == m_slice && reduction == m_reduction && arrived == m_arrived;
    if (sameValues && window == m_window && display.colourMap == m_colourMap && display.inverted == m_inverted)
        return;
    if (!sameValues) {
        m_values = arriving ? arrivedValues(*m_volume, *m_arrival, m_geometry, slice)
                            : sliceValues(*m_volume, m_geometry, slice);
        if (reduction > 1)
            m_values = reduced(m_values, reduction);
    }
    m_image = coloured(m_values, window, colourTable(display.colourMap, display.inverted));
    m_slice = slice;
    m_reduction = reduction;
    m_arrived = arrived;
    m_window = window;
    m_colourMap = display.colourMap;
    m_inverted = display.inverted;
}

void SlicePicture::refreshOverlay(int slice)
{
    if (m_overlaySlice == slice)
        return;
    m_drawn.clear();
    for (const Overlay &overlay : m_overlays) {
        const LabelSlice labels = sliceLabels(*overlay.labels, m_geometry, slice);
        m_drawn.push_back({fillImage(labels, overlay.colours), outlines(labels)});
    }
    m_overlaySlice = slice;
}

void SlicePicture::paint(QPainter &painter, int slice, const QTransform &toWidget, const Window &window,
                         const CanvasDisplay &display, const OverlayStyle &style, const Theme &theme)
{
    if (!m_volume || slice < 0 || slice >= m_geometry.slices())
        return;
    // Several pixels of the slice on one of the screen become their mean first.
    const double shrink = 1 / (toWidget.m11() * painter.device()->devicePixelRatioF());
    const int reduction = std::clamp(static_cast<int>(shrink), 1, 64);
    refreshImage(slice, reduction, window, display);
    painter.save();
    QTransform placed = toWidget;
    placed.scale(reduction, reduction);
    painter.setTransform(placed);
    painter.setRenderHint(QPainter::SmoothPixmapTransform, display.smooth);
    painter.drawImage(0, 0, m_image);
    painter.restore();
    if (style.visible && !m_overlays.empty()) {
        refreshOverlay(slice);
        paintOverlays(painter, toWidget, style, theme);
    }
}

void SlicePicture::paintOverlays(QPainter &painter, const QTransform &toWidget, const OverlayStyle &style,
                                 const Theme &theme)
{
    painter.save();
    painter.setRenderHint(QPainter::SmoothPixmapTransform, false);
    if (style.filled) {
        painter.setTransform(toWidget);
        painter.setOpacity(style.opacity);
        for (const DrawnOverlay &overlay : m_drawn)
            painter.drawImage(0, 0, overlay.fill);
        painter.resetTransform();
    }
    // Lines are laid out in widget pixels, so they stay as thin at any zoom.
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setOpacity(std::min(1.0, 2 * style.opacity));
    painter.setBrush(Qt::NoBrush);
    QColor rim = colour(theme.imageBackground);
    rim.setAlphaF(0.5f);
    for (std::size_t i = 0; i < m_drawn.size(); ++i) {
        const auto &borders = m_drawn[i].borders;
        const auto &colours = m_overlays[i].colours;
        for (std::size_t label = 1; label < borders.size() && !colours.empty(); ++label) {
            const QColor &ink = colours[std::min(label, colours.size() - 1)];
            if (borders[label].empty() || ink.alpha() == 0)
                continue;
            QPainterPath path;
            for (const QPolygon &border : borders[label]) {
                path.addPolygon(toWidget.map(QPolygonF(border)));
                path.closeSubpath();
            }
            // Without the dark rim a white line is lost on bright lesions.
            painter.setPen(QPen(rim, style.outline + 1.25, Qt::SolidLine, Qt::FlatCap, Qt::MiterJoin));
            painter.drawPath(path);
            painter.setPen(QPen(ink, style.outline, Qt::SolidLine, Qt::FlatCap, Qt::MiterJoin));
            painter.drawPath(path);
        }
    }
    painter.restore();
}

} // namespace consilium::viewer
