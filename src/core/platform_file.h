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

/// A whole file as memory, for reading: nothing is copied, and what is read may be given back to the system as one
/// goes. For files that nobody changes; the program ends when the disk cannot deliver a part of it, or somebody has cut
/// it short. It may be deleted meanwhile.
class MappedFile
{
public:
    /// Nothing when it cannot be opened or mapped, or is empty.
    static std::optional<MappedFile> open(const std::filesystem::path &file);
    MappedFile(MappedFile &&other) noexcept : m_bytes(std::exchange(other.m_bytes, {})) {}
    MappedFile &operator=(MappedFile &&other) noexcept
    {
        std::swap(m_bytes, other.m_bytes);
        return *this;
    }
    ~MappedFile();

    std::span<const std::byte> bytes() const { return m_bytes; }
    /// These bytes, more or less, are not counted as this process's memory any more until they are read again. For one
    /// who goes through the file, piece after piece.
    void release(std::uint64_t position, std::uint64_t size) const;

private:
    explicit MappedFile(std::span<const std::byte> bytes) : m_bytes(bytes) {}
    std::span<const std::byte> m_bytes;
};

/// Writes all of `bytes` at `position` of a file from openForWriting, beyond its end too, by several threads at once.
/// False with errno set when it cannot.
bool writeAt(int descriptor, std::uint64_t position, std::span<const std::byte> bytes);

} // namespace consilium::platform
