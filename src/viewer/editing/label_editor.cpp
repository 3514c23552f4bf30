// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/editing/label_editor.h"

#include "core/hash.h"

#include <algorithm>
#include <cassert>

namespace consilium::viewer {

using imaging::LabelMap;
using imaging::LabelRuns;

namespace {

// How LabelRuns codes a run.
constexpr std::uint8_t labelOf(std::uint32_t run)
{
    return static_cast<std::uint8_t>(run >> 24);
}
constexpr std::uint32_t lengthOf(std::uint32_t run)
{
    return run & 0xffffffU;
}

} // namespace

PreparedEdit prepareEdit(const LabelMap &labels, const EditOrigin &origin)
{
    PreparedEdit prepared{std::make_shared<LabelMap>(labels), LabelRuns(labels), {}, origin};
    for (const auto value : labels.values)
        ++prepared.voxels[value];
    Sha256 hash;
    hash.add(std::as_bytes(std::span(labels.values)));
    prepared.origin.sha256 = hash.hex();
    return prepared;
}

PreparedEdit prepareEmpty(const imaging::Geometry &grid)
{
    auto map = std::make_shared<LabelMap>(LabelMap{grid, {}});
    map->values.resize(static_cast<std::size_t>(grid.voxels()));
    PreparedEdit prepared{map, LabelRuns(*map), {}, {}};
    prepared.voxels[0] = grid.voxels();
    return prepared;
}

LabelEditor::LabelEditor(QObject *parent)
    : QObject(parent), m_labels{{tr("Background"), Qt::transparent, false}, {tr("Label 1"), {}, false}}
{
}

void LabelEditor::adopt(PreparedEdit prepared)
{
    m_map = std::move(prepared.map);
    m_runs = std::move(prepared.runs);
    m_voxels = prepared.voxels;
    m_origin = std::move(prepared.origin);
    m_history = {};
    m_steps.clear();
    m_lostSteps.clear();
    m_position = 0;
    m_stroking = false;
    m_delta = {};
    // States of another edit stay different, so that a save that ends late marks nothing.
    m_firstState = ++m_lastState;
    m_savedState = m_firstState;
    m_values = m_map ? ImageOnGrid(m_image, m_map->geometry) : ImageOnGrid();

    const auto last = std::find_if(m_voxels.rbegin(), m_voxels.rend(), [](std::int64_t count) { return count > 0; });
    const auto highest = static_cast<std::size_t>(m_voxels.rend() - last);
    if (m_labels.size() >= highest)
        return;
    while (m_labels.size() < highest)
        m_labels.push_back({tr("Label %1").arg(m_labels.size()), m_labels.back().colour, false});
    Q_EMIT labelListChanged();
}

void LabelEditor::start(PreparedEdit prepared)
{
    adopt(std::move(prepared));
    m_began = now();
    Q_EMIT restarted();
    Q_EMIT historyChanged();
}

void LabelEditor::resume(PreparedEdit prepared, std::vector<EditStep> steps, TimePoint began)
{
    adopt(std::move(prepared));
    m_lostSteps = std::move(steps);
    m_began = began;
    m_savedState = 0;
    Q_EMIT restarted();
    Q_EMIT historyChanged();
}

void LabelEditor::close()
{
    adopt({});
    Q_EMIT restarted();
    Q_EMIT historyChanged();
}

void LabelEditor::setImage(std::shared_ptr<const imaging::Volume> image)
{
    m_image = std::move(image);
    m_values = m_map ? ImageOnGrid(m_image, m_map->geometry) : ImageOnGrid();
}

void LabelEditor::setLabelList(std::vector<EditLabel> labels)
{
    assert(labels.size() >= 2 && labels.size() <= 256);
    m_labels = std::move(labels);
    m_locked = {};
    for (std::size_t value = 0; value < m_labels.size(); ++value)
        m_locked[value] = m_labels[value].locked;
    m_active = std::clamp(m_active, 1, static_cast<int>(m_labels.size()) - 1);
    Q_EMIT labelListChanged();
}

std::vector<QColor> LabelEditor::colours() const
{
    std::vector<QColor> colours;
    for (const EditLabel &label : m_labels)
        colours.push_back(label.colour);
    return colours;
}

void LabelEditor::setActiveLabel(int value)
{
    if (value < 1 || value >= static_cast<int>(m_labels.size()) || value == m_active)
        return;
    m_active = value;
    Q_EMIT labelListChanged();
}

void LabelEditor::setLocked(int value, bool locked)
{
    if (value < 0 || value >= static_cast<int>(m_labels.size()) || m_locked[static_cast<std::size_t>(value)] == locked)
        return;
    m_locked[static_cast<std::size_t>(value)] = m_labels[static_cast<std::size_t>(value)].locked = locked;
    Q_EMIT labelListChanged();
}

double LabelEditor::millilitres(int value) const
{
    return m_map ? static_cast<double>(voxels(value)) * m_map->geometry.voxelVolume() / 1000 : 0;
}

void LabelEditor::setThreshold(std::optional<ValueInterval> threshold)
{
    if (threshold == m_threshold)
        return;
    m_threshold = threshold;
    Q_EMIT thresholdChanged();
}

void LabelEditor::beginStroke(const QString &text)
{
    assert(isOpen());
    // The release of a button can get lost.
    endStroke();
    m_stroking = true;
    m_stroke = {text, now(), 0};
    m_delta = {};
}

std::int64_t LabelEditor::paint(const VoxelSet &voxels, Paint paint, bool limited)
{
    assert(m_stroking);
    const auto label = static_cast<std::uint8_t>(paint == Paint::Active ? m_active : 0);
    if (m_locked[label])
        return 0;
    const bool heeds = limited && m_threshold && !m_values.isEmpty();
    std::int64_t changes = 0;
    std::vector<std::uint8_t> row;
    for (const VoxelRun &run : voxels.runs) {
        const auto old = m_map->values.begin() + m_map->geometry.offset(run.first, run.j, run.k);
        row.assign(old, old + run.count);
        const std::int64_t before = changes;
        for (int n = 0; n < run.count; ++n) {
            auto &value = row[static_cast<std::size_t>(n)];
            if (value == label || m_locked[value])
                continue;
            if (heeds) {
                const float seen = m_values.at(run.first + n, run.j, run.k);
                if (!(seen >= m_threshold->low && seen <= m_threshold->high))
                    continue;
            }
            --m_voxels[value];
            ++m_voxels[label];
            value = label;
            ++changes;
        }
        if (changes == before)
            continue;
        m_runs.setRow(run.first, run.j, run.k, row, m_delta);
        std::copy(row.begin(), row.end(), old);
    }
    m_stroke.voxels += changes;
    if (changes > 0)
        Q_EMIT changed();
    return changes;
}

void LabelEditor::endStroke()
{
    if (!m_stroking)
        return;
    m_stroking = false;
    if (m_delta.empty())
        return;
    m_history.record(std::move(m_delta));
    m_delta = {};
    m_steps.resize(m_position);
    m_steps.push_back({m_stroke, ++m_lastState});
    ++m_position;
    Q_EMIT historyChanged();
}

void LabelEditor::cancelStroke()
{
    if (!m_stroking)
        return;
    m_stroking = false;
    if (m_delta.empty())
        return;
    m_runs.revert(m_delta);
    for (const auto &change : m_delta.rows)
        showRow(change.j, change.k, change.before);
    m_delta = {};
    Q_EMIT changed();
}

std::int64_t LabelEditor::apply(const QString &text, const VoxelSet &voxels, Paint kind, bool limited)
{
    beginStroke(text);
    const std::int64_t changes = paint(voxels, kind, limited);
    endStroke();
    return changes;
}

// Puts a row of the runs into the map.
void LabelEditor::showRow(int j, int k, const std::vector<std::uint32_t> &runs)
{
    const auto width = m_map->geometry.size[0];
    auto at = m_map->values.begin() + m_map->geometry.offset(0, j, k);
    std::for_each(at, at + width, [&](std::uint8_t value) { --m_voxels[value]; });
    if (runs.empty()) {
        std::fill_n(at, width, std::uint8_t{0});
        m_voxels[0] += width;
    }
    for (const auto run : runs) {
        at = std::fill_n(at, lengthOf(run), labelOf(run));
        m_voxels[labelOf(run)] += lengthOf(run);
    }
}

QString LabelEditor::undoText() const
{
    return canUndo() ? m_steps[m_position - 1].told.text : QString();
}

QString LabelEditor::redoText() const
{
    return canRedo() ? m_steps[m_position].told.text : QString();
}

std::vector<EditStep> LabelEditor::steps() const
{
    std::vector<EditStep> steps = m_lostSteps;
    for (std::size_t n = 0; n < m_position; ++n)
        steps.push_back(m_steps[n].told);
    return steps;
}

std::uint64_t LabelEditor::state() const
{
    return m_position == 0 ? m_firstState : m_steps[m_position - 1].state;
}

void LabelEditor::markSaved(std::uint64_t state)
{
    // A save that ends after another edit was begun says nothing about this one.
    if (state < m_firstState)
        return;
    m_savedState = state;
    Q_EMIT historyChanged();
}

void LabelEditor::undo()
{
    if (!canUndo())
        return;
    for (const auto &change : m_history.nextUndone().rows)
        showRow(change.j, change.k, change.before);
    m_history.undo(m_runs);
    --m_position;
    Q_EMIT changed();
    Q_EMIT historyChanged();
}

void LabelEditor::redo()
{
    if (!canRedo())
        return;
    for (const auto &change : m_history.nextRedone().rows)
        showRow(change.j, change.k, change.after);
    m_history.redo(m_runs);
    ++m_position;
    Q_EMIT changed();
    Q_EMIT historyChanged();
}

} // namespace consilium::viewer
