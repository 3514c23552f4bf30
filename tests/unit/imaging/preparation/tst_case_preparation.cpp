// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/preparation/case_preparation.h"

#include "imaging/canonical.h"
#include "known_offset.h"
#include "synthetic_head.h"

#include <QtTest>

using namespace consilium;
using namespace consilium::imaging;
using namespace consilium::test;

class tst_CasePreparation : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void readsSettingsAndRefusesOthers();
    void bringsAPatientOntoOneGrid();
    void leavesAloneWhatFits();
    void cropsImagesAndLabelsAlike();
    void fitsRadiographs();
    void saysWhichChannelFailed();
    void stopsWhenAsked();
};

void tst_CasePreparation::readsSettingsAndRefusesOthers()
{
    const auto settings = PreparationSettings::fromJson(Json::parse(
        R"({"reference": 1, "register": true, "biasCorrection": true, "spacing": [1, 1, 1.5], "spacingTolerance": 0.2,
            "cropToNonZero": true, "brain": true})"));
    QVERIFY(settings && settings->registerChannels && settings->biasCorrection && settings->cropToNonZero);
    QCOMPARE(settings->reference, 1);
    QCOMPARE(*settings->spacing, (Vec3{1, 1, 1.5}));
    const std::vector<std::pair<std::string, std::string>> wrong{
        {R"({"spacings": [1, 1, 1]})", "spacings"}, {R"({"spacing": [1, 1]})", "spacing"},
        {R"({"spacing": [1, 0, 1]})", "spacing"},   {R"({"register": "yes"})", "register"},
        {R"({"reference": -1})", "reference"},      {R"({"radiograph": 4})", "radiograph"}};
    for (const auto &[text, key] : wrong) {
        const auto refused = PreparationSettings::fromJson(Json::parse(text));
        QVERIFY(!refused && refused.error().message.find(key) != std::string::npos);
    }
    QVERIFY(PreparationSettings::fromJson(Json::object()));
}

// FLAIR stored sagittally on 2 mm, T1 in thick slices and moved, the label map with FLAIR: all come to lie on one
// canonical grid of the spacing asked for, and the brain is where it was.
void tst_CasePreparation::bringsAPatientOntoOneGrid()
{
    const Matrix3 turned{Vec3{0, 0, -1}, Vec3{1, 0, 0}, Vec3{0, -1, 0}};
    const auto flair = syntheticHead(centredGrid({110, 100, 95}, {2, 2, 2}, turned), s_flairHead, 0.03, 0.2, 1);
    const auto motion = rigid({4, -3, 6}, {6, -8, 4});
    const auto t1 =
        movedHeader(syntheticHead(centredGrid({100, 115, 50}, {1.9, 1.9, 4}), s_t1Head, 0.03, 0.2, 2).image, motion);
    PreparationSettings settings;
    settings.registerChannels = settings.biasCorrection = settings.brain = true;
    settings.spacing = Vec3{2.7, 2.7, 2.7};
    const auto prepared = prepareCase({flair.image, t1}, flair.brain, settings, {{"FLAIR", "T1"}, 1, {}});
    QVERIFY2(prepared, prepared ? "" : prepared.error().message.c_str());
    const auto &grid = prepared->channels[0].geometry;
    QCOMPARE(grid.orientation(), std::string("LPS"));
    QCOMPARE(grid.spacing, (Vec3{2.7, 2.7, 2.7}));
    QVERIFY(prepared->channels[1].geometry == grid && prepared->labels->geometry == grid);
    QCOMPARE_LE(std::abs(millilitres(*prepared->labels) / millilitres(flair.brain) - 1), 0.01);

    // T1's fluid is dark and its white matter bright: where the made head has them, there they are again.
    const auto truth = syntheticHead(grid, s_t1Head, 0, 0, 1);
    double xy = 0, x = 0, y = 0, xx = 0, yy = 0, count = 0;
    for (std::size_t n = 0; n < truth.image.values.size(); ++n) {
        if (!truth.inside.values[n])
            continue;
        const double a = truth.image.values[n], b = prepared->channels[1].values[n];
        x += a, y += b, xx += a * a, yy += b * b, xy += a * b, ++count;
    }
    const double correlation = (xy - x * y / count) / std::sqrt((xx - x * x / count) * (yy - y * y / count));
    qInfo("Correlation with the truth inside the skull %.3f; %s", correlation, prepared->notes.back().c_str());
    QCOMPARE_GE(correlation, 0.85);
    QCOMPARE_GE(prepared->notes.size(), std::size_t{4}); // turned, corrected, aligned, resampled
    for (const auto &channel : prepared->channels)
        QVERIFY(valueRange(channel.values).minimum >= 0); // no spline rings below what was there
}

void tst_CasePreparation::leavesAloneWhatFits()
{
    const auto head = syntheticHead(centredGrid({48, 55, 50}, {4, 4.05, 4}), s_t1Head, 0.03, 0, 3);
    PreparationSettings settings;
    settings.spacing = Vec3{4, 4, 4}; // 4.05 is within the tolerance
    const auto prepared = prepareCase({head.image}, head.brain, settings);
    QVERIFY(prepared);
    QVERIFY(prepared->channels[0].values == head.image.values);
    QVERIFY(prepared->labels->values == head.brain.values);
    QVERIFY(prepared->notes.empty());

    settings.registerChannels = true; // two contrasts that agree already
    const auto flair = syntheticHead(head.image.geometry, s_flairHead, 0.03, 0, 4);
    const auto pair = prepareCase({head.image, flair.image}, std::nullopt, settings);
    QVERIFY(pair);
    QVERIFY(pair->channels[1].values == flair.image.values);
}

void tst_CasePreparation::cropsImagesAndLabelsAlike()
{
    const auto head = syntheticHead(centredGrid({60, 60, 60}, {4, 4, 4}), s_t1Head, 0.03, 0, 3, true);
    PreparationSettings settings;
    settings.cropToNonZero = true;
    const auto prepared = prepareCase({head.image}, head.brain, settings);
    QVERIFY(prepared);
    // Voxel centres at 2, 6, ... mm within half axes of 70, 85 and 63 mm: 17, 21 and 16 to a side.
    QCOMPARE(prepared->channels[0].geometry.size, (Index3{34, 42, 32}));
    QVERIFY(prepared->labels->geometry == prepared->channels[0].geometry);
    QCOMPARE(millilitres(*prepared->labels), millilitres(head.brain));
}

void tst_CasePreparation::fitsRadiographs()
{
    Volume film{{{300, 500, 1}}, std::vector<float>(150000, 7)};
    PreparationSettings settings;
    settings.radiographSide = 64;
    const auto prepared = prepareCase({film}, std::nullopt, settings);
    QVERIFY(prepared);
    QCOMPARE(prepared->channels[0].geometry.size, (Index3{64, 64, 1}));
}

void tst_CasePreparation::saysWhichChannelFailed()
{
    const auto head = syntheticHead(centredGrid({48, 55, 50}, {4, 4, 4}), s_t1Head, 0.03, 0, 3);
    const Volume flat{head.image.geometry, std::vector<float>(head.image.values.size(), 5)};
    PreparationSettings settings;
    settings.registerChannels = true;
    const auto prepared = prepareCase({head.image, flat}, std::nullopt, settings, {{"FLAIR", "T1"}, 1, {}});
    QVERIFY(!prepared);
    QVERIFY2(prepared.error().message.starts_with("T1 could not be aligned to FLAIR"),
             prepared.error().message.c_str());
    settings.reference = 2;
    QVERIFY(!prepareCase({head.image, flat}, std::nullopt, settings));
}

void tst_CasePreparation::stopsWhenAsked()
{
    const auto stopped =
        prepareCase({{{{4, 4, 4}}, std::vector<float>(64, 1)}}, std::nullopt, {}, {{}, 1, [] { return true; }});
    QVERIFY(!stopped && stopped.error().code == ErrorCode::Cancelled);
}

QTEST_GUILESS_MAIN(tst_CasePreparation)
#include "tst_case_preparation.moc"
