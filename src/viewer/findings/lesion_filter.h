// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "viewer/findings/findings_model.h"
#include "viewer/findings/narrow_table.h"

namespace consilium::viewer {

/// Which lesions are listed.
struct LesionCriteria
{
    enum class Which {
        All,
        Missed,       ///< by `model`, of the reference's
        Invented,     ///< by `model`, not in the reference
        OnlyOneModel, ///< drawn by one model and no other, whatever the reference says
        NotReviewed,
        Accepted,
        Rejected
    };
    Which which = Which::All;
    int model = -1;
    QString place; ///< a part of the place's name; any when empty
    double fewestMillilitres = 0;

    bool operator==(const LesionCriteria &) const = default;
};

/// A FindingsModel sorted by any column and narrowed down. Structures are all listed.
class LesionFilter : public SortedRows
{
    Q_OBJECT

public:
    LesionFilter(FindingsModel &findings, QObject *parent = nullptr);

    void setCriteria(const LesionCriteria &criteria);
    const LesionCriteria &criteria() const { return m_criteria; }
    int findingOf(const QModelIndex &index) const { return mapToSource(index).row(); } ///< -1 without one
    std::vector<std::size_t> shown() const; ///< findings, in the order listed
    /// The row of the next lesion without a verdict after `row` (before it when `step` is -1), going round; -1 when all
    /// are reviewed.
    int notReviewed(int row, int step) const;

protected:
    bool filterAcceptsRow(int row, const QModelIndex &parent) const override;

private:
    FindingsModel &m_findings;
    LesionCriteria m_criteria;
};

} // namespace consilium::viewer
