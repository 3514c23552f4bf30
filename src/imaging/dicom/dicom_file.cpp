// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/dicom/dicom_file.h"

#include "imaging/dicom/byte_stream.h"
#include "imaging/dicom/character_set.h"
#include "imaging/dicom/deflated.h"

#include <dcmtk/dcmdata/dcbytstr.h>
#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dcdict.h>
#include <dcmtk/dcmdata/dcmetinf.h>
#include <dcmtk/dcmdata/dcuid.h>
#include <dcmtk/dcmdata/dcxfer.h>
#include <dcmtk/oflog/oflog.h>

#include <algorithm>
#include <charconv>
#include <cmath>
#include <cstdint>
#include <mutex>
#include <optional>

namespace consilium::imaging::dicom {
namespace {

/// Values above this stay on the disk until somebody asks for them.
constexpr Uint32 largestValueRead = 4096;

/// DCMTK logs to stderr unless told, and loads its dictionary at first use: better once, before there are threads.
void prepareDcmtk()
{
    static std::once_flag once;
    std::call_once(once, [] {
        OFLog::configure(OFLogger::OFF_LOG_LEVEL);
        // Some software names an explicit transfer syntax and writes an implicit one.
        dcmAcceptUnexpectedImplicitEncoding.set(OFTrue);
        (void)dcmDataDict.isDictionaryLoaded();
    });
}

std::uint32_t littleEndian(const unsigned char *bytes, int count)
{
    std::uint32_t value = 0;
    for (int n = 0; n < count; ++n)
        value |= static_cast<std::uint32_t>(bytes[n]) << (8 * n);
    return value;
}

/// A data set without preamble starts with a tag of a low, even group and either two letters of a VR or a length that
/// fits into the file.
bool startsWithElement(const unsigned char *bytes, std::uintmax_t fileSize)
{
    const bool bigEndian = bytes[0] == 0 && bytes[1] != 0;
    const auto group = bigEndian ? (bytes[0] << 8 | bytes[1]) : (bytes[1] << 8 | bytes[0]);
    if (group != 0x0002 && group != 0x0004 && group != 0x0008 && group != 0x0010)
        return false;
    const DcmVR vr(std::string(reinterpret_cast<const char *>(bytes) + 4, 2).c_str());
    const auto isLetter = [](unsigned char c) { return c >= 'A' && c <= 'Z'; };
    if (isLetter(bytes[4]) && isLetter(bytes[5]))
        return vr.isStandard();
    return !bigEndian && littleEndian(bytes + 4, 4) <= fileSize;
}

bool hasPreamble(const std::string &start)
{
    return start.size() >= 132 && start.compare(128, 4, "DICM") == 0;
}

Result<> checkIsDicom(const ByteOrigin &origin)
{
    const auto name = origin.file.string();
    const auto &start = *origin.start;
    if (start.empty())
        return fail(ErrorCode::Malformed, "{} is empty", name);
    if (hasPreamble(start))
        return {};
    if (start.starts_with("\x1f\x8b"))
        return failWithHint(ErrorCode::Unsupported, "Unpack it first", "{} is packed with gzip", name);
    if (start.size() < 8 || !startsWithElement(reinterpret_cast<const unsigned char *>(start.data()), origin.size))
        return fail(ErrorCode::Unsupported, "{} is not a DICOM file", name);
    return {};
}

Result<> checkRead(const std::string &name, const OFCondition &read, ByteStream &stream)
{
    const std::string hint = "Ask for the file again from where it came";
    if (stream.refusal())
        return failWithHint(ErrorCode::Malformed, hint, "{} is damaged: {}", name, stream.refusal());
    if (read.bad() && stream.eos())
        return failWithHint(ErrorCode::Malformed, hint, "{} breaks off in the middle of an element", name);
    if (read.bad())
        return failWithHint(ErrorCode::Malformed, hint, "{} is damaged: {}", name, read.text());
    return {};
}

/// Group 7FE0 starts the pixel data of every kind.
DcmTagKey stopTag(Depth depth)
{
    return depth == Depth::Header ? DcmTagKey(0x7fe0, 0x0000) : DCM_UndefinedTagKey;
}

/// Where the data set starts, when what stands before it says that it is deflated.
std::optional<std::uintmax_t> deflatedFrom(const ByteOrigin &origin)
{
    ByteStream stream(origin);
    DcmMetaInfo meta;
    meta.transferInit();
    const auto read = meta.read(stream, EXS_Unknown, EGL_noChange, largestValueRead);
    meta.transferEnd();
    if (read.bad() || text(meta, DCM_TransferSyntaxUID) != UID_DeflatedExplicitVRLittleEndianTransferSyntax)
        return std::nullopt;
    return static_cast<std::uintmax_t>(stream.tell());
}

std::string withoutPadding(std::string text)
{
    const auto isPadding = [](char c) { return c == ' ' || c == '\0'; };
    while (!text.empty() && isPadding(text.back()))
        text.pop_back();
    text.erase(0, std::min(text.find_first_not_of(' '), text.size()));
    return text;
}

/// The element's text as it stands in UTF-8, values separated by backslashes.
std::string wholeText(DcmItem &item, const DcmTagKey &tag, DcmEVR &vr)
{
    DcmElement *element = nullptr;
    if (item.findAndGetElement(tag, element).bad() || !element)
        return {};
    vr = element->ident();
    std::string raw;
    if (Uint8 *bytes = nullptr; vr == EVR_UN && element->getUint8Array(bytes).good() && bytes) {
        raw.assign(reinterpret_cast<const char *>(bytes), element->getLength());
    } else if (OFString value; element->getOFStringArray(value, OFFalse).good()) {
        raw.assign(value.data(), value.size());
    }
    return toUtf8(item, raw, vr);
}

} // namespace

Result<DicomFile> DicomFile::open(const std::filesystem::path &file, Depth depth)
{
    const auto origin = ByteOrigin::open(file);
    if (!origin)
        return fail(origin.error());
    return read(*origin, depth);
}

Result<DicomFile> DicomFile::fromBytes(std::string bytes, const std::filesystem::path &name, Depth depth)
{
    return read(ByteOrigin::inMemory(std::move(bytes), name), depth);
}

Result<DicomFile> DicomFile::read(const ByteOrigin &origin, Depth depth)
{
    if (auto checked = checkIsDicom(origin); !checked)
        return fail(checked.error());
    prepareDcmtk();
    DicomFile opened;
    opened.m_path = origin.file;
    opened.m_format = std::make_unique<DcmFileFormat>();
    const auto name = origin.file.string();
    if (const auto start = deflatedFrom(origin)) {
        const auto inflated = inflatedFrom(origin, *start);
        if (!inflated)
            return fail(inflated.error());
        ByteStream metaStream(origin), stream(*inflated);
        auto &meta = *opened.m_format->getMetaInfo();
        meta.transferInit();
        (void)meta.read(metaStream, EXS_Unknown, EGL_noChange, largestValueRead); // it was read before
        meta.transferEnd();
        auto &dataset = opened.dataset();
        dataset.transferInit();
        const auto read =
            dataset.readUntilTag(stream, EXS_LittleEndianExplicit, EGL_noChange, largestValueRead, stopTag(depth));
        dataset.transferEnd();
        if (auto checked = checkRead(name, read, stream); !checked)
            return fail(checked.error());
        opened.m_transferSyntax = UID_DeflatedExplicitVRLittleEndianTransferSyntax;
    } else {
        ByteStream stream(origin);
        opened.m_format->transferInit();
        const auto read =
            opened.m_format->readUntilTag(stream, EXS_Unknown, EGL_noChange, largestValueRead, stopTag(depth));
        opened.m_format->transferEnd();
        if (auto checked = checkRead(name, read, stream); !checked)
            return fail(checked.error());
        opened.m_transferSyntax = DcmXfer(opened.dataset().getOriginalXfer()).getXferID();
    }
    if (opened.dataset().isEmpty())
        return fail(ErrorCode::Malformed, "{} holds no DICOM data set", name);
    return opened;
}

std::string text(DcmItem &item, const DcmTagKey &tag)
{
    DcmEVR vr = EVR_UNKNOWN;
    return withoutPadding(wholeText(item, tag, vr));
}

std::vector<std::string> texts(DcmItem &item, const DcmTagKey &tag)
{
    DcmEVR vr = EVR_UNKNOWN;
    const auto whole = wholeText(item, tag, vr);
    if (withoutPadding(whole).empty())
        return {};
    if (vr == EVR_LT || vr == EVR_ST || vr == EVR_UT)
        return {withoutPadding(whole)};
    std::vector<std::string> values;
    for (std::size_t start = 0; start <= whole.size();) {
        const auto end = std::min(whole.find('\\', start), whole.size());
        values.push_back(withoutPadding(whole.substr(start, end - start)));
        start = end + 1;
    }
    return values;
}

std::vector<double> numbers(DcmItem &item, const DcmTagKey &tag)
{
    std::vector<double> values;
    for (auto &value : texts(item, tag)) {
        if (value.starts_with('+'))
            value.erase(0, 1);
        double number = 0;
        const auto [end, error] = std::from_chars(value.data(), value.data() + value.size(), number);
        if (error != std::errc() || end != value.data() + value.size() || !std::isfinite(number))
            return {};
        values.push_back(number);
    }
    return values;
}

double number(DcmItem &item, const DcmTagKey &tag, double otherwise)
{
    const auto values = numbers(item, tag);
    return values.empty() ? otherwise : values.front();
}

} // namespace consilium::imaging::dicom
