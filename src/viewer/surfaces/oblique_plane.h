// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "viewer/canvas/slice_renderer.h"
#include "viewer/surfaces/scene_camera.h"

#include <QImage>
#include <vector>

namespace consilium::viewer {

/// A plane through the patient at any angle, as shown on the screen.
struct ObliquePlane
{
    imaging::Vec3 centre{};       ///< LPS mm, in the middle of the picture
    imaging::Vec3 right{1, 0, 0}; ///< unit, to the right of the screen
    imaging::Vec3 down{0, 1, 0};  ///< unit, across `right`

    /// Away from the viewer: towards the head in an axial plane, the back in a coronal and the right in a sagittal one.
    imaging::Vec3 away() const { return cross(right, down); }
    imaging::Vec3 at(double rightMm, double downMm) const { return plus(plus(centre, rightMm, right), downMm, down); }

    /// Turned about its centre as if held by the near side: radians to the right and downward.
    ObliquePlane turnedBy(double rightward, double downward) const;
    /// Turned in itself, clockwise as seen: the picture turns, the plane stays.
    ObliquePlane spunBy(double clockwise) const;

    bool operator==(const ObliquePlane &) const = default;
};

/// Radiological convention, as SliceGeometry.
ObliquePlane obliquePlane(Plane plane, const imaging::Vec3 &centre);

/// For people: the angle between the plane and the nearest of axial, coronal and sagittal, in degrees from 0 to 55.
struct ObliqueTilt
{
    Plane from = Plane::Axial;
    double degrees = 0;
};
ObliqueTilt tiltOf(const ObliquePlane &plane);

/// Directions of the patient at the four edges of its picture.
EdgeLetters edgesOf(const ObliquePlane &plane);

/// A picture's pixels: `columns` x `rows` of them, `mmPerPixel` apart, the plane's centre in the middle.
struct ObliqueRaster
{
    int columns = 0, rows = 0;
    double mmPerPixel = 1;

    imaging::Vec3 toPatient(const ObliquePlane &plane, double column, double row) const
    {
        return plane.at((column - (columns - 1) / 2.0) * mmPerPixel, (row - (rows - 1) / 2.0) * mmPerPixel);
    }
};

/// Values on the plane, rows from the top, by trilinear interpolation; within the outer half voxel the value of the
/// rim. Not a number outside the volume.
std::vector<float> sampleOblique(const imaging::Volume &volume, const ObliquePlane &plane, const ObliqueRaster &raster);
/// Labels on the plane, nearest voxel; 0 outside.
LabelSlice sampleOblique(const imaging::LabelMap &labels, const ObliquePlane &plane, const ObliqueRaster &raster);

/// Greys on transparent ground, Format_ARGB32_Premultiplied. What is no number is transparent.
QImage greys(const std::vector<float> &values, const ObliqueRaster &raster, const Window &window);

} // namespace consilium::viewer
