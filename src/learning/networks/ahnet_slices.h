// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model_state.h"
#include "learning/networks/ahnet_encoder.h"
#include "learning/networks/body.h"

namespace consilium::learning {

/// A large kernel of two orders, k x 1 then 1 x k and the other way round, added (Peng et al. 2017, figure 3).
class GlobalConvolutionImpl : public torch::nn::Module
{
public:
    GlobalConvolutionImpl(std::int64_t in, std::int64_t out);
    torch::Tensor forward(const torch::Tensor &x) const;

private:
    Convolution m_down, m_downAcross, m_across, m_acrossDown;
};
TORCH_MODULE(GlobalConvolution);

/// Adds two 3x3 convolutions of its input to it (Peng et al. 2017, figure 3).
class BoundaryRefinementImpl : public torch::nn::Module
{
public:
    explicit BoundaryRefinementImpl(std::int64_t channels);
    torch::Tensor forward(const torch::Tensor &x) const;

private:
    Convolution m_first, m_second;
};
TORCH_MODULE(BoundaryRefinement);

/// The 2D network whose encoder AH-Net takes over (Liu et al. 2018): ResNet-50 with a global convolution and a boundary
/// refinement behind each stage, added up from coarse to fine. Patches are multiples of 32 along each axis.
class SliceAHNetImpl : public Body
{
public:
    explicit SliceAHNetImpl(const AHNetShape &shape);

    torch::Tensor forward(const torch::Tensor &x) override;
    std::vector<torch::Tensor> heads(const torch::Tensor &x) override { return {forward(x)}; }
    void draw(std::uint64_t seed) override;
    const char *initialisation() const override { return "He normal, biases zero, residual blocks as their shortcuts"; }

private:
    AHNetEncoder m_encoder;
    std::vector<GlobalConvolution> m_global;                    // finest first
    std::vector<BoundaryRefinement> m_refineStage, m_refineSum; // finest first
};
TORCH_MODULE(SliceAHNet);

/// `volumes`, the state of a 3D AH-Net, with the encoder that `slices`, the state of the 2D network of the same width
/// and channels, was trained to: kernels gain an axis of extent 1, the stem's become the middle one of its three
/// slices, so that a volume which does not change across slices gives the features of its slice. Errors: Invalid,
/// naming a tensor of the encoder that is missing or of another shape.
Result<ModelState> withEncoderOfSlices(ModelState volumes, const ModelState &slices);

} // namespace consilium::learning
