// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/update_residual.h"

#include "core/file.h"
#include "federation/update_codec.h"
#include "support/memory_update.h"

#include <QTemporaryDir>
#include <QTest>

using namespace consilium;
using namespace consilium::federation;
using namespace consilium::test;

class tst_UpdateResidual : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
    void startsWithNothing();
    void countsOnceTheReplyIsStored();
    void aRoundAskedForAgainStartsWhereItDid();
    void aKillBeforeTheReplyIsStoredAppliesNothingTwice();
    void keepingAgainChangesNothing();
    void aDamagedFileIsNamed();

private:
    UpdateResidual residual() const { return UpdateResidual(folder()); }
    std::filesystem::path folder() const { return m_folder->path().toStdString() + "/residual"; }
    static ModelState state(float value) { return {{Tensor::fromFloats("w", {1}, std::vector{value})}, {}}; }
    float before(int round) const { return residual().load(round)->find("w")->floats()[0]; }

    std::unique_ptr<QTemporaryDir> m_folder;
};

void tst_UpdateResidual::startsWithNothing()
{
    QVERIFY(residual().load(1));
    QVERIFY(residual().load(1)->tensors.empty());
    QVERIFY(residual().keep(1));
    // Encodings that lose nothing leave no files.
    QVERIFY(residual().propose(1, {}));
    QVERIFY(!std::filesystem::exists(folder()));
}

void tst_UpdateResidual::countsOnceTheReplyIsStored()
{
    QVERIFY(residual().propose(1, state(0.5F)));
    QVERIFY(residual().load(2)->tensors.empty());
    QVERIFY(residual().keep(1));
    QCOMPARE(before(2), 0.5F);
    QVERIFY(residual().propose(2, state(0.25F)));
    QCOMPARE(before(3), 0.5F);
    QVERIFY(residual().keep(2));
    QCOMPARE(before(3), 0.25F);
    QCOMPARE(before(10), 0.25F); // the site was away meanwhile
}

void tst_UpdateResidual::aRoundAskedForAgainStartsWhereItDid()
{
    for (int round = 1; round <= 12; ++round) {
        QVERIFY(residual().propose(round, state(static_cast<float>(round))));
        QVERIFY(residual().keep(round));
    }
    // Round 12 failed at the host: what its update carried of round 11's residual has arrived nowhere.
    QCOMPARE(before(12), 11.0F);
    QVERIFY(residual().propose(12, state(-12)));
    QVERIFY(residual().keep(12));
    QCOMPARE(before(12), 11.0F);
    QCOMPARE(before(13), -12.0F);
    int files = 0;
    for ([[maybe_unused]] const auto &entry : std::filesystem::directory_iterator(folder()))
        ++files;
    QCOMPARE(files, 2);
}

void tst_UpdateResidual::aKillBeforeTheReplyIsStoredAppliesNothingTwice()
{
    // Steps of (1, 0.25), of which one value a round is sent; a site that is killed after every other proposal, before
    // its reply is stored, and does the round again, sends what an undisturbed one sends.
    Plan::Updates how;
    how.content = "delta";
    how.encoding = "top-k";
    how.share = 0.5;
    const ModelState trained{{Tensor::fromFloats("w", {2}, std::vector{1.0F, 0.25F})}, {}};
    const ModelState base{{Tensor::fromFloats("w", {2}, std::vector{0.0F, 0.0F})}, {}};
    std::vector<float> sent(2);
    for (int round = 1; round <= 9; ++round) {
        for (int attempt = round % 2; attempt < 2; ++attempt) {
            const auto left = residual().load(round);
            QVERIFY(left);
            const auto update = encodeUpdate(trained, base, how, &*left);
            QVERIFY(update);
            QVERIFY(residual().propose(round, update->residual));
            if (attempt == 0)
                continue; // killed here
            QVERIFY(residual().keep(round));
            sent[static_cast<std::size_t>(valuesOf<std::int32_t>(update->state, "w#index")[0])] +=
                valuesOf<float>(update->state, "w#value")[0];
        }
    }
    const auto last = residual().load(10);
    const auto left = last->find("w")->floats();
    QCOMPARE(sent[0] + left[0], 9.0F);
    QCOMPARE(sent[1] + left[1], 2.25F);
}

void tst_UpdateResidual::keepingAgainChangesNothing()
{
    QVERIFY(residual().propose(3, state(1)));
    QVERIFY(residual().keep(3));
    QVERIFY(residual().propose(4, state(2)));
    QVERIFY(residual().keep(3)); // the reply of round 3 was found again after a restart
    QCOMPARE(before(5), 1.0F);
    QVERIFY(residual().keep(4));
    QCOMPARE(before(5), 2.0F);
}

void tst_UpdateResidual::aDamagedFileIsNamed()
{
    QVERIFY(residual().propose(1, state(1)));
    QVERIFY(residual().keep(1));
    const auto file = folder() / "round-0001.safetensors";
    const auto bytes = readFile(file);
    QVERIFY(writeFileAtomically(file, std::string_view(*bytes).substr(0, bytes->size() - 1)));
    const auto loaded = residual().load(2);
    QVERIFY(!loaded);
    QVERIFY(loaded.error().line().find(file.string()) != std::string::npos);
    QVERIFY(loaded.error().hint.find("Delete it") != std::string::npos);
}

QTEST_APPLESS_MAIN(tst_UpdateResidual)
#include "tst_update_residual.moc"
