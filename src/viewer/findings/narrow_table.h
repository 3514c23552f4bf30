// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/theme.h"

#include <QSortFilterProxyModel>
#include <QStringList>
#include <vector>

class QFontMetrics;
class QTableView;

namespace consilium::viewer {

/// Rows sorted by Qt::UserRole; the header of the column that they are sorted by ends in an arrow. Rows that are alike
/// in it keep the order they had.
class SortedRows : public QSortFilterProxyModel
{
public:
    explicit SortedRows(QObject *parent = nullptr);

    QVariant headerData(int section, Qt::Orientation orientation, int role) const override;
};

/// What the tables of a narrow panel share: whole rows, no grid, no scrolling sideways, headers that can be clicked.
void prepareNarrowTable(QTableView &table);
/// Fonts, rows and little room beside the text; its header stands out by colour alone.
void styleNarrowTable(QTableView &table, const Theme &theme);

/// Pixels that the longest of the texts takes.
int textWidth(const QFontMetrics &metrics, const QStringList &texts);
/// Each column as wide as its text (see textWidth) or its header as it is now, with the room beside it; 0 lets one
/// stretch.
void setColumnWidths(QTableView &table, const std::vector<int> &widths);

} // namespace consilium::viewer
