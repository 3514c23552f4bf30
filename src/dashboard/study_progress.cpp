// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/study_progress.h"

#include "core/headline_metric.h"

#include <algorithm>
#include <map>
#include <string_view>
#include <unordered_map>

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
    std::vector<std::pair<int, double>> steps;
};

/// What `Value` each site has in each round. Looked up once a metric: a study of a thousand sites has 100,000 of them.
template <typename Value>
class ByRound
{
public:
    Value &at(const MetricRow &metric) { return m_sites[metric.site][metric.round]; }

    /// Calls `add(curve, round, value)` for each site by name and each of its rounds in order.
    template <typename Add>
    std::vector<SiteCurve> curves(Add add)
    {
        std::vector<std::string_view> names;
        for (const auto &[site, rounds] : m_sites)
            names.push_back(site);
        std::ranges::sort(names);
        std::vector<SiteCurve> curves;
        for (const auto &name : names) {
            auto &curve = curves.emplace_back(SiteCurve{std::string(name), {}, {}});
            for (auto &[round, value] : m_sites.at(name))
                add(curve, round, value);
        }
        return curves;
    }

private:
    std::unordered_map<std::string_view, std::map<int, Value>> m_sites;
};

/// A point a round for each site, of the metrics that are meant.
template <typename IsMeant>
std::vector<SiteCurve> pointsByRound(const StudySnapshot &study, IsMeant isMeant)
{
    ByRound<double> sites;
    for (const auto &metric : study.metrics) {
        if (!metric.site.empty() && isMeant(metric))
            sites.at(metric) = metric.value;
    }
    return sites.curves([](SiteCurve &curve, int round, double value) {
        curve.line.emplace_back(round, value);
        curve.marks.push_back(curve.line.back());
    });
}

} // namespace

const storage::RoundRow *currentRound(const StudySnapshot &study)
{
    const auto found = std::ranges::find(study.rounds, study.round, &storage::RoundRow::round);
    return found == study.rounds.end() ? nullptr : &*found;
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

std::vector<SiteCurve> lossCurves(const StudySnapshot &study)
{
    ByRound<RoundLoss> sites;
    for (const auto &metric : study.metrics) {
        if (metric.site.empty() || !isTrainingLoss(metric))
            continue;
        auto &loss = sites.at(metric);
        if (metric.step == 0)
            loss.mean = metric.value;
        else if (!loss.mean)
            loss.steps.emplace_back(metric.step, metric.value);
    }
    const double steps = std::max(study.plan.stepsPerRound(), 1);
    return sites.curves([steps](SiteCurve &curve, int round, RoundLoss &loss) {
        if (loss.mean) {
            curve.line.emplace_back(round, *loss.mean);
            curve.marks.push_back(curve.line.back());
            return;
        }
        std::ranges::sort(loss.steps);
        for (const auto &[step, value] : loss.steps)
            curve.line.emplace_back(round - 1 + std::min(step / steps, 1.0), value);
        if (loss.steps.back().first >= steps)
            curve.marks.push_back(curve.line.back());
    });
}

std::vector<SiteCurve> headlineCurves(const StudySnapshot &study)
{
    return pointsByRound(study, isValidationHeadline);
}

std::vector<SiteCurve> driftCurves(const StudySnapshot &study)
{
    return pointsByRound(study, [](const MetricRow &metric) {
        return metric.split == "update" && metric.name == "update-cosine" && metric.model == "local";
    });
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
