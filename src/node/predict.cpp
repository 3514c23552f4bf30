// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform.h"
#include "core/safetensors.h"
#include "imaging/nifti.h"
#include "node/command.h"
#include "node/console.h"
#include "node/planned_job.h"

#include <algorithm>
#include <iostream>
#include <map>

namespace consilium::node {

namespace fs = std::filesystem;

namespace {

struct PredictOptions
{
    std::string model, plan, out, device = "cpu";
    std::vector<fs::path> in;
    int threads = 0;
    bool json = false;
};

std::string stem(const fs::path &file)
{
    const auto name = file.filename().string();
    return name.substr(0, name.find(".nii"));
}

/// Files given one by one: CASE_0000.nii.gz and so on belong together by name; otherwise they are the channels of one
/// case in their order, or for a task of one channel a case each.
Result<std::vector<tasks::DatasetCase>> casesOfFiles(const std::vector<fs::path> &files, std::size_t channels)
{
    if (std::all_of(files.begin(), files.end(),
                    [](const fs::path &file) { return tasks::channelFileName(file).has_value(); })) {
        std::map<std::string, std::map<int, fs::path>> byCase;
        for (const auto &file : files) {
            const auto name = tasks::channelFileName(file);
            byCase[name->caseId][name->channel] = file;
        }
        std::vector<tasks::DatasetCase> cases;
        for (const auto &[id, byChannel] : byCase) {
            tasks::DatasetCase entry{id, id, {}, std::nullopt};
            for (const auto &[channel, file] : byChannel)
                entry.channels.push_back(file);
            if (entry.channels.size() != channels || byChannel.rbegin()->first != static_cast<int>(channels) - 1)
                return fail(ErrorCode::Invalid, "Case {}: the plan needs {} channel(s), {}_0000 to {}_{:04}", id,
                            channels, id, id, channels - 1);
            cases.push_back(std::move(entry));
        }
        return cases;
    }
    if (channels == 1) {
        std::vector<tasks::DatasetCase> cases;
        for (const auto &file : files)
            cases.push_back({stem(file), stem(file), {file}, std::nullopt});
        return cases;
    }
    if (files.size() != channels)
        return fail(ErrorCode::Invalid, "The plan needs {} channels a case, and {} file(s) were given", channels,
                    files.size());
    return std::vector<tasks::DatasetCase>{{stem(files.front()), stem(files.front()), files, std::nullopt}};
}

Result<std::vector<tasks::DatasetCase>> findInputs(const std::vector<fs::path> &inputs, std::size_t channels)
{
    std::vector<tasks::DatasetCase> cases;
    std::vector<fs::path> files;
    std::error_code error;
    for (const auto &input : inputs) {
        if (!fs::exists(input, error))
            return fail(ErrorCode::NotFound, "There is no file or folder {}", input.string());
        if (!fs::is_directory(input, error)) {
            files.push_back(input);
            continue;
        }
        auto folder = input;
        for (const auto *name : {"imagesTs", "imagesTr"}) {
            if (fs::is_directory(input / name, error))
                folder = input / name;
        }
        auto found = tasks::findCases(folder, static_cast<int>(channels));
        if (!found)
            return fail(found.error());
        cases.insert(cases.end(), found->begin(), found->end());
    }
    if (!files.empty()) {
        auto found = casesOfFiles(files, channels);
        if (!found)
            return fail(found.error());
        cases.insert(cases.end(), found->begin(), found->end());
    }
    std::sort(cases.begin(), cases.end(), [](const auto &a, const auto &b) { return a.id < b.id; });
    const auto twice =
        std::adjacent_find(cases.begin(), cases.end(), [](const auto &a, const auto &b) { return a.id == b.id; });
    if (twice != cases.end())
        return fail(ErrorCode::Invalid, "Case {} is given twice; its predictions would overwrite each other",
                    twice->id);
    return cases;
}

Result<> predict(const PredictOptions &options)
{
    const auto plan = Plan::read(options.plan);
    if (!plan)
        return fail(plan.error());
    const auto model = readSafetensors(options.model);
    if (!model)
        return fail(model.error());
    const auto cases = findInputs(options.in, plan->data.channels.size());
    if (!cases)
        return fail(cases.error());
    auto opened = openJob(*plan, {}, options.threads, options.device);
    if (!opened)
        return fail(opened.error());
    auto written = Json::array();
    {
        ProgressLine progress(options.json);
        for (const auto &entry : *cases) {
            if (platform::stopRequested())
                return fail(ErrorCode::Cancelled, "Stopped after {} of {} case(s); those are in {}", written.size(),
                            cases->size(), options.out);
            progress.show(fmt::format("case {} of {}: {}", written.size() + 1, cases->size(), entry.id));
            const auto out = fs::path(options.out) / (entry.id + ".nii.gz");
            if (auto done = opened->job->predict(*model, entry.channels, out); !done)
                return fail(done.error(), "Case {}", entry.id);
            written.push_back({{"case", entry.id}, {"labels", out.string()}});
        }
    }
    if (options.json)
        printJson({{"predictions", written}});
    else
        std::cout << fmt::format("{} segmentation(s) in {}\n", written.size(), options.out);
    return {};
}

} // namespace

void addPredict(CommandLine &line)
{
    auto options = std::make_shared<PredictOptions>();
    auto *command = line.app.add_subcommand("predict", "Segments images with a model");
    command->add_option("--model", options->model, "Model, a safetensors file")->required();
    command->add_option("--plan", options->plan, "Plan the model was trained by")->required();
    command->add_option("--in", options->in, "Dataset folders, folders of CASE_0000.nii.gz, or image files")
        ->required();
    command->add_option("--out", options->out, "Folder for CASE.nii.gz")->required();
    command->add_option("--device", options->device, "cpu or cuda:N")->capture_default_str();
    command->add_option("--threads", options->threads, "Processor threads; without it all cores")
        ->check(CLI::PositiveNumber);
    command->add_flag("--json", options->json, "Print the files written as JSON");
    command->callback([&line, options] { line.action = [options] { return predict(*options); }; });
}

} // namespace consilium::node
