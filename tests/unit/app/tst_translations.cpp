// SPDX-License-Identifier: GPL-3.0-or-later
#include "app/translations.h"
#include "viewer/actions/key_name.h"

#include <QFile>
#include <QProcess>
#include <QRegularExpression>
#include <QTemporaryDir>
#include <QTest>
#include <QXmlStreamReader>
#include <map>
#include <vector>

using namespace consilium;

namespace {

struct Message
{
    QString context, source, comment, type; ///< type: "" finished, "unfinished", "vanished", "obsolete"
    bool isPlural = false;
    QStringList forms; ///< one, or one for each plural form of the language

    QString key() const { return context + u'\n' + source + u'\n' + comment + (isPlural ? u'n' : u' '); }
    QString where() const { return QStringLiteral("[%1] %2").arg(context, source); }
};

std::vector<Message> readCatalogue(const QString &name)
{
    QFile file(name);
    if (!file.open(QIODevice::ReadOnly))
        qFatal("%s cannot be read", qUtf8Printable(name));
    QXmlStreamReader xml(&file);
    std::vector<Message> messages;
    QString context;
    while (!xml.atEnd()) {
        if (xml.readNext() != QXmlStreamReader::StartElement)
            continue;
        const auto element = xml.name();
        if (element == u"name") {
            context = xml.readElementText();
        } else if (element == u"message") {
            messages.push_back({});
            messages.back().context = context;
            messages.back().isPlural = xml.attributes().value("numerus") == u"yes";
        } else if (element == u"source") {
            messages.back().source = xml.readElementText();
        } else if (element == u"comment") {
            messages.back().comment = xml.readElementText();
        } else if (element == u"translation") {
            messages.back().type = xml.attributes().value("type").toString();
            if (!messages.back().isPlural)
                messages.back().forms << xml.readElementText();
        } else if (element == u"numerusform") {
            messages.back().forms << xml.readElementText();
        }
    }
    if (xml.hasError())
        qFatal("%s: %s", qUtf8Printable(name), qUtf8Printable(xml.errorString()));
    return messages;
}

QStringList placeholders(const QString &text)
{
    static const QRegularExpression pattern(QStringLiteral("%L?\\d+"));
    QStringList found;
    for (auto match = pattern.globalMatch(text); match.hasNext();)
        found << match.next().captured();
    found.sort();
    found.removeDuplicates();
    return found;
}

QString source(const QString &path)
{
    return qEnvironmentVariable("CONSILIUM_SOURCE") + u'/' + path;
}

} // namespace

/// Every sentence of the sources has a German translation that says as much, and every counted one its plural forms in
/// both languages. What the sources say is asked of lupdate, at this moment.
class tst_Translations : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void everySentenceIsInTheCatalogue();
    void everySentenceIsTranslated();
    void placeholdersAreKept();
    void countedSentencesHaveEveryForm_data();
    void countedSentencesHaveEveryForm();
    void endsAndMnemonicsAreKept();
    void germanIsSpoken();
    void numbersAreCounted_data();
    void numbersAreCounted();

private:
    std::vector<Message> m_sources, m_german, m_english;
};

void tst_Translations::initTestCase()
{
    if (qEnvironmentVariable("CONSILIUM_SOURCE").isEmpty())
        QSKIP("CONSILIUM_SOURCE and CONSILIUM_LUPDATE say where the sources and lupdate are");
    QTemporaryDir folder;
    const auto fresh = folder.filePath("fresh.ts");
    QProcess lupdate;
    lupdate.start(qEnvironmentVariable("CONSILIUM_LUPDATE"),
                  {"-silent", "-locations", "none", "-source-language", "en", "-target-language", "de", "-extensions",
                   "cpp,h,ui", "-I", source("src"), source("src/app"), source("src/viewer"), source("src/dashboard"),
                   source("ui"), "-ts", fresh});
    QVERIFY(lupdate.waitForFinished(60000));
    QCOMPARE(lupdate.exitCode(), 0);
    // A sentence outside every class, or in one that Qt does not know, would never be translated. Of namespaces of
    // others lupdate knows nothing.
    QStringList complaints = QString::fromUtf8(lupdate.readAllStandardError()).split('\n', Qt::SkipEmptyParts);
    complaints.removeIf([](const QString &line) { return line.endsWith("namespace/class ::std"); });
    QVERIFY2(complaints.isEmpty(), qPrintable(complaints.join('\n')));
    m_sources = readCatalogue(fresh);
    QVERIFY(m_sources.size() > 300);
    m_german = readCatalogue(source("resources/translations/consilium_de.ts"));
    m_english = readCatalogue(source("resources/translations/consilium_en.ts"));
}

void tst_Translations::everySentenceIsInTheCatalogue()
{
    std::map<QString, const Message *> known;
    for (const auto &message : m_german) {
        if (message.type != "vanished" && message.type != "obsolete")
            known[message.key()] = &message;
    }
    QStringList missing;
    for (const auto &message : m_sources) {
        if (!known.erase(message.key()))
            missing << message.where();
    }
    QVERIFY2(missing.isEmpty(), qPrintable("build consilium_translations_update; new:\n" + missing.join('\n')));
    QStringList gone;
    for (const auto &[key, message] : known)
        gone << message->where();
    QVERIFY2(gone.isEmpty(), qPrintable("build consilium_translations_update; gone:\n" + gone.join('\n')));
}

void tst_Translations::everySentenceIsTranslated()
{
    QStringList left;
    for (const auto &message : m_german) {
        if (message.type == "unfinished" || message.forms.isEmpty() || message.forms.contains(QString()))
            left << message.where();
    }
    QVERIFY2(left.isEmpty(), qPrintable(QString::number(left.size()) + " to translate:\n" + left.join('\n')));
}

void tst_Translations::placeholdersAreKept()
{
    for (const auto *catalogue : {&m_german, &m_english}) {
        for (const auto &message : *catalogue) {
            for (const auto &form : message.forms)
                QVERIFY2(placeholders(form) == placeholders(message.source),
                         qPrintable(message.where() + " → " + form));
        }
    }
}

void tst_Translations::countedSentencesHaveEveryForm_data()
{
    QTest::addColumn<bool>("german");
    QTest::newRow("German") << true;
    QTest::newRow("English") << false;
}

void tst_Translations::countedSentencesHaveEveryForm()
{
    QFETCH(bool, german);
    std::map<QString, const Message *> known;
    for (const auto &message : german ? m_german : m_english)
        known[message.key()] = &message;
    int counted = 0;
    for (const auto &message : m_sources) {
        if (!message.isPlural)
            continue;
        ++counted;
        const auto found = known.find(message.key());
        QVERIFY2(found != known.end(), qPrintable(message.where()));
        // Both languages know one and many.
        QVERIFY2(found->second->forms.size() == 2, qPrintable(message.where()));
        for (const auto &form : found->second->forms)
            QVERIFY2(!form.isEmpty(), qPrintable(message.where()));
        // One may be said in words; many cannot be.
        QVERIFY2(found->second->forms[1].contains("%n") || found->second->forms[1].contains("%Ln"),
                 qPrintable(message.where()));
    }
    QVERIFY(counted > 5);
}

void tst_Translations::endsAndMnemonicsAreKept()
{
    for (const auto &message : m_german) {
        for (const auto &form : message.forms) {
            for (const auto *end : {"…", ":", ".", "?", " "}) {
                const auto mark = QString::fromUtf8(end);
                QVERIFY2(form.endsWith(mark) == message.source.endsWith(mark),
                         qPrintable(message.where() + " → " + form));
            }
            QVERIFY2(form.startsWith(' ') == message.source.startsWith(' '),
                     qPrintable(message.where() + " → " + form));
            QVERIFY2(form.count('\n') == message.source.count('\n'), qPrintable(message.where() + " → " + form));
        }
    }
}

void tst_Translations::germanIsSpoken()
{
    app::installTranslations(*QCoreApplication::instance(), "de_AT");
    QCOMPARE(QCoreApplication::translate("MainWindow", "Federation"), QStringLiteral("Föderation"));
    QCOMPARE(viewer::keyName(QKeySequence("Ctrl+PgDown")), QStringLiteral("Strg+Bild ab"));
    QCOMPARE(QLocale().language(), QLocale::German);
}

void tst_Translations::numbersAreCounted_data()
{
    QTest::addColumn<QString>("language");
    QTest::addColumn<int>("count");
    QTest::addColumn<QString>("text");
    QTest::newRow("en 1") << "en" << 1 << " (1 case)";
    QTest::newRow("en 0") << "en" << 0 << " (0 cases)";
    QTest::newRow("en 12") << "en" << 12 << " (12 cases)";
    QTest::newRow("de 1") << "de" << 1 << " (1 Fall)";
    QTest::newRow("de 0") << "de" << 0 << QStringLiteral(" (0 Fälle)");
    QTest::newRow("de 12") << "de" << 12 << QStringLiteral(" (12 Fälle)");
}

void tst_Translations::numbersAreCounted()
{
    QFETCH(QString, language);
    QFETCH(int, count);
    // The translator installed last is asked first.
    app::installTranslations(*QCoreApplication::instance(), language);
    QTEST(QCoreApplication::translate("consilium::dashboard::ResultsModel", " (%n cases)", nullptr, count), "text");
}

QTEST_GUILESS_MAIN(tst_Translations)
#include "tst_translations.moc"
