// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/dicom/sample_values.h"

#include <bit>
#include <cmath>
#include <cstring>
#include <type_traits>

namespace consilium::imaging::dicom {
namespace {

static_assert(std::endian::native == std::endian::little, "samples are read as they lie in memory");

template <typename Sample, typename Value>
void eachStored(const std::uint8_t *from, std::span<float> out, const BitField &field, Value value)
{
    using Unsigned = std::make_unsigned_t<Sample>;
    const int up = field.up, down = field.down;
    for (std::size_t n = 0; n < out.size(); ++n) {
        Unsigned raw;
        std::memcpy(&raw, from + n * sizeof(raw), sizeof(raw));
        out[n] = value(static_cast<Sample>(static_cast<Sample>(static_cast<Unsigned>(raw << up)) >> down));
    }
}

template <typename Sample>
void rescale(const std::uint8_t *from, std::span<float> out, const BitField &field, double slope, double intercept)
{
    const double gain = field.isTurned ? -slope : slope;
    const double offset = field.isTurned ? intercept + slope * field.turned : intercept;
    // Most images by far: whole numbers, exact in 32 bits, which the processor does in a fraction of the time.
    const bool isShift = sizeof(Sample) <= 2 && std::abs(gain) == 1 && std::abs(offset) <= 1 << 20;
    if (isShift && offset == std::floor(offset)) {
        const auto sign = static_cast<std::int32_t>(gain), shift = static_cast<std::int32_t>(offset);
        eachStored<Sample>(from, out, field, [sign, shift](Sample value) {
            return static_cast<float>(static_cast<std::int32_t>(value) * sign + shift);
        });
    } else {
        eachStored<Sample>(from, out, field,
                           [gain, offset](Sample value) { return static_cast<float>(value * gain + offset); });
    }
}

template <typename Real>
void rescaleReal(const std::uint8_t *from, std::span<float> out, double slope, double intercept)
{
    for (std::size_t n = 0; n < out.size(); ++n) {
        Real value;
        std::memcpy(&value, from + n * sizeof(value), sizeof(value));
        out[n] = static_cast<float>(static_cast<double>(value) * slope + intercept);
    }
}

} // namespace

void convert(const std::uint8_t *from, std::span<float> out, const SampleKind &kind, const BitField &field,
             double slope, double intercept)
{
    const auto integers = [&](auto asSigned, auto asUnsigned) {
        if (kind.isSigned)
            rescale<decltype(asSigned)>(from, out, field, slope, intercept);
        else
            rescale<decltype(asUnsigned)>(from, out, field, slope, intercept);
    };
    if (kind.bits == 64)
        rescaleReal<double>(from, out, slope, intercept);
    else if (kind.isReal)
        rescaleReal<float>(from, out, slope, intercept);
    else if (kind.bits == 32)
        integers(std::int32_t{}, std::uint32_t{});
    else if (kind.bits == 16)
        integers(std::int16_t{}, std::uint16_t{});
    else
        integers(std::int8_t{}, std::uint8_t{});
}

std::vector<std::uint8_t> toBytes(std::span<const std::uint8_t> samples, int bitsAllocated, int bitsStored)
{
    const auto width = static_cast<std::size_t>(bitsAllocated / 8);
    std::vector<std::uint8_t> bytes(samples.size() / width);
    const std::uint32_t mask = bitsStored >= 32 ? ~std::uint32_t{0} : (std::uint32_t{1} << bitsStored) - 1;
    for (std::size_t n = 0; n < bytes.size(); ++n) {
        std::uint32_t value = 0;
        std::memcpy(&value, samples.data() + n * width, width);
        value &= mask;
        bytes[n] = static_cast<std::uint8_t>(bitsStored > 8 ? value >> (bitsStored - 8) : value << (8 - bitsStored));
    }
    return bytes;
}

std::vector<std::uint8_t> interleaved(std::span<const std::uint8_t> planes)
{
    const auto pixels = planes.size() / 3;
    std::vector<std::uint8_t> out(pixels * 3);
    for (std::size_t n = 0; n < pixels; ++n) {
        for (std::size_t channel = 0; channel < 3; ++channel)
            out[3 * n + channel] = planes[channel * pixels + n];
    }
    return out;
}

} // namespace consilium::imaging::dicom
