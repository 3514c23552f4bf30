// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/dicom/encapsulated.h"

#include "imaging/dicom/jpeg2000.h"
#include "imaging/dicom/jpeg_header.h"
#include "imaging/dicom/jpeg_ls.h"

#include <dcmtk/dcmdata/dccodec.h>
#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcpxitem.h>
#include <dcmtk/dcmjpeg/djdecode.h>

#include <algorithm>
#include <array>
#include <cstring>
#include <mutex>

namespace consilium::imaging::dicom {
namespace {

/// More than any detector or scanned film has; keeps damaged sizes from becoming gigabytes of memory.
constexpr std::size_t largestFrame = std::size_t{512} << 20;

enum class Compression { None, Rle, Jpeg, Jpeg2000 };

Compression compressionOf(E_TransferSyntax syntax)
{
    switch (syntax) {
    case EXS_RLELossless: return Compression::Rle;
    case EXS_JPEG2000LosslessOnly:
    case EXS_JPEG2000:
    case EXS_JPEG2000MulticomponentLosslessOnly:
    case EXS_JPEG2000Multicomponent: return Compression::Jpeg2000;
    case EXS_JPEGLSLossless:
    case EXS_JPEGLSLossy: return Compression::Jpeg;
    default:
        return syntax >= EXS_JPEGProcess1 && syntax <= EXS_JPEGProcess14SV1 ? Compression::Jpeg : Compression::None;
    }
}

void registerDecoders()
{
    static std::once_flag once;
    std::call_once(once, [] {
        DJDecoderRegistration::registerCodecs(EDC_photometricInterpretation, EUC_never, EPC_colorByPixel);
    });
}

/// The bytes of a fragment, without leaving a copy of them in the data set.
bool appendBytes(DcmPixelItem &fragment, std::uint32_t count, std::vector<std::uint8_t> &bytes)
{
    const auto start = bytes.size();
    bytes.resize(start + count);
    return count == 0 || fragment.getPartialValue(bytes.data() + start, 0, count).good();
}

bool startsFrame(DcmPixelItem &fragment, Compression compression)
{
    std::vector<std::uint8_t> start;
    if (fragment.getLength() < 8 || !appendBytes(fragment, 8, start))
        return false;
    if (compression == Compression::Jpeg)
        return start[0] == 0xff && start[1] == 0xd8;
    constexpr std::array<std::uint8_t, 4> bare{0xff, 0x4f, 0xff, 0x51};
    return std::equal(bare.begin(), bare.end(), start.begin()) || std::memcmp(start.data() + 4, "jP  ", 4) == 0;
}

/// The fragments that the basic offset table points at (PS3.5, A.4); empty when it does not point at all frames.
std::vector<std::size_t> startsByTable(DcmPixelItem &table, const std::vector<DcmPixelItem *> &fragments,
                                       std::size_t frames)
{
    const auto length = table.getLength();
    std::vector<std::uint8_t> bytes;
    if (length != 4 * frames || !appendBytes(table, length, bytes))
        return {};
    std::vector<std::size_t> starts;
    std::uint64_t position = 0;
    for (std::size_t n = 0; n < fragments.size() && starts.size() < frames; ++n) {
        const auto *entry = bytes.data() + 4 * starts.size();
        const std::uint32_t wanted = entry[0] | entry[1] << 8 | entry[2] << 16 | std::uint32_t{entry[3]} << 24;
        if (position == wanted)
            starts.push_back(n);
        position += 8 + std::uint64_t{fragments[n]->getLength()};
    }
    return starts.size() == frames ? starts : std::vector<std::size_t>{};
}

std::vector<std::size_t> startsByMarker(const std::vector<DcmPixelItem *> &fragments, Compression compression)
{
    std::vector<std::size_t> starts;
    for (std::size_t n = 0; n < fragments.size(); ++n) {
        if (startsFrame(*fragments[n], compression))
            starts.push_back(n);
    }
    return starts;
}

/// PackBits, as PS3.5 annex G.3.1 has it. False when the data end before the segment is full.
bool unpackRle(std::span<const std::uint8_t> packed, std::span<std::uint8_t> out, std::size_t step)
{
    std::size_t to = 0;
    for (std::size_t at = 0; at < packed.size() && to < out.size();) {
        const auto code = packed[at++];
        if (code == 128)
            continue;
        const std::size_t count = code < 128 ? code + 1u : 257u - code;
        for (std::size_t n = 0; n < count && to < out.size(); ++n, to += step) {
            const auto from = at + (code < 128 ? n : 0);
            if (from >= packed.size())
                return false;
            out[to] = packed[from];
        }
        at += code < 128 ? count : 1;
    }
    return to >= out.size();
}

std::uint32_t littleEndian32(const std::uint8_t *bytes)
{
    return bytes[0] | bytes[1] << 8 | bytes[2] << 16 | std::uint32_t{bytes[3]} << 24;
}

/// What DCMTK's decoders look up in a data set.
void describe(DcmItem &item, const PixelLayout &layout, const JpegHeader &jpeg, const std::string &photometric)
{
    const auto bits = static_cast<Uint16>(jpeg.precision > 8 ? 16 : 8);
    item.putAndInsertUint16(DCM_Rows, static_cast<Uint16>(layout.rows));
    item.putAndInsertUint16(DCM_Columns, static_cast<Uint16>(layout.columns));
    item.putAndInsertUint16(DCM_SamplesPerPixel, static_cast<Uint16>(layout.samples));
    item.putAndInsertString(DCM_PhotometricInterpretation, photometric.c_str());
    item.putAndInsertUint16(DCM_BitsAllocated, bits);
    item.putAndInsertUint16(DCM_BitsStored, static_cast<Uint16>(jpeg.precision));
    item.putAndInsertUint16(DCM_HighBit, static_cast<Uint16>(jpeg.precision - 1));
    item.putAndInsertUint16(DCM_PixelRepresentation, 0);
    item.putAndInsertString(DCM_NumberOfFrames, "1");
    if (layout.samples > 1)
        item.putAndInsertUint16(DCM_PlanarConfiguration, 0);
}

/// A lossy JPEG says itself whether it is YCbCr, and software that writes the photometric interpretation wrong is
/// common. Without a word in the stream the data set's stands.
std::string jpegPhotometric(const PixelLayout &layout, const JpegHeader &jpeg)
{
    if (layout.samples == 1)
        return "MONOCHROME2"; // decoded as it is
    if (jpeg.process == JpegProcess::Lossless || jpeg.process == JpegProcess::LosslessLs)
        return layout.photometric;
    switch (jpeg.colour) {
    case JpegColour::Rgb: return "RGB";
    case JpegColour::YCbCr: return "YBR_FULL";
    case JpegColour::Unsaid: break;
    }
    return layout.photometric;
}

E_TransferSyntax syntaxOf(JpegProcess process)
{
    switch (process) {
    case JpegProcess::Sequential: return EXS_JPEGProcess2_4;
    case JpegProcess::Progressive: return EXS_JPEGProcess10_12;
    case JpegProcess::Lossless: return EXS_JPEGProcess14;
    case JpegProcess::LosslessLs: break; // not by DCMTK
    }
    return EXS_Unknown;
}

Result<> checkJpeg(const JpegHeader &jpeg, const PixelLayout &layout)
{
    // A height of 0 is told later in the stream (DNL).
    if (jpeg.columns != layout.columns || (jpeg.rows != layout.rows && jpeg.rows != 0))
        return fail(ErrorCode::Malformed, "its JPEG data are {} x {}, its header says {} x {}", jpeg.columns, jpeg.rows,
                    layout.columns, layout.rows);
    if (jpeg.components != layout.samples)
        return fail(ErrorCode::Malformed, "its JPEG data have {} samples a pixel, its header says {}", jpeg.components,
                    layout.samples);
    if (jpeg.precision < 2 || jpeg.precision > std::min(16, layout.bitsAllocated))
        return fail(ErrorCode::Malformed, "its JPEG data have {} bits a sample, its header allows {}", jpeg.precision,
                    layout.bitsAllocated);
    return {};
}

/// Samples of `from` bytes into samples of `to` bytes.
std::vector<std::uint8_t> widened(const std::vector<std::uint8_t> &bytes, std::size_t from, std::size_t to)
{
    std::vector<std::uint8_t> wide(bytes.size() / from * to);
    for (std::size_t n = 0; n < bytes.size() / from; ++n)
        std::copy_n(bytes.begin() + static_cast<std::ptrdiff_t>(n * from), from,
                    wide.begin() + static_cast<std::ptrdiff_t>(n * to));
    return wide;
}

} // namespace

Result<EncapsulatedFrames> EncapsulatedFrames::find(DcmPixelSequence &sequence, E_TransferSyntax syntax,
                                                    const PixelLayout &layout)
{
    const auto compression = compressionOf(syntax);
    if (compression == Compression::None)
        return failWithHint(ErrorCode::Unsupported, "Ask for it uncompressed",
                            "its compression ({}) is not one that is read", DcmXfer(syntax).getXferName());
    const auto pixels = static_cast<std::size_t>(layout.columns) * static_cast<std::size_t>(layout.rows);
    if (pixels * static_cast<std::size_t>(layout.samples * layout.bitsAllocated / 8) > largestFrame)
        return fail(ErrorCode::Unsupported, "its compressed frames of {} x {} are larger than are read", layout.columns,
                    layout.rows);
    if (layout.bitsAllocated != 8 && layout.bitsAllocated != 16 && layout.bitsAllocated != 32)
        return fail(ErrorCode::Malformed, "compressed data of {} bits allocated are not possible",
                    layout.bitsAllocated);

    EncapsulatedFrames found;
    found.m_syntax = syntax;
    found.m_layout = layout;
    DcmPixelItem *table = nullptr;
    const auto count = sequence.card();
    found.m_fragments.reserve(count);
    // nextInContainer instead of getItem(n), which counts from the start each time.
    for (DcmObject *item = sequence.nextInContainer(nullptr); item; item = sequence.nextInContainer(item)) {
        auto *fragment = dynamic_cast<DcmPixelItem *>(item);
        if (!table)
            table = fragment;
        else if (fragment)
            found.m_fragments.push_back(fragment);
    }
    const auto frames = static_cast<std::size_t>(layout.frames);
    if (found.m_fragments.size() < frames)
        return fail(ErrorCode::Malformed, "its pixel data hold {} of {} frames", found.m_fragments.size(), frames);

    auto &starts = found.m_firstFragment;
    if (frames == 1) {
        starts = {0};
    } else if (found.m_fragments.size() == frames) {
        for (std::size_t n = 0; n < frames; ++n)
            starts.push_back(n);
    } else {
        starts = startsByTable(*table, found.m_fragments, frames);
        if (starts.empty() && compression != Compression::Rle)
            starts = startsByMarker(found.m_fragments, compression);
        if (starts.size() != frames)
            return fail(ErrorCode::Malformed, "its {} fragments of pixel data cannot be told apart into {} frames",
                        found.m_fragments.size(), frames);
    }
    starts.push_back(found.m_fragments.size());
    return found;
}

Result<std::vector<std::uint8_t>> EncapsulatedFrames::compressed(int frame)
{
    const auto index = static_cast<std::size_t>(frame);
    std::vector<std::uint8_t> bytes;
    for (auto n = m_firstFragment[index]; n < m_firstFragment[index + 1]; ++n) {
        if (!appendBytes(*m_fragments[n], m_fragments[n]->getLength(), bytes))
            return fail(ErrorCode::Malformed, "its frame {} cannot be read", frame + 1);
    }
    return bytes;
}

Result<DecodedFrame> EncapsulatedFrames::decode(int frame)
{
    auto stream = compressed(frame);
    if (!stream)
        return fail(stream.error());
    switch (compressionOf(m_syntax)) {
    case Compression::Rle: return decodeRle(*stream);
    case Compression::Jpeg: return decodeJpeg(*stream);
    default: break;
    }
    const FrameShape shape{m_layout.columns, m_layout.rows, m_layout.samples, m_layout.bitsAllocated / 8};
    auto decoded = decodeJpeg2000(*stream, shape);
    if (!decoded)
        return fail(decoded.error());
    // The stream's own transforms (RCT, ICT) are undone by now.
    const auto photometric = m_layout.photometric.starts_with("YBR_RCT") || m_layout.photometric.starts_with("YBR_ICT")
                                 ? std::string("RGB")
                                 : m_layout.photometric;
    return DecodedFrame{std::move(*decoded), photometric};
}

/// PS3.5, annex G: one segment a byte of a sample, most significant byte first.
Result<DecodedFrame> EncapsulatedFrames::decodeRle(std::span<const std::uint8_t> stream) const
{
    const auto damaged = [] { return fail(ErrorCode::Malformed, "its RLE data are damaged"); };
    const auto sampleBytes = static_cast<std::size_t>(m_layout.bitsAllocated / 8);
    const auto samples = static_cast<std::size_t>(m_layout.samples);
    const auto segments = sampleBytes * samples;
    const auto pixels = static_cast<std::size_t>(m_layout.columns) * static_cast<std::size_t>(m_layout.rows);
    // Two bytes make at most 128: what is too short is found before memory is taken.
    if (stream.size() < 64 || littleEndian32(stream.data()) != segments || pixels * segments > stream.size() * 64)
        return damaged();
    DecodedFrame decoded{std::vector<std::uint8_t>(pixels * segments), m_layout.photometric};
    for (std::size_t n = 0; n < segments; ++n) {
        const std::size_t start = littleEndian32(stream.data() + 4 + 4 * n);
        std::size_t end = n + 1 < segments ? littleEndian32(stream.data() + 8 + 4 * n) : stream.size();
        if (start < 64 || start > stream.size() || end < start)
            return damaged();
        end = std::min(end, stream.size());
        const auto sample = n / sampleBytes, byte = sampleBytes - 1 - n % sampleBytes;
        const auto out = std::span(decoded.bytes).subspan(sample * sampleBytes + byte);
        if (!unpackRle(stream.subspan(start, end - start), out, segments))
            return damaged();
    }
    return decoded;
}

Result<DecodedFrame> EncapsulatedFrames::decodeJpeg(std::span<const std::uint8_t> stream) const
{
    registerDecoders();
    const auto jpeg = readJpegHeader(stream);
    if (!jpeg)
        return fail(ErrorCode::Malformed, "its JPEG data are damaged");
    if (auto checked = checkJpeg(*jpeg, m_layout); !checked)
        return fail(checked.error());

    const std::size_t sampleBytes = jpeg->precision > 8 ? 2 : 1;
    const auto wanted = static_cast<std::size_t>(m_layout.bitsAllocated / 8);
    const auto size = static_cast<std::size_t>(m_layout.columns) * static_cast<std::size_t>(m_layout.rows) *
                      static_cast<std::size_t>(m_layout.samples) * sampleBytes;
    // DCMTK's copy of CharLS ends the program at damaged data where it is built with assertions, as Debian does.
    if (jpeg->process == JpegProcess::LosslessLs) {
        auto samples = decodeJpegLs(stream, size);
        if (!samples)
            return fail(samples.error());
        return DecodedFrame{wanted > sampleBytes ? widened(*samples, sampleBytes, wanted) : std::move(*samples),
                            m_layout.photometric};
    }

    // The frame alone, in a data set of its own, described by what its stream says: decoders then need not guess which
    // fragments belong to it, and files whose transfer syntax names another process of JPEG open as well.
    DcmDataset item;
    const auto photometric = jpegPhotometric(m_layout, *jpeg);
    describe(item, m_layout, *jpeg, photometric);
    DcmPixelSequence sequence(DcmTag(DCM_PixelData, EVR_OB));
    sequence.insert(new DcmPixelItem(DcmTag(DCM_PixelItemTag, EVR_OB)));
    auto *fragment = new DcmPixelItem(DcmTag(DCM_PixelItemTag, EVR_OB));
    sequence.insert(fragment);
    if (fragment->putUint8Array(stream.data(), static_cast<unsigned long>(stream.size())).bad())
        return fail(ErrorCode::Malformed, "its JPEG data cannot be taken over");

    DecodedFrame decoded{std::vector<std::uint8_t>(size + size % 2), photometric};
    Uint32 startFragment = 1;
    OFString model;
    const auto done =
        DcmCodecList::decodeFrame(DcmXfer(syntaxOf(jpeg->process)), nullptr, &sequence, &item, 0, startFragment,
                                  decoded.bytes.data(), static_cast<Uint32>(decoded.bytes.size()), model);
    if (done.bad())
        return fail(ErrorCode::Malformed, "its JPEG data are damaged ({})", done.text());
    decoded.bytes.resize(size);
    if (m_layout.samples > 1 && !model.empty())
        decoded.photometric = model.c_str();
    if (wanted > sampleBytes)
        decoded.bytes = widened(decoded.bytes, sampleBytes, wanted);
    return decoded;
}

} // namespace consilium::imaging::dicom
