// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"

#include <cstddef>
#include <cstdint>
#include <map>
#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace consilium {

/// Element types of a tensor, as safetensors names them.
enum class DType { F64, F32, F16, BF16, I64, I32, I16, I8, U8, Bool };

std::size_t byteSize(DType type);
std::string_view name(DType type); ///< "F32", "I64", ...
Result<DType> dtypeFromName(std::string_view name);

/// Name, type and shape of a tensor, without its values. An empty shape is a scalar.
struct TensorInfo
{
    std::string name;
    DType dtype = DType::F32;
    std::vector<std::int64_t> shape;

    std::int64_t elements() const; ///< product of the shape, 1 for a scalar
    std::size_t bytes() const { return static_cast<std::size_t>(elements()) * byteSize(dtype); }
    bool operator==(const TensorInfo &) const = default;
};

/// One named tensor; values in C order, little endian.
struct Tensor
{
    TensorInfo info;
    std::vector<std::byte> values;

    bool operator==(const Tensor &) const = default;
    static Tensor fromFloats(std::string name, std::vector<std::int64_t> shape, std::span<const float> values);
    /// The values as float32. The tensor must be F32.
    std::span<const float> floats() const;
};

/// The parameters and buffers of a network as an ordered list of named tensors, free of any learning library.
/// Integer buffers stay integers.
struct ModelState
{
    std::vector<Tensor> tensors;
    std::map<std::string, std::string> metadata; ///< free text that travels with the file: plan hash, round

    const Tensor *find(std::string_view name) const; ///< nullptr when there is none
    std::size_t bytes() const;
    bool operator==(const ModelState &) const = default;
};

} // namespace consilium
