// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/surfaces/surface_view.h"

#include "viewer/canvas/colours.h"
#include "viewer/surfaces/oblique_canvas.h"
#include "viewer/surfaces/scene_widget.h"
#include "viewer/surfaces/surface_bar.h"

#include <QBoxLayout>
#include <QLabel>
#include <QMouseEvent>
#include <QStackedWidget>
#include <algorithm>

namespace consilium::viewer {

using imaging::Vec3;

SurfaceView::SurfaceView(QWidget *parent)
    : QWidget(parent), m_bar(new SurfaceBar(this)), m_area(new QBoxLayout(QBoxLayout::LeftToRight)),
      m_stack(new QStackedWidget(this)), m_message(new QLabel(m_stack)), m_oblique(new ObliqueCanvas(this))
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    setAccessibleName(tr("3D view"));
    m_message->setAlignment(Qt::AlignCenter);
    m_message->setWordWrap(true);
    m_message->setMargin(16);
    m_message->setAutoFillBackground(true);
    m_message->setObjectName(QStringLiteral("review.surfaceMessage"));
    m_stack->addWidget(m_message);
    m_oblique->setObjectName(QStringLiteral("review.surface.oblique"));
    m_oblique->hide();
    m_area->addWidget(m_stack, 1);
    m_area->addWidget(m_oblique, 1);
    m_area->setSpacing(2);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_bar);
    column->addLayout(m_area, 1);
    m_thread.setMaxThreadCount(1);
    m_sliceWaits.setSingleShot(true);
    m_sliceWaits.setInterval(33);
    connect(&m_sliceWaits, &QTimer::timeout, this, [this] { sendSlice(true); });

    connect(m_bar, &SurfaceBar::modeChosen, this, &SurfaceView::setMode);
    connect(m_bar, &SurfaceBar::viewChosen, this, &SurfaceView::lookFrom);
    connect(m_bar, &SurfaceBar::thresholdChosen, this, [this](double share) {
        if (m_scene)
            m_scene->setThreshold(share);
    });
    connect(m_oblique, &ObliqueCanvas::planeChanged, this, &SurfaceView::showSlice);
    connect(m_oblique, &ObliqueCanvas::cursorMoved, this, [this](const Vec3 &patient) {
        setCursorPosition(patient);
        Q_EMIT cursorMoved(patient);
    });
    connect(m_oblique, &ObliqueCanvas::maximiseRequested, this, &SurfaceView::maximiseRequested);
}

SurfaceView::~SurfaceView()
{
    ++m_newestModel;
    ++m_newestVolume;
    m_thread.clear();
    m_thread.waitForDone();
}

void SurfaceView::setTheme(const Theme &theme)
{
    m_theme = theme;
    setPalette(viewer::palette(theme));
    setAutoFillBackground(true);
    // On the ground of images, whatever the theme: quiet text of a light theme would not be seen there.
    QPalette dark = palette();
    dark.setColor(QPalette::Window, colour(theme.imageBackground));
    dark.setColor(QPalette::WindowText, colour(theme.annotation));
    m_message->setPalette(dark);
    QFont caption = font();
    caption.setPixelSize(theme.captionSize);
    m_message->setFont(caption);
    m_bar->setTheme(theme);
    m_oblique->setTheme(theme);
    if (m_scene)
        m_scene->setTheme(theme);
    recolour();
}

void SurfaceView::setCase(std::shared_ptr<const LoadedCase> shown)
{
    ++m_newestModel;
    ++m_newestVolume;
    m_case = std::move(shown);
    m_channel = 0;
    m_shown.clear();
    m_modelAsked = m_volumeAsked = m_ready = false;
    m_oblique->setOverlays({});
    m_oblique->setVolume(nullptr);
    if (m_case) {
        const ReviewCase &opened = m_case->opened;
        const auto &range = channel().range;
        m_window = range.high > range.low ? Window{range.low, range.high} : Window{range.minimum, range.minimum + 1.0};
        m_oblique->setWindow(m_window);
        m_oblique->setPlaced(opened.isPlaced);
        m_oblique->setVolume(channel().volume, opened.content);
    }
    if (m_scene) {
        m_scene->clear(m_case && m_case->opened.content ? *m_case->opened.content
                       : m_case                         ? boxOf(channel().volume->geometry)
                                                        : PatientBox{});
        m_scene->setWindow(m_window);
    }
    say({});
    refresh();
}

void SurfaceView::setChannel(std::size_t channel)
{
    if (!m_case || channel >= m_case->opened.channels.size() || channel == m_channel)
        return;
    ++m_newestVolume;
    m_channel = channel;
    m_volumeAsked = false;
    m_oblique->setVolume(this->channel().volume, m_case->opened.content);
    refresh();
}

void SurfaceView::setWindow(const Window &window)
{
    m_window = window;
    m_oblique->setWindow(window);
    if (m_scene)
        m_scene->setWindow(window);
}

void SurfaceView::setShown(std::vector<int> segmentations)
{
    m_shown = std::move(segmentations);
    recolour();
}

void SurfaceView::setOverlayVisible(bool visible)
{
    if (visible == m_overlayVisible)
        return;
    m_overlayVisible = visible;
    recolour();
}

void SurfaceView::setCursorPosition(const Vec3 &patient)
{
    m_oblique->setCursorPosition(patient);
    if (m_scene)
        m_scene->setCursorPosition(patient);
    m_cursor = patient;
}

void SurfaceView::setMode(SceneMode mode)
{
    m_bar->setMode(mode);
    if (mode == m_mode)
        return;
    m_mode = mode;
    m_ready = false;
    if (m_scene)
        m_scene->setMode(mode);
    refresh();
    Q_EMIT modeChanged(mode);
}

void SurfaceView::lookFrom(ViewFrom side)
{
    if (m_scene)
        m_scene->lookFrom(side);
    if (m_mode != SceneMode::Oblique)
        return;
    m_oblique->lay(side == ViewFrom::Front ? Plane::Coronal : side == ViewFrom::Left ? Plane::Sagittal : Plane::Axial);
    m_oblique->fit();
}

void SurfaceView::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    refresh();
}

void SurfaceView::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    m_area->setDirection(width() >= height() ? QBoxLayout::LeftToRight : QBoxLayout::TopToBottom);
}

void SurfaceView::mouseDoubleClickEvent(QMouseEvent *event)
{
    if (event->button() == Qt::LeftButton)
        Q_EMIT maximiseRequested();
}

bool SurfaceView::hasSegmentations() const
{
    return m_case && (m_case->opened.reference || !m_case->opened.predictions.empty());
}

// Brings on the screen what case and mode ask for, as far as it is there, and starts what is missing.
void SurfaceView::refresh()
{
    const bool oblique = m_mode == SceneMode::Oblique;
    m_bar->setEnabled(m_case != nullptr);
    m_oblique->setVisible(oblique && m_case);
    m_stack->setVisible(true);
    if (!m_case || !isVisible())
        return;
    const bool possible = m_failure.isEmpty() && SceneThread::isPossible();
    if (!possible) {
        if (m_failure.isEmpty())
            m_failure = tr("The 3D view needs OpenGL 3.2, which this screen does not offer. Slices work without it.");
        m_stack->setVisible(!oblique);
        return say(m_failure);
    }
    if (m_mode == SceneMode::Surfaces && !hasSegmentations())
        return say(tr("Nothing is segmented in this case, so there are no surfaces to show. MIP, Volume and Oblique "
                      "show the image itself."));
    const bool projects = m_mode == SceneMode::Mip || m_mode == SceneMode::Volume;
    if (!m_scene)
        makeScene();
    m_scene->setNotice(projects ? tr("Preparing the image…") : tr("Building the surfaces…"));
    m_stack->setCurrentWidget(m_scene);
    if (!m_modelAsked)
        buildModel();
    if (projects && !m_volumeAsked)
        buildVolume();
    if (oblique)
        showSlice(false);
}

void SurfaceView::makeScene()
{
    m_scene = new SceneWidget(m_stack);
    m_scene->setObjectName(QStringLiteral("review.surfaceCanvas"));
    m_scene->setTheme(m_theme);
    m_scene->setMode(m_mode);
    m_scene->clear(m_case->opened.content ? *m_case->opened.content : boxOf(channel().volume->geometry));
    m_scene->setWindow(m_window);
    m_scene->setThreshold(m_bar->threshold());
    if (m_cursor)
        m_scene->setCursorPosition(*m_cursor);
    m_stack->addWidget(m_scene);
    connect(m_scene, &SceneWidget::maximiseRequested, this, &SurfaceView::maximiseRequested);
    connect(m_scene, &SceneWidget::failed, this, &SurfaceView::fail);
    connect(m_scene, &SceneWidget::cursorMoved, this, [this](const Vec3 &patient) {
        setCursorPosition(patient);
        Q_EMIT cursorMoved(patient);
    });
    connect(m_scene, &SceneWidget::planeTurned, m_oblique, &ObliqueCanvas::setPlane);
    connect(m_scene, &SceneWidget::pictureChanged, this, [this] {
        if (m_ready)
            return;
        m_ready = true;
        Q_EMIT ready();
    });
    recolour();
}

void SurfaceView::buildModel()
{
    m_modelAsked = true;
    const std::uint64_t request = ++m_newestModel;
    m_thread.start([this, request, shown = m_case] {
        if (request != m_newestModel)
            return;
        const auto factory = sceneFactory();
        if (!factory)
            return; // the scene's own thread says so
        auto model = (*factory)->build(shown->opened);
        // The destructor waits for this thread, so `this` is alive; a call still queued then is dropped with the
        // object.
        QMetaObject::invokeMethod(
            this,
            [this, request, model = std::move(model)] {
                if (request == m_newestModel && m_scene)
                    m_scene->setModel(model);
            },
            Qt::QueuedConnection);
    });
}

void SurfaceView::buildVolume()
{
    m_volumeAsked = true;
    const std::uint64_t request = ++m_newestVolume;
    m_thread.start(
        [this, request, image = channel().volume] {
            if (request != m_newestVolume)
                return;
            auto volume = std::make_shared<const DisplayVolume>(makeDisplayVolume(*image));
            QMetaObject::invokeMethod(
                this,
                [this, request, volume = std::move(volume)] {
                    if (request == m_newestVolume && m_scene)
                        m_scene->setVolume(volume);
                },
                Qt::QueuedConnection);
        },
        1); // before surfaces, which are only laid over it
}

void SurfaceView::recolour()
{
    if (!m_case)
        return;
    const ReviewCase &opened = m_case->opened;
    std::vector<PartLook> looks;
    std::vector<Overlay> overlays;
    for (int segmentation : m_overlayVisible ? m_shown : std::vector<int>{}) {
        const auto colours = labelColours(m_theme, opened, segmentation);
        for (std::size_t label = 1; label < colours.size(); ++label)
            looks.push_back({segmentation, static_cast<int>(label), colours[label]});
        const auto &drawn =
            segmentation == kReference ? *opened.reference : opened.predictions[static_cast<std::size_t>(segmentation)];
        overlays.push_back({drawn.labels, colours});
    }
    m_oblique->setOverlays(std::move(overlays));
    if (m_scene)
        m_scene->setShown(std::move(looks));
}

void SurfaceView::showSlice(bool moving)
{
    if (!moving) {
        m_sliceWaits.stop();
        sendSlice(false);
    } else if (!m_sliceWaits.isActive()) {
        m_sliceWaits.start();
    }
}

void SurfaceView::sendSlice(bool moving)
{
    if (!m_scene || !m_case || m_mode != SceneMode::Oblique || !isVisible())
        return;
    auto slice = m_oblique->wholeSlice();
    m_scene->setSlice(slice.image, slice.plane, slice.mmPerPixel, moving);
}

void SurfaceView::fail(ErrorCode code, const QString &message)
{
    m_failure = code == ErrorCode::Unsupported
                    ? tr("The 3D view needs OpenGL 3.2, which this screen does not offer. Slices work without it.")
                    : tr("The 3D view cannot be shown: its part of the program is missing. Slices work without it.\n%1")
                          .arg(message);
    refresh();
}

void SurfaceView::say(const QString &text)
{
    m_message->setText(text);
    m_stack->setCurrentWidget(m_message);
}

} // namespace consilium::viewer
