// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <algorithm>
#include <bit>
#include <cstdint>
#include <cstring>
#include <filesystem>
#include <fstream>
#include <string>
#include <type_traits>
#include <vector>

namespace consilium::test {

/// A NIfTI file put together byte by byte from the positions that the NIfTI-1 standard and the NIfTI-2 header
/// description give.
class NiftiBytes
{
public:
    /// An image of 2 x 3 x 2 int16 voxels with no transform and the values 0 to 11.
    explicit NiftiBytes(bool second = false, bool bigEndian = false) : m_second(second), m_bigEndian(bigEndian)
    {
        bytes.resize(second ? 544 : 352);
        put<std::int32_t>(0, second ? 540 : 348);
        dim({3, 2, 3, 2});
        pixdim({1, 1, 1, 1});
        type(4, 16);
        if (second) {
            std::memcpy(bytes.data() + 4, "n+2\0\r\n\032\n", 8);
            put<std::int64_t>(168, 544); // vox_offset
        } else {
            std::memcpy(bytes.data() + 344, "n+1", 4);
            put<float>(108, 352);
        }
        for (std::int16_t value = 0; value < 12; ++value)
            voxel<std::int16_t>(value);
    }

    template <typename T>
    NiftiBytes &put(std::size_t offset, std::type_identity_t<T> value)
    {
        char raw[sizeof(T)];
        std::memcpy(raw, &value, sizeof(T));
        if (m_bigEndian != (std::endian::native == std::endian::big))
            std::reverse(raw, raw + sizeof(T));
        std::memcpy(bytes.data() + offset, raw, sizeof(T));
        return *this;
    }
    NiftiBytes &dim(const std::vector<std::int64_t> &values)
    {
        for (std::size_t n = 0; n < values.size(); ++n) {
            if (m_second)
                put<std::int64_t>(16 + 8 * n, values[n]);
            else
                put<std::int16_t>(40 + 2 * n, static_cast<std::int16_t>(values[n]));
        }
        return *this;
    }
    NiftiBytes &pixdim(const std::vector<double> &values) { return reals(76, 104, values); }
    NiftiBytes &type(std::int16_t code, std::int16_t bits)
    {
        return m_second ? put<std::int16_t>(12, code).put<std::int16_t>(14, bits)
                        : put<std::int16_t>(70, code).put<std::int16_t>(72, bits);
    }
    NiftiBytes &scale(double slope, double intercept) { return reals(112, 176, {slope, intercept}); }
    NiftiBytes &units(int code)
    {
        if (m_second)
            return put<std::int32_t>(500, code);
        bytes[123] = static_cast<char>(code);
        return *this;
    }
    /// Three rows of four.
    NiftiBytes &sform(const std::vector<double> &rows) { return code(254, 348, 1).reals(280, 400, rows); }
    /// Quaternion b, c, d, then the offset.
    NiftiBytes &qform(const std::vector<double> &values) { return code(252, 344, 1).reals(256, 352, values); }
    NiftiBytes &noVoxels()
    {
        bytes.resize(m_second ? 544 : 352);
        return *this;
    }
    template <typename T>
    NiftiBytes &voxel(std::type_identity_t<T> value)
    {
        bytes.resize(bytes.size() + sizeof(T));
        return put<T>(bytes.size() - sizeof(T), value);
    }

    std::string bytes;

private:
    NiftiBytes &code(std::size_t first, std::size_t second, int value)
    {
        return m_second ? put<std::int32_t>(second, value) : put<std::int16_t>(first, static_cast<std::int16_t>(value));
    }
    NiftiBytes &reals(std::size_t first, std::size_t second, const std::vector<double> &values)
    {
        for (std::size_t n = 0; n < values.size(); ++n) {
            if (m_second)
                put<double>(second + 8 * n, values[n]);
            else
                put<float>(first + 4 * n, static_cast<float>(values[n]));
        }
        return *this;
    }

    bool m_second, m_bigEndian;
};

inline void writeBytes(const std::filesystem::path &file, const std::string &bytes)
{
    std::ofstream(file, std::ios::binary).write(bytes.data(), static_cast<std::streamsize>(bytes.size()));
}

} // namespace consilium::test
