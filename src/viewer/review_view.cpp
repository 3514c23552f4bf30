// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/review_view.h"

#include "viewer/canvas/colours.h"
#include "viewer/findings/lesion_panel.h"
#include "viewer/review_bar.h"
#include "viewer/surfaces/surface_view.h"
#include "viewer/tool_strip.h"

#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QMenu>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QTabWidget>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

namespace consilium::viewer {

using imaging::Vec3;

namespace {

constexpr int kPanelWidth = 300;

QString settingOf(const std::string &kind)
{
    return QStringLiteral("review/layout/") + QString::fromStdString(kind);
}

} // namespace

ReviewView::ReviewView(ActionTable &actions, SettingsStore &settings, QWidget *parent)
    : QWidget(parent), m_settings(settings), m_loader(new CaseLoader(this)), m_priorLoader(new CaseLoader(this)),
      m_linker(new CanvasLinker(this)), m_pages(new QStackedWidget(this))
{
    setObjectName(QStringLiteral("review"));
    m_pages->addWidget(makeEmptyPage());
    m_pages->addWidget(makeCasePage());
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_pages);
    connectBar();
    addActions(actions);
    m_bar->describe(actions);
    connect(m_loader, &CaseLoader::found, this, &ReviewView::listCases);
    connect(m_loader, &CaseLoader::finding, this, [this](int headersRead, int files) {
        Q_EMIT statusMessage(tr("Reading DICOM headers: %1 of %2").arg(headersRead).arg(files));
    });
    connect(m_loader, &CaseLoader::arriving, this, [this](auto partly) { present(std::move(partly), false); });
    connect(m_loader, &CaseLoader::slicesArrived, m_linker, &CanvasLinker::update);
    connect(m_loader, &CaseLoader::loaded, this, [this](auto loaded) { present(std::move(loaded), true); });
    connect(m_loader, &CaseLoader::failed, this, [this](const QString &message) {
        m_bar->setBusy(false);
        Q_EMIT errorOccurred(message);
    });
    connect(m_priorLoader, &CaseLoader::loaded, this, [this](std::shared_ptr<const LoadedCase> prior) {
        m_hung.setPrior(std::move(prior));
        hang(QStringLiteral("time-points"));
    });
    connect(m_priorLoader, &CaseLoader::failed, this, &ReviewView::errorOccurred);
    connect(m_linker, &CanvasLinker::cursorMoved, this, &ReviewView::followCursor);
    connect(m_linker, &CanvasLinker::windowChanged, this,
            [this](const Window &window, int image) { m_windows[image] = window; });
    connect(m_linker, &CanvasLinker::overlayStyleChanged, m_bar, &ReviewBar::setOverlayStyle);
    connect(m_linker, &CanvasLinker::activeChanged, this, &ReviewView::offerPresets);
    connect(m_lesions, &LesionPanel::jumpRequested, this, &ReviewView::setCursorPosition);
}

ReviewView::~ReviewView() = default;

QWidget *ReviewView::makeEmptyPage()
{
    auto *page = new QWidget(this);
    m_welcome = new QLabel(tr("Review shows images with what people and models drew on them, side by side. Open "
                              "DICOM or NIfTI files, or a study whose cases are listed here."),
                           page);
    m_welcome->setObjectName(QStringLiteral("review.welcome"));
    m_welcome->setWordWrap(true);
    m_welcome->setAlignment(Qt::AlignCenter);
    m_welcome->setFixedWidth(420);
    auto *open = new QPushButton(QIcon::fromTheme(QStringLiteral("document-open")), tr("Open images…"), page);
    open->setObjectName(QStringLiteral("review.openImages"));
    connect(open, &QPushButton::clicked, this, &ReviewView::chooseFiles);
    auto *column = new QVBoxLayout(page);
    column->addStretch(2);
    column->addWidget(m_welcome, 0, Qt::AlignHCenter);
    column->addSpacing(12);
    column->addWidget(open, 0, Qt::AlignHCenter);
    column->addStretch(3);
    return page;
}

QWidget *ReviewView::makeCasePage()
{
    auto *page = new QWidget(this);
    m_bar = new ReviewBar(page);
    m_tools = new ToolStrip(page);
    m_grid = new ViewportGrid(*m_linker, page);
    connect(m_grid, &ViewportGrid::viewportMade, this, &ReviewView::prepare);
    connect(m_tools, &ToolStrip::toolChosen, this,
            [this](CanvasTool *tool, const QString &) { m_linker->setTool(tool); });
    m_surface = new SurfaceView(page);
    m_surface->setObjectName(QStringLiteral("review.surface"));
    m_surface->hide();
    connect(m_surface, &SurfaceView::maximiseRequested, this, [this] {
        if (Viewport *viewport = m_grid->viewportOf(m_surface))
            m_grid->maximise(viewport);
    });
    m_lesions = new LesionPanel(page);
    m_panels = new QTabWidget(page);
    m_panels->setObjectName(QStringLiteral("review.panels"));
    m_panels->setDocumentMode(true);
    m_panels->addTab(m_lesions, tr("Findings"));
    auto *splitter = new QSplitter(page);
    splitter->addWidget(m_grid);
    splitter->addWidget(m_panels);
    splitter->setStretchFactor(0, 1);
    splitter->setStretchFactor(1, 0);
    splitter->setCollapsible(0, false);
    splitter->setSizes({1000, kPanelWidth});
    auto *row = new QHBoxLayout;
    row->setSpacing(4);
    row->addWidget(m_tools);
    row->addWidget(splitter, 1);
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_bar);
    column->addLayout(row, 1);
    return page;
}

void ReviewView::prepare(Viewport *viewport)
{
    connect(viewport, &Viewport::contentMenuOpens, this, [this, viewport] { fillContentMenu(*viewport); });
}

void ReviewView::connectBar()
{
    connect(m_bar, &ReviewBar::caseChosen, this, &ReviewView::showCase);
    connect(m_bar, &ReviewBar::channelChosen, this, &ReviewView::showChannel);
    connect(m_bar, &ReviewBar::layoutChosen, this, &ReviewView::setLayout);
    connect(m_bar, &ReviewBar::overlayChosen, this, &ReviewView::showOverlay);
    connect(m_bar, &ReviewBar::linksChanged, m_linker, qOverload<const CanvasLinks &>(&CanvasLinker::setLinks));
    connect(m_bar, &ReviewBar::overlayStyleChosen, m_linker, &CanvasLinker::setOverlayStyle);
    connect(m_bar, &ReviewBar::displayChosen, this, [this](const CanvasDisplay &display) {
        changeDisplay([&](CanvasDisplay &changed) { changed = display; });
    });
    connect(m_bar, &ReviewBar::windowPresetChosen, this, &ReviewView::applyPreset);
    connect(m_bar, &ReviewBar::windowCopyRequested, this, &ReviewView::copyWindow);
    connect(m_bar, &ReviewBar::fitRequested, m_linker, &CanvasLinker::fitAll);
    connect(m_bar, &ReviewBar::openRequested, this, &ReviewView::chooseFiles);
}

void ReviewView::setTheme(const Theme &theme)
{
    m_theme = theme;
    m_hung.setTheme(theme);
    setPalette(viewer::palette(theme));
    setAutoFillBackground(true);
    m_bar->setTheme(theme);
    m_tools->setTheme(theme);
    m_lesions->setTheme(theme);
    m_surface->setTheme(theme);
    m_grid->setTheme(theme);
    QPalette quiet = palette();
    quiet.setColor(QPalette::WindowText, colour(theme.quietText));
    m_welcome->setPalette(quiet);
    QFont body = font();
    body.setPixelSize(theme.bodySize);
    m_welcome->setFont(body);
    m_welcome->setMinimumHeight(m_welcome->heightForWidth(m_welcome->width()));
    fillViews();
}

void ReviewView::setScheme(const QString &id)
{
    m_linker->setScheme(pointerScheme(id));
}

void ReviewView::setMemoryBudget(std::int64_t bytes)
{
    m_loader->setBudget(bytes);
}

void ReviewView::openCases(const std::vector<std::filesystem::path> &caseJsonFiles)
{
    if (caseJsonFiles.empty())
        return listCases({});
    openFiles(caseJsonFiles);
}

void ReviewView::openFiles(const std::vector<std::filesystem::path> &paths)
{
    m_bar->setBusy(true);
    Q_EMIT statusMessage(tr("Looking for images"));
    m_loader->find(paths);
}

void ReviewView::chooseFiles()
{
    const QStringList names = QFileDialog::getOpenFileNames(
        this, tr("Open images"), {},
        tr("Images and cases (*.nii *.nii.gz *.hdr *.nrrd *.nhdr *.mha *.mhd *.dcm *.png *.jpg *.jpeg *.tif *.tiff "
           "*.json);;All files (*)"));
    std::vector<std::filesystem::path> paths;
    for (const QString &name : names)
        paths.emplace_back(name.toStdU16String());
    if (!paths.empty())
        openFiles(paths);
}

void ReviewView::listCases(std::vector<CaseSource> sources)
{
    m_sources = std::move(sources);
    QStringList titles;
    for (const CaseSource &source : m_sources)
        titles.append(QString::fromStdString(source.title));
    m_bar->setCases(titles);
    m_index = -1;
    if (m_sources.empty()) {
        m_loader->cancel();
        m_bar->setBusy(false);
        m_hung.setCase(nullptr);
        m_hung.setPrior(nullptr);
        m_surface->setCase(nullptr);
        m_pages->setCurrentIndex(0);
        return;
    }
    m_pages->setCurrentIndex(1);
    showCase(0);
}

void ReviewView::showCase(int index)
{
    if (index < 0 || index >= static_cast<int>(m_sources.size()))
        return;
    m_index = index;
    m_bar->setCurrentCase(index);
    m_bar->setBusy(true);
    const CaseSource &source = m_sources[static_cast<std::size_t>(index)];
    Q_EMIT statusMessage(tr("Opening %1").arg(QString::fromStdString(source.title)));
    m_loader->load(source);
}

void ReviewView::comparePrior(int index)
{
    if (index >= 0 && index < static_cast<int>(m_sources.size()))
        m_priorLoader->load(m_sources[static_cast<std::size_t>(index)]);
}

// A case that is still being read is shown at once; when it is whole, what the reader did meanwhile stays.
void ReviewView::present(std::shared_ptr<const LoadedCase> loaded, bool whole)
{
    const bool goesOn = m_partly && whole && m_hung.loaded() &&
                        m_hung.opened().channels.front().volume == loaded->opened.channels.front().volume;
    m_partly = !whole;
    m_bar->setBusy(!whole);
    m_hung.setCase(loaded);
    if (!goesOn) {
        m_hung.setPrior(nullptr);
        m_windows.clear();
    }
    QStringList channels;
    for (const Channel &channel : m_hung.opened().channels)
        channels.append(QString::fromStdString(channel.name));
    m_bar->setChannels(channels, 0);
    offerOverlays();
    m_lesions->setCase(whole ? loaded : nullptr);
    m_surface->setCase(whole ? loaded : nullptr);
    if (goesOn)
        fillViews();
    else
        offerLayouts();
    m_surface->setShown(m_hung.overlay() ? std::vector{*m_hung.overlay()} : m_hung.choices());
    if (!goesOn) {
        m_linker->fitAll();
        const SliceCanvas *canvas = m_linker->active();
        setCursorPosition(m_hung.firstPosition(canvas ? canvas->fittedView().centre : Vec3{}));
        offerPresets();
    }
    if (!whole)
        return;
    if (m_index + 1 < static_cast<int>(m_sources.size()))
        m_loader->prefetch(m_sources[static_cast<std::size_t>(m_index) + 1]);
    Q_EMIT caseOpened(QString::fromStdString(m_hung.opened().title));
}

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
    if (!ids.contains(m_layout))
        m_layout = ids.value(0);
    m_bar->setLayouts(titles, ids, m_layout);
    hang(m_layout);
}

void ReviewView::setLayout(const QString &id)
{
    const bool known =
        std::any_of(m_layouts.begin(), m_layouts.end(), [&](const HangingLayout &layout) { return layout.id() == id; });
    if (!known || !m_hung.loaded())
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
    m_surface->setShown(one ? std::vector{choices[static_cast<std::size_t>(choice)]} : choices);
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

void ReviewView::setCursorPosition(const Vec3 &patient)
{
    m_linker->setCursorPosition(patient);
}

void ReviewView::followCursor(const Vec3 &patient)
{
    m_surface->setCursorPosition(patient);
    if (!m_hung.loaded())
        return;
    const auto side = [&](int axis, QChar negative, QChar positive) {
        return QStringLiteral("%1 %2")
            .arg(patient[axis] < 0 ? negative : positive)
            .arg(std::abs(patient[axis]), 0, 'f', 1);
    };
    const Channel &channel = m_hung.opened().channels[m_hung.channel()];
    const auto &grid = channel.volume->geometry;
    const Vec3 index = grid.toIndex(patient);
    imaging::Index3 voxel{};
    bool inside = !channel.arrival || channel.arrival->isComplete();
    for (int axis = 0; axis < 3; ++axis) {
        voxel[axis] = static_cast<int>(std::lround(index[axis]));
        inside = inside && voxel[axis] >= 0 && voxel[axis] < grid.size[axis];
    }
    QString text = m_hung.opened().isPlaced
                       ? tr("%1  %2  %3 mm").arg(side(0, u'R', u'L'), side(1, u'A', u'P'), side(2, u'I', u'S'))
                       : tr("column %1, row %2").arg(voxel[0] + 1).arg(voxel[1] + 1);
    if (inside)
        text += QStringLiteral("   %1 %2")
                    .arg(QString::fromStdString(channel.name),
                         QLocale().toString(channel.volume->at(voxel[0], voxel[1], voxel[2]), 'g', 5));
    Q_EMIT statusMessage(text);
}

} // namespace consilium::viewer
