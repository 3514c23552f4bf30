// SPDX-License-Identifier: GPL-3.0-or-later
#include "dashboard/site_table.h"

#include "dashboard/study_progress.h"

#include <QLocale>
#include <QPainter>

namespace consilium::dashboard {

namespace {

constexpr int padding = 8;
constexpr int sign = 16;
constexpr int barWidth = 96;

} // namespace

void SiteTableModel::setSnapshot(const storage::StudySnapshot &study, TimePoint now)
{
    const bool over = study.state == "finished" || study.state == "stopped";
    std::vector<Row> rows;
    for (const auto &site : study.sites) {
        const auto headline = latestHeadline(study, site.name);
        rows.push_back({QString::fromStdString(site.name), Words::site(site, currentRow(study, site.name), study, now),
                        site.trainingCases > 0 ? QLocale().toString(site.trainingCases) : QStringLiteral("–"),
                        headline ? QLocale().toString(*headline, 'f', 3) : QStringLiteral("–"),
                        !site.lastSeen ? QStringLiteral("–")
                        : over         ? Words::moment(*site.lastSeen)
                                       : Words::ago(*site.lastSeen, now),
                        Words::bytes(site.bytesReceived + site.bytesSent),
                        tr("%1 came from the site, %2 went to it")
                            .arg(Words::bytes(site.bytesReceived), Words::bytes(site.bytesSent))});
    }
    if (const bool landmarks = !study.plan.data.landmarks.empty(); landmarks != m_landmarks) {
        m_landmarks = landmarks;
        Q_EMIT headerDataChanged(Qt::Horizontal, Headline, Headline);
    }
    // The same sites again: only cells change, so that selection and scrolling stay.
    const bool same = std::ranges::equal(rows, m_rows, {}, &Row::site, &Row::site);
    if (!same)
        beginResetModel();
    m_rows = std::move(rows);
    if (!same)
        endResetModel();
    else if (!m_rows.empty())
        Q_EMIT dataChanged(index(0, 0), index(rowCount() - 1, ColumnCount - 1));
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
    switch (role) {
    case Qt::DisplayRole:
        switch (index.column()) {
        case Site: return row.site;
        case State: return row.state.words;
        case Cases: return row.cases;
        case Headline: return row.headline;
        case LastSeen: return row.lastSeen;
        case Bytes: return row.bytes;
        }
        return {};
    case Qt::ToolTipRole:
        return index.column() == Bytes ? row.traffic : index.column() == State ? row.state.words : QString();
    case Qt::TextAlignmentRole:
        return QVariant::fromValue((index.column() >= Cases ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    case MarkRole: return index.column() == State ? QVariant(static_cast<int>(row.state.mark)) : QVariant();
    case ProgressRole:
        return index.column() == State && row.state.progress ? QVariant(*row.state.progress) : QVariant();
    case SiteIndexRole: return index.row(); // sites come by name
    default: return {};
    }
}

QVariant SiteTableModel::headerData(int section, Qt::Orientation orientation, int role) const
{
    if (orientation != Qt::Horizontal)
        return {};
    if (role == Qt::TextAlignmentRole)
        return QVariant::fromValue((section >= Cases ? Qt::AlignRight : Qt::AlignLeft) | Qt::AlignVCenter);
    if (role == Qt::DisplayRole) {
        const std::array<QString, ColumnCount> titles{
            tr("Site"), tr("State"), tr("Cases"), m_landmarks ? tr("Found") : tr("Dice"), tr("Last seen"), tr("Bytes")};
        return titles.at(static_cast<std::size_t>(section));
    }
    if (role == Qt::ToolTipRole) {
        const std::array<QString, ColumnCount> tips{
            QString(),
            tr("What the site does in this round"),
            tr("Training cases; they stay at the site"),
            m_landmarks
                ? tr("Share of landmarks that the shared model finds in the site's validation cases, latest round")
                : tr("Mean foreground Dice of the shared model on the site's validation cases, latest round"),
            tr("When the aggregator last heard from the site"),
            tr("Models and messages exchanged with the site over the study")};
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
            const QRectF bar(area.right() - barWidth, area.center().y() - 3, barWidth, 6);
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
    } else if (index.column() == SiteTableModel::LastSeen || index.column() == SiteTableModel::Bytes) {
        ink = colour(m_theme.quietText);
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
    return {width, m_theme.row};
}

} // namespace consilium::dashboard
