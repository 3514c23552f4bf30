// SPDX-License-Identifier: GPL-3.0-or-later
#include "learning/networks/hourglass.h"

#include "learning/networks/he_normal.h"

#include <algorithm>
#include <numeric>

namespace consilium::learning {

namespace {

constexpr int order = 4; // Newell et al. 2016: from 64 x 64 down to 4 x 4

Convolution convolution(std::int64_t in, std::int64_t out, std::int64_t kernel, std::int64_t stride = 1)
{
    return Convolution(in, out, onEveryAxis(2, kernel), onEveryAxis(2, stride), true);
}

std::int64_t half(std::int64_t features)
{
    return std::max<std::int64_t>(1, features / 2);
}

torch::Tensor halved(const torch::Tensor &x)
{
    return torch::max_pool2d(x, 2);
}

} // namespace

HourglassShape HourglassShape::of(const Plan &plan)
{
    return {static_cast<std::int64_t>(plan.data.channels.size()), static_cast<std::int64_t>(plan.outputs()),
            plan.network.features.front(), plan.network.stacks};
}

// The paper normalises by batch. A hospital trains on batches of two to four radiographs, over which means are noise,
// and a federation would average the running means of sites whose machines differ; groups of channels do without both.
GroupNormImpl::GroupNormImpl(std::int64_t channels)
    : weight(register_parameter("weight", torch::ones(channels))),
      bias(register_parameter("bias", torch::zeros(channels))),
      m_groups(std::gcd(channels, std::max<std::int64_t>(1, channels / 16)))
{
}

torch::Tensor GroupNormImpl::forward(const torch::Tensor &x) const
{
    // It wants one element type, and autocast may have shortened that of x.
    const auto type = x.scalar_type();
    return torch::group_norm(x, m_groups, weight.to(type), bias.to(type), 1e-5);
}

ResidualImpl::ResidualImpl(std::int64_t in, std::int64_t out)
    : m_norm1(register_module("norm1", GroupNorm(in))), m_norm2(register_module("norm2", GroupNorm(half(out)))),
      m_norm3(register_module("norm3", GroupNorm(half(out)))),
      m_conv1(register_module("conv1", convolution(in, half(out), 1))),
      m_conv2(register_module("conv2", convolution(half(out), half(out), 3))),
      m_conv3(register_module("conv3", convolution(half(out), out, 1)))
{
    if (in != out)
        m_shortcut = register_module("shortcut", convolution(in, out, 1));
}

torch::Tensor ResidualImpl::forward(const torch::Tensor &x) const
{
    auto y = m_conv1->forward(m_norm1->forward(x).relu_());
    y = m_conv2->forward(m_norm2->forward(y).relu_());
    y = m_conv3->forward(m_norm3->forward(y).relu_());
    return y + (m_shortcut.is_empty() ? x : m_shortcut->forward(x));
}

HourglassImpl::HourglassImpl(std::int64_t features, int levels)
    : m_middle(register_module("middle", Residual(features, features)))
{
    const auto residuals = [&](const char *name, std::vector<Residual> &branch) {
        auto list = register_module(name, torch::nn::ModuleList());
        for (int k = 0; k < levels; ++k) {
            branch.emplace_back(Residual(features, features));
            list->push_back(branch.back());
        }
    };
    residuals("stay", m_stay);
    residuals("before", m_before);
    residuals("after", m_after);
}

torch::Tensor HourglassImpl::at(std::size_t level, const torch::Tensor &x) const
{
    if (level == m_stay.size())
        return m_middle->forward(x);
    const auto y = m_after[level]->forward(at(level + 1, m_before[level]->forward(halved(x))));
    return m_stay[level]->forward(x) + torch::upsample_nearest2d(y, {x.size(2), x.size(3)});
}

torch::Tensor HourglassImpl::forward(const torch::Tensor &x) const
{
    return at(0, x);
}

StackImpl::StackImpl(std::int64_t features, std::int64_t landmarks, bool last)
    : m_hourglass(register_module("hourglass", Hourglass(features, order))),
      m_residual(register_module("residual", Residual(features, features))),
      m_features(register_module("features", convolution(features, features, 1))),
      m_heatmaps(register_module("heatmaps", convolution(features, landmarks, 1))),
      m_norm(register_module("norm", GroupNorm(features)))
{
    if (last)
        return;
    m_featuresBack = register_module("featuresBack", convolution(features, features, 1));
    m_heatmapsBack = register_module("heatmapsBack", convolution(landmarks, features, 1));
}

torch::Tensor StackImpl::forward(torch::Tensor &x) const
{
    const auto y = m_residual->forward(m_hourglass->forward(x));
    const auto features = m_norm->forward(m_features->forward(y)).relu_();
    const auto logits = m_heatmaps->forward(features);
    if (!m_featuresBack.is_empty())
        x = x + m_featuresBack->forward(features) + m_heatmapsBack->forward(logits);
    return logits;
}

// The stem's widths are those of the public implementations: a quarter, then half of the features.
StackedHourglassImpl::StackedHourglassImpl(const HourglassShape &shape)
    : m_stem(register_module("stem", convolution(shape.channels, half(half(shape.features)), 7, 2))),
      m_stemNorm(register_module("stemNorm", GroupNorm(half(half(shape.features))))),
      m_first(register_module("first", Residual(half(half(shape.features)), half(shape.features)))),
      m_second(register_module("second", Residual(half(shape.features), shape.features))),
      m_third(register_module("third", Residual(shape.features, shape.features)))
{
    auto stacks = register_module("stacks", torch::nn::ModuleList());
    for (int k = 0; k < shape.stacks; ++k) {
        m_stacks.emplace_back(Stack(shape.features, shape.landmarks, k + 1 == shape.stacks));
        stacks->push_back(m_stacks.back());
    }
}

std::vector<torch::Tensor> StackedHourglassImpl::heads(const torch::Tensor &x)
{
    auto y = m_first->forward(m_stemNorm->forward(m_stem->forward(x)).relu_());
    y = m_third->forward(m_second->forward(halved(y)));
    std::vector<torch::Tensor> logits;
    for (const auto &stack : m_stacks)
        logits.push_back(stack->forward(y));
    std::ranges::reverse(logits);
    return logits;
}

void StackedHourglassImpl::draw(std::uint64_t seed)
{
    drawHeNormal(*this, seed);
}

} // namespace consilium::learning
