// SPDX-License-Identifier: GPL-3.0-or-later
#include "learning/networks/layers.h"

#include "learning/networks/multiply_adds.h"

#include <ATen/autocast_mode.h>

#include <algorithm>
#include <string>

namespace consilium::learning {

namespace {

AxisSizes kernelShape(std::int64_t first, std::int64_t second, const AxisSizes &kernel)
{
    AxisSizes shape{first, second};
    shape.insert(shape.end(), kernel.begin(), kernel.end());
    return shape;
}

bool allOnes(const AxisSizes &sizes)
{
    return std::ranges::all_of(sizes, [](auto size) { return size == 1; });
}

/// A 1x1 convolution with `weight` O, I. The first spatial axis joins the batch: LibTorch hands 1x1 convolutions of
/// small batches to plain BLAS when it has one thread, several times slower than oneDNN, which it takes for large
/// batches. In channels-last order no value moves.
torch::Tensor pointwise(const torch::Tensor &x, const torch::Tensor &weight, const torch::Tensor &bias)
{
    const auto n = x.size(0), channels = x.size(1), out = weight.size(0);
    const bool flat = x.dim() == 4;
    const auto depth = x.size(2), height = flat ? 1 : x.size(3), width = flat ? x.size(3) : x.size(4);
    const auto rows = x.transpose(1, 2).reshape({n * depth, channels, height, width});
    const auto y = torch::conv2d(rows, weight.view({out, channels, 1, 1}), bias);
    return flat ? y.view({n, depth, out, width}).transpose(1, 2)
                : y.view({n, depth, out, height, width}).transpose(1, 2);
}

} // namespace

ConvolutionImpl::ConvolutionImpl(std::int64_t in, std::int64_t out, const AxisSizes &kernel, AxisSizes stride,
                                 bool withBias)
    : weight(register_parameter("weight", torch::zeros(kernelShape(out, in, kernel)))), m_stride(std::move(stride)),
      m_pointwise(allOnes(kernel) && allOnes(m_stride))
{
    for (const auto extent : kernel)
        m_padding.push_back(extent / 2);
    if (withBias)
        bias = register_parameter("bias", torch::zeros(out));
}

torch::Tensor ConvolutionImpl::forward(const torch::Tensor &x) const
{
    const auto convolved = [&] {
        if (m_pointwise)
            return pointwise(x, weight.flatten(1), bias);
        // Left to itself LibTorch computes small layers of a batch of one by plain BLAS, several times slower.
        if (!torch::GradMode::is_enabled() && x.is_cpu() && x.scalar_type() == torch::kFloat && at::hasMKLDNN() &&
            !at::autocast::is_cpu_enabled())
            return torch::mkldnn_convolution(x, weight, bias, m_padding, m_stride, AxisSizes(m_stride.size(), 1), 1);
        // By these names, and not as torch::convolution, autocast knows them.
        return weight.dim() == 4 ? torch::conv2d(x, weight, bias, m_stride, m_padding)
                                 : torch::conv3d(x, weight, bias, m_stride, m_padding);
    };
    const auto y = convolved();
    MultiplyAddCounter::add(static_cast<double>(y.numel()) * static_cast<double>(weight.numel() / weight.size(0)));
    return y;
}

InstanceNormImpl::InstanceNormImpl(std::int64_t channels)
    : weight(register_parameter("weight", torch::ones(channels))),
      bias(register_parameter("bias", torch::zeros(channels)))
{
}

torch::Tensor InstanceNormImpl::forward(const torch::Tensor &x) const
{
    // One group per channel is the same norm; unlike instance_norm it keeps channels-last order and returns no view, so
    // that the activation can work in place. It wants one element type, and autocast may have shortened that of x.
    const auto type = x.scalar_type();
    return torch::group_norm(x, x.size(1), weight.to(type), bias.to(type), 1e-5);
}

ConvNormImpl::ConvNormImpl(std::int64_t in, std::int64_t out, const AxisSizes &kernel, const AxisSizes &stride,
                           bool activated)
    : m_conv(register_module("conv", Convolution(in, out, kernel, stride, false))),
      m_norm(register_module("norm", InstanceNorm(out))), m_activated(activated)
{
}

torch::Tensor ConvNormImpl::forward(const torch::Tensor &x)
{
    auto y = m_norm->forward(m_conv->forward(x));
    return m_activated ? torch::leaky_relu_(y, leakySlope) : y;
}

StageImpl::StageImpl(std::int64_t in, std::int64_t out, const AxisSizes &kernel, const AxisSizes &stride, int count)
{
    for (int i = 0; i < count; ++i)
        m_convolutions.push_back(
            register_module(std::to_string(i),
                            ConvNorm(i == 0 ? in : out, out, kernel, i == 0 ? stride : AxisSizes(stride.size(), 1))));
}

torch::Tensor StageImpl::forward(const torch::Tensor &x)
{
    auto y = x;
    for (auto &convolution : m_convolutions)
        y = convolution->forward(y);
    return y;
}

UpsamplingImpl::UpsamplingImpl(std::int64_t in, std::int64_t out, const AxisSizes &factor)
    : weight(register_parameter("weight", torch::zeros(kernelShape(in, out, factor)))),
      bias(register_parameter("bias", torch::zeros(out)))
{
}

torch::Tensor UpsamplingImpl::forward(const torch::Tensor &x) const
{
    // With stride equal to kernel no two outputs share an input: every input voxel makes its own block of outputs, so a
    // 1x1 convolution to all of them and a rearrangement do the same. LibTorch's own is three times slower on a CPU.
    const auto in = weight.size(0), out = weight.size(1), spatial = weight.dim() - 2;
    const auto block = weight[0][0].numel();
    AxisSizes kernelFirst, channelsLast{0}, grouped{x.size(0)}, interleaved{0}, grown{x.size(0)},
        channelsSecond{0, spatial + 1};
    for (std::int64_t axis = 1; axis <= spatial; ++axis) {
        kernelFirst.push_back(axis + 1);
        channelsLast.push_back(axis + 1);
        grouped.push_back(x.size(axis + 1));
        interleaved.insert(interleaved.end(), {axis, axis + spatial});
        grown.push_back(x.size(axis + 1) * weight.size(axis + 1));
        channelsSecond.push_back(axis);
    }
    kernelFirst.insert(kernelFirst.end(), {1, 0});
    channelsLast.push_back(1);
    grouped.insert(grouped.end(), weight.sizes().begin() + 2, weight.sizes().end());
    grouped.push_back(out);
    interleaved.push_back(2 * spatial + 1);
    grown.push_back(out);

    const auto blocks = weight.permute(kernelFirst).reshape({block * out, in});
    const auto y = pointwise(x, blocks, bias.repeat({block})).permute(channelsLast);
    MultiplyAddCounter::add(static_cast<double>(x.numel()) * static_cast<double>(out * block));
    return y.reshape(grouped).permute(interleaved).reshape(grown).permute(channelsSecond);
}

} // namespace consilium::learning
