// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "viewer/canvas/slice_canvas.h"

#include <QObject>
#include <vector>

namespace consilium::viewer {

/// What a canvas shares with the others.
struct CanvasLinks
{
    bool position = true, zoom = true, contrast = true, overlay = true;

    bool operator==(const CanvasLinks &) const = default;
};

/// Keeps canvases in step: what the reader does in one happens in the others, as far as both are linked.
///
/// There is one shared position in the patient. A canvas of another frame of reference (an earlier scan, another
/// scanner) has an offset: what it shows lies that far from the shared position, in LPS mm.
class CanvasLinker : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    /// A canvas takes part until it is removed. `image` tells images apart: windows spread among canvases of one image.
    void add(SliceCanvas *canvas, int image = 0);
    void setImage(SliceCanvas *canvas, int image);
    void remove(SliceCanvas *canvas);

    void setLinks(const CanvasLinks &links); ///< of all canvases, also of those that come
    void setLinks(SliceCanvas *canvas, const CanvasLinks &links);
    CanvasLinks links(const SliceCanvas *canvas) const;
    const CanvasLinks &links() const { return m_links; }

    imaging::Vec3 offset(const SliceCanvas *canvas) const;
    void setOffset(SliceCanvas *canvas, const imaging::Vec3 &offset);
    /// Links the position again as things stand: what the canvas shows now belongs to what the others show.
    void keepOffset(SliceCanvas *canvas);

    /// The canvas the reader used last; the first one before that.
    SliceCanvas *active() const { return m_active; }
    void setActive(SliceCanvas *canvas);
    const imaging::Vec3 &cursor() const { return m_cursor; } ///< the shared position

    // For all canvases, linked or not.
    void setCursorPosition(const imaging::Vec3 &patient);
    void setWindow(const Window &window, int image);
    void setDisplay(const CanvasDisplay &display);
    void setScheme(const PointerScheme &scheme);
    void setTool(CanvasTool *tool);
    void refreshOverlays();
    void update();
    void fitAll();

    // For all canvases when overlays are linked, else for the active one.
    void setOverlayStyle(const OverlayStyle &style);
    void toggleOverlay();
    void fadeOverlay(double change); ///< adds to the opacity, kept between 0 and 1

Q_SIGNALS:
    void cursorMoved(const consilium::imaging::Vec3 &patient); ///< the shared position
    void windowChanged(const consilium::viewer::Window &window, int image);
    void overlayStyleChanged(const consilium::viewer::OverlayStyle &style); ///< also when another canvas becomes active
    void activeChanged(consilium::viewer::SliceCanvas *canvas);
    void linksChanged(consilium::viewer::SliceCanvas *canvas); ///< or its offset

private:
    struct Member
    {
        SliceCanvas *canvas = nullptr;
        CanvasLinks links;
        imaging::Vec3 offset{};
        int image = 0;
    };
    const Member *find(const SliceCanvas *canvas) const;
    Member *find(const SliceCanvas *canvas);
    void place(const Member &member);
    void followCursor(const Member &source, const imaging::Vec3 &patient);
    void followView(const Member &source, const CanvasView &view);
    void followWindow(const Member &source, const Window &window);

    CanvasLinks m_links;
    std::vector<Member> m_members;
    SliceCanvas *m_active = nullptr;
    imaging::Vec3 m_cursor{};
    // What a canvas that comes takes over.
    OverlayStyle m_style;
    CanvasDisplay m_display;
    PointerScheme m_scheme = pointerSchemes().front();
    QPointer<CanvasTool> m_tool;
};

} // namespace consilium::viewer
