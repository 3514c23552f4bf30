// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/findings/narrow_table.h"

#include "viewer/canvas/colours.h"

#include <QFontMetrics>
#include <QHeaderView>
#include <QTableView>
#include <algorithm>

namespace consilium::viewer {

namespace {

constexpr int kBeside = 3; // pixels on either side of a cell's text, as the style draws it

} // namespace

void prepareNarrowTable(QTableView &table)
{
    table.setSelectionBehavior(QAbstractItemView::SelectRows);
    table.setSelectionMode(QAbstractItemView::SingleSelection);
    table.setShowGrid(false);
    table.setFrameShape(QFrame::NoFrame);
    table.setTabKeyNavigation(false);
    table.setWordWrap(false);
    table.setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    table.verticalHeader()->hide();
    table.horizontalHeader()->setHighlightSections(false);
    table.horizontalHeader()->setSectionsClickable(true);
    table.horizontalHeader()->setMinimumSectionSize(16);
}

void styleNarrowTable(QTableView &table, const Theme &theme)
{
    QFont body = table.font(), caption = table.font();
    body.setPixelSize(theme.bodySize);
    caption.setPixelSize(theme.captionSize);
    table.setFont(body);
    table.horizontalHeader()->setFont(caption);
    table.verticalHeader()->setDefaultSectionSize(theme.row);
    // The window's own sheet leaves headers more room than columns of one mark have.
    table.setStyleSheet(QStringLiteral("QHeaderView::section { padding: %1px %2px; font-size: %3px; }"
                                       "QTableView::item { padding: 0; }")
                            .arg(theme.step)
                            .arg(kBeside)
                            .arg(theme.captionSize));
}

int textWidth(const QFontMetrics &metrics, const QStringList &texts)
{
    int widest = 0;
    for (const QString &text : texts)
        widest = std::max(widest, metrics.horizontalAdvance(text));
    return widest;
}

void setColumnWidths(QTableView &table, const std::vector<int> &widths)
{
    QHeaderView &header = *table.horizontalHeader();
    const QFontMetrics caption(header.font());
    for (int column = 0; column < static_cast<int>(widths.size()) && column < header.count(); ++column) {
        const int wanted = widths[static_cast<std::size_t>(column)];
        if (wanted == 0) {
            header.setSectionResizeMode(column, QHeaderView::Stretch);
            continue;
        }
        // With the arrow of the column that is sorted by, and without it twice.
        const QString head = table.model()->headerData(column, Qt::Horizontal).toString();
        const int arrow = head.endsWith(QChar(0x25b4)) || head.endsWith(QChar(0x25be)) ? 0 : 1;
        const int headWidth = caption.horizontalAdvance(head) + arrow * caption.horizontalAdvance(QChar(0x25be));
        header.setSectionResizeMode(column, QHeaderView::Fixed);
        header.resizeSection(column, std::max(wanted, headWidth) + 2 * kBeside);
    }
}

} // namespace consilium::viewer
