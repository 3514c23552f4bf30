// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/small_floats.h"

#include <QTest>
#include <limits>

using namespace consilium::federation;

class tst_SmallFloats : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void knownNumbers();
    void everyNumberSurvives();
    void theNearestIsTaken();
};

void tst_SmallFloats::knownNumbers()
{
    // IEEE 754-2019, binary16.
    QCOMPARE(fromSmallFloat<5>(0x3C00), 1.0);
    QCOMPARE(fromSmallFloat<5>(0xC000), -2.0);
    QCOMPARE(fromSmallFloat<5>(0x7BFF), 65504.0);
    QCOMPARE(fromSmallFloat<5>(0x0400), 0x1p-14);
    QCOMPARE(fromSmallFloat<5>(0x0001), 0x1p-24);
    QCOMPARE(fromSmallFloat<5>(0x3555), 0.333251953125);
    QCOMPARE(fromSmallFloat<5>(0x7C00), std::numeric_limits<double>::infinity());
    QVERIFY(std::isnan(fromSmallFloat<5>(0x7E00)));
    QVERIFY(std::signbit(fromSmallFloat<5>(0x8000)));
    // bfloat16: the upper half of a float.
    QCOMPARE(fromSmallFloat<8>(0x3F80), 1.0);
    QCOMPARE(fromSmallFloat<8>(0x4049), 3.140625);
    QCOMPARE(fromSmallFloat<8>(0x0001), 0x1p-133);
    QCOMPARE(toSmallFloat<5>(65519.9), std::uint16_t{0x7BFF});
    QCOMPARE(toSmallFloat<5>(65520), std::uint16_t{0x7C00});
    QCOMPARE(toSmallFloat<5>(-1e9), std::uint16_t{0xFC00});
    QCOMPARE(toSmallFloat<5>(1e-12), std::uint16_t{0});
    QVERIFY(std::isnan(fromSmallFloat<8>(toSmallFloat<8>(std::nan("")))));
}

void tst_SmallFloats::everyNumberSurvives()
{
    for (std::uint32_t bits = 0; bits <= 0xFFFF; ++bits) {
        const auto small = static_cast<std::uint16_t>(bits);
        if (!std::isnan(fromSmallFloat<5>(small)) && toSmallFloat<5>(fromSmallFloat<5>(small)) != small)
            QCOMPARE(toSmallFloat<5>(fromSmallFloat<5>(small)), small);
        // The other definition of bfloat16.
        const auto upper = std::bit_cast<float>(bits << 16);
        if (!std::isnan(upper) &&
            (fromSmallFloat<8>(small) != static_cast<double>(upper) || toSmallFloat<8>(upper) != small))
            QCOMPARE(toSmallFloat<8>(upper), small);
    }
}

void tst_SmallFloats::theNearestIsTaken()
{
    // Between each number and the next: below the middle the lower, above it the upper, at it the even one.
    for (std::uint16_t bits = 0; bits < 0x7BFF; ++bits) {
        const auto next = static_cast<std::uint16_t>(bits + 1);
        const double middle = (fromSmallFloat<5>(bits) + fromSmallFloat<5>(next)) / 2;
        if (toSmallFloat<5>(middle * (1 - 1e-12)) != bits || toSmallFloat<5>(middle * (1 + 1e-12)) != next ||
            toSmallFloat<5>(middle) != (bits % 2 == 0 ? bits : next))
            QFAIL(qPrintable(QString("beside %1").arg(bits)));
    }
}

QTEST_APPLESS_MAIN(tst_SmallFloats)
#include "tst_small_floats.moc"
