// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/actions/action_model.h"
#include "viewer/actions/action_table.h"
#include "viewer/actions/action_table_view.h"
#include "viewer/actions/key_name.h"

#include <QAction>
#include <QComboBox>
#include <QDateEdit>
#include <QDoubleSpinBox>
#include <QKeySequenceEdit>
#include <QLabel>
#include <QLineEdit>
#include <QListWidget>
#include <QPlainTextEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QSlider>
#include <QStackedWidget>
#include <QTableView>
#include <QTemporaryDir>
#include <QTest>
#include <QVBoxLayout>

using namespace consilium;
using namespace consilium::viewer;
using Scope = ActionSpec::Scope;

class tst_ActionTable : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();

    void aLetterWorksWhereverTheKeyboardIs_data();
    void aLetterWorksWhereverTheKeyboardIs();
    void aLetterIsTextWhereTextIsTyped_data();
    void aLetterIsTextWhereTextIsTyped();
    void theFocusedWidgetComesBeforeTheWindow();
    void aControlKeepsTheKeysItWorksBy();
    void aSessionTakesTheDigitsWhileItRuns();
    void aHiddenPageHearsNothing();
    void aDisabledActionLeavesItsKeyToOthers();
    void aKeyCanBeChangedAndIsKept();
    void noKeyIsAChoiceToo();
    void aConflictIsNamedAndRefused();
    void pagesOfAStackShareKeysInPeace();
    void aSequenceConflictsWithItsBeginning();
    void takingAKeyLeavesTheOthersOfTheLoser();
    void resetting();
    void exportAndImportAreInverse();
    void aBadFileChangesNothing_data();
    void aBadFileChangesNothing();
    void anImportMaySwapTwoKeys();
    void anActionGoesWithItsOwner();
    void theTableMayGoFirst();
    void tipsFollowTheKey();
    void keysAreNamedForPeople();

    void theViewFindsByWordsAndKeys();
    void theViewEditsInPlace();
    void theViewNamesTheConflictAndOffersTheWayOut();
    void theViewIsDrivenByKeyboardAlone();
    void theMouseIsListedButNotEdited();

private:
    QAction *add(const QString &id, const QKeySequence &key, QWidget *owner = nullptr, Scope scope = Scope::Window,
                 bool takesOver = false)
    {
        return m_table->add({id, "Review", "Text of " + id, {key}, scope, takesOver, true},
                            owner ? owner : m_window.get(), [this, id] { m_fired << id; });
    }
    // A key as a person presses it: with the text it would type.
    void press(Qt::Key key, const char *text = "")
    {
        QTest::sendKeyEvent(QTest::Click, QApplication::focusWidget(), key, QString::fromLatin1(text), Qt::NoModifier);
    }
    template <typename T>
    T *focused()
    {
        auto *widget = new T;
        m_window->layout()->addWidget(widget);
        widget->show();
        widget->setFocus();
        return widget;
    }

    MemorySettings m_store;
    std::unique_ptr<ActionTable> m_table;
    std::unique_ptr<QWidget> m_window;
    QStringList m_fired;
};

void tst_ActionTable::init()
{
    m_store = {};
    m_fired.clear();
    m_table = std::make_unique<ActionTable>(m_store);
    m_window = std::make_unique<QWidget>();
    new QVBoxLayout(m_window.get());
    m_window->setFocusPolicy(Qt::StrongFocus);
    m_window->show();
    m_window->activateWindow();
    QVERIFY(QTest::qWaitForWindowActive(m_window.get()));
    m_window->setFocus();
}

void tst_ActionTable::cleanup()
{
    m_window.reset();
    m_table.reset();
}

void tst_ActionTable::aLetterWorksWhereverTheKeyboardIs_data()
{
    QTest::addColumn<int>("kind");
    const char *names[] = {"window", "button", "slider", "list", "table", "closed list", "read-only text"};
    for (int i = 0; i < 7; ++i)
        QTest::newRow(names[i]) << i;
}

void tst_ActionTable::aLetterWorksWhereverTheKeyboardIs()
{
    QFETCH(int, kind);
    add("review.overlay", Qt::Key_S);
    add("review.preset3", Qt::Key_3);
    add("review.nextCase", Qt::Key_PageDown);
    switch (kind) {
    case 1: focused<QPushButton>()->setText("Push"); break;
    case 2: focused<QSlider>(); break;
    case 3: focused<QListWidget>()->addItems({"sagittal", "axial", "3D"}); break;
    case 4: focused<QTableView>(); break;
    case 5: focused<QComboBox>()->addItems({"sagittal", "axial", "3D"}); break;
    case 6: {
        auto *text = focused<QPlainTextEdit>();
        text->setPlainText("some words");
        text->setReadOnly(true);
        break;
    }
    default: break;
    }
    press(Qt::Key_S, "s");
    press(Qt::Key_3, "3");
    press(Qt::Key_PageDown);
    QCOMPARE(m_fired, QStringList({"review.overlay", "review.preset3", "review.nextCase"}));
}

void tst_ActionTable::aLetterIsTextWhereTextIsTyped_data()
{
    QTest::addColumn<int>("kind");
    const char *names[] = {"line", "spin box", "decimal spin box", "editable list", "text", "plain text",
                           "date", "key"};
    for (int i = 0; i < 8; ++i)
        QTest::newRow(names[i]) << i;
}

void tst_ActionTable::aLetterIsTextWhereTextIsTyped()
{
    QFETCH(int, kind);
    add("review.overlay", Qt::Key_S);
    add("review.preset3", Qt::Key_3);
    add("session.third", Qt::Key_3, nullptr, Scope::Window, true);
    std::function<QString()> typed;
    switch (kind) {
    case 0: {
        auto *line = focused<QLineEdit>();
        typed = [line] { return line->text(); };
        break;
    }
    case 1: {
        auto *spin = focused<QSpinBox>();
        spin->clear();
        typed = [spin] { return spin->text(); };
        break;
    }
    case 2: {
        auto *spin = focused<QDoubleSpinBox>();
        spin->clear();
        typed = [spin] { return spin->text(); };
        break;
    }
    case 3: {
        auto *list = focused<QComboBox>();
        list->setEditable(true);
        list->lineEdit()->setFocus();
        typed = [list] { return list->currentText(); };
        break;
    }
    case 4: {
        auto *text = focused<QTextEdit>();
        typed = [text] { return text->toPlainText(); };
        break;
    }
    case 5: {
        auto *text = focused<QPlainTextEdit>();
        typed = [text] { return text->toPlainText(); };
        break;
    }
    case 6: focused<QDateEdit>(); break;
    default: focused<QKeySequenceEdit>(); break;
    }
    press(Qt::Key_S, "s");
    press(Qt::Key_3, "3");
    QCOMPARE(m_fired, QStringList());
    if (typed)
        QVERIFY2(typed().contains('3'), qPrintable(typed()));
}

void tst_ActionTable::theFocusedWidgetComesBeforeTheWindow()
{
    auto *panel = focused<QListWidget>();
    add("review.next", Qt::Key_Down);
    add("list.next", Qt::Key_Down, panel, Scope::WithinWidget);
    for (int i = 0; i < 3; ++i)
        press(Qt::Key_Down);
    QCOMPARE(m_fired, QStringList({"list.next", "list.next", "list.next"}));
    m_fired.clear();
    m_window->setFocus();
    press(Qt::Key_Down);
    QCOMPARE(m_fired, QStringList({"review.next"}));
}

void tst_ActionTable::aControlKeepsTheKeysItWorksBy()
{
    add("review.nextSlice", Qt::Key_Up, nullptr, Scope::WithinWidget);
    add("review.previousSlice", Qt::Key_Down, nullptr, Scope::WithinWidget);
    add("review.play", Qt::Key_Space);
    auto *list = focused<QListWidget>();
    list->addItems({"one", "two", "three"});
    list->setCurrentRow(0);
    press(Qt::Key_Down);
    QCOMPARE(list->currentRow(), 1);
    auto *slider = focused<QSlider>();
    press(Qt::Key_Up);
    QCOMPARE(slider->value(), 1);
    auto *spin = focused<QSpinBox>();
    press(Qt::Key_Up);
    QCOMPARE(spin->value(), 1);
    auto *button = focused<QPushButton>();
    QSignalSpy clicked(button, &QPushButton::clicked);
    press(Qt::Key_Space, " ");
    QCOMPARE(clicked.size(), 1);
    QCOMPARE(m_fired, QStringList());
    press(Qt::Key_Up); // means nothing to a button
    m_window->setFocus();
    press(Qt::Key_Down);
    press(Qt::Key_Space, " ");
    QCOMPARE(m_fired, QStringList({"review.nextSlice", "review.previousSlice", "review.play"}));
}

void tst_ActionTable::aSessionTakesTheDigitsWhileItRuns()
{
    auto *canvas = focused<QWidget>();
    canvas->setFocusPolicy(Qt::StrongFocus);
    canvas->setFocus();
    add("canvas.preset1", Qt::Key_1, canvas, Scope::WithinWidget);
    auto *answer = add("session.first", Qt::Key_1, nullptr, Scope::Window, true);
    press(Qt::Key_1, "1");
    answer->setEnabled(false);
    press(Qt::Key_1, "1");
    answer->setEnabled(true);
    press(Qt::Key_1, "1");
    QCOMPARE(m_fired, QStringList({"session.first", "canvas.preset1", "session.first"}));
    QCOMPARE(m_table->conflicts("session.first", {Qt::Key_1}), QStringList());
}

void tst_ActionTable::aHiddenPageHearsNothing()
{
    auto *page = focused<QWidget>();
    add("page.act", Qt::Key_F, page);
    m_window->setFocus();
    press(Qt::Key_F, "f");
    page->hide();
    press(Qt::Key_F, "f");
    QCOMPARE(m_fired, QStringList({"page.act"}));
}

void tst_ActionTable::aDisabledActionLeavesItsKeyToOthers()
{
    auto *line = focused<QLineEdit>();
    line->setText("abc");
    add("review.first", Qt::Key_Home)->setEnabled(false);
    press(Qt::Key_Home);
    QCOMPARE(line->cursorPosition(), 0);
    QCOMPARE(m_fired, QStringList());
    // Bound anew, it stays off.
    QVERIFY(m_table->setKeys("review.first", {Qt::Key_End}));
    press(Qt::Key_End);
    QCOMPARE(line->cursorPosition(), 3);
}

void tst_ActionTable::aKeyCanBeChangedAndIsKept()
{
    add("review.nextCase", Qt::Key_PageDown);
    QSignalSpy changed(m_table.get(), &ActionTable::keysChanged);
    QVERIFY(m_table->setKeys("review.nextCase", {Qt::Key_N}));
    QCOMPARE(changed.size(), 1);
    press(Qt::Key_PageDown);
    press(Qt::Key_N, "n");
    QCOMPARE(m_fired, QStringList({"review.nextCase"}));
    QVERIFY(m_table->isChanged("review.nextCase"));

    // The next start.
    ActionTable again(m_store);
    QWidget other;
    again.add({"review.nextCase", "Review", "Next case", {Qt::Key_PageDown}}, &other, [] {});
    QCOMPARE(again.keys("review.nextCase"), std::vector<QKeySequence>{Qt::Key_N});
    QVERIFY(again.reset("review.nextCase"));
    QVERIFY(!m_store.value("keys/review.nextCase").isValid());
}

void tst_ActionTable::noKeyIsAChoiceToo()
{
    add("review.nextCase", Qt::Key_PageDown);
    QVERIFY(m_table->setKeys("review.nextCase", {}));
    press(Qt::Key_PageDown);
    QCOMPARE(m_fired, QStringList());
    ActionTable again(m_store);
    QWidget other;
    again.add({"review.nextCase", "Review", "Next case", {Qt::Key_PageDown}}, &other, [] {});
    QVERIFY(again.keys("review.nextCase").empty());
}

void tst_ActionTable::aConflictIsNamedAndRefused()
{
    m_table->add({"review.nextCase", "Review", "Next case", {Qt::Key_PageDown}}, m_window.get(), [] {});
    auto *list = focused<QListWidget>();
    add("list.down", Qt::Key_Down, list, Scope::WithinWidget);
    const auto set = m_table->setKeys("list.down", {Qt::Key_PageDown});
    QVERIFY(!set);
    QCOMPARE(set.error().code, ErrorCode::Busy);
    QCOMPARE(set.error().message, std::string("Page Down already means Next case"));
    QCOMPARE(m_table->keys("list.down"), std::vector<QKeySequence>{Qt::Key_Down});
    QCOMPARE(m_table->conflicts("list.down", {Qt::Key_PageDown}), QStringList("review.nextCase"));

    // Two widgets side by side do not hear each other's keys.
    auto *second = focused<QListWidget>();
    add("second.down", Qt::Key_J, second, Scope::WithinWidget);
    QVERIFY(m_table->setKeys("second.down", {Qt::Key_Down}));
}

void tst_ActionTable::pagesOfAStackShareKeysInPeace()
{
    auto *stack = focused<QStackedWidget>();
    auto *review = new QWidget, *data = new QWidget;
    stack->addWidget(review);
    stack->addWidget(data);
    add("review.find", Qt::Key_F, review);
    add("data.find", Qt::Key_F, data);
    add("window.help", Qt::Key_F1);
    m_window->setFocus();
    press(Qt::Key_F, "f");
    stack->setCurrentWidget(data);
    press(Qt::Key_F, "f");
    QCOMPARE(m_fired, QStringList({"review.find", "data.find"}));
    QCOMPARE(m_table->conflicts("review.find", {Qt::Key_F}), QStringList());
    QCOMPARE(m_table->conflicts("review.find", {Qt::Key_F1}), QStringList("window.help"));
    QCOMPARE(m_table->conflicts("window.help", {Qt::Key_F}), QStringList({"review.find", "data.find"}));
}

void tst_ActionTable::aSequenceConflictsWithItsBeginning()
{
    add("window.layout", QKeySequence(Qt::CTRL | Qt::Key_L, Qt::CTRL | Qt::Key_2));
    add("window.list", Qt::Key_L);
    QVERIFY(!m_table->setKeys("window.list", {Qt::CTRL | Qt::Key_L}));
    QVERIFY(m_table->setKeys("window.list", {QKeySequence(Qt::CTRL | Qt::Key_L, Qt::CTRL | Qt::Key_3)}));
}

void tst_ActionTable::takingAKeyLeavesTheOthersOfTheLoser()
{
    m_table->add({"review.nextCase", "Review", "Next case", {Qt::Key_PageDown, Qt::Key_N}}, m_window.get(), [] {});
    add("review.note", Qt::Key_M);
    m_table->takeKeys("review.note", {Qt::Key_N});
    QCOMPARE(m_table->keys("review.note"), std::vector<QKeySequence>{Qt::Key_N});
    QCOMPARE(m_table->keys("review.nextCase"), std::vector<QKeySequence>{Qt::Key_PageDown});
}

void tst_ActionTable::resetting()
{
    add("review.a", Qt::Key_A);
    add("review.d", Qt::Key_D);
    m_table->takeKeys("review.a", {Qt::Key_D});
    QVERIFY(m_table->keys("review.d").empty());
    const auto reset = m_table->reset("review.d");
    QVERIFY(!reset);
    QCOMPARE(reset.error().message, std::string("D already means Text of review.a"));
    m_table->resetAll();
    QCOMPARE(m_table->keys("review.a"), std::vector<QKeySequence>{Qt::Key_A});
    QCOMPARE(m_table->keys("review.d"), std::vector<QKeySequence>{Qt::Key_D});
    QVERIFY(!m_store.value("keys/review.a").isValid());
    QVERIFY(!m_store.value("keys/review.d").isValid());
}

void tst_ActionTable::exportAndImportAreInverse()
{
    add("review.a", Qt::Key_A);
    m_table->add({"review.next", "Review", "Next", {Qt::Key_PageDown, Qt::CTRL | Qt::Key_N}}, m_window.get(), [] {});
    QVERIFY(m_table->setKeys("review.a", {QKeySequence("Ctrl+K, ,")}));
    const auto saved = m_table->exportKeys();
    QCOMPARE(saved["keys"]["review.next"].dump(), std::string(R"(["PgDown","Ctrl+N"])"));
    m_table->resetAll();
    auto more = saved;
    more["keys"]["review.ofALaterVersion"] = {"X"};
    const auto unknown = m_table->importKeys(more);
    QVERIFY(unknown);
    QCOMPARE(*unknown, QStringList("review.ofALaterVersion"));
    QCOMPARE(m_table->exportKeys().dump(), saved.dump());
}

void tst_ActionTable::aBadFileChangesNothing_data()
{
    QTest::addColumn<QByteArray>("file");
    QTest::addColumn<int>("code");
    const auto row = [](const char *name, const char *file, ErrorCode code) {
        QTest::newRow(name) << QByteArray(file) << static_cast<int>(code);
    };
    row("empty", "{}", ErrorCode::Malformed);
    row("list", "[]", ErrorCode::Malformed);
    row("something else", R"({"format": "theme", "version": 1, "keys": {}})", ErrorCode::Malformed);
    row("later", R"({"format": "consilium-keys", "version": 2, "keys": {}})", ErrorCode::Unsupported);
    row("number for a key",
        R"({"format": "consilium-keys", "version": 1, "keys": {"review.d": ["E"], "review.a": [7]}})",
        ErrorCode::Malformed);
    row("no such key",
        R"({"format": "consilium-keys", "version": 1, "keys": {"review.d": ["E"], "review.a": ["Blorb"]}})",
        ErrorCode::Malformed);
    row("shared", R"({"format": "consilium-keys", "version": 1, "keys": {"review.d": ["E"], "review.a": ["E"]}})",
        ErrorCode::Busy);
    row("shared with one not named", R"({"format": "consilium-keys", "version": 1, "keys": {"review.d": ["A"]}})",
        ErrorCode::Busy);
}

void tst_ActionTable::aBadFileChangesNothing()
{
    QFETCH(QByteArray, file);
    QFETCH(int, code);
    add("review.a", Qt::Key_A);
    add("review.d", Qt::Key_D);
    const auto before = m_table->exportKeys();
    const auto result = m_table->importKeys(parseJson(file.toStdString()).value());
    QVERIFY(!result);
    QCOMPARE(static_cast<int>(result.error().code), code);
    QCOMPARE(m_table->exportKeys().dump(), before.dump());
}

void tst_ActionTable::anImportMaySwapTwoKeys()
{
    add("review.a", Qt::Key_A);
    add("review.d", Qt::Key_D);
    auto swapped = m_table->exportKeys();
    std::swap(swapped["keys"]["review.a"], swapped["keys"]["review.d"]);
    QVERIFY(m_table->importKeys(swapped));
    press(Qt::Key_A, "a");
    QCOMPARE(m_fired, QStringList("review.d"));
}

void tst_ActionTable::anActionGoesWithItsOwner()
{
    add("window.act", Qt::Key_W);
    auto *page = focused<QWidget>();
    add("page.act", Qt::Key_F, page);
    add("page.other", Qt::Key_G, page);
    delete page;
    QCOMPARE(m_table->ids(), QStringList("window.act"));
    m_window->setFocus();
    press(Qt::Key_F, "f");
    press(Qt::Key_W, "w");
    QCOMPARE(m_fired, QStringList("window.act"));
    // Its place is free.
    add("page.act", Qt::Key_F);
}

void tst_ActionTable::theTableMayGoFirst()
{
    add("window.act", Qt::Key_W);
    m_table.reset();
    press(Qt::Key_W, "w");
    QCOMPARE(m_fired, QStringList());
}

void tst_ActionTable::tipsFollowTheKey()
{
    m_table->add({"review.nextCase", "Review", "Next case", {Qt::Key_PageDown}}, m_window.get(), [] {});
    auto *button = focused<QPushButton>();
    m_table->describe(button, "review.nextCase");
    QCOMPARE(button->toolTip(), "Next case (Page Down)");
    QVERIFY(m_table->setKeys("review.nextCase", {Qt::Key_N}));
    QCOMPARE(button->toolTip(), "Next case (N)");
    QVERIFY(m_table->setKeys("review.nextCase", {}));
    QCOMPARE(button->toolTip(), "Next case");
}

void tst_ActionTable::keysAreNamedForPeople()
{
    QCOMPARE(keyName(Qt::Key_PageDown), "Page Down");
    QCOMPARE(keyName(Qt::CTRL | Qt::SHIFT | Qt::Key_Z), "Ctrl+Shift+Z");
    QCOMPARE(keyName(QKeySequence("Ctrl+K, Left")), "Ctrl+K, Left");
    QCOMPARE(keyNames({Qt::Key_PageDown, Qt::Key_N}), "Page Down or N");
    QCOMPARE(keyNames({}), QString());
}

namespace {

template <typename T>
T *in(QWidget &view, const char *name)
{
    auto *found = view.findChild<T *>(QString::fromLatin1(name));
    Q_ASSERT_X(found, "in", name);
    return found;
}

} // namespace

void tst_ActionTable::theViewFindsByWordsAndKeys()
{
    m_table->add({"review.nextCase", "Review", "Next case", {Qt::Key_PageDown}}, m_window.get(), [] {});
    m_table->add({"review.previousCase", "Review", "Previous case", {Qt::Key_PageUp}}, m_window.get(), [] {});
    m_table->add({"review.overlay", "Overlay", "Show or hide", {Qt::Key_S}}, m_window.get(), [] {});
    ActionTableView view(*m_table);
    auto *rows = in<QTableView>(view, "settings.keys.table")->model();
    auto *search = in<QLineEdit>(view, "settings.keys.search");
    QCOMPARE(rows->rowCount(), 3);
    search->setText("case rev");
    QCOMPARE(rows->rowCount(), 2);
    search->setText("page down");
    QCOMPARE(rows->rowCount(), 1);
    QCOMPARE(rows->index(0, ActionModel::Action).data().toString(), "Next case");
    search->setText("nothing of the kind");
    QCOMPARE(rows->rowCount(), 0);
    QVERIFY(in<QLabel>(view, "settings.keys.message")->text().contains("nothing of the kind"));
}

void tst_ActionTable::theViewEditsInPlace()
{
    add("review.a", Qt::Key_A);
    ActionTableView view(*m_table);
    view.show();
    QApplication::setActiveWindow(&view);
    QVERIFY(QTest::qWaitForWindowActive(&view));
    auto *table = in<QTableView>(view, "settings.keys.table");
    table->setCurrentIndex(table->model()->index(0, ActionModel::Key));
    in<QPushButton>(view, "settings.keys.change")->click();
    auto *editor = in<QKeySequenceEdit>(view, "settings.keys.editor");
    QTest::keyClick(editor, Qt::Key_K, Qt::ControlModifier);
    // The edit waits a second for a second key of the sequence.
    QTRY_COMPARE(m_table->keys("review.a"), std::vector<QKeySequence>{Qt::CTRL | Qt::Key_K});
    QVERIFY(in<QPushButton>(view, "settings.keys.reset")->isEnabled());
    in<QPushButton>(view, "settings.keys.reset")->click();
    QCOMPARE(m_table->keys("review.a"), std::vector<QKeySequence>{Qt::Key_A});
    in<QPushButton>(view, "settings.keys.clear")->click();
    QVERIFY(m_table->keys("review.a").empty());
}

void tst_ActionTable::theViewNamesTheConflictAndOffersTheWayOut()
{
    m_table->add({"review.nextCase", "Review", "Next case", {Qt::Key_PageDown}}, m_window.get(), [] {});
    add("review.a", Qt::Key_A);
    ActionTableView view(*m_table);
    view.show();
    auto *table = in<QTableView>(view, "settings.keys.table");
    auto *take = in<QPushButton>(view, "settings.keys.take");
    QVERIFY(take->isHidden());
    table->setCurrentIndex(table->model()->index(1, ActionModel::Key));
    QVERIFY(!table->model()->setData(table->currentIndex(), QVariant::fromValue(QKeySequence(Qt::Key_PageDown)),
                                     Qt::EditRole));
    QCOMPARE(in<QLabel>(view, "settings.keys.message")->text(), "Page Down already means Next case");
    QVERIFY(take->isVisible());
    take->click();
    QCOMPARE(m_table->keys("review.a"), std::vector<QKeySequence>{Qt::Key_PageDown});
    QVERIFY(m_table->keys("review.nextCase").empty());
    QVERIFY(take->isHidden());
}

void tst_ActionTable::theViewIsDrivenByKeyboardAlone()
{
    add("review.a", Qt::Key_A);
    add("review.d", Qt::Key_D);
    ActionTableView view(*m_table);
    view.show();
    QApplication::setActiveWindow(&view);
    QVERIFY(QTest::qWaitForWindowActive(&view));
    in<QLineEdit>(view, "settings.keys.search")->setFocus();
    QTest::keyClicks(QApplication::focusWidget(), "review.d");
    QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
    auto *table = in<QTableView>(view, "settings.keys.table");
    QCOMPARE(QApplication::focusWidget(), table);
    QTest::keyClick(table, Qt::Key_F2);
    auto *editor = in<QKeySequenceEdit>(view, "settings.keys.editor");
    QTRY_VERIFY(editor->hasFocus());
    QTest::keyClick(editor, Qt::Key_B);
    QTRY_COMPARE(m_table->keys("review.d"), std::vector<QKeySequence>{Qt::Key_B});
    QStringList reached;
    for (int i = 0; i < 12; ++i) {
        reached << QApplication::focusWidget()->objectName();
        QTest::keyClick(QApplication::focusWidget(), Qt::Key_Tab);
    }
    for (const auto *name :
         {"settings.keys.search", "settings.keys.table", "settings.keys.change", "settings.keys.clear",
          "settings.keys.reset", "settings.keys.resetAll", "settings.keys.export", "settings.keys.import"})
        QVERIFY2(reached.contains(QLatin1String(name)), name);
}

void tst_ActionTable::theMouseIsListedButNotEdited()
{
    add("review.a", Qt::Key_A);
    ActionTableView view(*m_table);
    m_table->setGestures({{"Mouse", "Window and level", "Right button, drag"}});
    auto *rows = in<QTableView>(view, "settings.keys.table")->model();
    QCOMPARE(rows->rowCount(), 2);
    QCOMPARE(rows->index(1, ActionModel::Key).data().toString(), "Right button, drag");
    QVERIFY(!(rows->flags(rows->index(1, ActionModel::Key)) & Qt::ItemIsEditable));
    QVERIFY(rows->flags(rows->index(0, ActionModel::Key)) & Qt::ItemIsEditable);

    QTemporaryDir folder;
    const auto file = std::filesystem::path(folder.path().toStdU16String()) / "keys.json";
    view.exportTo(file);
    QVERIFY(m_table->setKeys("review.a", {Qt::Key_Z}));
    view.importFrom(file);
    QCOMPARE(m_table->keys("review.a"), std::vector<QKeySequence>{Qt::Key_A});
    view.importFrom(file.parent_path() / "nowhere.json");
    QVERIFY(in<QLabel>(view, "settings.keys.message")->text().contains("nowhere.json"));
}

QTEST_MAIN(tst_ActionTable)
#include "tst_action_table.moc"
