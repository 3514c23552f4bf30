// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/normalise.h"

#include <QtTest>
#include <cmath>
#include <limits>

using namespace consilium;
using namespace consilium::imaging;

namespace {

Volume line(std::vector<float> values)
{
    Volume volume;
    volume.geometry.size = {static_cast<int>(values.size()), 1, 1};
    volume.values = std::move(values);
    return volume;
}

} // namespace

class tst_Normalise : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void fullImage();
    void cutOutBrain();
    void aQuarterOfZerosIsStillAnImage();
    void undoesScaleAndOffset();
    void keepsDigitsFarFromZero();
    void damagedVoxelsBecomeTheMean();
    void maskKeepsItsTwoValues();
    void tomographyByItsWindow();
    void percentilesBecomeZeroAndOne();
    void rareStructuresKeepTheirRange();
    void refusesWhatDoesNotVary_data();
    void refusesWhatDoesNotVary();
};

void tst_Normalise::fullImage()
{
    auto volume = line({2, 4, 4, 4, 5, 5, 7, 9}); // mean 5, standard deviation 2
    const auto moments = intensityMoments(volume);
    QCOMPARE(moments.mean, 5.0);
    QCOMPARE(moments.standardDeviation, 2.0);
    QCOMPARE(moments.voxels, 8);
    QVERIFY(zscore(volume));
    QCOMPARE(volume.values, (std::vector<float>{-1.5F, -0.5F, -0.5F, -0.5F, 0, 0, 1, 2}));
}

void tst_Normalise::cutOutBrain()
{
    auto volume = line({0, 0, 1, 3}); // 1 and 3: mean 2, standard deviation 1
    QVERIFY(zscore(volume));
    QCOMPARE(volume.values, (std::vector<float>{-2, -2, -1, 1}));
}

void tst_Normalise::aQuarterOfZerosIsStillAnImage()
{
    const auto moments = intensityMoments(line({0, 2, 4, 2}));
    QCOMPARE(moments.mean, 2.0);
    QCOMPARE(moments.voxels, 4);
}

void tst_Normalise::undoesScaleAndOffset()
{
    // One scanner's units are another's times 37 plus 1000.
    const std::vector<float> image{3, 8, 1, 9, 4, 7};
    auto a = line(image), b = line(image);
    for (auto &value : b.values)
        value = 37 * value + 1000;
    QVERIFY(zscore(a));
    QVERIFY(zscore(b));
    for (std::size_t n = 0; n < image.size(); ++n)
        QCOMPARE_LE(std::abs(a.values[n] - b.values[n]), 1e-5F);
}

void tst_Normalise::keepsDigitsFarFromZero()
{
    const auto moments = intensityMoments(line({100001, 100003, 100001, 100003}));
    QCOMPARE(moments.mean, 100002.0);
    QCOMPARE(moments.standardDeviation, 1.0);
}

void tst_Normalise::damagedVoxelsBecomeTheMean()
{
    const float infinity = std::numeric_limits<float>::infinity();
    auto volume = line({1, 3, std::numeric_limits<float>::quiet_NaN(), infinity, -infinity});
    QVERIFY(zscore(volume));
    QCOMPARE(volume.values, (std::vector<float>{-1, 1, 0, 0, 0}));
}

void tst_Normalise::maskKeepsItsTwoValues()
{
    auto volume = line({0, 0, 1, 1}); // mean 1/2, standard deviation 1/2
    QVERIFY(zscore(volume));
    QCOMPARE(volume.values, (std::vector<float>{-1, -1, 1, 1}));
}

void tst_Normalise::tomographyByItsWindow()
{
    // Air and metal end at the window's ends, whatever else the scan shows.
    auto ct = line({-1024, -50, 40, 3071, std::numeric_limits<float>::quiet_NaN()});
    QVERIFY(normaliseByForeground(ct, {-60, 240, 90, 50}));
    QCOMPARE(ct.values, (std::vector<float>{-3, -2.8F, -1, 3, 0}));
}

void tst_Normalise::percentilesBecomeZeroAndOne()
{
    std::vector<float> values;
    for (int n = 0; n <= 1000; ++n) // the percentiles are 5 and 995
        values.push_back(static_cast<float>(1000 - n));
    auto volume = line(values);
    QVERIFY(rescaleToUnit(volume));
    QCOMPARE(volume.values.front(), 1.0F);
    QCOMPARE(volume.values.back(), 0.0F);
    QCOMPARE(volume.values[1000 - 5], 0.0F);
    QCOMPARE(volume.values[1000 - 995], 1.0F);
    QCOMPARE(volume.values[1000 - 500], 0.5F);
    QCOMPARE_LE(std::abs(volume.values[1000 - 203] - 0.2F), 1e-6F);
}

void tst_Normalise::rareStructuresKeepTheirRange()
{
    std::vector<float> values(1000, 0.0F); // both percentiles are 0
    values[10] = 8;
    values[20] = 4;
    auto volume = line(values);
    QVERIFY(rescaleToUnit(volume));
    QCOMPARE(volume.values[10], 1.0F);
    QCOMPARE(volume.values[20], 0.5F);
    QCOMPARE(volume.values[30], 0.0F);
}

void tst_Normalise::refusesWhatDoesNotVary_data()
{
    QTest::addColumn<float>("value");
    QTest::newRow("zeros") << 0.0F;
    QTest::newRow("one value") << 0.1F;
    QTest::newRow("large value") << 1e30F;
    QTest::newRow("infinite") << std::numeric_limits<float>::infinity();
}

void tst_Normalise::refusesWhatDoesNotVary()
{
    QFETCH(float, value);
    auto volume = line(std::vector<float>(1000, value));
    for (const auto &done : {zscore(volume), normaliseByForeground(volume, {0, 1, 0.5, 0.25}), rescaleToUnit(volume)}) {
        QVERIFY(!done);
        QCOMPARE(done.error().code, ErrorCode::Invalid);
        QCOMPARE(volume.values, std::vector<float>(1000, value));
    }
}

QTEST_APPLESS_MAIN(tst_Normalise)
#include "tst_normalise.moc"
