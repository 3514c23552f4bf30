// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform_file.h"

#include <algorithm>
#include <cerrno>
#include <fcntl.h>
#include <sys/mman.h>
#include <sys/stat.h>
#include <unistd.h>

namespace consilium::platform {

std::optional<PositionedFile> PositionedFile::open(const std::filesystem::path &file)
{
    const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return std::nullopt;
    return PositionedFile(descriptor);
}

PositionedFile::~PositionedFile()
{
    if (m_handle >= 0)
        ::close(static_cast<int>(m_handle));
}

bool PositionedFile::read(std::uint64_t position, std::span<std::byte> out) const
{
    while (!out.empty()) {
        const auto got = ::pread(static_cast<int>(m_handle), out.data(), out.size(), static_cast<off_t>(position));
        if (got < 0 && errno == EINTR)
            continue;
        if (got <= 0) {
            if (got == 0)
                errno = 0;
            return false;
        }
        position += static_cast<std::uint64_t>(got);
        out = out.subspan(static_cast<std::size_t>(got));
    }
    return true;
}

namespace {

/// Of smaller files many may be mapped at once, and they are released as a whole.
constexpr std::size_t largeFile = 32 << 20;

} // namespace

std::optional<MappedFile> MappedFile::open(const std::filesystem::path &file)
{
    const int descriptor = ::open(file.c_str(), O_RDONLY | O_CLOEXEC);
    if (descriptor < 0)
        return std::nullopt;
    struct stat status = {};
    void *start = MAP_FAILED;
    if (::fstat(descriptor, &status) == 0 && status.st_size > 0)
        start = ::mmap(nullptr, static_cast<std::size_t>(status.st_size), PROT_READ, MAP_SHARED, descriptor, 0);
    ::close(descriptor);
    if (start == MAP_FAILED)
        return std::nullopt;
    return MappedFile({static_cast<const std::byte *>(start), static_cast<std::size_t>(status.st_size)});
}

MappedFile::~MappedFile()
{
    if (!m_bytes.empty())
        ::munmap(const_cast<std::byte *>(m_bytes.data()), m_bytes.size());
}

void MappedFile::release(std::uint64_t position, std::uint64_t size) const
{
    // One touch may map two megabytes around it, and two threads at neighbouring places map what the other has let go:
    // whole pieces are released, and what somebody still reads is mapped again.
    const std::uint64_t piece = m_bytes.size() >= largeFile ? 2 << 20 : largeFile;
    const auto begin = position / piece * piece;
    const auto end = std::min<std::uint64_t>((position + size + piece - 1) / piece * piece, m_bytes.size());
    if (begin < end)
        ::madvise(const_cast<std::byte *>(m_bytes.data()) + begin, end - begin, MADV_DONTNEED);
}

bool writeAt(int descriptor, std::uint64_t position, std::span<const std::byte> bytes)
{
    while (!bytes.empty()) {
        const auto written = ::pwrite(descriptor, bytes.data(), bytes.size(), static_cast<off_t>(position));
        if (written < 0 && errno == EINTR)
            continue;
        if (written < 0)
            return false;
        position += static_cast<std::uint64_t>(written);
        bytes = bytes.subspan(static_cast<std::size_t>(written));
    }
    return true;
}

} // namespace consilium::platform
