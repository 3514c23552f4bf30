// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "viewer/canvas/slice_canvas.h"

#include <QObject>
#include <vector>

namespace consilium::viewer {

/// What canvases share.
struct CanvasLinks
{
    bool position = true, zoom = true, contrast = true, overlay = true;
};

/// Keeps canvases in step: what the reader does in one happens in the others, as far as it is linked.
class CanvasLinker : public QObject
{
    Q_OBJECT

public:
    using QObject::QObject;

    void add(SliceCanvas *canvas);
    void setLinks(const CanvasLinks &links) { m_links = links; }

    /// The canvas the reader used last; the first one before that.
    SliceCanvas *active() const { return m_active; }

    // For all canvases, linked or not.
    void setCursorPosition(const imaging::Vec3 &patient);
    void setWindow(const Window &window);
    void fitAll();

    // For all canvases when overlays are linked, else for the active one.
    void setOverlayStyle(const OverlayStyle &style);
    void toggleOverlay();
    void fadeOverlay(double change); ///< adds to the opacity, kept between 0 and 1

Q_SIGNALS:
    void cursorMoved(const consilium::imaging::Vec3 &patient);
    void windowChanged(const consilium::viewer::Window &window);
    void overlayStyleChanged(const consilium::viewer::OverlayStyle &style); ///< also when another canvas becomes active

private:
    template <typename Change>
    void others(const SliceCanvas *source, Change change);

    CanvasLinks m_links;
    std::vector<SliceCanvas *> m_canvases;
    SliceCanvas *m_active = nullptr;
};

} // namespace consilium::viewer
