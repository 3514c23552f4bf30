// SPDX-License-Identifier: GPL-3.0-or-later
#include "learning/augmentation/patch_reading.h"

#include <algorithm>
#include <cstring>
#include <vector>

namespace consilium::learning {

namespace {

void copyPatch(const Sample &sample, const Extent &start, const Extent &patch, std::span<float> image,
               std::span<std::uint8_t> labels)
{
    const auto &size = sample.size;
    const std::int64_t firstX = std::max<std::int64_t>(0, -start[2]);
    const std::int64_t endX = std::min(patch[2], size[2] - start[2]);
    const std::int64_t patchVoxels = patch[0] * patch[1] * patch[2];
    std::ranges::fill(image, 0.0f);
    const bool labelled = !sample.labels.empty() && !labels.empty();
    if (labelled)
        std::ranges::fill(labels, std::uint8_t(0));
    if (endX <= firstX)
        return;
    for (std::int64_t z = 0; z < patch[0]; ++z) {
        const auto sourceZ = z + start[0];
        if (sourceZ < 0 || sourceZ >= size[0])
            continue;
        for (std::int64_t y = 0; y < patch[1]; ++y) {
            const auto sourceY = y + start[1];
            if (sourceY < 0 || sourceY >= size[1])
                continue;
            const auto from = (sourceZ * size[1] + sourceY) * size[2] + start[2] + firstX;
            const auto to = (z * patch[1] + y) * patch[2] + firstX;
            for (int c = 0; c < sample.channels; ++c)
                std::copy_n(sample.image.data() + c * sample.voxels() + from, endX - firstX,
                            image.data() + c * patchVoxels + to);
            if (labelled)
                std::copy_n(sample.labels.data() + from, endX - firstX, labels.data() + to);
        }
    }
}

/// Middle of the patch in its own voxels, and in the case's.
Point middleOf(const Extent &patch)
{
    Point middle;
    for (int axis = 0; axis < 3; ++axis)
        middle[axis] = 0.5 * static_cast<double>(patch[axis] - 1);
    return middle;
}

Point middleInCase(const Placement &placement, const Extent &patch)
{
    auto middle = middleOf(patch);
    for (int axis = 0; axis < 3; ++axis)
        middle[axis] += static_cast<double>(placement.start[axis]) + placement.shift[axis];
    return middle;
}

/// The label with the largest share; outside the case lies label 0.
std::uint8_t prevailing(const std::array<std::uint8_t, 8> &labels, const std::array<float, 8> &shares)
{
    std::uint8_t best = 0;
    float largest = -1;
    for (int i = 0; i < 8; ++i) {
        float total = 0;
        for (int j = 0; j < 8; ++j)
            total += labels[j] == labels[i] ? shares[j] : 0;
        if (total > largest) {
            largest = total;
            best = labels[i];
        }
    }
    return best;
}

/// Reads rows of voxels at given places of one case.
class RowReader
{
public:
    /// `planar`: all places lie in slices, so that nothing is between two of them.
    RowReader(const Sample &sample, bool planar)
        : m_sample(sample), m_line(sample.size[2]), m_plane(sample.size[1] * sample.size[2]),
          m_above(planar ? 0 : m_plane)
    {
        for (int axis = 0; axis < 3; ++axis) {
            m_end[axis] = static_cast<float>(sample.size[axis]);
            m_lastLow[axis] = sample.size[axis] - (axis == 0 && planar ? 1 : 2);
        }
    }

    /// `places` z, y and x of each voxel; channels are `channelStride` apart in `image`; `labels` may be null.
    void read(const std::array<std::vector<float>, 3> &places, float *image, std::int64_t channelStride,
              std::uint8_t *labels) const
    {
        const auto count = static_cast<std::int64_t>(places[0].size());
        const float *zs = places[0].data(), *ys = places[1].data(), *xs = places[2].data();
        for (std::int64_t i = 0; i < count; ++i) {
            const float z = zs[i], y = ys[i], x = xs[i];
            if (!(z > -1 && z < m_end[0] && y > -1 && y < m_end[1] && x > -1 && x < m_end[2])) {
                for (int c = 0; c < m_sample.channels; ++c)
                    image[c * channelStride + i] = 0;
                if (labels)
                    labels[i] = 0;
                continue;
            }
            // Conversion cuts towards zero; above -1 that is the floor once one is added.
            const auto lowZ = static_cast<std::int64_t>(z + 1) - 1, lowY = static_cast<std::int64_t>(y + 1) - 1,
                       lowX = static_cast<std::int64_t>(x + 1) - 1;
            const std::array<float, 3> part{z - static_cast<float>(lowZ), y - static_cast<float>(lowY),
                                            x - static_cast<float>(lowX)};
            if (lowZ >= 0 && lowZ <= m_lastLow[0] && lowY >= 0 && lowY <= m_lastLow[1] && lowX >= 0 &&
                lowX <= m_lastLow[2])
                readInside(lowZ * m_plane + lowY * m_line + lowX, part, image + i, channelStride,
                           labels ? labels + i : nullptr);
            else
                readAtEdge({lowZ, lowY, lowX}, part, image + i, channelStride, labels ? labels + i : nullptr);
        }
    }

private:
    void readInside(std::int64_t base, const std::array<float, 3> &part, float *image, std::int64_t channelStride,
                    std::uint8_t *label) const
    {
        const float *corner = m_sample.image.data() + base;
        for (int c = 0; c < m_sample.channels; ++c, corner += m_sample.voxels(), image += channelStride) {
            const auto alongX = [&](const float *at) { return at[0] + part[2] * (at[1] - at[0]); };
            const float low = alongX(corner) + part[1] * (alongX(corner + m_line) - alongX(corner));
            const float *next = corner + m_above;
            const float high = alongX(next) + part[1] * (alongX(next + m_line) - alongX(next));
            *image = low + part[0] * (high - low);
        }
        if (!label)
            return;
        const std::uint8_t *at = m_sample.labels.data() + base, *above = at + m_above;
        // Far from a boundary all eight agree, which pairs along x tell fastest.
        const auto first = pairAt(at);
        if (at[0] == at[1] && first == pairAt(at + m_line) && first == pairAt(above) && first == pairAt(above + m_line))
            *label = at[0];
        else
            *label = prevailing(
                {at[0], at[1], at[m_line], at[m_line + 1], above[0], above[1], above[m_line], above[m_line + 1]},
                shares(part));
    }

    void readAtEdge(const Extent &low, const std::array<float, 3> &part, float *image, std::int64_t channelStride,
                    std::uint8_t *label) const
    {
        std::array<std::int64_t, 8> index;
        std::array<bool, 8> inside;
        for (int corner = 0; corner < 8; ++corner) {
            const std::int64_t z = low[0] + (corner >> 2), y = low[1] + (corner >> 1 & 1), x = low[2] + (corner & 1);
            inside[corner] =
                z >= 0 && z < m_sample.size[0] && y >= 0 && y < m_sample.size[1] && x >= 0 && x < m_sample.size[2];
            index[corner] = inside[corner] ? z * m_plane + y * m_line + x : 0;
        }
        const auto share = shares(part);
        for (int c = 0; c < m_sample.channels; ++c) {
            const float *channel = m_sample.image.data() + c * m_sample.voxels();
            float value = 0;
            for (int corner = 0; corner < 8; ++corner)
                value += inside[corner] ? share[corner] * channel[index[corner]] : 0;
            image[c * channelStride] = value;
        }
        if (!label)
            return;
        std::array<std::uint8_t, 8> near;
        for (int corner = 0; corner < 8; ++corner)
            near[corner] = inside[corner] ? m_sample.labels.data()[index[corner]] : 0;
        *label = prevailing(near, share);
    }

    static std::uint16_t pairAt(const std::uint8_t *labels)
    {
        std::uint16_t pair;
        std::memcpy(&pair, labels, sizeof pair);
        return pair;
    }

    static std::array<float, 8> shares(const std::array<float, 3> &part)
    {
        std::array<float, 8> share;
        for (int corner = 0; corner < 8; ++corner)
            share[corner] = (corner & 4 ? part[0] : 1 - part[0]) * (corner & 2 ? part[1] : 1 - part[1]) *
                            (corner & 1 ? part[2] : 1 - part[2]);
        return share;
    }

    const Sample &m_sample;
    std::int64_t m_line, m_plane, m_above;
    std::array<float, 3> m_end{};
    Extent m_lastLow{}; // the last voxel that has a next one
};

/// Where the voxels of one row of a patch lie.
class RowPlaces
{
public:
    RowPlaces(const Placement &placement, const Extent &patch)
        : m_placement(placement), m_patch(patch), m_middle(middleOf(patch)), m_inCase(middleInCase(placement, patch))
    {
        for (auto &axis : places)
            axis.resize(patch[2]);
        if (placement.elastic)
            for (auto &axis : m_displacements)
                axis.resize(patch[2]);
    }

    void go(std::int64_t z, std::int64_t y)
    {
        const auto &matrix = m_placement.matrix;
        const Point offset{static_cast<double>(z) - m_middle[0], static_cast<double>(y) - m_middle[1], -m_middle[2]};
        const auto begin = matrix * offset;
        for (int axis = 0; axis < 3; ++axis) {
            const auto first = static_cast<float>(m_inCase[axis] + begin[axis]);
            const auto step = static_cast<float>(matrix[axis][2]);
            float *place = places[axis].data();
            for (std::int64_t x = 0; x < m_patch[2]; ++x)
                place[x] = first + step * static_cast<float>(x);
        }
        if (m_placement.elastic)
            displace(z, y);
    }

    std::array<std::vector<float>, 3> places;

private:
    void displace(std::int64_t z, std::int64_t y)
    {
        for (int axis = 0; axis < 3; ++axis)
            m_placement.elastic->row(axis, z, y, m_displacements[axis]);
        const float *dz = m_displacements[0].data(), *dy = m_displacements[1].data(), *dx = m_displacements[2].data();
        for (int axis = 0; axis < 3; ++axis) {
            const auto &row = m_placement.matrix[axis];
            const auto fromZ = static_cast<float>(row[0]), fromY = static_cast<float>(row[1]),
                       fromX = static_cast<float>(row[2]);
            float *place = places[axis].data();
            for (std::int64_t x = 0; x < m_patch[2]; ++x)
                place[x] += fromZ * dz[x] + fromY * dy[x] + fromX * dx[x];
        }
    }

    const Placement &m_placement;
    Extent m_patch;
    Point m_middle, m_inCase;
    std::array<std::vector<float>, 3> m_displacements;
};

bool keepsSlices(const Placement &placement)
{
    return placement.matrix[0] == identity[0] && placement.shift[0] == 0 &&
           !(placement.elastic && placement.elastic->moves(0));
}

} // namespace

void readPatch(const Sample &sample, const Placement &placement, const Extent &patch, std::span<float> image,
               std::span<std::uint8_t> labels)
{
    if (placement.matrix == identity && placement.shift == Point{} && !placement.elastic)
        return copyPatch(sample, placement.start, patch, image, labels);

    const bool labelled = !sample.labels.empty() && !labels.empty();
    const RowReader reader(sample, keepsSlices(placement));
    RowPlaces row(placement, patch);
    const auto patchVoxels = patch[0] * patch[1] * patch[2];
    for (std::int64_t z = 0; z < patch[0]; ++z)
        for (std::int64_t y = 0; y < patch[1]; ++y) {
            row.go(z, y);
            const auto first = (z * patch[1] + y) * patch[2];
            reader.read(row.places, image.data() + first, patchVoxels, labelled ? labels.data() + first : nullptr);
        }
}

Point pointInPatch(const Placement &placement, const Extent &patch, const Point &inCase)
{
    const auto middle = middleOf(patch);
    auto offset = inCase;
    const auto from = middleInCase(placement, patch);
    for (int axis = 0; axis < 3; ++axis)
        offset[axis] -= from[axis];
    auto displaced = inverse(placement.matrix) * offset;
    for (int axis = 0; axis < 3; ++axis)
        displaced[axis] += middle[axis];
    if (!placement.elastic)
        return displaced;
    // The field is a contraction, so this converges to the one voxel that is displaced to that place.
    auto voxel = displaced;
    for (int i = 0; i < 100; ++i) {
        const auto displacement = placement.elastic->at(voxel);
        for (int axis = 0; axis < 3; ++axis)
            voxel[axis] = displaced[axis] - displacement[axis];
    }
    return voxel;
}

} // namespace consilium::learning
