// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/file.h"
#include "core/json.h"
#include "imaging/landmarks.h"
#include "imaging/nifti.h"
#include "imaging/resample.h"
#include "support/node_program.h"
#include "support/real_data.h"
#include "support/small_dataset.h"

#include <QTemporaryDir>
#include <QtTest>
#include <algorithm>
#include <cmath>
#include <set>

using namespace consilium;
using namespace consilium::imaging;
using namespace consilium::test;
namespace fs = std::filesystem;

class tst_Preprocess : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void preparesARealPatient();
    void landmarksStayWhereTheyMark();
    void makesCasesOfDicomStudies();
    void namesEveryCaseThatFails();
    void refusesAFolderThatIsFull();
};

// T1 of a real patient, shifted by its header, comes back onto FLAIR; the lesions stay to the last voxel.
void tst_Preprocess::preparesARealPatient()
{
    CONSILIUM_REAL_DATA(data, "ms-lesions/case-07");
    const QTemporaryDir folder;
    const auto root = fs::path(folder.path().toStdString());
    SmallDataset dataset(root / "raw");
    QVERIFY(dataset.describe({{"channel_names", {{"0", "FLAIR"}, {"1", "T1"}}},
                              {"labels", {{"background", 0}, {"lesion", 1}}},
                              {"patients", {{"case-07", "P7"}}},
                              {"file_ending", ".nii.gz"}}));
    fs::create_directories(dataset.folder() / "imagesTr");
    fs::create_directories(dataset.folder() / "labelsTr");
    fs::copy_file(data / "flair.nii.gz", dataset.image("case-07", 0));
    fs::copy_file(data / "lesions.nii.gz", dataset.labels("case-07"));
    auto t1 = readNifti(data / "t1.nii.gz");
    QVERIFY(t1);
    t1->geometry.origin[0] += 7;
    t1->geometry.origin[2] -= 5;
    QVERIFY(writeNifti(dataset.image("case-07", 1), *t1));

    const auto out = root / "prepared";
    const auto ran = runNode({"preprocess", "--data", QString::fromStdString(dataset.folder().string()), "--task",
                              "ms-lesions", "--out", QString::fromStdString(out.string())},
                             55000);
    QVERIFY2(ran.code == 0, qPrintable(ran.err));
    QVERIFY(ran.out.contains("case-07: "));
    const SmallDataset prepared(out);
    const auto flair = readNifti(prepared.image("case-07", 0)), moved = readNifti(prepared.image("case-07", 1));
    const auto lesions = readLabels(prepared.labels("case-07")), before = readLabels(dataset.labels("case-07"));
    QVERIFY(flair && moved && lesions && before);
    QCOMPARE(flair->geometry.orientation(), std::string("LPS"));
    QVERIFY(moved->geometry.sameGrid(flair->geometry) && lesions->geometry.sameGrid(flair->geometry));
    const auto count = [](const LabelMap &map) { return std::count(map.values.begin(), map.values.end(), 1); };
    QCOMPARE(count(*lesions), count(*before));
    // The brains of both channels cover each other again: they were cut out alike.
    std::int64_t both = 0, either = 0;
    for (std::size_t n = 0; n < flair->values.size(); ++n) {
        const bool a = std::abs(flair->values[n]) > 20, b = std::abs(moved->values[n]) > 60;
        both += a && b;
        either += a || b;
    }
    QCOMPARE_GE(static_cast<double>(both) / static_cast<double>(either), 0.93);

    const auto quality = readJson(out / "quality.json");
    QVERIFY(quality && quality->size() == 1);
    QCOMPARE((*quality)[0]["case"].get<std::string>(), std::string("case-07"));
    QVERIFY((*quality)[0]["verdict"] != "fail");
    QVERIFY((*quality)[0]["preparation"].dump().find("T1 aligned to FLAIR") != std::string::npos);
    const auto description = readJson(out / "dataset.json");
    QVERIFY(description && (*description)["patients"]["case-07"] == "P7");
    QVERIFY(!fs::exists(root / "prepared.partial"));
}

void tst_Preprocess::landmarksStayWhereTheyMark()
{
    const QTemporaryDir folder;
    const auto root = fs::path(folder.path().toStdString());
    const auto raw = QString::fromStdString((root / "raw").string());
    QVERIFY(runNode({"phantom", "--task", "spinopelvic", "--out", raw, "--cases", "1"}).code == 0);
    const auto out = root / "prepared";
    const auto ran =
        runNode({"preprocess", "--data", raw, "--task", "spinopelvic", "--out", QString::fromStdString(out.string())});
    QVERIFY2(ran.code == 0, qPrintable(ran.err));
    const auto id = "phantom-0-001";
    const auto film = readNifti(out / "imagesTr" / fmt::format("{}_0000.nii.gz", id));
    const auto before = readLandmarks(root / "raw" / "landmarksTr" / fmt::format("{}.mrk.json", id));
    const auto after = readLandmarks(out / "landmarksTr" / fmt::format("{}.mrk.json", id));
    QVERIFY(film && before && after);
    QCOMPARE(film->geometry.size, (Index3{768, 768, 1}));
    QCOMPARE(after->points.size(), before->points.size());
    for (std::size_t n = 0; n < after->points.size(); ++n) {
        QCOMPARE(after->points[n].name, before->points[n].name);
        for (int c = 0; c < 3; ++c)
            QCOMPARE_LE(std::abs(after->points[n].position[c] - before->points[n].position[c]), 1e-6);
    }
}

// Two synthetic patients as DICOM, with their segmentation: the same lesions as in the NIfTI files of the same seed.
void tst_Preprocess::makesCasesOfDicomStudies()
{
    const QTemporaryDir folder;
    const auto root = fs::path(folder.path().toStdString());
    const auto in = [&](const char *name) { return QString::fromStdString((root / name).string()); };
    for (const auto &[name, format] : {std::pair{"dicom", "dicom"}, std::pair{"nifti", "nifti"}}) {
        const auto made =
            runNode({"phantom", "--task", "ms-lesions", "--cases", "2", "--format", format, "--out", in(name)}, 30000);
        QVERIFY2(made.code == 0, qPrintable(made.err));
    }
    const QStringList arguments{"preprocess", "--data",  in("dicom"), "--task",           "ms-lesions",
                                "--out",      in("out"), "--key",     in("pseudonym.key")};
    const auto unknown = runNode(arguments + QStringList{"--channel", "T1=mprage"}, 55000);
    QCOMPARE(unknown.code, 1);
    QVERIFY2(unknown.err.contains("T1") && unknown.err.contains("--channel"), qPrintable(unknown.err));
    QVERIFY(!fs::exists(root / "out") && !fs::exists(root / "out.partial"));

    const auto ran = runNode(arguments, 55000);
    QVERIFY2(ran.code == 0, qPrintable(ran.err));
    const auto description = readJson(root / "out" / "dataset.json");
    QVERIFY(description && (*description)["patients"].size() == 2);
    // Brought back from the preset's 1 mm to the grid they were drawn on, the lesions of each patient are one
    // phantom's.
    std::set<std::string> matched;
    for (const auto &[id, patient] : (*description)["patients"].items()) {
        QVERIFY(patient.get<std::string>().starts_with("C-"));
        QVERIFY(fs::exists(root / "out/imagesTr" / (id + "_0001.nii.gz")));
        const auto ours = readLabels(root / "out/labelsTr" / (id + ".nii.gz"));
        QVERIFY(ours);
        for (const char *name : {"phantom-0-001.nii.gz", "phantom-0-002.nii.gz"}) {
            const auto drawn = readLabels(root / "nifti/labelsTr" / name);
            QVERIFY(drawn);
            const auto back = resampleLabels(*ours, drawn->geometry);
            std::int64_t both = 0, sum = 0;
            for (std::size_t n = 0; n < back.values.size(); ++n) {
                both += back.values[n] && drawn->values[n];
                sum += (back.values[n] != 0) + (drawn->values[n] != 0);
            }
            const double dice = 2.0 * static_cast<double>(both) / static_cast<double>(sum);
            QVERIFY2(dice < 0.3 || dice > 0.9, qPrintable(QString::number(dice)));
            if (dice > 0.9)
                matched.insert(name);
        }
    }
    QCOMPARE(matched.size(), std::size_t{2});
    QVERIFY(!fs::exists(root / "out/imported"));
}

void tst_Preprocess::namesEveryCaseThatFails()
{
    const QTemporaryDir folder;
    const auto root = fs::path(folder.path().toStdString());
    SmallDataset dataset(root / "raw");
    QVERIFY(dataset.describe({{"channel_names", {{"0", "T1"}}},
                              {"labels", {{"background", 0}, {"anterior", 1}, {"posterior", 2}}},
                              {"file_ending", ".nii.gz"}}));
    Geometry grid;
    grid.size = {10, 12, 8};
    grid.spacing = {2, 2, 2};
    QVERIFY(dataset.addCase("good", grid));
    QVERIFY(dataset.touchCase("broken-1"));
    QVERIFY(dataset.touchCase("broken-2"));
    const auto out = root / "prepared";
    QStringList arguments{"preprocess",
                          "--data",
                          QString::fromStdString(dataset.folder().string()),
                          "--task",
                          "hippocampus",
                          "--out",
                          QString::fromStdString(out.string())};
    const auto refused = runNode(arguments);
    QCOMPARE(refused.code, 1);
    QCOMPARE(refused.errLines().size(), 3); // one for each case, and what follows
    QVERIFY(refused.errLines()[0].startsWith("Case broken-1: ") && refused.errLines()[1].startsWith("Case broken-2: "));
    QVERIFY(!fs::exists(out) && !fs::exists(root / "prepared.partial"));

    const auto ran = runNode(arguments << "--skip-failed");
    QVERIFY2(ran.code == 0, qPrintable(ran.err));
    const SmallDataset prepared(out);
    const auto image = readNifti(prepared.image("good"));
    QVERIFY(image);
    QCOMPARE(image->geometry.spacing, (Vec3{1, 1, 1}));
    QCOMPARE(image->geometry.size, (Index3{20, 24, 16}));
    QVERIFY(!fs::exists(prepared.image("broken-1")));
    QCOMPARE((*readJson(out / "dataset.json"))["numTraining"].get<int>(), 1);
}

void tst_Preprocess::refusesAFolderThatIsFull()
{
    const QTemporaryDir folder;
    const auto root = fs::path(folder.path().toStdString());
    SmallDataset dataset(root / "raw");
    QVERIFY(dataset.describe() && dataset.touchCase("a"));
    QVERIFY(writeFileAtomically(root / "out" / "precious", "x"));
    const auto ran = runNode({"preprocess", "--data", QString::fromStdString(dataset.folder().string()), "--task",
                              "hippocampus", "--out", QString::fromStdString((root / "out").string())});
    QCOMPARE(ran.code, 1);
    QCOMPARE(ran.errLines().size(), 1);
    QVERIFY(ran.err.contains("not empty"));
    QVERIFY(fs::exists(root / "out" / "precious"));
}

QTEST_GUILESS_MAIN(tst_Preprocess)
#include "tst_preprocess.moc"
