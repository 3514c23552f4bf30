// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "viewer/measuring/keyed_tool.h"
#include "viewer/measuring/measurement_list.h"

#include <memory>
#include <optional>

namespace consilium::viewer {

/// Draws measurements of one kind and edits those of any. A press on a handle takes hold of it, one on a line moves the
/// whole; elsewhere a new one begins: each stretch is dragged, or clicked end by end. A polygon takes a corner a click
/// and is closed by Return, a double click or a click on its first corner; Backspace takes its last corner back. Delete
/// deletes the selected one, arrow keys move it by a pixel of the screen (Shift: ten), Escape gives up what is under
/// way.
class MeasureTool : public KeyedTool
{
    Q_OBJECT

public:
    /// The list must outlive the tool.
    MeasureTool(MeasurementKind kind, MeasurementList &list, QObject *parent = nullptr)
        : KeyedTool(parent), m_kind(kind), m_list(list)
    {
    }

    MeasurementKind kind() const { return m_kind; }

    bool press(SliceCanvas &canvas, const CanvasPointer &at) override;
    void drag(SliceCanvas &canvas, const CanvasPointer &at) override;
    void release(SliceCanvas &canvas, const CanvasPointer &at) override;
    bool doubleClick(SliceCanvas &canvas, const CanvasPointer &at) override;
    void hover(SliceCanvas &canvas, const CanvasPointer &at) override;
    bool keyPress(SliceCanvas &canvas, const QKeyEvent &key) override;
    bool cancel() override;
    void paint(QPainter &painter, const SliceCanvas &canvas) const override;

    bool isDrawing() const { return m_drawing.has_value(); }

protected:
    bool takesKey(SliceCanvas &canvas, const QKeyEvent &key) const override;

private:
    /// What is being drawn: its points so far, the last of which may still follow the mouse.
    struct Drawing
    {
        SlicePlane plane;
        std::vector<imaging::Vec3> points;
        bool follows = false;
        QPointer<SliceCanvas> canvas;
    };
    struct Grip
    {
        int id = 0;
        std::optional<std::size_t> handle; ///< nothing: the whole
        imaging::Vec3 from{};
    };

    std::optional<Grip> gripAt(const SliceCanvas &canvas, const CanvasPointer &at) const;
    Measurement drawn() const;
    void follow(SliceCanvas &canvas, const CanvasPointer &at);
    void fixLast(SliceCanvas &canvas);
    bool closesPolygon(const SliceCanvas &canvas, const QPointF &pixel) const;
    void finish();

    MeasurementKind m_kind;
    MeasurementList &m_list;
    std::optional<Drawing> m_drawing;
    std::optional<Grip> m_grip;
    QPointF m_pressed;
};

} // namespace consilium::viewer
