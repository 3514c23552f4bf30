// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/node_program.h"
#include "support/small_dataset.h"

#include "core/random.h"

#include <QJsonArray>
#include <QTemporaryDir>
#include <QTest>
#include <cmath>

using namespace consilium;
using namespace consilium::test;

/// `train`, `predict` and `evaluate` as people run them: killed, in folds, as an ensemble, from a model already there,
/// and on what they cannot use.
class tst_TrainingCommands : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void killedTrainingEndsWithTheSameBytes();
    void stoppedTrainingSaysHowToGoOn();
    void foldsMakeAnEnsemble();
    void fineTuningBeginsAtTheModel();
    void unusableInputIsOneLine_data();
    void unusableInputIsOneLine();

private:
    QString path(const QString &name) const { return m_folder.filePath(name); }
    QStringList train(const QString &plan, const QString &out) const
    {
        return {"train", "--plan", path(plan), "--data", path("data"), "--out", path(out), "--threads", "1"};
    }
    QByteArray bytes(const QString &file) const
    {
        QFile opened(path(file));
        return opened.open(QIODevice::ReadOnly) ? opened.readAll() : QByteArray();
    }
    /// Noise of deviation 1 about 0, and about 3 inside a ball, which is the label.
    bool addBall(const SmallDataset &dataset, const std::string &id, std::uint64_t seed) const;
    bool planWith(const QString &name, const QStringList &settings);

    QTemporaryDir m_folder;
};

bool tst_TrainingCommands::addBall(const SmallDataset &dataset, const std::string &id, std::uint64_t seed) const
{
    Random random(seed);
    imaging::Volume image{gridOf(20, 20, 20), {}};
    imaging::LabelMap labels{image.geometry, {}};
    const double radius = random.uniform(4, 7);
    for (int z = 0; z < 20; ++z)
        for (int y = 0; y < 20; ++y)
            for (int x = 0; x < 20; ++x) {
                const bool inside = std::hypot(x - 9.5, y - 9.5, z - 9.5) < radius;
                image.values.push_back(static_cast<float>(random.normal() + (inside ? 3 : 0)));
                labels.values.push_back(inside ? 1 : 0);
            }
    return imaging::writeNifti(dataset.image(id), image) && imaging::writeLabels(dataset.labels(id), labels);
}

bool tst_TrainingCommands::planWith(const QString &name, const QStringList &settings)
{
    QStringList arguments{"plan",  "--task",  path("task.json"), "--fingerprint", path("fingerprint.json"),
                          "--out", path(name)};
    for (const auto &setting : settings)
        arguments << "--set" << setting;
    const auto ran = runNode(arguments);
    if (ran.code != 0)
        qWarning("%s", qPrintable(ran.err));
    return ran.code == 0;
}

void tst_TrainingCommands::initTestCase()
{
    QVERIFY2(QFile::exists(nodeProgram()), qPrintable("CONSILIUM_BIN must point to the programs: " + nodeProgram()));
    const SmallDataset dataset(path("data").toStdString());
    QVERIFY(dataset.describe());
    for (int i = 0; i < 12; ++i)
        QVERIFY(addBall(dataset, fmt::format("ball-{:02}", i), static_cast<std::uint64_t>(i + 1)));
    auto task = tinyTask(4, 12);
    task.replace(R"(["FLAIR", "T1"])", R"(["T1"])").replace("[32, 32, 32]", "[16, 16, 16]");
    QVERIFY(writeText(path("task.json"), task));
    QCOMPARE(
        runNode({"fingerprint", "--data", path("data"), "--task", path("task.json"), "--out", path("fingerprint.json")})
            .code,
        0);
    QVERIFY(planWith("plan.json", {}));
    QVERIFY(planWith("long.json", {"training.batchesPerEpoch=60"}));
    QVERIFY(planWith("folds.json", {"training.folds=3", "federation.rounds=2"}));
}

void tst_TrainingCommands::killedTrainingEndsWithTheSameBytes()
{
    QCOMPARE(runNode(train("long.json", "whole")).code, 0);
    int kills = 0;
    // Killed after different lengths of time, a little later each time, until it comes to its end.
    for (int round = 0; round < 40 && !QFile::exists(path("killed/training.json")); ++round) {
        RunningNode node(train("long.json", "killed") << "--events");
        for (int event = 0; event < 8 + round; ++event)
            if (node.waitForEvent("progress").isEmpty())
                break;
        node.killAtOnce();
        kills += QFile::exists(path("killed/training.json")) ? 0 : 1;
    }
    QVERIFY(kills >= 2);
    QVERIFY(!bytes("whole/model.safetensors").isEmpty());
    QVERIFY(bytes("whole/model.safetensors") == bytes("killed/model.safetensors"));
    QVERIFY(!QFile::exists(path("killed/checkpoint")));
}

void tst_TrainingCommands::stoppedTrainingSaysHowToGoOn()
{
    QProcess process;
    process.start(nodeProgram(), train("long.json", "stopped") << "--events");
    QVERIFY(process.waitForReadyRead(50000));
    process.terminate();
    QVERIFY(process.waitForFinished(50000));
    QCOMPARE(process.exitCode(), 1);
    const auto said = QString(process.readAllStandardError());
    QVERIFY2(said.contains("stopped after step") && said.contains("same command"), qPrintable(said));
    QCOMPARE(runNode(train("long.json", "stopped")).code, 0);
    QVERIFY(bytes("whole/model.safetensors") == bytes("stopped/model.safetensors"));
}

void tst_TrainingCommands::foldsMakeAnEnsemble()
{
    const auto ran = runNode(train("folds.json", "folds"));
    QVERIFY2(ran.code == 0, qPrintable(ran.err));
    const auto summary = QJsonDocument::fromJson(bytes("folds/cross-validation.json")).object();
    QCOMPARE(summary["folds"].toArray().size(), 3);
    QStringList models;
    for (int fold = 1; fold <= 3; ++fold)
        models << path(QStringLiteral("folds/fold-%1/model.safetensors").arg(fold));
    QVERIFY(bytes("folds/fold-1/model.safetensors") != bytes("folds/fold-2/model.safetensors"));

    const auto evaluate = [&](const QStringList &files, const QStringList &more) {
        return runNode(QStringList{"evaluate", "--plan", path("folds.json"), "--model"} + files +
                       QStringList{"--data", path("data"), "--threads", "1", "--json"} + more);
    };
    const auto dice = [](const Ran &done) {
        return QJsonDocument::fromJson(done.out.toUtf8()).object()["mean"].toArray()[0].toObject()["value"].toDouble();
    };
    double worst = 1;
    for (const auto &model : models)
        worst = std::min(worst, dice(evaluate({model}, {})));
    const auto together = evaluate(models, {});
    QVERIFY2(dice(together) >= worst, "the mean of three models is better than the worst of them");

    // One way to finish answers was chosen for all of them, so that the ensemble has it.
    QVERIFY2(together.err.isEmpty(), qPrintable(together.err));
    for (int fold = 1; fold <= 3; ++fold) {
        const auto record =
            QJsonDocument::fromJson(bytes(QStringLiteral("folds/fold-%1/training.json").arg(fold))).object();
        QVERIFY(record["finish"] == summary["finish"]);
        QVERIFY(record["validation"] == summary["folds"].toArray()[fold - 1].toObject()["validation"]);
        // What the fold's own cases say can be had again, when the fold is named.
        const auto own = evaluate({models[fold - 1]}, {"--split", "validation", "--fold", QString::number(fold)});
        QVERIFY2(own.code == 0, qPrintable(own.err));
        QCOMPARE(dice(own), record["validation"].toArray()[0].toObject()["value"].toDouble());
    }
    const auto leaking = evaluate({models[0]}, {"--split", "validation"});
    QCOMPARE(leaking.code, 1);
    QVERIFY2(leaking.errLines().size() == 1 && leaking.err.contains("--fold"), qPrintable(leaking.err));

    // A second call finds every fold finished and trains nothing.
    const auto again = runNode(train("folds.json", "folds"));
    QCOMPARE(again.code, 0);
    QCOMPARE(again.out.count("finished before"), 3);
    // A fold whose model is gone, or whose data were written anew, is not finished.
    QVERIFY(QFile::remove(models[1]));
    auto anew = runNode(train("folds.json", "folds") << "--fold"
                                                     << "2");
    QVERIFY2(anew.code == 0 && !anew.out.contains("finished before"), qPrintable(anew.err));
    QVERIFY(QFile::exists(models[1]));
    const std::filesystem::path label = path("data/labelsTr/ball-05.nii.gz").toStdString();
    std::filesystem::last_write_time(label, std::filesystem::last_write_time(label) + std::chrono::hours(1));
    anew = runNode(train("folds.json", "folds") << "--fold"
                                                << "2");
    QVERIFY2(anew.code == 0 && !anew.out.contains("finished before"), qPrintable(anew.err));
    const auto one = runNode(train("folds.json", "folds") << "--fold"
                                                          << "4");
    QCOMPARE(one.code, 1);
    QVERIFY2(one.err.contains("--fold 4"), qPrintable(one.err));

    const auto predicted =
        runNode(QStringList{"predict", "--plan", path("folds.json"), "--model"} + models +
                QStringList{"--in", path("data/imagesTr/ball-00_0000.nii.gz"), "--out", path("ensemble"), "--json"});
    QVERIFY2(predicted.code == 0, qPrintable(predicted.err));
    QVERIFY(QFile::exists(path("ensemble/ball-00.nii.gz")));
}

void tst_TrainingCommands::fineTuningBeginsAtTheModel()
{
    const auto firstLoss = [this](const QString &out) {
        return QJsonDocument::fromJson(bytes(out + "/training.json"))
            .object()["loss"]
            .toArray()[0]
            .toObject()["loss"]
            .toDouble();
    };
    QCOMPARE(runNode(train("plan.json", "scratch")).code, 0);
    const QStringList from{"--from", path("whole/model.safetensors")};
    QCOMPARE(runNode(train("plan.json", "tuned") + from).code, 0);
    QVERIFY(firstLoss("tuned") < 0.7 * firstLoss("scratch"));
    // Held to what it answered, it ends elsewhere.
    QCOMPARE(runNode(train("plan.json", "retained") + from << "--retain"
                                                           << "1")
                 .code,
             0);
    QVERIFY(bytes("retained/model.safetensors") != bytes("tuned/model.safetensors"));
}

void tst_TrainingCommands::unusableInputIsOneLine_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<QStringList>("words");
    QTest::newRow("voxels that are no numbers") << "nan" << QStringList{"ball-03", "not finite"};
    QTest::newRow("an image of one value") << "constant" << QStringList{"ball-03", "one value"};
    QTest::newRow("a label the plan does not know") << "label" << QStringList{"ball-03", "7"};
    QTest::newRow("a TorchScript file that is none") << "module" << QStringList{"0000.pt"};
    QTest::newRow("a memory budget too small") << "memory" << QStringList{"memory"};
    QTest::newRow("a memory budget that is no size") << "nonsense" << QStringList{"--memory"};
    QTest::newRow("answers to keep without a model") << "retain" << QStringList{"--from"};
    QTest::newRow("a model of another plan") << "model" << QStringList{"wide.json"};
}

void tst_TrainingCommands::unusableInputIsOneLine()
{
    QFETCH(QString, kind);
    QFETCH(QStringList, words);
    const auto data = kind + "-data";
    const SmallDataset dataset(path(data).toStdString());
    QVERIFY(dataset.describe());
    for (int i = 0; i < 5; ++i)
        QVERIFY(addBall(dataset, fmt::format("ball-{:02}", i), static_cast<std::uint64_t>(i + 1)));
    imaging::Volume image{gridOf(20, 20, 20), std::vector<float>(8000, 5)};
    QStringList arguments{"train", "--plan", path("plan.json"), "--data", path(data), "--out", path(kind + "-out")};
    if (kind == "nan") {
        for (std::size_t i = 0; i < image.values.size(); ++i)
            image.values[i] = static_cast<float>(i % 13);
        image.values[77] = std::nanf("");
        QVERIFY(imaging::writeNifti(dataset.image("ball-03"), image));
    } else if (kind == "constant") {
        QVERIFY(imaging::writeNifti(dataset.image("ball-03"), image));
    } else if (kind == "label") {
        imaging::LabelMap labels{image.geometry, std::vector<std::uint8_t>(8000, 7)};
        QVERIFY(imaging::writeLabels(dataset.labels("ball-03"), labels));
    } else if (kind == "module") {
        const QString hash(64, '0');
        auto plan = QJsonDocument::fromJson(bytes("plan.json")).object();
        auto network = plan["network"].toObject();
        network["kind"] = "torchscript";
        network["module"] = hash;
        plan["network"] = network;
        QVERIFY(writeText(path("scripted.json"), QJsonDocument(plan).toJson()));
        QVERIFY(writeText(path(hash + ".pt"), "no module"));
        arguments[2] = path("scripted.json");
    } else if (kind == "memory" || kind == "nonsense") {
        arguments = {"plan",
                     "--task",
                     path("task.json"),
                     "--fingerprint",
                     path("fingerprint.json"),
                     "--out",
                     path("never.json"),
                     "--memory",
                     kind == "memory" ? "20M" : "much"};
    } else if (kind == "retain") {
        arguments << "--retain"
                  << "1";
    } else {
        QVERIFY(planWith("wide.json", {"network.features=[6, 12]"}));
        arguments = {"predict",
                     "--plan",
                     path("wide.json"),
                     "--model",
                     path("whole/model.safetensors"),
                     "--in",
                     path("data/imagesTr/ball-00_0000.nii.gz"),
                     "--out",
                     path(kind + "-out")};
        words = QStringList{"Tensor"};
    }
    const auto ran = runNode(arguments);
    QCOMPARE(ran.code, 1);
    // Of a model there is a remark besides.
    QVERIFY2(ran.errLines().size() == 1, qPrintable(ran.err));
    for (const auto &word : words)
        QVERIFY2(ran.err.contains(word), qPrintable(word + " is not in: " + ran.err));
    QVERIFY(!QFile::exists(path(kind + "-out/model.safetensors")));
    QVERIFY(!QFile::exists(path("never.json")));
}

QTEST_GUILESS_MAIN(tst_TrainingCommands)
#include "tst_training_commands.moc"
