// SPDX-License-Identifier: GPL-3.0-or-later
// FedProx, SCAFFOLD and FedBN beside FedAvg, each on sites that differ in the way its paper is about: synthetic
// hippocampi, of which some sites have the front half and others the back half alone (labels), or whose scanners show
// them in other tones (features).
#include "imaging/nifti.h"
#include "support/simulated_runs.h"

#include <QTest>

#include <algorithm>
#include <cmath>
#include <filesystem>
#include <functional>
#include <tuple>
#include <vector>

using namespace consilium;
using namespace consilium::test;

namespace fs = std::filesystem;

namespace {

/// Along the axis from back to front, the part of the volume that holds `label` and no other label.
template <typename Volume>
Volume slab(const Volume &volume, int begin, int end)
{
    auto geometry = volume.geometry;
    geometry.size[1] = end - begin;
    geometry.origin = volume.geometry.toPatient({0, static_cast<double>(begin), 0});
    Volume part{geometry, {}};
    for (int k = 0; k < geometry.size[2]; ++k)
        for (int j = begin; j < end; ++j)
            for (int i = 0; i < geometry.size[0]; ++i)
                part.values.push_back(volume.values[static_cast<std::size_t>(volume.geometry.offset(i, j, k))]);
    return part;
}

/// First and one past the last index along the second axis at which `label` is.
std::pair<int, int> extentOf(const imaging::LabelMap &labels, int label)
{
    const auto &size = labels.geometry.size;
    int first = size[1], last = -1;
    for (int k = 0; k < size[2]; ++k)
        for (int j = 0; j < size[1]; ++j)
            for (int i = 0; i < size[0]; ++i)
                if (labels.values[static_cast<std::size_t>(labels.geometry.offset(i, j, k))] == label) {
                    first = std::min(first, j);
                    last = std::max(last, j);
                }
    return {first, last + 1};
}

using Change = std::function<void(imaging::Volume &image, imaging::LabelMap &labels)>;

/// Leaves the part of the case that holds `label` alone of the two.
Change half(int label)
{
    return [label](imaging::Volume &image, imaging::LabelMap &labels) {
        const auto other = extentOf(labels, 3 - label), own = extentOf(labels, label);
        int begin = 0, end = labels.geometry.size[1];
        if (own.first < other.first)
            end = other.first;
        else
            begin = other.second;
        image = slab(image, begin, end);
        labels = slab(labels, begin, end);
    };
}

/// Shows the tones from the 0.5th to the 99.5th percentile, as 0 to 1, by another curve.
Change tones(double (*curve)(double))
{
    return [curve](imaging::Volume &image, imaging::LabelMap &) {
        auto sorted = image.values;
        std::ranges::sort(sorted);
        const double low = sorted[sorted.size() / 200], high = sorted[sorted.size() - 1 - sorted.size() / 200];
        for (auto &value : image.values)
            value = static_cast<float>(1000 * curve(std::clamp((value - low) / (high - low), 0.0, 1.0)));
    };
}

} // namespace

class tst_Heterogeneity : public QObject
{
    Q_OBJECT
private Q_SLOTS:
    void driftOfManyLocalSteps();
    void otherScanners();

private:
    /// A synthetic site whose cases are changed.
    bool addSite(const QString &name, int cases, int seed, const Change &change);
    /// Outcomes with two seeds of the study, averaged.
    QMap<QString, SimulatedRuns::Outcome> study(const QStringList &sites, const QStringList &settings,
                                                const QStringList &strategies, const QString &out);

    SimulatedRuns m_runs;
};

bool tst_Heterogeneity::addSite(const QString &name, int cases, int seed, const Change &change)
{
    if (!m_runs.ran({"phantom", "--task", "hippocampus", "--out", m_runs.path(name), "--cases", QString::number(cases),
                     "--seed", QString::number(seed)}))
        return false;
    const fs::path folder = m_runs.path(name).toStdString();
    for (const auto &entry : fs::directory_iterator(folder / "labelsTr")) {
        const auto file = entry.path().filename().string();
        const auto imageFile = folder / "imagesTr" / (file.substr(0, file.size() - 7) + "_0000.nii.gz");
        auto image = imaging::readNifti(imageFile);
        auto labels = imaging::readLabels(entry.path());
        if (!image || !labels)
            return false;
        change(*image, *labels);
        if (!imaging::writeNifti(imageFile, *image) || !imaging::writeLabels(entry.path(), *labels))
            return false;
    }
    return true;
}

QMap<QString, SimulatedRuns::Outcome> tst_Heterogeneity::study(const QStringList &sites, const QStringList &settings,
                                                               const QStringList &strategies, const QString &out)
{
    QStringList data;
    for (const auto &site : sites)
        data << m_runs.path(site);
    QMap<QString, SimulatedRuns::Outcome> mean;
    for (const int seed : {7, 8}) {
        const auto name = QString("%1-%2").arg(out).arg(seed);
        if (!m_runs.plan("hippocampus", data, name + ".json",
                         QStringList{"network.dimensions=2", "network.features=[8,16,32]", "training.patch=[40,56]",
                                     "augmentation.mirror=[]", "training.batchSize=4", "training.foreground=0.6",
                                     "privacy.minimumCases=0", QString("seed=%1").arg(seed)} +
                             settings))
            return {};
        const auto outcomes = m_runs.simulate(name + ".json", data, strategies, name);
        for (const auto &strategy : strategies) {
            mean[strategy].test += outcomes[strategy].test / 2;
            mean[strategy].validation += outcomes[strategy].validation / 2;
        }
    }
    return mean;
}

void tst_Heterogeneity::driftOfManyLocalSteps()
{
    // Two sites have seen nothing but front halves, two nothing but back halves: in twenty steps of their own they
    // forget what the others know. Li et al. 2020 and Karimireddy et al. 2020 are about this; plain gradient steps, as
    // the second asks for.
    const std::vector<std::tuple<const char *, int, int>> halves{
        {"front-1", 371, 1}, {"front-2", 372, 1}, {"back-1", 367, 2}, {"back-2", 368, 2}};
    for (const auto &[site, seed, label] : halves)
        QVERIFY(addSite(site, 20, seed, half(label)));
    const QString proximal = "fedprox:proximal=0.3";
    const auto outcomes =
        study({"front-1", "front-2", "back-1", "back-2"},
              {"training.batchesPerEpoch=20", "federation.rounds=24", "evaluation.everyRounds=3",
               "training.optimizer.kind=sgd", "training.optimizer.momentum=0", "training.optimizer.nesterov=false",
               "training.optimizer.lr=0.2", "training.schedule.kind=constant"},
              {"fedavg", "scaffold", proximal}, "drift");
    QCOMPARE(outcomes.size(), 3);
    for (const auto &strategy : {QString("scaffold"), proximal}) {
        QVERIFY(outcomes[strategy].test > outcomes["fedavg"].test);
        QVERIFY(outcomes[strategy].validation > outcomes["fedavg"].validation);
    }
}

void tst_Heterogeneity::otherScanners()
{
    // The same anatomy in other tones, one of them turned over: Li et al. 2021.
    const std::vector<std::tuple<const char *, int, double (*)(double)>> scanners{
        {"plain", 31, [](double x) { return x; }},
        {"negative", 32, [](double x) { return 1 - x; }},
        {"folded", 33, [](double x) { return std::abs(2 * x - 1); }},
        {"dark", 34, [](double x) { return x * x * x; }}};
    for (const auto &[site, seed, curve] : scanners)
        QVERIFY(addSite(site, 8, seed, tones(curve)));
    const auto outcomes = study({"plain", "negative", "folded", "dark"},
                                {"training.batchesPerEpoch=20", "federation.rounds=10", "evaluation.everyRounds=2",
                                 "training.optimizer.lr=0.005"},
                                {"fedavg", "fedbn"}, "scanners");
    QCOMPARE(outcomes.size(), 2);
    QVERIFY(outcomes["fedbn"].test > outcomes["fedavg"].test);
    QVERIFY(outcomes["fedbn"].validation > outcomes["fedavg"].validation);
}

QTEST_GUILESS_MAIN(tst_Heterogeneity)
#include "tst_heterogeneity.moc"
