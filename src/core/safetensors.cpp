// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/safetensors.h"

#include "core/file.h"
#include "core/json.h"

#include <algorithm>
#include <array>
#include <bit>
#include <cerrno>
#include <cstring>
#include <limits>
#include <optional>
#include <tuple>

namespace consilium {

static_assert(std::endian::native == std::endian::little, "values are stored as they lie in memory");

namespace {

constexpr std::uint64_t headerLimit = 100'000'000;

struct Entry
{
    TensorInfo info;
    std::uint64_t begin = 0;
    std::uint64_t end = 0;
};

tl::unexpected<Error> malformed(const std::filesystem::path &file, const std::string &why)
{
    return failWithHint(ErrorCode::Malformed, "Copy the file again from where it came from",
                        "{} is not a valid safetensors file: {}", file.string(), why);
}

/// Product of the shape times the element size, or nothing when it does not fit 64 bits or a dimension is negative.
std::optional<std::uint64_t> byteCount(const TensorInfo &info)
{
    std::uint64_t count = byteSize(info.dtype);
    for (const auto extent : info.shape) {
        if (extent < 0)
            return std::nullopt;
        const auto factor = static_cast<std::uint64_t>(extent);
        if (factor != 0 && count > std::numeric_limits<std::uint64_t>::max() / factor)
            return std::nullopt;
        count *= factor;
    }
    return count;
}

Result<Entry> parseEntry(const std::string &name, const Json &value)
{
    if (!value.is_object() || !value.contains("dtype") || !value["dtype"].is_string() || !value.contains("shape") ||
        !value["shape"].is_array() || !value.contains("data_offsets") || !value["data_offsets"].is_array() ||
        value["data_offsets"].size() != 2 || value.size() != 3)
        return fail(ErrorCode::Malformed, "the entry of '{}' is not {{dtype, shape, data_offsets}}", name);
    Entry entry;
    entry.info.name = name;
    const auto dtype = dtypeFromName(value["dtype"].get<std::string>());
    if (!dtype)
        return fail(dtype.error());
    entry.info.dtype = *dtype;
    for (const auto &extent : value["shape"]) {
        if (!extent.is_number_unsigned())
            return fail(ErrorCode::Malformed, "the shape of '{}' is not a list of sizes", name);
        entry.info.shape.push_back(extent.get<std::int64_t>());
    }
    for (const auto &offset : value["data_offsets"]) {
        if (!offset.is_number_unsigned())
            return fail(ErrorCode::Malformed, "the offsets of '{}' are not whole numbers", name);
    }
    entry.begin = value["data_offsets"][0].get<std::uint64_t>();
    entry.end = value["data_offsets"][1].get<std::uint64_t>();
    const auto bytes = byteCount(entry.info);
    if (!bytes || entry.end < entry.begin || entry.end - entry.begin != *bytes)
        return fail(ErrorCode::Malformed, "the offsets of '{}' do not match its shape", name);
    return entry;
}

/// Parses the header, refusing a name that stands twice (a plain JSON parser would keep the last silently).
Result<Json> parseHeader(const std::string &text)
{
    std::vector<std::string> seen;
    std::string twice;
    const auto watch = [&](int depth, Json::parse_event_t event, Json &parsed) {
        if (event == Json::parse_event_t::key && depth == 1) {
            if (std::find(seen.begin(), seen.end(), parsed.get<std::string>()) != seen.end())
                twice = parsed.get<std::string>();
            seen.push_back(parsed.get<std::string>());
        }
        return true;
    };
    Json header = Json::parse(text, watch, false);
    if (header.is_discarded() || !header.is_object())
        return fail(ErrorCode::Malformed, "its header is not a JSON object");
    if (!twice.empty())
        return fail(ErrorCode::Malformed, "the tensor '{}' stands twice", twice);
    return header;
}

} // namespace

std::string safetensorsHeader(const std::vector<TensorInfo> &tensors,
                              const std::map<std::string, std::string> &metadata)
{
    OrderedJson header = OrderedJson::object();
    if (!metadata.empty())
        header["__metadata__"] = metadata;
    std::uint64_t offset = 0;
    for (const auto &tensor : tensors) {
        header[tensor.name] = {{"dtype", name(tensor.dtype)},
                               {"shape", tensor.shape},
                               {"data_offsets", {offset, offset + tensor.bytes()}}};
        offset += tensor.bytes();
    }
    auto text = header.dump();
    text.resize((text.size() + 7) / 8 * 8, ' ');
    std::string out(8, '\0');
    for (int i = 0; i < 8; ++i)
        out[i] = static_cast<char>((static_cast<std::uint64_t>(text.size()) >> (8 * i)) & 0xff);
    return out + text;
}

Result<SafetensorsFile> SafetensorsFile::open(const std::filesystem::path &file)
{
    std::error_code error;
    if (!std::filesystem::exists(file, error))
        return fail(ErrorCode::NotFound, "{} does not exist", file.string());
    const auto size = std::filesystem::file_size(file, error);
    auto stored = error ? std::nullopt : platform::PositionedFile::open(file);
    if (!stored)
        return fail(ErrorCode::Io, "{} could not be opened: {}", file.string(),
                    error ? error.message() : std::strerror(errno));
    SafetensorsFile opened(file, std::move(*stored));
    std::array<unsigned char, 8> prefix{};
    if (size < prefix.size() || !opened.m_file.read(0, std::as_writable_bytes(std::span(prefix))))
        return malformed(file, "it ends within the header");
    std::uint64_t length = 0;
    for (int i = 7; i >= 0; --i)
        length = (length << 8) | prefix[i];
    if (length > headerLimit)
        return malformed(file, "its header claims over 100 MB");
    if (length > size - prefix.size())
        return malformed(file, "it ends within the header");
    std::string text(length, '\0');
    if (!opened.m_file.read(prefix.size(), std::as_writable_bytes(std::span(text))))
        return malformed(file, "it ends within the header");
    if (text.empty() || text.front() != '{')
        return malformed(file, "its header is not a JSON object");
    const auto header = parseHeader(text);
    if (!header)
        return malformed(file, header.error().message);

    std::vector<Entry> entries;
    for (const auto &[key, value] : header->items()) {
        if (key == "__metadata__") {
            for (const auto &[word, meaning] : value.items()) {
                if (!meaning.is_string())
                    return malformed(file, "its metadata are not text");
                opened.m_metadata[word] = meaning.get<std::string>();
            }
            continue;
        }
        auto entry = parseEntry(key, value);
        if (!entry)
            return entry.error().code == ErrorCode::Unsupported ? fail(entry.error(), "{}", file.string())
                                                                : malformed(file, entry.error().message);
        entries.push_back(std::move(*entry));
    }
    std::sort(entries.begin(), entries.end(), [](const Entry &a, const Entry &b) {
        return std::tie(a.begin, a.end, a.info.name) < std::tie(b.begin, b.end, b.info.name);
    });
    const std::uint64_t base = prefix.size() + length;
    std::uint64_t expected = 0;
    for (auto &entry : entries) {
        if (entry.begin != expected)
            return malformed(
                file, fmt::format("the values of '{}' {}", entry.info.name,
                                  entry.begin < expected ? "overlap those before them" : "leave a gap before them"));
        expected = entry.end;
        opened.m_begins.push_back(base + entry.begin);
        opened.m_tensors.push_back(std::move(entry.info));
    }
    if (base + expected != size)
        return malformed(file, size < base + expected ? "it is truncated" : "bytes follow the last tensor");
    return opened;
}

Result<> SafetensorsFile::read(std::size_t index, std::size_t offset, std::span<std::byte> out) const
{
    if (!m_file.read(m_begins[index] + offset, out))
        return fail(ErrorCode::Io, "{} could not be read: {}", m_path.string(),
                    errno == 0 ? "it has become shorter" : std::strerror(errno));
    return {};
}

Result<ModelState> readSafetensors(const std::filesystem::path &file)
{
    auto opened = SafetensorsFile::open(file);
    if (!opened)
        return fail(opened.error());
    ModelState state;
    state.metadata = opened->metadata();
    for (std::size_t i = 0; i < opened->tensors().size(); ++i) {
        Tensor tensor{opened->tensors()[i], {}};
        tensor.values.resize(tensor.info.bytes());
        if (auto read = opened->read(i, 0, tensor.values); !read)
            return fail(read.error());
        state.tensors.push_back(std::move(tensor));
    }
    return state;
}

Result<> writeSafetensors(const std::filesystem::path &file, const ModelState &state)
{
    auto out = AtomicFile::create(file);
    if (!out)
        return fail(out.error());
    std::vector<TensorInfo> infos;
    for (const auto &tensor : state.tensors)
        infos.push_back(tensor.info);
    if (auto written = out->write(safetensorsHeader(infos, state.metadata)); !written)
        return written;
    for (const auto &tensor : state.tensors) {
        if (auto written = out->write(tensor.values); !written)
            return written;
    }
    return out->commit();
}

} // namespace consilium
