// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <array>
#include <cstdint>

namespace consilium::imaging::dicom {

/// sRGB to the three numbers of Recommended Display CIELab Value and back. White is D65, as DCMTK, dcmqi and 3D Slicer
/// take it, so that a segment has one colour in all of them. Source: PS3.3 C.10.7.1.1 (encoding), IEC 61966-2-1 (sRGB).
std::array<std::uint16_t, 3> toDicomLab(const std::array<std::uint8_t, 3> &rgb);
std::array<std::uint8_t, 3> fromDicomLab(const std::array<std::uint16_t, 3> &lab);

} // namespace consilium::imaging::dicom
