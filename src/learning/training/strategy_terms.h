// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "learning/network_parts.h"
#include "learning/training/trainer.h"

#include <vector>

namespace consilium::learning {

/// What FitOptions::proximal and FitOptions::correction add to the gradients of a network's trained parameters.
class StrategyTerms
{
public:
    /// `network` outlives the terms. Errors: Invalid (a term lacks a trained tensor, where it may not, or has it in
    /// another shape or type: names the tensor).
    static Result<StrategyTerms> create(const Network &network, const FitOptions &options);

    /// Adds mu (w - anchor): the gradient of mu / 2 ||w - anchor||^2 is clipped with the rest of the loss's.
    void addProximal() const;
    /// Adds the correction, which is none of the loss's: it is to be added after clipping. What a step then moves along
    /// is the clipped gradient plus c - c_i, so that the mean of a fit's steps gives back the mean clipped gradient, as
    /// the control variates of SCAFFOLD (Karimireddy et al. 2020, equation 4, option II) presuppose.
    void addCorrection() const;

private:
    struct Term
    {
        torch::Tensor parameter, value;
    };
    static Result<std::vector<Term>> termsOf(const Network &network, const ModelState &state, const char *what,
                                             bool whole);

    double m_mu = 0;
    std::vector<Term> m_anchors, m_corrections;
};

} // namespace consilium::learning
