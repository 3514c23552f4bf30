// SPDX-License-Identifier: GPL-3.0-or-later
#include "learning/training/sample_check.h"

#include <algorithm>
#include <cmath>

namespace consilium::learning {

namespace {

Result<> checkLabels(const Sample &sample, const Plan &plan)
{
    if (sample.labels.size() != static_cast<std::size_t>(sample.voxels()))
        return fail(ErrorCode::Invalid, "Case {} has no labels for its {} voxels", sample.id, sample.voxels());
    const int largest = *std::ranges::max_element(sample.labels);
    if (largest >= static_cast<int>(plan.data.labels.size()))
        return fail(ErrorCode::Invalid, "Case {} has the label {}; the plan knows 0 to {}", sample.id, largest,
                    plan.data.labels.size() - 1);
    return {};
}

Result<> checkPoints(const Sample &sample, const Plan &plan)
{
    const auto &names = plan.data.landmarks;
    if (sample.size[0] != 1)
        return fail(ErrorCode::Invalid, "Case {} has {} slices where landmarks are looked for in one", sample.id,
                    sample.size[0]);
    if (sample.points.size() != names.size())
        return fail(ErrorCode::Invalid, "Case {} has {} landmarks where the plan has {}", sample.id,
                    sample.points.size(), names.size());
    bool any = false;
    for (std::size_t i = 0; i < names.size(); ++i) {
        const auto &point = sample.points[i];
        if (point.visible && !(std::isfinite(point.x) && std::isfinite(point.y)))
            return fail(ErrorCode::Invalid, "Case {}: the place of landmark {} is not a finite number", sample.id,
                        names[i]);
        any = any || point.visible;
    }
    if (!any)
        return failWithHint(ErrorCode::Invalid, "Leave it out", "Case {} shows none of the landmarks", sample.id);
    return {};
}

Result<> checkSample(const Sample &sample, const Plan &plan)
{
    const auto channels = plan.data.channels.size();
    const auto voxels = static_cast<std::size_t>(sample.voxels());
    if (std::ranges::any_of(sample.size, [](auto extent) { return extent < 1; }))
        return fail(ErrorCode::Invalid, "Case {} is empty", sample.id);
    if (static_cast<std::size_t>(sample.channels) != channels || sample.image.size() != channels * voxels)
        return fail(ErrorCode::Invalid, "Case {} has {} channels where the plan has {}", sample.id, sample.channels,
                    channels);
    if (!std::ranges::all_of(sample.image, [](float value) { return std::isfinite(value); }))
        return failWithHint(ErrorCode::Invalid, "Check its preprocessing or leave it out",
                            "Case {} has intensities that are not finite numbers", sample.id);
    return plan.data.landmarks.empty() ? checkLabels(sample, plan) : checkPoints(sample, plan);
}

} // namespace

Result<> checkSamples(std::span<const Sample> samples, const Plan &plan)
{
    if (samples.empty())
        return fail(ErrorCode::Invalid, "There are no cases to train on");
    for (const auto &sample : samples)
        if (auto checked = checkSample(sample, plan); !checked)
            return checked;
    return {};
}

} // namespace consilium::learning
