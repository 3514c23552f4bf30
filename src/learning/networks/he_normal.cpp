// SPDX-License-Identifier: GPL-3.0-or-later
#include "learning/networks/he_normal.h"

#include "core/hash.h"
#include "core/random.h"
#include "learning/networks/layers.h"

#include <cmath>

namespace consilium::learning {

namespace {

void drawWeight(torch::Tensor &weight, std::int64_t fanIn, Random random)
{
    const double deviation = std::sqrt(2 / (1 + leakySlope * leakySlope) / static_cast<double>(fanIn));
    auto values = torch::empty(weight.sizes(), torch::kFloat);
    for (auto *value = values.data_ptr<float>(), *end = value + values.numel(); value != end; ++value)
        *value = static_cast<float>(deviation * random.normal());
    weight.copy_(values);
}

void drawModule(const std::string &name, torch::nn::Module &module, std::uint64_t seed)
{
    // A transposed convolution whose stride is its kernel adds up its input channels alone.
    const bool transposed = module.as<UpsamplingImpl>() != nullptr;
    for (auto &item : module.named_parameters(/*recurse=*/false)) {
        auto &tensor = item.value();
        if (tensor.dim() == 1)
            tensor.fill_(item.key() == "weight" ? 1 : 0);
        else
            drawWeight(tensor, transposed ? tensor.size(0) : tensor[0].numel(),
                       Random(derivedSeed(seed, name.empty() ? item.key() : name + "." + item.key())));
    }
}

} // namespace

void drawHeNormal(torch::nn::Module &network, std::uint64_t seed)
{
    const torch::NoGradGuard frozen;
    network.apply([seed](const std::string &name, torch::nn::Module &module) { drawModule(name, module, seed); });
}

} // namespace consilium::learning
