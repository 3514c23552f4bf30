// SPDX-License-Identifier: GPL-3.0-or-later
#include "tasks/segmentation_metrics.h"

#include "evaluation/overlap.h"

namespace consilium::tasks {

CaseMetrics segmentationMetrics(const std::string &caseId, std::span<const std::uint8_t> prediction,
                                std::span<const std::uint8_t> reference, const std::vector<std::string> &labels)
{
    CaseMetrics result{caseId, {}};
    double sum = 0;
    for (std::size_t label = 1; label < labels.size(); ++label) {
        if (const auto dice = evaluation::overlap(prediction, reference, static_cast<int>(label)).dice()) {
            result.metrics.push_back({"dice:" + labels[label], *dice, 1});
            sum += *dice;
        }
    }
    if (!result.metrics.empty())
        result.metrics.insert(result.metrics.begin(), {"dice", sum / static_cast<double>(result.metrics.size()), 1});
    return result;
}

std::vector<std::string> segmentationMetricNames(const std::vector<std::string> &labels)
{
    std::vector<std::string> names{"dice"};
    for (std::size_t label = 1; label < labels.size(); ++label)
        names.push_back("dice:" + labels[label]);
    return names;
}

} // namespace consilium::tasks
