// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "viewer/canvas/canvas_tool.h"
#include "viewer/measuring/landmark_editor.h"

#include <QColor>

namespace consilium {
struct Theme;
}

namespace consilium::viewer {

/// Colour of a set of points: the accent for the reader's own, white for the reference, the model's series colour.
QColor pointColour(const Theme &theme, int whose);

/// Draws sacral slope, pelvic tilt, pelvic incidence and lumbar lordosis over a lateral radiograph (see
/// SpinopelvicFigure), on canvases that look along the picture's beam.
class SpinopelvicLayer : public CanvasLayer
{
public:
    /// The editor must outlive the layer.
    explicit SpinopelvicLayer(const LandmarkEditor &editor) : m_editor(editor) {}

    /// Whose angles are drawn: kReaderPoints, kReference or a model; see setAutomatic.
    void setWhose(int whose);
    /// The reader's as soon as they allow an angle, until then the reference's, else the first model's. The default.
    void setAutomatic() { m_automatic = true; }
    void setVisible(bool visible) { m_visible = visible; }
    bool isVisible() const { return m_visible; }
    int whose() const;

    void paint(QPainter &painter, const SliceCanvas &canvas) const override;

private:
    const LandmarkEditor &m_editor;
    int m_whose = kReaderPoints;
    bool m_automatic = true, m_visible = true;
};

} // namespace consilium::viewer
