// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/name_pattern.h"
#include "core/plan.h"

#include <QTest>

using namespace consilium;

class tst_NamePattern : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void matches_data();
    void matches();
    void manyStarsEndSoon();
};

void tst_NamePattern::matches_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<QString>("pattern");
    QTest::addColumn<bool>("expected");
    QTest::newRow("itself") << "a.weight"
                            << "a.weight" << true;
    QTest::newRow("a part") << "a.weight"
                            << "weight" << false;
    QTest::newRow("a beginning") << "a.weight"
                                 << "a.wei" << false;
    QTest::newRow("longer") << "a.weight"
                            << "a.weights" << false;
    QTest::newRow("nothing") << ""
                             << "" << true;
    QTest::newRow("no pattern") << "a"
                                << "" << false;
    QTest::newRow("star alone") << ""
                                << "*" << true;
    QTest::newRow("inside") << "encoder.0.norm.weight"
                            << "*norm*" << true;
    QTest::newRow("star for nothing") << "norm"
                                      << "*norm*" << true;
    QTest::newRow("begins") << "norm.bias"
                            << "norm.*" << true;
    QTest::newRow("begins otherwise") << "a.norm.bias"
                                      << "norm.*" << false;
    QTest::newRow("ends") << "a.norm.bias"
                          << "*.bias" << true;
    QTest::newRow("case matters") << "encoder.stemNorm.bias"
                                  << "*norm*" << false;
    QTest::newRow("the last star takes more") << "a.bb.b.bc"
                                              << "a*b.*c" << true;
    QTest::newRow("repeated") << "aab"
                              << "*ab" << true;
    QTest::newRow("in order") << "norm.encoder"
                              << "*encoder*norm*" << false;
    QTest::newRow("a dot is a dot") << "axweight"
                                    << "a.weight" << false;
    QTest::newRow("two stars") << "abc"
                               << "a**c" << true;
}

void tst_NamePattern::matches()
{
    QFETCH(QString, name);
    QFETCH(QString, pattern);
    QFETCH(bool, expected);
    QCOMPARE(matchesPattern(name.toStdString(), pattern.toStdString()), expected);
    const std::vector<std::string> patterns{"never", pattern.toStdString()};
    QCOMPARE(matchesAnyPattern(name.toStdString(), patterns), expected);
}

void tst_NamePattern::manyStarsEndSoon()
{
    std::string pattern;
    for (int i = 0; i < 50; ++i)
        pattern += "a*";
    QVERIFY(!matchesPattern(std::string(2000, 'a'), pattern + "b"));
    QVERIFY(matchesPattern(std::string(2000, 'a'), pattern));
}

QTEST_APPLESS_MAIN(tst_NamePattern)
#include "tst_name_pattern.moc"
