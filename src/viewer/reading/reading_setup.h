// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/theme.h"
#include "viewer/reading/reading_session.h"

#include <QStringList>
#include <QWidget>

class QCheckBox;
class QComboBox;
class QLabel;
class QLineEdit;
class QListWidget;
class QPushButton;
class QSpinBox;

namespace consilium::viewer {

/// Starts a reading session, or resumes or joins one that was begun. It opens the session and hands it on.
///
/// Object names: review.reading.setup, .setupTitle, .setupNotice, .reader, .plan, .openPlan, .sessionName, .models,
/// .pairing, .blinded, .seed, .start, .sessions, .resume.
class ReadingSetup : public QWidget
{
    Q_OBJECT

public:
    explicit ReadingSetup(QWidget *parent = nullptr);

    void setTheme(const Theme &theme);
    /// Where sessions are kept; lists those that were begun.
    void setStudyFolder(const std::filesystem::path &study);
    /// `kind` ("lesions", "landmarks") chooses the first of the plans that is made for it.
    void setPlans(std::vector<ReadingPlan> plans, const std::string &kind = {});
    /// Ids of the study's cases, and names of the models that drew on them (as in ReviewCase::predictions).
    void setCases(const QStringList &ids, const QStringList &models);
    /// Reads a plan from a file and chooses it. Errors are shown.
    void addPlan(const std::filesystem::path &file);
    /// Time comes from here; the computer's own unless said.
    void setClock(std::shared_ptr<const ReadingClock> clock);

Q_SIGNALS:
    void sessionReady(const std::shared_ptr<consilium::viewer::ReadingSession> &session);

private:
    QWidget *makeNew();
    QWidget *makeBegun();
    void listSessions();
    void showPlan(int index);
    void checkStart();
    void start();
    void resume();
    void handOn(Result<std::unique_ptr<ReadingSession>> opened);
    void say(const QString &notice);
    QStringList checkedModels() const;

    std::filesystem::path m_study;
    std::vector<ReadingPlan> m_plans;
    std::vector<std::string> m_cases;
    std::shared_ptr<const ReadingClock> m_clock;
    Theme m_theme;

    QLabel *m_title, *m_notice;
    QLineEdit *m_reader, *m_sessionName = nullptr;
    QComboBox *m_plan = nullptr, *m_pairing = nullptr;
    QPushButton *m_openPlan = nullptr, *m_start = nullptr, *m_resume = nullptr;
    QListWidget *m_models = nullptr, *m_sessions = nullptr;
    QCheckBox *m_blinded = nullptr;
    QSpinBox *m_seed = nullptr;
};

} // namespace consilium::viewer
