// SPDX-License-Identifier: GPL-3.0-or-later
#include "review_page_fixtures.h"
#include "viewer/edit_desk.h"
#include "viewer/measuring/measuring.h"
#include "viewer/review_view.h"
#include "viewer/tool_strip.h"

#include <QComboBox>
#include <QSignalSpy>
#include <QTabWidget>
#include <QTemporaryDir>
#include <QToolButton>
#include <QtTest>
#include <set>

using namespace consilium;
using namespace consilium::viewer;
namespace fs = std::filesystem;

// Every tool of the strip by its name, on the page as it is: the button is pressed, the mouse draws, the panel comes to
// the front, undo takes it back.
class tst_ReviewTools : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void everyToolHasAButtonThatSaysWhatItDoes();
    void measuringTools_data();
    void measuringTools();
    void editingTools_data();
    void editingTools();
    void theCrosshairMovesAllViews();
    void layoutsAreRememberedForTheKindOfCase();
    void anEditIsHungLikeAModel();

private:
    template <typename Widget>
    Widget *find(const char *name)
    {
        return m_view->findChild<Widget *>(QLatin1String(name));
    }
    SliceCanvas &axial() { return *find<SliceCanvas>("review.canvas.axial"); }
    void drag(QPoint from, QPoint to);

    QTemporaryDir m_dir;
    MemorySettings m_settings;
    ActionTable m_actions{m_settings};
    std::unique_ptr<ReviewView> m_view;
};

void tst_ReviewTools::initTestCase()
{
    m_view = std::make_unique<ReviewView>(m_actions, m_settings);
    m_view->setTheme(test::testTheme());
    m_view->resize(1400, 860);
    m_view->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_view.get()));
    QApplication::setActiveWindow(m_view.get());
    const fs::path folder = m_dir.path().toStdU16String();
    QSignalSpy opened(m_view.get(), &ReviewView::caseOpened);
    m_view->openCases({test::writeLesionCase(folder / "case-a", "case-a")});
    QTRY_COMPARE_WITH_TIMEOUT(opened.count(), 1, 20000);
    m_view->setLayout(QStringLiteral("planes"));
    QCoreApplication::processEvents();
}

void tst_ReviewTools::drag(QPoint from, QPoint to)
{
    QTest::mousePress(&axial(), Qt::LeftButton, {}, from);
    for (int step = 1; step <= 5; ++step) {
        const QPointF at = QPointF(from) + (QPointF(to) - QPointF(from)) * step / 5;
        QMouseEvent move(QEvent::MouseMove, at, axial().mapToGlobal(at), Qt::NoButton, Qt::LeftButton, {});
        QApplication::sendEvent(&axial(), &move);
    }
    QTest::mouseRelease(&axial(), Qt::LeftButton, {}, to);
}

void tst_ReviewTools::everyToolHasAButtonThatSaysWhatItDoes()
{
    QVERIFY(m_view->tools().tools().size() >= 12);
    std::set<QString> ids;
    for (const ToolEntry &tool : m_view->tools().tools()) {
        QVERIFY2(ids.insert(tool.id).second, qPrintable(tool.id)); // names of two would reach the first alone
        const auto *button = m_view->findChild<QToolButton *>(QStringLiteral("review.tool.") + tool.id);
        QVERIFY2(button && button->isVisible(), qPrintable(tool.id));
        QVERIFY(!button->accessibleName().isEmpty() && !button->accessibleDescription().isEmpty());
        QVERIFY2(!button->icon().isNull() || !button->text().isEmpty(), qPrintable(tool.id));
    }
}

void tst_ReviewTools::measuringTools_data()
{
    QTest::addColumn<int>("strokes");
    QTest::newRow("distance") << 1;
    QTest::newRow("angle") << 2;
    QTest::newRow("cobb") << 2;
    QTest::newRow("ellipse") << 1;
}

void tst_ReviewTools::measuringTools()
{
    QFETCH(int, strokes);
    auto &list = m_view->measuring().measurements();
    const auto before = list.all().size();
    QTest::mouseClick(find<QToolButton>(qPrintable(QStringLiteral("review.tool.") + QTest::currentDataTag())),
                      Qt::LeftButton);
    QCOMPARE(find<QTabWidget>("review.panels")->currentIndex(), static_cast<int>(ReviewView::Panel::Measure));
    const QPoint middle = axial().rect().center();
    const bool angle = QByteArray(QTest::currentDataTag()) == "angle";
    if (angle) { // three points
        for (const QPoint shift : {QPoint(-40, 0), QPoint(0, 0), QPoint(0, -40)})
            QTest::mouseClick(&axial(), Qt::LeftButton, {}, middle + shift);
    } else {
        for (int stroke = 0; stroke < strokes; ++stroke)
            drag(middle + QPoint(-50, 40 - 60 * stroke), middle + QPoint(45, 10 - 60 * stroke));
    }
    QCOMPARE(list.all().size(), before + 1);
    QTest::keyClick(m_view->windowHandle(), Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(list.all().size(), before);
    m_view->tools().choose(QStringLiteral("crosshair"));
}

void tst_ReviewTools::editingTools_data()
{
    QTest::addColumn<bool>("adds");
    QTest::newRow("brush") << true;
    QTest::newRow("sphere") << true;
    QTest::newRow("filledPolygon") << true;
    QTest::newRow("eraser") << false;
}

void tst_ReviewTools::editingTools()
{
    QFETCH(bool, adds);
    LabelEditor &editor = m_view->editDesk().editor();
    if (!editor.isOpen()) {
        m_view->editDesk().startFrom(*m_view->currentCase(), kReference);
        QTRY_VERIFY(editor.isOpen());
    }
    m_view->setCursorPosition({-6, 4, 2}); // in the larger lesion
    const std::int64_t before = editor.voxels(1);
    QTest::mouseClick(find<QToolButton>(qPrintable(QStringLiteral("review.tool.") + QTest::currentDataTag())),
                      Qt::LeftButton);
    QCOMPARE(find<QTabWidget>("review.panels")->currentIndex(), static_cast<int>(ReviewView::Panel::Edit));
    const QPoint lesion = axial().toPixel({-6, 4, 2}).toPoint(), beside = axial().toPixel({8, 10, 2}).toPoint();
    if (QByteArray(QTest::currentDataTag()) == "filledPolygon") {
        for (const QPoint shift : {QPoint(-30, -30), QPoint(30, -30), QPoint(30, 30), QPoint(-30, 30)})
            QTest::mouseClick(&axial(), Qt::LeftButton, {}, beside + shift);
        axial().setFocus();
        QTest::keyClick(&axial(), Qt::Key_Return);
    } else {
        drag(adds ? beside : lesion, (adds ? beside : lesion) + QPoint(6, 4));
    }
    QVERIFY2(adds ? editor.voxels(1) > before : editor.voxels(1) < before,
             qPrintable(QStringLiteral("%1 of %2").arg(editor.voxels(1)).arg(before)));
    QTest::keyClick(m_view->windowHandle(), Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(editor.voxels(1), before);
    QTest::keyClick(m_view->windowHandle(), Qt::Key_Y, Qt::ControlModifier);
    QTest::keyClick(m_view->windowHandle(), Qt::Key_Z, Qt::ControlModifier);
    QCOMPARE(editor.voxels(1), before);
    m_view->tools().choose(QStringLiteral("crosshair"));
}

void tst_ReviewTools::theCrosshairMovesAllViews()
{
    QTest::mouseClick(find<QToolButton>("review.tool.crosshair"), Qt::LeftButton);
    QTest::mouseClick(&axial(), Qt::LeftButton, {}, axial().toPixel({5, -7, 2}).toPoint());
    const auto here = m_view->cursor();
    QVERIFY(std::abs(here[0] - 5) < 0.5 && std::abs(here[1] + 7) < 0.5);
    for (const char *name : {"review.canvas.coronal", "review.canvas.sagittal"})
        QCOMPARE(find<SliceCanvas>(name)->cursorPosition(), here);
}

void tst_ReviewTools::layoutsAreRememberedForTheKindOfCase()
{
    m_view->setLayout(QStringLiteral("difference"));
    QCOMPARE(m_view->currentLayout(), QStringLiteral("difference"));
    // Two models against the reference: "local: north" missed the second lesion and invented nothing.
    const auto *canvas = find<SliceCanvas>("review.canvas.column2");
    QVERIFY(canvas && canvas->isVisible());
    QVERIFY2(canvas->note().contains(QStringLiteral("invented 0")), qPrintable(canvas->note()));
    QSignalSpy opened(m_view.get(), &ReviewView::caseOpened);
    m_view->showCase(0);
    QTRY_COMPARE_WITH_TIMEOUT(opened.count(), 1, 20000);
    QCOMPARE(m_view->currentLayout(), QStringLiteral("difference"));
    ActionTable actions(m_settings);
    ReviewView another(actions, m_settings); // the next day
    another.setTheme(test::testTheme());
    QSignalSpy openedThere(&another, &ReviewView::caseOpened);
    another.openCases({fs::path(m_dir.path().toStdU16String()) / "case-a" / "case.json"});
    QTRY_COMPARE_WITH_TIMEOUT(openedThere.count(), 1, 20000);
    QCOMPARE(another.currentLayout(), QStringLiteral("difference"));
    m_view->setLayout(QStringLiteral("planes"));
}

void tst_ReviewTools::anEditIsHungLikeAModel()
{
    m_view->editDesk().startFrom(*m_view->currentCase(), kReference);
    QTRY_VERIFY(m_view->editDesk().editor().isOpen());
    const auto *overlays = find<QComboBox>("review.overlayCombo");
    QVERIFY2(overlays->findText(QStringLiteral("edited")) >= 0, qPrintable(overlays->currentText()));
    QCOMPARE(overlays->currentText(), QStringLiteral("edited"));
    QCOMPARE(axial().overlays().size(), std::size_t{1});
    QCOMPARE(axial().overlays().front().labels.get(), m_view->editDesk().editor().labels().get());
}

QTEST_MAIN(tst_ReviewTools)
#include "tst_review_tools.moc"
