// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/findings/lesion_change.h"

#include "imaging/components.h"

#include <algorithm>
#include <cmath>
#include <map>
#include <numbers>
#include <numeric>

namespace consilium::viewer {

using imaging::Geometry;
using imaging::Index3;
using imaging::LabelMap;
using imaging::Lesion;
using imaging::RigidTransform;
using imaging::Vec3;

namespace {

struct Drawn
{
    const Geometry &grid;
    std::vector<std::int32_t> ids; // before the list, which fills it
    std::vector<Lesion> list;

    explicit Drawn(const LabelMap &labels) : grid(labels.geometry), list(imaging::findLesions(labels, 0, &ids)) {}

    bool holds(const Index3 &at) const
    {
        for (int axis = 0; axis < 3; ++axis)
            if (at[axis] < 0 || at[axis] >= grid.size[axis])
                return false;
        return true;
    }
    int idAt(const Index3 &at) const
    {
        return holds(at) ? ids[static_cast<std::size_t>(grid.offset(at[0], at[1], at[2]))] : 0;
    }

    template <typename Visit> // visit(id, LPS position)
    void forEachVoxel(const Visit &visit) const
    {
        std::size_t n = 0;
        for (int k = 0; k < grid.size[2]; ++k)
            for (int j = 0; j < grid.size[1]; ++j)
                for (int i = 0; i < grid.size[0]; ++i, ++n)
                    if (ids[n] != 0)
                        visit(ids[n], grid.toPatient({double(i), double(j), double(k)}));
    }
};

Index3 nearestVoxel(const Geometry &grid, const Vec3 &patient)
{
    const Vec3 index = grid.toIndex(patient);
    return {static_cast<int>(std::lround(index[0])), static_cast<int>(std::lround(index[1])),
            static_cast<int>(std::lround(index[2]))};
}

// The steps between voxels that are no longer than `reach`; staying is one of them.
std::vector<Index3> stepsWithin(double reach, const Vec3 &spacing)
{
    std::vector<Index3> steps;
    Index3 most{};
    for (int axis = 0; axis < 3; ++axis)
        most[axis] = static_cast<int>(reach / spacing[axis]);
    for (int k = -most[2]; k <= most[2]; ++k)
        for (int j = -most[1]; j <= most[1]; ++j)
            for (int i = -most[0]; i <= most[0]; ++i)
                if (std::hypot(i * spacing[0], j * spacing[1], k * spacing[2]) <= reach)
                    steps.push_back({i, j, k});
    return steps;
}

// Lesions of both examinations as one sequence, the prior's first, joined where they meet.
class Groups
{
public:
    Groups(std::size_t prior, std::size_t current) : m_prior(prior), m_parent(prior + current)
    {
        std::iota(m_parent.begin(), m_parent.end(), std::size_t{0});
    }
    void join(int prior, int current)
    {
        const auto a = root(static_cast<std::size_t>(prior) - 1);
        const auto b = root(m_prior + static_cast<std::size_t>(current) - 1);
        m_parent[std::max(a, b)] = std::min(a, b);
    }
    std::size_t root(std::size_t n)
    {
        while (m_parent[n] != n)
            n = m_parent[n] = m_parent[m_parent[n]];
        return n;
    }

private:
    std::size_t m_prior;
    std::vector<std::size_t> m_parent;
};

Groups matched(const Drawn &prior, const Drawn &current, const RigidTransform &currentToPrior, double reach)
{
    Groups groups(prior.list.size(), current.list.size());
    const auto steps = stepsWithin(reach, current.grid.spacing);
    const RigidTransform priorToCurrent = currentToPrior.inverse();
    prior.forEachVoxel([&](int id, const Vec3 &patient) {
        const Index3 at = nearestVoxel(current.grid, priorToCurrent.apply(patient));
        for (const Index3 &step : steps)
            if (const int other = current.idAt({at[0] + step[0], at[1] + step[1], at[2] + step[2]}))
                groups.join(id, other);
    });
    // A voxel of the prior that is larger than the reach may hold a lesion that its centre is far from.
    current.forEachVoxel([&](int id, const Vec3 &patient) {
        if (const int other = prior.idAt(nearestVoxel(prior.grid, currentToPrior.apply(patient))))
            groups.join(other, id);
    });
    return groups;
}

Vec3 lookAt(const Lesion &lesion, const Geometry &grid)
{
    return grid.toPatient({double(lesion.peak[0]), double(lesion.peak[1]), double(lesion.peak[2])});
}

} // namespace

ChangeKind changeKind(double before, double now, double voxelMillilitres, const ChangeLimits &limits)
{
    const double fewest = (limits.fewestVoxels - 1e-6) * voxelMillilitres;
    if (before <= 0 || now <= 0) {
        if (std::max(before, now) < fewest)
            return ChangeKind::Unclear;
        return before <= 0 ? ChangeKind::New : ChangeKind::Resolved;
    }
    const double radius = std::cbrt(3 * before * 1000 / (4 * std::numbers::pi));
    const double area = std::numbers::pi * radius * radius;
    const double change = area < limits.largeArea ? limits.smallChange : limits.largeChange;
    if (std::abs(now - before) < fewest)
        return ChangeKind::Stable;
    if (now > before * std::pow(1 + change, 1.5))
        return ChangeKind::Enlarged;
    return now < before * std::pow(1 - change, 1.5) ? ChangeKind::Shrunk : ChangeKind::Stable;
}

LesionChange::LesionChange(const LabelMap &priorLabels, const LabelMap &currentLabels,
                           const RigidTransform &currentToPrior, const ChangeLimits &limits)
{
    const Drawn prior(priorLabels), current(currentLabels);
    Groups groups = matched(prior, current, currentToPrior, limits.reach);
    const RigidTransform priorToCurrent = currentToPrior.inverse();

    std::map<std::size_t, LesionGroup> byRoot;
    for (std::size_t n = 0; n < prior.list.size(); ++n) {
        LesionGroup &group = byRoot[groups.root(n)];
        group.before += prior.list[n].millilitres;
        group.prior.push_back(prior.list[n].id);
    }
    for (std::size_t n = 0; n < current.list.size(); ++n) {
        LesionGroup &group = byRoot[groups.root(prior.list.size() + n)];
        group.now += current.list[n].millilitres;
        group.current.push_back(current.list[n].id);
    }
    const double voxel = std::max(prior.grid.voxelVolume(), current.grid.voxelVolume()) / 1000;
    for (auto &[root, group] : byRoot) {
        group.kind = changeKind(group.before, group.now, voxel, limits);
        if (group.current.empty()) {
            const Lesion &gone = prior.list[static_cast<std::size_t>(group.prior.front()) - 1];
            group.position = priorToCurrent.apply(lookAt(gone, prior.grid));
            group.outsideView = !current.holds(nearestVoxel(current.grid, group.position));
        } else {
            group.position = lookAt(current.list[static_cast<std::size_t>(group.current.front()) - 1], current.grid);
            group.outsideView =
                group.prior.empty() && !prior.holds(nearestVoxel(prior.grid, currentToPrior.apply(group.position)));
        }
        if (group.outsideView)
            group.kind = ChangeKind::Unclear;
        m_groups.push_back(std::move(group));
    }
    const auto place = [](ChangeKind kind) { return std::find(kChangeKinds.begin(), kChangeKinds.end(), kind); };
    std::stable_sort(m_groups.begin(), m_groups.end(), [&](const LesionGroup &a, const LesionGroup &b) {
        if (a.kind != b.kind)
            return place(a.kind) < place(b.kind);
        return std::abs(a.now - a.before) > std::abs(b.now - b.before);
    });
}

LesionChange::Total LesionChange::total(ChangeKind kind) const
{
    Total sum;
    for (const LesionGroup &group : m_groups) {
        if (group.kind != kind)
            continue;
        ++sum.groups;
        sum.before += group.before;
        sum.now += group.now;
    }
    return sum;
}

LesionChange::Total LesionChange::total() const
{
    Total sum;
    for (const ChangeKind kind : kChangeKinds) {
        const Total part = total(kind);
        sum.groups += part.groups;
        sum.before += part.before;
        sum.now += part.now;
    }
    return sum;
}

} // namespace consilium::viewer
