// SPDX-License-Identifier: GPL-3.0-or-later
#include "tasks/task.h"

namespace consilium::tasks {

std::vector<Metric> meanMetrics(std::span<const CaseMetrics> cases, const std::vector<std::string> &names)
{
    std::vector<Metric> means;
    for (const auto &name : names) {
        Metric mean{name, 0, 0};
        for (const auto &entry : cases) {
            for (const auto &metric : entry.metrics) {
                if (metric.name == name) {
                    mean.value += metric.value;
                    ++mean.support;
                }
            }
        }
        if (mean.support == 0)
            continue;
        mean.value /= mean.support;
        means.push_back(std::move(mean));
    }
    return means;
}

} // namespace consilium::tasks
