// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/findings/lesion_panel.h"

#include "core/file.h"
#include "viewer/canvas/colours.h"
#include "viewer/findings/change_view.h"
#include "viewer/findings/findings_csv.h"
#include "viewer/findings/lesion_filter_bar.h"
#include "viewer/findings/load_summary.h"
#include "viewer/findings/narrow_table.h"
#include "viewer/findings/verdict_file.h"

#include <QCoreApplication>
#include <QFileDialog>
#include <QFontMetrics>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QLocale>
#include <QMenu>
#include <QPointer>
#include <QTabBar>
#include <QTabWidget>
#include <QTableView>
#include <QThreadPool>
#include <QToolButton>
#include <algorithm>

namespace consilium::viewer {

using Column = FindingsModel::Column;

namespace {

constexpr int kNarrowest = 280; // pixels: every column of two models in sight

} // namespace

LesionPanel::LesionPanel(QWidget *parent)
    : QWidget(parent), m_model(new FindingsModel(this)), m_filter(new LesionFilter(*m_model, this)),
      m_locator(new LesionLocator(this)), m_file(new VerdictFile(this)), m_title(new QLabel(this)),
      m_sum(new QLabel(this)), m_tabs(new QTabWidget(this)), m_change(new LesionChangeView(this))
{
    setMinimumWidth(kNarrowest);
    m_title->setObjectName(QStringLiteral("review.lesionTitle"));
    m_sum->setObjectName(QStringLiteral("review.lesionSum"));
    m_sum->setWordWrap(true);
    m_more = makeButton("review.lesions.more", "", tr("More"), tr("Sort, export and accept all that are listed"));
    m_menu = new QMenu(m_more);
    m_more->setMenu(m_menu);
    m_more->setPopupMode(QToolButton::InstantPopup);
    m_tabs->setObjectName(QStringLiteral("review.lesions.tabs"));
    m_tabs->setDocumentMode(true);
    m_tabs->addTab(makeList(), tr("List"));
    m_tabs->addTab(m_change, tr("Change"));

    auto *top = new QHBoxLayout;
    top->addWidget(m_title, 1);
    top->addWidget(m_more);
    auto *column = new QVBoxLayout(this);
    column->addLayout(top);
    column->addWidget(m_sum);
    column->addWidget(m_tabs, 1);

    connectList();
    connect(m_locator, &LesionLocator::located, this, [this](const auto &shown, const auto &regions) {
        if (shown != m_case)
            return;
        m_quiet = true;
        m_model->setRegions(regions);
        m_quiet = false;
        m_change->setRegions(regions);
        refresh();
        Q_EMIT regionsChanged();
    });
    connect(m_file, &VerdictFile::opened, this, [this](const Json &verdicts) {
        if (verdicts.is_null())
            return keep();
        if (const auto read = m_model->readVerdicts(verdicts); !read) {
            m_file->refuse();
            Q_EMIT errorOccurred(tr("Your verdicts on this case could not be read, so new ones are not kept. %1")
                                     .arg(QString::fromStdString(read.error().line())));
        }
    });
    connect(m_file, &VerdictFile::failed, this, &LesionPanel::errorOccurred);
    connect(m_change, &LesionChangeView::priorRequested, this, &LesionPanel::priorRequested);
    connect(m_change, &LesionChangeView::jumpRequested, this, &LesionPanel::jumpRequested);
    connect(m_change, &LesionChangeView::compared, this, &LesionPanel::priorCompared);
    setCase(nullptr);
}

LesionPanel::~LesionPanel() = default;

QToolButton *LesionPanel::makeButton(const char *name, const char *icon, const QString &text, const QString &tip)
{
    auto *button = new QToolButton(this);
    button->setObjectName(QLatin1String(name));
    button->setText(text);
    button->setAccessibleName(text);
    button->setToolTip(tip);
    button->setAutoRaise(true);
    if (*icon)
        button->setIcon(QIcon::fromTheme(QLatin1String(icon)));
    return button;
}

QWidget *LesionPanel::makeList()
{
    auto *page = new QWidget(this);
    m_load = new LoadSummary(page);
    m_filterBar = new LesionFilterBar(page);
    m_table = new QTableView(page);
    m_table->setObjectName(QStringLiteral("review.lesionTable"));
    m_table->setAccessibleName(tr("Findings"));
    m_table->setModel(m_filter);
    prepareNarrowTable(*m_table);
    m_table->installEventFilter(this);
    m_shown = new QLabel(page);
    m_shown->setObjectName(QStringLiteral("review.lesions.shown"));
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_load);
    column->addWidget(m_filterBar);
    column->addWidget(m_table, 1);
    column->addWidget(makeActions());
    return page;
}

QWidget *LesionPanel::makeActions()
{
    m_actions = new QWidget(this);
    m_accept = makeButton("review.lesions.accept", "", tr("Accept"), tr("Accept this lesion (Y)"));
    m_reject = makeButton("review.lesions.reject", "", tr("Reject"), tr("Reject this lesion (N)"));
    m_accept->setCheckable(true);
    m_reject->setCheckable(true);
    m_edit = makeButton("review.lesions.edit", "", tr("Edit"), tr("Edit this lesion's outline (E)"));
    m_undo = makeButton("review.lesions.undo", "edit-undo", tr("Undo"), tr("Undo the last verdict (Ctrl+Z)"));
    m_redo = makeButton("review.lesions.redo", "edit-redo", tr("Redo"), tr("Redo the verdict (Ctrl+Shift+Z)"));
    m_previous = makeButton("review.lesions.previous", "go-previous", tr("Previous"),
                            tr("Previous lesion that is not yet reviewed (comma)"));
    m_next = makeButton("review.lesions.next", "go-next", tr("Next"),
                        tr("Next lesion that is not yet reviewed (full stop)"));
    auto *grid = new QVBoxLayout(m_actions);
    grid->setContentsMargins(0, 0, 0, 0);
    auto *verdicts = new QHBoxLayout, *steps = new QHBoxLayout;
    for (QToolButton *button : {m_accept, m_reject, m_edit})
        verdicts->addWidget(button);
    verdicts->addStretch(1);
    for (QToolButton *button : {m_undo, m_redo})
        verdicts->addWidget(button);
    steps->addWidget(m_shown, 1);
    for (QToolButton *button : {m_previous, m_next})
        steps->addWidget(button);
    grid->addLayout(verdicts);
    grid->addLayout(steps);
    return m_actions;
}

void LesionPanel::connectList()
{
    // A click goes there again even when the row was chosen before; the keyboard goes along with the rows.
    connect(m_table, &QTableView::clicked, this, &LesionPanel::jumpTo);
    connect(m_table, &QTableView::activated, this, &LesionPanel::jumpTo);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex &now) {
        if (!m_quiet)
            jumpTo(now);
        refreshList();
    });
    connect(m_table->horizontalHeader(), &QHeaderView::sectionClicked, this, &LesionPanel::sortBy);
    connect(m_filterBar, &LesionFilterBar::criteriaChanged, this, [this](const LesionCriteria &criteria) {
        m_quiet = true;
        m_filter->setCriteria(criteria);
        m_quiet = false;
        refreshList();
    });
    connect(m_model, &FindingsModel::verdictsChanged, this, [this] {
        refresh();
        keep();
        Q_EMIT verdictsChanged();
    });
    connect(m_accept, &QToolButton::clicked, this, &LesionPanel::acceptCurrent);
    connect(m_reject, &QToolButton::clicked, this, &LesionPanel::rejectCurrent);
    connect(m_edit, &QToolButton::clicked, this, &LesionPanel::editCurrent);
    connect(m_undo, &QToolButton::clicked, this, &LesionPanel::undo);
    connect(m_redo, &QToolButton::clicked, this, &LesionPanel::redo);
    connect(m_next, &QToolButton::clicked, this, &LesionPanel::nextNotReviewed);
    connect(m_previous, &QToolButton::clicked, this, &LesionPanel::previousNotReviewed);
}

void LesionPanel::fillMenu()
{
    m_menu->clear();
    if (m_model->listsLesions())
        connect(m_menu->addAction(tr("Accept all listed")), &QAction::triggered, this, &LesionPanel::acceptShown);
    QMenu *sort = m_menu->addMenu(tr("Sort by"));
    for (int section = 0; section < m_model->columnCount(); ++section)
        connect(sort->addAction(m_model->headerData(section, Qt::Horizontal, Qt::ToolTipRole).toString()),
                &QAction::triggered, this, [this, section] { sortBy(section); });
    connect(m_menu->addAction(tr("Export as CSV\u2026")), &QAction::triggered, this, &LesionPanel::exportTable);
    m_more->setEnabled(m_model->rowCount() > 0);
}

void LesionPanel::setTheme(const Theme &theme)
{
    m_theme = theme;
    const int edge = 2 * theme.step;
    layout()->setContentsMargins(edge, edge, edge, edge);
    layout()->setSpacing(theme.step);
    m_tabs->widget(0)->layout()->setSpacing(edge);
    m_tabs->widget(0)->layout()->setContentsMargins(0, edge, 0, 0);
    m_change->layout()->setContentsMargins(0, edge, 0, 0);
    m_actions->layout()->setSpacing(theme.step);
    QFont title = font(), caption = font(), body = font();
    title.setPixelSize(theme.bodySize);
    title.setBold(true);
    body.setPixelSize(theme.bodySize);
    caption.setPixelSize(theme.captionSize);
    m_title->setFont(title);
    for (QWidget *small : {static_cast<QWidget *>(m_sum), static_cast<QWidget *>(m_shown)}) {
        small->setFont(caption);
        QPalette quiet = palette();
        quiet.setColor(QPalette::WindowText, colour(theme.quietText));
        small->setPalette(quiet);
    }
    for (QToolButton *button : {m_accept, m_reject, m_edit, m_undo, m_redo, m_previous, m_next, m_more})
        button->setFont(body);
    m_tabs->tabBar()->setFont(body);
    m_model->setTheme(theme);
    m_load->setTheme(theme);
    m_filterBar->setTheme(theme);
    m_change->setTheme(theme);
    styleNarrowTable(*m_table, theme);
    setUpColumns();
}

void LesionPanel::setCase(std::shared_ptr<const LoadedCase> shown)
{
    m_file->open({});
    m_case = shown;
    m_quiet = true;
    m_model->setCase(shown);
    m_filterBar->setCase(shown.get());
    m_filter->setCriteria(m_filterBar->criteria());
    m_filter->sort(-1);
    m_quiet = false;
    const bool lesions = m_model->listsLesions();
    m_load->setVisible(lesions && !shown->findings.lesions.empty());
    m_filterBar->setVisible(lesions && !shown->findings.lesions.empty());
    m_actions->setVisible(lesions && !shown->findings.lesions.empty());
    m_tabs->tabBar()->setVisible(lesions);
    if (!lesions)
        m_tabs->setCurrentIndex(0);
    m_change->setCase(lesions ? shown : nullptr);
    m_locator->locate(lesions ? shown : nullptr);
    setUpColumns();
    fillMenu();
    refresh();
}

void LesionPanel::setVerdictFile(const std::filesystem::path &file, const std::string &reader)
{
    m_reader = reader;
    if (m_case && m_model->listsLesions())
        m_file->open(file);
}

void LesionPanel::setPriorCandidates(const QStringList &titles)
{
    m_change->setPriorCandidates(titles);
}

void LesionPanel::setPrior(std::shared_ptr<const LoadedCase> prior)
{
    m_change->setPrior(std::move(prior));
}

void LesionPanel::tellPriorFailed(const QString &message)
{
    m_change->tellFailure(message);
}

// Numbers and marks take what they need; places, or names of structures and models, share the rest.
void LesionPanel::setUpColumns()
{
    QFont body = m_table->font();
    const QFontMetrics metrics(body);
    std::vector<int> widths;
    for (int section = 0; section < m_model->columnCount(); ++section) {
        const Column column = m_model->column(section);
        int width = 0;
        if (column == Column::Number)
            width = textWidth(metrics, {QStringLiteral("000")});
        else if (column == Column::Millilitres)
            width = textWidth(metrics, {QStringLiteral("0.000"), QStringLiteral("00.0")});
        else if (column == Column::Diameter)
            width = textWidth(metrics, {QStringLiteral("0.0"), QStringLiteral("000")});
        else if (m_model->listsLesions() && (column == Column::Reference || column == Column::Model))
            width = textWidth(metrics, {QStringLiteral("\u2713")});
        else if (column == Column::Review)
            width = textWidth(metrics, {tr("accept"), tr("reject")});
        widths.push_back(width);
        if (width == 0)
            m_table->horizontalHeader()->setSectionResizeMode(section, QHeaderView::Stretch);
    }
    setColumnWidths(*m_table, widths);
}

void LesionPanel::sortBy(int section)
{
    const Column column = m_model->column(section);
    // Names and places begin with the first, amounts and marks with the most.
    const bool rising = column == Column::Number || column == Column::Name || column == Column::Where;
    Qt::SortOrder order = rising ? Qt::AscendingOrder : Qt::DescendingOrder;
    if (m_filter->sortColumn() == section)
        order = m_filter->sortOrder() == Qt::AscendingOrder ? Qt::DescendingOrder : Qt::AscendingOrder;
    m_filter->sort(section, order);
    if (m_table->currentIndex().isValid())
        m_table->scrollTo(m_table->currentIndex());
}

void LesionPanel::jumpTo(const QModelIndex &index)
{
    if (const auto position = m_model->position(m_filter->findingOf(index)))
        Q_EMIT jumpRequested(*position);
}

int LesionPanel::currentFinding() const
{
    return m_model->listsLesions() ? m_filter->findingOf(m_table->currentIndex()) : -1;
}

void LesionPanel::select(int row)
{
    if (row >= 0)
        m_table->setCurrentIndex(m_filter->index(row, 0));
}

void LesionPanel::selectFinding(std::size_t finding)
{
    const QModelIndex listed = m_filter->mapFromSource(m_model->index(static_cast<int>(finding), 0));
    if (listed.isValid())
        select(listed.row());
}

// The same verdict again takes it back. A verdict goes on to the next lesion that has none, as one reads.
void LesionPanel::decide(Verdict verdict)
{
    const int finding = currentFinding();
    if (finding < 0)
        return refreshList();
    const auto at = static_cast<std::size_t>(finding);
    const bool back = m_model->verdicts().at(at) == verdict;
    const int next = back ? -1 : m_filter->notReviewed(m_table->currentIndex().row(), 1);
    const int nextFinding = next < 0 ? -1 : m_filter->findingOf(m_filter->index(next, 0));
    m_quiet = true;
    m_model->setVerdict({at}, back ? Verdict::None : verdict);
    m_quiet = false;
    if (nextFinding >= 0 && nextFinding != finding)
        selectFinding(static_cast<std::size_t>(nextFinding));
    refreshList();
}

void LesionPanel::acceptCurrent()
{
    decide(Verdict::Accepted);
}

void LesionPanel::rejectCurrent()
{
    decide(Verdict::Rejected);
}

void LesionPanel::editCurrent()
{
    if (const int finding = currentFinding(); finding >= 0) {
        const LesionFinding &lesion = m_case->findings.lesions[static_cast<std::size_t>(finding)];
        Q_EMIT editRequested(lesion.position, lesion.drawnBy);
    }
}

void LesionPanel::undo()
{
    m_quiet = true;
    const auto changed = m_model->undo();
    m_quiet = false;
    if (changed)
        selectFinding(*changed);
}

void LesionPanel::redo()
{
    m_quiet = true;
    const auto changed = m_model->redo();
    m_quiet = false;
    if (changed)
        selectFinding(*changed);
}

void LesionPanel::nextNotReviewed()
{
    select(m_filter->notReviewed(m_table->currentIndex().row(), 1));
}

void LesionPanel::previousNotReviewed()
{
    select(m_filter->notReviewed(m_table->currentIndex().row(), -1));
}

void LesionPanel::acceptShown()
{
    if (!m_model->listsLesions())
        return;
    m_quiet = true;
    m_model->setVerdict(m_filter->shown(), Verdict::Accepted);
    m_quiet = false;
    refreshList();
}

bool LesionPanel::eventFilter(QObject *watched, QEvent *event)
{
    if (watched != m_table || (event->type() != QEvent::KeyPress && event->type() != QEvent::ShortcutOverride))
        return QWidget::eventFilter(watched, event);
    const auto *key = static_cast<QKeyEvent *>(event);
    using Act = void (LesionPanel::*)();
    Act act = nullptr;
    if (key->matches(QKeySequence::Undo))
        act = &LesionPanel::undo;
    else if (key->matches(QKeySequence::Redo))
        act = &LesionPanel::redo;
    else if (key->modifiers() == Qt::NoModifier)
        act = key->key() == Qt::Key_Y        ? &LesionPanel::acceptCurrent
              : key->key() == Qt::Key_N      ? &LesionPanel::rejectCurrent
              : key->key() == Qt::Key_E      ? &LesionPanel::editCurrent
              : key->key() == Qt::Key_Period ? &LesionPanel::nextNotReviewed
              : key->key() == Qt::Key_Comma  ? &LesionPanel::previousNotReviewed
                                             : Act(nullptr);
    if (!act || !m_model->listsLesions())
        return QWidget::eventFilter(watched, event);
    // Taken before the window's shortcuts, which may mean something else elsewhere.
    event->accept();
    if (event->type() == QEvent::KeyPress)
        (this->*act)();
    return true;
}

QString LesionPanel::headline() const
{
    const CaseFindings &findings = m_case->findings;
    if (!m_model->listsLesions())
        return m_case->opened.predictions.empty() ? QString() : tr("Dice against the reference, per model");
    if (findings.lesions.empty())
        return m_case->opened.reference || !m_case->opened.predictions.empty()
                   ? tr("No lesion is marked in this case")
                   : tr("Nothing is segmented in this case");
    double sum = 0;
    for (const LesionFinding &lesion : findings.lesions)
        sum += lesion.millilitres;
    if (!m_case->opened.reference)
        return tr("%1 mL in all").arg(millilitreText(sum));
    QString text = tr("%1 mL in all").arg(millilitreText(findings.referenceMillilitres.value_or(0)));
    if (const int more = static_cast<int>(findings.lesions.size()) - findings.referenceLesions; more > 0)
        text += tr("; %n more drawn by models only", nullptr, more);
    return text;
}

void LesionPanel::refresh()
{
    if (!m_case) {
        m_title->setText(tr("Findings"));
        m_sum->clear();
        return refreshList();
    }
    const CaseFindings &findings = m_case->findings;
    if (m_model->listsLesions()) {
        const auto count =
            m_case->opened.reference ? findings.referenceLesions : static_cast<int>(findings.lesions.size());
        m_title->setText(tr("Lesions (%1)").arg(count));
        m_load->present(*m_case, totalsOf(*m_case, m_model->verdicts(), m_model->regions()));
    } else {
        m_title->setText(tr("Structures (%1)").arg(findings.structures.size()));
    }
    m_sum->setText(headline());
    m_sum->setVisible(!m_sum->text().isEmpty());
    refreshList();
}

void LesionPanel::refreshList()
{
    const int finding = currentFinding();
    const LesionVerdicts &verdicts = m_model->verdicts();
    const Verdict verdict = finding < 0 ? Verdict::None : verdicts.at(static_cast<std::size_t>(finding));
    for (QToolButton *button : {m_accept, m_reject, m_edit})
        button->setEnabled(finding >= 0);
    m_accept->setChecked(verdict == Verdict::Accepted);
    m_reject->setChecked(verdict == Verdict::Rejected);
    m_undo->setEnabled(verdicts.canUndo());
    m_redo->setEnabled(verdicts.canRedo());
    const auto open = verdicts.count(Verdict::None);
    m_next->setEnabled(open > 0);
    m_previous->setEnabled(open > 0);
    const int total = m_model->rowCount();
    m_shown->setText(
        m_filter->rowCount() == total
            ? tr("%1 of %2 reviewed").arg(verdicts.size() - open).arg(total)
            : tr("%1 of %2 listed, %3 reviewed").arg(m_filter->rowCount()).arg(total).arg(verdicts.size() - open));
}

void LesionPanel::keep()
{
    if (m_case && m_file->isReady() && (m_model->verdicts().canUndo() || m_model->verdicts().canRedo()))
        m_file->save(m_model->verdicts().toJson(*m_case, m_reader));
}

void LesionPanel::exportTable()
{
    const QString suggestion = QString::fromStdString(m_case->opened.id) + QStringLiteral("-findings.csv");
    const QString name =
        QFileDialog::getSaveFileName(this, tr("Export the table"), suggestion, tr("Comma-separated values (*.csv)"));
    if (name.isEmpty())
        return;
    // Flushing to a disk takes longer than the window may.
    auto text = findingsCsv(*m_model, m_filter->shown());
    QThreadPool::globalInstance()->start([panel = QPointer(this), name, text = std::move(text)] {
        const auto written = writeFileAtomically(std::filesystem::path(name.toStdU16String()), text);
        QMetaObject::invokeMethod(qApp, [panel, name, written] {
            if (panel && written)
                Q_EMIT panel->statusMessage(tr("The table is in %1").arg(name));
            else if (panel)
                Q_EMIT panel->errorOccurred(QString::fromStdString(written.error().line()));
        });
    });
}

} // namespace consilium::viewer
