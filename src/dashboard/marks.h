// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/theme.h"

#include <QPainter>
#include <QPen>
#include <QPixmap>
#include <QScatterSeries>

namespace consilium::dashboard {

/// What a small drawn sign says; a word always stands beside it.
enum class Mark { Waiting, Working, Done, Warning, Bad };

QColor markColour(Mark mark, const Theme &theme);

/// Draws the sign centred in `area`, at most 14 pixels wide.
void drawMark(QPainter &painter, const QRectF &area, Mark mark, const Theme &theme);

/// The same on a transparent square, `size` pixels wide, fit for screens of twice the usual density.
QPixmap markPixmap(Mark mark, const Theme &theme, int size = 16);

/// The second cue of a site beside its colour: the shape of its points and the dash of its line.
QScatterSeries::MarkerShape siteShape(int index);
Qt::PenStyle siteDash(int index);

/// Draws the site's point shape, `size` pixels wide, around `centre`.
void drawSiteShape(QPainter &painter, QPointF centre, double size, int index, const QColor &colour);

} // namespace consilium::dashboard
