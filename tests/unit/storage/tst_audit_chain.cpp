// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/audit_chain.h"

#include "core/hash.h"
#include "security/keys.h"
#include "storage/ledger.h"
#include "storage/study_store.h"
#include "support/outside_tool.h"

#include <QTemporaryDir>
#include <QTest>

using namespace consilium;
using namespace consilium::storage;

class tst_AuditChain : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void linksHashAsWorkedWithPython();
    void aBrokenChainNamesItsFirstBrokenLink();
    void whatCannotBeWrittenIsKeptAsText();
    void everyOfferAnswerAndDecisionIsALink();
    void whatIsDoneTwiceIsOneLink();
    void aThousandLinksAtOnce();
    void pythonFollowsTheChain();

private:
    std::filesystem::path folder() const { return m_folder->path().toStdString() + "/study"; }
    std::vector<AuditLink> links() const
    {
        std::vector<AuditLink> all;
        (void)Ledger::open(folder())->eachLink([&](const AuditLink &link) {
            all.push_back(link);
            return true;
        });
        return all;
    }
    std::vector<std::string> events() const
    {
        std::vector<std::string> words;
        for (const auto &link : links())
            words.push_back(link.event + (link.site.empty() ? "" : " " + link.site));
        return words;
    }
    MessageRow offer(const std::string &id, const std::string &site, const std::string &kind = "train") const
    {
        MessageRow message;
        message.id = id;
        message.round = 1;
        message.site = site;
        message.kind = kind;
        message.content = Json::object();
        message.created = now();
        return message;
    }
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<StudyStore> m_store;
};

void tst_AuditChain::init()
{
    m_store.reset();
    m_folder = std::make_unique<QTemporaryDir>();
    const auto key = *security::PrivateKey::generate();
    const auto plan = Plan::fromJson(Json::parse(
        R"({"format":1,"task":"t","data":{"channels":["c"],"labels":["b","l"]},"preprocessing":{"normalisation":["none"]}})"));
    const StudyManifest manifest{"0123456789abcdef0123456789abcdef", "A", *plan, toIso(now()), key.publicPem(), {}};
    auto store = StudyStore::create(folder(), manifest, key.toPem());
    QVERIFY2(store, store ? "" : store.error().line().c_str());
    m_store = std::move(*store);
}

void tst_AuditChain::linksHashAsWorkedWithPython()
{
    // hashlib.sha256(json.dumps(link, sort_keys=True, separators=(',', ':'), ensure_ascii=False).encode())
    const auto anchor = chainAnchor("0123456789abcdef0123456789abcdef");
    QCOMPARE(anchor, std::string("3eb1bd439947eb762998e566ccc2e099c791118b2f40579cc4f7da2b5061b7f9"));
    const auto time = *fromIso("2026-01-02T03:04:05.006+00:00");
    const auto first = makeLink({"invited", "north"}, 1, anchor, time);
    QCOMPARE(first.hash, std::string("82a8e3bce79804bb267a761bb1c127e988927ff2c4f600ceca920d7d747ca050"));
    const auto second =
        makeLink({"not-counted", "Süd", 3, {{"reason", "Größe \"3\""}, {"b", {1, 2.5}}}}, 2, first.hash, time);
    QCOMPARE(second.hash, std::string("e4aaaa57665c1c5502b020a9cdd25b32e84985e332031e673f416bd11695c387"));
    QCOMPARE(second.words(), std::string("link 2 (not-counted, site Süd, round 3)"));
}

void tst_AuditChain::aBrokenChainNamesItsFirstBrokenLink()
{
    std::vector<AuditLink> good;
    auto previous = chainAnchor("study");
    for (int i = 1; i <= 5; ++i) {
        good.push_back(makeLink({"offered", "north", i}, i, previous, now()));
        previous = good.back().hash;
    }
    const auto problem = [](const std::vector<AuditLink> &chain, const std::string &anchor) {
        AuditCheck check(anchor);
        for (const auto &link : chain) {
            if (auto broken = check.add(link))
                return *broken;
        }
        return fmt::format("good, {} links", check.links());
    };
    const auto anchor = chainAnchor("study");
    QCOMPARE(problem(good, anchor), std::string("good, 5 links"));
    QCOMPARE(problem(good, chainAnchor("other")),
             std::string("link 1 (offered, site north, round 1) belongs to another "
                         "chain"));
    auto changed = good;
    changed[2].site = "south";
    QCOMPARE(problem(changed, anchor), std::string("link 3 (offered, site south, round 3) was changed after it was "
                                                   "written"));
    changed[2].hash = *linkHash(changed[2]); // whoever changes a link may also hash it again
    QVERIFY(problem(changed, anchor).starts_with("link 4 (offered, site north, round 4) does not follow"));
    auto shorter = good;
    shorter.erase(shorter.begin() + 3);
    QCOMPARE(problem(shorter, anchor), std::string("after link 3 comes link 5: something was taken out"));
    shorter = good;
    shorter.erase(shorter.begin());
    QCOMPARE(problem(shorter, anchor), std::string("it begins with link 2 in place of link 1"));
    auto moved = good;
    std::swap(moved[1], moved[2]);
    QCOMPARE(problem(moved, anchor), std::string("after link 1 comes link 3: something was taken out"));
    std::swap(moved[1].sequence, moved[2].sequence);
    QVERIFY(problem(moved, anchor).starts_with("link 2 (offered, site north, round 3) was changed"));
}

void tst_AuditChain::whatCannotBeWrittenIsKeptAsText()
{
    const auto link =
        makeLink({"decision", {}, 0, {{"x", std::numeric_limits<double>::infinity()}}}, 1, chainAnchor("study"), now());
    QVERIFY(link.details.find("null") != std::string::npos);
    QVERIFY(!AuditCheck(chainAnchor("study")).add(link));
    const auto latin = makeLink({"refused",
                                 "north",
                                 1,
                                 {{"reason", "Gr\xf6\xdf"
                                             "e"}}},
                                1, chainAnchor("study"), now());
    QVERIFY(latin.details.find("Gr\xef\xbf\xbd") != std::string::npos); // U+FFFD stands for what cannot be read
    QVERIFY(!AuditCheck(chainAnchor("study")).add(latin));
}

void tst_AuditChain::everyOfferAnswerAndDecisionIsALink()
{
    QVERIFY(m_store->addSite("north", "t1"));
    QVERIFY(m_store->addSite("south", "t2"));
    QVERIFY(m_store->bindKey("north", "key"));
    QVERIFY(m_store->setValue("state", "running"));
    QVERIFY(m_store->setRound(1, RoundState::Distributing));
    QVERIFY(m_store->addMessages({offer("m1", "north")}));
    QVERIFY(m_store->addMessages({offer("m2", "south")}));
    QVERIFY(m_store->setSiteRound(1, "north", SiteState::Training, 0.5, {}));
    UpdateRow update;
    update.round = 1;
    update.site = "north";
    update.sha256 = "abc";
    update.samples = 9;
    QVERIFY(*m_store->acceptReply("m1", "r1", update, {}));
    QVERIFY(*m_store->acceptReply("m2", "r2", std::nullopt, {}));
    QVERIFY(m_store->setSiteRound(1, "south", SiteState::NotCounted, 1, "values that are not finite"));
    QVERIFY(m_store->addMessages({offer("e1", "north", "evaluate")}));
    QVERIFY(*m_store->acceptReply("e1", "r3", std::nullopt, {{1, "north", "global", "validation", "dice", 0, 0.5, 2}}));
    QVERIFY(m_store->setValue("bestRound", "1"));
    QVERIFY(m_store->setRound(1, RoundState::Closed, "Closed without south"));
    QVERIFY(m_store->addEvent({now(), "metric", "north", 1, "not for the chain"}));
    QVERIFY(m_store->addEvent({now(), "refused", "south", 1, "it asked with another key", {{"code", 7}}}));
    QCOMPARE(events(), (std::vector<std::string>{"study-created", "invited north", "invited south", "enrolled north",
                                                 "study-running", "offered north", "offered south", "uploaded north",
                                                 "answered south", "not-counted south", "offered north",
                                                 "evaluated north", "best-chosen", "round-closed", "refused south"}));
    const auto all = links();
    const auto uploaded = Json::parse(all[7].details);
    QCOMPARE(uploaded.at("update").get<std::string>(), std::string("abc"));
    QCOMPARE(uploaded.at("samples").get<int>(), 9);
    QCOMPARE(uploaded.at("reply").get<std::string>(), std::string("r1"));
    QCOMPARE(Json::parse(all[9].details).at("reason").get<std::string>(), std::string("values that are not finite"));
    QCOMPARE(Json::parse(all[14].details).at("code").get<int>(), 7);
    QCOMPARE(Json::parse(all[3].details).at("key").get<std::string>(), sha256Hex("key"));
}

void tst_AuditChain::whatIsDoneTwiceIsOneLink()
{
    QVERIFY(m_store->addSite("north", "t1"));
    QVERIFY(!m_store->addSite("north", "t1"));
    for (int i = 0; i < 2; ++i) {
        QVERIFY(m_store->bindKey("north", "key"));
        QVERIFY(m_store->setValue("state", "running"));
        QVERIFY(m_store->addMessages({offer("m1", "north")}));
        QVERIFY(m_store->acceptReply("m1", "r1", std::nullopt, {}));
        QVERIFY(m_store->setSiteRound(1, "north", SiteState::NotCounted, 1, "why"));
        QVERIFY(m_store->setValue("bestRound", "1"));
    }
    QCOMPARE(events(),
             (std::vector<std::string>{"study-created", "invited north", "enrolled north", "study-running",
                                       "offered north", "answered north", "not-counted north", "best-chosen"}));
}

void tst_AuditChain::aThousandLinksAtOnce()
{
    std::vector<AuditEntry> entries;
    for (int i = 0; i < 1000; ++i)
        entries.push_back({"offered", fmt::format("site-{:04}", i), 1, {{"message", i}}});
    QVERIFY(m_store->addAudit(entries));
    const auto all = links();
    QCOMPARE(all.size(), std::size_t{1001});
    AuditCheck check(chainAnchor(m_store->manifest().id));
    for (const auto &link : all)
        QVERIFY(!check.add(link));
    QCOMPARE(all[1000].site, std::string("site-0999"));
    QCOMPARE(m_store->auditHead()->hash, all[1000].hash);
}

void tst_AuditChain::pythonFollowsTheChain()
{
    const auto python = test::pythonWith("sqlite3");
    if (python.isEmpty())
        QSKIP("python3 with sqlite3 is not here");
    QVERIFY(m_store->addSite("north", "t1"));
    QVERIFY(m_store->bindKey("north", "key"));
    QVERIFY(m_store->addMessages({offer("m1", "north")}));
    QVERIFY(m_store->setSiteRound(1, "north", SiteState::NotCounted, 1, "„größer“ als \"0.5\"\n\x01"));
    QVERIFY(m_store->addAudit({{"decision", {}, 2, {{"z", 1.5}, {"a", {{"b", nullptr}, {"c", true}}}}}}));
    constexpr auto script = R"py(
import hashlib, json, sqlite3, sys
digest = lambda text: hashlib.sha256(text.encode()).hexdigest()
previous = digest("0123456789abcdef0123456789abcdef")
for i, row in enumerate(sqlite3.connect(sys.argv[1]).execute(
        "SELECT sequence, time, event, site, round, details, previous, hash FROM audit ORDER BY sequence")):
    link = dict(zip(("sequence", "time", "event", "site", "round", "details", "previous"), row))
    link["details"] = json.loads(row[5])
    text = json.dumps(link, sort_keys=True, separators=(",", ":"), ensure_ascii=False)
    assert row[0] == i + 1 and row[6] == previous, row
    assert digest(text) == row[7], text
    previous = row[7]
print(i + 1, previous)
)py";
    const auto run =
        test::runTool(python, {"-c", script, QString::fromStdString(m_store->paths().database().string())});
    QVERIFY2(run.exitCode == 0, run.errors.constData());
    QCOMPARE(QString::fromUtf8(run.output).trimmed(), QString("6 %1").arg(m_store->auditHead()->hash.c_str()));
}

QTEST_GUILESS_MAIN(tst_AuditChain)
#include "tst_audit_chain.moc"
