// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/fitted_table.h"

#include <QHeaderView>
#include <QScrollBar>
#include <algorithm>

namespace consilium::dashboard {

FittedTable::FittedTable(QWidget *parent) : QTableView(parent)
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Maximum);
}

void FittedTable::setRowsInSight(int least, int most)
{
    m_least = least;
    m_most = most;
    updateGeometry();
}

int FittedTable::heightOf(int rows) const
{
    const int bar = horizontalScrollBar()->maximum() > 0 ? horizontalScrollBar()->sizeHint().height() : 0;
    return horizontalHeader()->sizeHint().height() + rows * verticalHeader()->defaultSectionSize() + bar +
           2 * frameWidth();
}

QSize FittedTable::sizeHint() const
{
    return {200, heightOf(std::clamp(model() ? model()->rowCount() : 0, 1, m_most))};
}

QSize FittedTable::minimumSizeHint() const
{
    return {120, heightOf(std::clamp(model() ? model()->rowCount() : 0, 1, m_least))};
}

} // namespace consilium::dashboard
