// SPDX-License-Identifier: GPL-3.0-or-later
#include "learning/batches/patch_sampler.h"

#include "core/hash.h"

#include <algorithm>

namespace consilium::learning {

namespace {

/// Below and above 1 equally often when the range holds both, so that neither direction dominates.
double drawFactor(const std::array<double, 2> &range, Random &random)
{
    if (range[0] < 1 && range[1] > 1)
        return random.chance(0.5) ? random.uniform(range[0], 1) : random.uniform(1, range[1]);
    return random.uniform(range[0], range[1]);
}

} // namespace

PatchSampler::PatchSampler(const Plan &plan, std::span<const Sample> samples, std::uint64_t seed)
    : m_augmentation(plan.augmentation), m_foreground(plan.training.foreground), m_batchSize(plan.training.batchSize),
      m_channels(static_cast<int>(plan.data.channels.size())), m_flat(plan.network.dimensions == 2), m_seed(seed),
      m_samples(samples)
{
    const auto &patch = plan.training.patch;
    m_patch = {m_flat ? 1 : patch[2], patch[1], patch[0]};
    const auto &spacing = plan.preprocessing.spacing;
    m_spacing = {spacing[2], spacing[1], spacing[0]};

    m_voxels.resize(samples.size());
    for (std::size_t i = 0; i < samples.size(); ++i) {
        std::vector<std::vector<std::uint32_t>> byLabel(plan.data.labels.size());
        const auto &labels = samples[i].labels;
        for (std::size_t voxel = 0; voxel < labels.size(); ++voxel)
            if (labels[voxel] != 0)
                byLabel[labels[voxel]].push_back(static_cast<std::uint32_t>(voxel));
        std::erase_if(byLabel, [](const auto &voxels) { return voxels.empty(); });
        m_voxels[i] = std::move(byLabel);
    }
}

Batch PatchSampler::batch(std::int64_t index) const
{
    const auto voxels = static_cast<std::size_t>(m_patch[0] * m_patch[1] * m_patch[2]);
    Batch batch;
    batch.image.resize(voxels * m_channels * m_batchSize);
    batch.labels.resize(voxels * m_batchSize);
    for (int n = 0; n < m_batchSize; ++n) {
        Random random(derivedSeed(m_seed, "patch", static_cast<std::uint64_t>(index) * m_batchSize + n));
        const auto image = std::span(batch.image).subspan(n * voxels * m_channels, voxels * m_channels);
        const auto labels = std::span(batch.labels).subspan(n * voxels, voxels);
        const auto sample = static_cast<std::size_t>(random.below(static_cast<std::int64_t>(m_samples.size())));
        auto placement = place(sample, random);
        deform(placement, random);
        readPatch(m_samples[sample], placement, m_patch, image, labels);
        augment(image, labels, random);
    }
    return batch;
}

Placement PatchSampler::place(std::size_t sample, Random &random) const
{
    const auto &size = m_samples[sample].size;
    const auto &byLabel = m_voxels[sample];
    const bool onForeground = random.chance(m_foreground) && !byLabel.empty();
    Extent target{};
    if (onForeground) {
        const auto &voxels = byLabel[random.below(static_cast<std::int64_t>(byLabel.size()))];
        const std::int64_t voxel = voxels[random.below(static_cast<std::int64_t>(voxels.size()))];
        target = {voxel / (size[1] * size[2]), voxel / size[2] % size[1], voxel % size[2]};
    }
    Placement placement;
    for (int axis = 0; axis < 3; ++axis) {
        const auto slack = size[axis] - m_patch[axis];
        const auto low = std::min<std::int64_t>(0, slack), high = std::max<std::int64_t>(0, slack);
        placement.start[axis] =
            onForeground ? std::clamp(target[axis] - m_patch[axis] / 2, low, high) : low + random.below(high - low + 1);
    }
    return placement;
}

void PatchSampler::deform(Placement &placement, Random &random) const
{
    constexpr double odds = 0.2;
    std::array<double, 3> degrees{}, scale{1, 1, 1};
    const bool turns = random.chance(odds) && m_augmentation.rotation > 0;
    const bool scales = random.chance(odds) && m_augmentation.scaling[0] < m_augmentation.scaling[1];
    if (turns) {
        for (int axis = 0; axis < (m_flat ? 1 : 3); ++axis)
            degrees[axis] = random.uniform(-m_augmentation.rotation, m_augmentation.rotation);
    }
    if (scales) {
        const double factor = drawFactor(m_augmentation.scaling, random);
        scale = {m_flat ? 1 : factor, factor, factor};
    }
    placement.deformed = turns || scales;
    if (placement.deformed)
        placement.matrix = turnAndScale(degrees, scale, m_spacing);
}

void PatchSampler::augment(std::span<float> image, std::span<std::uint8_t> labels, Random &random) const
{
    const auto voxels = labels.size();
    // A plan that fixes gamma at one value asks for intensities as they are.
    const bool intensities = m_augmentation.gamma[0] < m_augmentation.gamma[1];
    for (int c = 0; c < m_channels; ++c) {
        const auto channel = image.subspan(c * voxels, voxels);
        if (random.chance(0.1) && m_augmentation.noise > 0)
            addNoise(channel, random.uniform(0, m_augmentation.noise), random);
        if (!intensities)
            continue;
        if (random.chance(0.15)) {
            const auto factor = static_cast<float>(random.uniform(0.75, 1.25));
            for (auto &value : channel)
                value *= factor;
        }
        if (random.chance(0.15))
            applyContrast(channel, random.uniform(0.75, 1.25));
        if (random.chance(0.3))
            applyGamma(channel, drawFactor(m_augmentation.gamma, random));
    }
    for (const int axis : m_augmentation.mirror) {
        if (!random.chance(0.5) || (m_flat && axis == 2))
            continue;
        // The plan counts axes x, y, z; a patch is stored z, y, x.
        flip(labels, m_patch, 2 - axis);
        for (int c = 0; c < m_channels; ++c)
            flip(image.subspan(c * voxels, voxels), m_patch, 2 - axis);
    }
}

} // namespace consilium::learning
