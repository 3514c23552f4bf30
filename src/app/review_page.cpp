// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/review_page.h"

#include "app/notice.h"
#include "app/open_study.h"
#include "viewer/review_view.h"

#include <QComboBox>
#include <QCoreApplication>
#include <QLabel>
#include <QPointer>
#include <QSignalBlocker>
#include <QThreadPool>
#include <QVBoxLayout>

namespace consilium::app {

namespace {

// What an entry of the source list stands for besides a dataset's index.
constexpr int studyCases = -1;
constexpr int chosenFiles = -2;

} // namespace

ReviewPage::ReviewPage(OpenStudy &study, viewer::ActionTable &actions, viewer::SettingsStore &settings, QWidget *parent)
    : QWidget(parent), m_study(study), m_notice(new Notice), m_bar(new QWidget), m_source(new QComboBox),
      m_view(new viewer::ReviewView(actions, settings))
{
    m_notice->setObjectName("review.notice");
    m_source->setObjectName("review.source");
    m_source->setSizeAdjustPolicy(QComboBox::AdjustToContents);
    auto *label = new QLabel(tr("Show"));
    label->setBuddy(m_source);
    m_source->setAccessibleName(tr("What to show"));
    auto *bar = new QHBoxLayout(m_bar);
    bar->setContentsMargins(0, 0, 0, 0);
    bar->addWidget(label);
    bar->addWidget(m_source);
    bar->addStretch();
    m_bar->hide();
    auto *layout = new QVBoxLayout(this);
    layout->setContentsMargins(16, 8, 16, 8);
    layout->setSpacing(8);
    layout->addWidget(m_notice);
    layout->addWidget(m_bar);
    layout->addWidget(m_view, 1);

    connect(m_source, &QComboBox::activated, this, &ReviewPage::openSource);
    connect(m_view, &viewer::ReviewView::statusMessage, this, &ReviewPage::statusMessage);
    connect(m_view, &viewer::ReviewView::errorOccurred, m_notice,
            [this](const QString &message) { m_notice->tell(message); });
    connect(m_view, &viewer::ReviewView::caseOpened, m_notice, &Notice::clear);
    connect(&study, &OpenStudy::folderChanged, this, [this] {
        m_notice->clear();
        m_opened = !m_files.empty();
        offer({});
        look();
    });
    connect(&study, &OpenStudy::snapshotChanged, this, [this] {
        if (m_sources.empty() || isVisible())
            look();
    });
    connect(&study, &OpenStudy::demoFinished, this, &ReviewPage::look);
}

void ReviewPage::setTheme(const Theme &theme)
{
    m_notice->setTheme(theme);
    m_view->setTheme(theme);
}

void ReviewPage::openPaths(const std::vector<std::filesystem::path> &paths)
{
    m_files = paths;
    fillSources();
    const int index = m_source->findData(chosenFiles);
    m_source->setCurrentIndex(index);
    openSource(index);
}

void ReviewPage::showEvent(QShowEvent *event)
{
    QWidget::showEvent(event);
    look();
    openFirst();
}

void ReviewPage::openFirst()
{
    if (isVisible() && !m_opened && m_source->count() > 0)
        openSource(m_source->currentIndex());
}

void ReviewPage::look()
{
    if (m_looking || m_study.folder().empty())
        return;
    m_looking = true;
    QThreadPool::globalInstance()->start([page = QPointer(this), folder = m_study.folder()] {
        auto sources = findReviewSources(folder);
        QMetaObject::invokeMethod(qApp, [page, folder, sources = std::move(sources)] {
            if (!page)
                return;
            page->m_looking = false;
            if (folder == page->m_study.folder())
                page->offer(sources);
            else
                page->look();
        });
    });
}

void ReviewPage::offer(const ReviewSources &sources)
{
    if (sources == m_sources)
        return;
    const bool news = m_sources.cases.empty() && !sources.cases.empty();
    m_sources = sources;
    fillSources();
    openFirst();
    if (news && m_opened)
        Q_EMIT statusMessage(tr("The study's test cases can be looked at in Review"));
}

void ReviewPage::fillSources()
{
    const auto before = m_source->currentData();
    const QSignalBlocker quiet(m_source);
    m_source->clear();
    if (!m_sources.cases.empty())
        m_source->addItem(tr("Test cases with every model (%1)").arg(m_sources.cases.size()), studyCases);
    for (std::size_t i = 0; i < m_sources.datasets.size(); ++i)
        m_source->addItem(tr("Images at %1").arg(QString::fromStdString(m_sources.datasets[i].site)),
                          static_cast<int>(i));
    if (!m_files.empty())
        m_source->addItem(tr("Opened files"), chosenFiles);
    m_bar->setVisible(m_source->count() > 0);
    // What somebody looks at stays chosen when more arrives.
    if (const int again = m_opened && before.isValid() ? m_source->findData(before) : -1; again >= 0)
        m_source->setCurrentIndex(again);
}

void ReviewPage::openSource(int index)
{
    m_notice->clear();
    m_opened = true;
    const int source = m_source->itemData(index).toInt();
    if (source == studyCases)
        m_view->openCases(m_sources.cases);
    else if (source == chosenFiles)
        m_view->openFiles(m_files);
    else
        m_view->openFiles({m_sources.datasets.at(static_cast<std::size_t>(source)).folder});
}

} // namespace consilium::app
