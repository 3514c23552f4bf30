// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/distance.h"

#include <QtTest>
#include <cmath>
#include <limits>
#include <random>

using namespace consilium::imaging;

class tst_Distance : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void agreesWithEveryPair_data();
    void agreesWithEveryPair();
    void anEmptySetIsInfinitelyFar();
    void measuresMillimetres();
};

void tst_Distance::agreesWithEveryPair_data()
{
    QTest::addColumn<Index3>("size");
    QTest::addColumn<Vec3>("spacing");
    QTest::addColumn<double>("density");
    QTest::newRow("isotropic") << Index3{13, 11, 9} << Vec3{1, 1, 1} << 0.01;
    QTest::newRow("thick slices") << Index3{12, 14, 6} << Vec3{0.47, 0.47, 5} << 0.02;
    QTest::newRow("thin slices") << Index3{9, 8, 20} << Vec3{3, 1.7, 0.2} << 0.01;
    QTest::newRow("dense") << Index3{10, 10, 10} << Vec3{1, 2, 3} << 0.5;
    QTest::newRow("a line") << Index3{1, 40, 1} << Vec3{1, 0.5, 1} << 0.1;
    QTest::newRow("a plane") << Index3{30, 1, 20} << Vec3{1, 1, 1.5} << 0.01;
}

void tst_Distance::agreesWithEveryPair()
{
    QFETCH(Index3, size);
    QFETCH(Vec3, spacing);
    QFETCH(double, density);
    Geometry geometry;
    geometry.size = size;
    geometry.spacing = spacing;
    std::mt19937 random(17);
    std::vector<std::uint8_t> set(static_cast<std::size_t>(geometry.voxels()));
    for (auto &value : set)
        value = std::bernoulli_distribution(density)(random) ? 3 : 0;
    set[set.size() / 2] = 1;

    const auto distance = distanceTo(set, geometry);
    const auto indexOf = [&](std::size_t n) {
        const auto at = static_cast<int>(n);
        return Index3{at % size[0], at / size[0] % size[1], at / size[0] / size[1]};
    };
    for (std::size_t n = 0; n < set.size(); ++n) {
        const auto p = indexOf(n);
        double nearest = std::numeric_limits<double>::infinity();
        for (std::size_t m = 0; m < set.size(); ++m) {
            const auto q = indexOf(m);
            if (set[m])
                nearest = std::min(nearest, std::hypot((p[0] - q[0]) * spacing[0], (p[1] - q[1]) * spacing[1],
                                                       (p[2] - q[2]) * spacing[2]));
        }
        QVERIFY2(std::abs(double{distance[n]} - nearest) < 1e-5 * (1 + nearest), qPrintable(QString::number(nearest)));
    }
}

void tst_Distance::anEmptySetIsInfinitelyFar()
{
    Geometry geometry;
    geometry.size = {4, 3, 2};
    for (const float value : distanceTo(std::vector<std::uint8_t>(24), geometry))
        QCOMPARE(value, std::numeric_limits<float>::infinity());
    geometry.size = {0, 0, 0};
    QVERIFY(distanceTo({}, geometry).empty());
}

void tst_Distance::measuresMillimetres()
{
    Geometry geometry;
    geometry.size = {5, 1, 4};
    geometry.spacing = {1, 1, 4.0 / 3};
    std::vector<std::uint8_t> set(20);
    set[0] = 1;
    const auto distance = distanceTo(set, geometry);
    QCOMPARE(distance[4], 4.F);
    QCOMPARE(distance[15], 4.F);
    QCOMPARE(distance[3 + 15], 5.F); // 3 along i and 4 along k
}

QTEST_GUILESS_MAIN(tst_Distance)
#include "tst_distance.moc"
