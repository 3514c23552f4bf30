// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/json.h"
#include "imaging/volume.h"
#include "viewer/canvas/slice_geometry.h"

#include <optional>
#include <string>
#include <vector>

namespace consilium::viewer {

enum class MeasurementKind { Distance, Angle, Cobb, Ellipse, Polygon };

/// Something measured on one slice, in patient LPS mm. What `points` are, all of them in the plane of the slice:
///  - Distance: the two ends;
///  - Angle: the end of one arm, the vertex, the end of the other arm;
///  - Cobb: from and to of one line, from and to of the other;
///  - Ellipse: the centre and the ends of two semi-axes that stand upright on each other;
///  - Polygon: three or more corners in order; its sides do not cross.
struct Measurement
{
    int id = 0; ///< tells it from the others of a list while the program runs
    std::string name;
    MeasurementKind kind = MeasurementKind::Distance;
    std::vector<imaging::Vec3> points;
    imaging::Vec3 normal{0, 0, 1}; ///< unit vector across the slice

    bool operator==(const Measurement &) const = default;
};

/// A slice as a plane of the patient; vectors are of length 1.
struct SlicePlane
{
    imaging::Vec3 origin{}, right{1, 0, 0}, down{0, 1, 0}, normal{0, 0, 1};
    double thickness = 1; ///< mm between slices
};
SlicePlane slicePlane(const SliceGeometry &geometry, int slice);

/// Whether the measurement lies within half a slice of this one, and runs along it.
bool liesOn(const Measurement &measurement, const SlicePlane &plane);

/// How many points a finished measurement of this kind has; a polygon has three or more.
int pointsOf(MeasurementKind kind);

/// What its geometry alone says. Angles are in degrees: of an Angle from 0 to 180, of Cobb lines from 0 to 90, since
/// lines have no direction. Lengths in mm, areas in mm^2. The perimeter of an ellipse is 4 a E(e), E the complete
/// elliptic integral of the second kind. Nothing where arms or lines have no length.
struct Extent
{
    std::optional<double> length, angle, area, perimeter;
};
Extent extentOf(const Measurement &measurement);

/// The values of the voxels of a slice whose centres lie inside an ellipse or a polygon. Of a polygon the left and
/// upper sides belong to it, the right and lower do not; an ellipse has its whole border. Voxels that hold no finite
/// number are passed over. `deviation` is that of a sample (n - 1); 0 for a single voxel.
struct RegionStatistics
{
    std::int64_t voxels = 0;
    double mean = 0, deviation = 0, minimum = 0, maximum = 0;
};
/// Nothing when no voxel centre lies inside, or the measurement has no inside. Takes time in proportion to the voxels
/// inside.
std::optional<RegionStatistics> regionStatistics(const imaging::Volume &volume, const SliceGeometry &geometry,
                                                 int slice, const Measurement &measurement);

/// An ellipse that fills the box between two corners, its sides along the screen.
Measurement ellipseBetween(const SlicePlane &plane, const imaging::Vec3 &corner, const imaging::Vec3 &opposite);

/// Where it can be taken hold of: its points; of an ellipse the four ends of its axes.
std::vector<imaging::Vec3> handlesOf(const Measurement &measurement);
/// An end of an ellipse's axis turns and stretches the axis; the other keeps its length and stays upright on it.
void moveHandle(Measurement &measurement, std::size_t handle, const imaging::Vec3 &to);
void moveBy(Measurement &measurement, const imaging::Vec3 &offset);

/// The lines it is drawn with; that of an ellipse or polygon returns to its first point.
std::vector<std::vector<imaging::Vec3>> linesOf(const Measurement &measurement);

/// {"kind", "name", "points", "normal"} and, to be read by other programs, what extentOf says; coordinates LPS mm.
Json toJson(const Measurement &measurement);
/// Errors: Malformed (an unknown kind, points that are missing or not three finite numbers).
Result<Measurement> measurementFromJson(const Json &json);

} // namespace consilium::viewer
