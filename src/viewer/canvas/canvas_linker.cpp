// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/canvas/canvas_linker.h"

#include <algorithm>

namespace consilium::viewer {

using imaging::Vec3;

namespace {

Vec3 plus(const Vec3 &a, const Vec3 &b)
{
    return {a[0] + b[0], a[1] + b[1], a[2] + b[2]};
}

Vec3 minus(const Vec3 &a, const Vec3 &b)
{
    return {a[0] - b[0], a[1] - b[1], a[2] - b[2]};
}

} // namespace

const CanvasLinker::Member *CanvasLinker::find(const SliceCanvas *canvas) const
{
    const auto found =
        std::find_if(m_members.begin(), m_members.end(), [&](const Member &member) { return member.canvas == canvas; });
    return found == m_members.end() ? nullptr : &*found;
}

CanvasLinker::Member *CanvasLinker::find(const SliceCanvas *canvas)
{
    return const_cast<Member *>(std::as_const(*this).find(canvas));
}

void CanvasLinker::add(SliceCanvas *canvas, int image)
{
    m_members.push_back({canvas, m_links, {}, image});
    canvas->setOverlayStyle(m_style);
    canvas->setDisplay(m_display);
    canvas->setScheme(m_scheme);
    canvas->setTool(m_tool);
    if (!m_active)
        m_active = canvas;
    connect(canvas, &SliceCanvas::activated, this, [this, canvas] { setActive(canvas); });
    connect(canvas, &SliceCanvas::cursorMoved, this, [this, canvas](const Vec3 &patient) {
        if (const Member *source = find(canvas))
            followCursor(*source, patient);
    });
    connect(canvas, &SliceCanvas::viewChanged, this, [this, canvas](const CanvasView &view) {
        if (const Member *source = find(canvas))
            followView(*source, view);
    });
    connect(canvas, &SliceCanvas::windowChanged, this, [this, canvas](const Window &window) {
        if (const Member *source = find(canvas))
            followWindow(*source, window);
    });
}

void CanvasLinker::setImage(SliceCanvas *canvas, int image)
{
    if (Member *member = find(canvas))
        member->image = image;
}

void CanvasLinker::remove(SliceCanvas *canvas)
{
    canvas->disconnect(this);
    std::erase_if(m_members, [&](const Member &member) { return member.canvas == canvas; });
    if (m_active == canvas)
        setActive(m_members.empty() ? nullptr : m_members.front().canvas);
}

void CanvasLinker::setActive(SliceCanvas *canvas)
{
    if (m_active == canvas)
        return;
    m_active = canvas;
    if (canvas)
        Q_EMIT overlayStyleChanged(canvas->overlayStyle());
    Q_EMIT activeChanged(canvas);
}

void CanvasLinker::setLinks(const CanvasLinks &links)
{
    m_links = links;
    for (Member &member : m_members)
        setLinks(member.canvas, links);
}

void CanvasLinker::setLinks(SliceCanvas *canvas, const CanvasLinks &links)
{
    Member *member = find(canvas);
    if (!member || member->links == links)
        return;
    const bool joins = links.position && !member->links.position;
    member->links = links;
    if (joins)
        place(*member);
    Q_EMIT linksChanged(canvas);
}

CanvasLinks CanvasLinker::links(const SliceCanvas *canvas) const
{
    const Member *member = find(canvas);
    return member ? member->links : m_links;
}

Vec3 CanvasLinker::offset(const SliceCanvas *canvas) const
{
    const Member *member = find(canvas);
    return member ? member->offset : Vec3{};
}

void CanvasLinker::setOffset(SliceCanvas *canvas, const Vec3 &offset)
{
    Member *member = find(canvas);
    if (!member)
        return;
    member->offset = offset;
    if (member->links.position)
        place(*member);
    Q_EMIT linksChanged(canvas);
}

void CanvasLinker::keepOffset(SliceCanvas *canvas)
{
    Member *member = find(canvas);
    if (!member)
        return;
    member->offset = minus(canvas->cursorPosition(), m_cursor);
    member->links.position = true;
    Q_EMIT linksChanged(canvas);
}

void CanvasLinker::place(const Member &member)
{
    const Vec3 there = plus(m_cursor, member.offset);
    member.canvas->setCursorPosition(there);
    member.canvas->reveal(there);
}

void CanvasLinker::followCursor(const Member &source, const Vec3 &patient)
{
    // A canvas that has left the others neither moves them nor says where they are.
    if (!source.links.position)
        return;
    m_cursor = minus(patient, source.offset);
    for (const Member &member : m_members)
        if (member.canvas != source.canvas && member.links.position)
            place(member);
    Q_EMIT cursorMoved(m_cursor);
}

void CanvasLinker::followView(const Member &source, const CanvasView &view)
{
    if (!source.links.zoom)
        return;
    const Vec3 centre = minus(view.centre, source.offset);
    for (const Member &member : m_members)
        if (member.canvas != source.canvas && member.links.zoom)
            member.canvas->setView({view.zoom, plus(centre, member.offset)});
}

void CanvasLinker::followWindow(const Member &source, const Window &window)
{
    const int image = source.image;
    if (source.links.contrast) {
        for (const Member &member : m_members)
            if (member.canvas != source.canvas && member.links.contrast && member.image == image)
                member.canvas->setWindow(window);
    }
    Q_EMIT windowChanged(window, image);
}

void CanvasLinker::setCursorPosition(const Vec3 &patient)
{
    m_cursor = patient;
    for (const Member &member : m_members)
        place(member);
    Q_EMIT cursorMoved(patient);
}

void CanvasLinker::setWindow(const Window &window, int image)
{
    for (const Member &member : m_members)
        if (member.image == image)
            member.canvas->setWindow(window);
}

void CanvasLinker::setDisplay(const CanvasDisplay &display)
{
    m_display = display;
    for (const Member &member : m_members)
        member.canvas->setDisplay(display);
}

void CanvasLinker::setScheme(const PointerScheme &scheme)
{
    m_scheme = scheme;
    for (const Member &member : m_members)
        member.canvas->setScheme(scheme);
}

void CanvasLinker::setTool(CanvasTool *tool)
{
    if (m_tool && m_tool != tool)
        m_tool->cancel();
    m_tool = tool;
    for (const Member &member : m_members)
        member.canvas->setTool(tool);
}

void CanvasLinker::refreshOverlays()
{
    for (const Member &member : m_members)
        member.canvas->refreshOverlays();
}

void CanvasLinker::update()
{
    for (const Member &member : m_members)
        member.canvas->update();
}

void CanvasLinker::fitAll()
{
    for (const Member &member : m_members)
        member.canvas->setView(member.canvas->fittedView());
}

void CanvasLinker::setOverlayStyle(const OverlayStyle &style)
{
    if (m_active && links(m_active).overlay) {
        m_style = style;
        for (const Member &member : m_members)
            if (member.links.overlay)
                member.canvas->setOverlayStyle(style);
    } else if (m_active) {
        m_active->setOverlayStyle(style);
    }
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
