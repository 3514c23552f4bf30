// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/spinopelvic_angles.h"

#include "imaging/phantom/spine_shape.h"

#include <QTest>
#include <cmath>
#include <numbers>

using namespace consilium;
using namespace consilium::evaluation;

namespace {

NamedPoints mirrored(NamedPoints points)
{
    for (auto &[name, point] : points)
        point.x = 500 - point.x;
    return points;
}

/// Sides 3, 4, 5 and 5, 12, 13: the endplate of S1 falls 30 mm over 40, the hips lie 120 mm below and 50 before its
/// middle; the endplate of L1 rises 8 mm over 15.
NamedPoints worked()
{
    return {{"S1 posterior", {-20, 115}},          {"S1 anterior", {20, 85}},
            {"femoral head left", {48, -21}},      {"femoral head right", {52, -19}},
            {"L1 superior posterior", {-15, 240}}, {"L1 superior anterior", {15, 256}}};
}

bool near(const std::optional<double> &value, double wanted, double tolerance = 1e-9)
{
    return value && std::abs(*value - wanted) <= tolerance;
}

} // namespace

class tst_SpinopelvicAngles : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void agreesWithTheHand();
    void aLevelEndplateAboveTheHips();
    void theHipsMayLieBehind();
    void incidenceIsTiltPlusSlope();
    void doesNotDependOnTheFacing();
    void incidenceDoesNotDependOnThePosture();
    void agreesWithTheShapesOfPhantoms();
    void saysWhatThePointsAllow();
};

void tst_SpinopelvicAngles::agreesWithTheHand()
{
    const auto angles = spinopelvicAngles(worked());
    QVERIFY(near(angles.sacralSlope, 36.869897645844));     // atan 3/4
    QVERIFY(near(angles.pelvicTilt, 22.619864948040));      // atan 5/12
    QVERIFY(near(angles.pelvicIncidence, 59.489762593884)); // acos 33/65
    QVERIFY(near(angles.lumbarLordosis, 64.942384581697));  // atan 3/4 + atan 8/15
}

void tst_SpinopelvicAngles::aLevelEndplateAboveTheHips()
{
    const auto angles = spinopelvicAngles({{"S1 posterior", {-20, 100}},
                                           {"S1 anterior", {20, 100}},
                                           {"femoral head left", {0, 0}},
                                           {"femoral head right", {0, 0}}});
    QVERIFY(near(angles.sacralSlope, 0) && near(angles.pelvicTilt, 0) && near(angles.pelvicIncidence, 0));
}

void tst_SpinopelvicAngles::theHipsMayLieBehind()
{
    // A pelvis tipped forwards: a negative tilt.
    const auto angles = spinopelvicAngles({{"S1 posterior", {-10, 110}},
                                           {"S1 anterior", {10, 90}},
                                           {"femoral head left", {-100, 0}},
                                           {"femoral head right", {-100, 0}}});
    QVERIFY(near(angles.sacralSlope, 45) && near(angles.pelvicTilt, -45) && near(angles.pelvicIncidence, 0));
}

void tst_SpinopelvicAngles::incidenceIsTiltPlusSlope()
{
    // Duval-Beaupere 1992, over all postures that a person may take.
    Random random(3);
    for (int n = 0; n < 1000; ++n) {
        const double slope = random.uniform(-10, 80) * std::numbers::pi / 180;
        const double tilt = random.uniform(-30, 50) * std::numbers::pi / 180;
        const double x = random.uniform(-200, 200), y = random.uniform(-200, 200);
        const double half = random.uniform(10, 25), radius = random.uniform(60, 140);
        const SagittalPoint hip{x + radius * std::sin(tilt), y - radius * std::cos(tilt)};
        const auto angles =
            spinopelvicAngles({{"S1 anterior", {x + half * std::cos(slope), y - half * std::sin(slope)}},
                               {"S1 posterior", {x - half * std::cos(slope), y + half * std::sin(slope)}},
                               {"femoral head left", {hip.x + 7, hip.y - 3}},
                               {"femoral head right", {hip.x - 7, hip.y + 3}}});
        QVERIFY(near(angles.sacralSlope, slope * 180 / std::numbers::pi));
        QVERIFY(near(angles.pelvicTilt, tilt * 180 / std::numbers::pi));
        QVERIFY(near(angles.pelvicIncidence, *angles.pelvicTilt + *angles.sacralSlope));
    }
}

void tst_SpinopelvicAngles::doesNotDependOnTheFacing()
{
    const auto one = spinopelvicAngles(worked()), other = spinopelvicAngles(mirrored(worked()));
    QVERIFY(near(other.sacralSlope, *one.sacralSlope) && near(other.pelvicTilt, *one.pelvicTilt) &&
            near(other.pelvicIncidence, *one.pelvicIncidence) && near(other.lumbarLordosis, *one.lumbarLordosis));
}

void tst_SpinopelvicAngles::incidenceDoesNotDependOnThePosture()
{
    // Turning about the hips changes slope and tilt by as much as it turns, and neither incidence nor lordosis: that
    // makes them shape.
    const auto before = spinopelvicAngles(worked());
    const double turn = 20 * std::numbers::pi / 180;
    auto points = worked();
    for (auto &[name, p] : points)
        p = {std::cos(turn) * p.x + std::sin(turn) * p.y, -std::sin(turn) * p.x + std::cos(turn) * p.y};
    const auto after = spinopelvicAngles(points);
    QVERIFY(near(after.sacralSlope, *before.sacralSlope + 20) && near(after.pelvicTilt, *before.pelvicTilt - 20));
    QVERIFY(near(after.pelvicIncidence, *before.pelvicIncidence));
    QVERIFY(near(after.lumbarLordosis, *before.lumbarLordosis));
}

void tst_SpinopelvicAngles::agreesWithTheShapesOfPhantoms()
{
    // The phantom draws its angles first and lays the points by them.
    for (std::uint64_t seed = 0; seed < 200; ++seed) {
        Random random(seed);
        const imaging::SpineShape spine(random);
        const auto point = [](const imaging::SagittalPoint &p) { return SagittalPoint{p.x, p.y}; };
        const auto &l1 = spine.vertebrae[1];
        const auto angles = spinopelvicAngles({{"S1 anterior", point(spine.s1Anterior)},
                                               {"S1 posterior", point(spine.s1Posterior)},
                                               {"femoral head left", point(spine.leftHip)},
                                               {"femoral head right", point(spine.rightHip)},
                                               {"L1 superior anterior", point(l1.superiorAnterior)},
                                               {"L1 superior posterior", point(l1.superiorPosterior)}});
        QVERIFY(near(angles.sacralSlope, spine.slope, 1e-6) && near(angles.pelvicTilt, spine.tilt, 1e-6));
        QVERIFY(near(angles.pelvicIncidence, spine.incidence, 1e-6));
        QVERIFY(near(angles.lumbarLordosis, spine.lordosis, 1e-6));
    }
}

void tst_SpinopelvicAngles::saysWhatThePointsAllow()
{
    auto points = worked();
    points.erase("femoral head left");
    QVERIFY(near(spinopelvicAngles(points).pelvicTilt, std::atan(52.0 / 119) * 180 / std::numbers::pi));
    points.erase("femoral head right");
    const auto without = spinopelvicAngles(points);
    QVERIFY(!without.pelvicTilt && !without.pelvicIncidence && without.sacralSlope && without.lumbarLordosis);
    points.erase("L1 superior anterior");
    QVERIFY(!spinopelvicAngles(points).lumbarLordosis && spinopelvicAngles(points).sacralSlope);
    points.erase("S1 anterior");
    QVERIFY(!spinopelvicAngles(points).sacralSlope);
    QVERIFY(!spinopelvicAngles({}).sacralSlope);
}

QTEST_GUILESS_MAIN(tst_SpinopelvicAngles)
#include "tst_spinopelvic_angles.moc"
