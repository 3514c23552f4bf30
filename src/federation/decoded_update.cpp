// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/decoded_update.h"

#include "federation/tile_kernels.h"
#include "federation/unpack.h"
#include "federation/update_layout.h"

#include <algorithm>
#include <array>
#include <cmath>
#include <cstring>
#include <limits>
#include <map>

namespace consilium::federation {

namespace {

constexpr std::size_t piece = 1 << 16; ///< values read at a time while indices and scales are checked

/// Two buffers a thread, so that reading tile after tile allocates nothing.
std::vector<std::byte> &workspace(std::size_t which)
{
    thread_local std::array<std::vector<std::byte>, 2> buffers;
    return buffers[which];
}

template <typename Value>
Value valueAt(std::span<const std::byte> bytes, std::size_t index)
{
    Value value;
    std::memcpy(&value, bytes.data() + index * sizeof value, sizeof value);
    return value;
}

/// A name that a site chose, fit to be shown: what could run over a line or a terminal is replaced.
std::string shown(const std::string &name)
{
    std::string text = name.substr(0, 80);
    std::ranges::replace_if(
        text, [](char c) { return c < ' ' || c > '~'; }, '?');
    return text.size() < name.size() ? text + "..." : text;
}

std::string described(const TensorInfo &tensor)
{
    std::string shape;
    for (const auto extent : tensor.shape)
        shape += (shape.empty() ? " of " : " x ") + std::to_string(extent);
    return std::string(name(tensor.dtype)) + (shape.empty() ? ", one value" : shape);
}

template <typename... Args>
tl::unexpected<Error> bad(const std::string &tensor, fmt::format_string<Args...> text, Args &&...args)
{
    return fail(ErrorCode::Malformed, "its tensor '{}' {}", shown(tensor),
                fmt::format(text, std::forward<Args>(args)...));
}

class DecodedUpdate final : public UpdateReader
{
public:
    DecodedUpdate(std::shared_ptr<const UpdateReader> encoded, const Plan::Updates &updates)
        : m_encoded(std::move(encoded)), m_updates(updates)
    {
    }

    Result<> open(const std::vector<TensorInfo> &model);
    const std::vector<TensorInfo> &tensors() const override { return m_tensors; }
    Result<std::span<const std::byte>> read(std::size_t index, std::size_t begin, std::size_t count,
                                            std::vector<std::byte> &scratch) const override;
    void release(std::size_t index, std::size_t begin, std::size_t count) const override
    {
        if (m_sources[index].form != Form::Largest)
            m_encoded->release(m_sources[index].values, begin, count);
    }

private:
    enum class Form { AsItIs, Half, Int8, Largest };
    /// Where a tensor of the model comes from.
    struct Source
    {
        Form form = Form::AsItIs;
        std::size_t values = 0, scales = 0, indices = 0; ///< positions among the encoded tensors
        std::vector<float> scale;                        ///< of each block; one for float16
    };

    Form formOf(const TensorInfo &tensor) const;
    Result<> findTensors(const std::vector<TensorInfo> &model);
    Result<> readScales(Source &source) const;
    Result<> checkLargest(const Source &source, std::int64_t elements) const;
    Result<std::int64_t> indexAt(const Source &source, std::size_t position) const;
    Result<std::size_t> firstFrom(const Source &source, std::int64_t element) const;
    Result<> fillHalf(const Source &source, std::size_t begin, std::span<float> out) const;
    Result<> fillInt8(const Source &source, std::size_t begin, std::span<float> out) const;
    Result<> fillLargest(const Source &source, std::size_t begin, std::span<float> out) const;
    const std::string &nameOf(std::size_t encoded) const { return m_encoded->tensors()[encoded].name; }

    std::shared_ptr<const UpdateReader> m_encoded;
    Plan::Updates m_updates;
    std::vector<TensorInfo> m_tensors;
    std::vector<Source> m_sources;
};

DecodedUpdate::Form DecodedUpdate::formOf(const TensorInfo &tensor) const
{
    if (!kernels::isFloating(tensor.dtype) || m_updates.content == "full" || m_updates.encoding == "float32")
        return Form::AsItIs;
    return m_updates.encoding == "float16" ? Form::Half : m_updates.encoding == "int8" ? Form::Int8 : Form::Largest;
}

Result<> DecodedUpdate::findTensors(const std::vector<TensorInfo> &model)
{
    std::map<std::string_view, std::size_t> sent;
    for (std::size_t i = 0; i < m_encoded->tensors().size(); ++i) {
        if (!sent.emplace(nameOf(i), i).second)
            return bad(nameOf(i), "comes twice");
    }
    for (const auto &tensor : model) {
        std::vector<std::size_t> found;
        for (const auto &expected : encodedTensors(tensor, m_updates)) {
            const auto place = sent.find(expected.name);
            if (place == sent.end())
                return bad(expected.name, "is missing");
            const auto &theirs = m_encoded->tensors()[place->second];
            if (theirs != expected)
                return bad(expected.name, "is {}, not {}", described(theirs), described(expected));
            found.push_back(place->second);
            sent.erase(place);
        }
        const auto form = formOf(tensor);
        const auto values = form == Form::Largest ? found.back() : found.front();
        m_sources.push_back({form, values, found.back(), found.front(), {}});
        m_tensors.push_back(tensor);
        if (kernels::isFloating(tensor.dtype) && m_updates.content != "full")
            m_tensors.back().dtype = DType::F32;
    }
    if (!sent.empty())
        return bad(nameOf(std::ranges::min_element(sent, {}, [](const auto &entry) { return entry.second; })->second),
                   "is not one of the model's");
    return {};
}

Result<> DecodedUpdate::readScales(Source &source) const
{
    const auto &info = m_encoded->tensors()[source.scales];
    const auto count = static_cast<std::size_t>(info.elements());
    const auto bytes = m_encoded->read(source.scales, 0, count, workspace(0));
    if (!bytes)
        return fail(bytes.error());
    source.scale.resize(count);
    for (std::size_t i = 0; i < count; ++i) {
        const auto scale = source.scale[i] = valueAt<float>(*bytes, i);
        int exponent = 0;
        const bool fits = source.form == Form::Int8
                              ? scale >= 0 && scale <= std::numeric_limits<float>::max() / 128
                              : std::isfinite(scale) && std::frexp(scale, &exponent) == 0.5F && exponent > -100;
        if (!fits)
            return bad(info.name, "holds {}, which is no scale", scale);
    }
    return {};
}

Result<> DecodedUpdate::checkLargest(const Source &source, std::int64_t elements) const
{
    const auto &info = m_encoded->tensors()[source.indices];
    const auto kept = static_cast<std::size_t>(info.elements());
    std::int64_t last = -1;
    for (std::size_t begin = 0; begin < kept; begin += piece) {
        const auto count = std::min(piece, kept - begin);
        const auto indices = m_encoded->read(source.indices, begin, count, workspace(0));
        if (!indices)
            return fail(indices.error());
        for (std::size_t i = 0; i < count; ++i) {
            const auto index =
                info.dtype == DType::I32 ? valueAt<std::int32_t>(*indices, i) : valueAt<std::int64_t>(*indices, i);
            if (index < 0 || index >= elements)
                return bad(info.name, "names value {} of {}", index, elements);
            if (index <= last)
                return bad(info.name, "has {} after {}: indices must rise", index, last);
            last = index;
        }
        const auto values = m_encoded->read(source.values, begin, count, workspace(0));
        if (!values)
            return fail(values.error());
        for (std::size_t i = 0; i < count; ++i) {
            if (!std::isfinite(valueAt<float>(*values, i)))
                return bad(nameOf(source.values), "holds values that are not finite");
        }
    }
    return {};
}

Result<> DecodedUpdate::open(const std::vector<TensorInfo> &model)
{
    if (auto found = findTensors(model); !found)
        return found;
    for (std::size_t i = 0; i < m_sources.size(); ++i) {
        auto &source = m_sources[i];
        Result<> checked;
        if (source.form == Form::Half || source.form == Form::Int8)
            checked = readScales(source);
        else if (source.form == Form::Largest)
            checked = checkLargest(source, m_tensors[i].elements());
        if (!checked)
            return checked;
    }
    return {};
}

Result<std::int64_t> DecodedUpdate::indexAt(const Source &source, std::size_t position) const
{
    const auto bytes = m_encoded->read(source.indices, position, 1, workspace(0));
    if (!bytes)
        return fail(bytes.error());
    return m_encoded->tensors()[source.indices].dtype == DType::I32 ? valueAt<std::int32_t>(*bytes, 0)
                                                                    : valueAt<std::int64_t>(*bytes, 0);
}

/// Position of the first sent value that belongs to `element` or a later one.
Result<std::size_t> DecodedUpdate::firstFrom(const Source &source, std::int64_t element) const
{
    std::size_t low = 0, high = static_cast<std::size_t>(m_encoded->tensors()[source.indices].elements());
    while (low < high) {
        const auto middle = low + (high - low) / 2;
        const auto index = indexAt(source, middle);
        if (!index)
            return fail(index.error());
        if (*index < element)
            low = middle + 1;
        else
            high = middle;
    }
    return low;
}

Result<> DecodedUpdate::fillHalf(const Source &source, std::size_t begin, std::span<float> out) const
{
    const auto bytes = m_encoded->read(source.values, begin, out.size(), workspace(0));
    if (!bytes)
        return fail(bytes.error());
    unpackHalf(*bytes, source.scale[0], out);
    return {};
}

Result<> DecodedUpdate::fillInt8(const Source &source, std::size_t begin, std::span<float> out) const
{
    const auto bytes = m_encoded->read(source.values, begin, out.size(), workspace(0));
    if (!bytes)
        return fail(bytes.error());
    for (std::size_t i = 0; i < out.size();) {
        const auto block = (begin + i) / int8Block;
        const auto count = std::min(out.size() - i, (block + 1) * int8Block - (begin + i));
        unpackInt8(bytes->subspan(i, count), source.scale[block], out.subspan(i, count));
        i += count;
    }
    return {};
}

Result<> DecodedUpdate::fillLargest(const Source &source, std::size_t begin, std::span<float> out) const
{
    std::ranges::fill(out, 0.0F);
    const auto first = firstFrom(source, static_cast<std::int64_t>(begin));
    if (!first)
        return fail(first.error());
    const auto last = firstFrom(source, static_cast<std::int64_t>(begin + out.size()));
    if (!last)
        return fail(last.error());
    // What lies in the spool was checked once; should it have changed since, it must not write beyond `out`.
    const auto count = std::max(*first, *last) - *first;
    const auto indices = m_encoded->read(source.indices, *first, count, workspace(0));
    if (!indices)
        return fail(indices.error());
    const auto values = m_encoded->read(source.values, *first, count, workspace(1));
    if (!values)
        return fail(values.error());
    const bool narrow = m_encoded->tensors()[source.indices].dtype == DType::I32;
    for (std::size_t i = 0; i < count; ++i) {
        const auto index = narrow ? valueAt<std::int32_t>(*indices, i) : valueAt<std::int64_t>(*indices, i);
        const auto place = static_cast<std::size_t>(index) - begin;
        if (place >= out.size())
            return bad(nameOf(source.indices), "has changed while it was read");
        out[place] = valueAt<float>(*values, i);
    }
    return {};
}

Result<std::span<const std::byte>> DecodedUpdate::read(std::size_t index, std::size_t begin, std::size_t count,
                                                       std::vector<std::byte> &scratch) const
{
    const auto elements = static_cast<std::size_t>(m_tensors[index].elements());
    if (begin > elements || count > elements - begin)
        return fail(ErrorCode::Invalid, "Values {} to {} of tensor '{}' were asked for, which has {}", begin,
                    begin + count, m_tensors[index].name, elements);
    const auto &source = m_sources[index];
    if (source.form == Form::AsItIs)
        return m_encoded->read(source.values, begin, count, scratch);
    scratch.resize(count * sizeof(float));
    const std::span out(reinterpret_cast<float *>(scratch.data()), count);
    const auto filled = source.form == Form::Half   ? fillHalf(source, begin, out)
                        : source.form == Form::Int8 ? fillInt8(source, begin, out)
                                                    : fillLargest(source, begin, out);
    if (!filled)
        return fail(filled.error());
    if (!allFinite(out))
        return bad(nameOf(source.values), "holds values that are not finite");
    return std::span<const std::byte>(scratch);
}

} // namespace

Result<std::shared_ptr<const UpdateReader>> decodedUpdate(std::shared_ptr<const UpdateReader> encoded,
                                                          const std::vector<TensorInfo> &modelTensors,
                                                          const Plan::Updates &updates)
{
    auto reader = std::make_shared<DecodedUpdate>(std::move(encoded), updates);
    if (auto opened = reader->open(modelTensors); !opened)
        return fail(opened.error());
    return std::shared_ptr<const UpdateReader>(std::move(reader));
}

} // namespace consilium::federation
