// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/study.h"

#include "core/headline_metric.h"
#include "core/safetensors.h"
#include "federation/study_setup.h"
#include "federation/update_layout.h"
#include "node/command.h"
#include "node/console.h"
#include "security/invitation.h"

#include <iostream>

namespace consilium::node {

namespace {

Result<> create(const std::string &planFile, const std::string &title, const std::string &out)
{
    const auto plan = Plan::read(planFile);
    if (!plan)
        return fail(plan.error());
    // Sites get the plan, and would lack the module it names.
    if (plan->network.kind == "torchscript")
        return failWithHint(ErrorCode::Unsupported, "Train it on one machine with 'train'",
                            "{}: a study cannot carry a TorchScript network in this version", planFile);
    if (auto created = federation::createStudy(out, title, *plan); !created)
        return created;
    std::cout << "Study '" << title << "' in " << out << "\nPlan SHA-256 " << plan->hash() << '\n';
    return {};
}

Result<> invite(const std::string &study, const std::string &site, const std::string &endpoint,
                const std::string &passphraseFile, const std::string &out)
{
    const auto passphrase = security::readPassphrase(passphraseFile);
    if (!passphrase)
        return fail(passphrase.error());
    if (auto invited = federation::inviteSite(study, site, endpoint, *passphrase, out); !invited)
        return invited;
    std::cout << "Invitation for " << site << " in " << out
              << "\nHand over the passphrase by another way than this file.\n";
    return {};
}

Json toJson(const storage::StudySnapshot &study)
{
    Json sites = Json::array(), rounds = Json::array(), metrics = Json::array();
    for (const auto &site : study.sites)
        sites.push_back({{"site", site.name},
                         {"enrolled", site.enrolled},
                         {"online", site.online},
                         {"lastSeen", site.lastSeen ? Json(toIso(*site.lastSeen)) : Json()},
                         {"trainingCases", site.trainingCases},
                         {"bytesReceived", site.bytesReceived},
                         {"bytesSent", site.bytesSent}});
    for (const auto &round : study.rounds) {
        Json states = Json::object();
        for (const auto &site : study.siteRounds) {
            if (site.round == round.round)
                states[site.site] = {{"state", name(site.state)}, {"progress", site.progress}, {"detail", site.detail}};
        }
        rounds.push_back({{"round", round.round},
                          {"state", name(round.state)},
                          {"started", toIso(round.started)},
                          {"ended", round.ended ? Json(toIso(*round.ended)) : Json()},
                          {"note", round.note},
                          {"sites", states}});
    }
    for (const auto &metric : study.metrics) {
        if (metric.split != "training")
            metrics.push_back({{"round", metric.round},
                               {"site", metric.site},
                               {"model", metric.model},
                               {"split", metric.split},
                               {"name", metric.name},
                               {"value", metric.value},
                               {"support", metric.support}});
    }
    return {{"id", study.id},
            {"title", study.title},
            {"state", study.state},
            {"round", study.round},
            {"bestRound", study.bestRound},
            {"planHash", study.plan.hash()},
            {"plan", study.plan.toJson()},
            {"sites", sites},
            {"rounds", rounds},
            {"metrics", metrics}};
}

/// What a site sends each round; with the cost of it once there is a first model.
std::string updatesOf(const Plan::Federation &asked, const std::filesystem::path &folder)
{
    const auto model = SafetensorsFile::open(storage::StudyPaths{folder}.model(0));
    if (!model)
        return federation::updatesInWords(asked.updates);
    return federation::updatesInWords(asked.updates, federation::leavingTensors(model->tensors(), asked.strategy));
}

Result<> show(const std::string &folder, bool json)
{
    auto reader = storage::StudyReader::open(folder);
    if (!reader)
        return fail(reader.error());
    const auto study = reader->snapshot();
    if (!study)
        return fail(study.error());
    if (json) {
        printJson(toJson(*study));
        return {};
    }
    std::cout << study->title << ": " << study->state << ", round " << study->round << " of "
              << study->plan.federation.rounds
              << (study->bestRound > 0 ? fmt::format(", best round {}", study->bestRound) : "") << "\nPlan SHA-256 "
              << study->plan.hash() << "\nEach site sends " << updatesOf(study->plan.federation, folder) << '\n';
    std::vector<std::vector<std::string>> table{
        {"site", "state", "cases",
         study->plan.data.landmarks.empty() ? "validation Dice" : "validation landmarks found", "received MB"}};
    for (const auto &site : study->sites) {
        std::string state = !site.enrolled ? "invited" : site.online ? "online" : "not connected", headline = "-";
        for (const auto &row : study->siteRounds) {
            if (row.site == site.name && row.round == study->round)
                state += fmt::format(", {}{}{}", name(row.state), row.detail.empty() ? "" : ": ", row.detail);
        }
        for (const auto &metric : study->metrics) {
            if (metric.site == site.name && metric.model == "global" && metric.split == "validation" &&
                isHeadline(metric.name))
                headline = fmt::format("{:.3f}", metric.value);
        }
        table.push_back({site.name, state, std::to_string(site.trainingCases), headline,
                         fmt::format("{:.1f}", site.bytesReceived / 1e6)});
    }
    std::cout << alignedTable(table);
    for (const auto &round : study->rounds) {
        if (!round.note.empty())
            std::cout << "Round " << round.round << ": " << round.note << '\n';
    }
    return {};
}

} // namespace

void addStudy(CommandLine &line)
{
    auto *study = line.app.add_subcommand("study", "Prepares and shows studies, at the host");
    study->require_subcommand(1);

    struct Options
    {
        std::string plan, title, out, study, site, endpoint, passphraseFile;
        bool json = false;
    };
    auto options = std::make_shared<Options>();
    auto *creation = study->add_subcommand("create", "Makes a study folder from a plan");
    creation->add_option("--plan", options->plan, "Plan file")->required();
    creation->add_option("--title", options->title, "Title, as sites will read it")->required();
    creation->add_option("--out", options->out, "New study folder")->required();
    creation->callback(
        [&line, options] { line.action = [options] { return create(options->plan, options->title, options->out); }; });

    auto *invitation = study->add_subcommand("invite", "Adds a site and writes its invitation");
    invitation->add_option("study", options->study, "Study folder")->required();
    invitation->add_option("--site", options->site, "Name of the site")->required();
    invitation->add_option("--endpoint", options->endpoint, "HOST:PORT where the site reaches the host")->required();
    invitation->add_option("--passphrase-file", options->passphraseFile, "File whose first line seals the invitation")
        ->required();
    invitation->add_option("--out", options->out, "Invitation file to write")->required();
    invitation->callback([&line, options] {
        line.action = [options] {
            return invite(options->study, options->site, options->endpoint, options->passphraseFile, options->out);
        };
    });

    auto *showing = study->add_subcommand("show", "Shows where a study stands");
    showing->add_option("study", options->study, "Study folder")->required();
    showing->add_flag("--json", options->json, "Print JSON");
    showing->callback([&line, options] { line.action = [options] { return show(options->study, options->json); }; });
}

} // namespace consilium::node
