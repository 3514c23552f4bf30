// SPDX-License-Identifier: GPL-3.0-or-later
#include "learning/training/optimizers.h"

#include <cmath>
#include <fmt/format.h>

namespace consilium::learning {

namespace {

constexpr double epsilon = 1e-8;

} // namespace

void clipGradients(const std::vector<torch::Tensor> &parameters, double largest)
{
    if (largest <= 0)
        return;
    torch::NoGradGuard frozen;
    std::vector<torch::Tensor> gradients, norms;
    for (const auto &parameter : parameters) {
        if (!parameter.grad().defined())
            continue;
        gradients.push_back(parameter.grad());
        norms.push_back(gradients.back().norm());
    }
    if (norms.empty())
        return;
    const auto factor = (largest / (torch::stack(norms).norm() + 1e-6)).clamp_max(1);
    for (auto &gradient : gradients)
        gradient.mul_(factor);
}

Optimizer::Optimizer(const Plan::Optimizer &rule, std::vector<torch::Tensor> parameters)
    : m_rule(rule), m_parameters(std::move(parameters))
{
    torch::NoGradGuard frozen;
    const bool sgd = m_rule.kind == "sgd";
    const auto remember = [&](std::vector<torch::Tensor> &tensors, const char *name) {
        for (std::size_t i = 0; i < m_parameters.size(); ++i) {
            tensors.push_back(torch::zeros_like(m_parameters[i]));
            m_memory.emplace_back(fmt::format("{}.{}", i, name), tensors.back());
        }
    };
    if (!sgd || m_rule.momentum > 0)
        remember(m_first, sgd ? "momentum" : "exp_avg");
    if (!sgd)
        remember(m_second, "exp_avg_sq");
}

void Optimizer::clearGradients()
{
    for (auto &parameter : m_parameters)
        parameter.mutable_grad().reset();
}

void Optimizer::step(double lr)
{
    torch::NoGradGuard frozen;
    ++m_steps;
    for (std::size_t i = 0; i < m_parameters.size(); ++i) {
        auto &weight = m_parameters[i];
        auto gradient = weight.grad();
        if (!gradient.defined())
            continue;
        if (m_rule.kind == "sgd")
            stepSgd(weight, gradient, i, lr);
        else
            stepAdam(weight, gradient, i, lr);
    }
}

void Optimizer::stepSgd(torch::Tensor &weight, torch::Tensor &gradient, std::size_t index, double lr)
{
    if (m_rule.weightDecay > 0)
        gradient.add_(weight, m_rule.weightDecay);
    if (m_rule.momentum > 0) {
        auto &momentum = m_first[index].mul_(m_rule.momentum).add_(gradient);
        if (m_rule.nesterov)
            gradient.add_(momentum, m_rule.momentum);
        else
            gradient = momentum;
    }
    weight.add_(gradient, -lr);
}

void Optimizer::stepAdam(torch::Tensor &weight, torch::Tensor &gradient, std::size_t index, double lr)
{
    const auto [beta1, beta2] = m_rule.betas;
    if (m_rule.kind == "adamw")
        weight.mul_(1 - lr * m_rule.weightDecay);
    else if (m_rule.weightDecay > 0)
        gradient.add_(weight, m_rule.weightDecay);
    auto &mean = m_first[index].mul_(beta1).add_(gradient, 1 - beta1);
    auto &square = m_second[index].mul_(beta2).addcmul_(gradient, gradient, 1 - beta2);
    const auto scale = square.sqrt().div_(std::sqrt(1 - std::pow(beta2, m_steps))).add_(epsilon);
    weight.addcdiv_(mean, scale, -lr / (1 - std::pow(beta1, m_steps)));
}

} // namespace consilium::learning
