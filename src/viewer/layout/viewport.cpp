// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/layout/viewport.h"

#include <QHBoxLayout>
#include <QIcon>
#include <QLabel>
#include <QLocale>
#include <QMenu>
#include <QPainter>
#include <QToolButton>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

namespace consilium::viewer {

namespace {

QToolButton *makeButton(QWidget *parent, const char *icon, const QString &name)
{
    auto *button = new QToolButton(parent);
    button->setIcon(QIcon::fromTheme(QLatin1String(icon)));
    button->setAutoRaise(true);
    button->setAccessibleName(name);
    button->setToolTip(name);
    button->setFocusPolicy(Qt::TabFocus);
    return button;
}

double length(const imaging::Vec3 &offset)
{
    return std::hypot(offset[0], offset[1], offset[2]);
}

} // namespace

Viewport::Viewport(QWidget *parent)
    : QWidget(parent), m_header(new QWidget(this)), m_row(new QHBoxLayout(m_header)), m_mark(new QLabel(m_header)),
      m_title(new QToolButton(m_header)), m_link(makeButton(m_header, "link", tr("Links"))),
      m_maximise(makeButton(m_header, "view-fullscreen", tr("This view alone"))), m_menu(new QMenu(m_title)),
      m_linkMenu(new QMenu(m_link))
{
    m_title->setAutoRaise(true);
    m_title->setToolButtonStyle(Qt::ToolButtonTextOnly);
    m_title->setPopupMode(QToolButton::InstantPopup);
    m_title->setMenu(m_menu);
    m_title->setFocusPolicy(Qt::TabFocus);
    m_title->setToolTip(tr("What this view shows"));
    m_title->setSizePolicy(QSizePolicy::Maximum, QSizePolicy::Preferred);
    m_link->setPopupMode(QToolButton::InstantPopup);
    m_link->setMenu(m_linkMenu);
    m_link->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    m_row->setContentsMargins(4, 0, 2, 0);
    m_row->setSpacing(4);
    m_row->addWidget(m_mark);
    m_row->addWidget(m_title);
    m_row->addStretch(1);
    m_row->addWidget(m_link);
    m_row->addWidget(m_maximise);
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->setSpacing(0);
    column->addWidget(m_header);
    connect(m_menu, &QMenu::aboutToShow, this, &Viewport::contentMenuOpens);
    connect(m_linkMenu, &QMenu::aboutToShow, this, &Viewport::fillLinkMenu);
    connect(m_maximise, &QToolButton::clicked, this, &Viewport::maximiseRequested);
    m_menu->addAction(QString()); // Qt opens no menu that is empty before it is asked to fill it
    m_linkMenu->addAction(QString());
}

void Viewport::setTheme(const Theme &theme)
{
    m_theme = theme;
    QFont caption = font();
    caption.setPixelSize(theme.captionSize);
    for (QToolButton *button : {m_title, m_link, m_maximise}) {
        button->setFont(caption);
        button->setFixedHeight(theme.row - theme.step);
        button->setIconSize({theme.captionSize + 3, theme.captionSize + 3});
    }
    if (m_canvas)
        m_canvas->setTheme(theme);
    setLinks(m_links, m_offset);
}

void Viewport::setContent(const ViewContent &content, QWidget *widget)
{
    m_content = content;
    const QString view = QStringLiteral("review.view.") + content.name;
    m_title->setObjectName(view + QStringLiteral(".title"));
    m_link->setObjectName(view + QStringLiteral(".link"));
    m_maximise->setObjectName(view + QStringLiteral(".maximise"));
    if (m_widget && m_widget != widget)
        m_widget->hide();
    m_widget = widget;
    if (widget) {
        layout()->addWidget(widget);
        widget->show();
        if (m_canvas)
            m_canvas->hide();
        m_link->hide();
        return;
    }
    if (!m_canvas) {
        m_canvas = new SliceCanvas(content.plane, this);
        m_canvas->setTheme(m_theme);
        layout()->addWidget(m_canvas);
        connect(m_canvas, &SliceCanvas::maximiseRequested, this, &Viewport::maximiseRequested);
        Q_EMIT canvasMade(m_canvas);
    }
    m_canvas->show();
    m_link->show();
    m_canvas->setObjectName(QStringLiteral("review.canvas.") + content.name);
    m_canvas->setPlane(content.plane);
    m_canvas->setSliceOffset(content.offset);
    m_canvas->setComparison(content.kind == ViewKind::Swipe     ? Comparison::Swipe
                            : content.kind == ViewKind::Flicker ? Comparison::Flicker
                                                                : Comparison::None);
}

void Viewport::setTitle(const QString &title, const std::vector<QColor> &marks)
{
    m_fullTitle = title;
    elideTitle();
    m_title->setAccessibleName(tr("What this view shows: %1").arg(title));
    m_mark->setVisible(!marks.empty());
    if (!marks.empty()) {
        constexpr int kSide = 9;
        QPixmap swatches(static_cast<int>(marks.size()) * (kSide + 2), kSide);
        swatches.fill(Qt::transparent);
        QPainter painter(&swatches);
        for (std::size_t i = 0; i < marks.size(); ++i)
            painter.fillRect(QRect(static_cast<int>(i) * (kSide + 2), 0, kSide, kSide), marks[i]);
        m_mark->setPixmap(swatches);
    }
    if (m_canvas)
        m_canvas->setTitle(title);
    if (m_widget)
        m_widget->setAccessibleDescription(title);
}

QString Viewport::title() const
{
    return m_fullTitle;
}

// A narrow view shortens its title and keeps its buttons.
void Viewport::elideTitle()
{
    const int taken = m_link->sizeHint().width() + m_maximise->sizeHint().width() + m_mark->sizeHint().width() + 40;
    m_title->setText(m_title->fontMetrics().elidedText(m_fullTitle, Qt::ElideRight, std::max(24, width() - taken)));
    m_title->setToolTip(m_title->text() == m_fullTitle ? tr("What this view shows")
                                                       : tr("What this view shows: %1").arg(m_fullTitle));
}

void Viewport::resizeEvent(QResizeEvent *event)
{
    QWidget::resizeEvent(event);
    elideTitle();
}

void Viewport::setLinks(const CanvasLinks &links, const imaging::Vec3 &offset)
{
    m_links = links;
    m_offset = offset;
    const int shared = links.position + links.zoom + links.contrast + links.overlay;
    const double shift = length(offset);
    const bool apart = shift > 0.05;
    QString text = shared == 4 ? QString() : QStringLiteral("%1/4").arg(shared);
    if (apart && links.position)
        text += QStringLiteral(" %1 mm").arg(QLocale().toString(shift, 'f', 1));
    m_link->setIcon(QIcon::fromTheme(links.position ? QStringLiteral("link") : QStringLiteral("remove-link")));
    m_link->setText(text.trimmed());
    m_link->setToolButtonStyle(text.isEmpty() ? Qt::ToolButtonIconOnly : Qt::ToolButtonTextBesideIcon);
    QStringList words;
    const std::pair<bool, QString> parts[] = {{links.position, tr("position")},
                                              {links.zoom, tr("zoom")},
                                              {links.contrast, tr("window")},
                                              {links.overlay, tr("overlay")}};
    for (const auto &[on, word] : parts)
        if (on)
            words.append(word);
    QString said = words.isEmpty() ? tr("Linked with nothing") : tr("Linked: %1").arg(words.join(QStringLiteral(", ")));
    if (apart)
        said += tr("; shifted by %1 mm").arg(QLocale().toString(shift, 'f', 1));
    m_link->setToolTip(said);
    m_link->setAccessibleName(said);
}

void Viewport::setMaximised(bool maximised)
{
    m_maximise->setIcon(
        QIcon::fromTheme(maximised ? QStringLiteral("view-restore") : QStringLiteral("view-fullscreen")));
    const QString said = maximised ? tr("All views again") : tr("This view alone");
    m_maximise->setToolTip(said);
    m_maximise->setAccessibleName(said);
}

void Viewport::fillLinkMenu()
{
    m_linkMenu->clear();
    const std::tuple<QString, bool CanvasLinks::*> links[] = {{tr("Position"), &CanvasLinks::position},
                                                              {tr("Zoom and pan"), &CanvasLinks::zoom},
                                                              {tr("Window"), &CanvasLinks::contrast},
                                                              {tr("Overlay"), &CanvasLinks::overlay}};
    for (const auto &[text, link] : links) {
        QAction *action = m_linkMenu->addAction(text);
        action->setCheckable(true);
        action->setChecked(m_links.*link);
        connect(action, &QAction::toggled, this, [this, link = link](bool on) {
            CanvasLinks chosen = m_links;
            chosen.*link = on;
            Q_EMIT linksChosen(chosen);
        });
    }
    m_linkMenu->addSeparator();
    QAction *keep = m_linkMenu->addAction(tr("Link as it stands, keeping the shift"));
    keep->setEnabled(!m_links.position);
    connect(keep, &QAction::triggered, this, &Viewport::offsetKept);
    QAction *clear = m_linkMenu->addAction(tr("No shift"));
    clear->setEnabled(length(m_offset) > 0);
    connect(clear, &QAction::triggered, this, &Viewport::offsetCleared);
}

} // namespace consilium::viewer
