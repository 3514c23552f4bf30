// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/editing/edit_tools.h"

#include "viewer/editing/brush_tool.h"
#include "viewer/editing/grow_tool.h"
#include "viewer/editing/polygon_tool.h"

#include <algorithm>

namespace consilium::viewer {

namespace {

// Diameters the brush keys step through, mm: few enough to reach any soon, and the same on the way back.
constexpr double kDiameters[] = {0.5, 1, 1.5, 2, 2.5, 3, 4, 5, 6, 8, 10, 12, 15, 18, 22, 27, 33, 40, 50, 60, 80};

} // namespace

EditTools::EditTools(LabelEditor &editor, EditWork &work, QObject *parent) : QObject(parent)
{
    auto *brush = new BrushTool(editor, m_settings, BrushTool::Kind::Brush, this);
    auto *eraser = new BrushTool(editor, m_settings, BrushTool::Kind::Eraser, this);
    auto *ball = new BrushTool(editor, m_settings, BrushTool::Kind::Ball, this);
    for (const BrushTool *tool : {brush, eraser, ball})
        connect(tool, &BrushTool::refused, this, &EditTools::refused);
    auto *polygon = new PolygonTool(editor, this);
    connect(polygon, &PolygonTool::refused, this, &EditTools::refused);
    auto *grow = new GrowTool(editor, work, m_settings, GrowTool::Kind::Grow, this);
    auto *remove = new GrowTool(editor, work, m_settings, GrowTool::Kind::Remove, this);
    for (const GrowTool *tool : {grow, remove})
        connect(tool, &GrowTool::refused, this, &EditTools::refused);
    connect(grow, &GrowTool::regionFound, this, &EditTools::regionFound);

    m_tools = {
        {QStringLiteral("brush"), tr("Brush"),
         tr("Paints the active label. Ctrl erases, [ and ] change the size, Esc takes the stroke back."),
         QStringLiteral("draw-brush"), brush},
        {QStringLiteral("eraser"), tr("Eraser"), tr("Clears labels that are not locked. Esc takes the stroke back."),
         QStringLiteral("draw-eraser"), eraser},
        {QStringLiteral("sphere"), tr("Sphere"), tr("Paints a sphere through the slices. Ctrl erases."),
         QStringLiteral("draw-circle"), ball},
        {QStringLiteral("filledPolygon"), tr("Polygon"),
         tr("Click corners or draw an outline. Return or a double click fills it, with Ctrl clears it; Esc drops it."),
         QStringLiteral("draw-freehand"), polygon},
        {QStringLiteral("regionGrow"), tr("Region grow"),
         tr("Click a voxel: what hangs together with it within the range gets the active label. Hold to see its size "
            "first, Esc drops it."),
         QStringLiteral("tool_flood_fill"), grow},
        {QStringLiteral("removePiece"), tr("Remove piece"),
         tr("Click a lesion, or any piece of a label: all that hangs together with it is removed. Hold to see it "
            "first, Esc drops it."),
         QStringLiteral("list-remove"), remove},
    };
}

void EditTools::growBrush()
{
    const auto *next = std::upper_bound(std::begin(kDiameters), std::end(kDiameters), m_settings.diameterMm() + 1e-6);
    if (next != std::end(kDiameters))
        m_settings.setDiameterMm(*next);
}

void EditTools::shrinkBrush()
{
    const auto *next = std::lower_bound(std::begin(kDiameters), std::end(kDiameters), m_settings.diameterMm() - 1e-6);
    if (next != std::begin(kDiameters))
        m_settings.setDiameterMm(*(next - 1));
}

} // namespace consilium::viewer
