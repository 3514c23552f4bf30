// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/federation_page.h"

#include "app/notice.h"
#include "app/open_study.h"

#include <QLabel>
#include <QPushButton>
#include <QStackedWidget>
#include <QVBoxLayout>

namespace consilium::app {

using dashboard::CurveChart;

FederationPage::FederationPage(OpenStudy &study, QWidget *parent)
    : QWidget(parent), m_study(study), m_notice(new Notice), m_emptyTitle(new QLabel), m_emptyText(new QLabel),
      m_activity(new QLabel), m_toStudies(new QPushButton(tr("Go to Studies"))),
      m_stop(new QPushButton(tr("Stop the demo"))), m_empty(makeEmpty()), m_board(new dashboard::RoundBoard),
      m_loss(new CurveChart(CurveChart::Kind::Loss)), m_headline(new CurveChart(CurveChart::Kind::Headline)),
      m_drift(new CurveChart(CurveChart::Kind::Drift)), m_results(new dashboard::ResultsTable),
      m_log(new dashboard::EventLog), m_page(makeBoard()), m_stack(new QStackedWidget)
{
    m_notice->setObjectName("federation.notice");
    m_stack->addWidget(m_empty);
    m_stack->addWidget(m_page);
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 16, 16, 16);
    layout->setSpacing(12);
    layout->addWidget(m_notice);
    layout->addWidget(m_stack, 1);
    showEmpty();

    connect(&study, &OpenStudy::folderChanged, this, [this] {
        m_notice->clear();
        m_board->clear();
        m_loss->clear();
        m_headline->clear();
        m_drift->clear();
        m_log->clear();
        showEmpty();
    });
    connect(&study, &OpenStudy::snapshotChanged, this, &FederationPage::showStudy);
    connect(&study, &OpenStudy::absent, this, &FederationPage::showEmpty);
    connect(&study, &OpenStudy::failed, this,
            [this](const QString &message) { m_notice->tell(tr("The study could not be read: %1").arg(message)); });
    connect(&study, &OpenStudy::said, this, [this](const QString &sentence) {
        if (m_stack->currentWidget() == m_empty)
            m_emptyText->setText(sentence);
        m_activity->setText(tr("The demo goes on: %1").arg(sentence));
        m_activity->setVisible(m_study.snapshot() && m_study.snapshot()->state == "finished");
    });
    connect(&study, &OpenStudy::demoStarted, this, [this] {
        m_stop->setEnabled(true);
        showEmpty();
    });
    connect(&study, &OpenStudy::demoFinished, this, [this](bool ok, const QString &message) {
        m_stop->hide();
        m_activity->hide();
        if (!ok && m_study.isDemo())
            m_notice->tell(tr("The demo ended early: %1").arg(message), m_study.nodeErrors());
        if (m_stack->currentWidget() == m_empty)
            showEmpty();
    });
    connect(m_toStudies, &QPushButton::clicked, this, &FederationPage::studiesRequested);
    connect(m_stop, &QPushButton::clicked, this, [this] {
        m_stop->setEnabled(false);
        m_study.stopDemo();
    });
}

QWidget *FederationPage::makeEmpty()
{
    auto *empty = new QWidget;
    empty->setObjectName("federation.empty");
    m_emptyTitle->setProperty("role", "heading");
    m_emptyTitle->setAlignment(Qt::AlignCenter);
    m_emptyText->setObjectName("federation.empty.text");
    m_emptyText->setProperty("role", "quiet");
    m_emptyText->setAlignment(Qt::AlignCenter);
    m_emptyText->setWordWrap(true);
    auto *layout = new QVBoxLayout(empty);
    layout->setSpacing(12);
    layout->addStretch();
    layout->addWidget(m_emptyTitle);
    layout->addWidget(m_emptyText);
    layout->addWidget(m_toStudies, 0, Qt::AlignHCenter);
    layout->addStretch();
    return empty;
}

QWidget *FederationPage::makeBoard()
{
    m_board->setObjectName("federation.board");
    m_loss->setObjectName("federation.lossChart");
    m_headline->setObjectName("federation.headlineChart");
    m_drift->setObjectName("federation.driftChart");
    m_loss->keepLegend();
    m_results->setObjectName("federation.results");
    m_log->setObjectName("federation.log");
    m_activity->setObjectName("federation.activity");
    m_activity->setWordWrap(true);
    m_activity->hide();
    m_stop->setObjectName("federation.stop");
    m_stop->hide();
    m_board->addControl(m_stop);

    // Words that come and go do not move the columns.
    auto *leftColumn = new QWidget, *rightColumn = new QWidget;
    auto *left = new QVBoxLayout(leftColumn);
    left->addWidget(m_board);
    left->addWidget(m_activity);
    left->addWidget(m_results);
    left->addWidget(m_log, 1);
    auto *right = new QVBoxLayout(rightColumn);
    right->addWidget(m_loss, 1);
    right->addWidget(m_headline, 1);
    right->addWidget(m_drift, 1);
    auto *columns = new QHBoxLayout;
    columns->addWidget(leftColumn, 3);
    columns->addWidget(rightColumn, 2);
    for (auto *column : {leftColumn, rightColumn}) {
        column->setSizePolicy(QSizePolicy::Ignored, QSizePolicy::Preferred);
        column->layout()->setContentsMargins(0, 0, 0, 0);
    }
    for (auto *box :
         {static_cast<QBoxLayout *>(left), static_cast<QBoxLayout *>(right), static_cast<QBoxLayout *>(columns)})
        box->setSpacing(12);

    auto *page = new QWidget;
    auto *layout = new QVBoxLayout(page);
    layout->setContentsMargins(0, 0, 0, 0);
    layout->addLayout(columns);
    return page;
}

void FederationPage::setTheme(const Theme &theme)
{
    m_notice->setTheme(theme);
    m_board->setTheme(theme);
    m_loss->setTheme(theme);
    m_headline->setTheme(theme);
    m_drift->setTheme(theme);
    m_results->setTheme(theme);
    m_log->setTheme(theme);
}

void FederationPage::showEmpty()
{
    const bool starting = m_study.isDemo() && m_study.isDemoRunning();
    if (m_study.folder().empty()) {
        m_emptyTitle->setText(tr("No study is open"));
        m_emptyText->setText(
            tr("This page shows the rounds of a study: what each site does, how the model improves, and what went "
               "wrong. Start the demo or open a study folder first."));
    } else if (starting) {
        m_emptyTitle->setText(tr("The demo study is being prepared"));
        m_emptyText->setText(tr("The images of the hospitals are made first; the sites then join one by one."));
    } else {
        m_emptyTitle->setText(tr("There is no study in this folder yet"));
        m_emptyText->setText(tr("%1 holds no study.json and study.db. The page fills as soon as they appear.")
                                 .arg(QString::fromStdU16String(m_study.folder().u16string())));
    }
    m_toStudies->setVisible(!starting);
    m_stack->setCurrentWidget(m_empty);
}

void FederationPage::showStudy(const storage::StudySnapshot &study)
{
    m_board->setSnapshot(study);
    m_loss->setSnapshot(study);
    m_headline->setSnapshot(study);
    m_drift->setSnapshot(study);
    m_results->setSnapshot(study);
    m_log->setSnapshot(study);
    m_stop->setVisible(m_study.isDemo() && m_study.isDemoRunning());
    m_stack->setCurrentWidget(m_page);
}

} // namespace consilium::app
