// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/hash.h"
#include "core/platform.h"
#include "core/safetensors.h"
#include "node/simulation.h"

#include <chrono>

namespace consilium::node {

namespace fs = std::filesystem;

namespace {

/// Trains one model on the cases of `job`, or takes the one that an earlier call left.
Result<ModelState> trainedModel(const Simulation &simulation, const Plan &plan, tasks::TrainingJob &job,
                                const std::string &title, const fs::path &folder, const std::string &identity)
{
    const auto file = folder / "model.safetensors";
    if (auto kept = readSafetensors(file); kept && kept->metadata["run"] == identity)
        return kept;
    const auto start = job.initialModel();
    if (!start)
        return fail(start.error());
    tasks::TrainingJob::FitRequest request;
    request.steps = job.stepsPerRound() * plan.federation.rounds;
    request.firstStep = 0;
    request.seed = derivedSeed(plan.seed, "local training", 0);
    request.checkpoint = folder / "checkpoint";
    request.selectBest = plan.evaluation.selectBest == "validation" || plan.training.schedule.kind == "plateau" ||
                         plan.training.patience > 0;
    request.progress = [&](const tasks::TrainingProgress &now) {
        simulation.progress(fmt::format("{}: step {} of {}, loss {:.3f}", title, now.step, now.steps, now.loss));
        return !platform::stopRequested();
    };
    auto fitted = job.fit(*start, request);
    if (!fitted)
        return fail(fitted.error());
    fitted->model.metadata = {{"plan", plan.hash()}, {"run", identity}};
    if (auto written = writeSafetensors(file, fitted->model); !written)
        return fail(written.error());
    std::error_code ignored;
    fs::remove_all(request.checkpoint, ignored);
    return std::move(fitted->model);
}

} // namespace

Result<Json> simulateBaseline(const Simulation &simulation, const Plan &plan, const std::string &kind)
{
    const auto folder = simulation.options.out / kind;
    const auto identity = runIdentity(simulation, plan, kind);
    if (auto finished = finishedRun(folder, identity))
        return std::move(*finished);
    const auto began = std::chrono::steady_clock::now();
    const auto sites = simulation.sites.openedFor(plan);
    if (!sites)
        return fail(sites.error());
    auto test = Json::array(), matrix = Json::array();
    if (kind == "centralised") {
        const auto pooled = openJob(plan, simulation.options.data,
                                    {simulation.options.threads,
                                     simulation.options.device,
                                     moduleBeside(simulation.options.plan, plan),
                                     -1,
                                     {tasks::Split::Training, tasks::Split::Validation}});
        if (!pooled)
            return fail(pooled.error());
        const auto model = trainedModel(simulation, plan, *pooled->job, kind, folder, identity);
        if (!model)
            return fail(model.error());
        for (auto &site : **sites) {
            auto entry = siteMetrics(site, *model, tasks::Split::Test);
            if (!entry)
                return entry;
            test.push_back(std::move(*entry));
        }
    } else {
        double elsewhere = 0;
        for (auto &site : **sites) {
            const auto model =
                trainedModel(simulation, plan, *site.opened.job, "local " + site.name, folder / site.name, identity);
            if (!model)
                return fail(model.error(), "Local model of {}", site.name);
            auto others = Json::array();
            for (auto &at : **sites) {
                auto entry = siteMetrics(at, *model, tasks::Split::Test);
                if (!entry)
                    return entry;
                (at.name == site.name ? test : others).push_back(*entry);
                (*entry)["model"] = site.name;
                matrix.push_back(std::move(*entry));
            }
            elsewhere += meanOverSites(others) / static_cast<double>((*sites)->size());
        }
        matrix.push_back({{"elsewhere", elsewhere}});
    }
    Json record{{"label", kind},
                {"group", "baseline"},
                {"identity", identity},
                {"plan", plan.hash()},
                {"test", test},
                {"mean", meanOverSites(test)},
                {"seconds", std::chrono::duration<double>(std::chrono::steady_clock::now() - began).count()}};
    if (!matrix.empty()) {
        record["elsewhere"] = matrix.back()["elsewhere"];
        matrix.erase(matrix.size() - 1);
        record["matrix"] = matrix;
    }
    if (auto written = writeJson(folder / "result.json", record); !written)
        return fail(written.error());
    return record;
}

} // namespace consilium::node
