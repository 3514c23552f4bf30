// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/theme.h"
#include "viewer/reading/reading_session.h"

#include <QWidget>

class QKeyEvent;
class QLabel;
class QLineEdit;
class QPushButton;

namespace consilium::viewer {

class FlowLayout;
class QuestionGroup;

/// The strip under the images: the questions of the case in front, one after the other, by keyboard alone if wished.
///
/// Keys, of the question in turn: its digits choose, its letters tick. Return goes to the next question, after the last
/// to the next case; Backspace goes to the one before, from the first to the case before. "/" goes to the comment.
/// It never names a model. Time runs while the strip is visible, its window active and the images are ready.
///
/// Object names: review.reading.panel, .position, .notice, .back, .next, .comment and those of the questions (see
/// QuestionGroup).
class ReadingPanel : public QWidget
{
    Q_OBJECT

public:
    explicit ReadingPanel(QWidget *parent = nullptr);
    ~ReadingPanel() override;

    void setTheme(const Theme &theme);
    /// Shows the case the session is at and asks for it; null empties the strip.
    void setSession(std::shared_ptr<ReadingSession> session);
    const std::shared_ptr<ReadingSession> &session() const { return m_session; }

    /// False from the moment a case is asked for until its images are on the screen, so that loading costs the reader
    /// no time. True unless said.
    void setImagesReady(bool ready);
    void goTo(int reading);
    /// To the question in turn, from wherever the keyboard is.
    void takeFocus();
    /// Whether the strip wants this key now; the page may ask so when the keyboard is on the images.
    bool wantsKey(const QKeyEvent &event) const;
    /// Acts on such a key.
    void press(const QKeyEvent &event);

Q_SIGNALS:
    void caseRequested(const QString &caseId, int leftModel, int rightModel);
    void sessionChanged(); ///< an answer, a case, its state
    void finished();
    void errorOccurred(const QString &message); ///< an answer could not be kept

protected:
    bool event(QEvent *event) override;
    bool eventFilter(QObject *watched, QEvent *event) override;
    void keyPressEvent(QKeyEvent *event) override;

private:
    void buildQuestions();
    void setGaps();
    void showCase(bool fromBehind);
    void markStep(int step);
    void showStep(int step);
    void goOn();
    void goBack();
    void keepAnswer(int step);
    void keepComment();
    void keepWords();
    void say(const QString &notice);
    bool report(const Result<> &result);
    void runTime();

    std::shared_ptr<ReadingSession> m_session;
    Theme m_theme;
    std::vector<QuestionGroup *> m_groups; // by step
    std::vector<QWidget *> m_pairs;        // left and right of one question
    int m_step = 0;
    bool m_imagesReady = true, m_windowActive = false;

    QLabel *m_position, *m_notice;
    QPushButton *m_back, *m_next;
    QWidget *m_questions;
    FlowLayout *m_flow;
    QLineEdit *m_comment;
};

} // namespace consilium::viewer
