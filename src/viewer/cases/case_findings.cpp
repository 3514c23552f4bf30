// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/cases/case_findings.h"

#include "evaluation/overlap.h"
#include "imaging/components.h"
#include "imaging/resample.h"

#include <algorithm>

namespace consilium::viewer {

using imaging::Geometry;
using imaging::LabelMap;
using imaging::Lesion;
using imaging::Vec3;

namespace {

using SharedLabels = std::shared_ptr<const LabelMap>;

SharedLabels onGrid(const SharedLabels &labels, const Geometry &grid)
{
    return labels->geometry.sameGrid(grid) ? labels
                                           : std::make_shared<const LabelMap>(imaging::resampleLabels(*labels, grid));
}

double millilitres(const LabelMap &labels, int label = 0)
{
    const auto voxels = std::count_if(labels.values.begin(), labels.values.end(),
                                      [&](std::uint8_t value) { return label == 0 ? value != 0 : value == label; });
    return static_cast<double>(voxels) * labels.geometry.voxelVolume() / 1000;
}

Vec3 lookAt(const Lesion &lesion, const Geometry &grid)
{
    return grid.toPatient({double(lesion.peak[0]), double(lesion.peak[1]), double(lesion.peak[2])});
}

// A segmentation's lesions, and which of them each voxel belongs to.
struct Lesions
{
    std::vector<std::int32_t> ids; // before the list, which fills it
    std::vector<Lesion> list;

    explicit Lesions(const LabelMap &labels) : list(imaging::findLesions(labels, 0, &ids)) {}

    std::vector<bool> touchedBy(const LabelMap &other) const
    {
        std::vector<bool> touched(list.size() + 1, false);
        for (std::size_t i = 0; i < ids.size(); ++i)
            if (ids[i] != 0 && other.values[i] != 0)
                touched[static_cast<std::size_t>(ids[i])] = true;
        return touched;
    }
};

std::vector<LesionFinding> lesionFindings(const SharedLabels &reference, const std::vector<SharedLabels> &models)
{
    std::vector<LesionFinding> found;
    // The reference's lesions, then model by model those that nobody before it drew.
    LabelMap drawn;
    const auto addUnseen = [&](const LabelMap &labels, bool isReference) {
        const Lesions lesions(labels);
        const std::vector<bool> seen =
            drawn.values.empty() ? std::vector<bool>(lesions.list.size() + 1) : lesions.touchedBy(drawn);
        std::vector<std::vector<bool>> inModel;
        for (const SharedLabels &model : models)
            inModel.push_back(lesions.touchedBy(*model));
        for (const Lesion &lesion : lesions.list) {
            const auto id = static_cast<std::size_t>(lesion.id);
            if (seen[id])
                continue;
            LesionFinding finding{lesion.millilitres, lookAt(lesion, labels.geometry), isReference, {}};
            for (const auto &model : inModel)
                finding.inModel.push_back(model[id]);
            found.push_back(std::move(finding));
        }
        if (drawn.values.empty())
            drawn = labels;
        else
            std::transform(labels.values.begin(), labels.values.end(), drawn.values.begin(), drawn.values.begin(),
                           [](std::uint8_t a, std::uint8_t b) { return std::max(a, b); });
    };
    if (reference)
        addUnseen(*reference, true);
    for (const SharedLabels &model : models)
        addUnseen(*model, false);
    std::stable_sort(found.begin(), found.end(),
                     [](const LesionFinding &a, const LesionFinding &b) { return a.millilitres > b.millilitres; });
    return found;
}

std::vector<StructureFinding> structureFindings(const ReviewCase &opened, const SharedLabels &reference,
                                                const std::vector<SharedLabels> &models)
{
    std::vector<StructureFinding> found;
    for (int label = 1; label < static_cast<int>(opened.labels.size()); ++label) {
        StructureFinding finding;
        finding.label = label;
        finding.name = opened.labels[static_cast<std::size_t>(label)];
        if (reference)
            finding.millilitres = millilitres(*opened.reference->labels, label);
        for (std::size_t i = 0; i < models.size(); ++i) {
            finding.modelMillilitres.push_back(millilitres(*opened.predictions[i].labels, label));
            finding.dice.push_back(reference ? evaluation::overlap(models[i]->values, reference->values, label).dice()
                                             : std::nullopt);
        }
        const LabelMap &where = reference ? *reference : *models.front();
        if (const auto parts = imaging::findLesions(where, label); !parts.empty())
            finding.position = lookAt(parts.front(), where.geometry);
        found.push_back(std::move(finding));
    }
    return found;
}

std::optional<double> meanDice(const LabelMap &model, const LabelMap &reference, int labels)
{
    double sum = 0;
    int counted = 0;
    for (int label = 1; label < labels; ++label) {
        if (const auto dice = evaluation::overlap(model.values, reference.values, label).dice()) {
            sum += *dice;
            ++counted;
        }
    }
    return counted > 0 ? std::optional(sum / counted) : std::nullopt;
}

} // namespace

CaseFindings findingsOf(const ReviewCase &opened)
{
    CaseFindings findings;
    if (!opened.reference && opened.predictions.empty())
        return findings;
    const SharedLabels reference = opened.reference ? opened.reference->labels : nullptr;
    const Geometry &grid = (reference ? reference : opened.predictions.front().labels)->geometry;
    std::vector<SharedLabels> models;
    for (const Segmentation &prediction : opened.predictions)
        models.push_back(onGrid(prediction.labels, grid));

    if (reference)
        findings.referenceMillilitres = millilitres(*reference);
    const int labels = static_cast<int>(opened.labels.size());
    for (std::size_t i = 0; i < models.size(); ++i)
        findings.models.push_back({millilitres(*opened.predictions[i].labels),
                                   reference ? meanDice(*models[i], *reference, labels) : std::nullopt});
    if (opened.kind == LabelKind::Structures)
        findings.structures = structureFindings(opened, reference, models);
    else
        findings.lesions = lesionFindings(reference, models);
    return findings;
}

} // namespace consilium::viewer
