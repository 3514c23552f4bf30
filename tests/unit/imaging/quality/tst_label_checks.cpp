// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/quality/label_checks.h"

#include "ball_brain.h"

#include <QtTest>

using namespace consilium;
using namespace consilium::imaging;
using namespace consilium::test;

namespace {

constexpr Vec3 s_lesion{40, 10, 5};

LabelMap ball(const Geometry &grid, const Vec3 &centre, double radius, std::uint8_t label = 1)
{
    LabelMap labels{grid, {}};
    labels.values.resize(static_cast<std::size_t>(grid.voxels()));
    forEachPoint(grid, [&](std::size_t n, const Vec3 &p) {
        if (length({p[0] - centre[0], p[1] - centre[1], p[2] - centre[2]}) <= radius)
            labels.values[n] = label;
    });
    return labels;
}

// A FLAIR with one bright lesion.
QualityChannel flair()
{
    auto channel = ballBrain(centredGrid({70, 70, 70}, {2, 2, 2}), 10, "FLAIR");
    const auto lesion = ball(channel.volume.geometry, s_lesion, 6);
    for (std::size_t n = 0; n < lesion.values.size(); ++n)
        channel.volume.values[n] += lesion.values[n] ? 40.F : 0.F;
    return channel;
}

} // namespace

class tst_LabelChecks : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void passesLabelsThatFit();
    void refusesLabelsThatAreNoneOfTheTask();
    void warnsOfNothing();
    void refusesAnotherGrid();
    void seesLabelsOutsideTheBrain();
    void seesLabelsOfAnotherCase();
    void judgesNoOtherTaskByItsContrast();
};

void tst_LabelChecks::passesLabelsThatFit()
{
    const std::vector channels{flair()};
    const auto findings = checkLabels(ball(channels[0].volume.geometry, s_lesion, 6), channels, 2);
    QCOMPARE(findings.size(), 1U);
    QVERIFY2(findings[0].verdict == Verdict::Pass, findings[0].reason.c_str());
    QVERIFY(std::abs(findings[0].value - 0.905) < 0.1); // ml of a ball of 6 mm
}

void tst_LabelChecks::refusesLabelsThatAreNoneOfTheTask()
{
    const std::vector channels{flair()};
    const auto labels = ball(channels[0].volume.geometry, s_lesion, 6, 3);
    QVERIFY(checkLabels(labels, channels, 4).front().verdict == Verdict::Pass);
    const auto findings = checkLabels(labels, channels, 3);
    QVERIFY(findings.front().verdict == Verdict::Fail);
    QCOMPARE(findings.front().value, 3.0);
}

void tst_LabelChecks::warnsOfNothing()
{
    const std::vector channels{flair()};
    const auto findings = checkLabels(ball(channels[0].volume.geometry, {500, 0, 0}, 6), channels, 2);
    QCOMPARE(findings.size(), 1U);
    QVERIFY(findings[0].verdict == Verdict::Warn);
}

void tst_LabelChecks::refusesAnotherGrid()
{
    const std::vector channels{flair()};
    auto labels = ball(channels[0].volume.geometry, s_lesion, 6);
    labels.geometry.origin[1] += 0.05; // less than anybody sees
    QVERIFY(checkLabels(labels, channels, 2).front().verdict == Verdict::Pass);
    labels.geometry.origin[1] += 0.95;
    QVERIFY(checkLabels(labels, channels, 2).front().verdict == Verdict::Fail);
    const auto small = ball(centredGrid({60, 70, 70}, {2, 2, 2}), s_lesion, 6);
    const auto findings = checkLabels(small, channels, 2);
    QVERIFY(findings.front().verdict == Verdict::Fail);
    QVERIFY2(findings.front().reason.find("60 x 70 x 70") != std::string::npos, findings.front().reason.c_str());
}

void tst_LabelChecks::seesLabelsOutsideTheBrain()
{
    auto channel = ballBrain(centredGrid({70, 70, 70}, {2, 2, 2}), 10, "T1");
    const auto &grid = channel.volume.geometry;
    QVERIFY(checkLabels(ball(grid, {50, 0, 0}, 10), {channel}, 2).front().verdict == Verdict::Pass);
    const auto half = checkLabels(ball(grid, {65, 0, 0}, 10), {channel}, 2).front();
    QVERIFY(half.verdict == Verdict::Fail);
    QVERIFY2(half.value > 0.4 && half.value < 0.7, half.reason.c_str());
    QVERIFY(checkLabels(ball(grid, {57.5, 0, 0}, 10), {channel}, 2).front().verdict == Verdict::Warn);
    channel.brain = {};
    QVERIFY(checkLabels(ball(grid, {65, 0, 0}, 10), {channel}, 2).front().verdict == Verdict::Pass);
}

void tst_LabelChecks::seesLabelsOfAnotherCase()
{
    const std::vector channels{flair()};
    const auto &grid = channels[0].volume.geometry;
    for (const auto &centre : {Vec3{-s_lesion[0], s_lesion[1], s_lesion[2]}, Vec3{0, 35, -20}}) {
        const auto finding = checkLabels(ball(grid, centre, 6), channels, 2).front();
        QVERIFY2(finding.verdict == Verdict::Fail, finding.reason.c_str());
        QVERIFY2(std::abs(finding.value) < 0.3, finding.reason.c_str());
    }
}

void tst_LabelChecks::judgesNoOtherTaskByItsContrast()
{
    auto channel = flair();
    const auto elsewhere = ball(channel.volume.geometry, {0, 35, -20}, 6);
    QVERIFY(checkLabels(elsewhere, {channel}, 3).front().verdict == Verdict::Pass);
    channel.name = "T1";
    QVERIFY(checkLabels(elsewhere, {channel}, 2).front().verdict == Verdict::Pass);
}

QTEST_GUILESS_MAIN(tst_LabelChecks)
#include "tst_label_checks.moc"
