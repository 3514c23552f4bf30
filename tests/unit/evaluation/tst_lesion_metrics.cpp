// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/lesion_metrics.h"

#include <QtTest>

using namespace consilium::evaluation;
using Ids = std::vector<std::int32_t>;

class tst_LesionMetrics : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void sortsLesionsByHand();
    void oneComponentMayFindSeveral();
    void nothingAgainstNothing();
    void everythingInventedOrMissed();
};

void tst_LesionMetrics::sortsLesionsByHand()
{
    const Ids reference{1, 1, 1, 0, 2, 2, 0, 3, 0, 0}, prediction{0, 0, 4, 4, 0, 0, 0, 1, 0, 2};
    const auto detection = lesionDetection(prediction, reference);
    QCOMPARE(detection.found, (Ids{1, 3}));
    QCOMPARE(detection.missed, Ids{2});
    QCOMPARE(detection.matched, (Ids{1, 4}));
    QCOMPARE(detection.invented, Ids{2});
    QCOMPARE(*detection.sensitivity(), 2.0 / 3);
    QCOMPARE(*detection.precision(), 2.0 / 3);
    QCOMPARE(*detection.f1(), 2.0 / 3);
}

void tst_LesionMetrics::oneComponentMayFindSeveral()
{
    const auto bridge = lesionDetection(Ids{1, 1, 1, 1}, Ids{1, 0, 0, 2});
    QCOMPARE(bridge.found, (Ids{1, 2}));
    QCOMPARE(bridge.matched, Ids{1});
    const auto split = lesionDetection(Ids{1, 0, 0, 2}, Ids{1, 1, 1, 1});
    QCOMPARE(split.found, Ids{1});
    QCOMPARE(split.matched, (Ids{1, 2}));
    QCOMPARE(*split.f1(), 1.0);
}

void tst_LesionMetrics::nothingAgainstNothing()
{
    for (const auto &grid : {Ids{}, Ids{0, 0, 0}}) {
        const auto detection = lesionDetection(grid, grid);
        QVERIFY(!detection.sensitivity());
        QVERIFY(!detection.precision());
        QVERIFY(!detection.f1());
    }
}

void tst_LesionMetrics::everythingInventedOrMissed()
{
    const auto invented = lesionDetection(Ids{1, 0, 2}, Ids{0, 0, 0});
    QCOMPARE(invented.invented, (Ids{1, 2}));
    QVERIFY(!invented.sensitivity());
    QCOMPARE(*invented.precision(), 0.0);
    QCOMPARE(*invented.f1(), 0.0);
    const auto apart = lesionDetection(Ids{1, 0, 0}, Ids{0, 0, 1});
    QCOMPARE(apart.missed, Ids{1});
    QCOMPARE(*apart.f1(), 0.0);
}

QTEST_APPLESS_MAIN(tst_LesionMetrics)
#include "tst_lesion_metrics.moc"
