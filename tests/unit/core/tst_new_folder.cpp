// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/file.h"
#include "core/new_folder.h"

#include <QTemporaryDir>
#include <QtTest>

using namespace consilium;
namespace fs = std::filesystem;

class tst_NewFolder : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_root = std::make_unique<QTemporaryDir>(); }
    void appearsWhole();
    void aFailureLeavesNothing();
    void leavesAnotherRunAlone();
    void anExceptionLeavesNothing();
    void keepsWhatIsThere();
    void saysWhereItCannotBeMade();

private:
    fs::path folder() const { return fs::path(m_root->path().toStdString()) / "out"; }
    std::unique_ptr<QTemporaryDir> m_root;
};

void tst_NewFolder::appearsWhole()
{
    fs::create_directories(folder()); // an empty one may be named
    const auto made = makeNewFolder(folder() / "", [&](const fs::path &partial) {
        [&] { QVERIFY(fs::is_empty(folder())); }();
        return writeFileAtomically(partial / "deep" / "file", "content");
    });
    QVERIFY2(made, made ? "" : made.error().message.c_str());
    QCOMPARE(*readFile(folder() / "deep" / "file"), std::string("content"));
    QVERIFY(!fs::exists(folder().string() + ".partial"));
}

void tst_NewFolder::aFailureLeavesNothing()
{
    const auto made = makeNewFolder(folder(), [](const fs::path &partial) -> Result<> {
        (void)writeFileAtomically(partial / "half", "content");
        return fail(ErrorCode::Cancelled, "Stopped");
    });
    QVERIFY(!made);
    QCOMPARE(made.error().code, ErrorCode::Cancelled);
    QVERIFY(fs::is_empty(folder().parent_path()));
}

void tst_NewFolder::leavesAnotherRunAlone()
{
    QVERIFY(writeFileAtomically(folder().string() + ".partial/work", "of a run under way"));
    const auto made = makeNewFolder(folder(), [](const fs::path &) -> Result<> { return {}; });
    QVERIFY(!made);
    QCOMPARE(made.error().code, ErrorCode::Busy);
    QVERIFY(made.error().line().find("remove that folder") != std::string::npos);
    QVERIFY(fs::exists(folder().string() + ".partial/work"));
}

void tst_NewFolder::anExceptionLeavesNothing()
{
    const auto throwing = [](const fs::path &partial) -> Result<> {
        (void)writeFileAtomically(partial / "half", "content");
        throw std::bad_alloc();
    };
    QVERIFY_THROWS_EXCEPTION(std::bad_alloc, (void)makeNewFolder(folder(), throwing));
    QVERIFY(fs::is_empty(folder().parent_path()));
}

void tst_NewFolder::keepsWhatIsThere()
{
    QVERIFY(writeFileAtomically(folder() / "mine", "x"));
    bool called = false;
    const auto made = makeNewFolder(folder(), [&](const fs::path &) -> Result<> {
        called = true;
        return {};
    });
    QVERIFY(!made && !called);
    QCOMPARE(made.error().code, ErrorCode::Invalid);
    QVERIFY(made.error().message.find("out") != std::string::npos);
    QVERIFY(fs::exists(folder() / "mine"));
}

void tst_NewFolder::saysWhereItCannotBeMade()
{
    QVERIFY(writeFileAtomically(folder(), "a file stands where a folder is wanted"));
    const auto made = makeNewFolder(folder() / "below", [](const fs::path &) -> Result<> { return {}; });
    QVERIFY(!made);
    QCOMPARE(made.error().code, ErrorCode::Io);
    QVERIFY(made.error().message.find("below") != std::string::npos);
}

QTEST_GUILESS_MAIN(tst_NewFolder)
#include "tst_new_folder.moc"
