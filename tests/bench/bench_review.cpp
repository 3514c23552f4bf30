// SPDX-License-Identifier: GPL-3.0-or-later
// How fast the Review page answers, on a virtual screen without a graphics card:
//     xvfb-run -a -s "-screen 0 1920x1200x24" bench-review [--scroll-only] [FLAIR LESIONS]
#include "core/platform_memory.h"
#include "imaging/dicom/series_writer.h"
#include "viewer/canvas/slice_canvas.h"
#include "viewer/review_view.h"

#include <QApplication>
#include <QCoreApplication>
#include <QElapsedTimer>
#include <QEventLoop>
#include <QTemporaryDir>
#include <QTimer>
#include <QWheelEvent>
#include <algorithm>
#include <cmath>
#include <cstdio>

using namespace consilium;
using namespace consilium::viewer;

namespace {

Theme theme()
{
    Theme theme;
    theme.window = theme.panel = theme.raised = theme.imageBackground = "#000000";
    theme.text = theme.quietText = theme.annotation = theme.reference = theme.line = "#e6eaee";
    theme.accent = theme.crosshair = theme.good = theme.warn = theme.bad = "#4aa8ff";
    theme.truePositive = theme.falsePositive = theme.falseNegative = "#3fbf7f";
    theme.series = {"#56b4e9", "#e69f00", "#009e73"};
    return theme;
}

double memoryNow()
{
    const auto use = platform::processUse(QCoreApplication::applicationPid());
    return use ? use->memory / 1e6 : 0;
}

template <typename Signal>
bool waitFor(ReviewView &view, Signal signal, int seconds)
{
    QEventLoop loop;
    bool came = false;
    QObject::connect(&view, signal, &loop, [&] {
        came = true;
        loop.quit();
    });
    QTimer::singleShot(seconds * 1000, &loop, &QEventLoop::quit);
    loop.exec();
    return came;
}

double quantile(std::vector<double> times, double share)
{
    std::sort(times.begin(), times.end());
    const auto rank = static_cast<std::size_t>(std::ceil(share * static_cast<double>(times.size())));
    return times.at(std::clamp<std::size_t>(rank, 1, times.size()) - 1);
}

// From the wheel's event to the moment all views have painted.
void scroll(ReviewView &view, const char *name, int events, const QString &canvasName)
{
    auto *canvas = view.findChild<SliceCanvas *>(canvasName);
    if (!canvas)
        return;
    std::vector<double> times;
    const QPointF middle = canvas->rect().center();
    for (int n = 0; n < events; ++n) {
        QElapsedTimer clock;
        clock.start();
        QWheelEvent wheel(middle, canvas->mapToGlobal(middle), {}, {0, n / 20 % 2 ? -120 : 120}, Qt::NoButton, {},
                          Qt::NoScrollPhase, false);
        QCoreApplication::sendEvent(canvas, &wheel);
        QCoreApplication::sendPostedEvents();
        QEventLoop().processEvents(QEventLoop::ExcludeUserInputEvents);
        times.push_back(static_cast<double>(clock.nsecsElapsed()) / 1e6);
    }
    std::printf("%-44s median %5.1f ms, p95 %5.1f ms, worst %5.1f ms (%d events)\n", name, quantile(times, 0.5),
                quantile(times, 0.95), quantile(times, 1), events);
}

imaging::Volume brainLike(const imaging::Index3 &size)
{
    imaging::Volume volume;
    volume.geometry.size = size;
    volume.geometry.spacing = {0.5, 0.5, 0.5};
    volume.values.resize(static_cast<std::size_t>(volume.geometry.voxels()));
    std::size_t at = 0;
    for (int k = 0; k < size[2]; ++k)
        for (int j = 0; j < size[1]; ++j)
            for (int i = 0; i < size[0]; ++i)
                volume.values[at++] = static_cast<float>((i * i + j * j + 7 * k) % 1000);
    return volume;
}

} // namespace

int main(int argc, char **argv)
{
    QApplication application(argc, argv);
    const QStringList arguments = QCoreApplication::arguments().mid(1);
    const bool scrollOnly = arguments.contains(QStringLiteral("--scroll-only"));
    QStringList files;
    for (const QString &argument : arguments)
        if (!argument.startsWith(u'-'))
            files.append(argument);
    MemorySettings settings;
    ActionTable actions(settings);
    ReviewView view(actions, settings);
    view.setTheme(theme());
    view.resize(1440, 900);
    view.show();

    if (!files.isEmpty()) {
        std::vector<std::filesystem::path> paths;
        for (const QString &file : files)
            paths.emplace_back(file.toStdU16String());
        view.openFiles(paths);
        if (!waitFor(view, &ReviewView::caseOpened, 60))
            return 1;
        QEventLoop settle;
        QTimer::singleShot(6000, &settle, &QEventLoop::quit); // the 3D view builds its surfaces
        settle.exec();
        scroll(view, "four views (planes, 3D), linked, overlay", 400, QStringLiteral("review.canvas.axial"));
        view.setLayout(QStringLiteral("side-by-side"));
        scroll(view, "side by side, linked, overlay", 400, QStringLiteral("review.canvas.column1"));
        view.setLayout(QStringLiteral("lightbox"));
        scroll(view, "lightbox of twelve", 200, QStringLiteral("review.canvas.light1"));
        view.setLayout(QStringLiteral("swipe"));
        scroll(view, "swipe", 200, QStringLiteral("review.canvas.swipe"));
        view.setLayout(QStringLiteral("planes"));
        if (scrollOnly)
            return 0;
    }

    QTemporaryDir folder;
    {
        imaging::dicom::SeriesDescription description;
        description.modality = "CT";
        description.uidSeed = "bench";
        const auto written =
            imaging::dicom::writeSeries(folder.path().toStdU16String(), brainLike({512, 512, 400}), description);
        if (!written) {
            std::fprintf(stderr, "%s\n", written.error().line().c_str());
            return 1;
        }
    }
    view.openCases({});
    const double before = memoryNow();
    view.openFiles({folder.path().toStdU16String()});
    // Looking through 400 headers comes before the click on the series.
    QElapsedTimer clock;
    clock.start();
    QObject::connect(&view, &ReviewView::statusMessage, &view, [&](const QString &text) {
        if (text.startsWith(QStringLiteral("Opening")))
            clock.restart();
    });
    double first = -1;
    QTimer look;
    QObject::connect(&look, &QTimer::timeout, &look, [&] {
        const auto *canvas = view.findChild<SliceCanvas *>(QStringLiteral("review.canvas.axial"));
        if (first < 0 && canvas && !canvas->isEmpty() && canvas->volume()->geometry.size[2] == 400) {
            first = static_cast<double>(clock.nsecsElapsed()) / 1e9;
            scroll(view, "  scrolling while it is being read", 100, QStringLiteral("review.canvas.axial"));
        }
    });
    look.start(2);
    if (!waitFor(view, &ReviewView::caseOpened, 120))
        return 1;
    const double whole = static_cast<double>(clock.nsecsElapsed()) / 1e9;
    const double shown = 512.0 * 512 * 400 * sizeof(float) / 1e6;
    std::printf("512 x 512 x 400 series: first slice %.2f s, whole %.2f s after the click\n", first, whole);
    std::printf("memory: %.0f MB for a volume of %.0f MB: %.2f; peak of the process %.0f MB\n", memoryNow() - before,
                shown, (memoryNow() - before) / shown, platform::peakMemory().value_or(0) / 1e6);
    scroll(view, "512 x 512 x 400, four views, linked", 200, QStringLiteral("review.canvas.axial"));
    return 0;
}
