// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/file.h"
#include "tasks/task.h"

#include <QTemporaryDir>
#include <QTest>

using namespace consilium;
using namespace consilium::tasks;

class tst_Preset : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void findsPresetsByName_data();
    void findsPresetsByName();
    void landmarkTasksNameTheirPoints();
    void listsTheNamesThereAre();
    void takesAPath();
    void namesTheKeyThatIsMissing();
    void demoOverridesFitThePlan_data();
    void demoOverridesFitThePlan();
    void unknownPlugIn();

private:
    static Result<Plan> planOf(const Json &preset);
};

/// A preset's plan with what fingerprints would add.
Result<Plan> tst_Preset::planOf(const Json &preset)
{
    Json json = preset["plan"];
    json["format"] = 1;
    json["task"] = preset["name"];
    json["data"] = {{"kind", preset["kind"]}, {"channels", preset["channels"]}, {"labels", preset["labels"]}};
    json["preprocessing"]["normalisation"] = std::vector<std::string>(preset["channels"].size(), "zscore");
    return Plan::fromJson(json);
}

void tst_Preset::findsPresetsByName_data()
{
    QTest::addColumn<QString>("name");
    QTest::newRow("hippocampus") << "hippocampus";
    QTest::newRow("ms-lesions") << "ms-lesions";
    QTest::newRow("prostate") << "prostate";
    QTest::newRow("prostate with AH-Net") << "prostate-ahnet";
}

void tst_Preset::findsPresetsByName()
{
    QFETCH(QString, name);
    const auto preset = loadPreset(name.toStdString());
    QVERIFY2(preset, preset ? "" : preset.error().line().c_str());
    QCOMPARE((*preset)["name"].get<std::string>(), name.toStdString());
    const auto plan = planOf(*preset);
    QVERIFY2(plan, plan ? "" : plan.error().line().c_str());
    QVERIFY(loadTask((*preset)["kind"].get<std::string>()));
}

void tst_Preset::landmarkTasksNameTheirPoints()
{
    auto preset = loadPreset("spinopelvic");
    QVERIFY2(preset, preset ? "" : preset.error().line().c_str());
    // Four corners of six vertebrae, three points of the sacral endplate, two hips.
    QCOMPARE((*preset)["landmarks"].size(), 29u);
    const QTemporaryDir folder;
    const auto file = folder.filePath("no-points.json").toStdString();
    preset->erase("landmarks");
    QVERIFY(writeJson(file, *preset));
    const auto without = loadPreset(file);
    QVERIFY(!without);
    QVERIFY(QString::fromStdString(without.error().line()).contains("'landmarks'"));
}

void tst_Preset::listsTheNamesThereAre()
{
    const auto preset = loadPreset("liver");
    QVERIFY(!preset);
    QCOMPARE(preset.error().code, ErrorCode::NotFound);
    QVERIFY(QString::fromStdString(preset.error().line())
                .contains("hippocampus, ms-lesions, prostate, prostate-ahnet, spinopelvic"));
}

void tst_Preset::takesAPath()
{
    const QTemporaryDir folder;
    const auto file = folder.filePath("my-task.json").toStdString();
    QVERIFY(writeJson(file, {{"name", "mine"},
                             {"kind", "volume-segmentation"},
                             {"channels", {"CT"}},
                             {"labels", {"background", "liver"}},
                             {"plan", Json::object()}}));
    const auto preset = loadPreset(file);
    QVERIFY(preset);
    QCOMPARE((*preset)["name"].get<std::string>(), std::string("mine"));
    QVERIFY(!loadPreset(folder.filePath("absent.json").toStdString()));
}

void tst_Preset::namesTheKeyThatIsMissing()
{
    const QTemporaryDir folder;
    const auto file = folder.filePath("my-task.json").toStdString();
    QVERIFY(writeJson(
        file, {{"name", "mine"}, {"kind", "volume-segmentation"}, {"channels", {"CT"}}, {"plan", Json::object()}}));
    const auto preset = loadPreset(file);
    QVERIFY(!preset);
    QCOMPARE(preset.error().code, ErrorCode::Malformed);
    QVERIFY(QString::fromStdString(preset.error().line()).contains("'labels'"));
}

void tst_Preset::demoOverridesFitThePlan_data()
{
    QTest::addColumn<QString>("name");
    QTest::newRow("hippocampus") << "hippocampus";
    QTest::newRow("ms-lesions") << "ms-lesions";
    QTest::newRow("prostate") << "prostate";
}

void tst_Preset::demoOverridesFitThePlan()
{
    QFETCH(QString, name);
    const auto preset = loadPreset(name.toStdString());
    const auto demo = loadDemo(name.toStdString());
    QVERIFY2(demo, demo ? "" : demo.error().line().c_str());
    QVERIFY(preset);
    const auto task = loadTask("volume-segmentation");
    QVERIFY(task);
    // Sites as the phantoms make them: sizes and spacings of the same order.
    const Json site{{"format", 1},
                    {"cases", 14},
                    {"channels", (*preset)["channels"]},
                    {"labels", (*preset)["labels"]},
                    {"size", {{"median", {48, 52, 24}}}},
                    {"spacing", {{"median", {1.2, 1.2, 2.4}}}}};
    PlanRequest request;
    for (const auto &[key, value] : (*demo)["set"].items())
        request.settings.emplace_back(key, value.dump());
    std::vector<std::string> reasons;
    const std::vector sites{site, site};
    const auto plan = (*task)->plan(*preset, sites, request, reasons);
    QVERIFY2(plan, plan ? "" : plan.error().line().c_str());
    QVERIFY((*demo)["sites"].get<int>() >= 3);
    QVERIFY((*demo)["rounds"].get<int>() > 0);
    if (demo->contains("cases")) {
        QCOMPARE((*demo)["cases"].size(), (*demo)["sites"].get<std::size_t>());
        for (const auto &cases : (*demo)["cases"])
            QVERIFY(cases.get<int>() >= plan->privacy.minimumCases);
    }
}

void tst_Preset::unknownPlugIn()
{
    const auto task = loadTask("no-such-task");
    QVERIFY(!task);
    QCOMPARE(task.error().code, ErrorCode::NotFound);
    QCOMPARE(loadTask("../volume-segmentation").error().code, ErrorCode::Invalid);
}

QTEST_APPLESS_MAIN(tst_Preset)
#include "tst_preset.moc"
