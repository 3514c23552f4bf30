// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/editing/edit_label_model.h"

#include <QLocale>
#include <QPainter>

namespace consilium::viewer {

EditLabelModel::EditLabelModel(LabelEditor &editor, QObject *parent) : QAbstractTableModel(parent), m_editor(editor)
{
    const auto tellVolumes = [this] {
        if (m_rows > 0)
            Q_EMIT dataChanged(index(0, Volume), index(m_rows - 1, Volume));
    };
    connect(&editor, &LabelEditor::changed, this, tellVolumes);
    connect(&editor, &LabelEditor::restarted, this, tellVolumes);
    connect(&editor, &LabelEditor::labelListChanged, this, &EditLabelModel::takeList);
    takeList();
}

void EditLabelModel::takeList()
{
    const int rows = static_cast<int>(m_editor.labelList().size()) - 1;
    if (rows == m_rows) {
        Q_EMIT dataChanged(index(0, 0), index(m_rows - 1, Columns - 1));
        return;
    }
    beginResetModel();
    m_rows = rows;
    endResetModel();
}

void EditLabelModel::setRim(const QColor &rim)
{
    m_rim = rim;
    Q_EMIT dataChanged(index(0, Name), index(m_rows - 1, Name));
}

QIcon EditLabelModel::swatch(const QColor &colour) const
{
    constexpr int kSide = 12;
    QPixmap pixmap(kSide, kSide);
    pixmap.fill(m_rim.isValid() ? m_rim : colour);
    QPainter(&pixmap).fillRect(1, 1, kSide - 2, kSide - 2, colour);
    QIcon icon;
    // The style would tint the swatch of the row chosen.
    for (const auto mode : {QIcon::Normal, QIcon::Selected})
        icon.addPixmap(pixmap, mode);
    return icon;
}

int EditLabelModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : m_rows;
}

int EditLabelModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : Columns;
}

QVariant EditLabelModel::data(const QModelIndex &index, int role) const
{
    const int value = index.row() + 1;
    const EditLabel &label = m_editor.labelList()[static_cast<std::size_t>(value)];
    switch (index.column()) {
    case Name:
        if (role == Qt::DisplayRole || role == Qt::ToolTipRole)
            return label.name;
        if (role == Qt::DecorationRole && label.colour.isValid())
            return swatch(label.colour);
        if (role == Qt::AccessibleTextRole)
            return value == m_editor.activeLabel() ? tr("%1, active").arg(label.name) : label.name;
        break;
    case Volume:
        if (role == Qt::DisplayRole)
            return tr("%1 mL").arg(QLocale().toString(m_editor.millilitres(value), 'f', 2));
        if (role == Qt::TextAlignmentRole)
            return QVariant(Qt::AlignRight | Qt::AlignVCenter);
        break;
    case Lock:
        if (role == Qt::CheckStateRole)
            return label.locked ? Qt::Checked : Qt::Unchecked;
        if (role == Qt::DecorationRole)
            return QIcon::fromTheme(label.locked ? QStringLiteral("object-locked") : QStringLiteral("object-unlocked"));
        if (role == Qt::ToolTipRole)
            return tr("A locked label is never changed");
        if (role == Qt::AccessibleTextRole)
            return label.locked ? tr("%1 is locked").arg(label.name) : tr("%1 is not locked").arg(label.name);
        break;
    default: break;
    }
    return {};
}

bool EditLabelModel::setData(const QModelIndex &index, const QVariant &value, int role)
{
    if (index.column() != Lock || role != Qt::CheckStateRole)
        return false;
    m_editor.setLocked(index.row() + 1, value.toInt() == Qt::Checked);
    return true;
}

QVariant EditLabelModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    const QString names[] = {tr("Label"), tr("Volume"), tr("Lock")};
    return names[section];
}

Qt::ItemFlags EditLabelModel::flags(const QModelIndex &index) const
{
    const Qt::ItemFlags flags = Qt::ItemIsEnabled | Qt::ItemIsSelectable;
    return index.column() == Lock ? flags | Qt::ItemIsUserCheckable : flags;
}

} // namespace consilium::viewer
