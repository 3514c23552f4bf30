// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/measuring/landmark_angles.h"

#include "viewer/measuring/patient_vectors.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace consilium::viewer {

using evaluation::SagittalPoint;
using evaluation::SpinopelvicAngles;
using imaging::LandmarkSet;
using imaging::PictureAxes;
using imaging::Visibility;

namespace {

constexpr double kRadians = std::numbers::pi / 180;

SagittalPoint along(const SagittalPoint &from, double angle, double length)
{
    return {from.x + length * std::cos(angle), from.y + length * std::sin(angle)};
}

SagittalPoint between(const SagittalPoint &a, const SagittalPoint &b)
{
    return {(a.x + b.x) / 2, (a.y + b.y) / 2};
}

double lengthOf(const SagittalPoint &a, const SagittalPoint &b)
{
    return std::hypot(b.x - a.x, b.y - a.y);
}

double angleOf(const SagittalPoint &from, const SagittalPoint &to)
{
    return std::atan2(to.y - from.y, to.x - from.x);
}

// Draws as if the patient looked to the right, +x; the finished figure is turned over where he looks to the left.
class Draughtsman
{
public:
    Draughtsman(const LandmarkSet &points, const PictureAxes &axes)
        : m_points(points), m_axes(axes), m_angles(anglesOf(points, axes))
    {
    }

    SpinopelvicFigure draw()
    {
        const auto anterior = point("S1 anterior"), posterior = point("S1 posterior");
        if (m_angles.front == 0 || !anterior || !posterior || lengthOf(*posterior, *anterior) <= 0)
            return {};
        m_anterior = *anterior;
        m_posterior = *posterior;
        m_plate = lengthOf(m_posterior, m_anterior);
        m_heading = -*m_angles.sacralSlope * kRadians;
        m_figure.depth = m_points.find("S1 anterior")->position[m_axes.beam()];
        slope();
        tiltAndIncidence();
        lordosis();
        turnOver();
        return std::move(m_figure);
    }

private:
    std::optional<SagittalPoint> point(std::string_view name) const
    {
        const auto *found = m_points.find(name);
        if (!found || found->visibility == Visibility::Absent)
            return std::nullopt;
        const auto [x, y] = m_axes.flat(found->position);
        return SagittalPoint{m_angles.front * x, y};
    }

    void line(const SagittalPoint &from, const SagittalPoint &to, FigureLine::Kind kind)
    {
        m_figure.lines.push_back({from, to, kind});
    }

    void arc(SpinopelvicAngle angle, const SagittalPoint &centre, double radius, double start, double sweep)
    {
        m_figure.arcs.push_back({angle, *valueOf(m_angles, angle), centre, radius, start, sweep});
    }

    void slope()
    {
        line(along(m_posterior, m_heading, -0.3 * m_plate), along(m_posterior, m_heading, 2.1 * m_plate),
             FigureLine::Kind::Anatomy);
        line(along(m_posterior, 0, -0.15 * m_plate), along(m_posterior, 0, 2.1 * m_plate), FigureLine::Kind::Guide);
        arc(SpinopelvicAngle::SacralSlope, m_posterior, 1.75 * m_plate, m_heading, -m_heading);
    }

    void tiltAndIncidence()
    {
        if (!m_angles.pelvicTilt)
            return;
        const auto left = point("femoral head left"), right = point("femoral head right");
        const SagittalPoint hips = left && right ? between(*left, *right) : left ? *left : *right;
        const SagittalPoint middle = between(m_anterior, m_posterior);
        const double length = lengthOf(hips, middle);
        if (length <= 0)
            return;
        const double tilt = *m_angles.pelvicTilt * kRadians, up = std::numbers::pi / 2;
        if (left && right)
            line(*left, *right, FigureLine::Kind::Anatomy);
        line(hips, middle, FigureLine::Kind::Anatomy);
        line(along(hips, up, -0.1 * length), along(hips, up, 0.72 * length), FigureLine::Kind::Guide);
        arc(SpinopelvicAngle::PelvicTilt, hips, 0.52 * length, up, tilt);
        const double perpendicular = m_heading - up;
        line(middle, along(middle, perpendicular, 0.85 * length), FigureLine::Kind::Guide);
        arc(SpinopelvicAngle::PelvicIncidence, middle, 0.42 * length, perpendicular,
            *m_angles.pelvicIncidence * kRadians);
        m_figure.marks = {hips, middle};
    }

    void lordosis()
    {
        if (!m_angles.lumbarLordosis)
            return;
        const double value = *m_angles.lumbarLordosis * kRadians;
        const SagittalPoint anterior = *point("L1 superior anterior"), posterior = *point("L1 superior posterior");
        const double plate = lengthOf(posterior, anterior), heading = angleOf(posterior, anterior);
        if (plate <= 0)
            return;
        // The perpendiculars of a lordosis cross in front of the spine, those of a kyphosis behind it.
        const double side = value < 0 ? -1 : 1, reach = 0.9;
        const SagittalPoint foot =
            value < 0 ? along(posterior, heading, -reach * plate) : along(anterior, heading, reach * plate);
        const SagittalPoint sacralFoot =
            value < 0 ? along(m_posterior, m_heading, -reach * m_plate) : along(m_anterior, m_heading, reach * m_plate);
        const double down = heading - std::numbers::pi / 2, up = m_heading + std::numbers::pi / 2;
        const double apart = lengthOf(foot, sacralFoot), sine = std::sin(up - down);
        const SagittalPoint way{sacralFoot.x - foot.x, sacralFoot.y - foot.y};
        const double toCrossing = (way.x * std::sin(up) - way.y * std::cos(up)) / sine;
        const double fromSacrum = (way.x * std::sin(down) - way.y * std::cos(down)) / sine;
        const bool nearby =
            std::abs(sine) > 0.1 && toCrossing > 0 && fromSacrum > 0 && std::max(toCrossing, fromSacrum) < 1.2 * apart;
        line(along(posterior, heading, side > 0 ? -0.3 * plate : 1.3 * plate),
             nearby ? foot : along(posterior, heading, 2.1 * plate), FigureLine::Kind::Anatomy);
        if (!nearby) {
            line(posterior, along(posterior, m_heading, 2.1 * plate), FigureLine::Kind::Guide);
            arc(SpinopelvicAngle::LumbarLordosis, posterior, 1.75 * plate, m_heading, value);
            return;
        }
        if (side < 0)
            line(m_posterior, sacralFoot, FigureLine::Kind::Anatomy);
        const SagittalPoint crossing = along(foot, down, toCrossing);
        const double radius = 0.45 * std::min(fromSacrum, apart);
        line(foot, along(crossing, down, 1.25 * radius), FigureLine::Kind::Guide);
        line(sacralFoot, along(crossing, up, 0.15 * apart), FigureLine::Kind::Guide);
        arc(SpinopelvicAngle::LumbarLordosis, crossing, radius, m_heading - std::numbers::pi / 2, value);
    }

    void turnOver()
    {
        if (m_angles.front > 0)
            return;
        const auto over = [](SagittalPoint &p) { p.x = -p.x; };
        for (FigureLine &drawn : m_figure.lines) {
            over(drawn.from);
            over(drawn.to);
        }
        for (FigureArc &drawn : m_figure.arcs) {
            over(drawn.centre);
            drawn.start = std::numbers::pi - drawn.start;
            drawn.sweep = -drawn.sweep;
        }
        std::for_each(m_figure.marks.begin(), m_figure.marks.end(), over);
    }

    const LandmarkSet &m_points;
    const PictureAxes &m_axes;
    SpinopelvicAngles m_angles;
    SpinopelvicFigure m_figure;
    SagittalPoint m_anterior, m_posterior; // of S1
    double m_plate = 0, m_heading = 0;     // its length, mm, and direction to the front, radians
};

} // namespace

SpinopelvicAngles anglesOf(const LandmarkSet &points, const PictureAxes &axes)
{
    evaluation::NamedPoints named;
    for (const auto &point : points.points) {
        if (point.visibility == Visibility::Absent)
            continue;
        const auto [x, y] = axes.flat(point.position);
        named[point.name] = {x, y};
    }
    return evaluation::spinopelvicAngles(named);
}

std::optional<PictureAxes> pictureAxes(const imaging::Geometry &image)
{
    const auto single = std::find(image.size.begin(), image.size.end(), 1);
    if (single == image.size.end() || std::count(image.size.begin(), image.size.end(), 1) > 1)
        return std::nullopt;
    switch (image.closestAxes().axis[static_cast<std::size_t>(single - image.size.begin())]) {
    case 0: return PictureAxes{1, 2, 1};
    case 1: return PictureAxes{0, 2, 1};
    default: return PictureAxes{0, 1, -1};
    }
}

std::optional<double> pointError(const LandmarkSet &answer, const LandmarkSet &reference, std::string_view name)
{
    const auto *told = answer.find(name), *truth = reference.find(name);
    if (!told || !truth || told->visibility == Visibility::Absent || truth->visibility == Visibility::Absent)
        return std::nullopt;
    using vectors::operator-;
    return vectors::norm(told->position - truth->position);
}

const char *shortName(SpinopelvicAngle angle)
{
    constexpr std::array names{"SS", "PT", "PI", "LL"};
    return names[static_cast<std::size_t>(angle)];
}

std::optional<double> valueOf(const SpinopelvicAngles &angles, SpinopelvicAngle angle)
{
    switch (angle) {
    case SpinopelvicAngle::SacralSlope: return angles.sacralSlope;
    case SpinopelvicAngle::PelvicTilt: return angles.pelvicTilt;
    case SpinopelvicAngle::PelvicIncidence: return angles.pelvicIncidence;
    case SpinopelvicAngle::LumbarLordosis: return angles.lumbarLordosis;
    }
    return std::nullopt;
}

SagittalPoint FigureArc::at(double share, double stretch) const
{
    return along(centre, start + share * sweep, stretch * radius);
}

SpinopelvicFigure spinopelvicFigure(const LandmarkSet &points, const PictureAxes &axes)
{
    return Draughtsman(points, axes).draw();
}

} // namespace consilium::viewer
