// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/theme.h"
#include "imaging/volume.h"
#include "viewer/canvas/canvas_tool.h"
#include "viewer/canvas/slice_renderer.h"
#include "viewer/cases/patient_box.h"

#include <QPointer>
#include <QTransform>
#include <QWidget>
#include <memory>
#include <optional>
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

    bool operator==(const OverlayStyle &) const = default;
};

/// Which part of a slice is in sight.
struct CanvasView
{
    double zoom = 1;        ///< 1: what is worth seeing of the slice fills the canvas
    imaging::Vec3 centre{}; ///< LPS mm at the middle of the canvas; its part across the slice is kept, not used

    bool operator==(const CanvasView &) const = default;
};

/// Draws one slice of a volume with overlays, crosshair, orientation letters and corner text, and turns mouse, wheel
/// and keys into moves of the cursor, the view and the window.
///
/// The slice shown is the one nearest to the cursor, a position in the patient; whoever hands several canvases the same
/// cursor links them. Left drag moves the cursor, middle (or Shift+left) drag pans, right drag sets the window, the
/// wheel and the up and down keys change the slice, Ctrl+wheel, plus and minus zoom, 0 fits the slice to the canvas
/// again.
class SliceCanvas : public QWidget
{
    Q_OBJECT

public:
    explicit SliceCanvas(Plane plane, QWidget *parent = nullptr);

    void setTheme(const Theme &theme);
    /// Null empties the canvas. The view is kept when the new volume lies on the same grid. `content` is the part worth
    /// the room: at zoom 1 it fills the canvas; without it the whole slice does.
    void setVolume(std::shared_ptr<const imaging::Volume> volume, const std::optional<PatientBox> &content = {});
    void setOverlays(std::vector<Overlay> overlays);
    /// `mark`, when valid, is drawn as a swatch before the title: the colour of the overlay it names.
    void setTitle(const QString &title, const QColor &mark = {});
    /// Without a place in the patient no letters stand at the edges: they would only be guessed.
    void setPlaced(bool placed);
    /// Lower right: what there is to say about the overlay ("49.8 mL").
    void setNote(const QString &note);

    // Setters change the picture and emit nothing; the signals below tell of what the reader did here.
    void setCursorPosition(const imaging::Vec3 &patient);
    void setWindow(const Window &window);
    void setView(const CanvasView &view);
    void setOverlayStyle(const OverlayStyle &style);
    /// The labels of overlays were changed in place: they are drawn anew.
    void refreshOverlays();
    /// What the left button does; null: it moves the crosshair. Not owned.
    void setTool(CanvasTool *tool);
    void addLayer(const CanvasLayer *layer);
    void removeLayer(const CanvasLayer *layer);
    /// Pans just enough to bring a position into sight, when the view is zoomed.
    void reveal(const imaging::Vec3 &patient);
    /// Zoom 1, with the content in the middle.
    CanvasView fittedView() const;

    Plane plane() const { return m_plane; }
    const SliceGeometry &geometry() const { return m_geometry; }
    const imaging::Vec3 &cursorPosition() const { return m_cursor; }
    int slice() const { return m_geometry.nearestSlice(m_cursor); }
    const Window &window() const { return m_window; }
    const CanvasView &view() const { return m_view; }
    const OverlayStyle &overlayStyle() const { return m_style; }
    bool isEmpty() const { return !m_volume; }
    QString title() const { return m_title; }
    QString note() const { return m_note; }

    /// Widget pixel to patient position on the slice shown, and back.
    imaging::Vec3 toPatient(const QPointF &pixel) const;
    QPointF toPixel(const imaging::Vec3 &patient) const;
    double pixelsPerMm() const;
    const Theme &theme() const { return m_theme; }
    const std::shared_ptr<const imaging::Volume> &volume() const { return m_volume; }

    QSize sizeHint() const override { return {320, 320}; }
    QSize minimumSizeHint() const override { return {120, 120}; }

Q_SIGNALS:
    void cursorMoved(const consilium::imaging::Vec3 &patient);
    void sliceChanged(int slice);
    void viewChanged(const consilium::viewer::CanvasView &view);
    void windowChanged(const consilium::viewer::Window &window);
    void activated(); ///< the reader works in this canvas now
    void maximiseRequested();

protected:
    void paintEvent(QPaintEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void leaveEvent(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;

private:
    struct DragMode;
    struct KeyAction;
    static const DragMode kDragModes[];
    static const KeyAction kKeyActions[];

    CanvasPointer pointerAt(const QPointF &pixel, Qt::KeyboardModifiers modifiers) const;
    void dragCursor(const QPointF &from, const QPointF &to);
    void dragView(const QPointF &from, const QPointF &to);
    void dragWindow(const QPointF &from, const QPointF &to);
    void nextSlice() { stepSlice(1); }
    void previousSlice() { stepSlice(-1); }
    void lastSlice() { stepSlice(m_geometry.slices()); }
    void firstSlice() { stepSlice(-m_geometry.slices()); }
    void zoomIn();
    void zoomOut();
    void fitView();

    void stepSlice(int steps);
    void zoomAbout(const QPointF &pixel, double factor);
    void moveCursor(const imaging::Vec3 &patient);
    void changeView(const CanvasView &view);
    void describe();

    void fitTo(const std::optional<PatientBox> &content);
    QTransform slicePixelsToWidget() const;
    void refresh();
    void paintOverlays(QPainter &painter, const QTransform &transform) const;
    void paintCrosshair(QPainter &painter) const;
    void paintText(QPainter &painter) const;

    struct DrawnOverlay
    {
        QImage fill;
        std::vector<std::vector<QPolygon>> borders;
    };

    Plane m_plane;
    Theme m_theme;
    std::shared_ptr<const imaging::Volume> m_volume;
    std::vector<Overlay> m_overlays;
    SliceGeometry m_geometry;
    SlicePoint m_contentLow, m_contentHigh; // pixel edges of what fills the canvas at zoom 1
    imaging::Vec3 m_cursor{};
    Window m_window;
    CanvasView m_view;
    OverlayStyle m_style;
    bool m_isPlaced = true;
    QString m_title, m_note;
    QColor m_mark;

    // What the last paint made, for as long as it holds.
    QImage m_image;
    int m_drawnSlice = -1;
    Window m_drawnWindow;
    std::vector<DrawnOverlay> m_drawnOverlays;
    int m_drawnOverlaySlice = -1;

    QPointer<CanvasTool> m_tool;
    std::vector<const CanvasLayer *> m_layers;
    bool m_toolDrags = false;
    const DragMode *m_drag = nullptr;
    QPointF m_lastPixel;
    int m_wheelRest = 0;
};

} // namespace consilium::viewer
