// SPDX-License-Identifier: GPL-3.0-or-later
#include "node/command.h"
#include "tasks/phantom_dataset.h"
#include "tasks/task.h"

#include <iostream>

namespace consilium::node {

namespace {

struct PhantomOptions
{
    std::string task, out;
    int cases = 0, siteShift = 0;
    std::uint64_t seed = 7;
    std::string format = "nifti";
};

Result<> makePhantom(const PhantomOptions &options)
{
    const auto preset = tasks::loadPreset(options.task);
    if (!preset)
        return fail(preset.error());
    tasks::PhantomRequest request;
    request.cases = options.cases;
    request.siteShift = options.siteShift;
    request.seed = options.seed;
    request.format = options.format == "dicom" ? tasks::PhantomFormat::Dicom : tasks::PhantomFormat::Nifti;
    if (auto made = tasks::writePhantomDataset(*preset, options.out, request); !made)
        return made;
    std::cout << fmt::format("{} synthetic case(s) of {} in {}\n", options.cases, preset->value("title", options.task),
                             options.out);
    return {};
}

} // namespace

void addPhantom(CommandLine &line)
{
    auto options = std::make_shared<PhantomOptions>();
    auto *command = line.app.add_subcommand("phantom", "Writes a synthetic dataset");
    command->add_option("--task", options->task, "Preset, or path of a task file")->required();
    command->add_option("--out", options->out, "New folder of the dataset")->required();
    command->add_option("--cases", options->cases, "Number of cases")->required()->check(CLI::PositiveNumber);
    command->add_option("--site-shift", options->siteShift, "Another scanner and clinic; 0 is the reference")
        ->check(CLI::NonNegativeNumber);
    command->add_option("--seed", options->seed, "The same seed gives the same files")->capture_default_str();
    command
        ->add_option("--format", options->format,
                     "nifti: nnU-Net raw layout; dicom: one folder for each case and channel, of an invented patient")
        ->check(CLI::IsMember({"nifti", "dicom"}))
        ->capture_default_str();
    command->callback([&line, options] { line.action = [options] { return makePhantom(*options); }; });
}

} // namespace consilium::node
