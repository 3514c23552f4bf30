// SPDX-License-Identifier: GPL-3.0-or-later
#include "learning/inference/inference.h"

#include "learning/augmentation/augmentation.h"
#include "learning/network_parts.h"

#include <algorithm>
#include <cmath>

namespace consilium::learning {

namespace {

/// First voxels of the tiles along one axis: evenly spread, at most `stride` apart, the last one ending with the case.
/// A case smaller than a tile lies in its middle.
std::vector<std::int64_t> tileStarts(std::int64_t size, std::int64_t patch, double overlap)
{
    if (size <= patch)
        return {-((patch - size) / 2)};
    const double stride = std::max(1.0, static_cast<double>(patch) * (1 - overlap));
    const auto room = size - patch;
    const auto gaps = static_cast<std::int64_t>(std::ceil(static_cast<double>(room) / stride));
    std::vector<std::int64_t> starts;
    for (std::int64_t i = 0; i <= gaps; ++i)
        starts.push_back(std::llround(static_cast<double>(room * i) / static_cast<double>(gaps)));
    return starts;
}

/// Z, Y, X weights with maximum 1. A tile ends four deviations from its middle, so none is zero.
std::vector<float> gaussianWeights(const Extent &patch)
{
    std::array<std::vector<double>, 3> profile;
    for (int axis = 0; axis < 3; ++axis) {
        const double middle = 0.5 * static_cast<double>(patch[axis] - 1), sigma = static_cast<double>(patch[axis]) / 8;
        double largest = 0;
        for (std::int64_t i = 0; i < patch[axis]; ++i) {
            const double distance = (static_cast<double>(i) - middle) / sigma;
            profile[axis].push_back(std::exp(-0.5 * distance * distance));
            largest = std::max(largest, profile[axis].back());
        }
        for (auto &weight : profile[axis])
            weight /= largest;
    }
    std::vector<float> weights;
    weights.reserve(patch[0] * patch[1] * patch[2]);
    for (const double z : profile[0])
        for (const double y : profile[1])
            for (const double x : profile[2])
                weights.push_back(static_cast<float>(z * y * x));
    return weights;
}

/// N, L, spatial after softmax; with `mirror` the mean over all combinations of flips.
torch::Tensor probabilitiesOf(const Network::Parts &parts, const torch::Tensor &image, bool mirror)
{
    const auto spatial = image.dim() - 2;
    const int flips = mirror ? 1 << spatial : 1;
    torch::Tensor sum;
    for (int combination = 0; combination < flips; ++combination) {
        std::vector<std::int64_t> axes;
        for (int axis = 0; axis < spatial; ++axis)
            if (combination >> axis & 1)
                axes.push_back(axis + 2);
        const auto turned = axes.empty() ? image : image.flip(axes);
        auto probabilities = torch::softmax(parts.body->forward(parts.prepared(turned)).contiguous(), 1);
        if (!axes.empty())
            probabilities = probabilities.flip(axes);
        sum = sum.defined() ? sum.add_(probabilities) : probabilities;
    }
    if (flips > 1)
        sum.div_(flips);
    return sum.to(torch::kCPU).contiguous();
}

/// The weighted mean of overlapping tiles of one case.
class Mosaic
{
public:
    Mosaic(const Extent &size, const Extent &patch, std::int64_t labels, bool weighted)
        : m_size(size), m_patch(patch), m_labels(labels), m_voxels(size[0] * size[1] * size[2]),
          m_sums(labels * m_voxels)
    {
        if (weighted) {
            m_weights = gaussianWeights(patch);
            m_weightSums.resize(m_voxels);
        }
    }

    /// `tile` is L, Z, Y, X of the patch.
    void add(const Extent &start, const float *tile)
    {
        const auto tileVoxels = m_patch[0] * m_patch[1] * m_patch[2];
        Extent first, end;
        for (int axis = 0; axis < 3; ++axis) {
            first[axis] = std::max<std::int64_t>(0, -start[axis]);
            end[axis] = std::min(m_patch[axis], m_size[axis] - start[axis]);
        }
        for (std::int64_t z = first[0]; z < end[0]; ++z) {
            for (std::int64_t y = first[1]; y < end[1]; ++y) {
                const auto from = (z * m_patch[1] + y) * m_patch[2];
                const auto to = ((z + start[0]) * m_size[1] + y + start[1]) * m_size[2] + start[2];
                for (std::int64_t label = 0; label < m_labels; ++label) {
                    const float *source = tile + label * tileVoxels + from;
                    float *target = m_sums.data() + label * m_voxels + to;
                    if (m_weights.empty())
                        std::copy(source + first[2], source + end[2], target + first[2]);
                    else
                        for (std::int64_t x = first[2]; x < end[2]; ++x)
                            target[x] += m_weights[from + x] * source[x];
                }
                if (!m_weights.empty())
                    for (std::int64_t x = first[2]; x < end[2]; ++x)
                        m_weightSums[to + x] += m_weights[from + x];
            }
        }
    }

    Prediction finish() &&
    {
        if (!m_weights.empty())
            for (std::int64_t label = 0; label < m_labels; ++label)
                for (std::int64_t voxel = 0; voxel < m_voxels; ++voxel)
                    m_sums[label * m_voxels + voxel] /= m_weightSums[voxel];
        Prediction prediction;
        prediction.labels.resize(m_voxels);
        for (std::int64_t label = 1; label < m_labels; ++label)
            for (std::int64_t voxel = 0; voxel < m_voxels; ++voxel)
                if (m_sums[label * m_voxels + voxel] > m_sums[prediction.labels[voxel] * m_voxels + voxel])
                    prediction.labels[voxel] = static_cast<std::uint8_t>(label);
        prediction.probabilities = std::move(m_sums);
        return prediction;
    }

private:
    Extent m_size, m_patch;
    std::int64_t m_labels, m_voxels;
    std::vector<float> m_sums, m_weights, m_weightSums;
};

} // namespace

Result<Prediction> predict(Network &network, const Plan &plan, const Sample &sample, const InferenceOptions &options)
{
    const double overlap = plan.inference.overlap;
    const auto channels = static_cast<std::int64_t>(plan.data.channels.size());
    if (sample.channels != channels || static_cast<std::int64_t>(sample.image.size()) != channels * sample.voxels() ||
        sample.voxels() < 1)
        return fail(ErrorCode::Invalid, "Case {} has {} channels of {} x {} x {} voxels; the plan wants {}", sample.id,
                    sample.channels, sample.size[2], sample.size[1], sample.size[0],
                    fmt::join(plan.data.channels, ", "));
    return guarded("Prediction", [&]() -> Result<Prediction> {
        prepareToCompute();
        const torch::NoGradGuard frozen;
        auto &parts = network.parts();
        parts.body->eval();
        const bool flat = plan.network.dimensions == 2;
        const auto &extents = plan.training.patch;
        const Extent patch{flat ? 1 : extents[2], extents[1], extents[0]};
        const auto tileVoxels = patch[0] * patch[1] * patch[2];
        const auto labels = static_cast<std::int64_t>(plan.data.labels.size());

        std::vector<Extent> tiles;
        const auto inY = tileStarts(sample.size[1], patch[1], overlap);
        const auto inX = tileStarts(sample.size[2], patch[2], overlap);
        const auto inZ = tileStarts(sample.size[0], patch[0], flat ? 0 : overlap);
        for (const auto z : inZ)
            for (const auto y : inY)
                for (const auto x : inX)
                    tiles.push_back({z, y, x});
        const bool overlapping = inX.size() * inY.size() * (flat ? 1 : inZ.size()) > 1;
        Mosaic mosaic(sample.size, patch, labels, overlapping);

        // Slices are small: several at once keep the processor busy.
        const std::size_t atOnce = flat ? 8 : 1;
        std::vector<float> image;
        std::vector<std::uint8_t> unused(tileVoxels);
        for (std::size_t done = 0; done < tiles.size();) {
            const auto count = std::min(atOnce, tiles.size() - done);
            image.resize(count * channels * tileVoxels);
            for (std::size_t i = 0; i < count; ++i) {
                Placement placement;
                placement.start = tiles[done + i];
                readPatch(sample, placement, patch,
                          std::span(image).subspan(i * channels * tileVoxels, channels * tileVoxels), unused);
            }
            std::vector<std::int64_t> shape{static_cast<std::int64_t>(count), channels};
            for (int axis = flat ? 1 : 0; axis < 3; ++axis)
                shape.push_back(patch[axis]);
            const auto probabilities =
                probabilitiesOf(parts, torch::from_blob(image.data(), shape), plan.inference.mirror);
            for (std::size_t i = 0; i < count; ++i)
                mosaic.add(tiles[done + i], probabilities.data_ptr<float>() + i * labels * tileVoxels);
            done += count;
            if (options.progress && !options.progress(static_cast<double>(done) / static_cast<double>(tiles.size())))
                return fail(ErrorCode::Cancelled, "Prediction of case {} was stopped", sample.id);
        }
        return std::move(mosaic).finish();
    });
}

} // namespace consilium::learning
