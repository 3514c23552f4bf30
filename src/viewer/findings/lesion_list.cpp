// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/findings/lesion_list.h"

#include "viewer/canvas/colours.h"
#include "viewer/controls/flow_row.h"
#include "viewer/findings/lesion_filter_bar.h"
#include "viewer/findings/narrow_table.h"

#include <QFontMetrics>
#include <QHBoxLayout>
#include <QHeaderView>
#include <QKeyEvent>
#include <QLabel>
#include <QTableView>
#include <QToolButton>

namespace consilium::viewer {

using Column = FindingsModel::Column;

LesionList::LesionList(FindingsModel &findings, QWidget *parent)
    : QWidget(parent), m_model(findings), m_filter(new LesionFilter(findings, this)),
      m_filterBar(new LesionFilterBar(this)), m_table(new QTableView(this)), m_shown(new QLabel(this))
{
    setObjectName(QStringLiteral("review.lesions.list"));
    m_table->setObjectName(QStringLiteral("review.lesionTable"));
    m_table->setAccessibleName(tr("Findings"));
    m_table->setModel(m_filter);
    prepareNarrowTable(*m_table);
    m_table->installEventFilter(this);
    m_shown->setObjectName(QStringLiteral("review.lesions.shown"));
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_filterBar);
    column->addWidget(m_table, 1);
    column->addWidget(makeActions());
    connectAll();
}

QToolButton *LesionList::makeButton(const char *name, const char *icon, const QString &text, const QString &tip)
{
    auto *button = new QToolButton(this);
    button->setObjectName(QLatin1String(name));
    button->setText(text);
    button->setAccessibleName(text);
    button->setToolTip(tip);
    button->setFocusPolicy(Qt::StrongFocus);
    if (*icon)
        button->setIcon(QIcon::fromTheme(QLatin1String(icon)));
    return button;
}

QWidget *LesionList::makeActions()
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
    auto *rows = new QVBoxLayout(m_actions);
    rows->setContentsMargins(0, 0, 0, 0);
    auto *verdicts = new FlowRow;
    auto *steps = new QHBoxLayout;
    for (QToolButton *button : {m_accept, m_reject, m_edit})
        verdicts->addWidget(button);
    verdicts->addSpacing(8);
    for (QToolButton *button : {m_undo, m_redo})
        verdicts->addWidget(button);
    steps->addWidget(m_shown, 1);
    for (QToolButton *button : {m_previous, m_next})
        steps->addWidget(button);
    rows->addLayout(verdicts);
    rows->addLayout(steps);
    return m_actions;
}

template <typename Act>
void LesionList::quietly(Act act)
{
    m_quiet = true;
    act();
    m_quiet = false;
    refresh();
}

void LesionList::connectAll()
{
    // A click goes there again even when the row was chosen before; the keyboard goes along with the rows.
    connect(m_table, &QTableView::clicked, this, &LesionList::jumpTo);
    connect(m_table, &QTableView::activated, this, &LesionList::jumpTo);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, [this](const QModelIndex &now) {
        if (m_quiet)
            return;
        jumpTo(now);
        refresh();
    });
    connect(m_table->horizontalHeader(), &QHeaderView::sectionClicked, this, &LesionList::sortBy);
    connect(m_filterBar, &LesionFilterBar::criteriaChanged, this,
            [this](const LesionCriteria &criteria) { quietly([&] { m_filter->setCriteria(criteria); }); });
    connect(&m_model, &FindingsModel::verdictsChanged, this, &LesionList::refresh);
    connect(m_accept, &QToolButton::clicked, this, &LesionList::acceptCurrent);
    connect(m_reject, &QToolButton::clicked, this, &LesionList::rejectCurrent);
    connect(m_edit, &QToolButton::clicked, this, &LesionList::editCurrent);
    connect(m_undo, &QToolButton::clicked, this, &LesionList::undo);
    connect(m_redo, &QToolButton::clicked, this, &LesionList::redo);
    connect(m_next, &QToolButton::clicked, this, &LesionList::nextNotReviewed);
    connect(m_previous, &QToolButton::clicked, this, &LesionList::previousNotReviewed);
}

void LesionList::setTheme(const Theme &theme)
{
    layout()->setSpacing(2 * theme.step);
    m_actions->layout()->setSpacing(theme.step);
    QFont body = font(), caption = font();
    body.setPixelSize(theme.bodySize);
    caption.setPixelSize(theme.captionSize);
    m_shown->setFont(caption);
    QPalette quiet = palette();
    quiet.setColor(QPalette::WindowText, colour(theme.quietText));
    m_shown->setPalette(quiet);
    const auto role = [](const std::string &name) { return QString::fromStdString(name); };
    // The window's tool buttons are quiet, as befits icons; these are what the panel is for.
    const QString sheet = QStringLiteral("QToolButton { color: %1; background: %2; border: 1px solid %3; "
                                         "border-radius: %4px; padding: 4px 8px; }"
                                         "QToolButton:hover, QToolButton:focus { border-color: %5; }"
                                         "QToolButton:checked { border-color: %5; color: %5; }"
                                         "QToolButton:disabled { color: %6; }")
                              .arg(role(theme.text), role(theme.raised), role(theme.line))
                              .arg(theme.radius)
                              .arg(role(theme.accent), role(theme.quietText));
    for (QToolButton *button : {m_accept, m_reject, m_edit})
        button->setStyleSheet(sheet);
    for (QToolButton *button : {m_accept, m_reject, m_edit, m_undo, m_redo, m_previous, m_next})
        button->setFont(body);
    m_filterBar->setTheme(theme);
    styleNarrowTable(*m_table, theme);
    setUpColumns();
}

void LesionList::setCase(std::shared_ptr<const LoadedCase> shown)
{
    quietly([&] {
        m_model.setCase(shown);
        m_filterBar->setCase(shown.get());
        m_filter->setCriteria(m_filterBar->criteria());
        m_filter->sort(-1);
    });
    const bool decides = m_model.listsLesions() && m_model.rowCount() > 0;
    m_filterBar->setVisible(decides);
    m_actions->setVisible(decides);
    setUpColumns();
}

void LesionList::setRegions(const std::vector<imaging::LesionRegion> &regions)
{
    quietly([&] { m_model.setRegions(regions); });
}

// Numbers and marks take what they need; 0 for what shares the rest: places, or names of structures.
int LesionList::widthOf(int section) const
{
    const QFontMetrics metrics(m_table->font());
    switch (m_model.column(section)) {
    case Column::Number: return textWidth(metrics, {QString(QString::number(m_model.rowCount()).size(), u'0')});
    case Column::Millilitres: return textWidth(metrics, {QStringLiteral("0.000"), QStringLiteral("00.0")});
    case Column::Diameter: return textWidth(metrics, {QStringLiteral("0.0"), QStringLiteral("00")});
    case Column::Reference:
    case Column::Review: return textWidth(metrics, {QStringLiteral("\u2713")});
    case Column::Model:
        if (m_model.listsLesions())
            return textWidth(metrics, {QStringLiteral("\u2713")});
        // More models than these share the width with the names.
        return m_model.columnCount() - m_model.firstModelColumn() <= 3 ? textWidth(metrics, {QStringLiteral("0.00")})
                                                                       : 0;
    case Column::Name:
    case Column::Where: break;
    }
    return 0;
}

void LesionList::setUpColumns()
{
    std::vector<int> widths;
    for (int section = 0; section < m_model.columnCount(); ++section)
        widths.push_back(widthOf(section));
    setColumnWidths(*m_table, widths);
}

void LesionList::sortBy(int section)
{
    const Column column = m_model.column(section);
    // Names and places begin with the first, amounts and marks with the most.
    const bool rising = column == Column::Number || column == Column::Name || column == Column::Where;
    Qt::SortOrder order = rising ? Qt::AscendingOrder : Qt::DescendingOrder;
    if (m_filter->sortColumn() == section)
        order = m_filter->sortOrder() == Qt::AscendingOrder ? Qt::DescendingOrder : Qt::AscendingOrder;
    m_filter->sort(section, order);
    setUpColumns(); // the arrow takes room
    if (m_table->currentIndex().isValid())
        m_table->scrollTo(m_table->currentIndex());
}

void LesionList::jumpTo(const QModelIndex &index)
{
    if (const auto position = m_model.position(m_filter->findingOf(index)))
        Q_EMIT jumpRequested(*position);
}

int LesionList::currentFinding() const
{
    return m_model.listsLesions() ? m_filter->findingOf(m_table->currentIndex()) : -1;
}

void LesionList::select(int row)
{
    if (row >= 0)
        m_table->setCurrentIndex(m_filter->index(row, 0));
}

void LesionList::selectFinding(std::optional<std::size_t> finding)
{
    if (!finding)
        return;
    const QModelIndex listed = m_filter->mapFromSource(m_model.index(static_cast<int>(*finding), 0));
    if (listed.isValid())
        select(listed.row());
}

void LesionList::decide(Verdict verdict)
{
    const int finding = currentFinding();
    if (finding < 0)
        return refresh();
    const auto at = static_cast<std::size_t>(finding);
    const bool back = m_model.verdicts().at(at) == verdict;
    std::optional<std::size_t> next;
    if (const int row = back ? -1 : m_filter->notReviewed(m_table->currentIndex().row(), 1); row >= 0)
        next = static_cast<std::size_t>(m_filter->findingOf(m_filter->index(row, 0)));
    quietly([&] { m_model.setVerdict({at}, back ? Verdict::None : verdict); });
    if (next != at)
        selectFinding(next);
}

void LesionList::acceptCurrent()
{
    decide(Verdict::Accepted);
}

void LesionList::rejectCurrent()
{
    decide(Verdict::Rejected);
}

void LesionList::editCurrent()
{
    if (const int finding = currentFinding(); finding >= 0) {
        const LesionFinding &lesion = m_model.shown()->findings.lesions[static_cast<std::size_t>(finding)];
        Q_EMIT editRequested(lesion.position, lesion.drawnBy);
    }
}

void LesionList::undo()
{
    std::optional<std::size_t> changed;
    quietly([&] { changed = m_model.undo(); });
    selectFinding(changed);
}

void LesionList::redo()
{
    std::optional<std::size_t> changed;
    quietly([&] { changed = m_model.redo(); });
    selectFinding(changed);
}

void LesionList::nextNotReviewed()
{
    select(m_filter->notReviewed(m_table->currentIndex().row(), 1));
}

void LesionList::previousNotReviewed()
{
    select(m_filter->notReviewed(m_table->currentIndex().row(), -1));
}

void LesionList::acceptShown()
{
    if (m_model.listsLesions())
        quietly([&] { m_model.setVerdict(m_filter->shown(), Verdict::Accepted); });
}

bool LesionList::eventFilter(QObject *watched, QEvent *event)
{
    if (watched != m_table || (event->type() != QEvent::KeyPress && event->type() != QEvent::ShortcutOverride))
        return QWidget::eventFilter(watched, event);
    const auto *key = static_cast<QKeyEvent *>(event);
    using Act = void (LesionList::*)();
    Act act = nullptr;
    if (key->matches(QKeySequence::Undo))
        act = &LesionList::undo;
    else if (key->matches(QKeySequence::Redo))
        act = &LesionList::redo;
    else if (key->modifiers() == Qt::NoModifier)
        act = key->key() == Qt::Key_Y        ? &LesionList::acceptCurrent
              : key->key() == Qt::Key_N      ? &LesionList::rejectCurrent
              : key->key() == Qt::Key_E      ? &LesionList::editCurrent
              : key->key() == Qt::Key_Period ? &LesionList::nextNotReviewed
              : key->key() == Qt::Key_Comma  ? &LesionList::previousNotReviewed
                                             : Act(nullptr);
    if (!act || !m_model.listsLesions())
        return QWidget::eventFilter(watched, event);
    // Taken before the window's shortcuts, which may mean something else elsewhere.
    event->accept();
    if (event->type() == QEvent::KeyPress)
        (this->*act)();
    return true;
}

void LesionList::refresh()
{
    if (m_quiet)
        return;
    const int finding = currentFinding();
    const LesionVerdicts &verdicts = m_model.verdicts();
    const Verdict verdict = finding < 0 ? Verdict::None : verdicts.at(static_cast<std::size_t>(finding));
    for (QToolButton *button : {m_accept, m_reject, m_edit})
        button->setEnabled(finding >= 0);
    m_accept->setChecked(verdict == Verdict::Accepted);
    m_reject->setChecked(verdict == Verdict::Rejected);
    m_undo->setEnabled(verdicts.canUndo());
    m_redo->setEnabled(verdicts.canRedo());
    const auto open = verdicts.count(Verdict::None);
    const auto reviewed = verdicts.size() - open;
    m_next->setEnabled(open > 0);
    m_previous->setEnabled(open > 0);
    const int total = m_model.rowCount(), listed = m_filter->rowCount();
    m_shown->setText(listed == total ? tr("%1 of %2 reviewed").arg(reviewed).arg(total)
                                     : tr("%1 of %2 listed, %3 reviewed").arg(listed).arg(total).arg(reviewed));
}

} // namespace consilium::viewer
