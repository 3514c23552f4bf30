// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/measuring/measure_panel.h"

#include "viewer/canvas/colours.h"
#include "viewer/measuring/measure_tables.h"

#include <QCheckBox>
#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QScopedValueRollback>
#include <QShortcut>
#include <QSortFilterProxyModel>
#include <QTabWidget>
#include <QTableView>
#include <QToolButton>
#include <QVBoxLayout>

namespace consilium::viewer {

namespace {

constexpr int kPanelWidth = 280;

QTableView *table(QAbstractItemModel *model, const char *name, const QString &spoken, QWidget *parent)
{
    auto *view = new QTableView(parent);
    view->setObjectName(QLatin1String(name));
    view->setAccessibleName(spoken);
    view->setModel(model);
    view->setSelectionBehavior(QAbstractItemView::SelectRows);
    view->setSelectionMode(QAbstractItemView::SingleSelection);
    view->setShowGrid(false);
    view->setFrameShape(QFrame::NoFrame);
    view->setTabKeyNavigation(false);
    view->verticalHeader()->hide();
    view->horizontalHeader()->setHighlightSections(false);
    view->horizontalHeader()->setMinimumSectionSize(32);
    return view;
}

QToolButton *button(const char *name, const char *icon, const QString &text, QWidget *parent)
{
    auto *made = new QToolButton(parent);
    made->setObjectName(QLatin1String(name));
    made->setIcon(QIcon::fromTheme(QLatin1String(icon)));
    made->setText(text);
    made->setAccessibleName(text);
    made->setToolButtonStyle(Qt::ToolButtonTextBesideIcon);
    made->setAutoRaise(true);
    made->setFocusPolicy(Qt::StrongFocus);
    return made;
}

} // namespace

MeasurePanel::MeasurePanel(Measuring &measuring, QWidget *parent)
    : QWidget(parent), m_measuring(measuring), m_tabs(new QTabWidget(this)),
      m_landmarkModel(new LandmarkTable(measuring.landmarks(), this)), m_sorted(new QSortFilterProxyModel(this)),
      m_angleModel(new AngleTable(measuring.landmarks(), this)),
      m_measurementModel(new MeasurementTable(measuring, this))
{
    setObjectName(QStringLiteral("review.measure"));
    setMinimumWidth(kPanelWidth);
    m_tabs->setObjectName(QStringLiteral("review.measure.tabs"));
    m_tabs->setAccessibleName(tr("Measuring"));
    m_tabs->setDocumentMode(true);
    m_tabs->addTab(landmarkPage(), tr("Landmarks"));
    m_tabs->addTab(anglePage(), tr("Angles"));
    m_tabs->addTab(measurementPage(), tr("Measurements"));
    auto *column = new QVBoxLayout(this);
    column->addWidget(m_tabs, 1);
    column->addWidget(footer());

    connect(&measuring, &Measuring::changed, this, &MeasurePanel::showState);
    connect(&measuring, &Measuring::failed, this, [this](const QString &message) { say(message, true); });
    connect(&measuring.landmarks(), &LandmarkEditor::caseChanged, this, &MeasurePanel::showCase);
    connect(&measuring, &Measuring::saved, this, [this] {
        say(tr("Saved"), false);
        showState();
    });
    connect(&measuring, &Measuring::jumpRequested, this, &MeasurePanel::jumpRequested);
    connect(&measuring.landmarks(), &LandmarkEditor::selectionChanged, this, &MeasurePanel::showSelection);
    connect(&measuring.measurements(), &MeasurementList::selectionChanged, this, &MeasurePanel::showSelection);
    connect(&measuring.undoStack(), &QUndoStack::indexChanged, this, &MeasurePanel::showState);
    showCase();
}

QWidget *MeasurePanel::landmarkPage()
{
    auto *page = new QWidget(this);
    auto *column = new QVBoxLayout(page);
    m_placed = new QLabel(page);
    m_placed->setObjectName(QStringLiteral("review.measure.placed"));
    m_placed->setWordWrap(true);
    m_setColumn = new QVBoxLayout;
    m_startFrom = button("review.measure.startFrom", "edit-copy", tr("Start from"), page);
    m_startFrom->setToolTip(tr("Takes over the points of a model or of the reference, to be corrected"));
    m_startFrom->setPopupMode(QToolButton::InstantPopup);
    m_startFrom->setMenu(new QMenu(m_startFrom));

    m_sorted->setSourceModel(m_landmarkModel);
    m_sorted->setSortRole(LandmarkTable::SortRole);
    m_sorted->setDynamicSortFilter(false); // a row that wandered off while its point is dragged could not be followed
    m_landmarks = table(m_sorted, "review.measure.landmarkTable", tr("Landmarks"), page);
    m_landmarks->setSortingEnabled(true);
    m_landmarks->horizontalHeader()->setSortIndicator(LandmarkTable::Name, Qt::AscendingOrder);
    m_landmarks->setEditTriggers(QAbstractItemView::DoubleClicked | QAbstractItemView::EditKeyPressed);

    column->addWidget(m_placed);
    column->addLayout(m_setColumn);
    column->addWidget(m_startFrom, 0, Qt::AlignLeft);
    column->addWidget(m_landmarks, 1);

    const auto jump = [this](const QModelIndex &index) { jumpToLandmark(m_sorted->mapToSource(index).row()); };
    connect(m_landmarks, &QTableView::clicked, this, jump);
    connect(m_landmarks->selectionModel(), &QItemSelectionModel::currentRowChanged, this, jump);
    return page;
}

QWidget *MeasurePanel::anglePage()
{
    auto *page = new QWidget(this);
    auto *column = new QVBoxLayout(page);
    m_drawAngles = new QCheckBox(tr("Draw the angles of"), page);
    m_drawAngles->setObjectName(QStringLiteral("review.measure.drawAngles"));
    m_drawAngles->setChecked(true);
    m_whose = new QComboBox(page);
    m_whose->setObjectName(QStringLiteral("review.measure.whoseAngles"));
    m_whose->setAccessibleName(tr("Whose angles are drawn"));
    m_whose->setSizeAdjustPolicy(QComboBox::AdjustToMinimumContentsLengthWithIcon);
    m_angles = table(m_angleModel, "review.measure.angleTable", tr("Spinopelvic angles"), page);
    m_angles->verticalHeader()->show();
    m_angles->setSelectionMode(QAbstractItemView::NoSelection);
    m_angles->horizontalHeader()->setSectionResizeMode(QHeaderView::Stretch);
    m_angles->verticalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    auto *row = new QHBoxLayout;
    row->addWidget(m_drawAngles);
    row->addWidget(m_whose, 1);
    column->addLayout(row);
    column->addWidget(m_angles, 1);

    connect(m_drawAngles, &QCheckBox::toggled, this, [this](bool draw) {
        m_measuring.angleLayer().setVisible(draw);
        m_measuring.updateCanvases();
    });
    connect(m_whose, &QComboBox::activated, this, [this](int row) {
        if (row == 0)
            m_measuring.angleLayer().setAutomatic();
        else
            m_measuring.angleLayer().setWhose(m_whose->itemData(row).toInt());
        m_measuring.updateCanvases();
    });
    return page;
}

QWidget *MeasurePanel::measurementPage()
{
    auto *page = new QWidget(this);
    auto *column = new QVBoxLayout(page);
    m_noMeasurements = new QLabel(tr("Nothing is measured yet. Choose a tool and drag on an image."), page);
    m_noMeasurements->setObjectName(QStringLiteral("review.measure.noMeasurements"));
    m_noMeasurements->setWordWrap(true);
    m_measurements = table(m_measurementModel, "review.measure.measurementTable", tr("Measurements"), page);
    m_measurements->horizontalHeader()->setStretchLastSection(true);
    m_measurements->horizontalHeader()->setSectionResizeMode(MeasurementTable::Name, QHeaderView::ResizeToContents);
    m_measurements->verticalHeader()->setSectionResizeMode(QHeaderView::ResizeToContents);
    m_measurements->setEditTriggers(QAbstractItemView::DoubleClicked | QAbstractItemView::EditKeyPressed);
    m_delete = button("review.measure.delete", "edit-delete", tr("Delete"), page);
    m_delete->setToolTip(tr("Deletes the chosen measurement"));
    column->addWidget(m_noMeasurements);
    column->addWidget(m_measurements, 1);
    column->addWidget(m_delete, 0, Qt::AlignLeft);

    const auto jump = [this](const QModelIndex &index) { jumpToMeasurement(index.row()); };
    connect(m_measurements, &QTableView::clicked, this, jump);
    connect(m_measurements->selectionModel(), &QItemSelectionModel::currentRowChanged, this, jump);
    connect(m_delete, &QToolButton::clicked, this, &MeasurePanel::deleteMeasurement);
    auto *key = new QShortcut(QKeySequence::Delete, m_measurements, nullptr, nullptr, Qt::WidgetShortcut);
    connect(key, &QShortcut::activated, this, &MeasurePanel::deleteMeasurement);
    return page;
}

QWidget *MeasurePanel::footer()
{
    auto *foot = new QWidget(this);
    m_undo = button("review.measure.undo", "edit-undo", tr("Undo"), foot);
    m_redo = button("review.measure.redo", "edit-redo", tr("Redo"), foot);
    m_save = button("review.measure.save", "document-save", tr("Save"), foot);
    m_save->setToolTip(tr("Saves landmarks and measurements beside the case"));
    m_message = new QLabel(foot);
    m_message->setObjectName(QStringLiteral("review.measure.message"));
    m_message->setWordWrap(true);
    m_message->hide();
    auto *column = new QVBoxLayout(foot);
    column->setContentsMargins(0, 0, 0, 0);
    auto *row = new QHBoxLayout;
    row->addWidget(m_undo);
    row->addWidget(m_redo);
    row->addStretch();
    row->addWidget(m_save);
    column->addLayout(row);
    column->addWidget(m_message);
    connect(m_undo, &QToolButton::clicked, &m_measuring.undoStack(), &QUndoStack::undo);
    connect(m_redo, &QToolButton::clicked, &m_measuring.undoStack(), &QUndoStack::redo);
    connect(m_save, &QToolButton::clicked, &m_measuring, &Measuring::save);
    return foot;
}

void MeasurePanel::setTheme(const Theme &theme)
{
    m_theme = theme;
    constexpr int kUsualFont = 13;
    setMinimumWidth(kPanelWidth * theme.bodySize / kUsualFont);
    layout()->setContentsMargins(theme.step, theme.step, theme.step, theme.step);
    layout()->setSpacing(theme.step);
    for (int tab = 0; tab < m_tabs->count(); ++tab) {
        m_tabs->widget(tab)->layout()->setContentsMargins(theme.step, 2 * theme.step, theme.step, 0);
        m_tabs->widget(tab)->layout()->setSpacing(theme.step);
    }
    QFont caption = font(), body = font();
    caption.setPixelSize(theme.captionSize);
    body.setPixelSize(theme.bodySize);
    QPalette quiet = palette();
    quiet.setColor(QPalette::WindowText, colour(theme.quietText));
    for (QLabel *label : {m_placed, m_noMeasurements, m_message}) {
        label->setFont(caption);
        label->setPalette(quiet);
    }
    for (QTableView *view : {m_landmarks, m_angles, m_measurements}) {
        view->setFont(body);
        view->horizontalHeader()->setFont(caption);
        view->verticalHeader()->setFont(caption);
        view->verticalHeader()->setDefaultSectionSize(theme.row);
    }
    m_landmarkModel->setTheme(theme);
    showSets();
    showState();
}

void MeasurePanel::showCase()
{
    say({}, false);
    auto *header = m_landmarks->horizontalHeader();
    for (int column = 0; column < m_landmarkModel->columnCount(); ++column)
        header->setSectionResizeMode(column, QHeaderView::ResizeToContents);
    m_landmarks->sortByColumn(LandmarkTable::Name, Qt::AscendingOrder);
    showSets();
    showState();
}

void MeasurePanel::showSets()
{
    const LandmarkEditor &editor = m_measuring.landmarks();
    while (QLayoutItem *item = m_setColumn->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    m_startFrom->menu()->clear();
    m_whose->clear();
    m_whose->addItem(tr("whoever has them"));
    for (const int whose : editor.sets()) {
        const QString name = editor.setName(whose);
        auto *box = new QCheckBox(name, this);
        box->setObjectName(QStringLiteral("review.measure.set.%1").arg(whose));
        box->setAccessibleName(tr("Show the points of %1").arg(name));
        if (!m_theme.name.empty())
            box->setIcon(setIcon(m_theme, whose));
        box->setChecked(m_measuring.landmarkLayer().isSetVisible(whose));
        connect(box, &QCheckBox::toggled, this, [this, whose](bool shown) {
            m_measuring.landmarkLayer().setSetVisible(whose, shown);
            m_measuring.updateCanvases();
        });
        m_setColumn->addWidget(box);
        m_whose->addItem(name, whose);
        if (whose != kReaderPoints)
            m_startFrom->menu()->addAction(name, this, [this, whose] { m_measuring.landmarks().startFrom(whose); });
    }
    m_startFrom->setEnabled(!m_startFrom->menu()->isEmpty());
}

void MeasurePanel::showState()
{
    const LandmarkEditor &editor = m_measuring.landmarks();
    int placed = 0;
    for (int index = 0; index < editor.count(); ++index)
        placed += editor.isPlaced(index) ? 1 : 0;
    m_placed->setText(editor.count() == 0
                          ? tr("This case has no landmarks.")
                          : tr("%1 of %n point(s) placed; errors in mm", nullptr, editor.count()).arg(placed));
    const bool measured = !m_measuring.measurements().all().empty();
    m_noMeasurements->setVisible(!measured);
    m_measurements->setVisible(measured);
    m_delete->setEnabled(m_measuring.measurements().selected() != 0);
    QUndoStack &stack = m_measuring.undoStack();
    m_undo->setEnabled(stack.canUndo());
    m_redo->setEnabled(stack.canRedo());
    m_undo->setToolTip(stack.canUndo() ? tr("Undo: %1").arg(stack.undoText()) : tr("Nothing to undo"));
    m_redo->setToolTip(stack.canRedo() ? tr("Redo: %1").arg(stack.redoText()) : tr("Nothing to redo"));
    m_save->setEnabled(m_measuring.isDirty());
}

void MeasurePanel::showSelection()
{
    const QScopedValueRollback following(m_selecting, true);
    const int index = m_measuring.landmarks().selected();
    const QModelIndex point = m_sorted->mapFromSource(m_landmarkModel->index(index, 0));
    if (point.isValid() && point.row() != m_landmarks->currentIndex().row())
        m_landmarks->setCurrentIndex(point);
    const int id = m_measuring.measurements().selected();
    m_delete->setEnabled(id != 0);
    for (int row = 0; row < m_measurementModel->rowCount(); ++row)
        if (id != 0 && m_measurementModel->idAt(row) == id && row != m_measurements->currentIndex().row())
            m_measurements->setCurrentIndex(m_measurementModel->index(row, 0));
    if (id == 0)
        m_measurements->clearSelection();
}

void MeasurePanel::jumpToLandmark(int row)
{
    LandmarkEditor &editor = m_measuring.landmarks();
    if (m_selecting || row < 0 || row >= editor.count())
        return;
    editor.select(row);
    for (const int whose : editor.sets()) {
        const imaging::Landmark *point = editor.set(whose)->find(editor.point(row).name);
        if (point && point->visibility != imaging::Visibility::Absent) {
            Q_EMIT jumpRequested(point->position);
            return;
        }
    }
}

void MeasurePanel::jumpToMeasurement(int row)
{
    const int id = m_measurementModel->idAt(row);
    if (m_selecting || id == 0)
        return;
    m_measuring.measurements().select(id);
    Q_EMIT jumpRequested(Measuring::middleOf(*m_measuring.measurements().find(id)));
}

void MeasurePanel::deleteMeasurement()
{
    m_measuring.measurements().remove(m_measuring.measurements().selected());
}

void MeasurePanel::say(const QString &message, bool isFault)
{
    if (!m_theme.name.empty()) {
        QPalette ink = palette();
        ink.setColor(QPalette::WindowText, colour(isFault ? m_theme.bad : m_theme.quietText));
        m_message->setPalette(ink);
    }
    // State is never colour alone.
    m_message->setText(isFault ? QStringLiteral("▲ ") + message : message);
    m_message->setVisible(!message.isEmpty());
}

} // namespace consilium::viewer
