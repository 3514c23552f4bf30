// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/measuring/keyed_tool.h"

#include "viewer/canvas/slice_canvas.h"

#include <QKeyEvent>

namespace consilium::viewer {

bool KeyedTool::eventFilter(QObject *watched, QEvent *event)
{
    auto *canvas = qobject_cast<SliceCanvas *>(watched);
    const bool key = event->type() == QEvent::KeyPress || event->type() == QEvent::ShortcutOverride;
    if (!m_takenUp || !canvas || !key || canvas->isEmpty())
        return false;
    auto &pressed = static_cast<QKeyEvent &>(*event);
    if (!takesKey(*canvas, pressed))
        return false;
    if (event->type() == QEvent::ShortcutOverride) {
        event->accept();
        return true;
    }
    // Tab never reaches keyPressEvent: the focus would have moved on.
    const bool tab = pressed.key() == Qt::Key_Tab || pressed.key() == Qt::Key_Backtab;
    return tab && keyPress(*canvas, pressed);
}

std::optional<QPointF> arrowStep(const QKeyEvent &key)
{
    const double step = key.modifiers() & Qt::ShiftModifier ? 10 : 1;
    switch (key.key()) {
    case Qt::Key_Left: return QPointF(-step, 0);
    case Qt::Key_Right: return QPointF(step, 0);
    case Qt::Key_Up: return QPointF(0, -step);
    case Qt::Key_Down: return QPointF(0, step);
    default: return std::nullopt;
    }
}

} // namespace consilium::viewer
