// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/quality/image_checks.h"
#include "imaging/quality/thumbnail.h"

#include "ball_brain.h"

#include <QTemporaryDir>
#include <QtTest>
#include <fstream>

using namespace consilium;
using namespace consilium::imaging;
using namespace consilium::test;

Q_DECLARE_METATYPE(consilium::imaging::Verdict)

class tst_ImageChecks : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void spacingHasATolerance_data();
    void spacingHasATolerance();
    void spacingIsThatOfThePatientsAxes();
    void measuresTheNoiseThatIsThere_data();
    void measuresTheNoiseThatIsThere();
    void seesWhatIsCutOff_data();
    void seesWhatIsCutOff();
    void allowsForThickSlices();
    void allowsForTheBrainstem();
    void knowsHowLargeBrainsAre();
    void brainsApartOverlapLess_data();
    void brainsApartOverlapLess();
    void measuresGhosts_data();
    void measuresGhosts();
    void measuresNoGhostsWithoutAir();
    void drawsTheMiddleSlice();
    void drawsARadiographUpright();
    void writesAThumbnailThatOthersRead();
};

void tst_ImageChecks::spacingHasATolerance_data()
{
    QTest::addColumn<Vec3>("spacing");
    QTest::addColumn<Verdict>("verdict");
    QTest::addColumn<double>("deviation");
    QTest::newRow("exact") << Vec3{1, 1, 1} << Verdict::Pass << 0.0;
    QTest::newRow("just inside") << Vec3{1.1, 0.9, 1} << Verdict::Pass << 0.1;
    QTest::newRow("just outside") << Vec3{1, 1.101, 1} << Verdict::Fail << 0.101;
    QTest::newRow("thick slices") << Vec3{1, 1, 3} << Verdict::Fail << 2.0;
    QTest::newRow("fine") << Vec3{0.5, 0.5, 1} << Verdict::Fail << 0.5;
}

void tst_ImageChecks::spacingHasATolerance()
{
    QFETCH(Vec3, spacing);
    QFETCH(Verdict, verdict);
    QFETCH(double, deviation);
    const QualityChannel channel{"T1", {centredGrid({2, 2, 2}, spacing), {}}, {}};
    const auto finding = checkSpacing(channel, {1, 1, 1}, 0.1);
    QVERIFY(finding.verdict == verdict);
    QVERIFY(std::abs(finding.value - deviation) < 1e-9);
}

void tst_ImageChecks::spacingIsThatOfThePatientsAxes()
{
    // Sagittal slices 3 mm thick: the index axes run to the back, to the feet and to the left.
    QualityChannel channel{"T2", {centredGrid({8, 8, 4}, {0.5, 0.6, 3}), {}}, {}};
    channel.volume.geometry.direction = {Vec3{0, 0, 1}, Vec3{1, 0, 0}, Vec3{0, -1, 0}};
    QVERIFY(checkSpacing(channel, {3, 0.5, 0.6}, 0.01).verdict == Verdict::Pass);
    QVERIFY(checkSpacing(channel, {0.5, 0.6, 3}, 0.01).verdict == Verdict::Fail);
}

void tst_ImageChecks::measuresTheNoiseThatIsThere_data()
{
    QTest::addColumn<QString>("channel");
    QTest::addColumn<double>("noise");
    QTest::addColumn<Verdict>("verdict");
    for (const char *channel : {"FLAIR", "T1", "T2"}) {
        QTest::addRow("%s, quiet", channel) << channel << 2.0 << Verdict::Pass;
        QTest::addRow("%s, usual", channel) << channel << 5.0 << Verdict::Pass;
        QTest::addRow("%s, loud", channel) << channel << 11.2 << Verdict::Warn;
        QTest::addRow("%s, too loud", channel) << channel << 20.0 << Verdict::Fail;
    }
}

void tst_ImageChecks::measuresTheNoiseThatIsThere()
{
    QFETCH(QString, channel);
    QFETCH(double, noise);
    QFETCH(Verdict, verdict);
    const auto finding = checkSignalToNoise(ballBrain(centredGrid({140, 140, 140}), noise, channel.toStdString()));
    // The median of the ball is that of its tissue but for the few voxels of fluid: 3 % of 100.
    QVERIFY2(std::abs(finding.value * noise / 100 - 1) < 0.06, finding.reason.c_str());
    QVERIFY2(finding.verdict == verdict, finding.reason.c_str());
    QCOMPARE(finding.reason.find("fluid") != std::string::npos, channel == "FLAIR");
}

void tst_ImageChecks::seesWhatIsCutOff_data()
{
    QTest::addColumn<int>("axis");
    QTest::addColumn<bool>("low");
    QTest::addColumn<double>("depth");
    QTest::addColumn<Verdict>("verdict");
    QTest::addColumn<QString>("side");
    QTest::newRow("whole") << 2 << false << 0.0 << Verdict::Pass << "";
    QTest::newRow("2 mm of the vertex") << 2 << false << 2.0 << Verdict::Pass << "top";
    QTest::newRow("6 mm of the vertex") << 2 << false << 6.0 << Verdict::Warn << "top";
    QTest::newRow("20 mm of the vertex") << 2 << false << 20.0 << Verdict::Fail << "top";
    QTest::newRow("20 mm of the feet's side") << 2 << true << 20.0 << Verdict::Fail << "bottom";
    QTest::newRow("15 mm of the left") << 0 << false << 15.0 << Verdict::Fail << "left";
    QTest::newRow("15 mm of the right") << 0 << true << 15.0 << Verdict::Fail << "right";
    QTest::newRow("15 mm of the back") << 1 << false << 15.0 << Verdict::Fail << "back";
    QTest::newRow("15 mm of the front") << 1 << true << 15.0 << Verdict::Fail << "front";
}

void tst_ImageChecks::seesWhatIsCutOff()
{
    QFETCH(int, axis);
    QFETCH(bool, low);
    QFETCH(double, depth);
    QFETCH(Verdict, verdict);
    QFETCH(QString, side);
    // A ball cut `depth` below its pole has a face of 1 - ((r - d) / r)^2 of its largest section.
    const double face = 1 - std::pow((s_ballRadius - depth) / s_ballRadius, 2);
    const double edge = s_ballRadius - depth;
    auto inside = ballBrain(centredGrid({134, 134, 134}), 0);
    forEachPoint(inside.brain.geometry, [&](std::size_t n, const Vec3 &p) {
        if (low ? p[axis] < -edge : p[axis] > edge)
            inside.brain.values[n] = 0;
    });
    // The same cut by the image's border: the grid ends there.
    Geometry grid = centredGrid({134, 134, 134});
    const int lost = 67 - static_cast<int>(edge);
    if (depth > 0) {
        grid.size[axis] -= lost;
        grid.origin[axis] += low ? lost : 0;
    }
    for (const auto &channel : {inside, ballBrain(grid, 0)}) {
        const auto finding = checkCoverage(channel);
        QVERIFY2(finding.verdict == verdict, finding.reason.c_str());
        QVERIFY2(depth == 0 || std::abs(finding.value - face) < 0.03, finding.reason.c_str());
        QVERIFY2(finding.reason.find(side.toStdString()) != std::string::npos, finding.reason.c_str());
    }
}

void tst_ImageChecks::allowsForThickSlices()
{
    const auto whole = checkCoverage(ballBrain(centredGrid({140, 140, 30}, {1, 1, 5}), 0));
    QVERIFY2(whole.verdict == Verdict::Pass, whole.reason.c_str());
    const auto cut = checkCoverage(ballBrain(centredGrid({140, 140, 20}, {1, 1, 5}), 0));
    QVERIFY2(cut.verdict == Verdict::Fail, cut.reason.c_str()); // 15 mm are lost above and below
}

void tst_ImageChecks::allowsForTheBrainstem()
{
    // The medulla, 30 mm across, leaves the image below.
    auto channel = ballBrain(centredGrid({140, 140, 170}), 0);
    forEachPoint(channel.brain.geometry, [&](std::size_t n, const Vec3 &p) {
        if (std::hypot(p[0], p[1]) < 15 && p[2] < 0)
            channel.brain.values[n] = 1;
    });
    const auto finding = checkCoverage(channel);
    QVERIFY2(finding.verdict == Verdict::Pass, finding.reason.c_str());
}

void tst_ImageChecks::knowsHowLargeBrainsAre()
{
    for (const double scale : {0.7, 1.3}) {
        const auto finding = checkCoverage(ballBrain(centredGrid({140, 140, 140}, {scale, scale, scale}), 0));
        const auto whole = scale > 1; // voxels of 0.7 mm show a part of the ball
        QVERIFY2(whole == (finding.verdict == Verdict::Pass), finding.reason.c_str());
    }
    auto large = ballBrain(centredGrid({140, 140, 140}), 0);
    large.brain.geometry.spacing = {1.3, 1.3, 1.3}; // 2527 ml
    QVERIFY(checkCoverage(large).verdict == Verdict::Warn);
    large.brain.geometry.spacing = {0.8, 0.8, 0.8}; // 589 ml
    QVERIFY(checkCoverage(large).verdict == Verdict::Warn);
}

void tst_ImageChecks::brainsApartOverlapLess_data()
{
    QTest::addColumn<double>("shift");
    QTest::addColumn<Verdict>("verdict");
    QTest::newRow("together") << 0.0 << Verdict::Pass;
    QTest::newRow("5 mm") << 5.0 << Verdict::Pass;
    QTest::newRow("12 mm") << 12.0 << Verdict::Warn;
    QTest::newRow("25 mm") << 25.0 << Verdict::Fail;
}

void tst_ImageChecks::brainsApartOverlapLess()
{
    QFETCH(double, shift);
    QFETCH(Verdict, verdict);
    const auto first = ballBrain(centredGrid({160, 140, 140}), 0, "FLAIR", {-shift / 2, 0, 0});
    const auto second = ballBrain(centredGrid({80, 70, 70}, {2, 2, 2}), 0, "T1", {shift / 2, 0, 0});
    const auto finding = checkAgreement(first, second);
    // The share of a ball that another of the same radius r covers at distance d.
    const double ratio = shift / s_ballRadius;
    const double expected = 1 - 0.75 * ratio + ratio * ratio * ratio / 16;
    QVERIFY2(std::abs(finding.value - expected) < 0.01, finding.reason.c_str());
    QVERIFY2(finding.verdict == verdict, finding.reason.c_str());

    // A brain of half the volume inside the other.
    auto small = first;
    forEachPoint(small.brain.geometry, [&](std::size_t n, const Vec3 &p) {
        if (p[2] > 0)
            small.brain.values[n] = 0;
    });
    QVERIFY(checkAgreement(first, small).verdict == Verdict::Fail);
}

void tst_ImageChecks::measuresGhosts_data()
{
    QTest::addColumn<double>("ghost");
    QTest::addColumn<bool>("frontAndBack");
    QTest::addColumn<Verdict>("verdict");
    QTest::newRow("noise alone") << 0.0 << true << Verdict::Pass;
    QTest::newRow("1 %") << 1.0 << true << Verdict::Pass;
    QTest::newRow("6 %, front and back") << 6.0 << true << Verdict::Warn;
    QTest::newRow("6 %, left and right") << 6.0 << false << Verdict::Warn;
    QTest::newRow("15 %") << 15.0 << true << Verdict::Fail;
}

void tst_ImageChecks::measuresGhosts()
{
    QFETCH(double, ghost);
    QFETCH(bool, frontAndBack);
    QFETCH(Verdict, verdict);
    auto channel = ballBrain(centredGrid({90, 90, 80}, {2, 2, 2}), 0);
    Random random(6);
    forEachPoint(channel.volume.geometry, [&](std::size_t n, const Vec3 &p) {
        auto &value = channel.volume.values[n];
        const double along = std::abs(frontAndBack ? p[1] : p[0]);
        const double across = std::abs(frontAndBack ? p[0] : p[1]);
        // Ghosts fill the lines of the head: those of a box around the ball.
        if (along > s_ballRadius && across <= s_ballRadius)
            value = static_cast<float>(ghost);
        else if (channel.brain.values[n])
            value = 100;
        value = static_cast<float>(std::hypot(value + random.normal(0, 0.5), random.normal(0, 0.5)));
    });
    const auto finding = checkGhosting(channel);
    // Noise alone has a mean of its own (Rayleigh), so what is measured is a little less.
    QVERIFY2(finding.value * 100 <= ghost + 0.1 && finding.value * 100 > ghost - 0.8, finding.reason.c_str());
    QVERIFY2(finding.verdict == verdict, finding.reason.c_str());
    if (ghost > 1)
        QCOMPARE(finding.reason.find("behind") != std::string::npos, frontAndBack);
}

void tst_ImageChecks::measuresNoGhostsWithoutAir()
{
    const auto masked = checkGhosting(ballBrain(centredGrid({90, 90, 80}, {2, 2, 2}), 5));
    QVERIFY(masked.verdict == Verdict::Pass);
    QVERIFY2(masked.reason.find("masked") != std::string::npos, masked.reason.c_str());
    const auto crop = checkGhosting(ballBrain(centredGrid({40, 40, 40}), 5));
    QVERIFY(crop.verdict == Verdict::Pass);
    QVERIFY2(crop.reason.find("too little air") != std::string::npos, crop.reason.c_str());
}

void tst_ImageChecks::drawsTheMiddleSlice()
{
    // Right to left twice as long as front to back; a bright corner to the left and in front.
    auto grid = centredGrid({100, 25, 11}, {1, 2, 3});
    grid.direction[0][0] = -1; // i runs to the right
    grid.origin[0] = -grid.origin[0];
    Volume volume{grid, {}};
    volume.values.resize(static_cast<std::size_t>(grid.voxels()));
    forEachPoint(grid, [&](std::size_t n, const Vec3 &p) {
        volume.values[n] = p[0] > 0 && p[1] < 0 && std::abs(p[2]) < 1 ? 7.F : 0.F;
    });
    const auto picture = makeThumbnail(volume);
    QCOMPARE(picture.width, 128);
    QCOMPARE(picture.height, 64);
    const auto at = [&](int x, int y) { return picture.pixels[static_cast<std::size_t>(x + picture.width * y)]; };
    QCOMPARE(at(120, 5), std::uint8_t{255}); // left is on the right, front is up
    QCOMPARE(at(5, 5), std::uint8_t{0});
    QCOMPARE(at(120, 60), std::uint8_t{0});
    QVERIFY(makeThumbnail({}).pixels.empty());
}

void tst_ImageChecks::drawsARadiographUpright()
{
    // A lateral radiograph: one sagittal slice, j runs to the feet; what is at the head is bright.
    Geometry grid;
    grid.size = {40, 80, 1};
    grid.direction = {Vec3{0, 0, 1}, Vec3{1, 0, 0}, Vec3{0, -1, 0}};
    Volume volume{grid, {}};
    for (int n = 0; n < 40 * 80; ++n)
        volume.values.push_back(n < 40 * 20 ? 1.F : 0.F);
    const auto picture = makeThumbnail(volume);
    QCOMPARE(picture.width, 64);
    QCOMPARE(picture.height, 128);
    QCOMPARE(picture.pixels.front(), std::uint8_t{255});
    QCOMPARE(picture.pixels.back(), std::uint8_t{0});
}

void tst_ImageChecks::writesAThumbnailThatOthersRead()
{
    QTemporaryDir folder;
    const auto file = std::filesystem::path(folder.path().toStdString()) / "case.pgm";
    QVERIFY(writeThumbnail(file, {3, 2, {0, 10, 13, 200, 255, 1}}));
    std::ifstream stream(file, std::ios::binary);
    const std::string bytes(std::istreambuf_iterator<char>(stream), {});
    QCOMPARE(bytes, std::string("P5\n3 2\n255\n") + std::string("\0\x0a\x0d\xc8\xff\x01", 6));
    QVERIFY(!writeThumbnail(file, {}));
}

QTEST_GUILESS_MAIN(tst_ImageChecks)
#include "tst_image_checks.moc"
