// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/dicom/series.h"
#include "imaging/dicom/series_writer.h"
#include "viewer/canvas/slice_canvas.h"
#include "viewer_fixtures.h"

#include <QTemporaryDir>
#include <QtTest>
#include <algorithm>
#include <cmath>

using namespace consilium;
using namespace consilium::viewer;
using imaging::Vec3;
using imaging::Volume;

namespace {

// A cube of 12 voxels of 2 mm about the middle of the patient. Each face bears a letter, as it is read by somebody who
// stands before that face: before the front, the back, the right and the left side with the head up; below the feet and
// above the head with the front up. No letter is its own mirror image, upright or turned over.
constexpr int kSide = 12;
constexpr double kStep = 2;
constexpr float kTissue = 100, kLetter = 200, kCorner = 255;

using Art = std::array<const char *, 7>;
constexpr Art kFront{"#####", "#    ", "#    ", "###  ", "#    ", "#    ", "#    "}; // F: front
constexpr Art kBack{"#### ", "#   #", "#   #", "#### ", "#    ", "#    ", "#    "};  // P: posterior
constexpr Art kRight{"#### ", "#   #", "#   #", "#### ", "# #  ", "#  # ", "#   #"}; // R
constexpr Art kLeft{"#    ", "#    ", "#    ", "#    ", "#    ", "#    ", "#####"};  // L
constexpr Art kHead{"#    ", "#    ", "#    ", "#### ", "#   #", "#   #", "#   #"};  // h
constexpr Art kFeet{"  ## ", " #   ", " #   ", "###  ", " #   ", " #   ", " #   "};  // f

bool isInk(const Art &art, int column, int row) // of the 12 x 12 face, letter from column 3 and row 2
{
    return column >= 3 && column < 8 && row >= 2 && row < 9 &&
           art[static_cast<std::size_t>(row - 2)][column - 3] == '#';
}

// The value at a voxel counted from the right, the front and the feet: the phantom itself, in the patient's own terms.
float phantomAt(int fromRight, int fromFront, int fromFeet)
{
    const int fromLeft = kSide - 1 - fromRight, fromBack = kSide - 1 - fromFront, fromHead = kSide - 1 - fromFeet;
    // The bright corner: right, front, head.
    if (fromRight < 2 && fromFront < 2 && fromHead < 2)
        return kCorner;
    // Standing before the front, the patient's right is at one's left.
    if (fromFront == 0)
        return isInk(kFront, fromRight, fromHead) ? kLetter : kTissue;
    if (fromBack == 0)
        return isInk(kBack, fromLeft, fromHead) ? kLetter : kTissue;
    // Standing at the patient's right side, the front is at one's right; at the left side it is at one's left.
    if (fromRight == 0)
        return isInk(kRight, fromBack, fromHead) ? kLetter : kTissue;
    if (fromLeft == 0)
        return isInk(kLeft, fromFront, fromHead) ? kLetter : kTissue;
    // Looking from the feet with the front up, the right is at one's left; from above it is at one's right.
    if (fromFeet == 0)
        return isInk(kFeet, fromRight, fromFront) ? kLetter : kTissue;
    if (fromHead == 0)
        return isInk(kHead, fromLeft, fromFront) ? kLetter : kTissue;
    return kTissue;
}

Volume phantomOn(const imaging::Geometry &grid)
{
    Volume volume{grid, std::vector<float>(static_cast<std::size_t>(grid.voxels()))};
    test::overGrid(grid, [&](int i, int j, int k, const Vec3 &at) {
        const auto counted = [](double mm) { return static_cast<int>(std::lround(mm / kStep + (kSide - 1) / 2.0)); };
        volume.values[static_cast<std::size_t>(grid.offset(i, j, k))] =
            phantomAt(counted(at[0]), counted(at[1]), counted(at[2]));
    });
    return volume;
}

// What must stand on the screen, drawn by hand. '.' tissue, '#' letter, 'O' the bright corner. The outermost ring of a
// face belongs to its neighbours' letters too, which have no ink there.
struct Expected
{
    const char *name;
    Plane plane;
    Vec3 place; ///< a point of the slice
    std::array<const char *, kSide> picture;
};

const Expected kExpected[] = {
    // Radiological convention: seen from the front, the patient's right on the left of the screen, head up. The corner
    // (right, front, head) is at the top left.
    {"coronal, front face",
     Plane::Coronal,
     {0, -11, 0},
     {"OO..........", "OO..........", "...#####....", "...#........", "...#........", "...###......", "...#........",
      "...#........", "...#........", "............", "............", "............"}},
    // The back, from the front, through the body: P the wrong way round.
    {"coronal, back face",
     Plane::Coronal,
     {0, 11, 0},
     {"............", "............", ".....####...", "....#...#...", "....#...#...", ".....####...", "........#...",
      "........#...", "........#...", "............", "............", "............"}},
    // Seen from the feet, front up, the patient's right on the left.
    {"axial, feet",
     Plane::Axial,
     {0, 0, -11},
     {"............", "............", ".....##.....", "....#.......", "....#.......", "...###......", "....#.......",
      "....#.......", "....#.......", "............", "............", "............"}},
    // The head from the feet: h the wrong way round; the corner is at the right and the front.
    {"axial, head",
     Plane::Axial,
     {0, 0, 11},
     {"OO..........", "OO..........", "........#...", "........#...", "........#...", ".....####...", "....#...#...",
      "....#...#...", "....#...#...", "............", "............", "............"}},
    // Sagittal: the front on the left of the screen, head up, as from the patient's left side.
    {"sagittal, left face",
     Plane::Sagittal,
     {11, 0, 0},
     {"............", "............", "...#........", "...#........", "...#........", "...#........", "...#........",
      "...#........", "...#####....", "............", "............", "............"}},
    {"sagittal, right face",
     Plane::Sagittal,
     {-11, 0, 0},
     {"OO..........", "OO..........", ".....####...", "....#...#...", "....#...#...", ".....####...", "......#.#...",
      ".....#..#...", "....#...#...", "............", "............", "............"}},
};

std::string drawn(const QImage &image)
{
    std::string text;
    for (int y = 0; y < image.height(); ++y) {
        for (int x = 0; x < image.width(); ++x) {
            const int grey = qGray(image.pixel(x, y));
            text += std::abs(grey - 255) < 5   ? 'O'
                    : std::abs(grey - 200) < 5 ? '#'
                    : std::abs(grey - 100) < 5 ? '.'
                                               : '?';
        }
        text += '\n';
    }
    return text;
}

std::string wanted(const Expected &expected)
{
    std::string text;
    for (const char *row : expected.picture)
        text += std::string(row) + "\n";
    return text;
}

std::vector<std::string> allOrientations()
{
    std::vector<std::string> all;
    std::array<int, 3> order{0, 1, 2};
    do {
        for (int signs = 0; signs < 8; ++signs) {
            std::string letters;
            for (int axis = 0; axis < 3; ++axis)
                letters += "LPSRAI"[order[axis] + (signs >> axis & 1 ? 3 : 0)];
            all.push_back(letters);
        }
    } while (std::next_permutation(order.begin(), order.end()));
    return all;
}

} // namespace

class tst_PhantomPixels : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyGridShowsTheSame_data();
    void everyGridShowsTheSame();
    void everyPatientPositionShowsTheSame_data();
    void everyPatientPositionShowsTheSame();
    void theCanvasShowsTheSame_data();
    void theCanvasShowsTheSame();
    void overlayAndImageAgree_data();
    void overlayAndImageAgree();
};

void tst_PhantomPixels::everyGridShowsTheSame_data()
{
    QTest::addColumn<QString>("letters");
    for (const std::string &letters : allOrientations())
        QTest::newRow(letters.c_str()) << QString::fromStdString(letters);
}

void tst_PhantomPixels::everyGridShowsTheSame()
{
    QFETCH(QString, letters);
    const Volume volume = phantomOn(test::gridOf(letters.toStdString(), {kSide, kSide, kSide}, {kStep, kStep, kStep}));
    for (const Expected &expected : kExpected) {
        const SliceGeometry geometry(volume.geometry, expected.plane);
        const QImage image = renderSlice(volume, geometry, geometry.nearestSlice(expected.place), {0, 255});
        QVERIFY2(drawn(image) == wanted(expected),
                 (std::string(expected.name) + "\n" + drawn(image) + "instead of\n" + wanted(expected)).c_str());
    }
}

// A scanner's axial slices have rows and columns as the patient lies: PS3.3 C.7.3.1.1.2, seen from the feet of the
// table for head first, from its head for feet first.
void tst_PhantomPixels::everyPatientPositionShowsTheSame_data()
{
    QTest::addColumn<QString>("letters");
    const std::pair<const char *, const char *> positions[] = {{"HFS", "LPS"},  {"HFP", "RAS"}, {"HFDR", "PRS"},
                                                               {"HFDL", "ALS"}, {"FFS", "RPI"}, {"FFP", "LAI"},
                                                               {"FFDR", "PLI"}, {"FFDL", "ARI"}};
    for (const auto &[position, letters] : positions)
        QTest::newRow(position) << QString::fromLatin1(letters);
}

void tst_PhantomPixels::everyPatientPositionShowsTheSame()
{
    QFETCH(QString, letters);
    const Volume written = phantomOn(test::gridOf(letters.toStdString(), {kSide, kSide, kSide}, {kStep, kStep, kStep}));
    QTemporaryDir folder;
    imaging::dicom::SeriesDescription description;
    description.patientPosition = QTest::currentDataTag();
    description.uidSeed = QTest::currentDataTag();
    QVERIFY(imaging::dicom::writeSeries(folder.path().toStdU16String(), written, description));
    const auto scan = imaging::dicom::scanSeries(folder.path().toStdU16String());
    QVERIFY(scan);
    const auto volume = imaging::dicom::loadForViewing(scan->series.front());
    QVERIFY(volume);
    for (const Expected &expected : kExpected) {
        const SliceGeometry geometry(volume->geometry, expected.plane);
        const QImage image = renderSlice(*volume, geometry, geometry.nearestSlice(expected.place), {0, 255});
        QVERIFY2(drawn(image) == wanted(expected), (std::string(expected.name) + "\n" + drawn(image)).c_str());
    }
}

void tst_PhantomPixels::theCanvasShowsTheSame_data()
{
    QTest::addColumn<int>("which");
    for (int which = 0; which < static_cast<int>(std::size(kExpected)); ++which)
        QTest::newRow(kExpected[which].name) << which;
}

// The same on the screen, with the letters at the edges: what a reader sees.
void tst_PhantomPixels::theCanvasShowsTheSame()
{
    QFETCH(int, which);
    const Expected &expected = kExpected[which];
    for (const char *letters : {"LPS", "RAI", "PIR", "SLA"}) {
        SliceCanvas canvas(expected.plane);
        canvas.resize(400, 400);
        canvas.setTheme(test::testTheme());
        canvas.setVolume(
            std::make_shared<Volume>(phantomOn(test::gridOf(letters, {kSide, kSide, kSide}, {kStep, kStep, kStep}))));
        canvas.setWindow({0, 255});
        canvas.setCursorPosition(expected.place);
        CanvasDisplay plain;
        plain.smooth = plain.texts = plain.scaleBar = plain.crosshair = false;
        canvas.setDisplay(plain);
        const QImage picture = canvas.grab().toImage();
        // The middle of each voxel, placed by hand: columns to the right, rows down, 12 of them about the middle.
        const double step = canvas.pixelsPerMm() * kStep;
        std::string text;
        for (int row = 0; row < kSide; ++row) {
            for (int column = 0; column < kSide; ++column) {
                const QPoint at(static_cast<int>(200 + (column - 5.5) * step),
                                static_cast<int>(200 + (row - 5.5) * step));
                const int grey = qGray(picture.pixel(at));
                text += grey > 250 ? 'O' : std::abs(grey - 200) < 5 ? '#' : std::abs(grey - 100) < 5 ? '.' : '?';
            }
            text += '\n';
        }
        QVERIFY2(text == wanted(expected), (std::string(letters) + "\n" + text).c_str());
        const EdgeLetters edges = canvas.geometry().edges();
        const std::array<std::string, 4> said{edges.left, edges.right, edges.top, edges.bottom};
        const std::array<std::string, 4> axial{"R", "L", "A", "P"}, coronal{"R", "L", "S", "I"},
            sagittal{"A", "P", "S", "I"};
        QCOMPARE(said, expected.plane == Plane::Axial ? axial : expected.plane == Plane::Coronal ? coronal : sagittal);
    }
}

void tst_PhantomPixels::overlayAndImageAgree_data()
{
    QTest::addColumn<double>("zoom");
    QTest::addColumn<bool>("fine");
    for (const double zoom : {0.25, 0.6, 1.0, 1.37, 2.0, 5.3, 11.0, 40.0})
        for (const bool fine : {false, true})
            QTest::addRow("zoom %g, %s labels", zoom, fine ? "finer" : "the same") << zoom << fine;
}

// A bright block and its label: the outline runs along the edge of the image to half a pixel of the screen, at any
// zoom, also where the label has a grid of its own, and where several voxels fall on one pixel.
void tst_PhantomPixels::overlayAndImageAgree()
{
    QFETCH(double, zoom);
    QFETCH(bool, fine);
    const auto grid = test::gridOf("LPS", {240, 240, 3}, {1, 1, 2});
    const auto inBlock = [](const Vec3 &at) { return at[0] > -12 && at[0] < 20 && at[1] > -16 && at[1] < 24; };
    auto volume = std::make_shared<Volume>(Volume{grid, std::vector<float>(static_cast<std::size_t>(grid.voxels()))});
    test::overGrid(grid, [&](int i, int j, int k, const Vec3 &at) {
        volume->values[static_cast<std::size_t>(grid.offset(i, j, k))] = inBlock(at) ? 200 : 0;
    });
    const auto labelGrid = fine ? test::gridOf("RAS", {480, 480, 3}, {0.5, 0.5, 2}) : grid;
    auto labels = std::make_shared<imaging::LabelMap>(
        imaging::LabelMap{labelGrid, std::vector<std::uint8_t>(static_cast<std::size_t>(labelGrid.voxels()))});
    test::overGrid(labelGrid, [&](int i, int j, int k, const Vec3 &at) {
        labels->values[static_cast<std::size_t>(labelGrid.offset(i, j, k))] = inBlock(at);
    });
    SliceCanvas canvas(Plane::Axial);
    canvas.resize(600, 600);
    canvas.setTheme(test::testTheme());
    canvas.setVolume(volume);
    canvas.setWindow({0, 200});
    canvas.setOverlays({{labels, {Qt::transparent, QColor(255, 0, 0)}}});
    canvas.setCursorPosition({0, 0, 0});
    // Each edge in turn in the middle of the canvas, so that it stays in sight at any zoom.
    const std::pair<Vec3, bool> edges[] = {
        {{-12, 0, 0}, true}, {{20, 0, 0}, true}, {{0, -16, 0}, false}, {{0, 24, 0}, false}};
    for (const auto &[edge, upright] : edges) {
        canvas.setView({zoom, edge});
        CanvasDisplay plain;
        plain.texts = plain.scaleBar = plain.crosshair = false;
        // A hundred pixels of the screen between two of the image: Qt's smooth drawing goes there in sixteen steps, and
        // the edge is what squares show.
        plain.smooth = zoom < 40;
        canvas.setDisplay(plain);
        const auto across = [&, upright = upright](const QImage &picture, auto value) {
            std::vector<double> line;
            for (int n = 0; n < 600; ++n)
                line.push_back(value(upright ? picture.pixel(n, 300) : picture.pixel(300, n)));
            return line;
        };
        canvas.setOverlayStyle({false, false, 1, 1});
        const auto greys = across(canvas.grab().toImage(), [](QRgb pixel) { return double(qGreen(pixel)); });
        // Where the grey passes a half, nearest to the middle; pixel n spans n to n + 1.
        double crossing = -1000;
        for (int n = 0; n + 1 < 600; ++n)
            if ((greys[n] < 127.5) != (greys[n + 1] < 127.5)) {
                const double at = n + 0.5 + (127.5 - greys[n]) / (greys[n + 1] - greys[n]);
                if (std::abs(at - 300) < std::abs(crossing - 300))
                    crossing = at;
            }
        canvas.setOverlayStyle({true, false, 1, 1});
        const auto reds =
            across(canvas.grab().toImage(), [](QRgb pixel) { return double(qRed(pixel) - qGreen(pixel)); });
        double sum = 0, moment = 0;
        for (int n = std::max(0, static_cast<int>(crossing) - 4); n < std::min(600, static_cast<int>(crossing) + 5);
             ++n) {
            sum += std::max(0.0, reds[n]);
            moment += std::max(0.0, reds[n]) * (n + 0.5);
        }
        QVERIFY(sum > 100);
        QVERIFY2(std::abs(moment / sum - crossing) <= 0.5,
                 qPrintable(QStringLiteral("outline at %1, edge at %2").arg(moment / sum).arg(crossing)));
        QVERIFY2(std::abs(crossing - 300) <= 0.75, qPrintable(QString::number(crossing))); // and both where they belong
    }
}

QTEST_MAIN(tst_PhantomPixels)
#include "tst_phantom_pixels.moc"
