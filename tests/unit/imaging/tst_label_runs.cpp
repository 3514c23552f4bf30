// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/label_runs.h"
#include "imaging/nifti.h"

#include "support/real_data.h"

#include <QtTest>
#include <random>

using namespace consilium::imaging;

namespace {

LabelMap grid(const Index3 &size)
{
    LabelMap map;
    map.geometry.size = size;
    map.geometry.origin = {-7, 8, 9};
    map.values.resize(static_cast<std::size_t>(map.geometry.voxels()));
    return map;
}

// Blocks of labels, as a person draws them.
LabelMap drawing(std::mt19937 &random, const Index3 &size)
{
    auto map = grid(size);
    for (auto &value : map.values)
        value = std::bernoulli_distribution(0.6)(random) ? 0 : static_cast<std::uint8_t>(random() % 2 * 254 + 1);
    return map;
}

// One stretch of a brush, on plain voxels too.
struct Stretch
{
    int i, j, k;
    std::vector<std::uint8_t> labels;

    void paint(LabelMap &map) const
    {
        std::copy(labels.begin(), labels.end(), map.values.begin() + map.geometry.offset(i, j, k));
    }
};

Stretch randomStretch(std::mt19937 &random, const Index3 &size)
{
    Stretch stretch;
    stretch.i = static_cast<int>(random() % static_cast<unsigned>(size[0]));
    stretch.j = static_cast<int>(random() % static_cast<unsigned>(size[1]));
    stretch.k = static_cast<int>(random() % static_cast<unsigned>(size[2]));
    stretch.labels.resize(1 + random() % static_cast<unsigned>(size[0] - stretch.i));
    const bool mixed = random() % 3 == 0;
    const auto label = static_cast<std::uint8_t>(random() % 3);
    for (auto &value : stretch.labels)
        value = mixed ? static_cast<std::uint8_t>(random() % 3) : label;
    return stretch;
}

} // namespace

class tst_LabelRuns : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void expandsToWhatItWasMadeOf();
    void holdsFewRuns();
    void paintsLikePlainVoxels();
    void aRowChangedTwiceIsOneChange();
    void aStrokeTakenBackIsNone();
    void undoesAndRedoes();
    void aNewStrokeForgetsWhatWasUndone();
    void takesAHundredthOfTheVoxels();
};

void tst_LabelRuns::expandsToWhatItWasMadeOf()
{
    std::mt19937 random(11);
    for (const auto &size : {Index3{1, 1, 1}, Index3{17, 5, 3}, Index3{3, 17, 1}, Index3{0, 0, 0}}) {
        const auto map = drawing(random, size);
        const LabelRuns runs(map);
        QCOMPARE(runs.geometry(), map.geometry);
        QCOMPARE(runs.expanded().geometry, map.geometry);
        QCOMPARE(runs.expanded().values, map.values);
        for (int k = 0; k < size[2]; ++k)
            for (int j = 0; j < size[1]; ++j)
                for (int i = 0; i < size[0]; ++i)
                    QCOMPARE(runs.at(i, j, k), map.at(i, j, k));
    }
}

void tst_LabelRuns::holdsFewRuns()
{
    auto map = grid({8, 2, 2});
    LabelRuns runs(map);
    LabelRuns::Delta delta;
    const std::vector<std::uint8_t> three(3, 200);
    runs.setRow(2, 1, 1, three, delta);
    QCOMPARE(delta.rows.size(), 1U);
    QCOMPARE(delta.rows[0].j, 1);
    QCOMPARE(delta.rows[0].k, 1);
    QVERIFY(delta.rows[0].before.empty());
    QCOMPARE(delta.rows[0].after, (std::vector<std::uint32_t>{2, 200U << 24 | 3, 3}));
    // Beside it: the same label goes on in the same run.
    runs.setRow(5, 1, 1, three, delta);
    QCOMPARE(delta.rows[0].after, (std::vector<std::uint32_t>{2, 200U << 24 | 6}));
}

void tst_LabelRuns::paintsLikePlainVoxels()
{
    std::mt19937 random(3);
    const Index3 size{23, 7, 4};
    auto map = drawing(random, size);
    LabelRuns runs(map);
    LabelRuns::Delta delta;
    for (int n = 0; n < 2000; ++n) {
        const auto stretch = randomStretch(random, size);
        stretch.paint(map);
        runs.setRow(stretch.i, stretch.j, stretch.k, stretch.labels, delta);
        if (n % 50 == 0)
            QCOMPARE(runs.expanded().values, map.values);
    }
    QCOMPARE(runs.expanded().values, map.values);
    // What is left does not depend on how it was drawn.
    LabelRuns::Delta none;
    LabelRuns fresh(map);
    for (int k = 0; k < size[2]; ++k)
        for (int j = 0; j < size[1]; ++j)
            fresh.setRow(0, j, k,
                         std::span(map.values).subspan(static_cast<std::size_t>(map.geometry.offset(0, j, k)), 23),
                         none);
    QVERIFY(none.empty());
}

void tst_LabelRuns::aRowChangedTwiceIsOneChange()
{
    const auto before = grid({9, 3, 1});
    LabelRuns runs(before);
    LabelRuns::Delta delta;
    const std::vector<std::uint8_t> one{1}, two{2, 2};
    runs.setRow(4, 2, 0, one, delta);
    runs.setRow(0, 0, 0, two, delta);
    runs.setRow(3, 2, 0, two, delta);
    QCOMPARE(delta.rows.size(), 2U);
    QCOMPARE(delta.rows[0].j, 0);
    QCOMPARE(delta.rows[1].j, 2);
    runs.revert(delta);
    QCOMPARE(runs.expanded().values, before.values);
}

void tst_LabelRuns::aStrokeTakenBackIsNone()
{
    auto map = grid({9, 3, 2});
    LabelRuns runs(map);
    LabelRuns::Delta delta;
    const std::vector<std::uint8_t> drawn(4, 7), erased(4, 0);
    runs.setRow(2, 1, 1, erased, delta);
    QVERIFY(delta.empty());
    runs.setRow(2, 1, 1, drawn, delta);
    runs.setRow(2, 1, 1, erased, delta);
    QVERIFY(delta.empty());

    LabelHistory history;
    history.record(delta);
    QVERIFY(!history.canUndo());
}

void tst_LabelRuns::undoesAndRedoes()
{
    std::mt19937 random(29);
    const Index3 size{31, 6, 5};
    auto map = drawing(random, size);
    LabelRuns runs(map);
    LabelHistory history;
    std::vector<std::vector<std::uint8_t>> states{map.values};
    for (int stroke = 0; stroke < 40; ++stroke) {
        LabelRuns::Delta delta;
        for (int n = 0; n < 12; ++n) {
            const auto stretch = randomStretch(random, size);
            stretch.paint(map);
            runs.setRow(stretch.i, stretch.j, stretch.k, stretch.labels, delta);
        }
        if (map.values != states.back())
            states.push_back(map.values);
        history.record(std::move(delta));
    }
    for (int pass = 0; pass < 2; ++pass) {
        for (std::size_t n = states.size() - 1; n > 0; --n) {
            QVERIFY(history.canUndo());
            history.undo(runs);
            QCOMPARE(runs.expanded().values, states[n - 1]);
        }
        QVERIFY(!history.canUndo());
        history.undo(runs);
        QCOMPARE(runs.expanded().values, states.front());
        for (std::size_t n = 1; n < states.size(); ++n) {
            QVERIFY(history.canRedo());
            history.redo(runs);
            QCOMPARE(runs.expanded().values, states[n]);
        }
        QVERIFY(!history.canRedo());
        history.redo(runs);
        QCOMPARE(runs.expanded().values, states.back());
    }
}

void tst_LabelRuns::aNewStrokeForgetsWhatWasUndone()
{
    LabelRuns runs(grid({4, 1, 1}));
    LabelHistory history;
    for (const std::uint8_t label : {1, 2, 3}) {
        LabelRuns::Delta delta;
        runs.setRow(label, 0, 0, std::vector<std::uint8_t>{label}, delta);
        history.record(std::move(delta));
        if (label == 2)
            history.undo(runs);
    }
    QVERIFY(!history.canRedo());
    QCOMPARE(runs.expanded().values, (std::vector<std::uint8_t>{0, 1, 0, 3}));
    history.undo(runs);
    history.undo(runs);
    QVERIFY(!history.canUndo());
    QCOMPARE(runs.expanded().values, std::vector<std::uint8_t>(4, 0));
}

void tst_LabelRuns::takesAHundredthOfTheVoxels()
{
    CONSILIUM_REAL_DATA(folder, "ms-lesions");
    // 1.3 ml and 50 ml of lesions.
    for (const auto &[name, share] : {std::pair{"case-07", 80U}, {"case-19", 30U}}) {
        const auto labels = readLabels(folder / name / "lesions.nii.gz");
        QVERIFY(labels);
        const LabelRuns runs(*labels);
        QCOMPARE(runs.expanded().values, labels->values);
        QVERIFY2(runs.bytes() * share < labels->values.size(), qPrintable(QString::number(runs.bytes())));
    }
}

QTEST_GUILESS_MAIN(tst_LabelRuns)
#include "tst_label_runs.moc"
