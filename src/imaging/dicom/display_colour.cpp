// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/dicom/display_colour.h"

#include "imaging/geometry.h"

#include <algorithm>
#include <cmath>

namespace consilium::imaging::dicom {
namespace {

constexpr Vec3 white{0.95047, 1, 1.08883}; // CIE D65, 2 degrees
constexpr Matrix3 srgbToXyz{Vec3{0.4124564, 0.3575761, 0.1804375}, Vec3{0.2126729, 0.7151522, 0.0721750},
                            Vec3{0.0193339, 0.1191920, 0.9503041}};
constexpr double bend = 6.0 / 29;

Vec3 times(const Matrix3 &matrix, const Vec3 &vector)
{
    Vec3 product{};
    for (std::size_t row = 0; row < 3; ++row)
        product[row] = matrix[row][0] * vector[0] + matrix[row][1] * vector[1] + matrix[row][2] * vector[2];
    return product;
}

std::uint16_t encoded(double value, double low, double high)
{
    return static_cast<std::uint16_t>(std::lround(std::clamp((value - low) / (high - low), 0.0, 1.0) * 65535));
}

double decoded(std::uint16_t value, double low, double high)
{
    return low + (high - low) * value / 65535;
}

} // namespace

std::array<std::uint16_t, 3> toDicomLab(const std::array<std::uint8_t, 3> &rgb)
{
    Vec3 linear{};
    for (std::size_t c = 0; c < 3; ++c) {
        const double value = rgb[c] / 255.0;
        linear[c] = value <= 0.04045 ? value / 12.92 : std::pow((value + 0.055) / 1.055, 2.4);
    }
    auto f = times(srgbToXyz, linear);
    for (std::size_t c = 0; c < 3; ++c) {
        const double t = f[c] / white[c];
        f[c] = t > bend * bend * bend ? std::cbrt(t) : t / (3 * bend * bend) + 4.0 / 29;
    }
    return {encoded(116 * f[1] - 16, 0, 100), encoded(500 * (f[0] - f[1]), -128, 127),
            encoded(200 * (f[1] - f[2]), -128, 127)};
}

std::array<std::uint8_t, 3> fromDicomLab(const std::array<std::uint16_t, 3> &lab)
{
    const double y = (decoded(lab[0], 0, 100) + 16) / 116;
    const Vec3 f{y + decoded(lab[1], -128, 127) / 500, y, y - decoded(lab[2], -128, 127) / 200};
    Vec3 xyz{};
    for (std::size_t c = 0; c < 3; ++c)
        xyz[c] = white[c] * (f[c] > bend ? f[c] * f[c] * f[c] : 3 * bend * bend * (f[c] - 4.0 / 29));
    static const Matrix3 xyzToSrgb = inverted(srgbToXyz);
    std::array<std::uint8_t, 3> rgb{};
    const auto linear = times(xyzToSrgb, xyz);
    for (std::size_t c = 0; c < 3; ++c) {
        const double value = linear[c] <= 0.0031308 ? 12.92 * linear[c] : 1.055 * std::pow(linear[c], 1 / 2.4) - 0.055;
        rgb[c] = static_cast<std::uint8_t>(std::lround(std::clamp(value, 0.0, 1.0) * 255));
    }
    return rgb;
}

} // namespace consilium::imaging::dicom
