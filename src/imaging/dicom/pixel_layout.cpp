// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/dicom/pixel_layout.h"

#include "imaging/dicom/pixels.h"

#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcuid.h>

#include <array>
#include <cmath>

namespace consilium::imaging::dicom {
namespace {

/// What a file without image is, in words.
std::string kindWithoutImage(DicomFile &file)
{
    auto &dataset = file.dataset();
    const auto modality = text(dataset, DCM_Modality);
    if (dataset.tagExists(DCM_DirectoryRecordSequence))
        return "a DICOMDIR";
    if (modality == "SR")
        return "a structured report";
    if (modality == "RTPLAN")
        return "a radiotherapy plan";
    if (modality == "RTSTRUCT")
        return "a radiotherapy structure set";
    if (dataset.tagExists(DCM_WaveformSequence))
        return "a waveform";
    if (dataset.tagExists(DCM_RedPaletteColorLookupTableDescriptor))
        return "a colour palette";
    const auto uid = text(dataset, DCM_SOPClassUID);
    const char *name = uid.empty() ? nullptr : dcmFindNameOfUID(uid.c_str());
    return name ? fmt::format("a {} without pixels", name) : "a data set without pixels";
}

struct LayoutField
{
    DcmTagKey tag;
    int otherwise, from, to;
    int *value;
};

Result<> checkBits(const std::string &name, const PixelLayout &layout)
{
    const auto bits = layout.bitsAllocated;
    if (bits != 1 && bits != 8 && bits != 16 && bits != 32 && bits != 64)
        return fail(ErrorCode::Malformed, "{} is damaged: {} bits allocated a sample are not possible", name, bits);
    if (layout.bitsStored > bits)
        return fail(ErrorCode::Malformed, "{} is damaged: it stores {} bits in {}", name, layout.bitsStored, bits);
    if (layout.samples != 1 && layout.samples != 3)
        return fail(ErrorCode::Unsupported, "{} has {} samples a pixel; 1 and 3 are read", name, layout.samples);
    return {};
}

/// 0 as a slope would make every value the same: such a file means that there is none.
void readRescale(DcmItem &item, PixelLayout &layout)
{
    const auto slope = number(item, DCM_RescaleSlope, number(item, DCM_DoseGridScaling, 1));
    const auto intercept = number(item, DCM_RescaleIntercept, 0);
    layout.slope = slope == 0 ? 1 : slope;
    layout.intercept = intercept;
}

} // namespace

Result<int> wholeNumber(DicomFile &file, const DcmTagKey &tag, int otherwise, int from, int to)
{
    const auto written = text(file.dataset(), tag);
    if (written.empty())
        return otherwise;
    const auto value = number(file.dataset(), tag, std::nan(""));
    if (!(value >= from && value <= to) || value != std::floor(value))
        return fail(ErrorCode::Malformed, "{} is damaged: its {} is {}", file.path().string(), DcmTag(tag).getTagName(),
                    written.substr(0, 40));
    return static_cast<int>(value);
}

Result<PixelLayout> pixelLayout(DicomFile &file)
{
    auto &dataset = file.dataset();
    const auto name = file.path().string();
    if (!dataset.tagExists(DCM_Rows) && !dataset.tagExists(DCM_Columns))
        return fail(ErrorCode::Unsupported, "{} holds no image: it is {}", name, kindWithoutImage(file));
    PixelLayout layout;
    int isSigned = 0;
    const std::array<LayoutField, 6> fields{{
        {DCM_Rows, 0, 1, 65535, &layout.rows},
        {DCM_Columns, 0, 1, 65535, &layout.columns},
        {DCM_NumberOfFrames, 1, 1, 1 << 30, &layout.frames},
        {DCM_SamplesPerPixel, 1, 1, 65535, &layout.samples},
        {DCM_BitsAllocated, 16, 1, 64, &layout.bitsAllocated},
        {DCM_PixelRepresentation, 0, 0, 1, &isSigned},
    }};
    for (const auto &field : fields) {
        const auto value = wholeNumber(file, field.tag, field.otherwise, field.from, field.to);
        if (!value)
            return fail(value.error());
        *field.value = *value;
    }
    if (layout.rows == 0 || layout.columns == 0)
        return fail(ErrorCode::Malformed, "{} is damaged: it does not say how many rows and columns it has", name);
    const auto stored = wholeNumber(file, DCM_BitsStored, layout.bitsAllocated, 1, 64);
    if (!stored)
        return fail(stored.error());
    layout.bitsStored = *stored;
    layout.isSigned = isSigned == 1;
    if (auto checked = checkBits(name, layout); !checked)
        return fail(checked.error());
    layout.photometric = text(dataset, DCM_PhotometricInterpretation);
    if (layout.photometric.empty())
        layout.photometric = layout.samples == 3 ? "RGB" : "MONOCHROME2";
    readRescale(dataset, layout);
    return layout;
}

} // namespace consilium::imaging::dicom
