// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/byte_source.h"

#include <algorithm>
#include <fstream>
#include <limits>
#include <vector>
#include <zlib.h>

namespace consilium::imaging {

namespace fs = std::filesystem;

struct ByteSource::State
{
    std::ifstream stream;
    std::uint64_t fileSize = 0;
    bool compressed = false;
    bool finished = false; // the last gzip member is complete
    std::vector<unsigned char> input = std::vector<unsigned char>(256 * 1024);
    z_stream inflater{};

    ~State()
    {
        if (compressed)
            inflateEnd(&inflater);
    }

    // Compressed bytes that are ready, after asking the file for more when there are none.
    Result<std::size_t> available()
    {
        if (inflater.avail_in == 0) {
            stream.read(reinterpret_cast<char *>(input.data()), static_cast<std::streamsize>(input.size()));
            if (stream.bad())
                return fail(ErrorCode::Io, "the disk failed while reading");
            inflater.next_in = input.data();
            inflater.avail_in = static_cast<uInt>(stream.gcount());
        }
        return inflater.avail_in;
    }

    Result<std::size_t> inflateInto(std::span<std::byte> out)
    {
        std::size_t filled = 0;
        while (filled < out.size() && !finished) {
            const auto ready = available();
            if (!ready)
                return ready;
            if (*ready == 0)
                return fail(ErrorCode::Malformed, "it is truncated: the compressed data breaks off");
            const auto room = std::min<std::size_t>(out.size() - filled, std::numeric_limits<uInt>::max());
            inflater.next_out = reinterpret_cast<Bytef *>(out.data() + filled);
            inflater.avail_out = static_cast<uInt>(room);
            const int status = inflate(&inflater, Z_NO_FLUSH);
            filled += room - inflater.avail_out;
            if (status == Z_STREAM_END) {
                if (auto next = startNextMember(); !next)
                    return fail(next.error());
            } else if (status != Z_OK && status != Z_BUF_ERROR) {
                return fail(ErrorCode::Malformed, "the compressed data is damaged");
            }
        }
        return filled;
    }

    // Bytes after a member that do not begin another one are padding, as gzip itself takes them.
    Result<> startNextMember()
    {
        const auto ready = available();
        if (!ready)
            return fail(ready.error());
        if (*ready == 0 || *inflater.next_in != 0x1f)
            finished = true;
        else
            inflateReset(&inflater);
        return {};
    }
};

ByteSource::ByteSource(std::unique_ptr<State> state) : m_state(std::move(state)) {}
ByteSource::ByteSource(ByteSource &&) noexcept = default;
ByteSource &ByteSource::operator=(ByteSource &&) noexcept = default;
ByteSource::~ByteSource() = default;

Result<ByteSource> ByteSource::open(const fs::path &file)
{
    std::error_code error;
    const auto status = fs::status(file, error);
    if (!fs::exists(status))
        return fail(ErrorCode::NotFound, "{} does not exist", file.string());
    if (fs::is_directory(status))
        return fail(ErrorCode::Invalid, "{} is a folder, not a file", file.string());

    auto state = std::make_unique<State>();
    state->fileSize = fs::file_size(file, error);
    state->stream.open(file, std::ios::binary);
    if (error || !state->stream)
        return fail(ErrorCode::Io, "{} could not be opened for reading", file.string());

    unsigned char magic[2] = {0, 0};
    state->stream.read(reinterpret_cast<char *>(magic), sizeof magic);
    const bool gzip = state->stream.gcount() == sizeof magic && magic[0] == 0x1f && magic[1] == 0x8b;
    state->stream.clear();
    state->stream.seekg(0);
    if (gzip) {
        if (inflateInit2(&state->inflater, 15 + 16) != Z_OK) // the largest window, in gzip's wrapping
            return fail(ErrorCode::Internal, "{} could not be decompressed: out of memory", file.string());
        state->compressed = true;
    }
    return ByteSource(std::move(state));
}

Result<std::size_t> ByteSource::read(std::span<std::byte> out)
{
    if (m_state->compressed)
        return m_state->inflateInto(out);
    m_state->stream.read(reinterpret_cast<char *>(out.data()), static_cast<std::streamsize>(out.size()));
    if (m_state->stream.bad())
        return fail(ErrorCode::Io, "the disk failed while reading");
    return static_cast<std::size_t>(m_state->stream.gcount());
}

Result<std::uint64_t> ByteSource::drain()
{
    if (!m_state->compressed) {
        m_state->stream.clear();
        return m_state->fileSize - static_cast<std::uint64_t>(m_state->stream.tellg());
    }
    std::vector<std::byte> unused(256 * 1024);
    std::uint64_t left = 0;
    for (;;) {
        const auto count = read(unused);
        if (!count)
            return fail(count.error());
        left += *count;
        if (*count < unused.size())
            return left;
    }
}

std::uint64_t ByteSource::mostBytes() const
{
    // Deflate codes at most 258 bytes in two bits: no stream grows by more than 1032.
    return m_state->compressed ? m_state->fileSize * 1032 : m_state->fileSize;
}

} // namespace consilium::imaging
