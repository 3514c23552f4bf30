// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/editing/brush_tool.h"

#include "viewer/canvas/colours.h"
#include "viewer/canvas/slice_canvas.h"
#include "viewer/editing/edit_shapes.h"

#include <QCoreApplication>
#include <QPainter>

namespace consilium::viewer {

QString paintingRefusal(const LabelEditor &editor, bool erases)
{
    if (!editor.isOpen())
        return QCoreApplication::translate("consilium::viewer::BrushTool",
                                           "Nothing is being edited yet. Choose what to start from.");
    const auto &label = editor.labelList()[static_cast<std::size_t>(editor.activeLabel())];
    if (!erases && label.locked)
        return QCoreApplication::translate("consilium::viewer::BrushTool", "%1 is locked. Unlock it or choose another.")
            .arg(label.name);
    return {};
}

QColor activeColour(const LabelEditor &editor, const SliceCanvas &canvas)
{
    const QColor own = editor.labelList()[static_cast<std::size_t>(editor.activeLabel())].colour;
    return own.isValid() && own.alpha() > 0 ? own : colour(canvas.theme().annotation);
}

BrushTool::BrushTool(LabelEditor &editor, const EditSettings &settings, Kind kind, QObject *parent)
    : CanvasTool(parent), m_editor(editor), m_settings(settings), m_kind(kind)
{
    connect(&settings, &EditSettings::changed, this, [this] {
        m_shownRadius = m_settings.diameterMm() / 2;
        if (m_over)
            m_over->update();
    });
}

double BrushTool::radius(const CanvasPointer &at) const
{
    constexpr double kLightest = 0.1;
    return m_settings.diameterMm() / 2 * (m_settings.usesPressure() ? std::clamp(at.pressure, kLightest, 1.0) : 1.0);
}

bool BrushTool::press(SliceCanvas &canvas, const CanvasPointer &at)
{
    m_erases = m_kind == Kind::Eraser || at.modifiers & Qt::ControlModifier;
    if (const QString why = paintingRefusal(m_editor, m_erases); !why.isEmpty()) {
        Q_EMIT refused(why);
        return false;
    }
    m_editor.beginStroke(m_erases ? tr("Eraser") : isBall() ? tr("Sphere") : tr("Brush"));
    m_last = at.patient;
    m_lastSlice = canvas.slice();
    strokeTo(canvas, at);
    return true;
}

void BrushTool::drag(SliceCanvas &canvas, const CanvasPointer &at)
{
    strokeTo(canvas, at);
}

void BrushTool::release(SliceCanvas &canvas, const CanvasPointer &at)
{
    pointAt(canvas, at);
    m_editor.endStroke();
}

bool BrushTool::doubleClick(SliceCanvas &canvas, const CanvasPointer &at)
{
    if (!press(canvas, at))
        return false;
    // No release follows for the tool.
    release(canvas, at);
    return true;
}

void BrushTool::strokeTo(SliceCanvas &canvas, const CanvasPointer &at)
{
    pointAt(canvas, at);
    if (!m_editor.isStroking())
        return;
    // The wheel turned under the stroke: it goes on in the new slice, and leaves no trail through those between.
    if (canvas.slice() != m_lastSlice)
        m_last = at.patient;
    m_lastSlice = canvas.slice();
    const imaging::Geometry &grid = m_editor.labels()->geometry;
    const double reach = radius(at);
    const VoxelSet voxels =
        isBall() ? ballAlong(grid, m_last, at.patient, reach)
                 : discAlong(slicesAt(grid, canvas.plane(), at.patient, canvas.geometry().sliceSpacing()), m_last,
                             at.patient, reach);
    m_last = at.patient;
    m_editor.paint(voxels, m_erases ? LabelEditor::Paint::Background : LabelEditor::Paint::Active, !m_erases);
}

bool BrushTool::cancel()
{
    if (!m_editor.isStroking())
        return false;
    m_editor.cancelStroke();
    return true;
}

void BrushTool::hover(SliceCanvas &canvas, const CanvasPointer &at)
{
    m_erases = m_kind == Kind::Eraser || at.modifiers & Qt::ControlModifier;
    pointAt(canvas, at);
}

void BrushTool::pointAt(SliceCanvas &canvas, const CanvasPointer &at)
{
    m_over = &canvas;
    m_at = at.patient;
    m_shownRadius = radius(at);
    m_showsEraser = m_erases;
    canvas.update();
}

void BrushTool::leave(SliceCanvas &canvas)
{
    m_over = nullptr;
    canvas.update();
}

void BrushTool::paint(QPainter &painter, const SliceCanvas &canvas) const
{
    if (m_over != &canvas || !m_editor.isOpen())
        return;
    const QPointF centre = canvas.toPixel(m_at);
    const double pixels = std::max(m_shownRadius * canvas.pixelsPerMm(), 1.5);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setBrush(Qt::NoBrush);
    // The dark rim keeps the circle in sight on bright tissue.
    QColor rim = colour(canvas.theme().imageBackground);
    rim.setAlphaF(0.6f);
    painter.setPen(QPen(rim, 3));
    painter.drawEllipse(centre, pixels, pixels);
    painter.setPen(m_showsEraser ? QPen(colour(canvas.theme().annotation), 1.25, Qt::DashLine)
                                 : QPen(activeColour(m_editor, canvas), 1.25));
    painter.drawEllipse(centre, pixels, pixels);
}

} // namespace consilium::viewer
