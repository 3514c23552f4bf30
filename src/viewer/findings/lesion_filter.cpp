// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/findings/lesion_filter.h"

#include <algorithm>

namespace consilium::viewer {

LesionFilter::LesionFilter(FindingsModel &findings, QObject *parent) : SortedRows(parent), m_findings(findings)
{
    setSourceModel(&findings);
}

void LesionFilter::setCriteria(const LesionCriteria &criteria)
{
    if (criteria == m_criteria)
        return;
    m_criteria = criteria;
    invalidateFilter();
}

std::vector<std::size_t> LesionFilter::shown() const
{
    std::vector<std::size_t> findings;
    for (int row = 0; row < rowCount(); ++row)
        findings.push_back(static_cast<std::size_t>(findingOf(index(row, 0))));
    return findings;
}

int LesionFilter::notReviewed(int row, int step) const
{
    if (!m_findings.listsLesions())
        return -1;
    const int rows = rowCount();
    for (int n = 1, at = row; n <= rows; ++n) {
        at += step;
        at = at < 0 ? rows - 1 : at >= rows ? 0 : at;
        if (m_findings.verdicts().at(static_cast<std::size_t>(findingOf(index(at, 0)))) == Verdict::None)
            return at;
    }
    return -1;
}

bool LesionFilter::filterAcceptsRow(int row, const QModelIndex &) const
{
    if (!m_findings.listsLesions())
        return true;
    const LesionFinding &lesion = m_findings.shown()->findings.lesions[static_cast<std::size_t>(row)];
    if (lesion.millilitres < m_criteria.fewestMillilitres)
        return false;
    if (!m_criteria.place.isEmpty() &&
        !regionName(m_findings.region(row)).contains(m_criteria.place, Qt::CaseInsensitive))
        return false;
    const auto drewIt = [&] { return lesion.inModel.at(static_cast<std::size_t>(m_criteria.model)); };
    const Verdict verdict = m_findings.verdicts().at(static_cast<std::size_t>(row));
    switch (m_criteria.which) {
    case LesionCriteria::Which::All: return true;
    case LesionCriteria::Which::Missed: return lesion.inReference && !drewIt();
    case LesionCriteria::Which::Invented: return !lesion.inReference && drewIt();
    case LesionCriteria::Which::OnlyOneModel:
        return std::count(lesion.inModel.begin(), lesion.inModel.end(), true) == 1;
    case LesionCriteria::Which::NotReviewed: return verdict == Verdict::None;
    case LesionCriteria::Which::Accepted: return verdict == Verdict::Accepted;
    case LesionCriteria::Which::Rejected: return verdict == Verdict::Rejected;
    }
    return true;
}

} // namespace consilium::viewer
