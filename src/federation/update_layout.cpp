// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/update_layout.h"

#include "core/name_pattern.h"
#include "federation/tile_kernels.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace consilium::federation {

namespace {

std::size_t bytesOf(std::span<const TensorInfo> tensors)
{
    std::size_t sum = 0;
    for (const auto &tensor : tensors)
        sum += tensor.bytes();
    return sum;
}

std::string amount(std::size_t bytes)
{
    const auto count = static_cast<double>(bytes);
    return count < 1e5 ? fmt::format("{:.1f} kB", count / 1e3) : fmt::format("{:.1f} MB", count / 1e6);
}

} // namespace

bool isChangeItself(std::string_view name)
{
    return name.starts_with(controlPrefix);
}

std::int64_t keptValues(std::int64_t elements, double share)
{
    return std::min(elements, std::max<std::int64_t>(1, std::llround(share * static_cast<double>(elements))));
}

std::vector<TensorInfo> encodedTensors(const TensorInfo &tensor, const Plan::Updates &updates)
{
    if (!kernels::isFloating(tensor.dtype) || updates.content == "full")
        return {tensor};
    const auto elements = tensor.elements();
    if (updates.encoding == "float16")
        return {{tensor.name, DType::F16, tensor.shape}, {tensor.name + "#scale", DType::F32, {}}};
    if (updates.encoding == "int8")
        return {{tensor.name, DType::I8, tensor.shape},
                {tensor.name + "#scale", DType::F32, {(elements + int8Block - 1) / int8Block}}};
    if (updates.encoding == "top-k") {
        const auto kept = keptValues(elements, updates.share);
        const bool small = elements - 1 <= std::numeric_limits<std::int32_t>::max();
        return {{tensor.name + "#index", small ? DType::I32 : DType::I64, {kept}},
                {tensor.name + "#value", DType::F32, {kept}}};
    }
    return {{tensor.name, DType::F32, tensor.shape}};
}

std::size_t encodedBytes(std::span<const TensorInfo> tensors, const Plan::Updates &updates)
{
    std::size_t sum = 0;
    for (const auto &tensor : tensors)
        sum += bytesOf(encodedTensors(tensor, updates));
    return sum;
}

std::vector<TensorInfo> leavingTensors(std::span<const TensorInfo> model, const Plan::Strategy &strategy)
{
    std::vector<TensorInfo> leaving;
    for (const auto &tensor : model) {
        if (strategy.kind != "fedbn" || !matchesAnyPattern(tensor.name, strategy.keepHome))
            leaving.push_back(tensor);
    }
    if (strategy.kind == "scaffold") {
        for (const auto &tensor : model) {
            if (kernels::isFloating(tensor.dtype))
                leaving.push_back({std::string(controlPrefix) + tensor.name, tensor.dtype, tensor.shape});
        }
    }
    return leaving;
}

std::string updatesInWords(const Plan::Updates &updates)
{
    if (updates.content == "full")
        return "the whole model";
    if (updates.encoding == "float16")
        return "changes as 16-bit numbers";
    if (updates.encoding == "int8")
        return "changes as 8-bit numbers";
    if (updates.encoding == "top-k")
        return fmt::format("the largest {:.4g} % of the changes", updates.share * 100);
    return "changes";
}

std::string updatesInWords(const Plan::Updates &updates, std::span<const TensorInfo> tensors)
{
    const auto whole = bytesOf(tensors), travels = encodedBytes(tensors, updates);
    if (whole == travels)
        return fmt::format("{}, {} each round", updatesInWords(updates), amount(travels));
    return fmt::format("{}, {} instead of {} each round", updatesInWords(updates), amount(travels), amount(whole));
}

std::string updatesInWords(const Plan::Updates &updates, std::size_t modelBytes)
{
    const TensorInfo model{"model", DType::F32, {static_cast<std::int64_t>(modelBytes / sizeof(float))}};
    return updatesInWords(updates, std::span(&model, 1));
}

} // namespace consilium::federation
