// SPDX-License-Identifier: GPL-3.0-or-later
#include "security/invitation.h"
#include "security/seal.h"

#include "core/file.h"

#include <QTemporaryDir>
#include <QTest>

using namespace consilium;
using namespace consilium::security;

class tst_Invitation : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void opensWithItsPassphraseAlone();
    void showsNothingInClear();
    void noticesEveryChangedByte();
    void refusesOtherFiles();
    void passphraseIsTheFirstLine();
};

void tst_Invitation::opensWithItsPassphraseAlone()
{
    QTemporaryDir folder;
    const auto file = folder.filePath("invitation").toStdString();
    QVERIFY((Invitation{"id", "Title", "north", "host:9", "certificate", "token"}.write(file, "amber canoe")));
    const auto opened = Invitation::read(file, "amber canoe");
    QVERIFY(opened);
    QCOMPARE(opened->site, std::string("north"));
    QCOMPARE(opened->token, std::string("token"));
    const auto refused = Invitation::read(file, "amber canoes");
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::Refused);
    QVERIFY(!(Invitation{}.write(file, "")));
}

void tst_Invitation::showsNothingInClear()
{
    QTemporaryDir folder;
    const auto file = folder.filePath("invitation").toStdString();
    QVERIFY(
        (Invitation{"study-id", "Secret title", "north", "host:9", "certificate", "one-time-token"}.write(file, "p")));
    const auto text = *readFile(file);
    for (const auto *secret : {"study-id", "Secret title", "north", "host:9", "one-time-token"})
        QVERIFY2(text.find(secret) == std::string::npos, secret);
}

void tst_Invitation::noticesEveryChangedByte()
{
    const auto sealed = *seal("text", "passphrase");
    QCOMPARE(sealed.size(), std::size_t{16 + 12 + 4 + 16});
    QCOMPARE(*unseal(sealed, "passphrase"), std::string("text"));
    for (const std::size_t at : {std::size_t{0}, std::size_t{16}, std::size_t{28}, sealed.size() - 1}) {
        auto changed = sealed;
        changed[at] = static_cast<char>(changed[at] ^ 1);
        QVERIFY(!unseal(changed, "passphrase"));
    }
    QVERIFY(!unseal(sealed.substr(0, 20), "passphrase"));
    QVERIFY(*seal("text", "passphrase") != sealed);
}

void tst_Invitation::refusesOtherFiles()
{
    QTemporaryDir folder;
    const auto file = folder.filePath("x").toStdString();
    QCOMPARE(Invitation::read(file, "p").error().code, ErrorCode::NotFound);
    QVERIFY(writeFileAtomically(file, "{\"a\": 1}"));
    QCOMPARE(Invitation::read(file, "p").error().code, ErrorCode::Malformed);
    QVERIFY(writeFileAtomically(file, "no json"));
    QCOMPARE(Invitation::read(file, "p").error().code, ErrorCode::Malformed);
}

void tst_Invitation::passphraseIsTheFirstLine()
{
    QTemporaryDir folder;
    const auto file = folder.filePath("p").toStdString();
    QVERIFY(writeFileAtomically(file, "amber canoe\r\nsecond"));
    QCOMPARE(*readPassphrase(file), std::string("amber canoe"));
    QVERIFY(writeFileAtomically(file, "\n"));
    QCOMPARE(readPassphrase(file).error().code, ErrorCode::Invalid);
}

QTEST_APPLESS_MAIN(tst_Invitation)
#include "tst_invitation.moc"
