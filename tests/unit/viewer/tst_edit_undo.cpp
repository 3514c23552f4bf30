// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/editing/between_slices.h"
#include "viewer/editing/edit_label_model.h"
#include "viewer/editing/edit_shapes.h"
#include "viewer/editing/label_editor.h"
#include "viewer/editing/region_grow.h"
#include "viewer_fixtures.h"

#include <QtTest>
#include <random>

using namespace consilium;
using namespace consilium::viewer;
using imaging::Geometry;
using imaging::LabelMap;
using imaging::Vec3;

class tst_EditUndo : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void aThousandEditsAreUndoneAndRedoneExactly_data();
    void aThousandEditsAreUndoneAndRedoneExactly();
};

namespace {

// All that a reader can see of an edit.
struct Seen
{
    std::vector<std::uint8_t> map, runs;
    QStringList panel;

    bool operator==(const Seen &) const = default;
};

Seen seen(const LabelEditor &editor, const EditLabelModel &model)
{
    Seen seen{editor.labels()->values, editor.runs().expanded().values, {}};
    for (int row = 0; row < model.rowCount(); ++row)
        for (int column = 0; column < model.columnCount(); ++column)
            seen.panel << model.index(row, column).data().toString();
    return seen;
}

// Random edits of every kind.
class Hand
{
public:
    Hand(LabelEditor &editor, unsigned seed) : m_editor(editor), m_grid(editor.labels()->geometry), m_random(seed) {}

    void edit()
    {
        m_editor.setActiveLabel(below(3) + 1);
        m_editor.setThreshold(below(3) == 0 ? std::optional(ValueInterval{-5.0 * below(4), 5.0 + below(10)})
                                            : std::nullopt);
        const int kind = below(7);
        ++counts[static_cast<std::size_t>(kind)];
        const auto paint = below(3) == 0 ? LabelEditor::Paint::Background : LabelEditor::Paint::Active;
        const auto plane = static_cast<Plane>(below(3));
        switch (kind) {
        case 0: { // a stroke of a brush, of several steps
            m_editor.beginStroke(QStringLiteral("Brush"));
            Vec3 at = place();
            const EditSlices slices = slicesAt(m_grid, plane, at);
            for (int step = below(5) + 1; step > 0; --step) {
                const Vec3 next = place();
                m_editor.paint(discAlong(slices, at, next, 0.5 + below(6)), paint, true);
                at = next;
            }
            m_editor.endStroke();
            break;
        }
        case 1: // a stroke given up
            m_editor.beginStroke(QStringLiteral("Brush"));
            m_editor.paint(ballAlong(m_grid, place(), place(), 3), paint, true);
            m_editor.cancelStroke();
            break;
        case 2: {
            const Vec3 at = place();
            m_editor.apply(QStringLiteral("Sphere"), ballAlong(m_grid, at, at, 1.0 + below(6)), paint, true);
            break;
        }
        case 3: {
            std::vector<Vec3> corners;
            for (int n = below(6) + 3; n > 0; --n)
                corners.push_back(place());
            m_editor.apply(QStringLiteral("Polygon"), polygonIn(slicesAt(m_grid, plane, corners[0]), corners), paint,
                           true);
            break;
        }
        case 4:
            m_editor.apply(
                QStringLiteral("Fill between slices"),
                fillBetween(m_editor.runs(), static_cast<std::uint8_t>(m_editor.activeLabel()), plane).voxels,
                LabelEditor::Paint::Active, false);
            break;
        case 5: {
            const imaging::Index3 seed{below(m_grid.size[0]), below(m_grid.size[1]), below(m_grid.size[2])};
            const double low = -20 + below(20);
            m_editor.apply(QStringLiteral("Region grow"),
                           growRegion(m_editor.imageOnGrid(), m_grid, seed, {low, low + 15, 12, 400}).voxels,
                           LabelEditor::Paint::Active, false);
            break;
        }
        default: // locks are no steps, but change what the next ones do
            m_editor.setLocked(below(3) + 1, below(3) == 0);
        }
    }

    std::array<int, 7> counts{};

private:
    int below(int limit) { return static_cast<int>(m_random() % static_cast<unsigned>(limit)); }
    Vec3 place()
    {
        Vec3 index{};
        for (std::size_t n = 0; n < 3; ++n)
            index[n] = below(10 * m_grid.size[n]) / 10.0;
        return m_grid.toPatient(index);
    }

    LabelEditor &m_editor;
    Geometry m_grid;
    std::mt19937 m_random;
};

} // namespace

void tst_EditUndo::aThousandEditsAreUndoneAndRedoneExactly_data()
{
    QTest::addColumn<QString>("letters");
    QTest::addColumn<int>("seed");
    QTest::newRow("LPS") << "LPS" << 1;
    QTest::newRow("RAS") << "RAS" << 2;
    QTest::newRow("PIR") << "PIR" << 3;
}

void tst_EditUndo::aThousandEditsAreUndoneAndRedoneExactly()
{
    QFETCH(QString, letters);
    QFETCH(int, seed);
    const Geometry grid = test::gridOf(letters.toStdString(), {31, 26, 17}, {1, 1.2, 2});
    LabelMap source{grid, {}};
    auto image = std::make_shared<imaging::Volume>(imaging::Volume{grid, {}});
    test::overGrid(grid, [&](int, int, int, const Vec3 &at) {
        source.values.push_back(at[0] * at[0] + at[1] * at[1] < 30 ? 2 : 0);
        image->values.push_back(static_cast<float>(at[0]));
    });
    LabelEditor editor;
    EditLabelModel model(editor);
    editor.setLabelList({{QStringLiteral("Background"), {}},
                         {QStringLiteral("A"), {}},
                         {QStringLiteral("B"), {}},
                         {QStringLiteral("C"), {}}});
    editor.setImage(image);
    editor.start(prepareEdit(source, {QStringLiteral("model"), {}, {}}));
    const Seen first = seen(editor, model);
    QCOMPARE(first.map, source.values);

    Hand hand(editor, static_cast<unsigned>(seed));
    std::vector<Seen> states{first};
    while (states.size() <= 1000) {
        const auto before = editor.state();
        hand.edit();
        if (editor.state() != before)
            states.push_back(seen(editor, model));
        QCOMPARE(editor.steps().size(), states.size() - 1);
    }
    for (const int count : hand.counts)
        QVERIFY(count > 50);
    for (int value = 0; value < 4; ++value)
        QCOMPARE(editor.voxels(value), std::count(states.back().map.begin(), states.back().map.end(), value));

    // Locks hold for painting, not for taking back.
    for (std::size_t n = states.size() - 1; n-- > 0;) {
        editor.undo();
        QVERIFY2(seen(editor, model) == states[n], qPrintable(QStringLiteral("undone to step %1").arg(n)));
    }
    QVERIFY(!editor.canUndo());
    QVERIFY(!editor.isDirty());
    for (std::size_t n = 1; n < states.size(); ++n) {
        editor.redo();
        QVERIFY2(seen(editor, model) == states[n], qPrintable(QStringLiteral("redone to step %1").arg(n)));
    }
    QVERIFY(!editor.canRedo());
    QVERIFY(seen(editor, model) == states.back());
}

QTEST_MAIN(tst_EditUndo)
#include "tst_edit_undo.moc"
