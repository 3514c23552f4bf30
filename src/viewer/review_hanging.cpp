// SPDX-License-Identifier: GPL-3.0-or-later
// What hangs where: layouts, views, windows, overlays.
#include "viewer/edit_desk.h"
#include "viewer/measuring/measuring.h"
#include "viewer/review_bar.h"
#include "viewer/review_view.h"
#include "viewer/surfaces/surface_view.h"

#include <QMenu>
#include <algorithm>

namespace consilium::viewer {

namespace {

QString settingOf(const std::string &kind)
{
    return QStringLiteral("review/layout/") + QString::fromStdString(kind);
}

} // namespace

std::string ReviewView::kind() const
{
    const auto &size = m_hung.opened().channels.front().volume->geometry.size;
    if (std::find(size.begin(), size.end(), 1) != size.end())
        return "radiograph";
    return m_hung.opened().kind == LabelKind::Structures ? "structures" : "lesions";
}

void ReviewView::offerLayouts()
{
    if (kind() != m_kind) {
        m_kind = kind();
        auto layouts = hangingLayouts(m_kind);
        if (!layouts)
            Q_EMIT errorOccurred(QString::fromStdString(layouts.error().line()));
        m_layouts = layouts ? std::move(*layouts) : std::vector<HangingLayout>();
        m_layout = m_settings.value(settingOf(m_kind)).toString();
    }
    QStringList titles, ids;
    for (const HangingLayout &layout : m_layouts) {
        if (!layout.isListed() || (layout.id() == QLatin1String("time-points") && !m_hung.prior()))
            continue;
        titles.append(layout.title());
        ids.append(layout.id());
    }
    if (!ids.contains(m_layout)) // as after a reading session
        m_layout = m_settings.value(settingOf(m_kind)).toString();
    if (!ids.contains(m_layout))
        m_layout = ids.value(0);
    m_bar->setLayouts(titles, ids, m_layout);
    hang(m_layout);
}

void ReviewView::setLayout(const QString &id)
{
    const bool known =
        std::any_of(m_layouts.begin(), m_layouts.end(), [&](const HangingLayout &layout) { return layout.id() == id; });
    if (!known || !m_hung.loaded() || m_hung.isBlinded()) // a reading hangs its own
        return;
    m_settings.setValue(settingOf(m_kind), id);
    hang(id);
}

void ReviewView::hang(const QString &id)
{
    const auto layout =
        std::find_if(m_layouts.begin(), m_layouts.end(), [&](const HangingLayout &each) { return each.id() == id; });
    if (layout == m_layouts.end() || !m_hung.loaded())
        return;
    const std::optional<CanvasView> view =
        m_linker->active() ? std::optional(m_linker->active()->view()) : std::nullopt;
    const bool another = m_layout != id;
    m_layout = id;
    const auto contents = layout->views(m_hung.shape());
    m_grid->setContents(contents, layout->columnsFor(static_cast<int>(contents.size())), m_surface);
    if (m_bar)
        m_bar->setCurrentLayout(id);
    fillViews();
    m_linker->fitAll();
    if (another && view && view->zoom > 1) // what the reader had come close to stays near
        for (int i = 0; i < m_grid->count(); ++i)
            if (SliceCanvas *canvas = m_grid->viewport(i).canvas())
                canvas->setView(*view);
    m_linker->setCursorPosition(m_linker->cursor());
}

void ReviewView::fillViews()
{
    for (int i = 0; m_hung.loaded() && i < m_grid->count(); ++i)
        fillView(m_grid->viewport(i));
}

void ReviewView::fillView(Viewport &viewport)
{
    m_hung.fill(viewport);
    giveWindow(viewport);
}

void ReviewView::giveWindow(Viewport &viewport)
{
    SliceCanvas *canvas = viewport.canvas();
    if (!canvas)
        return;
    const int image = m_hung.imageOf(viewport.content());
    m_linker->setImage(canvas, image);
    const auto kept = m_windows.find(image);
    if (kept != m_windows.end())
        return canvas->setWindow(kept->second);
    // What was chosen for an image of this name goes on to the next case's.
    const Channel &channel = m_hung.channelOf(viewport.content());
    const auto presets = windowPresets(channel.modality);
    const auto chosen = m_presets.find(QString::fromStdString(channel.name));
    const std::size_t preset = chosen == m_presets.end() ? 0 : static_cast<std::size_t>(chosen->second);
    canvas->setWindow(presets[std::min(preset, presets.size() - 1)].window(channel.quantiles));
}

const ViewContent &ReviewView::activeContent() const
{
    static const ViewContent none;
    const Viewport *viewport = m_linker->active() ? m_grid->viewportOf(m_linker->active()) : nullptr;
    return viewport ? viewport->content() : none;
}

void ReviewView::applyPreset(int preset)
{
    if (!m_hung.loaded())
        return;
    const Channel &channel = m_hung.channelOf(activeContent());
    const auto presets = windowPresets(channel.modality);
    if (preset < 0 || preset >= static_cast<int>(presets.size()))
        return;
    const Window window = presets[static_cast<std::size_t>(preset)].window(channel.quantiles);
    const int image = m_hung.imageOf(activeContent());
    m_presets[QString::fromStdString(channel.name)] = preset;
    m_windows[image] = window;
    m_linker->setWindow(window, image);
    m_surface->setWindow(window);
    Q_EMIT statusMessage(tr("Window: %1").arg(presets[static_cast<std::size_t>(preset)].name));
}

void ReviewView::copyWindow()
{
    const SliceCanvas *from = m_linker->active();
    for (int i = 0; from && i < m_grid->count(); ++i) {
        if (SliceCanvas *canvas = m_grid->viewport(i).canvas()) {
            canvas->setWindow(from->window());
            m_windows[m_hung.imageOf(m_grid->viewport(i).content())] = from->window();
        }
    }
}

void ReviewView::offerPresets()
{
    QStringList names;
    if (m_hung.loaded())
        for (const WindowPreset &preset : windowPresets(m_hung.channelOf(activeContent()).modality))
            names.append(preset.name);
    m_bar->setWindowPresets(names);
}

void ReviewView::changeDisplay(const std::function<void(CanvasDisplay &)> &change)
{
    change(m_display);
    m_linker->setDisplay(m_display);
    m_bar->setDisplay(m_display);
}

void ReviewView::showChannel(int index)
{
    if (!m_hung.loaded() || index < 0 || index >= static_cast<int>(m_hung.opened().channels.size()))
        return;
    m_hung.setChannel(static_cast<std::size_t>(index));
    m_surface->setChannel(m_hung.channel());
    m_measuring->setImage(m_hung.opened().channels[m_hung.channel()].volume);
    m_edit->editor().setImage(m_hung.opened().channels[m_hung.channel()].volume);
    fillViews();
    offerPresets();
}

void ReviewView::offerOverlays()
{
    QStringList names;
    const std::vector<int> choices = m_hung.choices();
    for (const int segmentation : choices)
        names.append(m_hung.nameOf(segmentation));
    if (names.size() > 1)
        names.append(tr("all"));
    int current = static_cast<int>(names.size()) - 1;
    if (m_hung.overlay())
        current = static_cast<int>(std::find(choices.begin(), choices.end(), *m_hung.overlay()) - choices.begin());
    m_bar->setOverlays(names, names.isEmpty() ? -1 : current);
}

void ReviewView::showOverlay(int choice)
{
    const std::vector<int> choices = m_hung.choices();
    const bool one = choice >= 0 && choice < static_cast<int>(choices.size());
    m_hung.setOverlay(one ? std::optional(choices[static_cast<std::size_t>(choice)]) : std::nullopt);
    fillViews();
    m_surface->setShown(m_hung.surfaces());
}

void ReviewView::change(Viewport &viewport, const ViewContent &content)
{
    viewport.setContent(content, viewport.widget());
    fillView(viewport);
}

void ReviewView::fillContentMenu(Viewport &viewport)
{
    QMenu &menu = *viewport.contentMenu();
    menu.clear();
    if (m_hung.isBlinded() || !viewport.canvas())
        return;
    const ViewContent now = viewport.content();
    const auto offer = [&](QMenu &into, const QString &text, const ViewContent &content) {
        QAction *action = into.addAction(text);
        action->setCheckable(true);
        action->setChecked(content == now);
        connect(action, &QAction::triggered, this, [this, &viewport, content] { change(viewport, content); });
    };
    QMenu &overlays = *menu.addMenu(tr("Overlay"));
    ViewContent content = now;
    content.overlay = OverlayKind::None;
    offer(overlays, tr("None"), content);
    content.overlay = OverlayKind::Chosen;
    offer(overlays, tr("As the bar says"), content);
    content.overlay = OverlayKind::One;
    for (const int segmentation : m_hung.choices()) {
        content.segmentation = segmentation;
        offer(overlays, m_hung.nameOf(segmentation), content);
    }
    if (m_hung.opened().reference) {
        overlays.addSeparator();
        content.overlay = OverlayKind::Difference;
        for (const int segmentation : m_hung.choices()) {
            if (segmentation == kReference)
                continue;
            content.segmentation = segmentation;
            offer(overlays, tr("%1 against the reference").arg(m_hung.nameOf(segmentation)), content);
        }
    }
    QMenu &images = *menu.addMenu(tr("Image"));
    content = now;
    content.channel = -1;
    content.prior = false;
    offer(images, tr("As the bar says"), content);
    for (std::size_t channel = 0; channel < m_hung.opened().channels.size(); ++channel) {
        content.channel = static_cast<int>(channel);
        offer(images, QString::fromStdString(m_hung.opened().channels[channel].name), content);
    }
    if (m_hung.prior()) {
        images.addSeparator();
        content.prior = true;
        content.channel = 0;
        offer(images, QString::fromStdString(m_hung.prior()->opened.title), content);
    }
    QMenu &planes = *menu.addMenu(tr("Plane"));
    const std::pair<Plane, QString> names[] = {
        {Plane::Axial, tr("Axial")}, {Plane::Coronal, tr("Coronal")}, {Plane::Sagittal, tr("Sagittal")}};
    for (const auto &[plane, name] : names) {
        content = now;
        content.plane = plane;
        offer(planes, name, content);
    }
    menu.addSeparator();
    QMenu &other = *menu.addMenu(tr("Compare with another case"));
    for (std::size_t i = 0; i < std::min<std::size_t>(m_sources.size(), 40); ++i) {
        if (static_cast<int>(i) == m_index)
            continue;
        QAction *action = other.addAction(QString::fromStdString(m_sources[i].title));
        connect(action, &QAction::triggered, this, [this, i] { comparePrior(static_cast<int>(i)); });
    }
    other.setEnabled(!other.isEmpty());
}

} // namespace consilium::viewer
