// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/cases/case_source.h"

#include "core/json.h"
#include "imaging/dicom/file_summary.h"
#include "imaging/files/image_files.h"
#include "viewer/cases/case_landmarks.h"
#include "viewer/cases/paths.h"

#include <algorithm>

namespace consilium::viewer {

namespace fs = std::filesystem;

namespace {

std::vector<fs::path> sortedFiles(const fs::path &folder, bool (*wanted)(const fs::path &))
{
    std::vector<fs::path> files;
    std::error_code ignored; // a folder that cannot be listed holds nothing for us; findCases says so
    for (const auto &entry : fs::directory_iterator(folder, ignored))
        if (entry.is_regular_file(ignored) && wanted(entry.path()))
            files.push_back(entry.path());
    std::sort(files.begin(), files.end());
    return files;
}

bool isCaseJson(const fs::path &file)
{
    return file.filename() == "case.json";
}

std::vector<fs::path> caseJsonsBelow(const fs::path &folder, int levels)
{
    std::vector<fs::path> found = sortedFiles(folder, isCaseJson);
    if (levels == 0 || !found.empty())
        return found;
    std::vector<fs::path> folders;
    std::error_code ignored;
    for (const auto &entry : fs::directory_iterator(folder, ignored))
        if (entry.is_directory(ignored))
            folders.push_back(entry.path());
    std::sort(folders.begin(), folders.end());
    for (const fs::path &below : folders) {
        const auto more = caseJsonsBelow(below, levels - 1);
        found.insert(found.end(), more.begin(), more.end());
    }
    return found;
}

// The case's own id and site; where the file does not tell, its name or, as case.json files all have the same, its
// folder's. What is wrong with it is told when it is opened.
CaseSource jsonSource(const fs::path &file)
{
    if (const auto json = readJson(file); json && json->is_object()) {
        const Json id = json->value("case", Json()), site = json->value("site", Json());
        if (id.is_string())
            return {caseTitle(id, site.is_string() ? site.get<std::string>() : std::string()), {file}, {}, {}, {}};
    }
    const fs::path folder = fs::absolute(file).parent_path().filename();
    return {isCaseJson(file) && !folder.empty() ? utf8(folder) : utf8(file.stem()), {file}, {}, {}, {}};
}

// The names that an nnU-Net dataset.json gives to channels and labels; empty where it is missing or says nothing
// usable.
CaseSource rawDatasetNames(const fs::path &folder)
{
    CaseSource names;
    const auto json = readJson(folder / "dataset.json");
    if (!json || !json->is_object())
        return names;
    const Json channels = json->value("channel_names", Json::object()), labels = json->value("labels", Json::object());
    for (const auto &[index, name] : channels.items())
        if (name.is_string() && index == std::to_string(names.channels.size()))
            names.channels.push_back(name);
    for (const auto &[name, value] : labels.items()) {
        if (!value.is_number_unsigned() || value > 255)
            continue;
        const auto label = value.get<std::size_t>();
        if (names.labels.size() <= label)
            names.labels.resize(label + 1);
        names.labels[label] = name;
    }
    return names;
}

std::vector<CaseSource> rawDatasetCases(const fs::path &folder)
{
    std::vector<CaseSource> cases;
    const CaseSource names = rawDatasetNames(folder);
    for (const fs::path &image : sortedFiles(folder / "imagesTr", imaging::isImageName)) {
        const std::string name = stem(image);
        const std::string id = name.size() > 5 && name[name.size() - 5] == '_' ? name.substr(0, name.size() - 5) : name;
        if (cases.empty() || cases.back().title != id)
            cases.push_back({id, {}, names.channels, names.labels, {}});
        cases.back().files.push_back(image);
    }
    for (CaseSource &source : cases) {
        const fs::path labels = folder / "labelsTr" / fromUtf8(source.title + ".nii.gz");
        std::error_code ignored;
        if (fs::exists(labels, ignored))
            source.files.push_back(labels);
        for (const char *ending : {".mrk.json", ".json", ".csv"}) {
            const fs::path points = folder / "landmarksTr" / fromUtf8(source.title + ending);
            if (!fs::exists(points, ignored))
                continue;
            source.files.push_back(points);
            break;
        }
    }
    return cases;
}

std::vector<CaseSource> folderCases(const fs::path &folder)
{
    std::vector<CaseSource> cases;
    for (const fs::path &file : caseJsonsBelow(folder, 2))
        cases.push_back(jsonSource(file));
    if (cases.empty())
        cases = rawDatasetCases(folder);
    return cases;
}

using Progress = std::function<bool(std::size_t, std::size_t)>;

std::string seriesTitle(const imaging::dicom::Series &series)
{
    auto title = series.description.empty() ? fmt::format("{} series {}", series.modality, series.number)
                                            : fmt::format("{} ({})", series.description, series.number);
    return series.part.empty() ? title : title + ", " + series.part;
}

bool holds(const imaging::dicom::Series &series, const fs::path &file)
{
    std::error_code ignored;
    for (const auto &time : series.frames)
        for (const auto &slice : time)
            if (fs::equivalent(slice.file, file, ignored))
                return true;
    return false;
}

// Segmentations and contours of the same frame of reference, in the order of the scan.
std::vector<fs::path> drawnOn(const imaging::dicom::Series &series, const imaging::dicom::ScanResult &scan)
{
    std::vector<fs::path> objects;
    for (const auto &skipped : scan.skipped) {
        const auto summary = imaging::dicom::summarise(skipped.file);
        if (summary && (summary->modality == "SEG" || summary->modality == "RTSTRUCT") &&
            !series.frameOfReferenceUid.empty() && summary->frameOfReferenceUid == series.frameOfReferenceUid)
            objects.push_back(skipped.file);
    }
    return objects;
}

// Every series below the folder; with `file` the one that holds it.
Result<std::vector<CaseSource>> dicomCases(const fs::path &folder, const Progress &progress, const fs::path &file = {})
{
    imaging::dicom::ScanOptions options;
    options.progress = progress;
    const auto scan = imaging::dicom::scanSeries(folder, options);
    if (!scan)
        return fail(scan.error());
    std::vector<CaseSource> cases;
    for (const auto &series : scan->series)
        if (file.empty() || holds(series, file))
            cases.push_back({seriesTitle(series),
                             drawnOn(series, *scan),
                             {},
                             {},
                             std::make_shared<const imaging::dicom::Series>(series)});
    return cases;
}

Result<std::vector<CaseSource>> casesIn(const fs::path &folder, const Progress &progress)
{
    auto cases = folderCases(folder);
    const auto files = sortedFiles(folder, imaging::isImageName);
    const bool images = !std::all_of(files.begin(), files.end(), namedLikeLabels);
    if (cases.empty() && images) {
        cases.push_back({commonName(files), files, {}, {}, {}});
        for (const fs::path &points : landmarkFilesBeside(files))
            cases.back().files.push_back(points);
    }
    if (!cases.empty())
        return cases;
    auto series = dicomCases(folder, progress);
    const bool none = !series && series.error().code == ErrorCode::Invalid;
    if (none && !files.empty()) // label maps alone
        return std::vector{CaseSource{commonName(files), files, {}, {}, {}}};
    if (none)
        return failWithHint(ErrorCode::NotFound, "Choose a folder with DICOM, NIfTI or other images, or a case.json",
                            "{} holds no images", utf8(folder));
    return series;
}

} // namespace

Result<ReviewCase> loadReviewCase(const CaseSource &source, const std::function<void(ReviewCase)> &arriving)
{
    if (!source.series && source.files.size() == 1 && source.files.front().extension() == ".json" &&
        !holdsLandmarks(source.files.front()))
        return loadReviewCase(source.files.front());
    const auto titled = [&](ReviewCase partly) {
        partly.id = partly.title = source.title;
        arriving(std::move(partly));
    };
    auto opened = source.series ? reviewCaseFromSeries(*source.series, source.files,
                                                       arriving ? titled : std::function<void(ReviewCase)>())
                                : reviewCaseFromFiles(source.files);
    if (!opened)
        return opened;
    opened->id = opened->title = source.title;
    for (std::size_t i = 0; i < std::min(source.channels.size(), opened->channels.size()); ++i)
        opened->channels[i].name = source.channels[i];
    for (std::size_t i = 0; i < source.labels.size(); ++i) {
        if (i >= opened->labels.size())
            opened->labels.push_back(source.labels[i]);
        else if (!source.labels[i].empty())
            opened->labels[i] = source.labels[i];
    }
    if (opened->labels.size() > 2)
        opened->kind = LabelKind::Structures;
    return opened;
}

fs::path reviewFolder(const CaseSource &source)
{
    fs::path file = source.files.empty() ? fs::path() : source.files.front();
    if (source.series)
        for (const auto &slice : source.series->frames.front())
            if (!slice.file.empty())
                file = slice.file;
    fs::path folder = fs::absolute(file).parent_path();
    if (!source.series && isCaseJson(file))
        return folder;
    if (folder.filename() == "imagesTr" || folder.filename() == "imagesTs")
        folder = folder.parent_path();
    std::string name = source.title;
    std::replace_if(
        name.begin(), name.end(),
        [](char c) { return std::string_view("/\\:*?\"<>|").find(c) != std::string_view::npos; }, '-');
    return folder / "reviews" / fromUtf8(name.empty() ? "case" : name);
}

Result<std::vector<CaseSource>> findCases(const std::vector<fs::path> &paths, const Progress &progress)
{
    std::vector<CaseSource> cases;
    std::vector<fs::path> loose;
    for (const fs::path &path : paths) {
        std::error_code ignored;
        Result<std::vector<CaseSource>> found;
        if (fs::is_directory(path, ignored))
            found = casesIn(path, progress);
        else if (holdsLandmarks(path))
            loose.push_back(path);
        else if (path.extension() == ".json")
            found->push_back(jsonSource(path));
        else if (imaging::kindOf(path) == imaging::FileKind::Dicom)
            found = dicomCases(path.parent_path(), progress, path);
        else
            loose.push_back(path);
        if (!found)
            return found;
        cases.insert(cases.end(), found->begin(), found->end());
    }
    const bool pointsAlone = !loose.empty() && std::all_of(loose.begin(), loose.end(), holdsLandmarks);
    if (pointsAlone && cases.size() == 1 && cases.front().series) {
        cases.front().files.insert(cases.front().files.end(), loose.begin(), loose.end());
    } else if (!loose.empty()) {
        // Points take the name of the image they belong to.
        std::stable_partition(loose.begin(), loose.end(), [](const fs::path &file) { return !holdsLandmarks(file); });
        const auto images = std::count_if(loose.begin(), loose.end(), std::not_fn(holdsLandmarks));
        cases.push_back({images == 1 ? stem(loose.front()) : commonName(loose), loose, {}, {}, {}});
    }
    if (cases.empty())
        return fail(ErrorCode::NotFound, "Nothing to open");
    return cases;
}

} // namespace consilium::viewer
