// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/random.h"
#include "learning/batches/batch_queue.h"
#include "learning/batches/batch_source.h"
#include "support/learning_plans.h"

#include <QTest>

#include <algorithm>
#include <atomic>
#include <chrono>
#include <mutex>
#include <set>
#include <stdexcept>
#include <thread>

using namespace consilium;
using namespace consilium::learning;

namespace {

/// Batches that hold their own number; odd ones take longer.
class Numbered : public BatchSource
{
public:
    Batch batch(std::int64_t index) const override
    {
        {
            const std::lock_guard lock(m_mutex);
            m_drawn.insert(index);
        }
        if (index % 2 == 1)
            std::this_thread::sleep_for(std::chrono::milliseconds(2));
        if (index == failing)
            throw std::runtime_error("batch " + std::to_string(index));
        Batch batch;
        batch.image = {static_cast<float>(index)};
        return batch;
    }
    const Extent &patch() const override { return m_patch; }

    std::set<std::int64_t> drawn() const
    {
        const std::lock_guard lock(m_mutex);
        return m_drawn;
    }

    std::int64_t failing = -1;

private:
    Extent m_patch{1, 1, 1};
    mutable std::mutex m_mutex;
    mutable std::set<std::int64_t> m_drawn;
};

Plan volumePlan()
{
    auto plan = test::tinyPlan({4}, {12, 10, 8});
    plan.augmentation = {};
    plan.augmentation.elastic = 3;
    plan.augmentation.blur = 1;
    plan.augmentation.lowResolution = 0.5;
    plan.training.batchSize = 3;
    return plan;
}

Plan radiographPlan()
{
    auto plan = volumePlan();
    plan.augmentation.mirror = {};
    plan.augmentation.clahe = 4;
    plan.augmentation.dropout = 0.2;
    plan.data.labels = {};
    plan.data.landmarks = {"a", "b"};
    plan.network.dimensions = 2;
    plan.training.patch = {40, 40};
    return plan;
}

std::vector<Sample> randomSamples(const Extent &size)
{
    std::vector<Sample> samples;
    Random random(2);
    for (int n = 0; n < 3; ++n) {
        auto sample = test::emptySample(size);
        for (auto &value : sample.image)
            value = static_cast<float>(random.normal());
        for (auto &label : sample.labels)
            label = random.chance(0.2);
        sample.points = {{11.25, 20.5, true}, {30, 7, true}};
        samples.push_back(std::move(sample));
    }
    return samples;
}

} // namespace

class tst_BatchQueue : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void threadsDoNotChangeBatches_data();
    void threadsDoNotChangeBatches();
    void batchesComeInOrder();
    void neverMoreAheadThanAllowed();
    void failureArrivesAtItsBatch();
    void endsWhileBatchesAreDrawn();
};

void tst_BatchQueue::threadsDoNotChangeBatches_data()
{
    QTest::addColumn<bool>("radiographs");
    QTest::newRow("patches of volumes") << false;
    QTest::newRow("radiographs") << true;
}

void tst_BatchQueue::threadsDoNotChangeBatches()
{
    QFETCH(bool, radiographs);
    const auto plan = radiographs ? radiographPlan() : volumePlan();
    const auto samples = randomSamples(radiographs ? Extent{1, 40, 40} : Extent{14, 15, 16});
    const auto source = makeBatchSource(plan, samples, 5), another = makeBatchSource(plan, samples, 5),
               otherSeed = makeBatchSource(plan, samples, 6);
    QVERIFY((source->patch() == (radiographs ? Extent{1, 40, 40} : Extent{8, 10, 12})));
    constexpr int first = 17, count = 60;
    BatchQueue one(*source, first, count, 1, 2), four(*another, first, count, 4, 6);
    int differing = 0;
    for (int i = 0; i < count; ++i) {
        const auto a = one.next(), b = four.next(), alone = source->batch(first + i);
        for (const auto *other : {&b, &alone}) {
            QVERIFY(a.image == other->image);
            QVERIFY(a.labels == other->labels);
            QVERIFY(a.points == other->points);
            QVERIFY(a.weights == other->weights);
        }
        differing += a.image != otherSeed->batch(first + i).image;
        QCOMPARE(a.labels.empty(), radiographs);
        QCOMPARE(a.points.size(), radiographs ? 3u * 2 * 2 : 0u);
    }
    QCOMPARE(differing, count);
}

void tst_BatchQueue::batchesComeInOrder()
{
    const Numbered source;
    BatchQueue queue(source, 5, 100, 4, 7);
    for (int i = 0; i < 100; ++i)
        QCOMPARE(queue.next().image[0], static_cast<float>(5 + i));
    QCOMPARE(source.drawn().size(), 100u);
    QCOMPARE(*source.drawn().rbegin(), 104);
}

void tst_BatchQueue::neverMoreAheadThanAllowed()
{
    const Numbered source;
    BatchQueue queue(source, 0, 1000, 4, 3);
    for (int taken = 0; taken < 20; ++taken) {
        // Those handed out, and three: it fills up to there and stops.
        QTRY_COMPARE(source.drawn().size(), static_cast<std::size_t>(taken + 3));
        queue.next();
    }
    QCOMPARE_LE(source.drawn().size(), 23u);
}

void tst_BatchQueue::failureArrivesAtItsBatch()
{
    Numbered source;
    source.failing = 3;
    BatchQueue queue(source, 0, 6, 2, 4);
    for (int i = 0; i < 3; ++i)
        QCOMPARE(queue.next().image[0], static_cast<float>(i));
    QVERIFY_THROWS_EXCEPTION(std::runtime_error, queue.next());
    QCOMPARE(queue.next().image[0], 4.0f);
}

void tst_BatchQueue::endsWhileBatchesAreDrawn()
{
    const Numbered source;
    for (int i = 0; i < 50; ++i) {
        BatchQueue queue(source, 0, 1000, 3, 5);
        if (i % 2 == 0)
            queue.next();
    }
    QCOMPARE_LE(*source.drawn().rbegin(), 5); // none drew on
}

QTEST_GUILESS_MAIN(tst_BatchQueue)
#include "tst_batch_queue.moc"
