// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/measuring/measurement_list.h"

#include "viewer/cases/paths.h"

#include <QLocale>
#include <QUndoStack>
#include <algorithm>
#include <optional>

namespace consilium::viewer {

namespace {

auto withId(int id)
{
    return [id](const Measurement &measurement) { return measurement.id == id; };
}

QString decimal(double value, int digits = 1)
{
    return QLocale().toString(value, 'f', digits);
}

} // namespace

Result<> writeMeasurements(const std::filesystem::path &file, const std::vector<Measurement> &measurements,
                           bool spacingKnown)
{
    Json list = Json::array();
    for (const Measurement &measurement : measurements)
        list.push_back(toJson(measurement));
    return writeJson(file, {{"measurements", list}, {"unit", spacingKnown ? "mm" : "px"}});
}

// One command for all three: added has no before, removed no after.
class MeasurementList::Change : public QUndoCommand
{
public:
    Change(MeasurementList *list, std::size_t place, std::optional<Measurement> before,
           std::optional<Measurement> after, const QString &text)
        : QUndoCommand(text), m_list(list), m_place(place), m_before(std::move(before)), m_after(std::move(after))
    {
    }
    void undo() override { put(m_after, m_before); }
    void redo() override { put(m_before, m_after); }

private:
    void put(const std::optional<Measurement> &from, const std::optional<Measurement> &to)
    {
        m_list->cancelDrag();
        if (from && to)
            m_list->replace(*to);
        else if (to)
            m_list->insert(m_place, *to);
        else
            m_list->erase(from->id);
    }

    MeasurementList *m_list;
    std::size_t m_place;
    std::optional<Measurement> m_before, m_after;
};

MeasurementList::MeasurementList(QUndoStack *undo, QObject *parent) : QObject(parent), m_undo(undo) {}

void MeasurementList::clear()
{
    m_undo->clear();
    m_beforeDrag.reset();
    m_all.clear();
    m_saved.clear();
    m_own.clear();
    m_selected = 0;
    Q_EMIT changed();
    Q_EMIT selectionChanged();
}

Result<> MeasurementList::load(const std::filesystem::path &file)
{
    const auto json = readJson(file);
    if (!json)
        return fail(json.error());
    const auto list = json->is_object() ? json->find("measurements") : json->end();
    if (!json->is_object() || list == json->end() || !list->is_array())
        return fail(ErrorCode::Malformed, "{} has no list \"measurements\"", utf8(file));
    std::vector<Measurement> read;
    for (const Json &entry : *list) {
        auto measurement = measurementFromJson(entry);
        if (!measurement)
            return fail(measurement.error(), "{}", utf8(file));
        measurement->id = ++m_lastId;
        read.push_back(std::move(*measurement));
    }
    clear();
    m_all = m_saved = std::move(read);
    m_own = file;
    Q_EMIT changed();
    return {};
}

Result<> MeasurementList::maySave(const std::filesystem::path &file) const
{
    std::error_code ignored;
    if (file != m_own && std::filesystem::exists(file, ignored))
        return failWithHint(ErrorCode::Refused, "Choose another name, or open it first", "{} is there already",
                            utf8(file));
    return {};
}

Result<> MeasurementList::save(const std::filesystem::path &file)
{
    if (auto may = maySave(file); !may)
        return may;
    if (auto written = writeMeasurements(file, m_all, m_spacingKnown); !written)
        return written;
    markSaved(file, m_all);
    return {};
}

void MeasurementList::markSaved(const std::filesystem::path &file, const std::vector<Measurement> &written)
{
    m_own = file;
    m_saved = written;
    Q_EMIT changed();
}

const Measurement *MeasurementList::find(int id) const
{
    const auto found = std::find_if(m_all.begin(), m_all.end(), withId(id));
    return found == m_all.end() ? nullptr : &*found;
}

QString MeasurementList::kindName(MeasurementKind kind)
{
    switch (kind) {
    case MeasurementKind::Distance: return tr("Distance");
    case MeasurementKind::Angle: return tr("Angle");
    case MeasurementKind::Cobb: return tr("Cobb angle");
    case MeasurementKind::Ellipse: return tr("Ellipse");
    case MeasurementKind::Polygon: return tr("Polygon");
    }
    return {};
}

QString MeasurementList::freeName(MeasurementKind kind) const
{
    for (int number = 1;; ++number) {
        const QString name = tr("%1 %2", "kind of measurement, number").arg(kindName(kind)).arg(number);
        if (std::none_of(m_all.begin(), m_all.end(),
                         [&](const Measurement &other) { return other.name == name.toStdString(); }))
            return name;
    }
}

void MeasurementList::insert(std::size_t place, const Measurement &measurement)
{
    m_all.insert(m_all.begin() + static_cast<std::ptrdiff_t>(std::min(place, m_all.size())), measurement);
    Q_EMIT changed();
    select(measurement.id);
}

void MeasurementList::erase(int id)
{
    std::erase_if(m_all, withId(id));
    if (m_selected == id)
        select(0);
    Q_EMIT changed();
}

int MeasurementList::add(Measurement measurement)
{
    measurement.id = ++m_lastId;
    if (measurement.name.empty())
        measurement.name = freeName(measurement.kind).toStdString();
    const QString text = tr("Draw %1").arg(QString::fromStdString(measurement.name));
    const int id = measurement.id;
    m_undo->push(new Change(this, m_all.size(), std::nullopt, std::move(measurement), text));
    return id;
}

bool MeasurementList::remove(int id)
{
    const auto found = std::find_if(m_all.begin(), m_all.end(), withId(id));
    if (found == m_all.end())
        return false;
    m_undo->push(new Change(this, static_cast<std::size_t>(found - m_all.begin()), *found, std::nullopt,
                            tr("Delete %1").arg(QString::fromStdString(found->name))));
    return true;
}

bool MeasurementList::rename(int id, const QString &name)
{
    const Measurement *found = find(id);
    if (!found || name.trimmed().isEmpty())
        return false;
    Measurement after = *found;
    after.name = name.trimmed().toStdString();
    return change(after, tr("Rename %1").arg(QString::fromStdString(found->name)));
}

bool MeasurementList::change(const Measurement &after, const QString &text)
{
    const Measurement *before = find(after.id);
    if (!before || *before == after)
        return false;
    m_undo->push(new Change(this, 0, *before, after, text));
    return true;
}

void MeasurementList::replace(const Measurement &shown)
{
    const auto found = std::find_if(m_all.begin(), m_all.end(), withId(shown.id));
    if (found == m_all.end())
        return;
    *found = shown;
    Q_EMIT changed();
}

bool MeasurementList::beginDrag(int id)
{
    const Measurement *found = find(id);
    if (!found || isDragging())
        return false;
    m_beforeDrag = *found;
    return true;
}

void MeasurementList::dragTo(const Measurement &shown)
{
    if (isDragging() && shown.id == m_beforeDrag->id)
        replace(shown);
}

void MeasurementList::endDrag(const QString &text)
{
    if (!isDragging())
        return;
    const Measurement after = *find(m_beforeDrag->id);
    cancelDrag();
    change(after, text);
}

void MeasurementList::cancelDrag()
{
    if (!isDragging())
        return;
    const Measurement before = *m_beforeDrag;
    m_beforeDrag.reset();
    replace(before);
}

void MeasurementList::select(int id)
{
    if (id == m_selected)
        return;
    m_selected = id;
    Q_EMIT selectionChanged();
}

void MeasurementList::setSpacingKnown(bool known)
{
    m_spacingKnown = known;
    Q_EMIT changed();
}

QStringList MeasurementList::describe(const Measurement &measurement,
                                      const std::optional<RegionStatistics> &statistics) const
{
    const QString unit = m_spacingKnown ? tr("mm") : tr("px");
    const Extent extent = extentOf(measurement);
    QStringList lines;
    if (extent.length)
        lines << tr("%1 %2", "value, unit").arg(decimal(*extent.length), unit);
    if (extent.angle)
        lines << tr("%1°").arg(decimal(*extent.angle));
    if (extent.area)
        lines << tr("area %1 %2²", "value, unit").arg(decimal(*extent.area), unit);
    if (statistics) {
        lines << tr("mean %1, SD %2").arg(decimal(statistics->mean), decimal(statistics->deviation));
        lines << tr("%1 to %2 (%n voxel(s))", nullptr, static_cast<int>(statistics->voxels))
                     .arg(decimal(statistics->minimum), decimal(statistics->maximum));
    }
    if (extent.perimeter)
        lines << tr("perimeter %1 %2", "value, unit").arg(decimal(*extent.perimeter), unit);
    return lines;
}

} // namespace consilium::viewer
