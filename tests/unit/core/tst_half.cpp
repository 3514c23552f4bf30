// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/half.h"

#include <QTest>
#include <cmath>
#include <limits>
#if defined(__x86_64__)
#include <immintrin.h>
#endif

using namespace consilium;

namespace {

/// Binary16 by its definition (IEEE 754-2019, section 3.4): sign, five bits of exponent, ten of fraction.
double byDefinition(std::uint16_t half)
{
    const int exponent = (half >> 10) & 31, fraction = half & 1023;
    const double sign = (half & 0x8000) != 0 ? -1 : 1;
    if (exponent == 31)
        return fraction == 0 ? sign * INFINITY : NAN;
    return sign * (exponent == 0 ? std::ldexp(fraction, -24) : std::ldexp(1024 + fraction, exponent - 25));
}

#if defined(__x86_64__)
__attribute__((target("f16c"))) std::uint16_t byProcessor(float value)
{
    return static_cast<std::uint16_t>(_cvtss_sh(value, _MM_FROUND_TO_NEAREST_INT));
}
__attribute__((target("f16c"))) float byProcessor(std::uint16_t half)
{
    return _cvtsh_ss(half);
}
#endif

} // namespace

class tst_Half : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void knownValues()
    {
        // IEEE 754 binary16: one, the largest, the smallest normal and subnormal, a third.
        QCOMPARE(toHalf(1.0F), std::uint16_t{0x3c00});
        QCOMPARE(toHalf(-2.0F), std::uint16_t{0xc000});
        QCOMPARE(toHalf(65504.0F), std::uint16_t{0x7bff});
        QCOMPARE(toHalf(0x1p-14F), std::uint16_t{0x0400});
        QCOMPARE(toHalf(0x1p-24F), std::uint16_t{0x0001});
        QCOMPARE(toHalf(1.0F / 3), std::uint16_t{0x3555});
        QCOMPARE(toHalf(-0.0F), std::uint16_t{0x8000});
    }

    void everyHalfIsWhatItsDefinitionSays()
    {
        for (int i = 0; i < 65536; ++i) {
            const auto half = static_cast<std::uint16_t>(i);
            const auto expected = byDefinition(half);
            const auto value = fromHalf(half);
            if (std::isnan(expected)) {
                QVERIFY(std::isnan(value));
                QVERIFY(std::isnan(byDefinition(toHalf(value))));
                continue;
            }
            QVERIFY2(value == expected && std::signbit(value) == std::signbit(expected),
                     qPrintable(QString::number(i)));
            QCOMPARE(toHalf(value), half);
        }
    }

    void roundsToTheNearestAndTiesToEven()
    {
        const auto infinity = std::numeric_limits<float>::infinity();
        for (int i = 0; i < 0x7bff; ++i) {
            const auto low = static_cast<std::uint16_t>(i), high = static_cast<std::uint16_t>(i + 1);
            const auto middle = static_cast<float>((byDefinition(low) + byDefinition(high)) / 2); // exact
            QCOMPARE(toHalf(middle), (low & 1) == 0 ? low : high);
            QCOMPARE(toHalf(std::nextafter(middle, -infinity)), low);
            QCOMPARE(toHalf(std::nextafter(middle, infinity)), high);
            QCOMPARE(toHalf(-middle), static_cast<std::uint16_t>(0x8000 | ((low & 1) == 0 ? low : high)));
        }
        // Beyond the largest half: up to half a step (16) it is the nearest, from there on infinity.
        QCOMPARE(toHalf(std::nextafter(65520.0F, 0.0F)), std::uint16_t{0x7bff});
        QCOMPARE(toHalf(65520.0F), std::uint16_t{0x7c00});
        QCOMPARE(toHalf(-3e38F), std::uint16_t{0xfc00});
    }

    void sameAsTheProcessor()
    {
#if defined(__x86_64__)
        if (!__builtin_cpu_supports("f16c"))
            QSKIP("this processor has no F16C");
        for (std::uint64_t i = 0; i < (1ULL << 32); i += 257) {
            const auto value = std::bit_cast<float>(static_cast<std::uint32_t>(i));
            if (toHalf(value) != byProcessor(value))
                QCOMPARE(toHalf(value), byProcessor(value));
        }
        for (int i = 0; i < 65536; ++i) {
            const auto half = static_cast<std::uint16_t>(i);
            QVERIFY(fromHalf(half) == byProcessor(half) || std::isnan(byProcessor(half)));
        }
#else
        QSKIP("this processor has no F16C");
#endif
    }
};

QTEST_APPLESS_MAIN(tst_Half)
#include "tst_half.moc"
