// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/tour.h"

#include "app/data_page.h"
#include "app/data_table.h"
#include "app/wheel_latency.h"
#include "dashboard/curve_chart.h"
#include "dashboard/study_progress.h"
#include "viewer/canvas/slice_canvas.h"
#include "viewer/edit_desk.h"
#include "viewer/review_view.h"
#include "viewer/surfaces/surface_view.h"
#include "viewer/tool_strip.h"

#include <QAbstractButton>
#include <QComboBox>
#include <cstdio>

namespace consilium::app {

namespace {

constexpr int pollMilliseconds = 100;
constexpr int settleMilliseconds = 700;
constexpr int wheelEvents = 80;
// What a reader still feels as immediate; the bound.
constexpr double latencyLimit = 100;

QString display(const std::filesystem::path &path)
{
    return QString::fromStdU16String(path.u16string());
}

} // namespace

Tour::Tour(MainWindow &window, Options options, QObject *parent)
    : QObject(parent), m_window(window), m_options(std::move(options))
{
    m_summary = {{"steps", Json::array()}};
    m_poll.setInterval(pollMilliseconds);
    connect(&m_poll, &QTimer::timeout, this, &Tour::look);
    connect(&window.study(), &OpenStudy::demoFinished, this, [this](bool ok, const QString &message) {
        m_demoEnded = true;
        m_demoOk = ok;
        m_demoMessage = message;
    });
    connect(window.findChild<viewer::ReviewView *>(), &viewer::ReviewView::caseOpened, this,
            [this] { m_caseOpened = true; });

    if (!m_options.files.empty()) {
        planImages();
        return;
    }
    m_steps.push_back({"01-studies", 10, [this] { press("nav.studies"); }, [] { return true; }});
    if (m_options.study.empty())
        planDemo();
    else
        planStudy();
    planPages();
}

void Tour::planDemo()
{
    m_steps.push_back({"02-federation-start", 240,
                       [this] {
                           press("studies.startDemo");
                           press("nav.federation");
                       },
                       [this] {
                           const auto &shot = m_window.study().snapshot();
                           return shot && shot->sites.size() >= 2 &&
                                  std::ranges::all_of(shot->sites, &storage::SiteRow::enrolled);
                       },
                       true, true});
    m_steps.push_back({"03-federation-training", 600, [this] { press("nav.federation"); },
                       [this] {
                           const auto charts = m_window.findChildren<dashboard::CurveChart *>();
                           return !charts.isEmpty() && std::ranges::all_of(charts, &dashboard::CurveChart::hasCurves);
                       },
                       true, true});
    m_steps.push_back({"04-review-while-training", 120, [this] { press("nav.review"); },
                       [this] {
                           if (!m_latency && imageIsOpen())
                               measureLatency();
                           return m_latencyDone;
                       },
                       true, false});
    m_steps.push_back({"05-federation-finished", 25 * 60, [this] { press("nav.federation"); },
                       [this] {
                           const auto &shot = m_window.study().snapshot();
                           return m_demoEnded && m_demoOk && shot && shot->state == "finished";
                       },
                       true, true});
}

void Tour::planStudy()
{
    m_steps.push_back({"05-federation-finished", 60, [this] { m_window.openStudy(m_options.study); },
                       [this] {
                           const auto &shot = m_window.study().snapshot();
                           return shot && shot->state == "finished";
                       },
                       false, true});
}

// Every layout that the case has, one after the other, and the tools at work on it.
void Tour::planLayouts(const QString &prefix, bool withSurface)
{
    auto *view = m_window.findChild<viewer::ReviewView *>();
    const auto drawn = [this] { return imageIsOpen(); };
    for (const char *layout :
         {"side-by-side", "difference", "swipe", "flicker", "lightbox", "channels", "single", "planes"}) {
        const QString name = QString::fromLatin1(layout);
        m_steps.push_back({prefix + name, 60, [this, name] { hang(name); },
                           [this, drawn, name, withSurface] {
                               const auto *surface = m_window.findChild<viewer::SurfaceView *>("review.surface");
                               const bool waits = withSurface && name == QLatin1String("planes");
                               return drawn() && (!waits || surface->isReady());
                           }});
    }
    m_steps.push_back({prefix + "measure", 20,
                       [view] {
                           view->showPanel(viewer::ReviewView::Panel::Measure);
                           view->tools().choose(QStringLiteral("landmarks"));
                       },
                       drawn});
    m_steps.push_back({prefix + "edit", 30,
                       [view] {
                           view->showPanel(viewer::ReviewView::Panel::Edit);
                           view->editDesk().startFrom(*view->currentCase(), viewer::kReference);
                           view->tools().choose(QStringLiteral("brush"));
                       },
                       [view] { return !view->currentCase()->reference || view->editDesk().editor().isOpen(); }});
    m_steps.push_back({prefix + "reading", 20,
                       [view] {
                           view->tools().choose(QStringLiteral("crosshair"));
                           view->showPanel(viewer::ReviewView::Panel::Reading);
                       },
                       drawn});
    m_steps.push_back(
        {prefix + "findings", 20, [view] { view->showPanel(viewer::ReviewView::Panel::Findings); }, drawn});
}

void Tour::planImages()
{
    m_steps.push_back({"01-opened", 120,
                       [this] {
                           m_caseOpened = false;
                           m_window.openInReview(m_options.files);
                       },
                       [this] { return imageIsOpen(); }, false, true});
    planLayouts("02-", false);
}

void Tour::hang(const QString &layout)
{
    m_window.findChild<viewer::ReviewView *>()->setLayout(layout);
}

void Tour::planPages()
{
    m_steps.push_back({"06-review-planes", 60,
                       [this] {
                           m_caseOpened = false;
                           press("nav.review");
                       },
                       [this] {
                           // The study's cases appear when the folder has been looked through; they are the first
                           // entry.
                           auto *source = m_window.findChild<QComboBox *>("review.source");
                           if (!source->itemText(0).contains(QLatin1Char('(')))
                               return false;
                           if (!m_caseOpened && source->currentIndex() != 0)
                               choose("review.source", 0);
                           return imageIsOpen() && source->currentIndex() == 0 &&
                                  (findsLandmarks() ||
                                   !m_window.findChild<viewer::ReviewView *>()->currentCase()->predictions.empty());
                       }});
    m_steps.push_back({"07-review-side-by-side", 20, [this] { hang("side-by-side"); },
                       [this] {
                           const auto *canvas = m_window.findChild<viewer::SliceCanvas *>("review.canvas.column2");
                           return findsLandmarks() || (canvas && canvas->isVisible() && !canvas->isEmpty());
                       }});
    m_steps.push_back({"08-review-surface", 90,
                       [this] {
                           hang("planes");
                           Q_EMIT m_window.findChild<viewer::SurfaceView *>("review.surface")->maximiseRequested();
                       },
                       [this] {
                           const auto *surface = m_window.findChild<viewer::SurfaceView *>("review.surface");
                           return findsLandmarks() || (surface->isVisible() && surface->isReady());
                       }});
    m_steps.push_back({"09-data", 60, [this] { press("nav.data"); },
                       [this] { return m_window.findChild<DataPage *>()->table().model().rowCount() > 0; }});
    m_steps.push_back({"09-settings", 20, [this] { press("nav.settings"); }, [] { return true; }});
    m_steps.push_back({"09-federation-light", 20,
                       [this] {
                           Q_EMIT m_window.findChild<viewer::SurfaceView *>("review.surface")->maximiseRequested();
                           press("nav.theme");
                           press("nav.federation");
                       },
                       [this] { return m_window.findChild<QWidget *>("federation.board")->isVisible(); }});
    m_steps.push_back({"10-review-light", 20, [this] { press("nav.review"); }, [this] { return imageIsOpen(); }});
    m_steps.push_back({"11-studies-light", 20, [this] { press("nav.studies"); }, [] { return true; }});
}

void Tour::start()
{
    std::error_code failure;
    std::filesystem::create_directories(m_options.folder, failure);
    begin();
}

void Tour::begin()
{
    m_clock.start();
    m_doneAt = -1;
    m_failure.clear();
    m_steps[m_step].act();
    m_poll.start();
}

void Tour::look()
{
    const auto &step = m_steps[m_step];
    if (m_doneAt >= 0) {
        if (m_clock.elapsed() - m_doneAt >= settleMilliseconds)
            conclude(true);
        return;
    }
    if (step.done())
        m_doneAt = m_clock.elapsed();
    else if (!m_failure.isEmpty())
        conclude(false, m_failure);
    else if (step.needsDemo && m_demoEnded && !m_demoOk)
        conclude(false, tr("the demo ended early: %1").arg(m_demoMessage));
    else if (m_clock.elapsed() > step.seconds * 1000LL)
        conclude(false, tr("it had not come to pass after %1 s").arg(step.seconds));
}

void Tour::conclude(bool ok, const QString &why)
{
    m_poll.stop();
    const auto &step = m_steps[m_step];
    QString failure = why;
    const auto picture = m_options.folder / (step.name.toStdString() + ".png");
    if (!m_window.grab().save(display(picture))) {
        ok = false;
        failure = tr("the picture %1 could not be written").arg(display(picture));
    }
    m_ok = m_ok && ok;
    const double seconds = static_cast<double>(m_doneAt >= 0 ? m_doneAt : m_clock.elapsed()) / 1000;
    Json entry = {
        {"step", step.name.toStdString()}, {"ok", ok}, {"seconds", seconds}, {"picture", picture.filename().string()}};
    if (!ok)
        entry["why"] = failure.toStdString();
    m_summary["steps"].push_back(entry);
    if (ok)
        std::printf("step ok: %s (%.1f s)\n", qUtf8Printable(step.name), seconds);
    else
        std::printf("step failed: %s: %s\n", qUtf8Printable(step.name), qUtf8Printable(failure));
    std::fflush(stdout);
    if ((!ok && step.essential) || ++m_step == m_steps.size())
        return end();
    begin();
}

void Tour::end()
{
    m_summary["ok"] = m_ok;
    if (const auto written = writeJson(m_options.folder / "tour.json", m_summary); !written) {
        std::printf("step failed: tour.json: %s\n", written.error().line().c_str());
        m_ok = false;
    }
    Q_EMIT finished(m_ok);
}

void Tour::press(const QString &button)
{
    if (auto *found = m_window.findChild<QAbstractButton *>(button); found && found->isEnabled())
        found->click();
    else
        m_failure = tr("there is no button %1 to press").arg(button);
}

void Tour::choose(const QString &comboBox, int index)
{
    auto *found = m_window.findChild<QComboBox *>(comboBox);
    if (!found || index >= found->count()) {
        m_failure = tr("the list %1 has no entry %2").arg(comboBox).arg(index);
        return;
    }
    found->setCurrentIndex(index);
    Q_EMIT found->activated(index);
}

QWidget *Tour::visibleCanvas() const
{
    for (auto *canvas : m_window.findChildren<viewer::SliceCanvas *>()) {
        if (canvas->isVisible() && !canvas->isEmpty())
            return canvas;
    }
    return nullptr;
}

bool Tour::imageIsOpen() const
{
    return m_caseOpened && visibleCanvas();
}

bool Tour::findsLandmarks() const
{
    const auto &shot = m_window.study().snapshot();
    return shot && !shot->plan.data.landmarks.empty();
}

int Tour::sitesTraining() const
{
    const auto &shot = m_window.study().snapshot();
    if (!shot)
        return 0;
    return static_cast<int>(std::ranges::count_if(shot->siteRounds, [&](const auto &row) {
        return row.round == shot->round && row.state == SiteState::Training;
    }));
}

void Tour::measureLatency()
{
    // It says nothing when the sites are idle: they must be in mid-training.
    if (sitesTraining() < 2)
        return;
    const int training = sitesTraining();
    m_latency = new WheelLatency(visibleCanvas(), wheelEvents, this);
    connect(m_latency, &WheelLatency::finished, this, [this, training](bool complete) {
        if (m_latency->milliseconds().empty()) {
            m_failure = tr("the canvas did not repaint when the wheel turned");
            return;
        }
        const double median = m_latency->quantile(0.5), p95 = m_latency->quantile(0.95), worst = m_latency->quantile(1);
        m_summary["latency"] = {{"events", m_latency->milliseconds().size()},
                                {"medianMs", median},
                                {"p95Ms", p95},
                                {"maxMs", worst},
                                {"sitesTraining", training},
                                {"limitMs", latencyLimit}};
        std::printf("wheel to repaint with %d sites training: median %.1f ms, p95 %.1f ms, worst %.1f ms, %zu events\n",
                    training, median, p95, worst, m_latency->milliseconds().size());
        if (!complete)
            m_failure = tr("the canvas stopped repainting when the wheel turned");
        else if (p95 >= latencyLimit)
            m_failure = tr("the window answered too slowly: p95 %1 ms").arg(p95, 0, 'f', 1);
        else
            m_latencyDone = true;
    });
    m_latency->start();
}

} // namespace consilium::app
