// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/plan.h"
#include "core/safetensors.h"
#include "node/command.h"
#include "tasks/task.h"

#include <iostream>

namespace consilium::node {

namespace {

struct ExportOptions
{
    std::string model, plan, out;
};

Result<> exportModel(const ExportOptions &options)
{
    const auto plan = Plan::read(options.plan);
    if (!plan)
        return fail(plan.error());
    const auto model = readSafetensors(options.model);
    if (!model)
        return fail(model.error());
    const auto task = tasks::loadTask(plan->data.kind);
    if (!task)
        return fail(task.error());
    if (auto written = (*task)->exportTorchScript(*plan, *model, options.out); !written)
        return fail(written.error(), "Model {}", options.model);
    std::cout << "TorchScript module " << options.out << '\n';
    return {};
}

} // namespace

void addExport(CommandLine &line)
{
    auto options = std::make_shared<ExportOptions>();
    auto *command = line.app.add_subcommand("export", "Writes a model as a TorchScript module, which Python's "
                                                      "torch.jit.load reads without this program");
    command->add_option("--model", options->model, "Model, a safetensors file")->required();
    command->add_option("--plan", options->plan, "Plan that the model was trained with")->required();
    command->add_option("--out", options->out, "File to write, NAME.pt")->required();
    command->callback([&line, options] { line.action = [options] { return exportModel(*options); }; });
}

} // namespace consilium::node
