// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/audit_log.h"

#include "core/file.h"

#include <QTemporaryDir>
#include <QTest>
#include <thread>

using namespace consilium;
using namespace consilium::storage;

class tst_AuditLog : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void linksAreAddedAndHold();
    void aTornLineMakesWay();
    void whatIsChangedIsNamed();
    void severalWritersMakeOneChain();

private:
    std::unique_ptr<QTemporaryDir> m_folder;
    std::filesystem::path m_file;
};

void tst_AuditLog::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_file = m_folder->path().toStdString() + "/audit.jsonl";
}

void tst_AuditLog::linksAreAddedAndHold()
{
    const AuditLog log(m_file, "study/north");
    QCOMPARE(log.check()->links, std::int64_t{0});
    QVERIFY(log.append({"approved", "north", 0, {{"plan", "abc"}}}));
    QVERIFY(log.append({"offered", "north", 1, {{"message", "m1"}}}));
    QVERIFY(log.append({"uploaded", "north", 1, {{"reply", "r1"}}}));
    const auto state = log.check();
    QCOMPARE(state->links, std::int64_t{3});
    QCOMPARE(state->problem, std::string());
    QCOMPARE(AuditLog(m_file, "study/south").check()->problem,
             std::string("link 1 (approved, site north) belongs to another chain"));
}

void tst_AuditLog::aTornLineMakesWay()
{
    const AuditLog log(m_file, "study/north");
    QVERIFY(log.append({"approved", "north"}));
    QVERIFY(appendToFile(m_file, R"({"details":{},"event":"offe)"));
    QCOMPARE(log.check()->problem, std::string());
    QVERIFY(log.append({"offered", "north", 1}));
    QCOMPARE(log.check()->links, std::int64_t{2});
    QCOMPARE(log.check()->problem, std::string());
    QCOMPARE(readFile(m_file)->find("offe\""), std::string::npos);
}

void tst_AuditLog::whatIsChangedIsNamed()
{
    const AuditLog log(m_file, "study/north");
    for (int round = 1; round <= 4; ++round)
        QVERIFY(log.append({"offered", "north", round}));
    const auto good = *readFile(m_file);
    auto text = good;
    text.replace(text.find("\"round\":3"), 9, "\"round\":7");
    QVERIFY(writeFileAtomically(m_file, text));
    QCOMPARE(log.check()->problem,
             std::string("link 3 (offered, site north, round 7) was changed after it was written"));
    QCOMPARE(log.check()->links, std::int64_t{2});
    text = good;
    text.erase(0, text.find('\n') + 1);
    QVERIFY(writeFileAtomically(m_file, text));
    QCOMPARE(log.check()->problem, std::string("it begins with link 2 in place of link 1"));
    QVERIFY(writeFileAtomically(m_file, good + "rubbish\n"));
    QCOMPARE(log.check()->problem, std::string("line 5 is no link"));
    const auto refused = log.append({"offered", "north", 5});
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::Malformed);
    QVERIFY(refused.error().line().find(m_file.string()) != std::string::npos);
}

void tst_AuditLog::severalWritersMakeOneChain()
{
    std::vector<std::thread> writers;
    for (int i = 0; i < 3; ++i)
        writers.emplace_back([this] {
            const AuditLog log(m_file, "study/north");
            for (int k = 0; k < 5; ++k)
                (void)log.append({"offered", "north", k});
        });
    for (auto &writer : writers)
        writer.join();
    const auto state = AuditLog(m_file, "study/north").check();
    QCOMPARE(state->links, std::int64_t{15});
    QCOMPARE(state->problem, std::string());
}

QTEST_GUILESS_MAIN(tst_AuditLog)
#include "tst_audit_log.moc"
