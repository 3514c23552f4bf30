// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/settings.h"
#include "app/settings_page.h"
#include "app/theme_style.h"
#include "viewer/actions/action_table.h"

#include <QAbstractButton>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTableView>
#include <QTest>

using namespace consilium;
using app::Settings;
using app::SettingsPage;

class tst_SettingsPage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void everySectionIsThere();
    void choicesAreTold();
    void theLanguageWaitsForTheNextStart();
    void aSchemeSaysWhatItDoes();
    void labelsLeadToTheirFields();
    void theKeyboardReachesEverything();
    void nothingIsCut_data();
    void nothingIsCut();

private:
    template <typename T>
    T *find(const char *name) const
    {
        auto *found = m_page->findChild<T *>(QString::fromLatin1(name));
        if (!found)
            qFatal("no %s", name);
        return found;
    }

    viewer::MemorySettings m_store;
    std::unique_ptr<Settings> m_settings;
    std::unique_ptr<viewer::ActionTable> m_actions;
    std::unique_ptr<SettingsPage> m_page;
};

void tst_SettingsPage::init()
{
    m_store = {};
    m_settings = std::make_unique<Settings>(m_store);
    m_actions = std::make_unique<viewer::ActionTable>(m_store);
    m_page = std::make_unique<SettingsPage>(*m_settings, *m_actions);
    m_actions->add({"review.nextCase", "Review", "Next case", {Qt::Key_PageDown}}, m_page.get(), [] {});
    const auto theme = app::loadTheme("dark").value();
    app::applyTheme(theme);
    m_page->setTheme(theme);
    m_page->resize(1300, 800);
    m_page->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_page.get()));
}

void tst_SettingsPage::cleanup()
{
    m_page.reset();
}

void tst_SettingsPage::everySectionIsThere()
{
    for (const auto *section : {"settings.appearance", "settings.mouse", "settings.reading", "settings.storage"})
        QVERIFY2(find<QWidget>(section)->isVisible(), section);
    // The action, six drags of the scheme and five gestures that are the same in all.
    QCOMPARE(find<QTableView>("settings.keys.table")->model()->rowCount(), 1 + 6 + 5);
}

void tst_SettingsPage::choicesAreTold()
{
    QSignalSpy theme(m_page.get(), &SettingsPage::themeChosen), scale(m_page.get(), &SettingsPage::fontScaleChosen),
        scheme(m_page.get(), &SettingsPage::schemeChosen), memory(m_page.get(), &SettingsPage::imageMemoryChosen),
        reader(m_page.get(), &SettingsPage::readerNameChosen);
    find<QComboBox>("settings.theme")->setCurrentIndex(1);
    QCOMPARE(theme.takeFirst().first().toString(), "light");
    find<QSpinBox>("settings.fontScale")->setValue(150);
    QCOMPARE(scale.takeFirst().first().toInt(), 150);
    find<QComboBox>("settings.mouseScheme")->setCurrentIndex(1);
    QCOMPARE(scheme.takeFirst().first().toString(), "pacs");
    find<QSpinBox>("settings.imageMemory")->setValue(8);
    QCOMPARE(memory.takeFirst().first().toLongLong(), 8LL * 1024 * 1024 * 1024);
    auto *name = find<QLineEdit>("settings.readerName");
    name->setFocus();
    name->selectAll();
    QTest::keyClicks(name, "B. Sommer/");
    QTest::keyClick(name, Qt::Key_Return);
    // A slash can not even be typed.
    QCOMPARE(reader.takeFirst().first().toString(), "B. Sommer");
}

void tst_SettingsPage::theLanguageWaitsForTheNextStart()
{
    auto *note = find<QLabel>("settings.languageNote");
    auto *language = find<QComboBox>("settings.language");
    QVERIFY(!note->isVisible());
    language->setCurrentIndex(language->findData("de"));
    QVERIFY(note->isVisible());
    QCOMPARE(m_store.value("language").toString(), "de");
    language->setCurrentIndex(language->findData("system"));
    QVERIFY(!note->isVisible());
}

void tst_SettingsPage::aSchemeSaysWhatItDoes()
{
    auto *note = find<QLabel>("settings.schemeNote");
    auto *keys = find<QTableView>("settings.keys.table")->model();
    const auto doneBy = [&](const QString &gesture) {
        for (int row = 0; row < keys->rowCount(); ++row) {
            if (keys->index(row, 2).data().toString() == gesture)
                return keys->index(row, 1).data().toString();
        }
        return QString();
    };
    QVERIFY(note->text().contains("Right: zoom"));
    QCOMPARE(doneBy("right button, drag"), "Zoom");
    QCOMPARE(doneBy("Ctrl+right button, drag"), "Window: width sideways, centre up and down");
    find<QComboBox>("settings.mouseScheme")->setCurrentIndex(1);
    QVERIFY(note->text().contains("Right: window"));
    QCOMPARE(doneBy("right button, drag"), "Window: width sideways, centre up and down");
}

void tst_SettingsPage::labelsLeadToTheirFields()
{
    for (const auto *name : {"settings.theme", "settings.fontScale", "settings.language", "settings.mouseScheme",
                             "settings.readerName", "settings.imageMemory"}) {
        const auto *field = find<QWidget>(name);
        const auto labels = m_page->findChildren<QLabel *>();
        QVERIFY2(std::ranges::any_of(labels, [&](const auto *label) { return label->buddy() == field; }), name);
    }
}

void tst_SettingsPage::theKeyboardReachesEverything()
{
    m_page->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(m_page.get()));
    find<QComboBox>("settings.theme")->setFocus();
    QStringList reached;
    for (int i = 0; i < 30; ++i) {
        reached << QApplication::focusWidget()->objectName();
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
    }
    for (const auto *name :
         {"settings.theme", "settings.fontScale", "settings.language", "settings.mouseScheme", "settings.readerName",
          "settings.imageMemory", "settings.keys.search", "settings.keys.table", "settings.keys.resetAll"})
        QVERIFY2(reached.contains(QLatin1String(name)), name);
}

void tst_SettingsPage::nothingIsCut_data()
{
    QTest::addColumn<int>("percent");
    QTest::newRow("100 %") << 100;
    QTest::newRow("150 %") << 150;
}

void tst_SettingsPage::nothingIsCut()
{
    QFETCH(int, percent);
    const auto theme = app::loadTheme("dark", percent).value();
    app::applyTheme(theme);
    m_page->setTheme(theme);
    m_page->resize(1300, 900);
    QTest::qWait(0);
    for (const auto *label : m_page->findChildren<QLabel *>()) {
        if (!label->isVisible() || label->text().isEmpty())
            continue;
        const int height = label->wordWrap() ? label->heightForWidth(label->width()) : label->sizeHint().height();
        QVERIFY2(label->height() >= height && (label->wordWrap() || label->width() >= label->sizeHint().width()),
                 qPrintable(label->text()));
    }
    for (const auto *button : m_page->findChildren<QAbstractButton *>()) {
        if (button->isVisible() && !button->text().isEmpty())
            QVERIFY2(button->width() >= button->fontMetrics().horizontalAdvance(button->text()),
                     qPrintable(button->text()));
    }
}

QTEST_MAIN(tst_SettingsPage)
#include "tst_settings_page.moc"
