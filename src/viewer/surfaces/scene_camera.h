// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "imaging/geometry.h"
#include "viewer/cases/patient_box.h"

#include <QPointF>
#include <QSizeF>

namespace consilium::viewer {

double dot(const imaging::Vec3 &a, const imaging::Vec3 &b);
imaging::Vec3 cross(const imaging::Vec3 &a, const imaging::Vec3 &b);
imaging::Vec3 plus(const imaging::Vec3 &a, double factor, const imaging::Vec3 &b); ///< a + factor * b
imaging::Vec3 unit(const imaging::Vec3 &a);                                        ///< length above zero
/// Turned about a unit `axis` by the right-hand rule (Rodrigues' formula).
imaging::Vec3 turned(const imaging::Vec3 &v, const imaging::Vec3 &axis, double radians);

/// A half line, LPS mm; `direction` has length 1.
struct Ray
{
    imaging::Vec3 origin{}, direction{0, 1, 0};
};

/// From where a scene is looked at, with parallel rays: a millimetre is as long wherever it lies, so that a scale bar
/// and a projection mean what they show.
struct SceneCamera
{
    imaging::Vec3 focus{};        ///< LPS mm, in the middle of the picture
    imaging::Vec3 ahead{0, 1, 0}; ///< unit, away from the viewer
    imaging::Vec3 up{0, 0, 1};    ///< unit, across `ahead`
    double halfHeight = 100;      ///< mm from the middle of the picture to its upper edge

    imaging::Vec3 right() const { return cross(ahead, up); }
    double mmPerPixel(const QSizeF &picture) const { return 2 * halfHeight / std::max(picture.height(), 1.0); }

    /// Turns what is seen as if held by its near side: radians to the right and downward.
    SceneCamera turnedBy(double rightward, double downward) const;
    SceneCamera movedBy(const QPointF &pixels, const QSizeF &picture) const;
    /// Above 1 is nearer.
    SceneCamera zoomedBy(double factor) const;

    QPointF toPixel(const imaging::Vec3 &patient, const QSizeF &picture) const;
    /// Starts well before anything that lies within a metre of the focus.
    Ray rayAt(const QPointF &pixel, const QSizeF &picture) const;

    bool operator==(const SceneCamera &) const = default;
};

enum class ViewFrom { Front, Left, Top };

/// Looks at a box so that all of it is in a picture of this shape, however it is then turned about its middle.
SceneCamera cameraFrom(ViewFrom side, const PatientBox &box, const QSizeF &picture);

/// The longest of 1, 2, 5, 10, ... mm that takes no more than `pixels` of the picture.
double scaleLength(double mmPerPixel, double pixels);

} // namespace consilium::viewer
