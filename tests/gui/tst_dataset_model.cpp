// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/data_model.h"

#include <QAbstractItemModelTester>
#include <QTest>

using namespace consilium;
using namespace consilium::app;

class tst_DatasetModel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void casesAndPatientsAreCounted();
    void verdictsChangeTheSum();
    void numbersInNamesCountAsNumbers();
    void sizesSortByVolume();
    void theFilterTakesTextVerdictAndSplitTogether();
    void eventsOfTheNodeBecomeRows();
    void eventsOfAnotherFormAreLeftOut();

private:
    static DataCase made(const QString &id, const QString &patient, CaseSplit split, imaging::Index3 size = {8, 8, 8})
    {
        DataCase entry;
        entry.id = id;
        entry.patient = patient;
        entry.split = split;
        entry.size = size;
        entry.spacing = {1, 1, 1};
        entry.channels = {("/data/" + id + "_0000.nii.gz").toStdU16String()};
        return entry;
    }
    QStringList shown() const
    {
        QStringList ids;
        for (int row = 0; row < m_filter->rowCount(); ++row)
            ids << m_filter->index(row, DatasetModel::Case).data().toString();
        return ids;
    }

    std::unique_ptr<DatasetModel> m_model;
    std::unique_ptr<DatasetFilter> m_filter;
};

void tst_DatasetModel::init()
{
    m_model = std::make_unique<DatasetModel>();
    m_filter = std::make_unique<DatasetFilter>(*m_model);
    new QAbstractItemModelTester(m_model.get(), QAbstractItemModelTester::FailureReportingMode::QtTest, m_model.get());
    new QAbstractItemModelTester(m_filter.get(), QAbstractItemModelTester::FailureReportingMode::QtTest,
                                 m_filter.get());
    m_model->setDataset({{}, {"FLAIR", "T1"}, {"background", "lesion"}, {}, 4, {}, {}});
    m_model->append(
        {made("case-2", "anna", CaseSplit::Training), made("case-10", "berta", CaseSplit::Test, {9, 9, 1})});
    m_model->append({made("case-1", "anna", CaseSplit::Training), made("case-03", "clara", CaseSplit::Validation)});
    m_filter->sort(DatasetModel::Case);
}

void tst_DatasetModel::cleanup()
{
    m_filter.reset();
    m_model.reset();
}

void tst_DatasetModel::casesAndPatientsAreCounted()
{
    QCOMPARE(m_model->summary(), QString("4 cases of 3 patients; QC not done"));
    QCOMPARE(m_model->counts().split[static_cast<int>(CaseSplit::Training)], 2);
    m_model->clear();
    QCOMPARE(m_model->summary(), QString());
    m_model->append({made("a", "a", CaseSplit::Training)});
    QCOMPARE(m_model->summary(), QString("1 case of 1 patient; QC not done"));
}

void tst_DatasetModel::verdictsChangeTheSum()
{
    m_model->setVerdicts({{"case-1", CaseQuality::Fail, "voxel size 1.4 mm"},
                          {"case-2", CaseQuality::Pass, {}},
                          {"nobody", CaseQuality::Fail, "not here"}});
    QCOMPARE(m_model->summary(), QString("4 cases of 3 patients; 1 fails QC; 2 not checked"));
    QCOMPARE(m_model->index(m_model->rowOf("case-1"), DatasetModel::Quality).data().toString(),
             QString("fails: voxel size 1.4 mm"));
    m_model->setVerdicts({{"case-1", CaseQuality::Warn, "noise"},
                          {"case-10", CaseQuality::Pass, {}},
                          {"case-03", CaseQuality::Pass, {}}});
    QCOMPARE(m_model->summary(), QString("4 cases of 3 patients; 1 to look at"));
    m_model->setVerdicts({{"case-1", CaseQuality::Pass, {}}});
    QCOMPARE(m_model->summary(), QString("4 cases of 3 patients; all pass QC"));
}

void tst_DatasetModel::numbersInNamesCountAsNumbers()
{
    QCOMPARE(shown(), QStringList({"case-1", "case-2", "case-03", "case-10"}));
    m_filter->sort(DatasetModel::Case, Qt::DescendingOrder);
    QCOMPARE(shown(), QStringList({"case-10", "case-03", "case-2", "case-1"}));
}

void tst_DatasetModel::sizesSortByVolume()
{
    m_filter->sort(DatasetModel::Size);
    QCOMPARE(shown().first(), QString("case-10")); // 81 voxels against 512
    QCOMPARE(m_filter->index(0, DatasetModel::Size).data().toString(), QString("9 × 9"));
    QCOMPARE(m_filter->index(1, DatasetModel::Size).data().toString(), QString("8 × 8 × 8"));
}

void tst_DatasetModel::theFilterTakesTextVerdictAndSplitTogether()
{
    m_model->setVerdicts({{"case-1", CaseQuality::Fail, "Motion"}, {"case-2", CaseQuality::Fail, "spacing"}});
    m_filter->setText("anna");
    QCOMPARE(shown(), QStringList({"case-1", "case-2"}));
    m_filter->setText("ANNA motion");
    QCOMPARE(shown(), QStringList({"case-1"}));
    m_filter->setText({});
    m_filter->setQuality(CaseQuality::Unknown);
    QCOMPARE(shown(), QStringList({"case-03", "case-10"}));
    m_filter->setSplit(CaseSplit::Test);
    QCOMPARE(shown(), QStringList({"case-10"}));
    m_filter->setQuality(std::nullopt);
    m_filter->setSplit(CaseSplit::Training);
    QCOMPARE(shown(), QStringList({"case-1", "case-2"}));
    m_filter->setSplit(std::nullopt);
    QVERIFY(!m_filter->filters());
    QCOMPARE(shown().size(), 4);
    // A verdict that arrives while a filter is set moves the row in and out of sight.
    m_filter->setQuality(CaseQuality::Fail);
    QCOMPARE(shown().size(), 2);
    m_model->setVerdicts({{"case-1", CaseQuality::Pass, {}}});
    QCOMPARE(shown(), QStringList({"case-2"}));
}

void tst_DatasetModel::eventsOfTheNodeBecomeRows()
{
    const auto entry = caseFrom(Json::parse(
        R"({"event": "case", "case": "x", "patient": "p", "split": "validation", "channels": ["/a.nii", "/b.nii"],
            "labels": "/l.nii", "dimensions": [4, 5, 6], "spacing": [1, 2, 3], "orientation": "RAS", "stamp": "s"})"));
    QVERIFY(entry.has_value());
    QCOMPARE(entry->split, CaseSplit::Validation);
    QCOMPARE(entry->channels.size(), std::size_t{2});
    QCOMPARE(entry->size, (imaging::Index3{4, 5, 6}));
    QVERIFY(entry->landmarks.empty());
    const auto verdict =
        verdictFrom(Json::parse(R"({"event": "quality", "case": "x", "verdict": "warn", "reason": "noisy"})"));
    QVERIFY(verdict.has_value());
    QCOMPARE(*verdict, (CaseVerdict{"x", CaseQuality::Warn, "noisy"}));
}

void tst_DatasetModel::eventsOfAnotherFormAreLeftOut()
{
    for (const char *text : {R"({})", R"({"event": "case"})", R"({"event": "case", "case": 7})",
                             R"({"event": "quality", "case": "x", "verdict": "splendid"})", R"({"event": 3})"}) {
        QVERIFY(!caseFrom(Json::parse(text)));
        QVERIFY(!verdictFrom(Json::parse(text)));
        QVERIFY(!datasetFrom(Json::parse(text)));
    }
    // Fields of another type leave their place empty.
    const auto odd =
        caseFrom(Json::parse(R"({"event": "case", "case": "x", "dimensions": ["a", 1, 2], "spacing": 4})"));
    QVERIFY(odd.has_value());
    QCOMPARE(odd->size, (imaging::Index3{0, 0, 0}));
}

QTEST_GUILESS_MAIN(tst_DatasetModel)
#include "tst_dataset_model.moc"
