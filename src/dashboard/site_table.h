// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dashboard/site_colours.h"
#include "dashboard/words.h"
#include "storage/study.h"

#include <QAbstractTableModel>
#include <QStyledItemDelegate>

namespace consilium::dashboard {

/// A row per site of the round in flight.
class SiteTableModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { Site, State, Cases, Headline, LastSeen, Bytes, ColumnCount };
    enum Role {
        MarkRole = Qt::UserRole, ///< int of Mark, in State
        ProgressRole,            ///< double 0 to 1, in State where a bar belongs
        SiteIndexRole            ///< int, the site's place among the sites by name
    };

    using QAbstractTableModel::QAbstractTableModel;

    /// Words that count time ("lost 00:42 ago") are as of `now`.
    void setSnapshot(const storage::StudySnapshot &study, TimePoint now);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Row
    {
        QString site;
        StateWords state;
        QString cases, headline, lastSeen, bytes, traffic;
    };
    std::vector<Row> m_rows;
    bool m_landmarks = false; ///< the study looks for landmarks
};

/// Draws the site's shape and colour before its name, and the state's sign, words and bar.
class SiteTableDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    using QStyledItemDelegate::QStyledItemDelegate;
    void setTheme(const Theme &theme) { m_theme = theme; }
    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;

private:
    Theme m_theme;
};

} // namespace consilium::dashboard
