// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hash.h"
#include "core/json.h"
#include "support/node_program.h"
#include "support/outside_tool.h"

#include <QTemporaryDir>
#include <QTest>

using namespace consilium;
using namespace consilium::test;

/// `plan` as a researcher runs it.
class tst_PlanCommand : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void thePresetsPatchIsLeftForTheMemory();
    void keepsAModuleBesideThePlan();
    void badInputIsOneLine_data();
    void badInputIsOneLine();

private:
    QString path(const QString &name) const { return m_folder->filePath(name); }
    Ran runPlan(const QStringList &more) const
    {
        return runNode(QStringList{"plan", "--task", path("task.json"), "--fingerprint", path("fingerprint.json"),
                                   "--out", path("plan.json"), "--json"} +
                       more);
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

void tst_PlanCommand::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(writeText(path("task.json"), tinyTask(2, 3)));
    QVERIFY(writeJson(path("fingerprint.json").toStdString(), {{"format", 1},
                                                               {"cases", 12},
                                                               {"channels", {"FLAIR", "T1"}},
                                                               {"labels", {"background", "lesion"}},
                                                               {"size", {{"median", {180, 216, 180}}}},
                                                               {"spacing", {{"median", {1, 1, 1}}}}}));
}

void tst_PlanCommand::thePresetsPatchIsLeftForTheMemory()
{
    auto ran = runPlan({});
    QVERIFY2(ran.code == 0, qPrintable(ran.err));
    auto json = Json::parse(ran.out.toStdString());
    QVERIFY(json["plan"]["training"]["patch"] == Json({32, 32, 32}));
    ran = runPlan({"--auto"});
    QVERIFY2(ran.code == 0, qPrintable(ran.err));
    json = Json::parse(ran.out.toStdString());
    QVERIFY(json["plan"]["training"]["patch"] == Json({128, 128, 128}));
    QVERIFY(json["reasons"].size() > 8);
    QVERIFY(json["sha256"].get<std::string>().size() == 64);
    const auto same = runPlan({"--memory", "8G"});
    QVERIFY(Json::parse(same.out.toStdString())["sha256"] == json["sha256"]);
    const auto small = runPlan({"--memory", "1500M", "--set", "training.batchSize=4"});
    QVERIFY2(small.code == 0, qPrintable(small.err));
    json = Json::parse(small.out.toStdString());
    QVERIFY(json["plan"]["training"]["patch"][0] < 128);
    QVERIFY(json["plan"]["training"]["batchSize"] == 4);
}

void tst_PlanCommand::keepsAModuleBesideThePlan()
{
    const auto python = pythonWith("torch");
    if (python.isEmpty())
        QSKIP("python3-torch is not installed");
    const auto made = runTool(
        python, {"-c", "import sys, torch; torch.jit.script(torch.nn.Conv3d(2, 2, 3, padding=1)).save(sys.argv[1])",
                 path("mine.pt")});
    QVERIFY2(made.exitCode == 0, made.errors.constData());
    const auto ran = runPlan({"--module", path("mine.pt")});
    QVERIFY2(ran.code == 0, qPrintable(ran.err));
    const auto json = Json::parse(ran.out.toStdString());
    QVERIFY(json["plan"]["network"]["kind"] == "torchscript");
    QFile module(path("mine.pt"));
    QVERIFY(module.open(QIODevice::ReadOnly));
    const auto bytes = module.readAll();
    const auto hash = sha256Hex(std::string_view(bytes.constData(), static_cast<std::size_t>(bytes.size())));
    QVERIFY(json["plan"]["network"]["module"] == hash);
    QFile kept(path(QString::fromStdString(hash) + ".pt"));
    QVERIFY(kept.open(QIODevice::ReadOnly));
    QCOMPARE(kept.readAll(), bytes);
    // Two kernels of 2 * 27 numbers and two biases.
    QVERIFY2(ran.out.contains("110 numbers in 2 tensors"), qPrintable(ran.out));
}

void tst_PlanCommand::badInputIsOneLine_data()
{
    QTest::addColumn<QStringList>("arguments");
    QTest::addColumn<QString>("word");
    for (const auto *amount : {"nonsense", "8Q", "-3G", "0", "nan", "G"})
        QTest::addRow("memory %s", amount) << QStringList{"--memory=" + QString(amount)} << "--memory";
    QTest::newRow("too little memory") << QStringList{"--memory", "5M"} << "16 x 16 x 16";
    QTest::newRow("no value") << QStringList{"--set", "seed"} << "KEY=VALUE";
    QTest::newRow("no module") << QStringList{"--module", "absent.pt"} << "absent.pt";
    QTest::newRow("a module that is none") << QStringList{"--module", "task.json"} << "task.json";
    QTest::newRow("a module and no patch") << QStringList{"--module", "task.json", "--auto"} << "training.patch";
    QTest::newRow("other labels") << QStringList{"--fingerprint", "other.json"} << "Fingerprint 2";
    QTest::newRow("no fingerprint") << QStringList{"--fingerprint", "task.json"} << "Fingerprint 2";
}

void tst_PlanCommand::badInputIsOneLine()
{
    QFETCH(QStringList, arguments);
    QFETCH(QString, word);
    auto other = *readJson(path("fingerprint.json").toStdString());
    other["labels"] = {"background", "scar"};
    QVERIFY(writeJson(path("other.json").toStdString(), other));
    for (auto &argument : arguments) {
        if (argument.endsWith(".pt") || argument.endsWith(".json"))
            argument = path(argument);
    }
    const auto ran = runPlan(arguments);
    QCOMPARE(ran.code, 1);
    QVERIFY2(ran.errLines().size() == 1 && ran.err.contains(word), qPrintable(ran.err));
    QVERIFY(!QFile::exists(path("plan.json")));
}

QTEST_GUILESS_MAIN(tst_PlanCommand)
#include "tst_plan_command.moc"
