// SPDX-License-Identifier: GPL-3.0-or-later
#include "node/join_superlink.h"

#include "core/hash.h"
#include "core/log.h"
#include "core/platform.h"
#include "federation/superlink.h"
#include "node/event_printer.h"
#include "node/job_trainer.h"
#include "node/planned_job.h"

#include <QStandardPaths>

namespace consilium::node {

namespace fs = std::filesystem;

namespace {

/// The same for the same SuperLink and data, whatever the plan: the node keeps the key by which it is known.
fs::path ownFolder(const SuperLinkJoin &join)
{
    if (!join.folder.empty())
        return join.folder;
    const auto data = fs::absolute(join.data).lexically_normal();
    const auto hash = sha256Hex(join.endpoint + '\n' + data.string());
    const auto home = QStandardPaths::writableLocation(QStandardPaths::GenericDataLocation);
    return fs::path(home.toStdU16String()) / "consilium" / "superlink" /
           fmt::format("{}-{}", folderName(join.data), hash.substr(0, 12));
}

} // namespace

Result<> joinSuperLink(const SuperLinkJoin &join)
{
    const auto plan = Plan::read(join.plan);
    if (!plan)
        return fail(plan.error());
    // What a plan says stays at home must: the other strategies only differ in what the host does with the updates.
    const auto &strategy = plan->federation.strategy.kind;
    if (strategy == "fedbn")
        return failWithHint(ErrorCode::Refused, "Make a plan with federation.strategy.kind=fedavg for it",
                            "The plan {} keeps tensors at home (fedbn), and a SuperLink is sent whole models",
                            join.plan.string());
    federation::SuperLinkOptions options;
    options.endpoint = join.endpoint;
    options.authority = join.authority;
    if (auto checked = federation::checkSuperLink(options); !checked)
        return checked;
    options.folder = ownFolder(join);
    startLogging(options.folder / "join.log");
    platform::yieldToInteractiveWork();
    auto opened = openJob(*plan, {join.data}, {join.threads, join.device, moduleBeside(join.plan, *plan)});
    if (!opened)
        return fail(opened.error());
    const auto network = opened->job->initialModel();
    if (!network)
        return fail(network.error());
    for (const auto &tensor : network->tensors)
        options.network.push_back(tensor.info);
    options.site = folderName(join.data);
    options.planHash = plan->hash();
    options.metrics = opened->task->metrics(*plan);
    options.oneRun = join.oneRun;
    options.stopRequested = platform::stopRequested;
    EventPrinter printer(join.events);
    options.onEvent = [&](const Event &event) { printer.print(event); };
    if (strategy != "fedavg")
        printer.print(
            {now(), "warning", options.site, 0,
             fmt::format("The plan's strategy '{}' is not used: the ServerApp combines the updates", strategy),
             Json::object()});
    JobTrainer trainer(*opened->job, *plan, options.site, options.folder / "checkpoint");
    return federation::participateInSuperLink(options, trainer);
}

} // namespace consilium::node
