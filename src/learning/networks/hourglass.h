// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/plan.h"
#include "learning/networks/body.h"
#include "learning/networks/layers.h"

namespace consilium::learning {

struct HourglassShape
{
    std::int64_t channels = 1;
    std::int64_t landmarks = 1;
    std::int64_t features = 256; ///< of every residual module behind the stem
    int stacks = 2;

    static HourglassShape of(const Plan &plan); ///< of a plan of kind "hourglass"
};

/// Group normalisation (Wu and He 2018) in groups of 16 channels or more, epsilon 1e-5, with a scale and a shift per
/// channel.
class GroupNormImpl : public torch::nn::Module
{
public:
    explicit GroupNormImpl(std::int64_t channels);
    torch::Tensor forward(const torch::Tensor &x) const;
    torch::Tensor weight, bias;

private:
    std::int64_t m_groups;
};
TORCH_MODULE(GroupNorm);

/// A residual module of pre-activated convolutions, 1x1 to half of the features, 3x3, 1x1 to all of them; the shortcut
/// is a 1x1 convolution where their number changes (Newell et al. 2016, figure 4; He et al. 2016).
class ResidualImpl : public torch::nn::Module
{
public:
    ResidualImpl(std::int64_t in, std::int64_t out);
    torch::Tensor forward(const torch::Tensor &x) const;

private:
    GroupNorm m_norm1, m_norm2, m_norm3;
    Convolution m_conv1, m_conv2, m_conv3, m_shortcut{nullptr};
};
TORCH_MODULE(Residual);

/// One hourglass: at each of `order` resolutions a branch that stays and one that goes through a max pooling, the next
/// resolution and a nearest-neighbour upsampling; their sum (Newell et al. 2016, figure 3).
class HourglassImpl : public torch::nn::Module
{
public:
    HourglassImpl(std::int64_t features, int order);
    torch::Tensor forward(const torch::Tensor &x) const;

private:
    torch::Tensor at(std::size_t level, const torch::Tensor &x) const;

    std::vector<Residual> m_stay, m_before, m_after; // finest first
    Residual m_middle;
};
TORCH_MODULE(Hourglass);

/// What an hourglass is followed by: its features, the heatmaps read off them, and, in every stack but the last, the
/// way back of both into the next one.
class StackImpl : public torch::nn::Module
{
public:
    StackImpl(std::int64_t features, std::int64_t landmarks, bool last);
    /// Logits N, landmarks, H, W from `x`, which becomes what the next stack reads.
    torch::Tensor forward(torch::Tensor &x) const;

private:
    Hourglass m_hourglass;
    Residual m_residual;
    Convolution m_features, m_heatmaps, m_featuresBack{nullptr}, m_heatmapsBack{nullptr};
    GroupNorm m_norm;
};
TORCH_MODULE(Stack);

/// The stacked hourglass network (Newell et al. 2016) with logits for heatmaps a quarter as fine as the picture; their
/// softmax and mean are the DSNT layer (dsnt.h).
class StackedHourglassImpl : public Body
{
public:
    explicit StackedHourglassImpl(const HourglassShape &shape);

    torch::Tensor forward(const torch::Tensor &x) override { return heads(x).front(); }
    std::vector<torch::Tensor> heads(const torch::Tensor &x) override;
    void draw(std::uint64_t seed) override;
    const char *initialisation() const override { return "He normal, biases zero"; }

private:
    Convolution m_stem;
    GroupNorm m_stemNorm;
    Residual m_first, m_second, m_third;
    std::vector<Stack> m_stacks;
};
TORCH_MODULE(StackedHourglass);

} // namespace consilium::learning
