// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/setting.h"

#include <QComboBox>
#include <QLineEdit>
#include <QRegularExpression>
#include <QRegularExpressionValidator>
#include <QSignalBlocker>
#include <QSpinBox>
#include <algorithm>

namespace consilium::app {

namespace {

const QRegularExpression &namePattern()
{
    static const QRegularExpression pattern(QStringLiteral("^[\\p{L}\\p{N}][\\p{L}\\p{N} ._-]{0,39}$"),
                                            QRegularExpression::UseUnicodePropertiesOption);
    return pattern;
}

} // namespace

Setting::Setting(viewer::SettingsStore &store, QString key, QString label, QString tip, QVariant standard)
    : m_store(store), m_key(std::move(key)), m_label(std::move(label)), m_tip(std::move(tip)),
      m_default(std::move(standard)), m_value(m_default)
{
    setObjectName(m_key);
}

void Setting::load()
{
    const auto kept = m_store.value(m_key);
    const auto valid = kept.isValid() ? checked(kept) : Result<QVariant>(m_default);
    m_value = valid.value_or(m_default);
}

Result<> Setting::setVariant(const QVariant &value)
{
    const auto valid = checked(value);
    if (!valid)
        return fail(valid.error());
    if (*valid == m_value)
        return {};
    m_value = *valid;
    if (isDefault())
        m_store.remove(m_key);
    else
        m_store.setValue(m_key, m_value);
    Q_EMIT changed();
    return {};
}

void Setting::reset()
{
    const auto done = setVariant(m_default);
    Q_ASSERT(done);
}

void Setting::dress(QWidget *editor) const
{
    editor->setObjectName(QStringLiteral("settings.") + m_key);
    editor->setAccessibleName(m_label);
    editor->setAccessibleDescription(m_tip);
    editor->setToolTip(m_tip);
}

ChoiceSetting::ChoiceSetting(viewer::SettingsStore &store, QString key, QString label, QString tip, QString standard,
                             std::vector<Choice> choices)
    : Setting(store, std::move(key), std::move(label), std::move(tip), standard)
{
    setChoices(std::move(choices), standard);
}

void ChoiceSetting::setChoices(std::vector<Choice> choices, const QString &standard)
{
    setDefault(standard);
    m_choices = std::move(choices);
    load();
}

Result<QVariant> ChoiceSetting::checked(const QVariant &value) const
{
    const auto id = value.toString();
    if (std::ranges::none_of(m_choices, [&](const auto &choice) { return choice.id == id; }))
        return fail(Error{ErrorCode::Invalid, tr("%1: there is no choice “%2”").arg(label(), id).toStdString(), {}});
    return QVariant(id);
}

QWidget *ChoiceSetting::makeEditor(QWidget *parent)
{
    auto *combo = new QComboBox(parent);
    dress(combo);
    for (const auto &choice : m_choices) {
        combo->addItem(choice.title, choice.id);
        if (!choice.description.isEmpty())
            combo->setItemData(combo->count() - 1, choice.description, Qt::ToolTipRole);
    }
    const auto show = [this, combo] { combo->setCurrentIndex(combo->findData(value())); };
    show();
    connect(this, &Setting::changed, combo, show);
    connect(combo, &QComboBox::currentIndexChanged, this, [this, combo] {
        const auto done = setVariant(combo->currentData());
        Q_ASSERT(done);
    });
    return combo;
}

NumberSetting::NumberSetting(viewer::SettingsStore &store, QString key, QString label, QString tip, int standard,
                             Range range)
    : Setting(store, std::move(key), std::move(label), std::move(tip), standard), m_range(std::move(range))
{
    load();
}

Result<QVariant> NumberSetting::checked(const QVariant &value) const
{
    bool isNumber = false;
    const int number = value.toInt(&isNumber);
    if (!isNumber || number < m_range.low || number > m_range.high)
        return fail(Error{
            ErrorCode::Invalid,
            tr("%1: from %2 to %3 %4").arg(label()).arg(m_range.low).arg(m_range.high).arg(m_range.unit).toStdString(),
            {}});
    return QVariant(number);
}

QWidget *NumberSetting::makeEditor(QWidget *parent)
{
    auto *box = new QSpinBox(parent);
    dress(box);
    box->setRange(m_range.low, m_range.high);
    box->setSingleStep(m_range.step);
    box->setSuffix(u'\u00a0' + m_range.unit);
    // 1, 12 and 120 are not three wishes.
    box->setKeyboardTracking(false);
    box->setValue(value());
    connect(this, &Setting::changed, box, [this, box] { box->setValue(value()); });
    connect(box, &QSpinBox::valueChanged, this, [this](int number) {
        const auto done = setVariant(number);
        Q_ASSERT(done);
    });
    return box;
}

NameSetting::NameSetting(viewer::SettingsStore &store, QString key, QString label, QString tip, QString standard)
    : Setting(store, std::move(key), std::move(label), std::move(tip), std::move(standard))
{
    load();
}

bool NameSetting::isName(const QString &text)
{
    return namePattern().match(text).hasMatch();
}

Result<QVariant> NameSetting::checked(const QVariant &value) const
{
    const auto name = value.toString().simplified();
    if (!isName(name))
        return fail(Error{
            ErrorCode::Invalid,
            tr("%1: letters, digits, spaces, dots, hyphens and underscores, at most 40").arg(label()).toStdString(),
            {}});
    return QVariant(name);
}

QWidget *NameSetting::makeEditor(QWidget *parent)
{
    auto *line = new QLineEdit(value(), parent);
    dress(line);
    line->setMaxLength(40);
    line->setValidator(
        new QRegularExpressionValidator(QRegularExpression(QStringLiteral("[\\p{L}\\p{N}][\\p{L}\\p{N} ._-]*"),
                                                           QRegularExpression::UseUnicodePropertiesOption),
                                        line));
    connect(this, &Setting::changed, line, [this, line] { line->setText(value()); });
    // A field left empty goes back to what it was: a name is part of every file that is saved.
    const auto take = [this, line] {
        if (!setVariant(line->text()))
            line->setText(value());
    };
    connect(line, &QLineEdit::editingFinished, this, take);
    return line;
}

} // namespace consilium::app
