// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/small_dataset.h"
#include "tasks/dataset.h"

#include <QTemporaryDir>
#include <QTest>

#include <algorithm>
#include <map>
#include <set>

using namespace consilium;
using namespace consilium::tasks;
using consilium::test::SmallDataset;

class tst_Dataset : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init()
    {
        m_temporary = std::make_unique<QTemporaryDir>();
        m_dataset = std::make_unique<SmallDataset>(std::filesystem::path(m_temporary->path().toStdString()) / "data");
    }

    void readsBothSpellings_data();
    void readsBothSpellings();
    void ordersCasesAndChannels();
    void takesPatientsFromTheDescription();
    void ignoresCompanionFiles();
    void ignoresLinksThatLeadNowhere();
    void refusesDescriptions_data();
    void refusesDescriptions();
    void saysWhatAnEmptyFolderLacks();
    void namesTheCaseWithoutLabels();
    void namesTheCaseWithoutChannel();
    void namesTheCaseWithoutImages();
    void opensRealData();
    void readsChannelFileNames();
    void splitsInTenths_data();
    void splitsInTenths();
    void splitDependsOnNamesAndSeedAlone();
    void splitKeepsPatientsTogether();
    void fewPatientsAllTrain();

private:
    QString messageOf(const std::filesystem::path &folder)
    {
        const auto opened = openDataset(folder);
        return opened ? QString() : QString::fromStdString(opened.error().line());
    }

    std::unique_ptr<QTemporaryDir> m_temporary;
    std::unique_ptr<SmallDataset> m_dataset;
};

namespace {

Dataset datasetOf(int cases, int casesPerPatient = 1)
{
    Dataset dataset;
    for (int index = 0; index < cases; ++index)
        dataset.cases.push_back(
            {fmt::format("case-{:04}", index), fmt::format("patient-{}", index / casesPerPatient), {}, std::nullopt});
    return dataset;
}

} // namespace

void tst_Dataset::readsBothSpellings_data()
{
    QTest::addColumn<QString>("description");
    // nnU-Net version 2, then the Decathlon's spelling that version 1 took over, then the labels the other way round.
    QTest::newRow("version 2")
        << R"({"channel_names": {"0": "FLAIR", "1": "T1"}, "labels": {"background": 0, "lesion": 1, "scar": 2},
                                      "file_ending": ".nii.gz", "numTraining": 1})";
    QTest::newRow("version 1")
        << R"({"modality": {"0": "FLAIR", "1": "T1"}, "labels": {"0": "background", "1": "lesion", "2": "scar"}})";
    QTest::newRow("mixed")
        << R"({"channel_names": {"1": "T1", "0": "FLAIR"}, "labels": {"2": "scar", "0": "background", "1": "lesion"}})";
}

void tst_Dataset::readsBothSpellings()
{
    QFETCH(QString, description);
    const auto json = parseJson(description.toStdString());
    QVERIFY(json);
    QVERIFY(m_dataset->describe(*json) && m_dataset->touchCase("a", 2));
    const auto dataset = openDataset(m_dataset->folder());
    QVERIFY2(dataset, dataset ? "" : dataset.error().line().c_str());
    QCOMPARE(dataset->channels, (std::vector<std::string>{"FLAIR", "T1"}));
    QCOMPARE(dataset->labels, (std::vector<std::string>{"background", "lesion", "scar"}));
}

void tst_Dataset::ordersCasesAndChannels()
{
    QVERIFY(m_dataset->describe(
        {{"channel_names", {{"0", "FLAIR"}, {"1", "T1"}}}, {"labels", {{"background", 0}, {"lesion", 1}}}}));
    QVERIFY(m_dataset->touchCase("b_02", 2) && m_dataset->touchCase("a_10", 2));
    const auto dataset = openDataset(m_dataset->folder());
    QVERIFY(dataset);
    QCOMPARE(dataset->cases.size(), 2u);
    QCOMPARE(dataset->cases[0].id, std::string("a_10"));
    QCOMPARE(dataset->cases[1].channels, (std::vector{m_dataset->image("b_02", 0), m_dataset->image("b_02", 1)}));
    QCOMPARE(*dataset->cases[1].labels, m_dataset->labels("b_02"));
    QCOMPARE(dataset->cases[1].patient, std::string("b_02"));
}

void tst_Dataset::takesPatientsFromTheDescription()
{
    QVERIFY(m_dataset->describe({{"channel_names", {{"0", "T1"}}},
                                 {"labels", {{"background", 0}, {"lesion", 1}}},
                                 {"patients", {{"visit1", "Ada"}, {"visit2", "Ada"}}}}));
    QVERIFY(m_dataset->touchCase("visit1") && m_dataset->touchCase("visit2") && m_dataset->touchCase("other"));
    const auto dataset = openDataset(m_dataset->folder());
    QVERIFY(dataset);
    std::map<std::string, std::string> patients;
    for (const auto &entry : dataset->cases)
        patients[entry.id] = entry.patient;
    QCOMPARE(patients, (std::map<std::string, std::string>{{"visit1", "Ada"}, {"visit2", "Ada"}, {"other", "other"}}));
}

void tst_Dataset::ignoresCompanionFiles()
{
    QVERIFY(m_dataset->describe() && m_dataset->touchCase("a"));
    QVERIFY(writeFileAtomically(m_dataset->folder() / "imagesTr" / "._a_0000.nii.gz", "x"));
    QVERIFY(writeFileAtomically(m_dataset->folder() / "imagesTr" / "notes.txt", "x"));
    const auto dataset = openDataset(m_dataset->folder());
    QVERIFY(dataset);
    QCOMPARE(dataset->cases.size(), 1u);
}

void tst_Dataset::ignoresLinksThatLeadNowhere()
{
    QVERIFY(
        m_dataset->describe({{"channel_names", {{"0", "FLAIR"}}}, {"labels", {{"background", 0}, {"lesion", 1}}}}) &&
        m_dataset->touchCase("a", 1));
    std::error_code error;
    for (const char *folder : {"imagesTr", "labelsTr"})
        std::filesystem::create_symlink("b_0000.nii.gz", m_dataset->folder() / folder / "b_0000.nii.gz", error);
    if (error)
        QSKIP("No symbolic links here");
    const auto dataset = openDataset(m_dataset->folder());
    QVERIFY2(dataset, dataset ? "" : dataset.error().line().c_str());
    QCOMPARE(dataset->cases.size(), std::size_t{1});
}

void tst_Dataset::refusesDescriptions_data()
{
    QTest::addColumn<QString>("description");
    QTest::addColumn<QString>("names");
    QTest::newRow("no channels") << R"({"labels": {"background": 0, "lesion": 1}})"
                                 << "channel_names";
    QTest::newRow("no labels") << R"({"channel_names": {"0": "T1"}})"
                               << "labels";
    QTest::newRow("gap in labels") << R"({"channel_names": {"0": "T1"}, "labels": {"background": 0, "lesion": 2}})"
                                   << "number 1";
    QTest::newRow("no background") << R"({"channel_names": {"0": "T1"}, "labels": {"lesion": 1, "scar": 2}})"
                                   << "number 0";
    QTest::newRow("two names")
        << R"({"channel_names": {"0": "T1"}, "labels": {"background": 0, "lesion": 1, "scar": 1}})"
        << "two names";
    QTest::newRow("region")
        << R"({"channel_names": {"0": "T1"}, "labels": {"background": 0, "whole": [1, 2], "core": 1}})"
        << "whole";
    QTest::newRow("too large") << R"({"channel_names": {"0": "T1"}, "labels": {"background": 0, "lesion": 256}})"
                               << "lesion";
    QTest::newRow("file ending")
        << R"({"channel_names": {"0": "T1"}, "labels": {"background": 0, "lesion": 1}, "file_ending": ".mha"})"
        << ".mha";
    QTest::newRow("unknown patient case")
        << R"({"channel_names": {"0": "T1"}, "labels": {"background": 0, "lesion": 1}, "patients": {"zz": "Ada"}})"
        << "zz";
    QTest::newRow("list") << "[]"
                          << "dataset.json";
}

void tst_Dataset::refusesDescriptions()
{
    QFETCH(QString, description);
    QFETCH(QString, names);
    QVERIFY(m_dataset->touchCase("a"));
    QVERIFY(writeFileAtomically(m_dataset->folder() / "dataset.json", description.toStdString()));
    const auto message = messageOf(m_dataset->folder());
    QVERIFY2(message.contains(names), qPrintable(message));
    QVERIFY2(message.contains("dataset.json"), qPrintable(message));
}

void tst_Dataset::saysWhatAnEmptyFolderLacks()
{
    const auto missing = messageOf(m_dataset->folder());
    QVERIFY2(missing.contains("no dataset folder") && missing.contains("imagesTr"), qPrintable(missing));
    std::filesystem::create_directories(m_dataset->folder());
    const auto empty = messageOf(m_dataset->folder());
    QVERIFY2(empty.contains(QString::fromStdString(m_dataset->folder().string())) &&
                 empty.contains("imagesTr/CASE_0000.nii.gz"),
             qPrintable(empty));
    QVERIFY(m_dataset->describe());
    std::filesystem::create_directories(m_dataset->folder() / "imagesTr");
    const auto noCases = messageOf(m_dataset->folder());
    QVERIFY2(noCases.contains("has no cases"), qPrintable(noCases));
}

void tst_Dataset::namesTheCaseWithoutLabels()
{
    QVERIFY(m_dataset->describe() && m_dataset->touchCase("a") && m_dataset->touchCase("b"));
    std::filesystem::remove(m_dataset->labels("b"));
    const auto message = messageOf(m_dataset->folder());
    QVERIFY2(message.contains("Case b") && message.contains("b.nii.gz"), qPrintable(message));
}

void tst_Dataset::namesTheCaseWithoutChannel()
{
    QVERIFY(m_dataset->describe(
        {{"channel_names", {{"0", "FLAIR"}, {"1", "T1"}}}, {"labels", {{"background", 0}, {"lesion", 1}}}}));
    QVERIFY(m_dataset->touchCase("a", 2) && m_dataset->touchCase("b", 1));
    const auto message = messageOf(m_dataset->folder());
    QVERIFY2(message.contains("Case b") && message.contains("channel 1"), qPrintable(message));
    QVERIFY(m_dataset->touchCase("b", 3));
    QVERIFY(messageOf(m_dataset->folder()).contains("b_0002.nii.gz"));
}

void tst_Dataset::namesTheCaseWithoutImages()
{
    QVERIFY(m_dataset->describe() && m_dataset->touchCase("a") && m_dataset->touchCase("b"));
    std::filesystem::remove(m_dataset->image("b"));
    const auto message = messageOf(m_dataset->folder());
    QVERIFY2(message.contains("Case b") && message.contains("images are missing"), qPrintable(message));
}

void tst_Dataset::opensRealData()
{
    const std::filesystem::path folder =
        std::filesystem::path(qEnvironmentVariable("CONSILIUM_TEST_DATA").toStdString()) / "hippocampus";
    if (!std::filesystem::exists(folder))
        QSKIP("needs CONSILIUM_TEST_DATA/hippocampus");
    // Numbers of cases from the data's own notice.
    for (const auto &[site, cases] :
         {std::pair{"site-north", 90u}, {"site-south", 43u}, {"site-east", 31u}, {"site-west", 36u}}) {
        const auto dataset = openDataset(folder / site);
        QVERIFY2(dataset, dataset ? "" : dataset.error().line().c_str());
        QCOMPARE(dataset->cases.size(), cases);
        QCOMPARE(dataset->labels, (std::vector<std::string>{"background", "anterior", "posterior"}));
    }
}

void tst_Dataset::readsChannelFileNames()
{
    const auto name = channelFileName("/x/case_07_0001.nii.gz");
    QVERIFY(name);
    QCOMPARE(name->caseId, std::string("case_07"));
    QCOMPARE(name->channel, 1);
    QCOMPARE(channelFileName("a_0000.nii")->ending, std::string(".nii"));
    for (const auto *other :
         {"_0000.nii.gz", "a_000.nii.gz", "a-0000.nii.gz", "a_00x0.nii.gz", "a_0000.mha", "a.nii.gz"})
        QVERIFY2(!channelFileName(other), other);
}

void tst_Dataset::splitsInTenths_data()
{
    QTest::addColumn<int>("cases");
    QTest::addColumn<int>("held"); // in each of validation and test
    QTest::newRow("3") << 3 << 1;
    QTest::newRow("10") << 10 << 1;
    QTest::newRow("14") << 14 << 1;
    QTest::newRow("15") << 15 << 2; // 1.5 rounds up
    QTest::newRow("90") << 90 << 9;
    QTest::newRow("1000") << 1000 << 100;
}

void tst_Dataset::splitsInTenths()
{
    QFETCH(int, cases);
    QFETCH(int, held);
    const auto splits = splitCases(datasetOf(cases), 7);
    QCOMPARE(static_cast<int>(splits.size()), cases);
    QCOMPARE(std::count(splits.begin(), splits.end(), Split::Validation), held);
    QCOMPARE(std::count(splits.begin(), splits.end(), Split::Test), held);
}

void tst_Dataset::splitDependsOnNamesAndSeedAlone()
{
    auto dataset = datasetOf(40);
    const auto splits = splitCases(dataset, 7);
    QCOMPARE(splitCases(dataset, 7), splits);
    QVERIFY(splitCases(dataset, 8) != splits);
    std::reverse(dataset.cases.begin(), dataset.cases.end());
    auto reversed = splitCases(dataset, 7);
    std::reverse(reversed.begin(), reversed.end());
    QCOMPARE(reversed, splits);
}

void tst_Dataset::splitKeepsPatientsTogether()
{
    const auto dataset = datasetOf(60, 3);
    const auto splits = splitCases(dataset, 7);
    std::map<std::string, std::set<Split>> splitsOf;
    for (std::size_t index = 0; index < splits.size(); ++index)
        splitsOf[dataset.cases[index].patient].insert(splits[index]);
    for (const auto &[patient, found] : splitsOf)
        QVERIFY2(found.size() == 1, patient.c_str());
    QCOMPARE(std::count(splits.begin(), splits.end(), Split::Test), 6); // two of twenty patients, three cases each
}

void tst_Dataset::fewPatientsAllTrain()
{
    for (const int cases : {1, 2}) {
        const auto splits = splitCases(datasetOf(cases), 7);
        QCOMPARE(std::count(splits.begin(), splits.end(), Split::Training), cases);
    }
}

QTEST_APPLESS_MAIN(tst_Dataset)
#include "tst_dataset.moc"
