// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/model_state.h"

#include <array>
#include <cassert>
#include <functional>
#include <numeric>

namespace consilium {

namespace {

struct TypeRow
{
    DType type;
    std::string_view name;
    std::size_t size;
};

constexpr std::array<TypeRow, 10> types{{{DType::F64, "F64", 8},
                                         {DType::F32, "F32", 4},
                                         {DType::F16, "F16", 2},
                                         {DType::BF16, "BF16", 2},
                                         {DType::I64, "I64", 8},
                                         {DType::I32, "I32", 4},
                                         {DType::I16, "I16", 2},
                                         {DType::I8, "I8", 1},
                                         {DType::U8, "U8", 1},
                                         {DType::Bool, "BOOL", 1}}};

} // namespace

std::size_t byteSize(DType type)
{
    return types[static_cast<std::size_t>(type)].size;
}

std::string_view name(DType type)
{
    return types[static_cast<std::size_t>(type)].name;
}

Result<DType> dtypeFromName(std::string_view name)
{
    for (const auto &row : types) {
        if (row.name == name)
            return row.type;
    }
    return fail(ErrorCode::Unsupported, "Tensors of type '{}' are not supported", name);
}

std::int64_t TensorInfo::elements() const
{
    return std::accumulate(shape.begin(), shape.end(), std::int64_t{1}, std::multiplies<>());
}

Tensor Tensor::fromFloats(std::string name, std::vector<std::int64_t> shape, std::span<const float> values)
{
    Tensor tensor{{std::move(name), DType::F32, std::move(shape)}, {}};
    assert(tensor.info.elements() == static_cast<std::int64_t>(values.size()));
    const auto bytes = std::as_bytes(values);
    tensor.values.assign(bytes.begin(), bytes.end());
    return tensor;
}

std::span<const float> Tensor::floats() const
{
    assert(info.dtype == DType::F32);
    return {reinterpret_cast<const float *>(values.data()), values.size() / sizeof(float)};
}

const Tensor *ModelState::find(std::string_view name) const
{
    for (const auto &tensor : tensors) {
        if (tensor.info.name == name)
            return &tensor;
    }
    return nullptr;
}

std::size_t ModelState::bytes() const
{
    std::size_t sum = 0;
    for (const auto &tensor : tensors)
        sum += tensor.values.size();
    return sum;
}

} // namespace consilium
