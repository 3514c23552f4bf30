// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/dicom/deidentify.h"

#include "core/platform.h"
#include "node/command.h"
#include "node/console.h"
#include "node/pseudonym_key.h"

#include <algorithm>
#include <iostream>

namespace consilium::node {

namespace fs = std::filesystem;
namespace dicom = imaging::dicom;

namespace {

struct DeidentifyCommand
{
    fs::path in, out, key;
    bool json = false, events = false;
};

Result<> deidentifyFolder(const DeidentifyCommand &command)
{
    const auto keyFile = pseudonymKeyFile(command.key);
    // Looked at before a key is made for nothing.
    std::error_code error;
    if (!fs::exists(command.in, error))
        return fail(ErrorCode::NotFound, "There is no folder {}", command.in.string());
    const auto key = openPseudonymKey(keyFile, command.out);
    if (!key)
        return fail(key.error());
    ProgressLine line(command.json, command.events);
    dicom::DeidentifyOptions options;
    options.progress = [&line](std::size_t done, std::size_t total) {
        line.show(fmt::format("De-identifying: {} %", 100 * done / std::max<std::size_t>(total, 1)), done, total);
        return !platform::stopRequested();
    };
    const auto report = dicom::deidentify(command.in, command.out, *key, options);
    if (!report)
        return fail(report.error());
    line.show("");
    if (command.events) {
        printEvent("deidentified", fmt::format("{} file(s) of {} patient(s) written", report->files, report->patients),
                   {{"files", report->files},
                    {"patients", report->patients},
                    {"lookAt", report->warnings.size()},
                    {"notCopied", report->refused.size()},
                    {"report", (command.out / "deidentification.json").string()}});
    } else if (command.json) {
        printJson(report->json);
    } else {
        std::cout << fmt::format("{} file(s) of {} patient(s) written to {}\n", report->files, report->patients,
                                 command.out.string());
        for (const auto &warning : report->warnings)
            std::cout << "  look at      " << warning << "\n";
        for (const auto &refused : report->refused)
            std::cout << fmt::format("  not copied   {}: {}\n", refused.file.string(), refused.reason);
        std::cout << fmt::format("  report       {}\n", (command.out / "deidentification.json").string());
    }
    std::cerr << fmt::format("Key of the pseudonyms: {} (keep it, and keep it secret: the same key gives the same "
                             "pseudonyms)\n",
                             keyFile.string());
    return {};
}

} // namespace

void addDeidentify(CommandLine &line)
{
    auto command = std::make_shared<DeidentifyCommand>();
    auto *sub = line.app.add_subcommand(
        "deidentify", "Copies DICOM files without what identifies patients (DICOM PS3.15 basic profile)");
    sub->add_option("--in", command->in, "Folder of DICOM files, searched with all its folders")->required();
    sub->add_option("--out", command->out, "New folder: PSEUDONYM/study-N/series-N/IMG-N.dcm")->required();
    sub->add_option("--key", command->key,
                    "File of the secret the pseudonyms are made with, made when missing; one in your own data folder "
                    "unless named");
    sub->add_flag("--json", command->json, "Print the report, which is also in the output folder");
    sub->add_flag("--events", command->events, "Print progress and how many were written as JSON lines");
    sub->callback([&line, command] { line.action = [command] { return deidentifyFolder(*command); }; });
}

} // namespace consilium::node
