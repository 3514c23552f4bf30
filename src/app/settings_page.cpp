// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/settings_page.h"

#include "app/pointer_gestures.h"
#include "app/settings.h"
#include "viewer/actions/action_table.h"
#include "viewer/actions/action_table_view.h"

#include <QFormLayout>
#include <QFrame>
#include <QHBoxLayout>
#include <QLabel>
#include <QScrollArea>
#include <QVBoxLayout>

namespace consilium::app {

SettingsPage::SettingsPage(Settings &settings, viewer::ActionTable &actions, QWidget *parent)
    : QWidget(parent), m_settings(settings), m_actions(actions), m_languageAtStart(settings.language.value()),
      m_choices(new QWidget), m_keys(new viewer::ActionTableView(actions))
{
    auto *column = new QVBoxLayout(m_choices);
    column->setContentsMargins(0, 0, 0, 0);
    auto *appearance = addSection(column, "settings.appearance", tr("Appearance"));
    addSetting(appearance, settings.theme);
    addSetting(appearance, settings.fontScale);
    addSetting(appearance, settings.language);
    m_languageNote = addNote(appearance, "settings.languageNote");
    m_languageNote->setText(tr("The language changes at the next start."));
    auto *mouse = addSection(column, "settings.mouse", tr("Mouse"));
    addSetting(mouse, settings.mouseScheme);
    m_schemeNote = addNote(mouse, "settings.schemeNote");
    addSetting(addSection(column, "settings.reading", tr("Reading")), settings.readerName);
    addSetting(addSection(column, "settings.storage", tr("Storage")), settings.imageMemory);
    column->addStretch(1);

    auto *scroll = new QScrollArea(this);
    scroll->setObjectName(QStringLiteral("settings.scroll"));
    scroll->setWidgetResizable(true);
    scroll->setFrameShape(QFrame::NoFrame);
    scroll->setHorizontalScrollBarPolicy(Qt::ScrollBarAlwaysOff);
    scroll->setFocusPolicy(Qt::NoFocus);
    scroll->setWidget(m_choices);

    auto *keys = new QFrame(this);
    keys->setProperty("role", "card");
    auto *title = new QLabel(tr("Keys"), keys);
    title->setProperty("role", "heading");
    auto *inside = new QVBoxLayout(keys);
    inside->setContentsMargins(20, 16, 20, 16);
    inside->addWidget(title);
    inside->addWidget(m_keys, 1);

    auto *row = new QHBoxLayout(this);
    row->setContentsMargins(16, 16, 16, 16);
    row->addWidget(scroll, 2);
    row->addWidget(keys, 3);

    connect(&settings.theme, &Setting::changed, this, [this] { Q_EMIT themeChosen(m_settings.theme.value()); });
    connect(&settings.fontScale, &Setting::changed, this,
            [this] { Q_EMIT fontScaleChosen(m_settings.fontScale.value()); });
    connect(&settings.language, &Setting::changed, this, &SettingsPage::showNotes);
    connect(&settings.mouseScheme, &Setting::changed, this, [this] {
        showScheme();
        Q_EMIT schemeChosen(m_settings.mouseScheme.value());
    });
    connect(&settings.readerName, &Setting::changed, this,
            [this] { Q_EMIT readerNameChosen(m_settings.readerName.value()); });
    connect(&settings.imageMemory, &Setting::changed, this,
            [this] { Q_EMIT imageMemoryChosen(qint64(m_settings.imageMemory.value()) << 30); });
    showNotes();
    showScheme();
}

QFormLayout *SettingsPage::addSection(QLayout *column, const char *name, const QString &title)
{
    auto *card = new QFrame;
    card->setObjectName(QLatin1String(name));
    card->setProperty("role", "card");
    auto *heading = new QLabel(title, card);
    heading->setProperty("role", "heading");
    auto *inside = new QVBoxLayout(card);
    inside->setContentsMargins(20, 16, 20, 16);
    inside->addWidget(heading);
    auto *form = new QFormLayout;
    form->setFieldGrowthPolicy(QFormLayout::AllNonFixedFieldsGrow);
    form->setRowWrapPolicy(QFormLayout::WrapLongRows);
    inside->addLayout(form);
    column->addWidget(card);
    return form;
}

void SettingsPage::addSetting(QFormLayout *form, Setting &setting)
{
    auto *editor = setting.makeEditor(nullptr);
    auto *label = new QLabel(setting.label());
    label->setBuddy(editor);
    form->addRow(label, editor);
}

QLabel *SettingsPage::addNote(QFormLayout *form, const char *name)
{
    auto *note = new QLabel;
    note->setObjectName(QLatin1String(name));
    note->setProperty("role", "quiet");
    note->setWordWrap(true);
    form->addRow(note);
    return note;
}

void SettingsPage::showNotes()
{
    m_languageNote->setVisible(m_settings.language.value() != m_languageAtStart);
}

void SettingsPage::showScheme()
{
    const auto &scheme = viewer::pointerScheme(m_settings.mouseScheme.value());
    m_schemeNote->setText(scheme.description);
    m_actions.setGestures(pointerGestures(scheme));
}

void SettingsPage::setTheme(const Theme &theme)
{
    layout()->setSpacing(theme.margin);
    m_choices->layout()->setSpacing(theme.margin);
    m_keys->setTheme(theme);
}

} // namespace consilium::app
