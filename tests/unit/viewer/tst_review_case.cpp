// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/file.h"
#include "core/json.h"
#include "imaging/files/image_files.h"
#include "imaging/nifti.h"
#include "support/real_data.h"
#include "viewer/cases/case_findings.h"
#include "viewer/cases/case_source.h"
#include "viewer_fixtures.h"

#include <QTemporaryDir>
#include <QtTest>

using namespace consilium;
using namespace consilium::viewer;
using imaging::LabelMap;
using imaging::Volume;
namespace fs = std::filesystem;

class tst_ReviewCase : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void readsACaseFile();
    void severalLabelsAreStructures();
    void whatReadersSavedIsThereToo();
    void faultsNameTheFile();
    void plainFilesBecomeACase();
    void anEightBitImageIsNotASegmentation();
    void aLoneMaskIsShownAsAnImage();
    void foldersHoldCases();
    void rawDatasetsAreCases();
    void dicomSeriesAreCasesWithWhatWasDrawnOnThem();
    void aDicomFileOpensItsSeries();
    void lesionsFoundAndMissed();
    void modelOnAnotherGrid();
    void structuresHaveADiceEach();

private:
    void writeImage(const fs::path &file, const std::function<float(int, int, int)> &value);
    void writeMask(const fs::path &file, const std::function<int(int, int, int)> &value);
    void copyCtWithItsLiver(const fs::path &data);

    std::unique_ptr<QTemporaryDir> m_dir;
    fs::path m_folder;
    imaging::Geometry m_grid = test::gridOf("RAS", {12, 10, 8}, {1, 1, 2});
};

void tst_ReviewCase::init()
{
    m_dir = std::make_unique<QTemporaryDir>();
    m_folder = m_dir->path().toStdString();
}

void tst_ReviewCase::writeImage(const fs::path &file, const std::function<float(int, int, int)> &value)
{
    Volume volume{m_grid, std::vector<float>(static_cast<std::size_t>(m_grid.voxels()))};
    test::overGrid(m_grid, [&](int i, int j, int k, const imaging::Vec3 &) {
        volume.values[static_cast<std::size_t>(m_grid.offset(i, j, k))] = value(i, j, k);
    });
    fs::create_directories((m_folder / file).parent_path());
    QVERIFY(imaging::writeNifti(m_folder / file, volume));
}

void tst_ReviewCase::writeMask(const fs::path &file, const std::function<int(int, int, int)> &value)
{
    LabelMap labels{m_grid, std::vector<std::uint8_t>(static_cast<std::size_t>(m_grid.voxels()))};
    test::overGrid(m_grid, [&](int i, int j, int k, const imaging::Vec3 &) {
        labels.values[static_cast<std::size_t>(m_grid.offset(i, j, k))] = static_cast<std::uint8_t>(value(i, j, k));
    });
    fs::create_directories((m_folder / file).parent_path());
    QVERIFY(imaging::writeLabels(m_folder / file, labels));
}

namespace {

float ramp(int i, int j, int k)
{
    return 1000.0f + 7.5f * i + 100.0f * j + 3.25f * k;
}
int block(int i, int j, int k)
{
    return i >= 2 && i < 5 && j >= 2 && j < 5 && k >= 2 && k < 4 ? 1 : 0;
}
int nothing(int, int, int)
{
    return 0;
}

} // namespace

void tst_ReviewCase::readsACaseFile()
{
    writeImage("images/flair.nii.gz", ramp);
    writeMask("labels/ref.nii.gz", block);
    writeMask("out/local.nii.gz", nothing);
    QVERIFY(writeJson(
        m_folder / "case.json",
        Json{{"case", "case-003"},
             {"site", "north"},
             {"channels", {{{"name", "FLAIR"}, {"path", "images/flair.nii.gz"}}}},
             {"reference", "labels/ref.nii.gz"},
             {"labels", {"background", "lesion"}},
             {"predictions", {{{"name", "local: north"}, {"path", (m_folder / "out/local.nii.gz").string()}}}}}));
    const auto opened = loadReviewCase(m_folder / "case.json");
    QVERIFY2(opened, opened ? "" : opened.error().message.c_str());
    QCOMPARE(opened->id, std::string("case-003"));
    QCOMPARE(opened->site, std::string("north"));
    QCOMPARE(opened->channels.size(), std::size_t{1});
    QCOMPARE(opened->channels[0].name, std::string("FLAIR"));
    QCOMPARE(opened->channels[0].volume->at(3, 2, 1), ramp(3, 2, 1));
    QVERIFY(opened->reference);
    QCOMPARE(int(opened->reference->labels->at(2, 2, 2)), 1);
    QCOMPARE(opened->predictions.size(), std::size_t{1});
    QCOMPARE(opened->predictions[0].name, std::string("local: north"));
    QCOMPARE(opened->kind, LabelKind::Lesions);
}

void tst_ReviewCase::severalLabelsAreStructures()
{
    writeImage("t1.nii.gz", ramp);
    Json json{{"case", "h"},
              {"channels", {{{"name", "T1"}, {"path", "t1.nii.gz"}}}},
              {"labels", {"background", "anterior", "posterior"}}};
    QVERIFY(writeJson(m_folder / "case.json", json));
    QCOMPARE(loadReviewCase(m_folder / "case.json").value().kind, LabelKind::Structures);
    json["labels"] = {"background", "prostate"};
    json["kind"] = "structures";
    QVERIFY(writeJson(m_folder / "case.json", json));
    QCOMPARE(loadReviewCase(m_folder / "case.json").value().kind, LabelKind::Structures);
}

// Two readers corrected the case, one of them twice: the newest of each can be hung beside the models.
void tst_ReviewCase::whatReadersSavedIsThereToo()
{
    QTemporaryDir dir;
    const fs::path folder = dir.path().toStdU16String();
    const auto grid = test::gridOf("LPS", {4, 4, 4}, {1, 1, 1});
    QVERIFY(imaging::writeNifti(folder / "image.nii.gz", Volume{grid, std::vector<float>(64, 3.f)}));
    const std::pair<const char *, std::uint8_t> edits[] = {{"edited-anna-20260101-100000.nii.gz", 1},
                                                           {"edited-anna-20260102-090000.nii.gz", 0},
                                                           {"edited-van der Berg-20260101-120000.nii.gz", 1}};
    for (const auto &[name, value] : edits)
        QVERIFY(imaging::writeLabels(folder / name, LabelMap{grid, std::vector<std::uint8_t>(64, value)}));
    QVERIFY(writeJson(folder / "case.json",
                      {{"case", "a"}, {"channels", {{{"name", "FLAIR"}, {"path", "image.nii.gz"}}}}}));
    const auto opened = loadReviewCase(folder / "case.json");
    QVERIFY(opened);
    QCOMPARE(opened->predictions.size(), std::size_t{2});
    QCOMPARE(opened->predictions[0].name, std::string("edited: anna"));
    QCOMPARE(opened->predictions[0].labels->values.front(), std::uint8_t{0});
    QCOMPARE(opened->predictions[1].name, std::string("edited: van der Berg"));
}

void tst_ReviewCase::faultsNameTheFile()
{
    const auto missing = loadReviewCase(m_folder / "nowhere" / "case.json");
    QVERIFY(!missing);
    QCOMPARE(missing.error().code, ErrorCode::NotFound);

    QVERIFY(writeFileAtomically(m_folder / "case.json", "{\"case\": \"x\", "));
    const auto cut = loadReviewCase(m_folder / "case.json");
    QVERIFY(!cut);
    QCOMPARE(cut.error().code, ErrorCode::Malformed);
    QVERIFY(cut.error().message.find("case.json") != std::string::npos);

    for (const Json &bad : {Json{{"case", "x"}}, Json{{"case", "x"}, {"channels", Json::array()}}, Json{{"case", 3}},
                            Json{{"case", "x"}, {"channels", {{{"name", "T1"}}}}}, Json::array()}) {
        QVERIFY(writeJson(m_folder / "case.json", bad));
        const auto opened = loadReviewCase(m_folder / "case.json");
        QVERIFY(!opened);
        QCOMPARE(opened.error().code, ErrorCode::Malformed);
        QVERIFY(opened.error().message.find("case.json") != std::string::npos);
    }

    QVERIFY(writeJson(m_folder / "case.json",
                      Json{{"case", "x"}, {"channels", {{{"name", "T1"}, {"path", "gone.nii.gz"}}}}}));
    const auto gone = loadReviewCase(m_folder / "case.json");
    QVERIFY(!gone);
    QCOMPARE(gone.error().code, ErrorCode::NotFound);
    QVERIFY(gone.error().message.find("gone.nii.gz") != std::string::npos);
}

void tst_ReviewCase::plainFilesBecomeACase()
{
    writeImage("flair.nii.gz", ramp);
    writeMask("drawn.nii.gz", block); // whole numbers, few of them, same grid
    writeMask("lesions.nii", block);  // by its name
    const auto opened =
        reviewCaseFromFiles({m_folder / "flair.nii.gz", m_folder / "drawn.nii.gz", m_folder / "lesions.nii"});
    QVERIFY2(opened, opened ? "" : opened.error().message.c_str());
    QCOMPARE(opened->channels.size(), std::size_t{1});
    QCOMPARE(opened->channels[0].name, std::string("flair"));
    QVERIFY(opened->reference);
    QCOMPARE(opened->reference->name, std::string("lesions"));
    QCOMPARE(opened->predictions.size(), std::size_t{1});
    QCOMPARE(opened->predictions[0].name, std::string("drawn"));
    QVERIFY(!reviewCaseFromFiles({}));
}

void tst_ReviewCase::anEightBitImageIsNotASegmentation()
{
    writeImage("t1.nii.gz", ramp);
    writeImage("t2.nii.gz", [](int i, int j, int k) { return float((i * 17 + j * 5 + k) % 200); });
    const auto opened = reviewCaseFromFiles({m_folder / "t1.nii.gz", m_folder / "t2.nii.gz"});
    QVERIFY(opened);
    QCOMPARE(opened->channels.size(), std::size_t{2});
    QVERIFY(!opened->reference);
}

void tst_ReviewCase::aLoneMaskIsShownAsAnImage()
{
    writeMask("mask.nii.gz", block);
    const auto opened = reviewCaseFromFiles({m_folder / "mask.nii.gz"});
    QVERIFY(opened);
    QCOMPARE(opened->channels.size(), std::size_t{1});
    QVERIFY(!opened->reference);
}

void tst_ReviewCase::foldersHoldCases()
{
    writeImage("study/cases/case-b/t1.nii.gz", ramp);
    for (const char *id : {"case-b", "case-a"}) {
        fs::create_directories(m_folder / "study/cases" / id);
        QVERIFY(writeJson(m_folder / "study/cases" / id / "case.json",
                          Json{{"case", id}, {"channels", {{{"name", "T1"}, {"path", "../case-b/t1.nii.gz"}}}}}));
    }
    const auto cases = findCases({m_folder / "study"});
    QVERIFY(cases);
    QCOMPARE(cases->size(), std::size_t{2});
    QCOMPARE(cases->front().title, std::string("case-a"));
    QVERIFY(loadReviewCase(cases->front()));

    fs::create_directories(m_folder / "empty");
    const auto none = findCases({m_folder / "empty"});
    QVERIFY(!none);
    QCOMPARE(none.error().code, ErrorCode::NotFound);
    QVERIFY(none.error().message.find("empty") != std::string::npos);
}

void tst_ReviewCase::rawDatasetsAreCases()
{
    for (const char *id : {"h_001", "h_002"}) {
        writeImage(std::string("imagesTr/") + id + "_0000.nii.gz", ramp);
        writeMask(std::string("labelsTr/") + id + ".nii.gz", block);
    }
    QVERIFY(
        writeJson(m_folder / "dataset.json", Json{{"channel_names", {{"0", "T1"}}},
                                                  {"labels", {{"background", 0}, {"anterior", 1}, {"posterior", 2}}}}));
    const auto cases = findCases({m_folder});
    QVERIFY(cases);
    QCOMPARE(cases->size(), std::size_t{2});
    const auto opened = loadReviewCase(cases->at(1));
    QVERIFY(opened);
    QCOMPARE(opened->id, std::string("h_002"));
    QCOMPARE(opened->channels.at(0).name, std::string("T1"));
    QVERIFY(opened->reference);
    QCOMPARE(opened->labels, (std::vector<std::string>{"background", "anterior", "posterior"}));
    QCOMPARE(opened->kind, LabelKind::Structures);
}

void tst_ReviewCase::copyCtWithItsLiver(const fs::path &data)
{
    for (const char *slice : {"01.dcm", "02.dcm", "03.dcm"})
        fs::copy_file(data / "ct-3slice" / slice, m_folder / slice);
    fs::copy_file(data / "liver.dcm", m_folder / "SEG0001");
}

void tst_ReviewCase::dicomSeriesAreCasesWithWhatWasDrawnOnThem()
{
    CONSILIUM_REAL_DATA(data, "dicom/seg");
    copyCtWithItsLiver(data);
    const auto cases = findCases({m_folder});
    QVERIFY2(cases, cases ? "" : cases.error().message.c_str());
    QCOMPARE(cases->size(), std::size_t{1});
    const auto opened = loadReviewCase(cases->front());
    QVERIFY2(opened, opened ? "" : opened.error().message.c_str());
    QCOMPARE(opened->channels.at(0).volume->geometry.size, (imaging::Index3{512, 512, 3}));
    // The label image that the segmentation was made from.
    const auto drawn = imaging::readLabelImage(data / "liver_seg.nrrd");
    QVERIFY(drawn);
    QVERIFY(opened->reference);
    QVERIFY(opened->reference->labels->values == drawn->values);
}

void tst_ReviewCase::aDicomFileOpensItsSeries()
{
    CONSILIUM_REAL_DATA(data, "dicom/seg");
    copyCtWithItsLiver(data);
    const auto cases = findCases({m_folder / "02.dcm"});
    QVERIFY2(cases, cases ? "" : cases.error().message.c_str());
    QCOMPARE(cases->size(), std::size_t{1});
    QVERIFY(cases->front().series);
    QCOMPARE(cases->front().series->frames.front().size(), std::size_t{3});
    bool asked = false;
    const auto cancelled = findCases({m_folder}, [&](std::size_t, std::size_t) { return !(asked = true); });
    QVERIFY(asked && !cancelled);
    QCOMPARE(cancelled.error().code, ErrorCode::Cancelled);
}

namespace {

std::shared_ptr<const LabelMap> mapOf(const imaging::Geometry &grid, const std::function<int(int, int, int)> &value)
{
    auto labels =
        std::make_shared<LabelMap>(LabelMap{grid, std::vector<std::uint8_t>(static_cast<std::size_t>(grid.voxels()))});
    test::overGrid(grid, [&](int i, int j, int k, const imaging::Vec3 &) {
        labels->values[static_cast<std::size_t>(grid.offset(i, j, k))] = static_cast<std::uint8_t>(value(i, j, k));
    });
    return labels;
}

} // namespace

void tst_ReviewCase::lesionsFoundAndMissed()
{
    // Voxels of 2 mm^3. Reference: a block of 3 x 3 x 2 = 18 voxels (0.036 mL) and a single voxel (0.002 mL). The model
    // draws half of the block (9 voxels: Dice 2 * 9 / (19 + 9 + 4)), misses the single one, and adds 4 voxels of its
    // own (0.008 mL).
    ReviewCase opened;
    opened.reference = Segmentation{"reference", mapOf(m_grid, [](int i, int j, int k) {
                                        return block(i, j, k) || (i == 10 && j == 8 && k == 6) ? 1 : 0;
                                    })};
    opened.predictions.push_back({"model", mapOf(m_grid, [](int i, int j, int k) {
                                      return (block(i, j, k) && k == 2) || (i >= 8 && j == 0 && k == 0) ? 1 : 0;
                                  })});
    const CaseFindings findings = findingsOf(opened);
    QCOMPARE(findings.lesions.size(), std::size_t{3});
    const double millilitres[] = {0.036, 0.008, 0.002};
    const bool inReference[] = {true, false, true}, inModel[] = {true, true, false};
    for (std::size_t i = 0; i < 3; ++i) {
        QVERIFY(std::abs(findings.lesions[i].millilitres - millilitres[i]) < 1e-9);
        QCOMPARE(findings.lesions[i].inReference, inReference[i]);
        QCOMPARE(bool(findings.lesions[i].inModel.at(0)), inModel[i]);
    }
    // The position lies inside the lesion.
    const auto index = m_grid.toIndex(findings.lesions[2].position);
    QVERIFY(std::abs(index[0] - 10) + std::abs(index[1] - 8) + std::abs(index[2] - 6) < 1e-6);
    QVERIFY(std::abs(*findings.referenceMillilitres - 0.038) < 1e-9);
    QVERIFY(std::abs(findings.models.at(0).millilitres - 0.026) < 1e-9);
    QVERIFY(std::abs(*findings.models.at(0).dice - 18.0 / 32) < 1e-9);
}

void tst_ReviewCase::modelOnAnotherGrid()
{
    // The same block, by patient position, in a file turned to LPS: every voxel agrees.
    ReviewCase opened;
    opened.reference = Segmentation{"reference", mapOf(m_grid, block)};
    const auto turned = test::gridOf("LPS", {12, 10, 8}, {1, 1, 2});
    opened.predictions.push_back({"model", mapOf(turned, [](int i, int j, int k) { return block(11 - i, 9 - j, k); })});
    const CaseFindings findings = findingsOf(opened);
    QCOMPARE(*findings.models.at(0).dice, 1.0);
    QVERIFY(findings.lesions.at(0).inModel.at(0));
}

void tst_ReviewCase::structuresHaveADiceEach()
{
    // Anterior: 2 of 2 voxels found; posterior: 1 of 2.
    ReviewCase opened;
    opened.labels = {"background", "anterior", "posterior"};
    opened.kind = LabelKind::Structures;
    opened.reference = Segmentation{"reference", mapOf(m_grid, [](int i, int j, int k) {
                                        return j || k ? 0 : i < 2 ? 1 : i < 4 ? 2 : 0;
                                    })};
    opened.predictions.push_back({"model", mapOf(m_grid, [](int i, int j, int k) {
                                      return j || k ? 0 : i < 2 ? 1 : i < 3 ? 2 : 0;
                                  })});
    const CaseFindings findings = findingsOf(opened);
    QVERIFY(findings.lesions.empty());
    QCOMPARE(findings.structures.size(), std::size_t{2});
    QCOMPARE(findings.structures[0].name, std::string("anterior"));
    QVERIFY(std::abs(*findings.structures[1].millilitres - 0.004) < 1e-9);
    QCOMPARE(*findings.structures[0].dice.at(0), 1.0);
    QVERIFY(std::abs(*findings.structures[1].dice.at(0) - 2.0 / 3) < 1e-9);
    QVERIFY(std::abs(*findings.models.at(0).dice - (1 + 2.0 / 3) / 2) < 1e-9);
}

QTEST_GUILESS_MAIN(tst_ReviewCase)
#include "tst_review_case.moc"
