// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/site_figures.h"
#include "dashboard/site_table.h"

#include <QLocale>
#include <QSignalSpy>
#include <QTest>

using namespace consilium;
using namespace consilium::dashboard;
using namespace std::chrono_literals;
using storage::MetricRow;
using storage::SiteRoundRow;
using storage::StudySnapshot;

namespace {

const TimePoint noon = fromIso("2026-11-20T12:00:00+00:00").value();

StudySnapshot study(int sites, int round)
{
    StudySnapshot study;
    study.state = "running";
    study.round = round;
    study.plan.federation.rounds = 12;
    for (int i = 0; i < sites; ++i) {
        storage::SiteRow site;
        site.name = fmt::format("site-{:04}", i);
        site.enrolled = site.online = true;
        site.lastSeen = noon - 1s;
        site.bytesReceived = 9'000'000;
        site.bytesSent = 8'000'000;
        study.sites.push_back(site);
    }
    return study;
}

MetricRow update(int round, std::string site, std::string name, double value)
{
    return {round, std::move(site), "local", "update", std::move(name), 0, value, 0};
}

QString text(const SiteTableModel &model, int row, SiteTableModel::Column column, int role = Qt::DisplayRole)
{
    return model.data(model.index(row, column), role).toString();
}

} // namespace

class tst_SiteTable : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }
    void driftIsOfTheLastRoundThatCountedTheSite();
    void driftBelowZeroWarnsByASign();
    void aSiteWithoutAnUpdateHasNoDrift();
    void latestValidationOfTheSharedModelAlone();
    void bytesAreThoseOfTheRoundAndTheStudy();
    void olderStudiesShowTheirTotals();
    void fewSitesStandByName();
    void manySitesStandByUrgency();
    void timeMovesWordsWithoutMovingRows();
};

void tst_SiteTable::driftIsOfTheLastRoundThatCountedTheSite()
{
    auto shot = study(2, 3);
    shot.metrics = {update(1, "site-0000", "update-cosine", 0.5),      update(1, "site-0000", "weight", 0.4),
                    update(2, "site-0000", "update-cosine", 0.93),     update(2, "site-0000", "update-norm", 1.25),
                    update(2, "site-0000", "update-distance", 0.0625), update(1, "site-0001", "update-cosine", 0.7)};
    const auto figures = siteFigures(shot);
    QCOMPARE(figures[0].drift.round, 2);
    QCOMPARE(*figures[0].drift.cosine, 0.93);
    QVERIFY(!figures[0].drift.weight); // that of round 1 says nothing of round 2
    QCOMPARE(figures[1].drift.round, 1);

    SiteTableModel model;
    model.setSnapshot(shot, noon);
    QCOMPARE(text(model, 0, SiteTableModel::Drift), "0.93");
    QCOMPARE(text(model, 0, SiteTableModel::Drift, Qt::ToolTipRole),
             "Round 2: cosine 0.93 with the shared model's step, norm of its change 1.25, distance of its model from "
             "the new one 0.0625");
}

void tst_SiteTable::driftBelowZeroWarnsByASign()
{
    auto shot = study(2, 1);
    shot.metrics = {update(1, "site-0000", "update-cosine", -0.12), update(1, "site-0001", "update-cosine", -0.001)};
    SiteTableModel model;
    model.setSnapshot(shot, noon);
    QCOMPARE(text(model, 0, SiteTableModel::Drift), "-0.12");
    QCOMPARE(model.index(0, SiteTableModel::Drift).data(SiteTableModel::MarkRole).toInt(), int(Mark::Warning));
    QVERIFY(text(model, 0, SiteTableModel::Drift, Qt::ToolTipRole).contains("against the others"));
    QCOMPARE(text(model, 1, SiteTableModel::Drift), "0.00");
    QVERIFY(!model.index(1, SiteTableModel::Drift).data(SiteTableModel::MarkRole).isValid());
}

void tst_SiteTable::aSiteWithoutAnUpdateHasNoDrift()
{
    SiteTableModel model;
    model.setSnapshot(study(1, 1), noon);
    QCOMPARE(text(model, 0, SiteTableModel::Drift), "–");
    QVERIFY(!model.index(0, SiteTableModel::Drift).data(SiteTableModel::MarkRole).isValid());
}

void tst_SiteTable::latestValidationOfTheSharedModelAlone()
{
    auto shot = study(1, 4);
    shot.metrics = {{1, "site-0000", "global", "validation", "dice", 0, 0.4, 5},
                    {2, "site-0000", "global", "validation", "dice", 0, 0.6, 5},
                    {3, "site-0000", "local-site-0000", "validation", "dice", 0, 0.9, 5},
                    {3, "site-0000", "best", "test", "dice", 0, 0.8, 5}};
    QCOMPARE(*siteFigures(shot)[0].headline, 0.6);
}

void tst_SiteTable::bytesAreThoseOfTheRoundAndTheStudy()
{
    auto shot = study(1, 2);
    shot.siteRounds = {{1, "site-0000", SiteState::Counted, 1, "", noon, 5'000'000, 4'000'000},
                       {2, "site-0000", SiteState::Uploading, 0.5, "", noon, 1'500'000, 4'000'000}};
    SiteTableModel model;
    model.setSnapshot(shot, noon);
    QCOMPARE(text(model, 0, SiteTableModel::Bytes), "5.5 MB");
    QCOMPARE(text(model, 0, SiteTableModel::Bytes, Qt::ToolTipRole),
             "Round 2: 1.5 MB came from the site, 4.0 MB went to it.\n"
             "Whole study: 9.0 MB came from the site, 8.0 MB went to it.");
}

void tst_SiteTable::olderStudiesShowTheirTotals()
{
    auto shot = study(1, 2);
    shot.siteRounds = {{2, "site-0000", SiteState::Counted, 1, "", noon, 0, 0}};
    SiteTableModel model;
    model.setSnapshot(shot, noon);
    QCOMPARE(text(model, 0, SiteTableModel::Bytes), "17.0 MB");
}

void tst_SiteTable::fewSitesStandByName()
{
    auto shot = study(24, 1);
    shot.siteRounds = {{1, "site-0023", SiteState::NotCounted, 0, "late", noon, 0, 0}};
    SiteTableModel model;
    model.setSnapshot(shot, noon);
    QCOMPARE(text(model, 0, SiteTableModel::Site), "site-0000");
    QCOMPARE(text(model, 23, SiteTableModel::Site), "site-0023");
    QVERIFY(model.summary().isEmpty());
}

void tst_SiteTable::manySitesStandByUrgency()
{
    auto shot = study(1000, 2);
    for (int i = 0; i < 1000; ++i) {
        const auto state = i == 700 ? SiteState::NotCounted : i >= 960 ? SiteState::Training : SiteState::Counted;
        shot.siteRounds.push_back(
            {2, shot.sites[std::size_t(i)].name, state, 0, i == 700 ? "a value is not finite" : "", noon, 0, 0});
    }
    shot.sites[970].online = false;
    SiteTableModel model;
    model.setSnapshot(shot, noon);
    QCOMPARE(model.rowCount(), 1000);
    QCOMPARE(text(model, 0, SiteTableModel::Site), "site-0700");
    QCOMPARE(text(model, 0, SiteTableModel::State), "not counted: a value is not finite");
    QCOMPARE(text(model, 1, SiteTableModel::Site), "site-0970");
    QCOMPARE(text(model, 2, SiteTableModel::Site), "site-0960"); // at work, by name
    QCOMPARE(text(model, 999, SiteTableModel::Site), "site-0959");
    // The colour and mark stay those of the site's place by name.
    QCOMPARE(model.index(0, 0).data(SiteTableModel::SiteIndexRole).toInt(), 700);
    QCOMPARE(model.summary(), "1000 sites: 2 lost or not counted, 39 at work, 959 counted");
    // Another order is no reason to lose the reader's place.
    QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
    shot.siteRounds[700].state = SiteState::Counted;
    model.setSnapshot(shot, noon);
    QCOMPARE(text(model, 0, SiteTableModel::Site), "site-0970");
    QCOMPARE(reset.size(), 0);
}

void tst_SiteTable::timeMovesWordsWithoutMovingRows()
{
    auto shot = study(3, 1);
    shot.sites[1].online = false;
    shot.sites[1].lastSeen = noon - 42s;
    SiteTableModel model;
    model.setSnapshot(shot, noon);
    QCOMPARE(text(model, 1, SiteTableModel::State), "lost 00:42 ago, waiting");
    QSignalSpy reset(&model, &QAbstractItemModel::modelReset);
    model.setTime(noon + 5s);
    QCOMPARE(text(model, 1, SiteTableModel::State), "lost 00:47 ago, waiting");
    QCOMPARE(text(model, 1, SiteTableModel::LastSeen), "47 s ago");
    model.setSnapshot(shot, noon + 6s);
    QCOMPARE(reset.size(), 0);
}

QTEST_MAIN(tst_SiteTable)
#include "tst_site_table.moc"
