// SPDX-License-Identifier: GPL-3.0-or-later
#include "learning/batches/radiograph_sampler.h"

#include "core/hash.h"
#include "learning/augmentation/augmentation.h"

#include <algorithm>

namespace consilium::learning {

RadiographSampler::RadiographSampler(const Plan &plan, std::span<const Sample> samples, std::uint64_t seed)
    : m_batchSize(plan.training.batchSize), m_channels(static_cast<int>(plan.data.channels.size())),
      m_landmarks(plan.data.landmarks.size()), m_patch{1, plan.training.patch[1], plan.training.patch[0]}, m_seed(seed),
      m_samples(samples)
{
}

Batch RadiographSampler::batch(std::int64_t index) const
{
    const auto pixels = static_cast<std::size_t>(m_patch[1] * m_patch[2]) * m_channels;
    Batch batch;
    batch.image.resize(pixels * m_batchSize);
    batch.points.resize(m_landmarks * 2 * m_batchSize);
    batch.weights.resize(m_landmarks * m_batchSize);
    for (int n = 0; n < m_batchSize; ++n) {
        Random random(derivedSeed(m_seed, "radiograph", static_cast<std::uint64_t>(index) * m_batchSize + n));
        const auto &sample = m_samples[random.below(m_samples.size())];
        readPatch(sample, Placement{}, m_patch, std::span(batch.image).subspan(n * pixels, pixels), {});
        for (std::size_t landmark = 0; landmark < m_landmarks; ++landmark) {
            const auto &point = sample.points[landmark];
            const auto slot = n * m_landmarks + landmark;
            const auto width = static_cast<double>(m_patch[2]), height = static_cast<double>(m_patch[1]);
            if (!point.visible || !(point.x >= -0.5 && point.x < width - 0.5) ||
                !(point.y >= -0.5 && point.y < height - 0.5))
                continue;
            batch.points[2 * slot] = static_cast<float>((2 * point.x + 1) / width - 1);
            batch.points[2 * slot + 1] = static_cast<float>((2 * point.y + 1) / height - 1);
            batch.weights[slot] = 1;
        }
    }
    return batch;
}

} // namespace consilium::learning
