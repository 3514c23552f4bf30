// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/theme.h"
#include "viewer/canvas/slice_canvas.h"
#include "viewer/cases/patient_box.h"
#include "viewer/surfaces/oblique_plane.h"

#include <QPointF>
#include <QTimer>
#include <QWidget>
#include <memory>
#include <vector>

namespace consilium::viewer {

/// The picture of a plane at any angle through the cursor, with letters for the directions at its edges and a scale
/// bar.
///
/// Left drag turns the plane, a click moves the cursor, middle or Shift+left drag pans, right drag and Ctrl+wheel zoom,
/// the wheel moves the plane along its normal, Escape takes back the drag under way. Arrow keys turn by 5 degrees (with
/// Shift by 1), comma and point turn the picture in itself, plus and minus zoom; T, F and L lay the plane axial,
/// coronal and sagittal; 0 shows all of it.
class ObliqueCanvas : public QWidget
{
    Q_OBJECT

public:
    explicit ObliqueCanvas(QWidget *parent = nullptr);

    void setTheme(const Theme &theme);
    /// Null empties the picture. `content` is the part worth the room.
    void setVolume(std::shared_ptr<const imaging::Volume> volume, const std::optional<PatientBox> &content = {});
    void setOverlays(std::vector<Overlay> overlays);
    /// Without a place in the patient no side is named.
    void setPlaced(bool placed);

    // Setters emit planeChanged() alone.
    void setWindow(const Window &window);
    void setCursorPosition(const imaging::Vec3 &patient);
    void setPlane(const ObliquePlane &plane, bool moving = false);
    void lay(Plane plane);
    void fit();

    /// Its centre is in the middle of the widget.
    ObliquePlane plane() const;
    double mmPerPixel() const; ///< of the widget
    imaging::Vec3 toPatient(const QPointF &pixel) const;
    QPointF toPixel(const imaging::Vec3 &patient) const;
    /// The whole plane, coarse, for a picture of it in the patient: about the middle of the volume.
    struct Slice
    {
        QImage image;
        ObliquePlane plane;
        double mmPerPixel = 1;
    };
    Slice wholeSlice() const;

    QSize sizeHint() const override { return {320, 320}; }
    QSize minimumSizeHint() const override { return {120, 120}; }

Q_SIGNALS:
    void planeChanged(bool moving);
    void cursorMoved(const consilium::imaging::Vec3 &patient);
    void maximiseRequested();

protected:
    void paintEvent(QPaintEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void focusInEvent(QFocusEvent *) override { update(); }
    void focusOutEvent(QFocusEvent *) override { update(); }

private:
    enum class Drag { None, Turn, Pan, Zoom };

    void changed(bool moving);
    void sample();
    void cancelDrag();
    void pan(const QPointF &pixels);
    void zoom(double factor);
    void paintOverlays(QPainter &painter) const;
    void paintCursor(QPainter &painter) const;
    void paintCorners(QPainter &painter) const;

    Theme m_theme;
    std::shared_ptr<const imaging::Volume> m_volume;
    std::vector<Overlay> m_overlays;
    Window m_window;
    ObliquePlane m_plane; // centre: what the middle of the widget shows, up to its depth
    PatientBox m_box;
    imaging::Vec3 m_cursor{};
    double m_zoom = 1;
    bool m_isPlaced = true;

    // What the last paint made, for as long as it holds.
    ObliqueRaster m_raster;
    QImage m_image;
    std::vector<std::vector<std::vector<QPolygon>>> m_borders; // by overlay, then label
    bool m_moving = false, m_sampled = false;
    double m_coarser = 1; // of a picture that moves
    QTimer m_rests;

    Drag m_drag = Drag::None;
    QPointF m_pressed, m_last;
    bool m_moved = false;
    ObliquePlane m_planeBefore;
    double m_zoomBefore = 1;
    int m_wheelRest = 0;
};

} // namespace consilium::viewer
