// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/theme.h"
#include "viewer/canvas/slice_renderer.h"
#include "viewer/cases/case_loader.h"
#include "viewer/surfaces/scene.h"

#include <QThreadPool>
#include <QTimer>
#include <QWidget>
#include <atomic>
#include <optional>
#include <vector>

class QBoxLayout;
class QLabel;
class QStackedWidget;

namespace consilium::viewer {

class ObliqueCanvas;
class SceneWidget;
class SurfaceBar;

/// The 3D view of a case: surfaces of its segmentations, maximum intensity projection, the image as a body, or a plane
/// at any angle both in the patient and as a picture of its own.
///
/// Nothing of OpenGL or VTK is touched before the view is on the screen with a case to show; what takes time is done on
/// threads of their own. Where there is no OpenGL it says so, and the oblique picture works without.
///
/// Object names: review.surfaceMessage, review.surfaceCanvas, review.surface.oblique, and those of SurfaceBar.
class SurfaceView : public QWidget
{
    Q_OBJECT

public:
    explicit SurfaceView(QWidget *parent = nullptr);
    ~SurfaceView() override;

    void setTheme(const Theme &theme);
    void setCase(std::shared_ptr<const LoadedCase> shown);
    /// The channel that projections and the plane show; the first at the start of a case.
    void setChannel(std::size_t channel);
    /// The greys of the slices.
    void setWindow(const Window &window);
    /// The segmentations to show: kReference or indices of predictions.
    void setShown(std::vector<int> segmentations);
    /// Hides what is shown of them for a look at the image alone.
    void setOverlayVisible(bool visible);
    void setCursorPosition(const imaging::Vec3 &patient);
    void setMode(SceneMode mode);
    SceneMode mode() const { return m_mode; }
    /// Looks from there, all of it in sight; in oblique mode lays the plane across that view, too.
    void lookFrom(ViewFrom side);
    /// Whether a picture of the present case in this mode is on the screen.
    bool isReady() const { return m_ready; }

    QSize sizeHint() const override { return {320, 320}; }
    QSize minimumSizeHint() const override { return {120, 120}; }

Q_SIGNALS:
    void ready(); ///< the first picture of this case and mode is shown
    void cursorMoved(const consilium::imaging::Vec3 &patient);
    void modeChanged(consilium::viewer::SceneMode mode);
    void maximiseRequested();

protected:
    void showEvent(QShowEvent *event) override;
    void resizeEvent(QResizeEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;

private:
    void refresh();
    void makeScene();
    void buildModel();
    void buildVolume();
    void recolour();
    void showSlice(bool moving);
    void sendSlice(bool moving);
    void fail(ErrorCode code, const QString &message);
    void say(const QString &text);
    bool hasSegmentations() const;
    const Channel &channel() const { return m_case->opened.channels[m_channel]; }

    Theme m_theme;
    std::shared_ptr<const LoadedCase> m_case;
    std::vector<int> m_shown;
    std::optional<imaging::Vec3> m_cursor;
    std::size_t m_channel = 0;
    Window m_window;
    SceneMode m_mode = SceneMode::Surfaces;
    SurfaceBar *m_bar;
    QBoxLayout *m_area;
    QStackedWidget *m_stack;
    QLabel *m_message;
    ObliqueCanvas *m_oblique;
    SceneWidget *m_scene = nullptr;
    QString m_failure;
    bool m_overlayVisible = true;
    bool m_modelAsked = false, m_volumeAsked = false, m_ready = false;
    std::atomic<std::uint64_t> m_newestModel{0}, m_newestVolume{0};
    QTimer m_sliceWaits; // of a plane that moves: the scene need not have each
    QThreadPool m_thread;
};

} // namespace consilium::viewer
