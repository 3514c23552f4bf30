// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/review_bar.h"

#include "viewer/actions/action_table.h"
#include "viewer/canvas/colour_map.h"
#include "viewer/canvas/colours.h"
#include "viewer/controls/flow_row.h"

#include <QComboBox>
#include <QIcon>
#include <QLabel>
#include <QLocale>
#include <QMenu>
#include <QProgressBar>
#include <QSignalBlocker>
#include <QSlider>
#include <QToolButton>
#include <cmath>

namespace consilium::viewer {

namespace {

void fill(QComboBox *combo, const QStringList &names, int current)
{
    const QSignalBlocker quiet(combo);
    combo->clear();
    combo->addItems(names);
    combo->setCurrentIndex(current);
    combo->setEnabled(names.size() > 1);
}

} // namespace

ReviewBar::ReviewBar(QWidget *parent) : QWidget(parent), m_row(new FlowRow(this))
{
    m_row->setContentsMargins(0, 0, 0, 0);
    auto *open = addButton("review.open", "document-open", {}, tr("Open images"));
    m_case = addCombo("review.caseCombo", tr("Case"), 30);
    m_previous = addButton("review.previousCase", "go-previous", {}, tr("Previous case"));
    m_count = new QLabel(this);
    m_count->setObjectName(QStringLiteral("review.caseCount"));
    m_row->addWidget(m_count);
    m_next = addButton("review.nextCase", "go-next", {}, tr("Next case"));
    addGap();
    m_channel = addCombo("review.channelCombo", tr("Channel"), 20);
    m_layout = addCombo("review.layoutCombo", tr("Layout"), 34);
    addGap();
    auto *link = new QLabel(tr("Link"), this);
    link->setObjectName(QStringLiteral("review.linkLabel"));
    m_row->addWidget(link);
    addLink("review.linkPosition", tr("position"), tr("All views follow the cursor"), &CanvasLinks::position);
    addLink("review.linkZoom", tr("zoom"), tr("All views zoom and pan together"), &CanvasLinks::zoom);
    addLink("review.linkContrast", tr("contrast"), tr("All views share one window"), &CanvasLinks::contrast);
    addLink("review.linkOverlay", tr("overlay"), tr("All views share overlay strength and style"),
            &CanvasLinks::overlay);
    addGap();
    m_visible = addButton("review.overlayVisible", "view-visible", {}, tr("Show the overlay"));
    m_visible->setCheckable(true);
    m_overlay = addCombo("review.overlayCombo", tr("Overlay"), 26);
    m_fill = addButton("review.fill", "fill-color", {}, tr("Fill the overlay"));
    m_fill->setCheckable(true);
    m_opacity = new QSlider(Qt::Horizontal, this);
    m_opacity->setObjectName(QStringLiteral("review.opacity"));
    m_opacity->setAccessibleName(tr("Overlay opacity"));
    m_opacity->setToolTip(tr("Overlay opacity"));
    m_opacity->setRange(0, 100);
    m_opacity->setFixedWidth(72);
    m_row->addWidget(m_opacity);
    addGap();
    m_fit = addButton("review.fit", "zoom-fit-best", {}, tr("Fit slices to their views"));
    m_window = addButton("review.window", "contrast", {}, tr("Window"));
    m_windowMenu = new QMenu(m_window);
    m_window->setMenu(m_windowMenu);
    m_window->setPopupMode(QToolButton::InstantPopup);
    m_look = addButton("review.display", "adjustlevels", {}, tr("How images are drawn"));
    m_lookMenu = new QMenu(m_look);
    m_lookMenu->addAction(QString()); // Qt opens no menu that is empty before it is asked to fill it
    m_look->setMenu(m_lookMenu);
    m_look->setPopupMode(QToolButton::InstantPopup);
    m_busy = new QProgressBar(this);
    m_busy->setObjectName(QStringLiteral("review.busy"));
    m_busy->setAccessibleName(tr("Opening a case"));
    m_busy->setRange(0, 0);
    m_busy->setTextVisible(false);
    m_busy->setFixedWidth(32);
    QSizePolicy keepsRoom = m_busy->sizePolicy();
    keepsRoom.setRetainSizeWhenHidden(true);
    m_busy->setSizePolicy(keepsRoom);
    m_busy->hide();
    m_row->addWidget(m_busy);

    connect(open, &QToolButton::clicked, this, &ReviewBar::openRequested);
    connect(m_case, &QComboBox::activated, this, &ReviewBar::caseChosen);
    connect(m_previous, &QToolButton::clicked, this, [this] { Q_EMIT caseChosen(m_case->currentIndex() - 1); });
    connect(m_next, &QToolButton::clicked, this, [this] { Q_EMIT caseChosen(m_case->currentIndex() + 1); });
    connect(m_channel, &QComboBox::currentIndexChanged, this, &ReviewBar::channelChosen);
    connect(m_layout, &QComboBox::currentIndexChanged, this,
            [this](int index) { Q_EMIT layoutChosen(m_layout->itemData(index).toString()); });
    connect(m_overlay, &QComboBox::currentIndexChanged, this, &ReviewBar::overlayChosen);
    connect(m_visible, &QToolButton::clicked, this, &ReviewBar::reportStyle);
    connect(m_fill, &QToolButton::clicked, this, &ReviewBar::reportStyle);
    connect(m_opacity, &QSlider::valueChanged, this, &ReviewBar::reportStyle);
    connect(m_fit, &QToolButton::clicked, this, &ReviewBar::fitRequested);
    connect(m_lookMenu, &QMenu::aboutToShow, this, &ReviewBar::fillDisplayMenu);
    setOverlayStyle({});
}

QComboBox *ReviewBar::addCombo(const char *name, const QString &accessibleName, int widest)
{
    auto *combo = new QComboBox(this);
    combo->setObjectName(QLatin1String(name));
    combo->setAccessibleName(accessibleName);
    combo->setToolTip(accessibleName);
    combo->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    combo->setMaximumWidth(fontMetrics().averageCharWidth() * widest);
    // A narrow window shortens names before it grows: the bar must not decide how wide the window is.
    combo->setMinimumWidth(fontMetrics().averageCharWidth() * 9);
    m_row->addWidget(combo);
    return combo;
}

QToolButton *ReviewBar::addButton(const char *name, const char *icon, const QString &text, const QString &tip)
{
    auto *button = new QToolButton(this);
    button->setObjectName(QLatin1String(name));
    button->setIcon(QIcon::fromTheme(QLatin1String(icon)));
    button->setText(text.isEmpty() ? tip : text);
    button->setToolButtonStyle(text.isEmpty() ? Qt::ToolButtonIconOnly : Qt::ToolButtonTextBesideIcon);
    button->setToolTip(tip);
    button->setAccessibleName(tip);
    button->setAutoRaise(true);
    m_row->addWidget(button);
    return button;
}

QToolButton *ReviewBar::addLink(const char *name, const QString &text, const QString &tip, bool CanvasLinks::*link)
{
    QToolButton *button = addButton(name, "", text, tip);
    button->setToolButtonStyle(Qt::ToolButtonTextOnly);
    button->setCheckable(true);
    button->setChecked(true);
    connect(button, &QToolButton::toggled, this, [this, link](bool on) {
        m_links.*link = on;
        Q_EMIT linksChanged(m_links);
    });
    return button;
}

void ReviewBar::addGap()
{
    m_row->addSpacing(8);
}

void ReviewBar::setTheme(const Theme &theme)
{
    m_row->setSpacing(theme.step);
    QFont body = font();
    body.setPixelSize(theme.bodySize);
    for (QWidget *child : findChildren<QWidget *>(QString(), Qt::FindDirectChildrenOnly)) {
        child->setFont(body);
        child->setFixedHeight(theme.row);
    }
    m_busy->setFixedHeight(2 * theme.step);
    QPalette quiet = palette();
    quiet.setColor(QPalette::WindowText, colour(theme.quietText));
    for (QLabel *label : findChildren<QLabel *>())
        label->setPalette(quiet);
}

void ReviewBar::setCases(const QStringList &titles)
{
    fill(m_case, titles, titles.isEmpty() ? -1 : 0);
    setCurrentCase(m_case->currentIndex());
}

void ReviewBar::setCurrentCase(int index)
{
    const QSignalBlocker quiet(m_case);
    m_case->setCurrentIndex(index);
    m_case->setToolTip(m_case->currentText()); // a narrow bar cuts long names
    m_previous->setEnabled(index > 0);
    m_next->setEnabled(index + 1 < m_case->count());
    m_count->setText(m_case->count() > 0 ? tr("%1 of %2").arg(index + 1).arg(m_case->count()) : QString());
}

void ReviewBar::setChannels(const QStringList &names, int current)
{
    fill(m_channel, names, current);
}
void ReviewBar::setLayouts(const QStringList &titles, const QStringList &ids, const QString &current)
{
    const QSignalBlocker quiet(m_layout);
    fill(m_layout, titles, 0);
    for (int i = 0; i < ids.size(); ++i)
        m_layout->setItemData(i, ids[i]);
    setCurrentLayout(current);
}

void ReviewBar::setOverlays(const QStringList &names, int current)
{
    fill(m_overlay, names, current);
    // Where nothing is drawn there is nothing to choose.
    for (QWidget *control : std::initializer_list<QWidget *>{m_overlay, m_visible, m_fill, m_opacity})
        control->setVisible(!names.isEmpty());
}

void ReviewBar::setWindowPresets(const QStringList &names)
{
    m_windowMenu->clear();
    for (int i = 0; i < names.size(); ++i) {
        // The digit that does the same.
        const QString text = i < 9 ? QStringLiteral("&%1  %2").arg(i + 1).arg(names[i]) : names[i];
        connect(m_windowMenu->addAction(text), &QAction::triggered, this, [this, i] { Q_EMIT windowPresetChosen(i); });
    }
    m_windowMenu->addSeparator();
    connect(m_windowMenu->addAction(tr("Copy the active view's window to all")), &QAction::triggered, this,
            &ReviewBar::windowCopyRequested);
}

void ReviewBar::fillDisplayMenu()
{
    m_lookMenu->clear();
    const auto choose = [this](auto change) {
        change(m_display);
        Q_EMIT displayChosen(m_display);
    };
    const std::tuple<QString, bool CanvasDisplay::*> switches[] = {{tr("Black on white"), &CanvasDisplay::inverted},
                                                                   {tr("Smooth pixels"), &CanvasDisplay::smooth},
                                                                   {tr("Corner text"), &CanvasDisplay::texts},
                                                                   {tr("Scale bar"), &CanvasDisplay::scaleBar},
                                                                   {tr("Crosshair"), &CanvasDisplay::crosshair}};
    for (const auto &[text, member] : switches) {
        QAction *action = m_lookMenu->addAction(text);
        action->setCheckable(true);
        action->setChecked(m_display.*member);
        connect(action, &QAction::toggled, this,
                [choose, member = member](bool on) { choose([&](CanvasDisplay &display) { display.*member = on; }); });
    }
    QMenu *maps = m_lookMenu->addMenu(tr("Colours"));
    for (const ColourMap &map : colourMaps()) {
        QAction *action = maps->addAction(map.title);
        action->setCheckable(true);
        action->setChecked(map.id == m_display.colourMap);
        connect(action, &QAction::triggered, this,
                [choose, id = map.id] { choose([&](CanvasDisplay &display) { display.colourMap = id; }); });
    }
    QMenu *outlines = m_lookMenu->addMenu(tr("Outline"));
    for (const double width : {1.0, 1.5, 2.0, 3.0, 4.0}) {
        QAction *action = outlines->addAction(tr("%1 pixels").arg(QLocale().toString(width)));
        action->setCheckable(true);
        action->setChecked(width == m_outline);
        connect(action, &QAction::triggered, this, [this, width] {
            m_outline = width;
            reportStyle();
        });
    }
}

void ReviewBar::setDisplay(const CanvasDisplay &display)
{
    m_display = display;
}

void ReviewBar::setChoicesEnabled(bool enabled)
{
    m_case->setEnabled(enabled && m_case->count() > 1);
    m_layout->setEnabled(enabled && m_layout->count() > 1);
    m_overlay->setEnabled(enabled && m_overlay->count() > 1);
    m_previous->setEnabled(enabled && m_case->currentIndex() > 0);
    m_next->setEnabled(enabled && m_case->currentIndex() + 1 < m_case->count());
}

void ReviewBar::describe(ActionTable &actions)
{
    actions.describe(m_previous, QStringLiteral("review.previousCase"));
    actions.describe(m_next, QStringLiteral("review.nextCase"));
    actions.describe(m_visible, QStringLiteral("review.overlay"));
    actions.describe(m_fit, QStringLiteral("review.fit"));
}

void ReviewBar::setBusy(bool busy)
{
    m_busy->setVisible(busy);
}

void ReviewBar::setCurrentLayout(const QString &id)
{
    const QSignalBlocker quiet(m_layout);
    m_layout->setCurrentIndex(m_layout->findData(id));
}

void ReviewBar::setOverlayStyle(const OverlayStyle &style)
{
    const QSignalBlocker quiet(m_opacity);
    m_visible->setChecked(style.visible);
    m_fill->setChecked(style.filled);
    m_outline = style.outline;
    m_opacity->setValue(static_cast<int>(std::lround(style.opacity * 100)));
}

void ReviewBar::reportStyle()
{
    Q_EMIT overlayStyleChosen({m_visible->isChecked(), m_fill->isChecked(), m_opacity->value() / 100.0, m_outline});
}

} // namespace consilium::viewer
