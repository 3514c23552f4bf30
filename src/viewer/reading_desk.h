// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/theme.h"
#include "viewer/cases/review_case.h"
#include "viewer/reading/reading_finished_page.h"
#include "viewer/reading/reading_panel.h"
#include "viewer/reading/reading_setup.h"
#include "viewer/reading/reading_worklist.h"

#include <QObject>

class QStackedWidget;

namespace consilium::viewer {

/// A reading session on the Review page: set-up, worklist and end in the side panel, the questions under the images. It
/// asks for cases; the page shows them.
class ReadingDesk : public QObject
{
    Q_OBJECT

public:
    explicit ReadingDesk(QWidget *parent);

    void setTheme(const Theme &theme);
    /// Where sessions are kept, and which cases and models there are to read.
    void setStudyFolder(const std::filesystem::path &study);
    void setCases(const QStringList &ids, const QStringList &models, const std::string &kind);
    /// Proposed to whoever begins a session.
    void setReader(const QString &name);
    /// The case asked for is on the screen.
    void imagesReady() { m_questions->setImagesReady(true); }

    bool isReading() const { return m_session && !m_session->isFinished(); }
    bool isBlinded() const { return m_session && m_session->isBlinded(); }
    QWidget *panel() const;
    ReadingPanel *questions() const { return m_questions; }

Q_SIGNALS:
    void started();
    void caseRequested(const QString &caseId, const QString &leftModel, const QString &rightModel);
    void ended(); ///< or put away; the page is the reader's own again

private:
    void begin(const std::shared_ptr<ReadingSession> &session);
    void finish();
    void close();

    std::shared_ptr<ReadingSession> m_session;
    QStackedWidget *m_pages;
    ReadingSetup *m_setup;
    ReadingWorklist *m_worklist;
    ReadingFinishedPage *m_finished;
    ReadingPanel *m_questions;
};

} // namespace consilium::viewer
