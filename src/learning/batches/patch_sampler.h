// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/plan.h"
#include "learning/augmentation/patch_reading.h"
#include "learning/batches/batch.h"

#include <array>
#include <span>
#include <vector>

namespace consilium::learning {

/// Draws augmented training patches. A batch depends on the samples, the plan, the seed and its number, and on nothing
/// else; batches may be drawn in any order and from several threads.
///
/// The last patches of a batch, the share `training.foreground` of them rounded but at least one, are centred on a
/// labelled voxel (a label that the case has, chosen uniformly, then one of its voxels); the others lie anywhere. So
/// every batch of two and more shows what is looked for, as with nnU-Net, where chance alone would leave some without;
/// a batch of one is left to chance. A patch stays inside the case where it fits, and holds the whole case where it
/// does not; what lies outside the case is zero with label 0.
///
/// The odds and ranges that a plan does not name are those of nnU-Net (Isensee et al. 2021, supplementary note 4):
/// turned 0.2, scaled 0.2, deformed 0.2, mirrored 0.5 along each axis named; intensities as `volumeOdds` says. An axis
/// along which voxels are more than three times as long as along another is turned about and neither scaled nor
/// deformed: slices stay slices. So it is with a 2D network's.
class PatchSampler : public BatchSource
{
public:
    /// Keeps referring to `samples`, which must have labels and outlive it.
    PatchSampler(const Plan &plan, std::span<const Sample> samples, std::uint64_t seed);

    Batch batch(std::int64_t index) const override;
    /// z, y, x; z is 1 for a 2D network.
    const Extent &patch() const override { return m_patch; }

private:
    bool onForeground(int n, Random &random) const;
    Extent place(std::size_t sample, bool onForeground, Random &random) const;
    void deform(Placement &placement, Random &random) const;
    /// Which axes (z, y, x) it turned over.
    std::array<bool, 3> mirror(std::span<float> image, std::span<std::uint8_t> labels, Random &random) const;

    Plan::Augmentation m_augmentation;
    double m_foreground = 0;
    int m_batchSize = 1;
    int m_channels = 1;
    std::uint64_t m_seed = 0;
    std::span<const Sample> m_samples;
    Extent m_patch{};
    std::array<double, 3> m_spacing{};            // z, y, x
    std::array<bool, 3> m_fine{true, true, true}; // axes within a slice where there are slices, else all
    std::vector<std::vector<std::vector<std::int64_t>>> m_voxels; // per sample, per label that it has: some of them
};

} // namespace consilium::learning
