// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/clock.h"
#include "federation/site_folder.h"
#include "federation/update_layout.h"
#include "node/command.h"
#include "node/planned_job.h"
#include "tasks/dataset.h"

#include <algorithm>
#include <fmt/ranges.h>
#include <iostream>

namespace consilium::node {

namespace {

struct ConsentOptions
{
    std::string siteFolder, data;
    bool approve = false, json = false;
};

Result<> consent(const ConsentOptions &options)
{
    const auto site = federation::SiteFolder::open(options.siteFolder);
    if (!site)
        return fail(site.error());
    const auto &plan = site->plan();
    if (options.approve) {
        if (options.data.empty())
            return fail(ErrorCode::Invalid, "--approve needs --data: the dataset this consent is for");
        std::error_code error;
        const auto data = std::filesystem::absolute(options.data, error);
        const auto dataset = tasks::openDataset(data);
        if (!dataset)
            return fail(dataset.error());
        if (std::ssize(dataset->cases) < plan.privacy.minimumCases)
            return failWithHint(ErrorCode::Refused, "Add cases, or ask the host for a plan with a smaller minimum",
                                "{} has {} cases; the plan asks for at least {}", options.data, dataset->cases.size(),
                                plan.privacy.minimumCases);
        if (auto approved = site->approve({plan.hash(), data, toIso(now())}); !approved)
            return approved;
    }
    const auto given = site->consent();
    if (!given)
        return fail(given.error());
    const bool valid = *given && (*given)->planHash == plan.hash();
    const auto opened = openJob(plan, {}, {.threads = 1});
    if (!opened)
        return fail(opened.error());
    const auto model = opened->job->initialModel();
    if (!model)
        return fail(model.error());
    std::vector<std::string> sent{"loss"};
    for (auto &metric : opened->task->metrics(plan))
        sent.push_back(std::move(metric));
    sent.emplace_back("number of cases");
    std::vector<TensorInfo> tensors;
    for (const auto &tensor : model->tensors)
        tensors.push_back(tensor.info);
    tensors = federation::leavingTensors(tensors, plan.federation.strategy);
    const auto words = federation::updatesInWords(plan.federation.updates, tensors);
    const bool shown = std::ranges::find(plan.evaluation.crossSite, "local") != plan.evaluation.crossSite.end();
    if (options.json) {
        printJson({{"study", site->title()},
                   {"site", site->site()},
                   {"host", site->endpoint()},
                   {"planHash", plan.hash()},
                   {"plan", plan.toJson()},
                   {"leaves",
                    {{"tensors", tensors.size()},
                     {"bytesPerRound", federation::encodedBytes(tensors, plan.federation.updates)},
                     {"update", words},
                     {"rounds", plan.federation.rounds},
                     {"shownToOtherSites", shown},
                     {"metrics", sent}}},
                   {"minimumCases", plan.privacy.minimumCases},
                   {"approved", valid},
                   {"data", valid ? Json((*given)->data.string()) : Json()},
                   {"approvedAt", valid ? Json((*given)->approved) : Json()}});
        return {};
    }
    std::cout << fmt::format("Study '{}', hosted at {}; this site is '{}'\n\n"
                             "What leaves this building\n"
                             "  the network's weights: {}; {} tensors, {} rounds\n"
                             "  numbers: {}; means over this site's cases\n"
                             "{}"
                             "What never leaves\n"
                             "  images, segmentations, landmarks, file names, patient data, this site's private key\n"
                             "At least {} cases are needed.\n"
                             "Plan SHA-256 {}\n",
                             site->title(), site->endpoint(), site->site(), words, tensors.size(),
                             plan.federation.rounds, fmt::join(sent, ", "),
                             shown ? "  to the other sites too: this site's weights of the last round, which they test "
                                     "on their cases\n"
                                   : "",
                             plan.privacy.minimumCases, plan.hash());
    if (valid)
        std::cout << "Approved on " << (*given)->approved << " for " << (*given)->data.string() << '\n';
    else
        std::cout << "Not approved yet: consilium-node consent --site-dir " << options.siteFolder
                  << " --approve --data DIR\n";
    return {};
}

} // namespace

void addConsent(CommandLine &line)
{
    auto options = std::make_shared<ConsentOptions>();
    auto *command = line.app.add_subcommand("consent", "Shows what a study asks of this site, and approves it");
    command->add_option("--site-dir", options->siteFolder, "This site's folder")->required();
    command->add_flag("--approve", options->approve, "Approve this plan for the dataset in --data");
    command->add_option("--data", options->data, "Dataset folder");
    command->add_flag("--json", options->json, "Print JSON");
    command->callback([&line, options] { line.action = [options] { return consent(*options); }; });
}

} // namespace consilium::node
