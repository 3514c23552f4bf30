// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/theme.h"
#include "storage/study.h"

#include <QTimer>
#include <QWidget>
#include <optional>

class QHBoxLayout;
class QLabel;

namespace consilium::dashboard {

class FittedTable;
class SiteTableModel;
class SiteTableDelegate;

/// The rounds of a study as a row of dots: closed, failed, in flight, to come. More rounds than fit become a bar.
class RoundDots : public QWidget
{
    Q_OBJECT

public:
    explicit RoundDots(QWidget *parent = nullptr);
    void setTheme(const Theme &theme);
    void setSnapshot(const storage::StudySnapshot &study);
    QSize sizeHint() const override;

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    Theme m_theme;
    int m_total = 0;
    int m_current = 0; ///< in flight; 0: none
    std::vector<storage::RoundRow> m_rounds;
};

/// Where a running study stands: the round and the time left, a row per site, and what went wrong in earlier rounds.
class RoundBoard : public QWidget
{
    Q_OBJECT

public:
    explicit RoundBoard(QWidget *parent = nullptr);

    void setTheme(const Theme &theme);
    void setSnapshot(const storage::StudySnapshot &study);
    void clear();
    /// Puts a button at the end of the headline.
    void addControl(QWidget *control);

private:
    void refresh(TimePoint present);
    void showNotes(const storage::StudySnapshot &study);

    std::optional<storage::StudySnapshot> m_study; ///< without the tables that are large
    QHBoxLayout *m_line;
    QLabel *m_headline;
    RoundDots *m_dots;
    QLabel *m_detail;
    QLabel *m_time;
    QLabel *m_notes;
    FittedTable *m_table;
    QLabel *m_summary; ///< of many sites
    SiteTableModel *m_model;
    SiteTableDelegate *m_delegate;
    QTimer m_clock; ///< words like "lost 00:42 ago" go on when nothing else happens
    Theme m_theme;
};

} // namespace consilium::dashboard
