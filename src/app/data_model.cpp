// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/data_model.h"

#include <QLocale>
#include <algorithm>

namespace consilium::app {

namespace {

QString display(const std::filesystem::path &path)
{
    return QString::fromStdU16String(path.u16string());
}

QString sizeWords(const imaging::Index3 &size)
{
    if (size[0] == 0)
        return {};
    auto text = QStringLiteral("%1 × %2").arg(size[0]).arg(size[1]);
    return size[2] > 1 ? text + QStringLiteral(" × %1").arg(size[2]) : text;
}

QString spacingWords(const imaging::Vec3 &spacing, bool flat)
{
    if (spacing[0] <= 0)
        return {};
    const QLocale locale;
    const auto number = [&locale](double value) { return locale.toString(value, 'g', 3); };
    auto text = number(spacing[0]) + QStringLiteral(" × ") + number(spacing[1]);
    if (!flat)
        text += QStringLiteral(" × ") + number(spacing[2]);
    return text + QStringLiteral(" mm");
}

/// Sorts "case-2" before "case-10" whatever the locale: numbers are filled up to one length.
QString naturalKey(const QString &text)
{
    constexpr qsizetype digits = 12;
    QString key, number;
    const auto flush = [&] {
        if (!number.isEmpty())
            key += number.rightJustified(digits, QLatin1Char('0'));
        number.clear();
    };
    for (const auto character : text) {
        if (character >= QLatin1Char('0') && character <= QLatin1Char('9')) {
            number += character;
        } else {
            flush();
            key += character.toLower();
        }
    }
    flush();
    return key;
}

} // namespace

DatasetModel::DatasetModel(QObject *parent) : QAbstractTableModel(parent) {}

QString DatasetModel::words(CaseSplit split)
{
    switch (split) {
    case CaseSplit::Unknown: break;
    case CaseSplit::Training: return tr("training");
    case CaseSplit::Validation: return tr("validation");
    case CaseSplit::Test: return tr("test");
    }
    return {};
}

QString DatasetModel::words(CaseQuality quality)
{
    switch (quality) {
    case CaseQuality::Unknown: return tr("not checked");
    case CaseQuality::Pass: return tr("passes");
    case CaseQuality::Warn: return tr("look at it");
    case CaseQuality::Fail: return tr("fails");
    }
    return {};
}

void DatasetModel::clear()
{
    beginResetModel();
    m_info = {};
    m_channels.clear();
    m_rows.clear();
    m_rowOfCase.clear();
    m_rowOfFile.clear();
    m_casesOfPatient.clear();
    m_counts = {};
    endResetModel();
}

void DatasetModel::setDataset(const DatasetInfo &info)
{
    m_info = info;
    m_channels = info.channels.join(QStringLiteral(", "));
}

void DatasetModel::describeQuality(Row &row)
{
    const auto &source = row.source;
    row.quality = source.reason.isEmpty() ? words(source.quality)
                                          : QStringLiteral("%1: %2").arg(words(source.quality), source.reason);
    row.searched = (source.id + QLatin1Char('\n') + source.patient + QLatin1Char('\n') + row.quality +
                    QLatin1Char('\n') + row.reference)
                       .toLower();
}

void DatasetModel::append(std::vector<DataCase> cases)
{
    if (cases.empty())
        return;
    const int first = rowCount();
    beginInsertRows({}, first, first + static_cast<int>(cases.size()) - 1);
    m_rows.reserve(m_rows.size() + cases.size());
    for (auto &source : cases) {
        Row row{std::move(source), {}, {}, {}, {}, {}, {}, {}, {}};
        const auto &one = row.source;
        if (!one.channels.empty())
            row.file = display(one.channels.front());
        row.reference = !one.labels.empty() ? tr("labels") : !one.landmarks.empty() ? tr("landmarks") : tr("none");
        row.size = sizeWords(one.size);
        row.spacing = spacingWords(one.spacing, one.size[2] == 1);
        row.voxels = double(one.size[0]) * one.size[1] * one.size[2];
        row.voxelVolume = one.spacing[0] * one.spacing[1] * one.spacing[2];
        row.caseKey = naturalKey(one.id);
        row.patientKey = naturalKey(one.patient);
        describeQuality(row);
        const int number = static_cast<int>(m_rows.size());
        m_rowOfCase.insert(one.id, number);
        m_rowOfFile.insert(row.file, number);
        ++m_casesOfPatient[one.patient];
        ++m_counts.split[static_cast<std::size_t>(one.split)];
        m_counts.warn += one.quality == CaseQuality::Warn;
        m_counts.fail += one.quality == CaseQuality::Fail;
        m_counts.unknown += one.quality == CaseQuality::Unknown;
        m_rows.push_back(std::move(row));
    }
    m_counts.cases = static_cast<int>(m_rows.size());
    m_counts.patients = static_cast<int>(m_casesOfPatient.size());
    endInsertRows();
}

void DatasetModel::setVerdicts(const std::vector<CaseVerdict> &verdicts)
{
    int low = rowCount(), high = -1;
    for (const auto &verdict : verdicts) {
        const int number = rowOf(verdict.id);
        if (number < 0)
            continue;
        auto &row = m_rows[static_cast<std::size_t>(number)];
        const auto count = [this](CaseQuality quality, int change) {
            m_counts.warn += quality == CaseQuality::Warn ? change : 0;
            m_counts.fail += quality == CaseQuality::Fail ? change : 0;
            m_counts.unknown += quality == CaseQuality::Unknown ? change : 0;
        };
        count(row.source.quality, -1);
        count(verdict.quality, 1);
        row.source.quality = verdict.quality;
        row.source.reason = verdict.reason;
        describeQuality(row);
        low = std::min(low, number);
        high = std::max(high, number);
    }
    if (high >= 0)
        Q_EMIT dataChanged(index(low, Quality), index(high, Quality));
}

void DatasetModel::touchPictures(const QStringList &files)
{
    for (const auto &file : files)
        if (const int row = m_rowOfFile.value(file, -1); row >= 0)
            Q_EMIT dataChanged(index(row, Picture), index(row, Picture), {Qt::DecorationRole});
}

QString DatasetModel::summary() const
{
    const auto &[cases, patients, warn, fail, unknown, split] = m_counts;
    if (cases == 0)
        return {};
    auto text = cases == 1 ? tr("1 case") : tr("%n cases", nullptr, cases);
    text = tr("%1 of %2").arg(text, patients == 1 ? tr("1 patient") : tr("%n patients", nullptr, patients));
    if (fail > 0)
        text += QStringLiteral("; ") + (fail == 1 ? tr("1 fails QC") : tr("%n fail QC", nullptr, fail));
    if (warn > 0)
        text += QStringLiteral("; ") + (warn == 1 ? tr("1 to look at") : tr("%n to look at", nullptr, warn));
    if (unknown > 0)
        text += QStringLiteral("; ") + (unknown == cases ? tr("QC not done") : tr("%n not checked", nullptr, unknown));
    else if (fail == 0 && warn == 0)
        text += QStringLiteral("; ") + tr("all pass QC");
    return text;
}

int DatasetModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int DatasetModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QVariant DatasetModel::text(const Row &row, int column) const
{
    switch (column) {
    case Case: return row.source.id;
    case Patient: return row.source.patient;
    case Channels: return m_channels;
    case Reference: return row.reference;
    case Size: return row.size;
    case Spacing: return row.spacing;
    case Split: return words(row.source.split);
    case Quality: return row.quality;
    default: return {};
    }
}

QVariant DatasetModel::sortKey(const Row &row, int column) const
{
    switch (column) {
    case Size: return row.voxels;
    case Spacing: return row.voxelVolume;
    case Split: return static_cast<int>(row.source.split);
    case Quality: return static_cast<int>(row.source.quality);
    default: return text(row, column);
    }
}

QVariant DatasetModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid() || index.row() >= rowCount())
        return {};
    const auto &row = m_rows[static_cast<std::size_t>(index.row())];
    switch (role) {
    case Qt::DisplayRole: return text(row, index.column());
    case Qt::ToolTipRole: return index.column() == Quality ? row.quality : QVariant();
    case Qt::AccessibleTextRole:
        return index.column() == Picture ? tr("Middle slice of %1").arg(row.source.id) : text(row, index.column());
    case SortRole: return sortKey(row, index.column());
    case FileRole: return row.file;
    case QualityRole: return static_cast<int>(row.source.quality);
    case SplitRole: return static_cast<int>(row.source.split);
    default: return {};
    }
}

QVariant DatasetModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int(Qt::AlignLeft | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    switch (section) {
    case Case: return tr("Case");
    case Patient: return tr("Patient");
    case Channels: return tr("Channels");
    case Reference: return tr("Reference");
    case Size: return tr("Voxels");
    case Spacing: return tr("Spacing");
    case Split: return tr("Split");
    case Quality: return tr("Quality check");
    default: return {};
    }
}

bool DatasetModel::naturalLess(int left, int right, Column column) const
{
    const auto &a = m_rows[static_cast<std::size_t>(left)], &b = m_rows[static_cast<std::size_t>(right)];
    return column == Patient ? a.patientKey < b.patientKey : a.caseKey < b.caseKey;
}

DatasetFilter::DatasetFilter(DatasetModel &model, QObject *parent) : QSortFilterProxyModel(parent), m_model(model)
{
    setSourceModel(&model);
    setSortRole(DatasetModel::SortRole);
}

void DatasetFilter::setText(const QString &text)
{
    m_words = text.toLower().split(QLatin1Char(' '), Qt::SkipEmptyParts);
    invalidateFilter();
}

void DatasetFilter::setQuality(std::optional<CaseQuality> quality)
{
    m_quality = quality;
    invalidateFilter();
}

void DatasetFilter::setSplit(std::optional<CaseSplit> split)
{
    m_split = split;
    invalidateFilter();
}

bool DatasetFilter::filterAcceptsRow(int row, const QModelIndex &) const
{
    const auto &entry = m_model.at(row);
    if ((m_quality && entry.quality != *m_quality) || (m_split && entry.split != *m_split))
        return false;
    const auto &searched = m_model.searched(row);
    return std::ranges::all_of(m_words, [&searched](const QString &word) { return searched.contains(word); });
}

bool DatasetFilter::lessThan(const QModelIndex &left, const QModelIndex &right) const
{
    const auto column = static_cast<DatasetModel::Column>(left.column());
    if (column == DatasetModel::Case || column == DatasetModel::Picture || column == DatasetModel::Patient)
        return m_model.naturalLess(left.row(), right.row(), column);
    const auto a = left.data(sortRole()), b = right.data(sortRole());
    if (a.typeId() == QMetaType::QString)
        return a.toString() < b.toString();
    return a.toDouble() < b.toDouble();
}

} // namespace consilium::app
