// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/theme.h"
#include "storage/study.h"

#include <QAbstractTableModel>
#include <QFrame>
#include <QStyledItemDelegate>

class QLabel;
class QTableView;

namespace consilium::dashboard {

/// What happened, newest last: time of day, sign, sentence.
class EventModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { Time, Text, ColumnCount };
    using QAbstractTableModel::QAbstractTableModel;

    /// Progress, metrics and the passing states of a round are left out: board and curves show them. True when the list
    /// changed.
    bool setEvents(const std::vector<Event> &events);
    void setTheme(const Theme &theme);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;

private:
    std::vector<Event> m_events;
    Theme m_theme;
};

class EventLog : public QFrame
{
    Q_OBJECT

public:
    explicit EventLog(QWidget *parent = nullptr);
    void setTheme(const Theme &theme);
    void setSnapshot(const storage::StudySnapshot &study);
    void clear();

private:
    EventModel *m_model;
    QTableView *m_view;
    QLabel *m_empty;
    bool m_follows = true;
};

/// The sentence of an event; a failure begins with the word that says so.
QString eventSentence(const Event &event);

} // namespace consilium::dashboard
