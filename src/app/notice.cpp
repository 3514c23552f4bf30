// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/notice.h"

#include "app/theme_style.h"
#include "dashboard/marks.h"

#include <QLabel>
#include <QPlainTextEdit>
#include <QToolButton>
#include <QVBoxLayout>

namespace consilium::app {

Notice::Notice(QWidget *parent)
    : QFrame(parent), m_sign(new QLabel), m_message(new QLabel), m_unfold(new QToolButton), m_dismiss(new QToolButton),
      m_details(new QPlainTextEdit)
{
    setProperty("role", "failure");
    m_message->setWordWrap(true);
    m_message->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_unfold->setText(tr("Details"));
    m_unfold->setCheckable(true);
    m_unfold->setAutoRaise(true);
    m_dismiss->setToolTip(tr("Put this message away"));
    m_dismiss->setAccessibleName(m_dismiss->toolTip());
    m_details->setTabChangesFocus(true);
    m_details->setAccessibleName(tr("Details of the message"));
    m_dismiss->setAutoRaise(true);
    m_details->setReadOnly(true);
    m_details->setFrameShape(QFrame::NoFrame);
    m_details->setMaximumHeight(120);
    m_details->hide();
    connect(m_unfold, &QToolButton::toggled, m_details, &QWidget::setVisible);
    connect(m_dismiss, &QToolButton::clicked, this, &Notice::clear);

    auto *line = new QHBoxLayout;
    line->addWidget(m_sign, 0, Qt::AlignTop);
    line->addWidget(m_message, 1);
    line->addWidget(m_unfold, 0, Qt::AlignTop);
    line->addWidget(m_dismiss, 0, Qt::AlignTop);
    auto *layout = new QVBoxLayout(this);
    layout->addLayout(line);
    layout->addWidget(m_details);
    hide();
}

void Notice::setTheme(const Theme &theme)
{
    m_sign->setPixmap(dashboard::markPixmap(dashboard::Mark::Bad, theme, 18));
    m_dismiss->setIcon(icon(QStringLiteral("dialog-close")));
    if (m_dismiss->icon().isNull())
        m_dismiss->setText(QStringLiteral("×"));
}

void Notice::tell(const QString &message, const QString &details)
{
    m_message->setText(message);
    m_details->setPlainText(details);
    m_unfold->setChecked(false);
    m_unfold->setVisible(!details.isEmpty());
    show();
}

void Notice::clear()
{
    m_message->clear();
    hide();
}

QString Notice::message() const
{
    return m_message->text();
}

} // namespace consilium::app
