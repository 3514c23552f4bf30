// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/study_watcher.h"
#include "support/made_study.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTest>
#include <fstream>

using namespace consilium;
using dashboard::StudyWatcher;
using storage::StudySnapshot;

class tst_StudyWatcher : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
    void aFolderThatIsNotThereYetIsWaitedFor();
    void everyWriteIsSeen();
    void aDatabaseThatIsNoneIsToldInWords();
    void anotherFolderReplacesTheFirst();

private:
    std::filesystem::path path(const char *name = "study") const
    {
        return std::filesystem::path(m_folder->path().toStdU16String()) / name;
    }
    /// The snapshot a recorded call carried, looked at where it lies.
    static const StudySnapshot &snapshot(const QList<QVariant> &call)
    {
        return *static_cast<const StudySnapshot *>(call.first().constData());
    }
    static const StudySnapshot &last(const QSignalSpy &spy) { return snapshot(spy.last()); }

    std::unique_ptr<QTemporaryDir> m_folder;
};

void tst_StudyWatcher::aFolderThatIsNotThereYetIsWaitedFor()
{
    StudyWatcher watcher;
    QSignalSpy absent(&watcher, &StudyWatcher::absent), changed(&watcher, &StudyWatcher::snapshotChanged);
    watcher.watch(path());
    QVERIFY(absent.wait(5000));
    test::MadeStudy study(path());
    QTRY_VERIFY_WITH_TIMEOUT(!changed.isEmpty() && last(changed).round == 4, 10000);
    QCOMPARE(absent.size(), 1);
    QCOMPARE(last(changed).sites.size(), 4u);
    QCOMPARE(last(changed).title, std::string("MS lesions in four hospitals"));
}

void tst_StudyWatcher::everyWriteIsSeen()
{
    test::MadeStudy study(path());
    StudyWatcher watcher;
    QSignalSpy changed(&watcher, &StudyWatcher::snapshotChanged);
    watcher.watch(path());
    QVERIFY(changed.wait(5000));
    QCOMPARE(last(changed).state, std::string("running"));
    study.finish();
    QTRY_COMPARE_WITH_TIMEOUT(last(changed).state, std::string("finished"), 10000);
    // A study at rest is not read again and again.
    QTest::qWait(1200);
    const auto seen = changed.size();
    QVERIFY(!changed.wait(1500));
    QCOMPARE(changed.size(), seen);
}

void tst_StudyWatcher::aDatabaseThatIsNoneIsToldInWords()
{
    {
        test::MadeStudy study(path());
    }
    for (const auto *tail : {"", "-wal", "-shm"})
        std::filesystem::remove(path() / (std::string("study.db") + tail));
    std::ofstream(path() / "study.db") << std::string(8192, 'x');
    StudyWatcher watcher;
    QSignalSpy failed(&watcher, &StudyWatcher::failed);
    watcher.watch(path());
    QVERIFY(failed.wait(20000));
    QVERIFY(failed.first().first().toString().contains("study.db"));
}

void tst_StudyWatcher::anotherFolderReplacesTheFirst()
{
    test::MadeStudy one(path("one"), 1), two(path("two"), 2);
    StudyWatcher watcher;
    QSignalSpy changed(&watcher, &StudyWatcher::snapshotChanged);
    watcher.watch(path("one"));
    watcher.watch(path("two"));
    QVERIFY(changed.wait(5000));
    for (const auto &call : changed)
        QCOMPARE(snapshot(call).round, 3);
}

QTEST_GUILESS_MAIN(tst_StudyWatcher)
#include "tst_study_watcher.moc"
