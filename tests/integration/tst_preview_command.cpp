// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/file.h"
#include "imaging/landmarks.h"
#include "imaging/nifti.h"
#include "support/node_program.h"
#include "support/real_data.h"
#include "support/small_dataset.h"

#include <QTemporaryDir>
#include <QTest>
#include <cmath>

using namespace consilium;
using imaging::Geometry;
using imaging::Vec3;
using test::runNode;

namespace fs = std::filesystem;

class tst_PreviewCommand : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theTensorIsTheImageMinusItsMeanOverItsDeviation();
    void labelsLieWhereTheyLieInTheFile();
    void aResampledTensorKeepsItsPlace();
    void patchesComeFromWhereTheySay();
    void theSameSeedDrawsTheSamePatches();
    void landmarksGoWithTheirPixels();
    void whatCannotBeDoneIsSaidInOneLine();

private:
    fs::path out(const char *name) const { return fs::path(m_scratch.path().toStdString()) / name; }
    static Json read(const fs::path &folder) { return readJson(folder / "preview.json").value_or(Json::object()); }

    QTemporaryDir m_scratch;
};

namespace {

constexpr auto realDataset = "hippocampus/site-east";
constexpr auto realCase = "hippocampus_006";

QStringList previewOf(const fs::path &data, const std::string &caseId, const fs::path &out, const char *task,
                      int patches, int seed = 1)
{
    return {"preview",
            "--data",
            QString::fromStdString(data.string()),
            "--case",
            QString::fromStdString(caseId),
            "--out",
            QString::fromStdString(out.string()),
            "--task",
            task,
            "--augment",
            QString::number(patches),
            "--seed",
            QString::number(seed)};
}

/// The voxel of `grid` at a place; its coordinates must be whole numbers.
bool voxelAt(const Geometry &grid, const Vec3 &place, imaging::Index3 &voxel)
{
    const auto index = grid.toIndex(place);
    for (std::size_t axis = 0; axis < 3; ++axis) {
        voxel[axis] = static_cast<int>(std::lround(index[axis]));
        if (std::abs(index[axis] - voxel[axis]) > 1e-3 || voxel[axis] < 0 || voxel[axis] >= grid.size[axis])
            return false;
    }
    return true;
}

template <typename Visit>
void forEachVoxel(const Geometry &grid, Visit visit)
{
    for (int k = 0; k < grid.size[2]; ++k)
        for (int j = 0; j < grid.size[1]; ++j)
            for (int i = 0; i < grid.size[0]; ++i)
                visit(i, j, k);
}

Geometry placeOf(const Json &patch)
{
    const auto &said = patch["place"];
    Geometry grid;
    grid.size = said["dimensions"].get<imaging::Index3>();
    grid.spacing = said["spacing"].get<Vec3>();
    grid.origin = said["origin"].get<Vec3>();
    grid.direction = said["direction"].get<imaging::Matrix3>();
    return grid;
}

} // namespace

void tst_PreviewCommand::theTensorIsTheImageMinusItsMeanOverItsDeviation()
{
    CONSILIUM_REAL_DATA(data, "hippocampus/site-east");
    const auto ran = runNode(previewOf(data, realCase, out("zscore"), "hippocampus", 0));
    QVERIFY2(ran.code == 0, qPrintable(ran.err));
    const auto source = imaging::readNifti(data / "imagesTr" / (std::string(realCase) + "_0000.nii.gz"));
    const auto tensor = imaging::readNifti(out("zscore") / "tensor-0.nii");
    QVERIFY(source && tensor);
    // A crop of the head: no quarter of it is exactly 0, so every voxel enters.
    double sum = 0, squares = 0, zeros = 0;
    for (const double value : source->values) {
        sum += value;
        zeros += value == 0;
    }
    const auto count = static_cast<double>(source->values.size());
    QVERIFY(zeros / count < 0.25);
    const double mean = sum / count;
    for (const double value : source->values)
        squares += (value - mean) * (value - mean);
    const double deviation = std::sqrt(squares / count);
    QCOMPARE(tensor->values.size(), source->values.size());
    double worst = 0;
    bool whole = true;
    forEachVoxel(source->geometry, [&](int i, int j, int k) {
        imaging::Index3 voxel;
        const auto place = source->geometry.toPatient({double(i), double(j), double(k)});
        whole = whole && voxelAt(tensor->geometry, place, voxel);
        if (whole)
            worst = std::max(
                worst, std::abs(tensor->at(voxel[0], voxel[1], voxel[2]) - (source->at(i, j, k) - mean) / deviation));
    });
    QVERIFY(whole);
    QCOMPARE_LE(worst, 1e-4);
    // Columns to the left, rows to the back, slices to the head, whatever the file's order.
    QCOMPARE(tensor->geometry.orientation(), std::string("LPS"));
    QVERIFY(source->geometry.orientation() != "LPS");
}

void tst_PreviewCommand::labelsLieWhereTheyLieInTheFile()
{
    CONSILIUM_REAL_DATA(data, "hippocampus/site-east");
    const auto ran = runNode(previewOf(data, realCase, out("labels"), "hippocampus", 0));
    QVERIFY2(ran.code == 0, qPrintable(ran.err));
    const auto file = imaging::readLabels(data / "labelsTr" / (std::string(realCase) + ".nii.gz"));
    const auto given = imaging::readLabels(out("labels") / "tensor-labels.nii");
    QVERIFY(file && given);
    int different = 0;
    forEachVoxel(file->geometry, [&](int i, int j, int k) {
        imaging::Index3 voxel;
        const auto place = file->geometry.toPatient({double(i), double(j), double(k)});
        different +=
            !voxelAt(given->geometry, place, voxel) || given->at(voxel[0], voxel[1], voxel[2]) != file->at(i, j, k);
    });
    QCOMPARE(different, 0);
}

/// Values that grow evenly through the patient still do after resampling, at the same places.
void tst_PreviewCommand::aResampledTensorKeepsItsPlace()
{
    const auto folder = out("ramps");
    const test::SmallDataset dataset(folder);
    QVERIFY(dataset.describe());
    const auto ramp = [](const Vec3 &place) { return 3 * place[0] - 2 * place[1] + 5 * place[2] + 400; };
    const auto addRamp = [&](const std::string &id, Geometry grid) {
        imaging::Volume volume{grid, {}};
        imaging::LabelMap labels{grid, {}};
        forEachVoxel(grid, [&](int i, int j, int k) {
            volume.values.push_back(static_cast<float>(ramp(grid.toPatient({double(i), double(j), double(k)}))));
            labels.values.push_back(i > grid.size[0] / 2);
        });
        return imaging::writeNifti(dataset.image(id), volume).has_value() &&
               imaging::writeLabels(dataset.labels(id), labels).has_value();
    };
    // The plan's spacing is the dataset's median: 1 mm. One case is coarser, its axes in another order and turned.
    for (const char *id : {"a", "b", "c", "d"})
        QVERIFY(addRamp(id, test::gridOf(24, 24, 24)));
    auto odd = test::gridOf(14, 12, 10);
    odd.spacing = {2, 2.5, 2};
    odd.origin = {11, -7, 30};
    const double c = std::cos(0.2), s = std::sin(0.2);
    odd.direction = {Vec3{0, -s, -c}, Vec3{-1, 0, 0}, Vec3{0, c, -s}};
    QVERIFY(addRamp("odd", odd));
    QString task = test::tinyTask(2, 2);
    task.replace(R"("FLAIR", "T1")", R"("T1")");
    const auto taskFile = QString::fromStdString(out("ramp-task.json").string());
    QVERIFY(test::writeText(taskFile, task.toUtf8()));

    const auto ran = runNode(previewOf(folder, "odd", out("ramp"), qPrintable(taskFile), 0));
    QVERIFY2(ran.code == 0, qPrintable(ran.err));
    const auto tensor = imaging::readNifti(out("ramp") / "tensor-0.nii");
    QVERIFY(tensor.has_value());
    const auto &grid = tensor->geometry;
    for (const double spacing : grid.spacing)
        QCOMPARE_LE(std::abs(spacing - 1), 1e-5);
    // Two voxels give the line; the others must lie on it. Two in from the border, beyond which the ramp goes flat.
    const auto valueAt = [&](int i, int j, int k) { return ramp(grid.toPatient({double(i), double(j), double(k)})); };
    const imaging::Index3 far{grid.size[0] - 4, grid.size[1] - 4, grid.size[2] - 4};
    const double slope = (tensor->at(far[0], far[1], far[2]) - tensor->at(3, 3, 3)) /
                         (valueAt(far[0], far[1], far[2]) - valueAt(3, 3, 3));
    QVERIFY(slope > 0);
    double worst = 0;
    for (int k = 3; k <= far[2]; ++k)
        for (int j = 3; j <= far[1]; ++j)
            for (int i = 3; i <= far[0]; ++i)
                worst = std::max(worst, std::abs(tensor->at(i, j, k) - tensor->at(3, 3, 3) -
                                                 slope * (valueAt(i, j, k) - valueAt(3, 3, 3))));
    QCOMPARE_LE(worst, 1e-4);
}

/// The label under every voxel of a patch is the one at the place that the patch says it comes from.
void tst_PreviewCommand::patchesComeFromWhereTheySay()
{
    CONSILIUM_REAL_DATA(data, "hippocampus/site-east");
    const auto ran = runNode(previewOf(data, realCase, out("patches"), "hippocampus", 12));
    QVERIFY2(ran.code == 0, qPrintable(ran.err));
    const auto json = read(out("patches"));
    QCOMPARE(json["patches"].size(), std::size_t{12});
    const auto whole = imaging::readLabels(out("patches") / "tensor-labels.nii");
    QVERIFY(whole.has_value());
    int exact = 0, turned = 0;
    for (const auto &patch : json["patches"]) {
        const auto name = fmt::format("patch-{}-labels.nii", patch["patch"].get<int>());
        const auto labels = imaging::readLabels(out("patches") / name);
        QVERIFY(labels.has_value());
        const auto place = placeOf(patch);
        QCOMPARE(place.size, labels->geometry.size);
        const bool still = patch["turned"].get<double>() < 1e-9 && patch["enlarged"] == Json({1.0, 1.0, 1.0});
        int same = 0, foreground = 0;
        forEachVoxel(place, [&](int i, int j, int k) {
            const auto index = whole->geometry.toIndex(place.toPatient({double(i), double(j), double(k)}));
            imaging::Index3 voxel;
            bool inside = true;
            for (std::size_t axis = 0; axis < 3; ++axis) {
                voxel[axis] = static_cast<int>(std::lround(index[axis]));
                inside = inside && voxel[axis] >= 0 && voxel[axis] < whole->geometry.size[axis];
            }
            const int there = inside ? whole->at(voxel[0], voxel[1], voxel[2]) : 0;
            const int here = labels->at(i, j, k);
            if (here == 0 && there == 0)
                return;
            ++foreground;
            same += here == there;
        });
        QVERIFY(foreground > 1000);
        if (still) {
            ++exact;
            QCOMPARE(same, foreground);
        } else {
            // Off the grid the nearest voxel's label stands for the interpolated one: the border differs, no more.
            ++turned;
            QCOMPARE_GE(static_cast<double>(same) / foreground, 0.85);
        }
    }
    QVERIFY(exact > 0);
    QVERIFY(turned > 0);
}

void tst_PreviewCommand::theSameSeedDrawsTheSamePatches()
{
    CONSILIUM_REAL_DATA(data, "hippocampus/site-east");
    for (const auto &[name, seed] : {std::pair{"once", 3}, std::pair{"twice", 3}, std::pair{"other", 4}}) {
        const auto ran = runNode(previewOf(data, realCase, out(name), "hippocampus", 2, seed));
        QVERIFY2(ran.code == 0, qPrintable(ran.err));
    }
    int files = 0;
    for (const auto &entry : fs::directory_iterator(out("once"))) {
        const auto name = entry.path().filename();
        const auto bytes = readFile(entry.path());
        QVERIFY(bytes.has_value());
        QVERIFY2(*bytes == readFile(out("twice") / name).value_or(""), name.c_str());
        const bool drawn = name.string().starts_with("patch-") && name.string().ends_with("-0.nii");
        if (drawn)
            QVERIFY2(*bytes != readFile(out("other") / name).value_or(""), name.c_str());
        if (name.string().starts_with("tensor-"))
            QVERIFY2(*bytes == readFile(out("other") / name).value_or(""), name.c_str());
        ++files;
    }
    QCOMPARE(files, 1 + 2 + 2 * 2 + 2); // source, tensor and its labels, two patches with theirs, two JSON files
}

void tst_PreviewCommand::landmarksGoWithTheirPixels()
{
    const auto folder = out("spines");
    const auto made =
        runNode({"phantom", "--task", "spinopelvic", "--cases", "3", "--out", QString::fromStdString(folder.string())});
    QVERIFY2(made.code == 0, qPrintable(made.err));
    const std::string id = "phantom-0-001";
    const auto ran = runNode(previewOf(folder, id, out("spine"), "spinopelvic", 8));
    QVERIFY2(ran.code == 0, qPrintable(ran.err));
    const auto truth = imaging::readLandmarks(folder / "landmarksTr" / (id + ".mrk.json"));
    const auto given = imaging::readLandmarks(out("spine") / "tensor-landmarks.mrk.json");
    QVERIFY(truth && given);
    const auto distance = [](const Vec3 &a, const Vec3 &b) {
        return std::hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]);
    };
    int seen = 0;
    for (const auto &point : given->points) {
        if (point.visibility == imaging::Visibility::Absent)
            continue;
        const auto *there = truth->find(point.name);
        QVERIFY(there);
        QCOMPARE_LE(distance(point.position, there->position), 1e-3);
        ++seen;
    }
    QVERIFY(seen > 20);
    // In a patch a point lies on other pixels; led back through the patch's place it is where it was.
    const auto json = read(out("spine"));
    int checked = 0, moved = 0;
    for (const auto &patch : json["patches"]) {
        if (patch["deformed"].get<bool>())
            continue;
        const auto number = patch["patch"].get<int>();
        const auto points = imaging::readLandmarks(out("spine") / fmt::format("patch-{}-landmarks.mrk.json", number));
        const auto image = imaging::readNifti(out("spine") / fmt::format("patch-{}-0.nii", number));
        QVERIFY(points && image);
        const auto place = placeOf(patch);
        for (const auto &point : points->points) {
            if (point.visibility == imaging::Visibility::Absent)
                continue;
            const auto back = place.toPatient(image->geometry.toIndex(point.position));
            QCOMPARE_LE(distance(back, truth->find(point.name)->position), 0.01);
            moved += distance(point.position, truth->find(point.name)->position) > 1;
            ++checked;
        }
    }
    QVERIFY(checked > 20);
    QVERIFY(moved > 0);
}

void tst_PreviewCommand::whatCannotBeDoneIsSaidInOneLine()
{
    CONSILIUM_REAL_DATA(data, "hippocampus/site-east");
    const auto nobody = runNode(previewOf(data, "nobody", out("nobody"), "hippocampus", 1));
    QCOMPARE(nobody.code, 1);
    QCOMPARE(nobody.errLines().size(), 1);
    QVERIFY(nobody.err.contains("nobody"));
    QVERIFY(!fs::exists(out("nobody")));

    QVERIFY(test::writeText(QString::fromStdString((out("full") / "mine.txt").string()), "mine"));
    const auto full = runNode(previewOf(data, realCase, out("full"), "hippocampus", 1));
    QCOMPARE(full.code, 1);
    QCOMPARE(full.errLines().size(), 1);
    QVERIFY(full.err.contains("full"));
    QCOMPARE(readFile(out("full") / "mine.txt").value_or(""), std::string("mine"));

    auto both = previewOf(data, realCase, out("both"), "hippocampus", 1);
    both << "--plan"
         << "plan.json";
    QCOMPARE(runNode(both).code, 1);
}

QTEST_GUILESS_MAIN(tst_PreviewCommand)
#include "tst_preview_command.moc"
