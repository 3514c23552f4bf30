// SPDX-License-Identifier: GPL-3.0-or-later
#include "learning/networks/he_normal.h"

#include "core/hash.h"
#include "core/random.h"
#include "learning/networks/layers.h"

namespace consilium::learning {

void drawHeNormal(torch::nn::Module &network, std::uint64_t seed)
{
    const torch::NoGradGuard frozen;
    for (auto &item : network.named_parameters()) {
        auto &tensor = item.value();
        if (tensor.dim() == 1) {
            tensor.fill_(item.key().ends_with("weight") ? 1 : 0);
            continue;
        }
        Random random(derivedSeed(seed, item.key()));
        drawHeNormal(tensor, static_cast<double>(tensor[0].numel()), random);
    }
}

} // namespace consilium::learning
