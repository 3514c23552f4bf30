// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/landmarks.h"
#include "review_page_fixtures.h"
#include "viewer/edit_desk.h"
#include "viewer/review_view.h"

#include <QMenu>
#include <QPointer>
#include <QSignalSpy>
#include <QTemporaryDir>
#include <QTimer>
#include <QWheelEvent>
#include <QtTest>
#include <random>

using namespace consilium;
using namespace consilium::viewer;
namespace fs = std::filesystem;

// What a cat on the keyboard does: anything, anywhere, and the page goes on. CONSILIUM_RANDOM_EVENTS says how many
// events, CONSILIUM_RANDOM_SEED which; under the sanitizers this is where leaks and stray pointers show.
class tst_RandomInput : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void anythingAnywhere();

private:
    void send();
    QWidget *anywhere(QPointF &at);
    int below(int n) { return static_cast<int>(m_random() % static_cast<unsigned>(n)); }

    QTemporaryDir m_dir;
    MemorySettings m_settings;
    ActionTable m_actions{m_settings};
    std::unique_ptr<ReviewView> m_view;
    QPointer<QWidget> m_pressed;
    Qt::MouseButton m_button = Qt::NoButton;
    QTimer m_closesDialogs;
    std::mt19937 m_random{20261127};
};

void tst_RandomInput::initTestCase()
{
    m_view = std::make_unique<ReviewView>(m_actions, m_settings);
    m_view->setTheme(test::testTheme());
    m_view->setReader(QStringLiteral("cat"));
    m_view->setStudyFolder(m_dir.path().toStdU16String());
    m_view->resize(1400, 860);
    m_view->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_view.get()));
    QApplication::setActiveWindow(m_view.get());
    // Dialogs and menus hold everything up until somebody closes them.
    connect(&m_closesDialogs, &QTimer::timeout, this, [] {
        if (QWidget *popup = QApplication::activePopupWidget())
            popup->close();
        else if (QWidget *dialog = QApplication::activeModalWidget())
            dialog->close();
    });
    m_closesDialogs.start(10);

    const fs::path folder = m_dir.path().toStdU16String();
    std::vector<fs::path> files;
    for (const char *id : {"case-a", "case-b", "case-c"})
        files.push_back(test::writeLesionCase(folder / "cases" / id, id));
    // A radiograph with points, so that all tools have something to act on.
    const auto grid = test::gridOf("PIR", {120, 160, 1}, {1, 1, 1});
    imaging::Volume picture{grid, {}};
    for (std::int64_t n = 0; n < grid.voxels(); ++n)
        picture.values.push_back(static_cast<float>(n % 97));
    const fs::path radiograph = folder / "spine" / "case.json";
    fs::create_directories(radiograph.parent_path());
    QVERIFY(imaging::writeNifti(radiograph.parent_path() / "image.nii", picture));
    imaging::LandmarkSet points;
    for (const char *name : {"S1 anterior", "S1 posterior", "L1 superior anterior", "L1 superior posterior",
                             "femoral head left", "femoral head right"}) {
        const double n = static_cast<double>(points.points.size());
        points.points.push_back({name, {0, 8 * n - 20, 15 * n - 30}});
    }
    QVERIFY(imaging::writeLandmarks(radiograph.parent_path() / "image.mrk.json", points));
    files.push_back(radiograph.parent_path());
    QSignalSpy opened(m_view.get(), &ReviewView::caseOpened);
    m_view->openFiles(files);
    QTRY_VERIFY_WITH_TIMEOUT(opened.count() > 0, 20000);
    QCOMPARE(m_view->cases().size(), std::size_t{4});
}

QWidget *tst_RandomInput::anywhere(QPointF &at)
{
    // Half of all that is done is done on images.
    const auto canvases = m_view->findChildren<SliceCanvas *>();
    QWidget *target = nullptr;
    if (below(2) && !canvases.isEmpty()) {
        target = canvases[below(static_cast<int>(canvases.size()))];
        if (!target->isVisible())
            return nullptr;
        at = QPointF(below(std::max(1, target->width())), below(std::max(1, target->height())));
        return target;
    }
    const QPoint place(below(m_view->width()), below(m_view->height()));
    target = m_view->childAt(place);
    at = target ? QPointF(target->mapFrom(m_view.get(), place)) : QPointF();
    return target;
}

void tst_RandomInput::send()
{
    static const Qt::MouseButton buttons[] = {Qt::LeftButton, Qt::LeftButton, Qt::LeftButton, Qt::MiddleButton,
                                              Qt::RightButton};
    static const Qt::KeyboardModifiers modifiers[] = {Qt::NoModifier,      Qt::NoModifier,
                                                      Qt::NoModifier,      Qt::ShiftModifier,
                                                      Qt::ControlModifier, Qt::ControlModifier | Qt::AltModifier};
    QPointF at;
    const int kind = below(12);
    const auto held = modifiers[below(std::size(modifiers))];
    if (kind < 3) { // a key, to whatever has the keyboard
        static const int keys[] = {
            Qt::Key_Up,          Qt::Key_Down,      Qt::Key_Left,   Qt::Key_Right, Qt::Key_Home,
            Qt::Key_End,         Qt::Key_Tab,       Qt::Key_Escape, Qt::Key_Space, Qt::Key_Return,
            Qt::Key_Delete,      Qt::Key_Backspace, Qt::Key_Plus,   Qt::Key_Minus, Qt::Key_0,
            Qt::Key_1,           Qt::Key_2,         Qt::Key_3,      Qt::Key_4,     Qt::Key_A,
            Qt::Key_B,           Qt::Key_C,         Qt::Key_D,      Qt::Key_E,     Qt::Key_F,
            Qt::Key_I,           Qt::Key_L,         Qt::Key_M,      Qt::Key_P,     Qt::Key_R,
            Qt::Key_S,           Qt::Key_T,         Qt::Key_W,      Qt::Key_X,     Qt::Key_BracketRight,
            Qt::Key_BracketLeft, Qt::Key_Y,         Qt::Key_N,      Qt::Key_Comma, Qt::Key_Period};
        if (below(40) == 0)
            QTest::keyClick(m_view->windowHandle(), below(2) ? Qt::Key_PageDown : Qt::Key_PageUp);
        else if (below(8) == 0)
            QTest::keyClick(m_view->windowHandle(), below(3) ? Qt::Key_Z : Qt::Key_Y, Qt::ControlModifier);
        else
            QTest::keyClick(m_view->windowHandle(), static_cast<Qt::Key>(keys[below(std::size(keys))]),
                            below(6) ? Qt::NoModifier : Qt::ShiftModifier);
        return;
    }
    if (kind < 4) {
        if (QWidget *target = anywhere(at)) {
            QWheelEvent wheel(at, target->mapToGlobal(at), {}, {0, (below(5) - 2) * 120}, Qt::NoButton, held,
                              Qt::NoScrollPhase, false);
            QApplication::sendEvent(target, &wheel);
        }
        return;
    }
    if (m_pressed && below(4) == 0) { // at last the button comes up, now and then nobody sees it
        if (below(20))
            QTest::mouseRelease(m_pressed, m_button, held,
                                {below(std::max(1, m_pressed->width())), below(std::max(1, m_pressed->height()))});
        m_pressed = nullptr;
        return;
    }
    if (m_pressed) {
        const QPointF to(below(std::max(1, m_pressed->width())), below(std::max(1, m_pressed->height())));
        QMouseEvent move(QEvent::MouseMove, to, m_pressed->mapToGlobal(to), Qt::NoButton, m_button, held);
        QApplication::sendEvent(m_pressed, &move);
        return;
    }
    QWidget *target = anywhere(at);
    if (!target)
        return;
    m_button = buttons[below(std::size(buttons))];
    if (kind == 11)
        return QTest::mouseDClick(target, m_button, held, at.toPoint());
    if (kind == 10) {
        QMouseEvent hover(QEvent::MouseMove, at, target->mapToGlobal(at), Qt::NoButton, Qt::NoButton, held);
        QApplication::sendEvent(target, &hover);
        return;
    }
    m_pressed = target;
    QTest::mousePress(target, m_button, held, at.toPoint());
}

void tst_RandomInput::anythingAnywhere()
{
    if (qEnvironmentVariableIsSet("CONSILIUM_RANDOM_SEED"))
        m_random.seed(static_cast<unsigned>(qEnvironmentVariableIntValue("CONSILIUM_RANDOM_SEED")));
    bool given = false;
    const int events = qEnvironmentVariableIntValue("CONSILIUM_RANDOM_EVENTS", &given);
    for (int n = 0; n < (given ? events : 2000); ++n) {
        send();
        QCoreApplication::processEvents();
    }
    if (m_pressed)
        QTest::mouseRelease(m_pressed, m_button);
    // The page still does its work: a case is opened, a wheel turns its slices, and what was edited can be undone.
    QSignalSpy opened(m_view.get(), &ReviewView::caseOpened);
    m_view->showCase(1);
    QTRY_VERIFY_WITH_TIMEOUT(opened.count() > 0, 20000);
    QVERIFY(m_view->currentCase());
    m_view->setLayout(QStringLiteral("side-by-side"));
    auto *canvas = m_view->findChild<SliceCanvas *>(QStringLiteral("review.canvas.column1"));
    QVERIFY(canvas && canvas->isVisible() && !canvas->isEmpty());
    m_view->setCursorPosition({0, 0, 0});
    const int slice = canvas->slice();
    QWheelEvent wheel({50, 50}, canvas->mapToGlobal(QPointF(50, 50)), {}, {0, 120}, Qt::NoButton, {}, Qt::NoScrollPhase,
                      false);
    QApplication::sendEvent(canvas, &wheel);
    QCOMPARE(canvas->slice(), slice + 1);
    // No file of the cases was touched.
    const auto again = loadReviewCase(
        CaseSource{"case-a", {fs::path(m_dir.path().toStdU16String()) / "cases" / "case-a" / "case.json"}, {}, {}, {}});
    QVERIFY(again);
    QCOMPARE(std::count(again->reference->labels->values.begin(), again->reference->labels->values.end(), 1),
             std::count(again->predictions[1].labels->values.begin(), again->predictions[1].labels->values.end(), 1));
}

QTEST_MAIN(tst_RandomInput)
#include "tst_random_input.moc"
