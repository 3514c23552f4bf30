// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/settings.h"
#include "app/theme_style.h"
#include "app/translations.h"

#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTest>

using namespace consilium;
using app::Settings;
using viewer::MemorySettings;

class tst_Settings : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void whatIsChosenIsKept();
    void onlyWhatDiffersIsKept();
    void whatIsNotValidIsRefused();
    void whatIsKeptButNotValidCountsAsTheDefault();
    void numbersComeBackFromFilesAsText();
    void theMouseSchemeIsOneOfTheViewers();
    void aReaderNameFitsInAFileName_data();
    void aReaderNameFitsInAFileName();
    void editorsAndSettingsAgree();
    void anEmptyNameGoesBack();
    void everySizeOfTextIsScaled_data();
    void everySizeOfTextIsScaled();
    void theLanguage_data();
    void theLanguage();
};

void tst_Settings::whatIsChosenIsKept()
{
    MemorySettings store;
    {
        Settings settings(store);
        QCOMPARE(settings.theme.value(), "dark");
        QCOMPARE(settings.fontScale.value(), 100);
        QSignalSpy changed(&settings.theme, &app::Setting::changed);
        QVERIFY(settings.theme.set("light"));
        QVERIFY(settings.theme.set("light"));
        QCOMPARE(changed.size(), 1);
        QVERIFY(settings.fontScale.set(130));
        QVERIFY(settings.imageMemory.set(12));
    }
    const Settings again(store);
    QCOMPARE(again.theme.value(), "light");
    QCOMPARE(again.fontScale.value(), 130);
    QCOMPARE(again.imageMemory.value(), 12);
}

void tst_Settings::onlyWhatDiffersIsKept()
{
    MemorySettings store;
    Settings settings(store);
    QVERIFY(settings.fontScale.set(130));
    QVERIFY(store.value("fontScale").isValid());
    settings.fontScale.reset();
    QVERIFY(settings.fontScale.isDefault());
    QVERIFY(!store.value("fontScale").isValid());
}

void tst_Settings::whatIsNotValidIsRefused()
{
    MemorySettings store;
    Settings settings(store);
    const auto tooLarge = settings.fontScale.set(151);
    QVERIFY(!tooLarge);
    QCOMPARE(tooLarge.error().code, ErrorCode::Invalid);
    QCOMPARE(tooLarge.error().message, std::string("Font size: from 80 to 150 %"));
    QVERIFY(!settings.fontScale.set(79));
    QVERIFY(!settings.fontScale.setVariant("large"));
    QVERIFY(!settings.theme.set("pink"));
    QVERIFY(!settings.imageMemory.set(0));
    QCOMPARE(settings.fontScale.value(), 100);
    QVERIFY(!store.value("fontScale").isValid());
}

void tst_Settings::whatIsKeptButNotValidCountsAsTheDefault()
{
    MemorySettings store;
    store.setValue("theme", "sepia");
    store.setValue("fontScale", "huge");
    store.setValue("readerName", "../../etc/passwd");
    const Settings settings(store);
    QCOMPARE(settings.theme.value(), "dark");
    QCOMPARE(settings.fontScale.value(), 100);
    QVERIFY(app::NameSetting::isName(settings.readerName.value()));
}

void tst_Settings::numbersComeBackFromFilesAsText()
{
    MemorySettings store;
    store.setValue("fontScale", "120");
    QCOMPARE(Settings(store).fontScale.value(), 120);
}

void tst_Settings::theMouseSchemeIsOneOfTheViewers()
{
    MemorySettings store;
    store.setValue("mouseScheme", "pacs");
    Settings settings(store);
    QCOMPARE(settings.mouseScheme.value(), "pacs");
    settings.mouseScheme.reset();
    QCOMPARE(settings.mouseScheme.value(), "research");
    QVERIFY(!settings.mouseScheme.set("joystick"));
}

void tst_Settings::aReaderNameFitsInAFileName_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<bool>("valid");
    QTest::newRow("plain") << "A. Keller" << true;
    QTest::newRow("umlaut") << QStringLiteral("Jörg Müller-Weiß") << true;
    QTest::newRow("reader") << "reader_2" << true;
    QTest::newRow("empty") << "" << false;
    QTest::newRow("space") << "  " << false;
    QTest::newRow("folder") << "a/b" << false;
    QTest::newRow("Windows folder") << "a\\b" << false;
    QTest::newRow("hidden") << ".profile" << false;
    QTest::newRow("parent") << ".." << false;
    QTest::newRow("drive") << "c:" << false;
    QTest::newRow("line") << "a\nb" << false;
    QTest::newRow("40") << QString(40, 'x') << true;
    QTest::newRow("41") << QString(41, 'x') << false;
}

void tst_Settings::aReaderNameFitsInAFileName()
{
    QFETCH(QString, name);
    QFETCH(bool, valid);
    QCOMPARE(app::NameSetting::isName(name), valid);
}

void tst_Settings::editorsAndSettingsAgree()
{
    MemorySettings store;
    Settings settings(store);
    QWidget form;
    auto *theme = static_cast<QComboBox *>(settings.theme.makeEditor(&form));
    auto *scale = static_cast<QSpinBox *>(settings.fontScale.makeEditor(&form));
    QCOMPARE(theme->objectName(), "settings.theme");
    QCOMPARE(theme->accessibleName(), "Theme");
    QVERIFY(settings.theme.set("light"));
    QCOMPARE(theme->currentData().toString(), "light");
    theme->setCurrentIndex(0);
    QCOMPARE(settings.theme.value(), "dark");
    scale->setValue(140);
    QCOMPARE(settings.fontScale.value(), 140);
    QVERIFY(settings.fontScale.set(90));
    QCOMPARE(scale->value(), 90);
}

void tst_Settings::anEmptyNameGoesBack()
{
    MemorySettings store;
    Settings settings(store);
    QVERIFY(settings.readerName.set("A. Keller"));
    QWidget form;
    auto *line = static_cast<QLineEdit *>(settings.readerName.makeEditor(&form));
    line->clear();
    Q_EMIT line->editingFinished();
    QCOMPARE(line->text(), "A. Keller");
    line->setText("  B.  Sommer ");
    Q_EMIT line->editingFinished();
    QCOMPARE(settings.readerName.value(), "B. Sommer");
    QCOMPARE(line->text(), "B. Sommer");
}

void tst_Settings::everySizeOfTextIsScaled_data()
{
    QTest::addColumn<int>("percent");
    QTest::addColumn<int>("title");
    QTest::addColumn<int>("body");
    QTest::addColumn<int>("caption");
    QTest::addColumn<int>("row");
    // The look's 20, 13, 11 and 28 pixels, rounded.
    QTest::newRow("80") << 80 << 16 << 10 << 9 << 22;
    QTest::newRow("100") << 100 << 20 << 13 << 11 << 28;
    QTest::newRow("150") << 150 << 30 << 20 << 17 << 42;
}

void tst_Settings::everySizeOfTextIsScaled()
{
    QFETCH(int, percent);
    const auto theme = app::loadTheme("dark", percent).value();
    QTEST(theme.titleSize, "title");
    QTEST(theme.bodySize, "body");
    QTEST(theme.captionSize, "caption");
    QTEST(theme.row, "row");
    app::applyTheme(theme);
    QWidget window;
    QLabel title("Title", &window), caption("Caption", &window), body("Body", &window);
    title.setProperty("role", "title");
    caption.setProperty("role", "caption");
    for (auto *label : {&title, &caption, &body})
        label->ensurePolished();
    QCOMPARE(title.font().pixelSize(), theme.titleSize);
    QCOMPARE(caption.font().pixelSize(), theme.captionSize);
    QCOMPARE(body.font().pixelSize(), theme.bodySize);
}

void tst_Settings::theLanguage_data()
{
    QTest::addColumn<QString>("commandLine");
    QTest::addColumn<QString>("setting");
    QTest::addColumn<QString>("system");
    QTest::addColumn<QString>("language");
    QTest::newRow("German system") << ""
                                   << ""
                                   << "de_AT"
                                   << "de";
    QTest::newRow("English system") << ""
                                    << ""
                                    << "en_GB"
                                    << "en";
    QTest::newRow("French system") << ""
                                   << ""
                                   << "fr_FR"
                                   << "en";
    QTest::newRow("as the system") << ""
                                   << "system"
                                   << "de_CH"
                                   << "de";
    QTest::newRow("setting wins over the system") << ""
                                                  << "en"
                                                  << "de_DE"
                                                  << "en";
    QTest::newRow("unknown setting") << ""
                                     << "xx"
                                     << "de_DE"
                                     << "de";
    QTest::newRow("command line wins") << "de"
                                       << "en"
                                       << "en_US"
                                       << "de";
}

void tst_Settings::theLanguage()
{
    QFETCH(QString, commandLine);
    QFETCH(QString, setting);
    QFETCH(QString, system);
    MemorySettings store;
    if (!setting.isEmpty())
        store.setValue("language", setting);
    QTEST(app::languageToUse(commandLine, store, QLocale(system)), "language");
    QVERIFY(app::isTranslated("de"));
    QVERIFY(app::isTranslated("de_AT"));
    QVERIFY(app::isTranslated("en"));
    QVERIFY(!app::isTranslated("fr"));
}

QTEST_MAIN(tst_Settings)
#include "tst_settings.moc"
