// SPDX-License-Identifier: GPL-3.0-or-later
#include "security/certificate.h"

#include "core/file.h"

#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>
#include <optional>

using namespace consilium;
using namespace consilium::security;

class tst_Certificate : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void initTestCase();
    void holdsTheRequestsKeyAndTheGivenName();
    void chainsToTheAuthorityForItsPurposeAlone();
    void refusesBrokenRequests();

private:
    QByteArray openssl(const QStringList &arguments, int expected = 0);
    QString save(const char *name, const std::string &text);
    QTemporaryDir m_folder;
    std::optional<PrivateKey> m_authorityKey, m_siteKey;
    std::string m_authority, m_certificate;
};

void tst_Certificate::initTestCase()
{
    m_authorityKey.emplace(*PrivateKey::generate());
    m_siteKey.emplace(*PrivateKey::generate());
    m_authority = *makeAuthority(*m_authorityKey, "Consilium study");
    m_certificate = *issueCertificate(*m_authorityKey, m_authority, *makeRequest(*m_siteKey, "anything the site says"),
                                      "north", Purpose::Site);
}

QString tst_Certificate::save(const char *name, const std::string &text)
{
    const auto file = m_folder.filePath(name);
    return writeFileAtomically(file.toStdString(), text) ? file : QString();
}

QByteArray tst_Certificate::openssl(const QStringList &arguments, int expected)
{
    QProcess process;
    process.setProcessChannelMode(QProcess::MergedChannels);
    process.start("openssl", arguments);
    if (!process.waitForFinished() || (process.exitCode() == 0) != (expected == 0))
        return "unexpected: " + process.readAll();
    return process.readAll();
}

void tst_Certificate::holdsTheRequestsKeyAndTheGivenName()
{
    QCOMPARE(*publicKeyOfCertificate(m_certificate), m_siteKey->publicPem());
    if (QStandardPaths::findExecutable("openssl").isEmpty())
        QSKIP("the openssl program is not installed");
    const auto text = openssl({"x509", "-noout", "-subject", "-ext", "basicConstraints,extendedKeyUsage", "-in",
                               save("site.pem", m_certificate)});
    QVERIFY2(text.contains("CN = north"), text);
    QVERIFY2(text.contains("CA:FALSE") && text.contains("Client Authentication"), text);
}

void tst_Certificate::chainsToTheAuthorityForItsPurposeAlone()
{
    if (QStandardPaths::findExecutable("openssl").isEmpty())
        QSKIP("the openssl program is not installed");
    const auto authority = save("ca.pem", m_authority), site = save("site.pem", m_certificate);
    QVERIFY(openssl({"verify", "-purpose", "sslclient", "-CAfile", authority, site}).contains("OK"));
    QVERIFY(!openssl({"verify", "-purpose", "sslserver", "-CAfile", authority, site}, 2).contains("unexpected"));
    const auto other = PrivateKey::generate();
    const auto stranger = save("other.pem", *makeAuthority(*other, "Consilium study"));
    QVERIFY(!openssl({"verify", "-CAfile", stranger, site}, 2).contains("unexpected"));
}

void tst_Certificate::refusesBrokenRequests()
{
    QCOMPARE(issueCertificate(*m_authorityKey, m_authority, "nonsense", "x", Purpose::Site).error().code,
             ErrorCode::Malformed);
    auto request = *makeRequest(*m_siteKey, "north");
    // One changed letter in the middle breaks the encoding or the signature; either way nothing is issued.
    request[request.size() / 2] = request[request.size() / 2] == 'A' ? 'B' : 'A';
    QVERIFY(!issueCertificate(*m_authorityKey, m_authority, request, "x", Purpose::Site));
}

QTEST_APPLESS_MAIN(tst_Certificate)
#include "tst_certificate.moc"
