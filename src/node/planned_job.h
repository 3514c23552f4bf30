// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/plan.h"
#include "tasks/task.h"

#include <filesystem>
#include <memory>
#include <span>
#include <string>
#include <vector>

namespace consilium::node {

/// A plan's task with its data opened; the task outlives the job.
struct PlannedJob
{
    std::unique_ptr<tasks::Task> task;
    std::unique_ptr<tasks::TrainingJob> job;
};

/// Loads the plug-in the plan names and opens `data` with it. `options.threads` 0: all cores. The job ends with
/// Cancelled when the process is asked to stop. Errors: as loadTask and Task::open.
Result<PlannedJob> openJob(const Plan &plan, const std::vector<std::filesystem::path> &data,
                           tasks::OpenOptions options);

/// The models of an ensemble, at least one. Errors: as readSafetensors.
Result<std::vector<ModelState>> readModels(const std::vector<std::string> &files);

/// Says on standard error which models were trained by another plan: they may have seen other spacings or intensities
/// than those they answered for.
void tellOfOtherPlans(const std::vector<std::string> &files, std::span<const ModelState> models, const Plan &plan);

/// Says on standard error where the models of an ensemble were given different ways to finish their answers: a task
/// then applies none.
void remarkOnFinish(std::span<const ModelState> models);

/// Whether a person's --fold (from 1; 0: none) is one of the plan's. Errors: Invalid.
Result<> checkFold(int fold, const Plan &plan);

/// The module of a plan of kind "torchscript": <sha256>.pt beside the plan's file; an empty path for other plans.
std::filesystem::path moduleBeside(const std::filesystem::path &planFile, const Plan &plan);

/// The number of threads a command uses: what was asked for, or all cores for 0.
int threadsOrAll(int asked);

/// A data folder's own name, as tables show it: "site-north" for "/data/site-north/".
std::string folderName(const std::filesystem::path &folder);

/// A hash over the files of datasets that changes when cases come, go, or are written anew; no voxel is read. Errors:
/// as openDataset; Io.
Result<std::string> datasetListing(const std::vector<std::filesystem::path> &folders);

} // namespace consilium::node
