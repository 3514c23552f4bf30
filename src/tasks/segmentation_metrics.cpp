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

std::vector<Metric> meanMetrics(std::span<const CaseMetrics> cases, const std::vector<std::string> &labels)
{
    std::vector<Metric> means{{"dice", 0, 0}};
    for (std::size_t label = 1; label < labels.size(); ++label)
        means.push_back({"dice:" + labels[label], 0, 0});
    for (auto &mean : means) {
        double sum = 0;
        for (const auto &entry : cases) {
            for (const auto &metric : entry.metrics) {
                if (metric.name == mean.name) {
                    sum += metric.value;
                    ++mean.support;
                }
            }
        }
        mean.value = mean.support > 0 ? sum / mean.support : 0;
    }
    std::erase_if(means, [](const Metric &mean) { return mean.support == 0; });
    return means;
}

} // namespace consilium::tasks
