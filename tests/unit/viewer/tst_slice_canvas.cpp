// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/canvas/canvas_linker.h"
#include "viewer/canvas/slice_canvas.h"
#include "viewer_fixtures.h"

#include <QSignalSpy>
#include <QWheelEvent>
#include <QtTest>

using namespace consilium;
using namespace consilium::viewer;
using imaging::Vec3;
using imaging::Volume;

class tst_SliceCanvas : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void wheelChangesTheSlice();
    void slotsChangeTheSlice();
    void escapeTakesADragBack();
    void shiftMovesTheCrosshair();
    void schemesChangeTheButtons();
    void aSwipeShowsBothSides();
    void aLightboxTileIsApart();
    void onePixelIsOnePixel();
    void offsetsAreKept();
    void controlWheelZoomsAboutTheMouse();
    void middleDragPans();
    void rightDragSetsTheWindow();
    void leftClickMovesTheCursor();
    void doubleClickAsksForMore();
    void theImageIsDrawnTheRightWayRound();
    void overlayIsDrawnWhereItsLabelIs();
    void linkedCanvasesFollow();
    void unlinkedCanvasesStay();

private:
    void wheel(SliceCanvas &canvas, int steps, Qt::KeyboardModifiers modifiers = Qt::NoModifier,
               QPointF at = {100, 100});
    void drag(SliceCanvas &canvas, Qt::MouseButton button, QPoint from, QPoint to);

    std::shared_ptr<Volume> m_volume;
    std::unique_ptr<SliceCanvas> m_axial, m_coronal;
};

void tst_SliceCanvas::init()
{
    // The patient's right half is bright, the left dark; middle at (0, 0, 0).
    m_volume = std::make_shared<Volume>(Volume{test::gridOf("RAS", {20, 30, 40}, {2, 2, 2}), {}});
    m_volume->values.resize(static_cast<std::size_t>(m_volume->geometry.voxels()));
    test::overGrid(m_volume->geometry, [&](int i, int j, int k, const Vec3 &at) {
        m_volume->values[static_cast<std::size_t>(m_volume->geometry.offset(i, j, k))] = at[0] < 0 ? 1000 : 0;
    });
    m_axial = std::make_unique<SliceCanvas>(Plane::Axial);
    m_coronal = std::make_unique<SliceCanvas>(Plane::Coronal);
    for (SliceCanvas *canvas : {m_axial.get(), m_coronal.get()}) {
        canvas->resize(300, 300);
        canvas->setTheme(test::testTheme());
        canvas->setScheme(pointerScheme(QStringLiteral("pacs")));
        canvas->setVolume(m_volume);
        canvas->setWindow({0, 1000});
        canvas->setCursorPosition({1, 1, 1});
        canvas->show();
        QVERIFY(QTest::qWaitForWindowExposed(canvas));
    }
}

void tst_SliceCanvas::cleanup()
{
    m_axial.reset();
    m_coronal.reset();
}

void tst_SliceCanvas::wheel(SliceCanvas &canvas, int steps, Qt::KeyboardModifiers modifiers, QPointF at)
{
    QWheelEvent event(at, canvas.mapToGlobal(at), {}, {0, steps * QWheelEvent::DefaultDeltasPerStep}, Qt::NoButton,
                      modifiers, Qt::NoScrollPhase, false);
    QApplication::sendEvent(&canvas, &event);
}

void tst_SliceCanvas::drag(SliceCanvas &canvas, Qt::MouseButton button, QPoint from, QPoint to)
{
    QTest::mousePress(&canvas, button, {}, from);
    QMouseEvent move(QEvent::MouseMove, QPointF(to), canvas.mapToGlobal(QPointF(to)), Qt::NoButton, button, {});
    QApplication::sendEvent(&canvas, &move);
    QTest::mouseRelease(&canvas, button, {}, to);
}

void tst_SliceCanvas::wheelChangesTheSlice()
{
    QSignalSpy slices(m_axial.get(), &SliceCanvas::sliceChanged), moves(m_axial.get(), &SliceCanvas::cursorMoved);
    const Vec3 before = m_axial->cursorPosition();
    const int slice = m_axial->slice();
    wheel(*m_axial, 2);
    QCOMPARE(m_axial->slice(), slice + 2);
    QCOMPARE(slices.count(), 1);
    QCOMPARE(moves.count(), 1);
    // Two slices of 2 mm towards the head, and nowhere else.
    QVERIFY(std::abs(m_axial->cursorPosition()[2] - before[2] - 4) < 1e-9);
    QVERIFY(std::abs(m_axial->cursorPosition()[0] - before[0]) < 1e-9);
    wheel(*m_axial, -500);
    QCOMPARE(m_axial->slice(), 0);
}

void tst_SliceCanvas::slotsChangeTheSlice()
{
    const int slice = m_axial->slice();
    m_axial->nextSlice();
    QCOMPARE(m_axial->slice(), slice + 1);
    m_axial->previousSlice();
    QCOMPARE(m_axial->slice(), slice);
    m_axial->lastSlice();
    QCOMPARE(m_axial->slice(), 39);
    QVERIFY(m_axial->accessibleDescription().contains(QStringLiteral("40")));
}

void tst_SliceCanvas::escapeTakesADragBack()
{
    m_axial->setFocus();
    const Window window = m_axial->window();
    const CanvasView view = m_axial->view();
    const Vec3 cursor = m_axial->cursorPosition();
    for (const Qt::MouseButton button : {Qt::LeftButton, Qt::MiddleButton, Qt::RightButton}) {
        QTest::mousePress(m_axial.get(), button, {}, {100, 100});
        QMouseEvent move(QEvent::MouseMove, QPointF(140, 120), m_axial->mapToGlobal(QPointF(140, 120)), Qt::NoButton,
                         button, {});
        QApplication::sendEvent(m_axial.get(), &move);
        QVERIFY(!(m_axial->window() == window) || !(m_axial->view() == view) || m_axial->cursorPosition() != cursor);
        QTest::keyClick(m_axial.get(), Qt::Key_Escape);
        QCOMPARE(m_axial->window(), window);
        QCOMPARE(m_axial->view(), view);
        QCOMPARE(m_axial->cursorPosition(), cursor);
        QApplication::sendEvent(m_axial.get(), &move); // the button is still down, but nothing is under way
        QCOMPARE(m_axial->view(), view);
        QTest::mouseRelease(m_axial.get(), button, {}, {140, 120});
    }
}

void tst_SliceCanvas::shiftMovesTheCrosshair()
{
    const QPointF at(180, 120);
    QMouseEvent move(QEvent::MouseMove, at, m_axial->mapToGlobal(at), Qt::NoButton, Qt::NoButton, Qt::ShiftModifier);
    QApplication::sendEvent(m_axial.get(), &move);
    const QPointF drawn = m_axial->toPixel(m_axial->cursorPosition());
    QVERIFY(std::hypot(drawn.x() - at.x(), drawn.y() - at.y()) < 1e-6);
}

void tst_SliceCanvas::schemesChangeTheButtons()
{
    m_axial->setScheme(pointerScheme(QStringLiteral("research")));
    drag(*m_axial, Qt::RightButton, {150, 150}, {150, 0}); // up by 150 pixels: twice as large
    QVERIFY(std::abs(m_axial->view().zoom - 2) < 1e-9);
    QCOMPARE(m_axial->window(), (Window{0, 1000}));
    m_axial->setScheme(pointerScheme(QStringLiteral("pacs")));
    drag(*m_axial, Qt::RightButton, {150, 150}, {150, 100});
    QVERIFY(std::abs(m_axial->view().zoom - 2) < 1e-9);
    QVERIFY(m_axial->window().centre() < 500);
}

void tst_SliceCanvas::aSwipeShowsBothSides()
{
    auto dark = std::make_shared<Volume>(*m_volume);
    std::fill(dark->values.begin(), dark->values.end(), 500.0f);
    m_axial->setCursorPosition({19, 29, 1});
    m_axial->setCompared(dark, {}, {});
    m_axial->setComparison(Comparison::Swipe);
    const QPoint first = m_axial->toPixel({-10, 10, 1}).toPoint(), second = m_axial->toPixel({10, 10, 1}).toPoint();
    QCOMPARE(m_axial->grab().toImage().pixelColor(first), QColor(Qt::white)); // the patient's right of the first
    QCOMPARE(m_axial->grab().toImage().pixelColor(second).red(), 128);        // all of the second
    // The line is taken by the mouse.
    drag(*m_axial, Qt::LeftButton, {150, 200}, {first.x() - 10, 200});
    QVERIFY(m_axial->swipe() < 0.5);
    QCOMPARE(m_axial->grab().toImage().pixelColor(first).red(), 128);
    m_axial->setComparison(Comparison::Flicker);
    QCOMPARE(m_axial->grab().toImage().pixelColor(first), QColor(Qt::white));
    m_axial->flip();
    QCOMPARE(m_axial->grab().toImage().pixelColor(first).red(), 128);
    QTRY_VERIFY_WITH_TIMEOUT(!m_axial->showsSecond(), 5000); // by itself
}

void tst_SliceCanvas::aLightboxTileIsApart()
{
    m_axial->setSliceOffset(3);
    QCOMPARE(m_axial->slice(), m_axial->geometry().nearestSlice(m_axial->cursorPosition()) + 3);
    const Vec3 before = m_axial->cursorPosition();
    QTest::mouseClick(m_axial.get(), Qt::LeftButton, {}, {120, 150});
    QVERIFY(std::abs(m_axial->cursorPosition()[2] - before[2]) < 1.01); // onto its slice's middle at most
    QVERIFY(std::abs(m_axial->toPatient({10, 10})[2] - (m_axial->cursorPosition()[2] + 6)) < 1e-9);
    m_axial->lastSlice(); // the tile lies beyond the volume: nothing of it is drawn
    QCOMPARE(m_axial->grab().toImage().pixelColor(m_axial->toPixel({-10, 10, 1}).toPoint()), QColor(Qt::black));
}

void tst_SliceCanvas::onePixelIsOnePixel()
{
    m_axial->showActualPixels();
    const QPointF a = m_axial->toPixel({0, 0, 1}), b = m_axial->toPixel({2, 4, 1});
    QVERIFY(std::abs(std::abs(b.x() - a.x()) - 1) < 1e-9);
    QVERIFY(std::abs(std::abs(b.y() - a.y()) - 2) < 1e-9);
}

void tst_SliceCanvas::offsetsAreKept()
{
    CanvasLinker linker;
    linker.add(m_axial.get());
    linker.add(m_coronal.get());
    linker.setCursorPosition({1, 1, 1});
    CanvasLinks apart;
    apart.position = false;
    linker.setLinks(m_coronal.get(), apart);
    m_coronal->setCursorPosition({1, 11, 5});
    linker.keepOffset(m_coronal.get());
    QVERIFY(linker.links(m_coronal.get()).position);
    QCOMPARE(linker.offset(m_coronal.get()), (Vec3{0, 10, 4}));
    // What is done in one happens in the other, that far away.
    QTest::mouseClick(m_axial.get(), Qt::LeftButton, {}, {120, 150});
    const Vec3 here = m_axial->cursorPosition(), there = m_coronal->cursorPosition();
    for (int i = 0; i < 3; ++i)
        QVERIFY(std::abs(there[i] - here[i] - (Vec3{0, 10, 4})[i]) < 1e-9);
    linker.setOffset(m_coronal.get(), {});
    QCOMPARE(m_coronal->cursorPosition(), m_axial->cursorPosition());
    // The other canvas speaks in its own place, and the shared position stays the shared one.
    linker.setOffset(m_coronal.get(), {0, 10, 4});
    wheel(*m_coronal, 1);
    for (int i = 0; i < 3; ++i)
        QVERIFY(std::abs(m_axial->cursorPosition()[i] - linker.cursor()[i]) < 1e-9);
}

void tst_SliceCanvas::controlWheelZoomsAboutTheMouse()
{
    const QPointF mouse(120, 90);
    const Vec3 under = m_axial->toPatient(mouse);
    const int slice = m_axial->slice();
    wheel(*m_axial, 5, Qt::ControlModifier, mouse);
    QVERIFY(m_axial->view().zoom > 1.5);
    QCOMPARE(m_axial->slice(), slice);
    const Vec3 now = m_axial->toPatient(mouse);
    for (int i = 0; i < 3; ++i)
        QVERIFY(std::abs(now[i] - under[i]) < 1e-6);
    m_axial->fitView();
    QCOMPARE(m_axial->view().zoom, 1.0);
}

void tst_SliceCanvas::middleDragPans()
{
    const Vec3 under = m_axial->toPatient({100, 100});
    drag(*m_axial, Qt::MiddleButton, {100, 100}, {140, 120});
    const Vec3 now = m_axial->toPatient({140, 120});
    for (int i = 0; i < 3; ++i)
        QVERIFY(std::abs(now[i] - under[i]) < 1e-6);
}

void tst_SliceCanvas::rightDragSetsTheWindow()
{
    QSignalSpy windows(m_axial.get(), &SliceCanvas::windowChanged);
    drag(*m_axial, Qt::RightButton, {100, 100}, {160, 100}); // to the right: wider
    QVERIFY(windows.count() > 0);
    QVERIFY(m_axial->window().width() > 1000);
    QVERIFY(std::abs(m_axial->window().centre() - 500) < 1e-6);
    const double width = m_axial->window().width();
    drag(*m_axial, Qt::RightButton, {100, 100}, {100, 60}); // upward: a lower centre, a brighter picture
    QVERIFY(m_axial->window().centre() < 500);
    QVERIFY(std::abs(m_axial->window().width() - width) < 1e-6);
}

void tst_SliceCanvas::leftClickMovesTheCursor()
{
    QSignalSpy moves(m_axial.get(), &SliceCanvas::cursorMoved);
    const Vec3 wanted{-8, 12, 1};
    QTest::mouseClick(m_axial.get(), Qt::LeftButton, {}, m_axial->toPixel(wanted).toPoint());
    QVERIFY(moves.count() >= 1);
    for (int i = 0; i < 3; ++i)
        QVERIFY(std::abs(m_axial->cursorPosition()[i] - wanted[i]) < 0.5);
    // Left of the middle of the screen lies the patient's right.
    QTest::mouseClick(m_axial.get(), Qt::LeftButton, {}, {120, 150});
    QVERIFY(m_axial->cursorPosition()[0] < 0);
}

void tst_SliceCanvas::doubleClickAsksForMore()
{
    QSignalSpy asked(m_axial.get(), &SliceCanvas::maximiseRequested);
    QTest::mouseDClick(m_axial.get(), Qt::LeftButton, {}, {150, 150});
    QCOMPARE(asked.count(), 1);
}

void tst_SliceCanvas::theImageIsDrawnTheRightWayRound()
{
    m_axial->setCursorPosition({19, 29, 1}); // the crosshair out of the way
    const QImage picture = m_axial->grab().toImage();
    const QPoint right = m_axial->toPixel({-10, 10, 1}).toPoint(), left = m_axial->toPixel({10, 10, 1}).toPoint();
    QVERIFY(right.x() < 150 && left.x() > 150);
    QCOMPARE(picture.pixelColor(right), QColor(Qt::white));
    QCOMPARE(picture.pixelColor(left), QColor(Qt::black));
    QCOMPARE(picture.pixelColor(5, 60), QColor(Qt::black)); // beside the image
}

void tst_SliceCanvas::overlayIsDrawnWhereItsLabelIs()
{
    auto labels = std::make_shared<imaging::LabelMap>(
        imaging::LabelMap{m_volume->geometry, std::vector<std::uint8_t>(m_volume->values.size())});
    test::overGrid(labels->geometry, [&](int i, int j, int k, const Vec3 &at) {
        if (at[0] > 6 && at[0] < 14 && at[1] > 6 && at[1] < 14)
            labels->values[static_cast<std::size_t>(labels->geometry.offset(i, j, k))] = 1;
    });
    const QColor red(255, 0, 0);
    m_axial->setOverlays({{labels, {Qt::transparent, red}}});
    m_axial->setCursorPosition({-19, -29, 1});
    const QPoint inside = m_axial->toPixel({10, 10, 1}).toPoint(), edge = m_axial->toPixel({6, 10, 1}).toPoint();
    const auto redAt = [&](const QPoint &pixel) { return m_axial->grab().toImage().pixelColor(pixel).red(); };
    m_axial->setOverlayStyle({true, true, 0.5});
    QVERIFY(std::abs(redAt(inside) - 128) <= 2);
    m_axial->setOverlayStyle({true, false, 0.5});
    QCOMPARE(redAt(inside), 0);
    int brightest = 0;
    for (int shift = -2; shift <= 2; ++shift)
        brightest = std::max(brightest, redAt(edge + QPoint(shift, 0)));
    QVERIFY(brightest > 100);
    m_axial->setOverlayStyle({false, true, 0.5});
    QCOMPARE(redAt(inside), 0);
}

void tst_SliceCanvas::linkedCanvasesFollow()
{
    CanvasLinker linker;
    linker.setScheme(pointerScheme(QStringLiteral("pacs")));
    linker.add(m_axial.get());
    linker.add(m_coronal.get());
    const Vec3 wanted{-8, 12, 1};
    QTest::mouseClick(m_axial.get(), Qt::LeftButton, {}, m_axial->toPixel(wanted).toPoint());
    QCOMPARE(m_coronal->cursorPosition(), m_axial->cursorPosition());
    // The coronal slice through that position: 12 mm behind the middle of 30 slices of 2 mm.
    QCOMPARE(m_coronal->slice(), m_coronal->geometry().nearestSlice(m_axial->cursorPosition()));
    QVERIFY(std::abs(m_coronal->slice() - (12 / 2.0 + 14.5)) <= 0.75);
    wheel(*m_axial, 3, Qt::ControlModifier);
    QCOMPARE(m_coronal->view().zoom, m_axial->view().zoom);
    drag(*m_coronal, Qt::RightButton, {100, 100}, {130, 110});
    QCOMPARE(m_axial->window(), m_coronal->window());
    linker.toggleOverlay();
    QVERIFY(!m_axial->overlayStyle().visible && !m_coronal->overlayStyle().visible);
}

void tst_SliceCanvas::unlinkedCanvasesStay()
{
    CanvasLinker linker;
    linker.setScheme(pointerScheme(QStringLiteral("pacs")));
    linker.add(m_axial.get());
    linker.add(m_coronal.get());
    linker.setLinks({false, false, false, false});
    const Vec3 before = m_coronal->cursorPosition();
    wheel(*m_axial, 3);
    wheel(*m_axial, 3, Qt::ControlModifier);
    drag(*m_axial, Qt::RightButton, {100, 100}, {130, 110});
    QCOMPARE(m_coronal->cursorPosition(), before);
    QCOMPARE(m_coronal->view().zoom, 1.0);
    QCOMPARE(m_coronal->window(), (Window{0, 1000}));
    QTest::mouseClick(m_coronal.get(), Qt::LeftButton, {}, {150, 150});
    linker.fadeOverlay(-0.2);
    QVERIFY(std::abs(m_coronal->overlayStyle().opacity - 0.3) < 1e-9);
    QCOMPARE(m_axial->overlayStyle().opacity, 0.5);
}

QTEST_MAIN(tst_SliceCanvas)
#include "tst_slice_canvas.moc"
