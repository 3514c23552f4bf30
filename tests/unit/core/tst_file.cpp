// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/file.h"

#include <QDir>
#include <QFile>
#include <QTemporaryDir>
#include <QTest>

using namespace consilium;

class tst_File : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void replacesWhole();
    void leavesNothingWhenNotCommitted();
    void privateFilesAreTheOwnersAlone();
    void anUnwritablePlaceIsSaid();
    void missingAndWrongKindsAreSaid();
};

void tst_File::replacesWhole()
{
    QTemporaryDir folder;
    const auto file = std::filesystem::path(folder.path().toStdString()) / "a" / "b.txt";
    QVERIFY(writeFileAtomically(file, "first"));
    QVERIFY(writeFileAtomically(file, "second, longer"));
    QCOMPARE(readFile(file).value_or(""), std::string("second, longer"));
    QCOMPARE(QDir(folder.filePath("a")).entryList(QDir::Files).size(), 1);
}

void tst_File::leavesNothingWhenNotCommitted()
{
    QTemporaryDir folder;
    const auto file = std::filesystem::path(folder.path().toStdString()) / "x";
    QVERIFY(writeFileAtomically(file, "old"));
    {
        auto atomic = AtomicFile::create(file);
        QVERIFY(atomic);
        QVERIFY(atomic->write("half of the new"));
    }
    QCOMPARE(readFile(file).value_or(""), std::string("old"));
    QCOMPARE(QDir(folder.path()).entryList(QDir::Files | QDir::Hidden).size(), 1);
}

void tst_File::privateFilesAreTheOwnersAlone()
{
    QTemporaryDir folder;
    const auto name = folder.filePath("key.pem");
    QVERIFY(writePrivateFile(name.toStdString(), "secret"));
    QVERIFY(!(QFile::permissions(name) & (QFile::ReadGroup | QFile::ReadOther)));
}

void tst_File::anUnwritablePlaceIsSaid()
{
    QTemporaryDir folder;
    QVERIFY(writeFileAtomically(folder.filePath("plain").toStdString(), "a file, not a folder"));
    const auto refused = writeFileAtomically(folder.filePath("plain/inside").toStdString(), "x");
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::Io);
    QVERIFY(refused.error().message.find("plain") != std::string::npos);
}

void tst_File::missingAndWrongKindsAreSaid()
{
    QTemporaryDir folder;
    QCOMPARE(readFile(folder.filePath("none").toStdString()).error().code, ErrorCode::NotFound);
    QCOMPARE(readFile(folder.path().toStdString()).error().code, ErrorCode::Invalid);
}

QTEST_APPLESS_MAIN(tst_File)
#include "tst_file.moc"
