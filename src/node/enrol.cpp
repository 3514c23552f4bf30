// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/site_folder.h"
#include "node/command.h"

#include <iostream>

namespace consilium::node {

namespace {

Result<> enrol(const std::string &file, const std::string &passphraseFile, const std::string &siteFolder)
{
    const auto passphrase = security::readPassphrase(passphraseFile);
    if (!passphrase)
        return fail(passphrase.error());
    const auto invitation = security::Invitation::read(file, *passphrase);
    if (!invitation)
        return fail(invitation.error());
    const auto site = federation::SiteFolder::enrol(*invitation, siteFolder);
    if (!site)
        return fail(site.error());
    std::cout << "Enrolled as '" << site->site() << "' in '" << site->title() << "'\nPlan SHA-256 "
              << site->plan().hash() << "\nNext: consilium-node consent --site-dir " << siteFolder << '\n';
    return {};
}

} // namespace

void addEnrol(CommandLine &line)
{
    struct Options
    {
        std::string invitation, passphraseFile, siteFolder;
    };
    auto options = std::make_shared<Options>();
    auto *command =
        line.app.add_subcommand("enrol", "Uses an invitation: makes this site's key and fetches its certificate");
    command->add_option("invitation", options->invitation, "Invitation file from the host")->required();
    command->add_option("--passphrase-file", options->passphraseFile, "File whose first line opens the invitation")
        ->required();
    command->add_option("--site-dir", options->siteFolder, "This site's folder, made when missing")->required();
    command->callback([&line, options] {
        line.action = [options] { return enrol(options->invitation, options->passphraseFile, options->siteFolder); };
    });
}

} // namespace consilium::node
