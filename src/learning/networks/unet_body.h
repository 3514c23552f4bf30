// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/plan.h"
#include "learning/networks/body.h"
#include "learning/networks/layers.h"

#include <vector>

namespace consilium::learning {

/// What the U-Nets have in common. Lists have an entry for each resolution, finest first.
struct UNetShape
{
    std::int64_t channels = 1, outputs = 2;
    std::vector<int> features;
    std::vector<AxisSizes> strides; ///< that lead to the resolution; the first is 1
    std::vector<AxisSizes> kernels;
    std::vector<int> blocks; ///< of the encoder: convolutions, or residual blocks
    bool deepSupervision = false;

    /// Of a plan of kind "unet" or "residual-unet", its defaults filled in.
    static UNetShape of(const Plan &plan);

    std::size_t resolutions() const { return features.size(); }
    int dimensions() const { return static_cast<int>(kernels.front().size()); }
    /// Of a decoder's resolution: at every one but the coarsest with deep supervision, else at the finest alone.
    std::size_t heads() const;
};

/// A U-Net without its encoder: transposed convolutions up, skip connections by concatenation, plain convolutions at
/// each resolution, 1x1 convolutions to the logits. An encoder makes the network whole.
class UNetBody : public Body
{
public:
    torch::Tensor forward(const torch::Tensor &x) override;
    /// More than one with deep supervision alone: at every decoder resolution but the coarsest.
    std::vector<torch::Tensor> heads(const torch::Tensor &x) override;
    void draw(std::uint64_t seed) override;

protected:
    /// Makes the decoder; an encoder's constructor calls it last, so that its own weights come first.
    void makeDecoder(const UNetShape &shape, int convolutions);
    /// One map for each resolution, finest first.
    virtual std::vector<torch::Tensor> encode(const torch::Tensor &x) = 0;

private:
    std::vector<torch::Tensor> run(const torch::Tensor &x, std::size_t heads);

    std::vector<Stage> m_decoder;
    std::vector<Upsampling> m_up;
    std::vector<Convolution> m_heads;
};

} // namespace consilium::learning
