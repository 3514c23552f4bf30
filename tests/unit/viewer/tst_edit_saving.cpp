// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/file.h"
#include "editing_fixtures.h"
#include "imaging/dicom/segmentation.h"
#include "imaging/dicom/series_writer.h"
#include "imaging/files/image_files.h"
#include "imaging/nifti.h"
#include "support/small_disk.h"
#include "viewer/editing/edit_saver.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QtTest>

using namespace consilium;
using namespace consilium::test;
using namespace consilium::viewer;
using imaging::Geometry;
using imaging::LabelMap;
using imaging::Vec3;
namespace fs = std::filesystem;

namespace {

// Voxel by voxel at the same place in the patient, whatever the order of axes.
void compareByPatient(const LabelMap &written, const LabelMap &read)
{
    std::int64_t met = 0;
    test::overGrid(written.geometry, [&](int i, int j, int k, const Vec3 &at) {
        const Vec3 index = read.geometry.toIndex(at);
        imaging::Index3 voxel{};
        bool inside = true;
        for (std::size_t n = 0; n < 3; ++n) {
            voxel[n] = int(std::lround(index[n]));
            if (voxel[n] >= 0 && voxel[n] < read.geometry.size[n])
                QVERIFY(std::abs(index[n] - voxel[n]) < 1e-3);
            else
                inside = false;
        }
        const int there = inside ? read.at(voxel[0], voxel[1], voxel[2]) : 0;
        QCOMPARE(there, int(written.at(i, j, k)));
        met += written.at(i, j, k) > 0;
    });
    QVERIFY(met > 0);
    QCOMPARE(std::count_if(read.values.begin(), read.values.end(), [](std::uint8_t v) { return v > 0; }), met);
}

} // namespace

class tst_EditSaving : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void formatsReadBackVoxelByVoxel_data();
    void formatsReadBackVoxelByVoxel();
    void segReadsBackOnItsSeries();
    void segNeedsASeries();
    void recordTellsWhereItComesFrom();
    void namesTellWhoAndWhen();
    void inputsAreNeverWrittenOver();
    void foreignRecordsAreNeverWrittenOver();
    void fullDiskLeavesNothing();
    void readOnlyFolderLeavesNothing();
    void saverMarksTheEditorSaved();
    void twoSavesInOneSecondAreTwoFiles();

private:
    fs::path path(const std::string &name) const { return fs::path(m_folder->path().toStdString()) / name; }
    std::unique_ptr<QTemporaryDir> m_folder;
};

void tst_EditSaving::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(m_folder->isValid());
}

void tst_EditSaving::formatsReadBackVoxelByVoxel_data()
{
    QTest::addColumn<QString>("ending");
    QTest::addColumn<QString>("letters");
    for (const char *ending : {".nii.gz", ".nii", ".nrrd"})
        for (const char *letters : {"LPS", "RAS", "PIR"})
            QTest::addRow("%s %s", letters, ending) << ending << letters;
}

void tst_EditSaving::formatsReadBackVoxelByVoxel()
{
    QFETCH(QString, ending);
    QFETCH(QString, letters);
    const LabelMap labels = drawn(test::gridOf(letters.toStdString(), {30, 28, 22}, {1, 1.25, 1.5}, {3, -2, 7}));
    const fs::path file = path("mine" + ending.toStdString());
    const auto saved = saveEdit(edit(labels), file);
    QVERIFY2(saved, saved ? "" : saved.error().line().c_str());
    const auto read = imaging::readLabelImage(file);
    QVERIFY(read);
    QVERIFY(read->geometry.sameGrid(labels.geometry));
    QVERIFY(read->values == labels.values);
    compareByPatient(labels, *read);
    QCOMPARE(filesIn(path("")), QStringList({QStringLiteral("mine.json"), QStringLiteral("mine") + ending}));
    const auto record = readJson(path("mine.json"));
    QVERIFY(record);
    QCOMPARE(record->at("sha256").get<std::string>(), *sha256OfFile(file));
}

void tst_EditSaving::segReadsBackOnItsSeries()
{
    imaging::Volume volume{test::gridOf("LPS", {24, 26, 20}, {1, 1, 2}), {}};
    volume.values.assign(static_cast<std::size_t>(volume.geometry.voxels()), 5);
    imaging::dicom::SeriesDescription description;
    description.uidSeed = "edit";
    const auto written = imaging::dicom::writeSeries(path("series"), volume, description);
    QVERIFY2(written, written ? "" : written.error().line().c_str());
    const auto scan = imaging::dicom::scanSeries(path("series"));
    QVERIFY(scan && scan->series.size() == 1);
    const auto series = std::make_shared<const imaging::dicom::Series>(scan->series.front());
    EditToSave saved = edit(drawn(series->geometry));
    saved.series = series;
    const auto result = saveEdit(saved, path("edited.dcm"));
    QVERIFY2(result, result ? "" : result.error().line().c_str());
    const auto read = imaging::readLabelImage(path("edited.dcm"), &series->geometry);
    QVERIFY(read);
    compareByPatient(saved.labels, *read);
    const auto seg = imaging::dicom::readSegmentation(path("edited.dcm"));
    QVERIFY(seg);
    QCOMPARE(seg->segments.size(), 2U);
    QCOMPARE(seg->segments[1].label, std::string("B"));

    // Not over a slice of the series.
    const auto refused = saveEdit(saved, series->frames[0][3].file);
    QVERIFY(!refused);
    QVERIFY(QString::fromStdString(refused.error().line()).contains(QStringLiteral("never written over")) ||
            refused.error().code == ErrorCode::Unsupported);
}

void tst_EditSaving::segNeedsASeries()
{
    const auto result = saveEdit(edit(drawn(test::gridOf("LPS", {20, 20, 20}, {1, 1, 1}))), path("edited.dcm"));
    QVERIFY(!result);
    QCOMPARE(result.error().code, ErrorCode::Unsupported);
    QCOMPARE(saveEdit(edit(drawn(test::gridOf("LPS", {20, 20, 20}, {1, 1, 1}))), path("edited.png")).error().code,
             ErrorCode::Unsupported);
    QVERIFY(filesIn(path("")).isEmpty());
}

void tst_EditSaving::recordTellsWhereItComesFrom()
{
    const LabelMap labels = drawn(test::gridOf("LPS", {20, 20, 20}, {1, 1, 1}));
    QVERIFY(imaging::writeLabels(path("model.nii.gz"), labels));
    LabelEditor editor;
    editor.setLabelList(
        {{QStringLiteral("Background"), {}}, {QStringLiteral("A"), Qt::red}, {QStringLiteral("B"), Qt::blue}});
    editor.start(prepareEdit(labels, {QStringLiteral("federated: round 12"), path("model.nii.gz"), {}}));
    editor.apply(QStringLiteral("Brush"), ballAlong(labels.geometry, {0, 0, 0}, {0, 0, 0}, 2),
                 LabelEditor::Paint::Active, false);
    EditToSave saved{*editor.labels(), recordOf(editor), {}, nullptr};
    saved.record.caseId = "case-003";
    saved.record.reader = "Anna";
    QVERIFY(saveEdit(saved, path("edited.nii.gz")));
    const auto json = readJson(path("edited.json"));
    QVERIFY(json);
    QCOMPARE(json->at("madeFrom").at("name").get<std::string>(), std::string("federated: round 12"));
    QCOMPARE(json->at("madeFrom").at("sha256").get<std::string>(), *sha256OfFile(path("model.nii.gz")));
    QCOMPARE(json->at("reader").get<std::string>(), std::string("Anna"));
    QCOMPARE(json->at("steps").size(), 1U);
    QCOMPARE(json->at("steps")[0].at("what").get<std::string>(), std::string("Brush"));
    QCOMPARE(json->at("labels")[1].at("millilitres").get<double>(), editor.millilitres(1));
    QVERIFY(fromIso(json->at("saved").get<std::string>()));
    // And it can be read again.
    const auto record = editRecordFromJson(*json);
    QVERIFY(record);
    QCOMPARE(record->labels[2].colour, QColor(Qt::blue));
    QCOMPARE(record->origin.sha256, editor.origin().sha256);
}

void tst_EditSaving::namesTellWhoAndWhen()
{
    const QDateTime when(QDate(2026, 11, 27), QTime(21, 4, 5));
    const auto name = [&](const char *reader) {
        return QString::fromStdString(editedFile(path(""), reader, when).filename().string());
    };
    QCOMPARE(name("anna"), QStringLiteral("edited-anna-20261127-210405.nii.gz"));
    QCOMPARE(name("Dr. A/B: x"), QStringLiteral("edited-Dr--A-B--x-20261127-210405.nii.gz"));
    QCOMPARE(name("../../etc"), QStringLiteral("edited-------etc-20261127-210405.nii.gz"));
    QCOMPARE(name(""), QStringLiteral("edited-20261127-210405.nii.gz"));
    QVERIFY(writeFileAtomically(path("edited-anna-20261127-210405.nii.gz"), "there"));
    QCOMPARE(name("anna"), QStringLiteral("edited-anna-20261127-210405-2.nii.gz"));
    QCOMPARE(recordFile(path("edited.nii.gz")), path("edited.json"));
}

void tst_EditSaving::inputsAreNeverWrittenOver()
{
    EditToSave saved = edit(drawn(test::gridOf("LPS", {20, 20, 20}, {1, 1, 1})));
    for (const char *name : {"model.nii.gz", "reference.nii.gz", "case.json", "dataset.json"})
        QVERIFY(writeFileAtomically(path(name), std::string("what was there in ") + name));
    fs::create_hard_link(path("model.nii.gz"), path("again.nii.gz"));
    fs::create_symlink(path("reference.nii.gz"), path("link.nii.gz"));
    saved.inputs = {path("reference.nii.gz"), path("case.json")};
    saved.record.origin = {QStringLiteral("model"), path("model.nii.gz"), "0"};
    const auto before = filesIn(path(""));
    // By name, by a way around, by a link, and by the record that would come beside.
    for (const fs::path &file :
         {path("model.nii.gz"), path("reference.nii.gz"), path("x/../model.nii.gz"), path("again.nii.gz"),
          path("link.nii.gz"), path("case.nii.gz"), path("dataset.nii.gz")}) {
        const auto result = saveEdit(saved, file);
        QVERIFY2(!result, file.c_str());
        QCOMPARE(result.error().code, ErrorCode::Invalid);
        QVERIFY(!QString::fromStdString(result.error().line()).contains(u'\n'));
    }
    QCOMPARE(filesIn(path("")), before);
    for (const char *name : {"model.nii.gz", "reference.nii.gz", "case.json", "dataset.json"})
        QCOMPARE(*readFile(path(name)), std::string("what was there in ") + name);
}

void tst_EditSaving::foreignRecordsAreNeverWrittenOver()
{
    EditToSave saved = edit(drawn(test::gridOf("LPS", {20, 20, 20}, {1, 1, 1})));
    QVERIFY(writeFileAtomically(path("scan.json"), "{\"EchoTime\": 0.1}"));
    QVERIFY(!saveEdit(saved, path("scan.nii.gz")));
    QCOMPARE(filesIn(path("")), QStringList(QStringLiteral("scan.json")));
    // One of ours may be replaced, with its file.
    QVERIFY(saveEdit(saved, path("mine.nii.gz")));
    saved.record.reader = "Berta";
    QVERIFY(saveEdit(saved, path("mine.nii.gz")));
    QCOMPARE(readJson(path("mine.json"))->at("reader").get<std::string>(), std::string("Berta"));
}

void tst_EditSaving::fullDiskLeavesNothing()
{
    const test::SmallDisk disk(4);
    if (!disk.mounted())
        QSKIP("no file system of its own may be mounted here");
    // Noise does not pack: 8 MB will not fit, whatever the format.
    const Geometry grid = test::gridOf("LPS", {200, 200, 200}, {1, 1, 1});
    EditToSave saved = edit({grid, {}});
    std::uint32_t state = 1;
    for (std::int64_t n = 0; n < grid.voxels(); ++n) {
        state = state * 1664525U + 1013904223U;
        saved.labels.values.push_back(static_cast<std::uint8_t>(state >> 24));
    }
    for (const char *name : {"full.nii.gz", "full.nii", "full.nrrd"}) {
        const auto result = saveEdit(saved, disk.path() / name);
        QVERIFY(!result);
        const QString line = QString::fromStdString(result.error().line());
        QVERIFY2(line.contains(QStringLiteral("No space left")), qPrintable(line));
        QVERIFY2(line.contains(QLatin1String(name)) && !line.contains(QStringLiteral("partial")), qPrintable(line));
        QVERIFY(!line.contains(u'\n'));
        QVERIFY(filesIn(disk.path()).isEmpty());
    }
    // Room for the voxels, none for the record.
    EditToSave small = edit(drawn(test::gridOf("LPS", {20, 20, 20}, {1, 1, 1})));
    small.record.steps.assign(60000, {QStringLiteral("Brush"), now(), 1});
    disk.fillUpTo(256 << 10);
    const auto result = saveEdit(small, disk.path() / "small.nii.gz");
    QVERIFY(!result);
    QCOMPARE(filesIn(disk.path()), QStringList(QStringLiteral("ballast")));
    disk.makeRoom();
    QVERIFY(saveEdit(edit(small.labels), disk.path() / "small.nii.gz"));
}

void tst_EditSaving::readOnlyFolderLeavesNothing()
{
    const test::SmallDisk disk(4);
    if (!disk.mounted() || !disk.makeReadOnly())
        QSKIP("no file system of its own may be mounted here");
    const auto result =
        saveEdit(edit(drawn(test::gridOf("LPS", {20, 20, 20}, {1, 1, 1}))), disk.path() / "mine.nii.gz");
    QVERIFY(!result);
    const QString line = QString::fromStdString(result.error().line());
    QVERIFY2(line.contains(QStringLiteral("mine.nii.gz")) && line.contains(QStringLiteral("Read-only")) &&
                 !line.contains(u'\n'),
             qPrintable(line));
    QVERIFY(filesIn(disk.path()).isEmpty());
}

void tst_EditSaving::saverMarksTheEditorSaved()
{
    const LabelMap labels = drawn(test::gridOf("LPS", {20, 20, 20}, {1, 1, 1}));
    LabelEditor editor;
    EditSaver saver(editor);
    saver.setTarget({"case-003", "case-003, north", "anna", path("edits"), {}, nullptr});
    editor.start(prepareEdit(labels, {QStringLiteral("model"), {}, {}}));
    editor.apply(QStringLiteral("Brush"), ballAlong(labels.geometry, {0, 0, 0}, {0, 0, 0}, 2),
                 LabelEditor::Paint::Active, false);
    const LabelMap edited = *editor.labels();
    QSignalSpy done(&saver, &EditSaver::saved), failed(&saver, &EditSaver::failed);
    saver.save();
    // What is painted while it is written is not in it, and not saved.
    editor.apply(QStringLiteral("Brush"), ballAlong(labels.geometry, {5, 5, 5}, {5, 5, 5}, 2),
                 LabelEditor::Paint::Active, false);
    QVERIFY(done.wait());
    QVERIFY(editor.isDirty());
    editor.undo();
    QVERIFY(!editor.isDirty());
    const auto read = imaging::readLabels(done[0][0].toString().toStdString());
    QVERIFY(read);
    QVERIFY(read->values == edited.values);

    editor.redo();
    saver.saveAs(path("edits/impossible.png"));
    QVERIFY(failed.wait());
    QVERIFY(editor.isDirty());
}

void tst_EditSaving::twoSavesInOneSecondAreTwoFiles()
{
    const LabelMap labels = drawn(test::gridOf("LPS", {20, 20, 20}, {1, 1, 1}));
    LabelEditor editor;
    EditSaver saver(editor);
    saver.setTarget({"case-003", {}, "anna", path("edits"), {}, nullptr});
    editor.start(prepareEdit(labels, {QStringLiteral("model"), {}, {}}));
    QSignalSpy done(&saver, &EditSaver::saved);
    saver.save();
    saver.save();
    QTRY_COMPARE(done.count(), 2);
    QVERIFY(done[0][0] != done[1][0]);
    QCOMPARE(filesIn(path("edits")).size(), 4);
}

QTEST_GUILESS_MAIN(tst_EditSaving)
#include "tst_edit_saving.moc"
