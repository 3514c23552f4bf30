// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/theme.h"
#include "dashboard/site_colours.h"
#include "dashboard/test_results.h"

#include <QAbstractTableModel>

namespace consilium::dashboard {

/// The models (rows) tested at every site (columns), the mean over the sites first.
class ResultsModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Role { SupportRole = Qt::UserRole }; ///< "6", or "6 · 14": cases, and lesions where they were counted

    using QAbstractTableModel::QAbstractTableModel;

    /// `colours`: of all the study's sites, so that a site looks as it does elsewhere.
    void setResults(TestResults results, const SiteColours &colours, const storage::StudySnapshot &study);
    void setTheme(const Theme &theme);
    const TestResults &results() const { return m_results; }
    /// What the lesions are called: "lesions" where the task names them so, else "regions".
    QString lesionWord() const { return m_countsLesions ? tr("lesions") : tr("regions"); }

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    const TestCell &cell(const QModelIndex &index) const;
    QString rowName(const TestRow &row) const;
    QString rowTip(const TestRow &row) const;
    QString support(const TestCell &cell) const;
    QString cellTip(const TestRow &row, const TestCell &cell, int column) const;

    TestResults m_results;
    SiteColours m_colours;
    Theme m_theme;
    bool m_countsLesions = false;
    int m_bestRound = 0;
};

} // namespace consilium::dashboard
