// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/plan.h"
#include "learning/networks/body.h"

#include <torch/script.h>

#include <filesystem>
#include <memory>

namespace consilium::learning {

/// A TorchScript module from a file as a network: `forward` takes one float tensor N, channels, spatial and answers
/// with one, the logits N, outputs, spatial (landmarks: on a grid a quarter as fine). Its parameters and buffers go by
/// their dotted names; those that ask for no gradient stay as they are. Starts with the weights in the file.
class ScriptedNetwork : public Body
{
public:
    /// Reads `file` and tries it once on a patch of zeros. Errors: Refused (not the file whose SHA-256 the plan names);
    /// NotFound, Io; Malformed (no TorchScript module, no such `forward`, logits of another shape or type).
    static Result<std::shared_ptr<Body>> open(const Plan &plan, const std::filesystem::path &file);

    explicit ScriptedNetwork(torch::jit::Module module) : m_module(std::move(module)) {}

    torch::Tensor forward(const torch::Tensor &x) override;
    std::vector<torch::Tensor> heads(const torch::Tensor &x) override { return {forward(x)}; }
    void draw(std::uint64_t) override {}
    const char *initialisation() const override { return "as the module's file has them"; }
    torch::OrderedDict<std::string, torch::Tensor> tensors() const override;
    std::vector<torch::Tensor> trained() const override;

    using Body::to;
    void train(bool on) override;
    void to(torch::Device device, bool nonBlocking) override;
    void zero_grad(bool toNone) override;

private:
    torch::jit::Module m_module;
};

} // namespace consilium::learning
