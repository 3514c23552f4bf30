// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/theme.h"
#include "viewer/reading/reading_session.h"

#include <QAbstractTableModel>
#include <QWidget>

class QLabel;
class QProgressBar;
class QTableView;

namespace consilium::viewer {

/// The cases of a session in reading order: number, case, state (a sign and a word), time.
class ReadingWorklistModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    using QAbstractTableModel::QAbstractTableModel;

    void setSession(std::shared_ptr<const ReadingSession> session);
    /// Of the same session.
    void refresh();

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    std::shared_ptr<const ReadingSession> m_session;
};

/// What is read and what is left. Choosing a case asks for it.
///
/// Object names: review.reading.worklist, .title, .progress, .progressText, .timeLeft, .cases.
class ReadingWorklist : public QWidget
{
    Q_OBJECT

public:
    explicit ReadingWorklist(QWidget *parent = nullptr);

    void setTheme(const Theme &theme);
    void setSession(std::shared_ptr<const ReadingSession> session);
    /// After an answer or a change of case (ReadingPanel::sessionChanged).
    void refresh();

Q_SIGNALS:
    void readingChosen(int reading);

private:
    std::shared_ptr<const ReadingSession> m_session;
    ReadingWorklistModel *m_model;
    QLabel *m_title, *m_progressText, *m_timeLeft;
    QProgressBar *m_progress;
    QTableView *m_table;
};

/// "less than a minute", "12 min", "2 h 5 min".
QString durationText(std::chrono::milliseconds time);

} // namespace consilium::viewer
