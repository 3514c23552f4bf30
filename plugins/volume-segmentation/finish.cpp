// SPDX-License-Identifier: GPL-3.0-or-later
#include "finish.h"

#include "imaging/components.h"

#include <array>
#include <cmath>
#include <limits>

namespace consilium::segmentation {

namespace {

constexpr auto s_key = "finish";
constexpr double s_largestAlone = std::numeric_limits<double>::infinity();
/// Ways to finish a label: the smallest volume, in mm3, of a region that stays. The first changes nothing.
constexpr std::array s_ways{0.0, 2.0, 3.0, 5.0, 10.0, 20.0, 50.0, 100.0, 200.0, s_largestAlone};

/// Regions of one label, largest first, with the map of their ids.
struct Regions
{
    std::vector<std::int32_t> ids; // before what fills it
    std::vector<std::int64_t> voxels;
    double voxelVolume;

    Regions(const imaging::LabelMap &map, int label)
        : voxels(imaging::labelRegions(map, label, ids)), voxelVolume(map.geometry.voxelVolume())
    {
    }

    /// Whether region `id` stays.
    bool stays(std::int32_t id, double smallest) const
    {
        return std::isinf(smallest)
                   ? id == 1
                   : static_cast<double>(voxels[static_cast<std::size_t>(id - 1)]) * voxelVolume >= smallest;
    }
};

} // namespace

FinishEvidence::FinishEvidence(std::vector<std::string> labels)
    : m_labels(std::move(labels)), m_sums(m_labels.size(), std::vector<double>(s_ways.size(), 0))
{
}

void FinishEvidence::add(const imaging::LabelMap &predicted, std::span<const std::uint8_t> reference)
{
    ++m_cases;
    for (std::size_t label = 1; label < m_labels.size(); ++label) {
        const Regions regions(predicted, static_cast<int>(label));
        std::vector<std::int64_t> hits(regions.voxels.size() + 1, 0); // by id; 0 is what was missed
        std::int64_t wanted = 0;
        for (std::size_t voxel = 0; voxel < reference.size(); ++voxel) {
            if (reference[voxel] != label)
                continue;
            ++wanted;
            ++hits[static_cast<std::size_t>(regions.ids[voxel])];
        }
        for (std::size_t way = 0; way < s_ways.size(); ++way) {
            std::int64_t kept = 0, right = 0;
            for (std::size_t id = 1; id < hits.size(); ++id) {
                if (!regions.stays(static_cast<std::int32_t>(id), s_ways[way]))
                    continue;
                kept += regions.voxels[id - 1];
                right += hits[id];
            }
            m_sums[label][way] +=
                kept + wanted > 0 ? 2 * static_cast<double>(right) / static_cast<double>(kept + wanted) : 1;
        }
    }
}

Json FinishEvidence::toJson() const
{
    Json dice = Json::object();
    for (std::size_t label = 1; label < m_labels.size(); ++label)
        dice[m_labels[label]] = m_sums[label];
    return {{"cases", m_cases}, {"dice", dice}};
}

Result<> FinishEvidence::add(const Json &evidence)
{
    const auto damaged = [] {
        return fail(ErrorCode::Malformed,
                    "What validation cases say of finishing answers is damaged, or of another plan");
    };
    if (!evidence.is_object() || !evidence.contains("cases") || !evidence["cases"].is_number_integer() ||
        !evidence.contains("dice") || !evidence["dice"].is_object() || evidence["dice"].size() + 1 != m_labels.size())
        return damaged();
    auto sums = m_sums;
    for (std::size_t label = 1; label < m_labels.size(); ++label) {
        const auto of = evidence["dice"].find(m_labels[label]);
        if (of == evidence["dice"].end() || !of->is_array() || of->size() != s_ways.size())
            return damaged();
        for (std::size_t way = 0; way < s_ways.size(); ++way) {
            if (!(*of)[way].is_number())
                return damaged();
            sums[label][way] += (*of)[way].get<double>();
        }
    }
    m_sums = std::move(sums);
    m_cases += evidence["cases"].get<int>();
    return {};
}

Finish Finish::choose(const FinishEvidence &evidence)
{
    // A rise that rounding could make is none; and of two that do as well the gentler one is taken.
    constexpr double leastRise = 1e-4;
    Finish finish;
    for (std::size_t label = 1; label < evidence.m_sums.size(); ++label) {
        const auto &sums = evidence.m_sums[label];
        std::size_t best = 0;
        for (std::size_t way = 1; way < sums.size(); ++way)
            if (sums[way] > sums[best] + leastRise * evidence.m_cases)
                best = way;
        if (best > 0)
            finish.m_smallest[static_cast<int>(label)] = s_ways[best];
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
