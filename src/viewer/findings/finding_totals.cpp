// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/findings/finding_totals.h"

namespace consilium::viewer {

namespace {

std::vector<FindingTotals::Region> byRegion(const LoadedCase &shown, const LesionVerdicts &verdicts,
                                            const std::vector<imaging::LesionRegion> &regions)
{
    std::vector<FindingTotals::Region> sums;
    const auto &lesions = shown.findings.lesions;
    if (regions.size() != lesions.size())
        return sums;
    for (const imaging::LesionRegion region : kRegions) {
        FindingTotals::Region sum;
        sum.region = region;
        sum.found.resize(shown.opened.predictions.size());
        for (std::size_t n = 0; n < lesions.size(); ++n) {
            if (regions[n] != region)
                continue;
            if (verdicts.at(n) == Verdict::Accepted)
                sum.accepted.add(lesions[n]);
            if (shown.opened.reference && !lesions[n].inReference)
                continue;
            sum.load.add(lesions[n]);
            for (std::size_t model = 0; model < sum.found.size(); ++model)
                sum.found[model] += lesions[n].inModel[model];
        }
        if (sum.load.lesions > 0 || sum.accepted.lesions > 0)
            sums.push_back(std::move(sum));
    }
    return sums;
}

} // namespace

FindingTotals totalsOf(const LoadedCase &shown, const LesionVerdicts &verdicts,
                       const std::vector<imaging::LesionRegion> &regions)
{
    const CaseFindings &findings = shown.findings;
    FindingTotals totals;
    if (shown.opened.reference)
        totals.reference = LesionLoad{findings.referenceLesions, findings.referenceMillilitres.value_or(0)};
    for (const ModelFinding &model : findings.models)
        totals.models.push_back({{model.lesions, model.millilitres}, 0, 0, 0, 0, 0});
    for (std::size_t n = 0; n < findings.lesions.size(); ++n) {
        const LesionFinding &lesion = findings.lesions[n];
        const Verdict verdict = verdicts.at(n);
        if (verdict == Verdict::Accepted)
            totals.accepted.add(lesion);
        totals.rejected += verdict == Verdict::Rejected;
        for (std::size_t i = 0; i < totals.models.size(); ++i) {
            FindingTotals::Model &model = totals.models[i];
            const bool drew = lesion.inModel[i];
            model.found += drew && lesion.inReference;
            model.missed += !drew && lesion.inReference;
            model.invented += drew && !lesion.inReference && shown.opened.reference.has_value();
            model.accepted += drew && verdict == Verdict::Accepted;
            model.rejected += drew && verdict == Verdict::Rejected;
        }
    }
    totals.regions = byRegion(shown, verdicts, regions);
    return totals;
}

} // namespace consilium::viewer
