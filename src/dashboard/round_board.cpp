// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/round_board.h"

#include "dashboard/fitted_table.h"
#include "dashboard/site_table.h"
#include "dashboard/study_progress.h"
#include "dashboard/words.h"

#include <QHBoxLayout>
#include <QHeaderView>
#include <QLabel>
#include <QVBoxLayout>

namespace consilium::dashboard {

namespace {

constexpr int dot = 10;
constexpr int pitch = 16;
constexpr int mostDots = 24;
constexpr int barWidth = 240;
constexpr qsizetype mostNotes = 3;
constexpr int leastRows = 4;
constexpr int mostRows = 10;
/// Column widths follow the rows in sight and some more, not a thousand.
constexpr int measuredRows = 30;

/// What the headline and the clock need: a study of many sites is large by its metrics.
storage::StudySnapshot headOf(const storage::StudySnapshot &study)
{
    storage::StudySnapshot head;
    head.id = study.id;
    head.title = study.title;
    head.plan = study.plan;
    head.state = study.state;
    head.round = study.round;
    head.bestRound = study.bestRound;
    head.started = study.started;
    head.ended = study.ended;
    head.sites = study.sites;
    head.rounds = study.rounds;
    std::ranges::copy_if(study.siteRounds, std::back_inserter(head.siteRounds),
                         [&](const auto &row) { return row.round == study.round; });
    return head;
}

} // namespace

RoundDots::RoundDots(QWidget *parent) : QWidget(parent)
{
    setSizePolicy(QSizePolicy::Fixed, QSizePolicy::Fixed);
}

void RoundDots::setTheme(const Theme &theme)
{
    m_theme = theme;
    update();
}

void RoundDots::setSnapshot(const storage::StudySnapshot &study)
{
    m_total = study.plan.federation.rounds;
    m_current = study.state == "running" ? study.round : 0;
    m_rounds = study.rounds;
    updateGeometry();
    update();
}

QSize RoundDots::sizeHint() const
{
    return {m_total > mostDots ? barWidth : m_total * pitch, pitch};
}

void RoundDots::paintEvent(QPaintEvent *)
{
    if (m_total <= 0)
        return;
    QPainter painter(this);
    painter.setRenderHint(QPainter::Antialiasing);
    const auto closed = std::ranges::count(m_rounds, RoundState::Closed, &storage::RoundRow::state);
    if (m_total > mostDots) {
        const QRectF bar(0, height() / 2.0 - 3, width(), 6);
        painter.setPen(Qt::NoPen);
        painter.setBrush(colour(m_theme.line));
        painter.drawRoundedRect(bar, 3, 3);
        painter.setBrush(colour(m_theme.accent));
        painter.drawRoundedRect(
            QRectF(bar.left(), bar.top(), bar.width() * static_cast<double>(closed) / m_total, bar.height()), 3, 3);
        return;
    }
    for (int round = 1; round <= m_total; ++round) {
        const QRectF area((round - 1) * pitch + (pitch - dot) / 2.0, (height() - dot) / 2.0, dot, dot);
        const auto found = std::ranges::find(m_rounds, round, &storage::RoundRow::round);
        const auto state = found == m_rounds.end() ? RoundState::Planned : found->state;
        if (state == RoundState::Failed) {
            drawMark(painter, area.adjusted(-1, -1, 1, 1), Mark::Bad, m_theme);
        } else if (state == RoundState::Closed) {
            painter.setPen(Qt::NoPen);
            painter.setBrush(colour(m_theme.accent));
            painter.drawEllipse(area);
        } else if (round == m_current) {
            drawMark(painter, area.adjusted(-1, -1, 1, 1), Mark::Working, m_theme);
        } else {
            painter.setPen(QPen(colour(m_theme.quietText), 1));
            painter.setBrush(Qt::NoBrush);
            painter.drawEllipse(area.adjusted(0.5, 0.5, -0.5, -0.5));
        }
    }
}

RoundBoard::RoundBoard(QWidget *parent)
    : QWidget(parent), m_line(new QHBoxLayout), m_headline(new QLabel), m_dots(new RoundDots), m_detail(new QLabel),
      m_time(new QLabel), m_notes(new QLabel), m_table(new FittedTable), m_summary(new QLabel),
      m_model(new SiteTableModel(this)), m_delegate(new SiteTableDelegate(this))
{
    m_headline->setObjectName("federation.board.headline");
    m_headline->setProperty("role", "heading");
    m_detail->setObjectName("federation.board.detail");
    m_time->setObjectName("federation.board.time");
    m_time->setProperty("role", "quiet");
    m_notes->setObjectName("federation.board.notes");
    m_notes->setWordWrap(true);
    m_notes->setTextFormat(Qt::PlainText);

    m_summary->setObjectName("federation.board.summary");
    m_summary->setProperty("role", "caption");
    m_table->setObjectName("federation.board.table");
    m_table->setRowsInSight(leastRows, mostRows);
    m_table->setModel(m_model);
    m_table->setItemDelegate(m_delegate);
    m_table->setShowGrid(false);
    m_table->setProperty("role", "card");
    m_table->setAccessibleName(tr("Sites"));
    m_table->setTabKeyNavigation(false);
    m_table->setSelectionMode(QAbstractItemView::NoSelection);
    m_table->verticalHeader()->hide();
    m_table->setWordWrap(false);
    auto *header = m_table->horizontalHeader();
    header->setHighlightSections(false);
    header->setSectionResizeMode(QHeaderView::ResizeToContents);
    header->setSectionResizeMode(SiteTableModel::State, QHeaderView::Stretch);
    header->setResizeContentsPrecision(measuredRows);

    m_line->setSpacing(20);
    m_line->addWidget(m_headline);
    m_line->addWidget(m_dots);
    m_line->addStretch();
    auto *second = new QHBoxLayout;
    second->addWidget(m_detail);
    second->addStretch();
    second->addWidget(m_time);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addLayout(m_line);
    layout->addLayout(second);
    layout->addWidget(m_table);
    layout->addWidget(m_summary);
    layout->addWidget(m_notes);

    m_clock.setInterval(1000);
    connect(&m_clock, &QTimer::timeout, this, [this] {
        const auto present = now();
        m_model->setTime(present);
        refresh(present);
    });
    clear();
}

void RoundBoard::setTheme(const Theme &theme)
{
    m_theme = theme;
    m_dots->setTheme(theme);
    m_delegate->setTheme(theme);
    m_table->verticalHeader()->setDefaultSectionSize(theme.row);
    layout()->setSpacing(2 * theme.step);
    if (m_study)
        refresh(now());
}

void RoundBoard::setSnapshot(const storage::StudySnapshot &study)
{
    const auto present = now();
    m_study = headOf(study);
    m_dots->setSnapshot(study);
    m_model->setSnapshot(study, present);
    showNotes(study);
    refresh(present);
    m_table->updateGeometry();
    if (study.state == "finished" || study.state == "stopped")
        m_clock.stop();
    else if (!m_clock.isActive())
        m_clock.start();
}

void RoundBoard::addControl(QWidget *control)
{
    m_line->addWidget(control);
}

void RoundBoard::clear()
{
    m_study.reset();
    m_clock.stop();
    m_model->setSnapshot({}, now());
    m_notes->hide();
    m_summary->hide();
}

void RoundBoard::refresh(TimePoint present)
{
    m_headline->setText(Words::headline(*m_study));
    m_detail->setText(Words::roundDetail(*m_study));
    m_time->setText(Words::time(*m_study, present));
    const auto summary = m_model->summary();
    m_summary->setText(summary);
    m_summary->setVisible(!summary.isEmpty());
}

void RoundBoard::showNotes(const storage::StudySnapshot &study)
{
    const auto notes = Words::notes(study);
    QStringList lines;
    for (const auto &note : notes.first(std::min(notes.size(), mostNotes)))
        lines << QStringLiteral("▲ ") + note;
    if (notes.size() > mostNotes)
        lines << tr("and %1 earlier, see the log").arg(notes.size() - mostNotes);
    m_notes->setText(lines.join(QLatin1Char('\n')));
    m_notes->setVisible(!lines.isEmpty());
}

} // namespace consilium::dashboard
