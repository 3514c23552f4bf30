// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/toy_study.h"

#include "core/file.h"
#include "federation/channel.h"
#include "federation/node_auth.h"
#include "storage/study_manifest.h"

#include "flwr/proto/fleet.grpc.pb.h"

#include <QProcess>
#include <QStandardPaths>
#include <QTemporaryDir>
#include <QTest>

using namespace consilium;
using namespace consilium::test;

/// Who is not of the study learns nothing and changes nothing.
class tst_Strangers : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void init();
    void cleanup() { m_host.reset(); }
    void aSpentInvitationIsRefused();
    void aConnectionWithoutCertificateIsRefused();
    void aCertificateOfAnotherStudyIsRefused();
    void onlyTls13IsSpoken();

private:
    std::filesystem::path folder(const std::string &name) const
    {
        return std::filesystem::path(m_folder->path().toStdString()) / name;
    }
    std::unique_ptr<QTemporaryDir> m_folder;
    std::unique_ptr<ToyHost> m_host;
    std::optional<federation::SiteFolder> m_north;
};

void tst_Strangers::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    QVERIFY(federation::createStudy(folder("study"), "Toy", toyPlan(1, 2)));
    m_host = std::make_unique<ToyHost>(folder("study"));
    auto north = readySite(folder("study"), "north", m_host->port, folder("north"));
    QVERIFY2(north, north ? "" : north.error().message.c_str());
    m_north.emplace(std::move(*north));
}

void tst_Strangers::aSpentInvitationIsRefused()
{
    const auto invitation = security::Invitation::read(folder("north") / "invitation.json", "passphrase");
    QVERIFY(invitation);
    const auto stolen = federation::SiteFolder::enrol(*invitation, folder("thief"));
    QVERIFY(!stolen);
    QCOMPARE(stolen.error().code, ErrorCode::Refused);
    auto guessed = *invitation;
    guessed.token = std::string(64, '0');
    QCOMPARE(federation::SiteFolder::enrol(guessed, folder("guesser")).error().code, ErrorCode::Refused);
}

void tst_Strangers::aConnectionWithoutCertificateIsRefused()
{
    // Even with headers signed by a genuine site's key: the connection itself must show the certificate.
    const auto manifest = storage::StudyManifest::read(folder("study"));
    QVERIFY(manifest);
    const auto key = security::PrivateKey::fromPem(*m_north->keyPem());
    QVERIFY(key);
    const auto stub = flwr::proto::Fleet::NewStub(
        federation::openChannel(m_north->endpoint(), manifest->id, {manifest->certificate, {}, {}}));
    const auto pull = [&](bool withHeaders) {
        grpc::ClientContext context;
        context.set_deadline(std::chrono::system_clock::now() + std::chrono::seconds(10));
        if (withHeaders) {
            const auto headers = *federation::signHeaders(*key, now());
            context.AddMetadata(federation::AuthHeaders::keyName, headers.publicKey);
            context.AddMetadata(federation::AuthHeaders::timeName, headers.timestamp);
            context.AddMetadata(federation::AuthHeaders::signatureName, headers.signature);
        }
        flwr::proto::PullMessagesResponse answer;
        return stub->PullMessages(&context, flwr::proto::PullMessagesRequest(), &answer);
    };
    const auto signedCall = pull(true);
    QCOMPARE(signedCall.error_code(), grpc::StatusCode::PERMISSION_DENIED);
    QVERIFY2(signedCall.error_message().find("certificate") != std::string::npos, signedCall.error_message().c_str());
    QCOMPARE(pull(false).error_code(), grpc::StatusCode::PERMISSION_DENIED);
}

void tst_Strangers::aCertificateOfAnotherStudyIsRefused()
{
    QVERIFY(federation::createStudy(folder("other"), "Other", toyPlan(1, 1)));
    {
        ToyHost otherHost(folder("other"));
        const auto stranger = readySite(folder("other"), "north", otherHost.port, folder("stranger"));
        QVERIFY(stranger);
        for (const auto *file : {"site-key.pem", "site-certificate.pem"}) {
            std::filesystem::copy_file(folder("stranger") / "keys" / file, folder("north") / "keys" / file,
                                       std::filesystem::copy_options::overwrite_existing);
        }
    }
    {
        ToyTrainer trainer(10, 1, 1);
        ToySite impostor(*m_north, trainer);
        QTest::qWait(3000); // long enough for a genuine site to be online several times over
        QVERIFY(!(*storage::StudyReader::open(folder("study"))->snapshot()).sites.at(0).lastSeen);
        QCOMPARE(trainer.fits.load(), 0);
    }
}

void tst_Strangers::onlyTls13IsSpoken()
{
    if (QStandardPaths::findExecutable("openssl").isEmpty())
        QSKIP("the openssl program is not installed");
    const auto connect = [&](const QStringList &more) {
        QProcess process;
        process.setProcessChannelMode(QProcess::MergedChannels);
        process.start("openssl",
                      QStringList{"s_client", "-alpn", "h2", "-connect", QString("127.0.0.1:%1").arg(m_host->port)} +
                          more);
        process.write("GET / HTTP/1.0\r\n\r\n");
        process.closeWriteChannel();
        process.waitForFinished(10000);
        return process.readAll();
    };
    QVERIFY2(connect({"-tls1_3"}).contains("TLSv1.3"), "TLS 1.3 is spoken");
    QVERIFY2(!connect({"-tls1_2"}).contains("Cipher is ECDHE"), "TLS 1.2 is not");
}

QTEST_GUILESS_MAIN(tst_Strangers)
#include "tst_strangers.moc"
