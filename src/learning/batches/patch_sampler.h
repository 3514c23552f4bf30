// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/plan.h"
#include "learning/augmentation/augmentation.h"
#include "learning/batches/batch.h"

#include <span>
#include <vector>

namespace consilium::learning {

/// Draws augmented training patches. A batch depends on the samples, the plan, the seed and its number, and on nothing
/// else; batches may be drawn in any order and from several threads.
///
/// A share `training.foreground` of the patches is centred on a labelled voxel (a label that the case has, chosen
/// uniformly, then one of its voxels), the others lie anywhere. A patch stays inside the case where it fits, and holds
/// the whole case where it does not; what lies outside the case is zero with label 0. The odds and ranges that a plan
/// does not name are those of nnU-Net (Isensee et al. 2021, supplementary note 4).
class PatchSampler : public BatchSource
{
public:
    /// Keeps referring to `samples`, which must have labels and outlive it.
    PatchSampler(const Plan &plan, std::span<const Sample> samples, std::uint64_t seed);

    Batch batch(std::int64_t index) const override;
    /// z, y, x; z is 1 for a 2D network.
    const Extent &patch() const override { return m_patch; }

private:
    Placement place(std::size_t sample, Random &random) const;
    void deform(Placement &placement, Random &random) const;
    void augment(std::span<float> image, std::span<std::uint8_t> labels, Random &random) const;

    Plan::Augmentation m_augmentation;
    double m_foreground = 0;
    int m_batchSize = 1;
    int m_channels = 1;
    bool m_flat = false;
    Extent m_patch{};
    std::array<double, 3> m_spacing{}; // z, y, x
    std::uint64_t m_seed = 0;
    std::span<const Sample> m_samples;
    std::vector<std::vector<std::vector<std::uint32_t>>> m_voxels; // per sample, per label that it has: indices
};

} // namespace consilium::learning
