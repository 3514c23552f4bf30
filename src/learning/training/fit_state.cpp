// SPDX-License-Identifier: GPL-3.0-or-later
#include "learning/training/fit_state.h"

#include <algorithm>
#include <cstring>

namespace consilium::learning {

namespace {

constexpr auto lossesName = "losses";

/// A safetensors file is flat, so names of parts come before those of tensors.
void append(ModelState &state, const std::string &part, ModelState tensors)
{
    for (auto &tensor : tensors.tensors) {
        tensor.info.name = part + "/" + tensor.info.name;
        state.tensors.push_back(std::move(tensor));
    }
}

ModelState partOf(const ModelState &state, const std::string &part)
{
    ModelState tensors;
    for (const auto &tensor : state.tensors) {
        if (!tensor.info.name.starts_with(part + "/"))
            continue;
        tensors.tensors.push_back(tensor);
        tensors.tensors.back().info.name.erase(0, part.size() + 1);
    }
    return tensors;
}

/// An optimiser remembers floating-point numbers alone; float32 holds those of half the bits too.
Tensor stored(const std::string &name, const torch::Tensor &tensor)
{
    const bool wide = tensor.scalar_type() == torch::kDouble;
    const auto values = tensor.to(torch::kCPU, wide ? torch::kDouble : torch::kFloat).contiguous();
    Tensor result{{name, wide ? DType::F64 : DType::F32, values.sizes().vec()}, {}};
    result.values.resize(values.nbytes());
    std::memcpy(result.values.data(), values.data_ptr(), values.nbytes());
    return result;
}

Result<> restoreInto(torch::Tensor target, const std::string &name, const ModelState &from)
{
    const auto *tensor = from.find(name);
    const bool wide = target.scalar_type() == torch::kDouble;
    if (!tensor || tensor->info.shape != target.sizes().vec() || tensor->info.dtype != (wide ? DType::F64 : DType::F32))
        return fail(ErrorCode::Invalid, "The state of the training lacks {}", name);
    // from_blob wants a pointer it may write through; it is only read here.
    auto *bytes = const_cast<std::byte *>(tensor->values.data());
    target.copy_(torch::from_blob(bytes, target.sizes(), wide ? torch::kDouble : torch::kFloat));
    return {};
}

} // namespace

std::vector<torch::Tensor> tensorsOf(const Network &network)
{
    std::vector<torch::Tensor> tensors;
    for (const auto &item : network.parts().body->tensors()) {
        const auto same = [&item](const auto &each) { return each.is_same(item.value()); };
        if (std::ranges::none_of(tensors, same))
            tensors.push_back(item.value());
    }
    return tensors;
}

std::vector<torch::Tensor> copiesOf(const std::vector<torch::Tensor> &tensors)
{
    std::vector<torch::Tensor> copies;
    for (const auto &tensor : tensors)
        copies.push_back(tensor.detach().clone());
    return copies;
}

void exchange(Network &network, std::vector<torch::Tensor> &kept)
{
    auto live = tensorsOf(network);
    for (std::size_t i = 0; i < live.size(); ++i) {
        const auto values = live[i].variable_data();
        live[i].set_data(kept[i]);
        kept[i] = values;
    }
}

FitState::FitState(const Network &network, const Plan &plan)
    : optimizer(plan.training.optimizer, network.parts().body->trained())
{
    if (plan.training.average > 0)
        average = copiesOf(tensorsOf(network));
}

void FitState::follow(const Network &network, double decay)
{
    torch::NoGradGuard frozen;
    const auto live = tensorsOf(network);
    const double warmingUp = (1.0 + step) / (10.0 + step);
    for (std::size_t i = 0; i < average.size(); ++i) {
        if (live[i].is_floating_point())
            average[i].lerp_(live[i], 1 - std::min(decay, warmingUp));
        else
            average[i].copy_(live[i]);
    }
}

Checkpoint FitState::checkpoint(Network &network, const std::string &fit)
{
    Checkpoint made{fit, step, learningRateSum, scores, {}};
    append(made.tensors, "network", network.state());
    for (auto &[name, kept] : {std::pair("average", &average), std::pair("best", &best)}) {
        if (kept->empty())
            continue;
        exchange(network, *kept);
        append(made.tensors, name, network.state());
        exchange(network, *kept);
    }
    ModelState memory;
    for (const auto &[name, tensor] : optimizer.memory())
        memory.tensors.push_back(stored(name, tensor));
    append(made.tensors, "optimizer", std::move(memory));
    made.tensors.tensors.push_back(stored(lossesName, torch::tensor(losses, torch::kDouble)));
    return made;
}

Result<> FitState::restore(Network &network, const Checkpoint &checkpoint)
{
    torch::NoGradGuard frozen;
    for (auto &[name, kept] : {std::pair("average", &average), std::pair("best", &best)}) {
        const auto part = partOf(checkpoint.tensors, name);
        if (part.tensors.empty())
            continue;
        if (auto loaded = network.load(part); !loaded)
            return loaded;
        *kept = copiesOf(tensorsOf(network));
    }
    if (auto loaded = network.load(partOf(checkpoint.tensors, "network")); !loaded)
        return loaded;
    const auto memory = partOf(checkpoint.tensors, "optimizer");
    for (const auto &[name, tensor] : optimizer.memory())
        if (auto restored = restoreInto(tensor, name, memory); !restored)
            return restored;
    optimizer.resumeAfter(checkpoint.step);
    const auto doubles = torch::zeros(checkpoint.step, torch::kDouble);
    if (auto restored = restoreInto(doubles, lossesName, checkpoint.tensors); !restored)
        return restored;
    losses.assign(doubles.data_ptr<double>(), doubles.data_ptr<double>() + checkpoint.step);
    scores = checkpoint.scores;
    step = checkpoint.step;
    learningRateSum = checkpoint.learningRateSum;
    return {};
}

} // namespace consilium::learning
