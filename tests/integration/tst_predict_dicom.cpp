// SPDX-License-Identifier: GPL-3.0-or-later
// A DICOM folder in, NIfTI and DICOM SEG out: the same voxels as from the NIfTI of the same images.
#include "imaging/dicom/segmentation.h"
#include "imaging/dicom/series_writer.h"
#include "imaging/nifti.h"
#include "support/node_program.h"
#include "support/small_dataset.h"

#include "core/json.h"
#include "core/random.h"

#include <QJsonArray>
#include <QTemporaryDir>
#include <QtTest>
#include <algorithm>

using namespace consilium;
using namespace consilium::imaging;
using namespace consilium::test;

namespace {

/// A bright brick in noise, somewhere else for each seed.
struct Brick
{
    Volume image;
    LabelMap labels;
};

Brick brick(const Geometry &geometry, std::uint64_t seed)
{
    Brick made{{geometry, {}}, {geometry, {}}};
    Random random(seed);
    const Index3 at{4 + random.below(8), 4 + random.below(8), 4 + random.below(8)};
    for (int k = 0; k < geometry.size[2]; ++k)
        for (int j = 0; j < geometry.size[1]; ++j)
            for (int i = 0; i < geometry.size[0]; ++i) {
                const auto in = [](int value, int first) { return value >= first && value < first + 12; };
                const bool inside = in(i, at[0]) && in(j, at[1]) && in(k, at[2]);
                made.labels.values.push_back(inside ? 1 : 0);
                made.image.values.push_back(static_cast<float>((inside ? 900 : 100) + random.below(60)));
            }
    return made;
}

/// Sagittal slices, as DICOM counts them.
Geometry sagittal()
{
    Geometry geometry;
    geometry.size = {36, 34, 32};
    geometry.origin = {-15, 20, 40};
    geometry.direction = {Vec3{0, 0, -1}, Vec3{1, 0, 0}, Vec3{0, -1, 0}};
    return geometry;
}

} // namespace

class tst_PredictDicom : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void dicomGivesWhatNiftiGives();
    void severalChannelsAreRefused();

private:
    QString path(const QString &name) const { return m_folder.filePath(name); }
    void plan(const QByteArray &task, const QString &data, const QString &out);
    QTemporaryDir m_folder;
};

void tst_PredictDicom::plan(const QByteArray &task, const QString &data, const QString &out)
{
    QVERIFY(writeText(path("task.json"), task));
    const auto taken =
        runNode({"fingerprint", "--data", data, "--task", path("task.json"), "--out", path("fingerprint.json")});
    QVERIFY2(taken.code == 0, qPrintable(taken.err));
    const auto planned =
        runNode({"plan", "--task", path("task.json"), "--fingerprint", path("fingerprint.json"), "--out", out});
    QVERIFY2(planned.code == 0, qPrintable(planned.err));
}

/// Trains for a few seconds on something that can be told by its brightness alone.
void tst_PredictDicom::initTestCase()
{
    const SmallDataset data(path("data").toStdString());
    QVERIFY(data.describe());
    Geometry geometry;
    geometry.size = {32, 32, 32};
    for (int n = 0; n < 4; ++n) {
        const auto made = brick(geometry, std::uint64_t(n));
        const auto id = fmt::format("case-{}", n);
        std::filesystem::create_directories(data.image(id).parent_path());
        std::filesystem::create_directories(data.labels(id).parent_path());
        QVERIFY(writeNifti(data.image(id), made.image));
        QVERIFY(writeLabels(data.labels(id), made.labels));
    }
    auto task = tinyTask(1, 16);
    task.replace(R"(["FLAIR", "T1"])", R"(["T1"])");
    task.replace("0.003", "0.03");
    plan(task, path("data"), path("plan.json"));
    const auto trained =
        runNode({"train", "--plan", path("plan.json"), "--data", path("data"), "--out", path("trained")});
    QVERIFY2(trained.code == 0, qPrintable(trained.err));

    dicom::SeriesDescription description;
    description.description = "T1 sagittal";
    description.patientName = "Mustermann^Erika";
    description.seriesNumber = "7";
    description.uidSeed = "predict";
    const auto made = brick(sagittal(), 9);
    QVERIFY(dicom::writeSeries(path("images/deep/in").toStdString(), made.image, description));
    QVERIFY(writeNifti(path("same.nii.gz").toStdString(), made.image));
}

void tst_PredictDicom::dicomGivesWhatNiftiGives()
{
    const QStringList model{"--model", path("trained/model.safetensors"), "--plan", path("plan.json")};
    const auto fromNifti =
        runNode(QStringList{"predict"} + model + QStringList{"--in", path("same.nii.gz"), "--out", path("nifti")});
    QVERIFY2(fromNifti.code == 0, qPrintable(fromNifti.err));
    const auto expected = readLabels(path("nifti/same.nii.gz").toStdString());
    QVERIFY(expected);
    QVERIFY(std::count(expected->values.begin(), expected->values.end(), 1) > 200);

    const auto ran =
        runNode(QStringList{"predict"} + model + QStringList{"--in", path("images"), "--out", path("out"), "--json"});
    QVERIFY2(ran.code == 0, qPrintable(ran.err));
    const auto entry = QJsonDocument::fromJson(ran.out.toUtf8()).object()["predictions"].toArray().at(0).toObject();
    QCOMPARE(entry["case"].toString(), "007_T1-sagittal"); // and not the patient's name
    const auto labels = readLabels(entry["labels"].toString().toStdString());
    QVERIFY(labels);
    QVERIFY(labels->geometry.sameGrid(expected->geometry));
    QVERIFY(labels->values == expected->values);

    const auto series = dicom::scanSeries(path("images").toStdString());
    QVERIFY(series);
    QCOMPARE(entry["series"].toString().toStdString(), series->series.at(0).uid);
    const auto segmentation =
        dicom::readSegmentation(entry["segmentation"].toString().toStdString(), &expected->geometry);
    QVERIFY2(segmentation, segmentation ? "" : segmentation.error().line().c_str());
    QVERIFY(segmentation->merged().values == expected->values);
    QCOMPARE(segmentation->segments.at(0).label, "lesion");
    QCOMPARE(segmentation->segments.at(0).type.value, "52988006");
    // The series as NIfTI was there for the model alone.
    QCOMPARE(QDir(path("out")).entryList(QDir::Files | QDir::Hidden).size(), 2);
}

void tst_PredictDicom::severalChannelsAreRefused()
{
    auto two = readJson(path("plan.json").toStdString());
    QVERIFY(two);
    (*two)["data"]["channels"] = {"FLAIR", "T1"};
    auto &normalisation = (*two)["preprocessing"]["normalisation"];
    normalisation.push_back(normalisation.at(0));
    QVERIFY(writeJson(path("two.json").toStdString(), *two));
    const auto ran = runNode({"predict", "--model", path("trained/model.safetensors"), "--plan", path("two.json"),
                              "--in", path("images"), "--out", path("two")});
    QCOMPARE(ran.code, 1);
    QCOMPARE(ran.errLines().size(), 1);
    QVERIFY2(ran.err.contains("needs 2 channels"), qPrintable(ran.err));
}

QTEST_GUILESS_MAIN(tst_PredictDicom)
#include "tst_predict_dicom.moc"
