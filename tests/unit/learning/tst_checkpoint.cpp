// SPDX-License-Identifier: GPL-3.0-or-later
#include "ball_case.h"
#include "core/file.h"
#include "core/json.h"
#include "core/safetensors.h"
#include "learning/training/trainer.h"

#include <QCoreApplication>
#include <QDir>
#include <QProcess>
#include <QTemporaryDir>
#include <QTest>

#include <iostream>

using namespace consilium;
using namespace consilium::learning;
using test::ballSample;
using test::smallBallPlan;

namespace fs = std::filesystem;

namespace {

constexpr int steps = 23; // four epochs of five and three steps more

/// Rises, falls and stands still: two plateaus of two epochs, the best epoch is the third.
double scriptedScore(std::size_t epoch)
{
    constexpr std::array scores{0.2, 0.3, 0.5, 0.4, 0.5};
    return scores[epoch % scores.size()];
}

struct Outcome
{
    ModelState state;
    FitSummary summary;
    Error error;
    bool done = false;
};

struct Interruptible
{
    Plan plan = smallBallPlan();
    FitOptions options;
    std::vector<Sample> samples{ballSample()};
    bool scored = false, withTerms = false;
    std::size_t epochsScored = 0;

    Interruptible()
    {
        options.steps = steps;
        options.totalSteps = 40;
        options.seed = 11;
    }

    /// Stopped after step `stopAt` when that is not 0.
    Outcome run(int stopAt = 0)
    {
        auto now = options;
        now.progress = [stopAt](const FitProgress &progress) { return progress.step != stopAt; };
        if (scored)
            now.validate = [this](Network &) { return Result<double>(scriptedScore(epochsScored++)); };
        auto network = Network::create(plan, 3);
        if (!network)
            return {};
        if (withTerms) {
            now.proximal = Proximal{Network::create(plan, 4)->state(), 0.5};
            now.correction = Network::create(plan, 5)->state();
        }
        const auto summary = fit(*network, plan, samples, now);
        Outcome outcome{network->state(), {}, {}, summary.has_value()};
        if (summary)
            outcome.summary = *summary;
        else
            outcome.error = summary.error();
        return outcome;
    }
};

/// A fit as a program of its own, to be killed.
int fitProgram(const fs::path &folder)
{
    setThreads(1);
    Interruptible fit;
    fit.options.checkpoint = folder / "state";
    auto network = Network::create(fit.plan, 3);
    fit.options.progress = [](const FitProgress &progress) {
        std::cout << progress.step << std::endl;
        return true;
    };
    if (!network || !learning::fit(*network, fit.plan, fit.samples, fit.options))
        return 1;
    return writeSafetensors(folder / "result.safetensors", network->state()) ? 0 : 1;
}

} // namespace

class tst_Checkpoint : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase() { setThreads(1); }
    void goesOnToTheSameBytes_data();
    void goesOnToTheSameBytes();
    void survivesBeingKilled();
    void anotherFitStartsAfresh();
    void damageIsNamed_data();
    void damageIsNamed();
    void halfWrittenStateIsPassedOver();
    void unwritableFolderIsNamed();
};

void tst_Checkpoint::goesOnToTheSameBytes_data()
{
    QTest::addColumn<QString>("settings");
    QTest::addColumn<bool>("scored");
    QTest::addColumn<int>("loaders");
    QTest::addColumn<bool>("withTerms");
    QTest::newRow("SGD") << R"({"optimizer.kind":"sgd"})" << false << 1 << false;
    QTest::newRow("SGD, four loaders") << R"({"optimizer.kind":"sgd"})" << false << 4 << false;
    QTest::newRow("SGD, proximal term and correction") << R"({"optimizer.kind":"sgd"})" << false << 1 << true;
    QTest::newRow("Adam, running mean") << R"({"optimizer.kind":"adam","average":0.9})" << false << 4 << false;
    QTest::newRow("AdamW, plateau") << R"({"optimizer.kind":"adamw","schedule.kind":"plateau","schedule.epochs":1})"
                                    << true << 1 << false;
    QTest::newRow("running mean, best epoch") << R"({"average":0.9,"patience":3})" << true << 4 << false;
    QTest::newRow("ends early") << R"({"patience":1,"schedule.kind":"cosine"})" << true << 1 << false;
}

void tst_Checkpoint::goesOnToTheSameBytes()
{
    QFETCH(QString, settings);
    QFETCH(bool, scored);
    QFETCH(int, loaders);
    QFETCH(bool, withTerms);
    const QTemporaryDir folder;
    Interruptible fit;
    fit.scored = scored;
    fit.withTerms = withTerms;
    const auto changes = Json::parse(settings.toStdString());
    for (const auto &[key, value] : changes.items())
        QVERIFY(fit.plan.set("training." + key, value.is_string() ? value.get<std::string>() : value.dump()));
    const auto whole = fit.run();
    QVERIFY2(whole.done, whole.error.message.c_str());

    fit.options.checkpoint = folder.filePath("state").toStdString();
    fit.options.loaders = loaders;
    fit.epochsScored = 0;
    // Within an epoch, at its end, after the first step, twice in the same epoch, at the last step.
    for (const int stopAt : {3, 5, 6, 13, 14, steps}) {
        const auto stopped = fit.run(stopAt);
        if (stopped.done && whole.summary.endedEarly)
            break;
        QVERIFY(!stopped.done && stopped.error.code == ErrorCode::Cancelled);
        QVERIFY(fs::exists(fit.options.checkpoint / "fit.json"));
        QCOMPARE(QDir(folder.filePath("state")).entryList(QDir::Files).size(), 2);
    }
    if (!whole.summary.endedEarly) {
        const auto resumed = fit.run();
        QVERIFY2(resumed.done, resumed.error.message.c_str());
        QCOMPARE(resumed.summary.resumedAt, steps);
        QVERIFY(resumed.state == whole.state);
        QCOMPARE(resumed.summary.loss, whole.summary.loss);
        QCOMPARE(resumed.summary.bestEpoch, whole.summary.bestEpoch);
        QCOMPARE(resumed.summary.scores.size(), whole.summary.scores.size());
    }
    // Killed before its caller stored the result, a fit that was done gives it again and trains nothing.
    const auto finished = fit.run();
    QVERIFY(finished.done && finished.state == whole.state);
    QCOMPARE(finished.summary.resumedAt, whole.summary.steps);
    fs::remove_all(fit.options.checkpoint);

    fit.epochsScored = 0;
    QVERIFY(!fit.run(7).done);
    const auto again = fit.run();
    QVERIFY2(again.done, again.error.message.c_str());
    QCOMPARE(again.summary.resumedAt, 7);
    QCOMPARE(again.summary.steps, whole.summary.steps);
    QCOMPARE(again.summary.loss, whole.summary.loss);
    QCOMPARE(again.summary.learningRateSum, whole.summary.learningRateSum);
    QVERIFY(again.state == whole.state);
}

void tst_Checkpoint::survivesBeingKilled()
{
    const QTemporaryDir folder;
    Interruptible fit;
    const auto whole = fit.run();
    QVERIFY(whole.done);
    const QByteArrayList killedAfter{"7", "8", "16"};
    for (const auto &step : killedAfter) {
        QProcess process;
        process.start(QCoreApplication::applicationFilePath(), {"--fit", folder.path()});
        QByteArray line;
        while (line != step && (process.canReadLine() || process.waitForReadyRead(60000)))
            line = process.readLine().trimmed();
        process.kill();
        process.waitForFinished();
        QCOMPARE(line, step);
        QVERIFY(!QFile::exists(folder.filePath("result.safetensors")));
    }
    QProcess process;
    process.start(QCoreApplication::applicationFilePath(), {"--fit", folder.path()});
    QVERIFY(process.waitForFinished(60000));
    QCOMPARE(process.exitCode(), 0);
    QCOMPARE_GT(process.readLine().trimmed().toInt(), 10); // it did not start again
    const auto result = readSafetensors(folder.filePath("result.safetensors").toStdString());
    QVERIFY(result);
    QVERIFY(result->tensors == whole.state.tensors);
}

void tst_Checkpoint::anotherFitStartsAfresh()
{
    const QTemporaryDir folder;
    Interruptible fit;
    fit.options.checkpoint = folder.path().toStdString();
    QVERIFY(!fit.run(7).done);
    const auto change = [&](const char *what, auto &&apply) {
        Interruptible other;
        other.options.checkpoint = folder.path().toStdString();
        apply(other);
        const auto stopped = other.run(1);
        // Its first step was its first: nothing of the other's was used.
        QVERIFY2(!stopped.done && stopped.error.message.find("step 1 of") != std::string::npos, what);
        other.options.checkpoint.clear();
        const auto alone = other.run(1);
        QVERIFY2(stopped.state == alone.state, what);
    };
    change("seed", [](auto &other) { other.options.seed = 12; });
    change("steps", [](auto &other) { other.options.steps = 24; });
    change("plan", [](auto &other) { other.plan.training.optimizer.lr = 0.01; });
    change("voxels", [](auto &other) { other.samples[0].image[77] += 0.5f; });
    change("labels", [](auto &other) { other.samples[0].labels[77] ^= 1; });
    change("steps of an epoch", [](auto &other) { other.options.stepsPerEpoch = 4; });
    change("terms", [](auto &other) { other.withTerms = true; });
    change("mu", [](auto &other) { other.options.proximal = Proximal{Network::create(other.plan, 4)->state(), 0.25}; });
    change("anchor", [](auto &other) {
        other.options.proximal = Proximal{Network::create(other.plan, 5)->state(), 0.25};
    });
    change("correction", [](auto &other) { other.options.correction = Network::create(other.plan, 5)->state(); });
    change("scored", [](auto &other) { other.scored = true; });
}

void tst_Checkpoint::damageIsNamed_data()
{
    QTest::addColumn<QString>("file");
    QTest::addColumn<QString>("damage");
    QTest::newRow("tensors cut short") << "*.safetensors"
                                       << "cut";
    QTest::newRow("one bit of the tensors") << "*.safetensors"
                                            << "flip";
    QTest::newRow("tensors gone") << "*.safetensors"
                                  << "remove";
    QTest::newRow("JSON cut short") << "fit.json"
                                    << "cut";
    QTest::newRow("JSON of something else") << "fit.json"
                                            << "other";
}

void tst_Checkpoint::damageIsNamed()
{
    QFETCH(QString, file);
    QFETCH(QString, damage);
    const QTemporaryDir folder;
    Interruptible fit;
    fit.options.checkpoint = folder.path().toStdString();
    QVERIFY(!fit.run(7).done);
    const auto found = QDir(folder.path()).entryList({file});
    QCOMPARE(found.size(), 1);
    const fs::path path = folder.filePath(found.first()).toStdString();
    auto bytes = readFile(path).value();
    if (damage == "cut")
        bytes.resize(bytes.size() / 2);
    else if (damage == "flip")
        bytes[bytes.size() - 100] ^= 1;
    else
        bytes = "[1, 2]";
    QVERIFY(writeFileAtomically(path, bytes));
    if (damage == "remove")
        fs::remove(path);
    const auto outcome = fit.run();
    QVERIFY(!outcome.done && outcome.error.code == ErrorCode::Malformed);
    QVERIFY(outcome.error.line().find(folder.path().toStdString()) != std::string::npos);
    QVERIFY(outcome.error.line().find("Delete") != std::string::npos);
    QVERIFY(outcome.error.line().find('\n') == std::string::npos);
}

void tst_Checkpoint::halfWrittenStateIsPassedOver()
{
    // What a kill leaves that comes after the new tensors and before fit.json: tensors that nothing names.
    const QTemporaryDir folder;
    Interruptible fit;
    const auto whole = fit.run();
    fit.options.checkpoint = folder.filePath("state").toStdString();
    QVERIFY(!fit.run(7).done);
    QVERIFY(writeFileAtomically(fit.options.checkpoint / "fit-0123456789abcdef.safetensors", "half"));
    QVERIFY(writeFileAtomically(fit.options.checkpoint / "fit.json.partial-00aa", "{"));
    const auto resumed = fit.run();
    QVERIFY(resumed.done && resumed.state == whole.state);
    QCOMPARE(resumed.summary.resumedAt, 7);
    QCOMPARE(QDir(folder.filePath("state")).entryList(QDir::Files).size(), 2);
}

void tst_Checkpoint::unwritableFolderIsNamed()
{
    const QTemporaryDir folder;
    const fs::path blocked = folder.filePath("blocked").toStdString();
    QVERIFY(writeFileAtomically(blocked, "a file where a folder should be"));
    Interruptible fit;
    fit.options.checkpoint = blocked / "state";
    const auto outcome = fit.run();
    QVERIFY(!outcome.done && outcome.error.code == ErrorCode::Io);
    QVERIFY(outcome.error.line().find(blocked.string()) != std::string::npos);
}

int main(int argc, char **argv)
{
    QCoreApplication application(argc, argv);
    if (argc == 3 && argv[1] == std::string("--fit"))
        return fitProgram(argv[2]);
    tst_Checkpoint test;
    return QTest::qExec(&test, argc, argv);
}
#include "tst_checkpoint.moc"
