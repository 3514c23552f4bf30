// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model_state.h"
#include "core/platform_file.h"

#include <filesystem>
#include <span>

namespace consilium {

/// The bytes that precede the values in a safetensors file: the header's length (8 bytes, little endian), then a JSON
/// object of name -> {dtype, shape, data_offsets}, padded with spaces so that values start at a multiple of 8. Source:
/// the safetensors format description, section "Format".
std::string safetensorsHeader(const std::vector<TensorInfo> &tensors,
                              const std::map<std::string, std::string> &metadata = {});

/// A safetensors file opened for reading in pieces; memory use does not grow with the size of the model.
class SafetensorsFile
{
public:
    /// Errors: NotFound; Io; Malformed (truncated, a header over 100 MB or that is not an object, offsets that overlap,
    /// leave gaps, run past the end or disagree with the shape); Unsupported (an element type we do not know).
    static Result<SafetensorsFile> open(const std::filesystem::path &file);

    /// In the order of their values in the file.
    const std::vector<TensorInfo> &tensors() const { return m_tensors; }
    const std::map<std::string, std::string> &metadata() const { return m_metadata; }

    /// Where the values of tensor `index` begin in the file.
    std::uint64_t position(std::size_t index) const { return m_begins[index]; }

    /// Fills `out` with the bytes of tensor `index` from byte `offset` of its values. Safe from several threads at
    /// once. Errors: Io.
    Result<> read(std::size_t index, std::size_t offset, std::span<std::byte> out) const;

private:
    SafetensorsFile(std::filesystem::path path, platform::PositionedFile file)
        : m_path(std::move(path)), m_file(std::move(file))
    {
    }

    std::filesystem::path m_path;
    platform::PositionedFile m_file;
    std::vector<TensorInfo> m_tensors;
    std::vector<std::uint64_t> m_begins; // absolute positions in the file
    std::map<std::string, std::string> m_metadata;
};

/// The whole file in memory. Errors as SafetensorsFile::open and read.
Result<ModelState> readSafetensors(const std::filesystem::path &file);

/// Writes atomically; a reader never sees half a model. Errors: Io.
Result<> writeSafetensors(const std::filesystem::path &file, const ModelState &state);

} // namespace consilium
