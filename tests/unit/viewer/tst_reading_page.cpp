// SPDX-License-Identifier: GPL-3.0-or-later
#include "review_page_fixtures.h"
#include "viewer/reading/reading_results.h"
#include "viewer/reading_desk.h"
#include "viewer/review_view.h"

#include <QAbstractItemView>
#include <QComboBox>
#include <QLabel>
#include <QLineEdit>
#include <QPushButton>
#include <QSignalSpy>
#include <QTabWidget>
#include <QTemporaryDir>
#include <QToolButton>
#include <QtTest>
#include <map>
#include <set>

using namespace consilium;
using namespace consilium::viewer;
namespace fs = std::filesystem;

// A blinded reading on the whole Review page, from the first question to the table, with no mouse at all.
class tst_ReadingPage : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void tenCasesByKeyboardAlone();

private:
    void key(int key) { QTest::keyClick(m_view->windowHandle(), static_cast<Qt::Key>(key)); }
    QStringList visibleWords() const;
    std::int64_t drawn(const char *canvas) const;

    QTemporaryDir m_dir;
    MemorySettings m_settings;
    ActionTable m_actions{m_settings};
    std::unique_ptr<ReviewView> m_view;
};

void tst_ReadingPage::initTestCase()
{
    m_view = std::make_unique<ReviewView>(m_actions, m_settings);
    m_view->setTheme(test::testTheme());
    m_view->setReader(QStringLiteral("anna"));
    m_view->setStudyFolder(m_dir.path().toStdU16String());
    m_view->resize(1400, 860);
    m_view->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_view.get()));
    // A virtual screen has no window manager to do so, and keys go to the active window alone.
    QApplication::setActiveWindow(m_view.get());
}

// All that somebody in front of the screen, or a screen reader, is told.
QStringList tst_ReadingPage::visibleWords() const
{
    QStringList words;
    for (const QWidget *widget : m_view->findChildren<QWidget *>()) {
        if (!widget->isVisible())
            continue;
        words << widget->accessibleName() << widget->accessibleDescription() << widget->toolTip();
        if (const auto *label = qobject_cast<const QLabel *>(widget))
            words << label->text();
        if (const auto *button = qobject_cast<const QAbstractButton *>(widget))
            words << button->text();
        if (const auto *combo = qobject_cast<const QComboBox *>(widget))
            words << combo->currentText();
        if (const auto *canvas = qobject_cast<const SliceCanvas *>(widget))
            words << canvas->title() << canvas->note();
        if (const auto *view = qobject_cast<const QAbstractItemView *>(widget); view && view->model())
            for (int row = 0; row < view->model()->rowCount(); ++row)
                for (int column = 0; column < view->model()->columnCount(); ++column)
                    words << view->model()->index(row, column).data().toString();
    }
    return words;
}

// How much a reader sees drawn in a view, in voxels.
std::int64_t tst_ReadingPage::drawn(const char *name) const
{
    const auto *canvas = m_view->findChild<SliceCanvas *>(QLatin1String(name));
    std::int64_t voxels = 0;
    if (canvas)
        for (const Overlay &overlay : canvas->overlays())
            voxels += std::count_if(overlay.labels->values.begin(), overlay.labels->values.end(),
                                    [](std::uint8_t value) { return value != 0; });
    return voxels;
}

void tst_ReadingPage::tenCasesByKeyboardAlone()
{
    std::vector<fs::path> files;
    for (int n = 1; n <= 10; ++n) {
        const auto id = QStringLiteral("case-%1").arg(n, 2, 10, QLatin1Char('0')).toStdString();
        files.push_back(test::writeLesionCase(fs::path(m_dir.path().toStdU16String()) / "cases" / id, id));
        QVERIFY(!files.back().empty());
    }
    QSignalSpy opened(m_view.get(), &ReviewView::caseOpened), errors(m_view.get(), &ReviewView::errorOccurred);
    m_view->openCases(files);
    QTRY_COMPARE_WITH_TIMEOUT(opened.count(), 1, 20000);
    m_view->showPanel(ReviewView::Panel::Reading);
    auto *start = m_view->findChild<QPushButton *>(QStringLiteral("review.reading.start"));
    QTRY_VERIFY(start->isEnabled());
    start->setFocus();
    key(Qt::Key_Space);
    QTRY_VERIFY(m_view->readingDesk().isReading());
    QVERIFY(m_view->readingDesk().isBlinded());

    // Each case once, in an order of the session's own; the reader picks the side with more drawn, says that the other
    // missed a juxtacortical lesion, and that neither invented any.
    std::set<QString> seen;
    std::map<std::string, std::string> betterSide;
    for (int n = 0; n < 10; ++n) {
        QTRY_VERIFY_WITH_TIMEOUT(m_view->currentCase() && m_view->currentLayout() == QLatin1String("reading") &&
                                     !seen.contains(QString::fromStdString(m_view->currentCase()->id)) &&
                                     drawn("review.canvas.left") > 0 &&
                                     drawn("review.canvas.left") != drawn("review.canvas.right"),
                                 20000);
        const QString id = QString::fromStdString(m_view->currentCase()->id);
        seen.insert(id);
        // Keys that would show more than the session does, or leave its order, do nothing.
        const int index = m_view->currentIndex();
        for (const int stray : {Qt::Key_L, Qt::Key_B, Qt::Key_PageDown, Qt::Key_R, Qt::Key_M, Qt::Key_M})
            key(stray);
        QCOMPARE(m_view->currentIndex(), index);
        QCOMPARE(m_view->currentLayout(), QStringLiteral("reading"));
        const QStringList words = visibleWords();
        for (const QString &word : words)
            for (const char *name : {"local", "north", "federated", "Dice"})
                QVERIFY2(!word.contains(QLatin1String(name)), qPrintable(QStringLiteral("%1: %2").arg(id, word)));
        const bool left = drawn("review.canvas.left") > drawn("review.canvas.right");
        betterSide[id.toStdString()] = left ? "left" : "right";
        key(left ? Qt::Key_1 : Qt::Key_2);
        key(Qt::Key_Return);
        for (const bool side : {true, false}) { // missed lesions, left then right
            if (side != left)
                key(Qt::Key_J);
            key(Qt::Key_Return);
        }
        key(Qt::Key_Return); // invented ones: none on the left,
        key(Qt::Key_Return); // none on the right
    }
    QTRY_VERIFY_WITH_TIMEOUT(!m_view->readingDesk().isReading(), 10000);
    QCOMPARE(errors.count(), 0);
    QCOMPARE(seen.size(), std::size_t{10});
    // Sides are balanced within a session.
    QCOMPARE(std::count_if(betterSide.begin(), betterSide.end(), [](auto &e) { return e.second == "left"; }), 5);

    // The end page by keyboard: which model was which.
    auto *unblind = m_view->findChild<QPushButton *>(QStringLiteral("review.reading.unblind"));
    QVERIFY(unblind->isVisible());
    unblind->setFocus();
    key(Qt::Key_Space);
    QTRY_VERIFY(visibleWords().filter(QStringLiteral("federated")).size() > 0);

    const auto sessions = startedSessions(m_dir.path().toStdU16String());
    QVERIFY(sessions && sessions->size() == 1);
    const auto results =
        readingResults(ReadingPlace{m_dir.path().toStdU16String(), sessions->front().session, "anna"}.folder());
    QVERIFY2(results, results ? "" : results.error().line().c_str());
    const std::string federated = "federated: round 12", local = "local: north";
    int choices = 0, missed = 0;
    for (const ResultRow &row : results->rows) {
        QCOMPARE(row.reader, std::string("anna"));
        QCOMPARE(betterSide.at(row.caseId) == "left" ? row.left : row.right, federated);
        if (row.question == "better") {
            ++choices;
            QCOMPARE(row.answer, federated);
        } else if (row.question == "missed" && row.item == "juxtacortical") {
            ++missed;
            QCOMPARE(row.answer, std::string(row.model == local ? "1" : "0"));
        }
    }
    QCOMPARE(choices, 10);
    QCOMPARE(missed, 20);
    QCOMPARE(results->choices.size(), std::size_t{1});
    const ChoiceSummary &summary = results->choices.front();
    QCOMPARE(std::max(summary.firstWins, summary.secondWins), std::size_t{10});
    QVERIFY(std::abs(summary.p - 2.0 / 1024) < 1e-12); // two-sided sign test of ten of ten
}

QTEST_MAIN(tst_ReadingPage)
#include "tst_reading_page.moc"
