// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/file.h"
#include "core/new_folder.h"
#include "core/parallel.h"
#include "core/platform.h"
#include "imaging/dicom/file_summary.h"
#include "imaging/landmarks.h"
#include "imaging/nifti.h"
#include "imaging/preparation/case_preparation.h"
#include "imaging/quality/quality.h"
#include "node/command.h"
#include "node/console.h"
#include "node/pseudonym_key.h"
#include "tasks/dicom_dataset.h"
#include "tasks/task.h"

#include <algorithm>
#include <fmt/ranges.h>
#include <iostream>
#include <mutex>
#include <new>

namespace consilium::node {

namespace fs = std::filesystem;

namespace {

struct PreprocessOptions
{
    std::string data, task, out, key;
    std::vector<std::string> channels; ///< "FLAIR=text in the series description"
    int threads = 0;
    bool skipFailed = false, json = false;
};

/// How a case fared: notes of what was done, or the error.
struct CaseOutcome
{
    std::vector<std::string> notes;
    std::optional<Error> error;
};

/// What is asked for and what it is done to.
struct PreparationJob
{
    tasks::Dataset dataset;
    imaging::PreparationSettings settings;
    Json section; ///< of the preset, as it stands there
    int threads = 1;
};

Result<PreparationJob> openJob(const PreprocessOptions &options, const fs::path &data)
{
    const auto preset = tasks::loadPreset(options.task);
    if (!preset)
        return fail(preset.error());
    PreparationJob job;
    job.section = preset->value("preparation", Json::object());
    auto settings = imaging::PreparationSettings::fromJson(job.section);
    if (!settings)
        return fail(settings.error(), "Task '{}'", options.task);
    job.settings = *settings;
    auto dataset = tasks::openDataset(data);
    if (!dataset)
        return fail(dataset.error());
    if (dataset->channels.size() != (*preset)["channels"].size())
        return fail(ErrorCode::Invalid, "Task '{}' has {} channel(s), dataset {} has {}", options.task,
                    (*preset)["channels"].size(), options.data, dataset->channels.size());
    // The preset's names say what is shown, whatever the dataset calls it.
    dataset->channels = (*preset)["channels"].get<std::vector<std::string>>();
    job.dataset = std::move(*dataset);
    job.threads = options.threads > 0 ? options.threads : platform::availableCores();
    return job;
}

fs::path imageFile(const fs::path &folder, const std::string &id, std::size_t channel)
{
    return folder / "imagesTr" / fmt::format("{}_{:04}.nii.gz", id, channel);
}

Result<> writeCase(const fs::path &folder, const tasks::DatasetCase &entry, const imaging::PreparedCase &prepared)
{
    for (std::size_t channel = 0; channel < prepared.channels.size(); ++channel)
        if (auto written = imaging::writeNifti(imageFile(folder, entry.id, channel), prepared.channels[channel]);
            !written)
            return written;
    if (prepared.labels)
        return imaging::writeLabels(folder / "labelsTr" / (entry.id + ".nii.gz"), *prepared.labels);
    if (!entry.landmarks)
        return {};
    // Patient millimetres: the points stay on what they mark, whatever became of the pixels.
    return imaging::readLandmarks(*entry.landmarks).and_then([&](const imaging::LandmarkSet &landmarks) {
        return imaging::writeLandmarks(folder / "landmarksTr" / (entry.id + ".mrk.json"), landmarks);
    });
}

Result<std::vector<std::string>> prepareOne(const PreparationJob &job, const tasks::DatasetCase &entry, int threads,
                                            const fs::path &folder)
try {
    std::vector<imaging::Volume> channels;
    for (const auto &file : entry.channels) {
        auto image = imaging::readNifti(file);
        if (!image)
            return fail(image.error());
        channels.push_back(std::move(*image));
    }
    std::optional<imaging::LabelMap> labels;
    if (entry.labels) {
        auto map = imaging::readLabels(*entry.labels);
        if (!map)
            return fail(map.error());
        if (!map->geometry.sameGrid(channels.front().geometry, 0.1))
            return fail(ErrorCode::Invalid, "{} is not on the grid of the case's first image", entry.labels->string());
        labels = std::move(*map);
    }
    imaging::PreparationOptions options{job.dataset.channels, threads, platform::stopRequested};
    auto prepared = imaging::prepareCase(std::move(channels), std::move(labels), job.settings, options);
    if (!prepared)
        return fail(prepared.error());
    if (auto written = writeCase(folder, entry, *prepared); !written)
        return fail(written.error());
    return std::move(prepared->notes);
} catch (const std::bad_alloc &) {
    return fail(ErrorCode::Unavailable, "There is not enough memory to prepare {}", entry.id);
}

/// Prepares every case; a failed one does not stop the others. Errors: Cancelled.
Result<std::vector<CaseOutcome>> prepareAll(const PreparationJob &job, const fs::path &folder, ProgressLine &line)
{
    std::vector<CaseOutcome> outcomes(job.dataset.cases.size());
    std::vector<imaging::QualityCase> cases;
    for (const auto &entry : job.dataset.cases)
        cases.push_back({entry.id, entry.channels, std::nullopt});
    const int atOnce = imaging::casesAtOnce(cases, job.threads);
    std::mutex mutex;
    std::size_t finished = 0;
    const auto done = forEachIndex(outcomes.size(), atOnce, [&](std::size_t index) -> Result<> {
        if (platform::stopRequested())
            return fail(ErrorCode::Cancelled, "Stopped");
        const auto &entry = job.dataset.cases[index];
        auto notes = prepareOne(job, entry, std::max(1, job.threads / atOnce), folder);
        // A full disk is no fault of the case.
        if (!notes && (notes.error().code == ErrorCode::Cancelled || notes.error().code == ErrorCode::Io))
            return fail(notes.error());
        if (notes)
            outcomes[index].notes = std::move(*notes);
        else
            outcomes[index].error = std::move(notes.error());
        const std::lock_guard lock(mutex);
        line.show(fmt::format("{} of {} cases prepared, last {}", ++finished, outcomes.size(), entry.id));
        return {};
    });
    if (!done)
        return fail(done.error());
    return outcomes;
}

/// One line for each failed case on stderr. Errors: Invalid, unless they may be left out.
Result<> reportFailures(const PreparationJob &job, const std::vector<CaseOutcome> &outcomes, bool leaveOut)
{
    std::size_t failed = 0;
    for (std::size_t n = 0; n < outcomes.size(); ++n) {
        if (!outcomes[n].error)
            continue;
        ++failed;
        std::cerr << fmt::format("Case {}{}: {}\n", job.dataset.cases[n].id, leaveOut ? " is left out" : "",
                                 outcomes[n].error->line());
    }
    if (failed == outcomes.size())
        return fail(ErrorCode::Invalid, "No case could be prepared; nothing was written");
    if (failed > 0 && !leaveOut)
        return failWithHint(ErrorCode::Invalid, "Mend them, or leave them out with --skip-failed",
                            "{} of {} cases could not be prepared; nothing was written", failed, outcomes.size());
    return {};
}

Result<std::vector<imaging::QualityReport>> lookAtQuality(const PreparationJob &job,
                                                          const std::vector<CaseOutcome> &outcomes,
                                                          const fs::path &folder, ProgressLine &line)
{
    imaging::QualityLimits limits;
    limits.spacing = job.settings.spacing;
    limits.spacingTolerance = job.settings.spacingTolerance;
    limits.brain = job.settings.brain;
    limits.channels = job.dataset.channels;
    limits.labelCount = static_cast<int>(job.dataset.labels.size());
    std::vector<imaging::QualityCase> cases;
    for (std::size_t n = 0; n < outcomes.size(); ++n) {
        if (outcomes[n].error)
            continue;
        const auto &entry = job.dataset.cases[n];
        imaging::QualityCase looked{entry.id, {}, std::nullopt};
        for (std::size_t channel = 0; channel < entry.channels.size(); ++channel)
            looked.channels.push_back(imageFile(folder, entry.id, channel));
        if (entry.labels)
            looked.labels = folder / "labelsTr" / (entry.id + ".nii.gz");
        cases.push_back(std::move(looked));
    }
    imaging::QualityOptions options;
    options.threads = job.threads;
    options.progress = [&line](std::size_t done, std::size_t total) {
        line.show(fmt::format("Quality of {} of {} cases", done, total));
        return !platform::stopRequested();
    };
    return imaging::checkQuality(cases, limits, options);
}

Result<> writeDescription(const PreparationJob &job, std::size_t cases, const std::vector<std::string> &leftOut,
                          const fs::path &folder)
{
    auto description = readJson(job.dataset.folder / "dataset.json");
    if (!description)
        return fail(description.error());
    (*description)["file_ending"] = ".nii.gz";
    (*description)["numTraining"] = cases;
    (*description)["preparation"] = job.section;
    if (description->contains("patients"))
        for (const auto &id : leftOut)
            (*description)["patients"].erase(id);
    return writeJson(folder / "dataset.json", *description);
}

std::string qualityTable(const std::vector<imaging::QualityReport> &reports)
{
    std::size_t counts[3] = {};
    std::string text;
    for (const auto &report : reports) {
        ++counts[static_cast<std::size_t>(report.verdict)];
        text += imaging::summary(report) + '\n';
    }
    return text + fmt::format("{} pass, {} warn, {} fail\n", counts[0], counts[1], counts[2]);
}

/// Everything of the prepared dataset into a folder nobody looks at yet; the table of quality.
Result<std::string> prepareInto(const PreparationJob &job, const PreprocessOptions &options, const fs::path &folder)
{
    std::vector<CaseOutcome> outcomes;
    std::vector<imaging::QualityReport> reports;
    {
        ProgressLine line(options.json);
        auto prepared = prepareAll(job, folder, line);
        if (!prepared)
            return fail(prepared.error());
        outcomes = std::move(*prepared);
    }
    if (auto whole = reportFailures(job, outcomes, options.skipFailed); !whole)
        return fail(whole.error());
    {
        ProgressLine line(options.json);
        auto looked = lookAtQuality(job, outcomes, folder, line);
        if (!looked)
            return fail(looked.error());
        reports = std::move(*looked);
    }
    auto quality = Json::array();
    std::vector<std::string> leftOut;
    for (std::size_t n = 0, kept = 0; n < outcomes.size(); ++n) {
        if (outcomes[n].error) {
            leftOut.push_back(job.dataset.cases[n].id);
            continue;
        }
        quality.push_back(toJson(reports[kept++]));
        quality.back()["preparation"] = outcomes[n].notes;
    }
    if (auto written = writeJson(folder / "quality.json", quality); !written)
        return fail(written.error());
    auto table = qualityTable(reports);
    if (auto written = writeFileAtomically(folder / "quality.txt", table); !written)
        return fail(written.error());
    if (auto written = writeDescription(job, reports.size(), leftOut, folder); !written)
        return fail(written.error());
    if (options.json)
        printJson(quality);
    return table;
}

/// A DICOM tree becomes a dataset in `folder` first; anything else is one already.
Result<fs::path> datasetOf(const PreprocessOptions &options, const fs::path &folder)
{
    std::error_code error;
    if (fs::exists(fs::path(options.data) / "dataset.json", error) || !imaging::dicom::holdsDicom(options.data))
        return fs::path(options.data);
    const auto preset = tasks::loadPreset(options.task);
    if (!preset)
        return fail(preset.error());
    const auto key = openPseudonymKey(pseudonymKeyFile(options.key), options.out);
    if (!key)
        return fail(key.error());
    tasks::DicomDatasetOptions importing;
    for (const auto &text : options.channels) {
        const auto equals = text.find('=');
        if (equals == std::string::npos)
            return failWithHint(ErrorCode::Invalid, "Write --channel \"FLAIR=3d flair\"", "'{}' names no channel",
                                text);
        importing.descriptions[text.substr(0, equals)] = text.substr(equals + 1);
    }
    ProgressLine line(options.json);
    importing.progress = [&line](std::size_t done, std::size_t total) {
        line.show(fmt::format("Reading headers: {} of {}", done, total));
        return !platform::stopRequested();
    };
    const auto imported = tasks::writeDicomDataset(options.data, *preset, *key, folder, importing);
    if (!imported)
        return fail(imported.error());
    line.show("");
    for (const auto &study : imported->leftOut)
        std::cerr << fmt::format("{}: {}\n", options.skipFailed ? "Left out" : "No case", study);
    if (!imported->leftOut.empty() && !options.skipFailed)
        return failWithHint(ErrorCode::Invalid, "Mend them, or leave them out with --skip-failed",
                            "{} of {} studies make no case; nothing was written", imported->leftOut.size(),
                            imported->leftOut.size() + imported->cases);
    return folder;
}

Result<> preprocess(const PreprocessOptions &options)
{
    std::string table;
    const auto made = makeNewFolder(options.out, [&](const fs::path &partial) -> Result<> {
        const auto imported = partial / "imported";
        const auto data = datasetOf(options, imported);
        if (!data)
            return fail(data.error());
        const auto job = openJob(options, *data);
        if (!job)
            return fail(job.error());
        auto prepared = prepareInto(*job, options, partial);
        if (!prepared)
            return fail(prepared.error());
        table = std::move(*prepared);
        std::error_code ignored; // there is none unless the data were DICOM
        fs::remove_all(imported, ignored);
        return {};
    });
    if (!made && made.error().code == ErrorCode::Cancelled)
        return fail(ErrorCode::Cancelled, "Stopped as asked; nothing was written to {}", options.out);
    if (!made)
        return made;
    if (!options.json)
        std::cout << table << fmt::format("Prepared dataset in {}; its quality in quality.json\n", options.out);
    return {};
}

} // namespace

void addPreprocess(CommandLine &line)
{
    auto options = std::make_shared<PreprocessOptions>();
    auto *command =
        line.app.add_subcommand("preprocess", "Orients, aligns and resamples a dataset, and reports its quality");
    command->add_option("--data", options->data, "Dataset, or folder of DICOM studies with a segmentation each")
        ->required();
    command->add_option("--task", options->task, "Preset, or path of a task file")->required();
    command->add_option("--out", options->out, "New folder of the prepared dataset")->required();
    command->add_option("--channel", options->channels,
                        "Of DICOM: NAME=TEXT, what the description of a channel's series contains");
    command->add_option(
        "--key", options->key,
        "Of DICOM: file of the secret the pseudonyms are made with; one in your own data folder unless named");
    command->add_option("--threads", options->threads, "Processor cores to use; 0: all")->check(CLI::NonNegativeNumber);
    command->add_flag("--skip-failed", options->skipFailed, "Leave out cases that cannot be prepared");
    command->add_flag("--json", options->json, "Print the quality of each case as JSON");
    command->callback([&line, options] { line.action = [options] { return preprocess(*options); }; });
}

} // namespace consilium::node
