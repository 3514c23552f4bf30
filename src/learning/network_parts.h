// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "learning/network.h"
#include "learning/networks/body.h"

#include <exception>
#include <new>
#include <optional>
#include <string>

namespace consilium::learning {

struct Network::Parts
{
    torch::Device device;
    torch::MemoryFormat format; ///< of activations and weights: channels last on a CPU, where it is faster
    std::shared_ptr<Body> body;

    /// N, C, spatial on the network's device and in its format.
    torch::Tensor prepared(const torch::Tensor &x) const { return x.to(device).contiguous(format); }
};

/// How a model stores the tensor's elements; nothing: it cannot. Every tensor of a Body can be stored.
std::optional<DType> storedType(const torch::Tensor &tensor);

/// Readies the calling thread: as many threads as setThreads asked for (OpenMP keeps the number per thread, so whoever
/// computes says it again), and an allocator that keeps what it has.
void prepareToCompute();

/// What LibTorch threw, in one line: without backtraces, and of a TorchScript program's own trace the reason alone.
std::string reasonOf(const std::exception &error);

/// Runs `work` and turns what LibTorch throws into an Error.
template <typename Work>
auto guarded(const char *what, Work &&work) -> decltype(work())
{
    try {
        return work();
    } catch (const std::bad_alloc &) {
        return failWithHint(ErrorCode::Unavailable, "Close other programs or take a plan with smaller patches",
                            "{} ran out of memory", what);
    } catch (const std::exception &error) {
        return fail(ErrorCode::Internal, "{} failed: {}", what, reasonOf(error));
    }
}

} // namespace consilium::learning
