// SPDX-License-Identifier: GPL-3.0-or-later
#include "learning/planning/memory.h"

#include <algorithm>
#include <array>

namespace consilium::learning {

namespace {

/// What a network amounts to in one pass over one patch.
struct Amounts
{
    double numbers = 0; ///< in the outputs of convolutions
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
            voxels.push_back(voxels.back() / product(stride(k)));
        for (std::size_t k = 0; k < resolutions; ++k)
            encode(k, voxels[k]);
        for (std::size_t k = 0; k + 1 < resolutions; ++k)
            decode(k, voxels[k]);
        return m_amounts;
    }

private:
    bool residual() const { return m_network.kind == "residual-unet"; }
    std::vector<int> stride(std::size_t k) const
    {
        return m_network.strides.empty() ? std::vector<int>(m_plan.training.patch.size(), 2) : m_network.strides[k];
    }
    double kernel(std::size_t k) const
    {
        return m_network.kernels.empty() ? product(std::vector<int>(m_plan.training.patch.size(), 3))
                                         : product(m_network.kernels[k]);
    }
    int blocks(std::size_t k) const
    {
        constexpr std::array usual{1, 3, 4, 6};
        if (!m_network.blocks.empty())
            return m_network.blocks[k];
        return residual() ? usual[std::min(k, usual.size() - 1)] : 2;
    }

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
        for (int block = 0; block < blocks(k); ++block) {
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
        convolution(m_network.features[k + 1], features, product(stride(k + 1)), voxels);
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

/// nnU-Net's yardstick for 8 GB: two patches of so many numbers, and a network of so many weights under SGD with
/// momentum, which keeps weight, gradient and momentum in four bytes each.
constexpr double bytesPerNumber(double numbers, double weights)
{
    return (8e9 - 12 * weights) / (2 * numbers);
}

} // namespace

TrainingMemory trainingMemory(const Plan &plan)
{
    const auto &kind = plan.network.kind;
    if (kind == "torchscript")
        return {};
    const auto amounts = kind == "ahnet" ? ahnetAmounts(plan) : UNetAmounts(plan).count();
    const double perNumber = kind == "unet" ? bytesPerNumber(560e6, 31.2e6) : bytesPerNumber(680e6, 102e6);
    const double state = plan.training.optimizer.kind == "sgd" ? 4 : 8;
    const double mean = plan.training.average > 0 ? 4 : 0;
    return {amounts.numbers * perNumber, amounts.weights * (8 + state + mean)};
}

} // namespace consilium::learning
