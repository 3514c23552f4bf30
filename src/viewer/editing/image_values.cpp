// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/editing/image_values.h"

#include "viewer/editing/label_voxels.h"

#include <algorithm>
#include <cmath>

namespace consilium::viewer {

namespace {

constexpr std::int64_t kMostValues = 30000, kFewVoxels = 10;

double percentile(std::vector<float> &values, double share)
{
    const auto place = values.begin() + std::lround(share * static_cast<double>(values.size() - 1));
    std::nth_element(values.begin(), place, values.end());
    return *place;
}

} // namespace

std::optional<ValueInterval> suggestedInterval(const LabelEditor &editor)
{
    if (!editor.isOpen() || editor.imageOnGrid().isEmpty())
        return {};
    const imaging::LabelRuns &runs = editor.runs();
    const auto &size = runs.geometry().size;
    const int active = editor.activeLabel();
    const bool underLabel = editor.voxels(active) >= kFewVoxels;
    const std::int64_t candidates = underLabel ? editor.voxels(active) : runs.geometry().voxels();
    const std::int64_t stride = (candidates + kMostValues - 1) / kMostValues;

    std::vector<float> values;
    const auto take = [&](int i, int j, int k) {
        const float value = editor.imageOnGrid().at(i, j, k);
        if (std::isfinite(value))
            values.push_back(value);
    };
    if (underLabel) {
        std::int64_t next = 0, met = 0; // voxels of the label, counted
        overRuns(runs, static_cast<std::uint8_t>(active), [&](const VoxelRun &run) {
            for (; next < met + run.count; next += stride)
                take(run.first + static_cast<int>(next - met), run.j, run.k);
            met += run.count;
        });
    } else {
        for (std::int64_t offset = 0; offset < candidates; offset += stride) {
            const std::int64_t row = offset / size[0];
            take(static_cast<int>(offset % size[0]), static_cast<int>(row % size[1]), static_cast<int>(row / size[1]));
        }
    }
    if (values.empty())
        return {};
    return ValueInterval{percentile(values, 0.05), percentile(values, 0.95)};
}

} // namespace consilium::viewer
