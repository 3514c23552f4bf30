// SPDX-License-Identifier: GPL-3.0-or-later
#include "learning/batches/patch_sampler.h"

#include "core/hash.h"
#include "learning/augmentation/intensity_changes.h"

#include <algorithm>
#include <cmath>

namespace consilium::learning {

namespace {

/// For each label that the case has, up to 10,000 of its voxels, each as likely as any other (reservoir sampling,
/// Vitter 1985, algorithm R): as many as patches are ever centred on, and no more memory for a large organ.
std::vector<std::vector<std::int64_t>> labelledVoxels(const Sample &sample, Random random)
{
    constexpr std::int64_t largest = 10'000;
    std::array<std::vector<std::int64_t>, 256> drawn;
    std::array<std::int64_t, 256> seen{};
    for (std::int64_t voxel = 0; const auto label : sample.labels) {
        if (label != 0) {
            auto &voxels = drawn[label];
            if (seen[label] < largest) {
                voxels.push_back(voxel);
            } else if (const auto slot = random.below(seen[label] + 1); slot < largest) {
                voxels[slot] = voxel;
            }
            ++seen[label];
        }
        ++voxel;
    }
    std::vector<std::vector<std::int64_t>> byLabel;
    for (auto &voxels : drawn)
        if (!voxels.empty())
            byLabel.push_back(std::move(voxels));
    return byLabel;
}

} // namespace

PatchSampler::PatchSampler(const Plan &plan, std::span<const Sample> samples, std::uint64_t seed)
    : m_augmentation(plan.augmentation), m_foreground(plan.training.foreground), m_batchSize(plan.training.batchSize),
      m_channels(static_cast<int>(plan.data.channels.size())), m_seed(seed), m_samples(samples)
{
    const bool flat = plan.network.dimensions == 2;
    const auto &patch = plan.training.patch;
    m_patch = {flat ? 1 : patch[2], patch[1], patch[0]};
    const auto &spacing = plan.preprocessing.spacing;
    m_spacing = {spacing[2], spacing[1], spacing[0]};
    const auto coarsest = flat ? m_spacing.begin() : std::ranges::max_element(m_spacing);
    m_fine[coarsest - m_spacing.begin()] = !flat && *coarsest <= 3 * *std::ranges::min_element(m_spacing);

    for (std::size_t i = 0; i < samples.size(); ++i)
        m_voxels.push_back(labelledVoxels(samples[i], Random(derivedSeed(seed, "foreground", i))));
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
        const auto sample = random.below(m_samples.size());
        Placement placement;
        placement.start = place(sample, onForeground(n, random), random);
        deform(placement, random);
        readPatch(m_samples[sample], placement, m_patch, image, labels);
        changeIntensities(m_augmentation, volumeOdds, image, m_patch, m_fine, random);
        const auto mirrored = mirror(image, labels, random);
        batch.origins.push_back(
            {sample, placement.start, placement.shift, placement.matrix, placement.elastic.has_value(), mirrored});
    }
    return batch;
}

bool PatchSampler::onForeground(int n, Random &random) const
{
    if (m_batchSize == 1 || m_foreground == 0)
        return random.chance(m_foreground);
    return n >= m_batchSize - std::max(1L, std::lround(m_foreground * m_batchSize));
}

Extent PatchSampler::place(std::size_t sample, bool onForeground, Random &random) const
{
    const auto &size = m_samples[sample].size;
    const auto &byLabel = m_voxels[sample];
    const bool centred = onForeground && !byLabel.empty();
    Extent target{};
    if (centred) {
        const auto &voxels = byLabel[random.below(byLabel.size())];
        const auto voxel = voxels[random.below(voxels.size())];
        target = {voxel / (size[1] * size[2]), voxel / size[2] % size[1], voxel % size[2]};
    }
    Extent start;
    for (int axis = 0; axis < 3; ++axis) {
        const auto slack = size[axis] - m_patch[axis];
        const auto low = std::min<std::int64_t>(0, slack), high = std::max<std::int64_t>(0, slack);
        start[axis] =
            centred ? std::clamp(target[axis] - m_patch[axis] / 2, low, high) : low + random.below(high - low + 1);
    }
    return start;
}

void PatchSampler::deform(Placement &placement, Random &random) const
{
    constexpr double odds = 0.2;
    const bool slices = !std::ranges::all_of(m_fine, [](bool fine) { return fine; });
    std::array<double, 3> degrees{}, scale{1, 1, 1};
    const bool turns = m_augmentation.rotation > 0 && random.chance(odds);
    const bool scales = m_augmentation.scaling[0] < m_augmentation.scaling[1] && random.chance(odds);
    if (turns)
        for (int axis = 0; axis < 3; ++axis)
            if (!slices || !m_fine[axis])
                degrees[axis] = random.uniform(-m_augmentation.rotation, m_augmentation.rotation);
    if (scales) {
        const double factor = drawFactor(m_augmentation.scaling, random);
        for (int axis = 0; axis < 3; ++axis)
            if (m_fine[axis])
                scale[axis] = factor;
    }
    if (turns || scales)
        placement.matrix = turnAndScale(degrees, scale, m_spacing);
    if (m_augmentation.elastic > 0 && random.chance(odds))
        placement.elastic.emplace(m_patch, m_spacing, m_fine, random.uniform(0, m_augmentation.elastic), random);
}

std::array<bool, 3> PatchSampler::mirror(std::span<float> image, std::span<std::uint8_t> labels, Random &random) const
{
    std::array<bool, 3> mirrored{false, false, false};
    for (const int axis : m_augmentation.mirror) {
        // The plan counts axes x, y, z; a patch is stored z, y, x.
        const int stored = 2 - axis;
        if (m_patch[stored] == 1 || !random.chance(0.5))
            continue;
        mirrored[stored] = !mirrored[stored];
        flip(labels, m_patch, stored);
        for (std::size_t first = 0; first < image.size(); first += labels.size())
            flip(image.subspan(first, labels.size()), m_patch, stored);
    }
    return mirrored;
}

} // namespace consilium::learning
