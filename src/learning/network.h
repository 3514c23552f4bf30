// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/model_state.h"
#include "core/plan.h"

#include <filesystem>
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
    /// Builds it and draws its weights from `seed` alone. A plan of kind "torchscript" takes `module`, the file whose
    /// SHA-256 the plan names. Errors: Unsupported (kind, device); Refused (another module than the plan names);
    /// NotFound, Malformed (the module's file); Internal.
    static Result<Network> create(const Plan &plan, std::uint64_t seed, const std::string &device = "cpu",
                                  const std::filesystem::path &module = {});
    Network(Network &&) noexcept;
    Network &operator=(Network &&) noexcept;
    ~Network();

    /// Parameters and buffers by name, in a fixed order.
    ModelState state() const;
    /// Errors: Invalid, naming the tensor that is missing, unknown, or of another shape.
    Result<> load(const ModelState &state);

    struct Parts; ///< LibTorch's side; learning/network_parts.h, private to this library
    Parts &parts() { return *m_parts; }
    const Parts &parts() const { return *m_parts; }

private:
    explicit Network(std::unique_ptr<Parts> parts);
    std::unique_ptr<Parts> m_parts;
};

/// What a plan's network amounts to.
struct NetworkSummary
{
    std::int64_t parameters = 0;
    /// Of the convolutions in one forward pass of one patch; one is two floating-point operations. Counted on the
    /// smallest patch the network takes and scaled by the voxels. 0: not known (torchscript).
    double multiplyAdds = 0;
    std::string initialisation; ///< in words
};

/// Builds the network once to count, without drawing its weights. Errors: as Network::create.
Result<NetworkSummary> summarise(const Plan &plan, const std::filesystem::path &module = {});

} // namespace consilium::learning
