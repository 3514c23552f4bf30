// SPDX-License-Identifier: GPL-3.0-or-later
#pragma once

#include "core/theme.h"

#include <QWidget>

class QFormLayout;
class QFrame;
class QGridLayout;
class QLabel;

namespace consilium::viewer {
class ActionTable;
class ActionTableView;
} // namespace consilium::viewer

namespace consilium::app {

class Setting;
class Settings;

/// What a reader can choose, in sections: appearance, mouse, reading, storage, and the table of keys. Choices take
/// effect as they are made; the language at the next start, which the page says.
class SettingsPage : public QWidget
{
    Q_OBJECT

public:
    /// `settings` and `actions` outlive the page, which tells `actions` what the mouse does.
    SettingsPage(Settings &settings, viewer::ActionTable &actions, QWidget *parent = nullptr);
    void setTheme(const Theme &theme);

Q_SIGNALS:
    void themeChosen(const QString &variant); ///< "dark" or "light"
    void fontScaleChosen(int percent);
    void schemeChosen(const QString &id);
    void readerNameChosen(const QString &name);
    void imageMemoryChosen(qint64 bytes);

private:
    QFormLayout *addSection(QLayout *column, const char *name, const QString &title);
    void addSetting(QFormLayout *form, Setting &setting);
    QLabel *addNote(QFormLayout *form, const char *name);
    void showNotes();
    void showScheme();

    Settings &m_settings;
    viewer::ActionTable &m_actions;
    QString m_languageAtStart;
    QLabel *m_languageNote;
    QLabel *m_schemeNote;
    QWidget *m_choices;
    viewer::ActionTableView *m_keys;
};

} // namespace consilium::app
