// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/surfaces/scene_camera.h"

#include <algorithm>
#include <cmath>

namespace consilium::viewer {

using imaging::Vec3;

double dot(const Vec3 &a, const Vec3 &b)
{
    return a[0] * b[0] + a[1] * b[1] + a[2] * b[2];
}

Vec3 cross(const Vec3 &a, const Vec3 &b)
{
    return {a[1] * b[2] - a[2] * b[1], a[2] * b[0] - a[0] * b[2], a[0] * b[1] - a[1] * b[0]};
}

Vec3 plus(const Vec3 &a, double factor, const Vec3 &b)
{
    return {a[0] + factor * b[0], a[1] + factor * b[1], a[2] + factor * b[2]};
}

Vec3 unit(const Vec3 &a)
{
    const double length = std::sqrt(dot(a, a));
    return {a[0] / length, a[1] / length, a[2] / length};
}

Vec3 turned(const Vec3 &v, const Vec3 &axis, double radians)
{
    const double c = std::cos(radians), s = std::sin(radians);
    const Vec3 scaled{c * v[0], c * v[1], c * v[2]};
    return plus(plus(scaled, s, cross(axis, v)), (1 - c) * dot(axis, v), axis);
}

SceneCamera SceneCamera::turnedBy(double rightward, double downward) const
{
    SceneCamera camera = *this;
    const Vec3 across = right();
    camera.ahead = turned(turned(ahead, up, -rightward), across, -downward);
    const Vec3 tilted = turned(up, across, -downward);
    // Rounding adds up over a thousand small turns.
    camera.ahead = unit(camera.ahead);
    camera.up = unit(plus(tilted, -dot(tilted, camera.ahead), camera.ahead));
    return camera;
}

SceneCamera SceneCamera::movedBy(const QPointF &pixels, const QSizeF &picture) const
{
    SceneCamera camera = *this;
    const double mm = mmPerPixel(picture);
    camera.focus = plus(plus(focus, -pixels.x() * mm, right()), pixels.y() * mm, up);
    return camera;
}

SceneCamera SceneCamera::zoomedBy(double factor) const
{
    SceneCamera camera = *this;
    camera.halfHeight = std::clamp(halfHeight / factor, 1.0, 2000.0);
    return camera;
}

QPointF SceneCamera::toPixel(const Vec3 &patient, const QSizeF &picture) const
{
    const Vec3 from = plus(patient, -1, focus);
    const double mm = mmPerPixel(picture);
    return {picture.width() / 2 + dot(from, right()) / mm, picture.height() / 2 - dot(from, up) / mm};
}

Ray SceneCamera::rayAt(const QPointF &pixel, const QSizeF &picture) const
{
    const double mm = mmPerPixel(picture);
    const Vec3 seen =
        plus(plus(focus, (pixel.x() - picture.width() / 2) * mm, right()), (picture.height() / 2 - pixel.y()) * mm, up);
    return {plus(seen, -1000, ahead), ahead};
}

SceneCamera cameraFrom(ViewFrom side, const PatientBox &box, const QSizeF &picture)
{
    SceneCamera camera; // from the front, head up
    if (side == ViewFrom::Left) {
        camera.ahead = {-1, 0, 0};
    } else if (side == ViewFrom::Top) {
        camera.ahead = {0, 0, -1};
        camera.up = {0, -1, 0};
    }
    double squares = 0;
    for (int axis = 0; axis < 3; ++axis) {
        camera.focus[axis] = (box.low[axis] + box.high[axis]) / 2;
        squares += std::pow(box.high[axis] - box.low[axis], 2);
    }
    const double radius = std::max(std::sqrt(squares) / 2, 1.0);
    const double narrow = std::min(1.0, picture.width() / std::max(picture.height(), 1.0));
    // A head fills little of the corners of its box.
    camera.halfHeight = 0.72 * radius / std::max(narrow, 0.1);
    return camera;
}

double scaleLength(double mmPerPixel, double pixels)
{
    const double longest = mmPerPixel * pixels;
    const double power = std::pow(10.0, std::floor(std::log10(std::max(longest, 1e-6))));
    for (double step : {5.0, 2.0})
        if (step * power <= longest * (1 + 1e-9))
            return step * power;
    return power;
}

} // namespace consilium::viewer
