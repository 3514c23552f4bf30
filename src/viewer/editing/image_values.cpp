// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/editing/image_values.h"

#include <algorithm>
#include <cmath>

namespace consilium::viewer {

namespace {

constexpr std::int64_t kMostValues = 100000, kFewVoxels = 10;

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
    const imaging::LabelMap &map = *editor.labels();
    const auto &size = map.geometry.size;
    const auto active = static_cast<std::uint8_t>(editor.activeLabel());
    const bool underLabel = editor.voxels(active) >= kFewVoxels;
    const std::int64_t candidates = underLabel ? editor.voxels(active) : map.geometry.voxels();
    const std::int64_t stride = (candidates + kMostValues - 1) / kMostValues;

    std::vector<float> values;
    const auto take = [&](std::int64_t offset) {
        const std::int64_t row = offset / size[0];
        const float value = editor.imageOnGrid().at(static_cast<int>(offset % size[0]), static_cast<int>(row % size[1]),
                                                    static_cast<int>(row / size[1]));
        if (std::isfinite(value))
            values.push_back(value);
    };
    if (underLabel) {
        std::int64_t met = 0;
        for (auto at = std::find(map.values.begin(), map.values.end(), active); at != map.values.end();
             at = std::find(at + 1, map.values.end(), active))
            if (met++ % stride == 0)
                take(at - map.values.begin());
    } else {
        for (std::int64_t offset = 0; offset < candidates; offset += stride)
            take(offset);
    }
    if (values.empty())
        return {};
    return ValueInterval{percentile(values, 0.05), percentile(values, 0.95)};
}

} // namespace consilium::viewer
