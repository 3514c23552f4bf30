// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/toy_study.h"

#include "core/file.h"
#include "core/safetensors.h"

#include <QTemporaryDir>
#include <QTest>

using namespace consilium;
using namespace consilium::test;

class tst_Rounds : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void threeSitesEndInTheHandWorkedModel();
    void aSiteThatFailsIsNamedAndTheRestGoesOn();
    void aStoppedSiteComesBackIntoTheSameRound();
    void aStoppedHostGoesOnInTheSameRound();
    void belowTheQuorumARoundIsTriedAgainThenGivenUp();
    void withoutConsentNothingRuns();
    void aPortInUseIsSaid();

private:
    std::filesystem::path folder(const std::string &name) const
    {
        return std::filesystem::path(m_folder->path().toStdString()) / name;
    }
    storage::StudySnapshot snapshot() const { return *storage::StudyReader::open(folder("study"))->snapshot(); }
    std::unique_ptr<QTemporaryDir> m_folder;
};

void tst_Rounds::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
}

void tst_Rounds::threeSitesEndInTheHandWorkedModel()
{
    QVERIFY(federation::createStudy(folder("study"), "Toy", toyPlan(2, 3)));
    ToyHost host(folder("study"));
    QVERIFY2(host.port > 0, host.error.message.c_str());
    // Weights 1/4, 1/4, 1/2; wishes (1, 0), (3, 4), (5, 2). Round 1: (1 + 3 + 10)/4 = 3.5, (0 + 4 + 4)/4 = 2.
    // Round 2: 3.5/2 + 3.5 = 5.25 and 2/2 + 2 = 3. The "Dice" rises, so round 2 is the best.
    ToyTrainer a(10, 1, 0), b(10, 3, 4), c(20, 5, 2);
    const auto north = readySite(folder("study"), "north", host.port, folder("north"));
    QVERIFY2(north, north ? "" : north.error().message.c_str());
    const auto south = readySite(folder("study"), "south", host.port, folder("south"));
    const auto east = readySite(folder("study"), "east", host.port, folder("east"));
    QVERIFY(south && east);
    ToySite first(*north, a), second(*south, b), third(*east, c);
    QVERIFY2(host.wait(), host.result ? "" : host.result.error().message.c_str());
    QVERIFY(first.wait());
    QVERIFY(second.wait());
    QVERIFY(third.wait());

    const storage::StudyPaths paths{folder("study")};
    const auto one = readSafetensors(paths.model(1));
    QVERIFY(one);
    QCOMPARE(one->tensors[0].floats()[0], 3.5F);
    QCOMPARE(one->tensors[0].floats()[1], 2.0F);
    const auto two = readSafetensors(paths.model(2));
    QVERIFY(two);
    QCOMPARE(two->tensors[0].floats()[0], 5.25F);
    QCOMPARE(two->tensors[0].floats()[1], 3.0F);
    QCOMPARE(*readFile(paths.bestModel()), *readFile(paths.model(2)));
    QVERIFY(readSafetensors(north->bestModel())->tensors == two->tensors);

    const auto shot = snapshot();
    QCOMPARE(shot.state, std::string("finished"));
    QCOMPARE(shot.bestRound, 2);
    QCOMPARE(shot.rounds.size(), std::size_t{2});
    for (const auto &round : shot.rounds)
        QCOMPARE(round.state, RoundState::Closed);
    for (const auto &site : shot.siteRounds)
        QCOMPARE(site.state, SiteState::Counted);
    QVERIFY(std::any_of(shot.metrics.begin(), shot.metrics.end(), [](const auto &m) {
        return m.model == "best" && m.split == "test" && m.site == "east" && m.value == 5.25 && m.support == 2;
    }));
    QCOMPARE(a.fits.load(), 2);
}

void tst_Rounds::aSiteThatFailsIsNamedAndTheRestGoesOn()
{
    QVERIFY(federation::createStudy(folder("study"), "Toy", toyPlan(2, 1)));
    ToyHost host(folder("study"));
    ToyTrainer good(10, 1, 1), bad(10, 9, 9), nan(10, std::numeric_limits<float>::quiet_NaN(), 0);
    bad.failInRound = 1;
    const auto north = readySite(folder("study"), "north", host.port, folder("north"));
    const auto south = readySite(folder("study"), "south", host.port, folder("south"));
    const auto west = readySite(folder("study"), "west", host.port, folder("west"));
    QVERIFY(north && south && west);
    ToySite first(*north, good), second(*south, bad), third(*west, nan);
    QVERIFY2(host.wait(), host.result ? "" : host.result.error().message.c_str());
    const auto shot = snapshot();
    std::map<std::pair<int, std::string>, storage::SiteRoundRow> rows;
    for (const auto &row : shot.siteRounds)
        rows[{row.round, row.site}] = row;
    QCOMPARE((rows[{1, "north"}].state), SiteState::Counted);
    QCOMPARE((rows[{1, "south"}].state), SiteState::NotCounted);
    QVERIFY((rows[{1, "south"}].detail.find("the data are gone") != std::string::npos));
    QCOMPARE((rows[{2, "south"}].state), SiteState::Counted);
    QCOMPARE((rows[{1, "west"}].state), SiteState::NotCounted);
    QVERIFY((rows[{1, "west"}].detail.find("not finite") != std::string::npos));
    QVERIFY(shot.rounds[0].note.find("south") != std::string::npos &&
            shot.rounds[0].note.find("west") != std::string::npos);
    // Round 1 is north's alone: (1, 1).
    QCOMPARE(readSafetensors(storage::StudyPaths{folder("study")}.model(1))->tensors[0].floats()[0], 1.0F);
}

void tst_Rounds::aStoppedSiteComesBackIntoTheSameRound()
{
    QVERIFY(federation::createStudy(folder("study"), "Toy", toyPlan(1, 2)));
    ToyHost host(folder("study"));
    ToyTrainer a(10, 1, 0), b(10, 3, 0);
    b.hold = true;
    const auto north = readySite(folder("study"), "north", host.port, folder("north"));
    const auto south = readySite(folder("study"), "south", host.port, folder("south"));
    QVERIFY(north && south);
    ToySite first(*north, a);
    {
        ToySite second(*south, b);
        QTRY_VERIFY_WITH_TIMEOUT(b.fits.load() == 1, 20000);
        second.stop();
        QCOMPARE(second.result.error().code, ErrorCode::Cancelled);
    }
    b.hold = false;
    ToySite again(*south, b);
    QVERIFY(host.wait());
    QCOMPARE(b.fits.load(), 2);
    QCOMPARE(readSafetensors(storage::StudyPaths{folder("study")}.model(1))->tensors[0].floats()[0], 2.0F);
    QCOMPARE(snapshot().rounds.size(), std::size_t{1});
    const auto events = snapshot().events;
    QVERIFY(std::any_of(events.begin(), events.end(),
                        [](const Event &event) { return event.event == "site-left" && event.site == "south"; }));
}

void tst_Rounds::aStoppedHostGoesOnInTheSameRound()
{
    QVERIFY(federation::createStudy(folder("study"), "Toy", toyPlan(1, 2)));
    ToyTrainer a(10, 1, 0), b(10, 3, 0);
    b.hold = true;
    int port = 0;
    std::unique_ptr<ToySite> first, second;
    {
        ToyHost host(folder("study"));
        port = host.port;
        const auto north = readySite(folder("study"), "north", port, folder("north"));
        const auto south = readySite(folder("study"), "south", port, folder("south"));
        QVERIFY(north && south);
        first = std::make_unique<ToySite>(*north, a);
        second = std::make_unique<ToySite>(*south, b);
        QTRY_VERIFY_WITH_TIMEOUT(b.fits.load() == 1, 20000);
        // north's update has arrived and must survive the host.
        const auto northCounts = [&] {
            const auto shot = snapshot();
            return std::any_of(shot.siteRounds.begin(), shot.siteRounds.end(),
                               [](const auto &row) { return row.site == "north" && row.state == SiteState::Counted; });
        };
        QTRY_VERIFY_WITH_TIMEOUT(northCounts(), 20000);
        host.stop();
        QCOMPARE(host.result.error().code, ErrorCode::Cancelled);
    }
    QCOMPARE(snapshot().state, std::string("stopped"));
    b.hold = false;
    ToyHost host(folder("study"), "127.0.0.1:" + std::to_string(port));
    QVERIFY2(host.port == port, host.error.message.c_str());
    QVERIFY(host.wait());
    QCOMPARE(a.fits.load(), 1); // what was uploaded is not trained again
    QCOMPARE(readSafetensors(storage::StudyPaths{folder("study")}.model(1))->tensors[0].floats()[0], 2.0F);
    QCOMPARE(snapshot().state, std::string("finished"));
}

void tst_Rounds::belowTheQuorumARoundIsTriedAgainThenGivenUp()
{
    QVERIFY(federation::createStudy(folder("study"), "Toy", toyPlan(1, 1)));
    ToyHost host(folder("study"));
    ToyTrainer bad(10, std::numeric_limits<float>::infinity(), 0);
    const auto north = readySite(folder("study"), "north", host.port, folder("north"));
    QVERIFY(north);
    ToySite site(*north, bad);
    const auto ended = host.wait();
    QVERIFY(!ended);
    QVERIFY2(ended.error().message.find("Round 1 failed 3 times") != std::string::npos, ended.error().message.c_str());
    QCOMPARE(bad.fits.load(), 3);
    QCOMPARE(snapshot().state, std::string("stopped"));
    QVERIFY(!std::filesystem::exists(storage::StudyPaths{folder("study")}.model(1)));
    site.stop();
}

void tst_Rounds::withoutConsentNothingRuns()
{
    QVERIFY(federation::createStudy(folder("study"), "Toy", toyPlan(1, 1)));
    ToyHost host(folder("study"));
    const auto north = readySite(folder("study"), "north", host.port, folder("north"));
    QVERIFY(north);
    QVERIFY(north->approve({std::string(64, '0'), folder("north"), toIso(now())})); // another plan
    ToyTrainer trainer(10, 1, 1);
    const auto refused = federation::participate(*north, trainer, {});
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::Refused);
    QCOMPARE(trainer.fits.load(), 0);
}

void tst_Rounds::aPortInUseIsSaid()
{
    QVERIFY(federation::createStudy(folder("study"), "Toy", toyPlan(1, 1)));
    QVERIFY(federation::createStudy(folder("other"), "Toy", toyPlan(1, 1)));
    ToyHost host(folder("study"));
    const auto address = "127.0.0.1:" + std::to_string(host.port);
    ToyHost second(folder("other"), address);
    QCOMPARE(second.port, 0);
    QCOMPARE(second.error.code, ErrorCode::Busy);
    QVERIFY(second.error.message.find(address) != std::string::npos);
}

QTEST_GUILESS_MAIN(tst_Rounds)
#include "tst_rounds.moc"
