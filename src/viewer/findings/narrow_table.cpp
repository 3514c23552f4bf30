// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/findings/narrow_table.h"

#include "viewer/canvas/colours.h"

#include <QApplication>
#include <QFontMetrics>
#include <QHeaderView>
#include <QPainter>
#include <QStyledItemDelegate>
#include <QTableView>
#include <algorithm>

namespace consilium::viewer {

namespace {

constexpr int kBeside = 3; // pixels on either side of a cell's text

// Styles leave more room around a cell's text than columns of one mark have.
class NarrowCells : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        QStyleOptionViewItem cell = option;
        initStyleOption(&cell, index);
        const QString text = cell.text;
        cell.text.clear();
        const QStyle *style = cell.widget ? cell.widget->style() : QApplication::style();
        style->drawControl(QStyle::CE_ItemViewItem, &cell, painter, cell.widget);
        const bool selected = cell.state & QStyle::State_Selected;
        painter->setPen(cell.palette.color(selected ? QPalette::HighlightedText : QPalette::Text));
        painter->setFont(cell.font);
        const QRect room = cell.rect.adjusted(kBeside, 0, -kBeside, 0);
        painter->drawText(room, static_cast<int>(cell.displayAlignment) | Qt::TextSingleLine,
                          cell.fontMetrics.elidedText(text, Qt::ElideRight, room.width()));
    }
};

} // namespace

SortedRows::SortedRows(QObject *parent) : QSortFilterProxyModel(parent)
{
    setSortRole(Qt::UserRole);
    setSortCaseSensitivity(Qt::CaseInsensitive);
}

QVariant SortedRows::headerData(int section, Qt::Orientation orientation, int role) const
{
    const QVariant text = sourceModel() ? sourceModel()->headerData(section, orientation, role) : QVariant();
    if (role != Qt::DisplayRole || section != sortColumn() || !text.isValid())
        return text;
    return text.toString() + (sortOrder() == Qt::AscendingOrder ? QChar(0x25b4) : QChar(0x25be));
}

void prepareNarrowTable(QTableView &table)
{
    table.setItemDelegate(new NarrowCells(&table));
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
    return widest + 1; // the metrics round, and text is cut for the fraction of a pixel
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
        const int headWidth = caption.horizontalAdvance(table.model()->headerData(column, Qt::Horizontal).toString());
        header.setSectionResizeMode(column, QHeaderView::Fixed);
        header.resizeSection(column, std::max(wanted, headWidth) + 2 * kBeside);
    }
}

} // namespace consilium::viewer
