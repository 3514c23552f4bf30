// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/findings/change_model.h"

#include "viewer/canvas/colours.h"
#include "viewer/findings/findings_model.h"

#include <QCoreApplication>
#include <QLocale>
#include <algorithm>
#include <cmath>

namespace consilium::viewer {

namespace {

const QString kNone = QStringLiteral("\u2013");

QString amount(double millilitres)
{
    return millilitres > 0 ? millilitreText(millilitres) : kNone;
}

} // namespace

QString changeName(ChangeKind kind)
{
    switch (kind) {
    case ChangeKind::New: return QCoreApplication::translate("ChangeKind", "new");
    case ChangeKind::Enlarged: return QCoreApplication::translate("ChangeKind", "enlarged");
    case ChangeKind::Stable: return QCoreApplication::translate("ChangeKind", "stable");
    case ChangeKind::Shrunk: return QCoreApplication::translate("ChangeKind", "shrunk");
    case ChangeKind::Resolved: return QCoreApplication::translate("ChangeKind", "resolved");
    case ChangeKind::Unclear: break;
    }
    return QCoreApplication::translate("ChangeKind", "unclear");
}

void ChangeModel::setTheme(const Theme &theme)
{
    m_quiet = colour(theme.quietText);
}

void ChangeModel::setComparison(std::shared_ptr<const ComparedCases> compared)
{
    beginResetModel();
    m_compared = std::move(compared);
    findRegions();
    endResetModel();
}

void ChangeModel::setRegions(std::vector<imaging::LesionRegion> regions)
{
    m_findingRegions = std::move(regions);
    findRegions();
    if (rowCount() > 0)
        Q_EMIT dataChanged(index(0, Where), index(rowCount() - 1, Where));
}

int ChangeModel::rowCount(const QModelIndex &parent) const
{
    return m_compared && !parent.isValid() ? static_cast<int>(m_compared->change.groups().size()) : 0;
}

int ChangeModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : Columns;
}

std::optional<imaging::Vec3> ChangeModel::position(int row) const
{
    if (row < 0 || row >= rowCount())
        return std::nullopt;
    return m_compared->change.groups()[static_cast<std::size_t>(row)].position;
}

// A lesion of the list of findings is looked at where its group is, when both are of the same outline.
void ChangeModel::findRegions()
{
    m_regions.assign(static_cast<std::size_t>(rowCount()), imaging::LesionRegion::Unknown);
    if (!m_compared || m_findingRegions.size() != m_compared->current->findings.lesions.size())
        return;
    const auto &lesions = m_compared->current->findings.lesions;
    for (std::size_t row = 0; row < m_regions.size(); ++row) {
        const LesionGroup &group = m_compared->change.groups()[row];
        const auto here = std::find_if(lesions.begin(), lesions.end(), [&](const LesionFinding &lesion) {
            return std::hypot(lesion.position[0] - group.position[0], lesion.position[1] - group.position[1],
                              lesion.position[2] - group.position[2]) < 0.5;
        });
        if (here != lesions.end() && !group.current.empty())
            m_regions[row] = m_findingRegions[static_cast<std::size_t>(here - lesions.begin())];
    }
}

QString ChangeModel::text(std::size_t row, int column) const
{
    const LesionGroup &group = m_compared->change.groups()[row];
    switch (column) {
    case Kind: return changeName(group.kind);
    case Before: return amount(group.before);
    case Now: return amount(group.now);
    case Percent:
        if (group.before <= 0 || group.now <= 0)
            return kNone;
        return QStringLiteral("%1%2").arg(group.now < group.before ? QStringLiteral("\u2212") : QStringLiteral("+"),
                                          QLocale().toString(std::abs(group.now / group.before - 1) * 100, 'f', 0));
    default: return shortRegionName(m_regions[row]);
    }
}

QString ChangeModel::words(std::size_t row, int column) const
{
    const LesionGroup &group = m_compared->change.groups()[row];
    const QString value = text(row, column);
    switch (column) {
    case Kind: {
        QString said = value;
        if (group.kind == ChangeKind::Unclear)
            said = group.outsideView ? tr("Outside the field of view of the other examination")
                   : group.now > 0   ? tr("Only in this examination, but too small to be called new")
                                     : tr("Only in the earlier examination, but too small to be called resolved");
        if (group.merged())
            said += tr("; %n lesions grew together", nullptr, static_cast<int>(group.prior.size()));
        if (group.split())
            said += tr("; in %n pieces now", nullptr, static_cast<int>(group.current.size()));
        return said;
    }
    case Before: return group.before > 0 ? tr("%1 mL in the earlier examination").arg(value) : tr("Not there earlier");
    case Now: return group.now > 0 ? tr("%1 mL now").arg(value) : tr("Not there now");
    case Percent: return value == kNone ? tr("No change in per cent") : tr("Volume changed by %1 %").arg(value);
    default: return regionName(m_regions[row]);
    }
}

QVariant ChangeModel::order(std::size_t row, int column) const
{
    const LesionGroup &group = m_compared->change.groups()[row];
    switch (column) {
    case Kind:
        return static_cast<int>(std::find(kChangeKinds.begin(), kChangeKinds.end(), group.kind) - kChangeKinds.begin());
    case Before: return group.before;
    case Now: return group.now;
    case Percent: return group.before > 0 ? group.now / group.before : 1e9;
    default: {
        const auto region = m_regions[row];
        return region == imaging::LesionRegion::Unknown ? 1000 : static_cast<int>(region);
    }
    }
}

QVariant ChangeModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || !m_compared)
        return {};
    const auto row = static_cast<std::size_t>(index.row());
    switch (role) {
    case Qt::DisplayRole: return text(row, index.column());
    case Qt::ToolTipRole:
    case Qt::AccessibleTextRole: return words(row, index.column());
    case Qt::UserRole: return order(row, index.column());
    case Qt::TextAlignmentRole: return headerData(index.column(), Qt::Horizontal, role);
    case Qt::ForegroundRole:
        switch (m_compared->change.groups()[row].kind) {
        case ChangeKind::Stable:
        case ChangeKind::Unclear: return m_quiet.isValid() ? QVariant(m_quiet) : QVariant();
        default: return {};
        }
    default: return {};
    }
}

QVariant ChangeModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int(Qt::AlignVCenter | (section == Kind || section == Where ? Qt::AlignLeft : Qt::AlignRight));
    const bool shown = role == Qt::DisplayRole;
    if (!shown && role != Qt::ToolTipRole && role != Qt::AccessibleTextRole)
        return {};
    switch (section) {
    case Kind: return tr("change");
    case Before: return shown ? tr("before") : tr("Volume in the earlier examination in mL");
    case Now: return shown ? tr("now") : tr("Volume now in mL");
    case Percent: return shown ? tr("%") : tr("Change of the volume in per cent");
    default: return shown ? tr("where") : tr("Where it lies");
    }
}

} // namespace consilium::viewer
