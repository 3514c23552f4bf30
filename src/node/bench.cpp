// SPDX-License-Identifier: GPL-3.0-or-later
#include "node/bench.h"

#include "node/command.h"

namespace consilium::node {

void addBench(CommandLine &line)
{
    auto *bench = line.app.add_subcommand("bench", "Measures the figures of the README on this machine");
    bench->require_subcommand(1);
    addBenchAggregate(*bench, line);
    addBenchIo(*bench, line);
    addBenchPredict(*bench, line);
    addBenchTrain(*bench, line);
}

} // namespace consilium::node
