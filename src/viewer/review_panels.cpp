// SPDX-License-Identifier: GPL-3.0-or-later
// How the panels, the tools and a reading session work with the images.
#include "viewer/edit_desk.h"
#include "viewer/findings/lesion_panel.h"
#include "viewer/findings/verdict_file.h"
#include "viewer/measuring/measure_panel.h"
#include "viewer/reading_desk.h"
#include "viewer/review_bar.h"
#include "viewer/review_view.h"
#include "viewer/surfaces/surface_view.h"
#include "viewer/tool_strip.h"

#include <QFileDialog>
#include <QKeyEvent>
#include <QTabWidget>
#include <algorithm>

namespace consilium::viewer {

using imaging::Vec3;

void ReviewView::connectPanels()
{
    connect(m_lesions, &LesionPanel::jumpRequested, this, &ReviewView::setCursorPosition);
    connect(m_lesions, &LesionPanel::statusMessage, this, &ReviewView::statusMessage);
    connect(m_lesions, &LesionPanel::errorOccurred, this, &ReviewView::errorOccurred);
    connect(m_lesions, &LesionPanel::editRequested, this, [this](const Vec3 &patient, int segmentation) {
        setCursorPosition(patient);
        m_edit->startFrom(m_hung.opened(), segmentation);
        showPanel(Panel::Edit);
        m_tools->choose(QStringLiteral("brush"));
    });
    connect(m_lesions, &LesionPanel::priorRequested, this, [this](int candidate) {
        if (candidate >= 0)
            return comparePrior(candidate);
        const QStringList names = QFileDialog::getOpenFileNames(this, tr("Open the earlier examination"));
        std::vector<std::filesystem::path> paths;
        for (const QString &name : names)
            paths.emplace_back(name.toStdU16String());
        if (!paths.empty())
            m_priorLoader->find(paths);
    });
    connect(m_measure, &MeasurePanel::jumpRequested, this, &ReviewView::setCursorPosition);
    connect(m_measuring, &Measuring::jumpRequested, this, &ReviewView::setCursorPosition);
    connect(m_measuring, &Measuring::failed, this, &ReviewView::errorOccurred);
    connect(m_measuring, &Measuring::changed, this, [this] { m_editedLast = false; });
    connect(m_surface, &SurfaceView::cursorMoved, this, &ReviewView::setCursorPosition);
    connect(m_linker, &CanvasLinker::overlayStyleChanged, m_surface,
            [this](const OverlayStyle &style) { m_surface->setOverlayVisible(style.visible); });
    connect(m_linker, &CanvasLinker::windowChanged, m_surface,
            [this](const Window &window, int) { m_surface->setWindow(window); });

    LabelEditor &editor = m_edit->editor();
    // What is edited can be hung like any model's answer, and is what lies over the images while it is worked on.
    connect(&editor, &LabelEditor::restarted, this, [this] {
        m_hung.setEdited(m_edit->editor().labels());
        if (m_hung.loaded())
            m_hung.setOverlay(m_edit->editor().isOpen() ? kEdited : m_hung.firstOverlay());
        offerOverlays();
        fillViews();
    });
    connect(&editor, &LabelEditor::changed, this, [this] {
        m_editedLast = true;
        m_linker->refreshOverlays();
    });
    connect(m_edit, &EditDesk::saved, this, [this] {
        // It belongs to the case when that is opened next.
        if (m_index >= 0)
            m_loader->forget(m_sources[static_cast<std::size_t>(m_index)]);
    });
    connect(m_linker, &CanvasLinker::activeChanged, this, [this](const SliceCanvas *canvas) {
        if (canvas)
            m_edit->panel()->setPlane(canvas->plane());
    });
    // A tool is of use with its panel.
    connect(m_tools, &ToolStrip::toolChosen, this, [this](CanvasTool *tool, const QString &) {
        const auto among = [tool](const std::vector<ToolEntry> &entries) {
            return tool && std::any_of(entries.begin(), entries.end(), [&](auto &entry) { return entry.tool == tool; });
        };
        if (among(m_edit->tools().tools()))
            showPanel(Panel::Edit);
        else if (among(m_measuring->tools()))
            showPanel(Panel::Measure);
    });
}

void ReviewView::showPanel(Panel panel)
{
    if (m_hung.isBlinded() && panel != Panel::Reading) // the others name models
        return;
    m_panels->setCurrentIndex(static_cast<int>(panel));
}

void ReviewView::setReader(const QString &name)
{
    m_reader = name;
    m_edit->setReader(name);
    m_reading->setReader(name);
}

void ReviewView::setStudyFolder(const std::filesystem::path &study)
{
    m_study = study;
    m_reading->setStudyFolder(study);
}

void ReviewView::undo(bool again)
{
    LabelEditor &editor = m_edit->editor();
    QUndoStack &measured = m_measuring->undoStack();
    const bool canEdit = again ? editor.canRedo() : editor.canUndo();
    const bool canMeasure = again ? measured.canRedo() : measured.canUndo();
    if (canEdit && (m_editedLast || !canMeasure))
        return again ? editor.redo() : editor.undo();
    if (canMeasure)
        again ? measured.redo() : measured.undo();
}

// To another case of the list; a reading session has its own order.
void ReviewView::leaf(int cases)
{
    if (!m_reading->isReading())
        showCase(m_index + cases);
}

void ReviewView::giveCaseToPanels()
{
    const bool whole = m_hung.loaded() && !m_partly;
    m_lesions->setCase(whole ? m_hung.shared() : nullptr);
    if (!whole) {
        m_measuring->setCase(nullptr, {}, m_reader);
        m_edit->setCase(nullptr, {});
        return;
    }
    const CaseSource &source = m_sources[static_cast<std::size_t>(m_index)];
    const std::filesystem::path folder = reviewFolder(source);
    m_lesions->setVerdictFile(verdictFile(folder, m_reader.toStdString()), m_reader.toStdString());
    QStringList titles, models;
    for (const CaseSource &other : m_sources)
        titles.append(QString::fromStdString(other.title));
    m_lesions->setPriorCandidates(titles);
    m_measuring->setCase(&m_hung.opened(), folder, m_reader);
    // A case of points has its findings among the measurements.
    if (m_hung.choices().empty() && !m_hung.opened().landmarkNames.empty() && m_panels->currentIndex() == 0)
        showPanel(Panel::Measure);
    m_edit->setCase(&m_hung.opened(), source);
    for (const Segmentation &prediction : m_hung.opened().predictions)
        models.append(QString::fromStdString(prediction.name));
    if (m_reading->isReading())
        return;
    if (m_study.empty())
        m_reading->setStudyFolder(folder.parent_path());
    m_reading->setCases(titles, models, kind());
}

void ReviewView::connectReading()
{
    connect(m_reading, &ReadingDesk::caseRequested, this, &ReviewView::readCase);
    connect(m_reading->questions(), &ReadingPanel::errorOccurred, this, &ReviewView::errorOccurred);
    connect(m_reading, &ReadingDesk::started, this, [this] {
        m_hung.setBlinded(m_reading->isBlinded());
        m_bar->setChoicesEnabled(!m_reading->isBlinded());
        // What the other panels say would tell the models apart.
        for (const Panel panel : {Panel::Findings, Panel::Measure, Panel::Edit})
            m_panels->setTabVisible(static_cast<int>(panel), !m_reading->isBlinded());
        showPanel(Panel::Reading);
        m_tools->choose(QStringLiteral("crosshair"));
    });
    connect(m_reading, &ReadingDesk::ended, this, [this] {
        m_left.clear();
        m_right.clear();
        m_hung.setBlinded(false);
        m_bar->setChoicesEnabled(true);
        for (const Panel panel : {Panel::Findings, Panel::Measure, Panel::Edit})
            m_panels->setTabVisible(static_cast<int>(panel), true);
        if (m_hung.loaded()) {
            offerOverlays();
            offerLayouts();
        }
    });
}

void ReviewView::readCase(const QString &id, const QString &left, const QString &right)
{
    m_left = left;
    m_right = right;
    const auto found = std::find_if(m_sources.begin(), m_sources.end(),
                                    [&](const CaseSource &source) { return source.title == id.toStdString(); });
    if (found == m_sources.end()) {
        Q_EMIT errorOccurred(tr("%1 is not among the cases that are listed").arg(id));
        return;
    }
    showCase(static_cast<int>(found - m_sources.begin()));
}

// The questions' keys work while the keyboard is on the images.
bool ReviewView::eventFilter(QObject *watched, QEvent *event)
{
    const bool key = event->type() == QEvent::KeyPress || event->type() == QEvent::ShortcutOverride;
    if (!key || !m_reading->isReading())
        return QWidget::eventFilter(watched, event);
    const auto &pressed = static_cast<const QKeyEvent &>(*event);
    if (!m_reading->questions()->wantsKey(pressed))
        return QWidget::eventFilter(watched, event);
    event->accept();
    if (event->type() == QEvent::KeyPress)
        m_reading->questions()->press(pressed);
    return true;
}

// Of a reading session: the two models where the plan wants them.
void ReviewView::showSides()
{
    if (m_left.isEmpty() || !m_hung.loaded() || m_partly)
        return;
    const auto &models = m_hung.opened().predictions;
    const auto indexOf = [&](const QString &name) {
        const auto found = std::find_if(models.begin(), models.end(),
                                        [&](const auto &model) { return model.name == name.toStdString(); });
        return found == models.end() ? kNothing : static_cast<int>(found - models.begin());
    };
    const int left = indexOf(m_left), right = indexOf(m_right);
    if (left == kNothing || right == kNothing) {
        // Which of the two is missing would be half the answer.
        Q_EMIT errorOccurred(
            tr("%1 lacks what a model drew; it cannot be read").arg(QString::fromStdString(m_hung.opened().title)));
        return;
    }
    m_hung.setSides(left, right);
    hang(QStringLiteral("reading"));
    m_reading->imagesReady();
    m_bar->setChoicesEnabled(!m_reading->isBlinded());
    m_reading->questions()->takeFocus();
}

} // namespace consilium::viewer
