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

bool isFloating(DType type);

/// sum += weight (values - base). Returns the sum of the squares of (values - base).
double addChange(const float *values, const double *base, double weight, double *sum, std::size_t count);
double addChange(const double *values, const double *base, double weight, double *sum, std::size_t count);

/// Sum of the squares of (values - base).
double squaredChange(const float *values, const float *base, std::size_t count);
double squaredChange(const double *values, const double *base, std::size_t count);

/// out = scale (values - base).
void change(const float *values, const double *base, double scale, double *out, std::size_t count);
void change(const double *values, const double *base, double scale, double *out, std::size_t count);

/// Of a site's change: its inner product with `step`, and the squared distance to `target`.
struct Overlap
{
    double product = 0;
    double squaredDistance = 0;
};
Overlap overlap(const float *values, const double *base, const double *step, const double *target, std::size_t count);
Overlap overlap(const double *values, const double *base, const double *step, const double *target, std::size_t count);

double dot(const double *a, const double *b, std::size_t count);

/// The comparisons (i, j), i < j, after each of which i holds the smaller, that sort `count` values: odd-even merge
/// sort (Batcher 1968; Knuth, The Art of Computer Programming 3, algorithm 5.2.2M).
std::vector<std::pair<std::uint32_t, std::uint32_t>> sortingNetwork(std::size_t count);

/// How many columns sortColumns sorts at once.
inline constexpr std::size_t sortLanes = 32;
/// Sorts every column of a table with rows of `sortLanes` values.
void sortColumns(double *table, std::span<const std::pair<std::uint32_t, std::uint32_t>> network);

} // namespace consilium::federation::kernels
