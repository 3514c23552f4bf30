// SPDX-License-Identifier: GPL-3.0-or-later
#include "learning/batches/batch_source.h"

#include "learning/batches/patch_sampler.h"
#include "learning/batches/radiograph_sampler.h"

namespace consilium::learning {

std::unique_ptr<BatchSource> makeBatchSource(const Plan &plan, std::span<const Sample> samples, std::uint64_t seed)
{
    if (plan.data.landmarks.empty())
        return std::make_unique<PatchSampler>(plan, samples, seed);
    return std::make_unique<RadiographSampler>(plan, samples, seed);
}

} // namespace consilium::learning
