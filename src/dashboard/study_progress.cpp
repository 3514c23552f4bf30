// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/study_progress.h"

#include "core/headline_metric.h"

#include <algorithm>
#include <map>

namespace consilium::dashboard {

using namespace std::chrono;
using storage::MetricRow;
using storage::StudySnapshot;

namespace {

bool isValidationHeadline(const MetricRow &metric)
{
    return metric.split == "validation" && isHeadline(metric.name) && metric.model == "global";
}

bool isTrainingLoss(const MetricRow &metric)
{
    return metric.split == "training" && metric.name == "loss" && !metric.model.starts_with("local-");
}

struct RoundLoss
{
    std::optional<double> mean;
    std::map<int, double> steps;
};

} // namespace

const storage::RoundRow *currentRound(const StudySnapshot &study)
{
    const auto found = std::ranges::find(study.rounds, study.round, &storage::RoundRow::round);
    return found == study.rounds.end() ? nullptr : &*found;
}

const storage::SiteRoundRow *currentRow(const StudySnapshot &study, const std::string &site)
{
    const auto found = std::ranges::find_if(
        study.siteRounds, [&](const auto &row) { return row.round == study.round && row.site == site; });
    return found == study.siteRounds.end() ? nullptr : &*found;
}

int sitesIn(const StudySnapshot &study)
{
    return static_cast<int>(std::ranges::count_if(study.siteRounds, [&](const auto &row) {
        return row.round == study.round && row.state == SiteState::Counted;
    }));
}

std::optional<seconds> timeLeft(const StudySnapshot &study, TimePoint now)
{
    if (study.state != "running")
        return std::nullopt;
    std::vector<milliseconds> lengths;
    for (auto round = study.rounds.rbegin(); round != study.rounds.rend() && lengths.size() < 5; ++round) {
        if (round->state == RoundState::Closed && round->ended)
            lengths.push_back(*round->ended - round->started);
    }
    if (lengths.empty())
        return std::nullopt;
    std::ranges::sort(lengths);
    const auto n = lengths.size();
    const auto median = n % 2 ? lengths[n / 2] : (lengths[n / 2 - 1] + lengths[n / 2]) / 2;

    auto left = median * std::max(study.plan.federation.rounds - study.round, 0);
    if (const auto *round = currentRound(study); round && round->state != RoundState::Closed)
        left += std::max(median - (now - round->started), milliseconds(0));
    return duration_cast<seconds>(left);
}

std::optional<double> latestHeadline(const StudySnapshot &study, const std::string &site)
{
    const MetricRow *latest = nullptr;
    for (const auto &metric : study.metrics) {
        if (metric.site == site && isValidationHeadline(metric) && (!latest || metric.round >= latest->round))
            latest = &metric;
    }
    return latest ? std::optional(latest->value) : std::nullopt;
}

std::vector<SiteCurve> lossCurves(const StudySnapshot &study)
{
    std::map<std::string, std::map<int, RoundLoss>> sites;
    for (const auto &metric : study.metrics) {
        if (!isTrainingLoss(metric) || metric.site.empty())
            continue;
        auto &round = sites[metric.site][metric.round];
        if (metric.step == 0)
            round.mean = metric.value;
        else
            round.steps[metric.step] = metric.value;
    }
    const double steps = std::max(study.plan.stepsPerRound(), 1);
    std::vector<SiteCurve> curves;
    for (const auto &[site, rounds] : sites) {
        auto &curve = curves.emplace_back(SiteCurve{site, {}, {}});
        for (const auto &[round, loss] : rounds) {
            if (loss.mean) {
                curve.line.emplace_back(round, *loss.mean);
                curve.marks.push_back(curve.line.back());
                continue;
            }
            for (const auto &[step, value] : loss.steps)
                curve.line.emplace_back(round - 1 + std::min(step / steps, 1.0), value);
            if (loss.steps.rbegin()->first >= steps)
                curve.marks.push_back(curve.line.back());
        }
    }
    return curves;
}

std::vector<SiteCurve> headlineCurves(const StudySnapshot &study)
{
    std::map<std::string, std::map<int, double>> sites;
    for (const auto &metric : study.metrics) {
        if (isValidationHeadline(metric) && !metric.site.empty())
            sites[metric.site][metric.round] = metric.value;
    }
    std::vector<SiteCurve> curves;
    for (const auto &[site, rounds] : sites) {
        auto &curve = curves.emplace_back(SiteCurve{site, {}, {}});
        for (const auto &[round, value] : rounds)
            curve.line.emplace_back(round, value);
        curve.marks = curve.line;
    }
    return curves;
}

std::optional<QPointF> bestHeadline(const StudySnapshot &study)
{
    if (study.bestRound <= 0)
        return std::nullopt;
    double sum = 0, cases = 0;
    for (const auto &metric : study.metrics) {
        if (metric.round != study.bestRound || metric.site.empty() || !isValidationHeadline(metric))
            continue;
        const double weight = std::max(metric.support, 1);
        sum += weight * metric.value;
        cases += weight;
    }
    return cases > 0 ? std::optional(QPointF(study.bestRound, sum / cases)) : std::nullopt;
}

} // namespace consilium::dashboard
