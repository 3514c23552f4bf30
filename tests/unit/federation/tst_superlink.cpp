// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/scripted_superlink.h"
#include "support/toy_study.h"

#include "core/safetensors.h"
#include "federation/node_key.h"
#include "federation/superlink.h"

#include <QTemporaryDir>
#include <QTest>
#include <cmath>

using namespace consilium;
using namespace consilium::test;

/// A node of a plain SuperLink, against a peer that keeps the real one's rules. The real one itself is in
/// tests/integration/tst_flower.cpp.
class tst_SuperLink : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup() { m_peer.reset(); }
    void aRunIsServed();
    void aBrokenUploadGoesOnAtTheMissingObjects();
    void aNodeThatWasCutOffGoesOn();
    void workThatWasBegunIsFinishedAfterARestart();
    void aFinishedUpdateIsNotTrainedTwice();
    void anotherModelIsAnsweredWithItsFault();
    void aSuperLinkThatForgotTheNodeIsToldAgain();
    void aKeyThatIsNotRegisteredIsNamed();
    void anUntrustedSuperLinkIsRefused();

private:
    std::filesystem::path folder(const std::string &name) const
    {
        return std::filesystem::path(m_folder->path().toStdString()) / name;
    }
    federation::SuperLinkOptions options() const;
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<ScriptedSuperLink> m_peer;
};

namespace {

/// A node at work in the background.
class ToyNode
{
public:
    ToyNode(federation::SuperLinkOptions options, ToyTrainer &trainer) : m_options(std::move(options))
    {
        m_options.stopRequested = [this] { return m_stop.load(); };
        m_thread = std::thread([this, &trainer] {
            result = federation::participateInSuperLink(m_options, trainer);
            ended = true;
        });
    }
    ~ToyNode() { stop(); }
    Result<> stop()
    {
        m_stop = true;
        if (m_thread.joinable())
            m_thread.join();
        return result;
    }
    Result<> result;
    std::atomic<bool> ended{false};

private:
    federation::SuperLinkOptions m_options;
    std::atomic<bool> m_stop{false};
    std::thread m_thread;
};

} // namespace

federation::SuperLinkOptions tst_SuperLink::options() const
{
    federation::SuperLinkOptions options;
    options.endpoint = m_peer->endpoint();
    options.authority = m_peer->authorityFile;
    options.folder = folder("node");
    options.site = "north";
    options.planHash = "a plan";
    options.network = {{"w", DType::F32, {2}}};
    options.metrics = {"dice", "dice:lesion"};
    options.pollInterval = std::chrono::milliseconds(50);
    return options;
}

void tst_SuperLink::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    m_peer = std::make_unique<ScriptedSuperLink>(folder("peer"));
}

void tst_SuperLink::aRunIsServed()
{
    ToyTrainer trainer(30, 1, -2);
    auto asked = options();
    asked.oneRun = true;
    ToyNode node(asked, trainer);
    QTRY_COMPARE(m_peer->nodes(), std::size_t{1});
    m_peer->unavailable = 1; // the ServerApp is still sending
    const auto train = m_peer->ask(0, fedAvgQuestion("train", m_peer->store(toyModel(4, 8)), 3));
    QTRY_VERIFY_WITH_TIMEOUT(m_peer->answerTo(train), 10000);
    const auto update = m_peer->answerTo(train);
    QVERIFY(update->error.empty());
    QCOMPARE(update->metadata.replyTo, train);
    QCOMPARE(*federation::decodeArrays(update->arrays, m_peer->spool()), toyModel(4.0F / 2 + 1, 8.0F / 2 - 2));
    QCOMPARE(std::get<std::int64_t>(*update->metric("num-examples")), std::int64_t{30});
    QCOMPARE(std::get<double>(*update->metric("loss")), 0.25);
    QCOMPARE(update->metrics.size(), std::size_t{2});

    const auto evaluate = m_peer->ask(0, fedAvgQuestion("evaluate", m_peer->store(toyModel(0.5, 1)), 3));
    QTRY_VERIFY_WITH_TIMEOUT(m_peer->answerTo(evaluate), 10000);
    const auto metrics = m_peer->answerTo(evaluate);
    QVERIFY(metrics->arrays.empty());
    QCOMPARE(std::get<std::int64_t>(*metrics->metric("num-examples")), std::int64_t{2});
    QCOMPARE(std::get<double>(*metrics->metric("dice")), 0.5);
    QVERIFY2(std::isnan(std::get<double>(*metrics->metric("dice:lesion"))), "named, though not measured");

    const auto query = m_peer->ask(0, fedAvgQuestion("query", {}, 3));
    QTRY_VERIFY_WITH_TIMEOUT(m_peer->answerTo(query), 10000);
    QVERIFY(m_peer->answerTo(query)->error.find("'query'") != std::string::npos);
    QCOMPARE(m_peer->confirmed.load(), 3);
    QVERIFY2(m_peer->faults.empty(), m_peer->faults.empty() ? "" : m_peer->faults[0].c_str());
    QCOMPARE(readSafetensors(folder("node") / "models" / "local.safetensors")->tensors, toyModel(3, 2).tensors);
    QCOMPARE(readSafetensors(folder("node") / "models" / "global.safetensors")->tensors, toyModel(0.5, 1).tensors);

    m_peer->ended = true;
    QTRY_VERIFY_WITH_TIMEOUT(node.ended, 15000);
    QVERIFY(node.result);
    QCOMPARE(m_peer->goodbyes.load(), 1);
}

void tst_SuperLink::aBrokenUploadGoesOnAtTheMissingObjects()
{
    ToyTrainer trainer(30, 1, -2);
    ToyNode node(options(), trainer);
    QTRY_COMPARE(m_peer->nodes(), std::size_t{1});
    m_peer->lineBreaks = 2;
    const auto train = m_peer->ask(0, fedAvgQuestion("train", m_peer->store(toyModel(4, 8)), 1));
    QTRY_VERIFY_WITH_TIMEOUT(m_peer->answerTo(train), 10000);
    node.stop();
    // Message, RecordDict, ArrayRecord, Array, ArrayChunk, MetricRecord
    QCOMPARE(m_peer->pushed.size(), std::size_t{6});
    for (const auto &[id, times] : m_peer->pushed)
        QCOMPARE(times, 1);
    QVERIFY(m_peer->faults.empty());
}

void tst_SuperLink::aNodeThatWasCutOffGoesOn()
{
    ToyTrainer trainer(30, 1, -2);
    ToyNode node(options(), trainer);
    QTRY_COMPARE(m_peer->nodes(), std::size_t{1});
    m_peer->pullBreaks = 2; // for the SuperLink the node is online all the while
    QTRY_COMPARE_WITH_TIMEOUT(m_peer->pullBreaks.load(), 0, 10000);
    const auto train = m_peer->ask(0, fedAvgQuestion("train", m_peer->store(toyModel(4, 8)), 1));
    QTRY_VERIFY_WITH_TIMEOUT(m_peer->answerTo(train), 10000);
    QVERIFY(!node.ended);
}

void tst_SuperLink::workThatWasBegunIsFinishedAfterARestart()
{
    ToyTrainer trainer(30, 1, -2);
    trainer.hold = true;
    std::string train;
    {
        ToyNode node(options(), trainer);
        QTRY_COMPARE(m_peer->nodes(), std::size_t{1});
        train = m_peer->ask(0, fedAvgQuestion("train", m_peer->store(toyModel(4, 8)), 1));
        QTRY_COMPARE_WITH_TIMEOUT(trainer.fits.load(), 1, 10000);
        QCOMPARE(node.stop().error().code, ErrorCode::Cancelled);
    }
    QCOMPARE(m_peer->goodbyes.load(), 0); // it would have made the SuperLink give up on the answer
    const int pulled = m_peer->pulled;
    trainer.hold = false;
    ToyNode node(options(), trainer);
    QTRY_VERIFY_WITH_TIMEOUT(m_peer->answerTo(train), 10000);
    QCOMPARE(m_peer->nodes(), std::size_t{1}); // the same key
    QCOMPARE(m_peer->pulled.load(), pulled);   // what was fetched once is not fetched again
    QVERIFY(m_peer->faults.empty());
}

void tst_SuperLink::aFinishedUpdateIsNotTrainedTwice()
{
    ToyTrainer trainer(30, 1, -2);
    m_peer->pushesBreak = true;
    std::string train;
    {
        ToyNode node(options(), trainer);
        QTRY_COMPARE(m_peer->nodes(), std::size_t{1});
        train = m_peer->ask(0, fedAvgQuestion("train", m_peer->store(toyModel(4, 8)), 1));
        QTRY_VERIFY_WITH_TIMEOUT(std::filesystem::exists(folder("node") / "models" / "local.safetensors"), 10000);
        QTest::qWait(300);
        QCOMPARE(node.stop().error().code, ErrorCode::Cancelled);
    }
    m_peer->pushesBreak = false;
    ToyNode node(options(), trainer);
    QTRY_VERIFY_WITH_TIMEOUT(m_peer->answerTo(train), 10000);
    QCOMPARE(trainer.fits.load(), 1);
}

void tst_SuperLink::anotherModelIsAnsweredWithItsFault()
{
    ToyTrainer trainer(30, 1, -2);
    ToyNode node(options(), trainer);
    QTRY_COMPARE(m_peer->nodes(), std::size_t{1});
    const std::array<float, 2> values{1, 2};
    const ModelState other{{Tensor::fromFloats("head.weight", {2}, values)}, {}};
    const auto train = m_peer->ask(0, fedAvgQuestion("train", m_peer->store(other), 1));
    QTRY_VERIFY_WITH_TIMEOUT(m_peer->answerTo(train), 10000);
    const auto words = m_peer->answerTo(train)->error;
    QVERIFY2(words.find("'head.weight'") != std::string::npos && words.find('\n') == std::string::npos, words.c_str());
    const auto bare = m_peer->ask(0, fedAvgQuestion("evaluate", {}, 1));
    QTRY_VERIFY_WITH_TIMEOUT(m_peer->answerTo(bare), 10000);
    QVERIFY(m_peer->answerTo(bare)->error.find("no model") != std::string::npos);
    QCOMPARE(trainer.fits.load(), 0);
}

void tst_SuperLink::aSuperLinkThatForgotTheNodeIsToldAgain()
{
    ToyTrainer trainer(30, 1, -2);
    ToyNode node(options(), trainer);
    QTRY_COMPARE(m_peer->nodes(), std::size_t{1});
    const auto before = m_peer->nodeId(0);
    m_peer->forgetNodes();
    QTRY_COMPARE_WITH_TIMEOUT(m_peer->nodes(), std::size_t{1}, 10000);
    QVERIFY(m_peer->nodeId(0) != before);
    const auto train = m_peer->ask(0, fedAvgQuestion("train", m_peer->store(toyModel(4, 8)), 1));
    QTRY_VERIFY_WITH_TIMEOUT(m_peer->answerTo(train), 10000);
}

void tst_SuperLink::aKeyThatIsNotRegisteredIsNamed()
{
    ToyTrainer trainer(30, 1, -2);
    m_peer->registersItself = false;
    const auto refused = federation::participateInSuperLink(options(), trainer);
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::Refused);
    const auto line = refused.error().line();
    QVERIFY2(line.find(federation::publicNodeKey(folder("node")).string()) != std::string::npos, line.c_str());
    QVERIFY(std::filesystem::exists(federation::publicNodeKey(folder("node"))));
}

void tst_SuperLink::anUntrustedSuperLinkIsRefused()
{
    ToyTrainer trainer(30, 1, -2);
    const ScriptedSuperLink other(folder("other"));
    auto wrong = options();
    wrong.authority = other.authorityFile;
    auto ended = federation::participateInSuperLink(wrong, trainer);
    QVERIFY(!ended);
    QCOMPARE(ended.error().code, ErrorCode::Refused);
    wrong.authority = folder("nowhere.pem");
    QCOMPARE(federation::participateInSuperLink(wrong, trainer).error().code, ErrorCode::NotFound);
    QVERIFY(writeFileAtomically(wrong.authority, "not a certificate"));
    QCOMPARE(federation::participateInSuperLink(wrong, trainer).error().code, ErrorCode::Malformed);
    wrong = options();
    wrong.endpoint = "localhost";
    QCOMPARE(federation::participateInSuperLink(wrong, trainer).error().code, ErrorCode::Invalid);
}

QTEST_GUILESS_MAIN(tst_SuperLink)
#include "tst_superlink.moc"
