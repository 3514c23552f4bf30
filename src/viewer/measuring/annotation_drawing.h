// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "imaging/geometry.h"

#include <QColor>
#include <QPainterPath>
#include <QRectF>
#include <QString>

class QPainter;

namespace consilium {
struct Theme;
}

namespace consilium::viewer {

class SliceCanvas;

/// Marks of points, told apart by shape as well as by colour.
enum class MarkerShape { Ring, Cross, Diamond, Square, Triangle, TriangleDown };

/// Lines, marks and words over an image, with a dark rim so that they are seen on bright bone and dark air alike. All
/// in widget pixels.
class AnnotationPen
{
public:
    /// Sets the painter's font and antialiasing; the painter must outlive it.
    AnnotationPen(QPainter &painter, const Theme &theme, bool large = false);

    void line(const QPainterPath &path, const QColor &ink, double width = 1.5, bool dashed = false) const;
    void marker(MarkerShape shape, const QPointF &at, double radius, const QColor &ink, bool dashed = false) const;
    /// A grip: filled when it is the one taken hold of.
    void handle(const QPointF &at, const QColor &ink, bool filled) const;
    /// Lines of text, one under another.
    void text(const QRectF &box, const QString &lines, const QColor &ink) const;
    /// The box that text takes when its middle lies at `centre`.
    QRectF boxAt(const QPointF &centre, const QString &lines) const;
    QRectF boxRightOf(const QPointF &at, const QString &lines) const; ///< begins there, in the middle of its height

private:
    QPainter &m_painter;
    QColor m_rim;
};

/// Whether a canvas shows the slice that a point lies on, or its image has one slice alone.
bool showsSliceOf(const SliceCanvas &canvas, const imaging::Vec3 &patient);

} // namespace consilium::viewer
