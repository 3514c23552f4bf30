// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "viewer/canvas/canvas_tool.h"
#include "viewer/editing/label_editor.h"

#include <QPointer>
#include <vector>

namespace consilium::viewer {

/// Fills what an outline encloses: clicks set corners, a drag draws freely; Return, a double click or a click on the
/// first corner closes it (with Ctrl: clears in place of filling), Backspace takes the last corner back, Esc all.
class PolygonTool : public CanvasTool
{
    Q_OBJECT

public:
    explicit PolygonTool(LabelEditor &editor, QObject *parent = nullptr);

    bool press(SliceCanvas &canvas, const CanvasPointer &at) override;
    void drag(SliceCanvas &canvas, const CanvasPointer &at) override;
    bool doubleClick(SliceCanvas &canvas, const CanvasPointer &at) override;
    void hover(SliceCanvas &canvas, const CanvasPointer &at) override;
    bool keyPress(SliceCanvas &canvas, const QKeyEvent &event) override;
    bool cancel() override;
    void paint(QPainter &painter, const SliceCanvas &canvas) const override;

    std::size_t corners() const { return m_corners.size(); }

Q_SIGNALS:
    void refused(const QString &why);

private:
    void close(Qt::KeyboardModifiers modifiers);
    void clear();

    LabelEditor &m_editor;
    QPointer<SliceCanvas> m_canvas;
    int m_slice = 0;
    std::vector<imaging::Vec3> m_corners;
    imaging::Vec3 m_pointer{};
};

} // namespace consilium::viewer
