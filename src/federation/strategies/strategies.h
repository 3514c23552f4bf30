// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "federation/strategy.h"

/// The strategies this program has, one file each, which names its paper. Where a strategy has numbers of its own it
/// takes them from the plan, whose defaults are the papers'.
namespace consilium::federation::strategies {

std::unique_ptr<Strategy> fedAvg(std::string weights);
std::unique_ptr<Strategy> serverMomentum(const Plan::Strategy &plan);
std::unique_ptr<Strategy> adaptive(const Plan::Strategy &plan);
std::unique_ptr<Strategy> fedNova(const Plan::Strategy &plan);
std::unique_ptr<Strategy> validationWeighted();
std::unique_ptr<Strategy> median();
std::unique_ptr<Strategy> trimmedMean(const Plan::Strategy &plan);
std::unique_ptr<Strategy> krum(const Plan::Strategy &plan);
std::unique_ptr<Strategy> geometricMedian(const Plan::Strategy &plan);
std::unique_ptr<Strategy> fedBuff(const Plan::Strategy &plan);

/// Weights that sum to 1: in proportion to training cases ("samples"), to optimiser steps ("steps"), or "equal".
/// Errors: Invalid (no site, or none has any).
Result<std::vector<double>> meanWeights(std::span<const Contribution> contributions, const std::string &weights);

/// Equal weights that sum to 1. Errors: Invalid (no site).
Result<std::vector<double>> equalWeights(std::span<const Contribution> contributions);

} // namespace consilium::federation::strategies
