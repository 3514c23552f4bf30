// SPDX-License-Identifier: GPL-3.0-or-later
#include "learning/planning/self_configuration.h"

#include "core/plan_check.h"
#include "learning/planning/memory.h"
#include "learning/planning/topology.h"

#include <algorithm>
#include <cmath>
#include <fmt/ranges.h>

namespace consilium::learning {

namespace {

constexpr double anisotropyThreshold = 3;
constexpr int smallestExtent = 16;
constexpr int smallestBatch = 2;

template <typename Values>
std::string times(const Values &values)
{
    return fmt::format("{}", fmt::join(values, " x "));
}

int upTo(int value, int divisor)
{
    return (value + divisor - 1) / divisor * divisor;
}

/// Searches the patch, and the network with it where that is open, that training has room for.
class PatchSearch
{
public:
    PatchSearch(Plan &plan, const ImageStatistics &images, const OpenChoices &open, double memory)
        : m_plan(plan), m_open(open), m_memory(memory), m_dimensions(static_cast<std::size_t>(plan.network.dimensions))
    {
        for (std::size_t axis = 0; axis < m_dimensions; ++axis) {
            m_spacing.push_back(plan.preprocessing.spacing[axis]);
            m_median.push_back(std::max(1, static_cast<int>(std::lround(images.medianSize[axis]))));
        }
    }

    Result<> run(std::vector<std::string> &reasons)
    {
        m_plan.training.patch = firstPatch();
        fitNetwork();
        const auto first = m_plan.training.patch;
        while (!fits()) {
            if (!shrink())
                return tooSmall();
        }
        const auto &patch = m_plan.training.patch;
        const auto median = fmt::format("the median image, {} voxels", times(m_median));
        reasons.push_back(
            patch == first ? fmt::format("Patch {}: a cube in millimetres as far as {}, allows", times(patch), median)
                           : fmt::format("Patch {}: from {} made smaller where it showed the largest "
                                         "share of {}, until batches of {} fit into {}",
                                         times(patch), times(first), median, sought(), bytesText(m_memory)));
        return {};
    }

private:
    /// Equal in millimetres along all axes, with the volume of 256 cubed (the area of 2048 squared), and no larger than
    /// the median image.
    std::vector<int> firstPatch() const
    {
        const double volume = m_dimensions == 3 ? 256.0 * 256 * 256 : 2048.0 * 2048;
        double voxelSize = 1;
        for (const auto spacing : m_spacing)
            voxelSize *= spacing;
        const double side = std::pow(volume * voxelSize, 1.0 / static_cast<double>(m_dimensions));
        std::vector<int> patch;
        for (std::size_t axis = 0; axis < m_dimensions; ++axis) {
            const int extent = static_cast<int>(std::min(std::lround(side / m_spacing[axis]), 1L << 20));
            patch.push_back(std::clamp(extent, 1, m_median[axis]));
        }
        return patch;
    }

    std::vector<int> divisorOf(const std::vector<int> &patch) const
    {
        return m_open.network ? topologyFor(m_spacing, patch).divisor() : patchDivisor(m_plan.network);
    }

    /// Gives the network the resolutions the patch allows, and the patch the extents the network can halve.
    void fitNetwork()
    {
        auto &patch = m_plan.training.patch;
        if (m_open.network) {
            auto topology = topologyFor(m_spacing, patch);
            m_plan.network.features = featuresFor(topology.resolutions(), m_dimensions);
            m_plan.network.strides = std::move(topology.strides);
            m_plan.network.kernels = std::move(topology.kernels);
        }
        const auto divisor = patchDivisor(m_plan.network);
        for (std::size_t axis = 0; axis < m_dimensions; ++axis)
            patch[axis] = upTo(patch[axis], divisor[axis]);
    }

    /// How many patches the search makes room for.
    int sought() const
    {
        if (!m_open.batchSize)
            return m_plan.training.batchSize;
        return m_dimensions == 2 ? 12 : smallestBatch;
    }

    bool fits() const { return trainingMemory(m_plan).total(sought()) <= m_memory; }

    /// Makes the patch smaller along the axis where it shows the largest share of the image, by the least that the
    /// network of the smaller patch can halve; false when no axis can be.
    bool shrink()
    {
        auto &patch = m_plan.training.patch;
        std::size_t chosen = m_dimensions;
        int chosenStep = 0;
        double largest = 0;
        for (std::size_t axis = 0; axis < m_dimensions; ++axis) {
            // A smaller patch may be halved fewer times, and then in finer steps: 256 goes by way of 224 to 192.
            auto smaller = patch;
            smaller[axis] -= divisorOf(patch)[axis];
            const int step = smaller[axis] < 1 ? patch[axis] : divisorOf(smaller)[axis];
            const double share = static_cast<double>(patch[axis]) / m_median[axis];
            if (patch[axis] - step >= std::min(smallestExtent, m_median[axis]) && share > largest) {
                chosen = axis;
                chosenStep = step;
                largest = share;
            }
        }
        if (chosen == m_dimensions)
            return false;
        patch[chosen] -= chosenStep;
        fitNetwork();
        return true;
    }

    Result<> tooSmall() const
    {
        const double needed = trainingMemory(m_plan).total(sought());
        return failWithHint(
            ErrorCode::Invalid, fmt::format("Give --memory {:.0f}M or more", std::ceil(needed / 1e6)),
            "{} of memory are too little: batches of {} patches of {}, the smallest that make sense, take about {}",
            bytesText(m_memory), sought(), times(m_plan.training.patch), bytesText(needed));
    }

    Plan &m_plan;
    const OpenChoices &m_open;
    const double m_memory;
    const std::size_t m_dimensions;
    std::vector<double> m_spacing;
    std::vector<int> m_median;
};

/// The network of a patch that is given.
void networkOfPatch(Plan &plan, std::vector<std::string> &reasons)
{
    std::vector<double> spacing(plan.preprocessing.spacing.begin(),
                                plan.preprocessing.spacing.begin() + plan.network.dimensions);
    auto topology = topologyFor(std::move(spacing), plan.training.patch, true);
    plan.network.features = featuresFor(topology.resolutions(), plan.training.patch.size());
    plan.network.strides = std::move(topology.strides);
    plan.network.kernels = std::move(topology.kernels);
    reasons.push_back(fmt::format("Patch {} as asked", times(plan.training.patch)));
}

void tellNetwork(const Plan &plan, std::vector<std::string> &reasons)
{
    const auto halvings = [&plan](std::size_t axis) {
        return std::count_if(plan.network.strides.begin(), plan.network.strides.end(),
                             [axis](const auto &stride) { return stride[axis] > 1; });
    };
    std::vector<long> counts;
    for (std::size_t axis = 0; axis < plan.training.patch.size(); ++axis)
        counts.push_back(static_cast<long>(halvings(axis)));
    reasons.push_back(fmt::format("{} resolutions, halved {} times along the axes: down to maps of four to seven "
                                  "voxels, coarse axes only once the finer ones have caught up",
                                  plan.network.features.size(), times(counts)));
    const bool flat = std::any_of(plan.network.kernels.begin(), plan.network.kernels.end(), [](const auto &kernel) {
        return std::find(kernel.begin(), kernel.end(), 1) != kernel.end();
    });
    if (flat)
        reasons.emplace_back(
            "Kernels flat along the coarse axis until its spacing is less than twice the finest: across "
            "thick slices neighbours tell little");
    reasons.push_back(fmt::format("Features {}: doubling with each resolution, then held, which saves weights",
                                  fmt::join(plan.network.features, ", ")));
}

/// As many patches as the memory holds, within 5 % of all voxels.
void chooseBatch(Plan &plan, const ImageStatistics &images, double memory, std::vector<std::string> &reasons)
{
    const auto needed = trainingMemory(plan);
    double patchVoxels = 1, imageVoxels = 1;
    for (std::size_t axis = 0; axis < 3; ++axis) {
        patchVoxels *= axis < plan.training.patch.size() ? plan.training.patch[axis] : 1;
        imageVoxels *= images.medianSize[axis];
    }
    const auto channels = static_cast<double>(plan.data.channels.size());
    const double room = needed.perPatch > 0 ? std::floor((memory - needed.fixed) / needed.perPatch) : smallestBatch;
    const double share = std::round(0.05 * images.cases * imageVoxels / patchVoxels);
    const double most = std::min(4096.0, std::floor(mostValuesInABatch / (channels * patchVoxels)));
    plan.training.batchSize = static_cast<int>(
        std::clamp(std::min(room, share), double{smallestBatch}, std::max(most, double{smallestBatch})));
    const auto *why = "what the memory holds";
    if (plan.training.batchSize > std::min(room, share))
        why = "the least that training is steady with";
    else if (most < std::min(room, share))
        why = "the most that a plan may hold";
    else if (share < room)
        why = "5 % of all voxels, though the memory would hold more: larger batches of so little data overfit";
    reasons.push_back(fmt::format("Batches of {}: {}", plan.training.batchSize, why));
}

} // namespace

TargetSpacing targetSpacing(const AxisValues &median, const AxisValues &tenthPercentile, const AxisValues &medianSize)
{
    TargetSpacing target{median, -1};
    const auto coarse = static_cast<std::size_t>(std::max_element(median.begin(), median.end()) - median.begin());
    const auto one = (coarse + 1) % 3, other = (coarse + 2) % 3;
    const double coarserOther = std::max(median[one], median[other]);
    if (median[coarse] > anisotropyThreshold * coarserOther &&
        medianSize[coarse] * anisotropyThreshold < std::min(medianSize[one], medianSize[other])) {
        target.coarseAxis = static_cast<int>(coarse);
        target.spacing[coarse] = std::max(tenthPercentile[coarse], coarserOther);
    }
    return target;
}

int dimensionsFor(const ImageStatistics &images)
{
    const auto &size = images.medianSize;
    return size[2] < fewestSlices && size[2] <= std::min(size[0], size[1]) ? 2 : 3;
}

Result<> configure(Plan &plan, const ImageStatistics &images, const OpenChoices &open, double memory,
                   std::vector<std::string> &reasons)
{
    if (open.patch) {
        if (auto found = PatchSearch(plan, images, open, memory).run(reasons); !found)
            return found;
    } else if (open.network) {
        networkOfPatch(plan, reasons);
    }
    if (open.network)
        tellNetwork(plan, reasons);
    if (open.batchSize)
        chooseBatch(plan, images, memory, reasons);
    return {};
}

std::string bytesText(double bytes)
{
    return bytes >= 1e9 ? fmt::format("{:.1f} GB", bytes / 1e9) : fmt::format("{:.0f} MB", bytes / 1e6);
}

} // namespace consilium::learning
