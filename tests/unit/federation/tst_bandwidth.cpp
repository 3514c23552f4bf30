// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/bandwidth.h"

#include <QTest>
#include <atomic>
#include <cmath>
#include <thread>

using namespace consilium::federation;
using namespace std::chrono_literals;

namespace {

/// Time that passes only while somebody waits.
struct Line
{
    Bandwidth::Time start = Bandwidth::Time() + 1h, time = start;
    std::optional<double> limit;
    std::chrono::milliseconds longestWait{0}, oversleep{0};
    Bandwidth bandwidth{[this] { return limit; }, [this] { return time; },
                        [this](std::chrono::milliseconds wait) {
                            longestWait = std::max(longestWait, wait);
                            time += wait + oversleep;
                        }};

    double seconds() const { return std::chrono::duration<double>(time - start).count(); }
};

bool never()
{
    return false;
}

} // namespace

class tst_Bandwidth : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void withoutALimitNothingWaits();
    void theRateIsExact_data();
    void theRateIsExact();
    void aLateWakeUpCostsNoRate();
    void aQuietLineSavesUpOneSecond();
    void aChangeReachesATransferThatWaits();
    void aStopEndsTheWait();
    void threadsShareTheLine();
};

void tst_Bandwidth::withoutALimitNothingWaits()
{
    Line line;
    for (int i = 0; i < 1000; ++i)
        QVERIFY(line.bandwidth.take(5 << 20, never));
    QCOMPARE(line.seconds(), 0.0);
}

void tst_Bandwidth::theRateIsExact_data()
{
    QTest::addColumn<double>("limit");
    QTest::addColumn<int>("piece");
    QTest::addColumn<int>("pieces");
    QTest::newRow("chunks, 10 MB/s") << 1e7 << (5 << 20) << 1200;
    QTest::newRow("chunks above a second of it") << 3e5 << (5 << 20) << 20;
    QTest::newRow("small messages") << 1e5 << 700 << 50000;
}

void tst_Bandwidth::theRateIsExact()
{
    QFETCH(double, limit);
    QFETCH(int, piece);
    QFETCH(int, pieces);
    Line line;
    line.limit = limit;
    double bytes = 0;
    for (int i = 0; i < pieces; ++i) {
        QVERIFY(line.bandwidth.take(static_cast<std::size_t>(piece), never));
        bytes += piece;
        // Never faster than the limit, and behind it by no more than the longest wait.
        QVERIFY(bytes <= limit * line.seconds() + 1);
        QVERIFY(bytes >= limit * (line.seconds() - 0.1) - 1);
    }
    QVERIFY(line.seconds() > 290); // minutes
    QVERIFY(line.longestWait <= 100ms);
}

void tst_Bandwidth::aLateWakeUpCostsNoRate()
{
    Line line;
    line.limit = 1e6;
    line.oversleep = 40ms; // a busy machine
    for (int i = 0; i < 600; ++i)
        QVERIFY(line.bandwidth.take(500'000, never));
    QVERIFY2(std::abs(line.seconds() - 300) < 0.2, qPrintable(QString::number(line.seconds())));
}

void tst_Bandwidth::aQuietLineSavesUpOneSecond()
{
    Line line;
    line.limit = 1e6;
    line.time += 1h;
    const auto begin = line.time;
    QVERIFY(line.bandwidth.take(1'000'000, never));
    QVERIFY(line.time == begin);
    QVERIFY(line.bandwidth.take(2'000'000, never));
    QVERIFY(std::abs(std::chrono::duration<double>(line.time - begin).count() - 2) < 0.01);
}

void tst_Bandwidth::aChangeReachesATransferThatWaits()
{
    // 5 MB at 1 kB/s would take 5000 s; after ten the limit is 1 MB/s: 10 kB are through, the rest takes 4.99 s.
    Line line;
    line.limit = 1e3;
    const auto changes = [&] {
        if (line.seconds() >= 10)
            line.limit = 1e6;
        return false;
    };
    QVERIFY(line.bandwidth.take(5'000'000, changes));
    QVERIFY2(std::abs(line.seconds() - 14.99) < 0.15, qPrintable(QString::number(line.seconds())));
    // Taken away altogether, the rest passes at once.
    line.limit = 1e3;
    const auto before = line.seconds();
    const auto lifts = [&] {
        if (line.seconds() >= before + 3)
            line.limit.reset();
        return false;
    };
    QVERIFY(line.bandwidth.take(5'000'000, lifts));
    QVERIFY(line.seconds() - before < 3.2);
}

void tst_Bandwidth::aStopEndsTheWait()
{
    Line line;
    line.limit = 1e3;
    QVERIFY(!line.bandwidth.take(5'000'000, [&] { return line.seconds() >= 2; }));
    QVERIFY(line.seconds() <= 2.1);
}

void tst_Bandwidth::threadsShareTheLine()
{
    // Real time, 2 MB/s: four threads with 100 kB each are through after 0.2 s, and not before.
    Bandwidth bandwidth([] { return std::optional<double>(2e6); });
    const auto begin = std::chrono::steady_clock::now();
    std::atomic<int> through{0};
    std::vector<std::thread> threads;
    for (int t = 0; t < 4; ++t) {
        threads.emplace_back([&] {
            for (int i = 0; i < 10; ++i)
                through += bandwidth.take(10'000, never) ? 1 : 0;
        });
    }
    for (auto &thread : threads)
        thread.join();
    QCOMPARE(through.load(), 40);
    QVERIFY(std::chrono::steady_clock::now() - begin >= 199ms);
}

QTEST_APPLESS_MAIN(tst_Bandwidth)
#include "tst_bandwidth.moc"
