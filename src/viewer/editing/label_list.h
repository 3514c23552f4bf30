// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/theme.h"
#include "viewer/editing/label_editor.h"

#include <QWidget>

class QLabel;
class QTableView;

namespace consilium::viewer {

class EditLabelModel;

/// The labels with colour, name, volume and lock; the row chosen is the active label, said in words below.
/// Object names: review.edit.labels (table), review.edit.activeLabel.
class LabelList : public QWidget
{
    Q_OBJECT

public:
    explicit LabelList(LabelEditor &editor, QWidget *parent = nullptr);

    void setTheme(const Theme &theme);

private:
    void showActive();
    void fitRows();

    LabelEditor &m_editor;
    EditLabelModel *m_model;
    QTableView *m_table;
    QLabel *m_active;
};

} // namespace consilium::viewer
