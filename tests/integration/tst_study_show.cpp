// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/made_study.h"
#include "support/node_program.h"

#include <QJsonArray>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

using namespace consilium;

/// `study show` on a study with three closed rounds and a fourth in flight.
class tst_StudyShow : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void bytesOfEachRound();
    void driftOfTheLastRound();
    void jsonHasEverything();
    void anEarlyEndIsTold();

private:
    std::filesystem::path folder(const char *name) const
    {
        return std::filesystem::path(m_folder.path().toStdU16String()) / name;
    }
    test::Ran show(const char *name, const QStringList &more = {}) const
    {
        return test::runNode(QStringList{"study", "show", QString::fromStdU16String(folder(name).u16string())} + more);
    }
    QTemporaryDir m_folder;
};

void tst_StudyShow::initTestCase()
{
    test::MadeStudy running(folder("running"));
    test::MadeStudy early(folder("early"), 7);
    early.endEarly(7);
}

void tst_StudyShow::bytesOfEachRound()
{
    const auto ran = show("running");
    QCOMPARE(ran.code, 0);
    // Four sites of 2.8 MB received and 2.7 MB sent in a closed round; in round 4 one site has exchanged something.
    static const QRegularExpression closed("^1 +closed +4 of 4 +11\\.2 +10\\.8$", QRegularExpression::MultilineOption);
    static const QRegularExpression flight("^4 +training +1 of 4 +2\\.2 +2\\.7$", QRegularExpression::MultilineOption);
    QVERIFY2(closed.match(ran.out).hasMatch(), qPrintable(ran.out));
    QVERIFY2(flight.match(ran.out).hasMatch(), qPrintable(ran.out));
}

void tst_StudyShow::driftOfTheLastRound()
{
    const auto ran = show("running");
    QVERIFY(ran.out.contains("Updates of round 3"));
    // west: cosine 0.35 - 3 x 0.15, norm 0.8 / 3 + 0.3, distance 0.5 / 3 + 0.3, 29 of 160 cases.
    static const QRegularExpression west("^west +-0\\.10 +0\\.567 +0\\.467 +0\\.181$",
                                         QRegularExpression::MultilineOption);
    QVERIFY2(west.match(ran.out).hasMatch(), qPrintable(ran.out));
}

void tst_StudyShow::jsonHasEverything()
{
    const auto ran = show("running", {"--json"});
    QCOMPARE(ran.code, 0);
    const auto study = QJsonDocument::fromJson(ran.out.toUtf8()).object();
    const auto round = study["rounds"].toArray().at(0).toObject();
    QCOMPARE(round["bytesReceived"].toInteger(), 4 * 2'800'000);
    QCOMPARE(round["bytesSent"].toInteger(), 4 * 2'700'000);
    const auto east = round["sites"].toObject()["east"].toObject();
    QCOMPARE(east["state"].toString(), "counted");
    QCOMPARE(east["bytesReceived"].toInteger(), 2'800'000);
    const auto update = east["update"].toObject();
    QCOMPARE(update["cosine"].toDouble(), 0.94); // 0.95 - 0.01
    QCOMPARE(update["weight"].toDouble(), 25 / 160.0);
    QVERIFY(update.contains("norm") && update.contains("distance"));
    // The fields of before.
    for (const auto *field : {"id", "title", "state", "round", "bestRound", "planHash", "plan", "sites", "metrics"})
        QVERIFY2(study.contains(field), field);
    for (const auto *field : {"round", "state", "started", "ended", "note", "sites"})
        QVERIFY2(round.contains(field), field);
    for (const auto *field : {"state", "progress", "detail"})
        QVERIFY2(east.contains(field), field);
}

void tst_StudyShow::anEarlyEndIsTold()
{
    const auto ran = show("early");
    QVERIFY2(ran.out.contains("finished, ended after round 7 of 12, best round 5"), qPrintable(ran.out));
}

QTEST_GUILESS_MAIN(tst_StudyShow)
#include "tst_study_show.moc"
