// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/quality/quality.h"

#include "core/file.h"
#include "core/random.h"
#include "imaging/nifti.h"

#include "support/real_data.h"

#include <QTemporaryDir>
#include <QtTest>
#include <algorithm>
#include <cmath>

using namespace consilium;
using namespace consilium::imaging;

namespace fs = std::filesystem;

namespace {

const char *const s_patients[] = {"case-07", "case-19"};

QualityLimits lesionLimits()
{
    QualityLimits limits;
    limits.spacing = Vec3{1, 1, 1};
    limits.brain = true;
    limits.channels = {"FLAIR", "T1"};
    return limits;
}

// The grid and the values without the last `lost` slices along k.
template <typename Grid>
Grid withoutTop(Grid grid, int lost)
{
    grid.geometry.size[2] -= lost;
    grid.values.resize(static_cast<std::size_t>(grid.geometry.voxels()));
    return grid;
}

template <typename Grid>
Grid spaced(Grid grid, double spacing)
{
    grid.geometry.spacing = {spacing, spacing, spacing};
    return grid;
}

// Noise of 15 % of the full brightness, as a magnitude image has it (Gudbjartsson and Patz 1995).
Volume noisy(Volume volume, std::uint64_t seed)
{
    const double deviation = 0.15 * valueRange(volume.values).high;
    Random random(seed);
    for (auto &value : volume.values)
        if (value != 0) // a brain cut out stays cut out
            value = static_cast<float>(
                std::hypot(double{value} + random.normal(0, deviation), random.normal(0, deviation)));
    return volume;
}

LabelMap mirrored(LabelMap labels)
{
    const auto width = labels.geometry.size[0];
    for (auto row = labels.values.begin(); row != labels.values.end(); row += width)
        std::reverse(row, row + width);
    return labels;
}

bool fails(const QualityReport &report, std::string_view check)
{
    return std::any_of(report.findings.begin(), report.findings.end(), [&](const QualityFinding &finding) {
        return finding.check == check && finding.verdict == Verdict::Fail;
    });
}

} // namespace

class tst_Quality : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void passesRealCasesAndFlagsTheirCopies();
    void passesHippocampi();
    void findsDuplicates();
    void saysWhatItCouldNotRead();
    void tellsProgressAndStops();
    void writesJson();
    void largeCasesAreLookedAtFewAtOnce();

private:
    fs::path folder() const { return m_folder.path().toStdString(); }

    template <typename Grid>
    fs::path written(const std::string &name, const Grid &grid)
    {
        const auto file = folder() / (name + ".nii");
        bool done = false;
        if constexpr (std::is_same_v<Grid, Volume>)
            done = writeNifti(file, grid).has_value();
        else
            done = writeLabels(file, grid).has_value();
        if (!done)
            qFatal("The temporary folder cannot be written");
        return file;
    }

    QualityCase small(const std::string &id, float value)
    {
        Volume volume;
        volume.geometry.size = {6, 5, 4};
        for (int n = 0; n < 120; ++n)
            volume.values.push_back(value + static_cast<float>(n));
        return {id, {written(id, volume)}, {}};
    }

    QTemporaryDir m_folder;
};

void tst_Quality::passesRealCasesAndFlagsTheirCopies()
{
    CONSILIUM_REAL_DATA(data, "ms-lesions");
    // Looked at together are cases that share no image, since duplicates are another matter. One wrong image is enough.
    struct Copies
    {
        QualityLimits limits;
        std::vector<QualityCase> cases;
        std::vector<std::string> checks; // that fail; empty for an original
    };
    Copies originals{lesionLimits(), {}, {}}, copies = originals;
    copies.limits.channels = {"FLAIR"};
    Copies mirroredLabels = copies, labelsOfTheOther = copies, wrongChannel = copies;
    for (const std::string patient : s_patients) {
        const auto flairFile = data / patient / "flair.nii.gz", t1File = data / patient / "t1.nii.gz";
        const auto labelFile = data / patient / "lesions.nii.gz";
        const auto flair = readNifti(flairFile);
        const auto labels = readLabels(labelFile);
        QVERIFY(flair && labels);
        const auto add = [&](const std::string &title, const Volume &image, const LabelMap &map, const char *check) {
            const auto id = patient + " " + title;
            copies.cases.push_back({id, {written(id + " flair", image)}, written(id + " labels", map)});
            copies.checks.push_back(check);
        };
        const int lost = 182 - 138 + 12; // the brains end at slices 142 and 138
        add("cropped", withoutTop(*flair, lost), withoutTop(*labels, lost), "coverage");
        add("noisy", noisy(*flair, 1), *labels, "snr");
        add("spaced", spaced(*flair, 1.2), spaced(*labels, 1.2), "spacing");

        originals.cases.push_back({patient, {flairFile, t1File}, labelFile});
        originals.checks.push_back("");
        mirroredLabels.cases.push_back(
            {patient + " mirrored", {flairFile}, written(patient + " mirrored", mirrored(*labels))});
        mirroredLabels.checks.push_back("labels");
        wrongChannel.cases.push_back({patient + " with T1 for FLAIR", {t1File}, labelFile});
        wrongChannel.checks.push_back("labels");
        const auto other = data / (patient == s_patients[0] ? s_patients[1] : s_patients[0]) / "lesions.nii.gz";
        labelsOfTheOther.cases.push_back({patient + " with labels of the other", {flairFile}, other});
        labelsOfTheOther.checks.push_back("labels");
    }
    for (const auto &[limits, cases, checks] : {originals, copies, mirroredLabels, labelsOfTheOther, wrongChannel}) {
        const auto reports = checkQuality(cases, limits);
        QVERIFY(reports);
        for (std::size_t n = 0; n < cases.size(); ++n) {
            const auto &report = (*reports)[n];
            const auto &check = checks[n];
            const auto text = summary(report);
            const auto expected = check.empty() ? Verdict::Pass : Verdict::Fail;
            QVERIFY2(report.verdict == expected, text.c_str());
            QCOMPARE(report.reason().empty(), check.empty());
            QCOMPARE(report.pixelHashes.size(), cases[n].channels.size());
            QVERIFY(!report.thumbnail.pixels.empty());
            // What is wrong is what is said to be wrong, and nothing else.
            for (const std::string_view name : {"file", "spacing", "snr", "coverage", "agreement", "labels"})
                QVERIFY2(fails(report, name) == (name == check), text.c_str());
        }
    }
}

void tst_Quality::passesHippocampi()
{
    CONSILIUM_REAL_DATA(data, "hippocampus");
    QualityLimits limits;
    limits.spacing = Vec3{1, 1, 1};
    limits.channels = {"T1"};
    limits.labelCount = 3;
    std::vector<QualityCase> cases;
    for (const auto *site : {"site-north", "site-south", "site-east", "site-west"})
        for (const auto &entry : fs::directory_iterator(data / site / "imagesTr")) {
            auto name = entry.path().filename().string();
            name.erase(name.find("_0000"));
            if (name.starts_with("."))
                continue;
            cases.push_back({name, {entry.path()}, data / site / "labelsTr" / (name + ".nii.gz")});
        }
    QCOMPARE(cases.size(), 200U);
    const auto reports = checkQuality(cases, limits);
    QVERIFY(reports);
    for (std::size_t n = 0; n < cases.size(); ++n) {
        QCOMPARE((*reports)[n].caseId, cases[n].id);
        QVERIFY2((*reports)[n].verdict == Verdict::Pass, summary((*reports)[n]).c_str());
    }
}

void tst_Quality::findsDuplicates()
{
    auto twice = small("d", 4);
    twice.channels.push_back(twice.channels.front());
    const std::vector<QualityCase> cases{small("a", 1), small("b", 2), {"c", small("e", 1).channels, {}}, twice};
    const auto reports = checkQuality(cases, {});
    QVERIFY(reports);
    QVERIFY(fails((*reports)[0], "duplicate") && (*reports)[0].reason().find("one of c") != std::string::npos);
    QVERIFY((*reports)[1].verdict == Verdict::Pass);
    QVERIFY(fails((*reports)[2], "duplicate") && (*reports)[2].reason().find("one of a") != std::string::npos);
    QVERIFY(fails((*reports)[3], "duplicate") && (*reports)[3].reason().find("of the case") != std::string::npos);
}

void tst_Quality::saysWhatItCouldNotRead()
{
    const auto broken = folder() / "broken.nii";
    QVERIFY(writeFileAtomically(broken, "no image"));
    auto bad = small("labels", 9);
    Volume fraction;
    fraction.geometry.size = {6, 5, 4};
    fraction.values.assign(120, 0.5F);
    bad.labels = written("fraction", fraction);
    QualityLimits limits;
    limits.channels = {"T1"};
    const auto reports = checkQuality(
        {{"broken", {broken}, {}}, {"missing", {folder() / "none.nii"}, {}}, {"empty", {}, {}}, bad}, limits);
    QVERIFY(reports);
    for (std::size_t n = 0; n < 3; ++n) {
        const auto &report = (*reports)[n];
        QVERIFY2(report.verdict == Verdict::Fail && fails(report, "file"), report.caseId.c_str());
    }
    QVERIFY((*reports)[0].reason().find("broken.nii") != std::string::npos);
    QVERIFY((*reports)[1].reason().find("none.nii") != std::string::npos);
    QVERIFY(fails((*reports)[3], "labels"));
    QVERIFY((*reports)[3].reason().find("fraction.nii") != std::string::npos);
}

void tst_Quality::tellsProgressAndStops()
{
    std::vector<QualityCase> cases;
    for (int n = 0; n < 9; ++n)
        cases.push_back(small("p" + std::to_string(n), static_cast<float>(1000 * n)));
    for (const int threads : {1, 4}) {
        std::size_t last = 0;
        const auto reports = checkQuality(cases, {}, {threads, [&](std::size_t done, std::size_t total) {
                                                          const bool inOrder = done == last + 1 && total == 9;
                                                          last = done;
                                                          return inOrder;
                                                      }});
        QVERIFY(reports);
        QCOMPARE(last, 9U);
        for (std::size_t n = 0; n < cases.size(); ++n)
            QCOMPARE((*reports)[n].caseId, cases[n].id);

        std::size_t calls = 0;
        const auto stopped =
            checkQuality(cases, {}, {threads, [&](std::size_t done, std::size_t) { return ++calls, done < 3; }});
        QVERIFY(!stopped);
        QVERIFY(stopped.error().code == ErrorCode::Cancelled);
        QVERIFY(calls < 9);
    }
    QVERIFY(checkQuality({}, {})->empty());
}

void tst_Quality::writesJson()
{
    QualityReport report{"c1",
                         Verdict::Fail,
                         {{"spacing", Verdict::Warn, 0.2, "a little"},
                          {"snr", Verdict::Fail, 3, "noisy"},
                          {"labels", Verdict::Pass, 1, "fine"}},
                         {"ab", "cd"},
                         {}};
    const auto json = toJson(report);
    QVERIFY(json["case"] == "c1" && json["verdict"] == "fail" && json["reason"] == "noisy");
    QCOMPARE(json["findings"].size(), 3U);
    QVERIFY(json["findings"][0]["check"] == "spacing" && json["findings"][0]["verdict"] == "warn");
    QVERIFY(json["findings"][1]["value"] == 3.0 && json["pixelHashes"][1] == "cd");
    QCOMPARE(summary(report), std::string("c1: fail: noisy (and 1 more)"));
    QCOMPARE(summary({"c2", Verdict::Pass, {}, {}, {}}), std::string("c2: pass"));
}

// Eight times 4 bytes a voxel for a case of one channel: of 300 x 300 x 300 voxels 4 GB hold four, of small ones any.
void tst_Quality::largeCasesAreLookedAtFewAtOnce()
{
    auto files = small("small", 1);
    QCOMPARE(casesAtOnce({files}, 16), 16);
    auto header = readFile(files.channels.front());
    QVERIFY(header);
    for (const std::size_t axis : {42, 44, 46}) { // dim[1] to dim[3] of NIfTI-1
        (*header)[axis] = static_cast<char>(300 & 0xff);
        (*header)[axis + 1] = static_cast<char>(300 >> 8);
    }
    const auto large = folder() / "large.nii";
    QVERIFY(writeFileAtomically(large, *header));
    files.channels = {large};
    QCOMPARE(casesAtOnce({files}, 16), 4);
    QCOMPARE(casesAtOnce({files}, 2), 2);
    QCOMPARE(casesAtOnce({}, 0), 1);
}

QTEST_GUILESS_MAIN(tst_Quality)
#include "tst_quality.moc"
