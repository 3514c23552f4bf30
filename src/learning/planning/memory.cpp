// SPDX-License-Identifier: GPL-3.0-or-later
#include "learning/planning/memory.h"

#include "learning/planning/network_shape.h"

namespace consilium::learning {

namespace {

/// What a network amounts to in one pass over one patch, norms and biases left out.
struct Amounts
{
    double numbers = 0; ///< kept for the backward pass
    double weights = 0;
};

double product(const std::vector<int> &values)
{
    double result = 1;
    for (const auto value : values)
        result *= value;
    return result;
}

/// The U-Nets: encoder of plain convolutions or residual blocks, decoder of a transposed convolution and two
/// convolutions (plain) or one (residual) at each resolution.
class UNetAmounts
{
public:
    explicit UNetAmounts(const Plan &plan) : m_plan(plan), m_network(plan.network) {}

    Amounts count()
    {
        const auto resolutions = m_network.features.size();
        std::vector<double> voxels{product(m_plan.training.patch)};
        for (std::size_t k = 1; k < resolutions; ++k)
            voxels.push_back(voxels.back() / product(strideAt(m_network, k)));
        for (std::size_t k = 0; k < resolutions; ++k)
            encode(k, voxels[k]);
        for (std::size_t k = 0; k + 1 < resolutions; ++k)
            decode(k, voxels[k]);
        return m_amounts;
    }

private:
    bool residual() const { return m_network.kind == "residual-unet"; }
    double kernel(std::size_t k) const { return product(kernelAt(m_network, k)); }

    void convolution(double in, double out, double kernelVoxels, double voxels)
    {
        m_amounts.numbers += out * voxels;
        m_amounts.weights += in * out * kernelVoxels;
    }

    void encode(std::size_t k, double voxels)
    {
        const double out = m_network.features[k];
        double in = k == 0 ? static_cast<double>(m_plan.data.channels.size()) : m_network.features[k - 1];
        if (residual() && k == 0) {
            convolution(in, out, kernel(k), voxels); // the stem
            in = out;
        }
        for (int block = 0; block < blocksAt(m_network, k); ++block) {
            if (residual()) {
                convolution(out, out, kernel(k), voxels);
                if (in != out)
                    convolution(in, out, 1, voxels); // what the block is added to
            }
            convolution(in, out, kernel(k), voxels);
            in = out;
        }
    }

    void decode(std::size_t k, double voxels)
    {
        const double features = m_network.features[k];
        const auto outputs = static_cast<double>(m_plan.outputs());
        convolution(m_network.features[k + 1], features, product(strideAt(m_network, k + 1)), voxels);
        convolution(2 * features, features, kernel(k), voxels);
        if (!residual())
            convolution(features, features, kernel(k), voxels);
        if (k == 0 || m_network.deepSupervision)
            convolution(features, outputs, 1, voxels);
    }

    const Plan &m_plan;
    const Plan::Network &m_network;
    Amounts m_amounts;
};

/// AH-Net, in units of its width: a voxel of the patch costs 0.25 in the stem, 0.6 in the stages of the encoder, 0.3 in
/// the decoder up to a quarter of the resolution, and 1.5 at half of it, where projection, dense layers and what they
/// concatenate come to twelve widths on an eighth of the voxels. ResNet-50 and the decoder have 27 million weights at
/// the paper's width of 64.
Amounts ahnetAmounts(const Plan &plan)
{
    const double width = plan.network.features.front();
    return {2.65 * width * product(plan.training.patch), 27e6 * (width / 64) * (width / 64)};
}

/// A residual block of Newell et al.: down to half the channels, 3 x 3 among them, up again.
double bottleneckWeights(double in, double out)
{
    const double half = out / 2;
    return in * half + 9 * half * half + half * out + (in == out ? 0 : in * out);
}

/// The stacked hourglass: numbers kept for each pixel of the heatmaps' grid, a quarter as fine as the picture, in units
/// of the features, counted along the network; a stack has fourteen residual blocks.
Amounts hourglassAmounts(const Plan &plan)
{
    constexpr double stemNumbers = 20, stackNumbers = 26;
    const double features = plan.network.features.front(), stacks = plan.network.stacks;
    const auto channels = static_cast<double>(plan.data.channels.size());
    const auto maps = static_cast<double>(plan.outputs());
    const double numbers = product(plan.training.patch) / 16 * features * (stemNumbers + stackNumbers * stacks);
    const double stem = 49 * channels * features / 4 + bottleneckWeights(features / 4, features / 2) +
                        bottleneckWeights(features / 2, features) + bottleneckWeights(features, features);
    const double stack = 14 * bottleneckWeights(features, features) + features * (features + maps);
    const double between = features * (features + maps); // what a stack hands to the next
    return {numbers, stem + stacks * stack + (stacks - 1) * between};
}

/// What takes nnU-Net 8 GB: so many patches of so many numbers each, and a network of so many weights under SGD with
/// momentum, which keeps weight, gradient and momentum in four bytes each. The networks have 32 features, doubling to
/// 320 over six resolutions in 3D and to 512 over eight in 2D.
struct Yardstick
{
    double patches, numbers, weights;

    double bytesPerNumber() const { return (8e9 - 12 * weights) / (patches * numbers); }
};

Yardstick yardstickFor(const Plan &plan)
{
    const bool flat = plan.network.dimensions == 2;
    if (plan.network.kind == "unet")
        return flat ? Yardstick{12, 85e6, 46.3e6} : Yardstick{2, 560e6, 31.2e6};
    return flat ? Yardstick{12, 135e6, 139.9e6} : Yardstick{2, 680e6, 102e6};
}

/// Bytes that a number in the output of a convolution costs.
double bytesPerNumber(const Plan &plan)
{
    // Of an hourglass the numbers that are kept are counted, and agree with the peak memory of trainings on pictures of
    // 256 x 256: they cost their own four bytes.
    return plan.network.kind == "hourglass" ? 4 : yardstickFor(plan).bytesPerNumber();
}

Amounts amountsOf(const Plan &plan)
{
    if (plan.network.kind == "hourglass")
        return hourglassAmounts(plan);
    return plan.network.kind == "ahnet" ? ahnetAmounts(plan) : UNetAmounts(plan).count();
}

} // namespace

TrainingMemory trainingMemory(const Plan &plan)
{
    if (plan.network.kind == "torchscript")
        return {};
    const auto amounts = amountsOf(plan);
    const double state = plan.training.optimizer.kind == "sgd" ? 4 : 8;
    const double mean = plan.training.average > 0 ? 4 : 0;
    return {amounts.numbers * bytesPerNumber(plan), amounts.weights * (8 + state + mean)};
}

} // namespace consilium::learning
