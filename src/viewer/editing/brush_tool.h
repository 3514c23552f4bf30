// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "viewer/canvas/canvas_tool.h"
#include "viewer/editing/edit_settings.h"
#include "viewer/editing/label_editor.h"

#include <QPointer>

namespace consilium::viewer {

/// Paints the active label, or clears labels, along the pointer: in the slice, or as a ball. With Ctrl held down at the
/// press the brush erases. One press to its release is one step of undo.
class BrushTool : public CanvasTool
{
    Q_OBJECT

public:
    enum class Kind { Brush, Eraser, Ball };

    BrushTool(LabelEditor &editor, const EditSettings &settings, Kind kind, QObject *parent = nullptr);

    bool press(SliceCanvas &canvas, const CanvasPointer &at) override;
    void drag(SliceCanvas &canvas, const CanvasPointer &at) override;
    void release(SliceCanvas &canvas, const CanvasPointer &at) override;
    /// Quick dabs come as double clicks: each paints.
    bool doubleClick(SliceCanvas &canvas, const CanvasPointer &at) override;
    void hover(SliceCanvas &canvas, const CanvasPointer &at) override;
    void leave(SliceCanvas &canvas) override;
    bool cancel() override;
    Qt::CursorShape shape() const override { return Qt::CrossCursor; }
    void paint(QPainter &painter, const SliceCanvas &canvas) const override;

Q_SIGNALS:
    void refused(const QString &why);

private:
    bool isBall() const { return m_kind == Kind::Ball || m_settings.isBall(); }
    double radius(const CanvasPointer &at) const;
    void strokeTo(SliceCanvas &canvas, const CanvasPointer &at);
    void pointAt(SliceCanvas &canvas, const CanvasPointer &at);

    LabelEditor &m_editor;
    const EditSettings &m_settings;
    Kind m_kind;
    bool m_erases = false;
    imaging::Vec3 m_last{}; // where the stroke is
    int m_lastSlice = 0;

    QPointer<SliceCanvas> m_over; // where the outline is drawn
    imaging::Vec3 m_at{};
    double m_shownRadius = 0;
    bool m_showsEraser = false;
};

/// Why painting on a canvas cannot begin, for people; empty when it can.
QString paintingRefusal(const LabelEditor &editor, bool erases);

/// The colour of the active label, for what is under way.
QColor activeColour(const LabelEditor &editor, const SliceCanvas &canvas);

} // namespace consilium::viewer
