// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "federation/local_trainer.h"
#include "tasks/task.h"

namespace consilium::node {

/// Lets a federation train with a task: the one place where the two meet.
class JobTrainer : public federation::LocalTrainer
{
public:
    /// `job` and `plan` outlive the trainer. `site` decides the seed of each round together with the plan's.
    /// `checkpoint` is the folder in which a round that was interrupted goes on.
    JobTrainer(tasks::TrainingJob &job, const Plan &plan, std::string site, std::filesystem::path checkpoint)
        : m_job(job), m_plan(plan), m_site(std::move(site)), m_checkpoint(std::move(checkpoint))
    {
    }

    int trainingCases() const override { return m_job.cases(tasks::Split::Training); }
    Result<federation::LocalUpdate> fit(const federation::LocalFit &fit) override;
    Result<federation::LocalEvaluation> evaluate(const ModelState &model, const std::string &split) override;

private:
    tasks::TrainingJob &m_job;
    const Plan &m_plan;
    std::string m_site;
    std::filesystem::path m_checkpoint;
};

} // namespace consilium::node
