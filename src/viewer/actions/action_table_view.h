// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/theme.h"

#include <QKeySequence>
#include <QWidget>
#include <filesystem>

class QLabel;
class QLineEdit;
class QPushButton;
class QSortFilterProxyModel;
class QTableView;

namespace consilium::viewer {

class ActionModel;
class ActionTable;

/// The table of keys to search and to change: a search line, the table whose keys are edited in place, a line that
/// tells of conflicts and offers the way out, and what can be done to one key or to all.
class ActionTableView : public QWidget
{
    Q_OBJECT

public:
    /// `table` outlives the view.
    explicit ActionTableView(ActionTable &table, QWidget *parent = nullptr);

    void setTheme(const Theme &theme);
    /// Writes, or reads, the file of keys and tells how it went.
    void exportTo(const std::filesystem::path &file);
    void importFrom(const std::filesystem::path &file);

private:
    QPushButton *addButton(const char *name, const QString &text, const QString &tip);
    QString currentId() const;
    void filter(const QString &words);
    void offer(const QString &id, const QKeySequence &first, const QString &sentence);
    void tell(const QString &sentence);
    void showChoice();

    ActionTable &m_table;
    ActionModel *m_model;
    QSortFilterProxyModel *m_shown;
    QLineEdit *m_search;
    QTableView *m_view;
    QLabel *m_message;
    QPushButton *m_take, *m_change, *m_clear, *m_reset, *m_resetAll, *m_export, *m_import;
    QString m_offeredId;
    QKeySequence m_offeredKey;
};

} // namespace consilium::viewer
