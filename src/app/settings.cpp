// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/settings.h"

#include "app/pointer_gestures.h"

#include <QCoreApplication>

namespace consilium::app {

namespace {

struct Text
{
    Q_DECLARE_TR_FUNCTIONS(Settings)
};

QString loginName()
{
    for (const auto *variable : {"USER", "LOGNAME", "USERNAME"}) {
        if (const auto name = qEnvironmentVariable(variable); NameSetting::isName(name))
            return name;
    }
    return QStringLiteral("reader");
}

} // namespace

Settings::Settings(viewer::SettingsStore &store)
    : theme(store, QStringLiteral("theme"), Text::tr("Theme"),
            Text::tr("Dark for the reading room, light for the office"), QStringLiteral("dark"),
            {{QStringLiteral("dark"), Text::tr("Dark"), {}}, {QStringLiteral("light"), Text::tr("Light"), {}}}),
      fontScale(store, QStringLiteral("fontScale"), Text::tr("Font size"), Text::tr("Size of all text in the window"),
                100, {80, 150, 10, QStringLiteral("%")}),
      language(store, QStringLiteral("language"), Text::tr("Language"), Text::tr("Language of the window"),
               QStringLiteral("system"),
               // Languages are called by their own names, so that they are found by whoever needs them.
               {{QStringLiteral("system"), Text::tr("As the system"), {}},
                {QStringLiteral("en"), QStringLiteral("English"), {}},
                {QStringLiteral("de"), QStringLiteral("Deutsch"), {}}}),
      mouseScheme(store, QStringLiteral("mouseScheme"), Text::tr("Mouse buttons"),
                  Text::tr("What the mouse buttons do in an image"), pointerChoices().front().id, pointerChoices()),
      readerName(store, QStringLiteral("readerName"), Text::tr("Reader"),
                 Text::tr("Your name in saved files and reading sessions"), loginName()),
      imageMemory(store, QStringLiteral("imageMemory"), Text::tr("Image memory"),
                  Text::tr("Memory that opened images may take; beyond it, images not in "
                           "sight are put away and read again when needed"),
                  4, {1, 256, 1, QStringLiteral("GB")})
{
}

} // namespace consilium::app
