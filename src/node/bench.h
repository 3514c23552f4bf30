// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "node/command.h"

namespace consilium::node {

// One file per measurement: src/node/bench_<name>.cpp.
void addBenchAggregate(CLI::App &bench, CommandLine &line);
void addBenchIo(CLI::App &bench, CommandLine &line);
void addBenchPredict(CLI::App &bench, CommandLine &line);
void addBenchTrain(CLI::App &bench, CommandLine &line);

} // namespace consilium::node
