// SPDX-License-Identifier: GPL-3.0-or-later
#include "learning/augmentation/spatial.h"

#include <algorithm>
#include <cmath>
#include <numbers>

namespace consilium::learning {

namespace {

Matrix product(const Matrix &a, const Matrix &b)
{
    Matrix result{};
    for (int row = 0; row < 3; ++row)
        for (int column = 0; column < 3; ++column)
            for (int k = 0; k < 3; ++k)
                result[row][column] += a[row][k] * b[k][column];
    return result;
}

Matrix rotationAbout(int axis, double degrees)
{
    const double angle = degrees * std::numbers::pi / 180;
    const int first = (axis + 1) % 3, second = (axis + 2) % 3;
    Matrix rotation = identity;
    rotation[first][first] = rotation[second][second] = std::cos(angle);
    rotation[first][second] = -std::sin(angle);
    rotation[second][first] = std::sin(angle);
    return rotation;
}

template <typename T>
void flipAxis(std::span<T> volume, const Extent &extent, int axis)
{
    const std::int64_t inner = axis == 2 ? 1 : axis == 1 ? extent[2] : extent[1] * extent[2];
    const std::int64_t length = extent[axis];
    const auto outer = static_cast<std::int64_t>(volume.size()) / (inner * length);
    for (std::int64_t block = 0; block < outer; ++block) {
        T *first = volume.data() + block * inner * length;
        for (std::int64_t i = 0; i < length / 2; ++i)
            std::swap_ranges(first + i * inner, first + (i + 1) * inner, first + (length - 1 - i) * inner);
    }
}

} // namespace

Matrix turnAndScale(const std::array<double, 3> &degrees, const std::array<double, 3> &scale,
                    const std::array<double, 3> &spacing)
{
    Matrix matrix{};
    for (int axis = 0; axis < 3; ++axis)
        matrix[axis][axis] = spacing[axis] / scale[axis];
    for (int axis = 0; axis < 3; ++axis)
        if (degrees[axis] != 0)
            matrix = product(rotationAbout(axis, degrees[axis]), matrix);
    for (int row = 0; row < 3; ++row)
        for (auto &entry : matrix[row])
            entry /= spacing[row];
    return matrix;
}

Point operator*(const Matrix &matrix, const Point &point)
{
    Point result{};
    for (int row = 0; row < 3; ++row)
        for (int column = 0; column < 3; ++column)
            result[row] += matrix[row][column] * point[column];
    return result;
}

Matrix inverse(const Matrix &matrix)
{
    Matrix result;
    // Cofactors with cyclic indices carry their sign.
    for (int row = 0; row < 3; ++row)
        for (int column = 0; column < 3; ++column) {
            const int r1 = (row + 1) % 3, r2 = (row + 2) % 3, c1 = (column + 1) % 3, c2 = (column + 2) % 3;
            result[column][row] = matrix[r1][c1] * matrix[r2][c2] - matrix[r1][c2] * matrix[r2][c1];
        }
    const double determinant = matrix[0][0] * result[0][0] + matrix[0][1] * result[1][0] + matrix[0][2] * result[2][0];
    for (auto &row : result)
        for (auto &entry : row)
            entry /= determinant;
    return result;
}

void flip(std::span<float> volume, const Extent &extent, int axis)
{
    flipAxis(volume, extent, axis);
}
void flip(std::span<std::uint8_t> volume, const Extent &extent, int axis)
{
    flipAxis(volume, extent, axis);
}

} // namespace consilium::learning
