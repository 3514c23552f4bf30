// SPDX-License-Identifier: GPL-3.0-or-later
#include "node/job_trainer.h"

#include "core/hash.h"

namespace consilium::node {

Result<federation::LocalUpdate> JobTrainer::fit(const federation::LocalFit &fit)
{
    tasks::TrainingJob::FitRequest request;
    request.round = fit.round;
    request.seed = derivedSeed(m_plan.seed, fit.purpose.empty() ? m_site : m_site + "/" + fit.purpose,
                               static_cast<std::uint64_t>(fit.round));
    request.checkpoint = m_checkpoint / fit.purpose;
    request.proximal = fit.proximal;
    request.anchor = fit.anchor;
    request.correction = fit.correction;
    request.progress = [&](const tasks::TrainingProgress &now) {
        return !fit.progress || fit.progress({now.epoch, now.epochs, now.step, now.steps, now.loss});
    };
    auto fitted = m_job.fit(fit.start, request);
    if (!fitted)
        return fail(fitted.error());
    return federation::LocalUpdate{std::move(fitted->model), fitted->samples, fitted->loss, fitted->steps,
                                   fitted->learningRateSum};
}

Result<federation::LocalEvaluation> JobTrainer::evaluate(const ModelState &model, const std::string &split)
{
    const auto which = tasks::splitFromName(split);
    if (!which)
        return fail(which.error());
    const auto result = m_job.evaluate({&model, 1}, *which);
    if (!result)
        return fail(result.error());
    federation::LocalEvaluation evaluation;
    evaluation.cases = static_cast<std::int64_t>(result->cases.size());
    for (const auto &metric : result->means)
        evaluation.metrics.emplace_back(metric.name, metric.value);
    return evaluation;
}

} // namespace consilium::node
