// SPDX-License-Identifier: GPL-3.0-or-later
#include "federation/verify.h"
#include "node/command.h"
#include "node/strategy_loader.h"
#include "storage/study.h"

#include <iostream>

namespace consilium::node {

namespace {

Result<> verify(const std::filesystem::path &folder, bool json)
{
    std::error_code ignored;
    const bool site = !std::filesystem::exists(storage::StudyPaths{folder}.manifest(), ignored) &&
                      std::filesystem::exists(folder / "site.json", ignored);
    const auto verified =
        site ? federation::verifySite(folder) : federation::verifyStudy(folder, federation::asTheHost(loadStrategy));
    if (!verified)
        return fail(verified.error());
    if (json)
        printJson(verified->toJson());
    std::size_t failures = 0;
    for (const auto &finding : verified->findings) {
        if (!json)
            std::cout << fmt::format("{:<12} {}\n", name(finding.outcome), finding.text);
        failures += finding.outcome == federation::Outcome::Failed ? 1 : 0;
    }
    std::cout.flush();
    if (failures > 0)
        return failWithHint(ErrorCode::Refused, "Compare it with a copy before you rely on it",
                            "{} does not hold: {} failed", folder.string(),
                            failures == 1 ? std::string("one check") : fmt::format("{} checks", failures));
    return {};
}

} // namespace

void addVerify(CommandLine &line)
{
    struct Options
    {
        std::string folder;
        bool json = false;
    };
    auto options = std::make_shared<Options>();
    auto *command = line.app.add_subcommand(
        "verify", "Checks a study's receipts, audit chain and models, or a site folder's audit chain");
    command->add_option("study", options->folder, "Study folder, or a site's own folder")->required();
    command->add_flag("--json", options->json, "Print JSON");
    command->callback([&line, options] { line.action = [options] { return verify(options->folder, options->json); }; });
}

} // namespace consilium::node
