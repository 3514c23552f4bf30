// SPDX-License-Identifier: GPL-3.0-or-later
#include "security/keys.h"

#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

#include "core/file.h"

using namespace consilium;
using namespace consilium::security;

class tst_Keys : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void signsForItsOwnKeyAlone();
    void survivesPem();
    void anotherProgramAgrees();
    void refusesOtherKeys();
    void base64AsPublished();
};

void tst_Keys::signsForItsOwnKeyAlone()
{
    const auto key = PrivateKey::generate();
    const auto other = PrivateKey::generate();
    QVERIFY(key && other);
    const auto signature = key->sign("2026-11-20T10:00:00+00:00");
    QVERIFY(signature);
    QVERIFY(verify(key->publicPem(), "2026-11-20T10:00:00+00:00", *signature));
    QVERIFY(!verify(key->publicPem(), "2026-11-20T10:00:01+00:00", *signature));
    QVERIFY(!verify(other->publicPem(), "2026-11-20T10:00:00+00:00", *signature));
    QVERIFY(!verify("not a key", "2026-11-20T10:00:00+00:00", *signature));
    QVERIFY(!verify(key->publicPem(), "2026-11-20T10:00:00+00:00", "not a signature"));
}

void tst_Keys::survivesPem()
{
    const auto key = PrivateKey::generate();
    QVERIFY(key);
    const auto again = PrivateKey::fromPem(key->toPem());
    QVERIFY(again);
    QCOMPARE(again->publicPem(), key->publicPem());
    QCOMPARE(*normalisedPublicPem(key->publicPem() + "\n\n"), key->publicPem());
    QCOMPARE(PrivateKey::fromPem("nonsense").error().code, ErrorCode::Malformed);
}

void tst_Keys::anotherProgramAgrees()
{
    const auto openssl = QStandardPaths::findExecutable("openssl");
    if (openssl.isEmpty())
        QSKIP("the openssl program is not installed");
    QTemporaryDir folder;
    const auto key = PrivateKey::generate();
    QVERIFY(writeFileAtomically(folder.filePath("key.pem").toStdString(), key->publicPem()));
    QVERIFY(writeFileAtomically(folder.filePath("text").toStdString(), "a text"));
    QVERIFY(writeFileAtomically(folder.filePath("signature").toStdString(), *key->sign("a text")));
    QProcess process;
    process.start(openssl, {"dgst", "-sha256", "-verify", folder.filePath("key.pem"), "-signature",
                            folder.filePath("signature"), folder.filePath("text")});
    QVERIFY(process.waitForFinished());
    QCOMPARE(process.exitCode(), 0);
}

void tst_Keys::refusesOtherKeys()
{
    const auto openssl = QStandardPaths::findExecutable("openssl");
    if (openssl.isEmpty())
        QSKIP("the openssl program is not installed");
    QProcess process;
    process.start(openssl, {"genpkey", "-algorithm", "EC", "-pkeyopt", "ec_paramgen_curve:P-256"});
    QVERIFY(process.waitForFinished());
    const auto key = PrivateKey::fromPem(process.readAllStandardOutput().toStdString());
    QVERIFY(!key);
    QCOMPARE(key.error().code, ErrorCode::Unsupported);
}

void tst_Keys::base64AsPublished() // RFC 4648, section 10
{
    QCOMPARE(toBase64(""), std::string());
    QCOMPARE(toBase64("fo"), std::string("Zm8="));
    QCOMPARE(toBase64("foobar"), std::string("Zm9vYmFy"));
    QCOMPARE(*fromBase64("Zm8="), std::string("fo"));
    QCOMPARE(*fromBase64("Zg=="), std::string("f"));
    QVERIFY(!fromBase64("Zg="));
    QVERIFY(!fromBase64("????"));
}

QTEST_APPLESS_MAIN(tst_Keys)
#include "tst_keys.moc"
