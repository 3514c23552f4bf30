// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/surfaces/display_volume.h"
#include "viewer/surfaces/oblique_plane.h"
#include "viewer_fixtures.h"

#include <QtTest>
#include <cmath>
#include <numbers>

using namespace consilium;
using namespace consilium::viewer;
using imaging::LabelMap;
using imaging::Vec3;
using imaging::Volume;

namespace {

constexpr double kDegree = std::numbers::pi / 180;

bool near(const Vec3 &a, const Vec3 &b, double tolerance = 1e-9)
{
    return std::hypot(a[0] - b[0], a[1] - b[1], a[2] - b[2]) <= tolerance;
}

Volume ramp(const char *letters)
{
    Volume volume{test::gridOf(letters, {40, 44, 48}, {1.5, 1, 1.25}, {3, -4, 5}), {}};
    test::overGrid(volume.geometry, [&](int, int, int, const Vec3 &at) {
        volume.values.push_back(static_cast<float>(500 + 3 * at[0] - 2 * at[1] + 5 * at[2]));
    });
    return volume;
}

} // namespace

class tst_ObliquePlane : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void standardPlanesLieAsSlicesDo_data();
    void standardPlanesLieAsSlicesDo();
    void edgesAreNamedAtAnyAngle_data();
    void edgesAreNamedAtAnyAngle();
    void turningHoldsTheNearSide();
    void aRampIsSampledAtAnyAngle_data();
    void aRampIsSampledAtAnyAngle();
    void outsideThereIsNothing();
    void labelsKeepTheirPlace();
    void aCameraLooksWhereItSays_data();
    void aCameraLooksWhereItSays();
    void turningTheSceneHoldsTheNearSide();
    void raysGoThroughTheirPixel();
    void scaleBarsAreRound_data();
    void scaleBarsAreRound();
    void aDisplayVolumeKeepsPlaceAndValue_data();
    void aDisplayVolumeKeepsPlaceAndValue();
    void aDisplayVolumeKeepsItsBudget();
    void theBrightestVoxelOfARayIsFound();
    void theFirstVoxelAboveIsFound();
};

void tst_ObliquePlane::standardPlanesLieAsSlicesDo_data()
{
    QTest::addColumn<int>("plane");
    QTest::newRow("axial") << int(Plane::Axial);
    QTest::newRow("coronal") << int(Plane::Coronal);
    QTest::newRow("sagittal") << int(Plane::Sagittal);
}

void tst_ObliquePlane::standardPlanesLieAsSlicesDo()
{
    QFETCH(int, plane);
    const SliceGeometry slice(test::gridOf("LPS", {10, 10, 10}, {1, 1, 1}), Plane(plane));
    const ObliquePlane oblique = obliquePlane(Plane(plane), {1, 2, 3});
    const EdgeLetters expected = slice.edges(), letters = edgesOf(oblique);
    QCOMPARE(letters.left, expected.left);
    QCOMPARE(letters.right, expected.right);
    QCOMPARE(letters.top, expected.top);
    QCOMPARE(letters.bottom, expected.bottom);
    // From the feet, from the front, and, with the front of the patient at the left, from his left.
    const Vec3 away[] = {{0, 0, 1}, {0, 1, 0}, {-1, 0, 0}};
    QVERIFY(near(oblique.away(), away[plane]));
    QCOMPARE(int(tiltOf(oblique).from), plane);
    QVERIFY(tiltOf(oblique).degrees < 1e-5);
}

// Worked by hand. The viewer of an axial plane looks from the feet to the head, so the near side is the feet. Turned by
// 30 degrees to the right it comes towards the right edge, which points to the left and a little to the feet: LI, as
// cos 30 > sin 30; by 60 degrees IL. Turned down it comes to the lower edge. Spun clockwise by 30 degrees, what was at
// the left edge comes to the top: AR.
void tst_ObliquePlane::edgesAreNamedAtAnyAngle_data()
{
    QTest::addColumn<double>("rightward");
    QTest::addColumn<double>("downward");
    QTest::addColumn<double>("spin");
    QTest::addColumn<QStringList>("letters"); // left, right, top, bottom
    const auto row = [](const char *name, double rightward, double downward, double spin, const QStringList &letters) {
        QTest::newRow(name) << rightward << downward << spin << letters;
    };
    row("as it is", 0, 0, 0, {"R", "L", "A", "P"});
    row("10 degrees are not named", 10, 0, 0, {"R", "L", "A", "P"});
    row("30 degrees to the right", 30, 0, 0, {"RS", "LI", "A", "P"});
    row("60 degrees to the right", 60, 0, 0, {"SR", "IL", "A", "P"});
    row("30 degrees to the left", -30, 0, 0, {"RI", "LS", "A", "P"});
    row("40 degrees down", 0, 40, 0, {"R", "L", "AS", "PI"});
    row("90 degrees down", 0, 90, 0, {"R", "L", "S", "I"});
    row("spun clockwise by 30", 0, 0, 30, {"RP", "LA", "AR", "PL"});
}

void tst_ObliquePlane::edgesAreNamedAtAnyAngle()
{
    QFETCH(double, rightward);
    QFETCH(double, downward);
    QFETCH(double, spin);
    QFETCH(QStringList, letters);
    const ObliquePlane plane =
        obliquePlane(Plane::Axial, {0, 0, 0}).turnedBy(rightward * kDegree, downward * kDegree).spunBy(spin * kDegree);
    const EdgeLetters edges = edgesOf(plane);
    QCOMPARE(QString::fromStdString(edges.left), letters[0]);
    QCOMPARE(QString::fromStdString(edges.right), letters[1]);
    QCOMPARE(QString::fromStdString(edges.top), letters[2]);
    QCOMPARE(QString::fromStdString(edges.bottom), letters[3]);
    QVERIFY(std::abs(dot(plane.right, plane.down)) < 1e-12);
}

void tst_ObliquePlane::turningHoldsTheNearSide()
{
    // Whatever is nearest to the viewer follows the hand: after a quarter turn to the right it is the right edge.
    const ObliquePlane plane = obliquePlane(Plane::Coronal, {}), turned = plane.turnedBy(90 * kDegree, 0);
    const Vec3 towardsViewer = plus({}, -1, plane.away());
    QVERIFY(near(turned.right, towardsViewer));
    const ObliquePlane down = plane.turnedBy(0, 90 * kDegree);
    QVERIFY(near(down.down, towardsViewer));
}

void tst_ObliquePlane::aRampIsSampledAtAnyAngle_data()
{
    QTest::addColumn<QString>("letters");
    for (const char *letters : {"LPS", "RAS", "PIR", "SAL"})
        QTest::newRow(letters) << letters;
}

// Trilinear interpolation of a linear function is the function.
void tst_ObliquePlane::aRampIsSampledAtAnyAngle()
{
    QFETCH(QString, letters);
    const Volume volume = ramp(qPrintable(letters));
    const ObliquePlane plane =
        obliquePlane(Plane::Axial, {4, -3, 6}).turnedBy(33 * kDegree, -21 * kDegree).spunBy(17 * kDegree);
    const ObliqueRaster raster{61, 55, 0.4};
    const auto values = sampleOblique(volume, plane, raster);
    QCOMPARE(values.size(), std::size_t(61 * 55));
    for (int row = 0; row < raster.rows; ++row)
        for (int column = 0; column < raster.columns; ++column) {
            // Every sample lies well inside: the raster reaches 15 mm from a centre 20 mm from the rim.
            const Vec3 at = raster.toPatient(plane, column, row);
            const double exact = 500 + 3 * at[0] - 2 * at[1] + 5 * at[2];
            const double sampled = values[std::size_t(row * raster.columns + column)];
            QVERIFY2(std::abs(sampled - exact) < 0.01 * std::abs(exact),
                     qPrintable(QStringLiteral("%1 for %2").arg(sampled).arg(exact)));
        }
    // The middle of an odd raster is the centre of the plane.
    QVERIFY(near(raster.toPatient(plane, 30, 27), plane.centre, 1e-9));
}

void tst_ObliquePlane::outsideThereIsNothing()
{
    const Volume volume = ramp("LPS");
    const ObliqueRaster raster{3, 3, 500};
    const auto values = sampleOblique(volume, obliquePlane(Plane::Axial, {3, -4, 5}), raster);
    for (std::size_t n = 0; n < values.size(); ++n)
        QCOMPARE(std::isnan(values[n]), n != 4);
    const QImage image = greys(values, raster, {0, 1});
    QCOMPARE(qAlpha(image.pixel(0, 0)), 0);
    QCOMPARE(image.pixel(1, 1), qRgb(255, 255, 255));
}

void tst_ObliquePlane::labelsKeepTheirPlace()
{
    LabelMap labels{test::gridOf("RAI", {20, 20, 20}, {1, 1, 1}), std::vector<std::uint8_t>(8000)};
    labels.values[std::size_t(labels.geometry.offset(4, 13, 9))] = 3;
    const Vec3 at = labels.geometry.toPatient({4, 13, 9});
    const ObliqueRaster raster{5, 5, 1.5};
    const auto plane = obliquePlane(Plane::Sagittal, at).turnedBy(0.6, 0.4);
    const LabelSlice slice = sampleOblique(labels, plane, raster);
    for (int row = 0; row < 5; ++row)
        for (int column = 0; column < 5; ++column)
            QCOMPARE(int(slice.at(column, row)), row == 2 && column == 2 ? 3 : 0);
}

void tst_ObliquePlane::aCameraLooksWhereItSays_data()
{
    QTest::addColumn<int>("side");
    QTest::addColumn<QString>("right"); // the patient's side at the right edge of the picture
    QTest::addColumn<QString>("top");
    // Facing the patient, his left is to our right; from his left, his back; from above with his face up, his right.
    QTest::newRow("front") << int(ViewFrom::Front) << "L"
                           << "S";
    QTest::newRow("left") << int(ViewFrom::Left) << "P"
                          << "S";
    QTest::newRow("top") << int(ViewFrom::Top) << "R"
                         << "A";
}

void tst_ObliquePlane::aCameraLooksWhereItSays()
{
    QFETCH(int, side);
    QFETCH(QString, right);
    QFETCH(QString, top);
    const PatientBox box{{-80, -100, -60}, {70, 90, 90}};
    const QSizeF picture(400, 300);
    const SceneCamera camera = cameraFrom(ViewFrom(side), box, picture);
    QCOMPARE(QString::fromStdString(directionLetters(camera.right())), right);
    QCOMPARE(QString::fromStdString(directionLetters(camera.up)), top);
    const QPointF middle = camera.toPixel({-5, -5, 15}, picture);
    QVERIFY(std::abs(middle.x() - 200) < 1e-9 && std::abs(middle.y() - 150) < 1e-9);
}

void tst_ObliquePlane::turningTheSceneHoldsTheNearSide()
{
    const QSizeF picture(300, 300);
    const SceneCamera front = cameraFrom(ViewFrom::Front, {{-10, -10, -10}, {10, 10, 10}}, picture);
    const Vec3 nose{0, -10, 0};
    QVERIFY(front.turnedBy(0.3, 0).toPixel(nose, picture).x() > 151);
    QVERIFY(front.turnedBy(0, 0.3).toPixel(nose, picture).y() > 151);
    QVERIFY(near(front.turnedBy(90 * kDegree, 0).ahead, {1, 0, 0}));
    QVERIFY(front.movedBy({10, 5}, picture).toPixel({0, 0, 0}, picture) == QPointF(160, 155));
}

void tst_ObliquePlane::raysGoThroughTheirPixel()
{
    const QSizeF picture(640, 480);
    const SceneCamera camera =
        cameraFrom(ViewFrom::Left, {{-80, -100, -60}, {70, 90, 90}}, picture).turnedBy(0.4, -0.2).zoomedBy(1.7);
    const Ray ray = camera.rayAt({123, 321}, picture);
    for (double along : {900.0, 1000.0, 1100.0}) {
        const QPointF pixel = camera.toPixel(plus(ray.origin, along, ray.direction), picture);
        QVERIFY(std::abs(pixel.x() - 123) < 1e-6 && std::abs(pixel.y() - 321) < 1e-6);
    }
}

void tst_ObliquePlane::scaleBarsAreRound_data()
{
    QTest::addColumn<double>("mmPerPixel");
    QTest::addColumn<double>("pixels");
    QTest::addColumn<double>("mm");
    QTest::newRow("0.5 mm, 100 pixels") << 0.5 << 100.0 << 50.0;
    QTest::newRow("0.49 mm, 100 pixels") << 0.49 << 100.0 << 20.0;
    QTest::newRow("1 mm, 199 pixels") << 1.0 << 199.0 << 100.0;
    QTest::newRow("0.01 mm, 60 pixels") << 0.01 << 60.0 << 0.5;
}

void tst_ObliquePlane::scaleBarsAreRound()
{
    QFETCH(double, mmPerPixel);
    QFETCH(double, pixels);
    QFETCH(double, mm);
    QVERIFY(std::abs(scaleLength(mmPerPixel, pixels) - mm) < 1e-9);
}

void tst_ObliquePlane::aDisplayVolumeKeepsPlaceAndValue_data()
{
    QTest::addColumn<QString>("letters");
    QTest::addColumn<qint64>("budget");
    for (const char *letters : {"LPS", "LAS", "RAS", "PIR"}) {
        QTest::addRow("%s whole", letters) << letters << qint64(kDisplayBudget);
        QTest::addRow("%s coarse", letters) << letters << qint64(40000);
    }
}

// The mean of a linear function over a block is its value in the block's middle.
void tst_ObliquePlane::aDisplayVolumeKeepsPlaceAndValue()
{
    QFETCH(QString, letters);
    QFETCH(qint64, budget);
    const Volume volume = ramp(qPrintable(letters)); // 40 x 44 x 48: the blocks of 2 that the budget asks for fit
    const DisplayVolume display = makeDisplayVolume(volume, budget);
    QVERIFY(qint64(display.values.size() * 2) <= budget);
    QVERIFY(imaging::determinant(display.geometry.direction) > 0);
    int compared = 0;
    test::overGrid(display.geometry, [&](int i, int j, int k, const Vec3 &at) {
        const Vec3 index = volume.geometry.toIndex(at);
        for (int axis = 0; axis < 3; ++axis) // a last block that is not whole has its mean elsewhere
            if (index[axis] > volume.geometry.size[axis] - 2.6 && budget < kDisplayBudget)
                return;
        const double exact = 500 + 3 * at[0] - 2 * at[1] + 5 * at[2];
        if (std::abs(display.toValue(display.at(i, j, k)) - exact) > 0.02)
            QFAIL(qPrintable(QStringLiteral("%1 for %2").arg(display.toValue(display.at(i, j, k))).arg(exact)));
        ++compared;
    });
    QVERIFY(compared > 5000);
}

void tst_ObliquePlane::aDisplayVolumeKeepsItsBudget()
{
    Volume volume{test::gridOf("LPS", {64, 64, 8}, {0.5, 0.5, 4}), std::vector<float>(64 * 64 * 8, 7.0f)};
    const DisplayVolume display = makeDisplayVolume(volume, 64 * 64 * 8 / 2);
    QVERIFY(display.values.size() * 2 <= 64 * 64 * 8 / 2);
    // Thick slices are not made thicker while the pixels in them are fine.
    QCOMPARE(display.geometry.size[2], 8);
    for (auto stored : display.values)
        QCOMPARE(display.toValue(stored), 7.0);
}

void tst_ObliquePlane::theBrightestVoxelOfARayIsFound()
{
    Volume volume{test::gridOf("RAS", {30, 31, 32}, {1, 2, 1.5}), std::vector<float>(30 * 31 * 32, 10.0f)};
    volume.values[std::size_t(volume.geometry.offset(7, 20, 11))] = 900;
    const DisplayVolume display = makeDisplayVolume(volume);
    const Vec3 bright = volume.geometry.toPatient({7, 20, 11}), along = unit({0.3, 0.8, -0.2});
    const auto found = brightestAlong(display, {plus(bright, -500, along), along});
    QVERIFY(found && near(*found, bright, 1e-6));
    const auto aside = brightestAlong(display, {plus(plus(bright, 4, {0, 0, 1}), -500, along), along});
    QVERIFY(aside && !near(*aside, bright, 1));
    QVERIFY(!brightestAlong(display, {{0, -500, 400}, {0, 1, 0}}));
    QVERIFY(!brightestAlong(display, {{0, -500, 0}, {0, -1, 0}}));
}

// A ball of radius 8 about (2, 3, 4), seen from the front: its surface is met 8 mm before the centre.
void tst_ObliquePlane::theFirstVoxelAboveIsFound()
{
    const Vec3 centre{2, 3, 4};
    Volume volume{test::gridOf("LPS", {40, 40, 40}, {1, 1, 1}), {}};
    test::overGrid(volume.geometry, [&](int, int, int, const Vec3 &at) {
        volume.values.push_back(std::hypot(at[0] - centre[0], at[1] - centre[1], at[2] - centre[2]) <= 8 ? 100.0f
                                                                                                         : 5.0f);
    });
    const DisplayVolume display = makeDisplayVolume(volume);
    const auto met = firstAbove(display, {{2, -300, 4}, {0, 1, 0}}, 50);
    QVERIFY(met && near(*met, {2, -5, 4}, 1));
    QVERIFY(!firstAbove(display, {{12, -300, 4}, {0, 1, 0}}, 50));
    QVERIFY(!firstAbove(display, {{2, -300, 4}, {0, 1, 0}}, 101));
}

QTEST_APPLESS_MAIN(tst_ObliquePlane)
#include "tst_oblique_plane.moc"
