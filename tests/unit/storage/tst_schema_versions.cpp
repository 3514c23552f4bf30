// SPDX-License-Identifier: GPL-3.0-or-later
#include "security/keys.h"
#include "storage/ledger.h"
#include "storage/study_store.h"

#include <QTemporaryDir>
#include <QTest>
#include <SQLiteCpp/SQLiteCpp.h>

using namespace consilium;
using namespace consilium::storage;

namespace {

/// The tables of version 1 and what an aggregator of that version left in them in the middle of round 2.
constexpr auto versionOne = R"sql(
PRAGMA journal_mode = WAL;
CREATE TABLE study (key TEXT PRIMARY KEY, value TEXT NOT NULL) WITHOUT ROWID;
CREATE TABLE sites (
    name TEXT PRIMARY KEY, node_id INTEGER UNIQUE, token_hash TEXT NOT NULL, public_key TEXT UNIQUE,
    online INTEGER NOT NULL DEFAULT 0, last_seen TEXT, training_cases INTEGER NOT NULL DEFAULT 0,
    bytes_received INTEGER NOT NULL DEFAULT 0, bytes_sent INTEGER NOT NULL DEFAULT 0) WITHOUT ROWID;
CREATE TABLE rounds (
    round INTEGER PRIMARY KEY, state TEXT NOT NULL, started TEXT NOT NULL, ended TEXT, note TEXT NOT NULL DEFAULT '');
CREATE TABLE site_rounds (
    round INTEGER NOT NULL, site TEXT NOT NULL, state TEXT NOT NULL, progress REAL NOT NULL, detail TEXT NOT NULL,
    updated TEXT NOT NULL, PRIMARY KEY (round, site)) WITHOUT ROWID;
CREATE TABLE messages (
    id TEXT PRIMARY KEY, round INTEGER NOT NULL, site TEXT NOT NULL, kind TEXT NOT NULL, content TEXT NOT NULL,
    created TEXT NOT NULL, delivered INTEGER NOT NULL DEFAULT 0, reply TEXT) WITHOUT ROWID;
CREATE INDEX messages_by_site ON messages (site, reply);
CREATE TABLE updates (
    round INTEGER NOT NULL, site TEXT NOT NULL, reply TEXT NOT NULL, file TEXT NOT NULL, sha256 TEXT NOT NULL,
    samples INTEGER NOT NULL, received TEXT NOT NULL, PRIMARY KEY (round, site)) WITHOUT ROWID;
CREATE TABLE metrics (
    round INTEGER NOT NULL, site TEXT NOT NULL, model TEXT NOT NULL, split TEXT NOT NULL, name TEXT NOT NULL,
    step INTEGER NOT NULL, value REAL NOT NULL, support INTEGER NOT NULL,
    PRIMARY KEY (round, site, model, split, name, step)) WITHOUT ROWID;
CREATE TABLE events (
    sequence INTEGER PRIMARY KEY, time TEXT NOT NULL, event TEXT NOT NULL, site TEXT NOT NULL, round INTEGER NOT NULL,
    text TEXT NOT NULL, details TEXT NOT NULL);
INSERT INTO study VALUES ('state', 'stopped'), ('round', '2'), ('bestRound', '1');
INSERT INTO sites VALUES ('north', 77, 'aa', 'key of north', 0, '2026-01-02T03:04:05.006+00:00', 25, 111, 222);
INSERT INTO rounds VALUES (1, 'closed', '2026-01-02T03:00:00.000+00:00', '2026-01-02T03:04:00.000+00:00', 'a note'),
                          (2, 'training', '2026-01-02T03:04:00.000+00:00', NULL, '');
INSERT INTO site_rounds VALUES (1, 'north', 'counted', 1, '', '2026-01-02T03:04:00.000+00:00'),
                               (2, 'north', 'uploading', 0.5, 'half way', '2026-01-02T03:04:05.000+00:00');
INSERT INTO messages VALUES ('m2', 2, 'north', 'train', '{}', '2026-01-02T03:04:00.000+00:00', 1, NULL);
INSERT INTO updates VALUES (1, 'north', 'r1', 'spool/u', 'abc', 25, '2026-01-02T03:03:00.000+00:00');
INSERT INTO metrics VALUES (1, 'north', 'global', 'validation', 'dice', 0, 0.75, 9);
INSERT INTO events VALUES (1, '2026-01-02T03:00:00.000+00:00', 'round-state', '', 1, 'Round 1', '{}');
PRAGMA user_version = 1;
)sql";

} // namespace

class tst_SchemaVersions : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void aReaderShowsVersionOneAsItIs();
    void aWriterBringsItUpToDate();
    void underAnAggregatorTablesStay();
    void newerTablesAreRefused();
    void theNewColumnsAreKept();

private:
    std::filesystem::path folder() const { return m_folder->path().toStdString(); }
    int version() const { return database().execAndGet("PRAGMA user_version").getInt(); }
    SQLite::Database database() const
    {
        return SQLite::Database(StudyPaths{folder()}.database().string(), SQLite::OPEN_READWRITE);
    }
    std::unique_ptr<QTemporaryDir> m_folder;
};

void tst_SchemaVersions::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    const auto key = *security::PrivateKey::generate();
    const auto plan = Plan::fromJson(Json::parse(
        R"({"format":1,"task":"t","data":{"channels":["c"],"labels":["b","l"]},"preprocessing":{"normalisation":["none"]}})"));
    QVERIFY(plan);
    const StudyManifest manifest{"0123456789abcdef0123456789abcdef", "Old", *plan, toIso(now()), key.publicPem(), {}};
    QVERIFY(manifest.write(folder(), key.toPem()));
    SQLite::Database(StudyPaths{folder()}.database().string(), SQLite::OPEN_READWRITE | SQLite::OPEN_CREATE)
        .exec(versionOne);
}

void tst_SchemaVersions::aReaderShowsVersionOneAsItIs()
{
    auto reader = StudyReader::open(folder());
    QVERIFY2(reader, reader ? "" : reader.error().line().c_str());
    const auto shot = reader->snapshot();
    QVERIFY2(shot, shot ? "" : shot.error().line().c_str());
    QCOMPARE(shot->siteRounds.size(), std::size_t{2});
    QCOMPARE(shot->siteRounds[1].detail, std::string("half way"));
    QCOMPARE(shot->siteRounds[1].bytesReceived, std::int64_t{0});
    QCOMPARE(shot->metrics.at(0).value, 0.75);
    QCOMPARE(shot->rounds.at(0).note, std::string("a note"));
    QCOMPARE(version(), 1);
    const auto ledger = Ledger::open(folder());
    QVERIFY(ledger && !ledger->audited && ledger->receipts.empty());

    // The reader stays open while the host of the new version takes over.
    auto store = StudyStore::open(folder());
    QVERIFY2(store, store ? "" : store.error().line().c_str());
    QVERIFY((*store)->addTraffic({{"north", true, 5, 7}}));
    const auto after = reader->snapshot();
    QVERIFY(after);
    QCOMPARE(after->siteRounds[1].bytesReceived, std::int64_t{5});
    QCOMPARE(after->siteRounds[1].bytesSent, std::int64_t{7});
}

void tst_SchemaVersions::aWriterBringsItUpToDate()
{
    {
        const auto store = StudyStore::open(folder());
        QVERIFY2(store, store ? "" : store.error().line().c_str());
        QCOMPARE(version(), 2);
        const auto updates = (*store)->updates(1);
        QVERIFY(updates && updates->size() == 1);
        QCOMPARE(updates->at(0).sha256, std::string("abc"));
        QCOMPARE(updates->at(0).samples, 25);
        QCOMPARE(updates->at(0).steps, 0);
        QCOMPARE(updates->at(0).encoding, std::string());
        const auto open = (*store)->openMessages("north");
        QVERIFY(open && open->size() == 1);
        QCOMPARE(open->at(0).id, std::string("m2"));
        QCOMPARE(open->at(0).baseRound, 0);
        QCOMPARE((*(*store)->siteByKey("key of north"))->nodeId, std::int64_t{77});
    }
    // The audit chain begins where the study goes on, once.
    QVERIFY(StudyStore::openShared(folder()));
    auto ledger = Ledger::open(folder());
    QVERIFY(ledger && ledger->audited);
    std::vector<AuditLink> links;
    QVERIFY(ledger->eachLink([&](const AuditLink &link) {
        links.push_back(link);
        return true;
    }));
    QCOMPARE(links.size(), std::size_t{1});
    QCOMPARE(links[0].event, std::string("audit-begun"));
    QCOMPARE(Json::parse(links[0].details).at("closedRounds").get<int>(), 1);
}

void tst_SchemaVersions::underAnAggregatorTablesStay()
{
    const auto aggregator = platform::FileLock::take(folder() / "study.lock");
    QVERIFY(aggregator);
    const auto refused = StudyStore::openShared(folder());
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::Busy);
    QVERIFY(refused.error().line().find("Stop the aggregator") != std::string::npos);
    QCOMPARE(version(), 1);
}

void tst_SchemaVersions::newerTablesAreRefused()
{
    database().exec("PRAGMA user_version = 3");
    QCOMPARE(StudyStore::open(folder()).error().code, ErrorCode::Unsupported);
    QCOMPARE(StudyReader::open(folder()).error().code, ErrorCode::Unsupported);
    QCOMPARE(Ledger::open(folder()).error().code, ErrorCode::Unsupported);
}

void tst_SchemaVersions::theNewColumnsAreKept()
{
    const auto store = *StudyStore::open(folder());
    UpdateRow update;
    update.round = 2;
    update.site = "north";
    update.reply = "r2";
    update.sha256 = "def";
    update.samples = 25;
    update.steps = 250;
    update.score = 0.875;
    update.norm = 1.5;
    update.encoding = "float16";
    update.normalisedSteps = 240.25;
    QVERIFY(*store->acceptReply("m2", "r2", update, {}));
    QVERIFY(store->setWeights(2, {"north"}, {0.625}));
    const auto row = store->updates(2)->at(0);
    QCOMPARE(row.steps, 250);
    QCOMPARE(row.score, 0.875);
    QCOMPARE(row.weight, 0.625);
    QCOMPARE(row.norm, 1.5);
    QCOMPARE(row.encoding, std::string("float16"));
    QCOMPARE(row.normalisedSteps, 240.25);
    MessageRow message;
    message.id = "m3";
    message.round = 3;
    message.site = "north";
    message.kind = "train";
    message.content = Json::object();
    message.baseRound = 2;
    QVERIFY(store->addMessages({message}));
    QCOMPARE((*store->message("m3"))->baseRound, 2);
    // A later state of the site does not lose what travelled in that round.
    QVERIFY(store->addTraffic({{"north", true, 100, 5}}));
    QVERIFY(store->setSiteRound(2, "north", SiteState::Counted, 1, {}));
    QCOMPARE(store->siteRounds(2)->at(0).bytesReceived, std::int64_t{100});
}

QTEST_GUILESS_MAIN(tst_SchemaVersions)
#include "tst_schema_versions.moc"
