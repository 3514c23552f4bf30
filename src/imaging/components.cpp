// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/components.h"

#include <algorithm>
#include <cmath>
#include <limits>

namespace consilium::imaging {

namespace {

// A stretch of foreground along i. Working on runs instead of voxels keeps the memory and the time that of the lesions.
struct Run
{
    int j, k, begin, end; // i from begin to before end
    int component;
};

// Disjoint sets with path halving; a root is the smallest number of its set.
class DisjointSets
{
public:
    int add()
    {
        m_parent.push_back(static_cast<int>(m_parent.size()));
        return m_parent.back();
    }
    int root(int n)
    {
        while (at(n) != n)
            n = at(n) = at(at(n));
        return n;
    }
    void join(int a, int b)
    {
        a = root(a);
        b = root(b);
        at(std::max(a, b)) = std::min(a, b);
    }

private:
    int &at(int n) { return m_parent[static_cast<std::size_t>(n)]; }
    std::vector<int> m_parent;
};

std::vector<Run> connectedRuns(const LabelMap &labels, int label)
{
    const auto &size = labels.geometry.size;
    std::vector<Run> runs;
    DisjointSets sets;
    // Where the runs of each row begin in `runs`; row r is (j, k) with r = j + size[1] * k.
    std::vector<std::size_t> rowBegin{0};
    rowBegin.reserve(static_cast<std::size_t>(size[1]) * static_cast<std::size_t>(size[2]) + 1);

    // Joins run `n` with the runs of an earlier row that touch it, diagonally too.
    const auto joinRow = [&](std::size_t n, int j, int k) {
        if (j < 0 || j >= size[1] || k < 0)
            return;
        const auto row = static_cast<std::size_t>(j) + static_cast<std::size_t>(size[1]) * static_cast<std::size_t>(k);
        for (auto other = rowBegin[row]; other < rowBegin[row + 1]; ++other) {
            if (runs[other].begin > runs[n].end)
                break;
            if (runs[other].end >= runs[n].begin)
                sets.join(static_cast<int>(n), static_cast<int>(other));
        }
    };

    for (int k = 0; k < size[2]; ++k) {
        for (int j = 0; j < size[1]; ++j) {
            const auto *row = labels.values.data() + labels.geometry.offset(0, j, k);
            for (int i = 0; i < size[0]; ++i) {
                const auto inside = [&](int at) { return label > 0 ? row[at] == label : row[at] != 0; };
                if (!inside(i))
                    continue;
                const int begin = i;
                while (i < size[0] && inside(i))
                    ++i;
                runs.push_back({j, k, begin, i, sets.add()});
                const auto n = runs.size() - 1;
                joinRow(n, j - 1, k);
                for (int dj = -1; dj <= 1; ++dj)
                    joinRow(n, j + dj, k - 1);
            }
            rowBegin.push_back(runs.size());
        }
    }
    for (auto &run : runs)
        run.component = sets.root(run.component);
    return runs;
}

// Numbers the components from 0 by falling volume, those of one volume by their first voxel, and counts their voxels.
std::vector<std::int64_t> rankByVolume(std::vector<Run> &runs)
{
    // A root is its component's first run.
    std::vector<std::int64_t> voxelsOf(runs.size(), 0);
    for (const auto &run : runs)
        voxelsOf[static_cast<std::size_t>(run.component)] += run.end - run.begin;
    std::vector<std::size_t> order;
    for (std::size_t root = 0; root < voxelsOf.size(); ++root)
        if (voxelsOf[root] > 0)
            order.push_back(root);
    std::stable_sort(order.begin(), order.end(),
                     [&](std::size_t a, std::size_t b) { return voxelsOf[a] > voxelsOf[b]; });
    std::vector<int> rankOf(runs.size(), 0);
    std::vector<std::int64_t> voxels;
    for (const auto root : order) {
        rankOf[root] = static_cast<int>(voxels.size());
        voxels.push_back(voxelsOf[root]);
    }
    for (auto &run : runs)
        run.component = rankOf[static_cast<std::size_t>(run.component)];
    return voxels;
}

// Ids are ranks and 1.
void writeIds(const std::vector<Run> &runs, const Geometry &geometry, std::vector<std::int32_t> &ids)
{
    ids.assign(static_cast<std::size_t>(geometry.voxels()), 0);
    for (const auto &run : runs)
        std::fill_n(ids.begin() + geometry.offset(run.begin, run.j, run.k), run.end - run.begin, run.component + 1);
}

// A point of a lesion's surface in half voxels.
struct SurfacePoint
{
    int k, j, i;

    auto operator<=>(const SurfacePoint &) const = default;
};

// Keeps of the points of each plane k those on their convex hull (Andrew's monotone chain): no other point can be one
// of the two farthest apart.
std::vector<SurfacePoint> hullsOfPlanes(std::vector<SurfacePoint> points)
{
    std::sort(points.begin(), points.end());
    points.erase(std::unique(points.begin(), points.end()), points.end());
    const auto turnsLeft = [](const SurfacePoint &a, const SurfacePoint &b, const SurfacePoint &c) {
        return std::int64_t{b.j - a.j} * (c.i - a.i) - std::int64_t{b.i - a.i} * (c.j - a.j) > 0;
    };
    std::vector<SurfacePoint> hull;
    for (std::size_t begin = 0; begin < points.size();) {
        auto end = begin;
        while (end < points.size() && points[end].k == points[begin].k)
            ++end;
        const auto chain = [&](auto from, auto to) {
            const auto first = hull.size();
            for (; from != to; ++from) {
                while (hull.size() >= first + 2 && !turnsLeft(hull[hull.size() - 2], hull.back(), *from))
                    hull.pop_back();
                hull.push_back(*from);
            }
        };
        const auto at = [](auto position, std::size_t n) { return position + static_cast<std::ptrdiff_t>(n); };
        chain(at(points.cbegin(), begin), at(points.cbegin(), end));
        chain(at(points.crbegin(), points.size() - end), at(points.crbegin(), points.size() - begin));
        begin = end;
    }
    return hull;
}

double greatestDistance(const std::vector<SurfacePoint> &points, const Vec3 &spacing)
{
    double squared = 0;
    for (auto a = points.begin(); a != points.end(); ++a)
        for (auto b = a + 1; b != points.end(); ++b) {
            const double i = (a->i - b->i) * spacing[0], j = (a->j - b->j) * spacing[1], k = (a->k - b->k) * spacing[2];
            squared = std::max(squared, i * i + j * j + k * k);
        }
    return std::sqrt(squared) / 2;
}

void measureDiameters(std::vector<Lesion> &lesions, const std::vector<Run> &runs, const Vec3 &spacing)
{
    std::vector<std::vector<SurfacePoint>> surfaces(lesions.size());
    for (const auto &run : runs) {
        auto &surface = surfaces[static_cast<std::size_t>(run.component)];
        const int k = 2 * run.k, j = 2 * run.j;
        surface.push_back({k, j, 2 * run.begin - 1});
        surface.push_back({k, j, 2 * run.end - 1});
        for (const int i : {2 * run.begin, 2 * run.end - 2})
            for (const int side : {-1, 1}) {
                surface.push_back({k, j + side, i});
                surface.push_back({k + side, j, i});
            }
    }
    for (std::size_t n = 0; n < lesions.size(); ++n)
        lesions[n].diameter = greatestDistance(hullsOfPlanes(std::move(surfaces[n])), spacing);
}

} // namespace

std::vector<std::int64_t> labelRegions(const LabelMap &labels, int label, std::vector<std::int32_t> &ids)
{
    auto runs = connectedRuns(labels, label);
    auto voxels = rankByVolume(runs);
    writeIds(runs, labels.geometry, ids);
    return voxels;
}

std::vector<Lesion> findLesions(const LabelMap &labels, int label, std::vector<std::int32_t> *ids)
{
    const auto &geometry = labels.geometry;
    auto runs = connectedRuns(labels, label);
    std::vector<Lesion> lesions;
    for (const auto voxels : rankByVolume(runs)) {
        Lesion lesion;
        lesion.id = static_cast<int>(lesions.size()) + 1;
        lesion.voxels = voxels;
        lesion.boxMin = geometry.size;
        lesion.boxMax = {-1, -1, -1};
        lesions.push_back(lesion);
    }
    std::vector<Vec3> sums(lesions.size(), Vec3{}); // of the voxel indices
    for (const auto &run : runs) {
        auto &lesion = lesions[static_cast<std::size_t>(run.component)];
        auto &sum = sums[static_cast<std::size_t>(run.component)];
        const double length = run.end - run.begin;
        sum[0] += length * (run.begin + run.end - 1) / 2;
        sum[1] += length * run.j;
        sum[2] += length * run.k;
        const Index3 first{run.begin, run.j, run.k}, last{run.end - 1, run.j, run.k};
        for (int axis = 0; axis < 3; ++axis) {
            lesion.boxMin[axis] = std::min(lesion.boxMin[axis], first[axis]);
            lesion.boxMax[axis] = std::max(lesion.boxMax[axis], last[axis]);
        }
    }

    for (std::size_t n = 0; n < lesions.size(); ++n) {
        for (auto &component : sums[n])
            component /= static_cast<double>(lesions[n].voxels); // the mean voxel index from here on
        lesions[n].centroid = geometry.toPatient(sums[n]);
        lesions[n].millilitres = static_cast<double>(lesions[n].voxels) * geometry.voxelVolume() / 1000;
        for (int axis = 0; axis < 3; ++axis)
            lesions[n].extent[axis] = (lesions[n].boxMax[axis] - lesions[n].boxMin[axis] + 1) * geometry.spacing[axis];
    }
    measureDiameters(lesions, runs, geometry.spacing);

    std::vector<double> nearest(lesions.size(), std::numeric_limits<double>::infinity());
    for (const auto &run : runs) {
        const auto n = static_cast<std::size_t>(run.component);
        const auto &mean = sums[n];
        // The index axes stand at right angles, so within a run the closest voxel is the closest along i.
        const int i = std::clamp(static_cast<int>(std::lround(mean[0])), run.begin, run.end - 1);
        const double distance = std::hypot((i - mean[0]) * geometry.spacing[0], (run.j - mean[1]) * geometry.spacing[1],
                                           (run.k - mean[2]) * geometry.spacing[2]);
        if (distance < nearest[n]) {
            nearest[n] = distance;
            lesions[n].peak = {i, run.j, run.k};
        }
    }

    if (ids)
        writeIds(runs, geometry, *ids);
    return lesions;
}

} // namespace consilium::imaging
