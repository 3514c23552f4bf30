// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "imaging/dicom/pixels.h"

#include <dcmtk/dcmdata/dcpixseq.h>
#include <dcmtk/dcmdata/dcxfer.h>

#include <cstdint>
#include <span>
#include <vector>

namespace consilium::imaging::dicom {

/// One frame as it came out of a decompressor: interleaved little-endian samples of bitsAllocated each, all of them at
/// full resolution.
struct DecodedFrame
{
    std::vector<std::uint8_t> bytes;
    std::string photometric; ///< what the samples mean now
};

/// The compressed frames of a file. Frames may be spread over several fragments, with or without an offset table.
class EncapsulatedFrames
{
public:
    /// Errors, without the file's name: Unsupported (a transfer syntax that is not read); Malformed (fragments that do
    /// not make up the frames).
    static Result<EncapsulatedFrames> find(DcmPixelSequence &sequence, E_TransferSyntax syntax,
                                           const PixelLayout &layout);

    /// Errors, without the file's name: Malformed.
    Result<DecodedFrame> decode(int frame);

private:
    Result<std::vector<std::uint8_t>> compressed(int frame);
    Result<DecodedFrame> decodeJpeg(std::span<const std::uint8_t> stream) const;
    Result<DecodedFrame> decodeRle(std::span<const std::uint8_t> stream) const;

    std::vector<DcmPixelItem *> m_fragments;
    std::vector<std::size_t> m_firstFragment; ///< per frame, and one past the last
    E_TransferSyntax m_syntax = EXS_Unknown;
    PixelLayout m_layout;
};

} // namespace consilium::imaging::dicom
