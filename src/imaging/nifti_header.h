// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "imaging/nifti.h"

#include <cstddef>
#include <cstdint>
#include <span>
#include <vector>

namespace consilium::imaging {

/// The element types of the NIfTI standard that hold one real number.
enum class NiftiType {
    UInt8 = 2,
    Int16 = 4,
    Int32 = 8,
    Float32 = 16,
    Float64 = 64,
    Int8 = 256,
    UInt16 = 512,
    UInt32 = 768,
    Int64 = 1024,
    UInt64 = 1280
};
std::size_t byteSize(NiftiType type);

/// Everything that reading the voxels needs to know.
struct ParsedNifti
{
    NiftiHeader header;
    NiftiType type = NiftiType::Float32;
    bool swapped = false;         ///< values are in the byte order that is not this machine's
    bool pair = false;            ///< the voxels are in a .img file beside the header
    std::uint64_t dataOffset = 0; ///< of the first voxel, in the decompressed file that holds the voxels
    double slope = 1, intercept = 0;

    std::uint64_t frameBytes() const { return static_cast<std::uint64_t>(header.geometry.voxels()) * byteSize(type); }
    /// What the decompressed file must hold at least.
    std::uint64_t fileBytes() const { return dataOffset + frameBytes() * static_cast<std::uint64_t>(header.frames); }
};

/// 348 (NIfTI-1) or 540 (NIfTI-2), as the first four bytes of the file say in either byte order; 0 when they say
/// neither.
std::size_t niftiHeaderSize(std::span<const std::byte> bytes);

/// The size of a NIfTI-1 header and the least that tells what a file is.
inline constexpr std::size_t nifti1HeaderSize = 348;

/// `bytes`: the header, or all of the file when it is shorter. Errors (without the file's name): Malformed;
/// Unsupported.
Result<ParsedNifti> parseNiftiHeader(std::span<const std::byte> bytes);

/// A NIfTI-1 header of 352 bytes (with the empty extension mark) in this machine's byte order, with sform and qform.
/// Sizes must fit 16 bits.
std::vector<std::byte> niftiHeaderFor(const Geometry &geometry, NiftiType type);

} // namespace consilium::imaging
