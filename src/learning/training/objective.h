// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "learning/network_parts.h"
#include "learning/training/trainer.h"

#include <optional>
#include <vector>

namespace consilium::learning {

/// What training minimises on a batch.
class Objective
{
public:
    /// Keeps referring to all of them. Errors: Invalid (the model to retain is of another network).
    static Result<Objective> create(Network &network, const Plan &plan, const Extent &patch,
                                    const std::optional<Retention> &retention);

    /// The loss, a scalar on the network's device with its graph. It changes nothing.
    torch::Tensor operator()(Batch &batch);

private:
    Objective(Network &network, const Plan &plan, const Extent &patch)
        : m_network(&network), m_plan(&plan), m_patch(patch)
    {
    }
    const Network::Parts &parts() const { return m_network->parts(); }
    torch::Tensor earlierAnswer(const torch::Tensor &image);
    torch::Tensor onDevice(const torch::Tensor &host) const;

    Network *m_network;
    const Plan *m_plan;
    Extent m_patch;
    std::vector<torch::Tensor> m_retained; // empty: nothing is
    double m_weight = 0, m_temperature = 1;
};

} // namespace consilium::learning
