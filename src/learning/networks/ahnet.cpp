// SPDX-License-Identifier: GPL-3.0-or-later
#include "learning/networks/ahnet.h"

#include "learning/networks/he_normal.h"

#include <algorithm>

namespace consilium::learning {

namespace {

constexpr int denseLayers = 3;
constexpr std::int64_t bottleneck = 4;

/// 20 channels a layer at the paper's width of 64.
std::int64_t growthFor(std::int64_t width)
{
    return std::max<std::int64_t>(1, 20 * width / 64);
}

Convolution convolution(std::int64_t in, std::int64_t out, const AxisSizes &kernel)
{
    return Convolution(in, out, kernel, onEveryAxis(3, 1), false);
}

Convolution pointwise(std::int64_t in, std::int64_t out)
{
    return convolution(in, out, onEveryAxis(3, 1));
}

torch::Tensor activated(BatchNorm &norm, const torch::Tensor &x)
{
    return norm->forward(x).relu_();
}

} // namespace

AnisotropicLayerImpl::AnisotropicLayerImpl(std::int64_t in, std::int64_t growth)
    : m_norm1(register_module("norm1", BatchNorm(in))),
      m_norm2(register_module("norm2", BatchNorm(bottleneck * growth))),
      m_norm3(register_module("norm3", BatchNorm(growth))), m_norm4(register_module("norm4", BatchNorm(growth))),
      m_reduce(register_module("reduce", pointwise(in, bottleneck * growth))),
      m_within(register_module("within", convolution(bottleneck * growth, growth, inSlice(3, 3)))),
      m_across(register_module("across", convolution(growth, growth, {3, 1, 1}))),
      m_mix(register_module("mix", pointwise(growth, growth)))
{
}

torch::Tensor AnisotropicLayerImpl::forward(const torch::Tensor &x)
{
    const auto within = m_within->forward(activated(m_norm2, m_reduce->forward(activated(m_norm1, x))));
    const auto across = m_across->forward(activated(m_norm3, within));
    return torch::cat({x, m_mix->forward(activated(m_norm4, within + across))}, 1);
}

RefinementImpl::RefinementImpl(std::int64_t in, std::int64_t skip, std::int64_t growth)
    : m_project(register_module("project", pointwise(in, skip)))
{
    auto layers = register_module("layers", torch::nn::ModuleList());
    for (int k = 0; k < denseLayers; ++k) {
        m_layers.emplace_back(AnisotropicLayer(skip + k * growth, growth));
        layers->push_back(m_layers.back());
    }
}

torch::Tensor RefinementImpl::forward(const torch::Tensor &x, const torch::Tensor &skip)
{
    auto y = m_project->forward(x);
    y = skip + (y.size(2) == skip.size(2) ? y : twice(y));
    for (auto &layer : m_layers)
        y = layer->forward(y);
    return y;
}

PyramidPoolingImpl::PyramidPoolingImpl(std::int64_t channels)
{
    auto list = register_module("projections", torch::nn::ModuleList());
    for (std::int64_t k = 0; k < scales; ++k) {
        m_projections.push_back(pointwise(channels, 1));
        list->push_back(m_projections.back());
    }
}

torch::Tensor PyramidPoolingImpl::forward(const torch::Tensor &x)
{
    std::vector<torch::Tensor> maps{x};
    auto means = x;
    for (auto &projection : m_projections) {
        means = torch::avg_pool3d(means, 2);
        maps.push_back(torch::upsample_trilinear3d(projection->forward(means), x.sizes().slice(2), false));
    }
    return torch::cat(maps, 1);
}

AHNetImpl::AHNetImpl(const AHNetShape &shape)
    : m_encoder(register_module("encoder", AHNetEncoder(shape))), m_pyramid(nullptr), m_norm(nullptr), m_logits(nullptr)
{
    const auto width = shape.width, growth = growthFor(width);
    auto decoder = register_module("decoder", torch::nn::ModuleList());
    auto channels = 32 * width;
    for (const auto skip : {16 * width, 8 * width, 4 * width, width, width}) {
        m_decoder.emplace_back(Refinement(channels, skip, growth));
        decoder->push_back(m_decoder.back());
        channels = skip + denseLayers * growth;
    }
    m_pyramid = register_module("pyramid", PyramidPooling(channels));
    channels += PyramidPoolingImpl::scales;
    m_norm = register_module("norm", BatchNorm(channels));
    m_logits = register_module("logits", convolution(channels, shape.labels, inSlice(3, 3)));
}

torch::Tensor AHNetImpl::forward(const torch::Tensor &x)
{
    auto maps = m_encoder->forward(x);
    auto y = std::move(maps.back());
    for (auto &refinement : m_decoder) {
        maps.pop_back();
        y = refinement->forward(y, maps.back());
    }
    return twice(m_logits->forward(activated(m_norm, m_pyramid->forward(y))));
}

void AHNetImpl::draw(std::uint64_t seed)
{
    drawHeNormal(*this, seed);
    m_encoder->beginAsShortcuts();
}

} // namespace consilium::learning
