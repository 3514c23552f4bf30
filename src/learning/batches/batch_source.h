// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/plan.h"
#include "learning/batches/batch.h"

#include <memory>
#include <span>

namespace consilium::learning {

/// What `plan` trains on: patches of labelled volumes, or whole radiographs with their landmarks. It keeps referring to
/// `samples`, at least one, which must outlive it and have the labels or points that the plan asks for. The same plan,
/// samples and seed give the same batches.
std::unique_ptr<BatchSource> makeBatchSource(const Plan &plan, std::span<const Sample> samples, std::uint64_t seed);

} // namespace consilium::learning
