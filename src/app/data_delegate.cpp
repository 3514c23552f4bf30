// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/data_delegate.h"

#include "app/data_model.h"
#include "app/data_thumbnails.h"
#include "dashboard/marks.h"
#include "dashboard/site_colours.h"

#include <QPainter>

namespace consilium::app {

using dashboard::Mark;

namespace {

constexpr int sign = 16;
constexpr int padding = 8;

Mark markOf(CaseQuality quality)
{
    switch (quality) {
    case CaseQuality::Unknown: break;
    case CaseQuality::Pass: return Mark::Done;
    case CaseQuality::Warn: return Mark::Warning;
    case CaseQuality::Fail: return Mark::Bad;
    }
    return Mark::Waiting;
}

} // namespace

DatasetDelegate::DatasetDelegate(const ThumbnailStore &pictures, QObject *parent)
    : QStyledItemDelegate(parent), m_pictures(pictures)
{
}

void DatasetDelegate::paintPicture(QPainter &painter, const QRect &area, const QModelIndex &index) const
{
    const QRect square(area.center().x() - pictureSide / 2, area.center().y() - pictureSide / 2, pictureSide,
                       pictureSide);
    painter.fillRect(square, dashboard::colour(m_theme.imageBackground));
    const auto file = index.data(DatasetModel::FileRole).toString();
    const auto picture = m_pictures.picture(file);
    if (picture.isNull()) {
        if (m_pictures.failed(file))
            dashboard::drawMark(painter, square, Mark::Bad, m_theme);
        return;
    }
    QRectF target({}, picture.deviceIndependentSize());
    target.moveCenter(QRectF(square).center());
    painter.drawPixmap(target.topLeft().toPoint(), picture);
}

void DatasetDelegate::paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    painter->save();
    if (option.state & QStyle::State_Selected)
        painter->fillRect(option.rect, dashboard::colour(m_theme.raised));
    painter->setPen(dashboard::colour(m_theme.line));
    painter->drawLine(option.rect.bottomLeft(), option.rect.bottomRight());
    if (index.column() == DatasetModel::Picture) {
        if (option.state & QStyle::State_Selected)
            painter->fillRect(QRect(option.rect.topLeft(), QSize(3, option.rect.height())),
                              dashboard::colour(m_theme.accent));
        paintPicture(*painter, option.rect, index);
        painter->restore();
        return;
    }
    auto area = option.rect.adjusted(padding, 0, -padding, 0);
    auto ink = dashboard::colour(m_theme.text);
    if (index.column() == DatasetModel::Quality) {
        const auto quality = static_cast<CaseQuality>(index.data(DatasetModel::QualityRole).toInt());
        dashboard::drawMark(*painter, QRectF(area.left(), area.top(), sign, area.height()), markOf(quality), m_theme);
        area.setLeft(area.left() + sign + padding);
        if (quality == CaseQuality::Unknown)
            ink = dashboard::colour(m_theme.quietText);
    } else if (index.column() != DatasetModel::Case && index.column() != DatasetModel::Split) {
        ink = dashboard::colour(m_theme.quietText);
    }
    painter->setPen(ink);
    painter->setFont(option.font);
    painter->drawText(
        area, Qt::AlignVCenter | Qt::TextSingleLine,
        option.fontMetrics.elidedText(index.data(Qt::DisplayRole).toString(), Qt::ElideRight, area.width()));
    painter->restore();
}

QSize DatasetDelegate::sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const
{
    auto size = QStyledItemDelegate::sizeHint(option, index);
    if (index.column() == DatasetModel::Picture)
        size.setWidth(pictureSide + padding);
    if (index.column() == DatasetModel::Quality)
        size.rwidth() += sign + padding;
    size.setHeight(rowHeight);
    return size;
}

} // namespace consilium::app
