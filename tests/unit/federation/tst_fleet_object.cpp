// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/fleet_object.h"

#include <QTest>

using namespace consilium;
using namespace consilium::federation;

/// Byte vectors worked out from the protocol's description: `Type children length`, NUL, body; SHA-256 of the whole.
class tst_FleetObject : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void encodesAsDescribed();
    void roundTrips();
    void refusesBrokenBytes_data();
    void refusesBrokenBytes();
};

void tst_FleetObject::encodesAsDescribed()
{
    // sha256sum of these bytes is the id, by any other tool: printf 'ArrayChunk  3\0abc' | sha256sum
    const auto leaf = FleetObject{"ArrayChunk", {}, "abc"}.encode();
    QCOMPARE(QByteArray::fromStdString(leaf), QByteArray("ArrayChunk  3\0abc", 17));
    const std::string a(64, 'a'), b(64, 'b');
    const auto parent = FleetObject{"RecordDict", {a, b}, "{}"}.encode();
    QCOMPARE(QByteArray::fromStdString(parent),
             QByteArray::fromStdString("RecordDict " + a + "," + b + " 2") + '\0' + "{}");
}

void tst_FleetObject::roundTrips()
{
    FleetObject object{"Array", {std::string(64, '0'), std::string(64, 'f')}, std::string("\0\n body \xff", 9)};
    const auto again = FleetObject::decode(object.encode());
    QVERIFY(again);
    QCOMPARE(again->type, object.type);
    QCOMPARE(again->children, object.children);
    QCOMPARE(again->body, object.body);
}

void tst_FleetObject::refusesBrokenBytes_data()
{
    QTest::addColumn<QByteArray>("bytes");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("no end of header") << QByteArray("Message  3");
    QTest::newRow("no length") << QByteArray("Message \0abc", 12);
    QTest::newRow("length too small") << QByteArray("Message  2\0abc", 14);
    QTest::newRow("length too large") << QByteArray("Message  4\0abc", 14);
    QTest::newRow("length not a number") << QByteArray("Message  x\0abc", 14);
    QTest::newRow("unknown type") << QByteArray("Program  3\0abc", 14);
    QTest::newRow("child no hash") << QByteArray("Message ../../etc/passwd 3\0abc", 30);
}

void tst_FleetObject::refusesBrokenBytes()
{
    QFETCH(QByteArray, bytes);
    const auto object = FleetObject::decode(bytes.toStdString());
    QVERIFY(!object);
    QCOMPARE(object.error().code, ErrorCode::Malformed);
}

QTEST_APPLESS_MAIN(tst_FleetObject)
#include "tst_fleet_object.moc"
