// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/findings/change_view.h"

#include "viewer/canvas/colours.h"
#include "viewer/findings/findings_model.h"

#include <QGridLayout>
#include <QHeaderView>
#include <QLabel>
#include <QLocale>
#include <QMenu>
#include <QProgressBar>
#include <QPushButton>
#include <QStackedWidget>
#include <QTableView>
#include <QVBoxLayout>
#include <algorithm>
#include <cmath>

namespace consilium::viewer {

namespace {

enum Page { Invitation, Work, Finished };

QLabel *makeText(const char *name, QWidget *parent)
{
    auto *label = new QLabel(parent);
    label->setObjectName(QLatin1String(name));
    label->setWordWrap(true);
    return label;
}

QString signedText(double value, int decimals)
{
    const QString sign = value < 0 ? QStringLiteral("\u2212") : QStringLiteral("+");
    return sign + QLocale().toString(std::abs(value), 'f', decimals);
}

} // namespace

LesionChangeView::LesionChangeView(QWidget *parent)
    : QWidget(parent), m_comparison(new PriorComparison(this)), m_model(new ChangeModel(this)),
      m_sorted(new SortedRows(this)), m_pages(new QStackedWidget(this))
{
    setObjectName(QStringLiteral("review.lesions.change"));
    setAccessibleName(tr("Change since an earlier examination"));
    m_sorted->setSourceModel(m_model);
    m_pages->addWidget(makeInvitation());
    m_pages->addWidget(makeWork());
    m_pages->addWidget(makeResult());
    auto *column = new QVBoxLayout(this);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_pages);
    connect(m_comparison, &PriorComparison::progressed, this,
            [this](double share) { m_progress->setValue(static_cast<int>(100 * share)); });
    connect(m_comparison, &PriorComparison::compared, this, &LesionChangeView::present);
    connect(m_comparison, &PriorComparison::failed, this, &LesionChangeView::tellFailure);
    fillMenus();
}

QPushButton *LesionChangeView::makeChooser(const char *name)
{
    auto *button = new QPushButton(tr("Compare with\u2026"), this);
    button->setObjectName(QLatin1String(name));
    button->setToolTip(tr("Chooses an earlier examination of the same patient"));
    button->setMenu(new QMenu(button));
    m_choosers.push_back(button);
    return button;
}

QWidget *LesionChangeView::makeInvitation()
{
    auto *page = new QWidget(this);
    m_invitation = makeText("review.change.invitation", page);
    m_invitation->setText(tr("Shows which lesions are new, larger, smaller or gone since an earlier examination of the "
                             "same patient. The two are aligned first."));
    m_failure = makeText("review.change.failure", page);
    m_failure->hide();
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_invitation);
    column->addWidget(makeChooser("review.change.choose"), 0, Qt::AlignLeft);
    column->addWidget(m_failure);
    column->addStretch(1);
    return page;
}

QWidget *LesionChangeView::makeWork()
{
    auto *page = new QWidget(this);
    m_work = makeText("review.change.work", page);
    m_progress = new QProgressBar(page);
    m_progress->setObjectName(QStringLiteral("review.change.progress"));
    m_progress->setAccessibleName(tr("Alignment"));
    m_progress->setRange(0, 100);
    m_progress->setTextVisible(false);
    auto *cancel = new QPushButton(tr("Cancel"), page);
    cancel->setObjectName(QStringLiteral("review.change.cancel"));
    connect(cancel, &QPushButton::clicked, this, [this] { setPrior(nullptr); });
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_work);
    column->addWidget(m_progress);
    column->addWidget(cancel, 0, Qt::AlignLeft);
    column->addStretch(1);
    return page;
}

QWidget *LesionChangeView::makeResult()
{
    auto *page = new QWidget(this);
    m_net = makeText("review.change.net", page);
    m_alignment = makeText("review.change.alignment", page);
    m_totals = new QGridLayout;
    m_table = new QTableView(page);
    m_table->setObjectName(QStringLiteral("review.change.table"));
    m_table->setAccessibleName(tr("Changed lesions"));
    m_table->setModel(m_sorted);
    prepareNarrowTable(*m_table);
    auto *column = new QVBoxLayout(page);
    column->setContentsMargins(0, 0, 0, 0);
    column->addWidget(m_net);
    column->addWidget(m_alignment);
    column->addLayout(m_totals);
    column->addWidget(m_table, 1);
    column->addWidget(makeChooser("review.change.chooseAnother"), 0, Qt::AlignLeft);
    const auto jump = [this](const QModelIndex &index) {
        const auto position = m_model->position(m_sorted->mapToSource(index).row());
        if (position && !m_quiet)
            Q_EMIT jumpRequested(*position);
    };
    connect(m_table, &QTableView::clicked, this, jump);
    connect(m_table, &QTableView::activated, this, jump);
    connect(m_table->selectionModel(), &QItemSelectionModel::currentRowChanged, this, jump);
    connect(m_table->horizontalHeader(), &QHeaderView::sectionClicked, this, &LesionChangeView::sortBy);
    return page;
}

void LesionChangeView::sortBy(int column)
{
    const bool again = m_sorted->sortColumn() == column && m_sorted->sortOrder() == Qt::AscendingOrder;
    m_sorted->sort(column, again ? Qt::DescendingOrder : Qt::AscendingOrder);
    setUpColumns(); // the arrow takes room
}

void LesionChangeView::setUpColumns()
{
    const QFontMetrics metrics(m_table->font());
    setColumnWidths(*m_table,
                    {textWidth(metrics, {changeName(ChangeKind::Enlarged), changeName(ChangeKind::Resolved)}),
                     textWidth(metrics, {QStringLiteral("0.000")}), textWidth(metrics, {QStringLiteral("0.000")}),
                     textWidth(metrics, {QStringLiteral("+000")}), 0});
}

void LesionChangeView::setTheme(const Theme &theme)
{
    m_theme = theme;
    m_model->setTheme(theme);
    QFont body = font(), caption = font();
    body.setPixelSize(theme.bodySize);
    caption.setPixelSize(theme.captionSize);
    for (QLabel *label : {m_invitation, m_failure, m_work, m_net})
        label->setFont(body);
    m_alignment->setFont(caption);
    QPalette quiet = palette(), bad = palette();
    quiet.setColor(QPalette::WindowText, colour(theme.quietText));
    bad.setColor(QPalette::WindowText, colour(theme.bad));
    m_invitation->setPalette(quiet);
    m_alignment->setPalette(quiet);
    m_failure->setPalette(bad);
    for (int page = 0; page < m_pages->count(); ++page)
        m_pages->widget(page)->layout()->setSpacing(2 * theme.step);
    m_totals->setHorizontalSpacing(2 * theme.step);
    m_totals->setVerticalSpacing(theme.step / 2);
    styleNarrowTable(*m_table, theme);
    setUpColumns();
}

void LesionChangeView::setCase(std::shared_ptr<const LoadedCase> current)
{
    m_comparison->cancel();
    m_current = std::move(current);
    m_quiet = true;
    m_model->setComparison(nullptr);
    m_model->setRegions({});
    m_quiet = false;
    m_failure->hide();
    m_pages->setCurrentIndex(Invitation);
}

void LesionChangeView::setRegions(const std::vector<imaging::LesionRegion> &regions)
{
    m_model->setRegions(regions);
}

void LesionChangeView::setPriorCandidates(const QStringList &titles)
{
    m_candidates = titles;
    fillMenus();
}

void LesionChangeView::fillMenus()
{
    for (QPushButton *button : m_choosers) {
        QMenu *menu = button->menu();
        menu->clear();
        for (int n = 0; n < m_candidates.size(); ++n)
            connect(menu->addAction(m_candidates[n]), &QAction::triggered, this,
                    [this, n] { Q_EMIT priorRequested(n); });
        if (!m_candidates.isEmpty())
            menu->addSeparator();
        connect(menu->addAction(tr("Choose files\u2026")), &QAction::triggered, this,
                [this] { Q_EMIT priorRequested(-1); });
    }
}

void LesionChangeView::setPrior(std::shared_ptr<const LoadedCase> prior)
{
    m_failure->hide();
    if (!prior || !m_current) {
        m_comparison->cancel();
        m_pages->setCurrentIndex(m_model->rowCount() > 0 ? Finished : Invitation);
        return;
    }
    m_work->setText(tr("Aligning with %1").arg(QString::fromStdString(prior->opened.title)));
    m_progress->setValue(0);
    m_pages->setCurrentIndex(Work);
    m_comparison->start(std::move(prior), m_current);
}

void LesionChangeView::tellFailure(const QString &message)
{
    m_failure->setText(tr("They could not be compared. %1").arg(message));
    m_failure->show();
    m_pages->setCurrentIndex(Invitation);
}

void LesionChangeView::present(std::shared_ptr<const ComparedCases> result)
{
    const LesionChange::Total all = result->change.total();
    const double difference = all.now - all.before, most = std::max(all.before, all.now);
    const int decimals = most < 0.095 ? 3 : most < 9.95 ? 2 : 1; // as the volumes themselves
    QString net = tr("%1 mL before, %2 mL now: %3 mL")
                      .arg(millilitreText(all.before), millilitreText(all.now), signedText(difference, decimals));
    if (all.before > 0)
        net += tr(" (%1 %)").arg(signedText(100 * difference / all.before, 0));
    m_net->setText(net);
    const auto &moved = result->currentToPrior.translation;
    m_alignment->setText(tr("Since %1. Turned by %2\u00b0 and moved by %3 mm to fit; check that they do.")
                             .arg(QString::fromStdString(result->prior->opened.title),
                                  QLocale().toString(result->currentToPrior.angleDegrees(), 'f', 1),
                                  QLocale().toString(std::hypot(moved[0], moved[1], moved[2]), 'f', 1)));
    const QString rule =
        tr("A lesion is enlarged or shrunk when its volume changed by more than two measurements of the same lesion "
           "differ: small ones to 1.75 or 0.41 times, those over 0.4 mL to 1.38 or 0.66 times (Goodkin 1992).");
    m_alignment->setToolTip(rule);
    m_alignment->setAccessibleDescription(rule);
    m_quiet = true;
    m_model->setComparison(result);
    m_quiet = false;
    fillTotals(result->change);
    m_pages->setCurrentIndex(Finished);
    Q_EMIT compared(std::move(result));
}

void LesionChangeView::fillTotals(const LesionChange &change)
{
    while (QLayoutItem *item = m_totals->takeAt(0)) {
        delete item->widget();
        delete item;
    }
    QFont caption = font();
    caption.setPixelSize(m_theme.captionSize);
    const auto add = [&](int row, int column, const QString &text, bool quiet = false) {
        auto *label = new QLabel(text);
        label->setFont(caption);
        if (quiet) {
            QPalette palette = label->palette();
            palette.setColor(QPalette::WindowText, colour(m_theme.quietText));
            label->setPalette(palette);
        }
        m_totals->addWidget(label, row, column, column == 0 ? Qt::AlignLeft : Qt::AlignRight);
    };
    m_totals->setColumnStretch(0, 1);
    add(0, 1, tr("lesions"), true);
    add(0, 2, tr("mL before"), true);
    add(0, 3, tr("mL now"), true);
    int row = 1;
    for (const ChangeKind kind : kChangeKinds) {
        const LesionChange::Total total = change.total(kind);
        if (total.groups == 0 && kind == ChangeKind::Unclear)
            continue;
        add(row, 0, changeName(kind));
        add(row, 1, QString::number(total.groups));
        add(row, 2, total.before > 0 ? millilitreText(total.before) : QStringLiteral("\u2013"));
        add(row, 3, total.now > 0 ? millilitreText(total.now) : QStringLiteral("\u2013"));
        ++row;
    }
}

} // namespace consilium::viewer
