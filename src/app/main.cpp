// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/main_window.h"
#include "app/settings.h"
#include "app/theme_style.h"
#include "app/tour.h"
#include "app/translations.h"
#include "core/log.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QSettings>
#include <QStyleFactory>
#include <clocale>
#include <cstdio>
#include <optional>

namespace {

using namespace consilium;

std::filesystem::path toPath(const QString &text)
{
    return std::filesystem::absolute(std::filesystem::path(text.toStdU16String()));
}

struct CommandLine
{
    std::filesystem::path study, tour;
    QString theme, language;
    std::vector<std::filesystem::path> files;
};

struct CommandLineText
{
    Q_DECLARE_TR_FUNCTIONS(CommandLine)
};

int wrongUsage(const QString &message)
{
    std::fprintf(stderr, "consilium: %s\n", qUtf8Printable(message));
    return 2;
}

/// The descriptions are translated before the line is understood.
QString languageAsked(const QStringList &arguments)
{
    const auto at = arguments.indexOf(QLatin1String("--lang"));
    const auto language = at < 0 ? QString() : arguments.value(at + 1);
    return app::isTranslated(language) ? language : QString();
}

/// The exit status when there is nothing more to do. Needs no display: help and complaints come on any terminal.
std::optional<int> read(CommandLine &line, int argc, char **argv)
{
    QCoreApplication console(argc, argv);
    app::installTranslations(console, app::languageToUse(languageAsked(console.arguments()), viewer::SavedSettings()));
    QCommandLineParser parser;
    parser.setApplicationDescription(
        CommandLineText::tr("Watch a study in which hospitals train a model together, and review its images. "
                            "Research software, not a medical device."));
    const auto help = parser.addHelpOption();
    const auto version = parser.addVersionOption();
    const QCommandLineOption study("study", CommandLineText::tr("Open the study folder DIR."), "DIR");
    const QCommandLineOption tour(
        "tour",
        CommandLineText::tr("Drive the window through its main job and each page, and save one picture a step in DIR."),
        "DIR");
    const QCommandLineOption theme("theme", CommandLineText::tr("Colours: dark or light."), "dark|light");
    const QCommandLineOption language("lang", CommandLineText::tr("Language of the window: en or de."), "en|de");
    parser.addOptions({study, tour, theme, language});
    parser.addPositionalArgument("FILE|DIR", CommandLineText::tr("Images and folders to open in Review."),
                                 "[FILE|DIR ...]");
    if (!parser.parse(console.arguments()))
        return wrongUsage(parser.errorText());
    if (parser.isSet(help)) {
        std::fputs(qUtf8Printable(parser.helpText()), stdout);
        return 0;
    }
    if (parser.isSet(version)) {
        std::printf("consilium %s\n", CONSILIUM_VERSION);
        return 0;
    }
    line.theme = parser.value(theme);
    if (!line.theme.isEmpty() && line.theme != QLatin1String("dark") && line.theme != QLatin1String("light"))
        return wrongUsage(CommandLineText::tr("--theme is dark or light, not '%1'").arg(line.theme));
    line.language = parser.value(language);
    if (!line.language.isEmpty() && !app::isTranslated(line.language))
        return wrongUsage(CommandLineText::tr("There is no translation '%1'").arg(line.language));
    if (parser.isSet(study))
        line.study = toPath(parser.value(study));
    if (parser.isSet(tour))
        line.tour = toPath(parser.value(tour));
    for (const auto &file : parser.positionalArguments())
        line.files.push_back(toPath(file));
    return std::nullopt;
}

} // namespace

int main(int argc, char **argv)
{
    QCoreApplication::setOrganizationName(QStringLiteral("consilium"));
    QCoreApplication::setApplicationName(QStringLiteral("consilium"));
    QCoreApplication::setApplicationVersion(QStringLiteral(CONSILIUM_VERSION));
    CommandLine line;
    if (const auto status = read(line, argc, argv))
        return *status;

    QApplication application(argc, argv);
    // It took the reader's locale, in which C functions may expect a decimal comma; the numbers of image files, which
    // ITK reads with them, have a point.
    std::setlocale(LC_NUMERIC, "C");
    QApplication::setApplicationDisplayName(QStringLiteral("Consilium"));
    QGuiApplication::setDesktopFileName(QStringLiteral("consilium"));
    QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
    QIcon::setFallbackSearchPaths(QIcon::fallbackSearchPaths() << QStringLiteral("/usr/share/icons"));
    startLogging();

    const bool touring = !line.tour.empty();
    // A tour looks the same wherever it is made.
    const auto language = touring && line.language.isEmpty() ? QStringLiteral("en") : line.language;
    app::installTranslations(application, app::languageToUse(language, viewer::SavedSettings()));
    if (touring) {
        // A tour starts as a newcomer does and leaves no trace in what the reader's own window remembers.
        QCoreApplication::setApplicationName(QStringLiteral("consilium-tour"));
        QSettings().clear();
    }
    viewer::SavedSettings saved;
    viewer::MemorySettings fresh;
    const app::Settings settings(touring ? static_cast<viewer::SettingsStore &>(fresh) : saved);
    const auto theme =
        app::loadTheme(line.theme.isEmpty() ? settings.theme.value() : line.theme, settings.fontScale.value());
    if (!theme) {
        std::fprintf(stderr, "consilium: %s\n", theme.error().line().c_str());
        return 1;
    }

    app::MainWindow::Options options;
    if (touring) {
        options.demoFolder = line.tour / "study";
        options.remember = false;
    }
    app::MainWindow window(*theme, options);
    window.show();
    if (touring) {
        app::Tour guide(window, {line.tour, line.study});
        QObject::connect(
            &guide, &app::Tour::finished, &application, [](bool ok) { QCoreApplication::exit(ok ? 0 : 1); },
            Qt::QueuedConnection);
        guide.start();
        return application.exec();
    }
    if (!line.study.empty())
        window.openStudy(line.study);
    if (!line.files.empty())
        window.openInReview(line.files);
    return application.exec();
}
