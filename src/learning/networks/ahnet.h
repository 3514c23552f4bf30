// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "learning/networks/ahnet_encoder.h"
#include "learning/networks/body.h"

namespace consilium::learning {

/// A layer of the decoder: 1x1x1 to four times `growth`, 3x3 within slices, then 3 across slices, whose sum passes a
/// 1x1x1 (the parallel arrangement of pseudo-3D convolutions, Qiu et al. 2017); each after batch norm and ReLU. The
/// input and `growth` new channels come out (DenseNet, Huang et al. 2017).
class AnisotropicLayerImpl : public torch::nn::Module
{
public:
    AnisotropicLayerImpl(std::int64_t in, std::int64_t growth);
    torch::Tensor forward(const torch::Tensor &x);

private:
    BatchNorm m_norm1, m_norm2, m_norm3, m_norm4;
    Convolution m_reduce, m_within, m_across, m_mix;
};
TORCH_MODULE(AnisotropicLayer);

/// A step of the decoder: a 1x1x1 convolution to the channels of one of the encoder's maps, interpolation to its
/// extents where they are larger, their sum, and densely connected layers.
class RefinementImpl : public torch::nn::Module
{
public:
    RefinementImpl(std::int64_t in, std::int64_t skip, std::int64_t growth);
    torch::Tensor forward(const torch::Tensor &x, const torch::Tensor &skip);

private:
    Convolution m_project;
    std::vector<AnisotropicLayer> m_layers;
};
TORCH_MODULE(Refinement);

/// Pyramid volumetric pooling (Liu et al. 2018, after Zhao et al. 2017): means over cubes of 2, 4, 8 and 16 voxels,
/// each projected to one channel and interpolated back, beside the input.
class PyramidPoolingImpl : public torch::nn::Module
{
public:
    static constexpr std::int64_t scales = 4;

    explicit PyramidPoolingImpl(std::int64_t channels);
    torch::Tensor forward(const torch::Tensor &x);

private:
    std::vector<Convolution> m_projections;
};
TORCH_MODULE(PyramidPooling);

/// The 3D anisotropic hybrid network (Liu et al. 2018): the encoder of a network of slices in 3D, a decoder of densely
/// connected anisotropic convolutions that adds the encoder's maps as it refines, pyramid volumetric pooling. Patches
/// are multiples of 32 along each axis.
class AHNetImpl : public Body
{
public:
    explicit AHNetImpl(const AHNetShape &shape);

    torch::Tensor forward(const torch::Tensor &x) override;
    std::vector<torch::Tensor> heads(const torch::Tensor &x) override { return {forward(x)}; }
    void draw(std::uint64_t seed) override;
    const char *initialisation() const override { return "He normal, residual blocks as their shortcuts"; }

private:
    AHNetEncoder m_encoder;
    std::vector<Refinement> m_decoder; // coarsest first
    PyramidPooling m_pyramid;
    BatchNorm m_norm;
    Convolution m_logits;
};
TORCH_MODULE(AHNet);

} // namespace consilium::learning
