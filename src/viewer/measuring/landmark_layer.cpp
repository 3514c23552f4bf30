// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/measuring/landmark_layer.h"

#include "viewer/canvas/colours.h"
#include "viewer/canvas/slice_canvas.h"

#include <QLineF>
#include <QPainter>
#include <algorithm>
#include <array>

namespace consilium::viewer {

using imaging::Landmark;
using imaging::Visibility;

namespace {

constexpr double kRadius = 4.5, kOwnRadius = 5.5, kFaintest = 0.35;
constexpr double kRoomForNames = 60; // pixels between neighbours in the middle from which on all names are tried

bool isShown(const Landmark &point, const SliceCanvas &canvas)
{
    return point.visibility != Visibility::Absent && showsSliceOf(canvas, point.position);
}

// The distance from each point to its nearest neighbour, of the one in the middle.
double typicalGap(const std::vector<QPointF> &points)
{
    std::vector<double> gaps;
    for (std::size_t a = 0; a < points.size(); ++a) {
        double nearest = 1e9;
        for (std::size_t b = 0; b < points.size(); ++b)
            if (a != b)
                nearest = std::min(nearest, QLineF(points[a], points[b]).length());
        gaps.push_back(nearest);
    }
    if (gaps.empty())
        return 0;
    const auto middle = gaps.begin() + static_cast<std::ptrdiff_t>(gaps.size() / 2);
    std::nth_element(gaps.begin(), middle, gaps.end());
    return *middle;
}

} // namespace

MarkerShape pointShape(int whose)
{
    if (whose == kReaderPoints)
        return MarkerShape::Ring;
    if (whose == kReference)
        return MarkerShape::Cross;
    constexpr std::array shapes{MarkerShape::Diamond, MarkerShape::Square, MarkerShape::Triangle,
                                MarkerShape::TriangleDown};
    return shapes[static_cast<std::size_t>(whose) % shapes.size()];
}

void LandmarkLayer::setSetVisible(int whose, bool visible)
{
    if (visible)
        m_hidden.erase(whose);
    else
        m_hidden.insert(whose);
}

void LandmarkLayer::paint(QPainter &painter, const SliceCanvas &canvas) const
{
    if (!m_visible || canvas.isEmpty())
        return;
    const Theme &theme = canvas.theme();
    const AnnotationPen pen(painter, theme);
    paintWhiskers(pen, canvas);
    const std::vector<int> sets = m_editor.sets();
    // The reader's own last, on top: they are the ones to take hold of.
    for (auto whose = sets.rbegin(); whose != sets.rend(); ++whose) {
        if (!isSetVisible(*whose))
            continue;
        const double radius = *whose == kReaderPoints ? kOwnRadius : kRadius;
        for (const Landmark &point : m_editor.set(*whose)->points) {
            if (!isShown(point, canvas))
                continue;
            QColor ink = pointColour(theme, *whose);
            ink.setAlphaF(static_cast<float>(kFaintest + (1 - kFaintest) * point.confidence));
            const QPointF at = canvas.toPixel(point.position);
            pen.marker(pointShape(*whose), at, radius, ink, point.visibility == Visibility::Occluded);
            if (*whose != kReaderPoints)
                continue;
            painter.fillRect(QRectF(at - QPointF(0.75, 0.75), QSizeF(1.5, 1.5)), ink);
            if (point.locked)
                painter.fillRect(QRectF(at + QPointF(radius - 1, radius - 1), QSizeF(4, 4)), ink);
        }
    }
    for (const int index : {m_editor.hovered(), m_editor.selected()})
        if (const auto at = index >= 0 ? namedPixel(index, canvas) : std::nullopt)
            pen.marker(MarkerShape::Ring, *at, kOwnRadius + 4,
                       index == m_editor.selected() ? colour(theme.accent) : colour(theme.annotation));
    paintNames(pen, canvas);
}

void LandmarkLayer::paintWhiskers(const AnnotationPen &pen, const SliceCanvas &canvas) const
{
    const imaging::LandmarkSet *reference = m_editor.set(kReference);
    if (!reference || !isSetVisible(kReference))
        return;
    for (const int whose : m_editor.sets()) {
        if (whose == kReference || !isSetVisible(whose))
            continue;
        for (const Landmark &point : m_editor.set(whose)->points) {
            const Landmark *truth = reference->find(point.name);
            if (!truth || !isShown(*truth, canvas) || point.visibility == Visibility::Absent)
                continue;
            QPainterPath path(canvas.toPixel(truth->position));
            path.lineTo(canvas.toPixel(point.position));
            pen.line(path, pointColour(canvas.theme(), whose), 1);
        }
    }
}

// Where the point stands that the name belongs to: the reader's, else the reference's, else the first model's.
std::optional<QPointF> LandmarkLayer::namedPixel(int index, const SliceCanvas &canvas) const
{
    for (const int whose : m_editor.sets()) {
        const Landmark *point = m_editor.set(whose)->find(m_editor.point(index).name);
        if (point && isSetVisible(whose) && isShown(*point, canvas))
            return canvas.toPixel(point->position);
    }
    return std::nullopt;
}

void LandmarkLayer::paintNames(const AnnotationPen &pen, const SliceCanvas &canvas) const
{
    std::vector<QPointF> points;
    std::vector<std::pair<int, QPointF>> named;
    for (int index = 0; index < m_editor.count(); ++index) {
        if (const auto at = namedPixel(index, canvas)) {
            points.push_back(*at);
            named.emplace_back(index, *at);
        }
    }
    const bool all = typicalGap(points) >= kRoomForNames;
    const auto wanted = [this](int index) { return index == m_editor.hovered() || index == m_editor.selected(); };
    // What was asked for takes its place first.
    std::stable_partition(named.begin(), named.end(), [&](const auto &entry) { return wanted(entry.first); });
    std::vector<QRectF> taken;
    for (const auto &[index, at] : named) {
        if (!all && !wanted(index))
            break;
        const QString name =
            wanted(index) ? QString::fromStdString(m_editor.point(index).name) : briefName(m_editor.point(index).name);
        const double gap = kOwnRadius + 6;
        QRectF right = pen.boxRightOf(at + QPointF(gap, 0), name), left = right;
        left.moveRight(at.x() - gap);
        QRectF above = pen.boxAt(at, name), below = above;
        above.moveBottom(at.y() - gap);
        below.moveTop(at.y() + gap);
        const auto isFree = [&](const QRectF &box) {
            return QRectF(canvas.rect()).contains(box) &&
                   std::none_of(taken.begin(), taken.end(), [&](const QRectF &o) { return o.intersects(box); }) &&
                   std::none_of(points.begin(), points.end(), [&](const QPointF &p) { return box.contains(p); });
        };
        const std::array places{right, left, above, below};
        const auto found = std::find_if(places.begin(), places.end(), isFree);
        if (found == places.end() && !wanted(index))
            continue;
        const QRectF box = found == places.end() ? right : *found;
        pen.text(box, name, colour(canvas.theme().annotation));
        taken.push_back(box);
    }
}

} // namespace consilium::viewer
