// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include <QKeySequence>
#include <QString>
#include <vector>

namespace consilium::viewer {

/// How a person reads a key in the program's language: "Page Down", "Ctrl+Shift+Z", "Ctrl+K, Ctrl+L" (one after the
/// other). Qt's own names are abbreviated ("PgDown") and translated only where Qt's translations are installed.
QString keyName(const QKeySequence &keys);

/// Several keys that do the same: "Page Down or N". Empty when there is none.
QString keyNames(const std::vector<QKeySequence> &keys);

} // namespace consilium::viewer
