// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/tool_strip.h"

#include <QButtonGroup>
#include <QIcon>
#include <QToolButton>
#include <QVBoxLayout>

namespace consilium::viewer {

ToolStrip::ToolStrip(QWidget *parent)
    : QWidget(parent), m_column(new QVBoxLayout(this)), m_group(new QButtonGroup(this))
{
    m_column->setContentsMargins(0, 0, 0, 0);
    m_column->setSpacing(2);
    m_column->addStretch(1);
    m_group->setExclusive(true);
    add({{QStringLiteral("crosshair"), tr("Crosshair"), tr("Press or drag to move the crosshair in all linked views."),
          QStringLiteral("crosshairs"), nullptr}});
    m_buttons.front()->setChecked(true);
}

void ToolStrip::add(const std::vector<ToolEntry> &tools)
{
    if (!m_tools.empty())
        m_column->insertSpacing(m_column->count() - 1, 8);
    for (const ToolEntry &tool : tools)
        addButton(tool);
}

void ToolStrip::addButton(const ToolEntry &tool)
{
    auto *button = new QToolButton(this);
    button->setObjectName(QStringLiteral("review.tool.") + tool.id);
    button->setIcon(QIcon::fromTheme(tool.icon));
    if (button->icon().isNull())
        button->setText(tool.text.left(2));
    button->setAccessibleName(tool.text);
    button->setAccessibleDescription(tool.tip);
    button->setToolTip(tool.text + QStringLiteral("\n") + tool.tip);
    button->setCheckable(true);
    button->setAutoRaise(true);
    m_column->insertWidget(m_column->count() - 1, button);
    m_group->addButton(button);
    m_tools.push_back(tool);
    m_buttons.push_back(button);
    connect(button, &QToolButton::toggled, this, [this, tool](bool on) {
        if (on)
            Q_EMIT toolChosen(tool.tool, tool.id);
    });
}

void ToolStrip::setTheme(const Theme &theme)
{
    for (QToolButton *button : m_buttons) {
        button->setFixedSize(theme.row, theme.row);
        button->setIconSize({16, 16});
    }
}

QToolButton *ToolStrip::button(const QString &id) const
{
    for (std::size_t i = 0; i < m_tools.size(); ++i)
        if (m_tools[i].id == id)
            return m_buttons[i];
    return nullptr;
}

void ToolStrip::choose(const QString &id)
{
    if (QToolButton *chosen = button(id))
        chosen->setChecked(true);
}

QString ToolStrip::current() const
{
    for (std::size_t i = 0; i < m_tools.size(); ++i)
        if (m_buttons[i]->isChecked())
            return m_tools[i].id;
    return {};
}

} // namespace consilium::viewer
