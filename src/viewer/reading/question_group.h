// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/theme.h"
#include "viewer/reading/reading_record.h"

#include <QWidget>

class QAbstractButton;
class QButtonGroup;
class QHBoxLayout;
class QKeyEvent;
class QLabel;
class QLineEdit;
class QSpinBox;

namespace consilium::viewer {

/// One question at one step: its text and what answers it. It keeps nothing; it shows the answer it is given and
/// reports what the reader says.
///
/// Object names: `name` itself (review.reading.better, review.reading.missed.left), and below it .left, .right, .equal;
/// .1 to .5; the checklist's item ids; .text.
class QuestionGroup : public QWidget
{
    Q_OBJECT

public:
    QuestionGroup(const ReadingQuestion &question, std::optional<Side> side, const QString &name,
                  QWidget *parent = nullptr);

    void setTheme(const Theme &theme);
    /// Without reporting it back.
    void setAnswer(const std::optional<Answer> &answer);
    /// What the inputs say; nothing for a choice or scale that is not answered, and for empty text.
    std::optional<Answer> answer() const;
    /// The question in turn is marked, with a bar and in the accent.
    void setInTurn(bool inTurn);
    /// Where the keyboard goes when the question is in turn.
    QWidget *focusTarget() const;
    /// Whether a letter or digit is one of the question's keys.
    bool knowsKey(const QKeyEvent &event) const;
    /// Answers by such a key: chooses, ticks or unticks; counts up, or down with Shift.
    void press(const QKeyEvent &event);

Q_SIGNALS:
    void answered(); ///< by the reader; see answer()

protected:
    void paintEvent(QPaintEvent *event) override;

private:
    void addChoices(QHBoxLayout *row);
    void addScale(QHBoxLayout *row);
    void addItems(QHBoxLayout *row);
    void addButton(QHBoxLayout *row, int id, char key, const QString &text, const QString &name,
                   const QString &accessible);
    void connectButtons();
    void mark(int id); ///< none: -1
    int indexOfKey(const QKeyEvent &event) const;

    ReadingQuestion m_question;
    QString m_title;
    QLabel *m_label;
    QButtonGroup *m_buttons = nullptr;      // choice, scale
    std::vector<QAbstractButton *> m_ticks; // checklist
    std::vector<QSpinBox *> m_counts;       // checklist that counts
    QLineEdit *m_text = nullptr;
    Theme m_theme;
    bool m_inTurn = false;
};

} // namespace consilium::viewer
