// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform.h"
#include "evaluation/statistics.h"
#include "node/command.h"
#include "node/console.h"
#include "node/planned_job.h"

#include <algorithm>
#include <iostream>
#include <map>

namespace consilium::node {

namespace fs = std::filesystem;

namespace {

struct EvaluateOptions
{
    std::string plan, predictions, reference, split = "test", device = "cpu";
    std::vector<std::string> models;
    std::vector<fs::path> data;
    int threads = 0, fold = 0; ///< fold counts from 1; 0: none
    bool json = false;
};

/// What one folder of data, or of predictions, gave.
struct SiteResult
{
    std::string site;
    fs::path folder;
    tasks::EvaluationResult result;
};

/// The endings that a file of a task's answers may have: a label map may be packed or not, and landmarks may come as a
/// table.
std::vector<std::string> endings(const std::string &ending)
{
    return ending == ".nii.gz" ? std::vector<std::string>{".nii.gz", ".nii"} : std::vector<std::string>{ending, ".csv"};
}

/// Files of answers in a folder, by case.
Result<std::map<std::string, fs::path>> answerFiles(const fs::path &folder, const std::string &ending)
{
    std::map<std::string, fs::path> files;
    std::error_code error;
    for (fs::directory_iterator entry(folder, error), end; !error && entry != end; entry.increment(error)) {
        const auto name = entry->path().filename().string();
        for (const auto &known : endings(ending)) {
            if (!name.starts_with('.') && name.ends_with(known)) {
                files.emplace(name.substr(0, name.size() - known.size()), entry->path());
                break;
            }
        }
    }
    if (error)
        return fail(ErrorCode::NotFound, "Folder {} could not be read: {}", folder.string(), error.message());
    if (files.empty())
        return failWithHint(ErrorCode::Invalid, "Expected CASE" + ending, "Folder {} holds no predictions",
                            folder.string());
    return files;
}

/// The reference of a case in a folder of such files, or in a dataset.
Result<fs::path> referenceOf(const std::string &id, const fs::path &folder, const std::string &ending)
{
    std::error_code error;
    for (const auto *inside : {"", "labelsTr", "landmarksTr"}) {
        for (const auto &known : endings(ending)) {
            auto file = folder / inside / (id + known);
            if (fs::exists(file, error))
                return file;
        }
    }
    return fail(ErrorCode::NotFound, "Case {}: there is no reference {}", id, (folder / (id + ending)).string());
}

Result<SiteResult> comparePredictions(const EvaluateOptions &options, const Plan &plan, const tasks::Task &task)
{
    const auto predictions = answerFiles(options.predictions, task.resultEnding());
    if (!predictions)
        return fail(predictions.error());
    SiteResult site{folderName(options.predictions), options.predictions, {}};
    for (const auto &[id, file] : *predictions) {
        const auto reference = referenceOf(id, options.reference, task.resultEnding());
        if (!reference)
            return fail(reference.error());
        auto metrics = task.compare(plan, id, file, *reference);
        if (!metrics)
            return fail(metrics.error());
        site.result.cases.push_back(std::move(*metrics));
    }
    site.result.means = tasks::meanMetrics(site.result.cases, task.metrics(plan));
    return site;
}

Result<std::vector<tasks::Split>> chosenSplits(const std::string &text)
{
    if (text == "all")
        return std::vector{tasks::Split::Training, tasks::Split::Validation, tasks::Split::Test};
    const auto split = tasks::splitFromName(text);
    if (!split)
        return fail(split.error());
    return std::vector{*split};
}

/// Each fold trains on other cases, so that beside the test cases, which never train, there are none that a model of
/// any fold may be measured on.
Result<> checkSplit(const EvaluateOptions &options, const Plan &plan)
{
    if (plan.training.folds > 0 && options.fold == 0 && options.split != "test")
        return failWithHint(ErrorCode::Invalid, "Name the model's fold with --fold",
                            "The plan has {} folds: which cases '--split {}' means depends on the fold",
                            plan.training.folds, options.split);
    return checkFold(options.fold, plan);
}

Result<std::vector<SiteResult>> evaluateModels(const EvaluateOptions &options, const Plan &asked)
{
    const auto splits = chosenSplits(options.split);
    if (!splits)
        return fail(splits.error());
    if (auto fits = checkSplit(options, asked); !fits)
        return fail(fits.error());
    const auto models = readModels(options.models);
    if (!models)
        return fail(models.error());
    // The least number of cases protects what leaves a site; these figures stay here.
    auto plan = asked;
    plan.privacy.minimumCases = 0;
    std::vector<SiteResult> sites;
    ProgressLine progress(options.json);
    for (const auto &folder : options.data) {
        if (platform::stopRequested())
            return fail(ErrorCode::Cancelled, "Stopped; nothing was written");
        progress.show(fmt::format("{} ({} of {})", folder.string(), sites.size() + 1, options.data.size()));
        auto opened =
            openJob(plan, {folder},
                    {options.threads, options.device, moduleBeside(options.plan, plan), options.fold - 1, *splits});
        if (!opened)
            return fail(opened.error());
        SiteResult site{folderName(folder), folder, {}};
        for (const auto split : *splits) {
            auto result = opened->job->evaluate(*models, split);
            if (!result)
                return fail(result.error());
            site.result.cases.insert(site.result.cases.end(), result->cases.begin(), result->cases.end());
        }
        if (site.result.cases.empty())
            return fail(ErrorCode::Invalid, "Dataset {} has no {} case", folder.string(), options.split);
        site.result.means = tasks::meanMetrics(site.result.cases, opened->task->metrics(plan));
        sites.push_back(std::move(site));
    }
    remarkOnFinish(*models);
    tellOfOtherPlans(options.models, *models, asked);
    return sites;
}

std::vector<double> valuesOf(const std::vector<tasks::CaseMetrics> &cases, const std::string &name)
{
    std::vector<double> values;
    for (const auto &entry : cases) {
        for (const auto &metric : entry.metrics) {
            if (metric.name == name)
                values.push_back(metric.value);
        }
    }
    return values;
}

Json statistics(const tasks::EvaluationResult &result)
{
    Json json = Json::object();
    for (const auto &mean : result.means) {
        const auto values = valuesOf(result.cases, mean.name);
        const auto deviation = evaluation::standardDeviation(values);
        json[mean.name] = {{"mean", mean.value},
                           {"standardDeviation", deviation ? Json(*deviation) : Json(nullptr)},
                           {"median", *evaluation::median(values)},
                           {"minimum", *std::min_element(values.begin(), values.end())},
                           {"maximum", *std::max_element(values.begin(), values.end())},
                           {"cases", values.size()}};
    }
    return json;
}

/// Each site counts once, however many cases it has: the question is whether the model serves every hospital.
std::vector<tasks::Metric> meanOverSites(const std::vector<SiteResult> &sites, const std::vector<std::string> &names)
{
    std::vector<tasks::CaseMetrics> perSite;
    for (const auto &site : sites)
        perSite.push_back({site.site, site.result.means});
    return tasks::meanMetrics(perSite, names);
}

void printTable(const std::vector<SiteResult> &sites, const std::vector<std::string> &names)
{
    const auto row = [&names](const std::string &title, const std::vector<tasks::Metric> &metrics) {
        std::vector<std::string> cells{title};
        for (const auto &name : names) {
            const auto metric =
                std::find_if(metrics.begin(), metrics.end(), [&name](const auto &m) { return m.name == name; });
            cells.push_back(metric == metrics.end() ? "-" : fmt::format("{:.3f}", metric->value));
        }
        return cells;
    };
    std::vector<std::vector<std::string>> rows{names};
    rows.front().insert(rows.front().begin(), "case");
    for (const auto &site : sites) {
        for (const auto &entry : site.result.cases)
            rows.push_back(row((sites.size() > 1 ? site.site + "/" : "") + entry.caseId, entry.metrics));
    }
    for (const auto &site : sites)
        rows.push_back(
            row(fmt::format("mean of {} ({} cases)", site.site, site.result.cases.size()), site.result.means));
    if (sites.size() > 1)
        rows.push_back(row(fmt::format("mean of {} sites", sites.size()), meanOverSites(sites, names)));
    std::cout << alignedTable(rows);
}

Result<> evaluate(const EvaluateOptions &options)
{
    const auto plan = Plan::read(options.plan);
    if (!plan)
        return fail(plan.error());
    const auto task = tasks::loadTask(plan->data.kind);
    if (!task)
        return fail(task.error());
    const auto names = (*task)->metrics(*plan);
    std::vector<SiteResult> sites;
    if (!options.predictions.empty()) {
        auto site = comparePredictions(options, *plan, **task);
        if (!site)
            return fail(site.error());
        sites.push_back(std::move(*site));
    } else {
        auto evaluated = evaluateModels(options, *plan);
        if (!evaluated)
            return fail(evaluated.error());
        sites = std::move(*evaluated);
    }
    if (!options.json) {
        printTable(sites, names);
        return {};
    }
    auto perSite = Json::array();
    for (const auto &site : sites)
        perSite.push_back({{"site", site.site},
                           {"data", site.folder.string()},
                           {"cases", toJson(site.result.cases)},
                           {"means", toJson(site.result.means)},
                           {"statistics", statistics(site.result)}});
    Json json{{"plan", plan->hash()}, {"sites", perSite}, {"mean", toJson(meanOverSites(sites, names))}};
    if (!options.models.empty()) {
        json["models"] = options.models;
        json["split"] = options.split;
    }
    printJson(json);
    return {};
}

} // namespace

void addEvaluate(CommandLine &line)
{
    auto options = std::make_shared<EvaluateOptions>();
    auto *command =
        line.app.add_subcommand("evaluate", "Measures predictions, or a model on data, against a reference");
    command->add_option("--plan", options->plan, "Plan of the model")->required();
    auto *predictions =
        command->add_option("--predictions", options->predictions, "Folder of CASE.nii.gz, or of CASE.mrk.json");
    auto *reference = command->add_option("--reference", options->reference, "Folder of such files, or a dataset");
    auto *model = command->add_option("--model", options->models, "Model, a safetensors file; several are an ensemble");
    auto *data = command->add_option("--data", options->data, "Dataset folders, one for each site");
    command->add_option("--split", options->split, "test, validation, training or all")
        ->capture_default_str()
        ->check(CLI::IsMember({"test", "validation", "training", "all"}));
    command
        ->add_option("--fold", options->fold,
                     "Of a plan with folds: the fold whose model it is, 1 to training.folds; test cases are those of "
                     "all folds")
        ->check(CLI::PositiveNumber);
    command->add_option("--device", options->device, "cpu or cuda:N")->capture_default_str();
    command->add_option("--threads", options->threads, "Processor threads; without it all cores")
        ->check(CLI::PositiveNumber);
    command->add_flag("--json", options->json, "Print the result as JSON");
    predictions->needs(reference)->excludes(model);
    reference->needs(predictions);
    model->needs(data);
    data->needs(model);
    command->callback([&line, options] {
        if (options->predictions.empty() && options->models.empty())
            throw CLI::RequiredError("--predictions with --reference, or --model with --data,");
        line.action = [options] { return evaluate(*options); };
    });
}

} // namespace consilium::node
