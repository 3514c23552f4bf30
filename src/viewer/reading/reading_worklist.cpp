// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/reading/reading_worklist.h"

#include "viewer/reading/reading_looks.h"

#include <QCoreApplication>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QProgressBar>
#include <QSignalBlocker>
#include <QTableView>
#include <QVBoxLayout>

namespace consilium::viewer {

QString durationText(std::chrono::milliseconds time)
{
    const auto minutes = (time.count() + 30'000) / 60'000;
    if (time.count() < 60'000)
        return QCoreApplication::translate("ReadingWorklist", "less than a minute");
    if (minutes < 60)
        return QCoreApplication::translate("ReadingWorklist", "%1 min").arg(minutes);
    return QCoreApplication::translate("ReadingWorklist", "%1 h %2 min").arg(minutes / 60).arg(minutes % 60);
}

namespace {

enum Column { Number, Case, State, Time, Columns };

} // namespace

void ReadingWorklistModel::setSession(std::shared_ptr<const ReadingSession> session)
{
    beginResetModel();
    m_session = std::move(session);
    endResetModel();
}

void ReadingWorklistModel::refresh()
{
    if (rowCount() > 0)
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, Columns - 1));
}

int ReadingWorklistModel::rowCount(const QModelIndex &parent) const
{
    return m_session && !parent.isValid() ? static_cast<int>(m_session->count()) : 0;
}

int ReadingWorklistModel::columnCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : Columns;
}

QVariant ReadingWorklistModel::data(const QModelIndex &index, int role) const
{
    if (!m_session || !index.isValid())
        return {};
    const auto row = static_cast<std::size_t>(index.row());
    if (role == Qt::TextAlignmentRole && (index.column() == Number || index.column() == Time))
        return static_cast<int>(Qt::AlignRight | Qt::AlignVCenter);
    if (role != Qt::DisplayRole)
        return {};
    const ReadingState state = m_session->state(row);
    switch (index.column()) {
    case Number: return index.row() + 1;
    case Case: return QString::fromStdString(m_session->caseId(row));
    case State:
        if (state == ReadingState::Done)
            return m_session->corrections(row) > 0 ? tr("● done, corrected") : tr("● done");
        return state == ReadingState::Reading ? tr("◐ reading") : tr("○ not read");
    case Time:
        // The time of the case in front stands still until it is done: a running clock would hurry the reader.
        return state == ReadingState::Done ? tr("%1 s").arg(QLocale().toString(
                                                 static_cast<double>(m_session->time(row).count()) / 1000, 'f', 0))
                                           : QString();
    default: return {};
    }
}

QVariant ReadingWorklistModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal || role != Qt::DisplayRole)
        return {};
    const QString titles[] = {tr("#"), tr("Case"), tr("State"), tr("Time")};
    return section < Columns ? titles[section] : QString();
}

ReadingWorklist::ReadingWorklist(QWidget *parent)
    : QWidget(parent), m_model(new ReadingWorklistModel(this)), m_title(new QLabel(this)),
      m_progressText(new QLabel(this)), m_timeLeft(new QLabel(this)), m_progress(new QProgressBar(this)),
      m_table(new QTableView(this))
{
    setObjectName(QStringLiteral("review.reading.worklist"));
    m_title->setObjectName(QStringLiteral("review.reading.title"));
    m_title->setTextFormat(Qt::PlainText);
    m_title->setWordWrap(true);
    m_progressText->setObjectName(QStringLiteral("review.reading.progressText"));
    m_timeLeft->setObjectName(QStringLiteral("review.reading.timeLeft"));
    m_progress->setObjectName(QStringLiteral("review.reading.progress"));
    m_progress->setAccessibleName(tr("Cases read"));
    m_progress->setTextVisible(false);
    m_table->setObjectName(QStringLiteral("review.reading.cases"));
    m_table->setAccessibleName(tr("Cases of this session"));
    m_table->setModel(m_model);
    m_table->setSelectionBehavior(QAbstractItemView::SelectRows);
    m_table->setSelectionMode(QAbstractItemView::SingleSelection);
    m_table->setShowGrid(false);
    m_table->setFrameShape(QFrame::NoFrame);
    m_table->setTabKeyNavigation(false);
    m_table->verticalHeader()->hide();
    m_table->horizontalHeader()->setHighlightSections(false);
    m_table->horizontalHeader()->setDefaultAlignment(Qt::AlignLeft | Qt::AlignVCenter);
    m_table->horizontalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_table->horizontalHeader()->setSectionResizeMode(Case, QHeaderView::Stretch);

    auto *column = new QVBoxLayout(this);
    column->addWidget(m_title);
    column->addWidget(m_progress);
    column->addWidget(m_progressText);
    column->addWidget(m_timeLeft);
    column->addWidget(m_table, 1);
    const auto choose = [this](const QModelIndex &index) { Q_EMIT readingChosen(index.row()); };
    connect(m_table, &QTableView::activated, this, choose);
    connect(m_table, &QTableView::clicked, this, choose);
    setSession(nullptr);
}

void ReadingWorklist::setTheme(const Theme &theme)
{
    layout()->setContentsMargins(2 * theme.step, 2 * theme.step, 2 * theme.step, 2 * theme.step);
    layout()->setSpacing(theme.step);
    looks::font(m_title, theme.bodySize, true);
    looks::font(m_progressText, theme.captionSize);
    looks::font(m_timeLeft, theme.captionSize);
    looks::text(m_progressText, theme.quietText);
    looks::text(m_timeLeft, theme.quietText);
    looks::font(m_table, theme.bodySize);
    looks::font(m_table->horizontalHeader(), theme.captionSize);
    m_table->verticalHeader()->setDefaultSectionSize(theme.row);
    m_progress->setFixedHeight(2 * theme.step);
}

void ReadingWorklist::setSession(std::shared_ptr<const ReadingSession> session)
{
    m_session = session;
    m_model->setSession(std::move(session));
    refresh();
}

void ReadingWorklist::refresh()
{
    if (!m_session) {
        m_title->setText(tr("Reading session"));
        m_progress->setRange(0, 1);
        m_progress->setValue(0);
        m_progressText->setText(tr("No session is open"));
        m_timeLeft->clear();
        return;
    }
    const ReadingProgress progress = m_session->progress();
    m_title->setText(QString::fromStdString(m_session->title()));
    m_progress->setRange(0, static_cast<int>(progress.total));
    m_progress->setValue(static_cast<int>(progress.done));
    m_progressText->setText(tr("%1 of %2 read").arg(progress.done).arg(progress.total));
    m_timeLeft->setText(!progress.left || progress.done == progress.total
                            ? QString()
                            : tr("about %1 left").arg(durationText(*progress.left)));
    m_model->refresh();
    const QSignalBlocker quiet(m_table);
    const QModelIndex shown = m_model->index(static_cast<int>(m_session->current()), Case);
    m_table->selectRow(shown.row());
    m_table->scrollTo(shown);
}

} // namespace consilium::viewer
