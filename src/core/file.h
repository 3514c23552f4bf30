// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <cstddef>
#include <cstdint>
#include <filesystem>
#include <span>
#include <string>
#include <string_view>

namespace consilium {

/// The whole file as bytes. Errors: NotFound; Io.
Result<std::string> readFile(const std::filesystem::path &file);

/// Replaces `file` by `bytes` so that a reader, or a crash at any instant, sees the old or the new content and nothing
/// between: written beside it, flushed to the disk, renamed. Missing folders are made. Errors: Io (names file and
/// reason).
Result<> writeFileAtomically(const std::filesystem::path &file, std::string_view bytes);

/// Adds `bytes` at the end of `file`, made when missing, and flushes them to the disk. A crash may leave a part of
/// them. Errors: Io.
Result<> appendToFile(const std::filesystem::path &file, std::string_view bytes);

/// SHA-256 of the file's bytes as 64 hexadecimal digits. Memory: one piece of 1 MB. Errors: NotFound; Io.
Result<std::string> sha256OfFile(const std::filesystem::path &file);

/// As writeFileAtomically, readable by the owner alone: for keys.
Result<> writePrivateFile(const std::filesystem::path &file, std::string_view bytes);

/// Copies in pieces, atomically: `to` appears whole or not at all. Errors: NotFound; Io.
Result<> copyFileAtomically(const std::filesystem::path &from, const std::filesystem::path &to);

/// Writes a large file in pieces; it appears under its name only by commit(), whole. Dropped without commit() it leaves
/// nothing.
class AtomicFile
{
public:
    static Result<AtomicFile> create(const std::filesystem::path &file);
    AtomicFile(AtomicFile &&other) noexcept;
    AtomicFile &operator=(AtomicFile &&) = delete;
    ~AtomicFile();

    Result<> write(std::span<const std::byte> bytes);
    Result<> write(std::span<const std::string_view> pieces);
    Result<> write(std::string_view bytes) { return write(std::as_bytes(std::span(bytes))); }
    /// Writes at a position, beyond the end too; from several threads at once. Not to be mixed with write() from
    /// another thread.
    Result<> writeAt(std::uint64_t position, std::span<const std::byte> bytes);
    /// `durable` false skips the flush: for what can be fetched again after a power cut, and is checked when read.
    Result<> commit(bool durable = true);

private:
    explicit AtomicFile(std::filesystem::path file) : m_file(std::move(file)) {}

    std::filesystem::path m_file;
    std::filesystem::path m_partial;
    int m_descriptor = -1;
    friend Result<> writePrivateFile(const std::filesystem::path &, std::string_view);
    static Result<AtomicFile> open(const std::filesystem::path &file, bool ownerOnly);
};

} // namespace consilium
