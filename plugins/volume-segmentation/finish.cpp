// SPDX-License-Identifier: GPL-3.0-or-later
#include "finish.h"

#include "core/json.h"
#include "evaluation/overlap.h"
#include "imaging/components.h"

#include <array>
#include <cmath>
#include <limits>

namespace consilium::segmentation {

namespace {

constexpr auto s_key = "finish";
constexpr double s_largestAlone = std::numeric_limits<double>::infinity();
constexpr std::array s_volumes{2.0, 3.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0};

/// Regions of one label, largest first, with the label map of their ids.
struct Regions
{
    std::vector<std::int32_t> ids; // before what fills it
    std::vector<imaging::Lesion> regions;

    Regions(const imaging::LabelMap &map, int label) : regions(imaging::findLesions(map, label, &ids)) {}

    /// Whether region `id` stays.
    bool stays(std::int32_t id, double smallest) const
    {
        return std::isinf(smallest) ? id == 1
                                    : 1000 * regions[static_cast<std::size_t>(id - 1)].millilitres >= smallest;
    }
};

std::optional<double> diceAfter(const FinishCase &entry, const Regions &regions, int label, double smallest)
{
    std::vector<std::uint8_t> kept(entry.reference.size(), 0);
    for (std::size_t voxel = 0; voxel < kept.size(); ++voxel) {
        const auto id = regions.ids[voxel];
        kept[voxel] = id > 0 && regions.stays(id, smallest) ? static_cast<std::uint8_t>(label) : 0;
    }
    return evaluation::overlap(kept, entry.reference, label).dice();
}

} // namespace

Finish Finish::choose(std::span<const FinishCase> cases, const std::vector<std::string> &labels)
{
    // A rise that rounding could make is none; and of two that do as well the gentler one is taken.
    constexpr double leastRise = 1e-4;
    std::vector<double> candidates(s_volumes.begin(), s_volumes.end());
    candidates.push_back(s_largestAlone);
    Finish finish;
    for (int label = 1; label < static_cast<int>(labels.size()); ++label) {
        std::vector<double> sums(candidates.size() + 1, 0);
        for (const auto &entry : cases) {
            const Regions regions(entry.predicted, label);
            sums[0] += diceAfter(entry, regions, label, 0).value_or(1);
            for (std::size_t k = 0; k < candidates.size(); ++k)
                sums[k + 1] += diceAfter(entry, regions, label, candidates[k]).value_or(1);
        }
        std::size_t best = 0;
        for (std::size_t k = 1; k < sums.size(); ++k)
            if (sums[k] > sums[best] + leastRise * static_cast<double>(cases.size()))
                best = k;
        if (best > 0)
            finish.m_smallest[label] = candidates[best - 1];
    }
    return finish;
}

Result<Finish> Finish::of(std::span<const ModelState> models, const Plan &plan)
{
    const auto text = [](const ModelState &model) {
        const auto found = model.metadata.find(s_key);
        return found == model.metadata.end() ? std::string() : found->second;
    };
    Finish finish;
    if (models.empty() || text(models.front()).empty())
        return finish;
    for (const auto &model : models)
        if (text(model) != text(models.front()))
            return finish;
    const auto damaged = [] { return fail(ErrorCode::Malformed, "The model's metadata 'finish' is damaged"); };
    const auto json = Json::parse(text(models.front()), nullptr, false);
    if (!json.is_object())
        return damaged();
    for (const auto &[name, value] : json.items()) {
        int label = 0;
        for (std::size_t k = 1; k < plan.data.labels.size(); ++k)
            if (plan.data.labels[k] == name)
                label = static_cast<int>(k);
        if (label == 0 || !(value == "largest" || (value.is_number() && value.get<double>() > 0)))
            return damaged();
        finish.m_smallest[label] = value.is_number() ? value.get<double>() : s_largestAlone;
    }
    return finish;
}

void Finish::apply(imaging::LabelMap &map) const
{
    for (const auto &[label, smallest] : m_smallest) {
        const Regions regions(map, label);
        for (std::size_t voxel = 0; voxel < map.values.size(); ++voxel) {
            const auto id = regions.ids[voxel];
            if (id > 0 && !regions.stays(id, smallest))
                map.values[voxel] = 0;
        }
    }
}

std::map<std::string, std::string> Finish::metadata(const std::vector<std::string> &labels) const
{
    if (m_smallest.empty())
        return {};
    Json json = Json::object();
    for (const auto &[label, smallest] : m_smallest)
        json[labels[static_cast<std::size_t>(label)]] = std::isinf(smallest) ? Json("largest") : Json(smallest);
    return {{s_key, json.dump()}};
}

} // namespace consilium::segmentation
