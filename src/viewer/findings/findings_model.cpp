// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/findings/findings_model.h"

namespace consilium::viewer {

QString shortName(const std::string &name)
{
    return QString::fromStdString(name.substr(0, name.find(':'))).trimmed();
}

void FindingsModel::setCase(std::shared_ptr<const LoadedCase> shown)
{
    beginResetModel();
    m_case = std::move(shown);
    endResetModel();
}

int FindingsModel::rowCount(const QModelIndex &parent) const
{
    if (!m_case || parent.isValid())
        return 0;
    return static_cast<int>(listsLesions() ? m_case->findings.lesions.size() : m_case->findings.structures.size());
}

int FindingsModel::columnCount(const QModelIndex &parent) const
{
    if (!m_case || parent.isValid())
        return 0;
    return firstModelColumn() + static_cast<int>(m_case->opened.predictions.size());
}

std::optional<imaging::Vec3> FindingsModel::position(int row) const
{
    if (row < 0 || row >= rowCount())
        return std::nullopt;
    const auto at = static_cast<std::size_t>(row);
    if (listsLesions())
        return m_case->findings.lesions[at].position;
    return m_case->findings.structures[at].position;
}

int FindingsModel::alignment(int column) const
{
    const bool text = !listsLesions() && column == 0, mark = listsLesions() && column >= 2;
    return int(Qt::AlignVCenter | (text ? Qt::AlignLeft : mark ? Qt::AlignHCenter : Qt::AlignRight));
}

QVariant FindingsModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || !m_case)
        return {};
    if (role == Qt::TextAlignmentRole)
        return alignment(index.column());
    const auto row = static_cast<std::size_t>(index.row());
    if (listsLesions())
        return lesionData(m_case->findings.lesions[row], index.row(), index.column(), role);
    return structureData(m_case->findings.structures[row], index.column(), role);
}

QVariant FindingsModel::lesionData(const LesionFinding &lesion, int row, int column, int role) const
{
    const bool shown = role == Qt::DisplayRole, said = role == Qt::ToolTipRole || role == Qt::AccessibleTextRole;
    if (column == 0)
        return shown ? QVariant(row + 1) : said ? QVariant(tr("Lesion %1").arg(row + 1)) : QVariant();
    if (column == 1) {
        const QString value = QString::number(lesion.millilitres, 'f', lesion.millilitres < 0.095 ? 3 : 2);
        return shown ? QVariant(value) : said ? QVariant(tr("%1 mL").arg(value)) : QVariant();
    }
    const int model = column - firstModelColumn();
    const bool found = model < 0 ? lesion.inReference : lesion.inModel[static_cast<std::size_t>(model)];
    if (shown)
        return found ? QStringLiteral("\u2713") : QStringLiteral("\u2013");
    if (!said)
        return {};
    if (model < 0)
        return found ? tr("In the reference") : tr("Not in the reference");
    const QString name = QString::fromStdString(m_case->opened.predictions[static_cast<std::size_t>(model)].name);
    return found ? tr("Found by %1").arg(name) : tr("Missed by %1").arg(name);
}

QVariant FindingsModel::structureData(const StructureFinding &structure, int column, int role) const
{
    const bool shown = role == Qt::DisplayRole, said = role == Qt::ToolTipRole || role == Qt::AccessibleTextRole;
    const QString none = QStringLiteral("\u2013");
    if (column == 0)
        return shown || said ? QVariant(QString::fromStdString(structure.name)) : QVariant();
    if (column == 1) {
        const QString value = structure.millilitres ? QString::number(*structure.millilitres, 'f', 2) : none;
        return shown ? QVariant(value) : said ? QVariant(tr("%1 mL in the reference").arg(value)) : QVariant();
    }
    const auto model = static_cast<std::size_t>(column - firstModelColumn());
    const QString dice = structure.dice[model] ? QString::number(*structure.dice[model], 'f', 2) : none;
    if (shown)
        return dice;
    if (!said)
        return {};
    return tr("Dice %1, %2 mL: %3")
        .arg(dice, QString::number(structure.modelMillilitres[model], 'f', 2),
             QString::fromStdString(m_case->opened.predictions[model].name));
}

QVariant FindingsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (!m_case || orientation != Qt::Horizontal || section >= columnCount())
        return {};
    if (role == Qt::TextAlignmentRole)
        return alignment(section);
    const int model = section - firstModelColumn();
    if (role == Qt::ToolTipRole && model >= 0)
        return QString::fromStdString(m_case->opened.predictions[static_cast<std::size_t>(model)].name);
    if (role != Qt::DisplayRole)
        return {};
    if (model >= 0)
        return shortName(m_case->opened.predictions[static_cast<std::size_t>(model)].name);
    if (!listsLesions())
        return section == 0 ? tr("structure") : tr("mL");
    return section == 0 ? tr("#") : section == 1 ? tr("mL") : tr("ref");
}

} // namespace consilium::viewer
