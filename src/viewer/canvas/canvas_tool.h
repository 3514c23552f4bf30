// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "imaging/geometry.h"

#include <QObject>
#include <QPointF>
#include <QString>

class QKeyEvent;
class QPainter;

namespace consilium::viewer {

class SliceCanvas;

/// Where the mouse, finger or pen is over a canvas.
struct CanvasPointer
{
    QPointF pixel;           ///< of the widget
    imaging::Vec3 patient{}; ///< LPS mm, on the slice shown
    Qt::KeyboardModifiers modifiers;
    double pressure = 1; ///< of a pen, 0 to 1
};

/// Something drawn over the slices of any number of canvases: landmarks, measurements. Whoever owns it calls update()
/// on the canvases when it changes, and removes it from them before it dies.
class CanvasLayer
{
public:
    virtual ~CanvasLayer() = default;
    /// In widget pixels, above image and overlays; SliceCanvas::toPixel places it. Called for every picture: what lies
    /// on another slice is left out here.
    virtual void paint(QPainter &painter, const SliceCanvas &canvas) const = 0;
};

/// What the tool button of the mouse does: an interaction mode as an object. One tool serves all canvases of a page;
/// each call names the one it is about. Between press() and release() or cancel() all calls name the same.
class CanvasTool : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    /// The button went down. False: not for this tool at this place; the canvas moves its crosshair there instead.
    virtual bool press(SliceCanvas &canvas, const CanvasPointer &at) = 0;
    virtual void drag(SliceCanvas &, const CanvasPointer &) {}
    virtual void release(SliceCanvas &, const CanvasPointer &) {}
    virtual bool doubleClick(SliceCanvas &, const CanvasPointer &) { return false; }
    /// The pointer moved with no button down; leave(): it left the canvas.
    virtual void hover(SliceCanvas &, const CanvasPointer &) {}
    virtual void leave(SliceCanvas &) {}
    /// True when the key was meant for the tool (Return closes a polygon).
    virtual bool keyPress(SliceCanvas &, const QKeyEvent &) { return false; }
    /// Escape, or another tool is taken up: what is under way is as if it had never begun. False when nothing was.
    virtual bool cancel() { return false; }
    virtual Qt::CursorShape shape() const { return Qt::CrossCursor; }
    /// What is under way, above every layer.
    virtual void paint(QPainter &, const SliceCanvas &) const {}
};

/// A tool as a tool bar offers it.
struct ToolEntry
{
    QString id;   ///< "brush": also of the button, "review.tool.brush"
    QString text; ///< "Brush"
    QString tip;  ///< what it does and how: one or two sentences
    QString icon; ///< name in the Breeze icon theme
    CanvasTool *tool = nullptr;
};

} // namespace consilium::viewer
