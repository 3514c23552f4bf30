// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/fault_study.h"

#include <unistd.h>

using namespace consilium;
using namespace consilium::test;

/// Two hundred short rounds: after the tenth neither the coordinator nor a site holds more memory or more files than
/// before.
class tst_ManyRounds : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void nothingGrowsAfterRoundTen();
};

namespace {

struct Use
{
    double mebibytes = 0; ///< resident
    double files = 0;     ///< open descriptors
};

Use use(qint64 pid)
{
    Use now;
    std::ifstream pages("/proc/" + std::to_string(pid) + "/statm");
    double total = 0, resident = 0;
    pages >> total >> resident;
    now.mebibytes = resident * static_cast<double>(sysconf(_SC_PAGESIZE)) / mebibyte;
    std::error_code ignored;
    for (std::filesystem::directory_iterator it("/proc/" + std::to_string(pid) + "/fd", ignored), end; it != end;
         it.increment(ignored))
        ++now.files;
    return now;
}

/// Median of rounds `begin` to `end`: one sample may fall on a call in flight.
double median(const std::vector<Use> &samples, std::size_t begin, std::size_t end, double Use::*what)
{
    std::vector<double> values;
    for (std::size_t i = begin; i < std::min(end, samples.size()); ++i)
        values.push_back(samples[i].*what);
    std::nth_element(values.begin(), values.begin() + std::ssize(values) / 2, values.end());
    return values.at(values.size() / 2);
}

} // namespace

void tst_ManyRounds::nothingGrowsAfterRoundTen()
{
    if (!std::filesystem::exists("/proc/self/statm"))
        QSKIP("memory and descriptors are read from /proc");
    constexpr int rounds = 200;
    FaultStudy study(faultPlan(rounds, 2), 8);
    study.startHost();
    study.addSite("north");
    study.addSite("south");
    const auto north = study.join("north", 10, 1, {"--keep", "-1"}),
               south = study.join("south", 10, 3, {"--keep", "-1"});
    std::vector<Use> host, site;
    for (int round = 1; round < rounds; ++round) {
        QVERIFY2(study.host().waitFor({"round-state", {}, "closed", round}), qPrintable(study.host().err()));
        host.push_back(use(study.host().pid()));
        site.push_back(use(north->pid()));
    }
    // s(r) = 2 - s(r - 1): -1, 3, -1, ..., another model each round.
    QCOMPARE(study.scale(rounds - 1), -1);
    QCOMPARE(study.wrongEnd(3), QString());
    for (const auto &[who, samples] : {std::pair{"coordinator", host}, {"site", site}}) {
        QStringList course;
        for (int begin = 10; begin + 40 < rounds; begin += 30)
            course << QString("%1 to %2: %3 MiB, %4 descriptors")
                          .arg(begin)
                          .arg(begin + 40)
                          .arg(median(samples, begin, begin + 40, &Use::mebibytes), 0, 'f', 1)
                          .arg(median(samples, begin, begin + 40, &Use::files));
        qInfo("%s, rounds %s", who, qPrintable(course.join("; ")));
        const auto growth = [&](double Use::*what) {
            return median(samples, rounds - 41, rounds, what) - median(samples, 10, 50, what);
        };
        // A hundredth of the model a round would be 12 MiB by then; the allocator settles within one or two pieces of
        // what travels, 5 MiB.
        QVERIFY2(growth(&Use::mebibytes) < 12, who);
        QVERIFY2(growth(&Use::files) <= 2, who);
    }
}

QTEST_GUILESS_MAIN(tst_ManyRounds)
#include "tst_many_rounds.moc"
