// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/cases/case_cache.h"
#include "viewer/cases/label_comparison.h"
#include "viewer/cases/value_quantiles.h"
#include "viewer_fixtures.h"

#include <QtTest>
#include <limits>
#include <numeric>

using namespace consilium;
using namespace consilium::viewer;
using imaging::LabelMap;

class tst_LabelComparison : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void differencesAreToldApart();
    void anotherGridIsPlacedByPosition();
    void majorityNeedsMoreThanHalf();
    void quantilesOfARamp();
    void paddingDoesNotCount();
    void theCacheKeepsToItsBudget();
};

void tst_LabelComparison::differencesAreToldApart()
{
    // Reference and model voxel by voxel: nothing, found, invented, missed, another label.
    const auto grid = test::gridOf("LPS", {5, 1, 1}, {1, 2, 3});
    const LabelMap reference{grid, {0, 1, 0, 2, 1}}, model{grid, {0, 1, 2, 0, 2}};
    const LabelDifference difference = labelDifference(model, reference);
    QCOMPARE(difference.map.values, (std::vector<std::uint8_t>{0, kFound, kInvented, kMissed, kInvented}));
    QCOMPARE(difference.foundMillilitres, 0.006);
    QCOMPARE(difference.inventedMillilitres, 0.012);
    QCOMPARE(difference.missedMillilitres, 0.006);
}

void tst_LabelComparison::anotherGridIsPlacedByPosition()
{
    const auto grid = test::gridOf("LPS", {4, 4, 4}, {1, 1, 1}), turned = test::gridOf("RAI", {4, 4, 4}, {1, 1, 1});
    LabelMap reference{grid, std::vector<std::uint8_t>(64)}, model{turned, std::vector<std::uint8_t>(64)};
    reference.values[static_cast<std::size_t>(grid.offset(0, 1, 2))] = 1;
    model.values[static_cast<std::size_t>(turned.offset(3, 2, 1))] = 1; // the same place, counted the other way
    const LabelDifference difference = labelDifference(model, reference);
    QCOMPARE(difference.foundMillilitres, 0.001);
    QCOMPARE(difference.inventedMillilitres + difference.missedMillilitres, 0.0);
}

void tst_LabelComparison::majorityNeedsMoreThanHalf()
{
    const auto grid = test::gridOf("LPS", {6, 1, 1}, {1, 1, 1});
    const LabelMap a{grid, {1, 1, 1, 1, 2, 0}}, b{grid, {1, 1, 0, 2, 2, 1}}, c{grid, {1, 0, 0, 3, 1, 1}};
    const LabelMap *three[] = {&a, &b, &c};
    QCOMPARE(majority(three).values, (std::vector<std::uint8_t>{1, 1, 0, 0, 2, 1}));
    const LabelMap *two[] = {&a, &b};
    QCOMPARE(majority(two).values, (std::vector<std::uint8_t>{1, 1, 0, 0, 2, 0}));
}

void tst_LabelComparison::quantilesOfARamp()
{
    imaging::Volume volume{test::gridOf("LPS", {101, 1, 1}, {1, 1, 1}), std::vector<float>(101)};
    std::iota(volume.values.begin(), volume.values.end(), -50.0f);
    const ValueQuantiles quantiles(volume);
    QCOMPARE(quantiles.at(0), -50.0f);
    QCOMPARE(quantiles.at(0.25), -25.0f);
    QCOMPARE(quantiles.at(0.5), 0.0f);
    QCOMPARE(quantiles.at(1), 50.0f);
    volume.values[3] = std::numeric_limits<float>::quiet_NaN();
    volume.values[4] = std::numeric_limits<float>::infinity();
    QCOMPARE(ValueQuantiles(volume).at(1), 50.0f);
    QCOMPARE(ValueQuantiles(imaging::Volume{}).at(0.5), 0.0f);
}

void tst_LabelComparison::paddingDoesNotCount()
{
    // A brain of values 100 to 199 in nine times as much of nothing.
    imaging::Volume volume{test::gridOf("LPS", {1000, 1, 1}, {1, 1, 1}), std::vector<float>(1000)};
    std::iota(volume.values.begin() + 500, volume.values.begin() + 600, 100.0f);
    QVERIFY(std::abs(ValueQuantiles(volume).at(0.5) - 149.5f) < 1);
    QCOMPARE(ValueQuantiles(volume).at(0), 0.0f);
}

void tst_LabelComparison::theCacheKeepsToItsBudget()
{
    const auto caseOf = [](int voxels) {
        auto loaded = std::make_shared<LoadedCase>();
        auto volume = std::make_shared<imaging::Volume>();
        volume->geometry = test::gridOf("LPS", {voxels, 1, 1}, {1, 1, 1});
        volume->values.resize(static_cast<std::size_t>(voxels));
        loaded->opened.channels.push_back(channelOf("image", std::move(volume)));
        return loaded;
    };
    const CaseSource a{"a", {}, {}, {}, {}}, b{"b", {}, {}, {}, {}}, c{"c", {}, {}, {}, {}};
    CaseCache cache(1000);
    cache.keep(a, caseOf(100)); // 400 bytes each
    cache.keep(b, caseOf(100));
    QCOMPARE(cache.bytes(), std::int64_t{800});
    QVERIFY(cache.find(a)); // used again: b is now the oldest
    cache.keep(c, caseOf(100));
    QVERIFY(cache.find(a) && cache.find(c) && !cache.find(b));
    QVERIFY(cache.bytes() <= 1000);
    cache.keep(b, caseOf(1000)); // larger than all room there is
    QVERIFY(!cache.find(b) && cache.find(a));
    cache.setBudget(500);
    QVERIFY(cache.bytes() <= 500);
    cache.forget(a);
    QVERIFY(!cache.find(a));
}

QTEST_GUILESS_MAIN(tst_LabelComparison)
#include "tst_label_comparison.moc"
