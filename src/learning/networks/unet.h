// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "learning/networks/body.h"

#include <cstdint>
#include <memory>
#include <vector>

namespace consilium::learning {

struct UNetShape
{
    int dimensions = 3; ///< 2 or 3
    std::int64_t channels = 1;
    std::int64_t labels = 2;
    std::vector<int> features; ///< per resolution, finest first
    bool deepSupervision = false;
};

/// A convolution with "same" padding and odd kernel; weight O, I, K... as LibTorch lays it out.
class ConvolutionImpl : public torch::nn::Module
{
public:
    ConvolutionImpl(int dimensions, std::int64_t in, std::int64_t out, std::int64_t kernel, std::int64_t stride,
                    bool bias);
    torch::Tensor forward(const torch::Tensor &x) const;
    torch::Tensor weight, bias;

private:
    std::int64_t m_stride;
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

/// Convolution, instance norm, leaky ReLU (0.01). The convolution has no bias: the norm would take it away again.
class ConvNormImpl : public torch::nn::Module
{
public:
    ConvNormImpl(int dimensions, std::int64_t in, std::int64_t out, std::int64_t stride);
    torch::Tensor forward(const torch::Tensor &x);

private:
    Convolution m_conv;
    InstanceNorm m_norm;
};
TORCH_MODULE(ConvNorm);

/// Two ConvNorm in a row, the first with the given stride.
class StageImpl : public torch::nn::Module
{
public:
    StageImpl(int dimensions, std::int64_t in, std::int64_t out, std::int64_t stride);
    torch::Tensor forward(const torch::Tensor &x);

private:
    ConvNorm m_first, m_second;
};
TORCH_MODULE(Stage);

/// Transposed convolution with kernel 2 and stride 2; weight I, O, 2... as LibTorch lays it out.
class UpsamplingImpl : public torch::nn::Module
{
public:
    UpsamplingImpl(int dimensions, std::int64_t in, std::int64_t out);
    torch::Tensor forward(const torch::Tensor &x) const;
    torch::Tensor weight, bias;
};
TORCH_MODULE(Upsampling);

/// The plain U-Net of nnU-Net (Isensee et al. 2021): two convolutions per resolution, strided convolutions down,
/// transposed convolutions up, skip connections by concatenation, a 1x1 convolution to one logit per label.
class UNetImpl : public Body
{
public:
    explicit UNetImpl(const UNetShape &shape);

    void draw(std::uint64_t seed) override;
    const char *initialisation() const override { return "He normal for leaky ReLU (slope 0.01), biases zero"; }
    torch::Tensor forward(const torch::Tensor &x) override;
    /// More than one with deep supervision alone: at every decoder resolution but the coarsest.
    std::vector<torch::Tensor> heads(const torch::Tensor &x) override;

private:
    std::vector<torch::Tensor> run(const torch::Tensor &x, std::size_t heads);

    std::vector<Stage> m_encoder, m_decoder;
    std::vector<Upsampling> m_up;
    std::vector<Convolution> m_heads;
};
TORCH_MODULE(UNet);

} // namespace consilium::learning
