// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <optional>
#include <span>
#include <utility>

namespace consilium::platform {

/// A file open for reading at any position, by several threads at once.
class PositionedFile
{
public:
    /// Nothing when it cannot be opened, with errno set.
    static std::optional<PositionedFile> open(const std::filesystem::path &file);
    PositionedFile(PositionedFile &&other) noexcept : m_handle(std::exchange(other.m_handle, -1)) {}
    PositionedFile &operator=(PositionedFile &&other) noexcept
    {
        std::swap(m_handle, other.m_handle);
        return *this;
    }
    ~PositionedFile();

    /// Fills `out` with the bytes from `position` on. False when they cannot be read, with errno set, or when the file
    /// ends before them, with errno 0.
    bool read(std::uint64_t position, std::span<std::byte> out) const;

private:
    explicit PositionedFile(std::intptr_t handle) : m_handle(handle) {}
    std::intptr_t m_handle; // a descriptor, or what the system has in its place; -1: none
};

/// Writes all of `bytes` at `position` of a file from openForWriting, beyond its end too, by several threads at once.
/// False with errno set when it cannot.
bool writeAt(int descriptor, std::uint64_t position, std::span<const std::byte> bytes);

} // namespace consilium::platform
