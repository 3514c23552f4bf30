// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/dicom/pixels.h"

#include <dcmtk/dcmdata/dcdeftag.h>

#include <algorithm>
#include <cstddef>
#include <cstdint>

using namespace consilium::imaging::dicom;

namespace {

/// Larger frames are possible, but make runs slow and show nothing that small ones do not.
constexpr int largestSide = 2048;
constexpr int mostFrames = 16;

void readText(DcmItem &item)
{
    for (const auto &tag : {DCM_PatientName, DCM_StudyDescription, DCM_ImageType, DCM_WindowCenterWidthExplanation})
        (void)texts(item, tag);
    for (const auto &tag : {DCM_PixelSpacing, DCM_ImageOrientationPatient, DCM_GridFrameOffsetVector})
        (void)numbers(item, tag);
}

} // namespace

/// Bytes from anywhere: the header alone, then all of it with its pixels.
extern "C" int LLVMFuzzerTestOneInput(const std::uint8_t *data, std::size_t size)
{
    const std::string bytes(reinterpret_cast<const char *>(data), size);
    if (auto header = DicomFile::fromBytes(bytes, "input", Depth::Header)) {
        readText(header->dataset());
        (void)pixelLayout(*header);
    }
    auto file = DicomFile::fromBytes(bytes, "input", Depth::Whole);
    if (!file)
        return 0;
    auto reader = FrameReader::open(*file);
    if (!reader)
        return 0;
    const auto &layout = reader->layout();
    if (layout.rows > largestSide || layout.columns > largestSide)
        return 0;
    std::vector<float> grey(static_cast<std::size_t>(layout.rows) * static_cast<std::size_t>(layout.columns));
    for (int frame = 0; frame < std::min(layout.frames, mostFrames); ++frame) {
        if (layout.isColour())
            (void)reader->readColour(frame);
        else
            (void)reader->readGrey(frame, grey);
    }
    return 0;
}
