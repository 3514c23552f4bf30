// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "learning/inference/inference.h"

#include <algorithm>
#include <vector>

namespace consilium::test {

struct Prediction
{
    std::vector<std::uint8_t> labels; ///< Z, Y, X: the most probable label
    std::vector<float> probabilities; ///< L, Z, Y, X
};

/// predictPlanes into memory, on the case's own grid.
inline Result<Prediction> predict(learning::Network &network, const Plan &plan, const learning::Sample &sample,
                                  const learning::InferenceOptions &options = {})
{
    const auto labels = plan.data.labels.size();
    const auto area = static_cast<std::size_t>(sample.size[1] * sample.size[2]);
    const auto voxels = static_cast<std::size_t>(sample.voxels());
    Prediction prediction;
    prediction.labels.resize(voxels);
    prediction.probabilities.resize(labels * voxels);
    const auto keep = [&](std::int64_t z, std::span<const float> plane) -> Result<> {
        const auto first = static_cast<std::size_t>(z) * area;
        for (std::size_t label = 0; label < labels; ++label)
            std::ranges::copy(plane.subspan(label * area, area),
                              prediction.probabilities.begin() + static_cast<std::ptrdiff_t>(label * voxels + first));
        learning::mostProbable(plane, std::span(prediction.labels).subspan(first, area));
        return {};
    };
    learning::Network *const networks[]{&network};
    if (auto done = learning::predictPlanes(networks, plan, sample, options, keep); !done)
        return fail(done.error());
    return prediction;
}

} // namespace consilium::test
