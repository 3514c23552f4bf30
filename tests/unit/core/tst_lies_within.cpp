// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/lies_within.h"

#include <QDir>
#include <QTemporaryDir>
#include <QTest>

using namespace consilium;
namespace fs = std::filesystem;

class tst_LiesWithin : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void cleanupTestCase();
    void tellsByPlace_data();
    void tellsByPlace();
    void failsWhenItCannotTell();

private:
    QTemporaryDir m_root;
    QString m_before;
};

void tst_LiesWithin::initTestCase()
{
    m_before = QDir::currentPath();
    QVERIFY(QDir::setCurrent(m_root.path()));
    fs::create_directories("there/deep");
    std::error_code error;
    fs::create_directory_symlink(fs::absolute("there"), "link", error);
}

void tst_LiesWithin::cleanupTestCase()
{
    QDir::setCurrent(m_before);
}

/// "@" stands for the absolute path of the current folder.
void tst_LiesWithin::tellsByPlace_data()
{
    QTest::addColumn<QString>("folder");
    QTest::addColumn<QString>("path");
    QTest::addColumn<bool>("within");
    QTest::newRow("below") << "there"
                           << "there/file" << true;
    QTest::newRow("itself") << "there"
                            << "there/" << true;
    QTest::newRow("beside") << "there"
                            << "there.key" << false;
    QTest::newRow("above") << "there/deep"
                           << "there/file" << false;
    QTest::newRow("missing, a slash at its end") << "new/"
                                                 << "new/file" << true;
    QTest::newRow("missing, slashes at its end") << "new//"
                                                 << "new/file" << true;
    QTest::newRow("missing, relative, absolute") << "new"
                                                 << "@/new/file" << true;
    QTest::newRow("missing, absolute, relative") << "@/new/"
                                                 << "new/file" << true;
    QTest::newRow("missing, deep") << "a/b/"
                                   << "a/b/c/file" << true;
    QTest::newRow("missing, other") << "new/"
                                    << "newer/file" << false;
    QTest::newRow("here, missing") << "."
                                   << "new" << true;
    QTest::newRow("here, missing, with a dot") << "./"
                                               << "./new/" << true;
    QTest::newRow("out and in again") << "new"
                                      << "other/../new/file" << true;
    QTest::newRow("out") << "there"
                         << "there/../file" << false;
    if (fs::exists("link"))
        QTest::newRow("by a link") << "link"
                                   << "@/there/new/file" << true;
}

void tst_LiesWithin::tellsByPlace()
{
    QFETCH(QString, folder);
    QFETCH(QString, path);
    QFETCH(bool, within);
    const auto asPath = [&](QString text) { return fs::path(text.replace("@", m_root.path()).toStdString()); };
    const auto told = liesWithin(asPath(folder), asPath(path));
    QVERIFY2(told, told ? "" : told.error().message.c_str());
    QCOMPARE(*told, within);
}

void tst_LiesWithin::failsWhenItCannotTell() // links that lead to each other lead nowhere
{
    std::error_code error;
    fs::create_symlink("second", "first", error);
    if (error)
        QSKIP("no symbolic links here");
    fs::create_symlink("first", "second", error);
    const auto told = liesWithin("there", "first/file");
    QVERIFY(!told);
    QCOMPARE(told.error().code, ErrorCode::Io);
}

QTEST_GUILESS_MAIN(tst_LiesWithin)
#include "tst_lies_within.moc"
