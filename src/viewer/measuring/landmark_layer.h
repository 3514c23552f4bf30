// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "viewer/measuring/annotation_drawing.h"
#include "viewer/measuring/spinopelvic_layer.h"

#include <set>

namespace consilium::viewer {

/// Shape of a set of points: a ring for the reader's own, a cross for the reference, another for each model.
MarkerShape pointShape(int whose);

/// Draws the points of reader, reference and models where their slice is shown. Less certain points are fainter, hidden
/// ones dashed. Short lines lead from the reference's points to where the others put them. The name stands at the point
/// under the mouse and at the selected one, and at all whose names find room once the points lie far enough apart.
class LandmarkLayer : public CanvasLayer
{
public:
    /// The editor must outlive the layer.
    explicit LandmarkLayer(const LandmarkEditor &editor) : m_editor(editor) {}

    void setVisible(bool visible) { m_visible = visible; }
    void setSetVisible(int whose, bool visible);
    bool isSetVisible(int whose) const { return m_visible && !m_hidden.contains(whose); }

    void paint(QPainter &painter, const SliceCanvas &canvas) const override;

private:
    void paintWhiskers(const AnnotationPen &pen, const SliceCanvas &canvas) const;
    void paintNames(const AnnotationPen &pen, const SliceCanvas &canvas) const;
    std::optional<QPointF> namedPixel(int index, const SliceCanvas &canvas) const;

    const LandmarkEditor &m_editor;
    std::set<int> m_hidden;
    bool m_visible = true;
};

} // namespace consilium::viewer
