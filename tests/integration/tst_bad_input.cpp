// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/node_program.h"

#include "imaging/nifti.h"

#include <QTcpServer>
#include <QTemporaryDir>
#include <QTest>

using namespace consilium;
using namespace consilium::test;

/// What a person can get wrong: one clear line, exit 1, nothing half-written.
class tst_BadInput : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void truncatedImage();
    void labelsOfAnotherShape();
    void planWithAnUnknownKey();
    void portInUse();
    void emptyDataFolder();
    void folderThatHoldsAStudy();
    void wrongUsage();

private:
    QString path(const QString &name) const { return m_folder.filePath(name); }
    /// A dataset of three copies of one small case, before anything is broken.
    QString dataset(const QString &name);
    void failsWithOneLine(const QStringList &arguments, const QStringList &words, const QString &notWritten = {});
    QTemporaryDir m_folder;
};

void tst_BadInput::initTestCase()
{
    QVERIFY2(QFile::exists(nodeProgram()), qPrintable("CONSILIUM_BIN must point to the programs: " + nodeProgram()));
    QVERIFY(writeText(path("task.json"), tinyTask(1, 2)));
    const auto data = dataset("good");
    QCOMPARE(
        runNode({"fingerprint", "--data", data, "--task", path("task.json"), "--out", path("fingerprint.json")}).code,
        0);
    const auto planned = runNode(
        {"plan", "--task", path("task.json"), "--fingerprint", path("fingerprint.json"), "--out", path("plan.json")});
    QVERIFY2(planned.code == 0, qPrintable(planned.err));
}

QString tst_BadInput::dataset(const QString &name)
{
    const auto folder = path(name);
    writeText(
        folder + "/dataset.json",
        R"({"channel_names": {"0": "FLAIR", "1": "T1"}, "labels": {"background": 0, "lesion": 1}, "file_ending": ".nii.gz"})");
    QDir().mkpath(folder + "/imagesTr");
    QDir().mkpath(folder + "/labelsTr");
    imaging::Volume image;
    image.geometry.size = {32, 34, 36};
    image.values.resize(static_cast<std::size_t>(image.geometry.voxels()));
    for (std::size_t i = 0; i < image.values.size(); ++i)
        image.values[i] = static_cast<float>((i * 7919) % 251);
    imaging::LabelMap labels{image.geometry, std::vector<std::uint8_t>(image.values.size())};
    std::fill(labels.values.begin() + 20000, labels.values.begin() + 21000, 1);
    for (int i = 1; i <= 4; ++i) {
        const auto id = QStringLiteral("case-%1").arg(i);
        for (const auto *channel : {"0000", "0001"}) {
            const auto file = folder + "/imagesTr/" + id + "_" + channel + ".nii.gz";
            if (!imaging::writeNifti(file.toStdString(), image))
                return {};
        }
        if (!imaging::writeLabels((folder + "/labelsTr/" + id + ".nii.gz").toStdString(), labels))
            return {};
    }
    return folder;
}

void tst_BadInput::failsWithOneLine(const QStringList &arguments, const QStringList &words, const QString &notWritten)
{
    const auto ran = runNode(arguments);
    QCOMPARE(ran.code, 1);
    QVERIFY2(ran.errLines().size() == 1, qPrintable(ran.err));
    for (const auto &word : words)
        QVERIFY2(ran.err.contains(word), qPrintable(word + " is not in: " + ran.err));
    if (!notWritten.isEmpty())
        QVERIFY2(!QFileInfo::exists(notWritten), qPrintable(notWritten));
}

void tst_BadInput::truncatedImage()
{
    const auto data = dataset("truncated");
    const auto broken = data + "/imagesTr/case-2_0001.nii.gz";
    QFile file(broken);
    QVERIFY(file.resize(file.size() / 2));
    failsWithOneLine({"train", "--plan", path("plan.json"), "--data", data, "--out", path("truncated-out")},
                     {"case-2_0001.nii.gz"}, path("truncated-out"));
    failsWithOneLine({"inspect", broken}, {"case-2_0001.nii.gz"});
    failsWithOneLine({"fingerprint", "--data", data, "--out", path("f.json")}, {"case-2_0001.nii.gz"}, path("f.json"));
}

void tst_BadInput::labelsOfAnotherShape()
{
    const auto data = dataset("shape");
    imaging::LabelMap small;
    small.geometry.size = {32, 34, 35};
    small.values.resize(static_cast<std::size_t>(small.geometry.voxels()));
    QVERIFY(imaging::writeLabels((data + "/labelsTr/case-3.nii.gz").toStdString(), small));
    failsWithOneLine({"train", "--plan", path("plan.json"), "--data", data, "--out", path("shape-out")},
                     {"case-3", "32x34x35", "32x34x36"}, path("shape-out"));
}

void tst_BadInput::planWithAnUnknownKey()
{
    QFile plan(path("plan.json"));
    QVERIFY(plan.open(QIODevice::ReadOnly));
    auto text = plan.readAll();
    text.replace("\"batchSize\"", "\"batchsize\"");
    QVERIFY(writeText(path("wrong.json"), text));
    failsWithOneLine({"train", "--plan", path("wrong.json"), "--data", path("good"), "--out", path("plan-out")},
                     {"training.batchsize", "wrong.json"}, path("plan-out"));
    failsWithOneLine({"study", "create", "--plan", path("wrong.json"), "--title", "T", "--out", path("plan-study")},
                     {"training.batchsize"}, path("plan-study"));
}

void tst_BadInput::portInUse()
{
    QTcpServer taken;
    QVERIFY(taken.listen(QHostAddress::LocalHost));
    const auto address = QStringLiteral("127.0.0.1:%1").arg(taken.serverPort());
    QCOMPARE(runNode({"study", "create", "--plan", path("plan.json"), "--title", "T", "--out", path("study")}).code, 0);
    failsWithOneLine({"host", path("study"), "--listen", address}, {address, "in use"});
}

void tst_BadInput::emptyDataFolder()
{
    QDir().mkpath(path("empty"));
    failsWithOneLine({"train", "--plan", path("plan.json"), "--data", path("empty"), "--out", path("empty-out")},
                     {"empty"}, path("empty-out"));
    failsWithOneLine({"demo", "--data", path("empty"), "--out", path("empty-demo")}, {"empty"}, path("empty-demo"));
    failsWithOneLine({"train", "--plan", path("plan.json"), "--data", path("none"), "--out", path("empty-out")},
                     {"none"}, path("empty-out"));
}

void tst_BadInput::folderThatHoldsAStudy()
{
    QCOMPARE(runNode({"study", "create", "--plan", path("plan.json"), "--title", "T", "--out", path("first")}).code, 0);
    failsWithOneLine({"study", "create", "--plan", path("plan.json"), "--title", "T", "--out", path("first")},
                     {"first"});
    failsWithOneLine({"demo", "--out", path("first")}, {"first"});
    failsWithOneLine({"join", "--site-dir", path("good")}, {"good", "enrol"});
}

void tst_BadInput::wrongUsage()
{
    QCOMPARE(runNode({}).code, 2);
    QCOMPARE(runNode({"train"}).code, 2);
    QCOMPARE(runNode({"fly"}).code, 2);
    QCOMPARE(runNode({"--help"}).code, 0);
    QCOMPARE(runNode({"demo", "--help"}).code, 0);
}

QTEST_GUILESS_MAIN(tst_BadInput)
#include "tst_bad_input.moc"
