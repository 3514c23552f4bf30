// SPDX-License-Identifier: GPL-3.0-or-later
#include "node/command.h"

#include "core/log.h"
#include "core/platform.h"

#include <iostream>

namespace consilium::node {

void printJson(const Json &value)
{
    std::cout << value.dump(2) << std::endl;
}

} // namespace consilium::node

int main(int argc, char **argv)
{
    using namespace consilium;
    using namespace consilium::node;

    startLogging();
    platform::catchStopRequests();
    CommandLine line;
    line.app.name("consilium-node");
    line.app.require_subcommand(1);
    line.app.set_version_flag("--version", CONSILIUM_VERSION);
    addInspect(line);
    addPhantom(line);
    addDeidentify(line);
    addFingerprint(line);
    addPlan(line);
    addTrain(line);
    addExport(line);
    addInitialModel(line);
    addPredict(line);
    addPreview(line);
    addEvaluate(line);
    addStudy(line);
    addHost(line);
    addEnrol(line);
    addConsent(line);
    addJoin(line);
    addDemo(line);
    addImport(line);
    addBench(line);
    addPreprocess(line);
    addSchedule(line);
    addVerify(line);
    addSimulate(line);
    try {
        line.app.parse(argc, argv);
    } catch (const CLI::ParseError &error) {
        return line.app.exit(error) == 0 ? 0 : 2;
    }
    try {
        if (const auto done = line.action(); !done) {
            std::cerr << "consilium-node: " << done.error().line() << std::endl;
            return 1;
        }
        // Results that went nowhere are no success: a full disk shows up here.
        if (!std::cout.flush()) {
            std::cerr << "consilium-node: standard output could not be written to its end. Is the disk full?"
                      << std::endl;
            return 1;
        }
    } catch (const std::exception &error) {
        // Memory running out ends here; anything else is a fault of ours, and the line says so.
        std::cerr << "consilium-node: stopped by an unexpected error: " << error.what() << std::endl;
        return 1;
    }
    return 0;
}
