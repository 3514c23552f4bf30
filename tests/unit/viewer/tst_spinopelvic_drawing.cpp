// SPDX-License-Identifier: GPL-3.0-or-later
#include "spinopelvic_sets.h"
#include "viewer/canvas/slice_canvas.h"
#include "viewer/measuring/spinopelvic_layer.h"
#include "viewer_fixtures.h"

#include <QUndoStack>
#include <QtTest>
#include <cmath>
#include <numbers>
#include <random>

using namespace consilium;
using namespace consilium::viewer;
using evaluation::SagittalPoint;

namespace {

constexpr double kRadians = std::numbers::pi / 180;

bool near(const std::optional<double> &value, double wanted, double tolerance = 1e-9)
{
    return value && std::abs(*value - wanted) <= tolerance;
}

double distanceTo(const FigureLine &line, const SagittalPoint &p)
{
    const double x = line.to.x - line.from.x, y = line.to.y - line.from.y, squared = x * x + y * y;
    const double share = std::clamp(((p.x - line.from.x) * x + (p.y - line.from.y) * y) / squared, 0.0, 1.0);
    return std::hypot(p.x - line.from.x - share * x, p.y - line.from.y - share * y);
}

bool liesOnALine(const SpinopelvicFigure &figure, const SagittalPoint &p)
{
    return std::any_of(figure.lines.begin(), figure.lines.end(),
                       [&](const FigureLine &line) { return distanceTo(line, p) < 1e-9; });
}

// How much ink of the accent colour lies within a pixel of a place.
int inkAt(const QImage &picture, const QPointF &at)
{
    int most = 0;
    for (int dy = -1; dy <= 1; ++dy)
        for (int dx = -1; dx <= 1; ++dx)
            if (picture.rect().contains(at.toPoint() + QPoint(dx, dy)))
                most = std::max(most, picture.pixelColor(at.toPoint() + QPoint(dx, dy)).blue());
    return most;
}

} // namespace

class tst_SpinopelvicDrawing : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void agreesWithTheHand_data();
    void agreesWithTheHand();
    void arcsSpanTheirAngles_data();
    void arcsSpanTheirAngles();
    void incidenceIsTiltPlusSlope();
    void picturesPlane();
    void drawsWhatThePointsAllow();
    void linesAndArcsPassThroughTheirPixels_data();
    void linesAndArcsPassThroughTheirPixels();
    void notAcrossOtherSlices();
    void whoseAnglesAreDrawn();
};

void tst_SpinopelvicDrawing::agreesWithTheHand_data()
{
    QTest::addColumn<int>("set");
    QTest::addColumn<test::Picture>("picture");
    const char *names[] = {"patient", "faces left", "faces right"};
    for (std::size_t set = 0; set < test::workedSets().size(); ++set)
        for (int picture = 0; picture < 3; ++picture)
            QTest::addRow("%s, %s", test::workedSets()[set].name, names[picture])
                << static_cast<int>(set) << static_cast<test::Picture>(picture);
}

void tst_SpinopelvicDrawing::agreesWithTheHand()
{
    QFETCH(int, set);
    QFETCH(test::Picture, picture);
    const test::WorkedSet &worked = test::workedSets()[static_cast<std::size_t>(set)];
    QUndoStack undo;
    LandmarkEditor editor(&undo);
    const ReviewCase opened = test::landmarkCase(worked, picture);
    editor.setCase(&opened);
    const auto angles = editor.angles(kReference);
    QVERIFY(near(angles.sacralSlope, worked.slope));
    QVERIFY(near(angles.pelvicTilt, worked.tilt));
    QVERIFY(near(angles.pelvicIncidence, worked.incidence));
    QVERIFY(near(angles.lumbarLordosis, worked.lordosis));
    QVERIFY(near(angles.pelvicIncidence, *angles.pelvicTilt + *angles.sacralSlope));
}

void tst_SpinopelvicDrawing::arcsSpanTheirAngles_data()
{
    agreesWithTheHand_data();
}

void tst_SpinopelvicDrawing::arcsSpanTheirAngles()
{
    QFETCH(int, set);
    QFETCH(test::Picture, picture);
    const test::WorkedSet &worked = test::workedSets()[static_cast<std::size_t>(set)];
    const auto points = test::landmarksOf(worked, picture);
    const auto axes = *pictureAxes(test::radiograph(picture)->geometry);
    const SpinopelvicFigure figure = spinopelvicFigure(points, axes);
    QCOMPARE(figure.arcs.size(), 4U);
    const double wanted[] = {worked.slope, worked.tilt, worked.incidence, worked.lordosis};
    for (const FigureArc &arc : figure.arcs) {
        const double value = wanted[static_cast<std::size_t>(arc.angle)];
        QVERIFY(near(arc.degrees, value));
        QVERIFY(near(std::abs(arc.sweep), std::abs(value) * kRadians));
        // It begins on one line of the drawing and ends on another.
        QVERIFY2(liesOnALine(figure, arc.at(0)), shortName(arc.angle));
        QVERIFY2(liesOnALine(figure, arc.at(1)), shortName(arc.angle));
        QVERIFY(liesOnALine(figure, arc.centre));
        QVERIFY(near(std::hypot(arc.at(0.3).x - arc.centre.x, arc.at(0.3).y - arc.centre.y), arc.radius));
    }
    // The endplates, and both marks, lie on its lines.
    for (const char *name : {"S1 anterior", "S1 posterior", "L1 superior anterior", "L1 superior posterior"}) {
        const auto [x, y] = axes.flat(points.find(name)->position);
        QVERIFY2(liesOnALine(figure, {x, y}), name);
    }
    QCOMPARE(figure.marks.size(), 2U);
    for (const SagittalPoint &mark : figure.marks)
        QVERIFY(liesOnALine(figure, mark));
    // Where it faces the other way it is the same drawing turned over.
    if (picture != test::Picture::FacesRight)
        return;
    const auto other = spinopelvicFigure(test::landmarksOf(worked, test::Picture::FacesLeft), axes);
    for (std::size_t n = 0; n < figure.lines.size(); ++n)
        QVERIFY(near(figure.lines[n].from.x, -other.lines[n].from.x) &&
                near(figure.lines[n].to.y, other.lines[n].to.y));
    for (std::size_t n = 0; n < figure.arcs.size(); ++n)
        QVERIFY(near(figure.arcs[n].at(0.7).x, -other.arcs[n].at(0.7).x) &&
                near(figure.arcs[n].at(0.7).y, other.arcs[n].at(0.7).y));
}

void tst_SpinopelvicDrawing::incidenceIsTiltPlusSlope()
{
    // Duval-Beaupere 1992: over points wherever a reader may drag them.
    std::mt19937 random(9);
    std::uniform_real_distribution<double> shift(-25, 25);
    const auto axes = *pictureAxes(test::radiograph(test::Picture::Patient)->geometry);
    for (int n = 0; n < 2000; ++n) {
        auto points = test::landmarksOf(test::workedSets()[static_cast<std::size_t>(n) % 5], test::Picture::Patient);
        for (auto &point : points.points)
            point.position = {0, point.position[1] + shift(random), point.position[2] + shift(random)};
        const auto angles = anglesOf(points, axes);
        const double sum = *angles.pelvicTilt + *angles.sacralSlope;
        QVERIFY(std::abs(std::remainder(*angles.pelvicIncidence - sum, 360)) <= 1e-9);
    }
}

void tst_SpinopelvicDrawing::picturesPlane()
{
    using imaging::PictureAxes;
    QCOMPARE(*pictureAxes(test::radiograph(test::Picture::Patient)->geometry), (PictureAxes{1, 2, 1}));
    QCOMPARE(*pictureAxes(test::radiograph(test::Picture::FacesLeft)->geometry), (PictureAxes{0, 1, -1}));
    QCOMPARE(*pictureAxes(test::gridOf("LSA", {9, 9, 1}, {1, 1, 1})), (PictureAxes{0, 2, 1}));
    QVERIFY(!pictureAxes(test::gridOf("LPS", {9, 9, 9}, {1, 1, 1})));
    const PictureAxes axes{0, 1, -1};
    const auto [x, y] = axes.flat({3, 4, 5});
    QCOMPARE(axes.lifted(x, y, 5), (imaging::Vec3{3, 4, 5}));
}

void tst_SpinopelvicDrawing::drawsWhatThePointsAllow()
{
    const auto axes = *pictureAxes(test::radiograph(test::Picture::Patient)->geometry);
    auto points = test::landmarksOf(test::workedSets().front(), test::Picture::Patient);
    const auto without = [&](const char *name) {
        std::erase_if(points.points, [&](const auto &point) { return point.name == name; });
        return spinopelvicFigure(points, axes);
    };
    QCOMPARE(without("femoral head left").arcs.size(), 4U); // the other hip is left
    const auto noHips = without("femoral head right");
    QCOMPARE(noHips.arcs.size(), 2U);
    QVERIFY(noHips.marks.empty());
    QCOMPARE(without("L1 superior anterior").arcs.size(), 1U);
    QVERIFY(without("S1 posterior").lines.empty());
    QVERIFY(spinopelvicFigure({}, axes).arcs.empty());
}

void tst_SpinopelvicDrawing::linesAndArcsPassThroughTheirPixels_data()
{
    QTest::addColumn<test::Picture>("picture");
    QTest::newRow("patient") << test::Picture::Patient;
    QTest::newRow("faces left") << test::Picture::FacesLeft;
    QTest::newRow("faces right") << test::Picture::FacesRight;
}

void tst_SpinopelvicDrawing::linesAndArcsPassThroughTheirPixels()
{
    QFETCH(test::Picture, picture);
    const bool patient = picture == test::Picture::Patient;
    QUndoStack undo;
    LandmarkEditor editor(&undo);
    const test::WorkedSet &worked = test::workedSets().front();
    const ReviewCase opened = test::landmarkCase(worked, picture);
    editor.setCase(&opened);
    editor.startFrom(kReference);
    SliceCanvas canvas(patient ? Plane::Sagittal : Plane::Axial);
    canvas.resize(850, 850);
    canvas.setTheme(test::testTheme());
    canvas.setVolume(opened.channels.front().volume);
    canvas.setWindow({0, 1});
    canvas.setCursorPosition(patient ? imaging::Vec3{0, 199, -79} : imaging::Vec3{199, 79, 0});
    SpinopelvicLayer layer(editor);
    canvas.addLayer(&layer);
    const QImage drawn = canvas.grab().toImage();
    layer.setVisible(false);
    const QImage plain = canvas.grab().toImage();
    canvas.removeLayer(&layer);

    const auto pixel = [&](double x, double y) { return canvas.toPixel(test::inPicture(picture, x, y)); };
    // A patient who knows where his front is looks to the left of the screen, whatever the file's order of columns.
    QCOMPARE(pixel(50, 0).x() < pixel(0, 0).x(), picture != test::Picture::FacesRight);
    const auto at = [](const std::pair<double, double> &from, double degrees, double length) {
        return std::pair{from.first + length * std::cos(degrees * kRadians),
                         from.second + length * std::sin(degrees * kRadians)};
    };
    const std::pair hips{50.0, -20.0}, middle{0.0, 100.0}, posterior{-20.0, 115.0};
    const auto figure = spinopelvicFigure(editor.points(), editor.axes());
    const auto radius = [&](SpinopelvicAngle angle) {
        return std::find_if(figure.arcs.begin(), figure.arcs.end(), [&](const auto &arc) { return arc.angle == angle; })
            ->radius;
    };
    std::vector<std::pair<const char *, std::pair<double, double>>> inked{
        {"from the hips to S1", {25, 40}},
        {"endplate of S1", {0, 100}},
        {"endplate of S1 prolonged", at(posterior, -worked.slope, 80)},
        {"endplate of L1", {0, 248}},
    };
    for (const double share : {0.2, 0.8}) {
        inked.emplace_back("arc of the slope",
                           at(posterior, -worked.slope * share, radius(SpinopelvicAngle::SacralSlope)));
        inked.emplace_back("arc of the tilt", at(hips, 90 + worked.tilt * share, radius(SpinopelvicAngle::PelvicTilt)));
        inked.emplace_back("arc of the incidence", at(middle, -90 - worked.slope + worked.incidence * share,
                                                      radius(SpinopelvicAngle::PelvicIncidence)));
    }
    for (const auto &[what, place] : inked) {
        QVERIFY2(inkAt(drawn, pixel(place.first, place.second)) > 150, what);
        QVERIFY2(inkAt(plain, pixel(place.first, place.second)) < 30, what);
    }
    // Guides are dashed: most of a stretch is inked, not all of it.
    const auto share = [&](const std::pair<double, double> &from, double degrees, double begin, double end) {
        int ink = 0, steps = 0;
        for (double length = begin; length < end; length += 0.5, ++steps) {
            const auto place = at(from, degrees, length);
            ink += inkAt(drawn, pixel(place.first, place.second)) > 90;
        }
        return double(ink) / steps;
    };
    for (const auto &[from, degrees] : {std::pair{hips, 90.0}, std::pair{middle, -90 - worked.slope}}) {
        const double dashes = share(from, degrees, 60, 78); // beyond the arc of one, before that of the other ends
        QVERIFY2(dashes > 0.35 && dashes < 1, qPrintable(QString::number(dashes)));
    }
    // And nothing where nothing is to be.
    for (const auto &[x, y] : {std::pair{-100.0, 50.0}, std::pair{-60.0, 200.0}, std::pair{20.0, -60.0}})
        QVERIFY(inkAt(drawn, pixel(x, y)) < 30);
}

void tst_SpinopelvicDrawing::notAcrossOtherSlices()
{
    // In a CT the angles are drawn where S1 was marked, and seen from the side alone.
    imaging::Geometry grid = test::gridOf("LPS", {11, 80, 80}, {4, 5, 5}, {0, 0, 100});
    ReviewCase opened = test::landmarkCase(test::workedSets().front(), test::Picture::Patient);
    opened.channels.front().volume = std::make_shared<const imaging::Volume>(
        imaging::Volume{grid, std::vector<float>(static_cast<std::size_t>(grid.voxels()))});
    QUndoStack undo;
    LandmarkEditor editor(&undo);
    editor.setCase(&opened);
    QCOMPARE(editor.axes(), (imaging::PictureAxes{1, 2, 1}));
    SpinopelvicLayer layer(editor);
    for (const auto &[plane, left, wanted] :
         {std::tuple{Plane::Sagittal, 0.0, true}, std::tuple{Plane::Sagittal, 4.0, false},
          std::tuple{Plane::Axial, 0.0, false}}) {
        SliceCanvas canvas(plane);
        canvas.resize(400, 400);
        canvas.setTheme(test::testTheme());
        canvas.setVolume(opened.channels.front().volume);
        canvas.setCursorPosition({left, 0, 100});
        const QImage before = canvas.grab().toImage();
        canvas.addLayer(&layer);
        QCOMPARE(canvas.grab().toImage() != before, wanted);
        canvas.removeLayer(&layer);
    }
}

void tst_SpinopelvicDrawing::whoseAnglesAreDrawn()
{
    QUndoStack undo;
    LandmarkEditor editor(&undo);
    ReviewCase opened = test::landmarkCase(test::workedSets().front(), test::Picture::Patient);
    opened.landmarkPredictions.push_back({"model", opened.referenceLandmarks->points, {}});
    editor.setCase(&opened);
    SpinopelvicLayer layer(editor);
    QCOMPARE(layer.whose(), kReference); // the reader has none yet
    editor.startFrom(0);
    QCOMPARE(layer.whose(), kReaderPoints);
    layer.setWhose(0);
    QCOMPARE(layer.whose(), 0);
    layer.setAutomatic();
    opened.referenceLandmarks.reset();
    editor.setCase(&opened);
    QCOMPARE(layer.whose(), 0);
}

QTEST_MAIN(tst_SpinopelvicDrawing)
#include "tst_spinopelvic_drawing.moc"
