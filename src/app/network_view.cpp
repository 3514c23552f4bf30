// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/network_view.h"

#include "app/network_marks.h"
#include "app/node_release.h"
#include "app/notice.h"
#include "app/theme_style.h"
#include "core/json.h"
#include "core/plan.h"
#include "viewer/canvas/colours.h"
#include "viewer/canvas/slice_canvas.h"

#include <QCheckBox>
#include <QComboBox>
#include <QCoreApplication>
#include <QLabel>
#include <QPointer>
#include <QProgressBar>
#include <QPushButton>
#include <QSignalBlocker>
#include <QThreadPool>
#include <QVBoxLayout>
#include <algorithm>

namespace consilium::app {

namespace fs = std::filesystem;
using viewer::Plane;
using viewer::SliceCanvas;

namespace {

constexpr int patchesDrawn = 4;

QString display(const fs::path &path)
{
    return QString::fromStdU16String(path.u16string());
}

/// The plane in which a picture of one slice lies.
Plane planeOf(const imaging::Geometry &grid)
{
    const auto axes = grid.closestAxes();
    return axes.axis[2] == 0 ? Plane::Sagittal : axes.axis[2] == 1 ? Plane::Coronal : Plane::Axial;
}

imaging::Vec3 middleOf(const imaging::Geometry &grid)
{
    return grid.toPatient({(grid.size[0] - 1) / 2.0, (grid.size[1] - 1) / 2.0, (grid.size[2] - 1) / 2.0});
}

viewer::PatientBox boxOf(const imaging::Geometry &grid)
{
    viewer::PatientBox box{middleOf(grid), middleOf(grid)};
    for (int corner = 0; corner < 8; ++corner) {
        imaging::Vec3 index;
        for (std::size_t axis = 0; axis < 3; ++axis)
            index[axis] = corner >> axis & 1 ? grid.size[axis] - 0.5 : -0.5;
        const auto place = grid.toPatient(index);
        for (std::size_t axis = 0; axis < 3; ++axis) {
            box.low[axis] = std::min(box.low[axis], place[axis]);
            box.high[axis] = std::max(box.high[axis], place[axis]);
        }
    }
    return box;
}

/// The middle of what is labelled, where there is something to see; else of the image.
imaging::Vec3 placeToLookAt(const PreviewInput &input)
{
    const auto &grid = input.channels.front().volume->geometry;
    if (!input.labels)
        return middleOf(grid);
    imaging::Vec3 sum{};
    double count = 0;
    const auto &size = input.labels->geometry.size;
    for (int k = 0; k < size[2]; ++k)
        for (int j = 0; j < size[1]; ++j)
            for (int i = 0; i < size[0]; ++i)
                if (input.labels->at(i, j, k) != 0) {
                    sum[0] += i;
                    sum[1] += j;
                    sum[2] += k;
                    ++count;
                }
    if (count == 0)
        return middleOf(grid);
    return grid.toPatient({sum[0] / count, sum[1] / count, sum[2] / count});
}

QLabel *caption(const char *name)
{
    auto *label = new QLabel;
    label->setObjectName(QLatin1String(name));
    label->setProperty("role", "quiet");
    label->setWordWrap(true);
    label->setAlignment(Qt::AlignTop | Qt::AlignLeft);
    label->setTextInteractionFlags(Qt::TextSelectableByMouse);
    return label;
}

} // namespace

NetworkView::NetworkView(QString program, QWidget *parent)
    : QWidget(parent), m_program(std::move(program)), m_notice(new Notice), m_task(new QComboBox),
      m_channel(new QComboBox), m_planeChoice(new QComboBox), m_draw(new QComboBox),
      m_back(new QPushButton(tr("Back to the cases"))), m_again(new QPushButton(tr("Another draw"))),
      m_cancel(new QPushButton(tr("Cancel"))), m_labels(new QCheckBox(tr("Labels"))), m_title(new QLabel),
      m_sourceWords(caption("network.sourceWords")), m_tensorWords(caption("network.tensorWords")),
      m_patchWords(caption("network.patchWords")), m_taskLabel(new QLabel(tr("Prepared for"))),
      m_progress(new QProgressBar), m_state(caption("network.state")), m_grid(new QGridLayout),
      m_tensorMarks(std::make_unique<LandmarkMarks>()), m_patchMarks(std::make_unique<LandmarkMarks>()),
      m_frame(std::make_unique<PatchFrame>())
{
    m_title->setProperty("role", "heading");
    m_title->setObjectName("network.title");
    const std::pair<QWidget *, const char *> named[] = {
        {m_notice, "notice"}, {m_task, "task"},        {m_channel, "channel"}, {m_planeChoice, "plane"},
        {m_draw, "draw"},     {m_back, "back"},        {m_again, "again"},     {m_cancel, "cancel"},
        {m_labels, "labels"}, {m_progress, "progress"}};
    for (const auto &[widget, name] : named)
        widget->setObjectName(QStringLiteral("network.") + QLatin1String(name));
    m_task->setAccessibleName(tr("Task that the case is prepared for"));
    m_channel->setAccessibleName(tr("Channel"));
    m_planeChoice->setAccessibleName(tr("Plane"));
    m_planeChoice->addItem(tr("Axial"), static_cast<int>(Plane::Axial));
    m_planeChoice->addItem(tr("Coronal"), static_cast<int>(Plane::Coronal));
    m_planeChoice->addItem(tr("Sagittal"), static_cast<int>(Plane::Sagittal));
    m_draw->setAccessibleName(tr("Training patch"));
    m_again->setToolTip(tr("Draws other training patches of the case, as the next epochs would"));
    m_labels->setChecked(true);
    m_labels->setToolTip(tr("Shows or hides what the network should answer"));
    m_progress->setTextVisible(false);
    m_progress->setFixedWidth(160);
    m_progress->setAccessibleName(tr("The case is being prepared"));
    m_taskLabel->setBuddy(m_task);
    m_state->setWordWrap(false);

    m_draw->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    m_task->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    auto *head = new QHBoxLayout;
    head->setSpacing(8);
    head->addWidget(m_title, 1);
    head->addWidget(m_state);
    head->addWidget(m_progress);
    head->addWidget(m_cancel);
    head->addWidget(m_back);
    auto *bar = new QHBoxLayout;
    bar->setSpacing(8);
    for (QWidget *widget : std::initializer_list<QWidget *>{m_taskLabel, m_task, m_channel, m_planeChoice, m_labels})
        bar->addWidget(widget);
    bar->addStretch();
    bar->addWidget(m_draw);
    bar->addWidget(m_again);
    m_grid->setSpacing(8);
    m_grid->setRowStretch(0, 1);
    for (int column = 0; QLabel * words : {m_sourceWords, m_tensorWords, m_patchWords}) {
        m_grid->setColumnStretch(column, 1);
        m_grid->addWidget(words, 1, column++);
    }
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->setSpacing(8);
    layout->addLayout(head);
    layout->addWidget(m_notice);
    layout->addLayout(bar);
    layout->addLayout(m_grid, 1);

    connect(m_back, &QPushButton::clicked, this, [this] {
        stop();
        Q_EMIT backRequested();
    });
    connect(m_cancel, &QPushButton::clicked, this, [this] {
        m_cancel->setEnabled(false);
        if (m_node)
            m_node->stop(3000);
    });
    connect(m_again, &QPushButton::clicked, this, [this] {
        ++m_seed;
        ask(false);
    });
    connect(m_task, &QComboBox::activated, this, [this] { ask(true); });
    connect(m_channel, &QComboBox::currentIndexChanged, this, &NetworkView::showChannel);
    connect(m_draw, &QComboBox::currentIndexChanged, this, &NetworkView::showPatch);
    connect(m_labels, &QCheckBox::toggled, this, &NetworkView::showLabels);
    connect(m_planeChoice, &QComboBox::activated, this, [this] {
        makeCanvases(static_cast<Plane>(m_planeChoice->currentData().toInt()));
        showChannel();
    });
    setBusy(false);
}

NetworkView::~NetworkView()
{
    dropCanvases();
}

void NetworkView::setTheme(const Theme &theme)
{
    m_theme = theme;
    m_notice->setTheme(theme);
    m_back->setIcon(icon(QStringLiteral("go-previous")));
    m_again->setIcon(icon(QStringLiteral("view-refresh")));
    for (auto *canvas : {m_source, m_tensor, m_patch})
        if (canvas)
            canvas->setTheme(theme);
    if (m_preview && m_source)
        showChannel();
}

void NetworkView::setBusy(bool busy)
{
    m_progress->setRange(0, 0);
    m_progress->setVisible(busy);
    m_state->setVisible(busy);
    m_state->clear();
    m_cancel->setVisible(busy);
    m_cancel->setEnabled(true);
    m_again->setEnabled(!busy);
    m_task->setEnabled(!busy);
}

void NetworkView::open(const fs::path &dataset, const QString &caseId, const QStringList &tasks,
                       const std::optional<Plan> &plan)
{
    m_notice->clear();
    m_dataset = dataset;
    m_caseId = caseId;
    m_title->setText(tr("What the network sees of %1").arg(caseId));
    {
        const QSignalBlocker quiet(m_task);
        m_task->clear();
        m_task->addItems(tasks);
    }
    m_task->setVisible(!plan);
    m_taskLabel->setVisible(!plan);
    m_scratch = std::make_unique<QTemporaryDir>();
    m_planFile.clear();
    m_asked = 0;
    m_seed = 1;
    m_preview.reset();
    dropCanvases();
    for (auto *words : {m_sourceWords, m_tensorWords, m_patchWords})
        words->clear();
    if (!m_scratch->isValid())
        return m_notice->tell(tr("No temporary folder could be made: %1").arg(m_scratch->errorString()));
    if (plan) {
        m_planFile = fs::path(m_scratch->path().toStdU16String()) / "study-plan.json";
        if (const auto written = writeJson(m_planFile, plan->toJson()); !written)
            return m_notice->tell(QString::fromStdString(written.error().line()));
    } else if (tasks.isEmpty()) {
        return m_notice->tell(tr("No task of this program takes images like these: their number of channels and of "
                                 "labels or landmarks fits none."));
    }
    ask(false);
}

void NetworkView::stop()
{
    ++m_asked;
    release(std::move(m_node));
    setBusy(false);
}

void NetworkView::ask(bool anew)
{
    if (anew)
        m_planFile.clear();
    m_notice->clear();
    const auto folder = fs::path(m_scratch->path().toStdU16String()) / std::to_string(++m_asked);
    QStringList arguments{"preview",
                          "--data",
                          display(m_dataset),
                          "--case",
                          m_caseId,
                          "--out",
                          display(folder),
                          "--augment",
                          QString::number(patchesDrawn),
                          "--seed",
                          QString::number(m_seed),
                          "--events"};
    if (m_planFile.empty())
        arguments << "--task" << m_task->currentText();
    else
        arguments << "--plan" << display(m_planFile);
    setBusy(true);
    m_node = std::make_unique<NodeProcess>(m_program);
    connect(m_node.get(), &NodeProcess::event, this, [this](const Json &event) {
        if (const auto text = event.value("text", std::string());
            !text.empty() && event.value("event", std::string()) == "progress")
            m_state->setText(QString::fromStdString(text));
    });
    connect(
        m_node.get(), &NodeProcess::finished, this,
        [this, folder, asked = m_asked](bool ok, const QString &message) {
            if (asked != m_asked)
                return;
            if (ok)
                return read(folder);
            setBusy(false);
            if (!m_node->isStopping())
                m_notice->tell(tr("The case could not be prepared: %1").arg(message));
        },
        Qt::QueuedConnection);
    m_node->start(arguments);
}

void NetworkView::read(const fs::path &folder)
{
    QThreadPool::globalInstance()->start([view = QPointer(this), folder, asked = m_asked] {
        auto preview = std::make_shared<Result<NetworkPreview>>(readPreview(folder));
        QMetaObject::invokeMethod(qApp, [view, folder, asked, preview] {
            if (!view || view->m_asked != asked)
                return;
            view->setBusy(false);
            if (!*preview)
                return view->m_notice->tell(QString::fromStdString(preview->error().line()));
            // The next draw need not plan again.
            if (view->m_planFile.empty())
                view->m_planFile = folder / "plan.json";
            view->show(std::move(**preview));
        });
    });
}

void NetworkView::show(NetworkPreview preview)
{
    const bool again = m_preview && m_source && m_preview->caseId == preview.caseId;
    m_preview = std::move(preview);
    {
        const QSignalBlocker quiet(m_channel), still(m_draw);
        const int channel = again ? m_channel->currentIndex() : 0;
        m_channel->clear();
        m_channel->addItems(m_preview->channels);
        m_channel->setCurrentIndex(std::clamp(channel, 0, std::max(0, m_channel->count() - 1)));
        const int patch = again ? m_draw->currentIndex() : 0;
        m_draw->clear();
        for (std::size_t n = 1; n <= m_preview->patches.size(); ++n)
            m_draw->addItem(tr("Patch %1 of %2").arg(n).arg(m_preview->patches.size()));
        m_draw->setCurrentIndex(std::clamp(patch, 0, std::max(0, m_draw->count() - 1)));
    }
    m_channel->setVisible(m_channel->count() > 1);
    m_draw->setVisible(m_draw->count() > 1);
    m_planeChoice->setVisible(!m_preview->isFlat);
    m_labels->setText(m_preview->isFlat ? tr("Landmarks") : tr("Labels"));
    if (!again) {
        makeCanvases(m_preview->isFlat ? planeOf(m_preview->tensor.channels.front().volume->geometry)
                                       : static_cast<Plane>(m_planeChoice->currentData().toInt()));
    }
    showChannel();
    Q_EMIT shown();
}

void NetworkView::dropCanvases()
{
    m_linker.reset();
    for (auto *canvas : {m_source, m_tensor, m_patch}) {
        if (!canvas)
            continue;
        for (const viewer::CanvasLayer *layer :
             std::initializer_list<const viewer::CanvasLayer *>{m_tensorMarks.get(), m_patchMarks.get(), m_frame.get()})
            canvas->removeLayer(layer);
        delete canvas;
    }
    m_source = m_tensor = m_patch = nullptr;
}

void NetworkView::makeCanvases(Plane plane)
{
    dropCanvases();
    const auto make = [&](int column, const char *name, const QString &spoken) {
        auto *canvas = new SliceCanvas(plane);
        canvas->setObjectName(QLatin1String(name));
        canvas->setAccessibleName(spoken);
        canvas->setTheme(m_theme);
        m_grid->addWidget(canvas, 0, column);
        return canvas;
    };
    m_source = make(0, "network.source", tr("Source slice"));
    m_tensor = make(1, "network.tensor", tr("Prepared slice"));
    m_patch = make(2, "network.patch", tr("Training patch"));
    m_tensor->addLayer(m_tensorMarks.get());
    m_patch->addLayer(m_patchMarks.get());
    m_source->addLayer(m_frame.get());
    m_tensor->addLayer(m_frame.get());
    m_linker = std::make_unique<viewer::CanvasLinker>();
    // Their values differ: a window of one means nothing to the other.
    m_linker->setLinks({.position = true, .zoom = true, .contrast = false, .overlay = true});
    m_linker->add(m_source);
    m_linker->add(m_tensor);
    const auto place = placeToLookAt(m_preview->tensor);
    m_source->setCursorPosition(place);
    m_tensor->setCursorPosition(place);
    // Tab goes through the pictures in the order of reading.
    setTabOrder(m_again, m_source);
    setTabOrder(m_source, m_tensor);
    setTabOrder(m_tensor, m_patch);
}

void NetworkView::fill(SliceCanvas &canvas, const PreviewImage &image, const PreviewInput *input, const QString &title,
                       bool placed, const std::optional<viewer::PatientBox> &content) const
{
    canvas.setVolume(image.volume, content);
    canvas.setWindow({image.range.low, std::max<double>(image.range.high, image.range.low + 1e-6)});
    canvas.setTitle(title);
    canvas.setPlaced(placed);
    std::vector<viewer::Overlay> overlays;
    if (input && input->labels) {
        std::vector<QColor> colours{Qt::transparent};
        for (qsizetype label = 1; label < m_preview->labels.size(); ++label)
            colours.push_back(viewer::seriesColour(m_theme, static_cast<std::size_t>(label - 1)));
        overlays.push_back({input->labels, std::move(colours)});
    }
    canvas.setOverlays(std::move(overlays));
}

void NetworkView::showChannel()
{
    const int channel = m_channel->currentIndex();
    if (!m_preview || !m_source || channel < 0)
        return;
    const auto at = static_cast<std::size_t>(channel);
    const auto &source = m_preview->sources[at];
    const auto &tensor = m_preview->tensor.channels[at];
    fill(*m_source, source, nullptr, tr("%1, as it lies on the disk").arg(source.name), source.placed, {});
    fill(*m_tensor, tensor, &m_preview->tensor, tr("%1, as the network is given it").arg(tensor.name), source.placed,
         boxOf(source.volume->geometry));
    m_tensorMarks->setLandmarks(m_preview->tensor.landmarks);
    m_sourceWords->setText(imageWords(source));
    const auto scheme = at < m_preview->normalisation.size() ? m_preview->normalisation[at] : QString();
    m_tensorWords->setText(
        imageWords(tensor) + QLatin1Char('\n') + normalisationWords(scheme, source.mostlyZero) +
        (m_preview->isFlat ? tr("; fitted into a square, whose margins hold the smallest value") : QString()));
    showPatch();
}

void NetworkView::showPatch()
{
    const int channel = m_channel->currentIndex(), draw = m_draw->currentIndex();
    if (!m_preview || !m_source || channel < 0)
        return;
    const bool there = draw >= 0 && draw < static_cast<int>(m_preview->patches.size());
    m_patch->setVisible(there);
    m_patchWords->setVisible(there);
    m_frame->setPlace(std::nullopt);
    if (there) {
        const auto &patch = m_preview->patches[static_cast<std::size_t>(draw)];
        const auto &image = patch.input.channels[static_cast<std::size_t>(channel)];
        // Letters only where they are true.
        const bool placed = !patch.moved && m_preview->sources[static_cast<std::size_t>(channel)].placed;
        fill(*m_patch, image, &patch.input, tr("%1, a training patch").arg(image.name), placed, {});
        m_patchMarks->setLandmarks(patch.input.landmarks);
        m_patch->setCursorPosition(placeToLookAt(patch.input));
        auto words = movedWords(patch);
        if (reachesBeyond(patch, m_preview->tensor))
            words += tr("; 0 where it reaches beyond the case");
        if (!m_preview->isFlat)
            words += tr("; it comes from within the dashes");
        m_patchWords->setText(imageWords(image) + QLatin1Char('\n') + words);
        if (!m_preview->isFlat)
            m_frame->setPlace(patch.place);
    }
    showLabels(m_labels->isChecked());
}

void NetworkView::showLabels(bool visible)
{
    m_tensorMarks->setVisible(visible);
    m_patchMarks->setVisible(visible);
    for (auto *canvas : {m_source, m_tensor, m_patch}) {
        if (!canvas)
            continue;
        auto style = canvas->overlayStyle();
        style.visible = visible;
        canvas->setOverlayStyle(style);
        canvas->update();
    }
}

} // namespace consilium::app
