// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/platform.h"
#include "imaging/dicom/series.h"
#include "imaging/nifti.h"
#include "node/command.h"
#include "node/console.h"
#include "node/pseudonym_key.h"

#include <algorithm>
#include <fmt/ranges.h>
#include <iostream>
#include <set>

namespace consilium::node {

namespace fs = std::filesystem;
namespace dicom = imaging::dicom;

namespace {

struct ImportCommand
{
    fs::path in, out, key;
    std::vector<std::string> series;
    bool deidentify = false, json = false, events = false;
    bool forPeople() const { return !json && !events; }
};

/// One series and the names its files get.
struct Planned
{
    const dicom::Series *series;
    std::string patient; ///< as the JSON says it: the ID, or the pseudonym
    std::string uid;     ///< likewise
    std::vector<fs::path> images;
    fs::path sidecar;
};

/// Letters, digits, dots, dashes: a name for every file system.
std::string safeName(const std::string &text)
{
    std::string name;
    for (const unsigned char c : text) {
        const bool plain = c < 0x80 && (std::isalnum(c) || c == '.' || c == '-');
        if (plain)
            name += static_cast<char>(c);
        else if (!name.empty() && name.back() != '-')
            name += '-';
    }
    while (!name.empty() && (name.back() == '-' || name.back() == '.'))
        name.pop_back();
    name.erase(0, std::min(name.find_first_not_of(".-"), name.size()));
    return name.substr(0, 48);
}

std::string baseName(const dicom::Series &series, const std::string &patient, bool deidentified)
{
    auto name = patient.empty() ? "" : safeName(patient) + "_";
    name += fmt::format("{:03}", std::max(series.number, 0));
    const auto title = deidentified ? "" : safeName(series.description);
    name += "_" + (title.empty() ? safeName(series.modality.empty() ? "image" : series.modality) : title);
    if (const auto part = safeName(series.part); !part.empty())
        name += "_" + part;
    return name;
}

std::vector<const dicom::Series *> wanted(const dicom::ScanResult &scan, const std::vector<std::string> &uids)
{
    std::vector<const dicom::Series *> series;
    for (const auto &one : scan.series)
        if (uids.empty() || std::ranges::find(uids, one.uid) != uids.end())
            series.push_back(&one);
    return series;
}

/// The first UID asked for that is not there; empty when all are.
std::string missingSeries(const dicom::ScanResult &scan, const std::vector<std::string> &uids)
{
    for (const auto &uid : uids)
        if (std::ranges::find(scan.series, uid, &dicom::Series::uid) == scan.series.end())
            return uid;
    return {};
}

Error noSuchSeries(const dicom::ScanResult &scan, const ImportCommand &command, const std::string &uid)
{
    std::vector<std::string> there;
    std::set<std::string> seen;
    for (const auto &series : scan.series)
        if (seen.insert(series.uid).second)
            there.push_back(fmt::format("{} ({} {})", series.uid, series.number,
                                        command.deidentify ? series.modality : series.description));
    return {ErrorCode::NotFound, fmt::format("There is no series {} in {}", uid, command.in.string()),
            fmt::format("It holds {}", fmt::join(there, ", "))};
}

/// Names for all series, each once. `key` when identities are not to be seen.
std::vector<Planned> plan(const std::vector<const dicom::Series *> &all, const ImportCommand &command,
                          const std::optional<dicom::PseudonymKey> &key)
{
    std::set<std::string> patients, taken;
    for (const auto *series : all)
        patients.insert(series->patientId);
    std::vector<Planned> planned;
    for (const auto *series : all) {
        Planned one{series, series->patientId, series->uid, {}, {}};
        if (key) {
            one.patient = key->patient(series->patientIdentity);
            one.uid = key->uid(series->uid);
        }
        const auto first = baseName(*series, key || patients.size() > 1 ? one.patient : "", key.has_value());
        auto name = first;
        for (int n = 2; !taken.insert(name).second; ++n)
            name = fmt::format("{}_{}", first, n);
        one.sidecar = command.out / (name + ".json");
        const auto times = series->frames.size();
        for (std::size_t time = 0; time < times; ++time)
            one.images.push_back(command.out /
                                 (name + (times > 1 ? fmt::format("_t{:03}", time + 1) : "") + ".nii.gz"));
        planned.push_back(std::move(one));
    }
    return planned;
}

Result<> checkNothingThere(const std::vector<Planned> &planned)
{
    std::error_code error;
    for (const auto &one : planned) {
        auto files = one.images;
        files.push_back(one.sidecar);
        for (const auto &file : files)
            if (fs::exists(file, error))
                return failWithHint(ErrorCode::Invalid, "Choose a new folder, or move it away", "{} is there already",
                                    file.string());
    }
    return {};
}

std::string_view spacingWords(dicom::SpacingSource source)
{
    switch (source) {
    case dicom::SpacingSource::Patient: return "patient";
    case dicom::SpacingSource::Detector: return "detector";
    case dicom::SpacingSource::Uncalibrated: return "uncalibrated";
    }
    return "";
}

Json sidecarOf(const Planned &planned, bool deidentified)
{
    const auto &series = *planned.series;
    auto json = series.sidecar;
    if (deidentified) // free text may hold anything
        for (const char *text : {"SeriesDescription", "ProtocolName", "ContrastBolusAgent"})
            json.erase(text);
    json["SeriesInstanceUID"] = planned.uid;
    json["ConversionSoftware"] = "Consilium";
    json["ConversionSoftwareVersion"] = CONSILIUM_VERSION;
    json["SpacingSource"] = spacingWords(series.spacingSource);
    if (series.gantryTilt != 0)
        json["GantryTiltStraightened"] = series.gantryTilt;
    if (!series.part.empty())
        json["Part"] = series.part;
    if (!series.warnings.empty())
        json["Warnings"] = series.warnings;
    return json;
}

/// Images of one series and its sidecar: all of them or none.
Result<> convert(const Planned &planned, bool deidentified)
{
    std::size_t written = 0;
    Result<> done;
    for (; done && written < planned.images.size(); ++written) {
        if (platform::stopRequested())
            done = fail(ErrorCode::Cancelled, "The import was stopped");
        else if (const auto volume = dicom::loadSeries(*planned.series, static_cast<int>(written)); !volume)
            done = fail(volume.error());
        else
            done = imaging::writeNifti(planned.images[written], *volume);
    }
    if (done)
        done = writeJson(planned.sidecar, sidecarOf(planned, deidentified));
    std::error_code ignored;
    for (std::size_t n = 0; !done && n < written; ++n)
        fs::remove(planned.images[n], ignored);
    return done;
}

/// The kind of a failure alone: paths and descriptions, which its words may hold, name patients.
std::string_view kindOf(ErrorCode code)
{
    switch (code) {
    case ErrorCode::Malformed: return "its files are damaged";
    case ErrorCode::Unsupported: return "it is of a kind that is not converted";
    case ErrorCode::NotFound: return "a file of it is gone";
    case ErrorCode::Unavailable: return "it needs more memory than there is";
    case ErrorCode::Io: return "a file could not be read or written";
    default: return "it could not be converted";
    }
}

std::string titleOf(const dicom::Series &series)
{
    return fmt::format("series {}{}", series.number, series.modality.empty() ? "" : " (" + series.modality + ")");
}

/// What may be said of a failure; without identity when `deidentified`.
Error sayable(const Error &error, const dicom::Series &series, bool deidentified)
{
    if (!deidentified)
        return error;
    return {error.code, fmt::format("{}: {}", titleOf(series), kindOf(error.code)),
            "Without --deidentify the files are named"};
}

/// What came of the import, as `--json` prints it.
struct Outcome
{
    Json series = Json::array(), notConverted = Json::array(), skipped = Json::array();
    std::optional<Error> failure; ///< the first series that should have been converted and was not
    std::size_t failures = 0;
};

Json seriesJson(const Planned &planned, const ImportCommand &command)
{
    const auto &series = *planned.series;
    Json json{{"uid", planned.uid},
              {"patient", planned.patient},
              {"number", series.number},
              {"modality", series.modality},
              {"part", series.part},
              {"dimensions", series.geometry.size},
              {"times", series.frames.size()},
              {"spacing", series.geometry.spacing},
              {"spacingSource", spacingWords(series.spacingSource)},
              {"orientation", series.geometry.orientation()},
              {"gantryTilt", series.gantryTilt},
              {"warnings", series.warnings},
              {"files", Json::array()},
              {"sidecar", planned.sidecar.string()}};
    for (const auto &image : planned.images)
        json["files"].push_back(image.string());
    if (!command.deidentify)
        json["description"] = series.description;
    return json;
}

void printSeries(const Planned &planned)
{
    const auto &series = *planned.series;
    const auto &first = planned.images.front();
    std::cout << fmt::format("{}{}  {}, {:.4g} mm, {}\n", first.string(),
                             planned.images.size() > 1 ? fmt::format(" and {} more", planned.images.size() - 1) : "",
                             fmt::join(series.geometry.size, " x "), fmt::join(series.geometry.spacing, " x "),
                             series.geometry.orientation());
    for (const auto &warning : series.warnings)
        std::cout << "  warning  " << warning << "\n";
}

Result<> convertAll(const std::vector<Planned> &planned, const ImportCommand &command, Outcome &outcome)
{
    ProgressLine line(command.json, command.events);
    std::size_t count = 0;
    for (const auto &one : planned) {
        line.show(fmt::format("Importing series {} of {}", count + 1, planned.size()), count, planned.size());
        ++count;
        const auto done = convert(one, command.deidentify);
        if (!done && done.error().code == ErrorCode::Cancelled)
            return failWithHint(ErrorCode::Cancelled, fmt::format("{} series are kept", outcome.series.size()), "{}",
                                done.error().message);
        if (!done) {
            const auto reason = command.deidentify ? std::string(kindOf(done.error().code)) : done.error().line();
            outcome.notConverted.push_back({{"uid", one.uid},
                                            {"number", one.series->number},
                                            {"modality", one.series->modality},
                                            {"part", one.series->part},
                                            {"reason", reason}});
            if (command.forPeople())
                std::cout << fmt::format("  not converted  {}: {}\n", titleOf(*one.series), reason);
            // Colour is said to be shown, not converted: nothing went wrong.
            if (one.series->isColour)
                continue;
            ++outcome.failures;
            if (!outcome.failure)
                outcome.failure = sayable(done.error(), *one.series, command.deidentify);
            continue;
        }
        outcome.series.push_back(seriesJson(one, command));
        line.show("");
        if (command.forPeople())
            printSeries(one);
    }
    return {};
}

Result<dicom::ScanResult> scan(const ImportCommand &command)
{
    ProgressLine line(command.json, command.events);
    dicom::ScanOptions options;
    options.progress = [&line](std::size_t done, std::size_t total) {
        if (done % 64 == 0)
            line.show(fmt::format("Reading headers: {} of {}", done, total), done, total);
        return !platform::stopRequested();
    };
    return dicom::scanSeries(command.in, options);
}

Result<> import(const ImportCommand &command)
{
    const auto found = scan(command);
    if (!found && command.deidentify && found.error().code == ErrorCode::Invalid) // it names a file
        return fail(ErrorCode::Invalid, "{} holds no DICOM image that can be read", command.in.string());
    if (!found)
        return fail(found.error());
    const auto series = wanted(*found, command.series);
    if (const auto missing = missingSeries(*found, command.series); !missing.empty())
        return fail(noSuchSeries(*found, command, missing));
    std::optional<dicom::PseudonymKey> key;
    if (command.deidentify) {
        auto opened = openPseudonymKey(pseudonymKeyFile(command.key), command.out);
        if (!opened)
            return fail(opened.error());
        key = std::move(*opened);
    }
    const auto planned = plan(series, command, key);
    if (auto checked = checkNothingThere(planned); !checked)
        return checked;
    Outcome outcome;
    for (const auto &skipped : found->skipped) {
        if (key) // path and reason may name the patient
            outcome.skipped.push_back({{"reason", "no image that can be read"}});
        else
            outcome.skipped.push_back({{"file", skipped.file.string()}, {"reason", skipped.reason}});
    }
    if (auto converted = convertAll(planned, command, outcome); !converted)
        return converted;
    Json report{{"out", command.out.string()},
                {"series", outcome.series},
                {"notConverted", outcome.notConverted},
                {"skipped", outcome.skipped}};
    if (command.events)
        printEvent("imported", fmt::format("{} series imported", outcome.series.size()), std::move(report));
    else if (command.json)
        printJson(report);
    else if (!outcome.skipped.empty())
        std::cout << fmt::format("{} file(s) hold no image that can be read; --json lists them\n",
                                 outcome.skipped.size());
    if (outcome.failure)
        return fail(*outcome.failure, "{} of {} series could not be imported", outcome.failures, planned.size());
    if (outcome.series.empty())
        return fail(ErrorCode::Unsupported, "{} holds only colour images, which are not converted",
                    command.in.string());
    return {};
}

} // namespace

void addImport(CommandLine &line)
{
    auto command = std::make_shared<ImportCommand>();
    auto *sub = line.app.add_subcommand("import", "Converts DICOM series to NIfTI, each with a JSON sidecar");
    sub->add_option("--dicom", command->in, "Folder, searched with all its folders, DICOMDIR or file")->required();
    sub->add_option("--out", command->out, "Folder of the NIfTI files")->required();
    sub->add_option("--series", command->series,
                    "Series Instance UID of a series to convert; several may be named; all unless named");
    sub->add_flag("--deidentify", command->deidentify, "Pseudonyms in names and sidecars, no free text");
    sub->add_option("--key", command->key,
                    "File of the secret the pseudonyms are made with, made when missing; one in your own data folder "
                    "unless named");
    sub->add_flag("--json", command->json, "Print what was converted, what was not and why");
    sub->add_flag("--events", command->events, "Print progress and the same report as JSON lines");
    sub->callback([&line, command] { line.action = [command] { return import(*command); }; });
}

} // namespace consilium::node
