// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/update_codec.h"

#include "core/half.h"
#include "federation/tile_kernels.h"
#include "federation/update_layout.h"

#include <algorithm>
#include <bit>
#include <cmath>
#include <cstring>
#include <limits>
#include <numeric>

namespace consilium::federation {

namespace {

using Numbers = std::vector<double>;

template <typename Stored, typename Convert>
Numbers convert(const Tensor &tensor, Convert &&convert)
{
    Numbers numbers(tensor.values.size() / sizeof(Stored));
    for (std::size_t i = 0; i < numbers.size(); ++i) {
        Stored value;
        std::memcpy(&value, tensor.values.data() + i * sizeof value, sizeof value);
        numbers[i] = convert(value);
    }
    return numbers;
}

Numbers numbersOf(const Tensor &tensor)
{
    switch (tensor.info.dtype) {
    case DType::F64: return convert<double>(tensor, [](double value) { return value; });
    case DType::F16: return convert<std::uint16_t>(tensor, fromHalf);
    case DType::BF16:
        return convert<std::uint16_t>(
            tensor, [](std::uint32_t value) { return static_cast<double>(std::bit_cast<float>(value << 16)); });
    default: return convert<float>(tensor, [](float value) { return value; });
    }
}

template <typename Value>
Tensor tensorOf(const TensorInfo &info, const std::vector<Value> &values)
{
    const auto bytes = std::as_bytes(std::span(values));
    return {info, {bytes.begin(), bytes.end()}};
}

// Each function below adds the encoded tensors to `parts` and takes what the host will decode off `change`: what is
// left there is the residual.
using Parts = std::vector<Tensor>;

void encodeFloat(Numbers &change, const std::vector<TensorInfo> &infos, Parts &parts)
{
    parts.push_back(tensorOf(infos[0], std::vector<float>(change.begin(), change.end())));
}

void encodeHalf(Numbers &change, const std::vector<TensorInfo> &infos, Parts &parts)
{
    double largest = 0;
    for (const auto value : change)
        largest = std::max(largest, std::abs(value));
    // Down to 2^-100, so that scale times the smallest half is a normal float, and exact.
    const double scale = largest > 0 ? std::ldexp(1, std::max(-100, std::ilogb(largest) - 14)) : 1;
    std::vector<std::uint16_t> values(change.size());
    for (std::size_t i = 0; i < change.size(); ++i) {
        values[i] = toHalf(static_cast<float>(change[i] / scale));
        change[i] -= fromHalf(values[i]) * scale;
    }
    parts.push_back(tensorOf(infos[0], values));
    parts.push_back(tensorOf(infos[1], std::vector<float>{static_cast<float>(scale)}));
}

/// The smallest float32 with 127 times it at least `largest`: a rounded quotient could cut off the largest value.
float int8Scale(double largest)
{
    auto scale = static_cast<float>(largest / 127);
    if (scale * 127.0 < largest)
        scale = std::nextafter(scale, std::numeric_limits<float>::infinity());
    return std::min(scale, std::numeric_limits<float>::max() / 128);
}

void encodeInt8(Numbers &change, const std::vector<TensorInfo> &infos, Parts &parts)
{
    std::vector<std::int8_t> values(change.size());
    std::vector<float> scales;
    for (std::size_t begin = 0; begin < change.size(); begin += int8Block) {
        const auto block = std::span(change).subspan(begin, std::min<std::size_t>(int8Block, change.size() - begin));
        double largest = 0;
        for (const auto value : block)
            largest = std::max(largest, std::abs(value));
        const auto scale = int8Scale(largest);
        scales.push_back(scale);
        if (scale == 0)
            continue;
        for (std::size_t i = 0; i < block.size(); ++i) {
            const auto value = std::clamp(std::nearbyint(block[i] / scale), -127.0, 127.0);
            values[begin + i] = static_cast<std::int8_t>(value);
            block[i] -= static_cast<double>(static_cast<float>(value) * scale);
        }
    }
    parts.push_back(tensorOf(infos[0], values));
    parts.push_back(tensorOf(infos[1], scales));
}

template <typename Index>
void encodeLargest(Numbers &change, const std::vector<TensorInfo> &infos, Parts &parts)
{
    std::vector<Index> order(change.size());
    std::iota(order.begin(), order.end(), Index{0});
    const auto kept = infos[0].shape[0];
    const auto larger = [&](Index a, Index b) {
        const auto x = std::abs(change[static_cast<std::size_t>(a)]), y = std::abs(change[static_cast<std::size_t>(b)]);
        return x > y || (x == y && a < b);
    };
    if (kept < static_cast<std::int64_t>(order.size()))
        std::nth_element(order.begin(), order.begin() + kept, order.end(), larger);
    order.resize(static_cast<std::size_t>(kept));
    std::sort(order.begin(), order.end());
    std::vector<float> values;
    values.reserve(order.size());
    for (const auto index : order) {
        auto &value = change[static_cast<std::size_t>(index)];
        values.push_back(static_cast<float>(value));
        value -= values.back();
    }
    parts.push_back(tensorOf(infos[0], order));
    parts.push_back(tensorOf(infos[1], values));
}

/// The change of a floating tensor, with what earlier rounds left over.
Result<Numbers> changeOf(const Tensor &tensor, const ModelState &base, const ModelState *residual)
{
    auto change = numbersOf(tensor);
    if (!isChangeItself(tensor.info.name)) {
        const auto *start = base.find(tensor.info.name);
        if (!start || start->info != tensor.info)
            return fail(ErrorCode::Invalid, "The trained model's tensor '{}' {}", tensor.info.name,
                        start ? "has another type or shape than at the start of the round"
                              : "is not in the model of the round");
        const auto before = numbersOf(*start);
        std::transform(change.begin(), change.end(), before.begin(), change.begin(), std::minus());
    }
    if (const auto *left = residual ? residual->find(tensor.info.name) : nullptr) {
        if (left->info.dtype != DType::F32 || left->info.shape != tensor.info.shape)
            return fail(ErrorCode::Invalid, "What earlier rounds left over of tensor '{}' has another type or shape",
                        tensor.info.name);
        const auto values = left->floats();
        std::transform(change.begin(), change.end(), values.begin(), change.begin(), std::plus());
    }
    if (!std::ranges::all_of(change, [](double value) { return std::isfinite(static_cast<float>(value)); }))
        return fail(ErrorCode::Invalid, "The trained model's tensor '{}' holds values that are not finite",
                    tensor.info.name);
    return change;
}

} // namespace

Result<EncodedUpdate> encodeUpdate(const ModelState &trained, const ModelState &base, const Plan::Updates &updates,
                                   const ModelState *residual)
{
    if (updates.content == "full")
        return EncodedUpdate{trained, {}};
    const bool loses = updates.encoding != "float32";
    EncodedUpdate update;
    update.state.metadata = trained.metadata;
    for (const auto &tensor : trained.tensors) {
        if (!kernels::isFloating(tensor.info.dtype)) {
            update.state.tensors.push_back(tensor);
            continue;
        }
        if (loses && tensor.info.name.find('#') != std::string::npos)
            return failWithHint(ErrorCode::Invalid, "Plan federation.updates.encoding=float32 for this network",
                                "The tensor name '{}' has a '#', which encoded updates use", tensor.info.name);
        auto change = changeOf(tensor, base, loses ? residual : nullptr);
        if (!change)
            return fail(change.error());
        const auto infos = encodedTensors(tensor.info, updates);
        if (updates.encoding == "float16")
            encodeHalf(*change, infos, update.state.tensors);
        else if (updates.encoding == "int8")
            encodeInt8(*change, infos, update.state.tensors);
        else if (updates.encoding == "top-k" && infos[0].dtype == DType::I32)
            encodeLargest<std::int32_t>(*change, infos, update.state.tensors);
        else if (updates.encoding == "top-k")
            encodeLargest<std::int64_t>(*change, infos, update.state.tensors);
        else
            encodeFloat(*change, infos, update.state.tensors);
        if (loses)
            update.residual.tensors.push_back(tensorOf({tensor.info.name, DType::F32, tensor.info.shape},
                                                       std::vector<float>(change->begin(), change->end())));
    }
    return update;
}

} // namespace consilium::federation
