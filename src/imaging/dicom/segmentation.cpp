// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/dicom/segmentation.h"

#include <algorithm>
#include <numeric>

namespace consilium::imaging::dicom {

bool Segmentation::overlaps() const
{
    std::vector<std::uint8_t> covered(static_cast<std::size_t>(geometry.voxels()));
    for (const auto &mask : masks) {
        for (std::size_t n = 0; n < mask.size(); ++n) {
            if (covered[n] & mask[n])
                return true;
            covered[n] |= mask[n];
        }
    }
    return false;
}

LabelMap Segmentation::merged() const
{
    LabelMap labels{geometry, std::vector<std::uint8_t>(static_cast<std::size_t>(geometry.voxels()))};
    std::vector<std::size_t> order(segments.size());
    std::iota(order.begin(), order.end(), 0);
    std::sort(order.begin(), order.end(), [this](auto a, auto b) { return segments[a].number < segments[b].number; });
    for (const auto index : order) {
        if (segments[index].number > 255)
            continue;
        const auto value = static_cast<std::uint8_t>(segments[index].number);
        const auto &mask = masks[index];
        for (std::size_t n = 0; n < mask.size(); ++n) {
            if (mask[n])
                labels.values[n] = value;
        }
    }
    return labels;
}

} // namespace consilium::imaging::dicom
