// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/safetensors.h"
#include "learning/network.h"
#include "support/learning_plans.h"
#include "support/node_program.h"
#include "support/outside_tool.h"

#include <QTemporaryDir>
#include <QTest>

using namespace consilium;
using namespace consilium::test;

/// `consilium-node export` as people run it.
class tst_ExportCommand : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void pythonLoadsWhatIsExported();
    void unusableInputIsOneLine_data();
    void unusableInputIsOneLine();

private:
    QString path(const QString &name) const { return m_folder.filePath(name); }
    std::filesystem::path file(const char *name) const { return path(name).toStdString(); }

    QTemporaryDir m_folder;
};

void tst_ExportCommand::initTestCase()
{
    auto plan = tinyPlan({4, 8}, {16, 16, 16});
    plan.data.labels = {"background", "a", "b"};
    const auto network = learning::Network::create(plan, 3);
    QVERIFY(network);
    QVERIFY(writeSafetensors(file("model.safetensors"), network->state()));
    QVERIFY(writeJson(file("plan.json"), plan.toJson()));
    plan.network.features = {6, 8};
    QVERIFY(writeJson(file("wider.json"), plan.toJson()));
    plan.network.kind = "ahnet";
    plan.network.features = {8, 16, 24, 32};
    plan.training.patch = {32, 32, 32};
    QVERIFY(writeJson(file("ahnet.json"), plan.toJson()));
}

void tst_ExportCommand::pythonLoadsWhatIsExported()
{
    const auto ran = runNode({"export", "--model", path("model.safetensors"), "--plan", path("plan.json"), "--out",
                              path("exported/model.pt")});
    QVERIFY2(ran.code == 0, qPrintable(ran.err));
    QVERIFY(ran.out.contains(path("exported/model.pt")));
    const auto python = pythonWith("torch");
    if (python.isEmpty())
        QSKIP("needs python3-torch");
    const auto loaded = runTool(python, {"-c",
                                         "import sys, torch\n"
                                         "module = torch.jit.load(sys.argv[1])\n"
                                         "print(*module(torch.zeros(1, 1, 8, 10, 12)).shape)\n",
                                         path("exported/model.pt")});
    QVERIFY2(loaded.exitCode == 0, loaded.errors.constData());
    QCOMPARE(loaded.output.trimmed(), QByteArray("1 3 8 10 12"));
}

void tst_ExportCommand::unusableInputIsOneLine_data()
{
    QTest::addColumn<QString>("model");
    QTest::addColumn<QString>("plan");
    QTest::addColumn<QString>("says");
    QTest::newRow("no model") << "nowhere.safetensors"
                              << "plan.json"
                              << "nowhere.safetensors";
    QTest::newRow("no plan") << "model.safetensors"
                             << "nowhere.json"
                             << "nowhere.json";
    QTest::newRow("another plan") << "model.safetensors"
                                  << "wider.json"
                                  << "encoder.0.0.conv.weight";
    QTest::newRow("another kind of network") << "model.safetensors"
                                             << "ahnet.json"
                                             << "'ahnet'";
}

void tst_ExportCommand::unusableInputIsOneLine()
{
    QFETCH(QString, model);
    QFETCH(QString, plan);
    QFETCH(QString, says);
    const auto ran = runNode({"export", "--model", path(model), "--plan", path(plan), "--out", path("never.pt")});
    QCOMPARE(ran.code, 1);
    QVERIFY2(ran.errLines().size() == 1, qPrintable(ran.err));
    QVERIFY2(ran.err.contains(says), qPrintable(ran.err));
    QVERIFY(!QFile::exists(path("never.pt")));
}

QTEST_GUILESS_MAIN(tst_ExportCommand)
#include "tst_export_command.moc"
