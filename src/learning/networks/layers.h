// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <vector>

namespace consilium::learning {

/// A number for each spatial axis in LibTorch's order: z, y, x or y, x.
using AxisSizes = std::vector<std::int64_t>;

inline AxisSizes onEveryAxis(int dimensions, std::int64_t size)
{
    return AxisSizes(static_cast<std::size_t>(dimensions), size);
}

/// Slope of the leaky ReLU below zero, as in nnU-Net.
constexpr double leakySlope = 0.01;

/// A convolution with "same" padding: output extents are the input's over the stride, rounded up. Kernel extents are
/// odd; weight O, I, K... as LibTorch lays it out. Counts its multiply-adds.
class ConvolutionImpl : public torch::nn::Module
{
public:
    ConvolutionImpl(std::int64_t in, std::int64_t out, const AxisSizes &kernel, AxisSizes stride, bool bias);
    torch::Tensor forward(const torch::Tensor &x) const;
    torch::Tensor weight, bias;

private:
    AxisSizes m_stride, m_padding;
    bool m_pointwise;
};
TORCH_MODULE(Convolution);

/// Instance normalisation (epsilon 1e-5) with a scale and a shift per channel.
class InstanceNormImpl : public torch::nn::Module
{
public:
    explicit InstanceNormImpl(std::int64_t channels);
    torch::Tensor forward(const torch::Tensor &x) const;
    torch::Tensor weight, bias;
};
TORCH_MODULE(InstanceNorm);

/// Convolution, instance norm, and leaky ReLU when `activated`. The convolution has no bias: the norm would take it
/// away again.
class ConvNormImpl : public torch::nn::Module
{
public:
    ConvNormImpl(std::int64_t in, std::int64_t out, const AxisSizes &kernel, const AxisSizes &stride,
                 bool activated = true);
    torch::Tensor forward(const torch::Tensor &x);

private:
    Convolution m_conv;
    InstanceNorm m_norm;
    bool m_activated;
};
TORCH_MODULE(ConvNorm);

/// `count` ConvNorm in a row, the first with the given stride.
class StageImpl : public torch::nn::Module
{
public:
    StageImpl(std::int64_t in, std::int64_t out, const AxisSizes &kernel, const AxisSizes &stride, int count);
    torch::Tensor forward(const torch::Tensor &x);

private:
    std::vector<ConvNorm> m_convolutions;
};
TORCH_MODULE(Stage);

/// Transposed convolution whose stride is its kernel: each extent grows by that factor. Weight I, O, K... as LibTorch
/// lays it out. Counts its multiply-adds.
class UpsamplingImpl : public torch::nn::Module
{
public:
    UpsamplingImpl(std::int64_t in, std::int64_t out, const AxisSizes &factor);
    torch::Tensor forward(const torch::Tensor &x) const;
    torch::Tensor weight, bias;
};
TORCH_MODULE(Upsampling);

} // namespace consilium::learning
