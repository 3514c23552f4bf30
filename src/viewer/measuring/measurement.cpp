// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/measuring/measurement.h"

#include "viewer/measuring/patient_vectors.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <numbers>

namespace consilium::viewer {

using imaging::Vec3;
using namespace vectors;

namespace {

constexpr std::array<const char *, 5> s_kinds{"distance", "angle", "cobb", "ellipse", "polygon"};
constexpr int kEllipseSides = 96;

// atan2 keeps its digits where acos loses them, near 0 and 180 degrees.
std::optional<double> angleBetween(const Vec3 &a, const Vec3 &b)
{
    if (norm(a) <= 0 || norm(b) <= 0)
        return std::nullopt;
    return std::atan2(norm(cross(a, b)), dot(a, b)) * 180 / std::numbers::pi;
}

Extent polygonExtent(const Measurement &measurement)
{
    const auto &points = measurement.points;
    Vec3 doubled{};
    double perimeter = 0;
    for (std::size_t n = 0; n < points.size(); ++n) {
        const Vec3 &here = points[n], &next = points[(n + 1) % points.size()];
        // From the first corner rather than the patient's origin, whose distance would cost digits.
        doubled = doubled + cross(here - points.front(), next - points.front());
        perimeter += norm(next - here);
    }
    return {{}, {}, std::abs(dot(doubled, measurement.normal)) / 2, perimeter};
}

} // namespace

SlicePlane slicePlane(const SliceGeometry &geometry, int slice)
{
    SlicePlane plane;
    const auto place = static_cast<double>(slice);
    plane.origin = geometry.toPatient({0, 0, place});
    plane.right = unit(geometry.toPatient({1, 0, place}) - plane.origin);
    plane.down = unit(geometry.toPatient({0, 1, place}) - plane.origin);
    plane.normal = unit(cross(plane.right, plane.down));
    plane.thickness = std::abs(dot(geometry.toPatient({0, 0, place + 1}) - plane.origin, plane.normal));
    return plane;
}

bool liesOn(const Measurement &measurement, const SlicePlane &plane)
{
    constexpr double kAlong = 0.99985; // cosine of 1 degree
    if (measurement.points.empty() || std::abs(dot(measurement.normal, plane.normal)) < kAlong)
        return false;
    const double half = plane.thickness / 2 * (1 + 1e-6);
    return std::abs(dot(measurement.points.front() - plane.origin, plane.normal)) <= half;
}

int pointsOf(MeasurementKind kind)
{
    constexpr std::array points{2, 3, 4, 3, 3};
    return points[static_cast<std::size_t>(kind)];
}

Extent extentOf(const Measurement &measurement)
{
    const auto &p = measurement.points;
    if (static_cast<int>(p.size()) < pointsOf(measurement.kind))
        return {};
    switch (measurement.kind) {
    case MeasurementKind::Distance: return {norm(p[1] - p[0]), {}, {}, {}};
    case MeasurementKind::Angle: return {{}, angleBetween(p[0] - p[1], p[2] - p[1]), {}, {}};
    case MeasurementKind::Cobb: {
        const auto angle = angleBetween(p[1] - p[0], p[3] - p[2]);
        return {{}, angle ? std::optional(std::min(*angle, 180 - *angle)) : std::nullopt, {}, {}};
    }
    case MeasurementKind::Ellipse: {
        const auto [minor, major] = std::minmax({norm(p[1] - p[0]), norm(p[2] - p[0])});
        const double eccentricity = major > 0 ? std::sqrt(std::max(0.0, 1 - minor * minor / (major * major))) : 0;
        return {{}, {}, std::numbers::pi * major * minor, 4 * major * std::comp_ellint_2(eccentricity)};
    }
    case MeasurementKind::Polygon: return polygonExtent(measurement);
    }
    return {};
}

Measurement ellipseBetween(const SlicePlane &plane, const Vec3 &corner, const Vec3 &opposite)
{
    Measurement ellipse{0, {}, MeasurementKind::Ellipse, {}, plane.normal};
    const Vec3 centre = 0.5 * (corner + opposite), half = 0.5 * (opposite - corner);
    ellipse.points = {centre, centre + std::abs(dot(half, plane.right)) * plane.right,
                      centre + std::abs(dot(half, plane.down)) * plane.down};
    return ellipse;
}

std::vector<Vec3> handlesOf(const Measurement &measurement)
{
    const auto &p = measurement.points;
    if (measurement.kind != MeasurementKind::Ellipse || p.size() < 3)
        return p;
    return {p[1], p[2], 2 * p[0] - p[1], 2 * p[0] - p[2]};
}

void moveHandle(Measurement &measurement, std::size_t handle, const Vec3 &to)
{
    auto &p = measurement.points;
    if (measurement.kind != MeasurementKind::Ellipse) {
        p[handle] = to;
        return;
    }
    const Vec3 axis = handle < 2 ? to - p[0] : p[0] - to;
    if (norm(axis) <= 0)
        return; // no axis has no direction to stand upright on
    const std::size_t moved = 1 + handle % 2, other = 3 - moved;
    const double length = norm(p[other] - p[0]);
    const Vec3 upright = unit(cross(measurement.normal, axis));
    const double side = dot(p[other] - p[0], upright) < 0 ? -1 : 1;
    p[moved] = p[0] + axis;
    p[other] = p[0] + (side * length) * upright;
}

void moveBy(Measurement &measurement, const Vec3 &offset)
{
    for (Vec3 &point : measurement.points)
        point = point + offset;
}

std::vector<std::vector<Vec3>> linesOf(const Measurement &measurement)
{
    const auto &p = measurement.points;
    std::vector<Vec3> line;
    switch (measurement.kind) {
    case MeasurementKind::Cobb: {
        std::vector<std::vector<Vec3>> lines;
        for (std::size_t n = 0; n + 1 < p.size(); n += 2)
            lines.push_back({p[n], p[n + 1]});
        return lines;
    }
    case MeasurementKind::Ellipse:
        if (p.size() < 3)
            return {};
        for (int n = 0; n <= kEllipseSides; ++n) {
            const double turn = 2 * std::numbers::pi * n / kEllipseSides;
            line.push_back(p[0] + std::cos(turn) * (p[1] - p[0]) + std::sin(turn) * (p[2] - p[0]));
        }
        return {line};
    case MeasurementKind::Polygon:
        line = p;
        if (!p.empty())
            line.push_back(p.front());
        return {line};
    case MeasurementKind::Distance:
    case MeasurementKind::Angle: break;
    }
    return {p};
}

Json toJson(const Measurement &measurement)
{
    Json json{{"kind", s_kinds[static_cast<std::size_t>(measurement.kind)]},
              {"name", measurement.name},
              {"points", measurement.points},
              {"normal", measurement.normal}};
    const Extent extent = extentOf(measurement);
    const auto tell = [&json](const char *name, const std::optional<double> &value) {
        if (value)
            json[name] = *value;
    };
    tell("length", extent.length);
    tell("angle", extent.angle);
    tell("area", extent.area);
    tell("perimeter", extent.perimeter);
    return json;
}

Result<Measurement> measurementFromJson(const Json &json)
{
    try {
        Measurement measurement;
        const auto kind = std::find(s_kinds.begin(), s_kinds.end(), json.at("kind").get<std::string>());
        if (kind == s_kinds.end())
            return fail(ErrorCode::Malformed, "{} is no kind of measurement", json.at("kind").dump());
        measurement.kind = static_cast<MeasurementKind>(kind - s_kinds.begin());
        measurement.name = json.at("name");
        measurement.points = json.at("points").get<std::vector<Vec3>>();
        measurement.normal = unit(json.at("normal").get<Vec3>());
        const int wanted = pointsOf(measurement.kind), there = static_cast<int>(measurement.points.size());
        if (measurement.kind == MeasurementKind::Polygon ? there < wanted : there != wanted)
            return fail(ErrorCode::Malformed, "\"{}\" has {} points", measurement.name, there);
        if (!(std::abs(norm(measurement.normal) - 1) < 1e-6))
            return fail(ErrorCode::Malformed, "\"{}\" lies in no plane", measurement.name);
        return measurement;
    } catch (const Json::exception &problem) {
        return fail(ErrorCode::Malformed, "A measurement cannot be read: {}", problem.what());
    }
}

} // namespace consilium::viewer
