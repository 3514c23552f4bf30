// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/findings/lesion_panel.h"

#include "viewer/canvas/colours.h"

#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QTableView>
#include <QVBoxLayout>
#include <algorithm>

namespace consilium::viewer {

LesionPanel::LesionPanel(QWidget *parent)
    : QWidget(parent), m_title(new QLabel(this)), m_sum(new QLabel(this)), m_table(new QTableView(this)),
      m_model(new FindingsModel(this))
{
    m_title->setObjectName(QStringLiteral("review.lesionTitle"));
    m_sum->setObjectName(QStringLiteral("review.lesionSum"));
    m_sum->setWordWrap(true);
    m_table->setObjectName(QStringLiteral("review.lesionTable"));
    m_table->setAccessibleName(tr("Findings"));
    m_table->setModel(m_model);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setShowGrid(false);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setTabKeyNavigation(false);
    m_table->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    m_table->verticalHeader()->hide();
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->horizontalHeader()->setMinimumSectionSize(32);

    auto *column = new QVBoxLayout(this);
    column->addWidget(m_title);
    column->addWidget(m_sum);
    column->addWidget(m_table, 1);

    // A click goes there again even when the row was chosen before; the keyboard goes along with the rows.
    connect(m_table, &QTableView::clicked, this, &LesionPanel::jumpTo);
    connect(m_table, &QTableView::activated, this, &LesionPanel::jumpTo);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, &LesionPanel::jumpTo);
    setCase(nullptr);
}

void LesionPanel::setTheme(const Theme &theme)
{
    layout()->setContentsMargins(2 * theme.step, 2 * theme.step, 2 * theme.step, 2 * theme.step);
    layout()->setSpacing(theme.step);
    QFont title = font();
    title.setPixelSize(theme.bodySize);
    title.setBold(true);
    m_title->setFont(title);
    QFont caption = font();
    caption.setPixelSize(theme.captionSize);
    m_sum->setFont(caption);
    QPalette quiet = palette();
    quiet.setColor(QPalette::WindowText, colour(theme.quietText));
    m_sum->setPalette(quiet);
    QFont body = font();
    body.setPixelSize(theme.bodySize);
    m_table->setFont(body);
    m_table->horizontalHeader()->setFont(caption);
    m_table->verticalHeader()->setDefaultSectionSize(theme.row);
}

void LesionPanel::setCase(std::shared_ptr<const LoadedCase> shown)
{
    m_model->setCase(shown);
    // Numbers take what they need; names of structures and models share the rest, so that all of them are in sight.
    const bool structures = shown && shown->opened.kind == LabelKind::Structures;
    for (int column = 0; column < m_model->columnCount(); ++column) {
        const bool wide = column >= m_model->firstModelColumn() || (structures && column == 0);
        m_table->horizontalHeader()->setSectionResizeMode(column,
                                                          wide ? QHeaderView::Stretch : QHeaderView::ResizeToContents);
    }
    if (!shown) {
        m_title->setText(tr("Findings"));
        m_sum->clear();
        return;
    }
    const CaseFindings &findings = shown->findings;
    if (shown->opened.kind == LabelKind::Structures) {
        m_title->setText(tr("Structures (%1)").arg(findings.structures.size()));
        m_sum->setText(shown->opened.predictions.empty() ? QString() : tr("Dice against the reference, per model"));
        return;
    }
    const auto inReference =
        std::count_if(findings.lesions.begin(), findings.lesions.end(), [](const auto &l) { return l.inReference; });
    const auto more = static_cast<int>(findings.lesions.size()) - static_cast<int>(inReference);
    if (!shown->opened.reference) {
        double sum = 0;
        for (const LesionFinding &lesion : findings.lesions)
            sum += lesion.millilitres;
        m_title->setText(tr("Lesions (%1)").arg(findings.lesions.size()));
        m_sum->setText(findings.lesions.empty() ? tr("Nothing is segmented in this case")
                                                : tr("%1 mL in all").arg(QLocale().toString(sum, 'f', 1)));
        return;
    }
    m_title->setText(tr("Lesions (%1)").arg(inReference));
    QString text = tr("%1 mL in all").arg(QLocale().toString(findings.referenceMillilitres.value_or(0), 'f', 1));
    if (more > 0)
        text += tr("; %n more drawn by models only", nullptr, more);
    m_sum->setText(text);
}

void LesionPanel::jumpTo(const QModelIndex &index)
{
    if (const auto position = m_model->position(index.row()))
        Q_EMIT jumpRequested(*position);
}

} // namespace consilium::viewer
