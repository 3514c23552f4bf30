// SPDX-License-Identifier: GPL-3.0-or-later
#include "learning/networks/unet.h"

namespace consilium::learning {

UNetImpl::UNetImpl(const UNetShape &shape)
{
    auto encoder = register_module("encoder", torch::nn::ModuleList());
    for (std::size_t k = 0; k < shape.resolutions(); ++k) {
        m_encoder.emplace_back(Stage(k == 0 ? shape.channels : shape.features[k - 1], shape.features[k],
                                     shape.kernels[k], shape.strides[k], shape.blocks[k]));
        encoder->push_back(m_encoder.back());
    }
    makeDecoder(shape, 2);
}

std::vector<torch::Tensor> UNetImpl::encode(const torch::Tensor &x)
{
    std::vector<torch::Tensor> maps{x};
    for (auto &stage : m_encoder)
        maps.push_back(stage->forward(maps.back()));
    maps.erase(maps.begin());
    return maps;
}

} // namespace consilium::learning
