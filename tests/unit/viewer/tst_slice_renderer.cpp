// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/canvas/slice_renderer.h"
#include "viewer_fixtures.h"

#include <QtTest>
#include <algorithm>
#include <limits>

using namespace consilium;
using namespace consilium::viewer;
using imaging::Geometry;
using imaging::LabelMap;
using imaging::Vec3;
using imaging::Volume;

/// The phantom: a block of 6 x 8 x 10 mm, grey all over, with a bright voxel at the patient's right, front, head corner
/// and a darker one at the left, front, head corner. Where they are on the screen is known without any program.
class tst_SliceRenderer : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void cornersFallWhereTheyBelong_data();
    void cornersFallWhereTheyBelong();
    void windowMapsValuesToGreys();
    void labelsOnAnotherGridLandOnTheSamePlaceInThePatient();
    void outlineOfASquare();
    void outlineOfARing();
    void pixelsThatTouchAtACornerCloseToo();
    void outlineBetweenTwoLabels();
    void fillTakesTheLabelsColour();
};

namespace {

constexpr int kGrey = 100, kRight = 255, kLeft = 200;

Volume phantom(const std::string &letters)
{
    // The size along the patient's axes is 6, 8, 10 however the file is turned.
    imaging::Index3 size{};
    for (int axis = 0; axis < 3; ++axis)
        size[axis] = std::string("LRPASI").find(letters[axis]) / 2 == 0   ? 6
                     : std::string("LRPASI").find(letters[axis]) / 2 == 1 ? 8
                                                                          : 10;
    Volume volume{test::gridOf(letters, size, {1, 1, 1}), {}};
    volume.values.resize(static_cast<std::size_t>(volume.geometry.voxels()), kGrey);
    test::overGrid(volume.geometry, [&](int i, int j, int k, const Vec3 &at) {
        if (at[1] > -3 || at[2] < 4) // not the front row of the top layer
            return;
        auto &value = volume.values[static_cast<std::size_t>(volume.geometry.offset(i, j, k))];
        if (at[0] < -2)
            value = kRight;
        if (at[0] > 2)
            value = kLeft;
    });
    return volume;
}

QPolygon sorted(QPolygon polygon)
{
    std::sort(polygon.begin(), polygon.end(),
              [](const QPoint &a, const QPoint &b) { return std::pair(a.x(), a.y()) < std::pair(b.x(), b.y()); });
    return polygon;
}

int greyAt(const QImage &image, int column, int row)
{
    return qRed(image.pixel(column, row));
}

} // namespace

void tst_SliceRenderer::cornersFallWhereTheyBelong_data()
{
    QTest::addColumn<QString>("letters");
    for (const char *letters : {"LPS", "RAS", "LAS", "RPI", "PIR", "SRA", "AIL", "SLP"})
        QTest::newRow(letters) << letters;
}

void tst_SliceRenderer::cornersFallWhereTheyBelong()
{
    QFETCH(QString, letters);
    const Volume volume = phantom(letters.toStdString());
    LabelMap labels{volume.geometry, std::vector<std::uint8_t>(volume.values.size())};
    for (std::size_t i = 0; i < volume.values.size(); ++i)
        labels.values[i] = volume.values[i] == kRight ? 1 : volume.values[i] == kLeft ? 2 : 0;

    // Plane, slice with the corners, size, and the one pixel of each corner (-1: not in that slice).
    struct Expected
    {
        Plane plane;
        int slice, columns, rows;
        QPoint right, left;
    };
    const Expected table[] = {
        {Plane::Axial, 9, 6, 8, {0, 0}, {5, 0}},       // topmost; the front is on top, the right on the left
        {Plane::Coronal, 0, 6, 10, {0, 0}, {5, 0}},    // foremost; the head on top, the right on the left
        {Plane::Sagittal, 0, 8, 10, {0, 0}, {-1, -1}}, // at the right side; the face on the left, the head on top
        {Plane::Sagittal, 5, 8, 10, {-1, -1}, {0, 0}}, // at the left side
    };
    for (const Expected &expected : table) {
        const SliceGeometry slices(volume.geometry, expected.plane);
        const QImage image = renderSlice(volume, slices, expected.slice, {0, 255});
        const LabelSlice under = sliceLabels(labels, slices, expected.slice);
        QCOMPARE(image.size(), QSize(expected.columns, expected.rows));
        for (int row = 0; row < image.height(); ++row)
            for (int column = 0; column < image.width(); ++column) {
                const QPoint here(column, row);
                QCOMPARE(greyAt(image, column, row), here == expected.right  ? kRight
                                                     : here == expected.left ? kLeft
                                                                             : kGrey);
                QCOMPARE(int(under.at(column, row)), here == expected.right ? 1 : here == expected.left ? 2 : 0);
            }
    }
}

void tst_SliceRenderer::windowMapsValuesToGreys()
{
    Volume volume{test::gridOf("LPS", {5, 1, 1}, {1, 1, 1}),
                  {-1000, 40, 80, 1000, std::numeric_limits<float>::quiet_NaN()}};
    const SliceGeometry slices(volume.geometry, Plane::Axial);
    // Centre 40, width 160: -40 is black, 120 white; 40 is the middle, 80 three quarters (191.25).
    const QImage image = renderSlice(volume, slices, 0, {-40, 120});
    const int expected[] = {0, 128, 191, 255, 0};
    for (int i = 0; i < 5; ++i)
        QCOMPARE(greyAt(image, i, 0), expected[i]);
}

void tst_SliceRenderer::labelsOnAnotherGridLandOnTheSamePlaceInThePatient()
{
    // The image is LPS with 1 mm voxels centred on whole millimetres from 0 to 7; the labels are RAS with 2 mm voxels
    // that cover only the patient's left half: their voxels reach from L 3.5 to L 7.5. Label 1 fills the voxel from
    // L 5.5 to 7.5, P -0.5 to 1.5.
    Geometry imageGrid;
    imageGrid.size = {8, 8, 1};
    Geometry labelGrid = test::gridOf("RAS", {2, 4, 1}, {2, 2, 1});
    labelGrid.origin = {6.5, 6.5, 0};
    LabelMap labels{labelGrid, std::vector<std::uint8_t>(8)};
    labels.values[static_cast<std::size_t>(labelGrid.offset(0, 3, 0))] = 1; // L 6.5, P 0.5
    const LabelSlice slice = sliceLabels(labels, SliceGeometry(imageGrid, Plane::Axial), 0);
    for (int row = 0; row < 8; ++row)
        for (int column = 0; column < 8; ++column)
            QCOMPARE(int(slice.at(column, row)), (column == 6 || column == 7) && (row == 0 || row == 1) ? 1 : 0);
}

void tst_SliceRenderer::outlineOfASquare()
{
    LabelSlice slice{5, 5, std::vector<std::uint8_t>(25)};
    for (int row = 1; row <= 3; ++row)
        for (int column = 2; column <= 4; ++column)
            slice.values[static_cast<std::size_t>(row * 5 + column)] = 1;
    const auto borders = outlines(slice);
    QCOMPARE(borders.size(), std::size_t{2});
    QCOMPARE(borders[1].size(), std::size_t{1});
    // Its four corners, the right ones on the border of the slice.
    QCOMPARE(sorted(borders[1][0]), sorted(QPolygon({{2, 1}, {5, 1}, {5, 4}, {2, 4}})));
}

void tst_SliceRenderer::outlineOfARing()
{
    // A ring of 8 pixels round one hole: an outer square of 3 x 3 and an inner one of 1 x 1.
    const auto borders = outlines({3, 3, {1, 1, 1, 1, 0, 1, 1, 1, 1}});
    QCOMPARE(borders.at(1).size(), std::size_t{2});
    QCOMPARE(sorted(borders[1][0]), sorted(QPolygon({{0, 0}, {3, 0}, {3, 3}, {0, 3}})));
    QCOMPARE(sorted(borders[1][1]), sorted(QPolygon({{1, 1}, {2, 1}, {2, 2}, {1, 2}})));
}

void tst_SliceRenderer::pixelsThatTouchAtACornerCloseToo()
{
    // Two pixels on a diagonal: eight edges in all, in one polygon or two.
    const auto borders = outlines({2, 2, {1, 0, 0, 1}});
    int points = 0;
    for (const QPolygon &polygon : borders.at(1)) {
        points += int(polygon.size());
        for (int i = 0; i < polygon.size(); ++i) {
            const QPoint edge = polygon[(i + 1) % polygon.size()] - polygon[i];
            QCOMPARE(edge.manhattanLength(), 1);
        }
    }
    QCOMPARE(points, 8);
}

void tst_SliceRenderer::outlineBetweenTwoLabels()
{
    const auto borders = outlines({2, 1, {1, 2}});
    QCOMPARE(borders.size(), std::size_t{3});
    for (int label : {1, 2}) {
        const int left = label - 1;
        QCOMPARE(borders[label].size(), std::size_t{1});
        QCOMPARE(sorted(borders[label][0]), sorted(QPolygon({{left, 0}, {left + 1, 0}, {left + 1, 1}, {left, 1}})));
    }
}

void tst_SliceRenderer::fillTakesTheLabelsColour()
{
    const std::vector<QColor> colours{Qt::transparent, QColor(10, 20, 30), QColor(40, 50, 60)};
    const QImage image = fillImage({4, 1, {0, 1, 2, 9}}, colours);
    QCOMPARE(qAlpha(image.pixel(0, 0)), 0);
    QCOMPARE(image.pixelColor(1, 0), colours[1]);
    QCOMPARE(image.pixelColor(2, 0), colours[2]);
    QCOMPARE(image.pixelColor(3, 0), colours[2]);
}

QTEST_GUILESS_MAIN(tst_SliceRenderer)
#include "tst_slice_renderer.moc"
