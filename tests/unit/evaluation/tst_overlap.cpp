// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/overlap.h"

#include <QtTest>
#include <vector>

using namespace consilium::evaluation;

class tst_Overlap : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void countsByHand();
    void perfectAndDisjoint();
    void saysNothingOfWhatIsAbsent();
    void diceIsTheHarmonicMean();
};

void tst_Overlap::countsByHand()
{
    const std::vector<std::uint8_t> prediction{0, 1, 1, 2, 2, 0, 1, 0}, reference{0, 1, 2, 2, 1, 1, 1, 0};
    const auto one = overlap(prediction, reference, 1); // both at 1 and 6; predicted alone at 2; missed at 4 and 5
    QCOMPARE(one.truePositive, 2);
    QCOMPARE(one.falsePositive, 1);
    QCOMPARE(one.falseNegative, 2);
    QCOMPARE(*one.dice(), 4.0 / 7);
    QCOMPARE(*one.sensitivity(), 2.0 / 4);
    QCOMPARE(*one.precision(), 2.0 / 3);
    const auto any = overlap(prediction, reference, 0); // five labelled in both, one missed at 5
    QCOMPARE(any.truePositive, 5);
    QCOMPARE(any.falsePositive, 0);
    QCOMPARE(any.falseNegative, 1);
}

void tst_Overlap::perfectAndDisjoint()
{
    const std::vector<std::uint8_t> left{1, 1, 0, 0}, right{0, 0, 1, 1};
    QCOMPARE(*overlap(left, left, 1).dice(), 1.0);
    QCOMPARE(*overlap(left, right, 1).dice(), 0.0);
}

void tst_Overlap::saysNothingOfWhatIsAbsent()
{
    const std::vector<std::uint8_t> empty(5, 0), some{0, 0, 3, 0, 0};
    QVERIFY(!overlap(empty, empty, 0).dice());
    QVERIFY(!overlap(some, some, 2).dice());
    const auto missed = overlap(empty, some, 3);
    QCOMPARE(*missed.dice(), 0.0);
    QCOMPARE(*missed.sensitivity(), 0.0);
    QVERIFY(!missed.precision());
    QVERIFY(!overlap(some, empty, 3).sensitivity());
}

void tst_Overlap::diceIsTheHarmonicMean()
{
    const Overlap counts{17, 5, 29};
    const double s = *counts.sensitivity(), p = *counts.precision();
    QCOMPARE_LE(std::abs(*counts.dice() - 2 * s * p / (s + p)), 1e-15);
}

QTEST_APPLESS_MAIN(tst_Overlap)
#include "tst_overlap.moc"
