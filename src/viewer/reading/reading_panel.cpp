// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/reading/reading_panel.h"

#include "viewer/reading/flow_layout.h"
#include "viewer/reading/question_group.h"
#include "viewer/reading/reading_looks.h"

#include <QAbstractSpinBox>
#include <QApplication>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPointer>
#include <QPushButton>
#include <QVBoxLayout>

namespace consilium::viewer {

namespace {

bool isReturn(const QKeyEvent &event)
{
    return event.key() == Qt::Key_Return || event.key() == Qt::Key_Enter;
}

} // namespace

ReadingPanel::ReadingPanel(QWidget *parent)
    : QWidget(parent), m_position(new QLabel(this)), m_notice(new QLabel(this)), m_back(new QPushButton(this)),
      m_next(new QPushButton(this)), m_questions(new QWidget(this)), m_flow(new FlowLayout(m_questions)),
      m_comment(new QLineEdit(this))
{
    setObjectName(QStringLiteral("review.reading.panel"));
    setAccessibleName(tr("Questions about this case"));
    setFocusPolicy(Qt::StrongFocus);
    m_position->setObjectName(QStringLiteral("review.reading.position"));
    m_notice->setObjectName(QStringLiteral("review.reading.notice"));
    m_notice->setTextFormat(Qt::PlainText);
    m_back->setObjectName(QStringLiteral("review.reading.back"));
    m_back->setText(tr("Back"));
    m_back->setToolTip(tr("Question before (Backspace)"));
    m_back->setAccessibleName(tr("Question before"));
    m_next->setObjectName(QStringLiteral("review.reading.next"));
    m_next->setText(tr("Next"));
    m_next->setToolTip(tr("Next question, then next case (Return)"));
    m_next->setAccessibleName(tr("Next question"));
    m_questions->setObjectName(QStringLiteral("review.reading.questions"));
    m_comment->setObjectName(QStringLiteral("review.reading.comment"));
    m_comment->setPlaceholderText(tr("Comment (/)"));
    m_comment->setAccessibleName(tr("Comment on this case"));

    auto *row = new QHBoxLayout;
    row->addWidget(m_position);
    row->addWidget(m_notice, 1);
    row->addWidget(m_comment, 1);
    row->addWidget(m_back);
    row->addWidget(m_next);
    auto *column = new QVBoxLayout(this);
    column->addWidget(m_questions);
    column->addLayout(row);

    for (QPushButton *button : {m_back, m_next})
        button->setAutoDefault(false);
    for (QWidget *input :
         {static_cast<QWidget *>(m_back), static_cast<QWidget *>(m_next), static_cast<QWidget *>(m_comment)})
        input->installEventFilter(this);
    connect(m_back, &QPushButton::clicked, this, &ReadingPanel::goBack);
    connect(m_next, &QPushButton::clicked, this, &ReadingPanel::goOn);
    connect(m_comment, &QLineEdit::editingFinished, this, &ReadingPanel::keepComment);
    setSession(nullptr);
}

ReadingPanel::~ReadingPanel()
{
    if (m_session)
        m_session->setFailureHandler({});
}

void ReadingPanel::setTheme(const Theme &theme)
{
    m_theme = theme;
    layout()->setContentsMargins(2 * theme.step, theme.step, 2 * theme.step, theme.step);
    layout()->setSpacing(theme.step);
    setGaps();
    for (QWidget *widget :
         {static_cast<QWidget *>(m_position), static_cast<QWidget *>(m_notice), static_cast<QWidget *>(m_back),
          static_cast<QWidget *>(m_next), static_cast<QWidget *>(m_comment)}) {
        looks::font(widget, theme.bodySize);
        widget->setMinimumHeight(theme.row);
    }
    looks::text(m_position, theme.quietText);
    looks::text(m_notice, theme.warn);
    for (QuestionGroup *group : m_groups)
        group->setTheme(theme);
}

void ReadingPanel::setSession(std::shared_ptr<ReadingSession> session)
{
    if (m_session) {
        keepWords();
        m_session->pause();
        m_session->setFailureHandler({});
    }
    m_session = std::move(session);
    buildQuestions();
    setEnabled(m_session != nullptr);
    m_notice->clear();
    if (!m_session) {
        m_position->clear();
        m_comment->clear();
        return;
    }
    m_session->setFailureHandler([panel = QPointer<ReadingPanel>(this)](const Error &error) {
        const QString message = QString::fromStdString(error.line());
        // Whether the panel is still there can be told on its own thread alone.
        QMetaObject::invokeMethod(
            QCoreApplication::instance(),
            [panel, message] {
                if (!panel)
                    return;
                panel->say(message);
                Q_EMIT panel->errorOccurred(message);
            },
            Qt::QueuedConnection);
    });
    showCase(false);
}

void ReadingPanel::buildQuestions()
{
    qDeleteAll(m_groups);
    m_groups.clear();
    qDeleteAll(m_pairs);
    m_pairs.clear();
    m_step = 0;
    if (!m_session)
        return;
    for (const ReadingStep &step : m_session->steps()) {
        const ReadingQuestion &question = m_session->questions()[step.question];
        QString name = QStringLiteral("review.reading.") + QString::fromStdString(question.id);
        if (step.side)
            name += *step.side == Side::Left ? QStringLiteral(".left") : QStringLiteral(".right");
        QWidget *place = m_questions;
        if (step.side) {
            // Left and right stay side by side as long as they fit.
            if (*step.side == Side::Left) {
                m_pairs.push_back(new QWidget(m_questions));
                new FlowLayout(m_pairs.back());
                m_flow->addWidget(m_pairs.back());
                m_pairs.back()->show();
            }
            place = m_pairs.back();
        }
        auto *group = new QuestionGroup(question, step.side, name, place);
        group->setTheme(m_theme);
        const int index = static_cast<int>(m_groups.size());
        connect(group, &QuestionGroup::answered, this, [this, index, kind = question.kind] {
            // Text also reports when the keyboard leaves it: that is no way back to it.
            if (index != m_step && kind != QuestionKind::Text)
                showStep(index);
            keepAnswer(index);
        });
        group->installEventFilter(this);
        for (QWidget *input : group->findChildren<QWidget *>())
            input->installEventFilter(this);
        place->layout()->addWidget(group);
        group->show();
        m_groups.push_back(group);
    }
    QWidget *before = nullptr;
    for (QuestionGroup *group : m_groups) {
        if (before)
            setTabOrder(before, group);
        before = group;
    }
    setGaps();
}

void ReadingPanel::setGaps()
{
    m_flow->setGaps(4 * m_theme.step, m_theme.step);
    for (QWidget *pair : m_pairs)
        static_cast<FlowLayout *>(pair->layout())->setGaps(4 * m_theme.step, m_theme.step);
}

void ReadingPanel::showCase(bool fromBehind)
{
    const auto &steps = m_session->steps();
    for (std::size_t i = 0; i < steps.size(); ++i)
        m_groups[i]->setAnswer(m_session->answer(steps[i]));
    m_comment->setText(QString::fromStdString(m_session->comment(m_session->current())));
    m_position->setText(tr("Case %1 of %2").arg(m_session->current() + 1).arg(m_session->count()));
    int first = fromBehind ? static_cast<int>(steps.size()) - 1 : 0;
    for (int i = 0; !fromBehind && i < static_cast<int>(steps.size()); ++i) {
        if (!m_session->isAnswered(steps[static_cast<std::size_t>(i)])) {
            first = i;
            break;
        }
    }
    showStep(first);
    runTime();
    const ShownModels shown = m_session->shownModels();
    Q_EMIT caseRequested(QString::fromStdString(m_session->caseId(m_session->current())), shown.left, shown.right);
    Q_EMIT sessionChanged();
}

void ReadingPanel::markStep(int step)
{
    m_step = step;
    say({});
    for (std::size_t i = 0; i < m_groups.size(); ++i)
        m_groups[i]->setInTurn(static_cast<int>(i) == step);
}

void ReadingPanel::showStep(int step)
{
    markStep(step);
    takeFocus();
}

void ReadingPanel::takeFocus()
{
    if (m_session && m_step < static_cast<int>(m_groups.size()))
        m_groups[static_cast<std::size_t>(m_step)]->focusTarget()->setFocus();
}

void ReadingPanel::say(const QString &notice)
{
    m_notice->setText(notice);
}

bool ReadingPanel::report(const Result<> &result)
{
    if (!result)
        say(QString::fromStdString(result.error().line()));
    return result.has_value();
}

void ReadingPanel::keepAnswer(int step)
{
    const auto index = static_cast<std::size_t>(step);
    const ReadingStep &asked = m_session->steps()[index];
    auto answer = m_groups[index]->answer();
    // Words that were deleted leave an empty answer, not the old one.
    if (!answer && m_session->answer(asked) && m_session->questions()[asked.question].kind == QuestionKind::Text)
        answer = std::string();
    if (answer) {
        if (report(m_session->setAnswer(asked, *answer)))
            Q_EMIT sessionChanged();
        else
            m_groups[index]->setAnswer(m_session->answer(asked));
    }
}

void ReadingPanel::keepWords()
{
    if (!m_session || m_session->isFinal())
        return;
    for (std::size_t i = 0; i < m_groups.size(); ++i)
        if (m_session->questions()[m_session->steps()[i].question].kind == QuestionKind::Text)
            keepAnswer(static_cast<int>(i));
    keepComment();
}

void ReadingPanel::keepComment()
{
    if (m_session && report(m_session->setComment(m_comment->text().trimmed().toStdString())))
        Q_EMIT sessionChanged();
}

void ReadingPanel::goOn()
{
    if (!m_session)
        return;
    const auto index = static_cast<std::size_t>(m_step);
    const ReadingQuestion &question = m_session->questions()[m_session->steps()[index].question];
    // Going on past a checklist says that none of it applies.
    if ((question.kind == QuestionKind::Checklist || question.kind == QuestionKind::Text) && !m_session->isFinal())
        keepAnswer(m_step);
    if (question.required && !m_session->isAnswered(m_session->steps()[index])) {
        say(tr("'%1' has no answer yet").arg(m_groups[index]->accessibleName()));
        return;
    }
    if (m_step + 1 < static_cast<int>(m_groups.size())) {
        showStep(m_step + 1);
        return;
    }
    keepWords();
    if (const auto missing = m_session->missing()) {
        for (std::size_t i = 0; i < m_groups.size(); ++i) {
            const ReadingStep &step = m_session->steps()[i];
            if (step.question == missing->question && step.side == missing->side)
                showStep(static_cast<int>(i));
        }
        say(tr("'%1' has no answer yet").arg(m_groups[static_cast<std::size_t>(m_step)]->accessibleName()));
        return;
    }
    if (!report(m_session->next()))
        return;
    if (m_session->isFinished()) {
        Q_EMIT sessionChanged();
        Q_EMIT finished();
        return;
    }
    showCase(false);
}

void ReadingPanel::goBack()
{
    if (!m_session)
        return;
    if (m_step > 0) {
        showStep(m_step - 1);
        return;
    }
    keepWords();
    if (m_session->back())
        showCase(true);
}

void ReadingPanel::goTo(int reading)
{
    if (!m_session || reading < 0)
        return;
    keepWords();
    m_session->goTo(static_cast<std::size_t>(reading));
    showCase(false);
}

void ReadingPanel::setImagesReady(bool ready)
{
    m_imagesReady = ready;
    runTime();
}

void ReadingPanel::runTime()
{
    if (!m_session)
        return;
    if (m_imagesReady && m_windowActive && isVisible() && !m_session->isFinished())
        m_session->resumeTime();
    else
        m_session->pause();
}

bool ReadingPanel::event(QEvent *event)
{
    switch (event->type()) {
    case QEvent::WindowActivate:
        m_windowActive = true;
        runTime();
        break;
    case QEvent::WindowDeactivate:
        m_windowActive = false;
        runTime();
        break;
    case QEvent::Show:
        m_windowActive = isActiveWindow();
        runTime();
        break;
    case QEvent::Hide: runTime(); break;
    default: break;
    }
    return QWidget::event(event);
}

bool ReadingPanel::wantsKey(const QKeyEvent &event) const
{
    if (!m_session || !isEnabled())
        return false;
    const QWidget *focus = QApplication::focusWidget();
    const auto *line = isAncestorOf(focus) ? qobject_cast<const QLineEdit *>(focus) : nullptr;
    const bool counting = isAncestorOf(focus) && qobject_cast<const QAbstractSpinBox *>(focus);
    const bool plain = !(event.modifiers() & ~(Qt::KeypadModifier | Qt::ShiftModifier));
    if (isReturn(event))
        return plain;
    if (event.key() == Qt::Key_Backspace)
        return plain && !counting && !(line && !line->text().isEmpty());
    if (line)
        return event.key() == Qt::Key_Escape;
    return (plain && event.key() == Qt::Key_Slash) || m_groups[static_cast<std::size_t>(m_step)]->knowsKey(event);
}

void ReadingPanel::press(const QKeyEvent &event)
{
    if (!wantsKey(event))
        return;
    // Out of the comment, Return and Backspace lead back to the question.
    if (m_comment->hasFocus()) {
        keepComment();
        takeFocus();
    } else if (isReturn(event)) {
        goOn();
    } else if (event.key() == Qt::Key_Backspace) {
        goBack();
    } else if (event.key() == Qt::Key_Escape) {
        setFocus();
    } else if (event.key() == Qt::Key_Slash) {
        m_comment->setFocus();
    } else {
        m_groups[static_cast<std::size_t>(m_step)]->press(event);
    }
}

bool ReadingPanel::eventFilter(QObject *watched, QEvent *event)
{
    if (event->type() == QEvent::ShortcutOverride && wantsKey(*static_cast<QKeyEvent *>(event))) {
        event->accept();
        return true;
    }
    if (event->type() == QEvent::KeyPress && wantsKey(*static_cast<QKeyEvent *>(event))) {
        press(*static_cast<QKeyEvent *>(event));
        return true;
    }
    if (event->type() == QEvent::FocusIn) {
        for (std::size_t i = 0; i < m_groups.size(); ++i) {
            const bool within = watched == m_groups[i] || m_groups[i]->isAncestorOf(qobject_cast<QWidget *>(watched));
            if (within && static_cast<int>(i) != m_step)
                markStep(static_cast<int>(i));
        }
    }
    return QWidget::eventFilter(watched, event);
}

void ReadingPanel::keyPressEvent(QKeyEvent *event)
{
    if (wantsKey(*event))
        press(*event);
    else
        QWidget::keyPressEvent(event);
}

} // namespace consilium::viewer
