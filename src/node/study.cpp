// SPDX-License-Identifier: GPL-3.0-or-later
#include "storage/study.h"

#include "core/safetensors.h"
#include "federation/study_setup.h"
#include "federation/update_layout.h"
#include "node/command.h"
#include "node/study_show.h"
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
    std::cout << "Each site sends " << updatesOf(study->plan.federation, folder) << '\n';
    print(*study);
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
