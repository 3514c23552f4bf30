// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "core/theme.h"

#include <QColor>
#include <QIcon>
#include <QString>

class QWidget;

namespace consilium::app {

/// The theme compiled into the program, its text and rows at `fontPercent` of their sizes. `variant`: "dark" or
/// "light". Errors: Malformed.
Result<Theme> loadTheme(const QString &variant, int fontPercent = 100);

/// `theme` (at 100 %) with text, rows and steps at `fontPercent` of their sizes, rounded to whole pixels.
Theme scaled(Theme theme, int fontPercent);

/// The line around a field to type or choose in: between the quiet text and the line, so that it keeps 3:1 against
/// every background (WCAG 2.1, 1.4.11), which the quieter line between areas need not.
QColor fieldLine(const Theme &theme);

/// Gives the whole application the theme's palette, style sheet, font size and icon set. Widgets that draw themselves
/// are told by their setTheme.
void applyTheme(const Theme &theme);

/// A Breeze icon of the theme applied last.
QIcon icon(const QString &name);

/// Designer's compiler turns the dots of object names into underscores; tests and the tour know widgets as
/// "nav.review". Gives the dots back to the children of `form` whose name begins with `prefix` and an underscore.
void restoreDottedNames(QWidget *form, const QString &prefix);

} // namespace consilium::app
