// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "support/learning_plans.h"

#include <cmath>

namespace consilium::test {

/// Bright ball in a darker, wavy background.
inline learning::Sample ballSample()
{
    auto sample = emptySample({14, 16, 18});
    std::size_t i = 0;
    for (int z = 0; z < 14; ++z)
        for (int y = 0; y < 16; ++y)
            for (int x = 0; x < 18; ++x, ++i) {
                sample.labels[i] = std::hypot(z - 7, y - 6, x - 10) < 4.5;
                sample.image[i] =
                    static_cast<float>(0.5 * std::sin(x) * std::cos(1.3 * y + z)) + (sample.labels[i] ? 1.0f : 0.0f);
            }
    return sample;
}

/// Epochs of 20 batches of 2.
inline Plan ballPlan()
{
    auto plan = tinyPlan({8, 16}, {16, 16, 16});
    plan.training.batchSize = 2;
    plan.training.batchesPerEpoch = 20;
    plan.training.optimizer = {"sgd", 0.02, 0.9, true, {0.9, 0.999}, 3e-5};
    return plan;
}

/// As ballPlan, and so small that a step takes a millisecond or so.
inline Plan smallBallPlan()
{
    auto plan = ballPlan();
    plan.network.features = {3, 4};
    plan.training.patch = {8, 8, 8};
    plan.training.batchesPerEpoch = 5;
    plan.augmentation.noise = 0.1;
    plan.augmentation.rotation = 20;
    return plan;
}

} // namespace consilium::test
