// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/theme.h"
#include "storage/study.h"

#include <QFrame>

class QLabel;

namespace consilium::dashboard {

class FittedTable;
class ResultsDelegate;
class ResultsModel;

/// The outcome of a study as a matrix: the test Dice, or share of landmarks found, of every model at every site, with
/// the number of cases and lesions beside it. Hidden until there is an outcome.
class ResultsTable : public QFrame
{
    Q_OBJECT

public:
    explicit ResultsTable(QWidget *parent = nullptr);

    void setTheme(const Theme &theme);
    void setSnapshot(const storage::StudySnapshot &study);

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    QString summary(bool landmarks) const;
    void layOut();

    Theme m_theme;
    QLabel *m_title;
    QLabel *m_key;
    QLabel *m_summary;
    FittedTable *m_table;
    ResultsModel *m_model;
    ResultsDelegate *m_delegate;
    int m_bestRound = 0;
};

} // namespace consilium::dashboard
