// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "federation/caller_check.h"
#include "federation/channel.h"
#include "federation/reply_intake.h"

/// Private to this library.
namespace consilium::federation {

/// What the services share.
struct Reception
{
    explicit Reception(Exchange &at)
        : exchange(at), intake(at), caller(at.store(), [&at](const std::string &site, const Error &error) {
              at.tell({now(), "warning", site, 0, fmt::format("{} cannot join: {}", site, error.line())});
          })
    {
    }
    Exchange &exchange;
    ReplyIntake intake;
    CallerCheck caller;
};

/// Answers with `work(site)` when the call comes from the present worker of a site of this study, else with why it does
/// not.
template <typename Work>
grpc::Status forSite(const grpc::ServerContextBase *context, Reception &reception, Work &&work)
{
    const auto caller = reception.caller(*context);
    if (!caller)
        return callStatus(caller.error());
    if (auto present = reception.exchange.checkWorker(caller->site.name, caller->worker); !present)
        return callStatus(present.error());
    return work(caller->site);
}

} // namespace consilium::federation
