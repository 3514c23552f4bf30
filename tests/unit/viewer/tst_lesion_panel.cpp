// SPDX-License-Identifier: GPL-3.0-or-later
#include "lesion_phantom.h"
#include "support/real_data.h"
#include "viewer/canvas/colours.h"
#include "viewer/findings/change_view.h"
#include "viewer/findings/lesion_list.h"
#include "viewer/findings/lesion_panel.h"
#include "viewer/findings/verdict_file.h"

#include <QComboBox>
#include <QDoubleSpinBox>
#include <QHeaderView>
#include <QLabel>
#include <QLineEdit>
#include <QMenu>
#include <QPushButton>
#include <QSignalSpy>
#include <QTabWidget>
#include <QTableView>
#include <QTemporaryDir>
#include <QToolButton>
#include <QtTest>
#include <random>

using namespace consilium;
using namespace consilium::viewer;

class tst_LesionPanel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void titleAndSum();
    void aRowIsAskedFor();
    void sortingKeepsTheSelection();
    void filteringJumpsNowhere();
    void keysAcceptAndRejectAndUndo();
    void theSameVerdictTakesItBack();
    void acceptsAllListed();
    void editsTheOutlineOfItsAuthor();
    void verdictsAreKeptAndReadAgain();
    void verdictsOfAnotherCaseAreLeftAlone();
    void structuresHaveNoVerdicts();
    void placesArriveLater();
    void asksForAnEarlierExamination();
    void everyControlHasAName();
    void aThousandLesionsStayFast();
    void randomVerdictsAreUndoneToThePixel();

private:
    template <typename Widget>
    Widget *find(const char *name) const
    {
        return m_panel->findChild<Widget *>(QLatin1String(name));
    }
    QTableView *table() const { return find<QTableView>("review.lesionTable"); }
    int finding(int row) const // by the number shown
    {
        return table()->model()->index(row, 0).data().toInt() - 1;
    }
    void choose(int row) { table()->setCurrentIndex(table()->model()->index(row, 0)); }
    void choose(const char *combo, const QString &text)
    {
        auto *box = find<QComboBox>(combo);
        QVERIFY(box->findText(text) >= 0);
        box->setCurrentIndex(box->findText(text));
    }

    std::unique_ptr<LesionPanel> m_panel;
    std::shared_ptr<const LoadedCase> m_case;
};

void tst_LesionPanel::init()
{
    QLocale::setDefault(QLocale::c());
    m_case = test::fiveLesions();
    m_panel = std::make_unique<LesionPanel>();
    m_panel->setTheme(test::testTheme());
    m_panel->resize(300, 860);
    m_panel->setCase(m_case);
    m_panel->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_panel.get()));
}

void tst_LesionPanel::titleAndSum()
{
    QCOMPARE(find<QLabel>("review.lesionTitle")->text(), QString("Lesions (3)"));
    QVERIFY(find<QLabel>("review.lesionSum")->text().startsWith("0.35 mL in all; 2 more"));
    m_panel->setCase(nullptr);
    QCOMPARE(find<QLabel>("review.lesionTitle")->text(), QString("Findings"));
    QCOMPARE(table()->model()->rowCount(), 0);
}

void tst_LesionPanel::aRowIsAskedFor()
{
    QSignalSpy jumps(m_panel.get(), &LesionPanel::jumpRequested);
    QTest::mouseClick(table()->viewport(), Qt::LeftButton, {},
                      table()->visualRect(table()->model()->index(2, 1)).center());
    QVERIFY(!jumps.isEmpty());
    QCOMPARE(jumps.last().first().value<imaging::Vec3>(), m_case->findings.lesions[2].position);
    jumps.clear();
    QTest::keyClick(table(), Qt::Key_Down);
    QCOMPARE(jumps.count(), 1);
    QCOMPARE(jumps.last().first().value<imaging::Vec3>(), m_case->findings.lesions[3].position);
    QTest::keyClick(table(), Qt::Key_Up);
    QCOMPARE(jumps.last().first().value<imaging::Vec3>(), m_case->findings.lesions[2].position);
}

void tst_LesionPanel::sortingKeepsTheSelection()
{
    choose(1); // B
    QSignalSpy jumps(m_panel.get(), &LesionPanel::jumpRequested);
    const auto *header = table()->horizontalHeader();
    const auto click = [&](int section) {
        QTest::mouseClick(header->viewport(), Qt::LeftButton, {},
                          QPoint(header->sectionViewportPosition(section) + 6, header->height() / 2));
    };
    click(0);
    click(0); // the smallest first: E, C, D, B, A
    QCOMPARE(finding(0), 4);
    QCOMPARE(table()->currentIndex().row(), 3);
    QCOMPARE(finding(table()->currentIndex().row()), 1);
    QVERIFY(table()->selectionModel()->isRowSelected(3));
    click(6); // found by the federated model first; rows alike in it keep the order they had
    QCOMPARE(finding(0), 4);
    QCOMPARE(finding(1), 0);
    QCOMPARE(finding(table()->currentIndex().row()), 1);
    QCOMPARE(jumps.count(), 0);
}

void tst_LesionPanel::filteringJumpsNowhere()
{
    choose(0);
    QSignalSpy jumps(m_panel.get(), &LesionPanel::jumpRequested);
    choose("review.lesions.which", "Missed by federated: round 12");
    QCOMPARE(table()->model()->rowCount(), 2);
    QCOMPARE(find<QLabel>("review.lesions.shown")->text(), QString("2 of 5 listed, 0 reviewed"));
    find<QDoubleSpinBox>("review.lesions.volume")->setValue(0.08);
    QCOMPARE(table()->model()->rowCount(), 1);
    find<QLineEdit>("review.lesions.place")->setText("nowhere");
    QCOMPARE(table()->model()->rowCount(), 0);
    QCOMPARE(jumps.count(), 0);
    m_panel->setCase(m_case); // another case begins with all of its lesions
    QCOMPARE(table()->model()->rowCount(), 5);
    QVERIFY(find<QLineEdit>("review.lesions.place")->text().isEmpty());
}

void tst_LesionPanel::keysAcceptAndRejectAndUndo()
{
    choose(0);
    QSignalSpy jumps(m_panel.get(), &LesionPanel::jumpRequested);
    QTest::keyClick(table(), Qt::Key_Y); // A; on to B
    QTest::keyClick(table(), Qt::Key_N); // B; on to D
    QVERIFY(m_panel->verdicts().at(0) == Verdict::Accepted);
    QVERIFY(m_panel->verdicts().at(1) == Verdict::Rejected);
    QCOMPARE(finding(table()->currentIndex().row()), 2);
    QCOMPARE(jumps.last().first().value<imaging::Vec3>(), m_case->findings.lesions[2].position);
    QCOMPARE(find<QLabel>("review.lesions.shown")->text(), QString("2 of 5 reviewed"));
    QTest::keyClick(table(), Qt::Key_Period);
    QCOMPARE(finding(table()->currentIndex().row()), 3);
    QTest::keyClick(table(), Qt::Key_Comma);
    QTest::keyClick(table(), Qt::Key_Comma); // before the first that is open comes the last
    QCOMPARE(finding(table()->currentIndex().row()), 4);
    QTest::keyClick(table(), Qt::Key_Z, Qt::ControlModifier);
    QVERIFY(m_panel->verdicts().at(1) == Verdict::None);
    QCOMPARE(finding(table()->currentIndex().row()), 1); // where it happened
    QTest::keyClick(table(), Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(m_panel->verdicts().count(Verdict::None), std::size_t{5});
    QVERIFY(!find<QToolButton>("review.lesions.undo")->isEnabled());
    QTest::keyClick(table(), Qt::Key_Z, Qt::ControlModifier | Qt::ShiftModifier);
    QVERIFY(m_panel->verdicts().at(0) == Verdict::Accepted);

    // In the list of what is open, each verdict takes its row away and the next is the one below.
    choose("review.lesions.which", "Not yet reviewed");
    choose(0);
    QTest::keyClick(table(), Qt::Key_N);
    QCOMPARE(table()->model()->rowCount(), 3);
    QCOMPARE(finding(table()->currentIndex().row()), 2);
}

void tst_LesionPanel::theSameVerdictTakesItBack()
{
    choose(4);
    auto *accept = find<QToolButton>("review.lesions.accept");
    accept->click();
    QVERIFY(m_panel->verdicts().at(4) == Verdict::Accepted);
    choose(4);
    QVERIFY(accept->isChecked());
    accept->click();
    QVERIFY(m_panel->verdicts().at(4) == Verdict::None);
    QVERIFY(!accept->isChecked());
    QCOMPARE(finding(table()->currentIndex().row()), 4); // stays
}

void tst_LesionPanel::acceptsAllListed()
{
    choose("review.lesions.which", "Invented by local: north");
    m_panel->list().acceptShown();
    QVERIFY(m_panel->verdicts().at(2) == Verdict::Accepted && m_panel->verdicts().at(4) == Verdict::Accepted);
    QCOMPARE(m_panel->verdicts().count(Verdict::Accepted), std::size_t{2});
    m_panel->list().undo(); // one step
    QCOMPARE(m_panel->verdicts().count(Verdict::Accepted), std::size_t{0});
}

void tst_LesionPanel::editsTheOutlineOfItsAuthor()
{
    QSignalSpy edits(m_panel.get(), &LesionPanel::editRequested);
    choose(0);
    QTest::keyClick(table(), Qt::Key_E);
    choose(2); // D, which the local model alone drew
    find<QToolButton>("review.lesions.edit")->click();
    QCOMPARE(edits.count(), 2);
    QCOMPARE(edits[0][1].toInt(), -1);
    QCOMPARE(edits[1][0].value<imaging::Vec3>(), m_case->findings.lesions[2].position);
    QCOMPARE(edits[1][1].toInt(), 0);
}

void tst_LesionPanel::verdictsAreKeptAndReadAgain()
{
    QTemporaryDir folder;
    const auto path = verdictFile(folder.path().toStdString(), "anna");
    m_panel->setVerdictFile(path, "anna");
    choose(3);
    QTest::keyClick(table(), Qt::Key_Y); // perhaps before the file was looked for
    QTRY_VERIFY(std::filesystem::exists(path));
    m_panel.reset(); // waits until it is written
    init();
    QSignalSpy changed(m_panel.get(), &LesionPanel::verdictsChanged);
    m_panel->setVerdictFile(path, "anna");
    QVERIFY(changed.wait(5000));
    QVERIFY(m_panel->verdicts().at(3) == Verdict::Accepted);
    QCOMPARE(m_panel->verdicts().count(Verdict::None), std::size_t{4});
    QVERIFY(!find<QToolButton>("review.lesions.undo")->isEnabled());
}

void tst_LesionPanel::verdictsOfAnotherCaseAreLeftAlone()
{
    QTemporaryDir folder;
    const auto path = verdictFile(folder.path().toStdString(), "anna");
    auto other = std::make_shared<LoadedCase>(*m_case);
    other->opened.id = "another patient";
    LesionVerdicts theirs(5);
    QVERIFY(theirs.set({1}, Verdict::Rejected));
    const Json before = theirs.toJson(*other, "anna");
    QVERIFY(writeJson(path, before));
    QSignalSpy errors(m_panel.get(), &LesionPanel::errorOccurred);
    m_panel->setVerdictFile(path, "anna");
    QVERIFY(errors.wait(5000));
    QVERIFY(errors.first().first().toString().contains("another patient"));
    choose(0);
    QTest::keyClick(table(), Qt::Key_Y);
    QVERIFY(m_panel->verdicts().at(0) == Verdict::Accepted);
    m_panel.reset();
    QVERIFY(readJson(path).value() == before);
}

void tst_LesionPanel::structuresHaveNoVerdicts()
{
    auto structures = std::make_shared<LoadedCase>(*m_case);
    structures->opened.kind = LabelKind::Structures;
    structures->findings = findingsOf(structures->opened);
    m_panel->setCase(structures);
    QCOMPARE(find<QLabel>("review.lesionTitle")->text(), QString("Structures (1)"));
    QVERIFY(!find<QToolButton>("review.lesions.accept")->isVisible());
    QVERIFY(!find<QComboBox>("review.lesions.which")->isVisible());
    choose(0);
    QTest::keyClick(table(), Qt::Key_Y);
    QSignalSpy jumps(m_panel.get(), &LesionPanel::jumpRequested);
    QTest::mouseClick(table()->viewport(), Qt::LeftButton, {},
                      table()->visualRect(table()->model()->index(0, 1)).center());
    QVERIFY(!jumps.isEmpty());
}

void tst_LesionPanel::placesArriveLater()
{
    QSignalSpy arrived(m_panel.get(), &LesionPanel::regionsChanged);
    m_panel->setCase(m_case);
    QVERIFY(m_panel->regions().empty()); // opening does not wait for them
    QVERIFY(arrived.wait(20000));
    QCOMPARE(m_panel->regions().size(), std::size_t{5});
}

void tst_LesionPanel::asksForAnEarlierExamination()
{
    QSignalSpy asked(m_panel.get(), &LesionPanel::priorRequested);
    m_panel->setPriorCandidates({"2024", "2025"});
    find<QTabWidget>("review.lesions.tabs")->setCurrentIndex(1);
    auto *button = find<QPushButton>("review.change.choose");
    QVERIFY(button->isVisible());
    QCOMPARE(button->menu()->actions().size(), 4); // two cases, a line, files
    button->menu()->actions()[1]->trigger();
    button->menu()->actions()[3]->trigger();
    QCOMPARE(asked.count(), 2);
    QCOMPARE(asked[0][0].toInt(), 1);
    QCOMPARE(asked[1][0].toInt(), -1);
    // The phantom's image has no contrast: it says so and offers to choose again.
    m_panel->setPrior(m_case);
    auto *failure = find<QLabel>("review.change.failure");
    QTRY_VERIFY_WITH_TIMEOUT(failure->isVisible(), 20000);
    QVERIFY2(failure->text().contains("no contrast"), qPrintable(failure->text()));
    QVERIFY(button->isVisible());
}

void tst_LesionPanel::everyControlHasAName()
{
    const auto named = [](QWidget *widget) { return widget->objectName().startsWith("review."); };
    for (auto *button : m_panel->findChildren<QAbstractButton *>()) {
        if (button->objectName().startsWith("qt_") || button->parent()->inherits("QLineEdit") ||
            button->parent()->inherits("QTabBar") || button->parent()->inherits("QTableView"))
            continue; // Qt's own parts
        QVERIFY2(named(button), qPrintable(button->text()));
        QVERIFY2(!button->accessibleName().isEmpty() || !button->text().isEmpty(), qPrintable(button->objectName()));
        QVERIFY2(!button->toolTip().isEmpty() || !button->text().isEmpty(), qPrintable(button->objectName()));
    }
    for (auto *field :
         {static_cast<QWidget *>(find<QComboBox>("review.lesions.which")),
          static_cast<QWidget *>(find<QLineEdit>("review.lesions.place")),
          static_cast<QWidget *>(find<QDoubleSpinBox>("review.lesions.volume")), static_cast<QWidget *>(table())}) {
        QVERIFY(!field->accessibleName().isEmpty());
        QVERIFY(field->focusPolicy() & Qt::TabFocus);
    }
}

// Sorting, filtering and a verdict with 1,000 lesions: each within what a reader feels as at once, by a wide margin
// here because other programs may be running.
void tst_LesionPanel::aThousandLesionsStayFast()
{
    auto many = std::make_shared<LoadedCase>(*m_case);
    many->findings.lesions.clear();
    for (int n = 0; n < 1000; ++n) {
        LesionFinding lesion = m_case->findings.lesions[static_cast<std::size_t>(n % 5)];
        lesion.millilitres = 20.0 / (n + 1);
        many->findings.lesions.push_back(lesion);
    }
    m_panel->setCase(many);
    QElapsedTimer timer;
    const auto took = [&](const char *what, auto act) {
        timer.start();
        act();
        m_panel->grab();
        qInfo("%s: %lld ms", what, static_cast<long long>(timer.elapsed()));
        return timer.elapsed();
    };
    QCOMPARE_LE(took("shown", [&] { m_panel->setCase(many); }), 500);
    QCOMPARE_LE(took("narrowed", [&] { find<QDoubleSpinBox>("review.lesions.volume")->setValue(0.1); }), 500);
    QCOMPARE_LE(took("all again", [&] { find<QDoubleSpinBox>("review.lesions.volume")->setValue(0); }), 500);
    choose(500);
    QCOMPARE_LE(took("decided", [&] { QTest::keyClick(table(), Qt::Key_Y); }), 500);
    QCOMPARE_LE(took("all accepted", [&] { m_panel->list().acceptShown(); }), 500);
    QCOMPARE(table()->model()->rowCount(), 1000);
}

// Verdicts, undone and redone ones among them, while the list is narrowed down in any way; undone one by one, the table
// and the load show the first picture again.
void tst_LesionPanel::randomVerdictsAreUndoneToThePixel()
{
    QTRY_VERIFY_WITH_TIMEOUT(!m_panel->regions().empty(), 20000); // the places may be known by now, or come later
    choose(0);
    table()->setFocus();
    auto *load = find<QWidget>("review.lesions.load");
    const QImage before = table()->grab().toImage(), loadBefore = load->grab().toImage();
    std::mt19937 random(17);
    auto *which = find<QComboBox>("review.lesions.which");
    for (int n = 0; n < 1000; ++n) {
        switch (random() % 8) {
        case 0: m_panel->list().nextNotReviewed(); break;
        case 1: which->setCurrentIndex(static_cast<int>(random() % static_cast<unsigned>(which->count()))); break;
        case 2: choose(static_cast<int>(random() % 5)); break;
        case 3: m_panel->list().undo(); break;
        case 4: m_panel->list().redo(); break;
        case 5: m_panel->list().acceptShown(); break;
        case 6: QTest::keyClick(table(), Qt::Key_Y); break;
        case 7: QTest::keyClick(table(), Qt::Key_N); break;
        }
        const QModelIndex now = table()->currentIndex();
        QVERIFY(!now.isValid() || now.row() < table()->model()->rowCount());
        QVERIFY(table()->model()->rowCount() <= 5);
    }
    which->setCurrentIndex(0);
    while (find<QToolButton>("review.lesions.undo")->isEnabled())
        m_panel->list().undo();
    QCOMPARE(m_panel->verdicts().count(Verdict::None), std::size_t{5});
    choose(0);
    QVERIFY(table()->grab().toImage() == before);
    QVERIFY(load->grab().toImage() == loadBefore);
}

QTEST_MAIN(tst_LesionPanel)
#include "tst_lesion_panel.moc"
