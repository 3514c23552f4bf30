// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/plan.h"
#include "learning/augmentation/patch_reading.h"
#include "learning/batches/batch.h"

#include <span>

namespace consilium::learning {

/// Draws whole radiographs, augmented, with their landmarks. A batch depends on the samples, the plan, the seed and its
/// number, and on nothing else; batches may be drawn in any order and from several threads.
///
/// Every second picture is turned about its middle, scaled, and shifted by up to 6 % of its side (those of the three
/// whose range the plan leaves open; nothing shifts where nothing turns or scales), every third is deformed;
/// intensities change as `radiographOdds` says. Landmarks go through the same map as the pixels. One that the picture
/// does not show, or no longer shows, has weight 0 and lies at 0, 0; one under a blanked rectangle still counts: its
/// surroundings tell where it is.
class RadiographSampler : public BatchSource
{
public:
    /// Keeps referring to `samples`, which must have points, be of the size of the plan's patch, and outlive it.
    RadiographSampler(const Plan &plan, std::span<const Sample> samples, std::uint64_t seed);

    Batch batch(std::int64_t index) const override;
    /// 1, rows, columns.
    const Extent &patch() const override { return m_patch; }

private:
    Placement place(Random &random) const;
    void carry(std::span<const SamplePoint> points, const Placement &placement, std::span<float> carried,
               std::span<float> weights) const;

    Plan::Augmentation m_augmentation;
    int m_batchSize = 1;
    int m_channels = 1;
    std::size_t m_landmarks = 0;
    Extent m_patch{};
    std::uint64_t m_seed = 0;
    std::span<const Sample> m_samples;
};

} // namespace consilium::learning
