// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/editing/edit_saving.h"

#include "core/file.h"
#include "core/hash.h"
#include "imaging/dicom/segmentation.h"
#include "imaging/nifti.h"
#include "imaging/preparation/research_formats.h"
#include "viewer/cases/paths.h"

#include <algorithm>

namespace consilium::viewer {

namespace fs = std::filesystem;

namespace {

constexpr const char *kFormat = "consilium edited segmentation 1";
constexpr const char *kEndings[] = {".nii.gz", ".nii", ".nrrd", ".dcm"};

// Of the endings known, as the name has it; empty for others.
std::string endingOf(const fs::path &file)
{
    const std::string name = utf8(file.filename());
    const QString lower = QString::fromStdString(name).toLower();
    for (const std::string ending : kEndings)
        if (lower.endsWith(QString::fromStdString(ending)) && name.size() > ending.size())
            return name.substr(name.size() - ending.size());
    return {};
}

fs::path withoutEnding(const fs::path &file)
{
    const std::string name = utf8(file.filename());
    return file.parent_path() / fromUtf8(name.substr(0, name.size() - endingOf(file).size()));
}

bool isSameFile(const fs::path &a, const fs::path &b)
{
    std::error_code error;
    if (fs::equivalent(a, b, error))
        return true;
    return fs::weakly_canonical(fs::absolute(a, error), error) == fs::weakly_canonical(fs::absolute(b, error), error);
}

Result<> refuseInputs(const EditToSave &edit, const fs::path &file)
{
    std::vector<fs::path> inputs = edit.inputs;
    if (!edit.record.origin.file.empty())
        inputs.push_back(edit.record.origin.file);
    if (edit.series)
        for (const auto &time : edit.series->frames)
            for (const auto &slice : time)
                if (!slice.file.empty())
                    inputs.push_back(slice.file);
    const fs::path record = recordFile(file);
    for (const fs::path &input : inputs)
        for (const fs::path &output : {file, record})
            if (isSameFile(input, output))
                return failWithHint(ErrorCode::Invalid, "Choose another name",
                                    "{} is a file of this case and is never written over", utf8(input));
    std::error_code ignored;
    if (fs::exists(record, ignored)) {
        const auto there = readJson(record);
        if (!there || there->value("format", std::string()) != kFormat)
            return failWithHint(ErrorCode::Invalid, "Choose another name",
                                "{} is there already and does not belong to an edit", utf8(record));
    }
    return {};
}

Result<> writeSeg(const EditToSave &edit, const fs::path &file)
{
    if (!edit.series)
        return failWithHint(ErrorCode::Unsupported, "Save as NIfTI or NRRD",
                            "A DICOM segmentation refers to DICOM images, and this case has none");
    std::vector<imaging::dicom::Segment> segments;
    for (std::size_t value = 1; value < edit.record.labels.size(); ++value) {
        const EditLabel &label = edit.record.labels[value];
        imaging::dicom::Segment segment;
        segment.number = static_cast<int>(value);
        segment.label = label.name.toStdString();
        segment.algorithm.clear();
        if (label.colour.isValid() && label.colour.alpha() > 0)
            segment.colour = {static_cast<std::uint8_t>(label.colour.red()),
                              static_cast<std::uint8_t>(label.colour.green()),
                              static_cast<std::uint8_t>(label.colour.blue())};
        segments.push_back(std::move(segment));
    }
    const std::string from = edit.record.origin.name.toStdString();
    return imaging::dicom::writeSegmentation(file, edit.labels, segments, *edit.series,
                                             from.empty() ? "Drawn by hand" : "Edited from " + from);
}

Result<> writeLabels(const EditToSave &edit, const fs::path &file, const std::string &ending)
{
    const std::string lower = QString::fromStdString(ending).toLower().toStdString();
    if (lower == ".dcm")
        return writeSeg(edit, file);
    if (lower == ".nrrd")
        return imaging::writeNrrd(file, edit.labels);
    return imaging::writeLabels(file, edit.labels);
}

// Takes up its room under another name, which goes away unless it gets its own.
class WaitingFile
{
public:
    explicit WaitingFile(fs::path file) : m_file(std::move(file)) {}
    WaitingFile(const WaitingFile &) = delete;
    WaitingFile &operator=(const WaitingFile &) = delete;
    ~WaitingFile()
    {
        std::error_code ignored;
        fs::remove(m_file, ignored);
    }

    const fs::path &path() const { return m_file; }
    Result<> moveTo(const fs::path &file) const
    {
        std::error_code error;
        fs::rename(m_file, file, error);
        if (error)
            return fail(ErrorCode::Io, "{} could not be written: {}", utf8(file), error.message());
        return {};
    }

private:
    fs::path m_file;
};

// Says what people chose, not the name the file waits under.
Error named(Error error, const fs::path &waiting, const fs::path &file)
{
    const std::string before = waiting.string();
    if (const auto at = error.message.find(before); at != std::string::npos)
        error.message.replace(at, before.size(), file.string());
    return error;
}

} // namespace

fs::path editedFile(const fs::path &folder, const std::string &reader, const QDateTime &when, const std::string &ending)
{
    QString who = QString::fromStdString(reader).trimmed();
    for (QChar &letter : who)
        if (!letter.isLetterOrNumber() && letter != u'-' && letter != u'_')
            letter = u'-';
    who.truncate(60);
    const QString time = when.toString(QStringLiteral("yyyyMMdd-HHmmss"));
    const std::string name =
        (who.isEmpty() ? QStringLiteral("edited-%1").arg(time) : QStringLiteral("edited-%1-%2").arg(who, time))
            .toStdString();
    fs::path file = folder / fromUtf8(name + ending);
    std::error_code ignored;
    for (int n = 2; fs::exists(file, ignored) || fs::exists(recordFile(file), ignored); ++n)
        file = folder / fromUtf8(name + "-" + std::to_string(n) + ending);
    return file;
}

fs::path recordFile(const fs::path &edited)
{
    fs::path file = withoutEnding(edited);
    file += ".json";
    return file;
}

Result<> saveEdit(const EditToSave &edit, const fs::path &file)
{
    const std::string ending = endingOf(file);
    if (ending.empty())
        return failWithHint(ErrorCode::Unsupported, "Names end in .nii.gz, .nii, .nrrd or .dcm",
                            "{} could not be saved: its ending is not known", utf8(file));
    if (auto allowed = refuseInputs(edit, file); !allowed)
        return allowed;

    Json json = toJson(edit.record);
    json["format"] = kFormat;
    json["file"] = utf8(file.filename());
    if (!edit.record.origin.file.empty()) {
        const auto hash = sha256OfFile(edit.record.origin.file);
        if (!hash)
            return fail(hash.error(), "What the edit was made from could not be read");
        json["madeFrom"]["sha256"] = *hash;
    }

    // Whatever can fail for want of room fails before anything has its name.
    fs::path waitingName = withoutEnding(file);
    waitingName += ".partial-" + randomHex(6) + ending;
    const WaitingFile waiting(waitingName);
    if (auto written = writeLabels(edit, waiting.path(), ending); !written)
        return fail(named(written.error(), waiting.path(), file));
    const auto hash = sha256OfFile(waiting.path());
    if (!hash)
        return fail(named(hash.error(), waiting.path(), file));
    json["sha256"] = *hash;
    auto record = AtomicFile::create(recordFile(file));
    if (!record)
        return fail(record.error());
    if (auto written = record->write(json.dump(2) + "\n"); !written)
        return written;
    if (auto moved = waiting.moveTo(file); !moved)
        return moved;
    if (auto committed = record->commit(); !committed) {
        // Voxels without their record say nothing of where they come from.
        std::error_code ignored;
        fs::remove(file, ignored);
        return committed;
    }
    return {};
}

} // namespace consilium::viewer
