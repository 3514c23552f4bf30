// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "core/theme.h"

#include <QIcon>
#include <QString>

class QWidget;

namespace consilium::app {

/// The theme compiled into the program. `variant`: "dark" or "light". Errors: Malformed.
Result<Theme> loadTheme(const QString &variant);

/// Gives the whole application the theme's palette, style sheet, font size and icon set. Widgets that draw themselves
/// are told by their setTheme.
void applyTheme(const Theme &theme);

/// A Breeze icon of the theme applied last.
QIcon icon(const QString &name);

/// Designer's compiler turns the dots of object names into underscores; tests and the tour know widgets as
/// "nav.review". Gives the dots back to the children of `form` whose name begins with `prefix` and an underscore.
void restoreDottedNames(QWidget *form, const QString &prefix);

} // namespace consilium::app
