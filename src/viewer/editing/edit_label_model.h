// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "viewer/editing/label_editor.h"

#include <QAbstractTableModel>
#include <QIcon>

namespace consilium::viewer {

/// The labels of an edit as rows (label value - 1): name with its colour, volume, lock. A lock is a check box.
class EditLabelModel : public QAbstractTableModel
{
    Q_OBJECT

public:
    enum Column { Name, Volume, Lock, Columns };

    explicit EditLabelModel(LabelEditor &editor, QObject *parent = nullptr);

    /// Swatches have this rim, so that they are seen on any ground.
    void setRim(const QColor &rim);

    int rowCount(const QModelIndex &parent = {}) const override;
    int columnCount(const QModelIndex &parent = {}) const override;
    QVariant data(const QModelIndex &index, int role) const override;
    bool setData(const QModelIndex &index, const QVariant &value, int role) override;
    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
    Qt::ItemFlags flags(const QModelIndex &index) const override;

private:
    void takeList();

    QIcon swatch(const QColor &colour) const;

    LabelEditor &m_editor;
    QColor m_rim;
    int m_rows = 0;
};

} // namespace consilium::viewer
