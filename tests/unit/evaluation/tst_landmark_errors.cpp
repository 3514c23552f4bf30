// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/landmarks.h"

#include <QTest>
#include <cmath>
#include <vector>

using namespace consilium::evaluation;

using Distances = std::vector<std::optional<double>>;

class tst_LandmarkErrors : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void countsWhatIsNearEnough();
    void anAnswerMissingIsNotFound();
    void withoutLandmarksThereIsNothing();
    void halfFoundIsTheMedianAtTheLimit();
};

void tst_LandmarkErrors::countsWhatIsNearEnough()
{
    // 3 % of 400 mm are 12 mm.
    const Distances distances{0, 11.9, 12, 12.1, 300};
    QCOMPARE(shareFound(distances, 400).value(), 0.6);
    QCOMPARE(meanError(distances).value(), 67.2);
}

void tst_LandmarkErrors::anAnswerMissingIsNotFound()
{
    const Distances distances{1, std::nullopt, 3, std::nullopt};
    QCOMPARE(shareFound(distances, 400).value(), 0.5);
    QCOMPARE(meanError(distances).value(), 2.0);
}

void tst_LandmarkErrors::withoutLandmarksThereIsNothing()
{
    QVERIFY(!shareFound({}, 400) && !meanError({}));
    QVERIFY(!meanError(Distances{std::nullopt}));
    QCOMPARE(shareFound(Distances{std::nullopt}, 400).value(), 0.0);
}

void tst_LandmarkErrors::halfFoundIsTheMedianAtTheLimit()
{
    Distances distances;
    for (int i = 1; i <= 101; ++i)
        distances.emplace_back(0.1 * i); // median 5.1
    QVERIFY(shareFound(distances, 5.11 / foundWithin).value() > 0.5);
    QVERIFY(shareFound(distances, 5.09 / foundWithin).value() < 0.5);
}

QTEST_GUILESS_MAIN(tst_LandmarkErrors)
#include "tst_landmark_errors.moc"
