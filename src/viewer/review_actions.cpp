// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/edit_desk.h"
#include "viewer/review_bar.h"
#include "viewer/review_view.h"
#include "viewer/tool_strip.h"

#include <QComboBox>
#include <QToolButton>

namespace consilium::viewer {

namespace {

constexpr double kFade = 0.1;
constexpr int kPresetKeys = 9;

} // namespace

// What keys do on the Review page, in the one table of the window.
void ReviewView::addActions(ActionTable &actions)
{
    using Scope = ActionSpec::Scope;
    const QString review = tr("Review"), images = tr("Images"), windows = tr("Window");
    const auto add = [&](const char *id, const QString &category, const QString &text, std::vector<QKeySequence> keys,
                         std::function<void()> act, Scope scope = Scope::Window) {
        ActionSpec spec;
        spec.id = QStringLiteral("review.") + QLatin1String(id);
        spec.category = category;
        spec.text = text;
        spec.defaults = std::move(keys);
        spec.scope = scope;
        actions.add(spec, this, std::move(act));
    };
    // Of the view that was used last.
    const auto onActive = [this](void (SliceCanvas::*act)()) {
        return [this, act] {
            if (SliceCanvas *canvas = m_linker->active())
                (canvas->*act)();
        };
    };
    add("previousCase", review, tr("Previous case"), {Qt::Key_PageUp}, [this] { leaf(-1); });
    add("nextCase", review, tr("Next case"), {Qt::Key_PageDown}, [this] { leaf(1); });
    add("overlay", review, tr("Show or hide the overlay"), {Qt::Key_S}, [this] { m_linker->toggleOverlay(); });
    add("fainter", review, tr("Overlay fainter"), {Qt::Key_A}, [this] { m_linker->fadeOverlay(-kFade); });
    add("stronger", review, tr("Overlay stronger"), {Qt::Key_D}, [this] { m_linker->fadeOverlay(kFade); });
    add("nextLayout", review, tr("Next layout"), {Qt::Key_L}, [this] {
        auto *layouts = m_bar->findChild<QComboBox *>(QStringLiteral("review.layoutCombo"));
        if (layouts->count() > 0)
            layouts->setCurrentIndex((layouts->currentIndex() + 1) % layouts->count());
    });
    add("maximise", review, tr("The active view alone, or all"), {Qt::Key_M}, [this] {
        if (Viewport *viewport = m_grid->viewportOf(m_linker->active()))
            m_grid->maximise(viewport);
    });
    add("flip", review, tr("The other picture of a flicker comparison"), {Qt::Key_F}, [this] {
        for (int i = 0; i < m_grid->count(); ++i)
            if (SliceCanvas *canvas = m_grid->viewport(i).canvas())
                if (canvas->comparison() == Comparison::Flicker)
                    canvas->flip();
    });
    add("undo", review, tr("Undo"), {QKeySequence::Undo}, [this] { undo(false); });
    add("redo", review, tr("Redo"), {QKeySequence::Redo}, [this] { undo(true); });
    const std::pair<const char *, int> tools[] = {{"crosshair", Qt::Key_X},
                                                  {"landmarks", Qt::Key_P},
                                                  {"distance", Qt::Key_R},
                                                  {"brush", Qt::Key_B},
                                                  {"eraser", Qt::Key_E}};
    for (const auto &[id, key] : tools)
        if (const QToolButton *button = m_tools->button(QLatin1String(id)))
            add(qPrintable(QStringLiteral("tool.") + QLatin1String(id)), tr("Tools"), button->accessibleName(), {key},
                [this, id = id] { m_tools->choose(QLatin1String(id)); });
    add("brushLarger", tr("Tools"), tr("Larger brush"), {Qt::Key_BracketRight},
        [this] { m_edit->tools().growBrush(); });
    add("brushSmaller", tr("Tools"), tr("Smaller brush"), {Qt::Key_BracketLeft},
        [this] { m_edit->tools().shrinkBrush(); });
    add("sliceUp", images, tr("Next slice"), {Qt::Key_Up}, onActive(&SliceCanvas::nextSlice), Scope::WithinWidget);
    add("sliceDown", images, tr("Previous slice"), {Qt::Key_Down}, onActive(&SliceCanvas::previousSlice),
        Scope::WithinWidget);
    add("firstSlice", images, tr("First slice"), {Qt::Key_Home}, onActive(&SliceCanvas::firstSlice),
        Scope::WithinWidget);
    add("lastSlice", images, tr("Last slice"), {Qt::Key_End}, onActive(&SliceCanvas::lastSlice), Scope::WithinWidget);
    add("zoomIn", images, tr("Zoom in"), {Qt::Key_Plus, Qt::Key_Equal}, onActive(&SliceCanvas::zoomIn));
    add("zoomOut", images, tr("Zoom out"), {Qt::Key_Minus}, onActive(&SliceCanvas::zoomOut));
    add("fit", images, tr("Fit slices to their views"), {Qt::Key_0}, [this] { m_linker->fitAll(); });
    add("actualPixels", images, tr("One pixel of the image on one of the screen"), {Qt::CTRL | Qt::Key_0},
        onActive(&SliceCanvas::showActualPixels));
    add("invert", images, tr("Black on white"), {Qt::Key_I},
        [this] { changeDisplay([](CanvasDisplay &display) { display.inverted = !display.inverted; }); });
    add("smooth", images, tr("Smooth pixels"), {Qt::SHIFT | Qt::Key_I},
        [this] { changeDisplay([](CanvasDisplay &display) { display.smooth = !display.smooth; }); });
    add("texts", images, tr("Corner text"), {Qt::Key_T},
        [this] { changeDisplay([](CanvasDisplay &display) { display.texts = !display.texts; }); });
    add("crosshair", images, tr("Crosshair"), {Qt::Key_C},
        [this] { changeDisplay([](CanvasDisplay &display) { display.crosshair = !display.crosshair; }); });
    for (int n = 0; n < kPresetKeys; ++n)
        add(qPrintable(QStringLiteral("preset%1").arg(n + 1)), windows, tr("Window preset %1").arg(n + 1),
            {QKeySequence(Qt::Key_1 + n)}, [this, n] { applyPreset(n); });
    add("copyWindow", windows, tr("Copy the active view's window to all"), {Qt::Key_W}, [this] { copyWindow(); });
}

} // namespace consilium::viewer
