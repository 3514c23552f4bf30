// SPDX-License-Identifier: GPL-3.0-or-later
#include "node/planned_job.h"

#include "core/hash.h"
#include "core/platform.h"
#include "core/safetensors.h"

#include <iostream>

namespace consilium::node {

Result<PlannedJob> openJob(const Plan &plan, const std::vector<std::filesystem::path> &data, tasks::OpenOptions options)
{
    options.threads = threadsOrAll(options.threads);
    options.stopRequested = platform::stopRequested;
    auto task = tasks::loadTask(plan.data.kind);
    if (!task)
        return fail(task.error());
    auto job = (*task)->open(plan, data, options);
    if (!job)
        return fail(job.error());
    return PlannedJob{std::move(*task), std::move(*job)};
}

Result<std::vector<ModelState>> readModels(const std::vector<std::string> &files)
{
    std::vector<ModelState> models;
    for (const auto &file : files) {
        auto model = readSafetensors(file);
        if (!model)
            return fail(model.error());
        models.push_back(std::move(*model));
    }
    return models;
}

void remarkOnFinish(std::span<const ModelState> models)
{
    const auto finish = [](const ModelState &model) {
        const auto found = model.metadata.find("finish");
        return found == model.metadata.end() ? std::string() : found->second;
    };
    for (const auto &model : models) {
        if (finish(model) == finish(models.front()))
            continue;
        std::cerr << "The models were trained to finish their answers in different ways; none of them is applied. "
                     "'train' without --fold chooses one for all folds\n";
        return;
    }
}

Result<> checkFold(int fold, const Plan &plan)
{
    if (fold > plan.training.folds)
        return fail(ErrorCode::Invalid, "--fold {} is not one of the plan's {} fold(s)", fold, plan.training.folds);
    return {};
}

void tellOfOtherPlans(const std::vector<std::string> &files, std::span<const ModelState> models, const Plan &plan)
{
    const auto hash = plan.hash();
    for (std::size_t index = 0; index < models.size(); ++index) {
        const auto trainedBy = models[index].metadata.find("plan");
        if (trainedBy != models[index].metadata.end() && trainedBy->second != hash)
            std::cerr << fmt::format("{} was trained by another plan (SHA-256 {}...)\n", files[index],
                                     trainedBy->second.substr(0, 12));
    }
}

std::filesystem::path moduleBeside(const std::filesystem::path &planFile, const Plan &plan)
{
    return plan.network.kind == "torchscript" ? planFile.parent_path() / (plan.network.module + ".pt")
                                              : std::filesystem::path();
}

int threadsOrAll(int asked)
{
    return asked > 0 ? asked : platform::availableCores();
}

std::string folderName(const std::filesystem::path &folder)
{
    const auto whole = std::filesystem::absolute(folder).lexically_normal();
    return (whole.has_filename() ? whole.filename() : whole.parent_path().filename()).string();
}

Result<std::string> datasetListing(const std::vector<std::filesystem::path> &folders)
{
    Sha256 hash;
    for (const auto &folder : folders) {
        const auto dataset = tasks::openDataset(folder);
        if (!dataset)
            return fail(dataset.error());
        for (const auto &entry : dataset->cases) {
            hash.add(fmt::format("{}\n{}\n", entry.id, entry.patient));
            auto files = entry.channels;
            for (const auto &reference : {entry.labels, entry.landmarks})
                if (reference)
                    files.push_back(*reference);
            for (const auto &file : files) {
                std::error_code error;
                const auto size = std::filesystem::file_size(file, error);
                const auto written =
                    error ? std::filesystem::file_time_type() : std::filesystem::last_write_time(file, error);
                if (error)
                    return fail(ErrorCode::Io, "{} could not be read: {}", file.string(), error.message());
                hash.add(fmt::format("{} {} {}\n", file.filename().string(), size,
                                     static_cast<std::int64_t>(written.time_since_epoch().count())));
            }
        }
    }
    return hash.hex();
}

} // namespace consilium::node
