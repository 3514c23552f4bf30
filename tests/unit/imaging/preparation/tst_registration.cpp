// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/preparation/registration.h"

#include "imaging/nifti.h"
#include "known_offset.h"
#include "support/real_data.h"
#include "synthetic_head.h"

#include <QElapsedTimer>
#include <QtTest>

using namespace consilium;
using namespace consilium::imaging;
using namespace consilium::test;

class tst_Registration : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void transformsMapAsTheyAreWritten();
    void inverseUndoes();
    void movedLabelsFollowTheImage();
    void alignsTwoContrastsOfAHead();
    void findsAKnownOffsetOnARealPatient_data();
    void findsAKnownOffsetOnARealPatient();
    void sameSeedGivesTheSameAnswer();
    void refusesWhatCannotBeAligned();
    void tellsHowFarItIsAndStops();
};

void tst_Registration::transformsMapAsTheyAreWritten()
{
    // A quarter turn about z around (10, 0, 0), then 5 mm up: (11, 0, 0) lies 1 mm along x, so it comes to 1 mm along
    // y.
    const auto quarter = rigid({0, 0, 90}, {0, 0, 5}, {10, 0, 0});
    const auto p = quarter.apply({11, 0, 0});
    QCOMPARE_LE(std::hypot(p[0] - 10, p[1] - 1, p[2] - 5), 1e-12);
    QCOMPARE_LE(std::abs(quarter.angleDegrees() - 90), 1e-9);
    QCOMPARE_LE(std::abs(rigid({1e-5, 0, 0}, {}).angleDegrees() - 1e-5), 1e-12);
    QCOMPARE_LE(std::abs(rigid({0, 180, 0}, {}).angleDegrees() - 180), 1e-6);
}

void tst_Registration::inverseUndoes()
{
    const auto there = rigid({10, -20, 30}, {3, -4, 5}, {7, 8, -9});
    const Vec3 p{12, -34, 56};
    const auto back = there.inverse().apply(there.apply(p));
    QCOMPARE_LE(std::hypot(back[0] - p[0], back[1] - p[1], back[2] - p[2]), 1e-12);
}

void tst_Registration::movedLabelsFollowTheImage()
{
    const auto grid = centredGrid({60, 50, 40}, {1, 1.2, 1.5});
    Volume image{grid, {}};
    LabelMap labels{grid, {}};
    for (int k = 0; k < 40; ++k)
        for (int j = 0; j < 50; ++j)
            for (int i = 0; i < 60; ++i) {
                const auto p = grid.toPatient({1.0 * i, 1.0 * j, 1.0 * k});
                const bool inside = inEllipsoid({p[0] - 8, p[1], p[2]}, 14, 10, 9);
                labels.values.push_back(inside ? 3 : 0);
                image.values.push_back(inside ? 100.0F : 0.0F);
            }
    const auto motion = rigid({15, 5, -20}, {4, -3, 2});
    const auto movedImage = transformed(image, motion, grid);
    const auto movedLabels = transformed(labels, motion, grid);
    QVERIFY(movedImage.geometry == grid && movedLabels.geometry == grid);
    int checked = 0;
    for (std::size_t n = 0; n < movedLabels.values.size(); ++n) {
        const auto i = static_cast<int>(n);
        const auto p = motion.apply(grid.toPatient({1.0 * (i % 60), 1.0 * (i / 60 % 50), 1.0 * (i / 3000)}));
        const auto in = [&](double grown) {
            return inEllipsoid({p[0] - 8, p[1], p[2]}, 14 + grown, 10 + grown, 9 + grown);
        };
        if (in(-2) || !in(2)) { // away from the edge the truth is plain
            QCOMPARE(movedLabels.values[n], in(0) ? 3 : 0);
            QCOMPARE_LE(std::abs(movedImage.values[n] - (in(0) ? 100 : 0)), 6.0F); // a spline rings a little
            ++checked;
        }
    }
    QCOMPARE_GE(checked, 60000);
}

void tst_Registration::alignsTwoContrastsOfAHead()
{
    const auto grid = centredGrid({95, 110, 100}, {2, 2, 2});
    const auto flair = syntheticHead(grid, s_flairHead, 0.03, 0.2, 1);
    const auto thick = syntheticHead(centredGrid({190, 190, 40}, {1.1, 1.2, 5}), s_t1Head, 0.03, -0.1, 2);
    const auto truth = rigid({-6, 4, 9}, {8, -10, 5});
    const auto found = registerRigid(flair.image, movedHeader(thick.image, truth));
    QVERIFY2(found, found ? "" : found.error().message.c_str());
    const auto error = differenceAtEdge(found->fixedToMoving, truth, {});
    qInfo("%.3f mm, %.3f degrees", error.millimetres, error.degrees);
    // An ellipsoid head hardly tells how it is turned; its ventricles and neck do.
    QCOMPARE_LE(error.millimetres, 1.0);
}

void tst_Registration::findsAKnownOffsetOnARealPatient_data()
{
    QTest::addColumn<QString>("patient");
    QTest::addColumn<Vec3>("degrees");
    QTest::addColumn<Vec3>("shift");
    QTest::newRow("case-07") << "case-07" << Vec3{10, -10, 10} << Vec3{-10, 10, 10};
    QTest::newRow("case-19") << "case-19" << Vec3{-10, 10, 10} << Vec3{10, 10, -10};
}

void tst_Registration::findsAKnownOffsetOnARealPatient()
{
    CONSILIUM_REAL_DATA(data, "ms-lesions");
    QFETCH(QString, patient);
    QFETCH(Vec3, degrees);
    QFETCH(Vec3, shift);
    const auto flair = readNifti(data / patient.toStdString() / "flair.nii.gz");
    const auto t1 = readNifti(data / patient.toStdString() / "t1.nii.gz");
    QVERIFY(flair && t1);
    const auto centre = middleOf(flair->geometry);
    const auto truth = rigid(degrees, shift, centre);
    const auto moved = transformed(*t1, truth.inverse(), t1->geometry);
    QElapsedTimer timer;
    timer.start();
    const auto found = registerRigid(*flair, moved);
    const double seconds = timer.elapsed() / 1000.0;
    QVERIFY2(found, found ? "" : found.error().message.c_str());
    // What the data's authors left between the two counts for neither.
    const auto unmoved = registerRigid(*flair, *t1);
    QVERIFY(unmoved);
    const auto error = differenceAtEdge(found->fixedToMoving, chained(unmoved->fixedToMoving, truth), centre);
    qInfo("%.3f mm, %.3f degrees at the brain's edge; %d iterations, %.1f s, information %.3f", error.millimetres,
          error.degrees, found->iterations, seconds, -found->metric);
    QCOMPARE_LE(error.millimetres, 0.5);
    QCOMPARE_LE(error.degrees, 0.5);
}

void tst_Registration::sameSeedGivesTheSameAnswer()
{
    const auto grid = centredGrid({48, 55, 50}, {4, 4, 4});
    const auto fixed = syntheticHead(grid, s_flairHead, 0.03, 0.2, 1).image;
    const auto moving = movedHeader(syntheticHead(grid, s_t1Head, 0.03, 0.2, 2).image, rigid({5, 0, -5}, {6, 3, -4}));
    const auto first = registerRigid(fixed, moving, {7, 2}), again = registerRigid(fixed, moving, {7, 2}),
               alone = registerRigid(fixed, moving, {7, 1});
    QVERIFY(first && again && alone);
    for (const auto *other : {&*again, &*alone}) {
        QVERIFY(first->fixedToMoving.rotation == other->fixedToMoving.rotation);
        QVERIFY(first->fixedToMoving.translation == other->fixedToMoving.translation);
        QCOMPARE(first->metric, other->metric);
    }
}

void tst_Registration::refusesWhatCannotBeAligned()
{
    const auto grid = centredGrid({48, 55, 50}, {4, 4, 4});
    const auto head = syntheticHead(grid, s_flairHead, 0.03, 0.2, 1).image;
    const Volume flat{grid, std::vector<float>(head.values.size(), 5)};
    const auto nothing = registerRigid(head, flat);
    QVERIFY(!nothing && nothing.error().code == ErrorCode::Invalid);
    QVERIFY(!registerRigid(head, Volume{}));
    Volume noise{grid, {}};
    Random random(3);
    for (std::size_t n = 0; n < head.values.size(); ++n)
        noise.values.push_back(static_cast<float>(random.normal(100, 10)));
    const auto unrelated = registerRigid(head, noise);
    QVERIFY(!unrelated && unrelated.error().code == ErrorCode::Unavailable);
}

void tst_Registration::tellsHowFarItIsAndStops()
{
    const auto grid = centredGrid({48, 55, 50}, {4, 4, 4});
    const auto head = syntheticHead(grid, s_flairHead, 0.03, 0.2, 1).image;
    std::vector<double> told;
    RegistrationOptions options;
    options.progress = [&](double done) {
        told.push_back(done);
        return true;
    };
    const auto heard = registerRigid(head, head, options), unheard = registerRigid(head, head);
    QVERIFY(heard && unheard);
    QVERIFY(heard->fixedToMoving.translation == unheard->fixedToMoving.translation);
    QVERIFY(told.size() > 10 && std::is_sorted(told.begin(), told.end()));
    QVERIFY(told.front() > 0 && told.back() <= 1);
    for (const std::size_t last : {std::size_t{1}, told.size() - 1}) { // in the first level, in the last
        std::size_t calls = 0;
        options.progress = [&](double) { return ++calls < last; };
        const auto stopped = registerRigid(head, head, options);
        QVERIFY(!stopped && stopped.error().code == ErrorCode::Cancelled);
        QCOMPARE(calls, last); // it is asked no more once it said no
    }
}

QTEST_GUILESS_MAIN(tst_Registration)
#include "tst_registration.moc"
