// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/preparation/bspline.h"

#include "core/random.h"
#include "imaging/resample.h"
#include "support/outside_tool.h"
#include "synthetic_head.h"

#include <QTemporaryDir>
#include <QtTest>
#include <fstream>
#include <numbers>

using namespace consilium;
using namespace consilium::imaging;
using namespace consilium::test;

class tst_BSpline : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void passesThroughTheVoxels();
    void reproducesCubicPolynomials();
    void followsWavesBetterThanLinear();
    void agreesWithScipy();
    void backgroundStaysExactlyZero();
    void beyondTheBorder();
};

void tst_BSpline::passesThroughTheVoxels()
{
    const auto grid = centredGrid({9, 30, 2}, {1, 2, 3});
    Volume volume{grid, {}};
    Random random(1);
    for (std::int64_t n = 0; n < grid.voxels(); ++n)
        volume.values.push_back(static_cast<float>(random.uniform(-100, 100)));
    auto target = grid; // every second voxel, so that it is not simply copied
    target.spacing[1] = 4;
    target.size[1] = 15;
    const auto result = resampleBSpline(volume, target);
    for (int k = 0; k < 2; ++k)
        for (int j = 0; j < 15; ++j)
            for (int i = 0; i < 9; ++i)
                QCOMPARE_LE(std::abs(result.at(i, j, k) - volume.at(i, 2 * j, k)), 2e-4F);
    QVERIFY(resampleBSpline(volume, grid).values == volume.values);
}

// A cubic spline reproduces every polynomial of degree 3 (Schoenberg 1946), away from the mirrored borders: their
// influence falls by 0.27 a voxel.
void tst_BSpline::reproducesCubicPolynomials()
{
    const auto f = [](const Vec3 &p) {
        const double x = p[0] / 20, y = p[1] / 20, z = p[2] / 20;
        return 3 + 2 * x - y + x * y * z + 4 * x * x * x - 2 * y * y * z + z * z * z * 1.5 - x * x * y * y * y;
    };
    const auto grid = centredGrid({60, 60, 60}, {1, 1, 1});
    Volume volume{grid, {}};
    for (int k = 0; k < 60; ++k)
        for (int j = 0; j < 60; ++j)
            for (int i = 0; i < 60; ++i)
                volume.values.push_back(static_cast<float>(f(grid.toPatient({1.0 * i, 1.0 * j, 1.0 * k}))));
    const double c = std::cos(0.5), s = std::sin(0.5);
    const auto target = centredGrid({24, 24, 24}, {0.77, 0.83, 0.91}, {Vec3{c, -s, 0}, Vec3{s, c, 0}, Vec3{0, 0, 1}});
    const auto result = resampleBSpline(volume, target);
    for (int k = 0; k < 24; ++k)
        for (int j = 0; j < 24; ++j)
            for (int i = 0; i < 24; ++i)
                QCOMPARE_LE(std::abs(result.at(i, j, k) - f(target.toPatient({1.0 * i, 1.0 * j, 1.0 * k}))), 2e-5);
}

void tst_BSpline::followsWavesBetterThanLinear()
{
    // A wave of eight voxels, seen between the voxels.
    const auto wave = [](double x) { return std::sin(2 * std::numbers::pi * x / 8); };
    Volume volume;
    volume.geometry.size = {64, 1, 1};
    for (int i = 0; i < 64; ++i)
        volume.values.push_back(static_cast<float>(wave(i)));
    auto target = volume.geometry;
    target.size[0] = 320;
    target.spacing[0] = 0.1;
    target.origin[0] = 16;
    const auto spline = resampleBSpline(volume, target), linear = resample(volume, target);
    double splineError = 0, linearError = 0;
    for (int i = 0; i < 320; ++i) {
        const double truth = wave(16 + 0.1 * i);
        splineError = std::max(splineError, std::abs(spline.at(i, 0, 0) - truth));
        linearError = std::max(linearError, std::abs(linear.at(i, 0, 0) - truth));
    }
    QCOMPARE_LE(splineError, 0.003);
    QCOMPARE_GE(linearError, 0.05); // 1 - cos(pi / 8) = 0.076 at the crest
}

// scipy.ndimage.map_coordinates(order=3, mode="mirror") is another implementation of the same spline.
void tst_BSpline::agreesWithScipy()
{
    const auto python = pythonWith("scipy.ndimage");
    if (python.isEmpty())
        QSKIP("No Python with scipy here");
    const QTemporaryDir folder;
    const auto grid = centredGrid({13, 11, 7}, {1, 1.4, 2.5});
    Volume volume{grid, {}};
    Random random(2);
    for (std::int64_t n = 0; n < grid.voxels(); ++n)
        volume.values.push_back(static_cast<float>(random.normal(50, 20)));
    const double c = std::cos(0.3), s = std::sin(0.3);
    const auto target = centredGrid({10, 10, 10}, {0.7, 0.7, 0.7}, {Vec3{c, 0, -s}, Vec3{0, 1, 0}, Vec3{s, 0, c}});
    const auto path = folder.path().toStdString();
    std::ofstream(path + "/voxels", std::ios::binary)
        .write(reinterpret_cast<const char *>(volume.values.data()),
               static_cast<std::streamsize>(volume.values.size() * 4));
    std::ofstream places(path + "/places");
    places.precision(17);
    for (int k = 0; k < 10; ++k)
        for (int j = 0; j < 10; ++j)
            for (int i = 0; i < 10; ++i) {
                const auto index = grid.toIndex(target.toPatient({1.0 * i, 1.0 * j, 1.0 * k}));
                places << index[2] << ' ' << index[1] << ' ' << index[0] << '\n';
            }
    places.close();
    const auto script = QString("import numpy as n, scipy.ndimage as s\n"
                                "v=n.fromfile('%1/voxels','<f4').reshape(7,11,13).astype(float)\n"
                                "p=n.loadtxt('%1/places').T\n"
                                "s.map_coordinates(v,p,order=3,mode='mirror').astype('<f4').tofile('%1/result')")
                            .arg(folder.path());
    const auto run = runTool(python, {"-c", script});
    QVERIFY2(run.exitCode == 0, run.errors.constData());
    std::vector<float> theirs(1000);
    std::ifstream(path + "/result", std::ios::binary).read(reinterpret_cast<char *>(theirs.data()), 4000);
    const auto ours = resampleBSpline(volume, target);
    for (std::size_t n = 0; n < 1000; ++n)
        QCOMPARE_LE(std::abs(ours.values[n] - theirs[n]), 1e-3F);
}

void tst_BSpline::backgroundStaysExactlyZero()
{
    const auto grid = centredGrid({20, 20, 20}, {1, 1, 1});
    Volume volume{grid, std::vector<float>(8000, 0)};
    for (int k = 8; k < 12; ++k)
        for (int j = 8; j < 12; ++j)
            for (int i = 8; i < 12; ++i)
                volume.values[static_cast<std::size_t>(grid.offset(i, j, k))] = 100;
    const auto result = resampleBSpline(volume, centredGrid({30, 30, 30}, {0.6, 0.6, 0.6}));
    for (int k = 0; k < 30; ++k)
        for (int j = 0; j < 30; ++j)
            for (int i = 0; i < 30; ++i) {
                const auto p = result.geometry.toPatient({1.0 * i, 1.0 * j, 1.0 * k});
                if (std::max({std::abs(p[0]), std::abs(p[1]), std::abs(p[2])}) > 2.51) // past the voxel beside the cube
                    QCOMPARE(result.at(i, j, k), 0.0F);
            }
}

void tst_BSpline::beyondTheBorder()
{
    Volume volume;
    volume.geometry.size = {4, 1, 1};
    volume.values = {8, std::numeric_limits<float>::quiet_NaN(), 5, 4};
    auto target = volume.geometry;
    target.origin[0] = -0.6;
    target.spacing[0] = 0.3;
    target.size[0] = 3; // -0.6, -0.3, 0
    const auto result = resampleBSpline(volume, target);
    QCOMPARE(result.values[0], 4.0F); // outside: the smallest
    QCOMPARE_LE(std::abs(result.values[1] - 8), 1e-5F);
    QCOMPARE(resampleBSpline(volume, target, -1.0F).values[0], -1.0F);
    target.origin[0] = 0.9;
    for (const float value : resampleBSpline(volume, target).values)
        QVERIFY(std::isfinite(value));
}

QTEST_GUILESS_MAIN(tst_BSpline)
#include "tst_bspline.moc"
