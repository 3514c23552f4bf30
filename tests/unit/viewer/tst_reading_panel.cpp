// SPDX-License-Identifier: GPL-3.0-or-later
#include "core/file.h"
#include "reading_fixtures.h"
#include "viewer/reading/reading_finished_page.h"
#include "viewer/reading/reading_panel.h"
#include "viewer/reading/reading_setup.h"
#include "viewer/reading/reading_worklist.h"
#include "viewer_fixtures.h"

#include <QCheckBox>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPushButton>
#include <QShortcut>
#include <QSignalSpy>
#include <QSpinBox>
#include <QTableView>
#include <QTemporaryDir>
#include <QVBoxLayout>
#include <QtTest>

using namespace consilium;
using namespace consilium::viewer;
using namespace std::chrono_literals;
namespace fs = std::filesystem;

namespace {

const QString kModels[] = {"local-north", "federated-12"};

const char *const kPlan = R"({"title": "Lesions", "models": ["local-north", "federated-12"], "seed": 7,
  "orderPerReader": false, "questions": [
    {"id": "better", "kind": "choice", "text": "Which is better?"},
    {"id": "missed", "kind": "checklist", "text": "Missed lesions", "per": "side", "items": [
      {"id": "periventricular", "text": "periventricular", "key": "P"},
      {"id": "juxtacortical", "text": "juxtacortical", "key": "J"},
      {"id": "infratentorial", "text": "infratentorial", "key": "I"}]},
    {"id": "why", "kind": "text", "text": "Why?", "required": false}]})";

/// Whatever of a widget people or screen readers can see.
QStringList wordsOf(QWidget *root)
{
    QStringList words;
    QList<QWidget *> all = root->findChildren<QWidget *>();
    all.append(root);
    for (QWidget *widget : all) {
        const QMetaObject *meta = widget->metaObject();
        for (int i = 0; i < meta->propertyCount(); ++i)
            if (const QVariant value = meta->property(i).read(widget); value.typeId() == QMetaType::QString)
                words.append(value.toString());
        if (const auto *view = qobject_cast<QAbstractItemView *>(widget); view && view->model())
            for (int row = 0; row < view->model()->rowCount(); ++row)
                for (int column = 0; column < view->model()->columnCount(); ++column)
                    for (const int role : {int(Qt::DisplayRole), int(Qt::ToolTipRole), int(Qt::AccessibleTextRole)})
                        words.append(view->model()->index(row, column).data(role).toString());
    }
    return words;
}

} // namespace

class tst_ReadingPanel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void tenCasesByKeyboardAlone();
    void returnAsksForWhatIsMissing();
    void wordsCanBeTakenBack();
    void keysBeatShortcutsOfTheWindow();
    void lettersCount();
    void timeIsForImagesInFront();
    void aListThatJumps();
    void mouseAnswersToo();
    void setupStartsAndResumes();
    void setupSaysWhyNot();
    void everyWidgetIsNamed();

private:
    std::shared_ptr<ReadingSession> open(int cases, const char *plan = kPlan);
    /// Presses keys as a person does: they go where the keyboard is.
    void type(const char *keys);
    void press(Qt::Key key, Qt::KeyboardModifiers modifiers = {});

    std::unique_ptr<QTemporaryDir> m_dir;
    fs::path m_study;
    std::shared_ptr<test::SetClock> m_clock;
    std::unique_ptr<QWidget> m_window;
    ReadingPanel *m_panel = nullptr;
    ReadingWorklist *m_list = nullptr;
};

void tst_ReadingPanel::init()
{
    m_window.reset(); // a session still open keeps its last instant
    m_dir = std::make_unique<QTemporaryDir>();
    m_study = m_dir->path().toStdString();
    m_clock = std::make_shared<test::SetClock>();
    m_window = std::make_unique<QWidget>();
    auto *column = new QVBoxLayout(m_window.get());
    m_list = new ReadingWorklist;
    m_panel = new ReadingPanel;
    column->addWidget(m_list);
    column->addWidget(m_panel);
    m_panel->setTheme(test::testTheme());
    m_list->setTheme(test::testTheme());
    connect(m_panel, &ReadingPanel::sessionChanged, m_list, &ReadingWorklist::refresh);
    connect(m_list, &ReadingWorklist::readingChosen, m_panel, &ReadingPanel::goTo);
    m_window->resize(1200, 500);
    m_window->show();
    QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
}

std::shared_ptr<ReadingSession> tst_ReadingPanel::open(int cases, const char *plan)
{
    auto opened =
        ReadingSession::open({m_study, "first", "Ada"}, test::planOf(plan), test::numberedCases(cases), m_clock);
    return opened ? std::shared_ptr<ReadingSession>(std::move(*opened)) : nullptr;
}

void tst_ReadingPanel::press(Qt::Key key, Qt::KeyboardModifiers modifiers)
{
    QTest::keyClick(m_window->windowHandle(), key, modifiers);
}

void tst_ReadingPanel::type(const char *keys)
{
    for (; *keys; ++keys) {
        if (*keys == '>')
            press(Qt::Key_Return);
        else if (*keys == '<')
            press(Qt::Key_Backspace);
        else
            QTest::keyClick(m_window->windowHandle(), *keys);
    }
}

void tst_ReadingPanel::tenCasesByKeyboardAlone()
{
    // What is typed (> Return, < Backspace) and what must come of it; each case takes its number of seconds.
    struct Row
    {
        const char *keys;
        const char *better;    // by side
        const char *missed[2]; // left, right: 1 where ticked, of periventricular, juxtacortical, infratentorial
        const char *why, *comment;
    };
    const Row rows[] = {
        {"1>>>>", "left", {"000", "000"}, "", ""},
        {"2>p>>>", "right", {"100", "000"}, "", ""},
        {"3>>pji>>", "equal", {"000", "111"}, "", ""},
        {"12>ppj>>>", "right", {"010", "000"}, "", ""}, // changes of mind
        {"1>>>small horn>",
         "left",
         {"000", "000"},
         "small horn",
         ""}, // words, with letters and spaces that are keys elsewhere
        {"1>/poor T1>>>>", "left", {"000", "000"}, "", "poor T1"}, // Return leads out of the comment
        {"1>i<2>>>>", "right", {"001", "000"}, "", ""},            // back and another answer
        {"3>>i>>", "equal", {"000", "001"}, "", ""},
        {"2>>>>", "left", {"000", "000"}, "", ""}, // corrected from the case after
        {"<<<<1>>>>2>j>j>>", "right", {"010", "010"}, "", ""},
    };
    const auto order = test::expectedOrder(test::numberedCases(10), 7);

    QSignalSpy requested(m_panel, &ReadingPanel::caseRequested), finished(m_panel, &ReadingPanel::finished);
    auto session = open(10);
    QVERIFY(session);
    m_list->setSession(session);
    m_panel->setSession(session);
    std::string expected = "reader,position,case,left,right,question,item,side,model,answer,seconds\r\n";
    for (int i = 0; i < 10; ++i) {
        const ReadingItem &item = order[static_cast<std::size_t>(i)];
        QCOMPARE(requested.last(), (QList<QVariant>{QString::fromStdString(item.caseId), item.left, item.right}));
        for (const QString &word : wordsOf(m_window.get()))
            for (const QString &model : kModels)
                QVERIFY2(!word.contains(model), qPrintable(word));
        m_clock->pass(std::chrono::seconds(i + 1));
        if (i == 4) {
            // Called away: the window is not in front for an hour.
            QEvent away(QEvent::WindowDeactivate), back(QEvent::WindowActivate);
            QCoreApplication::sendEvent(m_window.get(), &away);
            m_clock->pass(1h);
            QCoreApplication::sendEvent(m_window.get(), &back);
        }
        type(rows[i].keys);

        const std::string left = kModels[item.left].toStdString(), right = kModels[item.right].toStdString();
        const std::string start = "Ada," + std::to_string(i + 1) + "," + item.caseId + "," + left + "," + right + ",";
        const std::string end = "," + std::to_string(i + 1) + ".000\r\n";
        const std::string better = rows[i].better;
        expected += start + "better,,,," + (better == "left" ? left : better == "right" ? right : better) + end;
        const char *const items[] = {"periventricular", "juxtacortical", "infratentorial"};
        for (int side = 0; side < 2; ++side)
            for (int k = 0; k < 3; ++k)
                expected += start + "missed," + items[k] + (side == 0 ? ",left," + left : ",right," + right) + "," +
                            rows[i].missed[side][k] + end;
        if (*rows[i].why)
            expected += start + "why,,,," + rows[i].why + end;
        if (*rows[i].comment)
            expected += start + "comment,,,," + rows[i].comment + end;
    }
    QCOMPARE(finished.count(), 1);
    QVERIFY(session->isFinished());
    QCOMPARE(session->corrections(8), std::size_t(1));
    QCOMPARE(m_list->findChild<QLabel *>("review.reading.progressText")->text(), QString("10 of 10 read"));

    // The end, by keyboard too.
    ReadingFinishedPage page;
    page.setTheme(test::testTheme());
    page.setSession(session);
    for (const QString &word : wordsOf(&page))
        for (const QString &model : kModels)
            QVERIFY2(!word.contains(model), qPrintable(word));
    QVERIFY(!page.results());
    page.show();
    QVERIFY(QTest::qWaitForWindowActive(&page));
    page.findChild<QPushButton *>("review.reading.unblind")->setFocus();
    QTest::keyClick(page.windowHandle(), Qt::Key_Space);
    QVERIFY(page.results());
    QCOMPARE(QString::fromStdString(resultsCsv(page.results()->rows)), QString::fromStdString(expected));
    QVERIFY(page.exportTo(m_study / "out.csv"));
    QCOMPARE(*readFile(m_study / "out.csv"), expected);
    QVERIFY(!page.exportTo(session->folder() / "out.json")); // among the records it would be taken for one
}

void tst_ReadingPanel::returnAsksForWhatIsMissing()
{
    auto session = open(2);
    m_panel->setSession(session);
    auto *notice = m_panel->findChild<QLabel *>("review.reading.notice");
    QCOMPARE(notice->text(), QString());
    press(Qt::Key_Return);
    QCOMPARE(notice->text(), QString("'Which is better?' has no answer yet"));
    QCOMPARE(session->current(), std::size_t(0));
    type("1>");
    QCOMPARE(notice->text(), QString());
    // Nothing is ticked, and that is said by going on.
    const ReadingStep left{1, Side::Left};
    QVERIFY(!session->answer(left));
    press(Qt::Key_Return);
    QVERIFY(session->answer(left) == std::optional<Answer>(Checked{}));
}

void tst_ReadingPanel::wordsCanBeTakenBack()
{
    auto session = open(2);
    m_panel->setSession(session);
    const ReadingStep why{2, {}};
    type("1>>>no>");
    QCOMPARE(session->current(), std::size_t(1));
    QVERIFY(!session->answer(why)); // it belongs to the case before
    type("<");
    QCOMPARE(session->current(), std::size_t(0));
    QVERIFY(session->answer(why) == std::optional<Answer>(std::string("no")));
    type("<<"); // letters first
    QVERIFY(m_panel->findChild<QLineEdit *>("review.reading.why.text")->text().isEmpty());
    type("<"); // then back
    QVERIFY(session->answer(why) == std::optional<Answer>(std::string()));
    QVERIFY(!session->isAnswered(why));
    QVERIFY(m_panel->findChild<QWidget *>("review.reading.missed.right")->hasFocus());
}

void tst_ReadingPanel::keysBeatShortcutsOfTheWindow()
{
    // Digits choose window presets elsewhere in the page; while the keyboard is on the strip they answer.
    int presets = 0;
    auto *preset = new QShortcut(QKeySequence(Qt::Key_2), m_window.get());
    auto *other = new QShortcut(QKeySequence(Qt::Key_S), m_window.get());
    for (QShortcut *shortcut : {preset, other})
        connect(shortcut, &QShortcut::activated, this, [&] { ++presets; });
    auto session = open(2);
    m_panel->setSession(session);
    type("2");
    QCOMPARE(presets, 0);
    QVERIFY(session->answer({0, {}}) == std::optional<Answer>(Choice::Right));
    type("s"); // no key of this question
    QCOMPARE(presets, 1);
}

void tst_ReadingPanel::lettersCount()
{
    auto session = open(1, R"({"title": "t", "models": ["a", "b"], "questions": [
        {"id": "missed", "kind": "checklist", "text": "Missed", "counts": true, "items": [
          {"id": "pv", "text": "periventricular"}, {"id": "it", "text": "infratentorial"}]},
        {"id": "grade", "kind": "likert", "text": "Outline", "low": "useless", "high": "good", "per": "side"}]})");
    m_panel->setSession(session);
    type("pppi");
    press(Qt::Key_P, Qt::ShiftModifier);
    press(Qt::Key_I, Qt::ShiftModifier);
    QVERIFY(session->answer({0, {}}) == std::optional<Answer>(Checked{{"pv", 2}}));
    QCOMPARE(m_panel->findChild<QSpinBox *>("review.reading.missed.pv")->value(), 2);
    type(">4>");
    QVERIFY(session->answer({1, Side::Left}) == std::optional<Answer>(4));
    QVERIFY(m_panel->findChild<QPushButton *>("review.reading.grade.left.4")->isChecked());
    type("15>");
    QVERIFY(session->isFinished());
    QVERIFY(session->answer({1, Side::Right}) == std::optional<Answer>(5));
}

void tst_ReadingPanel::timeIsForImagesInFront()
{
    auto session = open(2);
    m_panel->setImagesReady(false);
    m_panel->setSession(session);
    m_clock->pass(20s); // a slow disk
    QCOMPARE(session->time(0), 0ms);
    m_panel->setImagesReady(true);
    m_clock->pass(3s);
    m_panel->hide();
    m_clock->pass(50s);
    m_panel->show();
    m_clock->pass(2s);
    QCOMPARE(session->time(0), std::chrono::milliseconds(5s));
}

void tst_ReadingPanel::aListThatJumps()
{
    auto session = open(5);
    m_list->setSession(session);
    m_panel->setSession(session);
    auto *table = m_list->findChild<QTableView *>("review.reading.cases");
    QCOMPARE(table->model()->rowCount(), 5);
    QVERIFY(table->model()->index(0, 2).data().toString().endsWith("reading"));
    m_clock->pass(80s);
    type("1>>>>");
    QVERIFY(table->model()->index(0, 2).data().toString().endsWith("done"));
    QCOMPARE(m_list->findChild<QLabel *>("review.reading.progressText")->text(), QString("1 of 5 read"));
    QCOMPARE(m_list->findChild<QLabel *>("review.reading.timeLeft")->text(), QString("about 5 min left")); // 4 * 80 s
    table->setFocus();
    press(Qt::Key_Down);
    press(Qt::Key_Down);
    press(Qt::Key_Return);
    QCOMPARE(session->current(), std::size_t(3));
    QCOMPARE(m_panel->findChild<QLabel *>("review.reading.position")->text(), QString("Case 4 of 5"));
}

void tst_ReadingPanel::mouseAnswersToo()
{
    auto session = open(2);
    m_panel->setSession(session);
    QTest::mouseClick(m_panel->findChild<QPushButton *>("review.reading.better.equal"), Qt::LeftButton);
    auto *tick = m_panel->findChild<QCheckBox *>("review.reading.missed.right.infratentorial");
    QTest::mouseClick(tick, Qt::LeftButton, {}, QPoint(8, tick->height() / 2));
    QVERIFY(session->answer({0, {}}) == std::optional<Answer>(Choice::Equal));
    QVERIFY(session->answer({1, Side::Right}) == std::optional<Answer>(Checked{{"infratentorial", 1}}));
    // The left side was passed over: going on stops there.
    auto *next = m_panel->findChild<QPushButton *>("review.reading.next");
    QTest::mouseClick(next, Qt::LeftButton);
    QTest::mouseClick(next, Qt::LeftButton);
    QCOMPARE(m_panel->findChild<QLabel *>("review.reading.notice")->text(),
             QString("'Missed lesions, left' has no answer yet"));
    QCOMPARE(session->current(), std::size_t(0));
}

void tst_ReadingPanel::setupStartsAndResumes()
{
    ReadingSetup setup;
    setup.setTheme(test::testTheme());
    setup.setClock(m_clock);
    setup.setStudyFolder(m_study);
    const auto plans = readingPlansIn(fs::path(CONSILIUM_RESOURCES) / "reading");
    QVERIFY(plans);
    setup.setPlans(*plans, "lesions");
    setup.setCases({"a", "b"}, {"local", "federated"});
    std::shared_ptr<ReadingSession> session;
    connect(&setup, &ReadingSetup::sessionReady, this, [&](const auto &ready) { session = ready; });
    setup.show();
    QVERIFY(QTest::qWaitForWindowActive(&setup));
    auto *reader = setup.findChild<QLineEdit *>("review.reading.reader");
    auto *start = setup.findChild<QPushButton *>("review.reading.start");
    QVERIFY(!start->isEnabled());
    reader->setFocus();
    for (const char key : std::string("Ada"))
        QTest::keyClick(setup.windowHandle(), key);
    QVERIFY(start->isEnabled());
    start->setFocus();
    QTest::keyClick(setup.windowHandle(), Qt::Key_Space);
    QVERIFY(session);
    QCOMPARE(session->title(), std::string("Lesions: which model is better"));
    QCOMPARE(session->count(), std::size_t(2));
    QVERIFY(session->isBlinded());
    QVERIFY(session->setAnswer({0, {}}, Choice::Left));
    session.reset();

    auto *begun = setup.findChild<QListWidget *>("review.reading.sessions");
    QCOMPARE(begun->count(), 1);
    QVERIFY(begun->item(0)->text().contains("Ada 0 of 2"));
    begun->setCurrentRow(0);
    auto *resume = setup.findChild<QPushButton *>("review.reading.resume");
    resume->setFocus();
    QTest::keyClick(setup.windowHandle(), Qt::Key_Space);
    QVERIFY(session);
    QVERIFY(session->answer({0, {}}) == std::optional<Answer>(Choice::Left));
}

void tst_ReadingPanel::setupSaysWhyNot()
{
    ReadingSetup setup;
    setup.setTheme(test::testTheme());
    setup.setStudyFolder(m_study);
    auto *notice = setup.findChild<QLabel *>("review.reading.setupNotice");
    setup.setCases({"a"}, {"local"});
    QVERIFY(notice->text().startsWith("A reading session compares two models"));
    QVERIFY(writeFileAtomically(m_study / "bad.json", R"({"title": "t", "colour": 1, "questions": []})"));
    setup.addPlan(m_study / "bad.json");
    QVERIFY(notice->text().contains("bad.json"));
    QVERIFY(writeFileAtomically(m_study / "good.json", kPlan));
    setup.addPlan(m_study / "good.json");
    setup.setCases({"a"}, {"local-north", "federated-12", "other"});
    auto *models = setup.findChild<QListWidget *>("review.reading.models");
    QCOMPARE(models->item(0)->checkState(), Qt::Checked);
    QCOMPARE(models->item(2)->checkState(), Qt::Unchecked); // not one of the plan's
}

void tst_ReadingPanel::everyWidgetIsNamed()
{
    m_panel->setSession(open(2));
    ReadingSetup setup;
    ReadingFinishedPage page;
    for (QWidget *root : {static_cast<QWidget *>(m_panel), static_cast<QWidget *>(m_list),
                          static_cast<QWidget *>(&setup), static_cast<QWidget *>(&page)}) {
        for (QWidget *widget : root->findChildren<QWidget *>()) {
            if (widget->focusPolicy() == Qt::NoFocus || widget->objectName().startsWith("qt_") ||
                !widget->isVisibleTo(root) || qobject_cast<QLabel *>(widget))
                continue;
            QVERIFY2(widget->objectName().startsWith("review.reading."), qPrintable(widget->objectName()));
            QVERIFY2(!widget->accessibleName().isEmpty(), qPrintable(widget->objectName()));
        }
    }
}

QTEST_MAIN(tst_ReadingPanel)
#include "tst_reading_panel.moc"
