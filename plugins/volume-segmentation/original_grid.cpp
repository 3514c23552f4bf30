// SPDX-License-Identifier: GPL-3.0-or-later
#include "case_preparation.h"

#include "imaging/canonical.h"
#include "learning/inference/inference.h"

#include <algorithm>
#include <cmath>

namespace consilium::segmentation {

using imaging::Geometry;
using imaging::LabelMap;

namespace {

/// The two voxels of a grid on either side of a place along one axis, and the weight of the upper one.
struct Between
{
    std::int64_t lower = 0, upper = 0;
    float weight = 0;
};

/// For every voxel of `target` along one axis its place in `source`, a grid of the same directions.
std::vector<Between> placesAlong(int axis, const Geometry &target, const Geometry &source)
{
    const double first = source.toIndex(target.toPatient({0, 0, 0}))[axis];
    const double step = target.spacing[axis] / source.spacing[axis], last = source.size[axis] - 1;
    std::vector<Between> places;
    for (int i = 0; i < target.size[axis]; ++i) {
        double index = std::clamp(first + step * i, 0.0, last);
        // Rounding noise must not make a voxel centre a blend.
        if (const double whole = std::nearbyint(index); std::abs(index - whole) < 1e-6)
            index = whole;
        const auto lower = static_cast<std::int64_t>(index);
        const auto weight = static_cast<float>(index - static_cast<double>(lower));
        places.push_back({lower, weight > 0 ? lower + 1 : lower, weight});
    }
    return places;
}

float blend(float lower, float upper, float weight)
{
    return lower + (upper - lower) * weight;
}

/// Takes the planes of a prediction as they come and makes the label map on the canonical grid of them.
class LabelsFromPlanes
{
public:
    LabelsFromPlanes(const PreparedCase &grids, std::size_t labels)
        : m_map{grids.canonical, {}}, m_labels(labels), m_same(grids.prepared == grids.canonical),
          m_area(static_cast<std::size_t>(grids.canonical.size[0]) * static_cast<std::size_t>(grids.canonical.size[1]))
    {
        m_map.values.resize(static_cast<std::size_t>(grids.canonical.voxels()));
        for (int axis = 0; !m_same && axis < 3; ++axis)
            m_places[axis] = placesAlong(axis, grids.canonical, grids.prepared);
        m_columns = grids.prepared.size[0];
        m_rows = grids.prepared.size[1];
    }

    void take(std::int64_t z, std::span<const float> plane)
    {
        if (m_same)
            return label(plane);
        const auto &places = m_places[2];
        if (m_next == places.size() || places[m_next].lower > z)
            return; // no plane of the file's lies beside it
        m_before.swap(m_here);
        stretch(plane);
        for (; m_next < places.size() && places[m_next].upper <= z;) {
            const auto &place = places[m_next];
            if (place.lower == z) {
                label(m_here);
                continue;
            }
            m_blended.resize(m_here.size());
            std::ranges::transform(m_before, m_here, m_blended.begin(),
                                   [&](float lower, float upper) { return blend(lower, upper, place.weight); });
            label(m_blended);
        }
    }

    LabelMap finish() && { return std::move(m_map); }

private:
    /// Chooses the labels of the next plane of the map.
    void label(std::span<const float> probabilities)
    {
        learning::mostProbable(probabilities, std::span(m_map.values).subspan(m_next * m_area, m_area));
        ++m_next;
    }

    /// Brings a plane of the prepared grid to the rows and columns of the map.
    void stretch(std::span<const float> plane)
    {
        m_here.resize(m_labels * m_area);
        m_row.resize(static_cast<std::size_t>(m_columns));
        auto out = m_here.begin();
        for (std::size_t index = 0; index < m_labels; ++index) {
            const float *values = plane.data() + static_cast<std::int64_t>(index) * m_rows * m_columns;
            for (const auto &y : m_places[1]) {
                const float *lower = values + y.lower * m_columns, *upper = values + y.upper * m_columns;
                for (std::int64_t x = 0; x < m_columns; ++x)
                    m_row[static_cast<std::size_t>(x)] = blend(lower[x], upper[x], y.weight);
                for (const auto &x : m_places[0])
                    *out++ = blend(m_row[static_cast<std::size_t>(x.lower)], m_row[static_cast<std::size_t>(x.upper)],
                                   x.weight);
            }
        }
    }

    LabelMap m_map;
    std::size_t m_labels;
    bool m_same;
    std::size_t m_area;                             // of a plane of the map
    std::int64_t m_columns = 0, m_rows = 0;         // of the prepared grid
    std::array<std::vector<Between>, 3> m_places;   // x, y, z
    std::size_t m_next = 0;                         // the plane of the map to come
    std::vector<float> m_before, m_here, m_blended; // L, Y, X of the map's grid, at two planes of the prepared one
    std::vector<float> m_row;
};

} // namespace

Result<LabelMap> labelsOnOriginalGrid(std::span<learning::Network *const> networks, const Plan &plan,
                                      const learning::Sample &sample, const PreparedCase &prepared,
                                      const learning::InferenceOptions &options)
{
    LabelsFromPlanes labels(prepared, plan.data.labels.size());
    const auto done = learning::predictPlanes(networks, plan, sample, options,
                                              [&](std::int64_t z, std::span<const float> plane) -> Result<> {
                                                  labels.take(z, plane);
                                                  return {};
                                              });
    if (!done)
        return fail(done.error());
    auto map = std::move(labels).finish();
    return prepared.canonical == prepared.original ? map : imaging::fromCanonical(map, prepared.original);
}

} // namespace consilium::segmentation
