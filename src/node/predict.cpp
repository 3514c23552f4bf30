// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform.h"
#include "imaging/nifti.h"
#include "node/command.h"
#include "node/console.h"
#include "node/planned_job.h"
#include "node/predict_dicom.h"

#include <algorithm>
#include <iostream>
#include <map>

namespace consilium::node {

namespace fs = std::filesystem;

namespace {

struct PredictOptions
{
    std::string plan, out, device = "cpu";
    std::vector<std::string> models;
    std::vector<fs::path> in;
    int threads = 0;
    bool json = false;
};

/// One case, and the DICOM series it is when it is one.
struct Input
{
    tasks::DatasetCase files;
    std::optional<DicomCase> dicom;
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

Result<std::vector<tasks::DatasetCase>> casesOfFolder(const fs::path &input, std::size_t channels)
{
    std::error_code error;
    auto folder = input;
    for (const auto *name : {"imagesTs", "imagesTr"}) {
        if (fs::is_directory(input / name, error))
            folder = input / name;
    }
    return tasks::findCases(folder, static_cast<int>(channels));
}

Result<std::vector<Input>> findInputs(const PredictOptions &options, std::size_t channels)
{
    std::vector<Input> cases;
    std::vector<fs::path> files;
    std::error_code error;
    const auto add = [&cases](std::vector<tasks::DatasetCase> found) {
        for (auto &one : found)
            cases.push_back({std::move(one), std::nullopt});
    };
    for (const auto &input : options.in) {
        if (!fs::exists(input, error))
            return fail(ErrorCode::NotFound, "There is no file or folder {}", input.string());
        if (isDicomInput(input)) {
            auto series = findDicomCases(input, channels, options.threads);
            if (!series)
                return fail(series.error());
            for (auto &one : *series)
                cases.push_back({{one.id, one.id, {}, std::nullopt}, std::move(one)});
        } else if (fs::is_directory(input, error)) {
            auto found = casesOfFolder(input, channels);
            if (!found)
                return fail(found.error());
            add(std::move(*found));
        } else {
            files.push_back(input);
        }
    }
    if (!files.empty()) {
        auto found = casesOfFiles(files, channels);
        if (!found)
            return fail(found.error());
        add(std::move(*found));
    }
    std::sort(cases.begin(), cases.end(), [](const auto &a, const auto &b) { return a.files.id < b.files.id; });
    const auto twice = std::adjacent_find(cases.begin(), cases.end(),
                                          [](const auto &a, const auto &b) { return a.files.id == b.files.id; });
    if (twice != cases.end())
        return fail(ErrorCode::Invalid, "Case {} is given twice; its predictions would overwrite each other",
                    twice->files.id);
    return cases;
}

/// Answers for one case. The result is what `--json` says of it.
Result<Json> predictCase(const Input &input, const PredictOptions &options, const Plan &plan,
                         std::span<const ModelState> models, const PlannedJob &opened)
{
    const auto out = fs::path(options.out) / (input.files.id + opened.task->resultEnding());
    const bool segments = plan.data.landmarks.empty();
    Json written{{"case", input.files.id}, {segments ? "labels" : "landmarks", out.string()}};
    if (!input.dicom) {
        if (auto done = opened.job->predict(models, input.files.channels, out); !done)
            return fail(done.error());
        return written;
    }
    const auto nifti = SeriesAsNifti::write(*input.dicom, options.out, options.threads);
    if (!nifti)
        return fail(nifti.error());
    if (auto done = opened.job->predict(models, {nifti->file()}, out); !done)
        return fail(done.error());
    const auto times = input.dicom->series.frames.size();
    written["series"] = input.dicom->series.uid;
    written["times"] = times;
    if (times > 1)
        std::cerr << fmt::format("Case {}: only the first of {} times of its series was looked at\n", input.files.id,
                                 times);
    if (!segments)
        return written;
    const auto segmentation = writeSegmentationBeside(out, *input.dicom, plan);
    if (!segmentation)
        return fail(segmentation.error());
    if (segmentation->file.empty())
        written["noSegmentation"] = segmentation->reason;
    else
        written["segmentation"] = segmentation->file.string();
    return written;
}

Result<> predict(const PredictOptions &options)
{
    const auto plan = Plan::read(options.plan);
    if (!plan)
        return fail(plan.error());
    const auto models = readModels(options.models);
    if (!models)
        return fail(models.error());
    const auto cases = findInputs(options, plan->data.channels.size());
    if (!cases)
        return fail(cases.error());
    auto opened = openJob(*plan, {}, {options.threads, options.device, moduleBeside(options.plan, *plan)});
    if (!opened)
        return fail(opened.error());
    auto written = Json::array();
    std::size_t objects = 0;
    {
        ProgressLine progress(options.json);
        const auto stopped = [&] {
            return fail(ErrorCode::Cancelled, "Stopped after {} of {} case(s); those are in {}", written.size(),
                        cases->size(), options.out);
        };
        for (const auto &entry : *cases) {
            if (platform::stopRequested())
                return stopped();
            progress.show(fmt::format("case {} of {}: {}", written.size() + 1, cases->size(), entry.files.id));
            auto done = predictCase(entry, options, *plan, *models, *opened);
            if (!done && done.error().code == ErrorCode::Cancelled)
                return stopped();
            if (!done)
                return fail(done.error(), "Case {}", entry.files.id);
            objects += done->contains("segmentation") ? 1 : 0;
            written.push_back(std::move(*done));
        }
    }
    remarkOnFinish(*models);
    tellOfOtherPlans(options.models, *models, *plan);
    if (options.json)
        printJson({{"predictions", written}});
    else
        std::cout << fmt::format("{} {} in {}", written.size(),
                                 plan->data.landmarks.empty() ? "segmentation(s)" : "set(s) of landmarks", options.out)
                  << (objects > 0 ? fmt::format(", {} of them as DICOM SEG too\n", objects) : "\n");
    return {};
}

} // namespace

void addPredict(CommandLine &line)
{
    auto options = std::make_shared<PredictOptions>();
    auto *command = line.app.add_subcommand("predict", "Segments images, or finds landmarks in them, with a model");
    command->add_option("--model", options->models, "Model, a safetensors file; several are an ensemble")->required();
    command->add_option("--plan", options->plan, "Plan the model was trained by")->required();
    command->add_option("--in", options->in, "Dataset folders, folders of CASE_0000.nii.gz, image files, or DICOM")
        ->required();
    command
        ->add_option("--out", options->out,
                     "Folder for CASE.nii.gz (and CASE.dcm for a DICOM series), or CASE.mrk.json")
        ->required();
    command->add_option("--device", options->device, "cpu or cuda:N")->capture_default_str();
    command->add_option("--threads", options->threads, "Processor threads; without it all cores")
        ->check(CLI::PositiveNumber);
    command->add_flag("--json", options->json, "Print the files written as JSON");
    command->callback([&line, options] { line.action = [options] { return predict(*options); }; });
}

} // namespace consilium::node
