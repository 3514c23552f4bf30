// SPDX-License-Identifier: GPL-3.0-or-later
#include "learning/networks/residual_unet.h"

#include <algorithm>

namespace consilium::learning {

ResidualBlockImpl::ResidualBlockImpl(std::int64_t in, std::int64_t out, const AxisSizes &kernel,
                                     const AxisSizes &stride)
    : m_first(register_module("first", ConvNorm(in, out, kernel, stride))),
      m_second(register_module("second", ConvNorm(out, out, kernel, AxisSizes(stride.size(), 1), false))),
      m_stride(stride), m_pooled(std::ranges::any_of(stride, [](auto step) { return step > 1; }))
{
    const AxisSizes ones(stride.size(), 1);
    if (in != out)
        m_skip = register_module("skip", ConvNorm(in, out, ones, ones, false));
}

torch::Tensor ResidualBlockImpl::forward(const torch::Tensor &x)
{
    auto round = x;
    if (m_pooled)
        round =
            m_stride.size() == 2 ? torch::avg_pool2d(x, m_stride, m_stride) : torch::avg_pool3d(x, m_stride, m_stride);
    if (m_skip)
        round = m_skip->forward(round);
    auto sum = m_second->forward(m_first->forward(x)) + round;
    return torch::leaky_relu_(sum, leakySlope);
}

ResidualUNetImpl::ResidualUNetImpl(const UNetShape &shape)
    : m_stem(register_module("stem", ConvNorm(shape.channels, shape.features.front(), shape.kernels.front(),
                                              onEveryAxis(shape.dimensions(), 1)))),
      m_encoder(shape.resolutions())
{
    auto encoder = register_module("encoder", torch::nn::ModuleList());
    std::int64_t channels = shape.features.front();
    for (std::size_t k = 0; k < shape.resolutions(); ++k) {
        torch::nn::ModuleList stage;
        for (int i = 0; i < shape.blocks[k]; ++i) {
            m_encoder[k].emplace_back(ResidualBlock(channels, shape.features[k], shape.kernels[k],
                                                    i == 0 ? shape.strides[k] : onEveryAxis(shape.dimensions(), 1)));
            stage->push_back(m_encoder[k].back());
            channels = shape.features[k];
        }
        encoder->push_back(stage);
    }
    makeDecoder(shape, 1);
}

void ResidualUNetImpl::draw(std::uint64_t seed)
{
    UNetBody::draw(seed);
    const torch::NoGradGuard frozen;
    for (auto &item : named_parameters())
        if (item.key().ends_with("second.norm.weight"))
            item.value().zero_();
}

std::vector<torch::Tensor> ResidualUNetImpl::encode(const torch::Tensor &x)
{
    std::vector<torch::Tensor> maps;
    auto y = m_stem->forward(x);
    for (auto &stage : m_encoder) {
        for (auto &block : stage)
            y = block->forward(y);
        maps.push_back(y);
    }
    return maps;
}

} // namespace consilium::learning
