// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/review_view.h"

#include "viewer/canvas/colours.h"
#include "viewer/findings/lesion_panel.h"
#include "viewer/review_bar.h"
#include "viewer/surfaces/surface_view.h"

#include <QFileDialog>
#include <QGridLayout>
#include <QLabel>
#include <QLocale>
#include <QPushButton>
#include <QShortcut>
#include <QSplitter>
#include <QStackedWidget>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>
#include <functional>

namespace consilium::viewer {

using imaging::Vec3;

namespace {

constexpr std::size_t kColumns = 4;
constexpr double kFade = 0.1;

// What the planes can show: the reference, one prediction, or everything.
std::vector<int> segmentationsOf(const ReviewCase &opened)
{
    std::vector<int> all;
    if (opened.reference)
        all.push_back(kReference);
    for (std::size_t i = 0; i < opened.predictions.size(); ++i)
        all.push_back(static_cast<int>(i));
    return all;
}

QString nameOf(const ReviewCase &opened, int segmentation)
{
    return segmentation == kReference
               ? ReviewView::tr("reference")
               : QString::fromStdString(opened.predictions[static_cast<std::size_t>(segmentation)].name);
}

} // namespace

ReviewView::ReviewView(QWidget *parent)
    : QWidget(parent), m_loader(new CaseLoader(this)), m_linker(new CanvasLinker(this)),
      m_pages(new QStackedWidget(this))
{
    setObjectName(QStringLiteral("review"));
    m_pages->addWidget(makeEmptyPage());
    m_pages->addWidget(makeCasePage());
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_pages);
    connectBar();
    addShortcuts();
    connect(m_loader, &CaseLoader::found, this, &ReviewView::listCases);
    connect(m_loader, &CaseLoader::finding, this, [this](int headersRead, int files) {
        Q_EMIT statusMessage(tr("Reading DICOM headers: %1 of %2").arg(headersRead).arg(files));
    });
    connect(m_loader, &CaseLoader::loaded, this, &ReviewView::present);
    connect(m_loader, &CaseLoader::failed, this, [this](const QString &message) {
        m_bar->setBusy(false);
        Q_EMIT errorOccurred(message);
    });
    connect(m_linker, &CanvasLinker::cursorMoved, this, &ReviewView::followCursor);
    connect(m_linker, &CanvasLinker::windowChanged, this,
            [this](const Window &window) { m_windows[m_channel] = window; });
    connect(m_linker, &CanvasLinker::overlayStyleChanged, m_bar, &ReviewBar::setOverlayStyle);
    connect(m_panel, &LesionPanel::jumpRequested, this, &ReviewView::setCursorPosition);
}

ReviewView::~ReviewView() = default;

QWidget *ReviewView::makeEmptyPage()
{
    auto *page = new QWidget(this);
    m_welcome = new QLabel(tr("Review shows images with what people and models drew on them, side by side and in three "
                              "planes. Open DICOM, NIfTI or other images, or the cases of a finished study."),
                           page);
    m_welcome->setObjectName(QStringLiteral("review.welcome"));
    m_welcome->setWordWrap(true);
    m_welcome->setAlignment(Qt::AlignCenter);
    m_welcome->setFixedWidth(440);
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
    m_bar->setLayouts({tr("Planes"), tr("Side by side")});
    m_views = new QStackedWidget(page);
    m_views->addWidget(makePlanes());
    m_views->addWidget(makeColumns());
    m_panel = new LesionPanel(page);
    auto *splitter = new QSplitter(page);
    splitter->addWidget(m_views);
    splitter->addWidget(m_panel);
    splitter->setStretchFactor(0, 1);
    splitter->setStretchFactor(1, 0);
    splitter->setCollapsible(0, false);
    splitter->setSizes({1000, 280});
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_bar);
    column->addWidget(splitter, 1);
    return page;
}

QWidget *ReviewView::makePlanes()
{
    auto *page = new QWidget(this);
    auto *grid = new QGridLayout(page);
    grid->setContentsMargins(0, 0, 0, 0);
    grid->setSpacing(2);
    const std::pair<Plane, const char *> planes[] = {
        {Plane::Axial, "axial"}, {Plane::Coronal, "coronal"}, {Plane::Sagittal, "sagittal"}};
    for (int i = 0; i < 3; ++i) {
        auto *canvas = new SliceCanvas(planes[i].first, page);
        canvas->setObjectName(QStringLiteral("review.canvas.%1").arg(QLatin1String(planes[i].second)));
        grid->addWidget(canvas, i / 2, i % 2);
        m_linker->add(canvas);
        m_planes.push_back(canvas);
        connect(canvas, &SliceCanvas::maximiseRequested, this, [this, canvas] { maximise(canvas); });
    }
    m_surface = new SurfaceView(page);
    m_surface->setObjectName(QStringLiteral("review.surface"));
    grid->addWidget(m_surface, 1, 1);
    connect(m_surface, &SurfaceView::maximiseRequested, this, [this] { maximise(m_surface); });
    return page;
}

QWidget *ReviewView::makeColumns()
{
    auto *page = new QWidget(this);
    auto *row = new QHBoxLayout(page);
    row->setContentsMargins(0, 0, 0, 0);
    row->setSpacing(2);
    for (std::size_t i = 0; i < kColumns; ++i) {
        auto *canvas = new SliceCanvas(Plane::Axial, page);
        canvas->setObjectName(QStringLiteral("review.canvas.column%1").arg(i + 1));
        row->addWidget(canvas);
        m_linker->add(canvas);
        m_columns.push_back(canvas);
        connect(canvas, &SliceCanvas::maximiseRequested, this, [this, canvas] { maximise(canvas); });
    }
    return page;
}

void ReviewView::connectBar()
{
    connect(m_bar, &ReviewBar::caseChosen, this, &ReviewView::showCase);
    connect(m_bar, &ReviewBar::channelChosen, this, &ReviewView::showChannel);
    connect(m_bar, &ReviewBar::layoutChosen, this, [this](int index) { setLayout(static_cast<Layout>(index)); });
    connect(m_bar, &ReviewBar::overlayChosen, this, &ReviewView::showOverlay);
    connect(m_bar, &ReviewBar::linksChanged, m_linker, &CanvasLinker::setLinks);
    connect(m_bar, &ReviewBar::overlayStyleChosen, m_linker, &CanvasLinker::setOverlayStyle);
    connect(m_bar, &ReviewBar::fitRequested, m_linker, &CanvasLinker::fitAll);
    connect(m_bar, &ReviewBar::autoWindowRequested, this, &ReviewView::autoWindow);
    connect(m_bar, &ReviewBar::openRequested, this, &ReviewView::chooseFiles);
}

void ReviewView::addShortcuts()
{
    const std::pair<int, std::function<void()>> keys[] = {
        {Qt::Key_PageUp, [this] { showCase(m_index - 1); }},   {Qt::Key_PageDown, [this] { showCase(m_index + 1); }},
        {Qt::Key_S, [this] { m_linker->toggleOverlay(); }},    {Qt::Key_A, [this] { m_linker->fadeOverlay(-kFade); }},
        {Qt::Key_D, [this] { m_linker->fadeOverlay(kFade); }},
    };
    for (const auto &[key, act] : keys)
        connect(new QShortcut(key, this, nullptr, nullptr, Qt::WidgetWithChildrenShortcut), &QShortcut::activated, this,
                act);
}

void ReviewView::setTheme(const Theme &theme)
{
    m_theme = theme;
    setPalette(viewer::palette(theme));
    setAutoFillBackground(true);
    m_bar->setTheme(theme);
    m_panel->setTheme(theme);
    m_surface->setTheme(theme);
    for (const auto &canvases : {m_planes, m_columns})
        for (SliceCanvas *canvas : canvases)
            canvas->setTheme(theme);
    QPalette quiet = palette();
    quiet.setColor(QPalette::WindowText, colour(theme.quietText));
    m_welcome->setPalette(quiet);
    QFont body = font();
    body.setPixelSize(theme.bodySize);
    m_welcome->setFont(body);
    m_welcome->setMinimumHeight(m_welcome->heightForWidth(m_welcome->width()));
    if (m_case) {
        fillColumns();
        showOverlay(m_overlayChoice);
    }
}

void ReviewView::setLayout(Layout layout)
{
    if (m_maximised)
        maximise(m_maximised);
    m_layout = layout;
    m_views->setCurrentIndex(static_cast<int>(layout));
    m_bar->setCurrentLayout(static_cast<int>(layout));
    m_bar->setOverlayChoiceVisible(layout == Layout::Planes);
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
        m_case = nullptr;
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

void ReviewView::present(std::shared_ptr<const LoadedCase> loaded)
{
    m_bar->setBusy(false);
    m_case = std::move(loaded);
    const ReviewCase &opened = m_case->opened;
    m_windows.clear();
    m_channel = 0;
    QStringList channels;
    for (const Channel &channel : opened.channels)
        channels.append(QString::fromStdString(channel.name));
    m_bar->setChannels(channels, 0);

    QStringList overlays;
    const std::vector<int> segmentations = segmentationsOf(opened);
    for (int segmentation : segmentations)
        overlays.append(nameOf(opened, segmentation));
    if (overlays.size() > 1)
        overlays.append(tr("all"));
    m_bar->setOverlays(overlays, overlays.isEmpty() ? -1 : 0);

    m_panel->setCase(m_case);
    m_surface->setCase(m_case);
    showChannel(0);
    fillColumns();
    showOverlay(0);
    showFlat();

    // Reading starts where there is most to see.
    const CaseFindings &findings = m_case->findings;
    Vec3 start = m_planes.front()->fittedView().centre;
    if (!findings.lesions.empty())
        start = findings.lesions.front().position;
    else if (!findings.structures.empty() && findings.structures.front().position)
        start = *findings.structures.front().position;
    m_linker->fitAll();
    setCursorPosition(start);
    Q_EMIT caseOpened(QString::fromStdString(opened.title));
}

// A radiograph or a single slice has one plane to look at; the others would show its edge.
void ReviewView::showFlat()
{
    const ReviewCase &opened = m_case->opened;
    for (const auto &canvases : {m_planes, m_columns})
        for (SliceCanvas *canvas : canvases)
            canvas->setPlaced(opened.isPlaced);
    const auto &grid = opened.channels.front().volume->geometry;
    const auto thin = std::find(grid.size.begin(), grid.size.end(), 1);
    SliceCanvas *facing = nullptr;
    if (thin != grid.size.end()) {
        // Planes stand in the order axial, coronal, sagittal: across S, P and L.
        const auto across = grid.closestAxes().axis[static_cast<std::size_t>(thin - grid.size.begin())];
        facing = m_planes[static_cast<std::size_t>(2 - across)];
    }
    const QString titles[] = {tr("Axial"), tr("Coronal"), tr("Sagittal")};
    for (std::size_t n = 0; n < m_planes.size(); ++n)
        m_planes[n]->setTitle(opened.isPlaced ? titles[n] : QString());
    if (m_layout != Layout::Planes)
        return;
    if (m_flat && m_flat == m_maximised && m_flat != facing)
        maximise(m_flat);
    if (facing && facing != m_maximised)
        maximise(facing);
    m_flat = facing;
}

void ReviewView::showChannel(int index)
{
    if (!m_case || index < 0 || index >= static_cast<int>(m_case->opened.channels.size()))
        return;
    m_channel = static_cast<std::size_t>(index);
    const Channel &channel = m_case->opened.channels[m_channel];
    for (const auto &canvases : {m_planes, m_columns})
        for (SliceCanvas *canvas : canvases)
            canvas->setVolume(channel.volume, m_case->opened.content);
    const auto kept = m_windows.find(m_channel);
    if (kept == m_windows.end())
        autoWindow();
    else
        m_linker->setWindow(kept->second);
    m_columns.front()->setTitle(QString::fromStdString(channel.name));
}

void ReviewView::autoWindow()
{
    if (!m_case)
        return;
    const auto &range = m_case->opened.channels[m_channel].range;
    Window window{range.low, range.high};
    if (!(window.width() > 0))
        window = {range.minimum, std::max<double>(range.maximum, range.minimum + 1)};
    m_windows[m_channel] = window;
    m_linker->setWindow(window);
}

Overlay ReviewView::overlay(int segmentation) const
{
    const ReviewCase &opened = m_case->opened;
    const Segmentation &shown =
        segmentation == kReference ? *opened.reference : opened.predictions[static_cast<std::size_t>(segmentation)];
    return {shown.labels, labelColours(m_theme, opened, segmentation)};
}

QString ReviewView::note(int segmentation) const
{
    const CaseFindings &findings = m_case->findings;
    const auto millilitres = [](double value) {
        return tr("%1 mL").arg(QLocale().toString(value, 'f', value < 10 ? 2 : 1));
    };
    if (segmentation == kReference)
        return millilitres(findings.referenceMillilitres.value_or(0));
    const ModelFinding &model = findings.models[static_cast<std::size_t>(segmentation)];
    QStringList lines;
    if (model.dice)
        lines.append(tr("Dice %1").arg(QLocale().toString(*model.dice, 'f', 2)));
    lines.append(millilitres(model.millilitres));
    return lines.join(u'\n');
}

void ReviewView::showOverlay(int choice)
{
    if (!m_case)
        return;
    m_overlayChoice = choice;
    std::vector<int> shown = segmentationsOf(m_case->opened);
    if (choice >= 0 && choice < static_cast<int>(shown.size()))
        shown = {shown[static_cast<std::size_t>(choice)]};
    std::vector<Overlay> overlays;
    for (int segmentation : shown)
        overlays.push_back(overlay(segmentation));
    for (SliceCanvas *canvas : m_planes)
        canvas->setOverlays(overlays);
    m_planes.front()->setNote(shown.size() == 1 ? note(shown.front()) : QString());
    m_surface->setShown(shown);
}

void ReviewView::fillColumns()
{
    const ReviewCase &opened = m_case->opened;
    std::vector<int> segmentations = segmentationsOf(opened);
    segmentations.resize(std::min(segmentations.size(), kColumns - 1));
    for (std::size_t i = 0; i < kColumns; ++i) {
        SliceCanvas &canvas = *m_columns[i];
        canvas.setVisible(i <= segmentations.size());
        if (i == 0 || i > segmentations.size()) {
            canvas.setTitle(QString::fromStdString(opened.channels[m_channel].name));
            canvas.setOverlays({});
            canvas.setNote({});
            continue;
        }
        const int segmentation = segmentations[i - 1];
        const Overlay drawn = overlay(segmentation);
        canvas.setTitle(nameOf(opened, segmentation), drawn.colours.size() == 2 ? drawn.colours.back() : QColor());
        canvas.setNote(note(segmentation));
        canvas.setOverlays({drawn});
    }
}

void ReviewView::setCursorPosition(const Vec3 &patient)
{
    m_linker->setCursorPosition(patient);
}

void ReviewView::followCursor(const Vec3 &patient)
{
    m_cursor = patient;
    m_surface->setCursorPosition(patient);
    if (!m_case)
        return;
    const auto side = [&](int axis, QChar negative, QChar positive) {
        return QStringLiteral("%1 %2")
            .arg(patient[axis] < 0 ? negative : positive)
            .arg(std::abs(patient[axis]), 0, 'f', 1);
    };
    const Channel &channel = m_case->opened.channels[m_channel];
    const auto &grid = channel.volume->geometry;
    const Vec3 index = grid.toIndex(patient);
    imaging::Index3 voxel{};
    bool inside = true;
    for (int axis = 0; axis < 3; ++axis) {
        voxel[axis] = static_cast<int>(std::lround(index[axis]));
        inside = inside && voxel[axis] >= 0 && voxel[axis] < grid.size[axis];
    }
    QString text = m_case->opened.isPlaced
                       ? tr("%1  %2  %3 mm").arg(side(0, u'R', u'L'), side(1, u'A', u'P'), side(2, u'I', u'S'))
                       : tr("column %1, row %2").arg(voxel[0] + 1).arg(voxel[1] + 1);
    if (inside)
        text += QStringLiteral("   %1 %2")
                    .arg(QString::fromStdString(channel.name),
                         QLocale().toString(channel.volume->at(voxel[0], voxel[1], voxel[2]), 'g', 5));
    Q_EMIT statusMessage(text);
}

void ReviewView::maximise(QWidget *view)
{
    m_maximised = m_maximised == view ? nullptr : view;
    QWidget *page = view->parentWidget();
    for (QWidget *sibling : page->findChildren<QWidget *>(QString(), Qt::FindDirectChildrenOnly))
        sibling->setVisible(!m_maximised || sibling == m_maximised);
    if (!m_maximised && m_case)
        fillColumns(); // hides the columns that have nothing to show
}

} // namespace consilium::viewer
