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

// A segmentation's lesions and the voxels they have, in the order of memory: a map of ids for each model would take
// more room than the images.
struct Lesions
{
    std::vector<std::size_t> voxels;
    std::vector<std::int32_t> ids; // of each of the voxels
    std::vector<Lesion> list;

    explicit Lesions(const LabelMap &labels)
    {
        std::vector<std::int32_t> all;
        list = imaging::findLesions(labels, 0, &all);
        for (std::size_t i = 0; i < all.size(); ++i)
            if (all[i] != 0) {
                voxels.push_back(i);
                ids.push_back(all[i]);
            }
    }

    std::vector<bool> touchedBy(const std::vector<bool> &drawn) const
    {
        std::vector<bool> touched(list.size() + 1, false);
        for (std::size_t n = 0; n < voxels.size(); ++n)
            if (drawn[voxels[n]])
                touched[static_cast<std::size_t>(ids[n])] = true;
        return touched;
    }
};

// What one segmentation's lesions share with another's; by id, of which 0 is none.
struct Sharing
{
    std::vector<std::int64_t> voxels;  // in both
    std::vector<std::int64_t> partner; // of all lesions of the other that touch this one
};

Sharing sharing(const Lesions &lesions, const Lesions &others)
{
    Sharing shared{std::vector<std::int64_t>(lesions.list.size() + 1),
                   std::vector<std::int64_t>(lesions.list.size() + 1)};
    std::vector<std::pair<std::int32_t, std::int32_t>> pairs;
    for (std::size_t n = 0, m = 0; n < lesions.voxels.size() && m < others.voxels.size();) {
        if (lesions.voxels[n] != others.voxels[m]) {
            lesions.voxels[n] < others.voxels[m] ? ++n : ++m;
            continue;
        }
        const std::pair pair{lesions.ids[n++], others.ids[m++]};
        ++shared.voxels[static_cast<std::size_t>(pair.first)];
        if (pairs.empty() || pairs.back() != pair)
            pairs.push_back(pair);
    }
    std::sort(pairs.begin(), pairs.end());
    pairs.erase(std::unique(pairs.begin(), pairs.end()), pairs.end());
    for (const auto &[id, other] : pairs)
        shared.partner[static_cast<std::size_t>(id)] += others.list[static_cast<std::size_t>(other) - 1].voxels;
    return shared;
}

LesionFinding findingOf(const Lesion &lesion, const Geometry &grid, int drawnBy, const std::vector<Sharing> &models)
{
    LesionFinding finding;
    finding.millilitres = lesion.millilitres;
    finding.position = lookAt(lesion, grid);
    finding.inReference = drawnBy < 0;
    finding.diameter = lesion.diameter;
    finding.drawnBy = drawnBy;
    finding.id = lesion.id;
    const auto id = static_cast<std::size_t>(lesion.id);
    for (const Sharing &model : models) {
        const auto both = static_cast<double>(model.voxels[id]);
        finding.inModel.push_back(both > 0);
        finding.covered.push_back(both / static_cast<double>(lesion.voxels));
        finding.dice.push_back(2 * both / static_cast<double>(lesion.voxels + model.partner[id]));
    }
    return finding;
}

// The reference's lesions, then model by model those that nobody before it drew.
void addLesionFindings(const SharedLabels &reference, const std::vector<SharedLabels> &models, CaseFindings &findings)
{
    std::vector<Lesions> drawnByModels;
    for (std::size_t i = 0; i < models.size(); ++i) {
        drawnByModels.emplace_back(*models[i]);
        findings.models[i].lesions = static_cast<int>(drawnByModels.back().list.size());
    }
    const SharedLabels &first = reference ? reference : models.front();
    std::vector<bool> drawn(first->values.size());
    const auto addUnseen = [&](const Lesions &lesions, const Geometry &grid, int drawnBy) {
        const std::vector<bool> seen = lesions.touchedBy(drawn);
        std::vector<Sharing> inModels;
        for (const Lesions &model : drawnByModels)
            inModels.push_back(sharing(lesions, model));
        for (const Lesion &lesion : lesions.list)
            if (!seen[static_cast<std::size_t>(lesion.id)])
                findings.lesions.push_back(findingOf(lesion, grid, drawnBy, inModels));
        for (const std::size_t voxel : lesions.voxels)
            drawn[voxel] = true;
    };
    if (reference) {
        const Lesions lesions(*reference);
        findings.referenceLesions = static_cast<int>(lesions.list.size());
        addUnseen(lesions, reference->geometry, -1);
    }
    for (std::size_t i = 0; i < models.size(); ++i)
        addUnseen(drawnByModels[i], models[i]->geometry, static_cast<int>(i));
    std::stable_sort(findings.lesions.begin(), findings.lesions.end(),
                     [](const LesionFinding &a, const LesionFinding &b) { return a.millilitres > b.millilitres; });
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
                                   reference ? meanDice(*models[i], *reference, labels) : std::nullopt, 0});
    if (opened.kind == LabelKind::Structures)
        findings.structures = structureFindings(opened, reference, models);
    else
        addLesionFindings(reference, models, findings);
    return findings;
}

} // namespace consilium::viewer
