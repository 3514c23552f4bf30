// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "imaging/volume.h"

#include <cstdint>
#include <span>
#include <vector>

namespace consilium::imaging {

/// A label map kept as runs of equal labels along i, row by row: about a hundredth of the voxels' memory for lesions,
/// and what undo stores. A row may have 2^24 - 1 voxels at most.
class LabelRuns
{
public:
    LabelRuns() = default;
    explicit LabelRuns(const LabelMap &labels);

    const Geometry &geometry() const { return m_geometry; }
    LabelMap expanded() const;
    std::uint8_t at(int i, int j, int k) const;
    std::size_t bytes() const; ///< memory taken
    /// The runs of a row, coded as in RowChange; none where it is background alone.
    std::span<const std::uint32_t> row(int j, int k) const;

    /// One row replaced: before and after, as runs. A row of background alone has no runs.
    struct RowChange
    {
        int j = 0, k = 0;
        std::vector<std::uint32_t> before, after; ///< run: label in the high 8 bits, length in the low 24
    };
    /// What one stroke of a brush changed.
    struct Delta
    {
        std::vector<RowChange> rows; ///< by k, then j; each row once
        bool empty() const { return rows.empty(); }
    };

    /// Sets voxels [firstI, firstI + labels.size()) of row (j, k) and adds what changed to `delta`: a row changed twice
    /// in one stroke is one change, and none when it ends as it began. The span must lie inside.
    void setRow(int firstI, int j, int k, std::span<const std::uint8_t> labels, Delta &delta);
    void apply(const Delta &delta);  ///< forwards: redo
    void revert(const Delta &delta); ///< backwards: undo

private:
    // The rows of one k, one after the other; nothing at all while it holds background alone.
    struct Slice
    {
        std::vector<std::uint32_t> runs;
        std::vector<std::uint32_t> rowBegin; // of each j in runs, and the end
    };

    void replaceRow(int j, int k, std::span<const std::uint32_t> runs);

    Geometry m_geometry;
    std::vector<Slice> m_slices;
};

/// Undo without limit: deltas done and undone, in order.
class LabelHistory
{
public:
    void record(LabelRuns::Delta delta); ///< an empty one is no step; forgets what could be redone
    bool canUndo() const { return m_position > 0; }
    bool canRedo() const { return m_position < m_deltas.size(); }
    const LabelRuns::Delta &nextUndone() const { return m_deltas[m_position - 1]; } ///< only when canUndo()
    const LabelRuns::Delta &nextRedone() const { return m_deltas[m_position]; }     ///< only when canRedo()
    void undo(LabelRuns &labels); ///< does nothing when there is nothing
    void redo(LabelRuns &labels);

private:
    std::vector<LabelRuns::Delta> m_deltas;
    std::size_t m_position = 0;
};

} // namespace consilium::imaging
