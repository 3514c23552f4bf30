// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QString>

#include <torch/torch.h>

#include <algorithm>
#include <cmath>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace consilium::test {

/// Moves the scales and shifts of norms and the biases of convolutions from where they are drawn, some at zero, where
/// they would hide the weights before them.
inline void enliven(torch::nn::Module &network)
{
    const torch::NoGradGuard frozen;
    for (auto &parameter : network.parameters())
        if (parameter.dim() == 1)
            parameter.add_(torch::rand_like(parameter), 0.1);
}

/// Compares the gradient of `value` with respect to the parameters of `network` (double precision) with central
/// differences, along one random direction for all parameters of each layer. Empty when they agree to 1e-4, else the
/// first layer that does not.
inline QString gradientDisagreement(torch::nn::Module &network, const std::function<torch::Tensor()> &value)
{
    network.zero_grad();
    value().backward();
    std::map<std::string, std::vector<torch::Tensor>> layers;
    for (const auto &item : network.named_parameters())
        layers[item.key().substr(0, item.key().rfind('.', item.key().rfind('.') - 1))].push_back(item.value());
    const torch::NoGradGuard frozen;
    for (auto &[name, parameters] : layers) {
        std::vector<torch::Tensor> directions;
        double expected = 0;
        for (const auto &parameter : parameters) {
            directions.push_back(torch::randn_like(parameter));
            if (!parameter.grad().defined())
                return QString("%1 has no gradient").arg(name.c_str());
            expected += (parameter.grad() * directions.back()).sum().item<double>();
        }
        const auto moved = [&](double by) {
            for (std::size_t i = 0; i < parameters.size(); ++i)
                parameters[i].add_(directions[i], by);
            return value().item<double>();
        };
        // A ReLU that changes sides within the step, or a batch norm over few values, leaves an error that falls with
        // the step, until rounding takes over.
        double numeric = 0;
        bool agrees = false;
        for (double step = 1e-6; !agrees && step > 1e-10; step /= 10) {
            const double above = moved(step), below = moved(-2 * step);
            moved(step);
            numeric = (above - below) / (2 * step);
            agrees = std::abs(numeric - expected) <= 1e-4 * std::max(0.01, std::abs(expected));
        }
        if (!agrees)
            return QString("%1: %2 by differences, %3 by the network")
                .arg(name.c_str())
                .arg(numeric, 0, 'g', 10)
                .arg(expected, 0, 'g', 10);
    }
    return {};
}

} // namespace consilium::test
