// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/theme.h"
#include "viewer/cases/case_loader.h"
#include "viewer/surfaces/surface_model.h"

#include <QThreadPool>
#include <QWidget>
#include <atomic>
#include <optional>
#include <vector>

class QLabel;
class QStackedLayout;

namespace consilium::viewer {

class VtkWidget;

/// The 3D view of a case's segmentations. Nothing of OpenGL or VTK is touched before the view is on the screen with a
/// case to show; surfaces are built on a thread of their own. Where there is no OpenGL it says so.
class SurfaceView : public QWidget
{
    Q_OBJECT

public:
    explicit SurfaceView(QWidget *parent = nullptr);
    ~SurfaceView() override;

    void setTheme(const Theme &theme);
    void setCase(std::shared_ptr<const LoadedCase> shown);
    /// The segmentations to show: kReference or indices of predictions.
    void setShown(std::vector<int> segmentations);
    void setCursorPosition(const imaging::Vec3 &patient);
    /// Whether surfaces are on the screen.
    bool isReady() const { return m_ready; }

    QSize sizeHint() const override { return {320, 320}; }
    QSize minimumSizeHint() const override { return {120, 120}; }

Q_SIGNALS:
    void ready(); ///< the surfaces of the present case are shown
    void maximiseRequested();

protected:
    void showEvent(QShowEvent *event) override;
    void mouseDoubleClickEvent(QMouseEvent *event) override;

private:
    void begin();
    void present(const SurfaceModel &model);
    void recolour();
    void say(const QString &text);

    Theme m_theme;
    std::shared_ptr<const LoadedCase> m_case;
    std::vector<int> m_shown;
    std::optional<imaging::Vec3> m_cursor;
    QLabel *m_message;
    QStackedLayout *m_stack;
    VtkWidget *m_vtk = nullptr;
    bool m_begun = false, m_ready = false;
    std::atomic<std::uint64_t> m_newest{0};
    QThreadPool m_thread;
};

} // namespace consilium::viewer
