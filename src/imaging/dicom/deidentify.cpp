// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/dicom/deidentify.h"

#include "core/lies_within.h"
#include "core/new_folder.h"
#include "core/parallel.h"
#include "core/platform.h"
#include "imaging/dicom/dataset_cleaner.h"
#include "imaging/dicom/dicom_file.h"
#include "imaging/dicom/imaging_vocabulary.h"
#include "imaging/dicom/input_survey.h"

#include <dcmtk/dcmdata/dcdeftag.h>
#include <dcmtk/dcmdata/dctag.h>
#include <dcmtk/dcmdata/dcxfer.h>

#include <algorithm>
#include <atomic>
#include <fmt/format.h>
#include <map>
#include <mutex>
#include <set>

namespace consilium::imaging::dicom {

namespace fs = std::filesystem;

namespace {

constexpr const char *reportName = "deidentification.json";

/// One file to be written.
struct Copy
{
    const InputFile *input = nullptr;
    PatientPseudonym patient;
    std::string folder, name; ///< in `out`, with forward slashes
};

struct Layout
{
    std::vector<Copy> copies; ///< in the order of their numbers
    std::size_t patients = 0, studies = 0, series = 0;
};

/// Numbers studies by date, series by number, images by number: the same for the same input, whatever its paths.
Layout layOut(const std::vector<InputFile> &inputs, const PseudonymKey &key)
{
    std::vector<const InputFile *> objects;
    for (const auto &input : inputs) {
        if (input.kind == InputFile::Kind::Object)
            objects.push_back(&input);
    }
    std::ranges::sort(objects, [](const auto *left, const auto *right) { return left->order() < right->order(); });
    Layout layout;
    std::map<std::string, std::map<std::string, std::size_t>> studies, series;
    std::map<std::string, std::size_t> images;
    for (const auto *input : objects) {
        Copy copy{input, {key.patient(input->patient), key.dateShift(input->patient)}, {}, {}};
        auto &ofPatient = studies[copy.patient.name];
        const auto study = ofPatient.emplace(input->studyUid, ofPatient.size() + 1).first->second;
        const auto studyFolder = fmt::format("{}/study-{}", copy.patient.name, study);
        auto &ofStudy = series[studyFolder];
        const auto number = ofStudy.emplace(input->seriesUid, ofStudy.size() + 1).first->second;
        copy.folder = fmt::format("{}/series-{}", studyFolder, number);
        copy.name = fmt::format("IMG-{}.dcm", ++images[copy.folder]);
        layout.copies.push_back(std::move(copy));
    }
    layout.patients = studies.size();
    layout.studies = series.size();
    layout.series = images.size();
    return layout;
}

/// True when it was written; false, with the reason, when the file cannot be read whole after all.
struct Outcome
{
    bool written = false;
    std::string reason, reasonFull;
    Tally tally;
};

Result<Outcome> writeCopy(const Copy &copy, const PseudonymKey &key, const fs::path &target)
{
    auto opened = DicomFile::open(copy.input->file, Depth::Whole);
    if (!opened)
        return Outcome{false,
                       opened.error().code == ErrorCode::Malformed ? "damaged" : "not to be read",
                       opened.error().message,
                       {}};
    const auto syntax = DcmXfer(opened->transferSyntax().c_str()).getXfer();
    // A new file format around the data set: preamble and meta header of the old one end here.
    DcmFileFormat written(opened->format().getAndRemoveDataset(), OFFalse);
    auto &dataset = *written.getDataset();
    Outcome outcome{true, {}, {}, cleanDataset(dataset, key, copy.patient)};
    if (!dataset.tagExistsWithValue(DCM_SOPInstanceUID))
        dataset.putAndInsertString(DCM_SOPInstanceUID, key.uid(copy.folder + "/" + copy.name).c_str());
    if (!dataset.canWriteXfer(syntax))
        return Outcome{false, "in a transfer syntax that cannot be written", "It cannot be written again", {}};
    const auto saved = written.saveFile(OFFilename(target.c_str()), syntax, EET_UndefinedLength, EGL_withoutGL,
                                        EPD_withoutPadding, 0, 0, EWM_createNewMeta);
    if (saved.good())
        return outcome;
    std::error_code error;
    if (fs::file_size(target, error) == 0 || error || fs::space(target.parent_path(), error).available < (1 << 20))
        return fail(ErrorCode::Io, "{} cannot be written: {}", target.string(), saved.text());
    fs::remove(target, error);
    return Outcome{false, "damaged", saved.text(), {}};
}

Json tagsOf(const Tally &tally)
{
    auto tags = Json::array();
    for (const auto &[number, deeds] : tally.elements) {
        const DcmTagKey key(static_cast<Uint16>(number >> 16), static_cast<Uint16>(number & 0xFFFF));
        Json tag{{"tag", fmt::format("({:04X},{:04X})", key.getGroup(), key.getElement())},
                 {"name", DcmTag(key).getTagName()}};
        for (std::size_t i = 0; i < deeds.size(); ++i) {
            if (deeds[i] > 0)
                tag[deedNames[i]] = deeds[i];
        }
        tags.push_back(std::move(tag));
    }
    return tags;
}

/// What to look at before the files leave, a line a series.
class Warnings
{
public:
    void add(const std::string &file, const std::string &text)
    {
        m_json.push_back({{"file", file}, {"text", text}});
        m_lines.push_back(file.empty() ? text : file + ": " + text);
    }

    void addSeries(const std::vector<const Copy *> &copies)
    {
        const auto note = [&](bool InputFile::*flag, const char *text) {
            const auto has = [flag](const Copy *copy) { return copy->input->*flag; };
            const auto count = std::ranges::count_if(copies, has);
            if (count == 0)
                return;
            const auto &first = **std::ranges::find_if(copies, has);
            const auto modality = isImagingWord(first.input->modality) ? first.input->modality + " " : std::string();
            add(first.folder + "/" + first.name,
                fmt::format("{} ({} {}image{} of this series)", text, count, modality, count > 1 ? "s" : ""));
        };
        note(&InputFile::burnedIn, "text is burned into the pixels, says Burned In Annotation: black it out");
        note(&InputFile::perhapsBurnedIn, "text may be burned into the pixels, Burned In Annotation is empty: look");
        note(&InputFile::overlayInPixels, "an overlay stays in unused bits of the pixels: look");
        note(&InputFile::overlayRemoved, "overlays were removed");
        note(&InputFile::perhapsFace, "a head, of which a face can be made");
        const auto nameless = [](const Copy *copy) { return !copy->input->hasPatientId; };
        if (std::ranges::any_of(copies, nameless))
            add(copies.front()->folder + "/" + copies.front()->name,
                "the patient ID is empty: name and birth date, or the study, stand for it");
    }

    Json &&json() { return std::move(m_json); }
    std::vector<std::string> &&lines() { return std::move(m_lines); }

private:
    Json m_json = Json::array();
    std::vector<std::string> m_lines;
};

Result<> checkFolders(const fs::path &in, const fs::path &out)
{
    std::error_code error;
    if (!fs::exists(in, error))
        return fail(ErrorCode::NotFound, "There is no folder {}", in.string());
    if (fs::exists(out, error) && (!fs::is_directory(out, error) || !fs::is_empty(out, error)))
        return failWithHint(ErrorCode::Invalid, "Name a new folder", "{} is not an empty folder", out.string());
    const auto inInput = liesWithin(in, out);
    if (!inInput)
        return fail(inInput.error());
    if (*inInput)
        return failWithHint(ErrorCode::Invalid, "Name a folder elsewhere", "{} lies inside {}", out.string(),
                            in.string());
    return {};
}

Result<> makeFolders(const fs::path &work, const std::vector<Copy> &copies)
{
    std::set<std::string> folders;
    for (const auto &copy : copies)
        folders.insert(copy.folder);
    for (const auto &folder : folders) {
        std::error_code error;
        fs::create_directories(work / folder, error);
        if (error)
            return failWithHint(ErrorCode::Io, "Name a folder that you may write to", "{} cannot be made: {}",
                                work.string(), error.message());
    }
    return {};
}

struct Counts
{
    std::size_t notDicom = 0, directories = 0;
};

Json reportJson(const DeidentifyReport &report, const Layout &layout, const Counts &counts, const Tally &tally,
                Json warnings)
{
    return {{"format", 1},
            {"profile", "DICOM PS3.15 Basic Application Level Confidentiality Profile"},
            {"options", {"Retain Longitudinal Temporal Information with Modified Dates", "Clean Descriptors"}},
            {"files", report.files},
            {"patients", layout.patients},
            {"studies", layout.studies},
            {"series", layout.series},
            {"notCopied",
             {{"refused", report.refused.size()}, {"directories", counts.directories}, {"notDicom", counts.notDicom}}},
            {"privateElements", {{"removed", tally.privateRemoved}, {"kept", tally.privateKept}}},
            {"tags", tagsOf(tally)},
            {"warnings", std::move(warnings)}};
}

/// Calls options.progress from one thread at a time; the header scan and the writing count alike.
class Progress
{
public:
    explicit Progress(const DeidentifyOptions &options) : m_options(options) {}

    bool step(std::size_t total)
    {
        const std::lock_guard lock(m_mutex);
        ++m_done;
        return !m_options.progress || m_options.progress(m_done, total);
    }
    std::size_t done() const { return m_done; }

private:
    const DeidentifyOptions &m_options;
    std::mutex m_mutex;
    std::size_t m_done = 0;
};

/// Leaves out what could not be read whole: numbers stay as they are, a gap is no harm.
void dropUnwritten(Layout &layout, const std::vector<Outcome> &outcomes)
{
    std::size_t index = 0;
    std::erase_if(layout.copies, [&](const Copy &) { return !outcomes[index++].written; });
    std::set<std::string> patients, studies, series;
    for (const auto &copy : layout.copies) {
        patients.insert(copy.patient.name);
        studies.insert(copy.folder.substr(0, copy.folder.rfind('/')));
        series.insert(copy.folder);
    }
    layout.patients = patients.size();
    layout.studies = studies.size();
    layout.series = series.size();
}

Error nothingIn(const fs::path &in, std::size_t files)
{
    return {ErrorCode::Invalid,
            fmt::format("{} holds no DICOM object that can be de-identified, among {} file{}", in.string(), files,
                        files == 1 ? "" : "s"),
            {}};
}

/// Every copy and the report into a folder nobody looks at yet.
Result<DeidentifyReport> writeAll(const fs::path &in, const std::vector<InputFile> &inputs, Layout layout,
                                  const PseudonymKey &key, int threads, Progress &progress, const fs::path &partial)
{
    if (const auto made = makeFolders(partial, layout.copies); !made)
        return fail(made.error());
    std::vector<Outcome> outcomes(layout.copies.size());
    const auto total = inputs.size() + layout.copies.size();
    const auto done = forEachIndex(layout.copies.size(), threads, [&](std::size_t index) -> Result<> {
        const auto &copy = layout.copies[index];
        auto outcome = writeCopy(copy, key, partial / copy.folder / copy.name);
        if (!outcome)
            return fail(outcome.error());
        outcomes[index] = std::move(*outcome);
        if (!progress.step(total))
            return fail(ErrorCode::Cancelled, "De-identification was stopped; nothing was written");
        return {};
    });
    if (!done)
        return fail(done.error());

    DeidentifyReport report;
    Tally tally;
    Counts counts;
    Warnings warnings;
    std::map<const InputFile *, const Outcome *> unreadable;
    for (std::size_t i = 0; i < outcomes.size(); ++i) {
        tally.add(outcomes[i].tally);
        if (!outcomes[i].written)
            unreadable[layout.copies[i].input] = &outcomes[i];
    }
    for (std::size_t i = 0; i < inputs.size(); ++i) {
        const auto &input = inputs[i];
        const auto failed = unreadable.find(&input);
        if (input.kind == InputFile::Kind::NotDicom)
            ++counts.notDicom;
        else if (input.kind == InputFile::Kind::Directory)
            ++counts.directories;
        else if (input.kind == InputFile::Kind::Refused || failed != unreadable.end()) {
            const bool isRefused = input.kind == InputFile::Kind::Refused;
            report.refused.push_back({input.file, isRefused ? input.reasonFull : failed->second->reasonFull});
            warnings.add("", fmt::format("Input file {} of {}, in the order of paths, was not copied: it is {}", i + 1,
                                         inputs.size(), isRefused ? input.reason : failed->second->reason));
        }
    }
    dropUnwritten(layout, outcomes);
    if (layout.copies.empty())
        return fail(nothingIn(in, inputs.size()));
    std::map<std::string, std::vector<const Copy *>> series;
    for (const auto &copy : layout.copies)
        series[copy.folder].push_back(&copy);
    for (const auto &[folder, copies] : series)
        warnings.addSeries(copies);

    report.files = layout.copies.size();
    report.patients = layout.patients;
    report.json = reportJson(report, layout, counts, tally, warnings.json());
    report.warnings = warnings.lines();
    if (const auto written = writeJson(partial / reportName, report.json); !written)
        return fail(written.error());
    return report;
}

} // namespace

Result<DeidentifyReport> deidentify(const fs::path &in, const fs::path &out, const PseudonymKey &key,
                                    const DeidentifyOptions &options)
{
    if (const auto checked = checkFolders(in, out); !checked)
        return fail(checked.error());
    readUnknownAsWhatItIs();
    const int threads = options.threads > 0 ? options.threads : platform::availableCores();
    Progress progress(options);
    const auto inputs = surveyInput(in, threads, [&](std::size_t files) { return progress.step(2 * files); });
    if (!inputs)
        return fail(inputs.error());
    auto layout = layOut(*inputs, key);
    if (layout.copies.empty())
        return fail(nothingIn(in, inputs->size()));

    DeidentifyReport report;
    const auto made = makeNewFolder(out, [&](const fs::path &partial) -> Result<> {
        auto written = writeAll(in, *inputs, std::move(layout), key, threads, progress, partial);
        if (!written)
            return fail(written.error());
        report = std::move(*written);
        return {};
    });
    if (!made)
        return fail(made.error());
    return report;
}

} // namespace consilium::imaging::dicom
