// SPDX-License-Identifier: GPL-3.0-or-later
#include "evaluation/lesion_metrics.h"

#include <algorithm>
#include <cassert>

namespace consilium::evaluation {

namespace {

std::optional<double> share(std::size_t part, std::size_t rest)
{
    if (part + rest == 0)
        return std::nullopt;
    return static_cast<double>(part) / static_cast<double>(part + rest);
}

constexpr char Absent = 0, Alone = 1, Touching = 2;

// Marks by id, at least up to the largest there is.
std::vector<char> marksFor(std::span<const std::int32_t> ids)
{
    const auto largest = ids.empty() ? 0 : std::max(0, *std::max_element(ids.begin(), ids.end()));
    return std::vector<char>(static_cast<std::size_t>(largest) + 1, Absent);
}

void sortOut(const std::vector<char> &marks, std::vector<std::int32_t> &touching, std::vector<std::int32_t> &alone)
{
    for (std::size_t id = 1; id < marks.size(); ++id) {
        if (marks[id] == Touching)
            touching.push_back(static_cast<std::int32_t>(id));
        else if (marks[id] == Alone)
            alone.push_back(static_cast<std::int32_t>(id));
    }
}

} // namespace

std::optional<double> LesionDetection::sensitivity() const
{
    return share(found.size(), missed.size());
}

std::optional<double> LesionDetection::precision() const
{
    return share(matched.size(), invented.size());
}

std::optional<double> LesionDetection::f1() const
{
    const auto s = sensitivity(), p = precision();
    if (!s && !p)
        return std::nullopt;
    if (!s || !p || *s + *p == 0)
        return 0;
    return 2 * *s * *p / (*s + *p);
}

LesionDetection lesionDetection(std::span<const std::int32_t> predictionIds, std::span<const std::int32_t> referenceIds)
{
    assert(predictionIds.size() == referenceIds.size());
    auto predicted = marksFor(predictionIds), reference = marksFor(referenceIds);
    for (std::size_t n = 0; n < predictionIds.size(); ++n) {
        const auto p = static_cast<std::size_t>(std::max(0, predictionIds[n]));
        const auto r = static_cast<std::size_t>(std::max(0, referenceIds[n]));
        const bool both = p > 0 && r > 0;
        predicted[p] = both ? Touching : std::max(predicted[p], Alone);
        reference[r] = both ? Touching : std::max(reference[r], Alone);
    }
    LesionDetection detection;
    sortOut(reference, detection.found, detection.missed);
    sortOut(predicted, detection.matched, detection.invented);
    return detection;
}

} // namespace consilium::evaluation
