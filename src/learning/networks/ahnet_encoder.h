// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/plan.h"
#include "learning/networks/layers.h"

namespace consilium::learning {

struct AHNetShape
{
    int dimensions = 3; ///< 2: the network of slices that the volumetric one is made from
    std::int64_t channels = 1;
    std::int64_t labels = 2;
    std::int64_t width = 64; ///< channels behind the stem; the paper's is 64, all others are multiples of it

    static AHNetShape of(const Plan &plan); ///< of a plan of kind "ahnet"
};

/// Batch normalisation (Ioffe and Szegedy 2015; epsilon 1e-5, running statistics with momentum 0.1). In training it
/// throws where a channel has a single value.
class BatchNormImpl : public torch::nn::Module
{
public:
    explicit BatchNormImpl(std::int64_t channels);
    torch::Tensor forward(const torch::Tensor &x);
    torch::Tensor weight, bias;

private:
    torch::Tensor m_mean, m_variance, m_batches;
};
TORCH_MODULE(BatchNorm);

/// The axes of a slice have `size`, the axis across slices, where there is one, has 1.
AxisSizes inSlice(int dimensions, std::int64_t size);

/// A bottleneck block of ResNet-50 (He et al. 2016): 1x1, 3x3, 1x1 to four times `features`, each within slices. With
/// stride 2 within slices, pairs of slices are joined by their maximum.
class BottleneckImpl : public torch::nn::Module
{
public:
    BottleneckImpl(int dimensions, std::int64_t in, std::int64_t features, std::int64_t stride);
    torch::Tensor forward(const torch::Tensor &x);
    /// Sets the scale of the last norm to zero, so that the block begins as its shortcut (Goyal et al. 2017).
    void beginAsShortcut();

private:
    Convolution m_conv1, m_conv2, m_conv3, m_shortcut{nullptr};
    BatchNorm m_norm1, m_norm2, m_norm3, m_shortcutNorm{nullptr};
    bool m_halves;
};
TORCH_MODULE(Bottleneck);

/// The convolutional part of ResNet-50, in 2D or as Liu et al. (2018, section 2.1) turn it into 3D: kernels within
/// slices, strides 2 within slices followed by a maximum over pairs of slices, a stem that sees three slices.
class AHNetEncoderImpl : public torch::nn::Module
{
public:
    explicit AHNetEncoderImpl(const AHNetShape &shape);

    /// Maps of half (the stem's), a quarter (pooled), a quarter, an eighth, a sixteenth and a thirty-second of the
    /// extents of `x`, with 1, 1, 4, 8, 16 and 32 times the width.
    std::vector<torch::Tensor> forward(const torch::Tensor &x);
    /// Has every block begin as its shortcut. Batch norm over the few values of a small patch multiplies gradients from
    /// block to block otherwise.
    void beginAsShortcuts();

private:
    Convolution m_stem;
    BatchNorm m_stemNorm;
    std::vector<std::vector<Bottleneck>> m_stages;
};
TORCH_MODULE(AHNetEncoder);

/// Twice the extents, by linear interpolation between the middles of pixels.
torch::Tensor twice(const torch::Tensor &x);

} // namespace consilium::learning
