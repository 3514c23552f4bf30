// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/surfaces/scene_thread.h"

#include <QElapsedTimer>
#include <QGuiApplication>
#include <QOffscreenSurface>
#include <QOpenGLContext>

namespace consilium::viewer {

SceneThread::SceneThread(QObject *parent)
    : QObject(parent), m_surface(std::make_unique<QOffscreenSurface>()), m_worker(new QObject),
      m_apart(QOpenGLContext::supportsThreadedOpenGL())
{
    QSurfaceFormat format;
    format.setRenderableType(QSurfaceFormat::OpenGL);
    format.setVersion(3, 2);
    format.setProfile(QSurfaceFormat::CoreProfile);
    format.setDepthBufferSize(24);
    format.setAlphaBufferSize(8);
    m_surface->setFormat(format);
    m_surface->create();
    if (m_apart) {
        m_worker->moveToThread(&m_thread);
        m_thread.setObjectName(QStringLiteral("3D"));
        m_thread.start(QThread::LowPriority);
    }
    post([this] { begin(); });
}

SceneThread::~SceneThread()
{
    m_stop = true;
    {
        const std::lock_guard lock(m_mutex);
        m_next.reset();
    }
    if (m_apart) {
        post([this] {
            m_scene.reset();
            m_thread.quit();
        });
        m_thread.wait();
    }
    m_scene.reset();
    delete m_worker;
}

bool SceneThread::isPossible()
{
    const QString platform = QGuiApplication::platformName();
    return platform != QLatin1String("offscreen") && platform != QLatin1String("minimal");
}

void SceneThread::post(std::function<void()> task)
{
    QMetaObject::invokeMethod(m_worker, std::move(task), Qt::QueuedConnection);
}

void SceneThread::begin()
{
    const auto factory = sceneFactory();
    auto scene = factory ? (*factory)->make(m_surface.get()) : fail(factory.error());
    if (scene)
        m_scene = std::move(*scene);
    else
        Q_EMIT failed(scene.error().code, QString::fromStdString(scene.error().line()));
}

void SceneThread::setModel(std::shared_ptr<const SceneModel> model)
{
    post([this, model = std::move(model)] {
        if (m_scene)
            m_scene->setModel(model);
    });
}

void SceneThread::setVolume(std::shared_ptr<const DisplayVolume> volume)
{
    post([this, volume = std::move(volume)] {
        if (m_scene)
            m_scene->setVolume(volume);
    });
}

void SceneThread::render(const SceneState &state)
{
    {
        const std::lock_guard lock(m_mutex);
        const bool waiting = m_next.has_value();
        m_next = state;
        if (m_drawsFully)
            m_stop = true;
        if (waiting)
            return;
    }
    post([this] { work(); });
}

void SceneThread::work()
{
    SceneState state;
    {
        const std::lock_guard lock(m_mutex);
        if (!m_next)
            return;
        state = std::move(*m_next);
        m_next.reset();
        m_stop = false;
        m_drawsFully = !state.draft;
    }
    if (!m_scene)
        return;
    QElapsedTimer clock;
    clock.start();
    const QImage picture = m_scene->render(state, m_stop);
    const double took = static_cast<double>(clock.nsecsElapsed()) / 1e6;
    {
        const std::lock_guard lock(m_mutex);
        m_drawsFully = false;
    }
    if (!picture.isNull())
        Q_EMIT rendered(picture, state, took);
}

} // namespace consilium::viewer
