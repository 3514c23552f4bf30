// SPDX-License-Identifier: GPL-3.0-or-later
#include "node/console.h"

#include "core/platform.h"

#include <algorithm>
#include <iostream>

namespace consilium::node {

std::string alignedTable(const std::vector<std::vector<std::string>> &rows)
{
    std::vector<std::size_t> widths;
    for (const auto &row : rows) {
        widths.resize(std::max(widths.size(), row.size()), 0);
        for (std::size_t column = 0; column < row.size(); ++column)
            widths[column] = std::max(widths[column], row[column].size());
    }
    std::string text;
    for (const auto &row : rows) {
        for (std::size_t column = 0; column < row.size(); ++column)
            text += column == 0 ? fmt::format("{:<{}}", row[column], widths[column])
                                : fmt::format("  {:>{}}", row[column], widths[column]);
        text += '\n';
    }
    return text;
}

ProgressLine::ProgressLine(bool quiet) : m_quiet(quiet || !platform::outputIsTerminal()) {}

ProgressLine::~ProgressLine()
{
    if (m_shown)
        std::cout << "\r\033[K" << std::flush;
}

void ProgressLine::show(const std::string &text)
{
    if (m_quiet)
        return;
    std::cout << "\r\033[K" << text << std::flush;
    m_shown = true;
}

std::string metricsInWords(const std::vector<tasks::Metric> &metrics)
{
    std::string text;
    for (const auto &metric : metrics)
        text += fmt::format("{}{} {:.3f}", text.empty() ? "" : ", ", metric.name, metric.value);
    return text.empty() ? "no metric: no case holds any label" : text;
}

Json toJson(const std::vector<tasks::Metric> &metrics)
{
    auto json = Json::array();
    for (const auto &metric : metrics)
        json.push_back({{"name", metric.name}, {"value", metric.value}, {"support", metric.support}});
    return json;
}

Json toJson(const std::vector<tasks::CaseMetrics> &cases)
{
    auto json = Json::array();
    for (const auto &entry : cases) {
        Json row{{"case", entry.caseId}};
        for (const auto &metric : entry.metrics)
            row[metric.name] = metric.value;
        json.push_back(std::move(row));
    }
    return json;
}

} // namespace consilium::node
