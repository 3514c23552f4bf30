// SPDX-License-Identifier: GPL-3.0-or-later
#include "learning/training/objective.h"

#include "learning/training/fit_state.h"
#include "learning/training/landmark_loss.h"
#include "learning/training/loss.h"
#include "learning/training/precision.h"

namespace consilium::learning {

namespace {

/// One distribution in a row: over the labels of a voxel, or over the places of a landmark.
torch::Tensor distributions(const torch::Tensor &answer, bool landmarks)
{
    const auto flat = answer.to(torch::kFloat).flatten(2);
    return landmarks ? flat : flat.transpose(1, 2);
}

} // namespace

Result<Objective> Objective::create(Network &network, const Plan &plan, const Extent &patch,
                                    const std::optional<Retention> &retention)
{
    Objective objective(network, plan, patch);
    if (!retention)
        return objective;
    auto kept = copiesOf(tensorsOf(network));
    if (auto loaded = network.load(retention->model); !loaded)
        return fail(loaded.error(), "The model whose answers are to be retained does not fit");
    exchange(network, kept);
    objective.m_retained = std::move(kept);
    objective.m_weight = retention->weight;
    objective.m_temperature = retention->temperature;
    return objective;
}

torch::Tensor Objective::onDevice(const torch::Tensor &host) const
{
    if (parts().device.is_cpu())
        return host;
    // From pinned memory the copy runs while the device is still at the step before.
    return host.pin_memory().to(parts().device, /*non_blocking=*/true);
}

torch::Tensor Objective::earlierAnswer(const torch::Tensor &image)
{
    torch::NoGradGuard frozen;
    auto &body = *parts().body;
    exchange(*m_network, m_retained);
    body.eval();
    auto answer = [&] {
        const Precision precision(m_plan->training.precision, parts().device);
        return body.forward(image);
    }();
    body.train();
    exchange(*m_network, m_retained);
    return answer;
}

torch::Tensor Objective::operator()(Batch &batch)
{
    const std::int64_t n = m_plan->training.batchSize;
    const bool landmarks = !m_plan->data.landmarks.empty();
    std::vector<std::int64_t> imageShape{n, static_cast<std::int64_t>(m_plan->data.channels.size())}, labelShape{n};
    for (int axis = m_plan->network.dimensions == 2 ? 1 : 0; axis < 3; ++axis) {
        imageShape.push_back(m_patch[axis]);
        labelShape.push_back(m_patch[axis]);
    }
    const auto image = parts().prepared(onDevice(torch::from_blob(batch.image.data(), imageShape)));
    torch::Tensor earlier;
    if (!m_retained.empty())
        earlier = earlierAnswer(image);
    auto heads = [&] {
        const Precision precision(m_plan->training.precision, parts().device);
        return parts().body->heads(image);
    }();
    for (auto &head : heads)
        head = head.to(torch::kFloat);

    torch::Tensor loss;
    if (landmarks) {
        const auto count = static_cast<std::int64_t>(m_plan->data.landmarks.size());
        loss = landmarkLoss(heads, onDevice(torch::from_blob(batch.points.data(), {n, count, 2})),
                            onDevice(torch::from_blob(batch.weights.data(), {n, count})));
    } else {
        const auto labels = onDevice(torch::from_blob(batch.labels.data(), labelShape, torch::kUInt8));
        loss = deepSupervisionLoss(heads, labels.to(torch::kLong), m_plan->training.loss);
    }
    if (earlier.defined())
        loss = loss + m_weight * distillationLoss(distributions(heads.front(), landmarks),
                                                  distributions(earlier, landmarks), m_temperature);
    return loss;
}

} // namespace consilium::learning
