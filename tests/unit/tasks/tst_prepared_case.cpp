// SPDX-License-Identifier: GPL-3.0-or-later
#include "volume-segmentation/case_preparation.h"

#include "imaging/canonical.h"
#include "imaging/resample.h"
#include "support/learning_plans.h"
#include "support/small_dataset.h"
#include "support/whole_prediction.h"

#include <QTemporaryDir>
#include <QTest>

#include <cmath>
#include <limits>

using namespace consilium;
using namespace consilium::segmentation;
using imaging::Geometry;
using imaging::LabelMap;
using imaging::Vec3;
using imaging::Volume;
using test::gridOf;
using test::tinyPlan;

namespace {

using Spacing = std::array<double, 3>;

Volume noisyVolume(const Geometry &geometry)
{
    Volume volume{geometry, {}};
    for (std::int64_t i = 0; i < geometry.voxels(); ++i) {
        const auto n = static_cast<double>(i);
        volume.values.push_back(static_cast<float>(std::sin(0.37 * n) + std::cos(0.011 * n * n) + 0.1 * n));
    }
    return volume;
}

/// What the network says of a signed distance (mm, positive inside): sigmoid(distance), by convolutions that hand their
/// input on, norms that lift it above the bend of the activation, and a head that takes the lift away again.
Result<learning::Network> distanceNetwork(const Plan &plan, double mean, double deviation)
{
    auto network = learning::Network::create(plan, 1);
    if (!network)
        return network;
    auto state = network->state();
    const float lift = 20;
    for (auto &tensor : state.tensors) {
        std::vector<float> values(static_cast<std::size_t>(tensor.info.elements()), 0.0f);
        const auto &name = tensor.info.name;
        if (name.ends_with("conv.weight"))
            values[values.size() / 2] = 1;
        else if (name.ends_with("norm.weight"))
            values[0] = 1;
        else if (name.ends_with("norm.bias"))
            values[0] = lift;
        else if (name == "heads.0.weight")
            values[1] = static_cast<float>(deviation);
        else if (name == "heads.0.bias")
            values[1] = static_cast<float>(mean - deviation * lift);
        tensor = Tensor::fromFloats(name, tensor.info.shape, values);
    }
    if (auto loaded = network->load(state); !loaded)
        return fail(loaded.error());
    return network;
}

} // namespace

class tst_PreparedCase : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { learning::setThreads(1); }
    void init();
    void normalisesEachChannelAsThePlanSays();
    void refusesImagesOfOneValue_data();
    void refusesImagesOfOneValue();
    void refusesVoxelsThatAreNoNumbers();
    void labelsAreThoseOfResampledProbabilities_data();
    void labelsAreThoseOfResampledProbabilities();
    void probabilitiesKeepASphereRounderThanLabels();

private:
    tasks::DatasetCase write(const std::string &id, const std::vector<Volume> &channels) const
    {
        tasks::DatasetCase files{id, id, {}, std::nullopt};
        for (std::size_t channel = 0; channel < channels.size(); ++channel) {
            files.channels.push_back(m_dataset->image(id, static_cast<int>(channel)));
            if (!imaging::writeNifti(files.channels.back(), channels[channel]))
                return {};
        }
        return files;
    }

    std::unique_ptr<QTemporaryDir> m_temporary;
    std::unique_ptr<test::SmallDataset> m_dataset;
};

void tst_PreparedCase::init()
{
    m_temporary = std::make_unique<QTemporaryDir>();
    m_dataset = std::make_unique<test::SmallDataset>(std::filesystem::path(m_temporary->path().toStdString()));
}

void tst_PreparedCase::normalisesEachChannelAsThePlanSays()
{
    auto plan = tinyPlan({4, 8}, {8, 8, 8});
    plan.data.channels = {"raw", "CT", "MR", "late CT", "share"};
    plan.preprocessing.normalisation = {"none", "ct", "zscore", "ct", "rescale"};
    plan.preprocessing.intensities = {{-60, 240, 90, 50}, {0, 2, 1, 4}};
    // A NIfTI file's x grows to the right of our frame's left: the canonical order reverses rows here.
    auto grid = gridOf(4, 1, 2);
    grid.direction = {Vec3{-1, 0, 0}, Vec3{0, 1, 0}, Vec3{0, 0, 1}};
    const std::vector<float> values{-1024, -50, 40, 3071, 0, 1, 2, 3};
    const auto files = write("a", std::vector<Volume>(5, {grid, values}));
    const auto prepared = prepareCase(files, plan);
    QVERIFY2(prepared, prepared ? "" : prepared.error().line().c_str());
    const auto &sample = prepared->sample;
    QCOMPARE(sample.channels, 5);
    QCOMPARE(sample.size, (learning::Extent{2, 1, 4}));
    QCOMPARE(sample.image.size(), 40u);
    const auto channel = [&](int c) {
        return std::vector<float>(sample.image.begin() + 8 * c, sample.image.begin() + 8 * (c + 1));
    };
    QCOMPARE(channel(0), (std::vector<float>{3071, 40, -50, -1024, 3, 2, 1, 0}));
    QCOMPARE(channel(1), (std::vector<float>{3, -1, -2.8F, -3, -1.74F, -1.76F, -1.78F, -1.8F}));
    QCOMPARE(channel(3), (std::vector<float>{0.25F, 0.25F, -0.25F, -0.25F, 0.25F, 0.25F, 0, -0.25F}));
    double mean = 0, square = 0;
    for (const float value : channel(2)) {
        mean += value / 8;
        square += value * value / 8;
    }
    QCOMPARE_LE(std::abs(mean), 1e-6);
    QCOMPARE_LE(std::abs(square - 1), 1e-5);
    QCOMPARE(channel(4)[0], 1.0F);
    QCOMPARE(channel(4)[3], 0.0F);
    QCOMPARE_LE(std::abs(channel(4)[7] - 1024.0F / 4095), 1e-6F);
}

void tst_PreparedCase::refusesImagesOfOneValue_data()
{
    QTest::addColumn<std::string>("scheme");
    for (const auto *scheme : {"zscore", "ct", "rescale"})
        QTest::newRow(scheme) << std::string(scheme);
}

void tst_PreparedCase::refusesImagesOfOneValue()
{
    QFETCH(std::string, scheme);
    auto plan = tinyPlan({4, 8}, {8, 8, 8});
    plan.preprocessing.normalisation = {scheme};
    if (scheme == "ct")
        plan.preprocessing.intensities = {{-60, 240, 90, 50}};
    const auto prepared = prepareCase(write("b", {{gridOf(4, 4, 4), std::vector<float>(64, 7.0f)}}), plan);
    QVERIFY(!prepared);
    QCOMPARE(prepared.error().code, ErrorCode::Invalid);
    const auto line = QString::fromStdString(prepared.error().line());
    QVERIFY2(line.startsWith("Case b: ") && line.contains("b_0000.nii.gz") && line.contains("one value everywhere (7)"),
             qPrintable(line));
    QVERIFY(!line.contains('\n'));
}

void tst_PreparedCase::refusesVoxelsThatAreNoNumbers()
{
    auto plan = tinyPlan({4, 8}, {8, 8, 8});
    plan.data.channels = {"T1", "T2"};
    plan.preprocessing.normalisation = {"zscore", "none"};
    const auto whole = noisyVolume(gridOf(4, 4, 4));
    auto damaged = whole;
    damaged.values[3] = std::numeric_limits<float>::quiet_NaN();
    damaged.values[9] = std::numeric_limits<float>::infinity();
    const auto files = write("c", {whole, damaged});
    const auto prepared = prepareCase(files, plan);
    QVERIFY(!prepared);
    QCOMPARE(prepared.error().code, ErrorCode::Invalid);
    const auto line = QString::fromStdString(prepared.error().line());
    QVERIFY2(line.startsWith("Case c: ") && line.contains("c_0001.nii.gz holds 2 voxel(s) that are not finite"),
             qPrintable(line));
    QVERIFY(!readCase(files, 2));
}

void tst_PreparedCase::labelsAreThoseOfResampledProbabilities_data()
{
    QTest::addColumn<Geometry>("grid");
    QTest::addColumn<Spacing>("spacing");
    QTest::newRow("as they are") << gridOf(9, 12, 10) << Spacing{1, 1, 1};
    QTest::newRow("network coarser") << gridOf(15, 13, 18, 0.5) << Spacing{1, 1, 1};
    QTest::newRow("network finer") << gridOf(7, 8, 6, 2) << Spacing{0.9, 0.9, 0.9};
    auto anisotropic = gridOf(12, 11, 6);
    anisotropic.spacing = {0.8, 0.8, 3};
    QTest::newRow("anisotropic") << anisotropic << Spacing{1.1, 0.6, 1.5};
    QTest::newRow("one axis alone") << anisotropic << Spacing{0.8, 0.8, 1.1};
    auto turned = anisotropic;
    turned.direction = {Vec3{0, -1, 0}, Vec3{0, 0, 1}, Vec3{-1, 0, 0}};
    turned.origin = {10, -20, 30};
    QTest::newRow("axes turned") << turned << Spacing{1.5, 0.7, 1.2};
    const double c = std::cos(0.3), s = std::sin(0.3);
    auto oblique = anisotropic;
    oblique.direction = {Vec3{c, -s, 0}, Vec3{s, c, 0}, Vec3{0, 0, -1}};
    QTest::newRow("oblique") << oblique << Spacing{1.3, 1.3, 2};
    QTest::newRow("one slice") << gridOf(14, 10, 1, 2) << Spacing{1.5, 1.5, 2.5};
    QTest::newRow("slices of one voxel") << gridOf(1, 9, 16, 1.4) << Spacing{1, 1, 1};
}

void tst_PreparedCase::labelsAreThoseOfResampledProbabilities()
{
    QFETCH(Geometry, grid);
    QFETCH(Spacing, spacing);
    auto plan = tinyPlan({4, 8}, {8, 8, 8});
    plan.data.labels = {"background", "a", "b"};
    plan.preprocessing.spacing = spacing;
    auto network = learning::Network::create(plan, 5);
    QVERIFY(network);
    const auto prepared = prepareCase(write("d", {noisyVolume(grid)}), plan);
    QVERIFY2(prepared, prepared ? "" : prepared.error().line().c_str());
    learning::Network *const networks[]{&*network};
    const auto labels = labelsOnOriginalGrid(networks, plan, prepared->sample, *prepared);
    const auto whole = test::predict(*network, plan, prepared->sample);
    QVERIFY(labels && whole);
    QVERIFY(labels->geometry == prepared->original);

    // Every voxel of the file through the patient into the network's grid, in double, with all probabilities at hand.
    const auto &source = prepared->prepared;
    std::array<int, 3> seen{};
    int undecided = 0;
    for (int k = 0; k < grid.size[2]; ++k) {
        for (int j = 0; j < grid.size[1]; ++j) {
            for (int i = 0; i < grid.size[0]; ++i) {
                const auto at = source.toIndex(prepared->original.toPatient({double(i), double(j), double(k)}));
                std::array<double, 3> share{};
                for (int corner = 0; corner < 8; ++corner) {
                    double weight = 1;
                    std::array<int, 3> voxel{};
                    for (int axis = 0; axis < 3; ++axis) {
                        const double index = std::clamp(at[axis], 0.0, source.size[axis] - 1.0);
                        const int lower = std::min(int(index), std::max(0, source.size[axis] - 2));
                        const bool upper = corner >> axis & 1;
                        voxel[axis] = std::min(lower + upper, source.size[axis] - 1);
                        weight *= upper ? index - lower : 1 - (index - lower);
                    }
                    for (int label = 0; label < 3; ++label)
                        share[label] +=
                            weight *
                            whole->probabilities[label * source.voxels() + source.offset(voxel[0], voxel[1], voxel[2])];
                }
                auto sorted = share;
                std::ranges::sort(sorted);
                const auto best = std::ranges::max_element(share) - share.begin();
                ++seen[best];
                if (sorted[2] - sorted[1] < 1e-5)
                    ++undecided;
                else
                    QCOMPARE(int(labels->at(i, j, k)), int(best));
            }
        }
    }
    QVERIFY(undecided * 100 <= grid.voxels());
    QVERIFY(std::ranges::count(seen, 0) <= 1); // else a map of zeros would do
}

void tst_PreparedCase::probabilitiesKeepASphereRounderThanLabels()
{
    // A ball of 11.3 mm, seen by the network in voxels of 2 mm, wanted in voxels of 1 mm.
    const auto fine = gridOf(40, 40, 40);
    const auto coarse = imaging::withSpacing(fine, {2, 2, 2});
    const auto inside = [](const Geometry &grid, int i, int j, int k) {
        const auto p = grid.toPatient({double(i), double(j), double(k)});
        return 11.3 - std::hypot(p[0] - 19.8, p[1] - 20.3, p[2] - 19.1);
    };
    PreparedCase prepared;
    prepared.original = prepared.canonical = fine;
    prepared.prepared = coarse;
    prepared.sample.size = {20, 20, 20};
    double sum = 0, squares = 0;
    for (int k = 0; k < 20; ++k)
        for (int j = 0; j < 20; ++j)
            for (int i = 0; i < 20; ++i) {
                const double distance = inside(coarse, i, j, k);
                prepared.sample.image.push_back(static_cast<float>(distance));
                sum += distance / 8000;
                squares += distance * distance / 8000;
            }
    const auto plan = tinyPlan({1}, {20, 20, 20});
    auto network = distanceNetwork(plan, sum, std::sqrt(squares - sum * sum));
    QVERIFY(network);
    const auto whole = test::predict(*network, plan, prepared.sample);
    QVERIFY(whole);
    for (std::size_t i = 0; i < 8000; ++i) // the network is what it is meant to be
        QCOMPARE_LE(std::abs(whole->probabilities[8000 + i] - 1 / (1 + std::exp(-prepared.sample.image[i]))), 0.01f);

    learning::Network *const networks[]{&*network};
    const auto labels = labelsOnOriginalGrid(networks, plan, prepared.sample, prepared);
    QVERIFY(labels);
    const auto ofLabels = imaging::resampleLabels(LabelMap{coarse, whole->labels}, fine);
    int wrong = 0, wrongOfLabels = 0;
    for (int k = 0; k < 40; ++k)
        for (int j = 0; j < 40; ++j)
            for (int i = 0; i < 40; ++i) {
                const int truth = inside(fine, i, j, k) > 0;
                wrong += labels->at(i, j, k) != truth;
                wrongOfLabels += ofLabels.at(i, j, k) != truth;
            }
    QVERIFY2(2 * wrong < wrongOfLabels, qPrintable(QString("%1 and %2").arg(wrong).arg(wrongOfLabels)));
}

QTEST_GUILESS_MAIN(tst_PreparedCase)
#include "tst_prepared_case.moc"
