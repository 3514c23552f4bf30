// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <cstdint>
#include <filesystem>
#include <memory>
#include <span>

namespace consilium::imaging {

/// The bytes of a file in order, decompressed when it is gzip (RFC 1952, several members too), whatever its name.
class ByteSource
{
public:
    /// Errors: NotFound; Invalid (a folder); Io.
    static Result<ByteSource> open(const std::filesystem::path &file);
    ByteSource(ByteSource &&) noexcept;
    ByteSource &operator=(ByteSource &&) noexcept;
    ~ByteSource();

    /// Fills `out` as far as there are bytes and returns how many there were. Errors: Io; Malformed (gzip data that is
    /// damaged or breaks off).
    Result<std::size_t> read(std::span<std::byte> out);

    /// Goes to the end and returns how many bytes were left, so that a file that breaks off after the last byte of
    /// interest is still found out. Errors: as read.
    Result<std::uint64_t> drain();

    /// No more bytes than this can follow from the start of the file: its size, or what deflate could at most make of
    /// it.
    std::uint64_t mostBytes() const;

private:
    struct State;
    explicit ByteSource(std::unique_ptr<State> state);
    std::unique_ptr<State> m_state;
};

} // namespace consilium::imaging
