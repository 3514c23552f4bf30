// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/theme.h"
#include "viewer/surfaces/scene.h"

#include <QWidget>
#include <array>

class QAction;
class QLabel;
class QSlider;
class QToolButton;

namespace consilium::viewer {

/// The tool bar over the 3D view: what it shows, from where, and in volume mode from which grey on.
///
/// Object names: review.surface.mode.surfaces, .mip, .volume, .oblique; review.surface.view with the actions
/// review.surface.view.front, .left, .top; review.surface.threshold.
class SurfaceBar : public QWidget
{
    Q_OBJECT

public:
    explicit SurfaceBar(QWidget *parent = nullptr);

    void setTheme(const Theme &theme);
    void setMode(SceneMode mode);
    SceneMode mode() const { return m_mode; }
    /// 0 to 1: a share of the window.
    void setThreshold(double share);
    double threshold() const;

Q_SIGNALS:
    void modeChosen(consilium::viewer::SceneMode mode);
    void viewChosen(consilium::viewer::ViewFrom side);
    void thresholdChosen(double share);

private:
    void describe();

    SceneMode m_mode = SceneMode::Surfaces;
    std::array<QToolButton *, 4> m_modes{};
    QToolButton *m_view;
    std::array<QAction *, 3> m_sides{};
    QLabel *m_thresholdName;
    QSlider *m_threshold;
};

} // namespace consilium::viewer
