// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/made_rounds.h"
#include "support/node_program.h"

#include <QTemporaryDir>
#include <QTest>

using namespace consilium;
using namespace consilium::test;

/// `verify` as an auditor runs it.
class tst_VerifyCommand : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aStudyThatHolds();
    void aStudyThatDoesNot();
    void whatIsNoStudyIsOneLine();

private:
    QString study() const { return m_folder.filePath("study"); }
    QTemporaryDir m_folder;
};

void tst_VerifyCommand::aStudyThatHolds()
{
    MadeRounds(study().toStdString()).runAll();
    const auto ran = runNode({"verify", study()});
    QVERIFY2(ran.code == 0, qPrintable(ran.err));
    const auto lines = ran.out.split('\n', Qt::SkipEmptyParts);
    QCOMPARE(lines.size(), 8); // manifest, audit, receipts, models, best, three rounds
    for (const auto &line : lines)
        QVERIFY2(line.startsWith("ok  "), qPrintable(line));
    const auto json = Json::parse(runNode({"verify", study(), "--json"}).out.toStdString());
    QCOMPARE(json.at("verified").get<bool>(), true);
    QCOMPARE(json.at("title").get<std::string>(), std::string("Made"));
    QCOMPARE(json.at("checks").size(), std::size_t{8});
}

void tst_VerifyCommand::aStudyThatDoesNot()
{
    const storage::StudyPaths paths{study().toStdString()};
    auto model = *readFile(paths.model(3));
    model.back() ^= 1;
    QVERIFY(writeFileAtomically(paths.model(3), model));
    const auto ran = runNode({"verify", study()});
    QCOMPARE(ran.code, 1);
    QVERIFY2(ran.out.contains("failed"), qPrintable(ran.out));
    QVERIFY2(ran.out.contains("round-0003.safetensors is not the model"), qPrintable(ran.out));
    QCOMPARE(ran.errLines().size(), 1);
    QVERIFY2(ran.err.contains("does not hold: one check failed"), qPrintable(ran.err));
    const auto told = runNode({"verify", study(), "--json"});
    QCOMPARE(told.code, 1);
    const auto json = Json::parse(told.out.toStdString());
    QCOMPARE(json.at("verified").get<bool>(), false);
    const auto failed = std::find_if(json.at("checks").begin(), json.at("checks").end(),
                                     [](const Json &check) { return check.at("outcome") == "failed"; });
    QCOMPARE(failed->at("check").get<std::string>(), std::string("models"));
    QCOMPARE(failed->at("round").get<int>(), 3);
}

void tst_VerifyCommand::whatIsNoStudyIsOneLine()
{
    const auto ran = runNode({"verify", m_folder.path()});
    QCOMPARE(ran.code, 1);
    QCOMPARE(ran.errLines().size(), 1);
    QVERIFY2(ran.err.contains(m_folder.path()), qPrintable(ran.err));
    QCOMPARE(runNode({"verify"}).code, 2);
}

QTEST_GUILESS_MAIN(tst_VerifyCommand)
#include "tst_verify_command.moc"
