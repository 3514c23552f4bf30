// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "imaging/geometry.h"

#include <filesystem>
#include <string>
#include <vector>

namespace consilium::imaging {

enum class Visibility { Visible, Occluded /* placed by judgement */, Absent /* outside the image: no position */ };

/// One named point.
struct Landmark
{
    std::string name; ///< "S1 anterior"
    Vec3 position{};  ///< LPS mm
    Visibility visibility = Visibility::Visible;
    double confidence = 1; ///< 0 to 1; 1 when a person placed it
    bool locked = false;
};

/// Points in a fixed order; names are unique.
struct LandmarkSet
{
    std::vector<Landmark> points;

    const Landmark *find(std::string_view name) const; ///< nullptr when there is none of that name
    /// The same points in the order of `names`; those that are missing come as Absent. Errors: Invalid (a point of
    /// another name).
    Result<LandmarkSet> ordered(const std::vector<std::string> &names) const;
};

/// Reads 3D Slicer Markups JSON (coordinateSystem LPS, which is the default, or RAS; the control points of all markups
/// in the file) or CSV (`label,x,y[,z]`, LPS; a header line is allowed, quotes as in RFC 4180, lines that begin with #
/// are left out) by the ending of the name. A control point without a position, and a CSV line whose coordinates are
/// empty, is Absent. Errors: NotFound; Malformed (names the line or the control point); Invalid (a name twice);
/// Unsupported (another ending, other units than mm).
Result<LandmarkSet> readLandmarks(const std::filesystem::path &file);

/// Writes Markups JSON (.mrk.json, .json) or CSV, atomically, in LPS. JSON keeps everything: what Slicer has no field
/// for (occluded, confidence) stands in fields of our own, which it passes over. CSV keeps names and positions. Errors:
/// Io; Unsupported (another ending); Invalid (a name twice or none, a position that is not finite).
Result<> writeLandmarks(const std::filesystem::path &file, const LandmarkSet &landmarks);

} // namespace consilium::imaging
