// SPDX-License-Identifier: GPL-3.0-or-later
#include "node/console.h"

#include "core/event.h"
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

ProgressLine::ProgressLine(bool quiet, bool events)
    : m_quiet(quiet || events || !platform::outputIsTerminal()), m_events(events)
{
}

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

void ProgressLine::show(const std::string &text, std::size_t done, std::size_t total)
{
    if (!m_events)
        return show(text);
    const auto moment = std::chrono::steady_clock::now();
    if (done != total && moment - m_told < std::chrono::milliseconds(100))
        return;
    m_told = moment;
    const Event event{now(), "progress", {}, 0, text, {{"done", done}, {"total", total}}};
    std::cout << event.toJson().dump() << std::endl;
}

void printEvent(const std::string &event, const std::string &text, Json details)
{
    std::cout << Event{now(), event, {}, 0, text, std::move(details)}.toJson().dump() << std::endl;
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
