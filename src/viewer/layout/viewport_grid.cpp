// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/layout/viewport.h"

#include <QGridLayout>
#include <algorithm>

namespace consilium::viewer {

ViewportGrid::ViewportGrid(CanvasLinker &linker, QWidget *parent)
    : QWidget(parent), m_linker(linker), m_grid(new QGridLayout(this))
{
    m_grid->setContentsMargins(0, 0, 0, 0);
    m_grid->setSpacing(2);
}

void ViewportGrid::setTheme(const Theme &theme)
{
    m_theme = theme;
    for (Viewport *viewport : m_viewports)
        viewport->setTheme(theme);
}

void ViewportGrid::setContents(const std::vector<ViewContent> &contents, int columns, QWidget *surface)
{
    if (m_maximised)
        maximise(m_maximised);
    // Canvases that leave the screen leave the links too, or they would be moved for nothing.
    for (int i = 0; i < m_count; ++i)
        if (SliceCanvas *canvas = m_viewports[static_cast<std::size_t>(i)]->canvas())
            m_linker.remove(canvas);
    while (m_viewports.size() < contents.size()) {
        auto *viewport = new Viewport(this);
        viewport->setTheme(m_theme);
        m_viewports.push_back(viewport);
        connect(viewport, &Viewport::maximiseRequested, this, [this, viewport] { maximise(viewport); });
        connect(viewport, &Viewport::linksChosen, this, [this, viewport](const CanvasLinks &links) {
            if (viewport->canvas())
                m_linker.setLinks(viewport->canvas(), links);
        });
        connect(viewport, &Viewport::offsetKept, this, [this, viewport] { m_linker.keepOffset(viewport->canvas()); });
        connect(viewport, &Viewport::offsetCleared, this,
                [this, viewport] { m_linker.setOffset(viewport->canvas(), {}); });
        connect(&m_linker, &CanvasLinker::linksChanged, viewport, [this, viewport](SliceCanvas *canvas) {
            if (canvas == viewport->canvas())
                viewport->setLinks(m_linker.links(canvas), m_linker.offset(canvas));
        });
        Q_EMIT viewportMade(viewport);
    }
    m_count = static_cast<int>(contents.size());
    m_columns = std::max(1, columns);
    for (int i = 0; i < m_count; ++i) {
        const ViewContent &content = contents[static_cast<std::size_t>(i)];
        viewport(i).setContent(content, content.kind == ViewKind::Surface ? surface : nullptr);
        if (SliceCanvas *canvas = viewport(i).canvas()) {
            m_linker.add(canvas);
            viewport(i).setLinks(m_linker.links(canvas), {});
        }
    }
    // Names of views that are put away must not be found in place of those on the screen.
    for (std::size_t i = contents.size(); i < m_viewports.size(); ++i) {
        ViewContent parked;
        parked.name = QStringLiteral("parked%1").arg(i);
        m_viewports[i]->setContent(parked);
    }
    arrange();
}

void ViewportGrid::arrange()
{
    for (Viewport *viewport : m_viewports)
        m_grid->removeWidget(viewport);
    const int rows = (m_count + m_columns - 1) / m_columns;
    for (int i = 0; i < std::max(m_grid->rowCount(), rows); ++i)
        m_grid->setRowStretch(i, i < rows);
    for (int i = 0; i < std::max(m_grid->columnCount(), m_columns); ++i)
        m_grid->setColumnStretch(i, i < m_columns);
    for (std::size_t i = 0; i < m_viewports.size(); ++i) {
        const bool shown = static_cast<int>(i) < m_count;
        if (shown)
            m_grid->addWidget(m_viewports[i], static_cast<int>(i) / m_columns, static_cast<int>(i) % m_columns);
        m_viewports[i]->setVisible(shown);
    }
}

Viewport *ViewportGrid::viewportOf(const QWidget *canvasOrWidget) const
{
    for (int i = 0; i < m_count; ++i)
        if (viewport(i).canvas() == canvasOrWidget || viewport(i).widget() == canvasOrWidget)
            return &viewport(i);
    return nullptr;
}

void ViewportGrid::maximise(Viewport *chosen)
{
    m_maximised = m_maximised == chosen ? nullptr : chosen;
    for (int i = 0; i < m_count; ++i) {
        const bool shown = !m_maximised || &viewport(i) == m_maximised;
        viewport(i).setVisible(shown);
        viewport(i).setMaximised(m_maximised && shown);
    }
    // Columns of hidden views take no room.
    const int columns = m_maximised ? 0 : m_columns;
    const int rows = m_maximised ? 0 : (m_count + m_columns - 1) / m_columns;
    for (int i = 0; i < m_grid->columnCount(); ++i)
        m_grid->setColumnStretch(i, i < columns);
    for (int i = 0; i < m_grid->rowCount(); ++i)
        m_grid->setRowStretch(i, i < rows);
}

} // namespace consilium::viewer
