// SPDX-License-Identifier: GPL-3.0-or-later
#include "tasks/segmentation_metrics.h"

#include <QTest>

using namespace consilium::tasks;

namespace {

const std::vector<std::string> s_labels{"background", "anterior", "posterior"};
using Bytes = std::vector<std::uint8_t>;

} // namespace

class tst_SegmentationMetrics : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void handWorkedCase();
    void leavesAbsentLabelsOut();
    void meansCountTheCasesThatHaveTheLabel();
    void countsLesionsOfTheReference();
};

void tst_SegmentationMetrics::handWorkedCase()
{
    // anterior: 2 of 3 and 2 voxels agree, 2 * 2 / (3 + 2) = 0.8; posterior: 1 of 1 and 2, 2 / 3.
    const auto metrics = segmentationMetrics("a", Bytes{1, 1, 1, 2, 0, 0}, Bytes{1, 1, 2, 2, 0, 0}, s_labels).metrics;
    QCOMPARE(metrics.size(), 3u);
    QCOMPARE(metrics[0].name, std::string("dice"));
    QCOMPARE(metrics[0].value, (0.8 + 2.0 / 3) / 2);
    QCOMPARE(metrics[1].name, std::string("dice:anterior"));
    QCOMPARE(metrics[1].value, 0.8);
    QCOMPARE(metrics[2].value, 2.0 / 3);
}

void tst_SegmentationMetrics::leavesAbsentLabelsOut()
{
    const auto one = segmentationMetrics("a", Bytes{1, 0}, Bytes{1, 1}, s_labels).metrics;
    QCOMPARE(one.size(), 2u);
    QCOMPARE(one[0].value, 2.0 / 3);
    QVERIFY(segmentationMetrics("b", Bytes{0, 0}, Bytes{0, 0}, s_labels).metrics.empty());
    // Inventing a label costs: it has a Dice, and that is 0.
    QCOMPARE(segmentationMetrics("c", Bytes{0, 2}, Bytes{0, 0}, s_labels).metrics[0].value, 0.0);
}

void tst_SegmentationMetrics::meansCountTheCasesThatHaveTheLabel()
{
    const std::vector<CaseMetrics> cases{segmentationMetrics("a", Bytes{1, 2}, Bytes{1, 2}, s_labels),
                                         segmentationMetrics("b", Bytes{1, 0}, Bytes{1, 1}, s_labels),
                                         segmentationMetrics("c", Bytes{0, 0}, Bytes{0, 0}, s_labels)};
    const auto means = meanMetrics(cases, segmentationMetricNames(s_labels));
    QCOMPARE(means.size(), 3u);
    QCOMPARE(means[0].value, (1 + 2.0 / 3) / 2);
    QCOMPARE(means[0].support, 2);
    QCOMPARE(means[1].support, 2);
    QCOMPARE(means[2].value, 1.0);
    QCOMPARE(means[2].support, 1);
    QVERIFY(meanMetrics({}, segmentationMetricNames(s_labels)).empty());
}

void tst_SegmentationMetrics::countsLesionsOfTheReference()
{
    const std::vector<std::string> names{"background", "lesion", "brain", "new lesion"};
    consilium::imaging::LabelMap reference;
    reference.geometry.size = {9, 1, 1};
    reference.values = {1, 1, 0, 1, 2, 3, 0, 3, 2};
    auto prediction = reference;
    prediction.values.assign(9, 0);
    const auto metrics = segmentationMetrics("a", prediction, reference, names).metrics;
    QCOMPARE(metrics.front().name, std::string("dice"));
    QCOMPARE(metrics.back().name, std::string("lesions"));
    QCOMPARE(metrics.back().value, 4.0); // two of each kind
    QCOMPARE(segmentationMetricNames(names).back(), std::string("lesions"));
    // Nothing there is a count too.
    reference.values.assign(9, 0);
    const auto none = segmentationMetrics("b", prediction, reference, names).metrics;
    QCOMPARE(none.size(), 1u);
    QCOMPARE(none[0].value, 0.0);
    QCOMPARE(segmentationMetrics("c", prediction, reference, s_labels).metrics.size(), 0u);
}

QTEST_APPLESS_MAIN(tst_SegmentationMetrics)
#include "tst_segmentation_metrics.moc"
