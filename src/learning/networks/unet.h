// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "learning/networks/unet_body.h"

namespace consilium::learning {

/// The plain U-Net of nnU-Net (Isensee et al. 2021): convolutions at each resolution, the first of them strided,
/// transposed convolutions up, two convolutions at each resolution of the decoder, a 1x1 convolution to one logit per
/// label.
class UNetImpl : public UNetBody
{
public:
    explicit UNetImpl(const UNetShape &shape);
    const char *initialisation() const override { return "He normal for leaky ReLU (slope 0.01), biases zero"; }

private:
    std::vector<torch::Tensor> encode(const torch::Tensor &x) override;

    std::vector<Stage> m_encoder;
};
TORCH_MODULE(UNet);

} // namespace consilium::learning
