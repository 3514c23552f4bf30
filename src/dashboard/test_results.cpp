// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/test_results.h"

#include "core/headline_metric.h"

#include <algorithm>
#include <charconv>
#include <cmath>
#include <map>
#include <set>

namespace consilium::dashboard {

namespace {

using Kind = TestRow::Kind;

/// The number behind "round-", or 0.
int roundOf(std::string_view model)
{
    constexpr std::string_view prefix = "round-";
    int round = 0;
    if (model.starts_with(prefix))
        std::from_chars(model.data() + prefix.size(), model.data() + model.size(), round);
    return round;
}

TestRow rowOf(const std::string &model)
{
    TestRow row;
    row.model = model;
    if (model == "best") {
        row.kind = Kind::Best;
    } else if ((row.round = roundOf(model)) > 0) {
        row.kind = Kind::Round;
    } else {
        for (const auto &[prefix, kind] : {std::pair<std::string_view, Kind>{"personal-", Kind::Personal},
                                           {"update-", Kind::Update},
                                           {"local-", Kind::Local}}) {
            if (model.starts_with(prefix)) {
                row.kind = kind;
                row.owner = model.substr(prefix.size());
            }
        }
    }
    return row;
}

bool comesBefore(const TestRow &a, const TestRow &b)
{
    if (a.kind != b.kind)
        return a.kind < b.kind;
    if (a.kind == Kind::Round)
        return a.round > b.round;
    return a.model < b.model;
}

/// Of the values there are; nothing when one is missing.
class Mean
{
public:
    void add(const std::optional<double> &value)
    {
        m_complete = m_complete && value.has_value();
        m_sum += value.value_or(0);
        ++m_count;
    }
    std::optional<double> value() const
    {
        return m_complete && m_count > 0 ? std::optional(m_sum / m_count) : std::nullopt;
    }

private:
    double m_sum = 0;
    int m_count = 0;
    bool m_complete = true;
};

/// What a reader sees of a value decides which is best.
long shown(double value)
{
    return std::lround(1000 * value);
}

template <typename CellOf>
void markBest(std::vector<TestRow> &rows, CellOf cellOf)
{
    long best = -1;
    int filled = 0;
    for (auto &row : rows) {
        if (const auto &value = cellOf(row).value) {
            best = std::max(best, shown(*value));
            ++filled;
        }
    }
    for (auto &row : rows) {
        auto &cell = cellOf(row);
        cell.best = filled > 1 && cell.value && shown(*cell.value) == best;
    }
}

void summarise(TestResults &results)
{
    for (auto &row : results.rows) {
        Mean mean;
        bool counted = true;
        int lesions = 0;
        for (const auto &cell : row.cells) {
            mean.add(cell.value);
            row.mean.cases += cell.cases;
            counted = counted && cell.lesions;
            lesions += cell.lesions.value_or(0);
        }
        row.mean.value = mean.value();
        if (counted)
            row.mean.lesions = lesions;
    }
    Mean federated, own, others, personal;
    for (std::size_t column = 0; column < results.sites.size(); ++column) {
        std::optional<double> best, mine, kept;
        double sum = 0;
        int models = 0;
        for (const auto &row : results.rows) {
            const auto &value = row.cells[column].value;
            const bool home = row.owner == results.sites[column];
            if (row.kind == Kind::Best) {
                best = value;
            } else if (row.kind == Kind::Local && home) {
                mine = value;
            } else if (row.kind == Kind::Local && value) {
                sum += *value;
                ++models;
            } else if (row.kind == Kind::Personal && home) {
                kept = value;
            }
        }
        federated.add(best);
        own.add(mine);
        others.add(models > 0 ? std::optional(sum / models) : std::nullopt);
        personal.add(kept);
    }
    results.federated = federated.value();
    results.own = own.value();
    results.others = others.value();
    results.personal = personal.value();
}

} // namespace

TestResults testResults(const storage::StudySnapshot &study)
{
    TestResults results;
    std::set<std::string> sites;
    for (const auto &metric : study.metrics) {
        if (metric.split == "test" && !metric.site.empty() && isHeadline(metric.name))
            sites.insert(metric.site);
    }
    results.sites.assign(sites.begin(), sites.end());

    std::map<std::string, std::size_t> rows;
    const auto cellOf = [&](const storage::MetricRow &metric) -> TestCell & {
        const auto [found, isNew] = rows.try_emplace(metric.model, results.rows.size());
        if (isNew) {
            results.rows.push_back(rowOf(metric.model));
            results.rows.back().cells.resize(results.sites.size());
        }
        const auto column = std::ranges::lower_bound(results.sites, metric.site) - results.sites.begin();
        return results.rows[found->second].cells[static_cast<std::size_t>(column)];
    };
    for (const auto &metric : study.metrics) {
        if (metric.split != "test" || metric.site.empty())
            continue;
        if (isHeadline(metric.name)) {
            auto &cell = cellOf(metric);
            cell.value = metric.value;
            cell.cases = metric.support;
        } else if (metric.name == "lesions" && sites.contains(metric.site)) {
            cellOf(metric).lesions =
                static_cast<int>(std::lround(metric.value * metric.support)); // a mean over the cases
            results.hasLesions = true;
        }
    }
    std::ranges::sort(results.rows, comesBefore);
    summarise(results);
    for (std::size_t column = 0; column < results.sites.size(); ++column)
        markBest(results.rows, [column](TestRow &row) -> TestCell & { return row.cells[column]; });
    markBest(results.rows, [](TestRow &row) -> TestCell & { return row.mean; });
    return results;
}

} // namespace consilium::dashboard
