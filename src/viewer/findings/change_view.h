// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "viewer/findings/change_model.h"
#include "viewer/findings/narrow_table.h"

#include <QWidget>

class QGridLayout;
class QLabel;
class QProgressBar;
class QPushButton;
class QStackedWidget;
class QTableView;

namespace consilium::viewer {

/// What changed since an earlier examination of the same patient: counts and millilitres by kind, and a list to jump.
class LesionChangeView : public QWidget
{
    Q_OBJECT

public:
    explicit LesionChangeView(QWidget *parent = nullptr);

    void setTheme(const Theme &theme);
    void setCase(std::shared_ptr<const LoadedCase> current); ///< nothing is compared with it yet
    void setRegions(const std::vector<imaging::LesionRegion> &regions);
    void setPriorCandidates(const QStringList &titles);
    /// Starts the comparison; nullptr ends one that is under way.
    void setPrior(std::shared_ptr<const LoadedCase> prior);
    void tellFailure(const QString &message); ///< the earlier examination could not be opened

Q_SIGNALS:
    void priorRequested(int candidate); ///< -1: from a file
    void jumpRequested(const consilium::imaging::Vec3 &patient);
    void compared(std::shared_ptr<const consilium::viewer::ComparedCases> result);

private:
    QWidget *makeInvitation();
    QWidget *makeWork();
    QWidget *makeResult();
    QPushButton *makeChooser(const char *name);
    void fillMenus();
    void present(std::shared_ptr<const ComparedCases> result);
    void fillTotals(const LesionChange &change);
    void sortBy(int column);
    void setUpColumns();

    std::shared_ptr<const LoadedCase> m_current;
    PriorComparison *m_comparison;
    ChangeModel *m_model;
    SortedRows *m_sorted;
    QStackedWidget *m_pages;
    QLabel *m_invitation, *m_failure, *m_work, *m_net, *m_alignment;
    QProgressBar *m_progress;
    QGridLayout *m_totals;
    QTableView *m_table;
    std::vector<QPushButton *> m_choosers;
    QStringList m_candidates;
    Theme m_theme;
    bool m_quiet = false; ///< the current row changes, but nobody chose it
};

} // namespace consilium::viewer
