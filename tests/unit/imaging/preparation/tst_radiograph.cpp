// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/preparation/radiograph.h"

#include "core/random.h"
#include "support/outside_tool.h"

#include <QTemporaryDir>
#include <QtTest>
#include <fstream>

using namespace consilium;
using namespace consilium::imaging;
using namespace consilium::test;

class tst_Radiograph : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void keepsProportionsAndExtent_data();
    void keepsProportionsAndExtent();
    void landmarksStayOnWhatTheyMark();
    void agreesWithPillow();
    void refusesVolumes();
};

void tst_Radiograph::keepsProportionsAndExtent_data()
{
    QTest::addColumn<Geometry>("original");
    const Matrix3 lateral{Vec3{0, 0, 1}, Vec3{1, 0, 0}, Vec3{0, -1, 0}};
    QTest::newRow("tall") << Geometry{{1500, 3000, 1}, {0.14, 0.14, 1}, {5, 6, 7}, lateral};
    QTest::newRow("wide") << Geometry{{2500, 1999, 1}, {0.2, 0.2, 1}, {}, lateral};
    QTest::newRow("small, oblong pixels")
        << Geometry{{100, 300, 1}, {2, 1, 1}, {1, 2, 3}, {Vec3{1, 0, 0}, Vec3{0, 1, 0}, Vec3{0, 0, 1}}};
}

void tst_Radiograph::keepsProportionsAndExtent()
{
    QFETCH(Geometry, original);
    const auto grid = radiographGrid(original);
    QVERIFY(grid);
    QCOMPARE(grid->size, (Index3{768, 768, 1}));
    // Square pixels, to the rounding of the shorter side to whole pixels.
    QCOMPARE_LE(std::abs(grid->spacing[0] / grid->spacing[1] - 1), 0.002);
    const double longer = std::max(original.size[0] * original.spacing[0], original.size[1] * original.spacing[1]);
    QCOMPARE_LE(std::abs(std::max(grid->spacing[0], grid->spacing[1]) * 768 - longer), 0.002 * longer);
    // Every corner of the original is inside, and its middle in the middle.
    for (const double i : {-0.5, original.size[0] - 0.5})
        for (const double j : {-0.5, original.size[1] - 0.5}) {
            const auto p = grid->toIndex(original.toPatient({i, j, 0}));
            QVERIFY(p[0] >= -0.5001 && p[0] <= 767.5001 && p[1] >= -0.5001 && p[1] <= 767.5001);
        }
    const auto middle =
        grid->toIndex(original.toPatient({(original.size[0] - 1) / 2.0, (original.size[1] - 1) / 2.0, 0}));
    QCOMPARE_LE(std::max(std::abs(middle[0] - 383.5), std::abs(middle[1] - 383.5)), 0.51);
}

void tst_Radiograph::landmarksStayOnWhatTheyMark()
{
    const Geometry grid{{900, 1700, 1}, {0.2, 0.2, 1}, {40, -30, 900}, {Vec3{0, 0, 1}, Vec3{1, 0, 0}, Vec3{0, -1, 0}}};
    Volume image{grid, std::vector<float>(static_cast<std::size_t>(grid.voxels()), 10)};
    const double ci = 223, cj = 1411; // a round spot
    for (int j = 0; j < 1700; ++j)
        for (int i = 0; i < 900; ++i)
            image.values[static_cast<std::size_t>(grid.offset(i, j, 0))] +=
                static_cast<float>(500 * std::exp(-((i - ci) * (i - ci) + (j - cj) * (j - cj)) / 100));
    const auto square = fitRadiograph(image);
    QVERIFY(square);
    double weight = 0, si = 0, sj = 0;
    for (int j = 0; j < 768; ++j)
        for (int i = 0; i < 768; ++i) {
            const double value = square->at(i, j, 0) - 10;
            weight += value;
            si += value * i;
            sj += value * j;
        }
    const auto mark = square->geometry.toIndex(grid.toPatient({ci, cj, 0}));
    QCOMPARE_LE(std::hypot(si / weight - mark[0], sj / weight - mark[1]), 0.01);
    // What a network finds in the square lies at the same millimetres of the patient.
    const auto found = square->geometry.toPatient({si / weight, sj / weight, 0}), truth = grid.toPatient({ci, cj, 0});
    QCOMPARE_LE(std::hypot(found[0] - truth[0], found[1] - truth[1], found[2] - truth[2]), 0.01);
    QCOMPARE(square->at(0, 0, 0), 10.0F); // padding: the smallest value
}

// Pillow's resize(BICUBIC) is another implementation of the same filter, without the clipping.
void tst_Radiograph::agreesWithPillow()
{
    const auto python = pythonWith("PIL.Image");
    if (python.isEmpty())
        QSKIP("No Python with Pillow here");
    for (const auto &[width, height, side, outWidth, outHeight] :
         {std::array{300, 400, 128, 96, 128}, std::array{50, 40, 100, 100, 80}}) {
        Volume image{{{width, height, 1}}, {}};
        Random random(5);
        for (int n = 0; n < width * height; ++n)
            image.values.push_back(static_cast<float>(random.uniform(0, 1000)));
        image.values[0] = -1e4F; // so that clipping, which Pillow does not do, has nothing to clip
        image.values[1] = 1e4F;
        const QTemporaryDir folder;
        const auto path = folder.path().toStdString();
        std::ofstream(path + "/in", std::ios::binary)
            .write(reinterpret_cast<const char *>(image.values.data()), width * height * 4);
        const auto run = runTool(
            python, {"-c", QString("import numpy as n\nfrom PIL import Image\n"
                                   "a=n.fromfile('%1/in','<f4').reshape(%3,%2)\n"
                                   "n.asarray(Image.fromarray(a,'F').resize((%4,%5),Image.BICUBIC)).tofile('%1/out')")
                               .arg(folder.path())
                               .arg(width)
                               .arg(height)
                               .arg(outWidth)
                               .arg(outHeight)});
        QVERIFY2(run.exitCode == 0, run.errors.constData());
        std::vector<float> theirs(static_cast<std::size_t>(outWidth) * outHeight);
        std::ifstream(path + "/out", std::ios::binary)
            .read(reinterpret_cast<char *>(theirs.data()), static_cast<std::streamsize>(theirs.size() * 4));
        const auto square = fitRadiograph(image, side);
        QVERIFY(square);
        const int left = (side - outWidth) / 2, top = (side - outHeight) / 2;
        for (int j = 0; j < outHeight; ++j)
            for (int i = 0; i < outWidth; ++i) {
                const float expected = std::clamp(theirs[static_cast<std::size_t>(j * outWidth + i)], -1e4F, 1e4F);
                QCOMPARE_LE(std::abs(square->at(left + i, top + j, 0) - expected), 0.01F);
            }
    }
}

void tst_Radiograph::refusesVolumes()
{
    QVERIFY(!fitRadiograph({{{4, 4, 2}}, std::vector<float>(32)}));
    QVERIFY(!radiographGrid({{0, 4, 1}}));
}

QTEST_GUILESS_MAIN(tst_Radiograph)
#include "tst_radiograph.moc"
