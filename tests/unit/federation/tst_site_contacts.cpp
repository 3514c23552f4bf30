// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/best_round.h"
#include "federation/site_contacts.h"

#include <QTest>

using namespace consilium;
using namespace consilium::federation;

/// Who was heard of when, and who speaks for a site.
class tst_SiteContacts : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void aCallMakesASiteOnlineAndAGoodbyeOffline();
    void bytesAreHandedOnOnce();
    void aNewerWorkerRelievesTheOlder();
    void theBestRoundWeighsSitesByTheirCases();
};

void tst_SiteContacts::aCallMakesASiteOnlineAndAGoodbyeOffline()
{
    SiteContacts contacts;
    QVERIFY(!contacts.of("north").online);
    QVERIFY(contacts.note("north", false)); // it was away: news
    QVERIFY(contacts.of("north").online);
    (void)contacts.takeChanges();
    QVERIFY(!contacts.note("north", false)); // a heartbeat is none
    QVERIFY(contacts.note("north", true));   // activity is
    contacts.leave("north");
    QVERIFY(!contacts.of("north").online);
    QVERIFY(contacts.of("north").left);
    const auto changes = contacts.takeChanges();
    QCOMPARE(changes.size(), std::size_t{1});
    QVERIFY(changes[0].wasOnline && !changes[0].now.online && changes[0].now.left);
    QVERIFY(contacts.note("north", false));
    QVERIFY(contacts.of("north").online && !contacts.of("north").left);
    QVERIFY(!contacts.takeChanges()[0].wasLost); // it had said goodbye
}

void tst_SiteContacts::bytesAreHandedOnOnce()
{
    SiteContacts contacts;
    contacts.note("north", true, 100, 7);
    contacts.note("north", true, 20, 0);
    const auto first = contacts.takeChanges();
    QCOMPARE(first[0].received, std::int64_t{120});
    QCOMPARE(first[0].sent, std::int64_t{7});
    QVERIFY(first[0].heard);
    const auto second = contacts.takeChanges();
    QCOMPARE(second[0].received, std::int64_t{0});
    QVERIFY(!second[0].heard);
}

void tst_SiteContacts::aNewerWorkerRelievesTheOlder()
{
    using Standing = SiteContacts::Standing;
    SiteContacts contacts;
    contacts.welcome("north", "first");
    QCOMPARE(contacts.standing("north", "first"), Standing::Current);
    contacts.welcome("north", "second");
    QCOMPARE(contacts.standing("north", "second"), Standing::Current);
    QCOMPARE(contacts.standing("north", "first"), Standing::RelievedFirst);
    QCOMPARE(contacts.standing("north", "first"), Standing::Relieved);
    contacts.welcome("north", "first"); // it may not take over again
    QCOMPARE(contacts.standing("north", "first"), Standing::Relieved);
    QCOMPARE(contacts.standing("north", "second"), Standing::Current);
    QCOMPARE(contacts.standing("south", "first"), Standing::Current);
}

void tst_SiteContacts::theBestRoundWeighsSitesByTheirCases()
{
    const auto metric = [](int round, const char *site, double value, int cases) {
        return storage::MetricRow{round, site, "global", "validation", "dice", 0, value, cases};
    };
    QVERIFY(!bestRound({}));
    // Round 1: (30 * 0.8 + 10 * 0.6) / 40 = 0.75. Round 2: (30 * 0.7 + 10 * 0.95) / 40 = 0.7625, though the mean of the
    // sites, 0.825 against 0.7, is further ahead. Round 3 is as good as round 2 and later.
    const std::vector<storage::MetricRow> metrics{metric(1, "a", 0.8, 30), metric(1, "b", 0.6, 10),
                                                  metric(2, "a", 0.7, 30), metric(2, "b", 0.95, 10),
                                                  metric(3, "a", 0.7, 30), metric(3, "b", 0.95, 10)};
    QCOMPARE(bestRound(metrics), std::optional<int>(2));
    auto label = metric(4, "a", 0.99, 30);
    label.name = "dice:anterior"; // explains, does not decide
    const std::vector<storage::MetricRow> two{metric(1, "a", 0.5, 3), label};
    QCOMPARE(bestRound(two), std::optional<int>(1));
}

QTEST_APPLESS_MAIN(tst_SiteContacts)
#include "tst_site_contacts.moc"
