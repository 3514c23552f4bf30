// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/label_runs.h"

#include <algorithm>
#include <cassert>
#include <utility>

namespace consilium::imaging {

namespace {

constexpr std::uint32_t s_longest = (1U << 24) - 1;

std::uint8_t labelOf(std::uint32_t run)
{
    return static_cast<std::uint8_t>(run >> 24);
}

std::uint32_t lengthOf(std::uint32_t run)
{
    return run & s_longest;
}

// Appends a stretch to the runs of a row, which stay as few as can be.
void append(std::vector<std::uint32_t> &runs, std::uint8_t label, std::uint32_t length)
{
    if (length == 0)
        return;
    if (!runs.empty() && labelOf(runs.back()) == label)
        runs.back() += length;
    else
        runs.push_back(std::uint32_t{label} << 24 | length);
}

// A row of background alone is kept as no runs.
void dropBackground(std::vector<std::uint32_t> &runs)
{
    if (runs.size() == 1 && labelOf(runs.front()) == 0)
        runs.clear();
}

void appendAll(std::vector<std::uint32_t> &runs, std::span<const std::uint8_t> labels)
{
    for (std::size_t begin = 0; begin < labels.size();) {
        const auto end =
            static_cast<std::size_t>(std::find_if(labels.begin() + static_cast<std::ptrdiff_t>(begin), labels.end(),
                                                  [&](std::uint8_t label) { return label != labels[begin]; }) -
                                     labels.begin());
        append(runs, labels[begin], static_cast<std::uint32_t>(end - begin));
        begin = end;
    }
}

// The row with `labels` in place of what stood from `first` on.
std::vector<std::uint32_t> painted(std::span<const std::uint32_t> row, std::uint32_t first,
                                   std::span<const std::uint8_t> labels, std::uint32_t width)
{
    const std::uint32_t last = first + static_cast<std::uint32_t>(labels.size());
    const std::uint32_t background[] = {width};
    if (row.empty())
        row = background;

    std::vector<std::uint32_t> runs;
    std::uint32_t at = 0;
    for (const auto run : row) {
        const std::uint32_t end = at + lengthOf(run);
        if (at < first)
            append(runs, labelOf(run), std::min(end, first) - at);
        if (at <= first && first < end)
            appendAll(runs, labels);
        if (end > last)
            append(runs, labelOf(run), end - std::max(at, last));
        at = end;
    }
    dropBackground(runs);
    return runs;
}

} // namespace

LabelRuns::LabelRuns(const LabelMap &labels)
    : m_geometry(labels.geometry), m_slices(static_cast<std::size_t>(labels.geometry.size[2]))
{
    assert(static_cast<std::uint32_t>(m_geometry.size[0]) <= s_longest);
    const auto width = static_cast<std::size_t>(m_geometry.size[0]);
    const auto sliceVoxels = width * static_cast<std::size_t>(m_geometry.size[1]);
    std::vector<std::uint32_t> runs;
    for (int k = 0; k < m_geometry.size[2]; ++k) {
        const std::span voxels(labels.values.data() + m_geometry.offset(0, 0, k), sliceVoxels);
        if (std::all_of(voxels.begin(), voxels.end(), [](std::uint8_t label) { return label == 0; }))
            continue;
        auto &slice = m_slices[static_cast<std::size_t>(k)];
        slice.rowBegin.reserve(static_cast<std::size_t>(m_geometry.size[1]) + 1);
        slice.rowBegin.push_back(0);
        for (std::size_t begin = 0; begin < sliceVoxels; begin += width) {
            runs.clear();
            appendAll(runs, voxels.subspan(begin, width));
            dropBackground(runs);
            slice.runs.insert(slice.runs.end(), runs.begin(), runs.end());
            slice.rowBegin.push_back(static_cast<std::uint32_t>(slice.runs.size()));
        }
        slice.runs.shrink_to_fit();
    }
}

LabelMap LabelRuns::expanded() const
{
    LabelMap labels{m_geometry, {}};
    labels.values.resize(static_cast<std::size_t>(m_geometry.voxels()));
    for (int k = 0; k < m_geometry.size[2]; ++k) {
        if (m_slices[static_cast<std::size_t>(k)].runs.empty())
            continue;
        for (int j = 0; j < m_geometry.size[1]; ++j) {
            auto at = labels.values.begin() + m_geometry.offset(0, j, k);
            for (const auto run : row(j, k))
                at = std::fill_n(at, lengthOf(run), labelOf(run));
        }
    }
    return labels;
}

std::uint8_t LabelRuns::at(int i, int j, int k) const
{
    auto left = static_cast<std::uint32_t>(i);
    for (const auto run : row(j, k)) {
        if (left < lengthOf(run))
            return labelOf(run);
        left -= lengthOf(run);
    }
    return 0;
}

std::size_t LabelRuns::bytes() const
{
    std::size_t sum = sizeof(*this) + m_slices.capacity() * sizeof(Slice);
    for (const auto &slice : m_slices)
        sum += (slice.runs.capacity() + slice.rowBegin.capacity()) * sizeof(std::uint32_t);
    return sum;
}

std::span<const std::uint32_t> LabelRuns::row(int j, int k) const
{
    const auto &slice = m_slices[static_cast<std::size_t>(k)];
    if (slice.rowBegin.empty())
        return {};
    const auto begin = slice.rowBegin[static_cast<std::size_t>(j)];
    const auto end = slice.rowBegin[static_cast<std::size_t>(j) + 1];
    return std::span(slice.runs).subspan(begin, end - begin);
}

void LabelRuns::replaceRow(int j, int k, std::span<const std::uint32_t> runs)
{
    auto &slice = m_slices[static_cast<std::size_t>(k)];
    if (slice.rowBegin.empty())
        slice.rowBegin.assign(static_cast<std::size_t>(m_geometry.size[1]) + 1, 0);
    const auto place = slice.rowBegin.begin() + j;
    const auto begin = slice.runs.begin() + place[0];
    const auto end = slice.runs.begin() + place[1];
    const auto difference = static_cast<std::ptrdiff_t>(runs.size()) - (end - begin);
    slice.runs.insert(slice.runs.erase(begin, end), runs.begin(), runs.end());
    for (auto later = place + 1; later != slice.rowBegin.end(); ++later)
        *later = static_cast<std::uint32_t>(*later + difference);
    if (slice.runs.empty())
        slice = {};
}

void LabelRuns::setRow(int firstI, int j, int k, std::span<const std::uint8_t> labels, Delta &delta)
{
    assert(firstI >= 0 && firstI + static_cast<std::int64_t>(labels.size()) <= m_geometry.size[0]);
    const auto before = row(j, k);
    auto after =
        painted(before, static_cast<std::uint32_t>(firstI), labels, static_cast<std::uint32_t>(m_geometry.size[0]));
    if (std::equal(before.begin(), before.end(), after.begin(), after.end()))
        return;

    const auto change = std::lower_bound(
        delta.rows.begin(), delta.rows.end(), std::pair(k, j),
        [](const RowChange &row, const std::pair<int, int> &at) { return std::pair(row.k, row.j) < at; });
    const bool changedBefore = change != delta.rows.end() && change->j == j && change->k == k;
    if (!changedBefore)
        delta.rows.insert(change, {j, k, {before.begin(), before.end()}, after});
    else if (change->before == after)
        delta.rows.erase(change);
    else
        change->after = after;
    replaceRow(j, k, after);
}

void LabelRuns::apply(const Delta &delta)
{
    for (const auto &change : delta.rows)
        replaceRow(change.j, change.k, change.after);
}

void LabelRuns::revert(const Delta &delta)
{
    for (const auto &change : delta.rows)
        replaceRow(change.j, change.k, change.before);
}

void LabelHistory::record(LabelRuns::Delta delta)
{
    if (delta.empty())
        return;
    m_deltas.resize(m_position);
    m_deltas.push_back(std::move(delta));
    ++m_position;
}

void LabelHistory::undo(LabelRuns &labels)
{
    if (canUndo())
        labels.revert(m_deltas[--m_position]);
}

void LabelHistory::redo(LabelRuns &labels)
{
    if (canRedo())
        labels.apply(m_deltas[m_position++]);
}

} // namespace consilium::imaging
