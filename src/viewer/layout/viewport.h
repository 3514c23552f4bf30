// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "viewer/canvas/canvas_linker.h"
#include "viewer/layout/hanging_layout.h"

#include <QWidget>

class QGridLayout;
class QHBoxLayout;
class QLabel;
class QMenu;
class QToolButton;

namespace consilium::viewer {

/// One place in the grid of images: a line that says what is shown and how it is linked, and the canvas (or the 3D
/// view) below it. The title opens a menu of what else could be shown here, the link badge one of what this view
/// shares.
///
/// Object names, for a view called "axial": review.canvas.axial, review.view.axial.title, .link, .maximise.
class Viewport : public QWidget
{
    Q_OBJECT

public:
    explicit Viewport(QWidget *parent = nullptr);

    void setTheme(const Theme &theme);
    /// Takes the name; makes a canvas, or takes `widget` in its place (which stays its owner's).
    void setContent(const ViewContent &content, QWidget *widget = nullptr);
    const ViewContent &content() const { return m_content; }
    /// Null while another widget is shown.
    SliceCanvas *canvas() const { return m_widget ? nullptr : m_canvas; }
    QWidget *widget() const { return m_widget; }

    /// `marks`, when valid, are drawn as swatches before the title: the colours of the overlays it names.
    void setTitle(const QString &title, const std::vector<QColor> &marks = {});
    QString title() const;
    void setLinks(const CanvasLinks &links, const imaging::Vec3 &offset);
    void setMaximised(bool maximised);
    /// For choosing what is shown; filled by whoever knows the case.
    QMenu *contentMenu() const { return m_menu; }

Q_SIGNALS:
    void canvasMade(consilium::viewer::SliceCanvas *canvas);
    void contentMenuOpens();
    void linksChosen(const consilium::viewer::CanvasLinks &links);
    void offsetKept();
    void offsetCleared();
    void maximiseRequested();

protected:
    void resizeEvent(QResizeEvent *event) override;

private:
    void fillLinkMenu();
    void elideTitle();

    ViewContent m_content;
    Theme m_theme;
    CanvasLinks m_links;
    imaging::Vec3 m_offset{};
    QString m_fullTitle;
    QWidget *m_header;
    QHBoxLayout *m_row;
    QLabel *m_mark;
    QToolButton *m_title, *m_link, *m_maximise;
    QMenu *m_menu, *m_linkMenu;
    SliceCanvas *m_canvas = nullptr;
    QWidget *m_widget = nullptr;
};

/// The grid of viewports. Views stay when the layout changes as far as both have them, so that nothing flashes.
class ViewportGrid : public QWidget
{
    Q_OBJECT

public:
    explicit ViewportGrid(CanvasLinker &linker, QWidget *parent = nullptr);

    void setTheme(const Theme &theme);
    /// `surface` is put where a view wants the 3D view.
    void setContents(const std::vector<ViewContent> &contents, int columns, QWidget *surface);
    int count() const { return m_count; }
    Viewport &viewport(int index) const { return *m_viewports[static_cast<std::size_t>(index)]; }
    Viewport *viewportOf(const QWidget *canvasOrWidget) const;

    /// Shows one alone, or all again when it is alone already.
    void maximise(Viewport *viewport);
    Viewport *maximised() const { return m_maximised; }

Q_SIGNALS:
    void viewportMade(consilium::viewer::Viewport *viewport);

private:
    void arrange();

    CanvasLinker &m_linker;
    Theme m_theme;
    QGridLayout *m_grid;
    std::vector<Viewport *> m_viewports; // kept for layouts to come; the first m_count are shown
    int m_count = 0, m_columns = 1;
    Viewport *m_maximised = nullptr;
};

} // namespace consilium::viewer
