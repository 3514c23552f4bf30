// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/editing/grow_tool.h"

#include "viewer/canvas/colours.h"
#include "viewer/canvas/slice_canvas.h"
#include "viewer/editing/brush_tool.h"

#include <QLocale>
#include <QPainter>
#include <QPainterPath>

namespace consilium::viewer {

GrowTool::GrowTool(LabelEditor &editor, EditWork &work, const EditSettings &settings, Kind kind, QObject *parent)
    : CanvasTool(parent), m_editor(editor), m_work(work), m_settings(settings), m_kind(kind)
{
    connect(&work, &EditWork::regionGrown, this, &GrowTool::take);
    connect(&work, &EditWork::failed, this, &GrowTool::clear);
    connect(&editor, &LabelEditor::restarted, this, &GrowTool::clear);
}

QString GrowTool::refusal() const
{
    const QString why = paintingRefusal(m_editor, m_kind == Kind::Remove);
    if (why.isEmpty() && m_kind == Kind::Grow && m_editor.imageOnGrid().isEmpty())
        return tr("There is no image to grow a region in.");
    return why;
}

bool GrowTool::press(SliceCanvas &canvas, const CanvasPointer &at)
{
    if (const QString why = refusal(); !why.isEmpty()) {
        Q_EMIT refused(why);
        return false;
    }
    clear();
    m_canvas = &canvas;
    m_seed = at.patient;
    m_held = true;
    if (m_kind == Kind::Grow)
        m_work.grow(at.patient, m_settings.growLimits());
    else
        m_work.findPiece(at.patient);
    return true;
}

void GrowTool::take(const RegionPreview &preview)
{
    if (!m_canvas)
        return;
    m_preview = preview;
    const double perVoxel = m_editor.labels()->geometry.voxelVolume() / 1000;
    if (m_kind == Kind::Grow)
        Q_EMIT regionFound(preview.region.count, static_cast<double>(preview.region.count) * perVoxel,
                           preview.region.limited);
    if (preview.region.count == 0)
        Q_EMIT refused(m_kind == Kind::Grow ? tr("The value here lies outside the range to grow in.")
                                            : tr("There is no label here to remove."));
    if (m_held)
        m_canvas->update();
    else
        finish();
}

void GrowTool::release(SliceCanvas &, const CanvasPointer &)
{
    m_held = false;
    if (m_preview)
        finish();
}

void GrowTool::finish()
{
    const RegionPreview preview = std::move(*m_preview);
    clear();
    if (const QString why = refusal(); !why.isEmpty())
        Q_EMIT refused(why);
    else if (m_editor.isStroking())
        return;
    else if (m_kind == Kind::Grow)
        m_editor.apply(tr("Region grow"), preview.region.voxels, LabelEditor::Paint::Active, false);
    else if (const EditLabel &label = m_editor.labelList()[static_cast<std::size_t>(preview.label)]; label.locked)
        Q_EMIT refused(tr("%1 is locked. Unlock it first.").arg(label.name));
    else
        m_editor.apply(tr("Remove piece"), preview.region.voxels, LabelEditor::Paint::Background, false);
}

bool GrowTool::cancel()
{
    if (!m_canvas)
        return false;
    m_work.cancel();
    clear();
    return true;
}

void GrowTool::clear()
{
    m_preview.reset();
    m_held = false;
    if (m_canvas)
        m_canvas->update();
    m_canvas = nullptr;
}

void GrowTool::paint(QPainter &painter, const SliceCanvas &canvas) const
{
    if (!m_canvas || !m_preview || !m_preview->map)
        return;
    const SliceGeometry &grid = canvas.geometry();
    const auto borders = outlines(sliceLabels(*m_preview->map, grid, canvas.slice()));
    QPainterPath path;
    for (std::size_t label = 1; label < borders.size(); ++label)
        for (const QPolygon &border : borders[label]) {
            QPolygonF outline;
            for (const QPoint &corner : border)
                outline << canvas.toPixel(grid.toPatient({corner.x() - 0.5, corner.y() - 0.5, double(canvas.slice())}));
            path.addPolygon(outline);
            path.closeSubpath();
        }
    QColor ink = m_kind == Kind::Grow ? activeColour(m_editor, canvas) : colour(canvas.theme().annotation);
    painter.setRenderHint(QPainter::Antialiasing);
    painter.setPen(QPen(ink, 1.5, Qt::DashLine));
    ink.setAlphaF(0.25f);
    painter.setBrush(ink);
    painter.drawPath(path);
    if (m_canvas != &canvas)
        return;

    const GrownRegion &region = m_preview->region;
    const double millilitres = static_cast<double>(region.count) * m_preview->map->geometry.voxelVolume() / 1000;
    QString text =
        tr("%1 voxels, %2 mL")
            .arg(QLocale().toString(static_cast<qlonglong>(region.count)), QLocale().toString(millilitres, 'f', 2));
    if (region.limited)
        text += tr(", cut off at the limit");
    const QRectF box = QRectF(painter.fontMetrics().boundingRect(text))
                           .translated(canvas.toPixel(m_seed) + QPointF(12, -12))
                           .adjusted(-4, -2, 4, 2);
    painter.setPen(Qt::NoPen);
    QColor ground = colour(canvas.theme().imageBackground);
    ground.setAlphaF(0.7f);
    painter.setBrush(ground);
    painter.drawRect(box);
    painter.setPen(colour(canvas.theme().annotation));
    painter.drawText(box, Qt::AlignCenter, text);
}

} // namespace consilium::viewer
