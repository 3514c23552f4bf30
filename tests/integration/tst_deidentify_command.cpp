// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/node_program.h"
#include "support/real_data.h"

#include <QDirIterator>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

using namespace consilium::test;

class tst_DeidentifyCommand : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void writesTheTreeAndPrintsTheReport();
    void keyOfTheUserLiesOutsideAndIsUsedAgain();
    void namedKeyInTheOutputIsRefused();
    void failuresAreOneLine_data();
    void failuresAreOneLine();
};

namespace {

QStringList imagesBelow(const QString &folder)
{
    QStringList images;
    for (QDirIterator each(folder, {"*.dcm"}, QDir::Files, QDirIterator::Subdirectories); each.hasNext();)
        images << QDir(folder).relativeFilePath(each.next());
    images.sort();
    return images;
}

} // namespace

void tst_DeidentifyCommand::writesTheTreeAndPrintsTheReport()
{
    CONSILIUM_REAL_DATA(data, "dicom/pydicom/test_files/dicomdirtests");
    QTemporaryDir folder;
    const auto in = QString::fromStdString(data.string()), out = folder.filePath("out");
    const auto ran = runNode({"deidentify", "--in", in, "--out", out, "--key", folder.filePath("key"), "--json"});
    QVERIFY2(ran.code == 0, qPrintable(ran.err));
    const auto printed = QJsonDocument::fromJson(ran.out.toUtf8()).object();
    QFile report(out + "/deidentification.json");
    QVERIFY(report.open(QIODevice::ReadOnly));
    QCOMPARE(QJsonDocument::fromJson(report.readAll()).object(), printed);
    const auto images = imagesBelow(out);
    QCOMPARE(images.size(), printed["files"].toInt());
    static const QRegularExpression name("^C-[0-9A-Z]{10}/study-[1-9][0-9]*/series-[1-9][0-9]*/IMG-[1-9][0-9]*\\.dcm$");
    for (const auto &image : images)
        QVERIFY2(name.match(image).hasMatch(), qPrintable(image));
    QVERIFY(ran.err.contains(folder.filePath("key")));
}

void tst_DeidentifyCommand::keyOfTheUserLiesOutsideAndIsUsedAgain()
{
    CONSILIUM_REAL_DATA(data, "dicom/pydicom/test_files/MR_small.dcm");
    QTemporaryDir home;
    qputenv("XDG_DATA_HOME", home.path().toUtf8());
    const auto in = QString::fromStdString(data.string());
    QTemporaryDir folder;
    for (const char *out : {"first", "second"}) {
        const auto ran = runNode({"deidentify", "--in", in, "--out", folder.filePath(out)});
        QVERIFY2(ran.code == 0, qPrintable(ran.err));
        QVERIFY(ran.err.contains(home.filePath("consilium/pseudonym.key")));
    }
    QVERIFY(QFile::exists(home.filePath("consilium/pseudonym.key")));
    QCOMPARE(imagesBelow(folder.filePath("first")), imagesBelow(folder.filePath("second")));
}

void tst_DeidentifyCommand::namedKeyInTheOutputIsRefused()
{
    CONSILIUM_REAL_DATA(data, "dicom/pydicom/test_files/MR_small.dcm");
    QTemporaryDir folder;
    const auto ran = runNode({"deidentify", "--in", QString::fromStdString(data.string()), "--out",
                              folder.filePath("out"), "--key", folder.filePath("out/key")});
    QCOMPARE(ran.code, 1);
    QCOMPARE(ran.errLines().size(), 1);
    QVERIFY(!QFile::exists(folder.filePath("out")));
}

void tst_DeidentifyCommand::failuresAreOneLine_data()
{
    QTest::addColumn<QString>("in");
    QTest::addColumn<QString>("out");
    QTest::addColumn<QString>("named");
    QTest::newRow("no folder") << "absent"
                               << "out"
                               << "absent";
    QTest::newRow("no DICOM") << "text"
                              << "out"
                              << "text";
    QTest::newRow("not empty") << "text"
                               << "text"
                               << "text";
    QTest::newRow("key that is none") << "text"
                                      << "out"
                                      << "bad.key";
}

void tst_DeidentifyCommand::failuresAreOneLine()
{
    QFETCH(QString, in);
    QFETCH(QString, out);
    QFETCH(QString, named);
    QTemporaryDir folder;
    QVERIFY(writeText(folder.filePath("text/notes.txt"), "no DICOM\n"));
    QVERIFY(writeText(folder.filePath("bad.key"), "no key\n"));
    const auto key = named == "bad.key" ? named : QStringLiteral("good.key");
    const auto ran = runNode(
        {"deidentify", "--in", folder.filePath(in), "--out", folder.filePath(out), "--key", folder.filePath(key)});
    QCOMPARE(ran.code, 1);
    QCOMPARE(ran.errLines().size(), 1);
    QVERIFY2(ran.err.contains(folder.filePath(named)), qPrintable(ran.err));
    QVERIFY(!QFile::exists(folder.filePath("out")));
    QVERIFY(!QFile::exists(folder.filePath("out.partial")));
}

QTEST_GUILESS_MAIN(tst_DeidentifyCommand)
#include "tst_deidentify_command.moc"
