// SPDX-License-Identifier: GPL-3.0-or-later
#include "node/planned_job.h"

#include "core/platform.h"
#include "core/safetensors.h"

#include <iostream>

namespace consilium::node {

Result<PlannedJob> openJob(const Plan &plan, const std::vector<std::filesystem::path> &data, tasks::OpenOptions options)
{
    options.threads = threadsOrAll(options.threads);
    auto task = tasks::loadTask(plan.data.kind);
    if (!task)
        return fail(task.error());
    auto job = (*task)->open(plan, data, options);
    if (!job)
        return fail(job.error());
    return PlannedJob{std::move(*task), std::move(*job)};
}

Result<std::vector<ModelState>> readModels(const std::vector<std::string> &files, const Plan &plan)
{
    std::vector<ModelState> models;
    for (const auto &file : files) {
        auto model = readSafetensors(file);
        if (!model)
            return fail(model.error());
        const auto trainedBy = model->metadata.find("plan");
        if (trainedBy != model->metadata.end() && trainedBy->second != plan.hash())
            std::cerr << fmt::format("{} was trained by another plan (SHA-256 {}...)\n", file,
                                     trainedBy->second.substr(0, 12));
        models.push_back(std::move(*model));
    }
    return models;
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

} // namespace consilium::node
