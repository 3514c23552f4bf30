// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/node_program.h"

#include "core/file.h"
#include "storage/study.h"

#include <QDirIterator>
#include <QJsonArray>
#include <QTemporaryDir>
#include <QTest>
#include <set>

using namespace consilium;
using namespace consilium::test;

/// A host and two sites in processes of their own, killed without warning, must end in the very model of a quiet run.
class tst_DisturbedStudy : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void aQuietRunEnds();
    void aRunWithKillsEndsInTheSameBytes();
    void sitesHaveKeysOfTheirOwn();

private:
    QString path(const QString &name) const { return m_folder.filePath(name); }
    void nodeSucceeds(const QStringList &arguments)
    {
        const auto ran = runNode(arguments, 120000);
        QVERIFY2(ran.code == 0, qPrintable(arguments.join(' ') + ": " + ran.err));
    }
    QTemporaryDir m_folder;
};

void tst_DisturbedStudy::initTestCase()
{
    QVERIFY2(QFile::exists(nodeProgram()), qPrintable("CONSILIUM_BIN must point to the programs: " + nodeProgram()));
    QVERIFY(writeText(path("task.json"), tinyTask(2, 60)));
    nodeSucceeds({"phantom", "--task", "ms-lesions", "--out", path("data/north"), "--cases", "5", "--seed", "1"});
    nodeSucceeds({"phantom", "--task", "ms-lesions", "--out", path("data/south"), "--cases", "4", "--site-shift", "1",
                  "--seed", "2"});
}

void tst_DisturbedStudy::aQuietRunEnds()
{
    // A relative data folder, as people type it.
    nodeSucceeds({"demo", "--task", path("task.json"), "--data", QDir::current().relativeFilePath(path("data")),
                  "--out", path("quiet"), "--baselines", "none"});
    int reviewCases = 0;
    for (QDirIterator it(path("quiet/cases"), {"case.json"}, QDir::Files, QDirIterator::Subdirectories);
         it.hasNext();) {
        QFile file(it.next());
        QVERIFY(file.open(QIODevice::ReadOnly));
        const auto description = QJsonDocument::fromJson(file.readAll()).object();
        const auto reference = description["reference"].toString();
        QVERIFY2(QFileInfo(reference).isAbsolute() && QFile::exists(reference), qPrintable(reference));
        const auto prediction = description["predictions"].toArray().at(0).toObject()["path"].toString();
        QVERIFY(QFile::exists(QFileInfo(file).dir().filePath(prediction)));
        ++reviewCases;
    }
    QVERIFY(reviewCases >= 2);
    const auto shot = storage::StudyReader::open(path("quiet").toStdString())->snapshot();
    QVERIFY(shot);
    QCOMPARE(shot->state, std::string("finished"));
    QVERIFY(writeText(path("plan.json"), QByteArray::fromStdString(shot->plan.toJson().dump())));
}

void tst_DisturbedStudy::aRunWithKillsEndsInTheSameBytes()
{
    const auto study = path("disturbed");
    nodeSucceeds({"study", "create", "--plan", path("plan.json"), "--title", "Disturbed", "--out", study});
    QVERIFY(writeText(path("passphrase"), "amber canoe seven violet\n"));
    auto host = std::make_unique<RunningNode>(QStringList{"host", study, "--listen", "127.0.0.1:0", "--events"});
    const auto listening = host->waitForEvent("listening");
    QVERIFY2(!listening.isEmpty(), qPrintable(host->err()));
    const auto endpoint = QStringLiteral("127.0.0.1:%1").arg(listening["port"].toInt());
    for (const auto *site : {"north", "south"})
        nodeSucceeds({"study", "invite", study, "--site", site, "--endpoint", endpoint, "--passphrase-file",
                      path("passphrase"), "--out", path(QString(site) + ".invitation")});
    for (const auto *site : {"north", "south"}) {
        nodeSucceeds({"enrol", path(QString(site) + ".invitation"), "--passphrase-file", path("passphrase"),
                      "--site-dir", path(site)});
        nodeSucceeds({"consent", "--site-dir", path(site), "--approve", "--data", path(QString("data/") + site)});
    }
    const auto joining = [&](const char *site) {
        return QStringList{"join", "--site-dir", path(site), "--threads", "1", "--events"};
    };
    RunningNode north(joining("north"));
    auto south = std::make_unique<RunningNode>(joining("south"));

    // A site dies in mid-training and comes back into the same round.
    QVERIFY2(!south->waitForEvent("progress").isEmpty(), qPrintable(south->err()));
    south->killAtOnce();
    QVERIFY2(!host->waitForEvent("site-lost", "south").isEmpty(), "the board shows the site as lost");
    south = std::make_unique<RunningNode>(joining("south"));
    QVERIFY2(!host->waitForEvent("site-back", "south").isEmpty(), "and as back");

    // The host dies while the sites train, and is started again by the same command.
    QVERIFY(!south->waitForEvent("progress").isEmpty());
    host->killAtOnce();
    host = std::make_unique<RunningNode>(QStringList{"host", study, "--listen", endpoint, "--events"});
    QVERIFY2(!host->waitForEvent("listening").isEmpty(), qPrintable(host->err()));
    QCOMPARE(host->waitForEnd(150000), 0);
    QCOMPARE(north.waitForEnd(30000), 0);
    QCOMPARE(south->waitForEnd(30000), 0);

    const auto shot = storage::StudyReader::open(study.toStdString())->snapshot();
    QVERIFY(shot);
    QCOMPARE(shot->state, std::string("finished"));
    QCOMPARE(shot->rounds.size(), std::size_t{2});
    for (const auto &row : shot->siteRounds)
        QCOMPARE(row.state, SiteState::Counted);
    QCOMPARE(QByteArray::fromStdString(*readFile(study.toStdString() + "/models/best.safetensors")).toHex(),
             QByteArray::fromStdString(*readFile(path("quiet").toStdString() + "/models/best.safetensors")).toHex());
}

void tst_DisturbedStudy::sitesHaveKeysOfTheirOwn()
{
    std::set<std::string> keys;
    for (const auto *site : {"north", "south"}) {
        const auto file = path(QString(site) + "/keys/site-key.pem");
        keys.insert(*readFile(file.toStdString()));
        QVERIFY(!(QFile::permissions(file) & (QFile::ReadGroup | QFile::ReadOther)));
    }
    QCOMPARE(keys.size(), std::size_t{2});
    // The host's folder holds no site's private key.
    for (const auto &entry : std::filesystem::recursive_directory_iterator(path("disturbed").toStdString())) {
        if (entry.is_regular_file() && entry.file_size() < 100000)
            QVERIFY(!keys.contains(readFile(entry.path()).value_or("")));
    }
}

QTEST_GUILESS_MAIN(tst_DisturbedStudy)
#include "tst_disturbed_study.moc"
