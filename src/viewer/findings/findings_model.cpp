// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/findings/findings_model.h"

#include "viewer/canvas/colours.h"

#include <QLocale>
#include <algorithm>

namespace consilium::viewer {

using Column = FindingsModel::Column;

namespace {

const QString kYes = QStringLiteral("\u2713"), kNo = QStringLiteral("\u2013");

} // namespace

QString shortName(const std::string &name)
{
    return QString::fromStdString(name.substr(0, name.find(':'))).trimmed();
}

QStringList letters(const std::vector<Segmentation> &predictions)
{
    QStringList first;
    for (const Segmentation &prediction : predictions)
        first.append(QString::fromStdString(prediction.name).trimmed().left(1).toUpper());
    QStringList result;
    for (int n = 0; n < first.size(); ++n)
        result.append(first.count(first[n]) == 1 ? first[n]
                                                 : first[n] + QString::number(first.mid(0, n).count(first[n]) + 1));
    return result;
}

QString millilitreText(double millilitres)
{
    return QLocale().toString(millilitres, 'f', millilitres < 0.095 ? 3 : millilitres < 9.95 ? 2 : 1);
}

void FindingsModel::setTheme(const Theme &theme)
{
    m_quiet = colour(theme.quietText);
    m_good = colour(theme.good);
    m_bad = colour(theme.bad);
    if (rowCount() > 0)
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1), {Qt::ForegroundRole});
}

void FindingsModel::setCase(std::shared_ptr<const LoadedCase> shown)
{
    beginResetModel();
    m_case = std::move(shown);
    m_regions.clear();
    m_verdicts = LesionVerdicts(m_case ? m_case->findings.lesions.size() : 0);
    endResetModel();
}

void FindingsModel::setRegions(std::vector<imaging::LesionRegion> regions)
{
    m_regions = std::move(regions);
    if (const int where = sectionOf(Column::Where); where >= 0 && rowCount() > 0)
        Q_EMIT dataChanged(index(0, where), index(rowCount() - 1, where));
}

imaging::LesionRegion FindingsModel::region(int row) const
{
    const auto at = static_cast<std::size_t>(row);
    return at < m_regions.size() ? m_regions[at] : imaging::LesionRegion::Unknown;
}

void FindingsModel::tellVerdicts()
{
    if (const int review = sectionOf(Column::Review); review >= 0 && rowCount() > 0)
        Q_EMIT dataChanged(index(0, review), index(rowCount() - 1, review));
    Q_EMIT verdictsChanged();
}

bool FindingsModel::setVerdict(const std::vector<std::size_t> &lesions, Verdict verdict)
{
    if (!m_verdicts.set(lesions, verdict))
        return false;
    tellVerdicts();
    return true;
}

std::optional<std::size_t> FindingsModel::undo()
{
    const auto changed = m_verdicts.undo();
    if (changed.empty())
        return std::nullopt;
    tellVerdicts();
    return changed.front();
}

std::optional<std::size_t> FindingsModel::redo()
{
    const auto changed = m_verdicts.redo();
    if (changed.empty())
        return std::nullopt;
    tellVerdicts();
    return changed.front();
}

Result<> FindingsModel::readVerdicts(const Json &json)
{
    const LesionVerdicts before = m_verdicts;
    if (auto read = m_verdicts.read(json, *m_case); !read)
        return read;
    for (const Verdict verdict : {Verdict::Accepted, Verdict::Rejected}) {
        std::vector<std::size_t> decided;
        for (std::size_t n = 0; n < before.size(); ++n)
            if (before.at(n) == verdict)
                decided.push_back(n);
        m_verdicts.set(decided, verdict);
    }
    tellVerdicts();
    return {};
}

int FindingsModel::rowCount(const QModelIndex &parent) const
{
    if (!m_case || parent.isValid())
        return 0;
    return static_cast<int>(listsLesions() ? m_case->findings.lesions.size() : m_case->findings.structures.size());
}

int FindingsModel::firstModelColumn() const
{
    return !listsLesions() ? 2 : hasReference() ? 5 : 4;
}

int FindingsModel::columnCount(const QModelIndex &parent) const
{
    if (!m_case || parent.isValid())
        return 0;
    return firstModelColumn() + modelCount() + (listsLesions() ? 1 : 0);
}

Column FindingsModel::column(int section) const
{
    if (section >= firstModelColumn())
        return section < firstModelColumn() + modelCount() ? Column::Model : Column::Review;
    if (!listsLesions())
        return section == 0 ? Column::Name : Column::Millilitres;
    constexpr Column first[] = {Column::Number, Column::Millilitres, Column::Diameter, Column::Where,
                                Column::Reference};
    return first[section];
}

int FindingsModel::sectionOf(Column wanted) const
{
    for (int section = 0; section < columnCount(); ++section)
        if (column(section) == wanted)
            return section;
    return -1;
}

QString FindingsModel::modelName(int model) const
{
    return QString::fromStdString(m_case->opened.predictions[static_cast<std::size_t>(model)].name);
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

int FindingsModel::alignment(int section) const
{
    switch (column(section)) {
    case Column::Name:
    case Column::Where: return int(Qt::AlignVCenter | Qt::AlignLeft);
    case Column::Review:
    case Column::Reference: return int(Qt::AlignCenter);
    case Column::Model: return int(Qt::AlignVCenter | (listsLesions() ? Qt::AlignHCenter : Qt::AlignRight));
    default: return int(Qt::AlignVCenter | Qt::AlignRight);
    }
}

QVariant FindingsModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || !m_case)
        return {};
    if (role == Qt::TextAlignmentRole)
        return alignment(index.column());
    const auto row = static_cast<std::size_t>(index.row());
    if (listsLesions())
        return lesionData(row, index.column(), role);
    return structureData(m_case->findings.structures[row], index.column(), role);
}

QVariant FindingsModel::lesionData(std::size_t row, int section, int role) const
{
    switch (role) {
    case Qt::DisplayRole: return lesionText(row, section);
    case Qt::ToolTipRole:
    case Qt::AccessibleTextRole: return lesionWords(row, section);
    case Qt::UserRole: return lesionOrder(row, section);
    case Qt::ForegroundRole: break;
    default: return {};
    }
    if (column(section) == Column::Review && m_good.isValid())
        return m_verdicts.at(row) == Verdict::Rejected ? m_bad : m_good;
    if (lesionText(row, section) == kNo && m_quiet.isValid())
        return m_quiet;
    return {};
}

QString FindingsModel::lesionText(std::size_t row, int section) const
{
    const LesionFinding &lesion = m_case->findings.lesions[row];
    switch (column(section)) {
    case Column::Number: return QString::number(row + 1);
    case Column::Millilitres: return millilitreText(lesion.millilitres);
    case Column::Diameter: return QLocale().toString(lesion.diameter, 'f', lesion.diameter < 9.95 ? 1 : 0);
    case Column::Where: return m_regions.empty() ? QStringLiteral("\u2026") : shortRegionName(region(int(row)));
    case Column::Reference: return lesion.inReference ? kYes : kNo;
    case Column::Model: return lesion.inModel[static_cast<std::size_t>(section - firstModelColumn())] ? kYes : kNo;
    case Column::Review: break;
    case Column::Name: return {};
    }
    const Verdict verdict = m_verdicts.at(row);
    return verdict == Verdict::Accepted ? kYes : verdict == Verdict::Rejected ? QStringLiteral("\u2715") : QString();
}

QString FindingsModel::lesionWords(std::size_t row, int section) const
{
    const LesionFinding &lesion = m_case->findings.lesions[row];
    const QString value = lesionText(row, section);
    switch (column(section)) {
    case Column::Number:
        return lesion.drawnBy < 0 ? tr("Lesion %1").arg(value)
                                  : tr("Lesion %1, outlined by %2").arg(value, modelName(lesion.drawnBy));
    case Column::Millilitres: return tr("%1 mL").arg(value);
    case Column::Diameter: return tr("Longest diameter %1 mm").arg(value);
    case Column::Where:
        if (m_regions.empty())
            return tr("The place is being determined");
        return region(int(row)) == imaging::LesionRegion::Unknown ? tr("The place could not be determined")
                                                                  : regionName(region(int(row)));
    case Column::Reference: return lesion.inReference ? tr("In the reference") : tr("Not in the reference");
    case Column::Model: break;
    case Column::Review:
        switch (m_verdicts.at(row)) {
        case Verdict::Accepted: return tr("Accepted by you");
        case Verdict::Rejected: return tr("Rejected by you");
        case Verdict::None: return tr("Not yet reviewed");
        }
        return {};
    case Column::Name: return {};
    }
    const int model = section - firstModelColumn();
    const auto at = static_cast<std::size_t>(model);
    if (!lesion.inModel[at])
        return lesion.inReference ? tr("Missed by %1").arg(modelName(model))
                                  : tr("Not drawn by %1").arg(modelName(model));
    if (lesion.drawnBy == model)
        return hasReference() ? tr("Drawn by %1, not in the reference").arg(modelName(model))
                              : tr("Drawn by %1").arg(modelName(model));
    const QString amount =
        tr("covers %1 % of it, Dice %2")
            .arg(QLocale().toString(100 * lesion.covered[at], 'f', 0), QLocale().toString(lesion.dice[at], 'f', 2));
    return lesion.inReference ? tr("Found by %1: %2").arg(modelName(model), amount)
                              : tr("Drawn by %1 too: %2").arg(modelName(model), amount);
}

QVariant FindingsModel::lesionOrder(std::size_t row, int section) const
{
    const LesionFinding &lesion = m_case->findings.lesions[row];
    switch (column(section)) {
    case Column::Number: return static_cast<int>(row);
    case Column::Millilitres: return lesion.millilitres;
    case Column::Diameter: return lesion.diameter;
    case Column::Where: {
        const auto here = region(int(row));
        return here == imaging::LesionRegion::Unknown ? 1000 : static_cast<int>(here); // last
    }
    case Column::Reference: return lesion.inReference ? 1 : 0;
    case Column::Model: {
        const auto model = static_cast<std::size_t>(section - firstModelColumn());
        return lesion.inModel[model] ? 1 : 0;
    }
    case Column::Review: return static_cast<int>(m_verdicts.at(row));
    case Column::Name: break;
    }
    return {};
}

QVariant FindingsModel::structureData(const StructureFinding &structure, int section, int role) const
{
    const bool shown = role == Qt::DisplayRole, said = role == Qt::ToolTipRole || role == Qt::AccessibleTextRole;
    const bool order = role == Qt::UserRole;
    if (column(section) == Column::Name)
        return shown || said || order ? QVariant(QString::fromStdString(structure.name)) : QVariant();
    if (column(section) == Column::Millilitres) {
        const QString value = structure.millilitres ? QLocale().toString(*structure.millilitres, 'f', 2) : kNo;
        return shown   ? QVariant(value)
               : order ? QVariant(structure.millilitres.value_or(-1))
               : said  ? QVariant(tr("%1 mL in the reference").arg(value))
                       : QVariant();
    }
    const auto model = static_cast<std::size_t>(section - firstModelColumn());
    const QString dice = structure.dice[model] ? QLocale().toString(*structure.dice[model], 'f', 2) : kNo;
    if (shown)
        return dice;
    if (order)
        return structure.dice[model].value_or(-1);
    if (!said)
        return {};
    return tr("Dice %1, %2 mL: %3")
        .arg(dice, QLocale().toString(structure.modelMillilitres[model], 'f', 2), modelName(static_cast<int>(model)));
}

QVariant FindingsModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (!m_case || orientation != Qt::Horizontal || section < 0 || section >= columnCount())
        return {};
    if (role == Qt::TextAlignmentRole)
        return alignment(section);
    const bool shown = role == Qt::DisplayRole;
    if (!shown && role != Qt::ToolTipRole && role != Qt::AccessibleTextRole)
        return {};
    switch (column(section)) {
    case Column::Number: return shown ? tr("#") : tr("Number, by volume");
    case Column::Name: return tr("structure");
    case Column::Millilitres: return shown ? tr("mL") : tr("Volume in mL");
    case Column::Diameter: return shown ? tr("mm") : tr("Longest diameter in mm");
    case Column::Where: return shown ? tr("where") : tr("Where it lies");
    case Column::Reference: return shown ? tr("ref") : tr("In the reference");
    case Column::Review: return shown ? tr("you") : tr("Your verdict");
    case Column::Model: break;
    }
    const int model = section - firstModelColumn();
    if (!shown)
        return modelName(model);
    const auto &predictions = m_case->opened.predictions;
    return listsLesions() ? letters(predictions)[model] : shortName(predictions[static_cast<std::size_t>(model)].name);
}

} // namespace consilium::viewer
