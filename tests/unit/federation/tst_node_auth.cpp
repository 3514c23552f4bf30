// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/node_auth.h"

#include <QTest>

using namespace consilium;
using namespace consilium::federation;

class tst_NodeAuth : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void signedCallsPass()
    {
        const auto key = *security::PrivateKey::generate();
        const auto time = now();
        const auto headers = signHeaders(key, time);
        QVERIFY(headers);
        QCOMPARE(headers->timestamp, toIso(time));
        QVERIFY(security::verify(headers->publicKey, headers->timestamp, headers->signature));
        QVERIFY(checkHeaders(*headers, time));
    }
    void theClockIsChecked_data()
    {
        QTest::addColumn<int>("seconds");
        QTest::addColumn<bool>("accepted");
        QTest::newRow("exact") << 0 << true;
        QTest::newRow("four seconds ahead") << 4 << true;
        QTest::newRow("six seconds ahead") << 6 << false;
        QTest::newRow("a minute late") << -60 << true;
        QTest::newRow("ten minutes late") << -600 << false;
    }
    void theClockIsChecked()
    {
        QFETCH(int, seconds);
        QFETCH(bool, accepted);
        const auto time = now();
        const auto headers = signHeaders(*security::PrivateKey::generate(), time + std::chrono::seconds(seconds));
        const auto checked = checkHeaders(*headers, time);
        QCOMPARE(checked.has_value(), accepted);
        if (!accepted)
            QVERIFY(checked.error().message.find(std::to_string(std::abs(seconds)) + " s") != std::string::npos);
    }
    void forgeriesFail()
    {
        const auto time = now();
        const auto good = *signHeaders(*security::PrivateKey::generate(), time);
        auto forged = good;
        forged.timestamp = toIso(time + std::chrono::seconds(1));
        QVERIFY(!checkHeaders(forged, time));
        forged = good;
        forged.publicKey = security::PrivateKey::generate()->publicPem();
        QVERIFY(!checkHeaders(forged, time));
        QVERIFY(!checkHeaders({}, time));
    }
};

QTEST_APPLESS_MAIN(tst_NodeAuth)
#include "tst_node_auth.moc"
