// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model_state.h"

#include <cstddef>
#include <span>
#include <utility>
#include <vector>

/// The arithmetic of the aggregation over runs of values. Sums run in double precision in an order that the length
/// alone decides, without fused multiply-add: the same bits on every processor. `values` are a site's, `base` what its
/// change is measured from.
namespace consilium::federation::kernels {

/// Floating types are widened exactly; integers beyond 2^53 lose their last bits. Same length.
void widen(DType type, std::span<const std::byte> bytes, std::span<double> out);
/// Floating types: to the nearest; integers: rounded to the nearest and held within their range. Same length.
void narrow(DType type, std::span<const double> values, std::span<std::byte> out);
/// Whether all values are finite in that floating type.
bool fits(DType type, std::span<const double> values);

/// F64, F32, F16 or BF16: what is a sum of steps, and may travel as a change. Integers travel whole.
bool isFloating(DType type);

/// Numbers in float32 wherever they lie: what arrives over the wire has no alignment.
class Floats
{
public:
    Floats() = default;
    explicit Floats(const std::byte *bytes) : m_bytes(bytes) {}
    Floats(const float *values) : m_bytes(reinterpret_cast<const std::byte *>(values)) {}
    explicit operator bool() const { return m_bytes != nullptr; }
    Floats operator+(std::size_t count) const { return Floats(m_bytes + (count * sizeof(float))); }
    const std::byte *bytes() const { return m_bytes; }

private:
    const std::byte *m_bytes = nullptr;
};

/// sum += weights[0] values[0] + weights[1] values[1] + ..., one after the other, of at most sitesAtOnce sites.
inline constexpr std::size_t sitesAtOnce = 4;
void addWeighted(std::span<const Floats> values, std::span<const double> weights, double *sum, std::size_t count);
/// out = factor values.
void scaled(const double *values, double factor, double *out, std::size_t count);

/// sum += weight (values - base).
void addChange(Floats values, const double *base, double weight, double *sum, std::size_t count);
void addChange(const double *values, const double *base, double weight, double *sum, std::size_t count);

/// Sum of the squares of (values - base).
double squaredChange(Floats values, Floats base, std::size_t count);
double squaredChange(const double *values, const double *base, std::size_t count);

/// out = scale (values - base).
void change(Floats values, const double *base, double scale, double *out, std::size_t count);
void change(const double *values, const double *base, double scale, double *out, std::size_t count);

/// Of a site's change: its square, its inner product with `step`, and the squared distance to `target`.
struct Overlap
{
    double square = 0;
    double product = 0;
    double squaredDistance = 0;
};
Overlap overlap(Floats values, const double *base, const double *step, const double *target, std::size_t count);
Overlap overlap(const double *values, const double *base, const double *step, const double *target, std::size_t count);

/// The same in single precision, to about six digits, where the target is the step; twice as fast. For up to a few
/// thousand values. The values that follow these are the next to be read, if anything is: they are fetched meanwhile.
Overlap overlapInFloat(Floats values, Floats base, const float *step, std::size_t count);

/// Rounds to float32; returns the sum of the squares of the values.
double toFloats(const double *values, float *out, std::size_t count);
/// out = a + b, rounded to float32; whether all of it is finite.
bool addToFloats(const double *a, const double *b, float *out, std::size_t count);

double dot(const double *a, const double *b, std::size_t count);

/// The comparisons (i, j), i < j, after each of which i holds the smaller, that sort `count` values: odd-even merge
/// sort (Batcher 1968; Knuth, The Art of Computer Programming 3, algorithm 5.2.2M).
std::vector<std::pair<std::uint32_t, std::uint32_t>> sortingNetwork(std::size_t count);

/// How many columns sortColumns sorts at once.
inline constexpr std::size_t sortLanes = 32;
/// Sorts every column of a table with rows of `sortLanes` values.
void sortColumns(double *table, std::span<const std::pair<std::uint32_t, std::uint32_t>> network);

} // namespace consilium::federation::kernels
