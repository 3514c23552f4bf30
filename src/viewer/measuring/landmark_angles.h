// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "evaluation/spinopelvic_angles.h"
#include "imaging/picture_axes.h"

#include <array>
#include <optional>
#include <vector>

namespace consilium::viewer {

/// The angles of the points in a picture.
evaluation::SpinopelvicAngles anglesOf(const imaging::LandmarkSet &points, const imaging::PictureAxes &axes);

/// Which patient axes lie across and along an image of one slice; nothing for a stack of several, of which nobody knows
/// in which plane the points are read.
std::optional<imaging::PictureAxes> pictureAxes(const imaging::Geometry &image);

/// mm between a point of one set and that of the same name in the other; nothing where one of them has none.
std::optional<double> pointError(const imaging::LandmarkSet &answer, const imaging::LandmarkSet &reference,
                                 std::string_view name);

enum class SpinopelvicAngle { SacralSlope, PelvicTilt, PelvicIncidence, LumbarLordosis };
inline constexpr std::array kSpinopelvicAngles{SpinopelvicAngle::SacralSlope, SpinopelvicAngle::PelvicTilt,
                                               SpinopelvicAngle::PelvicIncidence, SpinopelvicAngle::LumbarLordosis};
/// "SS", "PT", "PI", "LL": as they are called in every language.
const char *shortName(SpinopelvicAngle angle);
std::optional<double> valueOf(const evaluation::SpinopelvicAngles &angles, SpinopelvicAngle angle);

/// A line of the drawing, in the picture's plane, mm (see imaging::PictureAxes::flat).
struct FigureLine
{
    enum class Kind {
        Anatomy, ///< along an endplate, or from the hips to S1
        Guide    ///< horizontal, vertical, perpendicular: what is measured against
    };
    evaluation::SagittalPoint from, to;
    Kind kind = Kind::Anatomy;
};

/// An arc between the two lines of an angle; its sweep is the angle. Radians, counter-clockwise from +x with y to the
/// head.
struct FigureArc
{
    SpinopelvicAngle angle{};
    double degrees = 0; ///< the value to write at it
    evaluation::SagittalPoint centre;
    double radius = 0, start = 0, sweep = 0;

    evaluation::SagittalPoint at(double share,
                                 double stretch = 1) const; ///< along it, 0 to 1; stretched from the centre
};

/// The angles as they are drawn on a lateral radiograph: the endplate of S1 with a horizontal for the slope; from the
/// hip axis a line to the middle of that endplate and a vertical for the tilt; in the middle the endplate's
/// perpendicular for the incidence; for the lordosis the perpendiculars of the endplates of L1 and S1 where they cross
/// (Cobb), before the spine or, in a kyphosis, behind it, or a parallel to S1's endplate at L1 where they do not cross
/// nearby. What the points do not allow is not there.
struct SpinopelvicFigure
{
    std::vector<FigureLine> lines;
    std::vector<FigureArc> arcs;
    std::vector<evaluation::SagittalPoint> marks; ///< hip axis and middle of the endplate of S1, which are no landmarks
    double depth = 0;                             ///< of S1 along the beam, mm
};
SpinopelvicFigure spinopelvicFigure(const imaging::LandmarkSet &points, const imaging::PictureAxes &axes);

} // namespace consilium::viewer
