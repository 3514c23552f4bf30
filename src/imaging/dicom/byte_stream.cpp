// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/dicom/byte_stream.h"

#include <dcmtk/dcmdata/dcerror.h>

#include <algorithm>
#include <cstring>
#include <utility>

namespace consilium::imaging::dicom {
namespace {

/// Most headers fit, so that one read of the disk is enough for them.
constexpr std::size_t windowSize = 32 * 1024;
/// Threads have 8 MiB of stack on Linux, 1 MiB on Windows. Real files use some 20 KiB of it.
constexpr std::uintptr_t deepestStack = 512 * 1024;
/// Tags rise within a data set and within an item (PS3.5, 7.1). Sloppy files break that a few times.
constexpr int mostDescents = 4096;

std::uintptr_t stackPosition()
{
    volatile char here = 0;
    return reinterpret_cast<std::uintptr_t>(&here);
}

class ByteStreamFactory : public DcmInputStreamFactory
{
public:
    ByteStreamFactory(ByteOrigin origin, std::uintmax_t offset) : m_origin(std::move(origin)), m_offset(offset) {}

    DcmInputStream *create() const override { return new ByteStream(m_origin, m_offset); }
    DcmInputStreamFactory *clone() const override { return new ByteStreamFactory(m_origin, m_offset); }
    // What DCMTK calls a plain file is one that it may open by name itself; this is none.
    DcmInputStreamFactoryType ident() const override { return DFT_DcmInputTempFileStreamFactory; }

private:
    ByteOrigin m_origin;
    std::uintmax_t m_offset;
};

} // namespace

Result<ByteOrigin> ByteOrigin::open(const std::filesystem::path &file)
{
    std::error_code error;
    const auto status = std::filesystem::status(file, error);
    if (!std::filesystem::exists(status))
        return fail(ErrorCode::NotFound, "{} is not there", file.string());
    if (!std::filesystem::is_regular_file(status))
        return fail(ErrorCode::Unsupported, "{} is not a file", file.string());
    const auto size = std::filesystem::file_size(file, error);
    std::filebuf in;
    in.pubsetbuf(nullptr, 0); // it is read once
    if (error || !in.open(file, std::ios::in | std::ios::binary))
        return failWithHint(ErrorCode::Io, "Check that you may read it", "{} cannot be opened", file.string());
    std::string start(static_cast<std::size_t>(std::min<std::uintmax_t>(size, windowSize)), '\0');
    const auto count = in.sgetn(start.data(), static_cast<std::streamsize>(start.size()));
    if (count != static_cast<std::streamsize>(start.size()))
        return fail(ErrorCode::Io, "{} cannot be read", file.string());
    return ByteOrigin{file, size, std::make_shared<const std::string>(std::move(start))};
}

ByteOrigin ByteOrigin::inMemory(std::string bytes, const std::filesystem::path &name)
{
    const auto size = bytes.size();
    return {name, size, std::make_shared<const std::string>(std::move(bytes))};
}

ByteProducer::ByteProducer(ByteOrigin origin, std::uintmax_t offset)
    : m_origin(std::move(origin)), m_position(std::min(offset, m_origin.size)), m_status(EC_Normal),
      m_stackAtStart(stackPosition())
{
}

/// Past the buffers, from the disk.
std::size_t ByteProducer::readFile(std::uintmax_t position, char *to, std::size_t count)
{
    if (!m_file.is_open()) {
        m_file.pubsetbuf(nullptr, 0); // the window is the buffer
        m_file.open(m_origin.file, std::ios::in | std::ios::binary);
    }
    if (m_file.pubseekpos(static_cast<std::streamoff>(position)) == std::streampos(-1))
        return 0;
    return static_cast<std::size_t>(m_file.sgetn(to, static_cast<std::streamsize>(count)));
}

/// As many bytes as lie together; 0 when there are none.
std::size_t ByteProducer::readPiece(std::uintmax_t position, char *to, std::size_t count)
{
    const auto copy = [&](const char *bytes, std::uintmax_t start, std::size_t size) {
        const auto length = std::min<std::uintmax_t>(count, start + size - position);
        std::memcpy(to, bytes + (position - start), length);
        return static_cast<std::size_t>(length);
    };
    if (position < m_origin.start->size())
        return copy(m_origin.start->data(), 0, m_origin.start->size());
    const bool isInWindow = position >= m_windowStart && position < m_windowStart + m_window.size();
    if (!isInWindow && count >= windowSize)
        return readFile(position, to, count);
    if (!isInWindow) {
        m_window.resize(windowSize);
        m_window.resize(readFile(position, m_window.data(), windowSize));
        m_windowStart = position;
    }
    return m_window.empty() ? 0 : copy(m_window.data(), m_windowStart, m_window.size());
}

offile_off_t ByteProducer::read(void *buffer, offile_off_t length)
{
    const auto stack = stackPosition();
    if (std::max(stack, m_stackAtStart) - std::min(stack, m_stackAtStart) > deepestStack) {
        refuse("its sequences are nested without end");
    }
    if (m_status.bad() || !buffer || length <= 0)
        return 0;
    const auto count = static_cast<std::size_t>(std::min<std::uintmax_t>(length, m_origin.size - m_position));
    std::size_t done = 0;
    while (done < count) {
        const auto piece = readPiece(m_position + done, static_cast<char *>(buffer) + done, count - done);
        if (piece == 0)
            break;
        done += piece;
    }
    if (done < count)
        m_status = EC_InvalidStream; // the disk said no, or the file shrank
    m_position += done;
    if (m_tagBytes < 4)
        noteTag(static_cast<const unsigned char *>(buffer), done);
    return static_cast<offile_off_t>(done);
}

void ByteProducer::refuse(const char *why)
{
    m_refusal = why;
    m_status = EC_CorruptedData;
    m_position = m_origin.size;
}

void ByteProducer::expectTag()
{
    // A tag that is read again is the same one.
    if (m_position <= m_tagPosition)
        return;
    m_tagPosition = m_position;
    m_tagBytes = 0;
}

void ByteProducer::noteTag(const unsigned char *bytes, std::size_t count)
{
    for (std::size_t n = 0; n < count && m_tagBytes < m_tag.size(); ++n)
        m_tag[m_tagBytes++] = bytes[n];
    if (m_tagBytes < m_tag.size())
        return;
    // Of big-endian files this is another number, which falls oftener, though never as often as garbage.
    const auto group = std::uint32_t{m_tag[0]} | std::uint32_t{m_tag[1]} << 8;
    const auto tag = group << 16 | m_tag[2] | std::uint32_t{m_tag[3]} << 8;
    const bool isItem = group == 0xfffe || group == 0xfeff;
    m_descents = isItem ? 0 : m_descents + (tag <= m_lastTag);
    m_lastTag = tag;
    if (m_descents > mostDescents)
        refuse("where its elements should be is something else");
}

offile_off_t ByteProducer::skip(offile_off_t length)
{
    if (m_status.bad() || length <= 0)
        return 0;
    const auto count = std::min<std::uintmax_t>(length, m_origin.size - m_position);
    m_position += count;
    return static_cast<offile_off_t>(count);
}

void ByteProducer::putback(offile_off_t length)
{
    if (length < 0 || static_cast<std::uintmax_t>(length) > m_position)
        m_status = EC_PutbackFailed;
    else if (!m_refusal)
        m_position -= static_cast<std::uintmax_t>(length);
}

ByteStream::ByteStream(ByteOrigin origin, std::uintmax_t offset)
    : DcmInputStream(&m_producer), m_producer(std::move(origin), offset)
{
}

void ByteStream::mark()
{
    DcmInputStream::mark();
    m_producer.expectTag();
}

DcmInputStreamFactory *ByteStream::newFactory() const
{
    // Behind a decompressor there is no place to come back to.
    if (currentProducer() != &m_producer)
        return nullptr;
    return new ByteStreamFactory(m_producer.origin(), m_producer.position());
}

} // namespace consilium::imaging::dicom
