// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/theme.h"
#include "viewer/findings/lesion_filter.h"
#include "viewer/findings/prior_comparison.h"

#include <QWidget>
#include <filesystem>
#include <string>

class QAction;
class QLabel;
class QMenu;
class QTabWidget;
class QTableView;
class QToolButton;

namespace consilium::viewer {

class LesionChangeView;
class LesionFilterBar;
class LoadSummary;
class VerdictFile;

/// The list of a case's lesions, or structures, with what each model made of them. Choosing a row asks to look there; a
/// reader accepts or rejects lesions one by one, with undo. A second tab shows what changed since an earlier
/// examination. In the list Y accepts, N rejects, E edits, the full stop and the comma go to the next and the previous
/// lesion that is not reviewed yet, Ctrl+Z and Ctrl+Shift+Z undo and redo.
class LesionPanel : public QWidget
{
    Q_OBJECT

public:
    explicit LesionPanel(QWidget *parent = nullptr);
    ~LesionPanel() override;

    void setTheme(const Theme &theme);
    /// Nothing is decided about it, and verdicts are not kept until setVerdictFile.
    void setCase(std::shared_ptr<const LoadedCase> shown);
    /// Where this reader's verdicts on the case are (see verdictFile); they are read, and kept after every change.
    void setVerdictFile(const std::filesystem::path &file, const std::string &reader);

    /// Titles of the cases that can be chosen as the earlier examination.
    void setPriorCandidates(const QStringList &titles);
    void setPrior(std::shared_ptr<const LoadedCase> prior); ///< what priorRequested asked for, read
    void tellPriorFailed(const QString &message);

    const LesionVerdicts &verdicts() const { return m_model->verdicts(); }
    const std::vector<imaging::LesionRegion> &regions() const { return m_model->regions(); }

public Q_SLOTS:
    void acceptCurrent();
    void rejectCurrent();
    void editCurrent();
    void undo();
    void redo();
    void nextNotReviewed();
    void previousNotReviewed();
    void acceptShown();

Q_SIGNALS:
    void jumpRequested(const consilium::imaging::Vec3 &patient);
    /// `segmentation`: whose outline is to be edited: -1 the reference, else a prediction.
    void editRequested(const consilium::imaging::Vec3 &patient, int segmentation);
    void verdictsChanged();
    void regionsChanged();              ///< the places of the lesions are known
    void priorRequested(int candidate); ///< index of setPriorCandidates; -1: files are to be chosen
    void priorCompared(std::shared_ptr<const consilium::viewer::ComparedCases> result);
    void statusMessage(const QString &message);
    void errorOccurred(const QString &message);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    QWidget *makeList();
    QWidget *makeActions();
    QToolButton *makeButton(const char *name, const char *icon, const QString &text, const QString &tip);
    void connectList();
    void fillMenu();
    void setUpColumns();
    void jumpTo(const QModelIndex &index);
    void sortBy(int column);
    void decide(Verdict verdict);
    int currentFinding() const; ///< -1 without one
    void select(int row);       ///< and look there
    void selectFinding(std::size_t finding);
    void refresh();     ///< titles, totals, what can be pressed
    void refreshList(); ///< how many are shown and reviewed
    QString headline() const;
    void keep();
    void exportTable();

    std::shared_ptr<const LoadedCase> m_case;
    FindingsModel *m_model;
    LesionFilter *m_filter;
    LesionLocator *m_locator;
    VerdictFile *m_file;
    std::string m_reader;
    Theme m_theme;
    bool m_quiet = false; ///< the current row changes, but nobody chose it

    QLabel *m_title, *m_sum, *m_shown;
    QTabWidget *m_tabs;
    LoadSummary *m_load;
    LesionFilterBar *m_filterBar;
    QTableView *m_table;
    QWidget *m_actions;
    QToolButton *m_accept, *m_reject, *m_edit, *m_undo, *m_redo, *m_previous, *m_next, *m_more;
    QMenu *m_menu;
    LesionChangeView *m_change;
};

} // namespace consilium::viewer
