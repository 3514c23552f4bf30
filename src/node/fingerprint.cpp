// SPDX-License-Identifier: GPL-3.0-or-later
#include "node/command.h"
#include "tasks/task.h"

#include <iostream>

namespace consilium::node {

namespace {

struct FingerprintOptions
{
    std::string data, out, task;
    bool json = false;
};

Result<> makeFingerprint(const FingerprintOptions &options)
{
    // Without a task the dataset's own description names channels and labels.
    Result<Json> preset = Json::object();
    if (!options.task.empty())
        preset = tasks::loadPreset(options.task);
    if (!preset)
        return fail(preset.error());
    const auto task = tasks::loadTask(preset->value("kind", "volume-segmentation"));
    if (!task)
        return fail(task.error());
    const auto fingerprint = (*task)->fingerprint(options.data, *preset);
    if (!fingerprint)
        return fail(fingerprint.error());
    if (auto written = writeJson(options.out, *fingerprint); !written)
        return written;
    if (options.json)
        printJson(*fingerprint);
    else
        std::cout << fmt::format(
            "Fingerprint of {} case(s) in {}; it holds percentiles and means, no voxel and no name\n",
            fingerprint->value("cases", 0), options.out);
    return {};
}

} // namespace

void addFingerprint(CommandLine &line)
{
    auto options = std::make_shared<FingerprintOptions>();
    auto *command = line.app.add_subcommand("fingerprint", "Summarises a dataset in a file that may leave the site");
    command->add_option("--data", options->data, "Dataset folder")->required();
    command->add_option("--out", options->out, "File to write")->required();
    command->add_option("--task", options->task, "Preset, or path of a task file, that the data is for");
    command->add_flag("--json", options->json, "Print the fingerprint too");
    command->callback([&line, options] { line.action = [options] { return makeFingerprint(*options); }; });
}

} // namespace consilium::node
