// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/main_window.h"
#include "app/theme_style.h"
#include "app/tour.h"
#include "core/log.h"

#include <QApplication>
#include <QCommandLineParser>
#include <QLibraryInfo>
#include <QLocale>
#include <QSettings>
#include <QStyleFactory>
#include <QSurfaceFormat>
#include <QTranslator>
#include <cstdio>

namespace {

using namespace consilium;

std::filesystem::path toPath(const QString &text)
{
    return std::filesystem::absolute(std::filesystem::path(text.toStdU16String()));
}

int wrongUsage(const QString &message)
{
    std::fprintf(stderr, "consilium: %s\n", qUtf8Printable(message));
    return 2;
}

} // namespace

int main(int argc, char **argv)
{
    // VTK's framebuffer is shared with the window, and both must agree on OpenGL 3.2 before the first window is made.
    QSurfaceFormat format;
    format.setRenderableType(QSurfaceFormat::OpenGL);
    format.setVersion(3, 2);
    format.setProfile(QSurfaceFormat::CoreProfile);
    format.setDepthBufferSize(24);
    format.setStencilBufferSize(8);
    QSurfaceFormat::setDefaultFormat(format);
    QCoreApplication::setAttribute(Qt::AA_ShareOpenGLContexts);

    QApplication application(argc, argv);
    QCoreApplication::setOrganizationName(QStringLiteral("consilium"));
    QCoreApplication::setApplicationName(QStringLiteral("consilium"));
    QCoreApplication::setApplicationVersion(QStringLiteral(CONSILIUM_VERSION));
    QApplication::setApplicationDisplayName(QStringLiteral("Consilium"));
    QGuiApplication::setDesktopFileName(QStringLiteral("consilium"));
    QApplication::setStyle(QStyleFactory::create(QStringLiteral("Fusion")));
    QIcon::setFallbackSearchPaths(QIcon::fallbackSearchPaths() << QStringLiteral("/usr/share/icons"));
    startLogging();

    QCommandLineParser parser;
    parser.setApplicationDescription(QCoreApplication::translate(
        "main", "Watch a study in which hospitals train a model together, and review its images. Research software, not a medical device."));
    const auto help = parser.addHelpOption();
    const auto version = parser.addVersionOption();
    const QCommandLineOption study(QStringLiteral("study"), QCoreApplication::translate("main", "Open the study folder DIR."), QStringLiteral("DIR"));
    const QCommandLineOption tour(QStringLiteral("tour"),
        QCoreApplication::translate("main", "Drive the window through its main job and each page, and save one picture a step in DIR."), QStringLiteral("DIR"));
    const QCommandLineOption themeName(QStringLiteral("theme"), QCoreApplication::translate("main", "Colours: dark or light."), QStringLiteral("dark|light"));
    const QCommandLineOption language(QStringLiteral("lang"), QCoreApplication::translate("main", "Language of the window, for example en."), QStringLiteral("CODE"));
    parser.addOptions({study, tour, themeName, language});
    parser.addPositionalArgument(QStringLiteral("FILE|DIR"), QCoreApplication::translate("main", "Images and folders to open in Review."), QStringLiteral("[FILE|DIR ...]"));
    if (!parser.parse(application.arguments()))
        return wrongUsage(parser.errorText());
    if (parser.isSet(help)) {
        std::fputs(qUtf8Printable(parser.helpText()), stdout);
        return 0;
    }
    if (parser.isSet(version)) {
        std::printf("consilium %s\n", CONSILIUM_VERSION);
        return 0;
    }

    const auto code = parser.value(language);
    QTranslator own, toolkit;
    if (!code.isEmpty()) {
        // The window's sentences are written in English: that translation is the program itself.
        if (!code.startsWith(QLatin1String("en")) && !own.load(QStringLiteral(":/translations/consilium_%1.qm").arg(code)))
            return wrongUsage(QCoreApplication::translate("main", "There is no translation '%1'").arg(code));
        QLocale::setDefault(QLocale(code));
        if (toolkit.load(QStringLiteral("qtbase_%1").arg(code), QLibraryInfo::path(QLibraryInfo::TranslationsPath)))
            application.installTranslator(&toolkit);
        application.installTranslator(&own);
    }

    const bool touring = parser.isSet(tour);
    auto variant = parser.value(themeName);
    if (variant.isEmpty())
        variant = touring ? QStringLiteral("dark") : QSettings().value(QStringLiteral("theme"), QStringLiteral("dark")).toString();
    if (variant != QLatin1String("dark") && variant != QLatin1String("light"))
        return wrongUsage(QCoreApplication::translate("main", "--theme is dark or light, not '%1'").arg(variant));
    const auto theme = app::loadTheme(variant);
    if (!theme) {
        std::fprintf(stderr, "consilium: %s\n", theme.error().line().c_str());
        return 1;
    }

    std::vector<std::filesystem::path> files;
    for (const auto &file : parser.positionalArguments())
        files.push_back(toPath(file));
    app::MainWindow::Options options;
    if (touring) {
        options.demoFolder = toPath(parser.value(tour)) / "study";
        options.remember = false;
    }
    app::MainWindow window(*theme, options);
    window.show();

    if (touring) {
        app::Tour guide(window, {toPath(parser.value(tour)), parser.isSet(study) ? toPath(parser.value(study)) : std::filesystem::path()});
        QObject::connect(&guide, &app::Tour::finished, &application, [](bool ok) { QCoreApplication::exit(ok ? 0 : 1); }, Qt::QueuedConnection);
        guide.start();
        return application.exec();
    }
    if (parser.isSet(study))
        window.openStudy(toPath(parser.value(study)));
    if (!files.empty())
        window.openInReview(files);
    return application.exec();
}
