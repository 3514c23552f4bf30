// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/theme.h"
#include "viewer/canvas/slice_renderer.h"

#include <QString>
#include <QTransform>
#include <memory>
#include <vector>

class QPainter;

namespace consilium::viewer {

/// A segmentation drawn over the image. `colours` is indexed by label value.
struct Overlay
{
    std::shared_ptr<const imaging::LabelMap> labels;
    std::vector<QColor> colours;
};

/// How overlays are drawn. Outlines keep full strength down to an opacity of a half, where a fill is half transparent.
struct OverlayStyle
{
    bool visible = true;
    bool filled = false;
    double opacity = 0.5; ///< 0 to 1
    double outline = 1.5; ///< screen pixels

    bool operator==(const OverlayStyle &) const = default;
};

/// How an image is drawn, and what is written on it.
struct CanvasDisplay
{
    bool smooth = true; ///< between pixels; off: pixels as squares
    bool inverted = false;
    QString colourMap = QStringLiteral("grey");
    bool texts = true; ///< slice, window and note in the corners
    bool scaleBar = true;
    bool crosshair = true;

    bool operator==(const CanvasDisplay &) const = default;
};

/// An image with its overlays, one slice of which is drawn; keeps what the last drawing made for as long as it holds.
class SlicePicture
{
public:
    /// Null empties it. `arrival` tells which slices of a volume that is being read are there; null: all.
    void setVolume(std::shared_ptr<const imaging::Volume> volume, std::shared_ptr<const SliceArrival> arrival,
                   Plane plane);
    void setOverlays(std::vector<Overlay> overlays);
    /// The labels of the overlays were changed in place.
    void refreshOverlays() { m_overlaySlice = -1; }

    bool isEmpty() const { return !m_volume; }
    const std::shared_ptr<const imaging::Volume> &volume() const { return m_volume; }
    const SliceGeometry &geometry() const { return m_geometry; }
    const std::vector<Overlay> &overlays() const { return m_overlays; }

    /// `toWidget` maps pixel corners of the slice, (0, 0) the top left one, to the widget; it scales and moves alone.
    void paint(QPainter &painter, int slice, const QTransform &toWidget, const Window &window,
               const CanvasDisplay &display, const OverlayStyle &style, const Theme &theme);

private:
    struct DrawnOverlay
    {
        QImage fill;
        std::vector<std::vector<QPolygon>> borders;
    };

    void refreshImage(int slice, int reduction, const Window &window, const CanvasDisplay &display);
    void refreshOverlay(int slice);
    void paintOverlays(QPainter &painter, const QTransform &toWidget, const OverlayStyle &style, const Theme &theme);

    std::shared_ptr<const imaging::Volume> m_volume;
    std::shared_ptr<const SliceArrival> m_arrival;
    std::vector<Overlay> m_overlays;
    SliceGeometry m_geometry;

    SliceValues m_values;
    QImage m_image;
    int m_slice = -1, m_reduction = 0, m_arrived = 0;
    Window m_window;
    QString m_colourMap;
    bool m_inverted = false;
    std::vector<DrawnOverlay> m_drawn;
    int m_overlaySlice = -1;
};

} // namespace consilium::viewer
