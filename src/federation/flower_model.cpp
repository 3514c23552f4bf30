// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/flower_model.h"

#include <algorithm>
#include <cmath>
#include <cstring>
#include <limits>

namespace consilium::federation {

namespace {

/// Calls `work` with a value of the C++ type of `type`; false for those that C++ has none for.
template <typename Work>
bool withType(DType type, Work &&work)
{
    switch (type) {
    case DType::F64: work(double{}); return true;
    case DType::F32: work(float{}); return true;
    case DType::I64: work(std::int64_t{}); return true;
    case DType::I32: work(std::int32_t{}); return true;
    case DType::I16: work(std::int16_t{}); return true;
    case DType::I8: work(std::int8_t{}); return true;
    case DType::U8: work(std::uint8_t{}); return true;
    case DType::F16:
    case DType::BF16:
    case DType::Bool: return false;
    }
    return false;
}

std::vector<double> asDoubles(const Tensor &tensor)
{
    std::vector<double> out(static_cast<std::size_t>(tensor.info.elements()));
    withType(tensor.info.dtype, [&](auto sample) {
        for (std::size_t i = 0; i < out.size(); ++i) {
            std::memcpy(&sample, tensor.values.data() + i * sizeof sample, sizeof sample);
            out[i] = static_cast<double>(sample);
        }
    });
    return out;
}

/// False when a value is not one of the type's.
bool storeAs(std::span<const double> values, Tensor &tensor)
{
    bool fits = true;
    withType(tensor.info.dtype, [&](auto sample) {
        using Number = decltype(sample);
        tensor.values.resize(tensor.info.bytes());
        for (std::size_t i = 0; i < values.size(); ++i) {
            double value = values[i];
            if constexpr (std::is_integral_v<Number>) {
                value = std::nearbyint(value);
                // The upper bound of 64 bits is no double itself: below its successor, a power of two.
                const double limit = std::ldexp(1.0, std::numeric_limits<Number>::digits);
                if (!(value >= static_cast<double>(std::numeric_limits<Number>::min()) && value < limit)) {
                    fits = false;
                    return;
                }
            }
            sample = static_cast<Number>(value);
            std::memcpy(tensor.values.data() + i * sizeof sample, &sample, sizeof sample);
        }
    });
    return fits;
}

Result<Tensor> converted(Tensor tensor, const TensorInfo &wanted)
{
    if (tensor.info.dtype == wanted.dtype)
        return tensor;
    const auto known = [](DType type) { return withType(type, [](auto) {}); };
    if (!known(tensor.info.dtype) || !known(wanted.dtype))
        return fail(ErrorCode::Invalid, "Tensor '{}' of the ServerApp's model is of type {}, the plan's network has {}",
                    wanted.name, name(tensor.info.dtype), name(wanted.dtype));
    Tensor out{wanted, {}};
    if (!storeAs(asDoubles(tensor), out))
        return fail(ErrorCode::Invalid, "Tensor '{}' of the ServerApp's model has values that no {} holds", wanted.name,
                    name(wanted.dtype));
    return out;
}

} // namespace

Result<ModelState> toNetwork(ModelState received, const std::vector<TensorInfo> &network)
{
    for (const auto &tensor : received.tensors) {
        if (std::none_of(network.begin(), network.end(),
                         [&](const TensorInfo &info) { return info.name == tensor.info.name; }))
            return fail(ErrorCode::Invalid, "The ServerApp's model has a tensor '{}' that the plan's network does not",
                        tensor.info.name);
    }
    ModelState model;
    model.tensors.reserve(network.size());
    for (const auto &wanted : network) {
        const auto found = std::find_if(received.tensors.begin(), received.tensors.end(),
                                        [&](const Tensor &tensor) { return tensor.info.name == wanted.name; });
        if (found == received.tensors.end())
            return fail(ErrorCode::Invalid, "The ServerApp's model lacks the tensor '{}' of the plan's network",
                        wanted.name);
        if (found->info.shape != wanted.shape)
            return fail(ErrorCode::Invalid,
                        "Tensor '{}' of the ServerApp's model has the shape [{}], the plan's network has [{}]",
                        wanted.name, fmt::join(found->info.shape, ", "), fmt::join(wanted.shape, ", "));
        auto tensor = converted(std::move(*found), wanted);
        if (!tensor)
            return fail(tensor.error());
        model.tensors.push_back(std::move(*tensor));
    }
    return model;
}

} // namespace consilium::federation
