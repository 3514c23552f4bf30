// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/json.h"

#include <QTest>
#include <bit>

using namespace consilium;

class tst_CanonicalJson : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void numbersAsTheStandardPrintsThem_data();
    void numbersAsTheStandardPrintsThem();
    void keysAreSortedByUtf16();
    void theStandardsOwnExample();
    void whatHasNoFormIsRefused();
};

void tst_CanonicalJson::numbersAsTheStandardPrintsThem_data() // RFC 8785, appendix B
{
    QTest::addColumn<quint64>("bits");
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("zero") << quint64{0x0000000000000000} << QByteArray("0");
    QTest::newRow("minus zero") << quint64{0x8000000000000000} << QByteArray("0");
    QTest::newRow("smallest") << quint64{0x0000000000000001} << QByteArray("5e-324");
    QTest::newRow("largest") << quint64{0x7fefffffffffffff} << QByteArray("1.7976931348623157e+308");
    QTest::newRow("2^53") << quint64{0x4340000000000000} << QByteArray("9007199254740992");
    QTest::newRow("~2^68") << quint64{0x4430000000000000} << QByteArray("295147905179352830000");
    QTest::newRow("1e+22") << quint64{0x44b52d02c7e14af5} << QByteArray("9.999999999999997e+22");
    QTest::newRow("1e+23") << quint64{0x44b52d02c7e14af6} << QByteArray("1e+23");
    QTest::newRow("1e+21") << quint64{0x444b1ae4d6e2ef50} << QByteArray("1e+21");
    QTest::newRow("1e-6") << quint64{0x3eb0c6f7a0b5ed8d} << QByteArray("0.000001");
    QTest::newRow("1e-7") << quint64{0x3e7ad7f29abcaf48} << QByteArray("1e-7");
    QTest::newRow("third") << quint64{0x41b3de4355555553} << QByteArray("333333333.3333332");
    QTest::newRow("negative") << quint64{0xbecbf647612f3696} << QByteArray("-0.0000033333333333333333");
}

void tst_CanonicalJson::numbersAsTheStandardPrintsThem()
{
    QFETCH(quint64, bits);
    QFETCH(QByteArray, text);
    const auto canonical = canonicalJson(Json(std::bit_cast<double>(bits)));
    QVERIFY(canonical);
    QCOMPARE(QByteArray::fromStdString(*canonical), text);
}

void tst_CanonicalJson::keysAreSortedByUtf16() // RFC 8785, section 3.2.3
{
    const auto json =
        parseJson(R"({"\u20ac":"Euro Sign","\r":"Carriage Return","\ufb33":"Hebrew Letter Dalet With Dagesh","1":"One",
                                    "\ud83d\ude00":"Emoji: Grinning Face","\u0080":"Control","\u00f6":"Latin Small Letter O With Diaeresis"})");
    QVERIFY(json);
    const auto canonical = canonicalJson(*json);
    QVERIFY(canonical);
    const QStringList order{"Carriage Return", "One", "Control", "Latin Small", "Euro Sign", "Emoji", "Hebrew"};
    qsizetype last = -1;
    for (const auto &word : order) {
        const auto at = QString::fromStdString(*canonical).indexOf(word);
        QVERIFY2(at > last, qPrintable(word));
        last = at;
    }
}

void tst_CanonicalJson::theStandardsOwnExample() // RFC 8785, section 3.2.2
{
    const auto json = parseJson(R"({"numbers": [333333333.33333329, 1E30, 4.50, 2e-3, 0.000000000000000000000000001],
                                    "string": "\u20ac$\u000F\u000aA'\u0042\u0022\u005c\\\"\/", "literals": [null, true, false]})");
    QVERIFY(json);
    QCOMPARE(canonicalJson(*json).value_or(""),
             std::string(R"({"literals":[null,true,false],"numbers":[333333333.3333333,1e+30,4.5,0.002,1e-27],)"
                         "\"string\":\"\u20ac$\\u000f\\nA'B\\\"\\\\\\\\\\\"/\"}"));
}

void tst_CanonicalJson::whatHasNoFormIsRefused()
{
    QVERIFY(!canonicalJson(Json(std::numeric_limits<double>::infinity())));
    QVERIFY(!canonicalJson(Json(std::uint64_t{9007199254740993})));
    const auto broken = parseJson("{\"a\": }");
    QVERIFY(!broken);
    QVERIFY(broken.error().message.find("line 1") != std::string::npos);
}

QTEST_APPLESS_MAIN(tst_CanonicalJson)
#include "tst_canonical_json.moc"
