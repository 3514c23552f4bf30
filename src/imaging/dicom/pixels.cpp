// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/dicom/pixels.h"

#include "imaging/dicom/colour.h"
#include "imaging/dicom/encapsulated.h"

#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcfcache.h>
#include <dcmtk/dcmdata/dcpixel.h>
#include <dcmtk/dcmdata/dcuid.h>

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <optional>

namespace consilium::imaging::dicom {
namespace {

static_assert(std::endian::native == std::endian::little, "samples are read as they lie in memory");

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

/// A whole number from `from` to `to`; `otherwise` when the element is missing or empty.
Result<int> whole(DicomFile &file, const DcmTagKey &tag, int otherwise, int from, int to)
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

std::size_t pixelsOf(const PixelLayout &layout)
{
    return static_cast<std::size_t>(layout.columns) * static_cast<std::size_t>(layout.rows);
}

/// How the stored bits lie in their container.
struct BitField
{
    int up = 0, down = 0; ///< shifts that leave the value alone, sign and all
    double turned = 0;    ///< MONOCHROME1: smallest + largest stored value
    bool isTurned = false;
};

template <typename Sample>
void rescale(const std::uint8_t *from, std::span<float> out, const BitField &field, double slope, double intercept)
{
    using Unsigned = std::make_unsigned_t<Sample>;
    const double gain = field.isTurned ? -slope : slope;
    const double offset = field.isTurned ? intercept + slope * field.turned : intercept;
    for (std::size_t n = 0; n < out.size(); ++n) {
        Unsigned raw;
        std::memcpy(&raw, from + n * sizeof(raw), sizeof(raw));
        const auto value =
            static_cast<Sample>(static_cast<Sample>(static_cast<Unsigned>(raw << field.up)) >> field.down);
        out[n] = static_cast<float>(value * gain + offset);
    }
}

template <typename Real>
void rescaleReal(const std::uint8_t *from, std::span<float> out, double slope, double intercept)
{
    for (std::size_t n = 0; n < out.size(); ++n) {
        Real value;
        std::memcpy(&value, from + n * sizeof(value), sizeof(value));
        out[n] = static_cast<float>(static_cast<double>(value) * slope + intercept);
    }
}

/// Samples of any width as 8 bits, the highest stored ones.
std::vector<std::uint8_t> toBytes(std::span<const std::uint8_t> samples, int bitsAllocated, int bitsStored)
{
    const auto width = static_cast<std::size_t>(bitsAllocated / 8);
    std::vector<std::uint8_t> bytes(samples.size() / width);
    const std::uint32_t mask = bitsStored >= 32 ? ~std::uint32_t{0} : (std::uint32_t{1} << bitsStored) - 1;
    for (std::size_t n = 0; n < bytes.size(); ++n) {
        std::uint32_t value = 0;
        std::memcpy(&value, samples.data() + n * width, width);
        value &= mask;
        bytes[n] = static_cast<std::uint8_t>(bitsStored > 8 ? value >> (bitsStored - 8) : value << (8 - bitsStored));
    }
    return bytes;
}

std::vector<std::uint8_t> interleaved(std::span<const std::uint8_t> planes)
{
    const auto pixels = planes.size() / 3;
    std::vector<std::uint8_t> out(pixels * 3);
    for (std::size_t n = 0; n < pixels; ++n) {
        for (std::size_t channel = 0; channel < 3; ++channel)
            out[3 * n + channel] = planes[channel * pixels + n];
    }
    return out;
}

} // namespace

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
        const auto value = whole(file, field.tag, field.otherwise, field.from, field.to);
        if (!value)
            return fail(value.error());
        *field.value = *value;
    }
    if (layout.rows == 0 || layout.columns == 0)
        return fail(ErrorCode::Malformed, "{} is damaged: it does not say how many rows and columns it has", name);
    const auto stored = whole(file, DCM_BitsStored, layout.bitsAllocated, 1, 64);
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

struct FrameReader::State
{
    std::string name;
    DcmElement *pixels = nullptr; ///< of the file, which outlives the reader
    DcmFileCache cache;
    std::optional<EncapsulatedFrames> encapsulated;
    std::optional<Palette> palette;
    BitField field;
    bool isReal = false;          ///< float or double samples
    bool isPlanar = false;        ///< uncompressed colour by plane
    bool hasSwappedWords = false; ///< 32-bit samples whose 16-bit halves lie the wrong way round
    std::size_t bitsPerFrame = 0; ///< uncompressed
    std::vector<std::uint8_t> bytes;

    Result<> open(DicomFile &file, const PixelLayout &layout);
    Result<> openNative(const PixelLayout &layout);
    Result<> readBitField(DicomFile &file, const PixelLayout &layout);
    Result<std::span<const std::uint8_t>> nativeFrame(int frame);
    Result<DecodedFrame> colourFrame(int frame, const PixelLayout &layout);
    Result<std::span<const std::uint8_t>> greyFrame(int frame);
};

namespace {

bool isSubsampled(const PixelLayout &layout)
{
    return layout.samples == 3 && layout.photometric.ends_with("_422");
}

/// The element that holds the samples; null when there is none.
DcmElement *findPixels(DcmItem &item, bool &isReal)
{
    DcmElement *element = nullptr;
    isReal = false;
    if (item.findAndGetElement(DCM_PixelData, element).good())
        return element;
    isReal = true;
    if (item.findAndGetElement(DCM_FloatPixelData, element).good() ||
        item.findAndGetElement(DCM_DoubleFloatPixelData, element).good())
        return element;
    return nullptr;
}

} // namespace

Result<> FrameReader::State::readBitField(DicomFile &file, const PixelLayout &layout)
{
    const auto highBit = whole(file, DCM_HighBit, layout.bitsStored - 1, 0, 63);
    if (!highBit)
        return fail(highBit.error());
    if (*highBit >= layout.bitsAllocated || *highBit + 1 < layout.bitsStored)
        return fail(ErrorCode::Malformed, "{} is damaged: its {} bits cannot end at bit {} of {}", name,
                    layout.bitsStored, *highBit, layout.bitsAllocated);
    field.up = layout.bitsAllocated - 1 - *highBit;
    field.down = layout.bitsAllocated - layout.bitsStored;
    field.isTurned = layout.photometric == "MONOCHROME1";
    field.turned = layout.isSigned ? -1 : std::ldexp(1.0, layout.bitsStored) - 1;
    return {};
}

Result<> FrameReader::State::openNative(const PixelLayout &layout)
{
    const auto samples = isSubsampled(layout) ? 2 : layout.samples;
    if (isSubsampled(layout) && (layout.columns % 2 != 0 || layout.bitsAllocated != 8))
        return fail(ErrorCode::Malformed, "{} is damaged: {} with {} columns of {} bits is not possible", name,
                    layout.photometric, layout.columns, layout.bitsAllocated);
    if (layout.samples == 3 && layout.photometric.ends_with("_420"))
        return fail(ErrorCode::Unsupported, "{} is uncompressed {}, which is not read", name, layout.photometric);
    bitsPerFrame = pixelsOf(layout) * static_cast<std::size_t>(samples * layout.bitsAllocated);
    const auto there = std::size_t{pixels->getLength()};
    // Divided, not multiplied: frames x bits may pass 64 bits.
    if (there * 8 / bitsPerFrame < static_cast<std::size_t>(layout.frames))
        return failWithHint(ErrorCode::Malformed, "Ask for the file again from where it came",
                            "{} is damaged: its pixel data have {} bytes, {} x {} x {} frames ask for more", name,
                            there, layout.columns, layout.rows, layout.frames);
    return {};
}

Result<> FrameReader::State::open(DicomFile &file, const PixelLayout &layout)
{
    name = file.path().string();
    pixels = findPixels(file.dataset(), isReal);
    if (!pixels || pixels->isEmpty())
        return fail(ErrorCode::Malformed, "{} holds no pixel data", name);
    if (isReal && layout.bitsAllocated != (pixels->getTag() == DCM_FloatPixelData ? 32 : 64))
        return fail(ErrorCode::Malformed, "{} is damaged: floating point pixels of {} bits", name,
                    layout.bitsAllocated);
    if (!isReal && layout.bitsAllocated == 64)
        return fail(ErrorCode::Unsupported, "{} has 64-bit whole numbers as pixels, which are not read", name);
    if (auto read = readBitField(file, layout); !read)
        return fail(read.error());
    isPlanar = layout.samples == 3 && number(file.dataset(), DCM_PlanarConfiguration, 0) == 1;
    if (layout.photometric == "PALETTE COLOR") {
        if (layout.samples != 1 || (layout.bitsAllocated != 8 && layout.bitsAllocated != 16) || isReal)
            return fail(ErrorCode::Malformed, "{} is damaged: {} bits are no index into a palette", name,
                        layout.bitsAllocated);
        auto read = Palette::read(file.dataset(), layout.isSigned);
        if (!read)
            return fail(read.error().code, "{} is damaged: {}", name, read.error().message);
        palette = std::move(*read);
    }

    auto *const element = isReal ? nullptr : dynamic_cast<DcmPixelData *>(pixels);
    E_TransferSyntax syntax = file.dataset().getOriginalXfer();
    const DcmRepresentationParameter *parameter = nullptr;
    if (element)
        element->getOriginalRepresentationKey(syntax, parameter);
    if (!element || !DcmXfer(syntax).isEncapsulated()) {
        // PS3.5, 7.3: of a 32-bit sample in 16-bit words the most significant word comes first in big-endian files.
        hasSwappedWords = !isReal && layout.bitsAllocated == 32 &&
                          DcmXfer(file.dataset().getOriginalXfer()).isBigEndian() && pixels->getVR() == EVR_OW;
        return openNative(layout);
    }
    DcmPixelSequence *sequence = nullptr;
    if (element->getEncapsulatedRepresentation(syntax, parameter, sequence).bad() || !sequence)
        return fail(ErrorCode::Malformed, "{} is damaged: its pixel data are not compressed as it says", name);
    auto found = EncapsulatedFrames::find(*sequence, syntax, layout);
    if (!found)
        return fail(Error{found.error().code, fmt::format("{} cannot be read: {}", name, found.error().message),
                          found.error().hint});
    encapsulated = std::move(*found);
    return {};
}

Result<std::span<const std::uint8_t>> FrameReader::State::nativeFrame(int frame)
{
    const auto startBit = bitsPerFrame * static_cast<std::size_t>(frame);
    // Words stay whole, so that they can be turned round.
    const auto start = startBit / 8 / 4 * 4, end = (startBit + bitsPerFrame + 7) / 8;
    const auto length = std::min(std::size_t{pixels->getLength()}, (end + 3) / 4 * 4) - start;
    bytes.resize(length);
    if (pixels->getPartialValue(bytes.data(), static_cast<Uint32>(start), static_cast<Uint32>(length), &cache).bad())
        return fail(ErrorCode::Io, "{} cannot be read: frame {}", name, frame + 1);
    if (hasSwappedWords) {
        for (std::size_t n = 0; n + 3 < bytes.size(); n += 4) {
            std::swap(bytes[n], bytes[n + 2]);
            std::swap(bytes[n + 1], bytes[n + 3]);
        }
    }
    return std::span<const std::uint8_t>(bytes).subspan(startBit / 8 - start, end - startBit / 8);
}

Result<std::span<const std::uint8_t>> FrameReader::State::greyFrame(int frame)
{
    if (!encapsulated)
        return nativeFrame(frame);
    auto decoded = encapsulated->decode(frame);
    if (!decoded)
        return fail(decoded.error().code, "{} cannot be read: {}", name, decoded.error().message);
    bytes = std::move(decoded->bytes);
    return std::span<const std::uint8_t>(bytes);
}

/// Interleaved 8-bit samples at full resolution.
Result<DecodedFrame> FrameReader::State::colourFrame(int frame, const PixelLayout &layout)
{
    DecodedFrame out{{}, layout.photometric};
    if (encapsulated) {
        auto decoded = encapsulated->decode(frame);
        if (!decoded)
            return fail(decoded.error().code, "{} cannot be read: {}", name, decoded.error().message);
        out.photometric = decoded->photometric;
        out.bytes = toBytes(decoded->bytes, layout.bitsAllocated, layout.bitsStored);
        return out;
    }
    const auto raw = nativeFrame(frame);
    if (!raw)
        return fail(raw.error());
    out.bytes = toBytes(*raw, layout.bitsAllocated, layout.bitsStored);
    if (isSubsampled(layout))
        out.bytes = spreadChroma(out.bytes);
    else if (isPlanar)
        out.bytes = interleaved(out.bytes);
    return out;
}

FrameReader::FrameReader(std::shared_ptr<State> state, PixelLayout layout)
    : m_state(std::move(state)), m_layout(std::move(layout))
{
}

Result<FrameReader> FrameReader::open(DicomFile &file)
{
    auto layout = pixelLayout(file);
    if (!layout)
        return fail(layout.error());
    auto state = std::make_shared<State>();
    if (auto opened = state->open(file, *layout); !opened)
        return fail(opened.error());
    return FrameReader(std::move(state), std::move(*layout));
}

Result<> FrameReader::readGrey(int frame, std::span<float> out, double slope, double intercept)
{
    auto &state = *m_state;
    if (frame < 0 || frame >= m_layout.frames || out.size() != pixelsOf(m_layout))
        return fail(ErrorCode::Invalid, "{} has no frame {} of {} pixels", state.name, frame + 1, out.size());
    if (m_layout.isColour())
        return fail(ErrorCode::Unsupported, "{} is a colour image", state.name);
    const auto raw = state.greyFrame(frame);
    if (!raw)
        return fail(raw.error());
    const auto *from = raw->data();
    switch (m_layout.bitsAllocated) {
    case 1: {
        const auto first = state.bitsPerFrame * static_cast<std::size_t>(frame) % 8;
        for (std::size_t n = 0; n < out.size(); ++n) {
            const int value = from[(first + n) / 8] >> ((first + n) % 8) & 1;
            out[n] = static_cast<float>((state.field.isTurned ? 1 - value : value) * slope + intercept);
        }
        break;
    }
    case 8:
        m_layout.isSigned ? rescale<std::int8_t>(from, out, state.field, slope, intercept)
                          : rescale<std::uint8_t>(from, out, state.field, slope, intercept);
        break;
    case 16:
        m_layout.isSigned ? rescale<std::int16_t>(from, out, state.field, slope, intercept)
                          : rescale<std::uint16_t>(from, out, state.field, slope, intercept);
        break;
    case 32:
        if (state.isReal)
            rescaleReal<float>(from, out, slope, intercept);
        else
            m_layout.isSigned ? rescale<std::int32_t>(from, out, state.field, slope, intercept)
                              : rescale<std::uint32_t>(from, out, state.field, slope, intercept);
        break;
    default: rescaleReal<double>(from, out, slope, intercept); break;
    }
    return {};
}

Result<std::vector<std::uint8_t>> FrameReader::readColour(int frame)
{
    auto &state = *m_state;
    if (frame < 0 || frame >= m_layout.frames)
        return fail(ErrorCode::Invalid, "{} has no frame {}", state.name, frame + 1);
    if (!m_layout.isColour())
        return fail(ErrorCode::Unsupported, "{} is a grey image", state.name);
    if (!state.palette) {
        auto colours = state.colourFrame(frame, m_layout);
        if (!colours)
            return fail(colours.error());
        if (!toRgb(colours->bytes, colours->photometric))
            return fail(ErrorCode::Unsupported, "{} has colours of the kind {}, which are not read", state.name,
                        colours->photometric);
        return std::move(colours->bytes);
    }
    const auto raw = state.greyFrame(frame);
    if (!raw)
        return fail(raw.error());
    std::vector<float> indices(pixelsOf(m_layout));
    const BitField field{state.field.up, state.field.down};
    if (m_layout.bitsAllocated == 8)
        m_layout.isSigned ? rescale<std::int8_t>(raw->data(), indices, field, 1, 0)
                          : rescale<std::uint8_t>(raw->data(), indices, field, 1, 0);
    else
        m_layout.isSigned ? rescale<std::int16_t>(raw->data(), indices, field, 1, 0)
                          : rescale<std::uint16_t>(raw->data(), indices, field, 1, 0);
    std::vector<std::uint8_t> rgb;
    rgb.reserve(3 * indices.size());
    for (const auto index : indices) {
        const auto colour = state.palette->colour(static_cast<int>(index));
        rgb.insert(rgb.end(), colour.begin(), colour.end());
    }
    return rgb;
}

} // namespace consilium::imaging::dicom
