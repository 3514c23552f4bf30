// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/file.h"
#include "editing_fixtures.h"
#include "support/small_disk.h"
#include "viewer/editing/edit_autosave.h"

#include <QDeadlineTimer>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>
#include <csignal>
#include <set>
#include <sys/wait.h>
#include <unistd.h>

using namespace consilium;
using namespace consilium::test;
using namespace consilium::viewer;
using imaging::LabelMap;
using imaging::Vec3;
namespace fs = std::filesystem;

class tst_EditAutosave : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void unsavedWorkComesBack();
    void unsavedWorkThatWasHarmedIsRefused();
    void autosaveKeepsEveryStep();
    void aKilledProgramLeavesWholeWork();
    void savedAndUndoneWorkIsForgotten();
    void workOfAnotherWindowIsNotOffered();
    void recoveredWorkGoesOnInItsFile();
    void workThatCannotBeKeptIsSaidOnce();

private:
    fs::path path(const std::string &name) const { return fs::path(m_folder->path().toStdString()) / name; }
    std::unique_ptr<QTemporaryDir> m_folder;
};

void tst_EditAutosave::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(m_folder->isValid());
}

void tst_EditAutosave::unsavedWorkComesBack()
{
    for (const char *letters : {"LPS", "PIR"}) {
        const LabelMap labels = drawn(test::gridOf(letters, {31, 29, 23}, {0.7, 1.1, 1.9}, {0.1, 1.0 / 3, -7}));
        EditToSave unsaved = edit(labels);
        const fs::path file = newUnsavedFile(path("unsaved"));
        QVERIFY(writeUnsaved(file, unsaved.record, imaging::LabelRuns(labels)));
        const auto found = findUnsaved(path("unsaved"), "case-003");
        QCOMPARE(found.edits.size(), 1U);
        QVERIFY(found.problems.empty());
        QVERIFY(findUnsaved(path("unsaved"), "case-004").edits.empty());
        const auto read = readUnsaved(file);
        QVERIFY2(read, read ? "" : read.error().line().c_str());
        QVERIFY(read->prepared.map->geometry == labels.geometry); // to the last bit
        QVERIFY(read->prepared.map->values == labels.values);
        QVERIFY(read->prepared.runs.expanded().values == labels.values);
        QCOMPARE(read->record.steps.size(), 2U);
        QCOMPARE(read->record.labels[2].locked, true);
        QVERIFY(removeUnsaved(file));
        QVERIFY(findUnsaved(path("unsaved")).edits.empty());
    }
    QVERIFY(findUnsaved(path("nowhere")).edits.empty());
}

void tst_EditAutosave::unsavedWorkThatWasHarmedIsRefused()
{
    const LabelMap labels = drawn(test::gridOf("LPS", {20, 20, 20}, {1, 1, 1}));
    const fs::path file = newUnsavedFile(path("unsaved"));
    QVERIFY(writeUnsaved(file, edit(labels).record, imaging::LabelRuns(labels)));
    const std::string whole = *readFile(file);
    for (std::size_t length = 0; length < whole.size(); length += 97) {
        QVERIFY(writeFileAtomically(file, whole.substr(0, length)));
        const auto read = readUnsaved(file);
        QVERIFY(!read);
        QCOMPARE(read.error().code, ErrorCode::Malformed);
    }
    for (std::size_t at = 0; at < whole.size(); at += 53) {
        std::string harmed = whole;
        harmed[at] = static_cast<char>(harmed[at] ^ 0x20);
        QVERIFY(writeFileAtomically(file, harmed));
        const auto read = readUnsaved(file); // a changed letter of a name is read; voxels are the same or refused
        QVERIFY(!read || read->prepared.map->values == labels.values);
    }
    QVERIFY(writeFileAtomically(file, "something else"));
    const auto found = findUnsaved(path("unsaved"));
    QVERIFY(found.edits.empty());
    QCOMPARE(found.problems.size(), 1U);
}

void tst_EditAutosave::autosaveKeepsEveryStep()
{
    const LabelMap labels = drawn(test::gridOf("LPS", {20, 20, 20}, {1, 1, 1}));
    LabelMap last;
    {
        LabelEditor editor;
        EditAutosave autosave(editor, path("unsaved"));
        autosave.setCase("case-003", "case-003, north", "anna");
        editor.start(prepareEdit(labels, {QStringLiteral("model"), {}, {}}));
        for (int n = 0; n < 30; ++n)
            editor.apply(QStringLiteral("Brush"), ballAlong(labels.geometry, {n - 15.0, 0, 0}, {n - 15.0, 0, 0}, 2),
                         n % 3 ? LabelEditor::Paint::Active : LabelEditor::Paint::Background, false);
        last = *editor.labels();
    } // the program ends without a word
    LabelEditor editor;
    EditAutosave autosave(editor, path("unsaved"));
    autosave.setCase("case-003", {}, {});
    QSignalSpy looked(&autosave, &EditAutosave::found);
    autosave.look();
    QVERIFY(looked.wait());
    const auto found = looked[0][0].value<UnsavedEdits>();
    QCOMPARE(found.edits.size(), 1U);
    QCOMPARE(found.edits[0].record.caseTitle, std::string("case-003, north"));
    QSignalSpy recovered(&autosave, &EditAutosave::recovered);
    autosave.recover(found.edits[0].file);
    QVERIFY(recovered.wait());
    QVERIFY(editor.labels()->values == last.values);
    QVERIFY(editor.isDirty());
    QCOMPARE(editor.origin().name, QStringLiteral("model"));
    QVERIFY(editor.steps().size() >= 20);
}

void tst_EditAutosave::aKilledProgramLeavesWholeWork()
{
    const LabelMap labels = drawn(test::gridOf("LPS", {20, 20, 20}, {1, 1, 1}));
    for (int round = 1; round <= 8; ++round) {
        const fs::path folder = path("unsaved" + std::to_string(round));
        const pid_t program = fork();
        QVERIFY(program >= 0);
        if (program == 0) {
            LabelEditor editor;
            EditAutosave autosave(editor, folder);
            autosave.setCase("case-003", {}, {});
            editor.start(prepareEdit(labels, {QStringLiteral("model"), {}, {}}));
            for (int n = 0;; ++n) {
                const Vec3 at{n % 17 - 8.0, n % 13 - 6.0, 0};
                editor.apply(QStringLiteral("Brush"), ballAlong(labels.geometry, at, at, 2),
                             n % 3 ? LabelEditor::Paint::Active : LabelEditor::Paint::Background, false);
            }
        }
        // Somewhere in its work: after some files were written, each in another moment of the next.
        std::set<std::string> contents;
        const QDeadlineTimer deadline(20000);
        while (contents.size() < std::size_t(round) && !deadline.hasExpired()) {
            std::error_code ignored;
            for (const auto &entry : fs::directory_iterator(folder, ignored))
                if (entry.path().extension() == ".unsaved-edit")
                    if (const auto bytes = readFile(entry.path()))
                        contents.insert(*bytes);
        }
        kill(program, SIGKILL);
        QCOMPARE(waitpid(program, nullptr, 0), program);
        QCOMPARE(contents.size(), std::size_t(round));
        const auto found = findUnsaved(folder, "case-003");
        QCOMPARE(found.edits.size(), 1U);
        QVERIFY(found.problems.empty());
        const auto read = readUnsaved(found.edits[0].file);
        QVERIFY2(read, read ? "" : read.error().line().c_str());
        QVERIFY(!read->record.steps.empty());
    }
}

void tst_EditAutosave::savedAndUndoneWorkIsForgotten()
{
    const LabelMap labels = drawn(test::gridOf("LPS", {20, 20, 20}, {1, 1, 1}));
    const auto paint = [&](LabelEditor &editor) {
        editor.apply(QStringLiteral("Brush"), ballAlong(labels.geometry, {0, 0, 0}, {0, 0, 0}, 6),
                     LabelEditor::Paint::Active, false);
    };
    for (const int way : {0, 1, 2}) {
        {
            LabelEditor editor;
            EditAutosave autosave(editor, path("unsaved"));
            autosave.setCase("case-003", {}, {});
            editor.start(prepareEdit(labels, {QStringLiteral("model"), {}, {}}));
            paint(editor);
            if (way == 0)
                editor.markSaved(editor.state());
            else if (way == 1)
                editor.undo();
            else
                autosave.discard();
        }
        QVERIFY2(!fs::exists(path("unsaved")) || filesIn(path("unsaved")).isEmpty(), qPrintable(QString::number(way)));
    }
    // The next edit, or none, leaves it there.
    LabelEditor editor;
    {
        EditAutosave autosave(editor, path("unsaved"));
        autosave.setCase("case-003", {}, {});
        editor.start(prepareEdit(labels, {QStringLiteral("model"), {}, {}}));
        paint(editor);
        editor.close();
    }
    QCOMPARE(findUnsaved(path("unsaved"), "case-003").edits.size(), 1U);
}

void tst_EditAutosave::workOfAnotherWindowIsNotOffered()
{
    const LabelMap labels = drawn(test::gridOf("LPS", {20, 20, 20}, {1, 1, 1}));
    LabelEditor editor;
    EditAutosave autosave(editor, path("unsaved"));
    autosave.setCase("case-003", {}, {});
    editor.start(prepareEdit(labels, {QStringLiteral("model"), {}, {}}));
    editor.apply(QStringLiteral("Brush"), ballAlong(labels.geometry, {0, 0, 0}, {0, 0, 0}, 6),
                 LabelEditor::Paint::Active, false);
    QTRY_VERIFY(fs::exists(path("unsaved")) &&
                filesIn(path("unsaved")).filter(QRegularExpression("edit$")).size() == 1);
    QVERIFY(findUnsaved(path("unsaved")).edits.empty());
    // Left for another case, and come back at once: what is still being written is waited for.
    editor.apply(QStringLiteral("Brush"), ballAlong(labels.geometry, {0, 5, 0}, {0, 5, 0}, 6),
                 LabelEditor::Paint::Active, false);
    editor.close();
    QSignalSpy looked(&autosave, &EditAutosave::found);
    autosave.look();
    QVERIFY(looked.wait());
    QCOMPARE(looked[0][0].value<UnsavedEdits>().edits.size(), 1U);
    QCOMPARE(looked[0][0].value<UnsavedEdits>().edits[0].record.steps.size(), 2U);
}

void tst_EditAutosave::recoveredWorkGoesOnInItsFile()
{
    const LabelMap labels = drawn(test::gridOf("LPS", {20, 20, 20}, {1, 1, 1}));
    const fs::path file = newUnsavedFile(path("unsaved"));
    QVERIFY(writeUnsaved(file, edit(labels).record, imaging::LabelRuns(labels)));
    {
        LabelEditor editor;
        EditAutosave autosave(editor, path("unsaved"));
        autosave.setCase("case-003", {}, {});
        QSignalSpy recovered(&autosave, &EditAutosave::recovered);
        autosave.recover(file);
        QVERIFY(recovered.wait());
        QCOMPARE(editor.labelList()[2].name, QStringLiteral("B"));
        editor.apply(QStringLiteral("Brush"), ballAlong(labels.geometry, {0, 0, 0}, {0, 0, 0}, 6),
                     LabelEditor::Paint::Active, false);
        QCOMPARE(editor.steps().size(), 3U);
        editor.undo();
        QVERIFY(editor.isDirty()); // what was recovered was never saved
        editor.redo();
    }
    const auto found = findUnsaved(path("unsaved"));
    QCOMPARE(found.edits.size(), 1U);
    QCOMPARE(found.edits[0].file, file);
    QCOMPARE(found.edits[0].record.steps.size(), 3U);
    // A second window that asks for the same is told.
    LabelEditor editor;
    EditAutosave autosave(editor, path("unsaved"));
    const auto held = lockUnsaved(file);
    QSignalSpy failed(&autosave, &EditAutosave::failed);
    autosave.recover(file);
    QVERIFY(failed.wait());
    QVERIFY(!editor.isOpen());
}

void tst_EditAutosave::workThatCannotBeKeptIsSaidOnce()
{
    const test::SmallDisk disk(1);
    if (!disk.mounted())
        QSKIP("no file system of its own may be mounted here");
    QVERIFY(disk.makeReadOnly());
    const LabelMap labels = drawn(test::gridOf("LPS", {20, 20, 20}, {1, 1, 1}));
    LabelEditor editor;
    EditAutosave autosave(editor, disk.path() / "unsaved");
    editor.start(prepareEdit(labels, {QStringLiteral("model"), {}, {}}));
    QSignalSpy failed(&autosave, &EditAutosave::failed);
    for (int n = 0; n < 5; ++n) {
        editor.apply(QStringLiteral("Brush"), ballAlong(labels.geometry, {n * 2.0 - 8, 0, 0}, {n * 2.0 - 8, 0, 0}, 2),
                     LabelEditor::Paint::Background, false);
        editor.apply(QStringLiteral("Brush"), ballAlong(labels.geometry, {n * 2.0 - 8, 0, 0}, {n * 2.0 - 8, 0, 0}, 2),
                     LabelEditor::Paint::Active, false);
    }
    QTRY_COMPARE(failed.count(), 1);
    QVERIFY(editor.isDirty());
}

QTEST_GUILESS_MAIN(tst_EditAutosave)
#include "tst_edit_autosave.moc"
