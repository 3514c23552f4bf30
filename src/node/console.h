// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tasks/task.h"

#include <chrono>
#include <string>
#include <vector>

namespace consilium::node {

/// Rows of cells as lines of aligned text, two spaces between columns; the first column is flush left, the others
/// right. The first row is the heading.
std::string alignedTable(const std::vector<std::vector<std::string>> &rows);

/// One line on a terminal that is written over as work goes on; silent when standard output is not a terminal or
/// `quiet`. With `events` each becomes an event "progress" on a line of its own instead, ten a second at most.
class ProgressLine
{
public:
    explicit ProgressLine(bool quiet = false, bool events = false);
    ~ProgressLine(); ///< clears the line
    ProgressLine(const ProgressLine &) = delete;
    ProgressLine &operator=(const ProgressLine &) = delete;
    void show(const std::string &text);
    /// The events say besides how much of how much is done.
    void show(const std::string &text, std::size_t done, std::size_t total);

private:
    bool m_shown = false;
    bool m_quiet, m_events;
    std::chrono::steady_clock::time_point m_told{};
};

/// One event as a JSON line on standard output.
void printEvent(const std::string &event, const std::string &text, Json details);

/// "dice 0.871, dice:anterior 0.880, ..."
std::string metricsInWords(const std::vector<tasks::Metric> &metrics);
/// [{"name", "value", "support"}, ...]
Json toJson(const std::vector<tasks::Metric> &metrics);
/// [{"case", "dice", "dice:<label>", ...}, ...]
Json toJson(const std::vector<tasks::CaseMetrics> &cases);

} // namespace consilium::node
