// SPDX-License-Identifier: GPL-3.0-or-later
#include "tasks/dataset.h"

#include <QTest>
#include <map>
#include <set>

using namespace consilium;
using namespace consilium::tasks;

namespace {

/// `patients` patients with two cases each.
Dataset pairs(int patients)
{
    Dataset dataset;
    dataset.folder = "somewhere";
    for (int patient = 0; patient < patients; ++patient)
        for (const auto *visit : {"a", "b"}) {
            const auto id = fmt::format("p{}", patient);
            dataset.cases.push_back({id + visit, id, {}, std::nullopt});
        }
    return dataset;
}

std::set<std::string> patientsOf(const Dataset &dataset, const std::vector<Split> &splits, Split wanted)
{
    std::set<std::string> patients;
    for (std::size_t i = 0; i < splits.size(); ++i)
        if (splits[i] == wanted)
            patients.insert(dataset.cases[i].patient);
    return patients;
}

} // namespace

class tst_Splits : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void everyPatientValidatesOnce();
    void testCasesAreThoseOfTheFixedSplits();
    void patientsNeverPart();
    void tooFewPatientsAreRefused();
};

void tst_Splits::everyPatientValidatesOnce()
{
    const auto dataset = pairs(22);
    std::map<std::string, int> validates;
    for (int fold = 0; fold < 5; ++fold) {
        const auto splits = foldCases(dataset, 3, fold, 5);
        QVERIFY(splits);
        const auto validation = patientsOf(dataset, *splits, Split::Validation);
        QVERIFY(validation.size() == 4); // 22 patients, 2 of them test: 20 in 5 folds
        for (const auto &patient : validation)
            ++validates[patient];
        QCOMPARE(patientsOf(dataset, *splits, Split::Training).size(), std::size_t{16});
    }
    QCOMPARE(validates.size(), std::size_t{20});
    for (const auto &[patient, times] : validates)
        QCOMPARE(times, 1);
}

void tst_Splits::testCasesAreThoseOfTheFixedSplits()
{
    const auto dataset = pairs(22);
    const auto fixed = patientsOf(dataset, splitCases(dataset, 3), Split::Test);
    QCOMPARE(fixed.size(), std::size_t{2});
    for (int fold = 0; fold < 4; ++fold)
        QVERIFY(patientsOf(dataset, *foldCases(dataset, 3, fold, 4), Split::Test) == fixed);
}

void tst_Splits::patientsNeverPart()
{
    const auto dataset = pairs(9);
    const auto splits = foldCases(dataset, 1, 1, 3);
    QVERIFY(splits);
    for (std::size_t i = 0; i < splits->size(); i += 2)
        QVERIFY((*splits)[i] == (*splits)[i + 1]);
}

void tst_Splits::tooFewPatientsAreRefused()
{
    const auto dataset = pairs(4); // one tests, three are left
    QVERIFY(foldCases(dataset, 1, 2, 3));
    const auto refused = foldCases(dataset, 1, 0, 4);
    QVERIFY(!refused);
    QCOMPARE(refused.error().code, ErrorCode::Invalid);
    QVERIFY(refused.error().message.find("3 patient(s)") != std::string::npos);
    QVERIFY(!foldCases(dataset, 1, 3, 3));
}

QTEST_GUILESS_MAIN(tst_Splits)
#include "tst_splits.moc"
