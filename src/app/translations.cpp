// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/translations.h"

#include <QCoreApplication>
#include <QFile>
#include <QLibraryInfo>
#include <QTranslator>

// Resources of a static library are not registered by themselves, and the macro does not work inside a namespace.
static void registerTranslations()
{
    Q_INIT_RESOURCE(consilium_translations);
}

namespace consilium::app {

namespace {

QString baseOf(const QString &language)
{
    return language.section(u'_', 0, 0).section(u'-', 0, 0).toLower();
}

QString fileOf(const QString &language)
{
    return QStringLiteral(":/translations/consilium_%1.qm").arg(baseOf(language));
}

} // namespace

bool isTranslated(const QString &language)
{
    registerTranslations();
    return QFile::exists(fileOf(language));
}

QString languageToUse(const QString &commandLine, const viewer::SettingsStore &store, const QLocale &system)
{
    if (!commandLine.isEmpty())
        return commandLine;
    const auto chosen = store.value(QStringLiteral("language")).toString();
    if (!chosen.isEmpty() && isTranslated(chosen))
        return chosen;
    return system.language() == QLocale::German ? QStringLiteral("de") : QStringLiteral("en");
}

void installTranslations(QCoreApplication &application, const QString &language)
{
    registerTranslations();
    const QLocale locale(language);
    if (QLocale().language() != locale.language())
        QLocale::setDefault(locale);
    auto *toolkit = new QTranslator(&application);
    if (toolkit->load(QStringLiteral("qtbase_") + baseOf(language), QLibraryInfo::path(QLibraryInfo::TranslationsPath)))
        application.installTranslator(toolkit);
    // English has a file too: for "1 case" and "2 cases".
    auto *own = new QTranslator(&application);
    if (own->load(fileOf(language)))
        application.installTranslator(own);
}

} // namespace consilium::app
