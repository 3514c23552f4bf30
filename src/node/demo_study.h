// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/event.h"
#include "core/plan.h"

#include <filesystem>
#include <functional>
#include <map>
#include <optional>
#include <string>
#include <vector>

namespace consilium::node {

/// What the demo is asked for; empty values take the preset's or the built-in demo's.
struct DemoOptions
{
    std::filesystem::path out;
    std::string task = "ms-lesions";
    std::filesystem::path data; ///< one sub-folder a site; empty: phantoms are made
    int sites = 0, rounds = 0;
    std::optional<std::uint64_t> seed;
    bool localBaselines = true; ///< train each site's own model of equal steps and compare
};

struct DemoSite
{
    std::string name;
    std::filesystem::path data;   ///< dataset
    std::filesystem::path folder; ///< the site's own folder: key, certificate, consent
};

using Tell = std::function<void(const Event &)>;

/// The sites' datasets: those of `options.data`, or phantoms made under `options.out`/data. Errors name the folder.
Result<std::vector<DemoSite>> prepareSites(const DemoOptions &options, const Json &preset, const Json &demo,
                                           const Tell &tell);

/// Fingerprints every site, merges them and fixes the plan. Errors: those of the task.
Result<Plan> planDemo(const DemoOptions &options, const Json &preset, const Json &demo,
                      const std::vector<DemoSite> &sites, const Tell &tell);

/// Hosts the study in `options.out` and joins it from one process a site, until it is finished. Errors: Cancelled;
/// Unavailable (the host stopped and nobody started it again); Refused.
Result<> runDemoStudy(const DemoOptions &options, const Plan &plan, const std::vector<DemoSite> &sites,
                      const Tell &tell);

/// Trains each site's local model of equal steps, in parallel processes, into the study's models.
Result<> trainLocalModels(const DemoOptions &options, const Plan &plan, const std::vector<DemoSite> &sites,
                          const Tell &tell);

/// The headline metric on each site's test cases (columns) of each model (rows: "best", then "local-<site>").
struct CrossSiteTable
{
    struct Cell
    {
        double headline = 0; ///< 0 to 1
        int cases = 0;
        std::map<std::string, double> details; ///< Dice by label ("anterior"); the other metrics of landmarks ("error")
    };
    bool landmarks = false; ///< the headline is the share of landmarks found; else the Dice
    std::vector<std::string> models;
    std::vector<std::string> sites;
    std::map<std::pair<std::string, std::string>, Cell> cells; ///< (model, site)

    /// Mean over the sites a model was not trained at; the federated model is compared on the same cells, local by
    /// local.
    double localElsewhere() const;
    double federatedElsewhere() const;
    bool hasLocals() const { return models.size() > 1; }
    std::string text() const;
    Json toJson() const;
};

/// Evaluates every model at every site, stores the numbers in study.db, and writes the answers for each test case with
/// a case.json into the study's cases, for Review.
Result<CrossSiteTable> crossEvaluate(const DemoOptions &options, const Plan &plan, const std::vector<DemoSite> &sites,
                                     const Tell &tell);

} // namespace consilium::node
