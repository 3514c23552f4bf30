// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/surfaces/surface_view.h"

#include "viewer/canvas/colours.h"
#include "viewer/surfaces/vtk_widget.h"

#include <QLabel>
#include <QMouseEvent>
#include <QStackedLayout>
#include <algorithm>

namespace consilium::viewer {

SurfaceView::SurfaceView(QWidget *parent)
    : QWidget(parent), m_message(new QLabel(this)), m_stack(new QStackedLayout(this))
{
    setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Expanding);
    setAccessibleName(tr("3D view"));
    m_message->setAlignment(Qt::AlignCenter);
    m_message->setWordWrap(true);
    m_message->setMargin(16);
    m_message->setAutoFillBackground(true);
    m_message->setObjectName(QStringLiteral("review.surfaceMessage"));
    m_stack->addWidget(m_message);
    m_thread.setMaxThreadCount(1);
}

SurfaceView::~SurfaceView()
{
    ++m_newest;
    m_thread.clear();
    m_thread.waitForDone();
}

void SurfaceView::setTheme(const Theme &theme)
{
    m_theme = theme;
    // On the ground of images, whatever the theme: quiet text of a light theme would not be seen there.
    QPalette dark = palette();
    dark.setColor(QPalette::Window, colour(theme.imageBackground));
    dark.setColor(QPalette::WindowText, colour(theme.annotation));
    m_message->setPalette(dark);
    QFont caption = font();
    caption.setPixelSize(theme.captionSize);
    m_message->setFont(caption);
    if (m_vtk)
        m_vtk->setTheme(theme);
    recolour();
}

void SurfaceView::setCase(std::shared_ptr<const LoadedCase> shown)
{
    ++m_newest;
    m_case = std::move(shown);
    m_begun = m_ready = false;
    say({});
    if (isVisible())
        begin();
}

void SurfaceView::setShown(std::vector<int> segmentations)
{
    m_shown = std::move(segmentations);
    recolour();
}

void SurfaceView::setCursorPosition(const imaging::Vec3 &patient)
{
    m_cursor = patient;
    if (m_vtk && m_ready)
        m_vtk->setCursorPosition(patient);
}

void SurfaceView::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    begin();
}

void SurfaceView::mouseDoubleClickEvent(QMouseEvent *event)
{
    if (event->button() == Qt::LeftButton)
        Q_EMIT maximiseRequested();
}

void SurfaceView::begin()
{
    if (m_begun || !m_case)
        return;
    m_begun = true;
    if (!VtkWidget::works())
        return say(tr("The 3D view needs OpenGL 3.2, which this screen does not offer. Slices work without it."));
    if (!m_case->opened.reference && m_case->opened.predictions.empty())
        return say(tr("Nothing is segmented in this case, so there are no surfaces to show."));
    say(tr("Building the surfaces…"));
    const std::uint64_t request = ++m_newest;
    m_thread.clear();
    m_thread.start([this, request, shown = m_case] {
        if (request != m_newest)
            return;
        auto model = buildSurfaces(shown->opened);
        // The destructor waits for this thread, so `this` is alive; a call still queued then is dropped with the
        // object.
        QMetaObject::invokeMethod(
            this,
            [this, request, model = std::move(model)] {
                if (request == m_newest)
                    present(model);
            },
            Qt::QueuedConnection);
    });
}

void SurfaceView::present(const SurfaceModel &model)
{
    if (!m_vtk) {
        m_vtk = new VtkWidget(this);
        m_vtk->setObjectName(QStringLiteral("review.surfaceCanvas"));
        m_vtk->setTheme(m_theme);
        connect(m_vtk, &VtkWidget::maximiseRequested, this, &SurfaceView::maximiseRequested);
        m_stack->addWidget(m_vtk);
    }
    m_vtk->setModel(model);
    m_ready = true;
    recolour();
    if (m_cursor)
        m_vtk->setCursorPosition(*m_cursor);
    m_stack->setCurrentWidget(m_vtk);
    Q_EMIT ready();
}

void SurfaceView::recolour()
{
    if (!m_vtk || !m_ready || !m_case)
        return;
    m_vtk->recolour([this](const SurfacePart &part) {
        if (std::find(m_shown.begin(), m_shown.end(), part.segmentation) == m_shown.end())
            return QColor();
        return labelColours(m_theme, m_case->opened, part.segmentation)[static_cast<std::size_t>(part.label)];
    });
}

void SurfaceView::say(const QString &text)
{
    m_message->setText(text);
    m_stack->setCurrentWidget(m_message);
}

} // namespace consilium::viewer
