// SPDX-License-Identifier: GPL-3.0-or-later
#include "learning/inference/landmark_inference.h"

#include "learning/network_parts.h"

#include <QTest>

#include <array>
#include <cmath>

using namespace consilium;
using namespace consilium::learning;

namespace {

Plan radiographPlan(int width, int height)
{
    Plan plan;
    plan.task = "tiny";
    plan.data.kind = "landmark-localisation";
    plan.data.channels = {"DX"};
    plan.data.landmarks = {"a", "b"};
    plan.network.kind = "hourglass";
    plan.network.dimensions = 2;
    plan.network.features = {4};
    plan.network.stacks = 1;
    plan.preprocessing.normalisation = {"rescale"};
    plan.training.patch = {width, height};
    return plan;
}

Sample blackPicture(std::int64_t width, std::int64_t height)
{
    Sample sample;
    sample.id = "case_3";
    sample.size = {1, height, width};
    sample.image.resize(sample.voxels());
    return sample;
}

/// Answers with fixed heatmaps.
class FixedBody : public Body
{
public:
    explicit FixedBody(torch::Tensor logits) : m_logits(std::move(logits)) {}
    torch::Tensor forward(const torch::Tensor &) override { return m_logits; }
    std::vector<torch::Tensor> heads(const torch::Tensor &) override { return {m_logits}; }
    void draw(std::uint64_t) override {}
    const char *initialisation() const override { return ""; }

private:
    torch::Tensor m_logits;
};

Network answering(const Plan &plan, torch::Tensor logits)
{
    auto network = Network::create(plan, 1).value();
    network.parts().body = std::make_shared<FixedBody>(std::move(logits));
    return network;
}

/// Heatmaps 1, 2, H, W that are sure of one pixel each.
torch::Tensor sure(std::int64_t height, std::int64_t width, std::array<std::array<std::int64_t, 2>, 2> xy)
{
    auto logits = torch::full({1, 2, height, width}, -1e4f);
    for (int l = 0; l < 2; ++l)
        logits[0][l][xy[l][1]][xy[l][0]] = 0;
    return logits;
}

} // namespace

class tst_LandmarkInference : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void heatmapPixelsBecomePicturePixels();
    void uniformHeatmapsKnowNothing();
    void ensembleIsTheMeanOfHeatmaps();
    void realNetworkAnswersWithinThePicture();
    void otherPicturesAreRefused_data();
    void otherPicturesAreRefused();
};

void tst_LandmarkInference::heatmapPixelsBecomePicturePixels()
{
    // 128 x 64 pixels and heatmaps of 32 x 16: heatmap pixel i covers pixels 4 i to 4 i + 3, its middle is 4 i + 1.5.
    const auto plan = radiographPlan(128, 64);
    auto network = answering(plan, sure(16, 32, {{{0, 15}, {31, 4}}}));
    const std::array networks{&network};
    const auto points = locate(networks, plan, blackPicture(128, 64));
    QVERIFY(points);
    QCOMPARE(points->size(), 2u);
    QCOMPARE_LE(std::abs(points->at(0).x - 1.5), 1e-9);
    QCOMPARE_LE(std::abs(points->at(0).y - 61.5), 1e-9);
    QCOMPARE_LE(std::abs(points->at(1).x - 125.5), 1e-9);
    QCOMPARE_LE(std::abs(points->at(1).y - 17.5), 1e-9);
    QCOMPARE_LE(points->at(0).spread, 1e-6);
    QCOMPARE_LE(std::abs(points->at(0).confidence - 1), 1e-9);
}

void tst_LandmarkInference::uniformHeatmapsKnowNothing()
{
    const auto plan = radiographPlan(64, 64);
    auto network = answering(plan, torch::zeros({1, 2, 16, 16}));
    const std::array networks{&network};
    const auto points = locate(networks, plan, blackPicture(64, 64));
    QVERIFY(points);
    QCOMPARE_LE(std::abs(points->at(0).x - 31.5), 1e-9);
    // Of 16 equally likely steps of 4 pixels: variance 4^2 (16^2 - 1) / 12 = 340.
    QCOMPARE_LE(std::abs(points->at(0).spread - std::sqrt(340)), 1e-9);
    // Of the pixels about the middle, half a pixel off it along both axes, 32 lie within 3: 8 in each quadrant.
    QCOMPARE_LE(std::abs(points->at(0).confidence - 32.0 / 256), 1e-9);
}

void tst_LandmarkInference::ensembleIsTheMeanOfHeatmaps()
{
    const auto plan = radiographPlan(64, 64);
    auto first = answering(plan, sure(16, 16, {{{2, 3}, {5, 5}}}));
    auto second = answering(plan, sure(16, 16, {{{12, 3}, {5, 5}}}));
    const std::array networks{&first, &second};
    const auto points = locate(networks, plan, blackPicture(64, 64));
    QVERIFY(points);
    // Half at 9.5, half at 49.5 pixels: the middle, 20 pixels from both, along one axis of two.
    QCOMPARE_LE(std::abs(points->at(0).x - 29.5), 1e-9);
    QCOMPARE_LE(std::abs(points->at(0).y - 13.5), 1e-9);
    QCOMPARE_LE(std::abs(points->at(0).spread - std::sqrt(20.0 * 20 / 2)), 1e-6);
    QCOMPARE_LE(points->at(0).confidence, 1e-9); // they disagree: nothing lies near the mean
    QCOMPARE_LE(std::abs(points->at(1).confidence - 1), 1e-9);
}

void tst_LandmarkInference::realNetworkAnswersWithinThePicture()
{
    const auto plan = radiographPlan(128, 64);
    auto network = Network::create(plan, 3);
    QVERIFY(network);
    auto picture = blackPicture(128, 64);
    for (std::size_t i = 0; i < picture.image.size(); ++i)
        picture.image[i] = static_cast<float>(i % 17) / 17;
    const std::array networks{&*network};
    const auto points = locate(networks, plan, picture);
    QVERIFY(points);
    QCOMPARE(points->size(), 2u);
    for (const auto &point : *points) {
        QVERIFY(point.x >= 0 && point.x <= 127 && point.y >= 0 && point.y <= 63);
        QVERIFY(point.confidence >= 0 && point.confidence <= 1);
    }
}

void tst_LandmarkInference::otherPicturesAreRefused_data()
{
    QTest::addColumn<int>("width");
    QTest::addColumn<int>("height");
    QTest::addColumn<int>("depth");
    QTest::addColumn<int>("channels");
    QTest::newRow("smaller") << 32 << 64 << 1 << 1;
    QTest::newRow("turned") << 64 << 128 << 1 << 1;
    QTest::newRow("a volume") << 128 << 64 << 2 << 1;
    QTest::newRow("two channels") << 128 << 64 << 1 << 2;
}

void tst_LandmarkInference::otherPicturesAreRefused()
{
    QFETCH(int, width);
    QFETCH(int, height);
    QFETCH(int, depth);
    QFETCH(int, channels);
    const auto plan = radiographPlan(128, 64);
    auto network = Network::create(plan, 3);
    QVERIFY(network);
    Sample sample;
    sample.id = "case_3";
    sample.size = {depth, height, width};
    sample.channels = channels;
    sample.image.resize(sample.voxels() * channels);
    const std::array networks{&*network};
    const auto points = locate(networks, plan, sample);
    QVERIFY(!points && points.error().code == ErrorCode::Invalid);
    QVERIFY(points.error().message.find("case_3") != std::string::npos);
}

QTEST_GUILESS_MAIN(tst_LandmarkInference)
#include "tst_landmark_inference.moc"
