// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "viewer/canvas/canvas_tool.h"
#include "viewer/measuring/measurement_list.h"

namespace consilium::viewer {

/// Draws the measurements on the slices they belong to, with their values; the selected one with handles.
class MeasurementLayer : public CanvasLayer
{
public:
    /// The list must outlive the layer.
    explicit MeasurementLayer(const MeasurementList &list) : m_list(list) {}

    void setVisible(bool visible) { m_visible = visible; }
    void paint(QPainter &painter, const SliceCanvas &canvas) const override;

    /// One that may not be in the list yet.
    static void paintOne(QPainter &painter, const SliceCanvas &canvas, const MeasurementList &list,
                         const Measurement &measurement, bool selected);

private:
    const MeasurementList &m_list;
    bool m_visible = true;
};

} // namespace consilium::viewer
