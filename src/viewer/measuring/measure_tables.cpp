// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/measuring/measure_tables.h"

#include <QLocale>
#include <QPainter>
#include <array>
#include <cmath>

namespace consilium::viewer {

namespace {

const QString kNothing = QStringLiteral("–");

QString decimal(double value)
{
    return QLocale().toString(value, 'f', 1);
}

QString signedDecimal(double value)
{
    // What rounds to nothing has no sign.
    const double rounded = std::round(value * 10) / 10;
    return (rounded > 0 ? QStringLiteral("+") : QString()) + decimal(rounded == 0 ? 0 : rounded);
}

constexpr int kRight = static_cast<int>(Qt::AlignRight | Qt::AlignVCenter);
constexpr int kLeft = static_cast<int>(Qt::AlignLeft | Qt::AlignVCenter);

std::optional<double> identityRest(const evaluation::SpinopelvicAngles &angles)
{
    if (!angles.pelvicIncidence)
        return std::nullopt;
    return std::remainder(*angles.pelvicIncidence - (*angles.pelvicTilt + *angles.sacralSlope), 360);
}

} // namespace

QString shortSetName(const LandmarkEditor &editor, int whose)
{
    return editor.setName(whose).section(u':', 0, 0);
}

QIcon setIcon(const Theme &theme, int whose)
{
    constexpr int kSide = 16;
    QPixmap picture(kSide, kSide);
    picture.fill(colour(theme.imageBackground));
    QPainter painter(&picture);
    AnnotationPen(painter, theme)
        .marker(pointShape(whose), QPointF(kSide / 2.0, kSide / 2.0), 5, pointColour(theme, whose));
    painter.end();
    return picture;
}

LandmarkTable::LandmarkTable(LandmarkEditor &editor, QObject *parent) : QAbstractTableModel(parent), m_editor(editor)
{
    connect(&editor, &LandmarkEditor::caseChanged, this, [this] {
        beginResetModel();
        endResetModel();
    });
    // The rows stay; a drag tells of a change many times a second.
    connect(&editor, &LandmarkEditor::changed, this, [this] {
        if (rowCount() > 0)
            Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1));
    });
}

void LandmarkTable::setTheme(const Theme &theme)
{
    m_theme = theme;
    m_themed = true;
    Q_EMIT headerDataChanged(Qt::Horizontal, 0, columnCount() - 1);
}

std::vector<int> LandmarkTable::compared() const
{
    std::vector<int> sets = m_editor.sets();
    const int truth = m_editor.set(kReference) ? kReference : kReaderPoints;
    std::erase(sets, truth);
    return sets;
}

int LandmarkTable::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : m_editor.count();
}

int LandmarkTable::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : FirstError + static_cast<int>(compared().size());
}

QVariant LandmarkTable::text(int row, int column) const
{
    const imaging::Landmark &point = m_editor.point(row);
    switch (column) {
    case Name: return briefName(point.name);
    case Confidence:
        if (!m_editor.isPlaced(row))
            return kNothing;
        return point.visibility == imaging::Visibility::Occluded
                   ? tr("(%1 %)", "certainty of a hidden point").arg(std::lround(point.confidence * 100))
                   : tr("%1 %").arg(std::lround(point.confidence * 100));
    case Locked: return {};
    default: {
        const auto error = m_editor.error(compared()[static_cast<std::size_t>(column - FirstError)], row);
        return error ? decimal(*error) : kNothing;
    }
    }
}

QString LandmarkTable::spoken(int row, int column) const
{
    const imaging::Landmark &point = m_editor.point(row);
    const QString name = QString::fromStdString(point.name);
    switch (column) {
    case Name: return name;
    case Confidence:
        switch (point.visibility) {
        case imaging::Visibility::Absent: return tr("%1 is missing").arg(name);
        case imaging::Visibility::Occluded: return tr("%1 is hidden, placed by judgement").arg(name);
        case imaging::Visibility::Visible: break;
        }
        return tr("%1 % certain").arg(std::lround(point.confidence * 100));
    case Locked: return point.locked ? tr("Locked: it cannot be moved") : tr("Not locked");
    default: return tr("%1 mm").arg(text(row, column).toString());
    }
}

QVariant LandmarkTable::sortValue(int row, int column) const
{
    const imaging::Landmark &point = m_editor.point(row);
    switch (column) {
    case Name: return row; // the task's order
    case Confidence: return m_editor.isPlaced(row) ? point.confidence : -1;
    case Locked: return point.locked ? 1 : 0;
    default: return m_editor.error(compared()[static_cast<std::size_t>(column - FirstError)], row).value_or(-1);
    }
}

QVariant LandmarkTable::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount() || index.column() >= columnCount())
        return {};
    const int row = index.row(), column = index.column();
    switch (role) {
    case Qt::DisplayRole: return text(row, column);
    case Qt::ToolTipRole: return spoken(row, column);
    case Qt::EditRole:
        return column == Confidence ? QVariant(qRound(m_editor.point(row).confidence * 100)) : text(row, column);
    case Qt::CheckStateRole:
        return column == Locked ? QVariant(m_editor.point(row).locked ? Qt::Checked : Qt::Unchecked) : QVariant();
    case Qt::TextAlignmentRole: return column == Name ? kLeft : kRight;
    case Qt::AccessibleTextRole: return spoken(row, column);
    case Qt::ForegroundRole:
        return m_themed && column == Name && !m_editor.isPlaced(row) ? QVariant(colour(m_theme.quietText)) : QVariant();
    case SortRole: return sortValue(row, column);
    default: return {};
    }
}

bool LandmarkTable::setData(const QModelIndex &index, const QVariant &value, int role)
{
    if (index.column() == Locked && role == Qt::CheckStateRole)
        return m_editor.setLocked(index.row(), value.toInt() == Qt::Checked);
    if (index.column() == Confidence && role == Qt::EditRole)
        return m_editor.setConfidence(index.row(), value.toDouble() / 100);
    return false;
}

QVariant LandmarkTable::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::DecorationRole && section >= FirstError && m_themed)
        return setIcon(m_theme, compared()[static_cast<std::size_t>(section - FirstError)]);
    const QIcon lock = QIcon::fromTheme(QStringLiteral("object-locked"));
    if (role == Qt::DecorationRole && section == Locked && !lock.isNull())
        return lock;
    const bool tip = role == Qt::ToolTipRole || role == Qt::AccessibleTextRole;
    if (role != Qt::DisplayRole && !tip)
        return {};
    switch (section) {
    case Name: return tip ? tr("Name of the point; a click sorts in the task's order") : tr("Point");
    case Confidence: return tip ? tr("How certain its place is; in brackets when it is hidden") : tr("Sure");
    case Locked: return tip ? tr("Locked points cannot be moved") : lock.isNull() ? tr("Lock") : QString();
    default: {
        const int whose = compared()[static_cast<std::size_t>(section - FirstError)];
        const QString truth = m_editor.setName(m_editor.set(kReference) ? kReference : kReaderPoints);
        return tip        ? tr("%1: distance from %2 in mm; a click sorts by it").arg(m_editor.setName(whose), truth)
               : m_themed ? QString()
                          : shortSetName(m_editor, whose);
    }
    }
}

Qt::ItemFlags LandmarkTable::flags(const QModelIndex &index) const
{
    Qt::ItemFlags flags = QAbstractTableModel::flags(index);
    if (index.column() == Locked)
        flags |= Qt::ItemIsUserCheckable;
    if (index.column() == Confidence && m_editor.isPlaced(index.row()) && !m_editor.point(index.row()).locked)
        flags |= Qt::ItemIsEditable;
    return flags;
}

AngleTable::AngleTable(LandmarkEditor &editor, QObject *parent) : QAbstractTableModel(parent), m_editor(editor)
{
    connect(&editor, &LandmarkEditor::caseChanged, this, [this] {
        beginResetModel();
        endResetModel();
    });
    connect(&editor, &LandmarkEditor::changed, this,
            [this] { Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, columnCount() - 1)); });
}

int AngleTable::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(kSpinopelvicAngles.size()) + 1;
}

int AngleTable::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_editor.sets().size());
}

QVariant AngleTable::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.column() >= columnCount())
        return {};
    if (role == Qt::TextAlignmentRole)
        return kRight;
    if (role != Qt::DisplayRole && role != Qt::ToolTipRole)
        return {};
    const int whose = m_editor.sets()[static_cast<std::size_t>(index.column())];
    const auto angles = m_editor.angles(whose);
    if (index.row() == rowCount() - 1) {
        const auto rest = identityRest(angles);
        return rest ? tr("%1°").arg(signedDecimal(*rest)) : kNothing;
    }
    const auto angle = kSpinopelvicAngles[static_cast<std::size_t>(index.row())];
    const auto value = valueOf(angles, angle), truth = valueOf(m_editor.angles(kReference), angle);
    if (!value)
        return kNothing;
    if (!truth || whose == kReference)
        return tr("%1°").arg(decimal(*value));
    return tr("%1°\n%2°", "angle, difference from the reference")
        .arg(decimal(*value), signedDecimal(std::remainder(*value - *truth, 360)));
}

QVariant AngleTable::headerData(int section, Qt::Orientation orientation, int role) const
{
    const bool tip = role == Qt::ToolTipRole || role == Qt::AccessibleTextRole;
    if (role != Qt::DisplayRole && !tip)
        return {};
    if (orientation == Qt::Horizontal) {
        const int whose = m_editor.sets()[static_cast<std::size_t>(section)];
        return tip ? tr("%1; below it the difference from the reference").arg(m_editor.setName(whose))
                   : shortSetName(m_editor, whose);
    }
    if (section == rowCount() - 1)
        return tip ? tr("Pelvic incidence is the sum of tilt and slope: the rest must be 0")
                   : QStringLiteral("PI − PT − SS");
    const std::array names{tr("Sacral slope"), tr("Pelvic tilt"), tr("Pelvic incidence"),
                           tr("Lumbar lordosis, L1 to S1")};
    return tip ? names[static_cast<std::size_t>(section)]
               : QString::fromLatin1(shortName(kSpinopelvicAngles[static_cast<std::size_t>(section)]));
}

MeasurementTable::MeasurementTable(Measuring &measuring, QObject *parent)
    : QAbstractTableModel(parent), m_measuring(measuring)
{
    // While one is dragged the rows stay what they are, and so does what the reader has chosen in them.
    const auto refresh = [this, rows = 0]() mutable {
        const int now = rowCount();
        if (now != rows) {
            beginResetModel();
            endResetModel();
        } else if (now > 0) {
            Q_EMIT dataChanged(index(0, 0), index(now - 1, Value));
        }
        rows = now;
    };
    connect(&measuring.measurements(), &MeasurementList::changed, this, refresh);
    connect(&measuring, &Measuring::imageChanged, this, refresh);
}

int MeasurementTable::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_measuring.measurements().all().size());
}

int MeasurementTable::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : 2;
}

int MeasurementTable::idAt(int row) const
{
    return row >= 0 && row < rowCount() ? m_measuring.measurements().all()[static_cast<std::size_t>(row)].id : 0;
}

QVariant MeasurementTable::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const Measurement &measurement = m_measuring.measurements().all()[static_cast<std::size_t>(index.row())];
    if (role == Qt::TextAlignmentRole)
        return static_cast<int>(Qt::AlignLeft | Qt::AlignVCenter);
    if (role != Qt::DisplayRole && role != Qt::EditRole && role != Qt::ToolTipRole)
        return {};
    if (index.column() == Name)
        return QString::fromStdString(measurement.name);
    return m_measuring.measurements().describe(measurement, m_measuring.statistics(measurement)).join(u'\n');
}

bool MeasurementTable::setData(const QModelIndex &index, const QVariant &value, int role)
{
    return role == Qt::EditRole && index.column() == Name &&
           m_measuring.measurements().rename(idAt(index.row()), value.toString());
}

QVariant MeasurementTable::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    return section == Name ? tr("Name") : tr("Value");
}

Qt::ItemFlags MeasurementTable::flags(const QModelIndex &index) const
{
    const Qt::ItemFlags flags = QAbstractTableModel::flags(index);
    return index.column() == Name ? flags | Qt::ItemIsEditable : flags;
}

} // namespace consilium::viewer
