// SPDX-License-Identifier: GPL-3.0-or-later
#include "volume-segmentation/finish.h"

#include <QTest>

using namespace consilium;
using namespace consilium::segmentation;

namespace {

const std::vector<std::string> s_names{"background", "lesion", "organ"};

Plan planOfNames()
{
    Plan plan;
    plan.data.labels = s_names;
    return plan;
}

/// A row of 1 mm voxels, so that a run of n voxels measures n mm3.
imaging::LabelMap row(std::vector<std::uint8_t> values)
{
    imaging::LabelMap map;
    map.geometry.size = {static_cast<int>(values.size()), 1, 1};
    map.geometry.spacing = {1, 1, 1};
    map.values = std::move(values);
    return map;
}

ModelState modelWith(std::map<std::string, std::string> metadata)
{
    ModelState model;
    model.metadata = std::move(metadata);
    return model;
}

} // namespace

class tst_Finish : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void smallFalseRegionsGo();
    void theLargestRegionStaysWhereOneIsRight();
    void nothingIsDoneWhereNothingHelps();
    void everyLabelIsTreatedByItself();
    void travelsInMetadata();
    void damagedMetadataIsNamed_data();
    void damagedMetadataIsNamed();
    void modelsThatDisagreeAreLeftAsTheyAre();
};

void tst_Finish::smallFalseRegionsGo()
{
    // Two true lesions of 4 and 5 voxels, one invented voxel: no single region is right, and every volume above 1 and
    // up to 4 mm3 does the same; the smallest is taken.
    const std::vector<FinishCase> cases{
        {row({1, 1, 1, 1, 0, 1, 0, 1, 1, 1, 1, 1}), {1, 1, 1, 1, 0, 0, 0, 1, 1, 1, 1, 1}}};
    const auto finish = Finish::choose(cases, s_names);
    QCOMPARE(finish.metadata(s_names).at("finish"), std::string(R"({"lesion":2.0})"));
    auto map = cases.front().predicted;
    finish.apply(map);
    QCOMPARE(map.values, cases.front().reference);
}

void tst_Finish::theLargestRegionStaysWhereOneIsRight()
{
    // The invented region has 300 mm3, more than any volume that is tried.
    std::vector<std::uint8_t> predicted(1000, 0), reference(1000, 0);
    std::fill_n(predicted.begin(), 300, std::uint8_t(2));
    std::fill_n(predicted.begin() + 500, 400, std::uint8_t(2));
    std::fill_n(reference.begin() + 500, 400, std::uint8_t(2));
    const std::vector<FinishCase> cases{{row(predicted), reference}};
    const auto finish = Finish::choose(cases, s_names);
    QCOMPARE(finish.metadata(s_names).at("finish"), std::string(R"({"organ":"largest"})"));
    auto map = cases.front().predicted;
    finish.apply(map);
    QCOMPARE(map.values, reference);
}

void tst_Finish::nothingIsDoneWhereNothingHelps()
{
    const std::vector<FinishCase> right{{row({1, 0, 1, 1, 0}), {1, 0, 1, 1, 0}}};
    QVERIFY(Finish::choose(right, s_names).metadata(s_names).empty());
    const std::vector<FinishCase> empty{{row({0, 0, 0}), {0, 0, 0}}};
    QVERIFY(Finish::choose(empty, s_names).metadata(s_names).empty());
    QVERIFY(Finish::choose({}, s_names).metadata(s_names).empty());
}

void tst_Finish::everyLabelIsTreatedByItself()
{
    const auto finish = Finish::of(std::vector{modelWith({{"finish", R"({"lesion":2})"}})}, planOfNames());
    QVERIFY(finish);
    auto map = row({1, 0, 2, 0, 1, 1, 2});
    finish->apply(map);
    QCOMPARE(map.values, (std::vector<std::uint8_t>{0, 0, 2, 0, 1, 1, 2}));
}

void tst_Finish::travelsInMetadata()
{
    const std::map<std::string, std::string> metadata{{"finish", R"({"lesion":3.0,"organ":"largest"})"}};
    const auto finish = Finish::of(std::vector{modelWith(metadata)}, planOfNames());
    QVERIFY(finish);
    QCOMPARE(finish->metadata(s_names), metadata);
    QVERIFY(Finish::of(std::vector{modelWith({})}, planOfNames())->metadata(s_names).empty());
}

void tst_Finish::damagedMetadataIsNamed_data()
{
    QTest::addColumn<QByteArray>("text");
    QTest::newRow("no JSON") << QByteArray("lesion");
    QTest::newRow("another label") << QByteArray(R"({"tumour": 3})");
    QTest::newRow("the background") << QByteArray(R"({"background": 3})");
    QTest::newRow("negative") << QByteArray(R"({"lesion": -3})");
    QTest::newRow("another word") << QByteArray(R"({"lesion": "smallest"})");
}

void tst_Finish::damagedMetadataIsNamed()
{
    QFETCH(QByteArray, text);
    const auto finish = Finish::of(std::vector{modelWith({{"finish", text.toStdString()}})}, planOfNames());
    QVERIFY(!finish);
    QCOMPARE(finish.error().code, ErrorCode::Malformed);
    QVERIFY(finish.error().message.find("finish") != std::string::npos);
}

void tst_Finish::modelsThatDisagreeAreLeftAsTheyAre()
{
    const std::vector<ModelState> models{modelWith({{"finish", R"({"lesion":3.0})"}}), modelWith({})};
    const auto finish = Finish::of(models, planOfNames());
    QVERIFY(finish);
    QVERIFY(finish->metadata(s_names).empty());
}

QTEST_GUILESS_MAIN(tst_Finish)
#include "tst_finish.moc"
