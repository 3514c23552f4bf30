// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "app/data_case.h"

#include <QAbstractTableModel>
#include <QHash>
#include <QSortFilterProxyModel>
#include <array>

namespace consilium::app {

/// The cases of one dataset, a row each. What a row shows is put in words once, when it arrives: asking for it is
/// cheap.
class DatasetModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { Picture, Case, Patient, Channels, Reference, Size, Spacing, Split, Quality, ColumnCount };
    enum Role {
        SortRole = Qt::UserRole, ///< what the column sorts by, a number or a text
        FileRole,                ///< of Picture: path of the first channel
        QualityRole,             ///< CaseQuality as int
        SplitRole                ///< CaseSplit as int
    };

    explicit DatasetModel(QObject *parent = nullptr);

    void clear();
    /// The names of channels and of labels or landmarks, for the rows that follow.
    void setDataset(const DatasetInfo &info);
    void append(std::vector<DataCase> cases);
    /// Verdicts on cases that are not there are left out.
    void setVerdicts(const std::vector<CaseVerdict> &verdicts);
    /// The pictures of these files have changed.
    void touchPictures(const QStringList &files);

    const DataCase &at(int row) const { return m_rows[static_cast<std::size_t>(row)].source; }
    int rowOf(const QString &caseId) const { return m_rowOfCase.value(caseId, -1); }
    /// Lower-case case, patient and reason, for the filter.
    const QString &searched(int row) const { return m_rows[static_cast<std::size_t>(row)].searched; }
    /// Whether one row comes before another by Case or Patient, numbers in them counted as such.
    bool naturalLess(int left, int right, Column column) const;

    struct Counts
    {
        int cases = 0, patients = 0, warn = 0, fail = 0, unknown = 0;
        std::array<int, 4> split{}; ///< by CaseSplit
    };
    const Counts &counts() const { return m_counts; }
    /// "38 cases of 35 patients; 1 fails QC"
    QString summary() const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role = Qt::DisplayRole) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role = Qt::DisplayRole) const override;

    static QString words(CaseSplit split);
    static QString words(CaseQuality quality);

private:
    struct Row
    {
        DataCase source;
        QString file, reference, size, spacing, quality, searched;
        QString caseKey, patientKey;
        double voxels = 0, voxelVolume = 0;
    };
    QVariant text(const Row &row, int column) const;
    QVariant sortKey(const Row &row, int column) const;
    void describeQuality(Row &row);

    DatasetInfo m_info;
    QString m_channels;
    std::vector<Row> m_rows;
    QHash<QString, int> m_rowOfCase;
    QHash<QString, int> m_rowOfFile;
    QHash<QString, int> m_casesOfPatient;
    Counts m_counts;
};

/// The cases whose words hold every word of a text, of one verdict and of one split, in the order of a column.
class DatasetFilter : public QSortFilterProxyModel
{
    Q_OBJECT

public:
    explicit DatasetFilter(DatasetModel &model, QObject *parent = nullptr);

    void setText(const QString &text);
    void setQuality(std::optional<CaseQuality> quality);
    void setSplit(std::optional<CaseSplit> split);
    bool filters() const { return !m_words.isEmpty() || m_quality || m_split; }

protected:
    bool filterAcceptsRow(int row, const QModelIndex &parent) const override;
    bool lessThan(const QModelIndex &left, const QModelIndex &right) const override;

private:
    const DatasetModel &m_model;
    QStringList m_words;
    std::optional<CaseQuality> m_quality;
    std::optional<CaseSplit> m_split;
};

} // namespace consilium::app
