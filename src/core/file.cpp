// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/file.h"

#include "core/hash.h"
#include "core/platform.h"
#include "core/platform_file.h"

#include <cerrno>
#include <cstring>
#include <fstream>
#include <system_error>
#include <vector>

namespace consilium {

namespace fs = std::filesystem;

Result<std::string> readFile(const fs::path &file)
{
    std::error_code ignored;
    if (!fs::exists(file, ignored))
        return fail(ErrorCode::NotFound, "{} does not exist", file.string());
    if (fs::is_directory(file, ignored))
        return fail(ErrorCode::Invalid, "{} is a folder, not a file", file.string());
    std::ifstream in(file, std::ios::binary);
    std::string bytes;
    const auto size = fs::file_size(file, ignored);
    if (in && !ignored) {
        bytes.resize(size);
        in.read(bytes.data(), static_cast<std::streamsize>(size));
    }
    if (!in)
        return fail(ErrorCode::Io, "{} could not be read: {}", file.string(), std::strerror(errno));
    return bytes;
}

Result<AtomicFile> AtomicFile::open(const fs::path &file, bool ownerOnly)
{
    std::error_code error;
    if (file.has_parent_path())
        fs::create_directories(file.parent_path(), error);
    if (error)
        return fail(ErrorCode::Io, "The folder {} could not be made: {}", file.parent_path().string(), error.message());
    AtomicFile atomic(file);
    atomic.m_partial = file;
    atomic.m_partial += ".partial-" + randomHex(6);
    atomic.m_descriptor = platform::openForWriting(atomic.m_partial, ownerOnly);
    if (atomic.m_descriptor < 0)
        return fail(ErrorCode::Io, "{} could not be written: {}", file.string(), std::strerror(errno));
    return atomic;
}

Result<AtomicFile> AtomicFile::create(const fs::path &file)
{
    return open(file, false);
}

AtomicFile::AtomicFile(AtomicFile &&other) noexcept
    : m_file(std::move(other.m_file)), m_partial(std::move(other.m_partial)),
      m_descriptor(std::exchange(other.m_descriptor, -1))
{
}

AtomicFile::~AtomicFile()
{
    if (m_descriptor < 0)
        return;
    platform::closeFile(m_descriptor);
    std::error_code ignored;
    fs::remove(m_partial, ignored);
}

Result<> AtomicFile::write(std::span<const std::byte> bytes)
{
    if (!platform::writeAll(m_descriptor, bytes))
        return fail(ErrorCode::Io, "{} could not be written: {}", m_file.string(), std::strerror(errno));
    return {};
}

Result<> AtomicFile::writeAt(std::uint64_t position, std::span<const std::byte> bytes)
{
    if (!platform::writeAt(m_descriptor, position, bytes))
        return fail(ErrorCode::Io, "{} could not be written: {}", m_file.string(), std::strerror(errno));
    return {};
}

Result<> AtomicFile::write(std::span<const std::string_view> pieces)
{
    std::vector<std::span<const std::byte>> bytes;
    for (const auto piece : pieces)
        bytes.push_back(std::as_bytes(std::span(piece)));
    if (!platform::writeAll(m_descriptor, bytes))
        return fail(ErrorCode::Io, "{} could not be written: {}", m_file.string(), std::strerror(errno));
    return {};
}

Result<> AtomicFile::commit(bool durable)
{
    const bool flushed = !durable || platform::flushToDisk(m_descriptor);
    const auto reason = errno;
    platform::closeFile(std::exchange(m_descriptor, -1));
    std::error_code error;
    if (flushed)
        fs::rename(m_partial, m_file, error);
    if (!flushed || error) {
        std::error_code ignored;
        fs::remove(m_partial, ignored);
        return fail(ErrorCode::Io, "{} could not be written: {}", m_file.string(),
                    flushed ? error.message() : std::strerror(reason));
    }
    if (durable)
        platform::flushFolder(m_file.has_parent_path() ? m_file.parent_path() : fs::path("."));
    return {};
}

namespace {

Result<> writeWhole(Result<AtomicFile> file, std::string_view bytes)
{
    if (!file)
        return fail(file.error());
    if (auto written = file->write(bytes); !written)
        return written;
    return file->commit();
}

} // namespace

Result<> writeFileAtomically(const fs::path &file, std::string_view bytes)
{
    return writeWhole(AtomicFile::create(file), bytes);
}

Result<> appendToFile(const fs::path &file, std::string_view bytes)
{
    std::error_code ignored;
    const bool fresh = !fs::exists(file, ignored);
    const int descriptor = platform::openForAppending(file);
    const bool written = descriptor >= 0 && platform::writeAll(descriptor, std::as_bytes(std::span(bytes))) &&
                         platform::flushToDisk(descriptor);
    const auto reason = errno;
    if (descriptor >= 0)
        platform::closeFile(descriptor);
    if (!written)
        return fail(ErrorCode::Io, "{} could not be written: {}", file.string(), std::strerror(reason));
    if (fresh)
        platform::flushFolder(file.has_parent_path() ? file.parent_path() : fs::path("."));
    return {};
}

Result<std::string> sha256OfFile(const fs::path &file)
{
    std::ifstream in(file, std::ios::binary);
    std::error_code ignored;
    if (!in)
        return fs::exists(file, ignored)
                   ? fail(ErrorCode::Io, "{} could not be read: {}", file.string(), std::strerror(errno))
                   : fail(ErrorCode::NotFound, "{} does not exist", file.string());
    Sha256 hash;
    std::string piece(1 << 20, '\0');
    while (in.read(piece.data(), static_cast<std::streamsize>(piece.size())) || in.gcount() > 0)
        hash.add(std::string_view(piece).substr(0, static_cast<std::size_t>(in.gcount())));
    if (in.bad())
        return fail(ErrorCode::Io, "{} could not be read", file.string());
    return hash.hex();
}

Result<> copyFileAtomically(const fs::path &from, const fs::path &to)
{
    std::ifstream in(from, std::ios::binary);
    if (!in)
        return fail(ErrorCode::NotFound, "{} could not be opened", from.string());
    auto out = AtomicFile::create(to);
    if (!out)
        return fail(out.error());
    std::string piece(1 << 20, '\0');
    while (in.read(piece.data(), static_cast<std::streamsize>(piece.size())) || in.gcount() > 0) {
        if (auto written = out->write(std::string_view(piece).substr(0, static_cast<std::size_t>(in.gcount())));
            !written)
            return written;
    }
    if (in.bad())
        return fail(ErrorCode::Io, "{} could not be read", from.string());
    return out->commit();
}

Result<> writePrivateFile(const fs::path &file, std::string_view bytes)
{
    return writeWhole(AtomicFile::open(file, true), bytes);
}

} // namespace consilium
