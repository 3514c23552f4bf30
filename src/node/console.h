// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "tasks/task.h"

#include <string>
#include <vector>

namespace consilium::node {

/// Rows of cells as lines of aligned text, two spaces between columns; the first column is flush left, the others
/// right. The first row is the heading.
std::string alignedTable(const std::vector<std::vector<std::string>> &rows);

/// One line on a terminal that is written over as work goes on; silent when standard output is not a terminal or
/// `quiet`.
class ProgressLine
{
public:
    explicit ProgressLine(bool quiet = false);
    ~ProgressLine(); ///< clears the line
    ProgressLine(const ProgressLine &) = delete;
    ProgressLine &operator=(const ProgressLine &) = delete;
    void show(const std::string &text);

private:
    bool m_shown = false;
    bool m_quiet;
};

/// "dice 0.871, dice:anterior 0.880, ..."
std::string metricsInWords(const std::vector<tasks::Metric> &metrics);
/// [{"name", "value", "support"}, ...]
Json toJson(const std::vector<tasks::Metric> &metrics);
/// [{"case", "dice", "dice:<label>", ...}, ...]
Json toJson(const std::vector<tasks::CaseMetrics> &cases);

} // namespace consilium::node
