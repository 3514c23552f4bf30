// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/event_log.h"

#include "dashboard/marks.h"
#include "dashboard/site_colours.h"

#include <QDateTime>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QScrollBar>
#include <QTableView>
#include <QVBoxLayout>
#include <algorithm>

namespace consilium::dashboard {

namespace {

bool isTold(const Event &event)
{
    if (event.event == "progress" || event.event == "metric")
        return false;
    // What a round goes through between its beginning and its end stands on the board while it matters.
    if (event.event == "round-state" && event.details.is_object()) {
        const auto state = event.details.value("state", std::string());
        return state != "distributing" && state != "collecting" && state != "aggregating" && state != "evaluating";
    }
    return true;
}

Mark markOf(const Event &event)
{
    if (event.event == "error")
        return Mark::Bad;
    if (event.event == "warning" || event.event == "site-lost")
        return Mark::Warning;
    if (event.event == "finished" || event.event == "early-end" || event.event == "site-back")
        return Mark::Done;
    return Mark::Waiting;
}

bool isFailure(const Event &event)
{
    return markOf(event) == Mark::Bad || markOf(event) == Mark::Warning;
}

} // namespace

QString eventSentence(const Event &event)
{
    auto text = QString::fromStdString(event.text);
    if (text.isEmpty()) {
        text = QString::fromStdString(event.event);
        if (!event.site.empty())
            text += EventLog::tr(" at %1").arg(QString::fromStdString(event.site));
    }
    if (event.event == "error")
        return EventLog::tr("Error: %1").arg(text);
    if (event.event == "warning")
        return EventLog::tr("Warning: %1").arg(text);
    if (event.event == "site-lost" && event.text.find("lost") == std::string::npos)
        return EventLog::tr("Lost: %1").arg(text);
    return text;
}

bool EventModel::setEvents(const std::vector<Event> &events)
{
    std::vector<Event> told;
    std::ranges::copy_if(events, std::back_inserter(told), isTold);
    const auto same = [](const Event &a, const Event &b) {
        return a.time == b.time && a.event == b.event && a.text == b.text;
    };
    if (std::ranges::equal(told, m_events, same))
        return false;
    // Usually events were added: what is on the screen then stays where it is.
    if (told.size() > m_events.size() && std::equal(m_events.begin(), m_events.end(), told.begin(), same)) {
        beginInsertRows({}, rowCount(), static_cast<int>(told.size()) - 1);
        m_events = std::move(told);
        endInsertRows();
    } else {
        beginResetModel();
        m_events = std::move(told);
        endResetModel();
    }
    return true;
}

void EventModel::setTheme(const Theme &theme)
{
    m_theme = theme;
    if (!m_events.empty())
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
}

int EventModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_events.size());
}
int EventModel::columnCount(const QModelIndex &) const
{
    return ColumnCount;
}

QVariant EventModel::data(const QModelIndex &index, int role) const
{
    const auto &event = m_events.at(static_cast<std::size_t>(index.row()));
    if (index.column() == Time) {
        const auto local = QDateTime::fromMSecsSinceEpoch(event.time.time_since_epoch().count());
        if (role == Qt::DisplayRole)
            return QLocale().toString(local.time(), QStringLiteral("HH:mm:ss"));
        if (role == Qt::ToolTipRole)
            return QLocale().toString(local, QLocale::LongFormat);
        if (role == Qt::ForegroundRole)
            return colour(m_theme.quietText);
        return {};
    }
    switch (role) {
    case Qt::DisplayRole:
    case Qt::ToolTipRole: return eventSentence(event);
    case Qt::ForegroundRole: return isFailure(event) ? markColour(markOf(event), m_theme) : colour(m_theme.text);
    case Qt::DecorationRole:
        return isFailure(event) || markOf(event) == Mark::Done ? QVariant(markPixmap(markOf(event), m_theme))
                                                               : QVariant();
    default: return {};
    }
}

EventLog::EventLog(QWidget *parent)
    : QFrame(parent), m_model(new EventModel(this)), m_view(new QTableView),
      m_empty(new QLabel(tr("Nothing has happened yet. Joins, rounds and failures are told here.")))
{
    setProperty("role", "card");
    auto *title = new QLabel(tr("Log"));
    title->setProperty("role", "heading");
    m_empty->setProperty("role", "quiet");
    m_empty->setAlignment(Qt::AlignTop);
    m_empty->setWordWrap(true);
    m_view->setObjectName("federation.log.table");
    m_view->setProperty("role", "log");
    m_view->setModel(m_model);
    m_view->setShowGrid(false);
    m_view->setFrameShape(QFrame::NoFrame);
    m_view->setSelectionMode(QAbstractItemView::NoSelection);
    m_view->setAccessibleName(tr("Log"));
    m_view->setTabKeyNavigation(false);
    m_view->setWordWrap(false);
    m_view->horizontalHeader()->hide();
    m_view->verticalHeader()->hide();
    m_view->horizontalHeader()->setSectionResizeMode(EventModel::Time, QHeaderView::ResizeToContents);
    m_view->horizontalHeader()->setSectionResizeMode(EventModel::Text, QHeaderView::Stretch);
    auto *layout = new QVBoxLayout(this);
    layout->addWidget(title);
    layout->addWidget(m_empty, 1);
    layout->addWidget(m_view, 1);
    m_view->hide();

    // The newest line stays in sight, whatever the height of the page, unless somebody scrolled back to read.
    auto *bar = m_view->verticalScrollBar();
    connect(bar, &QScrollBar::valueChanged, this, [this, bar](int value) { m_follows = value >= bar->maximum(); });
    connect(bar, &QScrollBar::rangeChanged, this, [this, bar](int, int maximum) {
        if (m_follows)
            bar->setValue(maximum);
    });
}

void EventLog::setTheme(const Theme &theme)
{
    layout()->setContentsMargins(3 * theme.step, 2 * theme.step, 3 * theme.step, 2 * theme.step);
    layout()->setSpacing(theme.step);
    m_view->verticalHeader()->setDefaultSectionSize(theme.row - 2 * theme.step);
    m_model->setTheme(theme);
}

void EventLog::setSnapshot(const storage::StudySnapshot &study)
{
    if (!m_model->setEvents(study.events))
        return;
    const bool empty = m_model->rowCount() == 0;
    m_empty->setVisible(empty);
    m_view->setVisible(!empty);
}

void EventLog::clear()
{
    m_model->setEvents({});
    m_follows = true;
    m_empty->show();
    m_view->hide();
}

} // namespace consilium::dashboard
