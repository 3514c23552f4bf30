// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/geometry.h"

#include <algorithm>
#include <cmath>

namespace consilium::imaging {

Vec3 Geometry::toPatient(const Vec3 &index) const
{
    Vec3 patient = origin;
    for (int r = 0; r < 3; ++r)
        for (int c = 0; c < 3; ++c)
            patient[r] += direction[r][c] * spacing[c] * index[c];
    return patient;
}

Vec3 Geometry::toIndex(const Vec3 &patient) const
{
    const auto inverse = inverted(direction);
    Vec3 index{};
    for (int c = 0; c < 3; ++c) {
        for (int r = 0; r < 3; ++r)
            index[c] += inverse[c][r] * (patient[r] - origin[r]);
        index[c] /= spacing[c];
    }
    return index;
}

AxisMap Geometry::closestAxes() const
{
    // Six permutations are few enough to try all; taking each axis's own largest component alone could name one patient
    // axis twice.
    Index3 permutation{0, 1, 2};
    AxisMap best;
    double bestAlignment = -1;
    do {
        double alignment = 0;
        for (int c = 0; c < 3; ++c)
            alignment += std::abs(direction[permutation[c]][c]);
        if (alignment > bestAlignment + 1e-9) {
            bestAlignment = alignment;
            best.axis = permutation;
        }
    } while (std::next_permutation(permutation.begin(), permutation.end()));
    for (int c = 0; c < 3; ++c)
        best.sign[c] = direction[best.axis[c]][c] < 0 ? -1 : 1;
    return best;
}

std::string Geometry::orientation() const
{
    const auto map = closestAxes();
    std::string letters;
    for (int c = 0; c < 3; ++c)
        letters += (map.sign[c] > 0 ? "LPS" : "RAI")[map.axis[c]];
    return letters;
}

bool Geometry::sameGrid(const Geometry &other, double toleranceMm) const
{
    if (size != other.size)
        return false;
    for (int corner = 0; corner < 8; ++corner) {
        Vec3 index{};
        for (int c = 0; c < 3; ++c)
            index[c] = corner >> c & 1 ? size[c] - 0.5 : -0.5;
        const auto mine = toPatient(index), theirs = other.toPatient(index);
        if (!(std::hypot(mine[0] - theirs[0], mine[1] - theirs[1], mine[2] - theirs[2]) <= toleranceMm))
            return false;
    }
    return true;
}

double determinant(const Matrix3 &m)
{
    return m[0][0] * (m[1][1] * m[2][2] - m[1][2] * m[2][1]) - m[0][1] * (m[1][0] * m[2][2] - m[1][2] * m[2][0]) +
           m[0][2] * (m[1][0] * m[2][1] - m[1][1] * m[2][0]);
}

Matrix3 inverted(const Matrix3 &m)
{
    const double scale = 1 / determinant(m);
    Matrix3 inverse;
    for (int r = 0; r < 3; ++r) {
        for (int c = 0; c < 3; ++c) {
            // Cyclic indices give the cofactor its sign.
            const int r1 = (c + 1) % 3, r2 = (c + 2) % 3, c1 = (r + 1) % 3, c2 = (r + 2) % 3;
            inverse[r][c] = scale * (m[r1][c1] * m[r2][c2] - m[r1][c2] * m[r2][c1]);
        }
    }
    return inverse;
}

Matrix3 nearestOrthogonal(const Matrix3 &matrix)
{
    auto current = matrix;
    for (int iteration = 0; iteration < 50; ++iteration) {
        const auto inverse = inverted(current);
        double change = 0;
        for (int r = 0; r < 3; ++r) {
            for (int c = 0; c < 3; ++c) {
                const double next = 0.5 * (current[r][c] + inverse[c][r]);
                change = std::max(change, std::abs(next - current[r][c]));
                // inverse holds its own copy, so current may be overwritten in place
                current[r][c] = next;
            }
        }
        if (change < 1e-15)
            break;
    }
    return current;
}

} // namespace consilium::imaging
