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

ByteProducer::ByteProducer(ByteOrigin origin, std::uintmax_t offset)
    : m_origin(std::move(origin)), m_status(EC_Normal), m_stackAtStart(stackPosition())
{
    if (m_origin.memory) {
        m_size = m_origin.memory->size();
    } else {
        std::error_code error;
        m_size = std::filesystem::file_size(m_origin.file, error);
        m_file.pubsetbuf(nullptr, 0); // the window is the buffer
        if (error || !m_file.open(m_origin.file, std::ios::in | std::ios::binary)) {
            m_size = 0;
            m_status = EC_InvalidStream;
        }
    }
    m_position = std::min(offset, m_size);
}

std::size_t ByteProducer::readFile(char *to, std::size_t count)
{
    const auto at = [&](std::uintmax_t position, char *buffer, std::size_t length) {
        if (m_file.pubseekpos(static_cast<std::streamoff>(position)) == std::streampos(-1))
            return std::size_t{0};
        return static_cast<std::size_t>(m_file.sgetn(buffer, static_cast<std::streamsize>(length)));
    };
    std::size_t done = 0;
    while (done < count) {
        const auto position = m_position + done;
        if (position >= m_windowStart && position < m_windowStart + m_window.size()) {
            const auto within = static_cast<std::size_t>(position - m_windowStart);
            const auto length = std::min(count - done, m_window.size() - within);
            std::memcpy(to + done, m_window.data() + within, length);
            done += length;
        } else if (count - done >= windowSize) {
            const auto length = at(position, to + done, count - done);
            if (length == 0)
                break;
            done += length;
        } else {
            m_window.resize(windowSize);
            m_window.resize(at(position, m_window.data(), windowSize));
            m_windowStart = position;
            if (m_window.empty())
                break;
        }
    }
    return done;
}

offile_off_t ByteProducer::read(void *buffer, offile_off_t length)
{
    const auto stack = stackPosition();
    if (std::max(stack, m_stackAtStart) - std::min(stack, m_stackAtStart) > deepestStack) {
        m_isTooDeep = true;
        m_status = EC_CorruptedData;
        m_position = m_size;
    }
    if (m_status.bad() || !buffer || length <= 0)
        return 0;
    const auto count = static_cast<std::size_t>(std::min<std::uintmax_t>(length, m_size - m_position));
    std::size_t done = count;
    if (m_origin.memory)
        std::memcpy(buffer, m_origin.memory->data() + m_position, count);
    else
        done = readFile(static_cast<char *>(buffer), count);
    if (done < count)
        m_status = EC_InvalidStream; // the disk said no, or the file shrank
    m_position += done;
    return static_cast<offile_off_t>(done);
}

offile_off_t ByteProducer::skip(offile_off_t length)
{
    if (m_status.bad() || length <= 0)
        return 0;
    const auto count = std::min<std::uintmax_t>(length, m_size - m_position);
    m_position += count;
    return static_cast<offile_off_t>(count);
}

void ByteProducer::putback(offile_off_t length)
{
    if (length < 0 || static_cast<std::uintmax_t>(length) > m_position)
        m_status = EC_PutbackFailed;
    else if (!m_isTooDeep)
        m_position -= static_cast<std::uintmax_t>(length);
}

ByteStream::ByteStream(ByteOrigin origin, std::uintmax_t offset)
    : DcmInputStream(&m_producer), m_producer(std::move(origin), offset)
{
}

DcmInputStreamFactory *ByteStream::newFactory() const
{
    // Behind a decompressor there is no place to come back to.
    if (currentProducer() != &m_producer)
        return nullptr;
    return new ByteStreamFactory(m_producer.origin(), m_producer.position());
}

} // namespace consilium::imaging::dicom
