// SPDX-License-Identifier: GPL-3.0-or-later
#include "learning/inference/inference.h"

#include "learning/augmentation/patch_reading.h"
#include "learning/inference/plane_slab.h"
#include "learning/network_parts.h"
#include "learning/training/precision.h"

#include <algorithm>

namespace consilium::learning {

namespace {

/// The axes of a tensor N, C, spatial that a plan's mirrored axes (0 is x) are.
std::vector<std::int64_t> mirroredAxes(const Plan &plan)
{
    std::vector<std::int64_t> axes;
    for (const int axis : plan.augmentation.mirror)
        if (plan.inference.mirror && axis < plan.network.dimensions)
            axes.push_back(plan.network.dimensions + 1 - axis);
    return axes;
}

/// N, L, spatial on the CPU: the mean of the softmax over networks and all combinations of flips. Added up where the
/// networks compute, so that one answer is copied and not one for each.
torch::Tensor probabilitiesOf(std::span<Network *const> networks, const torch::Tensor &image,
                              const std::vector<std::int64_t> &mirrored)
{
    const unsigned combinations = 1u << mirrored.size();
    torch::Tensor sum;
    for (unsigned combination = 0; combination < combinations; ++combination) {
        std::vector<std::int64_t> axes;
        for (std::size_t i = 0; i < mirrored.size(); ++i)
            if (combination >> i & 1)
                axes.push_back(mirrored[i]);
        const auto turned = axes.empty() ? image : image.flip(axes);
        for (auto *network : networks) {
            const auto &parts = network->parts();
            const auto logits = parts.body->forward(parts.prepared(turned));
            auto probabilities = torch::softmax(logits.to(torch::kFloat).contiguous(), 1);
            if (!axes.empty())
                probabilities = probabilities.flip(axes);
            sum = sum.defined() ? sum.add_(probabilities) : probabilities;
        }
    }
    const auto answers = static_cast<double>(combinations * networks.size());
    return (answers > 1 ? sum.div_(answers) : sum).to(torch::kCPU);
}

/// A sliding window over one case.
class SlidingWindow
{
public:
    SlidingWindow(std::span<Network *const> networks, const Plan &plan, const Sample &sample)
        : m_networks(networks), m_sample(sample),
          m_flat(plan.network.dimensions == 2), m_patch{m_flat ? 1 : plan.training.patch[2], plan.training.patch[1],
                                                        plan.training.patch[0]},
          m_labels(static_cast<std::int64_t>(plan.data.labels.size())), m_mirrored(mirroredAxes(plan))
    {
        for (std::size_t axis = 0; axis < 3; ++axis)
            m_axes[axis] = tilesAlong(sample.size[axis], m_patch[axis], plan.inference.overlap);
    }

    Result<> run(const InferenceOptions &options, const PlaneSink &sink)
    {
        const auto &starts = m_axes[0].starts;
        // Planes that open together: those of one tile, or of as many slices as go through the network at once.
        const std::size_t atOnce = m_flat ? s_most : 1;
        PlaneSlab slab(m_axes, m_labels, m_patch[0] + static_cast<std::int64_t>(atOnce) - 1);
        const auto perStart = m_axes[1].starts.size() * m_axes[2].starts.size();
        std::size_t done = 0;
        for (std::size_t first = 0; first < starts.size(); first += atOnce) {
            const auto end = std::min(first + atOnce, starts.size());
            const auto tiles = tilesFrom(first, end);
            for (std::size_t next = 0; next < tiles.size();) {
                const auto batch = std::span(tiles).subspan(next, std::min(tilesAtOnce(), tiles.size() - next));
                answer(batch, slab);
                next += batch.size();
                done += batch.size();
                if (options.progress &&
                    !options.progress(static_cast<double>(done) / static_cast<double>(starts.size() * perStart)))
                    return fail(ErrorCode::Cancelled, "Prediction of case {} was stopped", m_sample.id);
            }
            if (auto taken = slab.finish(end < starts.size() ? starts[end] : m_sample.size[0], sink); !taken)
                return taken;
        }
        return {};
    }

private:
    static constexpr std::size_t s_most = 8; // tiles in one pass of the network

    /// Small tiles go through the network together, as many as a tile of 64 x 64 x 64 has voxels: they keep the
    /// processor busy, and take no more memory than that.
    std::size_t tilesAtOnce() const
    {
        const auto voxels = static_cast<std::size_t>(m_patch[0] * m_patch[1] * m_patch[2]);
        return m_flat ? s_most : std::clamp<std::size_t>(64 * 64 * 64 / voxels, 1, s_most);
    }

    std::vector<Extent> tilesFrom(std::size_t first, std::size_t end) const
    {
        std::vector<Extent> tiles;
        for (std::size_t i = first; i < end; ++i)
            for (const auto y : m_axes[1].starts)
                for (const auto x : m_axes[2].starts)
                    tiles.push_back({m_axes[0].starts[i], y, x});
        return tiles;
    }

    void answer(std::span<const Extent> tiles, PlaneSlab &slab)
    {
        const auto voxels = m_patch[0] * m_patch[1] * m_patch[2];
        const auto values = m_sample.channels * voxels;
        m_image.resize(tiles.size() * values);
        for (std::size_t i = 0; i < tiles.size(); ++i) {
            Placement placement;
            placement.start = tiles[i];
            readPatch(m_sample, placement, m_patch, std::span(m_image).subspan(i * values, values), {});
        }
        std::vector<std::int64_t> shape{static_cast<std::int64_t>(tiles.size()), m_sample.channels};
        shape.insert(shape.end(), m_patch.begin() + (m_flat ? 1 : 0), m_patch.end());
        const auto answers =
            probabilitiesOf(m_networks, torch::from_blob(m_image.data(), shape), m_mirrored).contiguous();
        for (std::size_t i = 0; i < tiles.size(); ++i)
            slab.add(tiles[i], answers.data_ptr<float>() + static_cast<std::int64_t>(i) * m_labels * voxels);
    }

    std::span<Network *const> m_networks;
    const Sample &m_sample;
    bool m_flat;
    Extent m_patch; // z, y, x
    std::int64_t m_labels;
    std::vector<std::int64_t> m_mirrored;
    std::array<AxisTiles, 3> m_axes; // z, y, x
    std::vector<float> m_image;
};

} // namespace

Result<> predictPlanes(std::span<Network *const> networks, const Plan &plan, const Sample &sample,
                       const InferenceOptions &options, const PlaneSink &sink)
{
    const auto channels = static_cast<std::int64_t>(plan.data.channels.size());
    if (sample.channels != channels || static_cast<std::int64_t>(sample.image.size()) != channels * sample.voxels() ||
        sample.voxels() < 1)
        return fail(ErrorCode::Invalid, "Case {} has {} channels of {} x {} x {} voxels; the plan wants {}", sample.id,
                    sample.channels, sample.size[2], sample.size[1], sample.size[0],
                    fmt::join(plan.data.channels, ", "));
    if (networks.empty())
        return fail(ErrorCode::Invalid, "There is no network to answer for case {}", sample.id);
    return guarded("Prediction", [&]() -> Result<> {
        prepareToCompute();
        const torch::NoGradGuard frozen;
        const Precision precision(plan.training.precision, networks.front()->parts().device);
        for (auto *network : networks)
            network->parts().body->eval();
        return SlidingWindow(networks, plan, sample).run(options, sink);
    });
}

void mostProbable(std::span<const float> probabilities, std::span<std::uint8_t> labels)
{
    std::ranges::fill(labels, std::uint8_t(0));
    std::vector<float> highest(probabilities.begin(),
                               probabilities.begin() + static_cast<std::ptrdiff_t>(labels.size()));
    const auto count = probabilities.size() / labels.size();
    for (std::size_t label = 1; label < count; ++label) {
        const auto values = probabilities.subspan(label * labels.size(), labels.size());
        for (std::size_t voxel = 0; voxel < labels.size(); ++voxel) {
            if (values[voxel] > highest[voxel]) {
                highest[voxel] = values[voxel];
                labels[voxel] = static_cast<std::uint8_t>(label);
            }
        }
    }
}

} // namespace consilium::learning
