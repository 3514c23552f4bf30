// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/findings/lesion_panel.h"

#include "core/file.h"
#include "viewer/canvas/colours.h"
#include "viewer/findings/change_view.h"
#include "viewer/findings/findings_csv.h"
#include "viewer/findings/lesion_list.h"
#include "viewer/findings/load_summary.h"
#include "viewer/findings/verdict_file.h"

#include <QCoreApplication>
#include <QFileDialog>
#include <QHBoxLayout>
#include <QLabel>
#include <QMenu>
#include <QPointer>
#include <QTabBar>
#include <QTabWidget>
#include <QThreadPool>
#include <QToolButton>

namespace consilium::viewer {

namespace {

// Pixels at the usual font size: every column of two models is read whole.
constexpr int kNarrowest = 300, kUsualFont = 13;

} // namespace

LesionPanel::LesionPanel(QWidget *parent)
    : QWidget(parent), m_model(new FindingsModel(this)), m_locator(new LesionLocator(this)),
      m_file(new VerdictFile(this)), m_title(new QLabel(this)), m_sum(new QLabel(this)), m_more(new QToolButton(this)),
      m_menu(new QMenu(m_more)), m_tabs(new QTabWidget(this)), m_load(new LoadSummary),
      m_list(new LesionList(*m_model)), m_change(new LesionChangeView)
{
    setMinimumWidth(kNarrowest);
    m_title->setObjectName(QStringLiteral("review.lesionTitle"));
    m_sum->setObjectName(QStringLiteral("review.lesionSum"));
    m_sum->setWordWrap(true);
    m_more->setObjectName(QStringLiteral("review.lesions.more"));
    m_more->setText(tr("More"));
    m_more->setAccessibleName(tr("More"));
    m_more->setToolTip(tr("Sort, export and accept all that are listed"));
    m_more->setFocusPolicy(Qt::StrongFocus);
    m_more->setMenu(m_menu);
    m_more->setPopupMode(QToolButton::InstantPopup);
    auto *page = new QWidget;
    auto *listColumn = new QVBoxLayout(page);
    listColumn->addWidget(m_load);
    listColumn->addWidget(m_list, 1);
    m_tabs->setObjectName(QStringLiteral("review.lesions.tabs"));
    m_tabs->setDocumentMode(true);
    m_tabs->addTab(page, tr("List"));
    m_tabs->addTab(m_change, tr("Change"));

    auto *top = new QHBoxLayout;
    top->addWidget(m_title, 1);
    top->addWidget(m_more);
    auto *column = new QVBoxLayout(this);
    column->addLayout(top);
    column->addWidget(m_sum);
    column->addWidget(m_tabs, 1);
    connectAll();
    setCase(nullptr);
}

LesionPanel::~LesionPanel() = default;

void LesionPanel::connectAll()
{
    connect(m_list, &LesionList::jumpRequested, this, &LesionPanel::jumpRequested);
    connect(m_list, &LesionList::editRequested, this, &LesionPanel::editRequested);
    connect(m_locator, &LesionLocator::located, this, [this](const auto &shown, const auto &regions) {
        if (shown == m_case)
            placed(regions);
    });
    connect(m_model, &FindingsModel::verdictsChanged, this, [this] {
        refresh();
        keep();
        Q_EMIT verdictsChanged();
    });
    connect(m_file, &VerdictFile::opened, this, &LesionPanel::takeVerdicts);
    connect(m_file, &VerdictFile::failed, this, &LesionPanel::errorOccurred);
    connect(m_change, &LesionChangeView::priorRequested, this, &LesionPanel::priorRequested);
    connect(m_change, &LesionChangeView::jumpRequested, this, &LesionPanel::jumpRequested);
    connect(m_change, &LesionChangeView::compared, this, &LesionPanel::priorCompared);
}

void LesionPanel::fillMenu()
{
    m_menu->clear();
    if (m_model->listsLesions())
        connect(m_menu->addAction(tr("Accept all listed")), &QAction::triggered, m_list, &LesionList::acceptShown);
    QMenu *sort = m_menu->addMenu(tr("Sort by"));
    for (int section = 0; section < m_model->columnCount(); ++section)
        connect(sort->addAction(m_model->headerData(section, Qt::Horizontal, Qt::ToolTipRole).toString()),
                &QAction::triggered, this, [this, section] { m_list->sortBy(section); });
    connect(m_menu->addAction(tr("Export as CSV\u2026")), &QAction::triggered, this, &LesionPanel::exportTable);
    m_more->setEnabled(m_model->rowCount() > 0);
}

void LesionPanel::setTheme(const Theme &theme)
{
    const int edge = 2 * theme.step;
    setMinimumWidth(kNarrowest * theme.bodySize / kUsualFont);
    layout()->setContentsMargins(edge, edge, edge, edge);
    layout()->setSpacing(theme.step);
    m_tabs->widget(0)->layout()->setSpacing(edge);
    m_tabs->widget(0)->layout()->setContentsMargins(0, edge, 0, 0);
    m_change->layout()->setContentsMargins(0, edge, 0, 0);
    QFont title = font(), caption = font(), body = font();
    title.setPixelSize(theme.bodySize);
    title.setBold(true);
    body.setPixelSize(theme.bodySize);
    caption.setPixelSize(theme.captionSize);
    m_title->setFont(title);
    m_sum->setFont(caption);
    QPalette quiet = palette();
    quiet.setColor(QPalette::WindowText, colour(theme.quietText));
    m_sum->setPalette(quiet);
    m_more->setFont(body);
    m_tabs->tabBar()->setFont(body);
    m_model->setTheme(theme);
    m_load->setTheme(theme);
    m_list->setTheme(theme);
    m_change->setTheme(theme);
}

void LesionPanel::setCase(std::shared_ptr<const LoadedCase> shown)
{
    m_file->open({});
    m_case = shown;
    m_list->setCase(shown);
    const bool lesions = m_model->listsLesions();
    m_load->setVisible(lesions && m_model->rowCount() > 0);
    m_tabs->tabBar()->setVisible(lesions);
    if (!lesions)
        m_tabs->setCurrentIndex(0);
    m_change->setCase(lesions ? shown : nullptr);
    m_locator->locate(lesions ? shown : nullptr);
    fillMenu();
    refresh();
}

void LesionPanel::placed(const std::vector<imaging::LesionRegion> &regions)
{
    m_list->setRegions(regions);
    m_change->setRegions(regions);
    refresh();
    Q_EMIT regionsChanged();
}

void LesionPanel::setVerdictFile(const std::filesystem::path &file, const std::string &reader)
{
    m_reader = reader;
    if (m_case && m_model->listsLesions())
        m_file->open(file);
}

void LesionPanel::takeVerdicts(const Json &verdicts)
{
    if (verdicts.is_null())
        return keep();
    if (const auto read = m_model->readVerdicts(verdicts); !read) {
        m_file->refuse();
        Q_EMIT errorOccurred(tr("Your verdicts on this case could not be read, so new ones are not kept. %1")
                                 .arg(QString::fromStdString(read.error().line())));
    }
}

void LesionPanel::keep()
{
    if (m_case && m_file->isReady() && (m_model->verdicts().canUndo() || m_model->verdicts().canRedo()))
        m_file->save(m_model->verdicts().toJson(*m_case, m_reader));
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

QString LesionPanel::headline() const
{
    const CaseFindings &findings = m_case->findings;
    if (!m_model->listsLesions())
        return m_case->opened.predictions.empty() ? QString() : tr("Dice against the reference, per model");
    if (findings.lesions.empty())
        return m_case->opened.reference || !m_case->opened.predictions.empty()
                   ? tr("No lesion is marked in this case")
                   : tr("Nothing is segmented in this case");
    if (!m_case->opened.reference) {
        double sum = 0;
        for (const LesionFinding &lesion : findings.lesions)
            sum += lesion.millilitres;
        return tr("%1 mL in all").arg(millilitreText(sum));
    }
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
        return;
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
}

void LesionPanel::exportTable()
{
    const QString suggestion = QString::fromStdString(m_case->opened.id) + QStringLiteral("-findings.csv");
    const QString name =
        QFileDialog::getSaveFileName(this, tr("Export the table"), suggestion, tr("Comma-separated values (*.csv)"));
    if (name.isEmpty())
        return;
    // Flushing to a disk takes longer than the window may.
    auto text = findingsCsv(*m_model, m_list->shown());
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
