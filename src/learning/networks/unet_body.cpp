// SPDX-License-Identifier: GPL-3.0-or-later
#include "learning/networks/unet_body.h"

#include "learning/networks/he_normal.h"
#include "learning/planning/network_shape.h"

namespace consilium::learning {

namespace {

/// A plan counts axes from x, LibTorch from the other end.
AxisSizes turned(const std::vector<int> &sizes)
{
    return {sizes.rbegin(), sizes.rend()};
}

} // namespace

UNetShape UNetShape::of(const Plan &plan)
{
    const auto &network = plan.network;
    UNetShape shape;
    shape.channels = static_cast<std::int64_t>(plan.data.channels.size());
    shape.outputs = static_cast<std::int64_t>(plan.outputs());
    shape.features = network.features;
    shape.deepSupervision = network.deepSupervision;
    for (std::size_t k = 0; k < network.features.size(); ++k) {
        shape.strides.push_back(turned(strideAt(network, k)));
        shape.kernels.push_back(turned(kernelAt(network, k)));
        shape.blocks.push_back(blocksAt(network, k));
    }
    return shape;
}

std::size_t UNetShape::heads() const
{
    return deepSupervision && resolutions() > 2 ? resolutions() - 2 : 1;
}

void UNetBody::makeDecoder(const UNetShape &shape, int convolutions)
{
    const auto ones = onEveryAxis(shape.dimensions(), 1);
    const auto list = [this](const char *name) { return register_module(name, torch::nn::ModuleList()); };
    auto up = list("up"), decoder = list("decoder"), heads = list("heads");
    const auto &features = shape.features;
    for (std::size_t k = 0; k + 1 < shape.resolutions(); ++k) {
        m_up.emplace_back(Upsampling(features[k + 1], features[k], shape.strides[k + 1]));
        up->push_back(m_up.back());
        m_decoder.emplace_back(Stage(2 * features[k], features[k], shape.kernels[k], ones, convolutions));
        decoder->push_back(m_decoder.back());
    }
    for (std::size_t k = 0; k < shape.heads(); ++k) {
        m_heads.emplace_back(Convolution(features[k], shape.outputs, ones, ones, true));
        heads->push_back(m_heads.back());
    }
}

void UNetBody::draw(std::uint64_t seed)
{
    drawHeNormal(*this, seed);
}

std::vector<torch::Tensor> UNetBody::run(const torch::Tensor &x, std::size_t heads)
{
    auto skips = encode(x);
    auto y = skips.back();
    skips.pop_back();
    std::vector<torch::Tensor> logits(heads);
    for (std::size_t k = m_decoder.size(); k-- > 0;) {
        y = m_decoder[k]->forward(torch::cat({m_up[k]->forward(y), skips[k]}, 1));
        skips.pop_back();
        if (k < heads)
            logits[k] = m_heads[k]->forward(y);
    }
    if (m_decoder.empty())
        logits[0] = m_heads[0]->forward(y);
    return logits;
}

torch::Tensor UNetBody::forward(const torch::Tensor &x)
{
    return run(x, 1).front();
}

std::vector<torch::Tensor> UNetBody::heads(const torch::Tensor &x)
{
    return run(x, m_heads.size());
}

} // namespace consilium::learning
