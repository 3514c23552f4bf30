// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "viewer/surfaces/scene.h"

#include <QObject>
#include <QThread>
#include <mutex>

namespace consilium::viewer {

/// Draws pictures of a scene on a thread of its own, the newest request first: the window's thread never waits for one.
/// Where the system's OpenGL cannot be used from another thread, it draws on the window's.
class SceneThread : public QObject
{
    Q_OBJECT

public:
    /// Touches OpenGL: make one only when a scene is to be seen.
    explicit SceneThread(QObject *parent = nullptr);
    ~SceneThread() override;

    /// False on platforms without a screen, which promise OpenGL and crash who uses it.
    static bool isPossible();

    void setModel(std::shared_ptr<const SceneModel> model);
    void setVolume(std::shared_ptr<const DisplayVolume> volume);
    /// Drops a request that has not begun; a picture under way that is no draft is broken off.
    void render(const SceneState &state);

Q_SIGNALS:
    /// `state` is what was asked for.
    void rendered(const QImage &picture, const consilium::viewer::SceneState &state, double milliseconds);
    /// No picture will come.
    void failed(consilium::ErrorCode code, const QString &message);

private:
    void begin();
    void work();
    void post(std::function<void()> task);

    std::unique_ptr<QOffscreenSurface> m_surface;
    QThread m_thread;
    QObject *m_worker; // lives on m_thread
    bool m_apart;

    // Used on the worker's thread alone.
    std::unique_ptr<Scene> m_scene;

    std::mutex m_mutex;
    std::optional<SceneState> m_next; // under m_mutex
    bool m_drawsFully = false;        // under m_mutex: a picture that may be broken off is under way
    std::atomic<bool> m_stop{false};
};

} // namespace consilium::viewer
