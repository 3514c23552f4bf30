// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QAbstractTableModel>
#include <QKeySequence>

namespace consilium::viewer {

class ActionTable;

/// The table of keys as rows: category, action, key. Actions first, in the order of addition, then what the mouse does.
/// EditRole of an action's key is its first QKeySequence; setting it replaces that one and leaves the alternatives, an
/// empty one removes all.
class ActionModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { Category, Action, Key, ColumnCount };

    /// `table` outlives the model.
    explicit ActionModel(ActionTable &table, QObject *parent = nullptr);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;
    bool setData(const QModelIndex &index, const QVariant &value, int role) override;

    /// Empty for a row of the mouse.
    QString id(int row) const;
    /// What an action's keys would be if its first became `first`.
    std::vector<QKeySequence> keysWith(const QString &id, const QKeySequence &first) const;

Q_SIGNALS:
    /// The key was not set, since it belongs to another action.
    void refused(const QString &id, const QKeySequence &first, const QString &sentence);

private:
    ActionTable &m_table;
    QStringList m_ids;
};

} // namespace consilium::viewer
