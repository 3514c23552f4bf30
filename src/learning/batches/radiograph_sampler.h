// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/plan.h"
#include "learning/batches/batch.h"

#include <span>

namespace consilium::learning {

/// Draws whole radiographs with their landmarks. A landmark that the picture does not show has weight 0 and lies at 0,
/// 0.
class RadiographSampler : public BatchSource
{
public:
    /// Keeps referring to `samples`, which must have points, be of the size of the plan's patch, and outlive it.
    RadiographSampler(const Plan &plan, std::span<const Sample> samples, std::uint64_t seed);

    Batch batch(std::int64_t index) const override;
    const Extent &patch() const override { return m_patch; }

private:
    int m_batchSize = 1;
    int m_channels = 1;
    std::size_t m_landmarks = 0;
    Extent m_patch{};
    std::uint64_t m_seed = 0;
    std::span<const Sample> m_samples;
};

} // namespace consilium::learning
