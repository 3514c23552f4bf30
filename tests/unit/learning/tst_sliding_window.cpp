// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/file.h"
#include "core/safetensors.h"
#include "learning/inference/plane_slab.h"
#include "learning/inference/tiling.h"
#include "support/learning_plans.h"
#include "support/outside_tool.h"
#include "support/whole_prediction.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <cmath>
#include <cstring>

using namespace consilium;
using namespace consilium::learning;
using test::predict;

namespace {

/// The plain sliding window of `bench predict`, its probabilities into a file.
const char *const s_windowInPython = R"(
import json, sys
sys.path.insert(0, sys.argv[1])
import predict_peer, torch
plan = json.load(open(sys.argv[2] + "/plan.json"))
network = predict_peer.load_unet(plan, sys.argv[2] + "/model.safetensors").eval()
image = predict_peer.read_voxels(sys.argv[2] + "/image.raw", torch.float32).reshape([int(n) for n in sys.argv[3:7]])
answer = predict_peer.sliding_window(network, image, plan["training"]["patch"][::-1], plan["inference"]["overlap"])
open(sys.argv[2] + "/answer.raw", "wb").write(bytes(answer.contiguous().view(-1).view(torch.uint8).tolist()))
)";

std::string_view bytesOf(const std::vector<float> &values)
{
    return {reinterpret_cast<const char *>(values.data()), values.size() * sizeof(float)};
}

} // namespace

class tst_SlidingWindow : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void startsAsWorkedByHand_data();
    void startsAsWorkedByHand();
    void tilesCoverTheCase_data();
    void tilesCoverTheCase();
    void weightsAreGaussian();
    void aSingleTileIsNotWeighted();
    void meanOfTilesByWeight();
    void planesComeOnceInOrder();
    void aFullSinkEndsIt();
    void theMostProbableLabel();
    void agreesWithAWindowInPython_data();
    void agreesWithAWindowInPython();
};

void tst_SlidingWindow::startsAsWorkedByHand_data()
{
    QTest::addColumn<int>("size");
    QTest::addColumn<int>("tile");
    QTest::addColumn<double>("overlap");
    QTest::addColumn<std::vector<std::int64_t>>("starts");
    const auto row = [](const char *name, int size, int tile, double overlap, std::vector<std::int64_t> starts) {
        QTest::newRow(name) << size << tile << overlap << starts;
    };
    // nnU-Net's: an image of 182 in tiles of 96 half overlapping has room for 86, in two steps of at most 48.
    row("three tiles", 182, 96, 0.5, {0, 43, 86});
    row("steps that fit", 128, 64, 0.5, {0, 32, 64});
    row("uneven", 10, 4, 0.5, {0, 2, 4, 6});
    row("no overlap, exact", 12, 4, 0, {0, 4, 8});
    row("no overlap, not exact", 13, 4, 0, {0, 3, 6, 9});
    row("slices", 3, 1, 0.5, {0, 1, 2});
    row("as large", 64, 64, 0.5, {0});
    row("smaller, even room", 5, 9, 0.5, {-2});
    row("smaller, odd room", 4, 9, 0.5, {-2});
    row("one voxel", 1, 64, 0.5, {-31});
}

void tst_SlidingWindow::startsAsWorkedByHand()
{
    QFETCH(int, size);
    QFETCH(int, tile);
    QFETCH(double, overlap);
    QFETCH(std::vector<std::int64_t>, starts);
    QCOMPARE(tilesAlong(size, tile, overlap).starts, starts);
}

void tst_SlidingWindow::tilesCoverTheCase_data()
{
    QTest::addColumn<int>("tile");
    QTest::addColumn<double>("overlap");
    QTest::newRow("half") << 16 << 0.5;
    QTest::newRow("none") << 16 << 0.0;
    QTest::newRow("nearly whole") << 5 << 0.99;
    QTest::newRow("slices") << 1 << 0.5;
}

void tst_SlidingWindow::tilesCoverTheCase()
{
    QFETCH(int, tile);
    QFETCH(double, overlap);
    for (int size = 1; size < 70; ++size) {
        const auto tiles = tilesAlong(size, tile, overlap);
        std::vector<int> covered(size, 0);
        std::vector<double> sums(size, 0);
        for (const auto start : tiles.starts)
            for (int i = 0; i < tile; ++i)
                if (start + i >= 0 && start + i < size) {
                    ++covered[start + i];
                    sums[start + i] += tiles.weights[i];
                }
        QVERIFY(std::ranges::min(covered) >= 1);
        QVERIFY(std::ranges::is_sorted(tiles.starts));
        QCOMPARE(tiles.sums.size(), std::size_t(size));
        for (int i = 0; i < size; ++i)
            QCOMPARE_LE(std::abs(tiles.sums[i] - sums[i]), 1e-5);
        // No tile hangs out of a case that is larger than it, and neighbours overlap as much as was asked for, to a
        // voxel.
        for (std::size_t n = 0; size >= tile && n < tiles.starts.size(); ++n) {
            QVERIFY(tiles.starts[n] >= 0 && tiles.starts[n] + tile <= size);
            if (n > 0)
                QVERIFY(tiles.starts[n] - tiles.starts[n - 1] <= std::max(1.0, std::ceil(tile * (1 - overlap))));
        }
    }
}

void tst_SlidingWindow::weightsAreGaussian()
{
    const auto weights = tilesAlong(400, 65, 0.5).weights;
    QCOMPARE(weights[32], 1.0f);
    const double sigma = 65 / 8.0;
    for (int i = 0; i < 65; ++i) {
        QVERIFY(weights[i] > 0);
        QCOMPARE_LE(std::abs(weights[i] / std::exp(-(i - 32) * (i - 32) / (2 * sigma * sigma)) - 1), 1e-5);
    }
    // Of an even extent the two middle voxels are heaviest.
    const auto even = tilesAlong(400, 64, 0.5).weights;
    QCOMPARE(even[31], 1.0f);
    QCOMPARE(even[32], 1.0f);
}

void tst_SlidingWindow::aSingleTileIsNotWeighted()
{
    const auto tiles = tilesAlong(50, 64, 0.5);
    QCOMPARE(tiles.weights, std::vector<float>(64, 1.0f));
    QCOMPARE(tiles.sums, std::vector<float>(50, 1.0f));
}

void tst_SlidingWindow::meanOfTilesByWeight()
{
    // Tiles of 4 at 0 and 2 of an axis of 6, with a standard deviation of 1/2: at voxel 2 the first tile has its third
    // voxel, 1/2 from its middle, the second its first, 3/2 away.
    const std::array<AxisTiles, 3> axes{tilesAlong(1, 1, 0), tilesAlong(2, 2, 0), tilesAlong(6, 4, 0.5)};
    PlaneSlab slab(axes, 1, 1);
    slab.add({0, 0, 0}, std::vector<float>(8, 1.0f).data());
    slab.add({0, 0, 2}, std::vector<float>(8, 5.0f).data());
    std::vector<float> plane;
    QVERIFY(slab.finish(1, [&](std::int64_t, std::span<const float> values) -> Result<> {
        plane.assign(values.begin(), values.end());
        return {};
    }));
    const double near = std::exp(-0.5), far = std::exp(-4.5);
    const double third = (near * 1 + far * 5) / (near + far), fourth = (far * 1 + near * 5) / (near + far);
    const std::vector<double> row{1, 1, third, fourth, 5, 5};
    QCOMPARE(plane.size(), 12u);
    for (int i = 0; i < 12; ++i)
        QCOMPARE_LE(std::abs(plane[i] - row[i % 6]), 1e-6);
}

void tst_SlidingWindow::planesComeOnceInOrder()
{
    // Tiles that hold their own planes' numbers: whatever the weights, each plane must come out with its number.
    const std::array<AxisTiles, 3> axes{tilesAlong(23, 6, 0.5), tilesAlong(5, 4, 0.5), tilesAlong(3, 8, 0.5)};
    PlaneSlab slab(axes, 2, 6);
    std::int64_t expected = 0;
    const auto sink = [&](std::int64_t z, std::span<const float> plane) -> Result<> {
        if (z != expected || plane.size() != 30)
            return fail(ErrorCode::Internal, "Plane {} of {} values", z, plane.size());
        for (int label = 0; label < 2; ++label)
            for (int i = 0; i < 15; ++i)
                if (std::abs(plane[label * 15 + i] - static_cast<float>(z + 100 * label)) > 1e-4f)
                    return fail(ErrorCode::Internal, "Plane {} holds {}", z, plane[label * 15 + i]);
        ++expected;
        return {};
    };
    const auto &starts = axes[0].starts;
    for (std::size_t n = 0; n < starts.size(); ++n) {
        std::vector<float> tile;
        for (int label = 0; label < 2; ++label)
            for (int z = 0; z < 6; ++z)
                tile.insert(tile.end(), 4 * 8, static_cast<float>(starts[n] + z + 100 * label));
        for (const auto y : axes[1].starts)
            for (const auto x : axes[2].starts)
                slab.add({starts[n], y, x}, tile.data());
        const auto done = slab.finish(n + 1 < starts.size() ? starts[n + 1] : 23, sink);
        QVERIFY2(done, done ? "" : done.error().message.c_str());
    }
    QCOMPARE(expected, 23);
}

void tst_SlidingWindow::aFullSinkEndsIt()
{
    const std::array<AxisTiles, 3> axes{tilesAlong(4, 4, 0), tilesAlong(2, 2, 0), tilesAlong(2, 2, 0)};
    PlaneSlab slab(axes, 1, 4);
    int planes = 0;
    const auto done = slab.finish(4, [&](std::int64_t z, std::span<const float>) -> Result<> {
        ++planes;
        return z < 2 ? Result<>{} : fail(ErrorCode::Io, "The disk is full");
    });
    QVERIFY(!done && done.error().code == ErrorCode::Io);
    QCOMPARE(planes, 3);
}

void tst_SlidingWindow::theMostProbableLabel()
{
    const std::vector<float> probabilities{0.5f, 0.2f, 0.4f,   0.0f, /**/ 0.5f, 0.5f,
                                           0.2f, 0.5f, /**/ 0, 0.3f, 0.4f,      0.5f};
    std::vector<std::uint8_t> labels(4, 9);
    mostProbable(probabilities, labels);
    QCOMPARE(labels, (std::vector<std::uint8_t>{0, 1, 0, 1})); // the lower of two that are as probable
}

void tst_SlidingWindow::agreesWithAWindowInPython_data()
{
    QTest::addColumn<std::vector<int>>("patch"); // x, y, z
    QTest::addColumn<Extent>("size");            // z, y, x
    QTest::addColumn<double>("overlap");
    QTest::newRow("volume") << std::vector<int>{16, 12, 8} << Extent{19, 29, 21} << 0.5;
    QTest::newRow("a third overlapping") << std::vector<int>{16, 16, 16} << Extent{20, 16, 40} << 0.33;
    QTest::newRow("smaller than a tile") << std::vector<int>{16, 16, 16} << Extent{3, 21, 9} << 0.5;
    QTest::newRow("slices") << std::vector<int>{16, 12} << Extent{11, 20, 25} << 0.5;
}

void tst_SlidingWindow::agreesWithAWindowInPython()
{
    static const auto python = test::pythonWith("torch");
    if (python.isEmpty())
        QSKIP("There is no Python with PyTorch");
    QFETCH(std::vector<int>, patch);
    QFETCH(Extent, size);
    QFETCH(double, overlap);
    auto plan = test::tinyPlan({4, 8, 16}, patch);
    plan.data.channels = {"a", "b"};
    plan.data.labels = {"background", "object", "other"};
    plan.preprocessing.normalisation = {"none", "none"};
    plan.inference.overlap = overlap;
    auto network = Network::create(plan, 4);
    QVERIFY(network);
    auto sample = test::emptySample(size, 2);
    for (std::size_t i = 0; i < sample.image.size(); ++i)
        sample.image[i] = static_cast<float>(std::sin(0.37 * i) + std::cos(0.011 * i * i));
    const QTemporaryDir temporary;
    const std::filesystem::path folder = temporary.path().toStdString();
    QVERIFY(writeJson(folder / "plan.json", plan.toJson()));
    QVERIFY(writeSafetensors(folder / "model.safetensors", network->state()));
    QVERIFY(writeFileAtomically(folder / "image.raw", bytesOf(sample.image)));
    const auto run =
        test::runTool(python, {"-c", s_windowInPython, CONSILIUM_BENCH_SCRIPTS, temporary.path(), "2",
                               QString::number(size[0]), QString::number(size[1]), QString::number(size[2])});
    QVERIFY2(run.exitCode == 0, run.errors.constData());
    const auto answer = readFile(folder / "answer.raw");
    const auto ours = predict(*network, plan, sample);
    QVERIFY(answer && ours);
    QCOMPARE(answer->size(), ours->probabilities.size() * sizeof(float));
    std::vector<float> theirs(ours->probabilities.size());
    std::memcpy(theirs.data(), answer->data(), answer->size());
    for (std::size_t i = 0; i < theirs.size(); ++i)
        QCOMPARE_LE(std::abs(theirs[i] - ours->probabilities[i]), 1e-5f);
}

QTEST_GUILESS_MAIN(tst_SlidingWindow)
#include "tst_sliding_window.moc"
