// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/plan.h"
#include "federation/update_reader.h"

#include <atomic>
#include <cmath>
#include <cstring>
#include <limits>

namespace consilium::test {

/// An update in memory, which counts the values that are read.
class MemoryUpdate : public federation::UpdateReader
{
public:
    explicit MemoryUpdate(ModelState state) : m_state(std::move(state))
    {
        for (const auto &tensor : m_state.tensors)
            m_infos.push_back(tensor.info);
    }

    const std::vector<TensorInfo> &tensors() const override { return m_infos; }
    Result<std::span<const std::byte>> read(std::size_t index, std::size_t begin, std::size_t count,
                                            std::vector<std::byte> &scratch) const override
    {
        const auto size = byteSize(m_infos[index].dtype);
        const auto &values = m_state.tensors[index].values;
        if ((begin + count) * size > values.size())
            return fail(ErrorCode::Internal, "read beyond the end of '{}'", m_infos[index].name);
        scratch.resize(count * size);
        std::memcpy(scratch.data(), values.data() + begin * size, count * size);
        valuesRead += count;
        return std::span<const std::byte>(scratch);
    }

    mutable std::atomic<std::size_t> valuesRead{0};

private:
    ModelState m_state;
    std::vector<TensorInfo> m_infos;
};

template <typename Value>
Tensor tensorOf(std::string name, DType type, std::vector<std::int64_t> shape, const std::vector<Value> &values)
{
    Tensor tensor{{std::move(name), type, std::move(shape)}, std::vector<std::byte>(values.size() * sizeof(Value))};
    if (!values.empty())
        std::memcpy(tensor.values.data(), values.data(), tensor.values.size());
    return tensor;
}

template <typename Value>
std::vector<Value> valuesOf(std::span<const std::byte> bytes)
{
    std::vector<Value> values(bytes.size() / sizeof(Value));
    if (!values.empty())
        std::memcpy(values.data(), bytes.data(), bytes.size());
    return values;
}

template <typename Value>
std::vector<Value> valuesOf(const ModelState &state, std::string_view name)
{
    const auto *tensor = state.find(name);
    return tensor ? valuesOf<Value>(tensor->values) : std::vector<Value>{};
}

/// The value of 16 bits by the definition of binary16 (IEEE 754-2019, section 3.4).
inline double halfByDefinition(std::uint16_t half)
{
    const int exponent = (half >> 10) & 31, fraction = half & 1023;
    const double sign = (half & 0x8000) != 0 ? -1 : 1;
    if (exponent == 31)
        return fraction == 0 ? sign * std::numeric_limits<double>::infinity()
                             : std::numeric_limits<double>::quiet_NaN();
    return sign * (exponent == 0 ? std::ldexp(fraction, -24) : std::ldexp(1024 + fraction, exponent - 25));
}

/// The floating tensor `name` of an update, unpacked in double precision by what the header says of each encoding.
inline std::vector<double> unpacked(const ModelState &update, const std::string &name, std::size_t elements,
                                    const Plan::Updates &how)
{
    std::vector<double> change(elements);
    if (how.encoding == "top-k") {
        const auto indices = valuesOf<std::int32_t>(update, name + "#index");
        const auto values = valuesOf<float>(update, name + "#value");
        for (std::size_t i = 0; i < indices.size(); ++i)
            change[static_cast<std::size_t>(indices[i])] = values[i];
        return change;
    }
    const auto scales = valuesOf<float>(update, name + "#scale");
    const auto halves = valuesOf<std::uint16_t>(update, name);
    const auto bytes = valuesOf<std::int8_t>(update, name);
    const auto floats = valuesOf<float>(update, name);
    for (std::size_t i = 0; i < elements; ++i)
        change[i] = how.encoding == "float16" ? halfByDefinition(halves[i]) * scales[0]
                    : how.encoding == "int8"  ? static_cast<double>(bytes[i]) * scales[i / 1024]
                                              : floats[i];
    return change;
}

} // namespace consilium::test
