// SPDX-License-Identifier: GPL-3.0-or-later
#include "landmark_metrics.h"

#include "evaluation/landmarks.h"
#include "evaluation/spinopelvic_angles.h"
#include "imaging/picture_axes.h"

#include <algorithm>
#include <cmath>

namespace consilium::localisation {

using evaluation::SpinopelvicAngles;
using imaging::LandmarkSet;
using imaging::PictureAxes;
using imaging::Visibility;

namespace {

struct Angle
{
    const char *name;
    std::optional<double> SpinopelvicAngles::*value;
};

constexpr std::array s_angles{Angle{"sacralSlope", &SpinopelvicAngles::sacralSlope},
                              Angle{"pelvicTilt", &SpinopelvicAngles::pelvicTilt},
                              Angle{"pelvicIncidence", &SpinopelvicAngles::pelvicIncidence},
                              Angle{"lumbarLordosis", &SpinopelvicAngles::lumbarLordosis}};

SpinopelvicAngles anglesOf(const LandmarkSet &points, const PictureAxes &axes)
{
    evaluation::NamedPoints named;
    for (const auto &point : points.points) {
        if (point.visibility != Visibility::Absent) {
            const auto [x, y] = axes.flat(point.position);
            named[point.name] = {x, y};
        }
    }
    return evaluation::spinopelvicAngles(named);
}

double distance(const imaging::Vec3 &a, const imaging::Vec3 &b)
{
    return std::hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
}

} // namespace

std::vector<std::string> landmarkMetricNames(const std::vector<std::string> &landmarks)
{
    std::vector<std::string> names{"found", "error", "errorShare"};
    LandmarkSet apart; // anywhere, as long as the angles have their points
    for (const auto &name : landmarks) {
        const auto n = static_cast<double>(apart.points.size());
        apart.points.push_back({name, {0, n, n * n}, Visibility::Visible, 1, false});
    }
    const auto angles = anglesOf(apart, {});
    for (const auto &angle : s_angles) {
        if (angles.*angle.value)
            names.emplace_back(angle.name);
    }
    return names;
}

tasks::CaseMetrics landmarkMetrics(const std::string &caseId, const LandmarkSet &answer, const LandmarkSet &reference,
                                   std::optional<double> height)
{
    std::vector<std::optional<double>> distances;
    for (std::size_t n = 0; n < reference.points.size(); ++n) {
        if (reference.points[n].visibility == Visibility::Absent)
            continue;
        const auto &found = answer.points[n];
        distances.push_back(found.visibility == Visibility::Absent
                                ? std::nullopt
                                : std::optional(distance(found.position, reference.points[n].position)));
    }
    tasks::CaseMetrics metrics{caseId, {}};
    const auto add = [&metrics](const char *name, std::optional<double> value) {
        if (value)
            metrics.metrics.push_back({name, *value, 1});
    };
    const auto error = evaluation::meanError(distances);
    if (height)
        add("found", evaluation::shareFound(distances, *height));
    add("error", error);
    if (height && error)
        add("errorShare", *error / *height);
    const auto axes = imaging::pictureAxes(reference);
    const auto told = anglesOf(answer, axes), truth = anglesOf(reference, axes);
    for (const auto &[name, value] : s_angles) {
        if (told.*value && truth.*value)
            add(name, std::abs(std::remainder(*(told.*value) - *(truth.*value), 360)));
    }
    return metrics;
}

} // namespace consilium::localisation
