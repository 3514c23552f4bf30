// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/measuring/landmark_editor.h"

#include "viewer/cases/paths.h"

#include <QUndoStack>
#include <algorithm>
#include <array>

namespace consilium::viewer {

using imaging::Landmark;
using imaging::LandmarkSet;
using imaging::Vec3;
using imaging::Visibility;

namespace {

bool same(const Landmark &a, const Landmark &b)
{
    return a.name == b.name && a.position == b.position && a.visibility == b.visibility &&
           a.confidence == b.confidence && a.locked == b.locked;
}

Landmark missing(const std::string &name)
{
    return {name, {}, Visibility::Absent, 1, false};
}

} // namespace

QString briefName(const std::string &name)
{
    QString brief = QString::fromStdString(name);
    constexpr std::array<std::pair<const char *, const char *>, 5> shorter{{{"superior", "sup."},
                                                                            {"inferior", "inf."},
                                                                            {"anterior", "ant."},
                                                                            {"posterior", "post."},
                                                                            {"femoral head", "fem. head"}}};
    for (const auto &[word, letters] : shorter)
        brief.replace(QLatin1String(word), QLatin1String(letters));
    return brief;
}

class LandmarkEditor::Change : public QUndoCommand
{
public:
    Change(LandmarkEditor *editor, int index, Landmark before, Landmark after, const QString &text,
           QUndoCommand *parent = nullptr)
        : QUndoCommand(text, parent), m_editor(editor), m_index(index), m_before(std::move(before)),
          m_after(std::move(after))
    {
    }
    void undo() override { put(m_before); }
    void redo() override { put(m_after); }

private:
    // A drag under way has not happened yet when somebody undoes what came before it.
    void put(const Landmark &landmark)
    {
        m_editor->cancelDrag();
        m_editor->apply(m_index, landmark);
    }

    LandmarkEditor *m_editor;
    int m_index;
    Landmark m_before, m_after;
};

LandmarkEditor::LandmarkEditor(QUndoStack *undo, QObject *parent) : QObject(parent), m_undo(undo) {}

void LandmarkEditor::setCase(const ReviewCase *opened)
{
    m_undo->clear();
    m_points = {};
    m_reference.reset();
    m_models.clear();
    m_pictureAxes.reset();
    m_own.clear();
    m_selected = m_hovered = m_dragged = -1;
    if (opened) {
        m_reference = opened->referenceLandmarks;
        m_models = opened->landmarkPredictions;
        for (const std::string &name : opened->landmarkNames)
            m_points.points.push_back(missing(name));
        const auto addNames = [this](const LandmarkSet &set) {
            for (const Landmark &point : set.points)
                if (!m_points.find(point.name))
                    m_points.points.push_back(missing(point.name));
        };
        if (m_reference)
            addNames(m_reference->points);
        for (const NamedLandmarks &model : m_models)
            addNames(model.points);
        if (!opened->channels.empty())
            m_pictureAxes = pictureAxes(opened->channels.front().volume->geometry);
    }
    m_saved = m_points;
    updateAxes();
    Q_EMIT caseChanged();
}

void LandmarkEditor::setPicture(const imaging::Geometry &image)
{
    m_pictureAxes = pictureAxes(image);
    updateAxes();
    Q_EMIT changed();
}

void LandmarkEditor::updateAxes()
{
    LandmarkSet all = m_points;
    if (m_reference)
        all.points.insert(all.points.end(), m_reference->points.points.begin(), m_reference->points.points.end());
    for (const NamedLandmarks &model : m_models)
        all.points.insert(all.points.end(), model.points.points.begin(), model.points.points.end());
    m_axes = m_pictureAxes.value_or(imaging::pictureAxes(all));
}

Result<> LandmarkEditor::load(const std::filesystem::path &file)
{
    auto read = imaging::readLandmarks(file);
    if (!read)
        return fail(read.error());
    LandmarkSet points;
    for (const Landmark &point : m_points.points) {
        const Landmark *saved = read->find(point.name);
        points.points.push_back(saved ? *saved : missing(point.name));
    }
    for (const Landmark &saved : read->points)
        if (!points.find(saved.name))
            points.points.push_back(saved);
    m_undo->clear();
    m_points = m_saved = std::move(points);
    m_own = file;
    m_dragged = -1;
    updateAxes();
    Q_EMIT caseChanged();
    return {};
}

bool LandmarkEditor::belongsToOthers(const std::filesystem::path &file) const
{
    std::error_code ignored; // a file that is not there is nobody's
    const auto is = [&](const NamedLandmarks &set) {
        return !set.file.empty() && (set.file == file || std::filesystem::equivalent(set.file, file, ignored));
    };
    return (m_reference && is(*m_reference)) || std::any_of(m_models.begin(), m_models.end(), is);
}

Result<> LandmarkEditor::maySave(const std::filesystem::path &file) const
{
    if (belongsToOthers(file))
        return failWithHint(ErrorCode::Refused, "Choose another name",
                            "{} holds the points of the reference or a model and is not written over", utf8(file));
    std::error_code ignored;
    if (file != m_own && std::filesystem::exists(file, ignored))
        return failWithHint(ErrorCode::Refused, "Choose another name, or open it first", "{} is there already",
                            utf8(file));
    return {};
}

Result<> LandmarkEditor::save(const std::filesystem::path &file)
{
    if (auto may = maySave(file); !may)
        return may;
    if (auto written = imaging::writeLandmarks(file, m_points); !written)
        return written;
    markSaved(file, m_points);
    return {};
}

void LandmarkEditor::markSaved(const std::filesystem::path &file, const LandmarkSet &written)
{
    m_own = file;
    m_saved = written;
    Q_EMIT changed();
}

bool LandmarkEditor::isDirty() const
{
    return !std::equal(m_points.points.begin(), m_points.points.end(), m_saved.points.begin(), m_saved.points.end(),
                       same);
}

bool LandmarkEditor::isEmpty() const
{
    return std::all_of(m_points.points.begin(), m_points.points.end(),
                       [](const Landmark &point) { return point.visibility == Visibility::Absent; });
}

const LandmarkSet *LandmarkEditor::set(int whose) const
{
    if (whose == kReaderPoints)
        return &m_points;
    if (whose == kReference)
        return m_reference ? &m_reference->points : nullptr;
    return whose >= 0 && whose < models() ? &m_models[static_cast<std::size_t>(whose)].points : nullptr;
}

QString LandmarkEditor::setName(int whose) const
{
    if (whose == kReaderPoints)
        return tr("Reader");
    if (whose == kReference)
        return tr("Reference");
    return set(whose) ? QString::fromStdString(m_models[static_cast<std::size_t>(whose)].name) : QString();
}

std::vector<int> LandmarkEditor::sets() const
{
    std::vector<int> all{kReaderPoints};
    for (int whose = kReference; whose < models(); ++whose)
        if (set(whose))
            all.push_back(whose);
    return all;
}

evaluation::SpinopelvicAngles LandmarkEditor::angles(int whose) const
{
    const LandmarkSet *points = set(whose);
    return points ? anglesOf(*points, m_axes) : evaluation::SpinopelvicAngles();
}

std::optional<double> LandmarkEditor::error(int whose, int index) const
{
    const int truth = m_reference ? kReference : kReaderPoints;
    const LandmarkSet *points = set(whose);
    return points && whose != truth ? pointError(*points, *set(truth), point(index).name) : std::nullopt;
}

void LandmarkEditor::apply(int index, const Landmark &landmark)
{
    m_points.points[static_cast<std::size_t>(index)] = landmark;
    updateAxes();
    Q_EMIT changed();
}

bool LandmarkEditor::push(int index, Landmark after, const QString &text)
{
    if (isDragging() || same(point(index), after))
        return false;
    m_undo->push(new Change(this, index, point(index), std::move(after), text));
    return true;
}

bool LandmarkEditor::place(int index, const Vec3 &patient)
{
    const QString name = QString::fromStdString(point(index).name);
    Landmark after = point(index);
    if (after.locked)
        return false;
    const QString text = isPlaced(index) ? tr("Move %1").arg(name) : tr("Place %1").arg(name);
    if (!isPlaced(index))
        after.visibility = Visibility::Visible;
    after.position = patient;
    after.confidence = 1;
    return push(index, std::move(after), text);
}

bool LandmarkEditor::setVisibility(int index, Visibility visibility)
{
    Landmark after = point(index);
    if (after.locked || !isPlaced(index))
        return false;
    const QString name = QString::fromStdString(after.name);
    after.visibility = visibility;
    switch (visibility) {
    case Visibility::Absent: return push(index, missing(after.name), tr("Remove %1").arg(name));
    case Visibility::Occluded: return push(index, std::move(after), tr("Mark %1 as hidden").arg(name));
    case Visibility::Visible: break;
    }
    return push(index, std::move(after), tr("Mark %1 as visible").arg(name));
}

bool LandmarkEditor::setLocked(int index, bool locked)
{
    Landmark after = point(index);
    after.locked = locked;
    const QString name = QString::fromStdString(after.name);
    return push(index, std::move(after), locked ? tr("Lock %1").arg(name) : tr("Unlock %1").arg(name));
}

bool LandmarkEditor::setConfidence(int index, double confidence)
{
    Landmark after = point(index);
    if (after.locked || !isPlaced(index))
        return false;
    after.confidence = std::clamp(confidence, 0.0, 1.0);
    const QString name = QString::fromStdString(after.name);
    return push(index, std::move(after), tr("Set the confidence of %1").arg(name));
}

bool LandmarkEditor::startFrom(int whose)
{
    const LandmarkSet *from = set(whose);
    if (!from || whose == kReaderPoints || isDragging())
        return false;
    auto command = std::make_unique<QUndoCommand>(tr("Start from %1").arg(setName(whose)));
    for (int index = 0; index < count(); ++index) {
        const Landmark *other = from->find(point(index).name);
        if (!other || point(index).locked)
            continue;
        Landmark after = *other;
        after.locked = false;
        if (!same(after, point(index)))
            new Change(this, index, point(index), after, {}, command.get()); // owned by its parent
    }
    if (command->childCount() == 0)
        return false;
    m_undo->push(command.release());
    return true;
}

bool LandmarkEditor::beginDrag(int index)
{
    if (isDragging() || point(index).locked)
        return false;
    m_dragged = index;
    m_beforeDrag = point(index);
    return true;
}

void LandmarkEditor::dragTo(const Vec3 &patient)
{
    if (!isDragging())
        return;
    Landmark moved = point(m_dragged);
    moved.position = patient;
    moved.confidence = 1;
    if (moved.visibility == Visibility::Absent)
        moved.visibility = Visibility::Visible;
    apply(m_dragged, moved);
}

void LandmarkEditor::endDrag()
{
    if (!isDragging())
        return;
    const int index = m_dragged;
    const Landmark after = point(index);
    cancelDrag();
    const QString name = QString::fromStdString(after.name);
    push(index, after, isPlaced(index) ? tr("Move %1").arg(name) : tr("Place %1").arg(name));
}

void LandmarkEditor::cancelDrag()
{
    if (!isDragging())
        return;
    const int index = m_dragged;
    m_dragged = -1;
    apply(index, m_beforeDrag);
}

void LandmarkEditor::select(int index)
{
    if (index == m_selected || index >= count())
        return;
    m_selected = index;
    Q_EMIT selectionChanged();
}

void LandmarkEditor::setHovered(int index)
{
    if (index == m_hovered || index >= count())
        return;
    m_hovered = index;
    Q_EMIT selectionChanged();
}

int LandmarkEditor::nextMissing(int after) const
{
    for (int step = 1; step <= count(); ++step) {
        const int index = (after + step) % count();
        if (!isPlaced(index) && !point(index).locked)
            return index;
    }
    return -1;
}

} // namespace consilium::viewer
