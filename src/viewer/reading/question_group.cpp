// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/reading/question_group.h"

#include "viewer/reading/reading_looks.h"

#include <QButtonGroup>
#include <QCheckBox>
#include <QHBoxLayout>
#include <QKeyEvent>
#include <QLabel>
#include <QLineEdit>
#include <QPainter>
#include <QPushButton>
#include <QSignalBlocker>
#include <QSpinBox>
#include <QStyle>
#include <algorithm>

namespace consilium::viewer {

QuestionGroup::QuestionGroup(const ReadingQuestion &question, std::optional<Side> side, const QString &name,
                             QWidget *parent)
    : QWidget(parent), m_question(question), m_label(new QLabel(this))
{
    const QString text = QString::fromStdString(question.text);
    m_title = !side ? text : *side == Side::Left ? tr("%1, left").arg(text) : tr("%1, right").arg(text);
    setObjectName(name);
    setAccessibleName(m_title);
    setFocusPolicy(Qt::StrongFocus);
    m_label->setObjectName(name + QStringLiteral(".label"));
    m_label->setTextFormat(Qt::PlainText);
    const bool asks = m_title.endsWith(QLatin1Char('?')) || m_title.endsWith(QLatin1Char(':'));
    m_label->setText(asks ? m_title : m_title + QLatin1Char(':'));
    auto *row = new QHBoxLayout(this);
    row->addWidget(m_label);
    switch (question.kind) {
    case QuestionKind::Choice: addChoices(row); break;
    case QuestionKind::Likert: addScale(row); break;
    case QuestionKind::Checklist: addItems(row); break;
    case QuestionKind::Text:
        m_text = new QLineEdit(this);
        m_text->setObjectName(name + QStringLiteral(".text"));
        m_text->setAccessibleName(m_title);
        m_text->setMinimumWidth(fontMetrics().averageCharWidth() * 40);
        row->addWidget(m_text);
        connect(m_text, &QLineEdit::editingFinished, this, &QuestionGroup::answered);
        break;
    }
}

void QuestionGroup::addButton(QHBoxLayout *row, int id, char key, const QString &text, const QString &name,
                              const QString &accessible)
{
    auto *button = new QPushButton(this);
    button->setObjectName(objectName() + QLatin1Char('.') + name);
    const QString keyText = QString(QLatin1Char(key));
    const QString label = keyText == text ? text : QStringLiteral("(%1) %2").arg(keyText, text);
    button->setText(label);
    // Chosen is said by a sign and the accent, not by the accent alone.
    connect(button, &QPushButton::toggled, button, [button, label](bool chosen) {
        button->setText(chosen ? QStringLiteral("✓ ") + label : label);
        button->setProperty("role", chosen ? QStringLiteral("primary") : QString());
        button->style()->unpolish(button);
        button->style()->polish(button);
    });
    button->setAccessibleName(accessible);
    button->setCheckable(true);
    button->setAutoDefault(false);
    m_buttons->addButton(button, id);
    row->addWidget(button);
}

void QuestionGroup::addChoices(QHBoxLayout *row)
{
    m_buttons = new QButtonGroup(this);
    const QString texts[] = {tr("left"), tr("right"), tr("equal")};
    const char *const names[] = {"left", "right", "equal"};
    for (int i = 0; i < 3; ++i)
        addButton(row, i, m_question.keys[static_cast<std::size_t>(i)], texts[i], QLatin1String(names[i]),
                  tr("%1 %2").arg(m_title, texts[i]));
    connectButtons();
}

void QuestionGroup::addScale(QHBoxLayout *row)
{
    m_buttons = new QButtonGroup(this);
    auto *low = new QLabel(QString::fromStdString(m_question.low), this);
    auto *high = new QLabel(QString::fromStdString(m_question.high), this);
    low->setObjectName(objectName() + QStringLiteral(".low"));
    high->setObjectName(objectName() + QStringLiteral(".high"));
    for (QLabel *end : {low, high})
        end->setTextFormat(Qt::PlainText);
    row->addWidget(low);
    for (int grade = 1; grade <= 5; ++grade)
        addButton(row, grade, m_question.keys[static_cast<std::size_t>(grade - 1)], QString::number(grade),
                  QString::number(grade),
                  tr("%1: %2, where 1 is %3 and 5 is %4").arg(m_title).arg(grade).arg(low->text(), high->text()));
    row->addWidget(high);
    connectButtons();
}

void QuestionGroup::connectButtons()
{
    // An exclusive group cannot be emptied again for the next case, so that one alone is chosen is seen to here.
    m_buttons->setExclusive(false);
    connect(m_buttons, &QButtonGroup::idClicked, this, [this](int id) {
        mark(id);
        Q_EMIT answered();
    });
}

void QuestionGroup::mark(int id)
{
    for (QAbstractButton *button : m_buttons->buttons())
        button->setChecked(m_buttons->id(button) == id);
}

void QuestionGroup::addItems(QHBoxLayout *row)
{
    for (const ChecklistItem &item : m_question.items) {
        const QString name = objectName() + QLatin1Char('.') + QString::fromStdString(item.id);
        const QString text = QString::fromStdString(item.text);
        const QString accessible = tr("%1: %2").arg(m_title, text);
        const QString key = QString(QLatin1Char(item.key));
        if (!m_question.counts) {
            auto *tick = new QCheckBox(tr("%1 (%2)").arg(looks::plain(item.text), key), this);
            tick->setObjectName(name);
            tick->setAccessibleName(accessible);
            connect(tick, &QCheckBox::clicked, this, &QuestionGroup::answered);
            m_ticks.push_back(tick);
            row->addWidget(tick);
            continue;
        }
        auto *label = new QLabel(tr("%1 (%2)").arg(text, key), this);
        label->setObjectName(name + QStringLiteral(".label"));
        label->setTextFormat(Qt::PlainText);
        auto *count = new QSpinBox(this);
        count->setObjectName(name);
        count->setAccessibleName(accessible);
        count->setToolTip(tr("%1 adds one, Shift+%1 takes one away").arg(key));
        count->setRange(0, 999);
        connect(count, &QSpinBox::valueChanged, this, &QuestionGroup::answered);
        m_counts.push_back(count);
        row->addWidget(label);
        row->addWidget(count);
    }
}

void QuestionGroup::setTheme(const Theme &theme)
{
    m_theme = theme;
    layout()->setContentsMargins(2 * theme.step, 0, theme.step, 0);
    layout()->setSpacing(theme.step);
    for (QWidget *child : findChildren<QWidget *>(QString(), Qt::FindDirectChildrenOnly)) {
        looks::font(child, theme.bodySize);
        child->setMinimumHeight(theme.row);
    }
    // Room for the sign, so that nothing moves when an answer is given.
    for (auto *button : findChildren<QPushButton *>(QString(), Qt::FindDirectChildrenOnly)) {
        const QString text = button->text();
        button->setMinimumWidth(0);
        if (!button->isChecked())
            button->setText(QStringLiteral("✓ ") + text);
        button->setMinimumWidth(button->sizeHint().width());
        button->setText(text);
    }
    // The style draws a box's frame from the window's colour, which hides it in the dark.
    for (auto *tick : findChildren<QCheckBox *>(QString(), Qt::FindDirectChildrenOnly)) {
        QPalette palette = tick->palette();
        palette.setColor(QPalette::Window, QColor(QString::fromStdString(theme.quietText)));
        palette.setColor(QPalette::Base, QColor(QString::fromStdString(theme.panel)));
        tick->setPalette(palette);
    }
    for (QLabel *label : findChildren<QLabel *>(QString(), Qt::FindDirectChildrenOnly))
        looks::text(label, label == m_label && m_inTurn ? theme.accent : theme.quietText);
    update();
}

void QuestionGroup::setInTurn(bool inTurn)
{
    m_inTurn = inTurn;
    looks::text(m_label, inTurn ? m_theme.accent : m_theme.quietText);
    update();
}

QWidget *QuestionGroup::focusTarget() const
{
    return m_text ? static_cast<QWidget *>(m_text) : const_cast<QuestionGroup *>(this);
}

void QuestionGroup::paintEvent(QPaintEvent *)
{
    if (!m_inTurn)
        return;
    QPainter painter(this);
    painter.fillRect(QRect(0, 0, m_theme.step / 2, height()), QColor(QString::fromStdString(m_theme.accent)));
}

void QuestionGroup::setAnswer(const std::optional<Answer> &answer)
{
    if (m_buttons) {
        int id = -1;
        if (answer)
            id = m_question.kind == QuestionKind::Choice ? static_cast<int>(std::get<Choice>(*answer))
                                                         : std::get<int>(*answer);
        mark(id);
    }
    const Checked checked =
        answer && m_question.kind == QuestionKind::Checklist ? std::get<Checked>(*answer) : Checked{};
    for (std::size_t i = 0; i < m_question.items.size(); ++i) {
        const auto found = checked.find(m_question.items[i].id);
        const int count = found == checked.end() ? 0 : found->second;
        if (m_question.counts) {
            const QSignalBlocker quiet(m_counts[i]);
            m_counts[i]->setValue(count);
        } else {
            m_ticks[i]->setChecked(count > 0);
        }
    }
    if (m_text)
        m_text->setText(answer ? QString::fromStdString(std::get<std::string>(*answer)) : QString());
}

std::optional<Answer> QuestionGroup::answer() const
{
    if (m_buttons) {
        const auto all = m_buttons->buttons();
        const auto chosen = std::find_if(all.begin(), all.end(), [](auto *button) { return button->isChecked(); });
        if (chosen == all.end())
            return std::nullopt;
        const int id = m_buttons->id(*chosen);
        return m_question.kind == QuestionKind::Choice ? Answer(static_cast<Choice>(id)) : Answer(id);
    }
    if (m_text)
        return m_text->text().trimmed().isEmpty() ? std::nullopt
                                                  : std::optional<Answer>(m_text->text().trimmed().toStdString());
    Checked checked;
    for (std::size_t i = 0; i < m_question.items.size(); ++i) {
        const int count = m_question.counts ? m_counts[i]->value() : m_ticks[i]->isChecked() ? 1 : 0;
        if (count > 0)
            checked[m_question.items[i].id] = count;
    }
    return checked;
}

int QuestionGroup::indexOfKey(const QKeyEvent &event) const
{
    if (event.modifiers() & (Qt::ControlModifier | Qt::AltModifier | Qt::MetaModifier))
        return -1;
    std::string keys = m_question.keys;
    for (const ChecklistItem &item : m_question.items)
        keys += item.key;
    // Qt::Key of a letter or digit is its upper-case ASCII.
    const auto place =
        event.key() > 0 && event.key() < 128 ? keys.find(static_cast<char>(event.key())) : std::string::npos;
    return place == std::string::npos ? -1 : static_cast<int>(place);
}

bool QuestionGroup::knowsKey(const QKeyEvent &event) const
{
    return indexOfKey(event) >= 0;
}

void QuestionGroup::press(const QKeyEvent &event)
{
    const int index = indexOfKey(event);
    if (index < 0)
        return;
    const auto item = static_cast<std::size_t>(index);
    if (m_buttons)
        m_buttons->button(m_question.kind == QuestionKind::Choice ? index : index + 1)->click();
    else if (m_question.counts)
        m_counts[item]->stepBy(event.modifiers() & Qt::ShiftModifier ? -1 : 1);
    else
        m_ticks[item]->click();
}

} // namespace consilium::viewer
