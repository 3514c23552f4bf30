// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/object_wire.h"

#include "flwr/proto/message.pb.h"

#include <QTest>

using namespace consilium;
using namespace consilium::federation;

/// The messages around a chunk, written and read by hand, against the protocol-buffer library.
class tst_ObjectWire : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void requestsOfTheLibraryAreRead_data();
    void requestsOfTheLibraryAreRead();
    void ourRequestsAreReadByTheLibrary();
    void answersGoBothWays();
    void brokenMessagesAreRefused();

private:
    /// `bytes` cut into slices of `size`.
    static std::vector<grpc::Slice> cut(const std::string &bytes, std::size_t size)
    {
        std::vector<grpc::Slice> slices;
        for (std::size_t at = 0; at < bytes.size(); at += size)
            slices.emplace_back(bytes.substr(at, size));
        return slices;
    }
    static std::string joined(const std::vector<std::string_view> &pieces)
    {
        std::string out;
        for (const auto piece : pieces)
            out += piece;
        return out;
    }
    static std::string bytesOf(const grpc::ByteBuffer &buffer)
    {
        std::vector<grpc::Slice> slices;
        if (!buffer.Dump(&slices).ok())
            return {};
        std::string out;
        for (const auto &slice : slices)
            out.append(reinterpret_cast<const char *>(slice.begin()), slice.size());
        return out;
    }
    static std::string content()
    {
        std::string bytes(100'000, '\0');
        for (std::size_t i = 0; i < bytes.size(); ++i)
            bytes[i] = static_cast<char>(i * 131);
        return bytes;
    }
};

void tst_ObjectWire::requestsOfTheLibraryAreRead_data()
{
    QTest::addColumn<int>("slice");
    for (const int size : {1, 7, 64, 16384, 1'000'000})
        QTest::addRow("slices of %d bytes", size) << size;
}

void tst_ObjectWire::requestsOfTheLibraryAreRead()
{
    QFETCH(int, slice);
    flwr::proto::PushObjectRequest request;
    request.mutable_node()->set_node_id(0xfedcba9876543210);
    request.set_run_id(300);
    request.set_object_id(std::string(64, 'a'));
    request.set_object_content(content());
    const auto slices = cut(request.SerializeAsString(), static_cast<std::size_t>(slice));
    const auto read = readObjectRequest(slices);
    QVERIFY(read);
    QCOMPARE(read->id, std::string(64, 'a'));
    QVERIFY(joined(read->content) == content());
}

void tst_ObjectWire::ourRequestsAreReadByTheLibrary()
{
    const std::string all = content();
    const std::vector<grpc::Slice> pieces = cut(all, 33'000);
    flwr::proto::PushObjectRequest request;
    QVERIFY(request.ParseFromString(bytesOf(pushRequest(0xfedcba9876543210, 300, std::string(64, 'b'), pieces))));
    QCOMPARE(request.node().node_id(), std::uint64_t{0xfedcba9876543210});
    QCOMPARE(request.run_id(), std::uint64_t{300});
    QCOMPARE(request.object_id(), std::string(64, 'b'));
    QVERIFY(request.object_content() == all);
}

void tst_ObjectWire::answersGoBothWays()
{
    flwr::proto::PullObjectResponse response;
    QVERIFY(response.ParseFromString(bytesOf(pullResponse(grpc::Slice(content())))));
    QVERIFY(response.object_found() && response.object_available());
    QVERIFY(response.object_content() == content());
    const auto slices = cut(response.SerializeAsString(), 5000);
    const auto read = readObjectResponse(slices);
    QVERIFY(read && read->found && read->available);
    QVERIFY(joined(read->content) == content());

    flwr::proto::PullObjectResponse later;
    later.set_object_found(true);
    const auto notYet = readObjectResponse(cut(later.SerializeAsString(), 5));
    QVERIFY(notYet && notYet->found && !notYet->available && notYet->content.empty());
    const auto nothing = readObjectResponse({});
    QVERIFY(nothing && !nothing->found);
}

void tst_ObjectWire::brokenMessagesAreRefused()
{
    flwr::proto::PushObjectRequest request;
    request.set_object_id("x");
    request.set_object_content("content");
    const auto whole = request.SerializeAsString();
    for (std::size_t length = 1; length < whole.size(); ++length) {
        const auto cutShort = readObjectRequest(cut(whole.substr(0, length), 3));
        // Cut between two fields it is a message with fewer of them.
        QVERIFY(!cutShort || joined(cutShort->content).empty());
    }
    QVERIFY(!readObjectRequest(cut("\x22\xff\xff\xff\xff\xff\xff\xff\xff\x7f", 4)));                 // a huge length
    QVERIFY(!readObjectRequest(cut("\x22\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\xff\x7f", 4))); // no varint
    QVERIFY(!readObjectRequest(cut("\x07", 1)));                                                     // wire type 7
}

QTEST_APPLESS_MAIN(tst_ObjectWire)
#include "tst_object_wire.moc"
