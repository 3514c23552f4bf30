// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/results_table.h"

#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QTableWidget>
#include <QVBoxLayout>
#include <cmath>

namespace consilium::dashboard {

namespace {

QString number(const std::optional<double> &value)
{
    return value ? QLocale().toString(*value, 'f', 3) : QStringLiteral("–");
}

} // namespace

ResultsTable::ResultsTable(QWidget *parent)
    : QFrame(parent), m_title(new QLabel), m_summary(new QLabel), m_table(new QTableWidget)
{
    setProperty("role", "card");
    m_title->setProperty("role", "heading");
    m_summary->setProperty("role", "quiet");
    m_summary->setWordWrap(true);
    m_table->setObjectName("federation.results.table");
    m_table->setProperty("role", "rows");
    m_table->setColumnCount(5);
    m_table->setHorizontalHeaderLabels(
        {tr("Tested at"), tr("Cases"), tr("Federated"), tr("Own local model"), tr("Other sites' models")});
    m_table->horizontalHeaderItem(0)->setTextAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_table->horizontalHeaderItem(4)->setToolTip(tr("Mean of the models that the other sites trained alone"));
    m_table->verticalHeader()->hide();
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->setShowGrid(false);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setFocusPolicy(Qt::NoFocus);
    m_table->setSelectionMode(QAbstractItemView::NoSelection);
    m_table->setEditTriggers(QAbstractItemView::NoEditTriggers);
    m_table->setVerticalScrollBarPolicy(Qt::ScrollBarAlwaysOff);

    auto *layout = new QVBoxLayout(this);
    layout->addWidget(m_title);
    layout->addWidget(m_summary);
    layout->addWidget(m_table);
    hide();
}

void ResultsTable::setTheme(const Theme &theme)
{
    m_theme = theme;
    layout()->setContentsMargins(3 * theme.step, 2 * theme.step, 3 * theme.step, 2 * theme.step);
    layout()->setSpacing(theme.step);
    m_table->verticalHeader()->setDefaultSectionSize(theme.row);
}

void ResultsTable::setSnapshot(const storage::StudySnapshot &study)
{
    const auto results = testResults(study);
    setVisible(!results.rows.empty());
    m_title->setText(study.plan.data.landmarks.empty() ? tr("Test Dice of the federated model")
                                                       : tr("Landmarks found by the federated model in tests"));
    if (!results.rows.empty())
        fill(results);
}

void ResultsTable::fill(const TestResults &results)
{
    const auto &mean = results.mean;
    if (mean.federated && mean.others) {
        const double gain = *mean.federated - *mean.others;
        const auto size = QLocale().toString(std::abs(gain), 'f', 3);
        m_summary->setText(
            (gain >= 0 ? tr("On cases kept out of all training. The federated model scores %1 higher on average than a "
                            "model that another site trained alone.")
                       : tr("On cases kept out of all training. The federated model scores %1 lower on average than a "
                            "model that another site trained alone."))
                .arg(size));
    } else {
        m_summary->setText(tr("On cases kept out of all training."));
    }

    auto rows = results.rows;
    const bool withMean = rows.size() > 1;
    if (withMean)
        rows.push_back(mean);
    m_table->setRowCount(static_cast<int>(rows.size()));
    for (int line = 0; line < m_table->rowCount(); ++line) {
        const auto &row = rows[static_cast<std::size_t>(line)];
        const bool last = withMean && line == m_table->rowCount() - 1;
        const QStringList texts{last ? tr("mean of the sites") : QString::fromStdString(row.site),
                                QString::number(row.cases), number(row.federated), number(row.own), number(row.others)};
        for (int column = 0; column < texts.size(); ++column) {
            auto *item = new QTableWidgetItem(texts[column]);
            item->setTextAlignment((column == 0 ? Qt::AlignLeft : Qt::AlignRight) | Qt::AlignVCenter);
            auto font = item->font();
            font.setBold(last && column == 2);
            item->setFont(font);
            m_table->setItem(line, column, item);
        }
    }
    for (int column = 1; column < m_table->columnCount(); ++column)
        m_table->horizontalHeaderItem(column)->setTextAlignment(Qt::AlignRight | Qt::AlignVCenter);
    m_table->setFixedHeight(m_table->horizontalHeader()->sizeHint().height() + m_table->rowCount() * m_theme.row + 2);
}

} // namespace consilium::dashboard
