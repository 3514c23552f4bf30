// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/theme.h"
#include "viewer/reading/reading_results.h"
#include "viewer/reading/reading_session.h"

#include <QAbstractTableModel>
#include <QWidget>

class QLabel;
class QPushButton;
class QTableView;

namespace consilium::viewer {

/// The rows of the results, as they stand in the CSV.
class ResultsModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    using QAbstractTableModel::QAbstractTableModel;

    void setRows(std::vector<ResultRow> rows);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::vector<ResultRow> m_rows;
};

/// The end of a session: thanks, then on request which model was which, the table and its export.
///
/// Object names: review.reading.finished, .thanks, .finishedText, .unblind, .correct, .summary, .results, .exportCsv,
/// .exportJson, .close.
class ReadingFinishedPage : public QWidget
{
    Q_OBJECT

public:
    explicit ReadingFinishedPage(QWidget *parent = nullptr);

    void setTheme(const Theme &theme);
    void setSession(std::shared_ptr<ReadingSession> session);
    /// What the page shows; nothing before it is unblinded.
    const std::optional<ReadingResults> &results() const { return m_results; }
    /// By the ending: .json, else CSV. Errors are shown. False when it failed.
    bool exportTo(const std::filesystem::path &file);

Q_SIGNALS:
    void unblinded();
    void correctionRequested(); ///< back to the cases; not offered after unblinding
    void closeRequested();

private:
    void unblind();
    void showResults();
    void chooseFile(const QString &ending);

    std::shared_ptr<ReadingSession> m_session;
    std::optional<ReadingResults> m_results;
    Theme m_theme;
    ResultsModel *m_model;
    QLabel *m_thanks, *m_text, *m_summary;
    QPushButton *m_unblind, *m_correct, *m_csv, *m_json, *m_close;
    QTableView *m_table;
};

/// The summary in sentences, one a line.
QStringList summarySentences(const ReadingResults &results, const std::vector<ReadingQuestion> &questions);

} // namespace consilium::viewer
