// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "dashboard/site_colours.h"
#include "dashboard/site_figures.h"
#include "dashboard/words.h"
#include "storage/study.h"

#include <QAbstractTableModel>
#include <QStyledItemDelegate>

namespace consilium::dashboard {

/// With more sites than these, those that need attention come first and a line says how many do what.
constexpr std::size_t mostSitesByName = 24;

/// A row per site of the round in flight: by name, or many sites by what they do (lost or refused, at work, waiting,
/// counted) and then by name.
class SiteTableModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { Site, State, Cases, Headline, Drift, LastSeen, Bytes, ColumnCount };
    enum Role {
        MarkRole = Qt::UserRole, ///< int of Mark, in State, and in Drift where it warns
        ProgressRole,            ///< double 0 to 1, in State where a bar belongs
        SiteIndexRole            ///< int, the site's place among the sites by name
    };

    using QAbstractTableModel::QAbstractTableModel;

    /// Words that count time ("lost 00:42 ago") are as of `now`.
    void setSnapshot(const storage::StudySnapshot &study, TimePoint now);
    /// Lets the words that count time go on; nothing else changes.
    void setTime(TimePoint now);
    /// "1000 sites: 12 lost or not counted, 40 at work, 948 counted"; empty while few sites are shown by name.
    QString summary() const;

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;

private:
    struct Row
    {
        storage::SiteRow site;
        SiteFigures figures;
        int index = 0; ///< among the sites by name
        StateWords state;
        QString lastSeen;
    };
    QString bytes(const Row &row) const;
    QString tip(const Row &row, int column) const;
    void putInWords(std::vector<Row> &rows, TimePoint now) const;

    std::vector<std::string> m_names;
    std::vector<Row> m_rows;
    storage::StudySnapshot m_study; ///< without its tables
    bool m_byRound = false;         ///< bytes were counted by round
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
