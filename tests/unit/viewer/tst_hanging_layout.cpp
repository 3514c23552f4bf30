// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/layout/hanging_layout.h"

#include <QtTest>

using namespace consilium;
using namespace consilium::viewer;

class tst_HangingLayout : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void everyKindHasItsLayouts_data();
    void everyKindHasItsLayouts();
    void sideBySideHasAViewPerModel();
    void differencesNeedAReference();
    void aComparisonPrefersTwoModels();
    void aLightboxGoesBothWays();
    void aSingleSliceIsSeenFromItsFront();
    void aReadersOwnFileAddsAndReplaces();
    void wrongWordsAreNamed();
};

namespace {

HangingLayout layoutOf(const std::string &kind, const char *id)
{
    const auto layouts = hangingLayouts(kind);
    for (const HangingLayout &layout : *layouts)
        if (layout.id() == QLatin1String(id))
            return layout;
    qFatal("no layout %s", id);
}

} // namespace

void tst_HangingLayout::everyKindHasItsLayouts_data()
{
    QTest::addColumn<QString>("kind");
    for (const char *kind : {"lesions", "structures", "radiograph"})
        QTest::newRow(kind) << QString::fromLatin1(kind);
}

void tst_HangingLayout::everyKindHasItsLayouts()
{
    QFETCH(QString, kind);
    const auto layouts = hangingLayouts(kind.toStdString());
    QVERIFY(layouts);
    QVERIFY(layouts->size() >= 4);
    // Also a case with nothing drawn on it has something to show in each.
    for (const HangingLayout &layout : *layouts) {
        const auto views = layout.views({{}, 1, Plane::Sagittal, kReference, kReference, false});
        QVERIFY2(!views.empty(), qPrintable(layout.id()));
        QVERIFY(layout.columnsFor(static_cast<int>(views.size())) >= 1);
    }
}

void tst_HangingLayout::sideBySideHasAViewPerModel()
{
    const auto views = layoutOf("lesions", "side-by-side").views({{kReference, 0, 1}, 2, Plane::Axial});
    QCOMPARE(views.size(), std::size_t{4});
    QCOMPARE(views[0].overlay, OverlayKind::None);
    QCOMPARE(views[1].segmentation, kReference);
    QCOMPARE(views[2].segmentation, 0);
    QCOMPARE(views[3].segmentation, 1);
    QCOMPARE(views[0].name, QStringLiteral("column1"));
    QCOMPARE(views[3].name, QStringLiteral("column4"));
}

void tst_HangingLayout::differencesNeedAReference()
{
    const HangingLayout layout = layoutOf("lesions", "difference");
    const auto with = layout.views({{kReference, 0, 1}, 1, Plane::Axial});
    QCOMPARE(with.size(), std::size_t{3});
    QCOMPARE(with[1].overlay, OverlayKind::Difference);
    QCOMPARE(with[1].segmentation, 0);
    QCOMPARE(layout.views({{0, 1}, 1, Plane::Axial}).size(), std::size_t{1});
}

void tst_HangingLayout::aComparisonPrefersTwoModels()
{
    const HangingLayout layout = layoutOf("lesions", "swipe");
    const auto two = layout.views({{kReference, 0, 1}, 1, Plane::Axial});
    QCOMPARE(two.size(), std::size_t{1});
    QCOMPARE(two[0].segmentation, 0);
    QCOMPARE(two[0].second, 1);
    const auto one = layout.views({{kReference, 0}, 1, Plane::Axial});
    QCOMPARE(one[0].segmentation, kReference);
    QCOMPARE(one[0].second, 0);
}

void tst_HangingLayout::aLightboxGoesBothWays()
{
    const auto views = layoutOf("lesions", "lightbox").views({{}, 1, Plane::Axial});
    QCOMPARE(views.size(), std::size_t{12});
    QCOMPARE(views.front().offset, -6);
    QCOMPARE(views[6].offset, 0);
    QCOMPARE(views.back().offset, 5);
}

void tst_HangingLayout::aSingleSliceIsSeenFromItsFront()
{
    const auto views = layoutOf("radiograph", "single").views({{}, 1, Plane::Sagittal});
    QCOMPARE(views[0].plane, Plane::Sagittal);
}

void tst_HangingLayout::aReadersOwnFileAddsAndReplaces()
{
    const Json own = Json::parse(R"({"lesions": [
        {"id": "mine", "title": "Mine", "views": [{"plane": "coronal"}]},
        {"id": "single", "title": "Single", "views": [{"plane": "sagittal"}]}]})");
    const auto layouts = hangingLayouts("lesions", own), shipped = hangingLayouts("lesions");
    QVERIFY(layouts && shipped);
    QCOMPARE(layouts->size(), shipped->size() + 1);
    QCOMPARE(layouts->back().id(), QStringLiteral("mine"));
    for (const HangingLayout &layout : *layouts)
        if (layout.id() == QLatin1String("single"))
            QCOMPARE(layout.views({}).front().plane, Plane::Sagittal);
}

void tst_HangingLayout::wrongWordsAreNamed()
{
    const auto wrong = HangingLayout::fromJson(Json::parse(R"({"id": "x", "views": [{"plane": "oblique"}]})"));
    QVERIFY(!wrong);
    QVERIFY(wrong.error().line().find("oblique") != std::string::npos);
    QVERIFY(wrong.error().line().find("x") != std::string::npos);
    QVERIFY(!HangingLayout::fromJson(Json::parse(R"({"id": "x", "views": []})")));
    QVERIFY(!HangingLayout::fromJson(Json::parse(R"({"views": [{}]})")));
}

QTEST_GUILESS_MAIN(tst_HangingLayout)
#include "tst_hanging_layout.moc"
