// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/statistics.h"

#include <QtTest>
#include <cmath>
#include <vector>

using namespace consilium::evaluation;

class tst_Statistics : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void byHand();
    void percentilesByHand();
    void ofOneAndOfNothing();
};

void tst_Statistics::byHand()
{
    const std::vector<double> values{2, 4, 4, 4, 5, 5, 7, 9}; // sum 40; squares about 5 sum to 32
    QCOMPARE(*mean(values), 5.0);
    QCOMPARE_LE(std::abs(*standardDeviation(values) - std::sqrt(32.0 / 7)), 1e-15);
    QCOMPARE(*median(values), 4.5);
    QCOMPARE(*median(std::vector<double>{9, 1, 5}), 5.0);
}

void tst_Statistics::percentilesByHand()
{
    const std::vector<double> values{40, 10, 30, 20}; // rank 1 + 3 p
    QCOMPARE(*percentile(values, 0), 10.0);
    QCOMPARE(*percentile(values, 25), 17.5);
    QCOMPARE(*percentile(values, 75), 32.5);
    QCOMPARE(*percentile(values, 90), 37.0);
    QCOMPARE(*percentile(values, 100), 40.0);
}

void tst_Statistics::ofOneAndOfNothing()
{
    const std::vector<double> one{3};
    QCOMPARE(*mean(one), 3.0);
    QCOMPARE(*percentile(one, 95), 3.0);
    QVERIFY(!standardDeviation(one));
    QVERIFY(!mean({}));
    QVERIFY(!median({}));
    QVERIFY(!standardDeviation({}));
}

QTEST_APPLESS_MAIN(tst_Statistics)
#include "tst_statistics.moc"
