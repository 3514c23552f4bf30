// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/dicom/grid_alignment.h"

#include <algorithm>
#include <cmath>

namespace consilium::imaging::dicom {
namespace {

/// What the file formats round away is far less; what people could see is more.
constexpr double tolerance = 0.1; // of a voxel

Vec3 difference(const Vec3 &a, const Vec3 &b)
{
    return {a[0] - b[0], a[1] - b[1], a[2] - b[2]};
}

/// The axis of `to` along which a step of `from` mostly goes, one that is not `taken`.
std::size_t mainAxis(const Vec3 &step, const std::array<bool, 3> &taken)
{
    std::size_t best = 3;
    for (std::size_t axis = 0; axis < 3; ++axis) {
        if (!taken[axis] && (best == 3 || std::abs(step[axis]) > std::abs(step[best])))
            best = axis;
    }
    return best;
}

} // namespace

Result<GridAlignment> align(const Geometry &from, const Geometry &to)
{
    GridAlignment alignment;
    const auto first = to.toIndex(from.toPatient({0, 0, 0}));
    for (std::size_t axis = 0; axis < 3; ++axis) {
        if (!std::isfinite(first[axis]) || std::abs(first[axis]) > 1e9)
            return fail(ErrorCode::Invalid, "The grids are nowhere near each other");
        alignment.start[axis] = static_cast<int>(std::lround(first[axis]));
    }
    // Axes of one voxel take what the others leave.
    std::array<bool, 3> taken{};
    for (const bool single : {false, true}) {
        for (std::size_t axis = 0; axis < 3; ++axis) {
            if ((from.size[axis] == 1) != single)
                continue;
            Vec3 one{};
            one[axis] = 1;
            const auto step = difference(to.toIndex(from.toPatient(one)), first);
            const auto main = mainAxis(step, taken);
            taken[main] = true;
            alignment.step[axis][main] = step[main] < 0 ? -1 : 1;
        }
    }
    for (int corner = 0; corner < 8; ++corner) {
        const int i = corner & 1 ? from.size[0] - 1 : 0, j = corner & 2 ? from.size[1] - 1 : 0,
                  k = corner & 4 ? from.size[2] - 1 : 0;
        const auto patient = from.toPatient({double(i), double(j), double(k)});
        const auto index = to.toIndex(patient);
        const auto whole = alignment.at(i, j, k);
        const Vec3 nearest{double(whole[0]), double(whole[1]), double(whole[2])};
        const auto off = difference(index, nearest);
        if (std::max({std::abs(off[0]), std::abs(off[1]), std::abs(off[2])}) > tolerance) {
            const auto millimetres = difference(patient, to.toPatient(nearest));
            return fail(ErrorCode::Invalid, "a corner lies {:.2f} mm off the voxels of the grid",
                        std::hypot(millimetres[0], millimetres[1], millimetres[2]));
        }
    }
    return alignment;
}

} // namespace consilium::imaging::dicom
