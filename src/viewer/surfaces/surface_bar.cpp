// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/surfaces/surface_bar.h"

#include "viewer/canvas/colours.h"
#include "viewer/controls/flow_row.h"

#include <QAction>
#include <QButtonGroup>
#include <QLabel>
#include <QMenu>
#include <QSlider>
#include <QToolButton>
#include <cmath>

namespace consilium::viewer {

SurfaceBar::SurfaceBar(QWidget *parent)
    : QWidget(parent), m_view(new QToolButton(this)), m_thresholdName(new QLabel(this)),
      m_threshold(new QSlider(Qt::Horizontal, this))
{
    struct Choice
    {
        const char *name;
        QString text, what;
    };
    const Choice choices[] = {
        {"surfaces", tr("Surfaces"), tr("Surfaces of what is segmented")},
        {"mip", tr("MIP"), tr("Maximum intensity projection: the brightest voxel along each ray")},
        {"volume", tr("Volume"), tr("The image as a body, from a chosen grey on")},
        {"oblique", tr("Oblique"), tr("A plane at any angle through the cursor")},
    };
    auto *row = new FlowRow(this);
    row->setContentsMargins(4, 2, 4, 2);
    row->setSpacing(2);
    auto *group = new QButtonGroup(this);
    for (std::size_t i = 0; i < m_modes.size(); ++i) {
        auto *button = m_modes[i] = new QToolButton(this);
        button->setObjectName(QStringLiteral("review.surface.mode.%1").arg(QLatin1String(choices[i].name)));
        button->setText(choices[i].text);
        button->setToolTip(choices[i].what);
        button->setAccessibleName(choices[i].what);
        button->setCheckable(true);
        button->setAutoRaise(true);
        button->setFocusPolicy(Qt::StrongFocus);
        group->addButton(button, static_cast<int>(i));
        row->addWidget(button);
    }
    m_modes[0]->setChecked(true);
    connect(group, &QButtonGroup::idClicked, this, [this](int id) {
        setMode(static_cast<SceneMode>(id));
        Q_EMIT modeChosen(m_mode);
    });

    m_thresholdName->setBuddy(m_threshold);
    m_threshold->setObjectName(QStringLiteral("review.surface.threshold"));
    m_threshold->setAccessibleName(tr("Threshold, percent of the window"));
    m_threshold->setToolTip(tr("Darker voxels are not shown. Percent of the grey scale as the slices have it."));
    m_threshold->setRange(0, 100);
    m_threshold->setPageStep(5);
    m_threshold->setMinimumWidth(60);
    row->addSpacing(4);
    row->addWidget(m_thresholdName);
    row->addWidget(m_threshold);
    connect(m_threshold, &QSlider::valueChanged, this, [this] {
        describe();
        Q_EMIT thresholdChosen(threshold());
    });

    m_view->setObjectName(QStringLiteral("review.surface.view"));
    m_view->setText(tr("View"));
    m_view->setAccessibleName(tr("Look from"));
    m_view->setToolTip(tr("Look from the front, the left or the top; all of it in sight"));
    m_view->setPopupMode(QToolButton::InstantPopup);
    m_view->setAutoRaise(true);
    m_view->setFocusPolicy(Qt::StrongFocus);
    auto *menu = new QMenu(m_view);
    const std::pair<const char *, QString> sides[] = {
        {"front", tr("From the front")}, {"left", tr("From the left")}, {"top", tr("From the top")}};
    for (std::size_t i = 0; i < m_sides.size(); ++i) {
        m_sides[i] = menu->addAction(sides[i].second);
        m_sides[i]->setObjectName(QStringLiteral("review.surface.view.%1").arg(QLatin1String(sides[i].first)));
        connect(m_sides[i], &QAction::triggered, this, [this, i] { Q_EMIT viewChosen(static_cast<ViewFrom>(i)); });
    }
    m_view->setMenu(menu);
    row->addWidget(m_view);
    setThreshold(0.2);
    setMode(SceneMode::Surfaces);
    setAutoFillBackground(true);
}

void SurfaceBar::setTheme(const Theme &theme)
{
    QPalette ground = viewer::palette(theme);
    ground.setColor(QPalette::Window, colour(theme.panel));
    // A chosen mode is drawn sunken, in the colours that Fusion makes of these.
    for (const auto role : {QPalette::Light, QPalette::Midlight, QPalette::Mid, QPalette::Dark})
        ground.setColor(role, colour(theme.line));
    setPalette(ground);
    QFont caption = font();
    caption.setPixelSize(theme.captionSize);
    setFont(caption);
}

void SurfaceBar::setMode(SceneMode mode)
{
    m_mode = mode;
    m_modes[static_cast<std::size_t>(mode)]->setChecked(true);
    const bool volume = mode == SceneMode::Volume;
    m_threshold->setVisible(volume);
    m_thresholdName->setVisible(volume);
    m_sides[0]->setText(mode == SceneMode::Oblique ? tr("Coronal, from the front") : tr("From the front"));
    m_sides[1]->setText(mode == SceneMode::Oblique ? tr("Sagittal, from the left") : tr("From the left"));
    m_sides[2]->setText(mode == SceneMode::Oblique ? tr("Axial, from the top") : tr("From the top"));
}

void SurfaceBar::setThreshold(double share)
{
    m_threshold->setValue(static_cast<int>(std::lround(share * 100)));
    describe();
}

double SurfaceBar::threshold() const
{
    return m_threshold->value() / 100.0;
}

void SurfaceBar::describe()
{
    m_thresholdName->setText(tr("from %1 %").arg(m_threshold->value()));
}

} // namespace consilium::viewer
