// SPDX-License-Identifier: GPL-3.0-or-later
#include "learning/augmentation/radiograph.h"

#include "learning/augmentation/intensity.h"

#include <algorithm>
#include <array>
#include <vector>

namespace consilium::learning {

namespace {

constexpr int tileCount = 8; // along each axis
constexpr int binCount = 256;

/// A tile's new values at the middles of its bins, one more at the end so that the last bin has a next one.
using Map = std::array<float, binCount + 1>;

/// Where a picture's side is cut into tiles, and which two tiles act on each place.
struct Tiles
{
    std::array<std::int64_t, tileCount + 1> edge;
    std::vector<int> low, high;
    std::vector<float> part; // towards high

    explicit Tiles(std::int64_t length)
    {
        for (int tile = 0; tile <= tileCount; ++tile)
            edge[tile] = tile * length / tileCount;
        for (std::int64_t i = 0; i < length; ++i) {
            const double place = (static_cast<double>(i) + 0.5) * tileCount / static_cast<double>(length) - 0.5;
            const double inside = std::clamp(place, 0.0, tileCount - 1.0);
            low.push_back(static_cast<int>(inside));
            high.push_back(std::min(tileCount - 1, low.back() + 1));
            part.push_back(static_cast<float>(inside - low.back()));
        }
    }
};

/// Cuts what is above `limit` and spreads it over all bins (Zuiderveld 1994), then sums up.
Map mapOf(const std::array<std::int64_t, binCount> &histogram, std::int64_t pixels, double clipLimit)
{
    const double limit = clipLimit * static_cast<double>(pixels) / binCount;
    double excess = 0;
    for (const auto count : histogram)
        excess += std::max(0.0, static_cast<double>(count) - limit);
    Map map;
    double below = 0;
    for (int bin = 0; bin < binCount; ++bin) {
        const double count = std::min(limit, static_cast<double>(histogram[bin])) + excess / binCount;
        map[bin] = static_cast<float>((below + count / 2) / static_cast<double>(pixels));
        below += count;
    }
    map[binCount] = map[binCount - 1];
    return map;
}

} // namespace

void equalise(std::span<float> picture, std::int64_t height, double clipLimit)
{
    const auto [low, high] = std::ranges::minmax(picture);
    const auto width = static_cast<std::int64_t>(picture.size()) / height;
    const float range = high - low;
    // A side shorter than the tiles are many would leave tiles without a pixel.
    if (!(range > 0) || height < tileCount || width < tileCount)
        return;
    const float toBins = (binCount - 1) / range;
    for (auto &value : picture)
        value = (value - low) * toBins;

    const Tiles rows(height), columns(width);
    std::vector<Map> maps;
    for (int tileY = 0; tileY < tileCount; ++tileY)
        for (int tileX = 0; tileX < tileCount; ++tileX) {
            std::array<std::int64_t, binCount> histogram{};
            const auto beginX = columns.edge[tileX], endX = columns.edge[tileX + 1];
            for (auto y = rows.edge[tileY]; y < rows.edge[tileY + 1]; ++y)
                for (const float *at = picture.data() + y * width + beginX; at != picture.data() + y * width + endX;
                     ++at)
                    ++histogram[std::min(binCount - 1, static_cast<int>(*at + 0.5f))];
            maps.push_back(mapOf(histogram, (rows.edge[tileY + 1] - rows.edge[tileY]) * (endX - beginX), clipLimit));
        }

    float *value = picture.data();
    for (std::int64_t y = 0; y < height; ++y) {
        const Map *above = maps.data() + rows.low[y] * tileCount, *below = maps.data() + rows.high[y] * tileCount;
        const float partY = rows.part[y];
        const int *lowX = columns.low.data(), *highX = columns.high.data();
        const float *partX = columns.part.data();
        for (std::int64_t x = 0; x < width; ++x, ++value) {
            const int bin = std::min(binCount - 1, static_cast<int>(*value));
            const float part = *value - static_cast<float>(bin);
            const auto mapped = [&](const Map &map) {
                return map.data()[bin] + part * (map.data()[bin + 1] - map.data()[bin]);
            };
            const float top = mapped(above[lowX[x]]) + partX[x] * (mapped(above[highX[x]]) - mapped(above[lowX[x]]));
            const float bottom = mapped(below[lowX[x]]) + partX[x] * (mapped(below[highX[x]]) - mapped(below[lowX[x]]));
            *value = low + range * (top + partY * (bottom - top));
        }
    }
}

void blankRectangles(std::span<float> picture, std::int64_t height, double largest, Random &random)
{
    const auto width = static_cast<std::int64_t>(picture.size()) / height;
    const auto mean = static_cast<float>(momentsOf(picture).mean);
    const auto count = 1 + random.below(4);
    for (int i = 0; i < count; ++i) {
        const auto rows = static_cast<std::int64_t>(random.uniform(0, largest) * static_cast<double>(height));
        const auto columns = static_cast<std::int64_t>(random.uniform(0, largest) * static_cast<double>(width));
        const auto top = random.below(height - rows + 1), left = random.below(width - columns + 1);
        for (auto y = top; y < top + rows; ++y)
            std::fill_n(picture.data() + y * width + left, columns, mean);
    }
}

} // namespace consilium::learning
