// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/json.h"
#include "core/safetensors.h"
#include "learning/network_parts.h"
#include "learning/training/optimizers.h"
#include "support/outside_tool.h"

#include <QTemporaryDir>

#include <cstring>
#include <functional>
#include <map>
#include <string>
#include <vector>

namespace consilium::test {

using NamedTensors = std::map<std::string, torch::Tensor>;

inline bool writeTensors(const std::filesystem::path &file, const NamedTensors &tensors)
{
    ModelState state;
    for (const auto &[name, tensor] : tensors) {
        const auto values = tensor.detach().contiguous();
        const auto type = values.scalar_type();
        Tensor stored;
        stored.info = {name,
                       type == torch::kDouble ? DType::F64
                       : type == torch::kLong ? DType::I64
                                              : DType::F32,
                       values.sizes().vec()};
        stored.values.resize(values.nbytes());
        std::memcpy(stored.values.data(), values.data_ptr(), values.nbytes());
        state.tensors.push_back(std::move(stored));
    }
    return writeSafetensors(file, state).has_value();
}

inline std::vector<Plan::Optimizer> everyOptimizer()
{
    Plan::Optimizer sgd, adam, adamw;
    sgd.lr = 1e-3;
    sgd.momentum = 0.9;
    adam.kind = "adam";
    adamw.kind = "adamw";
    adam.lr = adamw.lr = 1e-4;
    adamw.weightDecay = 0.01;
    return {sgd, adam, adamw};
}

/// Adam divides every element of a gradient by its own size: where that is rounding noise, the step is noise of full
/// size in float32. There its rule is compared on our gradients, and the whole step in float64.
inline bool needsDouble(const std::string &difference)
{
    return difference == "adam" || difference == "adamw";
}

/// Runs the forward pass of `network` in both modes and one step of every optimiser, then the same in Python by
/// `script` (parity/<script>, which says what is compared). Returns the differences that it prints by name; empty, with
/// `complaint`, when it could not.
inline std::map<std::string, double>
differencesFromPython(learning::Network &network, NamedTensors batch,
                      const std::function<torch::Tensor(const std::vector<torch::Tensor> &)> &loss,
                      const QString &script, QString &complaint)
{
    const QTemporaryDir folder;
    const std::filesystem::path path = folder.path().toStdString();
    auto &parts = network.parts();
    auto &body = *parts.body;
    const auto tensors = body.tensors();
    NamedTensors start, answers, gradients;
    for (const auto &item : tensors)
        start[item.key()] = item.value().detach().clone();
    const auto restore = [&] {
        const torch::NoGradGuard frozen;
        for (const auto &item : tensors)
            item.value().copy_(start[item.key()]);
    };
    const auto image = parts.prepared(batch["image"]);
    for (const bool training : {false, true}) {
        body.train(training);
        const auto heads = body.heads(image);
        for (std::size_t k = 0; k < heads.size(); ++k)
            answers[(training ? "train." : "eval.") + std::to_string(k)] = heads[k];
        restore();
    }
    Json settings = Json::array();
    bool written = true;
    for (const auto &rule : everyOptimizer()) {
        settings.push_back({{"kind", rule.kind},
                            {"lr", rule.lr},
                            {"momentum", rule.momentum},
                            {"nesterov", rule.nesterov},
                            {"betas", rule.betas},
                            {"weightDecay", rule.weightDecay}});
        learning::Optimizer optimizer(rule, body.trained());
        optimizer.clearGradients();
        loss(body.heads(image)).backward();
        for (const auto &item : body.named_parameters())
            gradients[item.key()] = item.value().grad().detach().clone();
        optimizer.step(rule.lr);
        NamedTensors after;
        for (const auto &item : tensors)
            after[item.key()] = item.value();
        written = written && writeTensors(path / (rule.kind + ".safetensors"), after);
        restore();
    }
    written = written && writeTensors(path / "start.safetensors", start) &&
              writeTensors(path / "batch.safetensors", batch) && writeTensors(path / "answers.safetensors", answers) &&
              writeTensors(path / "gradients.safetensors", gradients) && writeJson(path / "settings.json", settings);
    if (!written) {
        complaint = "The files for Python could not be written";
        return {};
    }
    const auto run =
        runTool(pythonWith("torch"), {"-B", QStringLiteral(CONSILIUM_PARITY_SCRIPTS "/") + script, folder.path()});
    complaint = run.errors;
    const auto printed = parseJson(run.output.toStdString());
    return run.exitCode == 0 && printed ? printed->get<std::map<std::string, double>>()
                                        : std::map<std::string, double>();
}

} // namespace consilium::test
