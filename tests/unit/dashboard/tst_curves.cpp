// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/curve_chart.h"
#include "dashboard/marks.h"
#include "dashboard/study_progress.h"

#include <QChart>
#include <QChartView>
#include <QLabel>
#include <QTest>
#include <cmath>
#include <set>

using namespace consilium;
using namespace consilium::dashboard;
using storage::MetricRow;
using storage::StudySnapshot;

namespace {

MetricRow loss(int round, std::string site, int step, double value, std::string model = "global")
{
    return {round, std::move(site), std::move(model), "training", "loss", step, value, 10};
}

MetricRow dice(int round, std::string site, double value, int cases, std::string split = "validation",
               std::string model = "global")
{
    return {round, std::move(site), std::move(model), std::move(split), "dice", 0, value, cases};
}

StudySnapshot study()
{
    StudySnapshot study;
    study.plan.training.epochsPerRound = 1;
    study.plan.training.batchesPerEpoch = 50;
    study.plan.federation.rounds = 4;
    study.sites.resize(2);
    study.sites[0].name = "north";
    study.sites[1].name = "south";
    return study;
}

} // namespace

class tst_Curves : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aClosedRoundIsOnePointAtItsEnd();
    void stepsOfTheRoundInFlightLieWithinIt();
    void localComparisonModelsAreNoCurve();
    void onlyValidationDiceOfTheSharedModelIsDrawn();
    void bestRoundWeighsSitesByCases();
    void noBestBeforeARoundWasEvaluated();
    void aSiteLooksTheSameWhateverTheOrderOfSites();
    void neighbouringSitesDifferInColourShapeAndDash();
    void theChartSaysWhyItIsEmpty();
    void driftIsTheCosineOfEachRoundThatCountedTheSite();
    void theDriftChartSaysWhatItWaitsFor();
    void manySitesBecomeMedianAndSpread();
    void whoStandsOutIsWorstLast();
    void aThousandSitesAreAFewLines();
};

void tst_Curves::aClosedRoundIsOnePointAtItsEnd()
{
    auto shot = study();
    shot.metrics = {loss(1, "north", 25, 0.9), loss(1, "north", 50, 0.7), loss(1, "north", 0, 0.8),
                    loss(2, "north", 0, 0.5)};
    const auto curves = lossCurves(shot);
    QCOMPARE(curves.size(), 1u);
    const std::vector<QPointF> expected{{1, 0.8}, {2, 0.5}};
    QCOMPARE(curves[0].line, expected);
    QCOMPARE(curves[0].marks, expected);
}

void tst_Curves::stepsOfTheRoundInFlightLieWithinIt()
{
    auto shot = study();
    shot.metrics = {loss(1, "south", 0, 0.8), loss(2, "south", 10, 0.6), loss(2, "south", 25, 0.55)};
    const auto curves = lossCurves(shot);
    // Step 10 and step 25 of 50 in round 2: a fifth and a half of the way from 1 to 2.
    const std::vector<QPointF> line{{1, 0.8}, {1.2, 0.6}, {1.5, 0.55}};
    QCOMPARE(curves.at(0).line, line);
    QCOMPARE(curves.at(0).marks, std::vector<QPointF>({{1, 0.8}}));
}

void tst_Curves::localComparisonModelsAreNoCurve()
{
    auto shot = study();
    shot.metrics = {loss(1, "north", 0, 0.8, "local-north")};
    QVERIFY(lossCurves(shot).empty());
}

void tst_Curves::onlyValidationDiceOfTheSharedModelIsDrawn()
{
    auto shot = study();
    shot.metrics = {dice(1, "north", 0.4, 5),
                    dice(1, "north", 0.9, 5, "test"),
                    dice(1, "north", 0.9, 5, "validation", "local-north"),
                    dice(2, "north", 0.6, 5),
                    {2, "north", "global", "validation", "dice:lesion", 0, 0.1, 5}};
    const auto curves = headlineCurves(shot);
    QCOMPARE(curves.size(), 1u);
    QCOMPARE(curves[0].line, std::vector<QPointF>({{1, 0.4}, {2, 0.6}}));
}

void tst_Curves::bestRoundWeighsSitesByCases()
{
    auto shot = study();
    shot.bestRound = 2;
    shot.metrics = {dice(1, "north", 0.1, 1), dice(2, "north", 0.8, 3), dice(2, "south", 0.4, 1)};
    const auto best = bestHeadline(shot);
    QVERIFY(best);
    QCOMPARE(best->x(), 2.0);
    QCOMPARE(best->y(), 0.7); // (3 * 0.8 + 1 * 0.4) / 4
}

void tst_Curves::noBestBeforeARoundWasEvaluated()
{
    auto shot = study();
    QVERIFY(!bestHeadline(shot));
    shot.bestRound = 1;
    QVERIFY(!bestHeadline(shot));
}

void tst_Curves::aSiteLooksTheSameWhateverTheOrderOfSites()
{
    const SiteColours one({"west", "east", "north"}), other({"north", "west", "east"});
    for (const auto *site : {"east", "north", "west"})
        QCOMPARE(one.index(site), other.index(site));
    QCOMPARE(one.index("east"), 0);
    QCOMPARE(one.index("west"), 2);
}

void tst_Curves::neighbouringSitesDifferInColourShapeAndDash()
{
    Theme theme;
    theme.series = {"#56b4e9", "#e69f00", "#009e73", "#cc79a7", "#f0e442", "#0072b2", "#d55e00"};
    std::set<std::tuple<QRgb, int, int>> looks;
    for (int site = 0; site < 35; ++site) {
        looks.emplace(SiteColours::at(site, theme).rgb(), siteShape(site), siteDash(site));
        QVERIFY(siteShape(site) != siteShape(site + 1));
        QVERIFY(siteDash(site) != siteDash(site + 1));
    }
    QCOMPARE(looks.size(), 35u);
}

void tst_Curves::theChartSaysWhyItIsEmpty()
{
    CurveChart chart(CurveChart::Kind::Headline);
    QVERIFY(!chart.hasCurves());
    auto shot = study();
    Theme theme;
    theme.series = {"#56b4e9", "#e69f00"};
    chart.setTheme(theme);
    chart.setSnapshot(shot);
    QVERIFY(!chart.hasCurves());
    shot.metrics = {dice(1, "north", 0.4, 5), dice(1, "south", 0.5, 5)};
    chart.setSnapshot(shot);
    QVERIFY(chart.hasCurves());
    QCOMPARE(chart.curves().size(), 2u);
}

void tst_Curves::driftIsTheCosineOfEachRoundThatCountedTheSite()
{
    const auto update = [](int round, std::string site, std::string name, double value) {
        return MetricRow{round, std::move(site), "local", "update", std::move(name), 0, value, 0};
    };
    auto shot = study();
    shot.metrics = {update(1, "north", "update-cosine", 0.9), update(1, "north", "update-norm", 3),
                    update(1, "south", "update-cosine", -0.2), update(3, "north", "update-cosine", 0.8)};
    const auto curves = driftCurves(shot);
    QCOMPARE(curves.size(), 2u);
    QCOMPARE(curves[0].line, std::vector<QPointF>({{1, 0.9}, {3, 0.8}}));
    QCOMPARE(curves[1].marks, std::vector<QPointF>({{1, -0.2}}));
    QVERIFY(headlineCurves(shot).empty());
    QVERIFY(lossCurves(shot).empty());
}

void tst_Curves::theDriftChartSaysWhatItWaitsFor()
{
    const auto told = [](const CurveChart &chart) {
        for (const auto *label : chart.findChildren<QLabel *>()) {
            if (label->wordWrap() && label->property("role") != QLatin1String("caption"))
                return label->text();
        }
        return QString();
    };
    CurveChart chart(CurveChart::Kind::Drift);
    auto shot = study();
    shot.state = "running";
    chart.setSnapshot(shot);
    QVERIFY(!chart.hasCurves());
    QVERIFY2(told(chart).contains("first round"), qPrintable(told(chart)));
    shot.state = "finished"; // by a version that measured none
    chart.setSnapshot(shot);
    QVERIFY2(told(chart).contains("not measured"), qPrintable(told(chart)));
}

void tst_Curves::manySitesBecomeMedianAndSpread()
{
    // Eleven sites with 0, 0.1, ... 1 in round 1: the 10th and the 90th percentile are the second and the last but one.
    // In round 2 only two of them are left, with 0.2 and 0.4: between them the percentiles are linear.
    std::vector<SiteCurve> curves;
    for (int i = 0; i <= 10; ++i) {
        SiteCurve curve{"site-" + std::to_string(i), {}, {{1, 0.1 * i}}};
        if (i == 2 || i == 4)
            curve.marks.emplace_back(2, 0.1 * i);
        curves.push_back(curve);
    }
    const auto summary = summarise(curves, true, 2);
    QCOMPARE(summary.sites, 11u);
    QCOMPARE(summary.median.size(), 2u);
    QCOMPARE(summary.median[0], QPointF(1, 0.5));
    QCOMPARE(summary.low[0], QPointF(1, 0.1));
    QCOMPARE(summary.high[0], QPointF(1, 0.9));
    QVERIFY(std::abs(summary.median[1].y() - 0.3) < 1e-12);
    QVERIFY(std::abs(summary.low[1].y() - 0.22) < 1e-12);
    QVERIFY(std::abs(summary.high[1].y() - 0.38) < 1e-12);
}

void tst_Curves::whoStandsOutIsWorstLast()
{
    const std::vector<SiteCurve> curves{{"a", {}, {{1, 0.1}, {2, 0.9}}},
                                        {"b", {}, {{1, 0.9}, {2, 0.3}}},
                                        {"c", {}, {{1, 0.9}, {2, 0.5}}},
                                        {"d", {}, {}}};
    const auto low = summarise(curves, true, 2).outlying;
    QCOMPARE(low.size(), 2u);
    QCOMPARE(low[0].site, std::string("b"));
    QCOMPARE(low[1].site, std::string("c"));
    QCOMPARE(summarise(curves, false, 1).outlying.at(0).site, std::string("a"));
}

void tst_Curves::aThousandSitesAreAFewLines()
{
    StudySnapshot shot;
    shot.plan.federation.rounds = 3;
    for (int i = 0; i < 1000; ++i) {
        shot.sites.emplace_back().name = fmt::format("site-{:04}", i);
        shot.metrics.push_back(dice(1, shot.sites.back().name, i / 1000.0, 3));
    }
    Theme theme;
    theme.series = {"#56b4e9", "#e69f00"};
    CurveChart chart(CurveChart::Kind::Headline);
    chart.setTheme(theme);
    chart.setSnapshot(shot);
    QCOMPARE(chart.summary().sites, 1000u);
    QCOMPARE(chart.curves().size(), 2u);
    QCOMPARE(chart.curves()[0].site, std::string("site-0000"));
    const auto *plot = chart.findChild<QChartView *>()->chart();
    QVERIFY(plot->series().size() < 15);
    // Fewer sites have a line each again.
    shot.sites.resize(mostCurves);
    shot.metrics.resize(mostCurves);
    chart.setSnapshot(shot);
    QCOMPARE(chart.summary().sites, 0u);
    QCOMPARE(chart.curves().size(), mostCurves);
}

QTEST_MAIN(tst_Curves)
#include "tst_curves.moc"
