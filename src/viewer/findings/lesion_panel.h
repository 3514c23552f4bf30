// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/theme.h"
#include "viewer/findings/findings_model.h"

#include <QWidget>

class QLabel;
class QTableView;

namespace consilium::viewer {

/// The list of a case's lesions, or structures, with what each model made of them. Choosing a row asks to look there.
class LesionPanel : public QWidget
{
    Q_OBJECT

public:
    explicit LesionPanel(QWidget *parent = nullptr);

    void setTheme(const Theme &theme);
    void setCase(std::shared_ptr<const LoadedCase> shown);

Q_SIGNALS:
    void jumpRequested(const consilium::imaging::Vec3 &patient);

private:
    void jumpTo(const QModelIndex &index);

    QLabel *m_title;
    QLabel *m_sum;
    QTableView *m_table;
    FindingsModel *m_model;
};

} // namespace consilium::viewer
