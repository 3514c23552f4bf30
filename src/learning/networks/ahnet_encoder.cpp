// SPDX-License-Identifier: GPL-3.0-or-later
#include "learning/networks/ahnet_encoder.h"

#include <array>

namespace consilium::learning {

namespace {

constexpr std::int64_t expansion = 4;

/// The 1 x 1 x 2 maximum that follows a stride within slices; 2D maps have no slices to join. Not max_pool3d, which on
/// a CPU leaves channels-last order and keeps an index for every value.
torch::Tensor joinedPairs(const torch::Tensor &x)
{
    if (x.dim() == 4)
        return x;
    return torch::maximum(x.slice(2, 0, c10::nullopt, 2), x.slice(2, 1, c10::nullopt, 2));
}

/// The stem's max pooling, 3 x 3 with stride 2.
torch::Tensor pooled(const torch::Tensor &x)
{
    if (x.dim() == 4)
        return torch::max_pool2d(x, 3, 2, 1);
    // Slices join the batch: without a copy in channels-last order.
    const auto n = x.size(0), channels = x.size(1), depth = x.size(2);
    const auto slices = x.transpose(1, 2).reshape({n * depth, channels, x.size(3), x.size(4)});
    const auto y = torch::max_pool2d(slices, 3, 2, 1);
    return joinedPairs(y.view({n, depth, channels, y.size(2), y.size(3)}).transpose(1, 2));
}

Convolution withinSlice(int dimensions, std::int64_t in, std::int64_t out, std::int64_t kernel, std::int64_t stride)
{
    return Convolution(in, out, inSlice(dimensions, kernel), inSlice(dimensions, stride), false);
}

/// 7 x 7 with stride 2 within slices. In 2D the paper's network reads three neighbouring slices as its channels; their
/// kernels become the three slices of one.
Convolution stem(const AHNetShape &shape)
{
    auto kernel = inSlice(shape.dimensions, 7);
    if (shape.dimensions == 3)
        kernel[0] = 3;
    return Convolution(shape.channels, shape.width, kernel, inSlice(shape.dimensions, 2), false);
}

} // namespace

AHNetShape AHNetShape::of(const Plan &plan)
{
    return {plan.network.dimensions, static_cast<std::int64_t>(plan.data.channels.size()),
            static_cast<std::int64_t>(plan.outputs()), plan.network.features.front()};
}

AxisSizes inSlice(int dimensions, std::int64_t size)
{
    auto sizes = onEveryAxis(dimensions, size);
    if (dimensions == 3)
        sizes[0] = 1;
    return sizes;
}

torch::Tensor twice(const torch::Tensor &x)
{
    if (x.dim() == 4)
        return torch::upsample_bilinear2d(x, {2 * x.size(2), 2 * x.size(3)}, false);
    return torch::upsample_trilinear3d(x, {2 * x.size(2), 2 * x.size(3), 2 * x.size(4)}, false);
}

BatchNormImpl::BatchNormImpl(std::int64_t channels)
    : weight(register_parameter("weight", torch::ones(channels))),
      bias(register_parameter("bias", torch::zeros(channels))),
      m_mean(register_buffer("running_mean", torch::zeros(channels))),
      m_variance(register_buffer("running_var", torch::ones(channels))),
      m_batches(register_buffer("num_batches_tracked", torch::zeros({}, torch::kLong)))
{
}

torch::Tensor BatchNormImpl::forward(const torch::Tensor &x)
{
    if (is_training()) {
        TORCH_CHECK(x.numel() > x.size(1), "Batch norm has a single value per channel to go by where the patch is "
                                           "coarsest; take larger patches or batches");
        m_batches.add_(1);
    }
    return torch::batch_norm(x, weight, bias, m_mean, m_variance, is_training(), 0.1, 1e-5, true);
}

BottleneckImpl::BottleneckImpl(int dimensions, std::int64_t in, std::int64_t features, std::int64_t stride)
    : m_conv1(register_module("conv1", withinSlice(dimensions, in, features, 1, 1))),
      m_conv2(register_module("conv2", withinSlice(dimensions, features, features, 3, stride))),
      m_conv3(register_module("conv3", withinSlice(dimensions, features, expansion * features, 1, 1))),
      m_norm1(register_module("norm1", BatchNorm(features))), m_norm2(register_module("norm2", BatchNorm(features))),
      m_norm3(register_module("norm3", BatchNorm(expansion * features))), m_halves(stride == 2)
{
    if (in == expansion * features && stride == 1)
        return;
    m_shortcut = register_module("shortcut", withinSlice(dimensions, in, expansion * features, 1, stride));
    m_shortcutNorm = register_module("shortcutNorm", BatchNorm(expansion * features));
}

torch::Tensor BottleneckImpl::forward(const torch::Tensor &x)
{
    const auto joined = [&](const torch::Tensor &strided) { return m_halves ? joinedPairs(strided) : strided; };
    auto y = m_norm1->forward(m_conv1->forward(x)).relu_();
    y = m_norm2->forward(joined(m_conv2->forward(y))).relu_();
    y = m_norm3->forward(m_conv3->forward(y));
    const auto shortcut = m_shortcut.is_empty() ? x : m_shortcutNorm->forward(joined(m_shortcut->forward(x)));
    return torch::relu(y + shortcut);
}

void BottleneckImpl::beginAsShortcut()
{
    const torch::NoGradGuard frozen;
    m_norm3->weight.zero_();
}

AHNetEncoderImpl::AHNetEncoderImpl(const AHNetShape &shape)
    : m_stem(register_module("stem", stem(shape))), m_stemNorm(register_module("stemNorm", BatchNorm(shape.width)))
{
    constexpr std::array blocks{3, 4, 6, 3}; // ResNet-50
    auto stages = register_module("stages", torch::nn::ModuleList());
    auto in = shape.width, features = shape.width;
    for (std::size_t k = 0; k < blocks.size(); ++k, features *= 2) {
        auto &stage = m_stages.emplace_back();
        torch::nn::ModuleList list;
        for (int block = 0; block < blocks[k]; ++block) {
            stage.emplace_back(Bottleneck(shape.dimensions, in, features, k > 0 && block == 0 ? 2 : 1));
            list->push_back(stage.back());
            in = expansion * features;
        }
        stages->push_back(list);
    }
}

std::vector<torch::Tensor> AHNetEncoderImpl::forward(const torch::Tensor &x)
{
    std::vector<torch::Tensor> maps;
    maps.push_back(m_stemNorm->forward(joinedPairs(m_stem->forward(x))).relu_());
    auto y = pooled(maps.back());
    maps.push_back(y);
    for (auto &stage : m_stages) {
        for (auto &block : stage)
            y = block->forward(y);
        maps.push_back(y);
    }
    return maps;
}

void AHNetEncoderImpl::beginAsShortcuts()
{
    for (auto &stage : m_stages)
        for (auto &block : stage)
            block->beginAsShortcut();
}

} // namespace consilium::learning
