// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/cuttable_proxy.h"
#include "support/fault_study.h"

using namespace consilium;
using namespace consilium::test;

/// Hospital networks: broken transfers, slow lines, proxies, IPv6.
class tst_NetworkFaults : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void anUploadBrokenAtNineTenthsGoesOn();
    void aDownloadBrokenAtNineTenthsGoesOn();
    void aLineSlowerThanTheIdleLimitIsWaitedFor();
    void aSiteReachesTheHostThroughAnHttpProxyAlone();
    void noProxyLeadsToThisMachine();
    void bothInternetProtocolsAreServed();

private:
    static constexpr int size = 120; // mebibytes
    static constexpr std::int64_t bytes = size * static_cast<std::int64_t>(mebibyte);
};

void tst_NetworkFaults::anUploadBrokenAtNineTenthsGoesOn()
{
    FaultStudy study(faultPlan(1, 2), size);
    study.startHost();
    CuttableProxy network(study.port());
    network.breakAfterUp(bytes * 9 / 10);
    study.addSite("north");
    study.addSite("south", network.endpoint());
    const auto north = study.join("north", 10, 1), south = study.join("south", 10, 3);
    QVERIFY(south->waitFor({"uploaded", {}, {}, 1}));
    QCOMPARE(network.broken(), 1);
    QVERIFY2(network.up() < bytes * 11 / 10,
             qPrintable(QString("%1 bytes went, the update has %2").arg(network.up()).arg(bytes)));

    QCOMPARE(study.wrongEnd(3.5), QString());
    QCOMPARE(south->count({"training"}), 1);
    QCOMPARE(study.outcome(1, "south"), QString("counted"));
}

void tst_NetworkFaults::aDownloadBrokenAtNineTenthsGoesOn()
{
    FaultStudy study(faultPlan(1, 2), size);
    study.startHost();
    CuttableProxy network(study.port());
    network.breakAfterDown(bytes * 9 / 10);
    study.addSite("north");
    study.addSite("south", network.endpoint());
    const auto north = study.join("north", 10, 1), south = study.join("south", 10, 3);
    QVERIFY(south->waitFor({"training", {}, {}, 1}));
    QCOMPARE(network.broken(), 1);
    QVERIFY2(network.down() < bytes * 11 / 10,
             qPrintable(QString("%1 bytes went, the model has %2").arg(network.down()).arg(bytes)));

    QCOMPARE(study.wrongEnd(3.5), QString());
    QCOMPARE(study.outcome(1, "south"), QString("counted"));
}

void tst_NetworkFaults::aLineSlowerThanTheIdleLimitIsWaitedFor()
{
    // 16 MiB at 2 MiB/s either way take eight seconds each, twice the idle limit; progress is what counts.
    FaultStudy study(faultPlan(1, 1, 4), 16);
    study.startHost();
    CuttableProxy network(study.port());
    network.slowUp(2 * mebibyte);
    network.slowDown(2 * mebibyte);
    study.addSite("north");
    study.addSite("south", network.endpoint());
    const auto north = study.join("north", 10, 1), south = study.join("south", 10, 3);
    QVERIFY(south->waitFor({"uploaded", {}, {}, 1}, 45000));
    network.slowUp(0);
    network.slowDown(0);
    QCOMPARE(study.wrongEnd(3.5), QString());
    QCOMPARE(study.outcome(1, "south"), QString("counted"));
    QCOMPARE(study.host().count({"site-lost"}), 0);
}

void tst_NetworkFaults::aSiteReachesTheHostThroughAnHttpProxyAlone()
{
    FaultStudy study(faultPlan(2, 2), 8);
    study.startHost();
    CuttableProxy proxy(study.port(), CuttableProxy::Kind::HttpConnect);
    // A name that only the proxy can resolve: no way leads around it.
    const std::string host = "aggregator.hospital.invalid:443";
    const auto address = QString("http://radiology:secret@127.0.0.1:%1").arg(proxy.port());
    const RunningProgram::Environment https{{"https_proxy", address}};
    const RunningProgram::Environment grpc{{"grpc_proxy", address}};
    study.addSite("north", host, https);
    study.addSite("south", host, grpc);
    const auto north = study.join("north", 10, 1, {}, https), south = study.join("south", 10, 3, {}, grpc);
    QCOMPARE(study.wrongEnd(3.75), QString());
    QCOMPARE(north->waitForEnd(), 0);
    QCOMPARE(south->waitForEnd(), 0);
    const auto requests = proxy.requests();
    QVERIFY(requests.size() >= 4); // enrolled and joined, twice
    for (const auto &request : requests) {
        QVERIFY2(request.starts_with("CONNECT " + host + " HTTP/1."), request.c_str());
        // "radiology:secret" in base64 (RFC 7617)
        QVERIFY2(request.find("Basic cmFkaW9sb2d5OnNlY3JldA==") != std::string::npos, request.c_str());
    }
    QVERIFY(proxy.up() > 2 * 8 * static_cast<std::int64_t>(mebibyte));
}

void tst_NetworkFaults::noProxyLeadsToThisMachine()
{
    FaultStudy study(faultPlan(1, 1), 0);
    study.startHost();
    const RunningProgram::Environment nowhere{{"https_proxy", "http://127.0.0.1:1"}};
    study.addSite("north", {}, nowhere);
    const auto north = study.join("north", 10, 1, {}, nowhere);
    QCOMPARE(north->waitForEnd(), 0);
}

void tst_NetworkFaults::bothInternetProtocolsAreServed()
{
    if (const int probe = socket(AF_INET6, SOCK_STREAM, 0); probe >= 0) {
        sockaddr_in6 address{};
        address.sin6_family = AF_INET6;
        address.sin6_addr = in6addr_loopback;
        const bool there = bind(probe, reinterpret_cast<sockaddr *>(&address), sizeof address) == 0;
        close(probe);
        if (!there)
            QSKIP("this machine has no IPv6");
    }
    FaultStudy study(faultPlan(1, 2), 0);
    study.startHost("[::]:0");
    const auto port = std::to_string(study.port());
    study.addSite("north", "[::1]:" + port);
    study.addSite("south", "127.0.0.1:" + port);
    const auto north = study.join("north", 10, 1), south = study.join("south", 10, 3);
    QCOMPARE(study.wrongEnd(3.5), QString());
    QCOMPARE(north->waitForEnd(), 0);
    QCOMPARE(south->waitForEnd(), 0);
}

QTEST_GUILESS_MAIN(tst_NetworkFaults)
#include "tst_network_faults.moc"
