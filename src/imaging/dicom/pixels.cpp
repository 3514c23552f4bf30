// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/dicom/pixels.h"

#include "imaging/dicom/colour.h"
#include "imaging/dicom/encapsulated.h"
#include "imaging/dicom/pixel_layout.h"
#include "imaging/dicom/sample_values.h"

#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcfcache.h>
#include <dcmtk/dcmdata/dcpixel.h>

#include <algorithm>
#include <cmath>
#include <cstring>
#include <functional>
#include <optional>

namespace consilium::imaging::dicom {
namespace {

std::size_t pixelsOf(const PixelLayout &layout)
{
    return static_cast<std::size_t>(layout.columns) * static_cast<std::size_t>(layout.rows);
}

} // namespace

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
    const auto highBit = wholeNumber(file, DCM_HighBit, layout.bitsStored - 1, 0, 63);
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
    if (layout.samples == 3 && (layout.bitsAllocated == 1 || kind.isReal))
        return fail(ErrorCode::Unsupported, "{} has colours of {} bits a sample, which are not read", name,
                    layout.bitsAllocated);
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
