// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QTableView>

namespace consilium::dashboard {

/// A table that asks for the height of its rows, gives way where the page is short, and scrolls what is left.
class FittedTable : public QTableView
{
    Q_OBJECT

public:
    explicit FittedTable(QWidget *parent = nullptr);

    /// Asks for at most `most` rows and keeps `least` of them in sight, or as many as there are.
    void setRowsInSight(int least, int most);
    QSize sizeHint() const override;
    QSize minimumSizeHint() const override;

private:
    int heightOf(int rows) const;

    int m_least = 3;
    int m_most = 10;
};

} // namespace consilium::dashboard
