// SPDX-License-Identifier: GPL-3.0-or-later
#include "security/certificate.h"
#include "storage/study_store.h"

#include "core/file.h"
#include "core/hash.h"

#include <QTemporaryDir>
#include <QTest>

using namespace consilium;
using namespace consilium::storage;

class tst_StudyStore : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void readerSeesWhatTheWriterWrote();
    void aTokenBelongsToTheFirstKey();
    void aReplyCountsOnce();
    void closedMessagesTakeNoReply();
    void uncountedMessagesAreForgotten();
    void aRoundKeepsItsStart();
    void aChangedManifestIsNoticed();
    void newerDatabasesAreRefused();
    void twoAggregatorsAreRefused();
    void notAStudy();

private:
    std::filesystem::path folder() const { return m_folder->path().toStdString() + "/study"; }
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<StudyStore> m_store;
};

void tst_StudyStore::init()
{
    m_store.reset();
    m_folder = std::make_unique<QTemporaryDir>();
    const auto key = *security::PrivateKey::generate();
    auto plan = Plan::fromJson(Json::parse(
        R"({"format":1,"task":"t","data":{"channels":["c"],"labels":["b","l"]},"preprocessing":{"normalisation":["none"]}})"));
    QVERIFY(plan);
    const StudyManifest manifest{
        "0123456789abcdef0123456789abcdef", "A study", *plan, toIso(now()), key.publicPem(), "certificate"};
    auto store = StudyStore::create(folder(), manifest, key.toPem());
    QVERIFY2(store, store ? "" : store.error().message.c_str());
    m_store = std::move(*store);
}

void tst_StudyStore::readerSeesWhatTheWriterWrote()
{
    QVERIFY(m_store->addSite("north", sha256Hex("t1")));
    QVERIFY(m_store->addSite("south", sha256Hex("t2")));
    QVERIFY(!m_store->addSite("south", sha256Hex("t3")));
    QVERIFY(m_store->bindKey("north", "key"));
    auto reader = StudyReader::open(folder());
    QVERIFY2(reader, reader ? "" : reader.error().message.c_str());
    const auto before = reader->revision();
    QVERIFY(m_store->setRound(1, RoundState::Training));
    QVERIFY(m_store->setSiteRound(1, "north", SiteState::Uploading, 0.81, "half way"));
    QVERIFY(m_store->addTraffic({{"north", true, 100, 5}}));
    QVERIFY(m_store->addTraffic({{"north", true, 11, 5}}));
    QVERIFY(m_store->addMetrics({{1, "north", "global", "validation", "dice", 0, 0.875, 9}}));
    QVERIFY(m_store->addEvent({now(), "warning", "north", 1, "Something", {{"k", 1}}}));
    QVERIFY(*reader->revision() != *before);
    const auto shot = reader->snapshot();
    QVERIFY(shot);
    QCOMPARE(shot->title, std::string("A study"));
    QCOMPARE(shot->sites.size(), std::size_t{2});
    QVERIFY(shot->sites[0].enrolled && !shot->sites[1].enrolled);
    QCOMPARE(shot->sites[0].bytesReceived, std::int64_t{111});
    QCOMPARE(shot->round, 1);
    QCOMPARE(shot->siteRounds.at(0).state, SiteState::Uploading);
    QCOMPARE(shot->siteRounds.at(0).progress, 0.81);
    QCOMPARE(shot->metrics.at(0).value, 0.875);
    QCOMPARE(shot->events.at(0).text, std::string("Something"));
}

void tst_StudyStore::aTokenBelongsToTheFirstKey()
{
    QVERIFY(m_store->addSite("north", sha256Hex("token")));
    QCOMPARE(*m_store->siteForToken(sha256Hex("token")), std::string("north"));
    QCOMPARE(m_store->siteForToken(sha256Hex("guess")).error().code, ErrorCode::Refused);
    const auto first = m_store->bindKey("north", "key A");
    QVERIFY(first);
    QVERIFY(first->nodeId > 1);
    QCOMPARE(m_store->bindKey("north", "key A")->nodeId, first->nodeId);
    QCOMPARE(m_store->bindKey("north", "key B").error().code, ErrorCode::Refused);
    QCOMPARE((*m_store->siteByKey("key A"))->name, std::string("north"));
    QVERIFY(!*m_store->siteByKey("key B"));
}

void tst_StudyStore::aReplyCountsOnce()
{
    QVERIFY(m_store->addMessages({{"m1", 1, "north", "train", Json::object(), now(), std::nullopt, 0}}));
    const UpdateRow update{1, "north", "r1", "spool/u", "sha", 72, now()};
    QCOMPARE(*m_store->acceptReply("m1", "r1", update, {}), true);
    QCOMPARE(*m_store->acceptReply("m1", "r1", update, {}), false);
    QCOMPARE(*m_store->acceptReply("m1", "r2", update, {}), false);
    QCOMPARE(m_store->updates(1)->size(), std::size_t{1});
    QCOMPARE(m_store->updates(1)->at(0).samples, 72);
    QVERIFY(m_store->openMessages("north")->empty());
}

void tst_StudyStore::closedMessagesTakeNoReply()
{
    QVERIFY(m_store->addMessages({{"m1", 1, "north", "train", Json::object(), now(), std::nullopt, 0}}));
    QVERIFY(m_store->closeMessages(1, "train"));
    QCOMPARE(*m_store->acceptReply("m1", "late", UpdateRow{1, "north", "late", "f", "s", 1, now()}, {}), false);
    QVERIFY(m_store->updates(1)->empty());
}

void tst_StudyStore::uncountedMessagesAreForgotten()
{
    for (const auto *site : {"counted", "refused", "silent"})
        QVERIFY(m_store->addMessages(
            {{std::string("m-") + site, 1, site, "train", Json::object(), now(), std::nullopt, 0}}));
    QVERIFY(*m_store->acceptReply("m-counted", "r", UpdateRow{1, "counted", "r", "f", "s", 1, now()}, {}));
    QVERIFY(*m_store->acceptReply("m-refused", "r", std::nullopt, {}));
    QVERIFY(m_store->dropUncountedMessages(1));
    const auto left = m_store->messages(1, "train");
    QCOMPARE(left->size(), std::size_t{2});
    QCOMPARE(left->at(0).site, std::string("counted"));
    QCOMPARE(left->at(1).site, std::string("silent"));
}

void tst_StudyStore::aRoundKeepsItsStart()
{
    QVERIFY(m_store->setRound(1, RoundState::Distributing));
    const auto started = (*m_store->round(1))->started;
    QTest::qWait(5);
    QVERIFY(m_store->setRound(1, RoundState::Failed, "why"));
    QVERIFY((*m_store->round(1))->ended);
    QVERIFY(m_store->setRound(1, RoundState::Distributing));
    const auto again = *m_store->round(1);
    QCOMPARE(again->started, started);
    QVERIFY(!again->ended);
    QCOMPARE(again->note, std::string("why"));
}

void tst_StudyStore::aChangedManifestIsNoticed()
{
    const auto file = m_store->paths().manifest();
    auto text = *readFile(file);
    const auto at = text.find("A study");
    text.replace(at, 7, "B study");
    QVERIFY(writeFileAtomically(file, text));
    QCOMPARE(StudyReader::open(folder()).error().code, ErrorCode::Refused);
}

void tst_StudyStore::newerDatabasesAreRefused()
{
    auto json = *readJson(m_store->paths().manifest());
    json["format"] = 99;
    QVERIFY(writeJson(m_store->paths().manifest(), json));
    const auto refused = StudyReader::open(folder());
    QCOMPARE(refused.error().code, ErrorCode::Unsupported);
    QVERIFY(refused.error().message.find("newer version") != std::string::npos);
}

void tst_StudyStore::twoAggregatorsAreRefused()
{
    const auto first = StudyStore::open(folder());
    QVERIFY(first);
    QCOMPARE(StudyStore::open(folder()).error().code, ErrorCode::Busy);
    QVERIFY(StudyStore::openShared(folder()));
}

void tst_StudyStore::notAStudy()
{
    QTemporaryDir empty;
    const auto refused = StudyReader::open(empty.path().toStdString());
    QCOMPARE(refused.error().code, ErrorCode::NotFound);
    QVERIFY(refused.error().line().find(empty.path().toStdString()) != std::string::npos);
}

QTEST_GUILESS_MAIN(tst_StudyStore)
#include "tst_study_store.moc"
