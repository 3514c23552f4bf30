// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/review_view.h"

#include "viewer/canvas/colours.h"
#include "viewer/edit_desk.h"
#include "viewer/findings/lesion_panel.h"
#include "viewer/measuring/measure_panel.h"
#include "viewer/reading_desk.h"
#include "viewer/review_bar.h"
#include "viewer/surfaces/surface_view.h"
#include "viewer/tool_strip.h"

#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QSplitter>
#include <QStackedWidget>
#include <QStandardPaths>
#include <QTabBar>
#include <QTabWidget>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

namespace consilium::viewer {

using imaging::Vec3;

namespace {

constexpr int kPanelWidth = 320;

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
        m_lesions->setPrior(prior);
        m_hung.setPrior(std::move(prior));
        hang(QStringLiteral("time-points"));
    });
    connect(m_priorLoader, &CaseLoader::found, this, [this](const std::vector<CaseSource> &sources) {
        if (!sources.empty())
            m_priorLoader->load(sources.front());
    });
    connect(m_priorLoader, &CaseLoader::failed, m_lesions, &LesionPanel::tellPriorFailed);
    connect(m_linker, &CanvasLinker::cursorMoved, this, &ReviewView::followCursor);
    connect(m_linker, &CanvasLinker::windowChanged, this,
            [this](const Window &window, int image) { m_windows[image] = window; });
    connect(m_linker, &CanvasLinker::overlayStyleChanged, m_bar, &ReviewBar::setOverlayStyle);
    connect(m_linker, &CanvasLinker::activeChanged, this, &ReviewView::offerPresets);
    connectPanels();
    connectReading();
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
    connect(m_tools, &ToolStrip::toolChosen, this, [this](CanvasTool *tool, const QString &) {
        m_linker->setTool(tool);
        m_measuring->setToolTaken(tool);
    });
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
    m_panels->setUsesScrollButtons(false); // all four stay in sight
    m_panels->addTab(m_lesions, tr("Findings"));
    m_measuring = new Measuring(this);
    m_measure = new MeasurePanel(*m_measuring, page);
    m_panels->addTab(m_measure, tr("Measure"));
    const QString data = QStandardPaths::writableLocation(QStandardPaths::AppDataLocation);
    m_edit = new EditDesk(std::filesystem::path(data.toStdU16String()) / "unsaved-edits", page);
    m_panels->addTab(m_edit->panel(), tr("Edit"));
    m_reading = new ReadingDesk(page);
    m_panels->addTab(m_reading->panel(), tr("Reading"));
    m_tools->add(m_measuring->tools());
    m_tools->add(m_edit->tools().tools());
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
    column->addWidget(m_reading->questions());
    return page;
}

void ReviewView::prepare(Viewport *viewport)
{
    connect(viewport, &Viewport::contentMenuOpens, this, [this, viewport] { fillContentMenu(*viewport); });
    connect(viewport, &Viewport::canvasMade, this, [this](SliceCanvas *canvas) {
        m_measuring->watch(canvas);
        canvas->installEventFilter(this);
    });
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
    m_measure->setTheme(theme);
    m_edit->setTheme(theme);
    m_reading->setTheme(theme);
    // Long languages and large type widen the panels, as far as images can give way; then names are shortened.
    constexpr int kWidest = 400;
    m_panels->setElideMode(Qt::ElideNone);
    const int names = m_panels->tabBar()->sizeHint().width() + theme.step;
    m_panels->setElideMode(Qt::ElideRight);
    m_panels->setMinimumWidth(std::clamp(names, kPanelWidth - theme.margin, kWidest));
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
        giveCaseToPanels();
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
    m_surface->setCase(whole ? loaded : nullptr);
    if (goesOn)
        fillViews();
    else
        offerLayouts();
    giveCaseToPanels(); // when the views are this case's, for what was edited in the last one leaves them now
    showSides();
    m_surface->setShown(m_hung.surfaces());
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
