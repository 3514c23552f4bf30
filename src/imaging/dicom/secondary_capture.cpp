// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/dicom/secondary_capture.h"

#include "imaging/dicom/written_object.h"

#include "core/hash.h"

#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcuid.h>
#include <dcmtk/dcmdata/dcvrobow.h>

#include <memory>
#include <utility>

namespace consilium::imaging::dicom {
namespace {

OFCondition putPixels(DcmDataset &dataset, std::span<const std::uint8_t> rgb, int width, int height)
{
    const std::pair<DcmTagKey, int> layout[] = {
        {DCM_SamplesPerPixel, 3}, {DCM_PlanarConfiguration, 0}, {DCM_Rows, height}, {DCM_Columns, width},
        {DCM_BitsAllocated, 8},   {DCM_BitsStored, 8},          {DCM_HighBit, 7},   {DCM_PixelRepresentation, 0}};
    OFCondition status = dataset.putAndInsertString(DCM_PhotometricInterpretation, "RGB");
    for (const auto &[tag, value] : layout) {
        if (status.good())
            status = dataset.putAndInsertUint16(tag, static_cast<Uint16>(value));
    }
    // Written as OB, whose length is even: an odd picture gets one byte of padding.
    std::vector<Uint8> bytes(rgb.begin(), rgb.end());
    bytes.resize((bytes.size() + 1) / 2 * 2);
    auto element = std::make_unique<DcmOtherByteOtherWord>(DcmTag(DCM_PixelData, EVR_OB));
    if (status.good())
        status = element->putUint8Array(bytes.data(), static_cast<unsigned long>(bytes.size()));
    if (status.good())
        status = dataset.insert(element.release());
    return status;
}

} // namespace

Result<> writeSecondaryCapture(const std::filesystem::path &file, std::span<const std::uint8_t> rgb, int width,
                               int height, const Series &source, const std::string &description)
{
    if (width < 1 || height < 1 || width > 65535 || height > 65535 ||
        rgb.size() != std::size_t{3} * static_cast<std::size_t>(width) * static_cast<std::size_t>(height))
        return fail(ErrorCode::Invalid, "A picture of {} x {} pixels does not have {} bytes", width, height,
                    rgb.size());
    auto images = SourceImages::read(source);
    if (!images)
        return fail(images.error());
    DcmFileFormat object;
    auto &dataset = *object.getDataset();
    Sha256 pixels;
    pixels.add(std::as_bytes(rgb));
    const auto content = fmt::format("{}\n{}x{}\n{}", description, width, height, pixels.hex());
    if (auto named =
            identify(dataset, *images, source, {UID_SecondaryCaptureImageStorage, content, "OT", description, 3000});
        !named)
        return named;
    // Which way the picture and its side lie is not known: type 2, so empty.
    const std::pair<DcmTagKey, const char *> attributes[] = {{DCM_ConversionType, "WSD"},
                                                             {DCM_ImageType, "DERIVED\\SECONDARY"},
                                                             {DCM_PatientOrientation, ""},
                                                             {DCM_Laterality, ""}};
    OFCondition status = EC_Normal;
    for (const auto &[tag, value] : attributes) {
        if (status.good())
            status = dataset.putAndInsertString(tag, value);
    }
    if (status.good())
        status = putPixels(dataset, rgb, width, height);
    if (auto fine = accepted(status, file.string()); !fine)
        return fine;
    return saveObject(file, object);
}

} // namespace consilium::imaging::dicom
