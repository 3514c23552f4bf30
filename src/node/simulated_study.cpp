// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/file.h"
#include "core/hash.h"
#include "core/headline_metric.h"
#include "core/platform.h"
#include "core/safetensors.h"
#include "federation/next_model.h"
#include "federation/site_strategy.h"
#include "federation/tensor_readers.h"
#include "node/job_trainer.h"
#include "node/simulation.h"
#include "node/strategy_loader.h"

#include <algorithm>
#include <chrono>
#include <tuple>

namespace consilium::node {

namespace fs = std::filesystem;
using federation::SiteStrategy;

namespace {

/// A name for a folder: what is no plain character is written as _, and a hash keeps such labels apart.
std::string folderOf(const std::string &label)
{
    auto name = label;
    for (auto &c : name) {
        const bool plain = std::isalnum(static_cast<unsigned char>(c)) || c == '-' || c == '.' || c == '=';
        c = plain ? c : '_';
    }
    return name == label ? name : name + "-" + sha256Hex(label).substr(0, 6);
}

/// Multiplies what a hostile site changed, in place. Its control variates are changes already.
void falsify(ModelState &update, const ModelState &base, double factor)
{
    for (auto &tensor : update.tensors) {
        if (tensor.info.dtype != DType::F32)
            continue;
        const auto *from = base.find(tensor.info.name);
        std::vector<float> values(tensor.floats().begin(), tensor.floats().end());
        for (std::size_t i = 0; i < values.size(); ++i) {
            const double before = from ? from->floats()[i] : 0;
            values[i] = static_cast<float>(before + factor * (values[i] - before));
        }
        tensor = Tensor::fromFloats(tensor.info.name, tensor.info.shape, values);
    }
}

class StudyRun
{
public:
    StudyRun(const Simulation &simulation, const Variant &variant)
        : m_simulation(simulation), m_plan(variant.plan), m_identity(runIdentity(simulation, variant.plan, "strategy"))
    {
        m_label = variant.label;
        for (const auto &attack : simulation.options.attacks)
            m_label += fmt::format(" under {}", attack);
        m_folder = simulation.options.out / folderOf(m_label);
        m_paths.folder = m_folder;
    }

    Result<Json> run();

private:
    Result<> begin();
    Result<> trainAndCombine(int round);
    Result<federation::Contribution> contribution(std::size_t site, int round);
    Result<> validate(int round);
    Result<> keepBest(const ModelState &global);
    Result<> closeRound(int round);
    Result<Json> testBest();

    const SimulatedSite &site(std::size_t index) const { return (*m_sites)[index]; }
    fs::path siteFolder(std::size_t index) const { return m_folder / "sites" / site(index).name; }
    fs::path model(int round) const { return m_paths.model(round); }
    Result<ModelState> sentModel(int version) const;
    /// Of the best round, where it differs from the global one: "local" with its own tensors, or "personal".
    fs::path ownModel(const char *whose, const std::string &site) const
    {
        return m_folder / "models" / fmt::format("{}-{}.safetensors", whose, site);
    }
    /// Sites that train in a round: all, or of an asynchronous strategy those whose turn it is.
    std::vector<std::size_t> participants(int round) const;
    bool asynchronous() const { return m_plan.federation.strategy.kind == "fedbuff"; }
    double secondsSoFar() const
    {
        return m_secondsBefore + std::chrono::duration<double>(std::chrono::steady_clock::now() - m_began).count();
    }

    const Simulation &m_simulation;
    const Plan &m_plan;
    std::string m_identity, m_label;
    fs::path m_folder;
    storage::StudyPaths m_paths; ///< of the part of a study folder that holds the models
    std::unique_ptr<federation::Strategy> m_strategy;
    std::vector<SimulatedSite> *m_sites = nullptr;
    std::vector<std::unique_ptr<SiteStrategy>> m_strategies;
    std::chrono::steady_clock::time_point m_began = std::chrono::steady_clock::now();
    double m_secondsBefore = 0;

    // What a round changes, in progress.json.
    int m_done = 0, m_bestRound = 0;
    double m_best = -1;
    std::vector<int> m_versions; ///< of the global model that each site has
    Json m_rounds = Json::array();
    Json m_now; ///< of the round that runs
};

Result<> StudyRun::begin()
{
    for (std::size_t index = 0; index < m_sites->size(); ++index)
        m_strategies.push_back(SiteStrategy::create(m_plan, siteFolder(index)));
    m_versions.assign(m_sites->size(), 0);
    const auto progress = readJson(m_folder / "progress.json");
    if (progress && progress->value("identity", "") == m_identity) {
        m_done = progress->value("round", 0);
        m_bestRound = progress->value("bestRound", 0);
        m_best = progress->value("best", -1.0);
        m_secondsBefore = progress->value("seconds", 0.0);
        m_versions = progress->value("versions", m_versions);
        m_rounds = progress->value("rounds", Json::array());
        return {};
    }
    // Another plan's, or nothing: nothing of it is of use.
    std::error_code error;
    fs::remove_all(m_folder, error);
    const auto first = m_sites->front().opened.job->initialModel();
    if (!first)
        return fail(first.error());
    return writeSafetensors(model(0), *first);
}

std::vector<std::size_t> StudyRun::participants(int round) const
{
    const auto all = m_sites->size();
    const auto count =
        asynchronous() ? std::min(all, static_cast<std::size_t>(m_plan.federation.strategy.buffer)) : all;
    std::vector<std::size_t> chosen;
    for (std::size_t turn = 0; turn < count; ++turn)
        chosen.push_back(((static_cast<std::size_t>(round) - 1) * count + turn) % all);
    return chosen;
}

/// As a site gets it: with the host's control variates, of a strategy that has them.
Result<ModelState> StudyRun::sentModel(int version) const
{
    const auto start = federation::roundStart(m_plan, m_paths, version + 1);
    if (!start)
        return fail(start.error());
    auto sent = readSafetensors(start->model);
    if (!sent || !start->control)
        return sent;
    auto control = readSafetensors(*start->control);
    if (!control)
        return control;
    std::ranges::move(control->tensors, std::back_inserter(sent->tensors));
    return sent;
}

Result<federation::Contribution> StudyRun::contribution(std::size_t index, int round)
{
    const auto &name = site(index).name;
    const int version = asynchronous() ? m_versions[index] : round - 1;
    const auto sent = sentModel(version);
    if (!sent)
        return fail(sent.error());
    JobTrainer trainer(*site(index).opened.job, m_plan, name, siteFolder(index) / "checkpoint");
    const auto progress = [&](const federation::LocalProgress &now) {
        m_simulation.progress(fmt::format("{}: round {} of {}, {}, step {} of {}, loss {:.3f}", m_label, round,
                                          m_plan.federation.rounds, name, now.step, now.steps, now.loss));
        return !platform::stopRequested();
    };
    auto training = m_strategies[index]->fit(trainer, *sent, round, progress);
    if (!training)
        return fail(training.error());
    const auto local = m_strategies[index]->localModel(*sent);
    if (!local)
        return fail(local.error());
    // The round is closed for all sites at once: until then the state at home may be made again.
    if (const auto hostile = m_simulation.attack.find(name); hostile != m_simulation.attack.end())
        falsify(training->update, *local, hostile->second);
    const auto file = siteFolder(index) / "update.safetensors";
    if (auto written = writeSafetensors(file, training->update); !written)
        return fail(written.error());
    auto reader = federation::readerOf(file);
    if (!reader)
        return fail(reader.error());
    federation::Contribution given;
    given.site = name;
    given.update = std::move(*reader);
    given.samples = training->samples;
    given.steps = training->steps;
    given.normalisedSteps = training->normalisedSteps;
    given.score = training->score.value_or(0);
    if (asynchronous()) {
        auto base = federation::readerOf(model(version));
        if (!base)
            return fail(base.error());
        given.base = std::move(*base);
        given.staleness = round - 1 - version;
    }
    m_now["sites"].push_back({{"site", name},
                              {"samples", training->samples},
                              {"steps", training->steps},
                              {"loss", training->loss},
                              {"hostile", m_simulation.attack.contains(name)}});
    return given;
}

Result<> StudyRun::trainAndCombine(int round)
{
    m_now = {{"round", round}, {"sites", Json::array()}};
    std::vector<federation::Contribution> contributions;
    const auto trained = participants(round);
    for (const auto index : trained) {
        auto given = contribution(index, round);
        if (!given)
            return fail(given.error(), "{}, round {}, site {}", m_label, round, site(index).name);
        contributions.push_back(std::move(*given));
    }
    const auto combined = federation::nextModel(*m_strategy, m_plan, m_paths, round, std::move(contributions),
                                                m_sites->size(), threadsOrAll(m_simulation.options.threads));
    if (!combined)
        return fail(combined.error(), "{}, round {}", m_label, round);
    for (std::size_t k = 0; k < combined->sites.size(); ++k) {
        for (auto &entry : m_now["sites"]) {
            if (entry["site"] == combined->sites[k])
                entry.update({{"weight", combined->weights[k]},
                              {"norm", combined->drift[k].norm},
                              {"cosine", combined->drift[k].cosine},
                              {"distance", combined->drift[k].distance}});
        }
    }
    for (const auto index : trained) {
        if (auto kept = m_strategies[index]->keep(round); !kept)
            return kept;
        m_versions[index] = round;
    }
    return {};
}

Result<> StudyRun::validate(int round)
{
    const auto global = readSafetensors(model(round));
    if (!global)
        return fail(global.error());
    double sum = 0, cases = 0;
    auto entries = Json::array();
    for (std::size_t index = 0; index < m_sites->size(); ++index) {
        const auto local = m_strategies[index]->localModel(*global);
        if (!local)
            return fail(local.error());
        auto entry = siteMetrics((*m_sites)[index], *local, tasks::Split::Validation);
        if (!entry)
            return fail(entry.error());
        // Nobody can believe what a hostile site says of a model.
        if (!m_simulation.attack.contains(site(index).name)) {
            sum += headlineOf(*entry) * entry->value("cases", 0);
            cases += entry->value("cases", 0);
        }
        entries.push_back(std::move(*entry));
    }
    const double mean = cases > 0 ? sum / cases : 0;
    m_now["validation"] = mean;
    m_now["validationSites"] = std::move(entries);
    if (m_plan.evaluation.selectBest == "validation" && mean <= m_best)
        return {};
    m_best = mean;
    m_bestRound = round;
    return keepBest(*global);
}

/// The best global model, and what the sites made their own of it: their tensors of a later round would not fit it.
Result<> StudyRun::keepBest(const ModelState &global)
{
    if (auto written = writeSafetensors(m_paths.bestModel(), global); !written)
        return written;
    for (std::size_t index = 0; index < m_sites->size(); ++index) {
        const auto local = m_strategies[index]->localModel(global);
        if (!local)
            return fail(local.error());
        const auto personal = m_strategies[index]->personalModel(global);
        if (!personal)
            return fail(personal.error());
        for (const auto &[whose, model, differs] :
             {std::tuple("local", &*local, local->tensors != global.tensors),
              std::tuple("personal", *personal ? &**personal : &*local, *personal && **personal != *local)}) {
            const auto file = ownModel(whose, site(index).name);
            std::error_code ignored;
            fs::remove(file, ignored);
            if (!differs)
                continue;
            if (auto written = writeSafetensors(file, *model); !written)
                return written;
        }
    }
    return {};
}

Result<> StudyRun::closeRound(int round)
{
    m_rounds.push_back(m_now);
    m_done = round;
    if (auto written = writeJson(m_folder / "progress.json", {{"identity", m_identity},
                                                              {"round", m_done},
                                                              {"bestRound", m_bestRound},
                                                              {"best", m_best},
                                                              {"seconds", secondsSoFar()},
                                                              {"versions", m_versions},
                                                              {"rounds", m_rounds}});
        !written)
        return written;
    const int oldest = asynchronous() ? *std::ranges::min_element(m_versions) : round;
    std::error_code ignored;
    for (int old = 0; old < oldest; ++old)
        fs::remove(model(old), ignored);
    federation::dropOldMemory(m_paths, round);
    std::string validation;
    if (m_now.contains("validation"))
        validation = fmt::format(", validation {:.3f}", m_now["validation"].get<double>());
    double loss = 0;
    for (const auto &entry : m_now["sites"])
        loss += entry["loss"].get<double>() / static_cast<double>(m_now["sites"].size());
    m_simulation.tell(
        {now(),
         "round",
         {},
         round,
         fmt::format("{}: round {} of {}, loss {:.3f}{}", m_label, round, m_plan.federation.rounds, loss, validation),
         {{"run", m_label}, {"loss", loss}, {"validation", m_now.value("validation", Json())}}});
    return {};
}

Result<Json> StudyRun::testBest()
{
    Json record{{"label", m_label},      {"group", "strategy"},      {"identity", m_identity},
                {"plan", m_plan.hash()}, {"bestRound", m_bestRound}, {"validation", m_best}};
    auto test = Json::array(), personal = Json::array();
    for (auto &at : *m_sites) {
        for (const auto &[whose, entries] : {std::pair("local", &test), std::pair("personal", &personal)}) {
            auto best = readSafetensors(ownModel(whose, at.name));
            if (!best && best.error().code == ErrorCode::NotFound) {
                if (entries == &personal)
                    continue;
                best = readSafetensors(m_paths.bestModel());
            }
            if (!best)
                return fail(best.error());
            auto entry = siteMetrics(at, *best, tasks::Split::Test);
            if (!entry)
                return entry;
            entries->push_back(std::move(*entry));
        }
    }
    record["test"] = test;
    record["mean"] = meanOverSites(test);
    if (!personal.empty()) {
        record["personal"] = personal;
        record["personalMean"] = meanOverSites(personal);
    }
    record["rounds"] = m_rounds;
    record["seconds"] = secondsSoFar();
    return record;
}

Result<Json> StudyRun::run()
{
    if (auto finished = finishedRun(m_folder, m_identity))
        return std::move(*finished);
    const auto sites = m_simulation.sites.openedFor(m_plan);
    if (!sites)
        return fail(sites.error());
    m_sites = *sites;
    auto strategy = loadStrategy(m_plan);
    if (!strategy)
        return fail(strategy.error());
    m_strategy = std::move(*strategy);
    if (auto begun = begin(); !begun)
        return fail(begun.error());
    const auto &evaluation = m_plan.evaluation;
    const int rounds = m_plan.federation.rounds;
    const auto over = [&] { return evaluation.patience > 0 && m_done - m_bestRound >= evaluation.patience; };
    for (int round = m_done + 1; round <= rounds && !over(); ++round) {
        if (auto trained = trainAndCombine(round); !trained)
            return fail(trained.error());
        if (round % evaluation.everyRounds == 0 || round == rounds) {
            if (auto validated = validate(round); !validated)
                return fail(validated.error());
        }
        if (auto closed = closeRound(round); !closed)
            return fail(closed.error());
    }
    auto record = testBest();
    if (!record)
        return record;
    if (auto written = writeJson(m_folder / "result.json", *record); !written)
        return fail(written.error());
    // What only a run that goes on needs.
    std::error_code ignored;
    for (const auto *name : {"sites", "progress.json"})
        fs::remove_all(m_folder / name, ignored);
    return record;
}

} // namespace

Result<Json> simulateStudy(const Simulation &simulation, const Variant &variant)
{
    return StudyRun(simulation, variant).run();
}

} // namespace consilium::node
