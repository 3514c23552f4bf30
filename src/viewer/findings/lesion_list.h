// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/theme.h"
#include "viewer/findings/lesion_filter.h"

#include <QWidget>

class QLabel;
class QTableView;
class QToolButton;

namespace consilium::viewer {

class LesionFilterBar;

/// The table of a case's findings with what narrows it down and, for lesions, what a reader decides about each.
/// Choosing a row asks to look there; sorting and narrowing down keep the chosen row and ask for nothing. In the table
/// Y accepts, N rejects, E edits, the full stop and the comma go to the next and the previous lesion that is not
/// reviewed yet, Ctrl+Z and Ctrl+Shift+Z undo and redo.
class LesionList : public QWidget
{
    Q_OBJECT

public:
    explicit LesionList(FindingsModel &findings, QWidget *parent = nullptr);

    void setTheme(const Theme &theme);
    void setCase(std::shared_ptr<const LoadedCase> shown); ///< sets it in the model too; all lesions, by volume
    void setRegions(const std::vector<imaging::LesionRegion> &regions); ///< sets them in the model too

    std::vector<std::size_t> shown() const { return m_filter->shown(); } ///< findings, in the order listed
    void sortBy(int section); ///< the other way round when it is sorted by that already

public Q_SLOTS:
    /// A verdict goes on to the next lesion that has none; the same verdict again takes it back.
    void acceptCurrent();
    void rejectCurrent();
    void editCurrent();
    void undo();
    void redo();
    void nextNotReviewed();
    void previousNotReviewed();
    void acceptShown(); ///< one step for undo

Q_SIGNALS:
    void jumpRequested(const consilium::imaging::Vec3 &patient);
    /// `segmentation`: whose outline is to be edited: -1 the reference, else a prediction.
    void editRequested(const consilium::imaging::Vec3 &patient, int segmentation);

protected:
    bool eventFilter(QObject *watched, QEvent *event) override;

private:
    QWidget *makeActions();
    QToolButton *makeButton(const char *name, const char *icon, const QString &text, const QString &tip);
    void connectAll();
    void setUpColumns();
    int widthOf(int section) const;
    void jumpTo(const QModelIndex &index);
    void decide(Verdict verdict);
    int currentFinding() const; ///< -1 without one
    void select(int row);       ///< and look there
    void selectFinding(std::optional<std::size_t> finding);
    void refresh();
    template <typename Act>
    void quietly(Act act);

    FindingsModel &m_model;
    LesionFilter *m_filter;
    LesionFilterBar *m_filterBar;
    QTableView *m_table;
    QWidget *m_actions;
    QLabel *m_shown;
    QToolButton *m_accept, *m_reject, *m_edit, *m_undo, *m_redo, *m_previous, *m_next;
    bool m_quiet = false; ///< the current row changes, but nobody chose it
};

} // namespace consilium::viewer
