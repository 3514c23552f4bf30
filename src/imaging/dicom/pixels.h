// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "imaging/dicom/dicom_file.h"

#include <cstdint>
#include <span>
#include <string>
#include <vector>

namespace consilium::imaging::dicom {

/// What the pixel module of an image says, checked: sizes are positive, the bits make sense.
struct PixelLayout
{
    int columns = 0, rows = 0, frames = 1;
    int samples = 1;        ///< 1 grey or palette, 3 colour
    int bitsAllocated = 16; ///< 1, 8, 16 or 32 (and 64 for float64)
    int bitsStored = 16;
    bool isSigned = false;
    std::string photometric;         ///< "MONOCHROME2", "RGB", "PALETTE COLOR", "YBR_FULL", ...
    double slope = 1, intercept = 0; ///< modality rescale of the data set; per-frame values are the caller's to pass
    bool isColour() const { return samples == 3 || photometric == "PALETTE COLOR"; }
};

/// Errors: Unsupported (no image in it: names what it is instead, for example a structured report or a plan);
/// Malformed (no rows, impossible bits).
Result<PixelLayout> pixelLayout(DicomFile &file);

/// Decodes single frames of one file, opened Whole, decompressing what its transfer syntax asks for: uncompressed in
/// both byte orders, deflated, RLE, JPEG baseline, extended and lossless, JPEG-LS lossless and near, JPEG 2000.
class FrameReader
{
public:
    /// Errors: as pixelLayout; Unsupported (a transfer syntax that is not read, named); Malformed (pixel data missing
    /// or shorter than rows x columns x frames ask for).
    static Result<FrameReader> open(DicomFile &file);

    const PixelLayout &layout() const { return m_layout; }

    /// One grey frame into `out` (rows x columns, rows from the top, columns from the left), as stored value x slope +
    /// intercept. MONOCHROME1 is turned over within its stored range, so that more is brighter everywhere. Errors:
    /// Malformed (damaged compressed data); Unsupported (a colour image).
    Result<> readGrey(int frame, std::span<float> out, double slope, double intercept);
    Result<> readGrey(int frame, std::span<float> out)
    {
        return readGrey(frame, out, m_layout.slope, m_layout.intercept);
    }

    /// One frame as 8-bit RGB, interleaved: colour, palettes and YBR converted; 16-bit colour is scaled to 8.
    Result<std::vector<std::uint8_t>> readColour(int frame);

private:
    struct State;
    explicit FrameReader(std::shared_ptr<State> state, PixelLayout layout);
    std::shared_ptr<State> m_state;
    PixelLayout m_layout;
};

} // namespace consilium::imaging::dicom
