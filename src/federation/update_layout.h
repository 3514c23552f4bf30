// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model_state.h"
#include "core/plan.h"

#include <span>
#include <string>
#include <string_view>
#include <vector>

namespace consilium::federation {

/// Values of a tensor that share one scale where updates travel as int8.
constexpr std::int64_t int8Block = 1024;

/// Tensors whose names begin so are control variates, not the model's; what follows is the name of the model's tensor.
inline constexpr std::string_view controlPrefix = "control/";

/// True for tensors that are a change already, not a part of the model: "control/<name>", a site's change of its
/// control variate (Karimireddy et al. 2020, SCAFFOLD).
bool isChangeItself(std::string_view name);

/// The share of `elements`, to the nearest whole number, at least 1 (0 of an empty tensor): what top-k sends.
std::int64_t keptValues(std::int64_t elements, double share);

/// What travels in the place of one tensor of the model, in this order:
///
///   float32, and every integer tensor   the tensor; as F32 where it is a change of floating numbers
///   float16   "<name>" F16 in the tensor's shape, "<name>#scale" F32 of no dimension, a power of two
///   int8      "<name>" I8 in the tensor's shape, "<name>#scale" F32, one for each int8Block values, the last fewer
///   top-k     "<name>#index" I32, or I64 where the tensor has over 2^31 values, rising; "<name>#value" F32
///
/// Values of float16 and int8 are times their scale.
std::vector<TensorInfo> encodedTensors(const TensorInfo &tensor, const Plan::Updates &updates);

/// Bytes of the values that one update of these tensors takes: exactly those of the encoded tensors. Their names, and
/// the frames of the wire, come on top.
std::size_t encodedBytes(std::span<const TensorInfo> tensors, const Plan::Updates &updates);

/// The tensors of a site's update by the plan's strategy: fedbn leaves out those that stay home, scaffold adds
/// "control/<name>" for every floating one.
std::vector<TensorInfo> leavingTensors(std::span<const TensorInfo> model, const Plan::Strategy &strategy);

/// "the whole model", "changes as 16-bit numbers", "changes as 8-bit numbers", "the largest 1 % of the changes".
std::string updatesInWords(const Plan::Updates &updates);

/// The same with what it costs: "changes as 8-bit numbers, 1.4 MB instead of 5.6 MB each round".
std::string updatesInWords(const Plan::Updates &updates, std::span<const TensorInfo> tensors);

/// The same for a model of which only the bytes are known, as one tensor of float32.
std::string updatesInWords(const Plan::Updates &updates, std::size_t modelBytes);

} // namespace consilium::federation
