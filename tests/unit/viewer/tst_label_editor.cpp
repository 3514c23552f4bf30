// SPDX-License-Identifier: GPL-3.0-or-later
#include "editing_fixtures.h"
#include "viewer/editing/edit_work.h"
#include "viewer/editing/image_values.h"

#include <QSignalSpy>
#include <QtTest>

using namespace consilium;
using namespace consilium::test;
using namespace consilium::viewer;
using imaging::Geometry;
using imaging::LabelMap;
using imaging::Vec3;
using imaging::Volume;

namespace {

constexpr auto kActive = LabelEditor::Paint::Active, kBackground = LabelEditor::Paint::Background;

} // namespace

class tst_LabelEditor : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void lockedLabelsAreNeverChanged();
    void thresholdLimitsPainting();
    void thresholdLooksAtAnImageOnAnotherGrid();
    void theSourceIsNeverChanged();
    void labelsBeyondTheListAreListed();
    void aCancelledStrokeNeverWas();
    void savedStateIsKnownThroughUndo();
    void stepsAreToldInOrder();
    void suggestedRangeFollowsTheLabel();
    void workComesBackToTheWindow();
};

void tst_LabelEditor::lockedLabelsAreNeverChanged()
{
    const Geometry grid = test::gridOf("LPS", {20, 20, 3}, {1, 1, 1});
    LabelEditor editor;
    editor.setLabelList({{QStringLiteral("Background"), {}}, {QStringLiteral("A"), {}}, {QStringLiteral("B"), {}}});
    editor.start(prepareEmpty(grid));
    const Vec3 at = middle(grid);
    const auto disc = [&](double radius) { return discAlong(slicesAt(grid, Plane::Axial, at), at, at, radius); };
    editor.apply(QStringLiteral("A"), disc(3), kActive, false);
    const auto ofA = editor.voxels(1);
    QCOMPARE(ofA, 29);
    editor.setLocked(1, true);
    editor.setActiveLabel(2);
    editor.apply(QStringLiteral("B"), disc(6), kActive, false);
    QCOMPARE(editor.voxels(1), ofA);
    QCOMPARE(editor.voxels(2), disc(6).voxels() - ofA);
    QCOMPARE(editor.apply(QStringLiteral("erase"), disc(6), kBackground, false), disc(6).voxels() - ofA);
    QCOMPARE(editor.voxels(1), ofA);
    // A locked label gains nothing either.
    editor.setActiveLabel(1);
    QCOMPARE(editor.apply(QStringLiteral("A"), disc(6), kActive, false), 0);
    editor.setLocked(1, false);
    QCOMPARE(editor.apply(QStringLiteral("A"), disc(6), kActive, false), disc(6).voxels() - ofA);
    QCOMPARE(editor.millilitres(1), static_cast<double>(disc(6).voxels()) / 1000);
}

void tst_LabelEditor::thresholdLimitsPainting()
{
    const Geometry grid = test::gridOf("RAS", {30, 30, 3}, {1, 1, 1});
    LabelEditor editor;
    editor.setImage(imageOf(grid, [](const Vec3 &at) { return at[0]; }));
    editor.start(prepareEmpty(grid));
    editor.setThreshold(ValueInterval{0, 3.5});
    const Vec3 at = middle(grid);
    editor.apply(QStringLiteral("disc"), discAlong(slicesAt(grid, Plane::Axial, at), at, at, 8), kActive, true);
    std::int64_t within = 0;
    test::overGrid(grid, [&](int i, int j, int k, const Vec3 &place) {
        if (!editor.labels()->at(i, j, k))
            return;
        QVERIFY(place[0] >= 0 && place[0] <= 3.5);
        ++within;
    });
    QVERIFY(within > 30);
    // Erasing, and what is not limited, reach all.
    QCOMPARE(editor.apply(QStringLiteral("erase"), ballAlong(grid, at, at, 30), kBackground, false), within);
    editor.setThreshold(std::nullopt);
    QVERIFY(editor.apply(QStringLiteral("disc"), discAlong(slicesAt(grid, Plane::Axial, at), at, at, 8), kActive,
                         true) > 2 * within);
}

void tst_LabelEditor::thresholdLooksAtAnImageOnAnotherGrid()
{
    // Labels of 2 mm in another axis order under an image of 1 mm that is bright on the patient's left.
    const Geometry fine = test::gridOf("LPS", {41, 41, 41}, {1, 1, 1}),
                   coarse = test::gridOf("PIR", {15, 15, 15}, {2, 2, 2});
    LabelEditor editor;
    editor.setImage(imageOf(fine, [](const Vec3 &at) { return at[0] > 0.6 ? 100.0 : 0.0; }));
    editor.start(prepareEmpty(coarse));
    editor.setThreshold(ValueInterval{50, 150});
    editor.apply(QStringLiteral("ball"), ballAlong(coarse, {0, 0, 0}, {0, 0, 0}, 10), kActive, true);
    test::overGrid(coarse, [&](int i, int j, int k, const Vec3 &at) {
        QCOMPARE(editor.labels()->at(i, j, k) == 1, at[0] > 0.6 && distance(at, {0, 0, 0}) <= 10);
    });
}

void tst_LabelEditor::theSourceIsNeverChanged()
{
    const Geometry grid = test::gridOf("LPS", {16, 16, 4}, {1, 1, 1});
    const LabelMap source = mapOf(grid, ballAlong(grid, {0, 0, 0}, {0, 0, 0}, 5));
    const LabelMap before = source;
    LabelEditor editor;
    editor.start(prepareEdit(source, {QStringLiteral("model"), {}, {}}));
    QCOMPARE(editor.labels()->values, source.values);
    editor.apply(QStringLiteral("erase"), ballAlong(grid, {0, 0, 0}, {0, 0, 0}, 20), kBackground, false);
    QCOMPARE(editor.voxels(1), 0);
    QCOMPARE(source.values, before.values);
    QCOMPARE(editor.origin().name, QStringLiteral("model"));
}

void tst_LabelEditor::labelsBeyondTheListAreListed()
{
    const Geometry grid = test::gridOf("LPS", {16, 16, 4}, {1, 1, 1});
    LabelMap source = mapOf(grid, {});
    source.values[5] = 4;
    LabelEditor editor;
    QSignalSpy listed(&editor, &LabelEditor::labelListChanged);
    editor.start(prepareEdit(source, {QStringLiteral("model"), {}, {}}));
    QCOMPARE(editor.labelList().size(), 5U);
    QVERIFY(listed.count() >= 1);
    editor.setActiveLabel(4);
    QCOMPARE(editor.activeLabel(), 4);
    QCOMPARE(editor.voxels(4), 1);
}

void tst_LabelEditor::aCancelledStrokeNeverWas()
{
    const Geometry grid = test::gridOf("LPS", {20, 20, 4}, {1, 1, 1});
    LabelEditor editor;
    editor.start(prepareEdit(mapOf(grid, ballAlong(grid, {0, 0, 0}, {0, 0, 0}, 4)), {QStringLiteral("model"), {}, {}}));
    const auto before = editor.labels()->values;
    const auto voxels = editor.voxels(1);
    QSignalSpy changed(&editor, &LabelEditor::changed);
    editor.beginStroke(QStringLiteral("Brush"));
    for (int n = 0; n < 8; ++n)
        editor.paint(ballAlong(grid, {n - 4.0, 0, 0}, {n - 3.0, 0, 0}, 3), n % 2 ? kActive : kBackground, false);
    QCOMPARE(changed.count(), 8); // once a step
    QVERIFY(!editor.canUndo());   // not in the midst of a stroke
    editor.cancelStroke();
    QCOMPARE(editor.labels()->values, before);
    QCOMPARE(editor.runs().expanded().values, before);
    QCOMPARE(editor.voxels(1), voxels);
    QVERIFY(!editor.canUndo());
    QVERIFY(!editor.isDirty());
}

void tst_LabelEditor::savedStateIsKnownThroughUndo()
{
    const Geometry grid = test::gridOf("LPS", {20, 20, 4}, {1, 1, 1});
    LabelEditor editor;
    editor.start(prepareEmpty(grid));
    const auto paint = [&](double x) {
        editor.apply(QStringLiteral("Brush"), ballAlong(grid, {x, 0, 0}, {x, 0, 0}, 2), kActive, false);
    };
    QVERIFY(!editor.isDirty());
    paint(-6);
    QVERIFY(editor.isDirty());
    editor.undo();
    QVERIFY(!editor.isDirty());
    editor.redo();
    paint(0);
    const auto state = editor.state();
    paint(6);
    editor.markSaved(state); // the save of an earlier state ends
    QVERIFY(editor.isDirty());
    editor.undo();
    QVERIFY(!editor.isDirty());
    editor.undo();
    QVERIFY(editor.isDirty());
    paint(3); // what was saved cannot be reached any more
    QVERIFY(editor.isDirty());
    editor.undo();
    QVERIFY(editor.isDirty());
    editor.start(prepareEmpty(grid));
    editor.markSaved(state); // of the edit before
    QVERIFY(!editor.isDirty());
    paint(0);
    editor.markSaved(state);
    QVERIFY(editor.isDirty());
}

void tst_LabelEditor::stepsAreToldInOrder()
{
    const Geometry grid = test::gridOf("LPS", {20, 20, 4}, {1, 1, 1});
    LabelEditor editor;
    editor.start(prepareEmpty(grid));
    const VoxelSet ball = ballAlong(grid, {0, 0, 0}, {0, 0, 0}, 3);
    editor.apply(QStringLiteral("Brush"), ball, kActive, false);
    editor.apply(QStringLiteral("Brush"), ball, kActive, false); // changes nothing: no step
    editor.apply(QStringLiteral("Eraser"), ball, kBackground, false);
    QCOMPARE(editor.undoText(), QStringLiteral("Eraser"));
    QCOMPARE(editor.redoText(), QString());
    editor.undo();
    QCOMPARE(editor.undoText(), QStringLiteral("Brush"));
    QCOMPARE(editor.redoText(), QStringLiteral("Eraser"));
    QCOMPARE(editor.steps().size(), 1U);
    QCOMPARE(editor.steps()[0].voxels, ball.voxels());
    editor.redo();
    QCOMPARE(editor.steps().size(), 2U);
    QCOMPARE(editor.steps()[1].text, QStringLiteral("Eraser"));
}

void tst_LabelEditor::suggestedRangeFollowsTheLabel()
{
    const Geometry grid = test::gridOf("LPS", {100, 10, 10}, {1, 1, 1});
    LabelEditor editor;
    QVERIFY(!suggestedInterval(editor));
    // Values 0 to 99 along x: 5 % lies at 5, 95 % at 94.
    editor.setImage(imageOf(grid, [](const Vec3 &at) { return at[0] + 49.5; }));
    editor.start(prepareEmpty(grid));
    QVERIFY(std::abs(suggestedInterval(editor)->low - 5) <= 1);
    QVERIFY(std::abs(suggestedInterval(editor)->high - 94) <= 1);
    // A slab of values 40 to 59.
    VoxelSet slab;
    for (int k = 0; k < 10; ++k)
        for (int j = 0; j < 10; ++j)
            slab.add(40, 20, j, k);
    editor.apply(QStringLiteral("slab"), slab, kActive, false);
    QVERIFY(std::abs(suggestedInterval(editor)->low - 41) <= 1);
    QVERIFY(std::abs(suggestedInterval(editor)->high - 58) <= 1);
}

void tst_LabelEditor::workComesBackToTheWindow()
{
    const Geometry grid = test::gridOf("LPS", {40, 40, 21}, {1, 1, 1});
    LabelEditor editor;
    EditWork work(editor);
    QSignalSpy restarted(&editor, &LabelEditor::restarted), grown(&work, &EditWork::regionGrown),
        filled(&work, &EditWork::slicesFilled);
    editor.setImage(imageOf(grid, [](const Vec3 &at) { return distance(at, {0, 0, 0}) <= 8 ? 100 : 0; }));
    work.startEmpty(grid);
    QVERIFY(restarted.wait());
    QVERIFY(editor.isOpen());

    work.grow({0.5, 0.5, 0}, {50, 200, 50, 100000});
    QVERIFY(grown.wait());
    const auto preview = grown[0][0].value<RegionPreview>();
    std::int64_t ball = 0;
    test::overGrid(grid, [&](int, int, int, const Vec3 &at) { ball += distance(at, {0, 0, 0}) <= 8; });
    QCOMPARE(preview.region.count, ball);
    QCOMPARE(std::count(preview.map->values.begin(), preview.map->values.end(), 1), ball);
    QCOMPARE(editor.voxels(1), 0); // only looked at

    for (const double z : {-4.0, 4.0})
        editor.apply(QStringLiteral("disc"),
                     discAlong(slicesAt(grid, Plane::Axial, {0, 0, z}), {0, 0, z}, {0, 0, z}, 6), kActive, false);
    const auto drawn = editor.voxels(1);
    work.fillBetweenSlices(Plane::Axial);
    QVERIFY(filled.wait());
    QCOMPARE(filled[0][0].toInt(), 7);
    QCOMPARE(editor.voxels(1), drawn / 2 * 9);
    QCOMPARE(editor.undoText(), QStringLiteral("Fill between slices"));
    editor.undo();
    QCOMPARE(editor.voxels(1), drawn);

    work.fillBetweenSlices(Plane::Axial);
    work.cancel();
    QVERIFY(!work.isBusy());
    work.grow({0.5, 0.5, 0}, {50, 200, 50, 100000}); // what comes next comes after it
    QVERIFY(grown.wait());
    QCOMPARE(filled.count(), 1);
    QCOMPARE(editor.voxels(1), drawn);
}

QTEST_GUILESS_MAIN(tst_LabelEditor)
#include "tst_label_editor.moc"
