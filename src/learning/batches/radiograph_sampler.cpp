// SPDX-License-Identifier: GPL-3.0-or-later
#include "learning/batches/radiograph_sampler.h"

#include "core/hash.h"
#include "learning/augmentation/intensity_changes.h"

namespace consilium::learning {

namespace {

constexpr std::array<double, 3> squarePixels{1, 1, 1};
constexpr std::array<bool, 3> inPlane{false, true, true};

} // namespace

RadiographSampler::RadiographSampler(const Plan &plan, std::span<const Sample> samples, std::uint64_t seed)
    : m_augmentation(plan.augmentation), m_batchSize(plan.training.batchSize),
      m_channels(static_cast<int>(plan.data.channels.size())),
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
        const auto drawn = random.below(m_samples.size());
        const auto &sample = m_samples[drawn];
        const auto image = std::span(batch.image).subspan(n * pixels, pixels);
        const auto placement = place(random);
        readPatch(sample, placement, m_patch, image, {});
        changeIntensities(m_augmentation, radiographOdds, image, m_patch, inPlane, random);
        carry(sample.points, placement, std::span(batch.points).subspan(n * m_landmarks * 2, m_landmarks * 2),
              std::span(batch.weights).subspan(n * m_landmarks, m_landmarks));
        batch.origins.push_back({drawn,
                                 placement.start,
                                 placement.shift,
                                 placement.matrix,
                                 placement.elastic.has_value(),
                                 {false, false, false}});
    }
    return batch;
}

Placement RadiographSampler::place(Random &random) const
{
    constexpr double largestShift = 0.06;
    Placement placement;
    const bool scales = m_augmentation.scaling[0] < m_augmentation.scaling[1];
    if ((m_augmentation.rotation > 0 || scales) && random.chance(0.5)) {
        const double degrees = random.uniform(-m_augmentation.rotation, m_augmentation.rotation);
        const double factor = scales ? drawFactor(m_augmentation.scaling, random) : 1;
        placement.matrix = turnAndScale({degrees, 0, 0}, {1, factor, factor}, squarePixels);
        for (const int axis : {1, 2})
            placement.shift[axis] = random.uniform(-largestShift, largestShift) * static_cast<double>(m_patch[axis]);
    }
    if (m_augmentation.elastic > 0 && random.chance(0.3))
        placement.elastic.emplace(m_patch, squarePixels, inPlane, random.uniform(0, m_augmentation.elastic), random);
    return placement;
}

void RadiographSampler::carry(std::span<const SamplePoint> points, const Placement &placement, std::span<float> carried,
                              std::span<float> weights) const
{
    const auto height = static_cast<double>(m_patch[1]), width = static_cast<double>(m_patch[2]);
    for (std::size_t landmark = 0; landmark < m_landmarks; ++landmark) {
        const auto &point = points[landmark];
        if (!point.visible)
            continue;
        const auto [z, y, x] = pointInPatch(placement, m_patch, {0, point.y, point.x});
        // A pixel reaches half its side beyond its centre. Written so that a place that is not a number is outside.
        if (!(x >= -0.5 && x < width - 0.5 && y >= -0.5 && y < height - 0.5))
            continue;
        carried[2 * landmark] = static_cast<float>((2 * x + 1) / width - 1);
        carried[2 * landmark + 1] = static_cast<float>((2 * y + 1) / height - 1);
        weights[landmark] = 1;
    }
}

} // namespace consilium::learning
