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

/// A case: what was predicted and the reference, of 1 mm voxels in a row.
using Case = std::pair<std::vector<std::uint8_t>, std::vector<std::uint8_t>>;

FinishEvidence evidenceOf(const std::vector<Case> &cases)
{
    FinishEvidence evidence(s_names);
    for (const auto &[predicted, reference] : cases)
        evidence.add(row(predicted), reference);
    return evidence;
}

} // namespace

class tst_Finish : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void smallFalseRegionsGo();
    void theLargestRegionStaysWhereOneIsRight();
    void nothingIsDoneWhereNothingHelps();
    void evidenceSumsDice();
    void foldsChooseTogether();
    void damagedEvidenceIsRefused();
    void everyLabelIsTreatedByItself();
    void travelsInMetadata();
    void damagedMetadataIsNamed_data();
    void damagedMetadataIsNamed();
    void modelsThatAgreeFinishTogether();
    void modelsThatDisagreeAreLeftAsTheyAre();
};

void tst_Finish::smallFalseRegionsGo()
{
    // Two true lesions of 4 and 5 voxels, one invented voxel: no single region is right, and every volume above 1 and
    // up to 4 mm3 does the same; the smallest is taken.
    const Case only{{1, 1, 1, 1, 0, 1, 0, 1, 1, 1, 1, 1}, {1, 1, 1, 1, 0, 0, 0, 1, 1, 1, 1, 1}};
    const auto finish = Finish::choose(evidenceOf({only}));
    QCOMPARE(finish.metadata(s_names).at("finish"), std::string(R"({"lesion":2.0})"));
    auto map = row(only.first);
    finish.apply(map);
    QCOMPARE(map.values, only.second);
}

void tst_Finish::theLargestRegionStaysWhereOneIsRight()
{
    // The invented region has 300 mm3, more than any volume that is tried.
    std::vector<std::uint8_t> predicted(1000, 0), reference(1000, 0);
    std::fill_n(predicted.begin(), 300, std::uint8_t(2));
    std::fill_n(predicted.begin() + 500, 400, std::uint8_t(2));
    std::fill_n(reference.begin() + 500, 400, std::uint8_t(2));
    const auto finish = Finish::choose(evidenceOf({{predicted, reference}}));
    QCOMPARE(finish.metadata(s_names).at("finish"), std::string(R"({"organ":"largest"})"));
    auto map = row(predicted);
    finish.apply(map);
    QCOMPARE(map.values, reference);
}

void tst_Finish::nothingIsDoneWhereNothingHelps()
{
    const Case right{{1, 0, 1, 1, 0}, {1, 0, 1, 1, 0}}, empty{{0, 0, 0}, {0, 0, 0}};
    QVERIFY(Finish::choose(evidenceOf({right})).metadata(s_names).empty());
    QVERIFY(Finish::choose(evidenceOf({empty})).metadata(s_names).empty());
    QVERIFY(Finish::choose(evidenceOf({})).metadata(s_names).empty());
}

void tst_Finish::evidenceSumsDice()
{
    // The lesion: 2 of 2 voxels right and 1 invented, Dice 4/5; without what is below 2 mm3 Dice 1; from 3 mm3 on
    // nothing is left, Dice 0, but for the largest region alone. Nobody has an organ: found.
    const auto json = evidenceOf({{{1, 1, 0, 1}, {1, 1, 0, 0}}}).toJson();
    QCOMPARE(json["cases"].get<int>(), 1);
    QCOMPARE(json["dice"]["lesion"].get<std::vector<double>>(), (std::vector<double>{0.8, 1, 0, 0, 0, 0, 0, 0, 0, 1}));
    QCOMPARE(json["dice"]["organ"].get<std::vector<double>>(), std::vector<double>(10, 1.0));
}

void tst_Finish::foldsChooseTogether()
{
    // By itself the first fold leaves out single voxels; in the other they are right, and there are more of those.
    const Case invented{{1, 1, 0, 1}, {1, 1, 0, 0}}, right{{1, 1, 0, 1}, {1, 1, 0, 1}};
    const auto first = evidenceOf({invented}), second = evidenceOf({right, right});
    QVERIFY(!Finish::choose(first).metadata(s_names).empty());
    FinishEvidence pooled(s_names);
    QVERIFY(pooled.add(first.toJson()));
    QVERIFY(pooled.add(second.toJson()));
    QVERIFY(Finish::choose(pooled).metadata(s_names).empty());
    // Added up from parts it says what all cases say at once.
    QVERIFY(pooled.toJson() == evidenceOf({invented, right, right}).toJson());
}

void tst_Finish::damagedEvidenceIsRefused()
{
    const auto good = evidenceOf({{{1}, {1}}}).toJson();
    FinishEvidence pooled(s_names);
    for (const auto *damage : {R"({"cases": "one"})", R"({"dice": 3})", R"({"dice": {"lesion": [1, 2], "organ": [1]}})",
                               R"({"dice": {"tumour": [], "organ": []}})"}) {
        auto damaged = good;
        damaged.update(Json::parse(damage));
        const auto added = pooled.add(damaged);
        QVERIFY(!added && added.error().code == ErrorCode::Malformed);
    }
    QVERIFY(!pooled.add(Json()));
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

void tst_Finish::modelsThatAgreeFinishTogether()
{
    const std::vector<ModelState> models(3, modelWith({{"finish", R"({"lesion":2.0})"}}));
    const auto finish = Finish::of(models, planOfNames());
    QVERIFY(finish);
    auto map = row({1, 0, 1, 1});
    finish->apply(map);
    QCOMPARE(map.values, (std::vector<std::uint8_t>{0, 0, 1, 1}));
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
