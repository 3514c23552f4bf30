// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/result.h"
#include "viewer/actions/settings_store.h"

#include <QObject>
#include <QString>
#include <vector>

class QWidget;

namespace consilium::app {

/// One thing a reader can choose: it knows where it is kept, what it is called, what it may be and how it is edited, so
/// that the page, the file and the command line never disagree. What is kept but not valid counts as the default.
class Setting : public QObject
{
    Q_OBJECT

public:
    const QString &key() const { return m_key; }     ///< in the store, "fontScale"
    const QString &label() const { return m_label; } ///< of the form, "Font size"
    const QString &tip() const { return m_tip; }     ///< one sentence

    QVariant variant() const { return m_value; }
    /// Keeps a valid value and tells. Errors: Invalid, in words.
    Result<> setVariant(const QVariant &value);
    bool isDefault() const { return m_value == m_default; }
    void reset();

    /// A widget named "settings.<key>", in step with the setting both ways.
    virtual QWidget *makeEditor(QWidget *parent) = 0;

Q_SIGNALS:
    void changed();

protected:
    Setting(viewer::SettingsStore &store, QString key, QString label, QString tip, QVariant standard);
    void setDefault(const QVariant &standard) { m_default = standard; }
    /// Reads the store; called when the derived class knows what is valid.
    void load();
    virtual Result<QVariant> checked(const QVariant &value) const = 0;
    void dress(QWidget *editor) const;

private:
    viewer::SettingsStore &m_store;
    QString m_key, m_label, m_tip;
    QVariant m_default, m_value;
};

struct Choice
{
    QString id, title, description; ///< title and description translated
};

/// One of several, by id.
class ChoiceSetting : public Setting
{
    Q_OBJECT

public:
    ChoiceSetting(viewer::SettingsStore &store, QString key, QString label, QString tip, QString standard,
                  std::vector<Choice> choices);

    QString value() const { return variant().toString(); }
    Result<> set(const QString &id) { return setVariant(id); }
    const std::vector<Choice> &choices() const { return m_choices; }
    /// Replaces what there is to choose from, `standard` being one of them; the store is read anew. Before the editor
    /// is made.
    void setChoices(std::vector<Choice> choices, const QString &standard);
    QWidget *makeEditor(QWidget *parent) override;

protected:
    Result<QVariant> checked(const QVariant &value) const override;

private:
    std::vector<Choice> m_choices;
};

/// A whole number from `low` to `high`, with a unit.
class NumberSetting : public Setting
{
    Q_OBJECT

public:
    struct Range
    {
        int low, high, step;
        QString unit; ///< "%", "GB"
    };

    NumberSetting(viewer::SettingsStore &store, QString key, QString label, QString tip, int standard, Range range);

    int value() const { return variant().toInt(); }
    Result<> set(int number) { return setVariant(number); }
    const Range &range() const { return m_range; }
    QWidget *makeEditor(QWidget *parent) override;

protected:
    Result<QVariant> checked(const QVariant &value) const override;

private:
    Range m_range;
};

/// A name that may be part of a file's name: letters, digits, space, dot, hyphen, underscore; begins with a letter or
/// digit; at most 40 characters.
class NameSetting : public Setting
{
    Q_OBJECT

public:
    NameSetting(viewer::SettingsStore &store, QString key, QString label, QString tip, QString standard);

    QString value() const { return variant().toString(); }
    Result<> set(const QString &name) { return setVariant(name); }
    QWidget *makeEditor(QWidget *parent) override;

    static bool isName(const QString &text);

protected:
    Result<QVariant> checked(const QVariant &value) const override;
};

} // namespace consilium::app
