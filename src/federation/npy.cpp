// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/npy.h"

#include <array>
#include <charconv>

namespace consilium::federation {

namespace {

struct Row
{
    DType type;
    std::string_view descr;
    std::string_view word;
};

constexpr std::array<Row, 9> rows{{{DType::F64, "<f8", "float64"},
                                   {DType::F32, "<f4", "float32"},
                                   {DType::F16, "<f2", "float16"},
                                   {DType::I64, "<i8", "int64"},
                                   {DType::I32, "<i4", "int32"},
                                   {DType::I16, "<i2", "int16"},
                                   {DType::I8, "|i1", "int8"},
                                   {DType::U8, "|u1", "uint8"},
                                   {DType::Bool, "|b1", "bool"}}};

constexpr std::string_view magic{"\x93NUMPY", 6};

/// The text after `key` in the header's Python dictionary.
std::string_view valueOf(std::string_view header, std::string_view key)
{
    const auto at = header.find(key);
    if (at == std::string_view::npos)
        return {};
    auto rest = header.substr(at + key.size());
    rest.remove_prefix(std::min(rest.find_first_not_of(" :"), rest.size()));
    return rest;
}

} // namespace

std::string npyHeader(const TensorInfo &tensor)
{
    std::string_view descr;
    for (const auto &row : rows) {
        if (row.type == tensor.dtype)
            descr = row.descr;
    }
    std::string shape = fmt::format("{}", fmt::join(tensor.shape, ", "));
    if (tensor.shape.size() == 1)
        shape += ","; // Python's spelling of a tuple of one
    std::string dictionary = fmt::format("{{'descr': '{}', 'fortran_order': False, 'shape': ({}), }}", descr, shape);
    // NumPy leaves room for the first dimension to grow to 20 digits, then pads to a multiple of 64 with a final
    // newline.
    if (!tensor.shape.empty())
        dictionary += std::string(21 - std::min<std::size_t>(21, std::to_string(tensor.shape[0]).size()), ' ');
    const std::size_t fixed = magic.size() + 4;
    const std::size_t total = (fixed + dictionary.size() + 1 + 63) / 64 * 64;
    dictionary += std::string(total - fixed - dictionary.size() - 1, ' ') + '\n';
    std::string out(magic);
    out += '\x01';
    out += '\0';
    out += static_cast<char>(dictionary.size() & 0xff);
    out += static_cast<char>(dictionary.size() >> 8);
    return out + dictionary;
}

Result<NpyHeader> parseNpyHeader(std::string_view bytes)
{
    if (bytes.size() < 12 || bytes.substr(0, 6) != magic || (bytes[6] != 1 && bytes[6] != 2))
        return fail(ErrorCode::Malformed, "An array is not in the .npy format");
    const auto byte = [&](std::size_t i) { return static_cast<std::size_t>(static_cast<unsigned char>(bytes[i])); };
    const bool wide = bytes[6] == 2;
    const std::size_t start = wide ? 12 : 10;
    const std::size_t length = wide ? byte(8) | byte(9) << 8 | byte(10) << 16 | byte(11) << 24 : byte(8) | byte(9) << 8;
    if (bytes.size() < start + length)
        return fail(ErrorCode::Malformed, "An array's header is cut short");
    const auto header = bytes.substr(start, length);
    NpyHeader parsed;
    parsed.size = start + length;
    const auto descr = valueOf(header, "'descr'");
    bool known = false;
    for (const auto &row : rows) {
        if (descr.size() > row.descr.size() + 1 && descr.substr(1, row.descr.size()) == row.descr &&
            descr[row.descr.size() + 1] == '\'') {
            parsed.tensor.dtype = row.type;
            known = true;
        }
    }
    if (!known)
        return fail(ErrorCode::Unsupported, "An array has an element type that is not supported");
    if (!valueOf(header, "'fortran_order'").starts_with("False"))
        return fail(ErrorCode::Unsupported, "An array is not in C order");
    auto shape = valueOf(header, "'shape'");
    const auto close = shape.find(')');
    if (!shape.starts_with('(') || close == std::string_view::npos)
        return fail(ErrorCode::Malformed, "An array's shape cannot be read");
    shape = shape.substr(1, close - 1);
    while (true) {
        shape.remove_prefix(std::min(shape.find_first_not_of(" ,"), shape.size()));
        if (shape.empty())
            break;
        std::int64_t extent = 0;
        const auto result = std::from_chars(shape.data(), shape.data() + shape.size(), extent);
        if (result.ec != std::errc() || extent < 0 || extent > (std::int64_t{1} << 40) ||
            parsed.tensor.shape.size() == 16)
            return fail(ErrorCode::Malformed, "An array's shape cannot be read");
        parsed.tensor.shape.push_back(extent);
        shape.remove_prefix(static_cast<std::size_t>(result.ptr - shape.data()));
    }
    return parsed;
}

Result<std::string> numpyName(DType type)
{
    for (const auto &row : rows) {
        if (row.type == type)
            return std::string(row.word);
    }
    return fail(ErrorCode::Unsupported, "Tensors of type {} cannot travel", name(type));
}

} // namespace consilium::federation
