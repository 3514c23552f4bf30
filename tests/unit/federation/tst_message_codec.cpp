// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/safetensors.h"
#include "federation/message_codec.h"
#include "federation/spool_arrays.h"

#include <QTemporaryDir>
#include <QTest>
#include <cstring>

using namespace consilium;
using namespace consilium::federation;

/// The vectors here follow from the protocol's description by hand and SHA-256: header `Type children length`, NUL,
/// body; the JSON bodies in the spelling of Python's json module; records as their protobuf text says. The ids were
/// also computed by another implementation of the protocol (1.30) over the same values.
class tst_MessageCodec : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void arraysHaveTheProtocolsIds();
    void messagesHaveTheProtocolsIds();
    void modelsRoundTrip();
    void arraysAreReadWhereTheyLie();
    void objectsAreToldAsTheyAreStored();
    void largeTensorsTravelInChunks();
    void equalChunksAreStoredOnce();
    void errorsTravel();
    void missingPartsAreNotAModel();
    void liesAreNoticed();

private:
    Spool spool(const char *name) { return Spool(m_folder.filePath(name).toStdString()); }
    QTemporaryDir m_folder;
};

namespace {

Tensor steps(std::int64_t value)
{
    Tensor tensor{{"steps", DType::I64, {}}, std::vector<std::byte>(8)};
    std::memcpy(tensor.values.data(), &value, 8);
    return tensor;
}

ModelState example()
{
    const std::vector<float> values{0, 1, 2, 3, 4, 5};
    return {{Tensor::fromFloats("w", {2, 3}, values), steps(3)}, {}};
}

constexpr auto chunkId = "216023e51b2cdead91025b03a1b47a9d124cd44230f0da6476bda0b223d40aed";
constexpr auto arrayId = "d0a7925020115f6db7d9c8a4f51c363476703b1239258b9d069a8a949954e97a";
const QByteArray arrayBody =
    R"({"dtype": "float32", "shape": [2, 3], "stype": "numpy.ndarray", "arraychunk_ids": [0]})";

// run_id 5, src 1, dst 77, group "1", ttl 3600.0, type "train", created 1700000000.25: fields 1, 3, 4, 6, 7, 8, 9.
const QByteArray messageBody = QByteArray::fromHex("0a22"
                                                   "0805"
                                                   "1801"
                                                   "204d"
                                                   "320131"
                                                   "39000000000020ac40"
                                                   "42057472"
                                                   "61696e"
                                                   "4900001040fc54d941");
// MetricRecord: items of key (1) and value (2); double is field 1 of a value, sint64 field 2 in zigzag.
const QByteArray metricsBody = QByteArray::fromHex("0a11"
                                                   "0a046c6f7373"
                                                   "1209"
                                                   "09000000000000e03f"
                                                   "0a12"
                                                   "0a0c6e756d2d6578616d706c6573"
                                                   "1202"
                                                   "1018");
// ConfigRecord: as above, bool is field 4, string field 5.
const QByteArray configBody = QByteArray::fromHex("0a0f"
                                                  "0a026c72"
                                                  "1209"
                                                  "099a9999999999b93f"
                                                  "0a0b"
                                                  "0a05726f756e64"
                                                  "1202"
                                                  "1006"
                                                  "0a0b"
                                                  "0a046e616d65"
                                                  "1203"
                                                  "2a0178"
                                                  "0a08"
                                                  "0a026f6e"
                                                  "1202"
                                                  "2001");

constexpr auto recordId = "0ac586fbf0d9659e468fcaab4257a5aa4bcb0713915dd418ae73b38b0904a5b8";

} // namespace

void tst_MessageCodec::arraysHaveTheProtocolsIds()
{
    const auto here = spool("ids");
    QCOMPARE(*encodeArrays(example(), here), std::string(recordId));
    QVERIFY(here.has(chunkId));
    const auto array = here.object(arrayId);
    QVERIFY(array);
    QCOMPARE(array->children, std::vector<std::string>{chunkId});
    QCOMPARE(QByteArray::fromStdString(array->body), arrayBody);
}

void tst_MessageCodec::messagesHaveTheProtocolsIds()
{
    const auto here = spool("message");
    Message message;
    message.metadata = {5, 1, 77, {}, "1", "train", 3600.0, 1700000000.25};
    message.arrays = *encodeArrays(example(), here);
    message.metrics = {{"loss", 0.5}, {"num-examples", std::int64_t{12}}};
    message.config = {{"lr", 0.1}, {"round", std::int64_t{3}}, {"name", std::string("x")}, {"on", true}};
    const auto id = encodeMessage(message, here);
    QVERIFY(id);
    const auto object = here.object(*id);
    QCOMPARE(QByteArray::fromStdString(object->body), messageBody);
    const auto records = here.object(object->children.at(0));
    QCOMPARE(records->type, std::string("RecordDict"));
    QCOMPARE(records->children.at(0), std::string(recordId));
    QCOMPARE(QByteArray::fromStdString(here.object(records->children.at(1))->body), metricsBody);
    QCOMPARE(QByteArray::fromStdString(here.object(records->children.at(2))->body), configBody);

    const auto again = decodeMessage(*id, here);
    QVERIFY(again);
    QCOMPARE(again->metadata.destination, std::uint64_t{77});
    QCOMPARE(again->arrays, message.arrays);
    QVERIFY(again->metrics == message.metrics);
    QVERIFY(again->config == message.config);
    QCOMPARE(again->number("round"), std::int64_t{3});
    QCOMPARE(again->text("name"), std::string("x"));
}

void tst_MessageCodec::modelsRoundTrip()
{
    const auto here = spool("round-trip");
    const auto file = std::filesystem::path(m_folder.path().toStdString()) / "model.safetensors";
    QVERIFY(writeSafetensors(file, example()));
    const auto fromFile = encodeArrays(file, here);
    QCOMPARE(*fromFile, std::string(recordId));
    const auto inMemory = decodeArrays(*fromFile, here);
    QVERIFY(inMemory);
    QVERIFY(inMemory->tensors == example().tensors);
}

void tst_MessageCodec::arraysAreReadWhereTheyLie()
{
    const auto here = spool("pieces");
    std::vector<float> values(3 * chunkSize / 4 + 5);
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = static_cast<float>(i % 1'000'003);
    std::vector<float> zeros(2 * chunkSize / 4, 0.0F); // two of its chunks are one object
    ModelState model = example();
    model.tensors.push_back(Tensor::fromFloats("v", {static_cast<std::int64_t>(values.size())}, values));
    model.tensors.push_back(Tensor::fromFloats("z", {static_cast<std::int64_t>(zeros.size())}, zeros));
    const auto arrays = SpoolArrays::open(*encodeArrays(model, here), here);
    QVERIFY(arrays);
    const auto &reader = **arrays;
    QCOMPARE(reader.tensors().size(), model.tensors.size());
    std::vector<std::byte> scratch;
    for (std::size_t t = 0; t < model.tensors.size(); ++t) {
        const auto &tensor = model.tensors[t];
        QVERIFY(reader.tensors()[t] == tensor.info);
        const auto width = byteSize(tensor.info.dtype);
        const auto elements = static_cast<std::size_t>(tensor.info.elements());
        // Pieces that end at, before and after the ends of chunks.
        for (const std::size_t step : {elements, std::size_t{1'310'688}, std::size_t{1'000'001}}) {
            if (step == 0 || (step > elements && step != elements))
                continue;
            for (std::size_t begin = 0; begin < elements; begin += step) {
                const auto count = std::min(step, elements - begin);
                const auto piece = reader.read(t, begin, count, scratch);
                QVERIFY(piece);
                QCOMPARE(piece->size(), count * width);
                QVERIFY(std::equal(piece->begin(), piece->end(),
                                   tensor.values.begin() + static_cast<std::ptrdiff_t>(begin * width)));
                reader.release(t, begin, count);
            }
        }
    }
}

void tst_MessageCodec::objectsAreToldAsTheyAreStored()
{
    const auto here = spool("told");
    std::vector<std::string> told;
    const auto id = *encodeArrays(example(), here, [&](const std::string &stored) {
        QVERIFY(here.has(stored));
        told.push_back(stored);
    });
    QCOMPARE(told.back(), id);
    QCOMPARE((std::set<std::string>(told.begin(), told.end())), *here.reachable(id));
}

void tst_MessageCodec::largeTensorsTravelInChunks()
{
    const auto here = spool("large");
    std::vector<float> values(3'000'000);
    for (std::size_t i = 0; i < values.size(); ++i)
        values[i] = static_cast<float>(i);
    const ModelState model{{Tensor::fromFloats("v", {3'000'000}, values)}, {}};
    const auto id = *encodeArrays(model, here);
    const auto array = here.object(here.object(id)->children.at(0));
    // The .npy file has 12,000,128 bytes: two whole chunks of 5 MiB and one of 1,514,368. Ids from another
    // implementation.
    QCOMPARE(array->children,
             (std::vector<std::string>{"8d1485679985bf4c6e038a8e7795767e07be0ad3a6b2b448f6a386b1fc200b9d",
                                       "c13773f1335be65fec1105ca14c27f071bdb7e2368f5df9493e31618c206834b",
                                       "f812d3b8e1edd433e517314a86647b9c9773909cb483c91d0a689385860ed536"}));
    QCOMPARE(here.object(array->children[2])->body.size(), std::size_t{1514368});
    QVERIFY(decodeArrays(id, here)->tensors == model.tensors);
}

void tst_MessageCodec::equalChunksAreStoredOnce()
{
    const auto here = spool("equal");
    // The header shifts the first chunk; the second and third of a constant tensor are the same bytes.
    const std::vector<float> zeros(3 * chunkSize / 4, 0.0F);
    const ModelState model{{Tensor::fromFloats("z", {static_cast<std::int64_t>(zeros.size())}, zeros)}, {}};
    const auto id = *encodeArrays(model, here);
    const auto array = here.object(here.object(id)->children.at(0));
    QCOMPARE(array->children.size(), std::size_t{3});
    QVERIFY(array->body.ends_with("[0, 1, 1, 2]}"));
    QVERIFY(decodeArrays(id, here)->tensors == model.tensors);
}

void tst_MessageCodec::errorsTravel()
{
    const auto here = spool("error");
    Message message;
    message.metadata.replyTo = std::string(64, 'a');
    message.error = "no data";
    const auto again = decodeMessage(*encodeMessage(message, here), here);
    QVERIFY(again);
    QCOMPARE(again->error, std::string("no data"));
    QCOMPARE(again->metadata.replyTo, message.metadata.replyTo);
}

void tst_MessageCodec::missingPartsAreNotAModel()
{
    const auto here = spool("missing");
    const auto id = *encodeArrays(example(), here);
    std::filesystem::remove(std::filesystem::path(m_folder.filePath("missing").toStdString()) / chunkId);
    QCOMPARE(decodeArrays(id, here).error().code, ErrorCode::NotFound);
}

void tst_MessageCodec::liesAreNoticed()
{
    const auto here = spool("lies");
    const auto id = *encodeArrays(example(), here);
    auto array = *here.object(arrayId);
    array.body = "{\"arraychunk_ids\": [7]}";
    const auto outside = *here.put(array);
    array.body = "{\"arraychunk_ids\": [0, 0]}";
    const auto twice = *here.put(array);
    for (const auto &lie : {outside, twice}) {
        const FleetObject record{"ArrayRecord", {lie}, "{\"w\": \"" + lie + "\"}"};
        QCOMPARE(decodeArrays(*here.put(record), here).error().code, ErrorCode::Malformed);
    }
    const FleetObject stranger{"ArrayRecord", {arrayId}, "{\"w\": \"" + std::string(64, 'e') + "\"}"};
    QCOMPARE(decodeArrays(*here.put(stranger), here).error().code, ErrorCode::Malformed);
    QCOMPARE(decodeMessage(id, here).error().code, ErrorCode::Malformed); // an ArrayRecord is no Message
}

QTEST_APPLESS_MAIN(tst_MessageCodec)
#include "tst_message_codec.moc"
