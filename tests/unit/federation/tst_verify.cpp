// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/site_folder.h"
#include "federation/verify.h"
#include "storage/audit_chain.h"
#include "support/made_rounds.h"

#include "core/hash.h"

#include <QTemporaryDir>
#include <QTest>
#include <SQLiteCpp/SQLiteCpp.h>
#include <SQLiteCpp/VariadicBind.h>

using namespace consilium;
using namespace consilium::test;
using federation::Outcome;

namespace {

SQLite::Database database(const storage::StudyPaths &paths)
{
    return SQLite::Database(paths.database().string(), SQLite::OPEN_READWRITE);
}

void change(const storage::StudyPaths &paths, const std::string &sql)
{
    database(paths).exec(sql);
}

void flipBit(const std::filesystem::path &file, std::size_t fromTheEnd)
{
    auto bytes = must(readFile(file));
    bytes[bytes.size() - fromTheEnd] ^= 1;
    must(writeFileAtomically(file, bytes));
}

void replaceIn(const std::filesystem::path &file, const std::string &from, const std::string &to)
{
    auto text = must(readFile(file));
    text.replace(text.find(from), from.size(), to);
    must(writeFileAtomically(file, text));
}

/// Whoever rewrites a chain makes every hash after it good again.
void rehash(const storage::StudyPaths &paths, std::int64_t from)
{
    auto db = database(paths);
    std::vector<storage::AuditLink> links;
    for (SQLite::Statement rows(db, "SELECT sequence, time, event, site, round, details, previous, hash FROM audit "
                                    "ORDER BY sequence");
         rows.executeStep();)
        links.push_back({rows.getColumn(0).getInt64(), rows.getColumn(1).getString(), rows.getColumn(2).getString(),
                         rows.getColumn(3).getString(), rows.getColumn(4).getInt(), rows.getColumn(5).getString(),
                         rows.getColumn(6).getString(), rows.getColumn(7).getString()});
    for (auto i = static_cast<std::size_t>(from - 1); i < links.size(); ++i) {
        if (i > 0)
            links[i].previous = links[i - 1].hash;
        links[i].hash = must(storage::linkHash(links[i]));
        SQLite::Statement put(db, "UPDATE audit SET previous = ?, hash = ? WHERE sequence = ?");
        SQLite::bind(put, links[i].previous, links[i].hash, links[i].sequence);
        put.exec();
    }
}

/// Puts another content into a round's receipt, in study.db and in its file, signed by `key`.
void forge(const storage::StudyPaths &paths, int round, const security::PrivateKey &key, int samples)
{
    auto json = must(readJson(paths.receipt(round)));
    json.erase("signature");
    json["sites"][0]["samples"] = samples;
    const auto content = must(canonicalJson(json));
    const auto signature = security::toBase64(must(key.sign(content)));
    auto db = database(paths);
    SQLite::Statement put(db, "UPDATE receipts SET content = ?, signature = ? WHERE round = ?");
    SQLite::bind(put, content, signature, round);
    put.exec();
    json["signature"] = signature;
    must(writeJson(paths.receipt(round), json));
}

void exchangePlan(const storage::StudyPaths &paths, const security::PrivateKey &key)
{
    auto manifest = must(storage::StudyManifest::read(paths.folder));
    manifest.plan.seed += 1;
    manifest.coordinatorKey = key.publicPem();
    must(manifest.write(paths.folder, key.toPem()));
}

struct Tampering
{
    const char *name;
    std::function<void(MadeRounds &)> change;
    const char *check;
    const char *text; ///< part of the finding's sentence
};

const std::vector<Tampering> &tamperings()
{
    static const std::vector<Tampering> all{
        {"a bit of a model", [](auto &study) { flipBit(study.paths().model(2), 1); }, "models",
         "round-0002.safetensors is not the model that the receipt of round 2 holds"},
        {"a bit of the first model", [](auto &study) { flipBit(study.paths().model(0), 1); }, "models",
         "round-0000.safetensors is not the model that the receipt of round 1 holds"},
        {"a model is missing", [](auto &study) { std::filesystem::remove(study.paths().model(1)); }, "models",
         "round-0001.safetensors is missing"},
        {"a bit of the best model", [](auto &study) { flipBit(study.paths().bestModel(), 1); }, "best",
         "which the study names the best: it was changed"},
        {"another round's model as the best",
         [](auto &study) { must(copyFileAtomically(study.paths().model(1), study.paths().bestModel())); }, "best",
         "is not the model of round 2, which the study names the best: it is that of round 1"},
        {"another round named the best",
         [](auto &study) { change(study.paths(), "UPDATE study SET value = '3' WHERE key = 'bestRound'"); }, "best",
         "is not the model of round 3"},
        {"a receipt in study.db",
         [](auto &study) {
             change(study.paths(), "UPDATE receipts SET content = replace(content, '\"samples\":10', '\"samples\":11') "
                                   "WHERE round = 2");
         },
         "receipts", "The receipt of round 2 does not bear the coordinator's signature"},
        {"a receipt's file",
         [](auto &study) { replaceIn(study.paths().receipt(3), "\"samples\": 10", "\"samples\": 11"); }, "receipts",
         "round-0003.json differs from the receipt in study.db"},
        {"a receipt's file is missing", [](auto &study) { std::filesystem::remove(study.paths().receipt(1)); },
         "receipts", "round-0001.json does not exist"},
        {"a file of no round",
         [](auto &study) { must(copyFileAtomically(study.paths().receipt(1), study.paths().receipt(7))); }, "receipts",
         "round-0007.json is not in study.db"},
        {"a receipt by another key",
         [](auto &study) { forge(study.paths(), 2, must(security::PrivateKey::generate()), 10); }, "receipts",
         "The receipt of round 2 does not bear the coordinator's signature"},
        {"a receipt by the coordinator's key, later", [](auto &study) { forge(study.paths(), 3, study.key(), 11); },
         "receipts", "The receipt of round 3 is not the one that the audit chain holds"},
        {"a receipt by the coordinator's key, in the middle",
         [](auto &study) { forge(study.paths(), 2, study.key(), 11); }, "receipts",
         "The receipt of round 3 does not hold the hash of the receipt before it"},
        {"a receipt taken out",
         [](auto &study) {
             change(study.paths(), "DELETE FROM receipts WHERE round = 2");
             std::filesystem::remove(study.paths().receipt(2));
         },
         "receipts", "The receipt of round 2 was taken out: the audit chain holds it"},
        {"the last round taken out",
         [](auto &study) {
             change(study.paths(), "DELETE FROM receipts WHERE round = 3; DELETE FROM rounds WHERE round = 3");
             std::filesystem::remove(study.paths().receipt(3));
             std::filesystem::remove(study.paths().model(3));
         },
         "receipts", "The receipt of round 3 was taken out: the audit chain holds it"},
        {"the receipts exchanged",
         [](auto &study) {
             change(study.paths(), "UPDATE receipts SET round = round + 100 WHERE round < 3; "
                                   "UPDATE receipts SET round = 103 - round WHERE round > 100");
         },
         "receipts", "The receipt of round 1 is that of round 2"},
        {"a link taken out", [](auto &study) { change(study.paths(), "DELETE FROM audit WHERE sequence = 5"); },
         "audit", "after link 4 comes link 6: something was taken out"},
        {"a link changed",
         [](auto &study) {
             change(study.paths(), "UPDATE audit SET details = '{\"reason\":\"it sent nothing\"}' "
                                   "WHERE event = 'not-counted' AND round = 2");
         },
         "audit", "(not-counted, site west, round 2) was changed after it was written"},
        {"two links exchanged",
         [](auto &study) {
             change(study.paths(), "UPDATE audit SET sequence = 1000 WHERE sequence = 3; "
                                   "UPDATE audit SET sequence = 3 WHERE sequence = 4; "
                                   "UPDATE audit SET sequence = 4 WHERE sequence = 1000");
         },
         "audit", "link 3 (invited, site south) was changed after it was written"},
        {"the end of the chain taken out",
         [](auto &study) { change(study.paths(), "DELETE FROM audit WHERE event = 'study-finished'"); }, "audit",
         "but the seal of the finished study holds link"},
        {"the end of the chain and its seal taken out",
         [](auto &study) {
             change(study.paths(), "DELETE FROM audit WHERE event = 'study-finished'; "
                                   "DELETE FROM study WHERE key = 'auditSeal'");
         },
         "audit", "The study is finished, but the end of its audit chain is not sealed"},
        {"everything after the last receipt's hold taken out",
         [](auto &study) {
             change(
                 study.paths(),
                 "DELETE FROM audit WHERE sequence >= (SELECT MAX(sequence) FROM audit WHERE event = 'receipt'); "
                 "DELETE FROM study WHERE key = 'auditSeal'; UPDATE study SET value = 'stopped' WHERE key = 'state'");
         },
         "receipts", "The receipt of round 3 is not in the audit chain: the chain's end was taken out"},
        {"the chain written again",
         [](auto &study) {
             change(study.paths(), "UPDATE audit SET details = '{\"reason\":\"it sent nothing\"}' "
                                   "WHERE event = 'not-counted' AND round = 1");
             rehash(study.paths(), 1);
         },
         "audit", "is another one than the receipt of round 1 holds"},
        {"the whole chain taken out", [](auto &study) { change(study.paths(), "DELETE FROM audit"); }, "audit",
         "holds link"},
        {"the seal of somebody else",
         [](auto &study) {
             auto db = database(study.paths());
             auto seal = Json::parse(db.execAndGet("SELECT value FROM study WHERE key = 'auditSeal'").getString());
             seal["sequence"] = 1;
             SQLite::Statement put(db, "UPDATE study SET value = ? WHERE key = 'auditSeal'");
             put.bind(1, seal.dump());
             put.exec();
         },
         "audit", "The seal at the end of the audit chain is not the coordinator's"},
        {"another plan, unsigned",
         [](auto &study) { replaceIn(study.paths().manifest(), "\"seed\": 7", "\"seed\": 8"); }, "manifest",
         "study.json was changed after it was signed"},
        {"another plan, signed by another key",
         [](auto &study) { exchangePlan(study.paths(), must(security::PrivateKey::generate())); }, "receipts",
         "The receipt of round 1 does not bear the coordinator's signature"},
        {"another plan, signed by the coordinator", [](auto &study) { exchangePlan(study.paths(), study.key()); },
         "receipts", "The receipt of round 1 is of another plan"},
        {"a spooled update",
         [](auto &study) {
             const auto id = must(study.store().updates(2))[0].sha256;
             const auto chunk = must(federation::Spool(study.paths().spool()).reachable(id));
             for (const auto &object : chunk) {
                 if (must(federation::Spool(study.paths().spool()).object(object)).type == "ArrayChunk")
                     flipBit(study.paths().spool() / object, 1);
             }
         },
         "recomputed", "Round 2: the spooled update of north is damaged"},
    };
    return all;
}

} // namespace

class tst_Verify : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void anUntouchedStudyHolds();
    void tamperingIsFoundAndNamed_data();
    void tamperingIsFoundAndNamed();
    void aModelThatIsNotTheUpdatesMeanIsFound();
    void whomTheHostRefusedIsNotJudgedAgain();
    void updatesThatAreGoneAreSaid();
    void aRunningStudyHolds();
    void aHostKilledBeforeTheFileIsNoFailure();
    void closedWithoutReceiptIsFound();
    void verifyingLeavesTheEvidence();
    void aSitesChainIsChecked();
    void notAStudy();

private:
    std::filesystem::path folder() const { return m_folder->path().toStdString() + "/study"; }
    /// Sentences of that check with that outcome.
    static std::vector<std::string> texts(const federation::Verified &verified, const std::string &check,
                                          Outcome outcome)
    {
        std::vector<std::string> found;
        for (const auto &finding : verified.findings) {
            if (finding.check == check && finding.outcome == outcome)
                found.push_back(finding.text);
        }
        return found;
    }
    static std::string all(const federation::Verified &verified)
    {
        std::string lines;
        for (const auto &finding : verified.findings)
            lines += fmt::format("{} {}: {}\n", finding.check, name(finding.outcome), finding.text);
        return lines;
    }
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<MadeRounds> m_study;
};

void tst_Verify::init()
{
    m_study.reset();
    m_folder = std::make_unique<QTemporaryDir>();
    m_study = std::make_unique<MadeRounds>(folder());
}

void tst_Verify::anUntouchedStudyHolds()
{
    m_study->runAll();
    const auto verified = federation::verifyStudy(folder());
    QVERIFY2(verified, verified ? "" : verified.error().line().c_str());
    QVERIFY2(verified->holds(), all(*verified).c_str());
    for (const auto &finding : verified->findings)
        QVERIFY2(finding.outcome == Outcome::Ok, all(*verified).c_str());
    for (const auto *check : {"manifest", "audit", "receipts", "models", "best"})
        QCOMPARE(texts(*verified, check, Outcome::Ok).size(), std::size_t{1});
    // The hand-worked means are what the spooled updates give, to the last byte.
    QCOMPARE(texts(*verified, "recomputed", Outcome::Ok).size(), std::size_t{3});
    const auto json = verified->toJson();
    QCOMPARE(json.at("verified").get<bool>(), true);
    QCOMPARE(json.at("study").get<std::string>(), m_study->store().manifest().id);
    QCOMPARE(json.at("checks").at(0).at("outcome").get<std::string>(), std::string("ok"));
    QVERIFY(json.at("checks").at(0).at("round").is_null());
    QCOMPARE(json.at("checks").back().at("round").get<int>(), 3);
}

void tst_Verify::tamperingIsFoundAndNamed_data()
{
    QTest::addColumn<int>("index");
    for (std::size_t i = 0; i < tamperings().size(); ++i)
        QTest::newRow(tamperings()[i].name) << static_cast<int>(i);
}

void tst_Verify::tamperingIsFoundAndNamed()
{
    QFETCH(int, index);
    const auto &tampering = tamperings()[static_cast<std::size_t>(index)];
    m_study->runAll();
    tampering.change(*m_study);
    const auto verified = federation::verifyStudy(folder());
    QVERIFY2(verified, verified ? "" : verified.error().line().c_str());
    QVERIFY(!verified->holds());
    const auto failed = texts(*verified, tampering.check, Outcome::Failed);
    QVERIFY2(std::any_of(failed.begin(), failed.end(),
                         [&](const std::string &text) { return text.find(tampering.text) != std::string::npos; }),
             all(*verified).c_str());
}

void tst_Verify::aModelThatIsNotTheUpdatesMeanIsFound()
{
    // A coordinator that signs what it did not get from its sites.
    m_study->combine(1, MadeRounds::mean(1));
    m_study->close(1);
    m_study->combine(2, toyModel(3.5F, 5.0000005F)); // one unit in the last place
    m_study->close(2);
    const auto verified = federation::verifyStudy(folder());
    QVERIFY2(verified, verified ? "" : verified.error().line().c_str());
    QCOMPARE(texts(*verified, "recomputed", Outcome::Failed),
             (std::vector<std::string>{"Round 2: its updates give another model than the receipt holds"}));
    QCOMPARE(texts(*verified, "receipts", Outcome::Failed).size(), std::size_t{0});
}

void tst_Verify::whomTheHostRefusedIsNotJudgedAgain()
{
    // Norms 1, 1, 15, 200, 200: their median is 15 and the limit 150, so that the last two are refused. Among those
    // that are left 15 is more than ten times the median of 1, and counts all the same. Weights 1/4, 1/4, 1/2: (1 + 3 +
    // 10)/4 = 3.5, (0 + 4 + 4)/4 = 2.
    for (const auto *site : {"east", "far"}) {
        QVERIFY(m_study->store().addSite(site, std::string("token of ") + site));
        QVERIFY(m_study->store().bindKey(site, std::string("key of ") + site));
    }
    m_study->offer(1, {"east", "far", "north", "south", "west"});
    m_study->answer(1, "north", toyModel(1, 0), 10, 0.25, 1);
    m_study->answer(1, "south", toyModel(3, 4), 10, 0.25, 1);
    m_study->answer(1, "west", toyModel(5, 2), 20, 0.5, 15);
    for (const auto *site : {"east", "far"}) {
        m_study->answer(1, site, toyModel(100, 100), 10, 0, 200);
        QVERIFY(m_study->store().setSiteRound(1, site, SiteState::NotCounted, 1, "its change is 13 times the median"));
    }
    m_study->writeModel(1, toyModel(3.5F, 2));
    m_study->close(1);
    const auto verified = federation::verifyStudy(folder());
    QVERIFY2(verified && verified->holds(), verified ? all(*verified).c_str() : "");
    QCOMPARE(texts(*verified, "recomputed", Outcome::Ok),
             (std::vector<std::string>{"Round 1: its 3 updates give the same model to the last byte"}));
}

void tst_Verify::updatesThatAreGoneAreSaid()
{
    m_study->runAll();
    const federation::Spool spool(m_study->paths().spool());
    std::set<std::string> kept;
    const auto updates = m_study->store().updates(3);
    for (const auto &update : *updates)
        kept.merge(*spool.reachable(update.sha256));
    QVERIFY(spool.keepOnly(kept));
    const auto verified = federation::verifyStudy(folder());
    QVERIFY2(verified && verified->holds(), verified ? all(*verified).c_str() : "");
    QCOMPARE(texts(*verified, "recomputed", Outcome::Ok),
             (std::vector<std::string>{"Round 3: its 2 updates give the same model to the last byte"}));
    QCOMPARE(texts(*verified, "recomputed", Outcome::NotChecked),
             (std::vector<std::string>{"2 rounds' models were not made once more: the updates are not kept"}));
}

void tst_Verify::aRunningStudyHolds()
{
    m_study->combine(1, MadeRounds::mean(1));
    m_study->close(1);
    QVERIFY(m_study->store().setRound(2, RoundState::Training));
    const auto verified = federation::verifyStudy(folder());
    QVERIFY2(verified && verified->holds(), verified ? all(*verified).c_str() : "");
}

void tst_Verify::aHostKilledBeforeTheFileIsNoFailure()
{
    m_study->combine(1, MadeRounds::mean(1));
    QVERIFY(federation::writeReceipt(m_study->store(), *federation::draftReceipt(m_study->store(), 1)));
    std::filesystem::remove(m_study->paths().receipt(1));
    const auto verified = federation::verifyStudy(folder());
    QVERIFY2(verified && verified->holds(), verified ? all(*verified).c_str() : "");
    QCOMPARE(texts(*verified, "receipts", Outcome::NotChecked).size(), std::size_t{1});
}

void tst_Verify::closedWithoutReceiptIsFound()
{
    m_study->combine(1, MadeRounds::mean(1));
    QVERIFY(m_study->store().setRound(1, RoundState::Closed));
    const auto verified = federation::verifyStudy(folder());
    QVERIFY(verified);
    QCOMPARE(texts(*verified, "receipts", Outcome::Failed),
             (std::vector<std::string>{"Round 1 is closed without a receipt"}));
}

void tst_Verify::verifyingLeavesTheEvidence()
{
    m_study->runAll();
    flipBit(m_study->paths().spool() / m_study->store().updates(2)->at(0).sha256, 1);
    std::map<std::string, std::string> before;
    const auto files = [&] {
        std::map<std::string, std::string> hashes;
        for (const auto &entry : std::filesystem::recursive_directory_iterator(folder())) {
            if (entry.is_regular_file() && entry.path().filename().string().find("study.db") == std::string::npos)
                hashes[entry.path().string()] = *sha256OfFile(entry.path());
        }
        return hashes;
    };
    before = files();
    QVERIFY(!federation::verifyStudy(folder())->holds());
    QVERIFY(files() == before);
}

void tst_Verify::aSitesChainIsChecked()
{
    const auto site = folder().parent_path() / "site";
    QVERIFY(writeJson(site / "site.json", {{"format", 1},
                                           {"studyId", "0123"},
                                           {"title", "Made"},
                                           {"site", "north"},
                                           {"endpoint", "localhost:1"},
                                           {"plan", toyPlan(1, 1).toJson()}}));
    const auto opened = federation::SiteFolder::open(site);
    QVERIFY2(opened, opened ? "" : opened.error().line().c_str());
    QVERIFY(federation::verifySite(site)->holds());
    QVERIFY(opened->approve({opened->plan().hash(), "/data", toIso(now())}));
    QVERIFY(opened->audit("offered", 1, {{"message", "m1"}}));
    QVERIFY(opened->audit("uploaded", 1, {{"reply", "r1"}}));
    const auto good = federation::verifySite(site);
    QVERIFY2(good && good->holds(), good ? all(*good).c_str() : "");
    QCOMPARE(good->findings.at(0).text, std::string("The audit chain of north: its 3 links follow on each other"));
    QVERIFY(readFile(site / "audit.jsonl")->find(opened->plan().hash()) != std::string::npos);
    replaceIn(site / "audit.jsonl", "\"message\":\"m1\"", "\"message\":\"m2\"");
    const auto bad = federation::verifySite(site);
    QVERIFY(bad && !bad->holds());
    QCOMPARE(
        bad->findings.at(0).text,
        std::string("The audit chain of north is broken: link 2 (offered, site north, round 1) was changed after it "
                    "was written"));
}

void tst_Verify::notAStudy()
{
    const auto refused = federation::verifyStudy(folder().parent_path());
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::NotFound);
    QVERIFY(refused.error().line().find(folder().parent_path().string()) != std::string::npos);
}

QTEST_GUILESS_MAIN(tst_Verify)
#include "tst_verify.moc"
