// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <functional>
#include <map>
#include <optional>
#include <string>

namespace consilium::evaluation {

/// A point of the sagittal plane, mm: x along the horizontal, to the front or to the back of the patient, y to the
/// head.
struct SagittalPoint
{
    double x = 0, y = 0;
};

using NamedPoints = std::map<std::string, SagittalPoint, std::less<>>;

/// Angles of the lumbar spine and pelvis of a person who stands, degrees; nothing where a point is missing. They do not
/// depend on which way the patient faces: the front is where the anterior ends of the endplates lie.
///
/// Definitions: Duval-Beaupere et al., Ann. Biomed. Eng. 20, 1992; Legaye et al., Eur. Spine J. 7, 1998. The middle of
/// the endplate of S1 is halfway between "S1 anterior" and "S1 posterior"; the hip axis is halfway between "femoral
/// head left" and "femoral head right", or the one there is.
struct SpinopelvicAngles
{
    /// Endplate of S1 against the horizontal; positive where its front is the lower end. -180 to 180.
    std::optional<double> sacralSlope;
    /// The line from the hip axis to the middle of the endplate of S1 against the vertical; positive where the endplate
    /// lies behind the hips. -180 to 180.
    std::optional<double> pelvicTilt;
    /// That line against the perpendicular of the endplate of S1; positive where the hips lie before the perpendicular.
    /// It is the tilt plus the slope. -180 to 180.
    std::optional<double> pelvicIncidence;
    /// Superior endplate of L1 ("L1 superior anterior", "L1 superior posterior") against that of S1; positive where
    /// they part to the front, as in lordosis. -180 to 180.
    std::optional<double> lumbarLordosis;
    /// 1 where x grows to the front of the patient, -1 where to the back, 0 where the points do not tell.
    int front = 0;
};

SpinopelvicAngles spinopelvicAngles(const NamedPoints &points);

} // namespace consilium::evaluation
