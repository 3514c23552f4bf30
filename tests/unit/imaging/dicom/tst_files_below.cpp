// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/file.h"
#include "imaging/dicom/files_below.h"
#include "imaging/dicom/input_survey.h"
#include "imaging/dicom/series.h"

#include <QTemporaryDir>
#include <QtTest>
#ifdef Q_OS_UNIX
#include <sys/stat.h>
#endif

using namespace consilium;
using namespace consilium::imaging::dicom;
namespace fs = std::filesystem;

class tst_FilesBelow : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_temporary = std::make_unique<QTemporaryDir>();
        fs::create_directories(folder() / "b/c");
        for (const char *name : {"z", "b/y", "b/c/x"})
            QVERIFY(writeFileAtomically(folder() / name, "bytes"));
    }

    void listsAllFoldersSorted();
    void linksLeadInNoCircle();
    void pipesAreNoFiles();
    void unreadableFoldersAreNamed();
    void absentFoldersAreErrors();

private:
    fs::path folder() const { return m_temporary->path().toStdString(); }
    std::vector<fs::path> all() const { return {folder() / "b/c/x", folder() / "b/y", folder() / "z"}; }

    std::unique_ptr<QTemporaryDir> m_temporary;
};

void tst_FilesBelow::listsAllFoldersSorted()
{
    QCOMPARE(filesBelow(folder()).value(), all());
    QCOMPARE(filesBelow(folder() / "z").value(), std::vector{folder() / "z"});
}

void tst_FilesBelow::linksLeadInNoCircle()
{
    std::error_code error;
    fs::create_directory_symlink(folder(), folder() / "b/again", error);
    fs::create_symlink("round", folder() / "round", error);
    fs::create_symlink("nowhere", folder() / "dangling", error);
    if (error)
        QSKIP("No symbolic links here");
    QCOMPARE(filesBelow(folder()).value(), all());
}

void tst_FilesBelow::pipesAreNoFiles()
{
#ifdef Q_OS_UNIX
    QCOMPARE(::mkfifo((folder() / "b/pipe").c_str(), 0600), 0);
    QCOMPARE(filesBelow(folder()).value(), all());
#else
    QSKIP("No named pipes in folders here");
#endif
}

void tst_FilesBelow::unreadableFoldersAreNamed()
{
    const auto locked = folder() / "b/c";
    fs::permissions(locked, fs::perms::none);
    std::error_code error;
    const bool isReadable = fs::directory_iterator(locked, error) != fs::directory_iterator();
    const auto files = filesBelow(folder());
    const auto scan = scanSeries(folder());
    const auto survey = surveyInput(folder(), 1, [](std::size_t) { return true; });
    fs::permissions(locked, fs::perms::owner_all);
    if (isReadable)
        QSKIP("This user may read every folder");
    QVERIFY(!files && !scan && !survey);
    for (const auto &told : {files.error(), scan.error(), survey.error()}) {
        QCOMPARE(told.code, ErrorCode::Io);
        QVERIFY2(told.message.starts_with(locked.string() + " cannot be read"), told.message.c_str());
    }
}

void tst_FilesBelow::absentFoldersAreErrors()
{
    QCOMPARE(filesBelow(folder() / "none").error().code, ErrorCode::NotFound);
}

QTEST_GUILESS_MAIN(tst_FilesBelow)
#include "tst_files_below.moc"
