// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/theme.h"
#include "dashboard/curve_chart.h"
#include "dashboard/event_log.h"
#include "dashboard/results_table.h"
#include "dashboard/round_board.h"

#include <QWidget>

class QLabel;
class QPushButton;
class QStackedWidget;

namespace consilium::app {

class Notice;
class OpenStudy;

/// The open study while it runs and after: round board, curves, results, log.
class FederationPage : public QWidget
{
    Q_OBJECT

public:
    FederationPage(OpenStudy &study, QWidget *parent = nullptr);
    void setTheme(const Theme &theme);

Q_SIGNALS:
    void studiesRequested();

private:
    QWidget *makeEmpty();
    QWidget *makeBoard();
    void showEmpty();
    void showStudy(const storage::StudySnapshot &study);

    OpenStudy &m_study;
    Notice *m_notice;
    QLabel *m_emptyTitle;
    QLabel *m_emptyText;
    QLabel *m_activity; ///< what the demo does after the last round
    QPushButton *m_toStudies;
    QPushButton *m_stop;
    QWidget *m_empty;
    dashboard::RoundBoard *m_board;
    dashboard::CurveChart *m_loss;
    dashboard::CurveChart *m_headline;
    dashboard::CurveChart *m_drift;
    dashboard::ResultsTable *m_results;
    dashboard::EventLog *m_log;
    QWidget *m_page;
    QStackedWidget *m_stack;
};

} // namespace consilium::app
