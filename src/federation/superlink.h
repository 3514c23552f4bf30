// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/event.h"
#include "federation/local_trainer.h"

#include <chrono>
#include <filesystem>
#include <functional>
#include <string>
#include <vector>

namespace consilium::federation {

struct SuperLinkOptions
{
    std::string endpoint;            ///< HOST:PORT of the SuperLink's Fleet API
    std::filesystem::path authority; ///< PEM file: the CA of the SuperLink's certificate
    /// The node's own folder: its key, the transfer in flight, models/local.safetensors (its newest update) and
    /// models/global.safetensors (the newest model that it was asked to evaluate). `folder`/checkpoint is emptied when
    /// work on a message begins; the trainer may keep there what lets a training go on.
    std::filesystem::path folder;
    std::string site;     ///< for events
    std::string planHash; ///< work left over from another plan is not taken up again
    /// Names, types and shapes of the plan's network, in its order: what a ServerApp's arrays must be.
    std::vector<TensorInfo> network;
    /// Every metric that an evaluation may have. All are reported, those that could not be measured as NaN: Flower's
    /// strategies refuse replies whose names differ.
    std::vector<std::string> metrics;
    bool oneRun = false; ///< leave when the first run that asked for something has ended, instead of waiting for others
    double heartbeatSeconds = 30; ///< 10 to 1800; after twice this time in silence a SuperLink calls a node offline
    std::chrono::milliseconds pollInterval{1000};
    std::function<void(const Event &)> onEvent = [](const Event &) {};
    std::function<bool()> stopRequested = [] { return false; };
};

/// What can be said of the endpoint and the CA file before any data are read. Errors: Invalid; NotFound; Malformed.
Result<> checkSuperLink(const SuperLinkOptions &options);

/// One node of a plain Flower SuperLink (protocol of Flower 1.25 to 1.30): answers a ServerApp's "train" and "evaluate"
/// messages with this site's training, as Flower's own strategies expect it, until a stop is asked for or, with
/// `oneRun`, the run has ended. No app's code is fetched or run.
///
/// Train: takes the ArrayRecord, and from the ConfigRecord "server-round" (int) and "proximal-mu" (float, FedProx's
/// mu); replies with an ArrayRecord of the same names and a MetricRecord of "num-examples" and "loss". Evaluate: takes
/// the ArrayRecord and "split" ("validation", the default, or "test"); replies with "num-examples" and `metrics`. What
/// cannot be done is answered with an error in words, which Flower's strategies count as a failure of this node.
///
/// A lost SuperLink is called again until it answers. A message whose work was begun is finished by the next call with
/// the same folder; of a broken transfer only the missing chunks travel again. Errors: Invalid (endpoint); NotFound,
/// Malformed (CA file, key); Busy (another process uses the folder); Refused (the SuperLink does not know this node's
/// key, or cannot be trusted); Cancelled (a stop was asked for); Io (this site's disk).
Result<> participateInSuperLink(const SuperLinkOptions &options, LocalTrainer &trainer);

} // namespace consilium::federation
