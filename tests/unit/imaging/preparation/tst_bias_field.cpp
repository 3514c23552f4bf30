// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/preparation/bias_field.h"

#include "imaging/nifti.h"
#include "imaging/preparation/brain_mask.h"
#include "support/real_data.h"
#include "synthetic_head.h"

#include <QElapsedTimer>
#include <QtTest>

using namespace consilium;
using namespace consilium::imaging;
using namespace consilium::test;

namespace {

/// Standard deviation over mean of the chosen voxels.
double variation(const Volume &image, const std::vector<bool> &chosen)
{
    double sum = 0, squares = 0, count = 0;
    for (std::size_t n = 0; n < chosen.size(); ++n) {
        if (!chosen[n])
            continue;
        sum += image.values[n];
        squares += double{image.values[n]} * image.values[n];
        ++count;
    }
    const double mean = sum / count;
    return std::sqrt(squares / count - mean * mean) / mean;
}

/// A smooth field such as a surface coil's: from about 0.7 to 1.5 over a head.
double coil(const Vec3 &p, const Vec3 &centre)
{
    const double x = (p[0] - centre[0]) / 90, y = (p[1] - centre[1]) / 110, z = (p[2] - centre[2]) / 90;
    return std::exp(0.25 * x - 0.2 * y + 0.15 * z + 0.15 * (x * x - y * z));
}

void applyCoil(Volume &image, const Vec3 &centre)
{
    std::size_t n = 0;
    for (int k = 0; k < image.geometry.size[2]; ++k)
        for (int j = 0; j < image.geometry.size[1]; ++j)
            for (int i = 0; i < image.geometry.size[0]; ++i)
                image.values[n++] *=
                    static_cast<float>(coil(image.geometry.toPatient({1.0 * i, 1.0 * j, 1.0 * k}), centre));
}

} // namespace

class tst_BiasField : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void evensOutAMadeHead();
    void takesAKnownFieldOffARealBrain_data();
    void takesAKnownFieldOffARealBrain();
    void refusesWhatHasNoTissue();
};

void tst_BiasField::evensOutAMadeHead()
{
    auto head = syntheticHead(centredGrid({127, 147, 134}, {1.5, 1.5, 1.5}), s_t1Head, 0.02, 0, 4);
    std::vector<bool> white;
    for (std::size_t n = 0; n < head.image.values.size(); ++n)
        white.push_back(head.brain.values[n] && head.image.values[n] > 0.87 * 500);
    const double before = variation(head.image, white);
    applyCoil(head.image, {});
    const double with = variation(head.image, white);
    const auto corrected = correctBias(head.image);
    QVERIFY2(corrected, corrected ? "" : corrected.error().message.c_str());
    QVERIFY(corrected->geometry == head.image.geometry);
    const double after = variation(*corrected, white);
    qInfo("White matter varies by %.1f %% without field, %.1f %% with, %.1f %% corrected", 100 * before, 100 * with,
          100 * after);
    QCOMPARE_LE(after, with / 3);
}

void tst_BiasField::takesAKnownFieldOffARealBrain_data()
{
    QTest::addColumn<QString>("patient");
    QTest::addColumn<QString>("channel");
    QTest::newRow("case-07 T1") << "case-07"
                                << "t1";
    QTest::newRow("case-19 FLAIR") << "case-19"
                                   << "flair";
}

// The images come corrected by their authors: what varies is anatomy, and only the field that is put on may go.
void tst_BiasField::takesAKnownFieldOffARealBrain()
{
    CONSILIUM_REAL_DATA(data, "ms-lesions");
    QFETCH(QString, patient);
    QFETCH(QString, channel);
    auto image = readNifti(data / patient.toStdString() / (channel.toStdString() + ".nii.gz"));
    QVERIFY(image);
    const auto mask = brainMask(*image);
    QVERIFY(mask);
    // White matter by brightness: the upper part of T1, the middle of FLAIR.
    std::vector<float> brain;
    for (std::size_t n = 0; n < image->values.size(); ++n)
        if (mask->values[n])
            brain.push_back(image->values[n]);
    std::sort(brain.begin(), brain.end());
    const auto at = [&](double share) {
        return brain[static_cast<std::size_t>(share * static_cast<double>(brain.size() - 1))];
    };
    const float low = channel == "t1" ? at(0.65) : at(0.45), high = channel == "t1" ? at(0.99) : at(0.75);
    std::vector<bool> white;
    for (std::size_t n = 0; n < image->values.size(); ++n)
        white.push_back(mask->values[n] && image->values[n] >= low && image->values[n] <= high);

    const double before = variation(*image, white);
    const auto grid = image->geometry;
    applyCoil(*image, grid.toPatient({91, 109, 91}));
    const double with = variation(*image, white);
    QElapsedTimer timer;
    timer.start();
    const auto corrected = correctBias(*image, &*mask);
    QVERIFY2(corrected, corrected ? "" : corrected.error().message.c_str());
    const double after = variation(*corrected, white);
    qInfo("White matter varies by %.1f %% without field, %.1f %% with, %.1f %% corrected; %.1f s", 100 * before,
          100 * with, 100 * after, timer.elapsed() / 1000.0);
    QCOMPARE_LE(after - before, 0.35 * (with - before));
    QCOMPARE_LE(after, 0.6 * with);
}

void tst_BiasField::refusesWhatHasNoTissue()
{
    const auto grid = centredGrid({40, 40, 40}, {4, 4, 4});
    const Volume flat{grid, std::vector<float>(64000, 0)};
    const auto none = correctBias(flat);
    QVERIFY(!none && none.error().code == ErrorCode::Invalid);
    const LabelMap elsewhere{centredGrid({40, 40, 39}, {4, 4, 4}), std::vector<std::uint8_t>(62400, 1)};
    QVERIFY(!correctBias(flat, &elsewhere));
}

QTEST_GUILESS_MAIN(tst_BiasField)
#include "tst_bias_field.moc"
