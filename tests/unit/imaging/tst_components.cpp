// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/components.h"

#include <QtTest>
#include <map>
#include <random>

using namespace consilium::imaging;

namespace {

LabelMap grid(const Index3 &size, const std::vector<Index3> &marked = {}, std::uint8_t label = 1)
{
    LabelMap map;
    map.geometry.size = size;
    map.values.resize(static_cast<std::size_t>(map.geometry.voxels()));
    for (const auto &voxel : marked)
        map.values[static_cast<std::size_t>(map.geometry.offset(voxel[0], voxel[1], voxel[2]))] = label;
    return map;
}

// Plain flood fill, voxel by voxel: slow, and too simple to be wrong.
std::vector<int> floodFill(const LabelMap &map)
{
    const auto &size = map.geometry.size;
    std::vector<int> ids(map.values.size(), 0);
    int next = 0;
    for (std::size_t seed = 0; seed < ids.size(); ++seed) {
        if (!map.values[seed] || ids[seed])
            continue;
        std::vector<std::size_t> open{seed};
        ids[seed] = ++next;
        while (!open.empty()) {
            const auto at = static_cast<int>(open.back());
            open.pop_back();
            const Index3 voxel{at % size[0], at / size[0] % size[1], at / size[0] / size[1]};
            for (int n = 0; n < 27; ++n) {
                const Index3 to{voxel[0] + n % 3 - 1, voxel[1] + n / 3 % 3 - 1, voxel[2] + n / 9 - 1};
                bool inside = true;
                for (int c = 0; c < 3; ++c)
                    inside = inside && to[c] >= 0 && to[c] < size[c];
                if (!inside)
                    continue;
                const auto offset = static_cast<std::size_t>(map.geometry.offset(to[0], to[1], to[2]));
                if (map.values[offset] && !ids[offset]) {
                    ids[offset] = next;
                    open.push_back(offset);
                }
            }
        }
    }
    return ids;
}

} // namespace

class tst_Components : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void touchingCornersIsOneLesion();
    void aGapIsTwoLesions();
    void measuresInMillilitres();
    void sortsByVolume();
    void pointsInsideACurvedLesion();
    void takesOneLabelAlone();
    void joinsLateBranches();
    void findsNothingInNothing();
    void measuresOneVoxel();
    void measuresADiagonal();
    void measuresABall();
    void diameterAgreesWithEveryPair();
    void agreesWithFloodFill();
};

void tst_Components::touchingCornersIsOneLesion()
{
    for (const auto &corner :
         {Index3{2, 2, 2}, Index3{0, 2, 2}, Index3{2, 0, 2}, Index3{0, 0, 2}, Index3{2, 2, 1}, Index3{0, 2, 1}}) {
        const auto lesions = findLesions(grid({3, 3, 3}, {{1, 1, 1}, corner}));
        QCOMPARE(lesions.size(), 1U);
        QCOMPARE(lesions[0].voxels, 2);
    }
}

void tst_Components::aGapIsTwoLesions()
{
    QCOMPARE(findLesions(grid({5, 1, 1}, {{0, 0, 0}, {2, 0, 0}})).size(), 2U);
    QCOMPARE(findLesions(grid({3, 3, 3}, {{0, 0, 0}, {2, 2, 2}})).size(), 2U);
    // The end of one row and the beginning of the next are neighbours in memory alone.
    QCOMPARE(findLesions(grid({4, 2, 1}, {{3, 0, 0}, {0, 1, 0}})).size(), 2U);
    QCOMPARE(findLesions(grid({4, 4, 2}, {{1, 3, 0}, {1, 0, 1}})).size(), 2U);
}

void tst_Components::measuresInMillilitres()
{
    auto map = grid({10, 10, 10}, {{4, 4, 4}, {5, 4, 4}, {4, 5, 4}, {5, 5, 4}});
    map.geometry.spacing = {0.5, 2, 3};
    map.geometry.origin = {100, 200, 300};
    const auto lesions = findLesions(map);
    QCOMPARE(lesions.size(), 1U);
    QCOMPARE(lesions[0].millilitres, 0.012); // 4 voxels of 3 mm^3
    QCOMPARE(lesions[0].centroid, (Vec3{100 + 4.5 * 0.5, 200 + 4.5 * 2, 300 + 4 * 3}));
    QCOMPARE(lesions[0].boxMin, (Index3{4, 4, 4}));
    QCOMPARE(lesions[0].boxMax, (Index3{5, 5, 4}));
}

void tst_Components::sortsByVolume()
{
    const auto map = grid({9, 1, 1}, {{0, 0, 0}, {2, 0, 0}, {3, 0, 0}, {4, 0, 0}, {6, 0, 0}, {7, 0, 0}});
    std::vector<std::int32_t> ids;
    const auto lesions = findLesions(map, 0, &ids);
    QCOMPARE(lesions.size(), 3U);
    QCOMPARE(ids, (std::vector<std::int32_t>{3, 0, 1, 1, 1, 0, 2, 2, 0}));
    for (int n = 0; n < 3; ++n) {
        QCOMPARE(lesions[static_cast<std::size_t>(n)].id, n + 1);
        QCOMPARE(lesions[static_cast<std::size_t>(n)].voxels, 3 - n);
    }
}

void tst_Components::pointsInsideACurvedLesion()
{
    // A ring of 5 x 5: its centroid (3, 3) is empty; the nearest of its voxels lie two steps along j, then along i,
    // since a step along j is shorter.
    auto map = grid({7, 7, 1});
    for (int n = 1; n <= 5; ++n)
        for (const auto &voxel : {Index3{n, 1, 0}, Index3{n, 5, 0}, Index3{1, n, 0}, Index3{5, n, 0}})
            map.values[static_cast<std::size_t>(map.geometry.offset(voxel[0], voxel[1], voxel[2]))] = 1;
    map.geometry.spacing = {2, 1, 1};
    const auto lesions = findLesions(map);
    QCOMPARE(lesions.size(), 1U);
    QCOMPARE(lesions[0].centroid, (Vec3{6, 3, 0}));
    QCOMPARE(lesions[0].peak, (Index3{3, 1, 0}));
}

void tst_Components::takesOneLabelAlone()
{
    auto map = grid({4, 1, 1});
    map.values = {1, 2, 2, 1};
    QCOMPARE(findLesions(map).size(), 1U);
    QCOMPARE(findLesions(map, 1).size(), 2U);
    const auto second = findLesions(map, 2);
    QCOMPARE(second.size(), 1U);
    QCOMPARE(second[0].voxels, 2);
    QVERIFY(findLesions(map, 3).empty());
}

void tst_Components::joinsLateBranches()
{
    // A comb: the teeth meet in the last row alone.
    auto map = grid({9, 5, 1});
    for (int i = 0; i < 9; ++i)
        for (int j = 0; j < 5; ++j)
            if (i % 2 == 0 || j == 4)
                map.values[static_cast<std::size_t>(map.geometry.offset(i, j, 0))] = 1;
    const auto lesions = findLesions(map);
    QCOMPARE(lesions.size(), 1U);
    QCOMPARE(lesions[0].voxels, 5 * 5 + 4);
}

void tst_Components::findsNothingInNothing()
{
    std::vector<std::int32_t> ids{1, 2, 3};
    QVERIFY(findLesions(grid({3, 2, 2}), 0, &ids).empty());
    QCOMPARE(ids, std::vector<std::int32_t>(12, 0));
    QVERIFY(findLesions(LabelMap{}).empty());
}

void tst_Components::measuresOneVoxel()
{
    auto map = grid({3, 3, 3}, {{1, 1, 1}});
    map.geometry.spacing = {0.5, 2, 3};
    const auto lesion = findLesions(map).front();
    QCOMPARE(lesion.extent, (Vec3{0.5, 2, 3}));
    QCOMPARE(lesion.diameter, 3.0); // from face to face of the longest side
}

void tst_Components::measuresADiagonal()
{
    // From the outer face of the first voxel to that of the last: 4 voxels along each axis, one more along the longest.
    auto map = grid({5, 5, 5}, {{0, 0, 0}, {1, 1, 1}, {2, 2, 2}, {3, 3, 3}, {4, 4, 4}});
    map.geometry.spacing = {1, 1, 2};
    const auto lesion = findLesions(map).front();
    QCOMPARE(lesion.extent, (Vec3{5, 5, 10}));
    QCOMPARE(lesion.diameter, std::sqrt(4.0 * 4 + 4 * 4 + 10 * 10));
}

void tst_Components::measuresABall()
{
    // To the voxel: 2 mm is the thickness of a slice.
    auto map = grid({60, 60, 30});
    map.geometry.spacing = {1, 1, 2};
    for (int k = 0; k < 30; ++k)
        for (int j = 0; j < 60; ++j)
            for (int i = 0; i < 60; ++i)
                if (std::hypot(i - 29.5, j - 29.5, 2 * k - 29) <= 20)
                    map.values[static_cast<std::size_t>(map.geometry.offset(i, j, k))] = 1;
    const auto lesion = findLesions(map).front();
    QVERIFY2(std::abs(lesion.diameter - 40) <= 2, qPrintable(QString::number(lesion.diameter)));
}

void tst_Components::diameterAgreesWithEveryPair()
{
    std::mt19937 random(8);
    for (int n = 0; n < 20; ++n) {
        auto map = grid({8, 9, 7});
        map.geometry.spacing = {1.25, 0.5, 3};
        for (auto &value : map.values)
            value = std::bernoulli_distribution(0.1)(random);
        std::vector<std::int32_t> ids;
        const auto lesions = findLesions(map, 0, &ids);
        std::vector<double> longest(lesions.size() + 1, 0);
        std::vector<std::pair<std::int32_t, Vec3>> faces;
        for (int k = 0; k < 7; ++k)
            for (int j = 0; j < 9; ++j)
                for (int i = 0; i < 8; ++i)
                    if (const auto id = ids[static_cast<std::size_t>(map.geometry.offset(i, j, k))])
                        for (int axis = 0; axis < 3; ++axis)
                            for (const double side : {-0.5, 0.5}) {
                                Vec3 at{double(i), double(j), double(k)};
                                at[static_cast<std::size_t>(axis)] += side;
                                faces.push_back({id, {1.25 * at[0], 0.5 * at[1], 3 * at[2]}});
                            }
        for (const auto &[a, p] : faces)
            for (const auto &[b, q] : faces)
                if (a == b)
                    longest[static_cast<std::size_t>(a)] = std::max(longest[static_cast<std::size_t>(a)],
                                                                    std::hypot(p[0] - q[0], p[1] - q[1], p[2] - q[2]));
        for (const auto &lesion : lesions)
            QVERIFY(std::abs(lesion.diameter - longest[static_cast<std::size_t>(lesion.id)]) < 1e-9);
    }
}

void tst_Components::agreesWithFloodFill()
{
    std::mt19937 random(5);
    for (const double density : {0.02, 0.06, 0.1, 0.2, 0.5}) {
        auto map = grid({17, 13, 11});
        for (auto &value : map.values)
            value = std::bernoulli_distribution(density)(random);
        std::vector<std::int32_t> ids;
        const auto lesions = findLesions(map, 0, &ids);
        const auto expected = floodFill(map);

        // The same partition: ids map one to one.
        std::map<int, int> there, back;
        for (std::size_t n = 0; n < ids.size(); ++n) {
            QCOMPARE(there.try_emplace(ids[n], expected[n]).first->second, expected[n]);
            QCOMPARE(back.try_emplace(expected[n], ids[n]).first->second, ids[n]);
        }
        for (const auto &lesion : lesions) {
            QCOMPARE(std::count(ids.begin(), ids.end(), lesion.id), lesion.voxels);
            const auto peak = map.geometry.offset(lesion.peak[0], lesion.peak[1], lesion.peak[2]);
            QCOMPARE(ids[static_cast<std::size_t>(peak)], lesion.id);
        }
        QVERIFY(std::is_sorted(lesions.begin(), lesions.end(),
                               [](const Lesion &a, const Lesion &b) { return a.voxels > b.voxels; }));
    }
}

QTEST_APPLESS_MAIN(tst_Components)
#include "tst_components.moc"
