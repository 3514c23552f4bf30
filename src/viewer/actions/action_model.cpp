// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/actions/action_model.h"

#include "viewer/actions/action_table.h"
#include "viewer/actions/key_name.h"

#include <QFont>
#include <algorithm>

namespace consilium::viewer {

ActionModel::ActionModel(ActionTable &table, QObject *parent)
    : QAbstractTableModel(parent), m_table(table), m_ids(table.ids())
{
    connect(&table, &ActionTable::listChanged, this, [this] {
        beginResetModel();
        m_ids = m_table.ids();
        endResetModel();
    });
    connect(&table, &ActionTable::keysChanged, this, [this](const QString &changed) {
        const auto row = static_cast<int>(m_ids.indexOf(changed));
        Q_EMIT dataChanged(index(row, Category), index(row, Key));
    });
}

int ActionModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_ids.size()) + static_cast<int>(m_table.gestures().size());
}

int ActionModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : ColumnCount;
}

QString ActionModel::id(int row) const
{
    return row >= 0 && row < m_ids.size() ? m_ids[row] : QString();
}

std::vector<QKeySequence> ActionModel::keysWith(const QString &id, const QKeySequence &first) const
{
    if (first.isEmpty())
        return {};
    auto keys = m_table.keys(id);
    if (keys.empty())
        keys.emplace_back();
    keys.front() = first;
    return keys;
}

QVariant ActionModel::data(const QModelIndex &index, int role) const
{
    if (!index.isValid())
        return {};
    if (index.row() >= m_ids.size()) {
        const auto &gesture = m_table.gestures()[static_cast<std::size_t>(index.row() - m_ids.size())];
        if (role == Qt::ToolTipRole)
            return tr("What the mouse does is changed by choosing another scheme");
        if (role != Qt::DisplayRole)
            return {};
        return index.column() == Category ? gesture.category
               : index.column() == Action ? gesture.text
                                          : gesture.gesture;
    }
    const auto &name = m_ids[index.row()];
    const auto &spec = m_table.spec(name);
    const auto &keys = m_table.keys(name);
    if (role == Qt::FontRole && index.column() == Key && m_table.isChanged(name)) {
        QFont changed;
        changed.setBold(true);
        return changed;
    }
    if (index.column() != Key)
        return role == Qt::DisplayRole ? QVariant(index.column() == Category ? spec.category : spec.text) : QVariant();
    switch (role) {
    case Qt::DisplayRole: return keyNames(keys);
    case Qt::EditRole: return QVariant::fromValue(keys.empty() ? QKeySequence() : keys.front());
    case Qt::AccessibleTextRole:
    case Qt::ToolTipRole: {
        const auto now = keys.empty() ? tr("no key") : keyNames(keys);
        if (!m_table.isChanged(name))
            return now;
        return spec.defaults.empty() ? tr("%1, by default no key").arg(now)
                                     : tr("%1, by default %2").arg(now, keyNames(spec.defaults));
    }
    default: return {};
    }
}

QVariant ActionModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return int(Qt::AlignLeft | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    return section == Category ? tr("Area") : section == Action ? tr("Action") : tr("Key");
}

Qt::ItemFlags ActionModel::flags(const QModelIndex &index) const
{
    const auto flags = QAbstractTableModel::flags(index);
    return index.column() == Key && !id(index.row()).isEmpty() ? flags | Qt::ItemIsEditable : flags;
}

bool ActionModel::setData(const QModelIndex &index, const QVariant &value, int role)
{
    const auto name = id(index.row());
    if (role != Qt::EditRole || index.column() != Key || name.isEmpty())
        return false;
    const auto first = value.value<QKeySequence>();
    const auto keys = keysWith(name, first);
    if (keys == m_table.keys(name))
        return true;
    if (const auto set = m_table.setKeys(name, keys); !set) {
        Q_EMIT refused(name, first, QString::fromStdString(set.error().line()));
        return false;
    }
    return true;
}

} // namespace consilium::viewer
