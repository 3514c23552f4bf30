// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/file.h"
#include "core/json.h"
#include "imaging/nifti.h"
#include "spinopelvic_sets.h"
#include "support/real_data.h"
#include "viewer/cases/case_landmarks.h"
#include "viewer/cases/case_source.h"

#include <QTemporaryDir>
#include <QtTest>

using namespace consilium;
using namespace consilium::viewer;
using imaging::LandmarkSet;
using imaging::Visibility;
namespace fs = std::filesystem;

class tst_CaseLandmarks : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void caseFilesNameTheirPoints();
    void faultsNameTheFile();
    void rawDatasetsHavePointsInPlaceOfLabels();
    void filesBesideAnImage();
    void readersFilesAreNotModels();
    void pointsAloneAreNoCase();
    void pointsChosenWithADicomSeries();

private:
    void writeImage(const fs::path &file)
    {
        fs::create_directories(file.parent_path());
        QVERIFY(imaging::writeNifti(file, *test::radiograph(test::Picture::Patient)));
    }

    std::unique_ptr<QTemporaryDir> m_dir;
    fs::path m_folder;
    LandmarkSet m_points = test::landmarksOf(test::workedSets().front(), test::Picture::Patient), m_fewer;
};

void tst_CaseLandmarks::init()
{
    m_dir = std::make_unique<QTemporaryDir>();
    m_folder = m_dir->path().toStdString();
    m_fewer = m_points;
    m_fewer.points.erase(m_fewer.points.begin() + 1);
}

void tst_CaseLandmarks::caseFilesNameTheirPoints()
{
    // As the node writes a test case of a landmark study for the review.
    writeImage(m_folder / "image.nii.gz");
    QVERIFY(imaging::writeLandmarks(m_folder / "reference.mrk.json", m_points));
    QVERIFY(imaging::writeLandmarks(m_folder / "federated.mrk.json", m_fewer));
    std::vector<std::string> names;
    for (auto point = m_points.points.rbegin(); point != m_points.points.rend(); ++point)
        names.push_back(point->name);
    Json description{
        {"case", "spine-1"}, {"site", "north"}, {"channels", {{{"name", "X-ray"}, {"path", "image.nii.gz"}}}}};
    description["landmarks"] = {{"names", names},
                                {"reference", (m_folder / "reference.mrk.json").string()},
                                {"predictions", {{{"name", "federated: round 3"}, {"path", "federated.mrk.json"}}}}};
    QVERIFY(writeJson(m_folder / "case.json", description));
    const auto opened = loadReviewCase(m_folder / "case.json");
    QVERIFY(opened);
    QCOMPARE(opened->landmarkNames, names);
    QVERIFY(opened->referenceLandmarks && !opened->reference);
    QCOMPARE(opened->referenceLandmarks->points.points.front().name, m_points.points.back().name);
    QCOMPARE(opened->landmarkPredictions.size(), 1U);
    const NamedLandmarks &model = opened->landmarkPredictions.front();
    QCOMPARE(model.name, std::string("federated: round 3"));
    QVERIFY(fs::equivalent(model.file, m_folder / "federated.mrk.json"));
    QCOMPARE(model.points.points.size(), m_points.points.size());
    QCOMPARE(model.points.find(m_points.points[1].name)->visibility, Visibility::Absent);
    QCOMPARE(model.points.find(m_points.points[2].name)->position, m_points.points[2].position);
}

void tst_CaseLandmarks::faultsNameTheFile()
{
    writeImage(m_folder / "image.nii.gz");
    Json description{{"case", "spine-1"}, {"channels", {{{"name", "X-ray"}, {"path", "image.nii.gz"}}}}};
    description["landmarks"] = {{"names", {"S1 anterior"}}, {"reference", "gone.mrk.json"}};
    QVERIFY(writeJson(m_folder / "case.json", description));
    auto opened = loadReviewCase(m_folder / "case.json");
    QVERIFY(!opened && opened.error().code == ErrorCode::NotFound);
    QVERIFY(opened.error().message.find("gone.mrk.json") != std::string::npos);

    QVERIFY(imaging::writeLandmarks(m_folder / "gone.mrk.json", m_points)); // points that the task does not have
    opened = loadReviewCase(m_folder / "case.json");
    QVERIFY(!opened && opened.error().code == ErrorCode::Invalid);
    description["landmarks"] = {{"predictions", "none"}};
    QVERIFY(writeJson(m_folder / "case.json", description));
    opened = loadReviewCase(m_folder / "case.json");
    QVERIFY(!opened && opened.error().code == ErrorCode::Malformed);
}

void tst_CaseLandmarks::rawDatasetsHavePointsInPlaceOfLabels()
{
    for (const char *id : {"a", "b", "c"})
        writeImage(m_folder / "imagesTr" / (std::string(id) + "_0000.nii.gz"));
    QVERIFY(imaging::writeLandmarks(m_folder / "landmarksTr" / "a.mrk.json", m_points));
    QVERIFY(imaging::writeLandmarks(m_folder / "landmarksTr" / "b.csv", m_fewer));
    QVERIFY(writeJson(m_folder / "dataset.json", {{"channel_names", {{"0", "X-ray"}}}}));
    const auto cases = findCases({m_folder});
    QVERIFY(cases);
    QCOMPARE(cases->size(), 3U);
    const std::size_t wanted[] = {m_points.points.size(), m_fewer.points.size(), 0};
    for (std::size_t n = 0; n < 3; ++n) {
        const auto opened = loadReviewCase(cases->at(n));
        QVERIFY(opened);
        QCOMPARE(opened->channels.front().name, std::string("X-ray"));
        QVERIFY(!opened->reference);
        QCOMPARE(opened->referenceLandmarks ? opened->referenceLandmarks->points.points.size() : 0, wanted[n]);
    }
}

void tst_CaseLandmarks::filesBesideAnImage()
{
    writeImage(m_folder / "spine.nii.gz");
    QVERIFY(imaging::writeLandmarks(m_folder / "markups.json", m_points));
    QVERIFY(imaging::writeLandmarks(m_folder / "spine.csv", m_fewer));
    QVERIFY(imaging::writeLandmarks(m_folder / "model.mrk.json", m_points));
    QVERIFY(writeFileAtomically(m_folder / "patients.csv", "name,age\nx,3\n"));
    // Chosen together: in the order of choice, whichever comes first.
    auto cases = findCases({m_folder / "markups.json", m_folder / "spine.nii.gz", m_folder / "spine.csv"});
    QVERIFY(cases);
    QCOMPARE(cases->size(), 1U);
    QCOMPARE(cases->front().title, std::string("spine"));
    auto opened = loadReviewCase(cases->front());
    QVERIFY(opened);
    QCOMPARE(opened->referenceLandmarks->points.points.size(), m_points.points.size());
    QCOMPARE(opened->landmarkPredictions.size(), 1U);
    QCOMPARE(opened->landmarkPredictions[0].name, std::string("spine"));
    // A folder: what is Markups by its name, and the table named like the image; not just any table.
    cases = findCases({m_folder});
    QVERIFY(cases);
    QCOMPARE(cases->size(), 1U);
    opened = loadReviewCase(cases->front());
    QVERIFY(opened);
    QCOMPARE(opened->referenceLandmarks->name, std::string("model"));
    QCOMPARE(opened->landmarkPredictions.size(), 1U);
}

void tst_CaseLandmarks::readersFilesAreNotModels()
{
    writeImage(m_folder / "spine.nii.gz");
    QVERIFY(imaging::writeLandmarks(m_folder / "landmarks-anna.mrk.json", m_points));
    const auto cases = findCases({m_folder});
    QVERIFY(cases);
    const auto opened = loadReviewCase(cases->front());
    QVERIFY(opened && !opened->referenceLandmarks && opened->landmarkPredictions.empty());
}

void tst_CaseLandmarks::pointsAloneAreNoCase()
{
    QVERIFY(imaging::writeLandmarks(m_folder / "points.mrk.json", m_points));
    const auto cases = findCases({m_folder / "points.mrk.json"});
    QVERIFY(cases);
    const auto opened = loadReviewCase(cases->front());
    QVERIFY(!opened && opened.error().code == ErrorCode::Invalid && !opened.error().hint.empty());
}

void tst_CaseLandmarks::pointsChosenWithADicomSeries()
{
    CONSILIUM_REAL_DATA(data, "dicom/seg");
    for (const char *slice : {"01.dcm", "02.dcm", "03.dcm"})
        fs::copy_file(data / "ct-3slice" / slice, m_folder / slice);
    QVERIFY(imaging::writeLandmarks(m_folder / "points.mrk.json", m_points));
    const auto cases = findCases({m_folder / "02.dcm", m_folder / "points.mrk.json"});
    QVERIFY(cases);
    QCOMPARE(cases->size(), 1U);
    const auto opened = loadReviewCase(cases->front());
    QVERIFY(opened);
    QCOMPARE(opened->channels.front().volume->geometry.size, (imaging::Index3{512, 512, 3}));
    QVERIFY(opened->referenceLandmarks && !opened->reference);
    QCOMPARE(opened->referenceLandmarks->points.points.size(), m_points.points.size());
}

QTEST_GUILESS_MAIN(tst_CaseLandmarks)
#include "tst_case_landmarks.moc"
