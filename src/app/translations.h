// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "viewer/actions/settings_store.h"

#include <QLocale>
#include <QString>

class QCoreApplication;

namespace consilium::app {

/// Whether the window can be shown in `language` ("en", "de", "de_AT"). English is what the sentences are written in.
bool isTranslated(const QString &language);

/// The language to use: the command line's when it names one, else the reader's setting, else German for a system in
/// German and English for all others.
QString languageToUse(const QString &commandLine, const viewer::SettingsStore &store,
                      const QLocale &system = QLocale::system());

/// Installs the program's and, where they are installed, Qt's own translations, and makes the language's locale the
/// default for numbers and dates. A default locale of the same language is kept: Austrian dates stay Austrian.
void installTranslations(QCoreApplication &application, const QString &language);

} // namespace consilium::app
