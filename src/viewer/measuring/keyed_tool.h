// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "viewer/canvas/canvas_tool.h"

#include <QPointer>
#include <optional>

namespace consilium::viewer {

/// A tool that keys act on as well: while it is taken up it claims its keys from the shortcuts of the window, and Tab
/// from the moving on of the focus, on the canvases that it watches (QObject::installEventFilter).
class KeyedTool : public CanvasTool
{
    Q_OBJECT

public:
    using CanvasTool::CanvasTool;

    void setTakenUp(bool takenUp) { m_takenUp = takenUp; }

    bool eventFilter(QObject *watched, QEvent *event) override;

protected:
    /// Whether keyPress() would act on the key now.
    virtual bool takesKey(SliceCanvas &canvas, const QKeyEvent &key) const = 0;

private:
    bool m_takenUp = false;
};

/// Pixels of the screen by which an arrow key moves: one, ten with Shift. Nothing for other keys.
std::optional<QPointF> arrowStep(const QKeyEvent &key);

} // namespace consilium::viewer
