// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/theme.h"
#include "viewer/canvas/canvas_tool.h"

#include <QWidget>
#include <vector>

class QButtonGroup;
class QToolButton;
class QVBoxLayout;

namespace consilium::viewer {

/// The tools of the left button, one under the other; the first is the crosshair, which is none. Object names:
/// review.tool.<id>.
class ToolStrip : public QWidget
{
    Q_OBJECT

public:
    explicit ToolStrip(QWidget *parent = nullptr);

    void setTheme(const Theme &theme);
    /// Adds tools below a gap.
    void add(const std::vector<ToolEntry> &tools);
    void choose(const QString &id); ///< as a click does
    QString current() const;
    QToolButton *button(const QString &id) const;
    const std::vector<ToolEntry> &tools() const { return m_tools; }

Q_SIGNALS:
    void toolChosen(consilium::viewer::CanvasTool *tool, const QString &id); ///< null: the crosshair

private:
    void addButton(const ToolEntry &tool);

    QVBoxLayout *m_column;
    QButtonGroup *m_group;
    std::vector<ToolEntry> m_tools;
    std::vector<QToolButton *> m_buttons;
};

} // namespace consilium::viewer
