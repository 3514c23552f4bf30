// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/theme.h"
#include "dashboard/test_results.h"

#include <QFrame>

class QLabel;
class QTableWidget;

namespace consilium::dashboard {

/// The outcome of a finished study: per site, the test Dice, or share of landmarks found, of the federated model beside
/// the local models'. Hidden until there is an outcome.
class ResultsTable : public QFrame
{
    Q_OBJECT

public:
    explicit ResultsTable(QWidget *parent = nullptr);

    void setTheme(const Theme &theme);
    void setSnapshot(const storage::StudySnapshot &study);

private:
    void fill(const TestResults &results);

    Theme m_theme;
    QLabel *m_title;
    QLabel *m_summary;
    QTableWidget *m_table;
};

} // namespace consilium::dashboard
