// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "learning/networks/unet_body.h"

namespace consilium::learning {

/// Two ConvNorm with a way round them, activated after the sum (He et al. 2016, variant D of He et al. 2019): what goes
/// round is averaged where the block is strided, and convolved 1x1 and normalised where the channels change.
class ResidualBlockImpl : public torch::nn::Module
{
public:
    ResidualBlockImpl(std::int64_t in, std::int64_t out, const AxisSizes &kernel, const AxisSizes &stride);
    torch::Tensor forward(const torch::Tensor &x);

private:
    ConvNorm m_first, m_second, m_skip = nullptr;
    AxisSizes m_stride;
    bool m_pooled;
};
TORCH_MODULE(ResidualBlock);

/// The residual-encoder U-Net of nnU-Net (Isensee et al. 2024, "nnU-Net Revisited"): a stem of one convolution,
/// residual blocks at each resolution, the first of them strided, and a plain decoder with one convolution at each
/// resolution.
class ResidualUNetImpl : public UNetBody
{
public:
    explicit ResidualUNetImpl(const UNetShape &shape);
    /// Each block begins as the way round it: the scale of its last norm is zero.
    void draw(std::uint64_t seed) override;
    const char *initialisation() const override
    {
        return "He normal for leaky ReLU (slope 0.01), biases and the last norm of each residual block zero";
    }

private:
    std::vector<torch::Tensor> encode(const torch::Tensor &x) override;

    ConvNorm m_stem;
    std::vector<std::vector<ResidualBlock>> m_encoder;
};
TORCH_MODULE(ResidualUNet);

} // namespace consilium::learning
