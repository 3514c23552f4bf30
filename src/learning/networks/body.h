// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <torch/torch.h>

#include <cstdint>
#include <vector>

namespace consilium::learning {

/// What training and inference ask of every network. Input is N, C, spatial (z, y, x or y, x) with extents that
/// patchDivisor() divides; it may lie in channels-last order.
class Body : public torch::nn::Module
{
public:
    /// Logits N, outputs, spatial: one map for each label on the input's grid, or for each landmark on a grid a quarter
    /// as fine.
    virtual torch::Tensor forward(const torch::Tensor &x) = 0;
    /// As forward(), and what else training supervises: the final answer first, then those of coarser resolutions
    /// (segmentation), or of earlier stacks in reverse order (landmarks).
    virtual std::vector<torch::Tensor> heads(const torch::Tensor &x) = 0;
    /// Draws the weights from `seed` alone.
    virtual void draw(std::uint64_t seed) = 0;
    /// How draw() draws, in words: "He normal for leaky ReLU".
    virtual const char *initialisation() const = 0;
    /// Parameters and buffers by name, in a fixed order, all of element types that a model can store.
    virtual torch::OrderedDict<std::string, torch::Tensor> tensors() const
    {
        auto all = named_parameters();
        all.update(named_buffers());
        return all;
    }
    /// What an optimiser changes, in a fixed order.
    virtual std::vector<torch::Tensor> trained() const { return parameters(); }
};

} // namespace consilium::learning
