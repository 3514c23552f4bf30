// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "viewer/measuring/keyed_tool.h"
#include "viewer/measuring/landmark_editor.h"

namespace consilium::viewer {

/// Moves the reader's points. A press near one takes hold of it; locked ones are only selected. When the selected point
/// is missing, a press places it and the next missing one is selected. Arrow keys move the selected point by one pixel
/// of the screen (Shift: ten), Tab goes to the next point, L locks, O marks as hidden, Delete makes it missing. Escape
/// puts back what is being dragged.
class LandmarkTool : public KeyedTool
{
    Q_OBJECT

public:
    /// The editor must outlive the tool.
    explicit LandmarkTool(LandmarkEditor &editor, QObject *parent = nullptr) : KeyedTool(parent), m_editor(editor) {}

    bool press(SliceCanvas &canvas, const CanvasPointer &at) override;
    void drag(SliceCanvas &canvas, const CanvasPointer &at) override;
    void release(SliceCanvas &canvas, const CanvasPointer &at) override;
    bool doubleClick(SliceCanvas &canvas, const CanvasPointer &at) override;
    void hover(SliceCanvas &canvas, const CanvasPointer &at) override;
    void leave(SliceCanvas &canvas) override;
    bool keyPress(SliceCanvas &canvas, const QKeyEvent &key) override;
    bool cancel() override;

    /// The reader's point within reach of a pixel; -1 when there is none.
    int pointAt(const SliceCanvas &canvas, const QPointF &pixel) const;

Q_SIGNALS:
    /// Tab went to a point that lies on another slice.
    void pointReached(const consilium::imaging::Vec3 &patient);

protected:
    bool takesKey(SliceCanvas &canvas, const QKeyEvent &key) const override;

private:
    bool canMoveSelected(const SliceCanvas &canvas) const;
    bool selectNext(SliceCanvas &canvas, int step);

    LandmarkEditor &m_editor;
    QPointF m_grip; ///< from the mouse to the point, so that taking hold moves nothing
    bool m_places = false;
};

} // namespace consilium::viewer
