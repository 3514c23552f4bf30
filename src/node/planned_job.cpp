// SPDX-License-Identifier: GPL-3.0-or-later
#include "node/planned_job.h"

#include "core/platform.h"

namespace consilium::node {

Result<PlannedJob> openJob(const Plan &plan, const std::vector<std::filesystem::path> &data, int threads,
                           const std::string &device)
{
    auto task = tasks::loadTask(plan.data.kind);
    if (!task)
        return fail(task.error());
    auto job = (*task)->open(plan, data, threadsOrAll(threads), device);
    if (!job)
        return fail(job.error());
    return PlannedJob{std::move(*task), std::move(*job)};
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
