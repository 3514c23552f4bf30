// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model_state.h"
#include "core/plan.h"

#include <memory>

namespace consilium::learning {

/// Where a network computes: "cpu" or "cuda:N". Errors of users: Unsupported when LibTorch has no such device.
Result<> checkDevice(const std::string &device);

/// Threads LibTorch may use in this process; at least 1. Debian's LibTorch starts with one unless told.
void setThreads(int threads);

/// The network a plan describes. Owns its parameters; not for use from two threads at once.
class Network
{
public:
    /// Builds it and draws its weights (He normal for leaky ReLU) from `seed` alone. Errors: Unsupported (kind);
    /// Internal.
    static Result<Network> create(const Plan &plan, std::uint64_t seed, const std::string &device = "cpu");
    Network(Network &&) noexcept;
    Network &operator=(Network &&) noexcept;
    ~Network();

    /// Parameters and buffers by name, in a fixed order.
    ModelState state() const;
    /// Errors: Invalid, naming the tensor that is missing, unknown, or of another shape.
    Result<> load(const ModelState &state);
    std::int64_t parameterCount() const;

    struct Parts; ///< LibTorch's side; learning/network_parts.h, private to this library
    Parts &parts() { return *m_parts; }

private:
    explicit Network(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> m_parts;
};

} // namespace consilium::learning
