// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clock.h"

#include <QTest>

using namespace consilium;

class tst_Clock : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void printsUtc()
    {
        QCOMPARE(toIso(TimePoint(std::chrono::milliseconds(0))), std::string("1970-01-01T00:00:00.000+00:00"));
        QCOMPARE(toIso(TimePoint(std::chrono::milliseconds(951782400123))),
                 std::string("2000-02-29T00:00:00.123+00:00"));
    }
    void readsOffsets_data()
    {
        QTest::addColumn<QString>("text");
        QTest::addColumn<qint64>("milliseconds");
        QTest::newRow("utc") << "1970-01-01T00:00:01+00:00" << qint64{1000};
        QTest::newRow("Z") << "1970-01-01T00:00:01Z" << qint64{1000};
        QTest::newRow("python") << "1970-01-02T00:00:00.250000+00:00" << qint64{86400250};
        QTest::newRow("east") << "1970-01-01T02:00:00+02:00" << qint64{0};
        QTest::newRow("west") << "1969-12-31T18:30:00-05:30" << qint64{0};
    }
    void readsOffsets()
    {
        QFETCH(QString, text);
        QFETCH(qint64, milliseconds);
        const auto time = fromIso(text.toStdString());
        QVERIFY(time);
        QCOMPARE(qint64{time->time_since_epoch().count()}, milliseconds);
    }
    void refusesNonsense()
    {
        for (const auto *text :
             {"", "yesterday", "2026-13-01T00:00:00Z", "2026-11-20T10:00:00", "2026-11-20T10:00:00+1"})
            QVERIFY2(!fromIso(text), text);
    }
    void roundTrips()
    {
        const auto time = now();
        QCOMPARE(fromIso(toIso(time)).value_or(TimePoint{}), time);
    }
};

QTEST_APPLESS_MAIN(tst_Clock)
#include "tst_clock.moc"
