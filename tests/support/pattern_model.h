// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/safetensors.h"

#include <optional>

/// A model of any size whose every value follows from one number, so that the outcome of a study is worked by hand and
/// checked to the last bit.
namespace consilium::test {

constexpr std::size_t mebibyte = 1 << 20;

/// What element `index` is a multiple of: it differs between any two pieces that travel (65,536 elements are a quarter
/// of a mebibyte), and small multiples of it are exact in float32.
inline double pattern(std::size_t index)
{
    return 1.0 + static_cast<double>(index >> 16) + static_cast<double>(index & 15) / 16;
}

/// `scale` times the pattern: a tensor "head" of two values and `mebibytes` (a multiple of 8) in tensors of 8 MiB.
inline ModelState patternModel(double scale, int mebibytes)
{
    constexpr std::size_t elements = 8 * mebibyte / sizeof(float);
    std::vector<float> values(2);
    for (std::size_t i = 0; i < 2; ++i)
        values[i] = static_cast<float>(scale * pattern(i));
    ModelState model{{Tensor::fromFloats("head", {2}, values)}, {}};
    values.resize(elements);
    for (std::size_t t = 0; t < static_cast<std::size_t>(mebibytes) / 8; ++t) {
        for (std::size_t i = 0; i < elements; ++i)
            values[i] = static_cast<float>(scale * pattern(t * elements + i));
        model.tensors.push_back(Tensor::fromFloats(fmt::format("body.{}", t), {2048, 1024}, values));
    }
    return model;
}

/// The number that every value of the model is the pattern's multiple of; nothing when a single bit is otherwise.
inline std::optional<double> patternScale(const ModelState &model)
{
    if (model.tensors.empty() || model.tensors[0].info.name != "head")
        return std::nullopt;
    const double scale = model.tensors[0].floats()[0];
    const int mebibytes = static_cast<int>(model.tensors.size() - 1) * 8;
    return model.tensors == patternModel(scale, mebibytes).tensors ? std::optional(scale) : std::nullopt;
}

} // namespace consilium::test
