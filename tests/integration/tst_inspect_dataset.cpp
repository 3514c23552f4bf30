// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/json.h"
#include "support/node_program.h"
#include "support/small_dataset.h"

#include <QTemporaryDir>
#include <QTest>
#include <map>
#include <set>

using namespace consilium;
using test::runNode;

namespace fs = std::filesystem;

/// What `inspect` says of each case of a dataset.
class tst_InspectDataset : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void everyCaseIsListedWithItsPatientAndSplit();
    void anotherSeedSplitsOtherwise();
    void headersAloneAreEnoughForTheList();
    void eventsTellEachThingOnce();
    void aSpacingUnlikeAllOthersIsFound();
    void aFileWrittenAnewChangesTheStamp();
    void eventsOfNoDatasetAreRefused();

private:
    QString folder() const { return m_scratch.filePath("data"); }
    Json inspected(const QStringList &more = {}) const
    {
        const auto ran = runNode(QStringList{"inspect", folder(), "--json"} + more);
        return ran.code == 0 ? parseJson(ran.out.toStdString()).value_or(Json()) : Json();
    }
    static std::map<std::string, std::string> splits(const Json &json)
    {
        std::map<std::string, std::string> found;
        for (const auto &entry : json["listing"])
            found[entry["case"]] = entry["split"];
        return found;
    }

    QTemporaryDir m_scratch;
    std::unique_ptr<test::SmallDataset> m_dataset;
};

void tst_InspectDataset::initTestCase()
{
    m_dataset = std::make_unique<test::SmallDataset>(folder().toStdString());
    Json patients = Json::object();
    for (int n = 0; n < 40; ++n) {
        const auto id = fmt::format("case-{:02}", n);
        patients[id] = fmt::format("patient-{:02}", n / 2); // two cases each
        auto grid = test::gridOf(8 + n, 9, 10);
        if (n == 11)
            grid.spacing = {1.4, 1.4, 1.4};
        QVERIFY(m_dataset->addCase(id, grid));
    }
    QVERIFY(m_dataset->describe({{"channel_names", {{"0", "T1"}}},
                                 {"labels", {{"background", 0}, {"lesion", 1}}},
                                 {"file_ending", ".nii.gz"},
                                 {"patients", patients}}));
}

void tst_InspectDataset::everyCaseIsListedWithItsPatientAndSplit()
{
    const auto json = inspected();
    QCOMPARE(json["cases"].get<int>(), 40); // what was there before is there still
    QCOMPARE(json["patients"].get<int>(), 20);
    QCOMPARE(json["quality"].size(), std::size_t{40});
    QCOMPARE(json["listing"].size(), std::size_t{40});
    std::map<std::string, std::set<std::string>> splitsOf;
    std::map<std::string, int> counts;
    for (const auto &entry : json["listing"]) {
        splitsOf[entry["patient"]].insert(entry["split"].get<std::string>());
        ++counts[entry["split"]];
        QCOMPARE(entry["dimensions"][1].get<int>(), 9);
        QCOMPARE(entry["channels"].size(), std::size_t{1});
        QVERIFY(fs::exists(entry["channels"][0].get<std::string>()));
        QVERIFY(fs::exists(entry["labels"].get<std::string>()));
    }
    for (const auto &[patient, found] : splitsOf)
        QCOMPARE(found.size(), std::size_t{1});
    // A tenth of twenty patients, two cases each, tests; another validates.
    QCOMPARE(counts, (std::map<std::string, int>{{"training", 32}, {"validation", 4}, {"test", 4}}));
}

void tst_InspectDataset::anotherSeedSplitsOtherwise()
{
    const auto usual = splits(inspected({"--headers-only"}));
    QVERIFY(usual == splits(inspected({"--headers-only", "--seed", "7"})));
    QVERIFY(usual != splits(inspected({"--headers-only", "--seed", "8"})));
}

void tst_InspectDataset::headersAloneAreEnoughForTheList()
{
    const auto json = inspected({"--headers-only"});
    QCOMPARE(json["listing"].size(), std::size_t{40});
    QVERIFY(!json.contains("quality"));
}

void tst_InspectDataset::eventsTellEachThingOnce()
{
    const auto ran = runNode({"inspect", folder(), "--events"});
    QVERIFY2(ran.code == 0, qPrintable(ran.err));
    std::map<std::string, int> counts;
    for (const auto &line : ran.out.split('\n', Qt::SkipEmptyParts)) {
        const auto event = parseJson(line.toStdString());
        QVERIFY2(event.has_value(), qPrintable(line));
        ++counts[(*event)["event"]];
    }
    QCOMPARE(counts["dataset"], 1);
    QCOMPARE(counts["case"], 40);
    QCOMPARE(counts["quality"], 40);
    QCOMPARE(counts["finished"], 1);
    QVERIFY(counts["progress"] >= 1);
}

void tst_InspectDataset::aSpacingUnlikeAllOthersIsFound()
{
    const auto failed = [](const Json &json) {
        std::map<std::string, std::string> reasons;
        for (const auto &report : json["quality"])
            if (report["verdict"] == "fail")
                reasons[report["case"]] = report["reason"];
        return reasons;
    };
    QVERIFY(failed(inspected()).empty());
    const auto found = failed(inspected({"--common-spacing"}));
    QCOMPARE(found.size(), std::size_t{1});
    QCOMPARE(found.begin()->first, std::string("case-11"));
    QVERIFY(found.begin()->second.find("1.4") != std::string::npos);
}

void tst_InspectDataset::aFileWrittenAnewChangesTheStamp()
{
    const auto stamps = [this] {
        std::map<std::string, std::string> found;
        const auto json = inspected({"--headers-only"});
        for (const auto &entry : json["listing"])
            found[entry["case"]] = entry["stamp"];
        return found;
    };
    const auto before = stamps();
    QVERIFY(before == stamps());
    fs::last_write_time(m_dataset->labels("case-05"),
                        fs::last_write_time(m_dataset->labels("case-05")) + std::chrono::seconds(5));
    auto after = stamps();
    QVERIFY(after["case-05"] != before.at("case-05"));
    after["case-05"] = before.at("case-05");
    QVERIFY(after == before);
}

void tst_InspectDataset::eventsOfNoDatasetAreRefused()
{
    QDir().mkpath(m_scratch.filePath("empty"));
    const auto ran = runNode({"inspect", m_scratch.filePath("empty"), "--events"});
    QCOMPARE(ran.code, 1);
    QCOMPARE(ran.errLines().size(), 1);
    QVERIFY(ran.err.contains("dataset.json"));
}

QTEST_GUILESS_MAIN(tst_InspectDataset)
#include "tst_inspect_dataset.moc"
