// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/canvas/slice_geometry.h"

#include <algorithm>
#include <cmath>

namespace consilium::viewer {

using imaging::Geometry;
using imaging::Index3;
using imaging::Vec3;

namespace {

constexpr int kLeft = 0, kPosterior = 1, kSuperior = 2;

// What the screen's right, down and next slice are in the patient.
struct ScreenDirection
{
    int component;
    double sign;
};
constexpr std::array<std::array<ScreenDirection, 3>, 3> kScreen{{
    {{{kLeft, 1}, {kPosterior, 1}, {kSuperior, 1}}},
    {{{kLeft, 1}, {kSuperior, -1}, {kPosterior, 1}}},
    {{{kPosterior, 1}, {kSuperior, -1}, {kLeft, 1}}},
}};

// The index axis for each patient axis, every one used once: the assignment with the largest sum of cosines, so that
// data turned by just 45 degrees still get three different planes.
std::array<int, 3> nearestAxes(const Geometry &geometry)
{
    std::array<int, 3> order{0, 1, 2}, best = order;
    double bestSum = -1;
    do {
        double sum = 0;
        for (int component = 0; component < 3; ++component)
            sum += std::abs(geometry.direction[component][order[component]]);
        if (sum > bestSum + 1e-9) {
            bestSum = sum;
            best = order;
        }
    } while (std::next_permutation(order.begin(), order.end()));
    return best;
}

} // namespace

std::string directionLetters(const Vec3 &direction)
{
    constexpr double kShare = 0.2588; // sine of 15 degrees
    constexpr const char *kNames[3][2] = {{"R", "L"}, {"A", "P"}, {"I", "S"}};
    const double length = std::hypot(direction[0], direction[1], direction[2]);
    std::array<int, 3> order{0, 1, 2};
    std::stable_sort(order.begin(), order.end(),
                     [&](int a, int b) { return std::abs(direction[a]) > std::abs(direction[b]); });
    std::string letters;
    for (int component : order)
        if (std::abs(direction[component]) > kShare * length)
            letters += kNames[component][direction[component] > 0];
    return letters;
}

SliceGeometry::SliceGeometry(const Geometry &geometry, Plane plane) : m_geometry(geometry), m_plane(plane)
{
    const auto axes = nearestAxes(geometry);
    const auto &screen = kScreen[static_cast<std::size_t>(plane)];
    for (int i = 0; i < 3; ++i) {
        m_axis[i] = axes[screen[i].component];
        m_flipped[i] = geometry.direction[screen[i].component][m_axis[i]] * screen[i].sign < 0;
    }
}

Vec3 SliceGeometry::toPatient(const SlicePoint &point) const
{
    const double screen[3] = {point.column, point.row, point.slice};
    Vec3 index{};
    for (int i = 0; i < 3; ++i)
        index[m_axis[i]] = m_flipped[i] ? m_geometry.size[m_axis[i]] - 1 - screen[i] : screen[i];
    return m_geometry.toPatient(index);
}

SlicePoint SliceGeometry::fromPatient(const Vec3 &patient) const
{
    const Vec3 index = m_geometry.toIndex(patient);
    double screen[3];
    for (int i = 0; i < 3; ++i)
        screen[i] = m_flipped[i] ? m_geometry.size[m_axis[i]] - 1 - index[m_axis[i]] : index[m_axis[i]];
    return {screen[0], screen[1], screen[2]};
}

int SliceGeometry::nearestSlice(const Vec3 &patient) const
{
    const double slice = std::clamp(fromPatient(patient).slice, 0.0, std::max(0.0, slices() - 1.0));
    return static_cast<int>(std::lround(slice));
}

Vec3 SliceGeometry::movedToSlice(const Vec3 &patient, int slice) const
{
    SlicePoint point = fromPatient(patient);
    point.slice = slice;
    return toPatient(point);
}

Index3 SliceGeometry::voxel(int column, int row, int slice) const
{
    const int screen[3] = {column, row, slice};
    Index3 index{};
    for (int i = 0; i < 3; ++i)
        index[m_axis[i]] = m_flipped[i] ? m_geometry.size[m_axis[i]] - 1 - screen[i] : screen[i];
    return index;
}

std::int64_t SliceGeometry::firstOffset(int slice) const
{
    const Index3 index = voxel(0, 0, slice);
    return m_geometry.offset(index[0], index[1], index[2]);
}

std::int64_t SliceGeometry::step(int screenAxis) const
{
    const std::int64_t steps[3] = {1, m_geometry.size[0], std::int64_t{m_geometry.size[0]} * m_geometry.size[1]};
    const std::int64_t step = steps[m_axis[screenAxis]];
    return m_flipped[screenAxis] ? -step : step;
}

EdgeLetters SliceGeometry::edges() const
{
    const auto towards = [&](int screenAxis, double sign) {
        Vec3 direction{};
        for (int component = 0; component < 3; ++component)
            direction[component] =
                m_geometry.direction[component][m_axis[screenAxis]] * (m_flipped[screenAxis] ? -sign : sign);
        return directionLetters(direction);
    };
    return {towards(0, -1), towards(0, 1), towards(1, -1), towards(1, 1)};
}

} // namespace consilium::viewer
