// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/results_table.h"

#include "dashboard/fitted_table.h"
#include "dashboard/results_model.h"

#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QPainter>
#include <QScrollBar>
#include <QStyledItemDelegate>
#include <QVBoxLayout>
#include <cmath>

namespace consilium::dashboard {

namespace {

constexpr int padding = 8;
constexpr int tightPadding = 5;
constexpr int gap = 6;
constexpr int mostRows = 14;
/// Longer names of sites are elided.
constexpr int mostNameWidth = 96;

QFont small(QFont font, const Theme &theme)
{
    font.setPixelSize(theme.captionSize);
    font.setBold(false);
    return font;
}

} // namespace

/// The value, and its support in small quiet figures beside or below it.
class ResultsDelegate : public QStyledItemDelegate
{
public:
    using QStyledItemDelegate::QStyledItemDelegate;

    /// `support`: pixels of the widest support, so that values stand in line.
    void setLook(const Theme &theme, bool below, int support)
    {
        m_theme = theme;
        m_below = below;
        m_support = support;
    }

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override
    {
        painter->save();
        painter->setPen(colour(m_theme.line));
        painter->drawLine(option.rect.bottomLeft(), option.rect.bottomRight());
        const int side = m_below ? tightPadding : padding;
        const QRect area = option.rect.adjusted(side, 0, -side, 0);
        QRect value = area, support = area;
        if (m_below) {
            value.setBottom(area.top() + area.height() * 9 / 16);
            support.setTop(value.bottom() - 1);
            support.setBottom(area.bottom() - 3);
        } else {
            value.setRight(area.right() - m_support - gap);
        }
        auto font = option.font;
        if (const auto own = index.data(Qt::FontRole); own.isValid())
            font.setBold(own.value<QFont>().bold());
        const auto figures = index.data(ResultsModel::SupportRole).toString();
        painter->setFont(font);
        painter->setPen(colour(figures.isEmpty() ? m_theme.quietText : m_theme.text));
        painter->drawText(value, Qt::AlignRight | Qt::AlignVCenter, index.data().toString());
        painter->setFont(small(option.font, m_theme));
        painter->setPen(colour(m_theme.quietText));
        painter->drawText(support, Qt::AlignRight | Qt::AlignVCenter, figures);
        painter->restore();
    }

private:
    Theme m_theme;
    bool m_below = false;
    int m_support = 0;
};

ResultsTable::ResultsTable(QWidget *parent)
    : QFrame(parent), m_title(new QLabel), m_key(new QLabel), m_summary(new QLabel), m_table(new FittedTable),
      m_model(new ResultsModel(this)), m_delegate(new ResultsDelegate(this))
{
    setProperty("role", "card");
    m_title->setProperty("role", "heading");
    m_key->setObjectName("federation.results.key");
    m_key->setProperty("role", "caption");
    m_summary->setObjectName("federation.results.summary");
    m_summary->setProperty("role", "quiet");
    m_summary->setWordWrap(true);
    m_table->setObjectName("federation.results.table");
    m_table->setProperty("role", "matrix");
    m_table->setModel(m_model);
    m_table->setItemDelegate(m_delegate);
    m_table->setShowGrid(false);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setTabKeyNavigation(false);
    m_table->setSelectionMode(QAbstractItemView::NoSelection);
    m_table->setHorizontalScrollMode(QAbstractItemView::ScrollPerPixel);
    m_table->setCornerButtonEnabled(false);
    m_table->setRowsInSight(3, mostRows);
    for (auto *header : {m_table->horizontalHeader(), m_table->verticalHeader()}) {
        header->setHighlightSections(false);
        header->setSectionsClickable(false);
        header->setTextElideMode(Qt::ElideRight);
    }
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    m_table->verticalHeader()->setSectionResizeMode(QHeaderView::Fixed);

    auto *head = new QHBoxLayout;
    head->addWidget(m_title);
    head->addStretch();
    head->addWidget(m_key);
    auto *layout = new QVBoxLayout(this);
    layout->addLayout(head);
    layout->addWidget(m_summary);
    layout->addWidget(m_table);
    hide();
}

void ResultsTable::setTheme(const Theme &theme)
{
    m_theme = theme;
    layout()->setContentsMargins(3 * theme.step, 2 * theme.step, 3 * theme.step, 2 * theme.step);
    layout()->setSpacing(theme.step);
    m_model->setTheme(theme);
    layOut();
}

void ResultsTable::setSnapshot(const storage::StudySnapshot &study)
{
    auto results = testResults(study);
    setVisible(!results.rows.empty());
    if (results.rows.empty())
        return;
    // A reader may have scrolled: what has not changed stays.
    if (results == m_model->results() && study.bestRound == m_bestRound)
        return;
    m_bestRound = study.bestRound;
    const bool landmarks = !study.plan.data.landmarks.empty();
    std::vector<std::string> names;
    for (const auto &site : study.sites)
        names.push_back(site.name);
    m_model->setResults(std::move(results), SiteColours(std::move(names)), study);
    m_title->setText(landmarks ? tr("Landmarks found, every model at every site")
                               : tr("Test Dice, every model at every site"));
    m_table->setAccessibleName(m_title->text());
    m_key->setText(m_model->results().hasLesions ? tr("small figures: cases · %1").arg(m_model->lesionWord())
                                                 : tr("small figures: cases"));
    m_summary->setText(summary(landmarks));
    layOut();
}

QString ResultsTable::summary(bool landmarks) const
{
    const auto &results = m_model->results();
    const auto number = [](double value) { return QLocale().toString(value, 'f', 3); };
    auto text = tr("On cases kept out of all training.");
    if (results.federated && results.others) {
        const double gain = *results.federated - *results.others;
        text += QLatin1Char(' ') +
                (gain >= 0 ? tr("The federated model scores %1 higher on average than a model that another site "
                                "trained alone.")
                           : tr("The federated model scores %1 lower on average than a model that another site "
                                "trained alone."))
                    .arg(number(std::abs(gain)));
    }
    if (results.personal)
        text += QLatin1Char(' ') + (landmarks ? tr("The personal models find %1 on average, each at its own site.")
                                              : tr("The personal models reach %1 on average, each at its own site."))
                                       .arg(number(*results.personal));
    return text;
}

void ResultsTable::resizeEvent(QResizeEvent *event)
{
    QFrame::resizeEvent(event);
    layOut();
}

void ResultsTable::layOut()
{
    const auto columns = m_model->columnCount();
    if (columns == 0)
        return;
    QFont value = m_table->font();
    value.setBold(true);
    const QFontMetrics values(value), figures(small(m_table->font(), m_theme));
    int support = 0;
    // Supports differ between columns and hardly between rows: the first rows tell.
    for (int row = 0; row < std::min(m_model->rowCount(), 50); ++row) {
        for (int column = 0; column < columns; ++column)
            support = std::max(support, figures.horizontalAdvance(
                                            m_model->index(row, column).data(ResultsModel::SupportRole).toString()));
    }
    const QFontMetrics captions(small(m_table->horizontalHeader()->font(), m_theme));
    int names = 0;
    for (int column = 0; column < columns; ++column)
        names = std::max(
            names, captions.horizontalAdvance(m_model->headerData(column, Qt::Horizontal, Qt::DisplayRole).toString()));
    names = std::min(names + 2 * padding + 4, mostNameWidth);
    const int widest = values.horizontalAdvance(QLocale().toString(0.888, 'f', 3));
    // Beside the value the support is read faster; below it more sites fit.
    const int beside = std::max(widest + gap + support + 2 * padding, names);
    const auto margins = layout()->contentsMargins();
    const int room = width() - margins.left() - margins.right() - 2 * frameWidth() -
                     m_table->verticalHeader()->sizeHint().width() - m_table->verticalScrollBar()->sizeHint().width();
    const bool below = columns * beside > room;
    m_delegate->setLook(m_theme, below, support);
    const int tight = std::max(std::max(widest, support) + 2 * tightPadding, names);
    m_table->horizontalHeader()->setMinimumSectionSize(below ? tight : beside);
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch); // to have the new minimum heeded
    m_table->verticalHeader()->setDefaultSectionSize(below ? m_theme.row + 2 * m_theme.step : m_theme.row);
    m_table->updateGeometry();
    m_table->viewport()->update();
}

} // namespace consilium::dashboard
