// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/canvas/canvas_linker.h"

#include <algorithm>

namespace consilium::viewer {

using imaging::Vec3;

template <typename Change>
void CanvasLinker::others(const SliceCanvas *source, Change change)
{
    for (SliceCanvas *canvas : m_canvases)
        if (canvas != source)
            change(*canvas);
}

void CanvasLinker::add(SliceCanvas *canvas)
{
    m_canvases.push_back(canvas);
    if (!m_active)
        m_active = canvas;
    connect(canvas, &SliceCanvas::activated, this, [this, canvas] {
        if (m_active == canvas)
            return;
        m_active = canvas;
        Q_EMIT overlayStyleChanged(canvas->overlayStyle());
    });
    connect(canvas, &SliceCanvas::cursorMoved, this, [this, canvas](const Vec3 &patient) {
        if (m_links.position)
            others(canvas, [&](SliceCanvas &other) {
                other.setCursorPosition(patient);
                other.reveal(patient);
            });
        Q_EMIT cursorMoved(patient);
    });
    connect(canvas, &SliceCanvas::viewChanged, this, [this, canvas](const CanvasView &view) {
        if (m_links.zoom)
            others(canvas, [&](SliceCanvas &other) { other.setView(view); });
    });
    connect(canvas, &SliceCanvas::windowChanged, this, [this, canvas](const Window &window) {
        if (m_links.contrast)
            others(canvas, [&](SliceCanvas &other) { other.setWindow(window); });
        Q_EMIT windowChanged(window);
    });
}

void CanvasLinker::setCursorPosition(const Vec3 &patient)
{
    others(nullptr, [&](SliceCanvas &canvas) {
        canvas.setCursorPosition(patient);
        canvas.reveal(patient);
    });
    Q_EMIT cursorMoved(patient);
}

void CanvasLinker::setWindow(const Window &window)
{
    others(nullptr, [&](SliceCanvas &canvas) { canvas.setWindow(window); });
}

void CanvasLinker::fitAll()
{
    others(nullptr, [](SliceCanvas &canvas) { canvas.setView(canvas.fittedView()); });
}

void CanvasLinker::setOverlayStyle(const OverlayStyle &style)
{
    if (!m_active)
        return;
    if (m_links.overlay)
        others(nullptr, [&](SliceCanvas &canvas) { canvas.setOverlayStyle(style); });
    else
        m_active->setOverlayStyle(style);
    Q_EMIT overlayStyleChanged(style);
}

void CanvasLinker::toggleOverlay()
{
    if (!m_active)
        return;
    OverlayStyle style = m_active->overlayStyle();
    style.visible = !style.visible;
    setOverlayStyle(style);
}

void CanvasLinker::fadeOverlay(double change)
{
    if (!m_active)
        return;
    OverlayStyle style = m_active->overlayStyle();
    style.opacity = std::clamp(style.opacity + change, 0.0, 1.0);
    setOverlayStyle(style);
}

} // namespace consilium::viewer
