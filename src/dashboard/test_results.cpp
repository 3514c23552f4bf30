// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/test_results.h"

#include "core/headline_metric.h"

#include <map>

namespace consilium::dashboard {

namespace {

std::optional<double> meanOf(const std::vector<TestRow> &rows, std::optional<double> TestRow::*column)
{
    double sum = 0;
    for (const auto &row : rows) {
        if (!(row.*column))
            return std::nullopt;
        sum += *(row.*column);
    }
    return rows.empty() ? std::nullopt : std::optional(sum / static_cast<double>(rows.size()));
}

} // namespace

TestResults testResults(const storage::StudySnapshot &study)
{
    struct Sums
    {
        TestRow row;
        double others = 0;
        int otherModels = 0;
    };
    std::map<std::string, Sums> sites;
    for (const auto &metric : study.metrics) {
        if (metric.split != "test" || !isHeadline(metric.name) || metric.site.empty())
            continue;
        auto &sums = sites[metric.site];
        if (metric.model == "best") {
            sums.row.federated = metric.value;
            sums.row.cases = metric.support;
        } else if (metric.model == "local-" + metric.site) {
            sums.row.own = metric.value;
        } else if (metric.model.starts_with("local-")) {
            sums.others += metric.value;
            ++sums.otherModels;
        }
    }
    TestResults results;
    for (auto &[site, sums] : sites) {
        sums.row.site = site;
        if (sums.otherModels > 0)
            sums.row.others = sums.others / sums.otherModels;
        results.mean.cases += sums.row.cases;
        results.rows.push_back(sums.row);
    }
    results.mean.federated = meanOf(results.rows, &TestRow::federated);
    results.mean.own = meanOf(results.rows, &TestRow::own);
    results.mean.others = meanOf(results.rows, &TestRow::others);
    return results;
}

} // namespace consilium::dashboard
