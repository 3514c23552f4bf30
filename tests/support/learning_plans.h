// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/plan.h"
#include "learning/sample.h"

#include <string>
#include <vector>

namespace consilium::test {

/// A plan for a very small U-Net with one channel, one foreground label and no augmentation.
inline Plan tinyPlan(std::vector<int> features, std::vector<int> patch)
{
    Plan plan;
    plan.task = "tiny";
    plan.data.channels = {"MR"};
    plan.data.labels = {"background", "object"};
    plan.network.dimensions = static_cast<int>(patch.size());
    plan.network.features = std::move(features);
    plan.network.deepSupervision = false;
    plan.preprocessing.normalisation = {"zscore"};
    plan.training.patch = std::move(patch);
    plan.augmentation.rotation = 0;
    plan.augmentation.scaling = {1, 1};
    plan.augmentation.mirror = {};
    plan.augmentation.gamma = {1, 1};
    plan.augmentation.brightness = {1, 1};
    plan.augmentation.contrast = {1, 1};
    plan.augmentation.noise = 0;
    return plan;
}

/// A case of `size` (z, y, x) filled with zeros and label 0.
inline learning::Sample emptySample(std::array<std::int64_t, 3> size, int channels = 1)
{
    learning::Sample sample;
    sample.id = "case";
    sample.size = size;
    sample.channels = channels;
    sample.image.resize(sample.voxels() * channels);
    sample.labels.resize(sample.voxels());
    return sample;
}

} // namespace consilium::test
