// SPDX-License-Identifier: GPL-3.0-or-later
#include "node/demo_study.h"

#include "core/headline_metric.h"
#include "core/platform.h"
#include "core/safetensors.h"
#include "node/console.h"
#include "node/planned_job.h"
#include "storage/study_store.h"

#include <algorithm>

namespace consilium::node {

namespace {

constexpr auto bestName = "best";

std::string shownName(const std::string &model, int bestRound)
{
    return model == bestName ? fmt::format("federated: round {}", bestRound) : "local: " + model.substr(6);
}

/// Lets each model answer for one test case and describes it for Review.
Result<> writeReviewCase(const PlannedJob &opened, const Plan &plan, const tasks::DatasetCase &subject,
                         const std::string &site, const std::vector<std::pair<std::string, const ModelState *>> &models,
                         int bestRound, const std::filesystem::path &folder)
{
    auto channels = Json::array(), predictions = Json::array();
    for (std::size_t i = 0; i < subject.channels.size(); ++i)
        channels.push_back({{"name", plan.data.channels[i]}, {"path", subject.channels[i].string()}});
    for (const auto &[name, model] : models) {
        const auto file = (name == bestName ? std::string("federated") : name) + opened.task->resultEnding();
        if (auto predicted = opened.job->predict({model, 1}, subject.channels, folder / file); !predicted)
            return predicted;
        predictions.push_back({{"name", shownName(name, bestRound)}, {"path", file}});
    }
    Json description = {{"case", subject.id}, {"site", site}, {"channels", channels}};
    Json answers = {{"predictions", predictions}};
    if (const auto &reference = subject.labels ? subject.labels : subject.landmarks)
        answers["reference"] = reference->string();
    if (plan.data.landmarks.empty()) {
        description["labels"] = plan.data.labels;
        description.update(answers);
    } else {
        answers["names"] = plan.data.landmarks;
        description["landmarks"] = answers;
    }
    return writeJson(folder / "case.json", description);
}

} // namespace

Result<CrossSiteTable> crossEvaluate(const DemoOptions &options, const Plan &plan, const std::vector<DemoSite> &sites,
                                     const Tell &tell)
{
    const auto study = std::filesystem::absolute(options.out);
    const auto store = storage::StudyStore::openShared(study);
    if (!store)
        return fail(store.error());
    const auto best = (*store)->value("bestRound");
    if (!best)
        return fail(best.error());
    const int bestRound = best->empty() ? 0 : std::stoi(*best);

    CrossSiteTable table;
    table.landmarks = !plan.data.landmarks.empty();
    std::vector<std::pair<std::string, ModelState>> models;
    const auto load = [&](const std::string &name, const std::filesystem::path &file) -> Result<> {
        auto model = readSafetensors(file);
        if (!model)
            return fail(model.error());
        table.models.push_back(name);
        models.emplace_back(name, std::move(*model));
        return {};
    };
    if (auto loaded = load(bestName, (*store)->paths().bestModel()); !loaded)
        return fail(loaded.error());
    for (const auto &site : sites) {
        if (!options.localBaselines)
            break;
        if (auto loaded = load("local-" + site.name, (*store)->paths().localModel(site.name)); !loaded)
            return fail(loaded.error());
    }
    for (const auto &site : sites) {
        tell({now(), "evaluating", site.name, 0,
              fmt::format("Testing {} model(s) on the test cases of {}", models.size(), site.name), Json::object()});
        auto opened = openJob(plan, {site.data}, {.splits = {tasks::Split::Test}});
        if (!opened)
            return fail(opened.error());
        table.sites.push_back(site.name);
        for (const auto &[name, model] : models) {
            if (platform::stopRequested())
                return fail(ErrorCode::Cancelled, "The demo was stopped; the study folder keeps what was finished");
            const auto result = opened->job->evaluate({&model, 1}, tasks::Split::Test);
            if (!result)
                return fail(result.error());
            auto &cell = table.cells[{name, site.name}];
            cell.cases = static_cast<int>(result->cases.size());
            std::vector<storage::MetricRow> rows;
            for (const auto &metric : result->means) {
                rows.push_back({name == bestName ? bestRound : plan.federation.rounds, site.name, name, "test",
                                metric.name, 0, metric.value, metric.support});
                if (isHeadline(metric.name))
                    cell.headline = metric.value;
                else
                    cell.details[metric.name.starts_with("dice:") ? metric.name.substr(5) : metric.name] = metric.value;
            }
            if (auto stored = (*store)->addMetrics(rows); !stored)
                return fail(stored.error());
        }
        const auto dataset = tasks::openDataset(site.data);
        if (!dataset)
            return fail(dataset.error());
        const auto splits = tasks::splitCases(*dataset, plan.seed);
        std::vector<std::pair<std::string, const ModelState *>> shown;
        for (const auto &[name, model] : models) {
            if (name == "local-" + site.name || name == bestName)
                shown.emplace_back(name, &model);
        }
        std::rotate(shown.begin(), shown.begin() + (shown.size() > 1 ? 1 : 0),
                    shown.end()); // local before federated, as the columns read
        for (std::size_t i = 0; i < dataset->cases.size(); ++i) {
            if (splits[i] != tasks::Split::Test)
                continue;
            if (auto written = writeReviewCase(*opened, plan, dataset->cases[i], site.name, shown, bestRound,
                                               (*store)->paths().cases() / site.name / dataset->cases[i].id);
                !written)
                return fail(written.error());
        }
    }
    return table;
}

double CrossSiteTable::localElsewhere() const
{
    double sum = 0;
    int count = 0;
    for (const auto &[key, cell] : cells) {
        if (key.first != bestName && key.first != "local-" + key.second) {
            sum += cell.headline;
            ++count;
        }
    }
    return count > 0 ? sum / count : 0;
}

double CrossSiteTable::federatedElsewhere() const
{
    // Each site's cell weighs as often as it stands under some other site's local model: equally, so the plain mean.
    double sum = 0;
    for (const auto &site : sites)
        sum += cells.at({bestName, site}).headline;
    return sites.empty() ? 0 : sum / static_cast<double>(sites.size());
}

std::string CrossSiteTable::text() const
{
    std::vector<std::vector<std::string>> rows(1);
    rows[0].push_back(landmarks ? "Landmarks found by" : "Test Dice of");
    for (const auto &site : sites)
        rows[0].push_back("at " + site);
    for (const auto &model : models) {
        rows.push_back({model == bestName ? "federated" : "local " + model.substr(6)});
        for (const auto &site : sites) {
            const auto &cell = cells.at({model, site});
            rows.back().push_back(fmt::format("{:.3f} ({})", cell.headline, cell.cases));
        }
    }
    auto text = alignedTable(rows);
    if (hasLocals())
        text += fmt::format("On other sites' test cases: federated {:.3f}, local {:.3f}, on average\n",
                            federatedElsewhere(), localElsewhere());
    return text;
}

Json CrossSiteTable::toJson() const
{
    const auto *metric = landmarks ? "found" : "dice";
    Json perSite = Json::array(), matrix = Json::array();
    double sum = 0;
    for (const auto &site : sites) {
        const auto &cell = cells.at({bestName, site});
        sum += cell.headline;
        perSite.push_back({{"site", site},
                           {metric, cell.headline},
                           {"cases", cell.cases},
                           {landmarks ? "metrics" : "labels", cell.details}});
        for (const auto &model : models) {
            const auto &entry = cells.at({model, site});
            matrix.push_back({{"model", model}, {"site", site}, {metric, entry.headline}, {"cases", entry.cases}});
        }
    }
    Json json = {
        {"test",
         {{"sites", perSite},
          {landmarks ? "meanFound" : "meanDice", sites.empty() ? 0 : sum / static_cast<double>(sites.size())}}},
        {"crossSite", matrix}};
    if (hasLocals())
        json["onOtherSites"] = {{"federated", federatedElsewhere()}, {"local", localElsewhere()}};
    return json;
}

} // namespace consilium::node
