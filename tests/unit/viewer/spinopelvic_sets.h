// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "viewer/cases/review_case.h"

#include <memory>
#include <string>
#include <utility>
#include <vector>

namespace consilium::test {

/// Points of a sagittal plane, mm, x to the front and y to the head, with the angles worked out by hand from
/// Pythagorean triples; degrees.
struct WorkedSet
{
    const char *name;
    std::vector<std::pair<const char *, std::pair<double, double>>> points;
    double slope, tilt, incidence, lordosis;
};

inline const std::vector<WorkedSet> &workedSets()
{
    // atan 3/4 = 36.869897645844, atan 5/12 = 22.619864948040, atan 8/15 = 28.072486935853, atan 7/24 = 16.260204708312
    static const std::vector<WorkedSet> sets{
        // S1 falls 30 over 40, the hips lie 120 below and 50 before its middle, L1 rises 8 over 15.
        {"3-4-5 over 5-12-13",
         {{"S1 posterior", {-20, 115}},
          {"S1 anterior", {20, 85}},
          {"femoral head left", {48, -21}},
          {"femoral head right", {52, -19}},
          {"L1 superior posterior", {-15, 240}},
          {"L1 superior anterior", {15, 256}}},
         36.869897645844,
         22.619864948040,
         59.489762593884,
         64.942384581697},
        // S1 falls 10 over 24, the hips lie 100 below and 75 before it, L1 rises 7 over 24.
        {"5-12-13 over 3-4-5",
         {{"S1 posterior", {-12, 105}},
          {"S1 anterior", {12, 95}},
          {"femoral head left", {75, 6}},
          {"femoral head right", {75, -6}},
          {"L1 superior posterior", {-10, 250}},
          {"L1 superior anterior", {14, 257}}},
         22.619864948040,
         36.869897645844,
         59.489762593884,
         38.880069656352},
        // A pelvis tipped forwards: 45 degrees of slope, the hips as far behind as below; L1 level.
        {"tipped forwards",
         {{"S1 posterior", {-10, 110}},
          {"S1 anterior", {10, 90}},
          {"femoral head left", {-100, 0}},
          {"femoral head right", {-100, 0}},
          {"L1 superior posterior", {-20, 260}},
          {"L1 superior anterior", {10, 260}}},
         45,
         -45,
         0,
         45},
        // A level endplate right above the hips, and a kyphosis: L1 falls 15 over 36.
        {"level and kyphotic",
         {{"S1 posterior", {-20, 100}},
          {"S1 anterior", {20, 100}},
          {"femoral head left", {4, 0}},
          {"femoral head right", {-4, 0}},
          {"L1 superior posterior", {-6, 265}},
          {"L1 superior anterior", {30, 250}}},
         0,
         0,
         0,
         -22.619864948040},
        // Nearly parallel endplates, whose perpendiculars do not cross anywhere near: both fall, 5 over 12 and 30 over
        // 40 turned by 14.25 degrees.
        {"flat back",
         {{"S1 posterior", {-20, 115}},
          {"S1 anterior", {20, 85}},
          {"femoral head left", {50, -20}},
          {"femoral head right", {50, -20}},
          {"L1 superior posterior", {-12, 250}},
          {"L1 superior anterior", {12, 232}}},
         36.869897645844,
         22.619864948040,
         59.489762593884,
         0},
    };
    return sets;
}

/// How the plane lies in the coordinates of the image.
enum class Picture {
    Patient,    ///< a lateral radiograph that knows its patient: front -P, head +S
    FacesLeft,  ///< a photograph: right +L, down +P; the patient looks to its left edge
    FacesRight, ///< and to its right edge
};

inline imaging::Vec3 inPicture(Picture picture, double x, double y)
{
    switch (picture) {
    case Picture::Patient: return {0, -x, y};
    case Picture::FacesLeft: return {-x, -y, 0};
    case Picture::FacesRight: return {x, -y, 0};
    }
    return {};
}

inline imaging::LandmarkSet landmarksOf(const WorkedSet &set, Picture picture)
{
    imaging::LandmarkSet points;
    for (const auto &[name, at] : set.points)
        points.points.push_back(
            {name, inPicture(picture, at.first, at.second), imaging::Visibility::Visible, 1, false});
    return points;
}

/// An image of one slice, 400 x 400 pixels of 1 mm, that the worked sets lie in.
inline std::shared_ptr<const imaging::Volume> radiograph(Picture picture)
{
    imaging::Geometry grid;
    grid.size = {400, 400, 1};
    if (picture == Picture::Patient) {
        grid.direction = {imaging::Vec3{0, 0, -1}, imaging::Vec3{1, 0, 0}, imaging::Vec3{0, -1, 0}};
        grid.origin = {0, -200, 320};
    } else {
        grid.origin = {-200, -320, 0};
    }
    return std::make_shared<const imaging::Volume>(imaging::Volume{grid, std::vector<float>(160000)});
}

inline viewer::ReviewCase landmarkCase(const WorkedSet &set, Picture picture)
{
    viewer::ReviewCase opened;
    opened.id = opened.title = set.name;
    opened.channels.push_back({"X-ray", radiograph(picture), {}});
    opened.referenceLandmarks = viewer::NamedLandmarks{"reference", landmarksOf(set, picture), {}};
    return opened;
}

} // namespace consilium::test
