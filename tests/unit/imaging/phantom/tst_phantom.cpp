// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/phantom/phantom.h"

#include "imaging/components.h"

#include <QTest>
#include <algorithm>
#include <cmath>

using namespace consilium;
using namespace consilium::imaging;

namespace {

constexpr std::uint64_t s_seed = 7;

PhantomCase made(const char *kind, std::size_t index, int siteShift = 0)
{
    auto phantom = makePhantom(kind, index, siteShift, s_seed);
    return phantom ? std::move(*phantom) : PhantomCase{};
}

/// Mean value of the voxels with that label; 0 counts tissue alone, which is not exactly 0.
double meanWhere(const Volume &volume, const LabelMap &labels, int label)
{
    double sum = 0;
    int count = 0;
    for (std::size_t voxel = 0; voxel < volume.values.size(); ++voxel) {
        if (labels.values[voxel] == label && volume.values[voxel] != 0) {
            sum += volume.values[voxel];
            ++count;
        }
    }
    return count > 0 ? sum / count : 0;
}

struct Part
{
    double millilitres = 0;
    Vec3 centre{}; ///< LPS
};

Part partOf(const LabelMap &labels, int label)
{
    Part part;
    double count = 0;
    const auto &size = labels.geometry.size;
    for (int k = 0; k < size[2]; ++k) {
        for (int j = 0; j < size[1]; ++j) {
            for (int i = 0; i < size[0]; ++i) {
                if (labels.at(i, j, k) != label)
                    continue;
                const auto p = labels.geometry.toPatient({1.0 * i, 1.0 * j, 1.0 * k});
                for (std::size_t axis = 0; axis < 3; ++axis)
                    part.centre[axis] += p[axis];
                ++count;
            }
        }
    }
    for (auto &component : part.centre)
        component /= count;
    part.millilitres = count * labels.geometry.voxelVolume() / 1000;
    return part;
}

QByteArray text(double value)
{
    return QByteArray::number(value);
}

} // namespace

class tst_Phantom : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyKindIsWhole_data();
    void everyKindIsWhole();
    void theSameArgumentsGiveTheSameCase_data();
    void theSameArgumentsGiveTheSameCase();
    void namesTheKindsThereAre();
    void brainsHaveLesionsOfMultipleSclerosis();
    void lesionsAreBrightInFlairAndDarkInT1();
    void anotherSiteIsAnotherScanner();
    void hippocampiLieFrontToBack();
    void hippocampiComeInTheScannersOwnUnits();
    void prostatesAreOnePieceOfLivingSize();
    void rectalCoilsSeeTheBackBest();
};

void tst_Phantom::everyKindIsWhole_data()
{
    QTest::addColumn<QByteArray>("kind");
    QTest::addColumn<int>("siteShift");
    for (const char *kind : {"multiple-sclerosis", "hippocampus", "prostate", "spinopelvic"}) {
        for (int shift = 0; shift < 4; ++shift)
            QTest::addRow("%s %d", kind, shift) << QByteArray(kind) << shift;
    }
}

void tst_Phantom::everyKindIsWhole()
{
    QFETCH(QByteArray, kind);
    QFETCH(int, siteShift);
    const auto phantom = makePhantom(kind.toStdString(), 1, siteShift, s_seed);
    QVERIFY(phantom);
    QVERIFY(!phantom->images.empty());
    QCOMPARE(phantom->images.size(), phantom->channels.size());
    const auto &grid = phantom->images.front().geometry;
    for (const auto &image : phantom->images) {
        QVERIFY(image.geometry == grid);
        QCOMPARE(std::ssize(image.values), image.geometry.voxels());
        // Whole numbers, as scanners store them.
        QVERIFY(std::all_of(image.values.begin(), image.values.end(),
                            [](float v) { return std::isfinite(v) && v >= 0 && v == std::round(v); }));
        QVERIFY(valueRange(image.values).high > valueRange(image.values).low);
    }
    QVERIFY(std::abs(determinant(grid.direction) - 1) < 1e-9); // right-handed, as DICOM's slices are
    if (phantom->labels.values.empty()) {
        QVERIFY(phantom->labelNames.empty());
        QVERIFY(!phantom->landmarks.points.empty());
        return;
    }
    QVERIFY(phantom->landmarks.points.empty());
    QVERIFY(phantom->labels.geometry == grid);
    QCOMPARE(std::ssize(phantom->labels.values), grid.voxels());
    for (std::size_t value = 0; value < phantom->labelNames.size(); ++value)
        QVERIFY(std::count(phantom->labels.values.begin(), phantom->labels.values.end(), value) > 0);
    QVERIFY(*std::max_element(phantom->labels.values.begin(), phantom->labels.values.end()) <
            phantom->labelNames.size());
}

void tst_Phantom::theSameArgumentsGiveTheSameCase_data()
{
    QTest::addColumn<QByteArray>("kind");
    for (const char *kind : {"multiple-sclerosis", "hippocampus", "prostate", "spinopelvic"})
        QTest::addRow("%s", kind) << QByteArray(kind);
}

void tst_Phantom::theSameArgumentsGiveTheSameCase()
{
    QFETCH(QByteArray, kind);
    const auto values = [&](std::size_t index, int shift, std::uint64_t seed) {
        return makePhantom(kind.toStdString(), index, shift, seed)->images.front().values;
    };
    const auto reference = values(0, 1, 3);
    QVERIFY(values(0, 1, 3) == reference);
    QVERIFY(values(1, 1, 3) != reference);
    QVERIFY(values(0, 0, 3) != reference);
    QVERIFY(values(0, 1, 4) != reference);
}

void tst_Phantom::namesTheKindsThereAre()
{
    const auto phantom = makePhantom("liver", 0, 0, s_seed);
    QVERIFY(!phantom);
    QCOMPARE(phantom.error().code, ErrorCode::Unsupported);
    for (const auto *kind : {"'liver'", "multiple-sclerosis", "hippocampus", "prostate", "spinopelvic"})
        QVERIFY(phantom.error().line().find(kind) != std::string::npos);
}

void tst_Phantom::brainsHaveLesionsOfMultipleSclerosis()
{
    for (std::size_t index = 0; index < 4; ++index) {
        const auto phantom = made("multiple-sclerosis", index);
        const auto &flair = phantom.images[0];
        // A brain of 1 to 1.9 litres; multiple sclerosis leaves from a few to a hundred lesions, 0.2 to 60 ml in all.
        const auto brain =
            std::count_if(flair.values.begin(), flair.values.end(), [](float value) { return value != 0; });
        const double litres = static_cast<double>(brain) * flair.geometry.voxelVolume() / 1e6;
        QVERIFY2(litres > 0.9 && litres < 1.9, text(litres));
        const auto lesions = findLesions(phantom.labels);
        double millilitres = 0;
        for (const auto &lesion : lesions)
            millilitres += lesion.millilitres;
        QVERIFY2(lesions.size() >= 2 && lesions.size() <= 60, text(static_cast<double>(lesions.size())));
        QVERIFY2(millilitres > 0.2 && millilitres < 60, text(millilitres));
    }
}

void tst_Phantom::lesionsAreBrightInFlairAndDarkInT1()
{
    for (std::size_t index = 0; index < 4; ++index) {
        const auto phantom = made("multiple-sclerosis", index);
        const auto &labels = phantom.labels;
        QVERIFY(meanWhere(phantom.images[0], labels, 1) > 1.3 * meanWhere(phantom.images[0], labels, 0));
        QVERIFY(meanWhere(phantom.images[1], labels, 1) < meanWhere(phantom.images[1], labels, 0));
    }
}

void tst_Phantom::anotherSiteIsAnotherScanner()
{
    const auto here = made("multiple-sclerosis", 0), there = made("multiple-sclerosis", 0, 1);
    QVERIFY(here.images[0].geometry.orientation() != there.images[0].geometry.orientation());
    const double ratio = valueRange(there.images[0].values).high / valueRange(here.images[0].values).high;
    QVERIFY2(ratio > 1.3 || ratio < 1 / 1.3, "brightness must tell the scanners apart");
}

void tst_Phantom::hippocampiLieFrontToBack()
{
    for (std::size_t index = 0; index < 6; ++index) {
        const auto phantom = made("hippocampus", index);
        const auto anterior = partOf(phantom.labels, 1), posterior = partOf(phantom.labels, 2);
        // Healthy adults have 2 to 5 ml on each side (Jack 1989: 2.8 +- 0.5 ml; later protocols up to 4.5).
        const double whole = anterior.millilitres + posterior.millilitres;
        QVERIFY2(whole > 1.5 && whole < 5, text(whole));
        QVERIFY2(anterior.millilitres > 0.25 * whole && anterior.millilitres < 0.75 * whole,
                 text(anterior.millilitres / whole));
        // The tail lies behind and above the head.
        QVERIFY(posterior.centre[1] - anterior.centre[1] > 12);
        QVERIFY(posterior.centre[2] > anterior.centre[2]);
        // Grey matter: darker than its surroundings in T1.
        QVERIFY(meanWhere(phantom.images[0], phantom.labels, 1) < meanWhere(phantom.images[0], phantom.labels, 0));
        QVERIFY(phantom.images[0].geometry.orientation() == "RAS");
    }
}

void tst_Phantom::hippocampiComeInTheScannersOwnUnits()
{
    double brightest = 0;
    for (std::size_t index = 0; index < 5; ++index) {
        QVERIFY(valueRange(made("hippocampus", index, 1).images[0].values).maximum <= 255);
        brightest = std::max<double>(brightest, valueRange(made("hippocampus", index, 2).images[0].values).maximum);
    }
    QVERIFY2(brightest > 10000, text(brightest));
}

void tst_Phantom::prostatesAreOnePieceOfLivingSize()
{
    for (int shift = 0; shift < 3; ++shift) {
        for (std::size_t index = 0; index < 3; ++index) {
            const auto phantom = made("prostate", index, shift);
            // From a young man's 20 ml to the 100 ml of benign growth.
            const double millilitres = partOf(phantom.labels, 1).millilitres;
            QVERIFY2(millilitres > 15 && millilitres < 110, text(millilitres));
            const auto pieces = findLesions(phantom.labels);
            QVERIFY(pieces.front().millilitres > 0.99 * millilitres);
            // Thick axial slices.
            const auto &spacing = phantom.images[0].geometry.spacing;
            QVERIFY(spacing[2] > 2.5 * spacing[0] && spacing[0] == spacing[1]);
            QVERIFY(phantom.images[0].geometry.orientation() == "LPS");
        }
    }
}

void tst_Phantom::rectalCoilsSeeTheBackBest()
{
    // Fat on the left and right, before and behind the gland: alike without a coil, far brighter behind with one.
    const auto backToFront = [](int shift) {
        const auto phantom = made("prostate", 0, shift);
        const auto &image = phantom.images[0];
        const auto gland = partOf(phantom.labels, 1);
        double sums[2] = {0, 0};
        int counts[2] = {0, 0};
        const auto &size = image.geometry.size;
        for (int k = size[2] / 3; k < size[2] / 2; ++k) {
            for (int j = 0; j < size[1]; ++j) {
                for (int i = 0; i < size[0]; ++i) {
                    const auto p = image.geometry.toPatient({1.0 * i, 1.0 * j, 1.0 * k});
                    const double aside = std::abs(p[0] - gland.centre[0]), behind = p[1] - gland.centre[1];
                    if (aside < 22 || aside > 32 || std::abs(behind) < 15 || std::abs(behind) > 30)
                        continue;
                    const int half = behind > 0 ? 1 : 0;
                    sums[half] += image.at(i, j, k);
                    ++counts[half];
                }
            }
        }
        return (sums[1] / counts[1]) / (sums[0] / counts[0]);
    };
    const double without = backToFront(0), with = backToFront(1);
    QVERIFY2(without > 0.6 && without < 1.6, text(without));
    QVERIFY2(with > 1.5 * without, text(with));
}

QTEST_GUILESS_MAIN(tst_Phantom)
#include "tst_phantom.moc"
