// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hash.h"

#include <QTest>

using namespace consilium;

class tst_Hash : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void publishedValues() // FIPS 180-4 examples
    {
        QCOMPARE(sha256Hex(""), std::string("e3b0c44298fc1c149afbf4c8996fb92427ae41e4649b934ca495991b7852b855"));
        QCOMPARE(sha256Hex("abc"), std::string("ba7816bf8f01cfea414140de5dae2223b00361a396177a9cb410ff61f20015ad"));
        QCOMPARE(sha256Hex("abcdbcdecdefdefgefghfghighijhijkijkljklmklmnlmnomnopnopq"),
                 std::string("248d6a61d20638b8e5c026930c3e6039a33ce45964ff2167f6ecedd419db06c1"));
    }
    void piecesMakeTheWhole()
    {
        Sha256 hash;
        hash.add("a");
        hash.add("b");
        hash.add("c");
        QCOMPARE(hash.hex(), sha256Hex("abc"));
    }
    void seedsDifferInEveryPart()
    {
        const auto seed = derivedSeed(7, "north", 3);
        QCOMPARE(seed, derivedSeed(7, "north", 3));
        QVERIFY(seed != derivedSeed(8, "north", 3));
        QVERIFY(seed != derivedSeed(7, "south", 3));
        QVERIFY(seed != derivedSeed(7, "north", 4));
    }
    void randomTextIsOfTheAskedLength()
    {
        QCOMPARE(randomHex(16).size(), std::size_t{32});
        QVERIFY(randomHex(16) != randomHex(16));
    }
};

QTEST_APPLESS_MAIN(tst_Hash)
#include "tst_hash.moc"
