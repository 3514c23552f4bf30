// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/reading_desk.h"

#include "viewer/canvas/review_resources.h"

#include <QLineEdit>
#include <QStackedWidget>

namespace consilium::viewer {

ReadingDesk::ReadingDesk(QWidget *parent)
    : QObject(parent), m_pages(new QStackedWidget(parent)), m_setup(new ReadingSetup(m_pages)),
      m_worklist(new ReadingWorklist(m_pages)), m_finished(new ReadingFinishedPage(m_pages)),
      m_questions(new ReadingPanel(parent))
{
    m_questions->hide();
    for (QWidget *page :
         {static_cast<QWidget *>(m_setup), static_cast<QWidget *>(m_worklist), static_cast<QWidget *>(m_finished)})
        m_pages->addWidget(page);
    connect(m_setup, &ReadingSetup::sessionReady, this, &ReadingDesk::begin);
    connect(m_worklist, &ReadingWorklist::readingChosen, m_questions, &ReadingPanel::goTo);
    connect(m_questions, &ReadingPanel::sessionChanged, m_worklist, &ReadingWorklist::refresh);
    connect(m_questions, &ReadingPanel::finished, this, &ReadingDesk::finish);
    connect(m_questions, &ReadingPanel::caseRequested, this, [this](const QString &id, int, int) {
        m_questions->setImagesReady(false);
        const auto [left, right] = m_session->drawnModels();
        Q_EMIT caseRequested(id, QString::fromStdString(left), QString::fromStdString(right));
    });
    connect(m_finished, &ReadingFinishedPage::correctionRequested, this, [this] { begin(m_session); });
    connect(m_finished, &ReadingFinishedPage::closeRequested, this, &ReadingDesk::close);
}

QWidget *ReadingDesk::panel() const
{
    return m_pages;
}

void ReadingDesk::setTheme(const Theme &theme)
{
    m_setup->setTheme(theme);
    m_worklist->setTheme(theme);
    m_finished->setTheme(theme);
    m_questions->setTheme(theme);
}

void ReadingDesk::setStudyFolder(const std::filesystem::path &study)
{
    m_setup->setStudyFolder(study);
}

void ReadingDesk::setCases(const QStringList &ids, const QStringList &models, const std::string &kind)
{
    std::vector<ReadingPlan> plans;
    for (const char *name : {"reading/lesions.json", "reading/landmarks.json"})
        if (const auto json = reviewResource(name))
            if (auto plan = ReadingPlan::fromJson(*json))
                plans.push_back(std::move(*plan));
    m_setup->setPlans(std::move(plans), kind == "radiograph" ? "landmarks" : "lesions");
    m_setup->setCases(ids, models);
}

void ReadingDesk::setReader(const QString &name)
{
    m_setup->findChild<QLineEdit *>(QStringLiteral("review.reading.reader"))->setText(name);
}

void ReadingDesk::begin(const std::shared_ptr<ReadingSession> &session)
{
    m_session = session;
    if (m_session->isFinished() && m_session->isFinal())
        return finish();
    m_worklist->setSession(m_session);
    m_pages->setCurrentWidget(m_worklist);
    Q_EMIT started();
    m_questions->show();
    m_questions->setSession(m_session);
    m_questions->takeFocus();
}

void ReadingDesk::finish()
{
    m_finished->setSession(m_session);
    m_pages->setCurrentWidget(m_finished);
    m_questions->hide();
    m_finished->setFocus();
}

void ReadingDesk::close()
{
    m_session = nullptr;
    m_questions->setSession(nullptr);
    m_questions->hide();
    m_worklist->setSession(nullptr);
    m_finished->setSession(nullptr);
    m_pages->setCurrentWidget(m_setup);
    Q_EMIT ended();
}

} // namespace consilium::viewer
