// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/event.h"
#include "core/plan.h"
#include "node/planned_job.h"

#include <filesystem>
#include <functional>
#include <map>
#include <string>
#include <vector>

/// What the parts of `simulate` share. Private to this program.
namespace consilium::node {

struct SimulationOptions
{
    std::filesystem::path plan, out;
    std::vector<std::filesystem::path> data; ///< one folder a site
    std::string strategies, baselines, device = "cpu";
    std::vector<std::string> attacks;
    int threads = 0;
};

/// One study to be simulated: the plan with another strategy.
struct Variant
{
    std::string label; ///< as it was asked for: "fedprox:proximal=0.1"
    Plan plan;
};

/// "fedavg,fedprox:proximal=0.1,scaffold:training.optimizer.momentum=0": kinds, each with settings. A key without a dot
/// is one of federation.strategy, others are keys of the plan; values are JSON, or text. The quorum is all sites unless
/// it is set. Errors: Invalid (an entry asked for twice; a plan that is impossible: names entry and key).
Result<std::vector<Variant>> parseStrategies(const std::string &list, const Plan &plan, std::size_t sites);

/// By what the changes of a hostile site are multiplied before they are sent: -1 for "sign-flip", 10 for "scale:10".
using Attack = std::map<std::string, double>;

/// Of "sign-flip=SITE,SITE" and "scale:FACTOR=SITE,SITE". Errors: Invalid (an attack or a site that there is not).
Result<Attack> parseAttacks(const std::vector<std::string> &attacks, const std::vector<std::string> &sites);

struct SimulatedSite
{
    std::string name;
    std::filesystem::path data;
    PlannedJob opened;
};

/// The sites' data, opened for one plan at a time.
class SimulatedSites
{
public:
    /// Errors: Invalid (two folders of one name); as datasetListing.
    static Result<SimulatedSites> create(const SimulationOptions &options);

    /// The sites by name. What was opened for another plan is closed first, unless it differs in its federation alone.
    /// Errors: as openJob, naming the site.
    Result<std::vector<SimulatedSite> *> openedFor(const Plan &plan);

    const std::vector<std::string> &names() const { return m_names; }
    const std::string &listing() const { return m_listing; } ///< datasetListing of all

private:
    std::vector<std::string> m_names;
    std::vector<std::filesystem::path> m_data;
    std::string m_listing, m_device, m_openedFor;
    std::filesystem::path m_planFile;
    int m_threads = 0;
    std::vector<SimulatedSite> m_sites;
};

/// What every run is given. `tell` hears of rounds and results; `progress` of steps.
struct Simulation
{
    const SimulationOptions &options;
    SimulatedSites &sites;
    const Attack &attack;
    std::function<void(const Event &)> tell;
    std::function<void(const std::string &)> progress;
};

/// Runs a study round by round, one site after the other, with the code of real ones: the sites' and the host's half of
/// the strategy, the choice of the best round by the validation cases of the sites that are not hostile. An
/// asynchronous strategy is simulated with sites that take turns in the order of their names. The result is the run's
/// record, {"label", "group": "strategy", "bestRound", "rounds": [...], "test": [...], "seconds"}, also in result.json
/// in the run's folder, where a later call finds it and runs nothing; a run that was interrupted goes on in the round
/// it was in. Errors: Cancelled; Io; as those of the training, naming site and round.
Result<Json> simulateStudy(const Simulation &simulation, const Variant &variant);

/// Models to compare with, as `train` makes them, of as many steps as a site does in the study: "local" (each site's
/// own cases), "centralised" (all in one place). The record is as that of a study; of "local" with "elsewhere", the
/// mean on the other sites' test cases.
Result<Json> simulateBaseline(const Simulation &simulation, const Plan &plan, const std::string &kind);

/// [{"site", "cases", "metrics": [{"name", "value", "support"}]}] entry of one site, by the model on a split there.
Result<Json> siteMetrics(SimulatedSite &site, const ModelState &model, tasks::Split split);
/// The headline metric of such an entry; 0 where there are no cases.
double headlineOf(const Json &entry);
/// The mean of the headline metric over such entries, each site the same, without those that have no cases.
double meanOverSites(const Json &entries);

/// The record of an earlier run in `folder`, if it was of the same plan, data and attack.
std::optional<Json> finishedRun(const std::filesystem::path &folder, const std::string &identity);
/// A hash of what decides a run's result.
std::string runIdentity(const Simulation &simulation, const Plan &plan, const std::string &kind);

/// Rows of the results: the headline metric per run and site, with the number of cases.
std::string resultsTable(const std::vector<Json> &records, const std::vector<std::string> &sites);
/// Every test metric: run,model,site,metric,value,support.
std::string resultsCsv(const std::vector<Json> &records);

} // namespace consilium::node
