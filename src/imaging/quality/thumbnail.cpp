// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/quality/thumbnail.h"

#include "core/file.h"
#include "imaging/canonical.h"

#include <algorithm>
#include <cmath>

namespace consilium::imaging {

Thumbnail makeThumbnail(const Volume &volume)
{
    constexpr double largest = 128;
    if (volume.values.empty())
        return {};
    const auto canonical = canonicalGeometry(volume.geometry);
    // Across the picture and down it; a radiograph may be sagittal or coronal.
    const int normal = canonical.size[2] == 1 ? 2 : canonical.size[0] == 1 ? 0 : canonical.size[1] == 1 ? 1 : 2;
    const int across = normal == 0 ? 1 : 0;
    const int down = normal == 2 ? 1 : 2;
    const double width = canonical.size[across] * canonical.spacing[across];
    const double height = canonical.size[down] * canonical.spacing[down];
    const double pixel = std::max(width, height) / largest;

    Thumbnail thumbnail;
    thumbnail.width = std::clamp(static_cast<int>(std::lround(width / pixel)), 1, static_cast<int>(largest));
    thumbnail.height = std::clamp(static_cast<int>(std::lround(height / pixel)), 1, static_cast<int>(largest));
    thumbnail.pixels.reserve(static_cast<std::size_t>(thumbnail.width) * static_cast<std::size_t>(thumbnail.height));
    const auto range = valueRange(volume.values);
    const float contrast = range.high > range.low ? 255 / (range.high - range.low) : 0;
    const auto indexAt = [](int n, int pixels, int voxels) {
        return std::min(voxels - 1, static_cast<int>((n + 0.5) * voxels / pixels));
    };
    for (int y = 0; y < thumbnail.height; ++y)
        for (int x = 0; x < thumbnail.width; ++x) {
            Vec3 index{};
            index[normal] = canonical.size[normal] / 2;
            index[across] = indexAt(x, thumbnail.width, canonical.size[across]);
            index[down] = indexAt(y, thumbnail.height, canonical.size[down]);
            if (down == 2) // the head is up
                index[down] = canonical.size[down] - 1 - index[down];
            const auto source = volume.geometry.toIndex(canonical.toPatient(index));
            const float value =
                volume.at(static_cast<int>(std::lround(source[0])), static_cast<int>(std::lround(source[1])),
                          static_cast<int>(std::lround(source[2])));
            const float grey = (value - range.low) * contrast;
            thumbnail.pixels.push_back(
                std::isfinite(grey) ? static_cast<std::uint8_t>(std::lround(std::clamp(grey, 0.F, 255.F))) : 0);
        }
    return thumbnail;
}

Result<> writeThumbnail(const std::filesystem::path &file, const Thumbnail &thumbnail)
{
    if (thumbnail.pixels.empty())
        return fail(ErrorCode::Invalid, "There is no picture for {}", file.string());
    std::string bytes = fmt::format("P5\n{} {}\n255\n", thumbnail.width, thumbnail.height);
    bytes.append(thumbnail.pixels.begin(), thumbnail.pixels.end());
    return writeFileAtomically(file, bytes);
}

} // namespace consilium::imaging
