// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/ledger.h"
#include "support/made_rounds.h"
#include "support/outside_tool.h"

#include "core/hash.h"

#include <QTemporaryDir>
#include <QTest>

using namespace consilium;
using namespace consilium::test;

class tst_Receipt : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void saysWhatWentInAndWhatCameOut();
    void writtenTwiceItStands();
    void anUnfinishedRoundsReceiptIsReplaced();
    void aClosedRoundsReceiptIsNotReplaced();
    void aReceiptThatIsHeldIsNotReplaced();
    void withoutTheModelThereIsNone();
    void theStudyEndsWithItsSealOrNotAtAll();
    void opensslAndPythonCheckTheChain();

private:
    std::filesystem::path folder() const { return m_folder->path().toStdString() + "/study"; }
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<MadeRounds> m_study;
};

void tst_Receipt::init()
{
    m_study.reset();
    m_folder = std::make_unique<QTemporaryDir>();
    m_study = std::make_unique<MadeRounds>(folder());
}

void tst_Receipt::saysWhatWentInAndWhatCameOut()
{
    for (int round = 1; round <= 2; ++round) {
        m_study->combine(round, MadeRounds::mean(round));
        m_study->close(round);
    }
    const auto json = readJson(m_study->paths().receipt(2));
    QVERIFY2(json, json ? "" : json.error().line().c_str());
    const auto receipt = federation::Receipt::fromJson(*json);
    QVERIFY2(receipt, receipt ? "" : receipt.error().line().c_str());
    QCOMPARE(receipt->study, m_study->store().manifest().id);
    QCOMPARE(receipt->round, 2);
    QCOMPARE(receipt->planHash, m_study->store().manifest().plan.hash());
    QCOMPARE(receipt->strategy.at("kind").get<std::string>(), std::string("fedavg"));
    QCOMPARE(receipt->modelBefore, sha256Hex(*readFile(m_study->paths().model(1))));
    QCOMPARE(receipt->modelAfter, sha256Hex(*readFile(m_study->paths().model(2))));
    QCOMPARE(receipt->memory, std::string());
    QVERIFY(json->at("memory").is_null());
    QCOMPARE(receipt->sites.size(), std::size_t{3});
    const auto &south = receipt->sites[1];
    QVERIFY(south.counted);
    QCOMPARE(south.site, std::string("south"));
    QCOMPARE(south.samples, 30);
    QCOMPARE(south.steps, 3);
    QCOMPARE(south.weight, 0.75);
    QCOMPARE(south.norm, 1.5);
    QCOMPARE(south.baseRound, 1);
    QCOMPARE(south.update, *federation::encodeArrays(MadeRounds::south(2), federation::Spool(folder() / "elsewhere")));
    QVERIFY(!receipt->sites[2].counted);
    QCOMPARE(receipt->sites[2].reason, std::string("connection lost while training"));
    const auto first = m_study->store().receipt(1);
    QCOMPARE(receipt->previous, sha256Hex((*first)->content));
    QCOMPARE(federation::Receipt::fromJson(*parseJson((*first)->content))->previous,
             sha256Hex(m_study->store().manifest().id));
}

void tst_Receipt::writtenTwiceItStands()
{
    m_study->combine(1, MadeRounds::mean(1));
    const auto draft = federation::draftReceipt(m_study->store(), 1);
    QVERIFY(federation::writeReceipt(m_study->store(), *draft));
    const auto row = **m_study->store().receipt(1);
    const auto file = *readFile(m_study->paths().receipt(1));
    const auto head = m_study->store().auditHead()->sequence;
    // A kill after study.db was written and before the file was.
    std::filesystem::remove(m_study->paths().receipt(1));
    QVERIFY(federation::writeReceipt(m_study->store(), *federation::draftReceipt(m_study->store(), 1)));
    QCOMPARE((*m_study->store().receipt(1))->content, row.content);
    QCOMPARE((*m_study->store().receipt(1))->signature, row.signature);
    QCOMPARE(*readFile(m_study->paths().receipt(1)), file);
    QCOMPARE(m_study->store().auditHead()->sequence, head);
    // Also when the round is closed.
    QVERIFY(m_study->store().setRound(1, RoundState::Closed));
    QVERIFY(federation::writeReceipt(m_study->store(), *draft));
    QCOMPARE((*m_study->store().receipt(1))->content, row.content);
}

void tst_Receipt::anUnfinishedRoundsReceiptIsReplaced()
{
    m_study->combine(1, MadeRounds::mean(1));
    QVERIFY(federation::writeReceipt(m_study->store(), *federation::draftReceipt(m_study->store(), 1)));
    const auto before = (*m_study->store().receipt(1))->content;
    QVERIFY(m_study->store().setSiteRound(1, "west", SiteState::NotCounted, 1, "no progress for 600 s"));
    QVERIFY(federation::writeReceipt(m_study->store(), *federation::draftReceipt(m_study->store(), 1)));
    const auto after = (*m_study->store().receipt(1))->content;
    QVERIFY(after.find("no progress for 600 s") != std::string::npos);
    QCOMPARE(federation::Receipt::fromJson(*parseJson(after))->previous, sha256Hex(m_study->store().manifest().id));
    auto ledger = storage::Ledger::open(folder());
    std::vector<std::string> receipts;
    QVERIFY(ledger->eachLink([&](const storage::AuditLink &link) {
        if (link.event == "receipt")
            receipts.push_back(link.details);
        return true;
    }));
    QCOMPARE(receipts.size(), std::size_t{2});
    QCOMPARE(Json::parse(receipts[1]).at("replaced").get<std::string>(), sha256Hex(before));
    QCOMPARE(Json::parse(receipts[1]).at("receipt").get<std::string>(), sha256Hex(after));
}

void tst_Receipt::aClosedRoundsReceiptIsNotReplaced()
{
    m_study->combine(1, MadeRounds::mean(1));
    m_study->close(1);
    const auto before = (*m_study->store().receipt(1))->content;
    auto other = *federation::draftReceipt(m_study->store(), 1);
    other.sites[0].samples = 11;
    const auto refused = federation::writeReceipt(m_study->store(), other);
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::Refused);
    QCOMPARE((*m_study->store().receipt(1))->content, before);
}

void tst_Receipt::aReceiptThatIsHeldIsNotReplaced()
{
    for (int round = 1; round <= 2; ++round) {
        m_study->combine(round, MadeRounds::mean(round));
        QVERIFY(federation::writeReceipt(m_study->store(), *federation::draftReceipt(m_study->store(), round)));
    }
    auto other = *federation::draftReceipt(m_study->store(), 1);
    other.sites[0].samples = 11;
    QCOMPARE(federation::writeReceipt(m_study->store(), other).error().code, ErrorCode::Refused);
}

void tst_Receipt::withoutTheModelThereIsNone()
{
    m_study->combine(1, MadeRounds::mean(1));
    std::filesystem::remove(m_study->paths().model(1));
    const auto refused = federation::draftReceipt(m_study->store(), 1);
    QVERIFY(!refused);
    QVERIFY(refused.error().line().find("round-0001.safetensors") != std::string::npos);
}

void tst_Receipt::theStudyEndsWithItsSealOrNotAtAll()
{
    auto &store = m_study->store();
    const auto key = federation::StudyKeys{m_study->paths().keys()}.authorityKey();
    std::filesystem::rename(key, folder() / "elsewhere.pem");
    QVERIFY(!federation::finishStudy(store));
    QCOMPARE(*store.value("state"), std::string("running"));
    std::filesystem::rename(folder() / "elsewhere.pem", key);
    QVERIFY(federation::finishStudy(store));
    QCOMPARE(*store.value("state"), std::string("finished"));
    const auto seal = *store.value("auditSeal");
    const auto json = Json::parse(seal);
    QCOMPARE(json.at("hash").get<std::string>(), store.auditHead()->hash);
    const auto text = fmt::format(R"({{"hash":"{}","sequence":{},"study":"{}"}})", store.auditHead()->hash,
                                  store.auditHead()->sequence, store.manifest().id);
    QVERIFY(security::verify(store.manifest().coordinatorKey, text,
                             *security::fromBase64(json.at("signature").get<std::string>())));
    QVERIFY(federation::finishStudy(store));
    QCOMPARE(*store.value("auditSeal"), seal);
}

void tst_Receipt::opensslAndPythonCheckTheChain()
{
    const auto python = pythonWith("sqlite3");
    const auto openssl = QStandardPaths::findExecutable("openssl");
    if (python.isEmpty() || openssl.isEmpty())
        QSKIP("python3 with sqlite3 and openssl are not here");
    m_study->runAll();
    // From the files alone: each receipt without its signature, in the canonical form, and that signature as bytes.
    constexpr auto script = R"py(
import base64, glob, hashlib, json, os, sys
study, out = sys.argv[1:]
manifest = json.load(open(study + "/study.json"))
open(out + "/key.pem", "w").write(manifest["coordinatorKey"])
previous = hashlib.sha256(manifest["id"].encode()).hexdigest()
model = hashlib.sha256(open(study + "/models/round-0000.safetensors", "rb").read()).hexdigest()
def canonical(value):  # RFC 8785 prints whole numbers without a point
    if isinstance(value, dict): return {k: canonical(v) for k, v in value.items()}
    if isinstance(value, list): return [canonical(v) for v in value]
    return int(value) if isinstance(value, float) and value.is_integer() else value
for i, file in enumerate(sorted(glob.glob(study + "/receipts/*.json"))):
    receipt = json.load(open(file))
    open(f"{out}/{i}.sig", "wb").write(base64.b64decode(receipt.pop("signature")))
    text = json.dumps(canonical(receipt), sort_keys=True, separators=(",", ":"), ensure_ascii=False).encode()
    text = text.replace(b"1e-06", b"0.000001")  # ECMAScript has no exponent there
    open(f"{out}/{i}.json", "wb").write(text)
    assert receipt["previous"] == previous and receipt["model"]["before"] == model, file
    previous = hashlib.sha256(text).hexdigest()
    name = os.path.basename(file).replace(".json", ".safetensors")
    model = hashlib.sha256(open(study + "/models/" + name, "rb").read()).hexdigest()
    assert receipt["model"]["after"] == model, file
print(i + 1)
)py";
    const QTemporaryDir out;
    const auto walked = runTool(python, {"-c", script, QString::fromStdString(folder().string()), out.path()});
    QVERIFY2(walked.exitCode == 0, walked.errors.constData());
    QCOMPARE(walked.output.trimmed(), QByteArray("3"));
    for (int i = 0; i < 3; ++i) {
        const auto checked =
            runTool(openssl, {"dgst", "-sha256", "-verify", out.filePath("key.pem"), "-signature",
                              out.filePath(QString("%1.sig").arg(i)), out.filePath(QString("%1.json").arg(i))});
        QVERIFY2(checked.exitCode == 0, (checked.output + checked.errors).constData());
    }
}

QTEST_GUILESS_MAIN(tst_Receipt)
#include "tst_receipt.moc"
