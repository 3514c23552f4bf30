// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/theme.h"

#include <QStyledItemDelegate>

namespace consilium::app {

class ThumbnailStore;

/// Draws a case's picture, and the sign before its verdict's words. Pictures come from a store that makes them
/// elsewhere; a grey square stands for one that is not there yet.
class DatasetDelegate : public QStyledItemDelegate
{
    Q_OBJECT

public:
    explicit DatasetDelegate(const ThumbnailStore &pictures, QObject *parent = nullptr);
    void setTheme(const Theme &theme) { m_theme = theme; }

    static constexpr int pictureSide = 48; ///< pixels
    static constexpr int rowHeight = pictureSide + 8;

    void paint(QPainter *painter, const QStyleOptionViewItem &option, const QModelIndex &index) const override;
    QSize sizeHint(const QStyleOptionViewItem &option, const QModelIndex &index) const override;

private:
    void paintPicture(QPainter &painter, const QRect &area, const QModelIndex &index) const;

    const ThumbnailStore &m_pictures;
    Theme m_theme;
};

} // namespace consilium::app
