// SPDX-License-Identifier: GPL-3.0-or-later
#include "learning/training/schedule.h"
#include "support/outside_tool.h"

#include <QJsonArray>
#include <QJsonDocument>
#include <QJsonObject>
#include <QTest>

#include <cmath>

using namespace consilium;
using namespace consilium::learning;

namespace {

Plan::Training training(const std::string &kind)
{
    Plan::Training training;
    training.optimizer.lr = 0.1;
    training.batchesPerEpoch = 10;
    training.epochsPerRound = 2;
    training.schedule = {kind, 0.9, 3, 0.5, {}};
    if (kind == "rounds")
        training.schedule.milestones = {2, 3};
    return training;
}

} // namespace

class tst_Schedule : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void workedValues_data();
    void workedValues();
    void plateauByHand();
    void patienceByHand();
    void sameAsPyTorch();
};

void tst_Schedule::workedValues_data()
{
    QTest::addColumn<QString>("kind");
    QTest::addColumn<int>("step");
    QTest::addColumn<double>("rate");
    QTest::newRow("poly begins") << "poly" << 0 << 0.1;
    QTest::newRow("poly half way: 0.5^0.9") << "poly" << 50 << 0.0535886731;
    QTest::newRow("poly ends") << "poly" << 100 << 0.0;
    QTest::newRow("poly beyond") << "poly" << 120 << 0.0;
    QTest::newRow("cosine begins") << "cosine" << 0 << 0.1;
    QTest::newRow("cosine, a third: (1 + 1/2) / 2") << "cosine" << 40 << 0.075;
    QTest::newRow("cosine ends") << "cosine" << 120 << 0.0;
    QTest::newRow("step, epoch 2") << "step" << 29 << 0.1;
    QTest::newRow("step, epoch 3") << "step" << 30 << 0.05;
    QTest::newRow("step, epoch 6") << "step" << 60 << 0.025;
    // Two epochs of ten steps make a round; milestones are rounds 2 and 3.
    QTest::newRow("rounds, end of round 2") << "rounds" << 39 << 0.1;
    QTest::newRow("rounds, begin of round 3") << "rounds" << 40 << 0.05;
    QTest::newRow("rounds, end of round 3") << "rounds" << 59 << 0.05;
    QTest::newRow("rounds, begin of round 4") << "rounds" << 60 << 0.025;
    QTest::newRow("rounds, long after") << "rounds" << 200 << 0.025;
    QTest::newRow("constant") << "constant" << 77 << 0.1;
    QTest::newRow("plateau without scores") << "plateau" << 77 << 0.1;
}

void tst_Schedule::workedValues()
{
    QFETCH(QString, kind);
    QFETCH(int, step);
    QFETCH(double, rate);
    const int total = kind == "cosine" ? 120 : 100;
    QCOMPARE_LE(std::abs(learningRate(training(kind.toStdString()), step, {total, 10}, {}) - rate), 1e-9);
}

void tst_Schedule::plateauByHand()
{
    // Better in epochs 1 and 2; epochs 3 to 5 stand still: halved after the third of them. Then 0.7 is better, an equal
    // score is not, and three more epochs halve it again.
    const std::vector scores{0.5, 0.6, 0.6, 0.55, 0.6, 0.7, 0.7, 0.6, 0.65, 0.1};
    const std::vector expected{0.1, 0.1, 0.1, 0.1, 0.1, 0.05, 0.05, 0.05, 0.05, 0.025, 0.025};
    for (std::size_t epochs = 0; epochs <= scores.size(); ++epochs)
        QCOMPARE(learningRate(training("plateau"), 0, {100, 10}, std::span(scores).first(epochs)), expected[epochs]);
}

void tst_Schedule::patienceByHand()
{
    const std::vector scores{0.2, 0.5, 0.4, 0.5, 0.3};
    QCOMPARE(bestEpoch({}), 0);
    QCOMPARE(bestEpoch(scores), 2);
    QVERIFY(patienceIsOver(scores, 3));
    QVERIFY(!patienceIsOver(scores, 4));
    QVERIFY(!patienceIsOver(scores, 0));
    QVERIFY(!patienceIsOver({}, 1));
}

void tst_Schedule::sameAsPyTorch()
{
    const auto python = test::pythonWith("torch");
    if (python.isEmpty())
        QSKIP("Python's torch is not installed");
    const QString program = R"(
import json, math, torch
from torch.optim import lr_scheduler as s
def rates(make, steps, scores=None):
    optimizer = torch.optim.SGD([torch.zeros(1, requires_grad=True)], lr=0.1)
    schedule, rates = make(optimizer), []
    for step in range(steps):
        rates.append(optimizer.param_groups[0]['lr'])
        optimizer.step()
        schedule.step(*([scores[step]] if scores else []))
    return rates
scores = [round(math.sin(0.9 * k) + 0.02 * k, 3) for k in range(60)]
print(json.dumps({
    'scores': scores,
    'poly': rates(lambda o: s.PolynomialLR(o, 100, 0.9), 100),
    'cosine': rates(lambda o: s.CosineAnnealingLR(o, 100), 100),
    'step': rates(lambda o: s.StepLR(o, 30, 0.5), 100),
    'plateau': rates(lambda o: s.ReduceLROnPlateau(o, 'max', 0.5, patience=2, threshold=0, eps=0), 60, scores)}))
)";
    const auto run = test::runTool(python, {"-W", "ignore", "-c", program});
    QVERIFY2(run.exitCode == 0, run.errors.constData());
    const auto theirs = QJsonDocument::fromJson(run.output).object();
    for (const char *kind : {"poly", "cosine", "step"}) {
        const auto rates = theirs[QLatin1String(kind)].toArray();
        QCOMPARE(rates.size(), 100);
        for (int step = 0; step < 100; ++step)
            QCOMPARE_LE(std::abs(learningRate(training(kind), step, {100, 10}, {}) - rates[step].toDouble()), 1e-12);
    }
    std::vector<double> scores;
    for (const auto score : theirs["scores"].toArray())
        scores.push_back(score.toDouble());
    const auto rates = theirs["plateau"].toArray();
    for (std::size_t epoch = 0; epoch < scores.size(); ++epoch)
        QCOMPARE_LE(std::abs(learningRate(training("plateau"), 0, {1, 1}, std::span(scores).first(epoch)) -
                             rates[static_cast<int>(epoch)].toDouble()),
                    1e-15);
}

QTEST_GUILESS_MAIN(tst_Schedule)
#include "tst_schedule.moc"
