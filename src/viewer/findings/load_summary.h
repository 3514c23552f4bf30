// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/theme.h"
#include "viewer/findings/finding_totals.h"

#include <QWidget>

class QGridLayout;
class QToolButton;

namespace consilium::viewer {

/// How many lesions and millilitres the reference, each model and the reader have, and on request by region.
class LoadSummary : public QWidget
{
    Q_OBJECT

public:
    explicit LoadSummary(QWidget *parent = nullptr);

    void setTheme(const Theme &theme);
    void present(const LoadedCase &shown, const FindingTotals &totals);

private:
    void fill();
    void fillRegions();
    void clear(QGridLayout &grid);
    void add(QGridLayout &grid, int row, int column, const QString &text, const QString &said = {}, bool quiet = false);

    QWidget *m_regions;
    QGridLayout *m_loadGrid, *m_regionGrid;
    QToolButton *m_byRegion;
    Theme m_theme;
    QStringList m_names, m_letters; ///< of the models
    FindingTotals m_totals;
};

} // namespace consilium::viewer
