// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/tile_kernels.h"

#include "core/vector_clones.h"
#include "federation/small_floats.h"

#include <algorithm>
#include <cassert>
#include <cmath>
#include <cstring>
#include <limits>

namespace consilium::federation::kernels {

namespace {

// Sums in so many lanes at once, which the compiler lays side by side in registers.
constexpr std::size_t lanes = 16;

/// The numbers at an address, of float32 or, where they are aligned, of double precision.
[[gnu::always_inline]] inline float valueAt(const std::byte *floats, std::size_t index)
{
    float value;
    std::memcpy(&value, floats + (index * sizeof(float)), sizeof(float));
    return value;
}
[[gnu::always_inline]] inline double valueAt(const double *doubles, std::size_t index)
{
    return doubles[index];
}

/// Asks for what will be read soon, so that it is on its way from memory while the processor computes. Any address will
/// do.
[[gnu::always_inline]] inline void prefetch([[maybe_unused]] const std::byte *soon)
{
#if defined(__GNUC__)
    __builtin_prefetch(soon, 0, 2);
#endif
}

template <typename T>
double total(const T *sums)
{
    double parts[lanes / 2];
    for (std::size_t lane = 0; lane < lanes / 2; ++lane)
        parts[lane] = static_cast<double>(sums[lane]) + static_cast<double>(sums[lane + (lanes / 2)]);
    return ((parts[0] + parts[4]) + (parts[2] + parts[6])) + ((parts[1] + parts[5]) + (parts[3] + parts[7]));
}

template <typename T>
[[gnu::always_inline]] inline void addChangeOf(const T *__restrict values, const double *__restrict base, double weight,
                                               double *__restrict sum, std::size_t count)
{
    for (std::size_t i = 0; i < count; ++i)
        sum[i] += weight * (static_cast<double>(valueAt(values, i)) - base[i]);
}

template <std::size_t sites>
[[gnu::always_inline]] inline void addWeightedOf(const Floats *values, const double *weights, double *__restrict sum,
                                                 std::size_t count)
{
    const std::byte *__restrict site[sites];
    double weight[sites];
    for (std::size_t k = 0; k < sites; ++k) {
        site[k] = values[k].bytes();
        weight[k] = weights[k];
    }
    for (std::size_t i = 0; i < count; ++i) {
        double value = sum[i];
        for (std::size_t k = 0; k < sites; ++k)
            value += weight[k] * static_cast<double>(valueAt(site[k], i));
        sum[i] = value;
    }
}

template <typename T>
[[gnu::always_inline]] inline double squaredChangeOf(const T *__restrict values, const T *__restrict base,
                                                     std::size_t count)
{
    double squares[lanes] = {};
    std::size_t i = 0;
    for (; i + lanes <= count; i += lanes)
        for (std::size_t lane = 0; lane < lanes; ++lane) {
            const double d =
                static_cast<double>(valueAt(values, i + lane)) - static_cast<double>(valueAt(base, i + lane));
            squares[lane] += d * d;
        }
    for (std::size_t lane = 0; i < count; ++i, ++lane) {
        const double d = static_cast<double>(valueAt(values, i)) - static_cast<double>(valueAt(base, i));
        squares[lane] += d * d;
    }
    return total(squares);
}

template <typename T>
[[gnu::always_inline]] inline void changeOf(const T *__restrict values, const double *__restrict base, double scale,
                                            double *__restrict out, std::size_t count)
{
    for (std::size_t i = 0; i < count; ++i)
        out[i] = scale * (static_cast<double>(valueAt(values, i)) - base[i]);
}

template <typename T>
[[gnu::always_inline]] inline Overlap overlapOf(const T *__restrict values, const double *base, const double *step,
                                                const double *target, std::size_t count)
{
    double squares[lanes] = {}, products[lanes] = {}, distances[lanes] = {};
    std::size_t i = 0;
    for (; i + lanes <= count; i += lanes)
        for (std::size_t lane = 0; lane < lanes; ++lane) {
            const double d = static_cast<double>(valueAt(values, i + lane)) - base[i + lane];
            const double apart = d - target[i + lane];
            squares[lane] += d * d;
            products[lane] += d * step[i + lane];
            distances[lane] += apart * apart;
        }
    for (std::size_t lane = 0; i < count; ++i, ++lane) {
        const double d = static_cast<double>(valueAt(values, i)) - base[i];
        const double apart = d - target[i];
        squares[lane] += d * d;
        products[lane] += d * step[i];
        distances[lane] += apart * apart;
    }
    return {total(squares), total(products), total(distances)};
}

CONSILIUM_VECTOR_CLONES void widenFloats(const std::byte *__restrict in, double *__restrict out, std::size_t count)
{
    for (std::size_t i = 0; i < count; ++i)
        out[i] = static_cast<double>(valueAt(in, i));
}

CONSILIUM_VECTOR_CLONES void narrowFloats(const double *__restrict in, float *__restrict out, std::size_t count)
{
    for (std::size_t i = 0; i < count; ++i)
        out[i] = static_cast<float>(in[i]);
}

CONSILIUM_VECTOR_CLONES std::int64_t countBeyond(const double *values, double limit, std::size_t count)
{
    std::int64_t beyond = 0;
    for (std::size_t i = 0; i < count; ++i)
        beyond += std::abs(values[i]) <= limit ? 0 : 1; // also what is not a number
    return beyond;
}

template <typename T>
void widenAs(std::span<const std::byte> bytes, std::span<double> out)
{
    for (std::size_t i = 0; i < out.size(); ++i) {
        T value;
        std::memcpy(&value, bytes.data() + (i * sizeof(T)), sizeof(T));
        out[i] = static_cast<double>(value);
    }
}

template <typename T>
T rounded(double value)
{
    // The largest 64-bit number is no double: the next above it is, and out of range.
    constexpr auto low = static_cast<double>(std::numeric_limits<T>::min());
    constexpr auto high = static_cast<double>(std::numeric_limits<T>::max());
    const double whole = std::nearbyint(value);
    if (whole >= high)
        return std::numeric_limits<T>::max();
    return whole <= low ? std::numeric_limits<T>::min() : static_cast<T>(whole);
}

template <typename T>
void narrowAs(std::span<const double> values, std::span<std::byte> out)
{
    for (std::size_t i = 0; i < values.size(); ++i) {
        T value;
        if constexpr (std::is_integral_v<T>)
            value = rounded<T>(values[i]);
        else
            value = static_cast<T>(values[i]);
        std::memcpy(out.data() + (i * sizeof(T)), &value, sizeof(T));
    }
}

template <int ExponentBits>
void widenSmall(std::span<const std::byte> bytes, std::span<double> out)
{
    for (std::size_t i = 0; i < out.size(); ++i) {
        std::uint16_t bits;
        std::memcpy(&bits, bytes.data() + (i * sizeof bits), sizeof bits);
        out[i] = fromSmallFloat<ExponentBits>(bits);
    }
}

template <int ExponentBits>
void narrowSmall(std::span<const double> values, std::span<std::byte> out)
{
    for (std::size_t i = 0; i < values.size(); ++i) {
        const auto bits = toSmallFloat<ExponentBits>(values[i]);
        std::memcpy(out.data() + (i * sizeof bits), &bits, sizeof bits);
    }
}

bool alignedFor(const std::byte *bytes, std::size_t size)
{
    return reinterpret_cast<std::uintptr_t>(bytes) % size == 0;
}

} // namespace

bool isFloating(DType type)
{
    return type == DType::F32 || type == DType::F64 || type == DType::F16 || type == DType::BF16;
}

void widen(DType type, std::span<const std::byte> bytes, std::span<double> out)
{
    assert(bytes.size() == out.size() * byteSize(type));
    switch (type) {
    case DType::F32: return widenFloats(bytes.data(), out.data(), out.size());
    case DType::F64: std::memcpy(out.data(), bytes.data(), bytes.size()); return;
    case DType::F16: return widenSmall<5>(bytes, out);
    case DType::BF16: return widenSmall<8>(bytes, out);
    case DType::I64: return widenAs<std::int64_t>(bytes, out);
    case DType::I32: return widenAs<std::int32_t>(bytes, out);
    case DType::I16: return widenAs<std::int16_t>(bytes, out);
    case DType::I8: return widenAs<std::int8_t>(bytes, out);
    case DType::U8:
    case DType::Bool: return widenAs<std::uint8_t>(bytes, out);
    }
}

void narrow(DType type, std::span<const double> values, std::span<std::byte> out)
{
    assert(out.size() == values.size() * byteSize(type));
    switch (type) {
    case DType::F32:
        if (alignedFor(out.data(), alignof(float)))
            return narrowFloats(values.data(), reinterpret_cast<float *>(out.data()), values.size());
        return narrowAs<float>(values, out);
    case DType::F64: std::memcpy(out.data(), values.data(), out.size()); return;
    case DType::F16: return narrowSmall<5>(values, out);
    case DType::BF16: return narrowSmall<8>(values, out);
    case DType::I64: return narrowAs<std::int64_t>(values, out);
    case DType::I32: return narrowAs<std::int32_t>(values, out);
    case DType::I16: return narrowAs<std::int16_t>(values, out);
    case DType::I8: return narrowAs<std::int8_t>(values, out);
    case DType::U8: return narrowAs<std::uint8_t>(values, out);
    case DType::Bool: {
        for (std::size_t i = 0; i < values.size(); ++i)
            out[i] = values[i] > 0.5 ? std::byte{1} : std::byte{0};
        return;
    }
    }
}

bool fits(DType type, std::span<const double> values)
{
    double limit = std::numeric_limits<double>::max();
    // What rounds to a number of the type: up to half a step beyond its largest.
    if (type == DType::F32)
        limit = 0x1.fffffefffffffp127;
    else if (type == DType::F16)
        limit = 0x1.ffdffffffffffp15;
    else if (type == DType::BF16)
        limit = 0x1.feffffffffffdp127;
    return countBeyond(values.data(), limit, values.size()) == 0;
}

CONSILIUM_VECTOR_CLONES void addWeighted(std::span<const Floats> values, std::span<const double> weights, double *sum,
                                         std::size_t count)
{
    assert(values.size() == weights.size() && values.size() <= sitesAtOnce);
    switch (values.size()) {
    case 1: return addWeightedOf<1>(values.data(), weights.data(), sum, count);
    case 2: return addWeightedOf<2>(values.data(), weights.data(), sum, count);
    case 3: return addWeightedOf<3>(values.data(), weights.data(), sum, count);
    case 4: return addWeightedOf<4>(values.data(), weights.data(), sum, count);
    default: return;
    }
}

CONSILIUM_VECTOR_CLONES void scaled(const double *__restrict values, double factor, double *__restrict out,
                                    std::size_t count)
{
    for (std::size_t i = 0; i < count; ++i)
        out[i] = factor * values[i];
}

CONSILIUM_VECTOR_CLONES double toFloats(const double *__restrict values, float *__restrict out, std::size_t count)
{
    double squares[lanes] = {};
    std::size_t i = 0;
    for (; i + lanes <= count; i += lanes)
        for (std::size_t lane = 0; lane < lanes; ++lane) {
            out[i + lane] = static_cast<float>(values[i + lane]);
            squares[lane] += values[i + lane] * values[i + lane];
        }
    for (std::size_t lane = 0; i < count; ++i, ++lane) {
        out[i] = static_cast<float>(values[i]);
        squares[lane] += values[i] * values[i];
    }
    return total(squares);
}

CONSILIUM_VECTOR_CLONES bool addToFloats(const double *__restrict a, const double *__restrict b, float *__restrict out,
                                         std::size_t count)
{
    std::int32_t beyond = 0;
    for (std::size_t i = 0; i < count; ++i) {
        out[i] = static_cast<float>(a[i] + b[i]);
        beyond += std::abs(out[i]) <= std::numeric_limits<float>::max() ? 0 : 1; // also what is not a number
    }
    return beyond == 0;
}

CONSILIUM_VECTOR_CLONES void addChange(Floats values, const double *base, double weight, double *sum, std::size_t count)
{
    addChangeOf(values.bytes(), base, weight, sum, count);
}

CONSILIUM_VECTOR_CLONES void addChange(const double *values, const double *base, double weight, double *sum,
                                       std::size_t count)
{
    addChangeOf(values, base, weight, sum, count);
}

CONSILIUM_VECTOR_CLONES double squaredChange(Floats values, Floats base, std::size_t count)
{
    return squaredChangeOf(values.bytes(), base.bytes(), count);
}

CONSILIUM_VECTOR_CLONES double squaredChange(const double *values, const double *base, std::size_t count)
{
    return squaredChangeOf(values, base, count);
}

CONSILIUM_VECTOR_CLONES void change(Floats values, const double *base, double scale, double *out, std::size_t count)
{
    changeOf(values.bytes(), base, scale, out, count);
}

CONSILIUM_VECTOR_CLONES void change(const double *values, const double *base, double scale, double *out,
                                    std::size_t count)
{
    changeOf(values, base, scale, out, count);
}

CONSILIUM_VECTOR_CLONES Overlap overlap(Floats values, const double *base, const double *step, const double *target,
                                        std::size_t count)
{
    return overlapOf(values.bytes(), base, step, target, count);
}

CONSILIUM_VECTOR_CLONES Overlap overlap(const double *values, const double *base, const double *step,
                                        const double *target, std::size_t count)
{
    return overlapOf(values, base, step, target, count);
}

CONSILIUM_VECTOR_CLONES Overlap overlapInFloat(Floats theirs, Floats from, const float *__restrict step,
                                               std::size_t count)
{
    const std::byte *__restrict values = theirs.bytes();
    const std::byte *__restrict base = from.bytes();
    float squares[lanes] = {}, products[lanes] = {}, distances[lanes] = {};
    std::size_t i = 0;
    for (; i + lanes <= count; i += lanes) {
        prefetch(values + ((count + i) * sizeof(float)));
        for (std::size_t lane = 0; lane < lanes; ++lane) {
            const float d = valueAt(values, i + lane) - valueAt(base, i + lane);
            const float apart = d - step[i + lane];
            squares[lane] += d * d;
            products[lane] += d * step[i + lane];
            distances[lane] += apart * apart;
        }
    }
    for (std::size_t lane = 0; i < count; ++i, ++lane) {
        const float d = valueAt(values, i) - valueAt(base, i);
        const float apart = d - step[i];
        squares[lane] += d * d;
        products[lane] += d * step[i];
        distances[lane] += apart * apart;
    }
    return {total(squares), total(products), total(distances)};
}

CONSILIUM_VECTOR_CLONES double dot(const double *a, const double *b, std::size_t count)
{
    double products[lanes] = {};
    std::size_t i = 0;
    for (; i + lanes <= count; i += lanes)
        for (std::size_t lane = 0; lane < lanes; ++lane)
            products[lane] += a[i + lane] * b[i + lane];
    for (std::size_t lane = 0; i < count; ++i, ++lane)
        products[lane] += a[i] * b[i];
    return total(products);
}

std::vector<std::pair<std::uint32_t, std::uint32_t>> sortingNetwork(std::size_t count)
{
    std::vector<std::pair<std::uint32_t, std::uint32_t>> network;
    if (count < 2)
        return network;
    std::size_t half = 1;
    while (half * 2 < count)
        half *= 2;
    for (std::size_t p = half; p > 0; p /= 2) {
        std::size_t q = half, r = 0, d = p;
        while (true) {
            for (std::size_t i = 0; i + d < count; ++i)
                if ((i & p) == r)
                    network.emplace_back(static_cast<std::uint32_t>(i), static_cast<std::uint32_t>(i + d));
            if (q == p)
                break;
            d = q - p;
            q /= 2;
            r = p;
        }
    }
    return network;
}

CONSILIUM_VECTOR_CLONES void sortColumns(double *table,
                                         std::span<const std::pair<std::uint32_t, std::uint32_t>> network)
{
    for (const auto &[first, second] : network) {
        double *__restrict low = table + (first * sortLanes);
        double *__restrict high = table + (second * sortLanes);
        for (std::size_t lane = 0; lane < sortLanes; ++lane) {
            const double a = low[lane], b = high[lane];
            low[lane] = b < a ? b : a;
            high[lane] = b < a ? a : b;
        }
    }
}

} // namespace consilium::federation::kernels
