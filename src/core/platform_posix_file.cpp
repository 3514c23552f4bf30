// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform_file.h"

#include <cerrno>
#include <fcntl.h>
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
