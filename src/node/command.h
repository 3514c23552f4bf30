// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/json.h"
#include "core/result.h"

#include <CLI/CLI.hpp>
#include <functional>
#include <memory>

namespace consilium::node {

/// The parser and what the command line asked for. A command adds its sub-command and sets `action` in that
/// sub-command's callback; main runs the action, prints the error's one line on stderr and exits with 1 when it fails.
struct CommandLine
{
    CLI::App app{"Consilium node: trains imaging models together without moving images"};
    std::function<Result<>()> action;
};

// One file per command: src/node/<command>.cpp.
void addInspect(CommandLine &line);
void addPhantom(CommandLine &line);
void addDeidentify(CommandLine &line);
void addFingerprint(CommandLine &line);
void addPlan(CommandLine &line);
void addTrain(CommandLine &line);
void addExport(CommandLine &line);
void addInitialModel(CommandLine &line);
void addPredict(CommandLine &line);
void addPreview(CommandLine &line);
void addEvaluate(CommandLine &line);
void addStudy(CommandLine &line);
void addHost(CommandLine &line);
void addEnrol(CommandLine &line);
void addConsent(CommandLine &line);
void addJoin(CommandLine &line);
void addDemo(CommandLine &line);
void addImport(CommandLine &line);
void addBench(CommandLine &line);
void addPreprocess(CommandLine &line);
void addSchedule(CommandLine &line);
void addVerify(CommandLine &line);
void addSimulate(CommandLine &line);

/// Prints one JSON document on stdout.
void printJson(const Json &value);

} // namespace consilium::node
