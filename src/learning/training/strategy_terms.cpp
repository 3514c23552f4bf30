// SPDX-License-Identifier: GPL-3.0-or-later
#include "learning/training/strategy_terms.h"

#include <algorithm>

namespace consilium::learning {

namespace {

/// A parameter that the loss does not reach has no gradient until a term gives it one.
void addToGradient(torch::Tensor parameter, const torch::Tensor &value, double factor)
{
    auto &gradient = parameter.mutable_grad();
    if (!gradient.defined())
        gradient = torch::zeros_like(parameter);
    gradient.add_(value, factor);
}

} // namespace

Result<std::vector<StrategyTerms::Term>> StrategyTerms::termsOf(const Network &network, const ModelState &state,
                                                                const char *what, bool whole)
{
    const auto &body = *network.parts().body;
    const auto trained = body.trained();
    std::vector<Term> terms;
    for (const auto &item : body.tensors()) {
        const auto &parameter = item.value();
        const auto same = [&parameter](const auto &each) { return each.is_same(parameter); };
        const auto known = [&parameter](const Term &term) { return term.parameter.is_same(parameter); };
        if (std::ranges::none_of(trained, same) || std::ranges::any_of(terms, known))
            continue;
        const auto *given = state.find(item.key());
        if (!given && !whole)
            continue;
        if (!given)
            return fail(ErrorCode::Invalid, "The {} lacks the tensor {}", what, item.key());
        if (given->info.shape != parameter.sizes().vec() || given->info.dtype != storedType(parameter).value() ||
            given->values.size() != given->info.bytes())
            return fail(ErrorCode::Invalid, "Tensor {} has another shape or type in the {} than in the network",
                        item.key(), what);
        // from_blob wants a pointer it may write through; it is only read here.
        auto *bytes = const_cast<std::byte *>(given->values.data());
        auto value = torch::empty_like(parameter.detach());
        value.copy_(torch::from_blob(bytes, parameter.sizes(), parameter.scalar_type()));
        terms.push_back({parameter, std::move(value)});
    }
    return terms;
}

Result<StrategyTerms> StrategyTerms::create(const Network &network, const FitOptions &options)
{
    StrategyTerms made;
    if (options.proximal && options.proximal->mu > 0) {
        auto anchors = termsOf(network, options.proximal->anchor, "model of the proximal term", true);
        if (!anchors)
            return fail(anchors.error());
        made.m_mu = options.proximal->mu;
        made.m_anchors = std::move(*anchors);
    }
    if (options.correction) {
        auto corrections = termsOf(network, *options.correction, "correction of the gradients", false);
        if (!corrections)
            return fail(corrections.error());
        made.m_corrections = std::move(*corrections);
    }
    return made;
}

void StrategyTerms::addProximal() const
{
    const torch::NoGradGuard frozen;
    for (const auto &[parameter, anchor] : m_anchors)
        addToGradient(parameter, parameter - anchor, m_mu);
}

void StrategyTerms::addCorrection() const
{
    const torch::NoGradGuard frozen;
    for (const auto &[parameter, correction] : m_corrections)
        addToGradient(parameter, correction, 1);
}

} // namespace consilium::learning
