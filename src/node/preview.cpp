// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/new_folder.h"
#include "core/plan.h"
#include "imaging/files/image_files.h"
#include "imaging/nifti.h"
#include "node/command.h"
#include "node/console.h"
#include "node/inspect_report.h"
#include "node/planned_job.h"
#include "tasks/task.h"

#include <algorithm>
#include <cmath>
#include <iostream>

namespace consilium::node {

namespace fs = std::filesystem;

namespace {

struct PreviewOptions
{
    std::string task, plan;
    fs::path data, out;
    std::string caseId;
    int augment = 2;
    std::uint64_t seed = 1;
    bool json = false, events = false;
};

/// The plan a study of this dataset alone would get.
Result<Plan> planFor(const PreviewOptions &options)
{
    const auto preset = tasks::loadPreset(options.task);
    if (!preset)
        return fail(preset.error());
    const auto task = tasks::loadTask((*preset)["kind"].get<std::string>());
    if (!task)
        return fail(task.error());
    const auto fingerprint = (*task)->fingerprint(options.data, *preset);
    if (!fingerprint)
        return fail(fingerprint.error());
    std::vector<std::string> reasons;
    return (*task)->plan(*preset, {&*fingerprint, 1}, {}, reasons);
}

Result<Plan> readPlan(const fs::path &file)
{
    const auto json = readJson(file);
    if (!json)
        return fail(json.error());
    return Plan::fromJson(*json);
}

/// Writes images into a folder and keeps the list of them.
class PreviewFolder
{
public:
    explicit PreviewFolder(fs::path folder) : m_folder(std::move(folder)) {}

    Result<> add(const std::string &name, Json said, const imaging::Volume &volume)
    {
        said["range"] = rangeJson(imaging::valueRange(volume.values));
        double sum = 0, squares = 0;
        for (const double value : volume.values)
            sum += value;
        const auto count = static_cast<double>(volume.values.size());
        for (const double value : volume.values)
            squares += (value - sum / count) * (value - sum / count);
        said["mean"] = sum / count;
        said["standardDeviation"] = std::sqrt(squares / count);
        list(name, std::move(said), volume.geometry);
        return imaging::writeNifti(m_folder / name, volume);
    }
    Result<> add(const std::string &name, Json said, const imaging::LabelMap &labels)
    {
        std::array<std::int64_t, 256> voxels{};
        for (const auto label : labels.values)
            ++voxels[label];
        said["voxels"] = Json::object();
        for (std::size_t label = 0; label < voxels.size(); ++label)
            if (voxels[label] > 0)
                said["voxels"][std::to_string(label)] = voxels[label];
        list(name, std::move(said), labels.geometry);
        return imaging::writeLabels(m_folder / name, labels);
    }
    Result<> add(const std::string &name, Json said, const imaging::LandmarkSet &landmarks)
    {
        said["file"] = name;
        m_images.push_back(std::move(said));
        return imaging::writeLandmarks(m_folder / name, landmarks);
    }
    const Json &images() const { return m_images; }

private:
    void list(const std::string &name, Json said, const imaging::Geometry &geometry)
    {
        said["file"] = name;
        said.update(gridJson(geometry));
        m_images.push_back(std::move(said));
    }

    fs::path m_folder;
    Json m_images = Json::array();
};

Json patchJson(const tasks::AugmentedPatch &patch, int number)
{
    return {{"patch", number},
            {"augmented", true},
            {"start", patch.start},
            {"moved", patch.moved()},
            {"turned", patch.turned},
            {"enlarged", patch.enlarged},
            {"mirrored", patch.mirrored},
            {"deformed", patch.deformed},
            {"place", gridJson(patch.place)}};
}

/// One input of the network: its channels, labels and landmarks under names that begin with `name`.
Result<> addInput(PreviewFolder &folder, const tasks::NetworkInput &input, const std::string &name, const Json &said,
                  const std::vector<std::string> &channels)
{
    Result<> done;
    const auto with = [&said](const char *role) {
        auto all = said;
        all["role"] = role;
        return all;
    };
    for (std::size_t channel = 0; done && channel < input.channels.size(); ++channel) {
        auto all = with("tensor");
        all["channel"] = channel;
        all["name"] = channels[channel];
        done = folder.add(fmt::format("{}-{}.nii", name, channel), std::move(all), input.channels[channel]);
    }
    if (done && !input.labels.values.empty())
        done = folder.add(name + "-labels.nii", with("labels"), input.labels);
    if (done && !input.landmarks.points.empty())
        done = folder.add(name + "-landmarks.mrk.json", with("landmarks"), input.landmarks);
    return done;
}

Result<Json> writePreview(const fs::path &out, const tasks::DatasetCase &entry, const tasks::CasePreview &preview,
                          const Plan &plan, const PreviewOptions &options)
{
    PreviewFolder folder(out);
    for (std::size_t channel = 0; channel < entry.channels.size(); ++channel) {
        const auto &file = entry.channels[channel];
        const auto source = imaging::readImage(file);
        if (!source)
            return fail(source.error());
        const Json said{{"role", "source"},
                        {"channel", channel},
                        {"name", plan.data.channels[channel]},
                        {"from", file.string()},
                        {"placed", imaging::isPlaced(file)}};
        if (auto added = folder.add(fmt::format("source-{}.nii", channel), said, *source); !added)
            return fail(added.error());
    }
    if (auto added = addInput(folder, preview.whole, "tensor", {{"augmented", false}}, plan.data.channels); !added)
        return fail(added.error());
    auto patches = Json::array();
    for (int number = 1; const auto &patch : preview.patches) {
        const Json said{{"augmented", true}, {"patch", number}};
        if (auto added = addInput(folder, patch.input, fmt::format("patch-{}", number), said, plan.data.channels);
            !added)
            return fail(added.error());
        patches.push_back(patchJson(patch, number++));
    }
    Json json{{"format", 1},
              {"case", entry.id},
              {"patient", entry.patient},
              {"task", plan.task},
              {"kind", plan.data.kind},
              {"plan", plan.hash()},
              {"seed", options.seed},
              {"channels", plan.data.channels},
              {"labels", plan.data.labels},
              {"landmarks", plan.data.landmarks},
              {"normalisation", plan.preprocessing.normalisation},
              {"images", folder.images()},
              {"patches", std::move(patches)}};
    if (auto written = writeJson(out / "plan.json", plan.toJson()); !written)
        return fail(written.error());
    if (auto written = writeJson(out / "preview.json", json); !written)
        return fail(written.error());
    return json;
}

Result<tasks::DatasetCase> findCase(const PreviewOptions &options)
{
    const auto dataset = tasks::openDataset(options.data);
    if (!dataset)
        return fail(dataset.error());
    const auto found = std::ranges::find(dataset->cases, options.caseId, &tasks::DatasetCase::id);
    if (found == dataset->cases.end())
        return failWithHint(ErrorCode::NotFound, "'inspect' lists its cases", "There is no case {} in {}",
                            options.caseId, options.data.string());
    return *found;
}

Result<> preview(const PreviewOptions &options)
{
    if (options.task.empty() == options.plan.empty())
        return fail(ErrorCode::Invalid, "Give either --task or --plan");
    const auto entry = findCase(options);
    if (!entry)
        return fail(entry.error());
    ProgressLine line(options.json, options.events);
    line.show("Reading the dataset for its plan", 0, 3);
    const auto plan = options.plan.empty() ? planFor(options) : readPlan(options.plan);
    if (!plan)
        return fail(plan.error());
    line.show("Preparing the case", 1, 3);
    tasks::OpenOptions open;
    open.module = moduleBeside(options.plan, *plan);
    const auto opened = openJob(*plan, {}, open);
    if (!opened)
        return fail(opened.error());
    const auto seen = opened->job->preview(*entry, options.augment, options.seed);
    if (!seen)
        return fail(seen.error());
    line.show("Writing", 2, 3);
    Json json;
    const auto made = makeNewFolder(options.out, [&](const fs::path &partial) -> Result<> {
        auto written = writePreview(partial, *entry, *seen, *plan, options);
        if (!written)
            return fail(written.error());
        json = std::move(*written);
        return {};
    });
    if (!made)
        return made;
    line.show("", 3, 3);
    if (options.events)
        printEvent("preview", options.out.string(), {{"file", (options.out / "preview.json").string()}});
    else if (options.json)
        printJson(json);
    else
        std::cout << fmt::format("{} image(s) of case {} written to {}; preview.json lists them\n",
                                 json["images"].size(), entry->id, options.out.string());
    return {};
}

} // namespace

void addPreview(CommandLine &line)
{
    auto options = std::make_shared<PreviewOptions>();
    auto *command = line.app.add_subcommand(
        "preview", "Writes what the network sees of a case: prepared, and as augmented training patches");
    command->add_option("--task", options->task, "Preset, or path of a task file: planned for this dataset alone");
    command->add_option("--plan", options->plan, "Plan of a study");
    command->add_option("--data", options->data, "Dataset")->required();
    command->add_option("--case", options->caseId, "Case of the dataset")->required();
    command->add_option("--out", options->out, "New folder")->required();
    command->add_option("--augment", options->augment, "Training patches to draw")->check(CLI::Range(0, 64));
    command->add_option("--seed", options->seed, "Of the patches: the same gives the same ones");
    command->add_flag("--json", options->json, "Print what was written, which is also in preview.json");
    command->add_flag("--events", options->events, "Print progress as JSON lines");
    command->callback([&line, options] { line.action = [options] { return preview(*options); }; });
}

} // namespace consilium::node
