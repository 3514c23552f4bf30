// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/components.h"
#include "imaging/nifti.h"
#include "lesion_phantom.h"
#include "support/real_data.h"
#include "unit/imaging/preparation/known_offset.h"
#include "viewer/findings/lesion_change.h"
#include "viewer/findings/prior_comparison.h"

#include <QSignalSpy>
#include <QtTest>

using namespace consilium;
using namespace consilium::viewer;
using imaging::RigidTransform;
using imaging::Vec3;

Q_DECLARE_METATYPE(consilium::viewer::ChangeKind)

namespace {

// A rod with round ends.
bool inRod(const Vec3 &p, const Vec3 &from, double length, double radius)
{
    const double along = std::clamp(p[0] - from[0], 0.0, length);
    return test::inBall(p, {from[0] + along, from[1], from[2]}, radius);
}

// 5 degrees about an axis between the three, 4 mm in all.
RigidTransform motion()
{
    return test::rigid({3, -3, 2.7}, {2.4, -2.4, 2.1});
}

// What the two examinations show, in the current one's coordinates. Volumes by formula.
bool inPrior(const Vec3 &p)
{
    return test::inBall(p, {-30, -30, 0}, 4)   // grows to 6: x 3.4
           || test::inBall(p, {-30, 0, 0}, 5)  // stays
           || test::inBall(p, {-30, 30, 0}, 6) // shrinks to 4: x 0.30
           || test::inBall(p, {0, -30, 0}, 4)  // goes
           || test::inBall(p, {0, 30, -6}, 4)  // grows together with the next:
           || test::inBall(p, {12, 30, -6}, 4) // two balls, 536 mm3, become a rod of 871
           || inRod(p, {22, 0, 0}, 14, 4);     // 972 mm3, falls apart into two balls, 536
}
bool inCurrent(const Vec3 &p)
{
    return test::inBall(p, {-30, -30, 0}, 6) || test::inBall(p, {-30, 0, 0}, 5) || test::inBall(p, {-30, 30, 0}, 4) ||
           test::inBall(p, {0, 0, 20}, 4) // new
           || inRod(p, {0, 30, -6}, 12, 4) || test::inBall(p, {22, 0, 0}, 4) || test::inBall(p, {36, 0, 0}, 4);
}

imaging::Geometry currentGrid()
{
    return test::gridOf("LPS", {100, 100, 60}, {1, 1, 1});
}
// Other axes, other voxels, and the head lies elsewhere.
imaging::Geometry priorGrid()
{
    return test::gridOf("PIR", {110, 80, 130}, {1, 1, 0.9});
}

LesionChange phantomChange()
{
    const RigidTransform toPrior = motion(), toCurrent = toPrior.inverse();
    const auto prior = test::drawn(priorGrid(), [&](const Vec3 &p) { return inPrior(toCurrent.apply(p)); });
    return LesionChange(prior, test::drawn(currentGrid(), inCurrent), toPrior);
}

const LesionGroup *groupAt(const LesionChange &change, const Vec3 &place)
{
    for (const LesionGroup &group : change.groups())
        if (std::hypot(group.position[0] - place[0], group.position[1] - place[1], group.position[2] - place[2]) < 2.5)
            return &group;
    return nullptr;
}

bool near(double value, double expected) // voxels only nearly make a ball
{
    return std::abs(value - expected) <= 0.06 * expected + 0.002;
}

double ball(double radius)
{
    return 4 * M_PI / 3 * radius * radius * radius / 1000;
}

} // namespace

class tst_LesionChange : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void theRule_data();
    void theRule();
    void theMotionIsAsSaid();
    void tellsWhatBecameOfEachLesion();
    void mergesAndSplitsAreOneGroup();
    void totalsAddUp();
    void thereAndBackAgain();
    void nothingChangesInOneExamination();
    void specksAndWhatIsOutOfViewAreUnclear();
    void thickSlicesOfTheSameLesion();
    void comparesOnlyWhatOneAuthorDrew();
    void alignsARealPatient();
    void cancels();
};

void tst_LesionChange::theRule_data()
{
    QTest::addColumn<double>("before");
    QTest::addColumn<double>("now");
    QTest::addColumn<ChangeKind>("kind");
    // Goodkin 1992 on areas, to the power of 3/2: 1.452 -> 1.750, 0.548 -> 0.406; 1.242 -> 1.384, 0.758 -> 0.660.
    QTest::newRow("small, to 1.70") << 0.2 << 0.34 << ChangeKind::Stable;
    QTest::newRow("small, to 1.80") << 0.2 << 0.36 << ChangeKind::Enlarged;
    QTest::newRow("small, to 0.45") << 0.2 << 0.09 << ChangeKind::Stable;
    QTest::newRow("small, to 0.40") << 0.2 << 0.08 << ChangeKind::Shrunk;
    QTest::newRow("large, to 1.35") << 1.0 << 1.35 << ChangeKind::Stable;
    QTest::newRow("large, to 1.42") << 1.0 << 1.42 << ChangeKind::Enlarged;
    QTest::newRow("large, to 0.68") << 1.0 << 0.68 << ChangeKind::Stable;
    QTest::newRow("large, to 0.64") << 1.0 << 0.64 << ChangeKind::Shrunk;
    // 0.67 cm2 is the middle section of a ball of radius 4.618 mm and 0.4125 mL.
    QTest::newRow("just small") << 0.412 << 0.412 * 1.5 << ChangeKind::Stable;
    QTest::newRow("just large") << 0.413 << 0.413 * 1.5 << ChangeKind::Enlarged;
    QTest::newRow("three voxels appear") << 0.0 << 0.003 << ChangeKind::New;
    QTest::newRow("two voxels appear") << 0.0 << 0.002 << ChangeKind::Unclear;
    QTest::newRow("three voxels go") << 0.003 << 0.0 << ChangeKind::Resolved;
    QTest::newRow("two voxels go") << 0.002 << 0.0 << ChangeKind::Unclear;
    QTest::newRow("two voxels to four") << 0.002 << 0.004 << ChangeKind::Stable;
    QTest::newRow("two voxels to five") << 0.002 << 0.005 << ChangeKind::Enlarged;
}

void tst_LesionChange::theRule()
{
    QFETCH(double, before);
    QFETCH(double, now);
    QFETCH(ChangeKind, kind);
    QVERIFY(changeKind(before, now, 0.001) == kind);
}

void tst_LesionChange::theMotionIsAsSaid()
{
    const auto shift = motion().translation;
    QCOMPARE_LE(std::abs(std::hypot(shift[0], shift[1], shift[2]) - 4), 0.05);
    QCOMPARE_LE(std::abs(motion().angleDegrees() - 5), 0.1);
}

void tst_LesionChange::tellsWhatBecameOfEachLesion()
{
    const LesionChange change = phantomChange();
    struct Known
    {
        Vec3 place;
        ChangeKind kind;
        double before, now;
    };
    for (const Known &known : {Known{{0, 0, 20}, ChangeKind::New, 0, ball(4)},
                               {{-30, -30, 0}, ChangeKind::Enlarged, ball(4), ball(6)},
                               {{-30, 0, 0}, ChangeKind::Stable, ball(5), ball(5)},
                               {{-30, 30, 0}, ChangeKind::Shrunk, ball(6), ball(4)},
                               {{0, -30, 0}, ChangeKind::Resolved, ball(4), 0}}) {
        const LesionGroup *group = groupAt(change, known.place);
        QVERIFY(group);
        QVERIFY(group->kind == known.kind);
        QVERIFY2(near(group->before, known.before) && near(group->now, known.now),
                 qPrintable(QString("%1 %2").arg(group->before).arg(group->now)));
        QVERIFY(!group->merged() && !group->split());
    }
    QCOMPARE(change.groups().size(), std::size_t{7});
    QVERIFY(change.groups().front().kind == ChangeKind::New);
}

void tst_LesionChange::mergesAndSplitsAreOneGroup()
{
    const LesionChange change = phantomChange();
    const double rod12 = ball(4) + M_PI * 16 * 12 / 1000, rod14 = ball(4) + M_PI * 16 * 14 / 1000;
    const LesionGroup *merged = groupAt(change, {6, 30, -6});
    QVERIFY(merged && merged->merged() && !merged->split());
    QCOMPARE(merged->prior.size(), std::size_t{2});
    QVERIFY(near(merged->before, 2 * ball(4)) && near(merged->now, rod12));
    QVERIFY(merged->kind == ChangeKind::Enlarged); // x 1.63, of 0.54 mL

    const auto split = std::find_if(change.groups().begin(), change.groups().end(),
                                    [](const LesionGroup &group) { return group.split(); });
    QVERIFY(split != change.groups().end() && !split->merged());
    QCOMPARE(split->current.size(), std::size_t{2});
    QVERIFY(near(split->before, rod14) && near(split->now, 2 * ball(4)));
    QVERIFY(split->kind == ChangeKind::Shrunk); // x 0.55, of 0.97 mL
}

void tst_LesionChange::totalsAddUp()
{
    const LesionChange change = phantomChange();
    QCOMPARE(change.total(ChangeKind::New).groups, 1);
    QCOMPARE(change.total(ChangeKind::Enlarged).groups, 2);
    QCOMPARE(change.total(ChangeKind::Shrunk).groups, 2);
    QCOMPARE(change.total(ChangeKind::Stable).groups, 1);
    QCOMPARE(change.total(ChangeKind::Resolved).groups, 1);
    const auto toCurrent = motion().inverse();
    const auto prior = test::drawn(priorGrid(), [&](const Vec3 &p) { return inPrior(toCurrent.apply(p)); });
    const auto current = test::drawn(currentGrid(), inCurrent);
    const auto millilitres = [](const imaging::LabelMap &labels) {
        return std::count(labels.values.begin(), labels.values.end(), 1) * labels.geometry.voxelVolume() / 1000;
    };
    QCOMPARE_LE(std::abs(change.total().before - millilitres(prior)), 1e-9);
    QCOMPARE_LE(std::abs(change.total().now - millilitres(current)), 1e-9);
}

// What is new one way is gone the other way.
void tst_LesionChange::thereAndBackAgain()
{
    const auto toPrior = motion(), toCurrent = toPrior.inverse();
    const auto prior = test::drawn(priorGrid(), [&](const Vec3 &p) { return inPrior(toCurrent.apply(p)); });
    const auto current = test::drawn(currentGrid(), inCurrent);
    const LesionChange forth(prior, current, toPrior), back(current, prior, toCurrent);
    QCOMPARE(back.groups().size(), forth.groups().size());
    QCOMPARE(back.total(ChangeKind::New).groups, forth.total(ChangeKind::Resolved).groups);
    QCOMPARE(back.total(ChangeKind::Resolved).groups, forth.total(ChangeKind::New).groups);
    QCOMPARE_LE(std::abs(back.total().now - forth.total().before), 1e-12);
}

void tst_LesionChange::nothingChangesInOneExamination()
{
    const auto labels = test::drawn(currentGrid(), inCurrent);
    const LesionChange change(labels, labels, {});
    QCOMPARE(change.groups().size(), imaging::findLesions(labels).size());
    QCOMPARE(change.total(ChangeKind::Stable).groups, static_cast<int>(change.groups().size()));
    const auto nothing = test::drawn(currentGrid(), [](const Vec3 &) { return false; });
    QVERIFY(LesionChange(nothing, nothing, {}).groups().empty());
    const LesionChange allNew(nothing, labels, {});
    QCOMPARE(allNew.total(ChangeKind::New).groups, static_cast<int>(change.groups().size()));
}

void tst_LesionChange::specksAndWhatIsOutOfViewAreUnclear()
{
    const auto grid = currentGrid();
    const auto nothing = test::drawn(test::gridOf("LPS", {60, 100, 60}, {1, 1, 1}), [](const Vec3 &) { return false; });
    const auto labels = test::drawn(grid, [](const Vec3 &p) {
        return test::inBox(p, {0, 0, 0}, {2, 1, 1}) // two voxels
               || test::inBall(p, {40, 0, 0}, 5)    // 40 mm to the left: the prior ends at 30
               || test::inBall(p, {20, 20, 0}, 3);  // seen in both
    });
    const LesionChange change(nothing, labels, {});
    QCOMPARE(change.total(ChangeKind::New).groups, 1);
    QCOMPARE(change.total(ChangeKind::Unclear).groups, 2);
    const auto *outside = groupAt(change, {40, 0, 0});
    QVERIFY(outside && outside->outsideView);
    const LesionChange gone(labels, nothing, {});
    QCOMPARE(gone.total(ChangeKind::Resolved).groups, 1);
    QVERIFY(groupAt(gone, {40, 0, 0})->outsideView);
}

// The same ball in slices of 5 mm: its volume is measured as it was drawn there, and it is the same lesion.
void tst_LesionChange::thickSlicesOfTheSameLesion()
{
    const auto thick = test::drawn(test::gridOf("LPS", {100, 100, 12}, {1, 1, 5}), [](const Vec3 &p) {
        return test::inBall(p, {10, 10, 1}, 6);
    });
    const auto fine = test::drawn(currentGrid(), [](const Vec3 &p) { return test::inBall(p, {10, 10, 1}, 6); });
    for (const auto &change : {LesionChange(thick, fine, {}), LesionChange(fine, thick, {})}) {
        QCOMPARE(change.groups().size(), std::size_t{1});
        QVERIFY(change.groups().front().kind == ChangeKind::Stable);
    }
}

void tst_LesionChange::comparesOnlyWhatOneAuthorDrew()
{
    const auto one = test::fiveLesions();
    auto other = std::make_shared<LoadedCase>(*one);
    other->opened.reference.reset();
    other->opened.predictions.resize(1);
    other->opened.predictions.front().name = "somebody else";
    const auto none = compareCases(other, one);
    QVERIFY(!none && none.error().code == ErrorCode::Invalid && !none.error().hint.empty());
    other->opened.kind = LabelKind::Structures;
    QVERIFY(!compareCases(other, one));
    // The phantom's image has no contrast.
    const auto flat = compareCases(one, one);
    QVERIFY(!flat && flat.error().code == ErrorCode::Invalid);
}

namespace {

std::shared_ptr<LoadedCase> readPatient(const std::filesystem::path &folder)
{
    auto opened = reviewCaseFromFiles({folder / "flair.nii.gz", folder / "lesions.nii.gz"});
    auto loaded = std::make_shared<LoadedCase>();
    if (opened)
        loaded->opened = std::move(*opened);
    return loaded;
}

} // namespace

// The earlier examination is the same one, turned by 5 degrees and moved by 4 mm, without the second largest lesion and
// with a ball where there is none.
void tst_LesionChange::alignsARealPatient()
{
    CONSILIUM_REAL_DATA(data, "ms-lesions/case-07");
    const auto current = readPatient(data);
    QVERIFY(current->opened.reference);
    auto prior = std::make_shared<LoadedCase>(*current);
    const auto &image = *current->opened.channels.front().volume;
    auto moved = motion();
    moved.centre = image.geometry.toPatient(
        {image.geometry.size[0] / 2.0, image.geometry.size[1] / 2.0, image.geometry.size[2] / 2.0});
    prior->opened.channels.front().volume =
        std::make_shared<const imaging::Volume>(imaging::transformed(image, moved.inverse(), image.geometry));

    // The labels keep their voxels and move with their header, so that no volume changes.
    auto labels = *current->opened.reference->labels;
    std::vector<std::int32_t> ids;
    const auto lesions = imaging::findLesions(labels, 0, &ids);
    const auto removed = lesions[1];
    for (std::size_t n = 0; n < ids.size(); ++n)
        if (ids[n] == removed.id)
            labels.values[n] = 0;
    const Vec3 ballAt = image.geometry.toPatient(
        {image.geometry.size[0] / 2.0 + 30, image.geometry.size[1] / 2.0 + 45, image.geometry.size[2] / 2.0 + 20});
    int ballVoxels = 0;
    test::overGrid(labels.geometry, [&](int i, int j, int k, const Vec3 &p) {
        auto &value = labels.values[static_cast<std::size_t>(labels.geometry.offset(i, j, k))];
        if (test::inBall(p, ballAt, 7) && value != 0)
            ballVoxels = -100000;
        if (test::inBall(p, ballAt, 4)) {
            value = 1;
            ++ballVoxels;
        }
    });
    QVERIFY2(ballVoxels > 200, "the ball must touch no lesion");
    imaging::Volume header{labels.geometry, {}};
    labels.geometry = test::movedHeader(header, moved).geometry;
    prior->opened.reference->labels = test::shared(labels);

    double last = 0;
    bool rises = true;
    QElapsedTimer timer;
    timer.start();
    const auto compared = compareCases(prior, current, [&](double share) {
        rises = rises && share >= last && share <= 1;
        last = share;
        return true;
    });
    QVERIFY2(compared, compared ? "" : compared.error().message.c_str());
    QVERIFY(rises && last == 1.0);
    const auto error = test::differenceAtEdge(compared->currentToPrior, moved, moved.centre);
    qInfo("%.3f mm and %.3f degrees off, %.1f s", error.millimetres, error.degrees, timer.elapsed() / 1000.0);
    QCOMPARE_LE(error.millimetres, 0.5);
    QCOMPARE_LE(error.degrees, 0.5);

    const LesionChange &change = compared->change;
    QCOMPARE(change.total(ChangeKind::New).groups, 1);
    QCOMPARE_LE(std::abs(change.total(ChangeKind::New).now - removed.millilitres), 1e-9);
    QCOMPARE(change.total(ChangeKind::Resolved).groups, 1);
    QCOMPARE_LE(std::abs(change.total(ChangeKind::Resolved).before - ballVoxels * labels.geometry.voxelVolume() / 1000),
                1e-9);
    QCOMPARE(change.total(ChangeKind::Enlarged).groups, 0);
    QCOMPARE(change.total(ChangeKind::Shrunk).groups, 0);
    QCOMPARE(change.total(ChangeKind::Unclear).groups, 0);
    QCOMPARE_LE(std::abs(change.total(ChangeKind::Stable).now - change.total(ChangeKind::Stable).before), 1e-9);
}

void tst_LesionChange::cancels()
{
    CONSILIUM_REAL_DATA(data, "ms-lesions/case-07");
    const auto current = readPatient(data);
    QVERIFY(current->opened.reference);
    int heard = 0;
    const auto stopped = compareCases(current, current, [&](double) { return ++heard < 3; });
    QVERIFY(!stopped && stopped.error().code == ErrorCode::Cancelled);

    PriorComparison comparison;
    QSignalSpy compared(&comparison, &PriorComparison::compared), failed(&comparison, &PriorComparison::failed),
        progressed(&comparison, &PriorComparison::progressed);
    comparison.start(current, current);
    QVERIFY(progressed.wait(20000));
    comparison.cancel();
    // A request that fails at once comes after the one that was cancelled: nothing of that arrives before or after.
    comparison.start(test::fiveLesions(), test::fiveLesions());
    QVERIFY(failed.wait(20000));
    QCOMPARE(failed.count(), 1);
    QCOMPARE(compared.count(), 0);
}

QTEST_GUILESS_MAIN(tst_LesionChange)
#include "tst_lesion_change.moc"
