// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/plan.h"

#include <torch/torch.h>

#include <string>
#include <utility>
#include <vector>

namespace consilium::learning {

/// Scales all gradients together so that their common norm is at most `largest`; 0 leaves them alone. Asks nothing of
/// the device that would make it wait. Parameters without a gradient are passed over.
void clipGradients(const std::vector<torch::Tensor> &parameters, double largest);

/// The three rules of PyTorch, to which they are equal: SGD with (Nesterov) momentum, where weight decay joins the
/// gradient; Adam (Kingma and Ba 2015), likewise; AdamW (Loshchilov and Hutter 2019), where it shrinks the weights by
/// themselves.
class Optimizer
{
public:
    Optimizer(const Plan::Optimizer &rule, std::vector<torch::Tensor> parameters);

    void clearGradients();
    /// One step with that learning rate. It uses up the gradients. Parameters without one stay.
    void step(double lr);

    /// What it remembers between steps, by name, in a fixed order: momentum, or the running means of the gradient and
    /// of its square. Writing into these tensors and resumeAfter() restore it.
    const std::vector<std::pair<std::string, torch::Tensor>> &memory() const { return m_memory; }
    void resumeAfter(int steps) { m_steps = steps; }

private:
    void stepSgd(torch::Tensor &weight, torch::Tensor &gradient, std::size_t index, double lr);
    void stepAdam(torch::Tensor &weight, torch::Tensor &gradient, std::size_t index, double lr);

    Plan::Optimizer m_rule;
    std::vector<torch::Tensor> m_parameters;
    std::vector<torch::Tensor> m_first, m_second; // of each parameter: momentum or mean; mean of squares
    int m_steps = 0;
    std::vector<std::pair<std::string, torch::Tensor>> m_memory;
};

} // namespace consilium::learning
