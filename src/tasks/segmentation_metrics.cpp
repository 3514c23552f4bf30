// SPDX-License-Identifier: GPL-3.0-or-later
#include "tasks/segmentation_metrics.h"

#include "evaluation/overlap.h"
#include "imaging/components.h"

#include <algorithm>

namespace consilium::tasks {

namespace {

bool isLesion(const std::string &label)
{
    return label.find("lesion") != std::string::npos;
}

} // namespace

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

CaseMetrics segmentationMetrics(const std::string &caseId, const imaging::LabelMap &prediction,
                                const imaging::LabelMap &reference, const std::vector<std::string> &labels)
{
    auto result = segmentationMetrics(caseId, prediction.values, reference.values, labels);
    if (std::ranges::none_of(labels, isLesion))
        return result;
    std::size_t lesions = 0;
    for (std::size_t label = 1; label < labels.size(); ++label) {
        std::vector<std::int32_t> ids;
        if (isLesion(labels[label]))
            lesions += imaging::labelRegions(reference, static_cast<int>(label), ids).size();
    }
    result.metrics.push_back({"lesions", static_cast<double>(lesions), 1});
    return result;
}

std::vector<std::string> segmentationMetricNames(const std::vector<std::string> &labels)
{
    std::vector<std::string> names{"dice"};
    for (std::size_t label = 1; label < labels.size(); ++label)
        names.push_back("dice:" + labels[label]);
    if (std::ranges::any_of(labels, isLesion))
        names.emplace_back("lesions");
    return names;
}

} // namespace consilium::tasks
