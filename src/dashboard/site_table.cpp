// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/site_table.h"

#include <QLocale>
#include <QPainter>
#include <algorithm>

namespace consilium::dashboard {

namespace {

constexpr int padding = 8;
constexpr int sign = 16;
constexpr int barWidth = 96;
constexpr int leastBarWidth = 32;

/// What a reader of many sites should see first.
int urgency(Mark mark)
{
    switch (mark) {
    case Mark::Bad:
    case Mark::Warning: return 0;
    case Mark::Working: return 1;
    case Mark::Waiting: return 2;
    case Mark::Done: break;
    }
    return 3;
}

} // namespace

void SiteTableModel::setSnapshot(const storage::StudySnapshot &study, TimePoint now)
{
    const bool otherTask = study.plan.data.landmarks.empty() != m_study.plan.data.landmarks.empty();
    m_study = {};
    m_study.plan = study.plan;
    m_study.state = study.state;
    m_study.round = study.round;
    m_byRound = hasTrafficByRound(study);

    std::vector<Row> rows(study.sites.size());
    auto figures = siteFigures(study);
    for (std::size_t i = 0; i < rows.size(); ++i) {
        rows[i].site = study.sites[i];
        rows[i].figures = std::move(figures[i]);
        rows[i].index = static_cast<int>(i);
    }
    putInWords(rows, now);
    if (rows.size() > mostSitesByName)
        std::ranges::sort(rows, {}, [](const Row &row) { return std::pair(urgency(row.state.mark), row.index); });

    // The same sites again, though perhaps in another order: scrolling stays.
    std::vector<std::string> names;
    for (const auto &site : study.sites)
        names.push_back(site.name);
    if (names != m_names) {
        beginResetModel();
        m_names = std::move(names);
        m_rows = std::move(rows);
        endResetModel();
    } else if (!std::ranges::equal(rows, m_rows, {}, &Row::index, &Row::index)) {
        Q_EMIT layoutAboutToBeChanged();
        m_rows = std::move(rows);
        Q_EMIT layoutChanged();
    } else if (!rows.empty()) {
        m_rows = std::move(rows);
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
    }
    if (otherTask)
        Q_EMIT headerDataChanged(Qt::Horizontal, Headline, Headline);
}

void SiteTableModel::setTime(TimePoint now)
{
    putInWords(m_rows, now);
    if (m_rows.empty())
        return;
    for (const int column : {int(State), int(LastSeen)})
        Q_EMIT dataChanged(index(0, column), index(rowCount() - 1, column));
}

void SiteTableModel::putInWords(std::vector<Row> &rows, TimePoint now) const
{
    const bool over = m_study.state == "finished" || m_study.state == "stopped";
    for (auto &row : rows) {
        const auto &current = row.figures.current;
        row.state = Words::site(row.site, current ? &*current : nullptr, m_study, now);
        row.lastSeen = !row.site.lastSeen ? QStringLiteral("–")
                       : over             ? Words::moment(*row.site.lastSeen)
                                          : Words::ago(*row.site.lastSeen, now);
    }
}

QString SiteTableModel::summary() const
{
    if (m_rows.size() <= mostSitesByName)
        return {};
    const auto count = [&](auto... marks) {
        return std::ranges::count_if(m_rows, [&](const Row &row) { return ((row.state.mark == marks) || ...); });
    };
    QStringList parts;
    if (const auto troubled = count(Mark::Bad, Mark::Warning))
        parts << tr("%1 lost or not counted").arg(troubled);
    if (const auto working = count(Mark::Working))
        parts << tr("%1 at work").arg(working);
    if (const auto waiting = count(Mark::Waiting))
        parts << tr("%1 waiting or away").arg(waiting);
    if (const auto counted = count(Mark::Done))
        parts << tr("%1 counted").arg(counted);
    return tr("%n sites: %1", nullptr, static_cast<int>(m_rows.size())).arg(parts.join(QStringLiteral(", ")));
}

QString SiteTableModel::bytes(const Row &row) const
{
    if (!m_byRound)
        return Words::bytes(row.site.bytesReceived + row.site.bytesSent);
    const auto &current = row.figures.current;
    return Words::bytes(current ? current->bytesReceived + current->bytesSent : 0);
}

QString SiteTableModel::tip(const Row &row, int column) const
{
    const auto exchanged = [](std::int64_t received, std::int64_t sent) {
        return tr("%1 came from the site, %2 went to it").arg(Words::bytes(received), Words::bytes(sent));
    };
    switch (column) {
    case State: return row.state.words;
    case Drift: return Words::drift(row.figures.drift);
    case Bytes: {
        const auto total = tr("Whole study: %1.").arg(exchanged(row.site.bytesReceived, row.site.bytesSent));
        const auto &current = row.figures.current;
        return m_byRound && current ? tr("Round %1: %2.")
                                              .arg(current->round)
                                              .arg(exchanged(current->bytesReceived, current->bytesSent)) +
                                          QLatin1Char('\n') + total
                                    : total;
    }
    default: return {};
    }
}

int SiteTableModel::rowCount(const QModelIndex &parent) const
{
    return parent.isValid() ? 0 : static_cast<int>(m_rows.size());
}

int SiteTableModel::columnCount(const QModelIndex &) const
{
    return ColumnCount;
}

QVariant SiteTableModel::data(const QModelIndex &index, int role) const
{
    const auto &row = m_rows.at(static_cast<std::size_t>(index.row()));
    const auto &drift = row.figures.drift;
    switch (role) {
    case Qt::DisplayRole:
        switch (index.column()) {
        case Site: return QString::fromStdString(row.site.name);
        case State: return row.state.words;
        case Cases:
            return row.site.trainingCases > 0 ? QLocale().toString(row.site.trainingCases) : QStringLiteral("–");
        case Headline:
            return row.figures.headline ? QLocale().toString(*row.figures.headline, 'f', 3) : QStringLiteral("–");
        case Drift: return drift.cosine ? Words::cosine(*drift.cosine) : QStringLiteral("–");
        case LastSeen: return row.lastSeen;
        case Bytes: return bytes(row);
        }
        return {};
    case Qt::ToolTipRole: return tip(row, index.column());
    case Qt::TextAlignmentRole:
        return QVariant::fromValue((index.column() >= Cases ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    case MarkRole:
        if (index.column() == Drift)
            return drift.cosine && Words::pullsAgainst(*drift.cosine) ? QVariant(static_cast<int>(Mark::Warning))
                                                                      : QVariant();
        return index.column() == State ? QVariant(static_cast<int>(row.state.mark)) : QVariant();
    case ProgressRole:
        return index.column() == State && row.state.progress ? QVariant(*row.state.progress) : QVariant();
    case SiteIndexRole: return row.index;
    default: return {};
    }
}

QVariant SiteTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    const bool landmarks = !m_study.plan.data.landmarks.empty();
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue((section >= Cases ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role == Qt::DisplayRole) {
        const std::array<QString, ColumnCount> titles{
            tr("Site"),  tr("State"),     tr("Cases"), landmarks ? tr("Found") : tr("Dice"),
            tr("Drift"), tr("Last seen"), tr("Bytes")};
        return titles.at(static_cast<std::size_t>(section));
    }
    if (role == Qt::ToolTipRole) {
        const std::array<QString, ColumnCount> tips{
            QString(),
            tr("What the site does in this round"),
            tr("Training cases; they stay at the site"),
            landmarks
                ? tr("Share of landmarks that the shared model finds in the site's validation cases, latest round")
                : tr("Mean foreground Dice of the shared model on the site's validation cases, latest round"),
            tr("Cosine of the site's change with the shared model's step when it was last counted: 1 in its "
               "direction, 0 across it, below 0 against it"),
            tr("When the aggregator last heard from the site"),
            m_byRound ? tr("Models and messages exchanged with the site in this round")
                      : tr("Models and messages exchanged with the site over the study")};
        return tips.at(static_cast<std::size_t>(section));
    }
    return {};
}

void SiteTableDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    QRect area = option.rect.adjusted(padding, 0, -padding, 0);
    painter->save();
    painter->setPen(colour(m_theme.line));
    painter->drawLine(option.rect.bottomLeft(), option.rect.bottomRight());
    auto ink = colour(m_theme.text);
    if (index.column() == SiteTableModel::Site) {
        const int place = index.data(SiteTableModel::SiteIndexRole).toInt();
        drawSiteShape(*painter, QPointF(area.left() + 5, area.center().y() + 0.5), 9, place,
                      SiteColours::at(place, m_theme));
        area.setLeft(area.left() + sign + 2);
    } else if (index.column() == SiteTableModel::State) {
        const auto mark = static_cast<Mark>(index.data(SiteTableModel::MarkRole).toInt());
        drawMark(*painter, QRectF(area.left(), area.top(), sign, area.height()), mark, m_theme);
        area.setLeft(area.left() + sign + 6);
        if (mark == Mark::Warning || mark == Mark::Bad)
            ink = markColour(mark, m_theme);
        if (const auto progress = index.data(SiteTableModel::ProgressRole); progress.isValid()) {
            // The words come first where the column is narrow.
            const int words = option.fontMetrics.horizontalAdvance(index.data().toString());
            const int width = std::min(barWidth, area.width() - words - padding - 2);
            if (width >= leastBarWidth) {
                const QRectF bar(area.right() - width, area.center().y() - 3, width, 6);
                painter->setRenderHint(QPainter::Antialiasing);
                painter->setPen(Qt::NoPen);
                painter->setBrush(colour(m_theme.line));
                painter->drawRoundedRect(bar, 3, 3);
                const double full = std::clamp(progress.toDouble(), 0.0, 1.0) * bar.width();
                if (full > 0) {
                    painter->setBrush(colour(m_theme.accent));
                    painter->drawRoundedRect(QRectF(bar.left(), bar.top(), std::max(full, 6.0), bar.height()), 3, 3);
                }
                area.setRight(static_cast<int>(bar.left()) - padding);
            }
        }
    } else if (index.column() == SiteTableModel::LastSeen || index.column() == SiteTableModel::Bytes) {
        ink = colour(m_theme.quietText);
    } else if (index.column() == SiteTableModel::Drift && index.data(SiteTableModel::MarkRole).isValid()) {
        const int width = option.fontMetrics.horizontalAdvance(index.data().toString());
        drawMark(*painter, QRectF(area.right() - width - sign - 4, area.top(), sign, area.height()), Mark::Warning,
                 m_theme);
    }
    painter->setPen(ink);
    painter->setFont(option.font);
    const auto alignment = Qt::Alignment(index.data(Qt::TextAlignmentRole).toInt());
    painter->drawText(area, static_cast<int>(alignment),
                      option.fontMetrics.elidedText(index.data().toString(), Qt::ElideRight, area.width()));
    painter->restore();
}

QSize SiteTableDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    int width = option.fontMetrics.horizontalAdvance(index.data().toString()) + 2 * padding + 2;
    if (index.column() == SiteTableModel::Site)
        width += sign + 2;
    else if (index.column() == SiteTableModel::State)
        width += sign + 6 + (index.data(SiteTableModel::ProgressRole).isValid() ? barWidth + padding : 0);
    else if (index.column() == SiteTableModel::Drift)
        width += sign + 4; // also where no sign is, so that the columns stay when one comes
    return {width, m_theme.row};
}

} // namespace consilium::dashboard
