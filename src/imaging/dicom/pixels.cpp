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
#include <functional>
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

template <typename Sample, typename Value>
void eachStored(const std::uint8_t *from, std::span<float> out, const BitField &field, Value value)
{
    using Unsigned = std::make_unsigned_t<Sample>;
    const int up = field.up, down = field.down;
    for (std::size_t n = 0; n < out.size(); ++n) {
        Unsigned raw;
        std::memcpy(&raw, from + n * sizeof(raw), sizeof(raw));
        out[n] = value(static_cast<Sample>(static_cast<Sample>(static_cast<Unsigned>(raw << up)) >> down));
    }
}

template <typename Sample>
void rescale(const std::uint8_t *from, std::span<float> out, const BitField &field, double slope, double intercept)
{
    const double gain = field.isTurned ? -slope : slope;
    const double offset = field.isTurned ? intercept + slope * field.turned : intercept;
    // Most images by far: whole numbers, exact in 32 bits, which the processor does in a fraction of the time.
    const bool isShift = sizeof(Sample) <= 2 && std::abs(gain) == 1 && std::abs(offset) <= 1 << 20;
    if (isShift && offset == std::floor(offset)) {
        const auto sign = static_cast<std::int32_t>(gain), shift = static_cast<std::int32_t>(offset);
        eachStored<Sample>(from, out, field, [sign, shift](Sample value) {
            return static_cast<float>(static_cast<std::int32_t>(value) * sign + shift);
        });
    } else {
        eachStored<Sample>(from, out, field,
                           [gain, offset](Sample value) { return static_cast<float>(value * gain + offset); });
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

struct SampleKind
{
    int bits = 16; ///< 8, 16, 32 or 64
    bool isSigned = false, isReal = false;
};

void convert(const std::uint8_t *from, std::span<float> out, const SampleKind &kind, const BitField &field,
             double slope, double intercept)
{
    const auto integers = [&](auto asSigned, auto asUnsigned) {
        if (kind.isSigned)
            rescale<decltype(asSigned)>(from, out, field, slope, intercept);
        else
            rescale<decltype(asUnsigned)>(from, out, field, slope, intercept);
    };
    if (kind.bits == 64)
        rescaleReal<double>(from, out, slope, intercept);
    else if (kind.isReal)
        rescaleReal<float>(from, out, slope, intercept);
    else if (kind.bits == 32)
        integers(std::int32_t{}, std::uint32_t{});
    else if (kind.bits == 16)
        integers(std::int16_t{}, std::uint16_t{});
    else
        integers(std::int8_t{}, std::uint8_t{});
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
    SampleKind kind;
    DcmElement *pixels = nullptr; ///< of the file, which outlives the reader
    DcmFileCache cache;
    std::optional<EncapsulatedFrames> encapsulated;
    std::optional<Palette> palette;
    BitField field;
    bool isPlanar = false;        ///< uncompressed colour by plane
    bool hasSwappedWords = false; ///< 32-bit samples whose 16-bit halves lie the wrong way round
    std::size_t bitsPerFrame = 0; ///< uncompressed
    std::vector<std::uint8_t> bytes;

    Result<> open(DicomFile &file, const PixelLayout &layout);
    Result<> openNative(const PixelLayout &layout);
    Result<> readBitField(DicomFile &file, const PixelLayout &layout);
    Result<std::span<const std::uint8_t>> nativeBytes(std::size_t start, std::size_t count);
    Result<std::vector<std::uint8_t>> decodedGrey(int frame);
    Result<> eachPiece(int frame, const std::function<void(std::span<const std::uint8_t>)> &take);
    Result<> readBits(int frame, std::span<float> out, double slope, double intercept);
    Result<> readValues(int frame, std::span<float> out, double slope, double intercept);
    Result<DecodedFrame> colourFrame(int frame, const PixelLayout &layout);
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
    kind.bits = layout.bitsAllocated;
    kind.isSigned = layout.isSigned;
    pixels = findPixels(file.dataset(), kind.isReal);
    if (!pixels || pixels->isEmpty())
        return fail(ErrorCode::Malformed, "{} holds no pixel data", name);
    if (kind.isReal && layout.bitsAllocated != (pixels->getTag() == DCM_FloatPixelData ? 32 : 64))
        return fail(ErrorCode::Malformed, "{} is damaged: floating point pixels of {} bits", name,
                    layout.bitsAllocated);
    if (!kind.isReal && layout.bitsAllocated == 64)
        return fail(ErrorCode::Unsupported, "{} has 64-bit whole numbers as pixels, which are not read", name);
    if (auto read = readBitField(file, layout); !read)
        return fail(read.error());
    isPlanar = layout.samples == 3 && number(file.dataset(), DCM_PlanarConfiguration, 0) == 1;
    if (layout.photometric == "PALETTE COLOR") {
        if (layout.samples != 1 || (layout.bitsAllocated != 8 && layout.bitsAllocated != 16) || kind.isReal)
            return fail(ErrorCode::Malformed, "{} is damaged: {} bits are no index into a palette", name,
                        layout.bitsAllocated);
        auto read = Palette::read(file.dataset(), layout.isSigned);
        if (!read)
            return fail(read.error().code, "{} is damaged: {}", name, read.error().message);
        palette = std::move(*read);
    }

    auto *const element = kind.isReal ? nullptr : dynamic_cast<DcmPixelData *>(pixels);
    E_TransferSyntax syntax = file.dataset().getOriginalXfer();
    const DcmRepresentationParameter *parameter = nullptr;
    if (element)
        element->getOriginalRepresentationKey(syntax, parameter);
    if (!element || !DcmXfer(syntax).isEncapsulated()) {
        // PS3.5, 7.3: of a 32-bit sample in 16-bit words the most significant word comes first in big-endian files.
        hasSwappedWords = !kind.isReal && layout.bitsAllocated == 32 &&
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

/// Valid until the next call.
Result<std::span<const std::uint8_t>> FrameReader::State::nativeBytes(std::size_t start, std::size_t count)
{
    // Words stay whole, so that they can be turned round.
    const auto from = start / 4 * 4, to = std::min(std::size_t{pixels->getLength()}, (start + count + 3) / 4 * 4);
    bytes.resize(to - from);
    const auto read =
        pixels->getPartialValue(bytes.data(), static_cast<Uint32>(from), static_cast<Uint32>(to - from), &cache);
    if (read.bad())
        return fail(ErrorCode::Io, "{} cannot be read: its pixel data ({})", name, read.text());
    if (hasSwappedWords) {
        for (std::size_t n = 0; n + 3 < bytes.size(); n += 4) {
            std::swap(bytes[n], bytes[n + 2]);
            std::swap(bytes[n + 1], bytes[n + 3]);
        }
    }
    return std::span<const std::uint8_t>(bytes).subspan(start - from, count);
}

Result<std::vector<std::uint8_t>> FrameReader::State::decodedGrey(int frame)
{
    auto decoded = encapsulated->decode(frame);
    if (!decoded)
        return fail(decoded.error().code, "{} cannot be read: {}", name, decoded.error().message);
    return std::move(decoded->bytes);
}

/// Hands the samples of a frame on in order, in pieces that stay in the processor's cache; not for single bits.
Result<> FrameReader::State::eachPiece(int frame, const std::function<void(std::span<const std::uint8_t>)> &take)
{
    if (encapsulated) {
        const auto decoded = decodedGrey(frame);
        if (!decoded)
            return fail(decoded.error());
        take(*decoded);
        return {};
    }
    constexpr std::size_t piece = 64 * 1024;
    const auto size = bitsPerFrame / 8, start = size * static_cast<std::size_t>(frame);
    for (std::size_t done = 0; done < size; done += piece) {
        const auto read = nativeBytes(start + done, std::min(piece, size - done));
        if (!read)
            return fail(read.error());
        take(*read);
    }
    return {};
}

/// One bit a sample, the first in the lowest bit; frames may start within a byte (PS3.5, 8.1.1).
Result<> FrameReader::State::readBits(int frame, std::span<float> out, double slope, double intercept)
{
    const auto start = bitsPerFrame * static_cast<std::size_t>(frame), first = start % 8;
    const auto bits = nativeBytes(start / 8, (first + bitsPerFrame + 7) / 8);
    if (!bits)
        return fail(bits.error());
    for (std::size_t n = 0; n < out.size(); ++n) {
        const bool isSet = (*bits)[(first + n) / 8] >> ((first + n) % 8) & 1;
        out[n] = static_cast<float>((isSet != field.isTurned ? slope : 0) + intercept);
    }
    return {};
}

Result<> FrameReader::State::readValues(int frame, std::span<float> out, double slope, double intercept)
{
    if (kind.bits == 1)
        return readBits(frame, out, slope, intercept);
    const auto width = static_cast<std::size_t>(kind.bits / 8);
    return eachPiece(frame, [&, done = std::size_t{0}](std::span<const std::uint8_t> samples) mutable {
        const auto count = samples.size() / width;
        convert(samples.data(), out.subspan(done, count), kind, field, slope, intercept);
        done += count;
    });
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
    const auto size = bitsPerFrame / 8;
    const auto raw = nativeBytes(size * static_cast<std::size_t>(frame), size);
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
    return state.readValues(frame, out, slope, intercept);
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
    // Indices are looked up as they are stored, MONOCHROME1 or a rescale do not concern them.
    std::vector<float> indices(pixelsOf(m_layout));
    if (auto read = state.readValues(frame, indices, 1, 0); !read)
        return fail(read.error());
    std::vector<std::uint8_t> rgb;
    rgb.reserve(3 * indices.size());
    for (const auto index : indices) {
        const auto colour = state.palette->colour(static_cast<int>(index));
        rgb.insert(rgb.end(), colour.begin(), colour.end());
    }
    return rgb;
}

} // namespace consilium::imaging::dicom
