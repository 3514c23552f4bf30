// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/dicom/deidentify.h"
#include "imaging/dicom/pseudonym.h"

#include <QDir>
#include <QFile>
#include <QFileInfo>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>

#include <filesystem>
#include <latch>
#include <set>
#include <thread>

using namespace consilium;
using namespace consilium::imaging::dicom;

class tst_Pseudonym : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void hmacMatchesTheRfc_data();
    void hmacMatchesTheRfc();
    void namesAreStableAndFollowTheKey();
    void namesDoNotCollide();
    void shiftsGoBackLessThanTenYears();
    void uidsAreValidAndStable();
    void keyIsMadeOncePrivatelyAndReadAgain();
    void keysMadeAtOnceAreOne();
    void keyOutOfReachIsNotReplaced();
    void fileThatIsNoKeyIsRefused_data();
    void fileThatIsNoKeyIsRefused();
};

namespace {

PseudonymKey key(char fill)
{
    return PseudonymKey::fromBytes(std::string(32, fill));
}

} // namespace

void tst_Pseudonym::hmacMatchesTheRfc_data() // RFC 4231, section 4, test cases 1 to 4, 6 and 7
{
    QTest::addColumn<QByteArray>("secret");
    QTest::addColumn<QByteArray>("message");
    QTest::addColumn<QByteArray>("digest");
    QTest::newRow("1") << QByteArray(20, '\x0b') << QByteArray("Hi There")
                       << QByteArray("b0344c61d8db38535ca8afceaf0bf12b881dc200c9833da726e9376c2e32cff7");
    QTest::newRow("2") << QByteArray("Jefe") << QByteArray("what do ya want for nothing?")
                       << QByteArray("5bdcc146bf60754e6a042426089575c75a003f089d2739839dec58b964ec3843");
    QTest::newRow("3") << QByteArray(20, '\xaa') << QByteArray(50, '\xdd')
                       << QByteArray("773ea91e36800e46854db8ebd09181a72959098b3ef8c122d9635514ced565fe");
    QTest::newRow("4") << QByteArray::fromHex("0102030405060708090a0b0c0d0e0f10111213141516171819")
                       << QByteArray(50, '\xcd')
                       << QByteArray("82558a389a443c0ea4cc819899f2083a85f0faa3e578f8077a2e3ff46729665b");
    QTest::newRow("6") << QByteArray(131, '\xaa')
                       << QByteArray("Test Using Larger Than Block-Size Key - Hash Key First")
                       << QByteArray("60e431591ee0b67f0d8a26aacbf5b77f8e0bc6213728c5140546040f0ee37f54");
    QTest::newRow("7") << QByteArray(131, '\xaa')
                       << QByteArray("This is a test using a larger than block-size key and a larger than block-size "
                                     "data. The key needs to be hashed before being used by the HMAC algorithm.")
                       << QByteArray("9b09ffa71b942fcb27635fbcd5b0e944bfdc63644f0713938a7f51535c3a35e2");
}

void tst_Pseudonym::hmacMatchesTheRfc()
{
    QFETCH(QByteArray, secret);
    QFETCH(QByteArray, message);
    QFETCH(QByteArray, digest);
    const auto computed = hmacSha256(secret.toStdString(), message.toStdString());
    const auto hex = QByteArray(reinterpret_cast<const char *>(computed.data()), int(computed.size())).toHex();
    QCOMPARE(hex, digest);
}

void tst_Pseudonym::namesAreStableAndFollowTheKey()
{
    const auto name = key('a').patient("4711");
    QCOMPARE(key('a').patient("4711"), name);
    QVERIFY(key('b').patient("4711") != name);
    QVERIFY(key('a').patient("4712") != name);
    static const QRegularExpression form("^C-[0-9A-Z]{10}$");
    QVERIFY(form.match(QString::fromStdString(name)).hasMatch());
}

void tst_Pseudonym::namesDoNotCollide() // 50 bits: 20,000 patients collide with a chance of 2e-7
{
    std::set<std::string> names;
    for (int patient = 0; patient < 20000; ++patient)
        names.insert(key('a').patient(std::to_string(patient)));
    QCOMPARE(names.size(), std::size_t(20000));
}

void tst_Pseudonym::shiftsGoBackLessThanTenYears()
{
    std::set<int> shifts;
    for (int patient = 0; patient < 2000; ++patient)
        shifts.insert(key('a').dateShift(std::to_string(patient)));
    QVERIFY(*shifts.begin() >= -3650);
    QVERIFY(*shifts.rbegin() <= -1);
    QVERIFY(shifts.size() > 1400); // 2000 draws from 3650 days give 1540 different ones on average
}

void tst_Pseudonym::uidsAreValidAndStable()
{
    // PS3.5 section 9.1: at most 64 characters, digits and points; a 128-bit number below 2.25 has at most 39 digits.
    static const QRegularExpression form("^2\\.25\\.[1-9][0-9]{0,38}$");
    std::set<std::string> uids;
    for (int i = 0; i < 2000; ++i) {
        const auto uid = key('a').uid("1.2.3." + std::to_string(i));
        QVERIFY2(form.match(QString::fromStdString(uid)).hasMatch(), uid.c_str());
        uids.insert(uid);
    }
    QCOMPARE(uids.size(), std::size_t(2000));
    QCOMPARE(key('a').uid("1.2.3.0"), key('a').uid("1.2.3.0"));
    QVERIFY(key('a').uid("1.2.3.0") != key('b').uid("1.2.3.0"));
}

void tst_Pseudonym::keyIsMadeOncePrivatelyAndReadAgain()
{
    QTemporaryDir folder;
    const auto file = folder.filePath("new/folder/pseudonym.key").toStdString();
    const auto made = PseudonymKey::open(file);
    QVERIFY(made);
    const auto again = PseudonymKey::open(file);
    QVERIFY(again);
    QCOMPARE(made->patient("4711"), again->patient("4711"));
#ifndef Q_OS_WIN
    const auto others =
        QFileDevice::ReadGroup | QFileDevice::WriteGroup | QFileDevice::ReadOther | QFileDevice::WriteOther;
    QVERIFY(!(QFileInfo(QString::fromStdString(file)).permissions() & others));
#endif
    const auto other = PseudonymKey::open(folder.filePath("other.key").toStdString());
    QVERIFY(other);
    QVERIFY(other->patient("4711") != made->patient("4711"));
}

void tst_Pseudonym::keysMadeAtOnceAreOne()
{
    for (int round = 0; round < 20; ++round) {
        QTemporaryDir folder;
        const auto file = folder.filePath("pseudonym.key").toStdString();
        std::vector<std::string> names(8);
        std::vector<std::thread> runs;
        std::latch start(static_cast<std::ptrdiff_t>(names.size()));
        for (auto &name : names)
            runs.emplace_back([&] {
                start.arrive_and_wait();
                const auto opened = PseudonymKey::open(file);
                name = opened ? opened->patient("4711") : opened.error().line();
            });
        for (auto &run : runs)
            run.join();
        const auto kept = PseudonymKey::open(file);
        QVERIFY(kept);
        for (const auto &name : names)
            QCOMPARE(name, kept->patient("4711"));
        QCOMPARE(QDir(folder.path()).entryList(QDir::Files | QDir::Hidden), QStringList{"pseudonym.key"});
    }
}

/// A key behind links that lead nowhere at this moment is there still, and the same when they lead to it again.
void tst_Pseudonym::keyOutOfReachIsNotReplaced()
{
    namespace fs = std::filesystem;
    QTemporaryDir folder;
    const fs::path root = folder.path().toStdString(), file = root / "pseudonym.key";
    const auto made = PseudonymKey::open(file);
    QVERIFY(made);
    fs::rename(file, root / "kept");
    std::error_code error;
    for (const char *target : {"pseudonym.key", "away"}) { // to itself; to what is absent
        fs::create_symlink(target, file, error);
        if (error)
            QSKIP("no symbolic links here");
        const auto opened = PseudonymKey::open(file);
        QVERIFY(!opened);
        QVERIFY(opened.error().message.find(file.string()) != std::string::npos);
        QVERIFY(fs::is_symlink(fs::symlink_status(file)));
        fs::remove(file);
    }
    fs::rename(root / "kept", file);
    QCOMPARE(PseudonymKey::open(file)->patient("4711"), made->patient("4711"));
}

void tst_Pseudonym::fileThatIsNoKeyIsRefused_data()
{
    QTest::addColumn<QByteArray>("content");
    QTest::newRow("empty") << QByteArray();
    QTest::newRow("text") << QByteArray("secret\n");
    QTest::newRow("short") << QByteArray("Consilium pseudonym key 1\nabcd\n");
    QTest::newRow("not hexadecimal") << QByteArray("Consilium pseudonym key 1\n") + QByteArray(64, 'x') + '\n';
}

void tst_Pseudonym::fileThatIsNoKeyIsRefused()
{
    QFETCH(QByteArray, content);
    QTemporaryDir folder;
    QFile file(folder.filePath("key"));
    QVERIFY(file.open(QIODevice::WriteOnly) && file.write(content) == content.size());
    file.close();
    const auto opened = PseudonymKey::open(file.fileName().toStdString());
    QVERIFY(!opened);
    QCOMPARE(opened.error().code, ErrorCode::Malformed);
    QVERIFY(opened.error().message.find(file.fileName().toStdString()) != std::string::npos);
}

QTEST_GUILESS_MAIN(tst_Pseudonym)
#include "tst_pseudonym.moc"
