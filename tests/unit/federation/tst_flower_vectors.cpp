// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/message_codec.h"
#include "federation/node_auth.h"
#include "federation/node_key.h"
#include "flower_vectors.h"

#include <QTemporaryDir>
#include <QTest>
#include <cstring>

using namespace consilium;
using namespace consilium::federation;
using namespace consilium::test;

/// Objects and keys that Flower's own Python made (flower_vectors.py, kept beside this file, wrote flower_vectors.h):
/// what it sends is read here, and equal values become the very same bytes and ids.
class tst_FlowerVectors : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void itsMessagesAreRead();
    void equalMessagesHaveItsBytes();
    void largeArraysHaveItsIds();
    void keysAndSignaturesAreItsOwn();

private:
    Spool spool(const char *name) { return Spool(m_folder.filePath(name).toStdString()); }
    QTemporaryDir m_folder;
};

namespace {

template <typename Number>
Tensor tensor(std::string name, DType type, std::vector<std::int64_t> shape, const std::vector<Number> &values)
{
    Tensor out{{std::move(name), type, std::move(shape)}, std::vector<std::byte>(values.size() * sizeof(Number))};
    std::memcpy(out.values.data(), values.data(), out.values.size());
    return out;
}

/// The values of flower_vectors.py.
ModelState example()
{
    std::vector<float> weights;
    for (int i = 0; i < 24; ++i)
        weights.push_back(static_cast<float>(i) / 8 - 1);
    const std::vector<float> two{0.5F, -0.25F};
    return {{tensor("encoder.0.weight", DType::F32, {2, 3, 2, 2}, weights),
             tensor("encoder.0.bias", DType::F32, {2}, two), tensor("encoder.1.running_var", DType::F32, {2}, two),
             tensor<std::int64_t>("steps", DType::I64, {}, {3}),
             tensor<std::uint8_t>("Gr\xc3\xb6\xc3\x9f"
                                  "e",
                                  DType::Bool, {1, 2}, {1, 0}),
             // IEEE 754 binary16: sign, 5 bits of exponent + 15, 10 of fraction
             tensor<std::uint16_t>("half", DType::F16, {3}, {0x3e00, 0x4100, 0xb800}),
             tensor<double>("double", DType::F64, {1}, {0.1}), tensor<std::uint8_t>("bytes", DType::U8, {2}, {0, 255})},
            {}};
}

constexpr std::uint64_t node = (std::uint64_t{1} << 63) + 9;

MessageMetadata metadata(const std::string &type, const std::string &replyTo)
{
    MessageMetadata out;
    out.runId = std::uint64_t(-3);
    out.source = replyTo.empty() ? 1 : node;
    out.destination = replyTo.empty() ? node : 1;
    out.replyTo = replyTo;
    out.type = type;
    out.ttl = 43200;
    out.created = 1764244800.125;
    return out;
}

void compareBytes(const std::vector<GoldenObject> &golden, const Spool &spool)
{
    for (const auto &object : golden) {
        const auto bytes = spool.get(object.id);
        QVERIFY2(bytes, object.id.c_str());
        QCOMPARE(QByteArray::fromStdString(*bytes), QByteArray::fromBase64(QByteArray::fromStdString(object.base64)));
    }
}

} // namespace

void tst_FlowerVectors::itsMessagesAreRead()
{
    const auto received = spool("received");
    for (const auto *golden : {&goldenTrain, &goldenReply, &goldenRefusal}) {
        for (const auto &object : *golden)
            QVERIFY(received.put(object.id, *security::fromBase64(object.base64)));
    }
    const auto train = decodeMessage(goldenTrain.back().id, received);
    QVERIFY2(train, train ? "" : train.error().message.c_str());
    QCOMPARE(train->metadata.runId, std::uint64_t{18446744073709551613U});
    QCOMPARE(train->metadata.destination, node);
    QCOMPARE(train->metadata.type, std::string("train"));
    QCOMPARE(train->metadata.created, 1764244800.125);
    QCOMPARE(train->number("server-round"), std::int64_t{2});
    QCOMPARE(train->text("split"), std::string("validation"));
    const auto model = decodeArrays(train->arrays, received);
    QVERIFY2(model, model ? "" : model.error().message.c_str());
    QVERIFY(*model == example());

    const auto reply = decodeMessage(goldenReply.back().id, received);
    QVERIFY(reply);
    QCOMPARE(reply->metadata.replyTo, goldenTrain.back().id);
    QCOMPARE(std::get<std::int64_t>(*reply->metric("num-examples")), std::int64_t{72});
    QCOMPARE(std::get<double>(*reply->metric("loss")), 0.25);
    QCOMPARE(decodeMessage(goldenRefusal.back().id, received)->error, std::string("This site has no test case"));
}

void tst_FlowerVectors::equalMessagesHaveItsBytes()
{
    const auto made = spool("made");
    const auto arrays = encodeArrays(example(), made);
    QVERIFY(arrays);
    Message train;
    train.metadata = metadata("train", {});
    train.arrays = *arrays;
    train.config = {
        {"lr", 0.1}, {"server-round", std::int64_t{2}}, {"final", false}, {"split", std::string("validation")}};
    QCOMPARE(*encodeMessage(train, made), goldenTrain.back().id);
    Message reply;
    reply.metadata = metadata("train", goldenTrain.back().id);
    reply.arrays = *arrays;
    reply.metrics = {{"num-examples", std::int64_t{72}}, {"loss", 0.25}};
    QCOMPARE(*encodeMessage(reply, made), goldenReply.back().id);
    Message refusal;
    refusal.metadata = metadata("evaluate", goldenTrain.back().id);
    refusal.error = "This site has no test case";
    QCOMPARE(*encodeMessage(refusal, made), goldenRefusal.back().id);
    compareBytes(goldenTrain, made);
    compareBytes(goldenReply, made);
    compareBytes(goldenRefusal, made);
}

void tst_FlowerVectors::largeArraysHaveItsIds()
{
    std::vector<float> rising(1'500'000);
    for (std::size_t i = 0; i < rising.size(); ++i)
        rising[i] = static_cast<float>(i);
    const auto made = spool("large");
    for (const auto &[array, id] :
         {std::pair{tensor("w", DType::F32, {1'500'000}, rising), goldenLargeArray},
          {tensor("w", DType::F32, {2, 2'000'000}, std::vector<float>(4'000'000)), goldenZeroArray}}) {
        const auto record = encodeArrays(ModelState{{array}, {}}, made);
        QVERIFY(record);
        QCOMPARE(made.object(*record)->children, std::vector<std::string>{id});
    }
}

void tst_FlowerVectors::keysAndSignaturesAreItsOwn()
{
    const auto pem = *security::fromBase64(goldenPublicKey);
    QCOMPARE(*security::normalisedPublicPem(pem), pem);
    QCOMPARE(*openSshPublicKey(pem), std::string(goldenSshKey));
    const AuthHeaders headers{pem, goldenTimestamp, *security::fromBase64(goldenSignature)};
    const auto sent = *fromIso("2026-11-27T12:00:00.250+00:00");
    QVERIFY(checkHeaders(headers, sent));
    AuthHeaders later = headers;
    later.timestamp = "2026-11-27T12:00:01.250000+00:00";
    QCOMPARE(checkHeaders(later, sent).error().code, ErrorCode::Refused);

    // A key of our own is kept, and in both spellings it is the same point: the last 97 bytes of either.
    const auto folder = std::filesystem::path(m_folder.filePath("node").toStdString());
    const auto key = openNodeKey(folder);
    QVERIFY2(key, key ? "" : key.error().message.c_str());
    QCOMPARE(openNodeKey(folder)->publicPem(), key->publicPem());
    QFile file(QString::fromStdString(publicNodeKey(folder).string()));
    QVERIFY(file.open(QIODevice::ReadOnly));
    const auto ssh = QByteArray::fromBase64(file.readAll().trimmed().split(' ').at(1));
    const auto lines = QByteArray::fromStdString(key->publicPem()).split('\n');
    const auto der = QByteArray::fromBase64(lines.mid(1, lines.size() - 3).join());
    QCOMPARE(ssh.right(97), der.right(97));
    QVERIFY(!(QFile::permissions(m_folder.filePath("node/node-key.pem")) & (QFile::ReadGroup | QFile::ReadOther)));
}

QTEST_GUILESS_MAIN(tst_FlowerVectors)
#include "tst_flower_vectors.moc"
