// SPDX-License-Identifier: GPL-3.0-or-later
#include "learning/networks/scripted_network.h"

#include "core/file.h"
#include "core/hash.h"
#include "learning/network_parts.h"

#include <algorithm>
#include <sstream>

namespace consilium::learning {

namespace {

constexpr auto exportHint = "Export it with torch.jit.script or torch.jit.trace, for one tensor in and one out";

/// N, C, spatial in LibTorch's order of axes.
std::vector<std::int64_t> patchShape(const Plan &plan, std::int64_t channels, int shrinking)
{
    std::vector<std::int64_t> shape{1, channels};
    for (auto extent = plan.training.patch.rbegin(); extent != plan.training.patch.rend(); ++extent)
        shape.push_back(*extent / shrinking);
    return shape;
}

std::string shapeText(at::IntArrayRef shape)
{
    return fmt::format("{}", fmt::join(shape.vec(), " x "));
}

Result<torch::jit::Module> parsed(const std::string &bytes, const std::filesystem::path &file)
{
    try {
        std::istringstream stream(bytes);
        auto module = torch::jit::load(stream, torch::Device(torch::kCPU));
        for (const auto &item : module.named_parameters(true))
            if (item.value.scalar_type() != torch::kFloat)
                return failWithHint(ErrorCode::Malformed, "Call its float() before exporting it",
                                    "{} has the parameter {} in another type than float32", file.string(), item.name);
        for (const auto &item : module.named_buffers(true))
            if (!storedType(item.value))
                return failWithHint(ErrorCode::Malformed, "Keep it as a tensor of float32 or of whole numbers",
                                    "{} has the buffer {} of type {}, which no model file can store", file.string(),
                                    item.name, item.value.toString());
        if (!module.find_method("forward"))
            return failWithHint(ErrorCode::Malformed, exportHint, "{} has no method 'forward'", file.string());
        if (module.parameters(true).size() == 0)
            return failWithHint(ErrorCode::Malformed, "Export it without freezing it", "{} has nothing to train",
                                file.string());
        return module;
    } catch (const std::exception &error) {
        return failWithHint(ErrorCode::Malformed, exportHint, "{} is not a TorchScript module ({})", file.string(),
                            reasonOf(error));
    }
}

/// Runs it on zeros and says what is wrong with the answer.
Result<> tried(Body &body, const Plan &plan, const std::filesystem::path &file)
{
    const auto given = patchShape(plan, static_cast<std::int64_t>(plan.data.channels.size()), 1);
    const auto expected =
        patchShape(plan, static_cast<std::int64_t>(plan.outputs()), plan.data.landmarks.empty() ? 1 : 4);
    try {
        const torch::NoGradGuard frozen;
        body.eval(); // so that no running statistic of a norm learns from zeros
        const auto logits = body.forward(torch::zeros(given));
        body.train();
        if (logits.sizes().vec() != expected || logits.scalar_type() != torch::kFloat)
            return fail(ErrorCode::Malformed,
                        "{} answers a patch of {} with {} numbers of type {}, not with {} of Float", file.string(),
                        shapeText(given), shapeText(logits.sizes()), c10::toString(logits.scalar_type()),
                        shapeText(expected));
    } catch (const std::bad_alloc &) {
        throw;
    } catch (const std::exception &error) {
        return failWithHint(ErrorCode::Malformed, exportHint, "{} could not be run on a patch of {} ({})",
                            file.string(), shapeText(given), reasonOf(error));
    }
    return {};
}

} // namespace

Result<std::shared_ptr<Body>> ScriptedNetwork::open(const Plan &plan, const std::filesystem::path &file)
{
    if (file.empty())
        return fail(ErrorCode::NotFound,
                    "The plan's network is the TorchScript module with the SHA-256 {}, and no file was given for it",
                    plan.network.module);
    const auto bytes = readFile(file);
    if (!bytes)
        return fail(bytes.error());
    if (const auto hash = sha256Hex(*bytes); hash != plan.network.module)
        return failWithHint(ErrorCode::Refused, "Ask for the file that the plan was made with",
                            "{} has the SHA-256 {}, and the plan names {}", file.string(), hash, plan.network.module);
    auto module = parsed(*bytes, file);
    if (!module)
        return fail(module.error());
    auto body = std::make_shared<ScriptedNetwork>(std::move(*module));
    if (auto fitting = tried(*body, plan, file); !fitting)
        return fail(fitting.error());
    return body;
}

torch::Tensor ScriptedNetwork::forward(const torch::Tensor &x)
{
    // Left on, the optimiser of graphs runs the first passes another way than the later ones, and training that was
    // interrupted would not come to the same weights.
    const torch::jit::GraphOptimizerEnabledGuard unoptimised(false);
    return m_module.forward({x}).toTensor();
}

torch::OrderedDict<std::string, torch::Tensor> ScriptedNetwork::tensors() const
{
    torch::OrderedDict<std::string, torch::Tensor> all;
    for (const auto &item : m_module.named_parameters(true))
        all.insert(item.name, item.value);
    for (const auto &item : m_module.named_buffers(true))
        all.insert(item.name, item.value);
    return all;
}

std::vector<torch::Tensor> ScriptedNetwork::trained() const
{
    std::vector<torch::Tensor> trained;
    for (const auto &parameter : m_module.parameters(true)) {
        // Layers may share one tensor; a step changes it once.
        const bool known = std::ranges::any_of(trained, [&](const auto &each) { return each.is_same(parameter); });
        if (parameter.requires_grad() && !known)
            trained.push_back(parameter);
    }
    return trained;
}

void ScriptedNetwork::train(bool on)
{
    Body::train(on);
    m_module.train(on);
}

void ScriptedNetwork::to(torch::Device device, bool)
{
    m_module.to(device);
}

void ScriptedNetwork::zero_grad(bool)
{
    for (auto &parameter : trained())
        parameter.mutable_grad().reset();
}

} // namespace consilium::learning
