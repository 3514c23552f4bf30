// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/theme.h"
#include "viewer/canvas/canvas_tool.h"
#include "viewer/canvas/pointer_scheme.h"
#include "viewer/canvas/slice_picture.h"
#include "viewer/cases/patient_box.h"

#include <QPointer>
#include <QTimer>
#include <QWidget>
#include <optional>

class QGestureEvent;
class QPainter;

namespace consilium::viewer {

/// Which part of a slice is in sight.
struct CanvasView
{
    double zoom = 1;        ///< 1: what is worth seeing of the slice fills the canvas
    imaging::Vec3 centre{}; ///< LPS mm at the middle of the canvas; its part across the slice is kept, not used

    bool operator==(const CanvasView &) const = default;
};

/// How two pictures of the same place share one canvas.
enum class Comparison {
    None,
    Swipe,  ///< the first left of a line that can be dragged, the second right of it
    Flicker ///< one after the other
};

/// Draws one slice of a volume with overlays, crosshair, orientation letters and corner text, and turns mouse, wheel,
/// touch and pen into moves of the cursor, the view and the window, or hands them to a tool.
///
/// The slice shown is the one nearest to the cursor, a position in the patient; whoever hands several canvases the same
/// cursor links them. What drags do is a PointerScheme; besides, the wheel changes the slice, Ctrl+wheel and pinching
/// zoom, Shift and a move without a button moves the cursor, and Escape takes a drag back that is under way. What keys
/// do is up to whoever owns the canvas: the slots are there for them.
class SliceCanvas : public QWidget
{
    Q_OBJECT

public:
    explicit SliceCanvas(Plane plane, QWidget *parent = nullptr);

    void setTheme(const Theme &theme);
    void setPlane(Plane plane);
    /// Null empties the canvas. The view is kept when the new volume lies on the same grid. `content` is the part worth
    /// the room: at zoom 1 it fills the canvas; without it the whole slice does. `arrival` as in SlicePicture.
    void setVolume(std::shared_ptr<const imaging::Volume> volume, const std::optional<PatientBox> &content = {},
                   std::shared_ptr<const SliceArrival> arrival = {});
    void setOverlays(std::vector<Overlay> overlays);
    /// What is shown is named by whoever frames the canvas; it is told to screen readers.
    void setTitle(const QString &title);
    /// Without a place in the patient no letters stand at the edges: they would only be guessed.
    void setPlaced(bool placed);
    /// Lower right: what there is to say about the overlay ("49.8 mL").
    void setNote(const QString &note);
    /// The second picture of a comparison, and its note.
    void setCompared(std::shared_ptr<const imaging::Volume> volume, std::vector<Overlay> overlays, const QString &note);
    void setComparison(Comparison comparison);
    /// The slice shown lies this many slices from that of the cursor: a lightbox.
    void setSliceOffset(int slices);

    // Setters change the picture and emit nothing; the signals below tell of what the reader did here.
    void setCursorPosition(const imaging::Vec3 &patient);
    void setWindow(const Window &window);
    void setView(const CanvasView &view);
    void setOverlayStyle(const OverlayStyle &style);
    void setDisplay(const CanvasDisplay &display);
    void setScheme(const PointerScheme &scheme);
    void setSwipe(double share); ///< 0 to 1 of the width
    /// The labels of overlays were changed in place: they are drawn anew.
    void refreshOverlays();
    /// What the tool's button does; null: it moves the crosshair. Not owned.
    void setTool(CanvasTool *tool);
    void addLayer(const CanvasLayer *layer);
    void removeLayer(const CanvasLayer *layer);
    /// Pans just enough to bring a position into sight, when the view is zoomed.
    void reveal(const imaging::Vec3 &patient);
    /// Zoom 1, with the content in the middle.
    CanvasView fittedView() const;

    Plane plane() const { return m_plane; }
    const SliceGeometry &geometry() const { return m_picture.geometry(); }
    const imaging::Vec3 &cursorPosition() const { return m_cursor; }
    /// The slice shown; with an offset it may lie outside the volume.
    int slice() const { return geometry().nearestSlice(m_cursor) + m_sliceOffset; }
    const Window &window() const { return m_window; }
    const CanvasView &view() const { return m_view; }
    const OverlayStyle &overlayStyle() const { return m_style; }
    const CanvasDisplay &display() const { return m_display; }
    const std::vector<Overlay> &overlays() const { return m_picture.overlays(); }
    Comparison comparison() const { return m_comparison; }
    double swipe() const { return m_swipe; }
    bool isEmpty() const { return m_picture.isEmpty(); }
    bool isPlaced() const { return m_isPlaced; }
    bool showsSecond() const { return m_showsSecond; } ///< of a flickering comparison
    QString title() const { return m_title; }
    QString note() const { return m_note; }
    const Theme &theme() const { return m_theme; }
    const std::shared_ptr<const imaging::Volume> &volume() const { return m_picture.volume(); }

    /// Widget pixel to patient position on the slice shown, and back.
    imaging::Vec3 toPatient(const QPointF &pixel) const;
    QPointF toPixel(const imaging::Vec3 &patient) const;
    double pixelsPerMm() const;

    QSize sizeHint() const override { return {320, 320}; }
    QSize minimumSizeHint() const override { return {120, 120}; }

public Q_SLOTS:
    void nextSlice() { stepSlice(1); }
    void previousSlice() { stepSlice(-1); }
    void lastSlice() { stepSlice(geometry().slices()); }
    void firstSlice() { stepSlice(-geometry().slices()); }
    void stepSlice(int steps);
    void zoomIn();
    void zoomOut();
    void fitView();
    void showActualPixels(); ///< one pixel of the image on one of the screen
    void flip();             ///< to the other picture of a flickering comparison
    /// As if the drag under way had never begun; false when there is none.
    bool cancelDrag();

Q_SIGNALS:
    void cursorMoved(const consilium::imaging::Vec3 &patient);
    void sliceChanged(int slice);
    void viewChanged(const consilium::viewer::CanvasView &view);
    void windowChanged(const consilium::viewer::Window &window);
    void activated(); ///< the reader works in this canvas now
    void maximiseRequested();

protected:
    bool event(QEvent *event) override;
    void paintEvent(QPaintEvent *event) override;
    void mousePressEvent(QMouseEvent *event) override;
    void mouseMoveEvent(QMouseEvent *event) override;
    void mouseReleaseEvent(QMouseEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;
    void wheelEvent(QWheelEvent *event) override;
    void tabletEvent(QTabletEvent *event) override;
    void leaveEvent(QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;
    void focusInEvent(QFocusEvent *event) override;
    void focusOutEvent(QFocusEvent *event) override;

private:
    /// What the left or another button does while it is down.
    enum class Drag { None, Tool, Cursor, Swipe, Pan, Zoom, Contrast, Slices };
    /// How things were when the button went down.
    struct Before
    {
        imaging::Vec3 cursor{};
        CanvasView view;
        Window window;
        double swipe = 0.5;
    };

    CanvasPointer pointerAt(const QPointF &pixel, Qt::KeyboardModifiers modifiers) const;
    Drag dragFor(const QMouseEvent &event);
    void drag(const QPointF &from, const QPointF &to);
    void moveCursorTo(const QPointF &pixel);
    void pan(const QPointF &from, const QPointF &to);
    void changeContrast(const QPointF &moved);
    void pinch(QGestureEvent &event);
    bool isAtSwipeLine(const QPointF &pixel) const;
    Qt::CursorShape shapeOf(Drag drag) const;

    void zoomAbout(const QPointF &pixel, double factor);
    void moveCursor(const imaging::Vec3 &patient);
    void changeView(const CanvasView &view);
    void changeWindow(const Window &window);
    void describe();

    void fitTo(const std::optional<PatientBox> &content);
    double fittedPixelsPerMm() const;
    QTransform slicePixelsToWidget(const SliceGeometry &geometry) const;
    void paintPictures(QPainter &painter);
    void paintScaleBar(QPainter &painter) const;
    void paintText(QPainter &painter) const;

    Plane m_plane;
    Theme m_theme;
    SlicePicture m_picture, m_second;
    SlicePoint m_contentLow, m_contentHigh; // pixel edges of what fills the canvas at zoom 1
    imaging::Vec3 m_cursor{};
    int m_sliceOffset = 0;
    Window m_window;
    CanvasView m_view;
    OverlayStyle m_style;
    CanvasDisplay m_display;
    PointerScheme m_scheme;
    bool m_isPlaced = true;
    QString m_title, m_note, m_secondNote;
    Comparison m_comparison = Comparison::None;
    double m_swipe = 0.5;
    QTimer m_flicker;
    bool m_showsSecond = false;

    QPointer<CanvasTool> m_tool;
    std::vector<const CanvasLayer *> m_layers;
    Drag m_drag = Drag::None;
    Qt::MouseButton m_dragButton = Qt::NoButton;
    Before m_before;
    QPointF m_pressed, m_lastPixel;
    double m_restOfSlices = 0;
    double m_pressure = 1;
    int m_wheelRest = 0;
    bool m_keyTaken = false; // the tool had the key when shortcuts were asked
};

} // namespace consilium::viewer
