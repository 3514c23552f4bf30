// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/safetensors.h"
#include "node/command.h"
#include "node/planned_job.h"

#include <iostream>

namespace consilium::node {

namespace {

Result<> writeInitialModel(const std::filesystem::path &planFile, const std::filesystem::path &out)
{
    const auto plan = Plan::read(planFile);
    if (!plan)
        return fail(plan.error());
    tasks::OpenOptions options;
    options.threads = 1;
    options.module = moduleBeside(planFile, *plan);
    auto opened = openJob(*plan, {}, options);
    if (!opened)
        return fail(opened.error());
    auto model = opened->job->initialModel();
    if (!model)
        return fail(model.error());
    model->metadata["plan"] = plan->hash();
    if (auto written = writeSafetensors(out, *model); !written)
        return written;
    std::cout << fmt::format("Model {}: {} tensors, {:.1f} MB\n", out.string(), model->tensors.size(),
                             static_cast<double>(model->bytes()) / 1e6);
    return {};
}

} // namespace

void addInitialModel(CommandLine &line)
{
    struct Options
    {
        std::filesystem::path plan, out;
    };
    auto options = std::make_shared<Options>();
    auto *command = line.app.add_subcommand("initial-model", "Writes the model that a plan's first round begins with");
    command->add_option("--plan", options->plan, "Plan of the study")->required();
    command->add_option("--out", options->out, "File to write, NAME.safetensors")->required();
    command->callback(
        [&line, options] { line.action = [options] { return writeInitialModel(options->plan, options->out); }; });
}

} // namespace consilium::node
