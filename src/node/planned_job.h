// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/plan.h"
#include "tasks/task.h"

#include <filesystem>
#include <memory>
#include <string>
#include <vector>

namespace consilium::node {

/// A plan's task with its data opened; the task outlives the job.
struct PlannedJob
{
    std::unique_ptr<tasks::Task> task;
    std::unique_ptr<tasks::TrainingJob> job;
};

/// Loads the plug-in the plan names and opens `data` with it. `threads` 0: all cores. Errors: as loadTask and
/// Task::open.
Result<PlannedJob> openJob(const Plan &plan, const std::vector<std::filesystem::path> &data, int threads,
                           const std::string &device);

/// The number of threads a command uses: what was asked for, or all cores for 0.
int threadsOrAll(int asked);

/// A data folder's own name, as tables show it: "site-north" for "/data/site-north/".
std::string folderName(const std::filesystem::path &folder);

} // namespace consilium::node
