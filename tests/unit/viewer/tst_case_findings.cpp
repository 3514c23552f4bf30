// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/nifti.h"
#include "lesion_phantom.h"
#include "support/real_data.h"
#include "viewer/findings/finding_totals.h"
#include "viewer/findings/lesion_location.h"

#include <QtTest>
#include <deque>

using namespace consilium;
using namespace consilium::viewer;
using imaging::LesionRegion;

class tst_CaseFindings : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void measuresEachLesion();
    void saysWhoDrewIt();
    void saysHowMuchEachModelCovers();
    void onePartnerOfTwoLesions();
    void countsWhatModelsDrew();
    void addsUpTheLoad();
    void addsUpByRegion();
    void noRegionsWithoutABrain();
    void realLesionsAgreeWithAFloodFill_data();
    void realLesionsAgreeWithAFloodFill();
};

void tst_CaseFindings::measuresEachLesion()
{
    const auto shown = test::fiveLesions();
    const auto &lesions = shown->findings.lesions;
    QCOMPARE(lesions.size(), std::size_t{5});
    // The surface passes through the centres of outer faces: the farthest two points of a box of n voxels of 1 mm lie
    // on opposite ends, n apart along it and 4 apart across it (from the first to the last of five voxel centres).
    const double voxels[] = {200, 100, 75, 50, 25}, longest[] = {8, 5, 5, 5, 5};
    for (std::size_t n = 0; n < 5; ++n) {
        QCOMPARE_LE(std::abs(lesions[n].millilitres - voxels[n] / 1000), 1e-12);
        QCOMPARE_GE(lesions[n].diameter, longest[n]);
        QCOMPARE_LE(lesions[n].diameter, std::hypot(longest[n], 5, 5));
    }
    QCOMPARE_LE(std::abs(lesions[0].diameter - std::sqrt(8.0 * 8 + 4 * 4 + 4 * 4)), 1e-9);
}

void tst_CaseFindings::saysWhoDrewIt()
{
    const auto shown = test::fiveLesions();
    const int drawnBy[] = {-1, -1, 0, -1, 0}, id[] = {1, 2, 3, 3, 4}; // D and E are the local model's third and fourth
    const bool inReference[] = {true, true, false, true, false}, local[] = {true, true, true, false, true},
               federated[] = {true, false, false, false, true};
    for (std::size_t n = 0; n < 5; ++n) {
        const LesionFinding &lesion = shown->findings.lesions[n];
        QCOMPARE(lesion.drawnBy, drawnBy[n]);
        QCOMPARE(lesion.id, id[n]);
        QCOMPARE(lesion.inReference, inReference[n]);
        QCOMPARE(bool(lesion.inModel[0]), local[n]);
        QCOMPARE(bool(lesion.inModel[1]), federated[n]);
    }
}

void tst_CaseFindings::saysHowMuchEachModelCovers()
{
    const auto shown = test::fiveLesions();
    const LesionFinding &a = shown->findings.lesions[0];
    QCOMPARE(a.covered[0], 1.0);
    QCOMPARE(a.dice[0], 1.0);
    QCOMPARE(a.covered[1], 0.5);                               // 100 of 200 voxels
    QCOMPARE_LE(std::abs(a.dice[1] - 2 * 100.0 / 300), 1e-12); // 2 x 100 / (200 + 100)
    QCOMPARE(shown->findings.lesions[3].covered[0], 0.0);      // C: missed
    QCOMPARE(shown->findings.lesions[3].dice[0], 0.0);
    QCOMPARE(shown->findings.lesions[4].covered[1], 1.0); // E: drawn alike by both
}

void tst_CaseFindings::onePartnerOfTwoLesions()
{
    // Two lesions of 50 voxels each lie in one of the model's of 5 x 5 x 10 = 250: each Dice is 2 x 50 / (50 + 250).
    const auto grid = test::gridOf("LPS", {40, 40, 40}, {1, 1, 1});
    ReviewCase opened;
    opened.reference =
        Segmentation{"reference", test::shared(test::drawn(grid, [](const auto &p) {
                         return test::inBox(p, {0, 0, 0}, {5, 5, 2}) || test::inBox(p, {0, 0, 8}, {5, 5, 10});
                     }))};
    opened.predictions.push_back({"model", test::shared(test::drawn(grid, [](const auto &p) {
                                      return test::inBox(p, {0, 0, 0}, {5, 5, 10});
                                  }))});
    const auto findings = findingsOf(opened);
    QCOMPARE(findings.lesions.size(), std::size_t{2});
    for (const LesionFinding &lesion : findings.lesions) {
        QCOMPARE(lesion.covered[0], 1.0);
        QCOMPARE_LE(std::abs(lesion.dice[0] - 100.0 / 300), 1e-12);
    }
}

void tst_CaseFindings::countsWhatModelsDrew()
{
    const auto shown = test::fiveLesions();
    QCOMPARE(shown->findings.referenceLesions, 3);
    QCOMPARE(shown->findings.models[0].lesions, 4);
    QCOMPARE(shown->findings.models[1].lesions, 2);
}

void tst_CaseFindings::addsUpTheLoad()
{
    const auto shown = test::fiveLesions();
    LesionVerdicts verdicts(5);
    QVERIFY(verdicts.set({0, 2}, Verdict::Accepted));
    QVERIFY(verdicts.set({4}, Verdict::Rejected));
    const auto totals = totalsOf(*shown, verdicts);
    const auto is = [](const LesionLoad &load, int lesions, double millilitres) {
        return load.lesions == lesions && std::abs(load.millilitres - millilitres) < 1e-12;
    };
    QVERIFY(is(*totals.reference, 3, 0.350));
    QVERIFY(is(totals.models[0].drawn, 4, 0.400)); // A + B + D + E
    QVERIFY(is(totals.models[1].drawn, 2, 0.125)); // half of A + E
    QVERIFY(is(totals.accepted, 2, 0.275));        // A + D
    QCOMPARE(totals.rejected, 1);
    QCOMPARE(totals.models[0].found, 2);
    QCOMPARE(totals.models[0].missed, 1);
    QCOMPARE(totals.models[0].invented, 2);
    QCOMPARE(totals.models[0].accepted, 2);
    QCOMPARE(totals.models[0].rejected, 1);
    QCOMPARE(totals.models[1].found, 1);
    QCOMPARE(totals.models[1].missed, 2);
    QCOMPARE(totals.models[1].invented, 1);
    QCOMPARE(totals.models[1].accepted, 1);
    QVERIFY(totals.regions.empty()); // not known yet
    for (const auto &model : totals.models)
        QCOMPARE(model.found + model.missed, totals.reference->lesions);
}

void tst_CaseFindings::addsUpByRegion()
{
    const auto shown = test::fiveLesions();
    LesionVerdicts verdicts(5);
    QVERIFY(verdicts.set({2}, Verdict::Accepted));
    // A, B, D, C, E
    const auto totals = totalsOf(*shown, verdicts,
                                 {LesionRegion::Periventricular, LesionRegion::DeepWhiteMatter,
                                  LesionRegion::DeepWhiteMatter, LesionRegion::Periventricular, LesionRegion::Unknown});
    QCOMPARE(totals.regions.size(), std::size_t{2}); // nothing of the reference lies elsewhere
    QVERIFY(totals.regions[0].region == LesionRegion::Periventricular);
    QCOMPARE(totals.regions[0].load.lesions, 2);
    QCOMPARE_LE(std::abs(totals.regions[0].load.millilitres - 0.250), 1e-12);
    QCOMPARE(totals.regions[0].found, (std::vector<int>{1, 1}));
    QVERIFY(totals.regions[1].region == LesionRegion::DeepWhiteMatter);
    QCOMPARE(totals.regions[1].load.lesions, 1);
    QCOMPARE(totals.regions[1].found, (std::vector<int>{1, 0}));
    QCOMPARE(totals.regions[1].accepted.lesions, 1); // D, which only the local model drew
}

void tst_CaseFindings::noRegionsWithoutABrain()
{
    const auto shown = test::fiveLesions();
    const auto regions = locateLesions(shown->opened, shown->findings);
    QCOMPARE(regions.size(), std::size_t{5});
    for (const LesionRegion region : regions)
        QVERIFY(region == LesionRegion::Unknown);
}

void tst_CaseFindings::realLesionsAgreeWithAFloodFill_data()
{
    QTest::addColumn<QString>("patient");
    QTest::newRow("case-07") << "case-07";
    QTest::newRow("case-19") << "case-19";
}

// Counted again here from the file's voxels: a queue of voxels and their 26 neighbours, and the voxel size of the
// header.
void tst_CaseFindings::realLesionsAgreeWithAFloodFill()
{
    CONSILIUM_REAL_DATA(data, "ms-lesions");
    QFETCH(QString, patient);
    const auto folder = data / patient.toStdString();
    auto loaded = std::make_shared<LoadedCase>();
    auto opened = reviewCaseFromFiles({folder / "flair.nii.gz", folder / "lesions.nii.gz"});
    QVERIFY(opened);
    loaded->opened = std::move(*opened);
    QElapsedTimer timer;
    timer.start();
    loaded->findings = findingsOf(loaded->opened);
    const auto findingsTook = timer.restart();

    const auto labels = imaging::readLabels(folder / "lesions.nii.gz");
    QVERIFY(labels);
    const auto &size = labels->geometry.size;
    std::vector<bool> visited(labels->values.size(), false);
    std::vector<int> volumes;
    for (std::size_t first = 0; first < visited.size(); ++first) {
        if (visited[first] || labels->values[first] == 0)
            continue;
        std::deque<std::size_t> queue{first};
        visited[first] = true;
        int voxels = 0;
        while (!queue.empty()) {
            const auto at = static_cast<int>(queue.front());
            queue.pop_front();
            ++voxels;
            const int i = at % size[0], j = at / size[0] % size[1], k = at / size[0] / size[1];
            for (int dk = -1; dk <= 1; ++dk)
                for (int dj = -1; dj <= 1; ++dj)
                    for (int di = -1; di <= 1; ++di) {
                        const int x = i + di, y = j + dj, z = k + dk;
                        if (x < 0 || y < 0 || z < 0 || x >= size[0] || y >= size[1] || z >= size[2])
                            continue;
                        const auto next = static_cast<std::size_t>(x + size[0] * (y + size[1] * z));
                        if (!visited[next] && labels->values[next] != 0) {
                            visited[next] = true;
                            queue.push_back(next);
                        }
                    }
        }
        volumes.push_back(voxels);
    }
    std::sort(volumes.rbegin(), volumes.rend());
    const auto &lesions = loaded->findings.lesions;
    QCOMPARE(lesions.size(), volumes.size());
    QCOMPARE(loaded->findings.referenceLesions, static_cast<int>(volumes.size()));
    const double voxel = labels->geometry.voxelVolume() / 1000;
    double sum = 0;
    for (std::size_t n = 0; n < volumes.size(); ++n) {
        QCOMPARE_LE(std::abs(lesions[n].millilitres - volumes[n] * voxel), 1e-9);
        sum += volumes[n] * voxel;
        // No body of a volume is shorter than the ball of that volume is wide, save for the half voxels at its ends.
        QCOMPARE_GE(lesions[n].diameter + 1.8, 2 * std::cbrt(3 * volumes[n] * voxel * 1000 / (4 * M_PI)));
    }
    QCOMPARE_LE(std::abs(*loaded->findings.referenceMillilitres - sum), 1e-9);

    timer.restart();
    const auto regions = locateLesions(loaded->opened, loaded->findings);
    const auto regionsTook = timer.elapsed();
    QCOMPARE(regions.size(), lesions.size());
    const auto unknown = std::count(regions.begin(), regions.end(), LesionRegion::Unknown);
    qInfo("%zu lesions, %.2f mL; findings %lld ms, places %lld ms, %td unknown", lesions.size(), sum,
          static_cast<long long>(findingsTook), static_cast<long long>(regionsTook), unknown);
    QCOMPARE_LE(unknown, static_cast<std::ptrdiff_t>(lesions.size() / 20));
    const auto totals = totalsOf(*loaded, LesionVerdicts(lesions.size()), regions);
    double located = 0;
    for (const auto &region : totals.regions)
        located += region.load.millilitres;
    QCOMPARE_LE(std::abs(located - sum), 1e-9);
    // This one's largest lesion, 47 mL, goes around both ventricles.
    if (patient == "case-19")
        QVERIFY(totals.regions.front().region == LesionRegion::Periventricular &&
                totals.regions.front().load.millilitres > 0.9 * sum);
}

QTEST_GUILESS_MAIN(tst_CaseFindings)
#include "tst_case_findings.moc"
