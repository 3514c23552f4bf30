// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/file.h"
#include "core/safetensors.h"

#include <QTemporaryDir>
#include <QTest>
#include <cstring>

using namespace consilium;

namespace {

/// A file from the format's description: length (8 bytes, little endian), header, values.
std::string fileOf(const std::string &header, const std::string &values)
{
    std::string bytes(8, '\0');
    for (int i = 0; i < 8; ++i)
        bytes[i] = static_cast<char>((header.size() >> (8 * i)) & 0xff);
    return bytes + header + values;
}

} // namespace

class tst_Safetensors : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void readsAFileMadeByHand();
    void writesWhatTheFormatSays();
    void roundTripsToTheBit();
    void readsPieces();
    void refusesBrokenFiles_data();
    void refusesBrokenFiles();
    void refusesAHugeHeader();

private:
    std::filesystem::path path(const char *name) const
    {
        return std::filesystem::path(m_folder.path().toStdString()) / name;
    }
    QTemporaryDir m_folder;
};

void tst_Safetensors::readsAFileMadeByHand()
{
    // Two tensors, stored in another order than named: 1.5f, -2.0f and the bytes 7, 8, 9.
    const std::string values("\x07\x08\x09"
                             "\x00\x00\xc0\x3f\x00\x00\x00\xc0",
                             11);
    QVERIFY(writeFileAtomically(
        path("hand"),
        fileOf(
            R"({"__metadata__":{"format":"pt"},"w":{"dtype":"F32","shape":[2,1],"data_offsets":[3,11]},"n":{"dtype":"U8","shape":[3],"data_offsets":[0,3]}})",
            values)));
    const auto state = readSafetensors(path("hand"));
    QVERIFY2(state, state ? "" : state.error().message.c_str());
    QCOMPARE(state->metadata.at("format"), std::string("pt"));
    const auto *w = state->find("w");
    QVERIFY(w);
    QCOMPARE(w->info.shape, (std::vector<std::int64_t>{2, 1}));
    QCOMPARE(w->floats()[0], 1.5F);
    QCOMPARE(w->floats()[1], -2.0F);
    QCOMPARE(state->find("n")->values[2], std::byte{9});
}

void tst_Safetensors::writesWhatTheFormatSays()
{
    const float one = 1.0F;
    QVERIFY(writeSafetensors(path("written"), {{Tensor::fromFloats("a", {1}, std::span(&one, 1))}, {}}));
    const auto bytes = *readFile(path("written"));
    const std::string header = R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})";
    QCOMPARE(static_cast<std::size_t>(static_cast<unsigned char>(bytes[0])), (header.size() + 7) / 8 * 8);
    QCOMPARE(bytes.substr(8, header.size()), header);
    QCOMPARE(bytes.substr(bytes.size() - 4), std::string("\x00\x00\x80\x3f", 4));
}

void tst_Safetensors::roundTripsToTheBit()
{
    ModelState state;
    const std::vector<float> odd{0.0F,     -0.0F,  std::numeric_limits<float>::denorm_min(),
                                 3.14159F, -1e30F, std::numeric_limits<float>::quiet_NaN()};
    state.tensors.push_back(Tensor::fromFloats("layer.weight", {2, 3}, odd));
    Tensor counter{{"layer.steps", DType::I64, {}}, std::vector<std::byte>(8)};
    const std::int64_t steps = -123456789012345;
    std::memcpy(counter.values.data(), &steps, 8);
    state.tensors.push_back(counter);
    state.tensors.push_back({{"empty", DType::F32, {0, 4}}, {}});
    state.metadata["round"] = "3";
    QVERIFY(writeSafetensors(path("a"), state));
    const auto again = readSafetensors(path("a"));
    QVERIFY2(again, again ? "" : again.error().message.c_str());
    QVERIFY(*again == state);
    QVERIFY(writeSafetensors(path("b"), *again));
    QCOMPARE(*readFile(path("a")), *readFile(path("b")));
}

void tst_Safetensors::readsPieces()
{
    std::vector<float> values(1000);
    for (int i = 0; i < 1000; ++i)
        values[i] = static_cast<float>(i);
    QVERIFY(writeSafetensors(path("pieces"), {{Tensor::fromFloats("v", {1000}, values)}, {}}));
    auto file = SafetensorsFile::open(path("pieces"));
    QVERIFY(file);
    std::array<float, 3> out{};
    QVERIFY(file->read(0, 500 * sizeof(float), std::as_writable_bytes(std::span(out))));
    QCOMPARE(out[0], 500.0F);
    QCOMPARE(out[2], 502.0F);
}

void tst_Safetensors::refusesBrokenFiles_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::addColumn<QString>("word");
    const auto row = [](const char *name, const std::string &bytes, const char *word) {
        QTest::newRow(name) << QByteArray::fromStdString(bytes) << word;
    };
    const std::string four(4, '\0'), eight(8, '\0');
    row("empty", "", "header");
    row("shorter than its header",
        fileOf(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})", four).substr(0, 30), "header");
    row("truncated values", fileOf(R"({"a":{"dtype":"F32","shape":[2],"data_offsets":[0,8]}})", four), "truncated");
    row("bytes after the last", fileOf(R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]}})", eight), "follow");
    row("overlap",
        fileOf(
            R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"b":{"dtype":"F32","shape":[1],"data_offsets":[2,6]}})",
            eight),
        "overlap");
    row("gap",
        fileOf(
            R"({"a":{"dtype":"U8","shape":[1],"data_offsets":[0,1]},"b":{"dtype":"U8","shape":[1],"data_offsets":[4,5]}})",
            four + "x"),
        "gap");
    row("shape and offsets differ", fileOf(R"({"a":{"dtype":"F32","shape":[3],"data_offsets":[0,4]}})", four), "shape");
    row("negative size", fileOf(R"({"a":{"dtype":"F32","shape":[-1],"data_offsets":[0,4]}})", four), "shape");
    row("size that overflows",
        fileOf(R"({"a":{"dtype":"F64","shape":[4611686018427387904,4],"data_offsets":[0,0]}})", ""), "shape");
    row("name twice",
        fileOf(
            R"({"a":{"dtype":"F32","shape":[1],"data_offsets":[0,4]},"a":{"dtype":"F32","shape":[1],"data_offsets":[4,8]}})",
            eight),
        "twice");
    row("not an object", fileOf("[1,2]", ""), "object");
    row("unknown type", fileOf(R"({"a":{"dtype":"F7","shape":[1],"data_offsets":[0,4]}})", four), "F7");
}

void tst_Safetensors::refusesBrokenFiles()
{
    QFETCH(QByteArray, bytes);
    QFETCH(QString, word);
    QVERIFY(writeFileAtomically(path("broken"), bytes.toStdString()));
    const auto state = readSafetensors(path("broken"));
    QVERIFY(!state);
    QVERIFY2(state.error().message.find(word.toStdString()) != std::string::npos, state.error().message.c_str());
    QVERIFY(state.error().message.find("broken") != std::string::npos);
}

void tst_Safetensors::refusesAHugeHeader()
{
    std::string bytes("\x00\xe1\xf5\x05\x00\x00\x00\x00", 8); // 100,000,000
    bytes[0] = '\x01';                                        // and one
    QVERIFY(writeFileAtomically(path("huge"), bytes + "{"));
    const auto state = readSafetensors(path("huge"));
    QVERIFY(!state);
    QVERIFY2(state.error().message.find("100 MB") != std::string::npos, state.error().message.c_str());
}

QTEST_APPLESS_MAIN(tst_Safetensors)
#include "tst_safetensors.moc"
