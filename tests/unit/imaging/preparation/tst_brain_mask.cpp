// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/preparation/brain_mask.h"

#include "imaging/nifti.h"
#include "imaging/preparation/brain_surface.h"
#include "support/real_data.h"
#include "synthetic_head.h"

#include <QtTest>
#include <numbers>

using namespace consilium;
using namespace consilium::imaging;
using namespace consilium::test;

class tst_BrainMask : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void meshEnclosesTheVolumeOfItsSphere();
    void findsTheBrainInAHead_data();
    void findsTheBrainInAHead();
    void findsWhatIsLeftOfACroppedBrain();
    void agreesWithTheHandOnRealBrains_data();
    void agreesWithTheHandOnRealBrains();
    void saysWhenThereIsNoBrain();
};

void tst_BrainMask::meshEnclosesTheVolumeOfItsSphere()
{
    const auto mesh = sphere({3, -2, 5}, 40, 4);
    QCOMPARE(mesh.triangles.size(), std::size_t{20 * 256});
    QCOMPARE(mesh.points.size(), mesh.triangles.size() / 2 + 2); // Euler: V - E + F = 2, E = 3F/2
    const Matrix3 reflected{Vec3{-1, 0, 0}, Vec3{0, 1, 0}, Vec3{0, 0, 1}};
    for (const auto &grid :
         {centredGrid({100, 100, 100}, {1, 1, 1}), centredGrid({50, 90, 40}, {2, 1.1, 2.5}, reflected)}) {
        const double truth = 4.0 / 3 * std::numbers::pi * 64; // cm^3
        QCOMPARE_LE(std::abs(millilitres(voxelsInside(mesh, grid)) / truth - 1), 0.005);
    }
}

void tst_BrainMask::findsTheBrainInAHead_data()
{
    QTest::addColumn<HeadContrast>("contrast");
    QTest::addColumn<Geometry>("grid");
    QTest::addColumn<double>("noise");
    QTest::addColumn<double>("bias");
    QTest::addColumn<bool>("cutOut");
    QTest::addColumn<bool>("fluidToo");
    const auto axial = centredGrid({127, 147, 134}, {1.5, 1.5, 1.5});
    const auto thick = centredGrid({200, 230, 50}, {1, 1, 4});
    // Index axes towards P, S and R: a sagittal acquisition stored in another order.
    const Matrix3 turned{Vec3{0, 0, -1}, Vec3{1, 0, 0}, Vec3{0, 1, 0}};
    const auto sagittal = centredGrid({160, 140, 130}, {1.4, 1.4, 1.5}, turned);
    QTest::newRow("T1") << s_t1Head << axial << 0.03 << 0.2 << false << false;
    QTest::newRow("T1, noisy") << s_t1Head << axial << 0.12 << 0.2 << false << false;
    QTest::newRow("T1, strong bias") << s_t1Head << axial << 0.03 << 0.5 << false << false;
    QTest::newRow("FLAIR, 4 mm slices") << s_flairHead << thick << 0.03 << 0.2 << false << false;
    QTest::newRow("T2") << s_t2Head << axial << 0.03 << 0.2 << false << true;
    QTest::newRow("T1, sagittal") << s_t1Head << sagittal << 0.03 << 0.2 << false << false;
    QTest::newRow("FLAIR, brain cut out") << s_flairHead << axial << 0.03 << 0.2 << true << false;
}

void tst_BrainMask::findsTheBrainInAHead()
{
    QFETCH(HeadContrast, contrast);
    QFETCH(Geometry, grid);
    QFETCH(double, noise);
    QFETCH(double, bias);
    QFETCH(bool, cutOut);
    QFETCH(bool, fluidToo);
    const auto head = syntheticHead(grid, contrast, noise, bias, 5, cutOut);
    const auto mask = brainMask(head.image);
    QVERIFY2(mask, mask ? "" : mask.error().message.c_str());
    QVERIFY(mask->geometry == grid);
    const auto &truth = fluidToo ? head.inside : head.brain;
    qInfo("Dice %.3f, %.0f of %.0f ml", dice(*mask, truth), millilitres(*mask), millilitres(truth));
    QCOMPARE_GE(dice(*mask, truth), 0.95);
}

void tst_BrainMask::findsWhatIsLeftOfACroppedBrain()
{
    auto grid = centredGrid({127, 147, 134}, {1.5, 1.5, 1.5});
    grid.size[2] = 73; // the top 53 mm of the brain are cut off
    const auto head = syntheticHead(grid, s_t1Head, 0.03, 0.2, 6);
    const auto mask = brainMask(head.image);
    QVERIFY2(mask, mask ? "" : mask.error().message.c_str());
    qInfo("Dice %.3f", dice(*mask, head.brain));
    QCOMPARE_GE(dice(*mask, head.brain), 0.9);
}

void tst_BrainMask::agreesWithTheHandOnRealBrains_data()
{
    QTest::addColumn<QString>("patient");
    QTest::newRow("case-07") << "ms-lesions/case-07";
    QTest::newRow("case-19") << "ms-lesions/case-19";
}

// The data's authors cut the brains out: every voxel but 0 is theirs. With noise in the background too nothing says any
// more what they cut, and the mask has to be found.
void tst_BrainMask::agreesWithTheHandOnRealBrains()
{
    CONSILIUM_REAL_DATA(data, "ms-lesions");
    QFETCH(QString, patient);
    std::vector<LabelMap> found;
    for (const auto *channel : {"flair.nii.gz", "t1.nii.gz"}) {
        auto image = readNifti(data.parent_path() / patient.toStdString() / channel);
        QVERIFY(image);
        LabelMap theirs{image->geometry, {}};
        for (const float value : image->values)
            theirs.values.push_back(value != 0);
        const auto exact = brainMask(*image);
        QVERIFY2(exact, exact ? "" : exact.error().message.c_str());
        QCOMPARE_GE(dice(*exact, theirs), 0.999);
        QVERIFY(millilitres(*exact) > 1050 && millilitres(*exact) < 1700); // adults

        Random random(11);
        const double deviation = 0.03 * valueRange(image->values).high;
        for (auto &value : image->values)
            value += static_cast<float>(random.normal(0, deviation));
        auto mask = brainMask(*image);
        QVERIFY2(mask, mask ? "" : mask.error().message.c_str());
        qInfo("%s: Dice %.3f, %.0f of %.0f ml", channel, dice(*mask, theirs), millilitres(*mask), millilitres(theirs));
        QCOMPARE_GE(dice(*mask, theirs), 0.92);
        found.push_back(std::move(*mask));
    }
    qInfo("FLAIR and T1: Dice %.3f", dice(found[0], found[1]));
    QCOMPARE_GE(dice(found[0], found[1]), 0.93);
}

void tst_BrainMask::saysWhenThereIsNoBrain()
{
    const auto grid = centredGrid({60, 60, 60}, {1, 1, 1});
    const Volume flat{grid, std::vector<float>(static_cast<std::size_t>(grid.voxels()), 7)};
    const auto none = brainMask(flat);
    QVERIFY(!none && none.error().code == ErrorCode::Invalid);
    const auto small = syntheticHead(grid, s_t1Head, 0.03, 0, 7); // a piece out of the middle: 216 ml
    const auto piece = brainMask(small.image);
    QVERIFY(!piece && piece.error().code == ErrorCode::Invalid);
    QVERIFY(!brainMask(Volume{}));
}

QTEST_GUILESS_MAIN(tst_BrainMask)
#include "tst_brain_mask.moc"
