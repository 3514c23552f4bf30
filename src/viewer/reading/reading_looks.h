// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/theme.h"

#include <QColor>
#include <QWidget>

/// How widgets of this room take a theme. Private to it.
namespace consilium::viewer::looks {

inline void font(QWidget *widget, int pixels, bool bold = false)
{
    QFont font = widget->font();
    font.setPixelSize(pixels);
    font.setBold(bold);
    widget->setFont(font);
}

/// `role` is one of the theme's colours.
inline void text(QWidget *widget, const std::string &role)
{
    QPalette palette = widget->palette();
    const QColor colour(QString::fromStdString(role));
    palette.setColor(QPalette::WindowText, colour);
    palette.setColor(QPalette::Text, colour);
    widget->setPalette(palette);
}

/// Text of a plan on a button: an ampersand is no mnemonic there.
inline QString plain(const std::string &text)
{
    return QString::fromStdString(text).replace(QLatin1Char('&'), QLatin1String("&&"));
}

} // namespace consilium::viewer::looks
