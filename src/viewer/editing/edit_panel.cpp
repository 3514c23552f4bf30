// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/editing/edit_panel.h"

#include "viewer/canvas/colours.h"
#include "viewer/cases/paths.h"
#include "viewer/editing/brush_box.h"
#include "viewer/editing/label_list.h"
#include "viewer/editing/recovery_box.h"
#include "viewer/editing/region_box.h"

#include <QComboBox>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QIcon>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QScrollArea>
#include <QToolButton>
#include <QVBoxLayout>

namespace consilium::viewer {

std::vector<EditStart> editStarts(const ReviewCase &opened)
{
    std::vector<EditStart> starts;
    for (const Segmentation &prediction : opened.predictions)
        starts.push_back({QString::fromStdString(prediction.name), prediction.labels, prediction.file});
    if (opened.reference)
        starts.push_back(
            {QString::fromStdString(opened.reference->name), opened.reference->labels, opened.reference->file});
    starts.push_back({EditPanel::tr("nothing"), nullptr, {}});
    return starts;
}

std::vector<EditLabel> editLabels(const Theme &theme, const ReviewCase &opened)
{
    std::vector<EditLabel> labels;
    for (std::size_t value = 0; value < opened.labels.size(); ++value)
        labels.push_back({QString::fromStdString(opened.labels[value]),
                          value == 0 ? QColor(Qt::transparent) : seriesColour(theme, value - 1), false});
    while (labels.size() < 2)
        labels.push_back({EditPanel::tr("Label %1").arg(labels.size()), seriesColour(theme, labels.size()), false});
    return labels;
}

EditPanel::EditPanel(LabelEditor &editor, EditTools &tools, EditWork &work, EditSaver &saver, EditAutosave &autosave,
                     QWidget *parent)
    : QWidget(parent), m_editor(editor), m_work(work), m_saver(saver), m_autosave(autosave)
{
    setFixedWidth(kWidth);
    auto *scroll = new QScrollArea(this);
    scroll->setObjectName(QStringLiteral("review.edit.scroll"));
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::NoFocus);
    auto *whole = new QVBoxLayout(this);
    whole->setContentsMargins(0, 0, 0, 0);
    whole->addWidget(scroll);
    auto *content = new QWidget(scroll);
    scroll->setWidget(content);
    m_column = new QVBoxLayout(content);

    m_title = new QLabel(tr("Editing"), content);
    m_state = new QLabel(content);
    m_state->setObjectName(QStringLiteral("review.edit.state"));
    m_state->setAccessibleName(tr("State of the edit"));
    m_state->setWordWrap(true);
    m_recovery = new RecoveryBox(autosave, content);
    auto *from = new QLabel(tr("Start &from"), content);
    m_startFrom = new QComboBox(content);
    m_startFrom->setObjectName(QStringLiteral("review.edit.startFrom"));
    m_startFrom->setAccessibleName(tr("Start from"));
    m_startFrom->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    from->setBuddy(m_startFrom);
    m_start = new QPushButton(tr("Start"), content);
    m_start->setObjectName(QStringLiteral("review.edit.start"));
    m_start->setAccessibleName(tr("Start editing a copy"));
    m_start->setToolTip(tr("Edits a copy: what it is made from stays as it is"));
    auto *startRow = new QHBoxLayout;
    startRow->addWidget(m_startFrom, 1);
    startRow->addWidget(m_start);

    m_tools = new QWidget(content);
    m_labels = new LabelList(editor, m_tools);
    m_brush = new BrushBox(editor, tools.settings(), m_tools);
    m_region = new RegionBox(editor, tools, work, m_tools);
    m_undo = addHistoryButton("review.edit.undo", "edit-undo");
    m_redo = addHistoryButton("review.edit.redo", "edit-redo");
    auto *history = new QHBoxLayout;
    history->addWidget(m_undo, 1);
    history->addWidget(m_redo, 1);
    m_save = new QPushButton(QIcon::fromTheme(QStringLiteral("document-save")), tr("Save"), m_tools);
    m_save->setObjectName(QStringLiteral("review.edit.save"));
    m_save->setAccessibleName(tr("Save the edit beside the case's files"));
    m_save->setToolTip(tr("Writes a new file beside the case's files; those stay as they are"));
    m_export = new QToolButton(m_tools);
    m_export->setObjectName(QStringLiteral("review.edit.export"));
    m_export->setText(tr("Export…"));
    m_export->setAccessibleName(tr("Export the edit in a format of your choice"));
    m_export->setPopupMode(QToolButton::InstantPopup);
    m_export->setSizePolicy(QSizePolicy::Expanding, QSizePolicy::Fixed);
    auto *formats = new QMenu(m_export);
    formats->addAction(tr("NIfTI…"), this, [this] { exportAs(tr("NIfTI (*.nii.gz *.nii)"), ".nii.gz"); })
        ->setObjectName(QStringLiteral("review.edit.export.nifti"));
    formats->addAction(tr("NRRD…"), this, [this] { exportAs(tr("NRRD (*.nrrd)"), ".nrrd"); })
        ->setObjectName(QStringLiteral("review.edit.export.nrrd"));
    m_exportSeg = formats->addAction(tr("DICOM segmentation…"), this,
                                     [this] { exportAs(tr("DICOM segmentation (*.dcm)"), ".dcm"); });
    m_exportSeg->setObjectName(QStringLiteral("review.edit.export.seg"));
    m_export->setMenu(formats);
    auto *saving = new QHBoxLayout;
    saving->addWidget(m_save, 1);
    saving->addWidget(m_export, 1);
    auto *toolColumn = new QVBoxLayout(m_tools);
    toolColumn->setContentsMargins(0, 0, 0, 0);
    for (QWidget *part :
         {static_cast<QWidget *>(m_labels), static_cast<QWidget *>(m_brush), static_cast<QWidget *>(m_region)})
        toolColumn->addWidget(part);
    toolColumn->addLayout(history);
    toolColumn->addLayout(saving);

    m_message = new QLabel(content);
    m_message->setObjectName(QStringLiteral("review.edit.message"));
    m_message->setAccessibleName(tr("Message"));
    m_message->setWordWrap(true);
    m_message->setTextInteractionFlags(Qt::TextSelectableByMouse);
    m_message->hide();

    m_column->addWidget(m_title);
    m_column->addWidget(m_state);
    m_column->addWidget(m_recovery);
    m_column->addWidget(from);
    m_column->addLayout(startRow);
    m_column->addWidget(m_tools);
    m_column->addWidget(m_message);
    m_column->addStretch(1);

    connect(m_start, &QPushButton::clicked, this, &EditPanel::start);
    connect(m_startFrom, &QComboBox::currentIndexChanged, this, [this] {
        m_startFrom->setToolTip(m_startFrom->currentText());
        m_asked = false;
        showState();
    });
    connect(m_undo, &QToolButton::clicked, &editor, &LabelEditor::undo);
    connect(m_redo, &QToolButton::clicked, &editor, &LabelEditor::redo);
    connect(m_save, &QPushButton::clicked, &saver, &EditSaver::save);
    connect(&editor, &LabelEditor::historyChanged, this, &EditPanel::showHistory);
    connect(&editor, &LabelEditor::restarted, this, [this] {
        m_savedAs.clear();
        m_asked = false;
        showHistory();
    });
    connect(&work, &EditWork::busyChanged, this, &EditPanel::showState);
    connect(&saver, &EditSaver::busyChanged, this, &EditPanel::showState);
    connect(&saver, &EditSaver::saved, this, [this](const QString &file) {
        m_savedAs = file;
        showMessage({});
        showState();
    });
    connect(&work, &EditWork::slicesFilled, this, [this](int slices, qint64) {
        showMessage(slices > 0 ? tr("%n slice(s) filled.", nullptr, slices)
                               : tr("Nothing to fill: the label needs to be drawn in two slices of this plane that lie "
                                    "apart, and to overlap."));
    });
    connect(&work, &EditWork::failed, this, &EditPanel::showMessage);
    connect(&saver, &EditSaver::failed, this, &EditPanel::showMessage);
    connect(&autosave, &EditAutosave::failed, this, &EditPanel::showMessage);
    connect(m_recovery, &RecoveryBox::failed, this, &EditPanel::showMessage);
    connect(&tools, &EditTools::refused, this, &EditPanel::showMessage);
    connect(&editor, &LabelEditor::changed, m_message, [this] { showMessage({}); });
    clear();
}

QToolButton *EditPanel::addHistoryButton(const char *name, const char *icon)
{
    auto *button = new QToolButton(m_tools);
    button->setObjectName(QLatin1String(name));
    button->setIcon(QIcon::fromTheme(QLatin1String(icon)));
    button->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    // A long name of a step is shortened, and does not make the panel wider.
    button->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Fixed);
    return button;
}

void EditPanel::setTheme(const Theme &theme)
{
    m_theme = theme;
    constexpr int kUsualFont = 13;
    setFixedWidth(kWidth * theme.bodySize / kUsualFont);
    QFont body = font();
    body.setPixelSize(theme.bodySize);
    setFont(body);
    QFont title = body;
    title.setBold(true);
    m_title->setFont(title);
    QFont caption = body;
    caption.setPixelSize(theme.captionSize);
    QPalette quiet = palette();
    quiet.setColor(QPalette::WindowText, colour(theme.quietText));
    for (QLabel *label : {m_state, m_message, m_region->count()}) {
        label->setFont(caption);
        label->setPalette(quiet);
    }
    m_column->setContentsMargins(2 * theme.step, 2 * theme.step, 2 * theme.step, 2 * theme.step);
    m_column->setSpacing(2 * theme.step);
    m_tools->layout()->setSpacing(3 * theme.step);
    for (QWidget *part :
         {static_cast<QWidget *>(m_brush), static_cast<QWidget *>(m_region), static_cast<QWidget *>(m_recovery)})
        part->layout()->setSpacing(theme.step);
    for (QWidget *control : std::initializer_list<QWidget *>{m_startFrom, m_start, m_undo, m_redo, m_save, m_export})
        control->setFixedHeight(theme.row);
    m_labels->setTheme(theme);
    showHistory();
}

void EditPanel::setCase(const ReviewCase &opened, const std::vector<EditStart> &starts)
{
    m_work.cancel();
    m_editor.close();
    m_editor.setImage(opened.channels.empty() ? nullptr : opened.channels.front().volume);
    m_editor.setLabelList(editLabels(m_theme, opened));
    const EditTarget &target = m_saver.target();
    m_autosave.setCase(target.caseId, target.caseTitle, target.reader);
    m_exportSeg->setEnabled(target.series != nullptr);
    m_starts = starts;
    m_startFrom->clear();
    for (const EditStart &start : m_starts)
        m_startFrom->addItem(start.name);
    showMessage({});
    m_recovery->refresh();
    showState();
}

void EditPanel::clear()
{
    m_work.cancel();
    m_editor.close();
    m_editor.setImage(nullptr);
    m_starts.clear();
    m_startFrom->clear();
    m_recovery->hide();
    showState();
}

void EditPanel::setPlane(Plane plane)
{
    m_region->setPlane(plane);
}

void EditPanel::start()
{
    const int index = m_startFrom->currentIndex();
    if (index < 0 || m_editor.isStroking())
        return;
    if (m_editor.isDirty() && !m_asked) {
        m_asked = true;
        showState();
        return;
    }
    if (m_editor.isDirty())
        m_autosave.discard();
    m_asked = false;
    const EditStart &start = m_starts[static_cast<std::size_t>(index)];
    if (start.labels)
        m_work.startFrom(start.labels, {start.name, start.file, {}});
    else if (m_editor.image())
        m_work.startEmpty(m_editor.image()->geometry);
}

void EditPanel::showState()
{
    const bool open = m_editor.isOpen(), dirty = m_editor.isDirty();
    QString text;
    if (m_saver.isBusy())
        text = tr("Saving…");
    else if (m_work.isBusy())
        text = tr("Working…");
    else if (!open)
        text = m_starts.empty() ? tr("Open a case to edit") : tr("Nothing is being edited");
    else if (m_asked)
        text = tr("Unsaved changes would be lost. Press Discard and start again to drop them.");
    else if (dirty)
        text = tr("Unsaved changes");
    else if (!m_savedAs.isEmpty())
        text = tr("Saved as %1").arg(QString::fromStdString(utf8(fromUtf8(m_savedAs.toStdString()).filename())));
    else
        text = tr("No changes");
    if (open && !m_asked)
        text += m_editor.origin().name.isEmpty() ? tr(" · drawn from nothing")
                                                 : tr(" · copy of %1").arg(m_editor.origin().name);
    m_state->setText(text);
    m_state->setToolTip(m_savedAs);
    m_start->setText(m_asked ? tr("Discard and start") : tr("Start"));
    m_start->setEnabled(m_startFrom->count() > 0 && !m_work.isBusy());
    m_startFrom->setEnabled(m_startFrom->count() > 0);
    m_tools->setEnabled(open);
    m_save->setEnabled(open && dirty && !m_saver.isBusy());
    m_export->setEnabled(open && !m_saver.isBusy());
}

void EditPanel::showHistory()
{
    const auto show = [this](QToolButton *button, bool can, const QString &plain, const QString &full) {
        const QString text = can ? full : plain;
        button->setEnabled(can);
        button->setText(button->fontMetrics().elidedText(text, Qt::ElideRight, width() / 2 - 48));
        button->setToolTip(text);
        button->setAccessibleName(text);
    };
    show(m_undo, m_editor.canUndo(), tr("Undo"), tr("Undo: %1").arg(m_editor.undoText()));
    show(m_redo, m_editor.canRedo(), tr("Redo"), tr("Redo: %1").arg(m_editor.redoText()));
    showState();
}

void EditPanel::exportAs(const QString &filter, const std::string &ending)
{
    const auto &target = m_saver.target();
    const auto suggested = editedFile(target.folder, target.reader, QDateTime::currentDateTime(), ending);
    auto *dialog = new QFileDialog(this, tr("Export the edit"), QString::fromStdString(utf8(target.folder)), filter);
    dialog->setObjectName(QStringLiteral("review.edit.exportDialog"));
    dialog->setAttribute(Qt::WA_DeleteOnClose);
    dialog->setAcceptMode(QFileDialog::AcceptSave);
    dialog->setDefaultSuffix(QString::fromStdString(ending.substr(1)));
    dialog->selectFile(QString::fromStdString(utf8(suggested.filename())));
    connect(dialog, &QFileDialog::fileSelected, this,
            [this](const QString &file) { m_saver.saveAs(fromUtf8(file.toStdString())); });
    dialog->open();
}

void EditPanel::showMessage(const QString &text)
{
    m_message->setText(text);
    m_message->setVisible(!text.isEmpty());
}

} // namespace consilium::viewer
