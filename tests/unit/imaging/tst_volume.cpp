// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/volume.h"

#include <QtTest>
#include <algorithm>
#include <limits>
#include <numeric>
#include <random>

using namespace consilium::imaging;

class tst_Volume : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void rangeOfShuffledNumbers();
    void rangeLooksPastWhatIsNotFinite();
    void rangeOfNothingIsZero();
};

void tst_Volume::rangeOfShuffledNumbers()
{
    // Of 0, 1, ..., 1000 the percentile p is 10 p.
    std::vector<float> values(1001);
    std::iota(values.begin(), values.end(), 0.0F);
    std::shuffle(values.begin(), values.end(), std::mt19937(1));
    const auto range = valueRange(values);
    QCOMPARE(range.minimum, 0.0F);
    QCOMPARE(range.low, 5.0F);
    QCOMPARE(range.high, 995.0F);
    QCOMPARE(range.maximum, 1000.0F);
}

void tst_Volume::rangeLooksPastWhatIsNotFinite()
{
    const float infinity = std::numeric_limits<float>::infinity(), nan = std::numeric_limits<float>::quiet_NaN();
    const auto range = valueRange(std::vector<float>{nan, 3, -infinity, -2, infinity});
    QCOMPARE(range.minimum, -2.0F);
    QCOMPARE(range.maximum, 3.0F);
}

void tst_Volume::rangeOfNothingIsZero()
{
    const auto range = valueRange({});
    QCOMPARE(range.minimum, 0.0F);
    QCOMPARE(range.maximum, 0.0F);
}

QTEST_APPLESS_MAIN(tst_Volume)
#include "tst_volume.moc"
