// SPDX-License-Identifier: GPL-3.0-or-later
#include "spinopelvic_sets.h"
#include "viewer/canvas/slice_canvas.h"
#include "viewer/measuring/measuring.h"
#include "viewer/measuring/patient_vectors.h"
#include "viewer_fixtures.h"

#include <QMouseEvent>
#include <QtTest>
#include <random>

using namespace consilium;
using namespace consilium::viewer;
using namespace consilium::viewer::vectors;

class tst_MeasureTools : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void dragsAPoint();
    void escapePutsItBack();
    void lockedPointsDoNotMove();
    void placesMissingPointsOneAfterAnother();
    void hoverNamesAPoint();
    void keysMoveAndChoosePoints();
    void elsewhereTheCrosshairMoves();
    void anglesFollowTheDrag();
    void distanceByDragAndByClicks();
    void angleByDragAndClick();
    void cobbByTwoLines();
    void ellipseAndItsHandles();
    void polygonCornerByCorner();
    void movesAndDeletes();
    void escapeGivesUpWhatIsDrawn();
    void anotherSliceHasItsOwn();
    void namesKeepApart();
    void anyInputLeavesItWhole();

private:
    CanvasTool *take(const QString &id);
    void press(const QPointF &at) { mouse(QEvent::MouseButtonPress, at, Qt::LeftButton, Qt::LeftButton); }
    void move(const QPointF &at, Qt::MouseButtons held = Qt::LeftButton)
    {
        mouse(QEvent::MouseMove, at, Qt::NoButton, held);
    }
    void release(const QPointF &at) { mouse(QEvent::MouseButtonRelease, at, Qt::LeftButton, Qt::NoButton); }
    void drag(const QPointF &from, const QPointF &to);
    void click(const QPointF &at);
    void mouse(QEvent::Type type, const QPointF &at, Qt::MouseButton button, Qt::MouseButtons held);
    QPointF pixelOf(int landmark) const;
    const Measurement &only() const { return m_measuring->measurements().all().at(0); }

    ReviewCase m_case;
    std::unique_ptr<SliceCanvas> m_canvas;
    std::unique_ptr<Measuring> m_measuring;
};

void tst_MeasureTools::init()
{
    m_case = test::landmarkCase(test::workedSets().front(), test::Picture::Patient);
    m_canvas = std::make_unique<SliceCanvas>(Plane::Sagittal);
    m_canvas->resize(850, 850);
    m_canvas->setTheme(test::testTheme());
    m_canvas->setVolume(m_case.channels.front().volume);
    m_canvas->setWindow({0, 1});
    m_canvas->setCursorPosition({0, 190, -70});
    m_measuring = std::make_unique<Measuring>();
    m_measuring->watch(m_canvas.get());
    m_measuring->setCase(&m_case, {}, QStringLiteral("anna"));
    m_canvas->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_canvas.get()));
    m_canvas->setFocus();
}

void tst_MeasureTools::cleanup()
{
    m_measuring.reset();
    m_canvas.reset();
}

CanvasTool *tst_MeasureTools::take(const QString &id)
{
    for (const ToolEntry &entry : m_measuring->tools()) {
        if (entry.id != id)
            continue;
        m_measuring->setToolTaken(entry.tool);
        m_canvas->setTool(entry.tool);
        return entry.tool;
    }
    return nullptr;
}

void tst_MeasureTools::mouse(QEvent::Type type, const QPointF &at, Qt::MouseButton button, Qt::MouseButtons held)
{
    QMouseEvent event(type, at, m_canvas->mapToGlobal(at), button, held, {});
    QApplication::sendEvent(m_canvas.get(), &event);
}

void tst_MeasureTools::drag(const QPointF &from, const QPointF &to)
{
    press(from);
    move((from + to) / 2);
    move(to);
    release(to);
}

void tst_MeasureTools::click(const QPointF &at)
{
    move(at, Qt::NoButton);
    press(at);
    release(at);
}

QPointF tst_MeasureTools::pixelOf(int landmark) const
{
    return m_canvas->toPixel(m_measuring->landmarks().point(landmark).position);
}

void tst_MeasureTools::dragsAPoint()
{
    LandmarkEditor &editor = m_measuring->landmarks();
    editor.startFrom(kReference);
    take(QStringLiteral("landmarks"));
    const Vec3 before = editor.point(0).position;
    const QPointF grip = pixelOf(0) + QPointF(5, -4); // beside the point: taking hold moves nothing
    press(grip);
    QCOMPARE(editor.point(0).position, before);
    QCOMPARE(editor.selected(), 0);
    move(grip + QPointF(40, 20));
    const double mm = 1 / m_canvas->pixelsPerMm();
    // Right on the screen is to the back (+P), down is to the feet.
    QVERIFY(norm(editor.point(0).position - (before + Vec3{0, 40 * mm, -20 * mm})) < 1e-9);
    release(grip + QPointF(40, 20));
    QCOMPARE(m_measuring->undoStack().undoText(), QStringLiteral("Move S1 posterior"));
    m_measuring->undoStack().undo();
    QCOMPARE(editor.point(0).position, before);
    // Out of reach it is not taken.
    press(pixelOf(0) + QPointF(13, 0));
    QVERIFY(!editor.isDragging());
    release(pixelOf(0));
}

void tst_MeasureTools::escapePutsItBack()
{
    LandmarkEditor &editor = m_measuring->landmarks();
    editor.startFrom(kReference);
    take(QStringLiteral("landmarks"));
    const Vec3 before = editor.point(3).position;
    const int commands = m_measuring->undoStack().count();
    press(pixelOf(3));
    move(pixelOf(3) + QPointF(60, 60));
    QVERIFY(editor.point(3).position != before);
    QTest::keyClick(m_canvas.get(), Qt::Key_Escape);
    QCOMPARE(editor.point(3).position, before);
    move({300, 300});
    release({300, 300});
    QCOMPARE(editor.point(3).position, before);
    QCOMPARE(m_measuring->undoStack().count(), commands);
}

void tst_MeasureTools::lockedPointsDoNotMove()
{
    LandmarkEditor &editor = m_measuring->landmarks();
    editor.startFrom(kReference);
    editor.setLocked(1, true);
    take(QStringLiteral("landmarks"));
    const Vec3 before = editor.point(1).position, cursor = m_canvas->cursorPosition();
    drag(pixelOf(1), pixelOf(1) + QPointF(50, 0));
    QCOMPARE(editor.point(1).position, before);
    QCOMPARE(editor.selected(), 1);
    QCOMPARE(m_canvas->cursorPosition(), cursor); // and nothing else is moved in its place
    QTest::keyClick(m_canvas.get(), Qt::Key_Left);
    QCOMPARE(editor.point(1).position, before);
    QTest::keyClick(m_canvas.get(), Qt::Key_L);
    QVERIFY(!editor.point(1).locked);
    drag(pixelOf(1), pixelOf(1) + QPointF(50, 0));
    QVERIFY(editor.point(1).position != before);
}

void tst_MeasureTools::placesMissingPointsOneAfterAnother()
{
    LandmarkEditor &editor = m_measuring->landmarks();
    take(QStringLiteral("landmarks"));
    editor.select(0);
    const std::vector<QPointF> places{{300, 300}, {340, 320}, {200, 600}, {210, 610}, {320, 100}, {360, 120}};
    for (std::size_t n = 0; n < places.size(); ++n) {
        QCOMPARE(editor.selected(), static_cast<int>(n));
        click(places[n]);
        QVERIFY(editor.isPlaced(static_cast<int>(n)));
    }
    for (int n = 0; n < 6; ++n)
        QVERIFY(QLineF(pixelOf(n), places[static_cast<std::size_t>(n)]).length() < 1e-6);
    QCOMPARE(m_measuring->undoStack().count(), 6);
    QCOMPARE(m_measuring->undoStack().undoText(), QStringLiteral("Place L1 superior anterior"));
}

void tst_MeasureTools::hoverNamesAPoint()
{
    LandmarkEditor &editor = m_measuring->landmarks();
    editor.startFrom(kReference);
    m_measuring->angleLayer().setVisible(false);
    take(QStringLiteral("landmarks"));
    const QImage before = m_canvas->grab().toImage();
    move(pixelOf(4) + QPointF(3, 3), Qt::NoButton);
    QCOMPARE(editor.hovered(), 4);
    QVERIFY(m_canvas->grab().toImage() != before);
    move({20, 400}, Qt::NoButton);
    QCOMPARE(editor.hovered(), -1);
    QCOMPARE(m_canvas->grab().toImage(), before);
    move(pixelOf(4), Qt::NoButton);
    QEvent leave(QEvent::Leave);
    QApplication::sendEvent(m_canvas.get(), &leave);
    QCOMPARE(editor.hovered(), -1);
}

void tst_MeasureTools::keysMoveAndChoosePoints()
{
    LandmarkEditor &editor = m_measuring->landmarks();
    editor.startFrom(kReference);
    take(QStringLiteral("landmarks"));
    QTest::keyClick(m_canvas.get(), Qt::Key_Tab);
    QCOMPARE(editor.selected(), 0);
    QTest::keyClick(m_canvas.get(), Qt::Key_Tab);
    QCOMPARE(editor.selected(), 1);
    QTest::keyClick(m_canvas.get(), Qt::Key_Backtab);
    QCOMPARE(editor.selected(), 0);
    const QPointF before = pixelOf(0);
    QTest::keyClick(m_canvas.get(), Qt::Key_Right);
    QTest::keyClick(m_canvas.get(), Qt::Key_Down);
    QVERIFY(QLineF(pixelOf(0), before + QPointF(1, 1)).length() < 1e-6);
    QTest::keyClick(m_canvas.get(), Qt::Key_Up, Qt::ShiftModifier);
    QVERIFY(QLineF(pixelOf(0), before + QPointF(1, -9)).length() < 1e-6);
    QTest::keyClick(m_canvas.get(), Qt::Key_O);
    QCOMPARE(editor.point(0).visibility, imaging::Visibility::Occluded);
    QTest::keyClick(m_canvas.get(), Qt::Key_Delete);
    QVERIFY(!editor.isPlaced(0));
    // At the last point Tab lets the focus go on, or the keyboard could not leave.
    editor.select(5);
    QTest::keyClick(m_canvas.get(), Qt::Key_Tab);
    QCOMPARE(editor.selected(), 5);
    // With another tool the keys are the canvas's own again.
    take(QStringLiteral("distance"));
    editor.select(1);
    const QPointF stays = pixelOf(1);
    QTest::keyClick(m_canvas.get(), Qt::Key_Left);
    QCOMPARE(pixelOf(1), stays);
}

void tst_MeasureTools::elsewhereTheCrosshairMoves()
{
    m_measuring->landmarks().startFrom(kReference);
    take(QStringLiteral("landmarks"));
    click({60, 425});
    QVERIFY(QLineF(m_canvas->toPixel(m_canvas->cursorPosition()), QPointF(60, 425)).length() < 1e-6);
    QVERIFY(!m_measuring->landmarks().isDragging());
}

void tst_MeasureTools::anglesFollowTheDrag()
{
    LandmarkEditor &editor = m_measuring->landmarks();
    editor.startFrom(kReference);
    take(QStringLiteral("landmarks"));
    QVERIFY(std::abs(*editor.angles(kReaderPoints).sacralSlope - 36.869897645844) < 1e-9);
    const QImage before = m_canvas->grab().toImage();
    // The anterior corner of S1 up to the height of the posterior one: a level endplate while the button is down.
    const QPointF level = m_canvas->toPixel({0, -20, 115});
    press(pixelOf(1));
    move(level);
    QVERIFY(std::abs(*editor.angles(kReaderPoints).sacralSlope) < 1e-6);
    QVERIFY(m_canvas->grab().toImage() != before);
    QTest::keyClick(m_canvas.get(), Qt::Key_Escape);
    QVERIFY(std::abs(*editor.angles(kReaderPoints).sacralSlope - 36.869897645844) < 1e-9);
}

void tst_MeasureTools::distanceByDragAndByClicks()
{
    take(QStringLiteral("distance"));
    const QPointF from = m_canvas->toPixel({0, 0, 0}), to = m_canvas->toPixel({0, 30, 40});
    drag(from, to);
    QCOMPARE(m_measuring->measurements().all().size(), 1U);
    QVERIFY(std::abs(*extentOf(only()).length - 50) < 1e-6);
    QVERIFY(std::abs(std::abs(only().normal[0]) - 1) < 1e-9);
    m_measuring->undoStack().undo();
    QVERIFY(m_measuring->measurements().all().empty());
    click(from);
    QVERIFY(m_measuring->measurements().all().empty());
    click(to);
    QCOMPARE(m_measuring->measurements().all().size(), 1U);
    QVERIFY(std::abs(*extentOf(only()).length - 50) < 1e-6);
    QCOMPARE(m_measuring->undoStack().undoText(), QStringLiteral("Draw Distance 1"));
}

void tst_MeasureTools::angleByDragAndClick()
{
    take(QStringLiteral("angle"));
    const QPointF arm = m_canvas->toPixel({0, 50, 0}), vertex = m_canvas->toPixel({0, 0, 0}),
                  other = m_canvas->toPixel({0, 0, 60});
    drag(arm, vertex);
    QVERIFY(m_measuring->measurements().all().empty());
    click(other);
    QVERIFY(std::abs(*extentOf(only()).angle - 90) < 1e-6);
    m_measuring->undoStack().undo();
    for (const QPointF &corner : {arm, vertex, m_canvas->toPixel({0, -40, 30})})
        click(corner);
    QVERIFY(std::abs(*extentOf(only()).angle - (180 - 36.869897645844)) < 1e-6);
}

void tst_MeasureTools::cobbByTwoLines()
{
    take(QStringLiteral("cobb"));
    drag(m_canvas->toPixel({0, -20, 200}), m_canvas->toPixel({0, 20, 200}));
    QVERIFY(m_measuring->measurements().all().empty());
    move({500, 500}, Qt::NoButton); // between the lines nothing follows
    drag(m_canvas->toPixel({0, -20, 90}), m_canvas->toPixel({0, 20, 120}));
    QCOMPARE(m_measuring->measurements().all().size(), 1U);
    QVERIFY(std::abs(*extentOf(only()).angle - 36.869897645844) < 1e-6);
}

void tst_MeasureTools::ellipseAndItsHandles()
{
    take(QStringLiteral("ellipse"));
    drag(m_canvas->toPixel({0, -30, 60}), m_canvas->toPixel({0, 30, 20}));
    QVERIFY(std::abs(*extentOf(only()).area - 600 * std::numbers::pi) < 1e-6);
    const int id = only().id;
    QCOMPARE(m_measuring->measurements().selected(), id);
    // The end of an axis out by 10 mm, as the others stay.
    drag(m_canvas->toPixel({0, 30, 40}), m_canvas->toPixel({0, 40, 40}));
    QCOMPARE(only().id, id);
    QVERIFY(std::abs(*extentOf(only()).area - 800 * std::numbers::pi) < 1e-6);
    QVERIFY(norm(only().points[0] - Vec3{0, 0, 40}) < 1e-6);
    QCOMPARE(m_measuring->undoStack().undoText(), QStringLiteral("Change Ellipse 1"));
    // Its border moves it whole.
    const double diagonal = std::sqrt(0.5);
    const Vec3 border{0, 40 * diagonal, 40 + 20 * diagonal};
    drag(m_canvas->toPixel(border), m_canvas->toPixel(border + Vec3{0, 7, -9}));
    QVERIFY(norm(only().points[0] - Vec3{0, 7, 31}) < 1e-6);
    QVERIFY(std::abs(*extentOf(only()).area - 800 * std::numbers::pi) < 1e-6);
    m_measuring->undoStack().undo();
    m_measuring->undoStack().undo();
    QVERIFY(std::abs(*extentOf(only()).area - 600 * std::numbers::pi) < 1e-6);
    // A click alone draws nothing.
    click({60, 60});
    click({60, 60});
    QTest::keyClick(m_canvas.get(), Qt::Key_Escape);
    QCOMPARE(m_measuring->measurements().all().size(), 1U);
}

void tst_MeasureTools::polygonCornerByCorner()
{
    auto *tool = static_cast<MeasureTool *>(take(QStringLiteral("polygon")));
    const std::vector<Vec3> corners{{0, 0, 0}, {0, 60, 0}, {0, 60, 40}, {0, 0, 40}};
    const auto clickAll = [&](std::size_t count) {
        for (std::size_t n = 0; n < count; ++n)
            click(m_canvas->toPixel(corners[n]));
    };
    clickAll(4);
    QVERIFY(tool->isDrawing());
    QTest::keyClick(m_canvas.get(), Qt::Key_Return);
    QVERIFY(!tool->isDrawing());
    QVERIFY(std::abs(*extentOf(only()).area - 2400) < 1e-6);
    m_measuring->undoStack().undo();

    clickAll(4);
    click(m_canvas->toPixel(corners[0]) + QPointF(3, 2)); // near enough to the first corner
    QVERIFY(std::abs(*extentOf(only()).area - 2400) < 1e-6);
    m_measuring->undoStack().undo();

    clickAll(4);
    QTest::keyClick(m_canvas.get(), Qt::Key_Backspace);
    mouse(QEvent::MouseButtonDblClick, m_canvas->toPixel(corners[2]), Qt::LeftButton, Qt::LeftButton);
    QVERIFY(std::abs(*extentOf(only()).area - 1200) < 1e-6);
    m_measuring->undoStack().undo();

    clickAll(2);
    QTest::keyClick(m_canvas.get(), Qt::Key_Return); // two corners are no polygon yet
    QVERIFY(tool->isDrawing() && m_measuring->measurements().all().empty());
    for (int n = 0; n < 3; ++n)
        QTest::keyClick(m_canvas.get(), Qt::Key_Backspace);
    QVERIFY(!tool->isDrawing());
}

void tst_MeasureTools::movesAndDeletes()
{
    take(QStringLiteral("distance"));
    drag(m_canvas->toPixel({0, 0, 0}), m_canvas->toPixel({0, 50, 0}));
    take(QStringLiteral("cobb")); // any of the tools edits what there is
    drag(m_canvas->toPixel({0, 25, 0}), m_canvas->toPixel({0, 25, 30}));
    QVERIFY(norm(only().points[0] - Vec3{0, 0, 30}) < 1e-6 && norm(only().points[1] - Vec3{0, 50, 30}) < 1e-6);
    QTest::keyClick(m_canvas.get(), Qt::Key_Right, Qt::ShiftModifier);
    const double ten = 10 / m_canvas->pixelsPerMm();
    QVERIFY(norm(only().points[0] - Vec3{0, ten, 30}) < 1e-6);
    drag(m_canvas->toPixel(only().points[1]), m_canvas->toPixel({0, ten, 70}));
    QVERIFY(std::abs(*extentOf(only()).length - 40) < 1e-6);
    QTest::keyClick(m_canvas.get(), Qt::Key_Delete);
    QVERIFY(m_measuring->measurements().all().empty());
    for (int n = 0; n < 4; ++n)
        m_measuring->undoStack().undo();
    QCOMPARE(m_measuring->measurements().all().size(), 1U);
    QVERIFY(norm(only().points[0]) < 1e-6);
}

void tst_MeasureTools::escapeGivesUpWhatIsDrawn()
{
    auto *tool = static_cast<MeasureTool *>(take(QStringLiteral("cobb")));
    drag({100, 100}, {300, 120});
    press({100, 500});
    move({300, 520});
    QTest::keyClick(m_canvas.get(), Qt::Key_Escape);
    QVERIFY(!tool->isDrawing());
    release({300, 520});
    QVERIFY(m_measuring->measurements().all().empty() && !m_measuring->undoStack().canUndo());

    take(QStringLiteral("distance"));
    drag({100, 100}, {300, 100});
    const Measurement before = only();
    press({300, 100});
    move({500, 400});
    QTest::keyClick(m_canvas.get(), Qt::Key_Escape);
    release({500, 400});
    QVERIFY(only() == before);
    // Taking up another tool does the same.
    press({100, 600});
    move({150, 700});
    take(QStringLiteral("angle"));
    release({150, 700});
    QCOMPARE(m_measuring->measurements().all().size(), 1U);
}

void tst_MeasureTools::anotherSliceHasItsOwn()
{
    const imaging::Geometry grid = test::gridOf("LPS", {20, 80, 80}, {3, 3, 3});
    m_case.channels.front().volume = std::make_shared<const imaging::Volume>(
        imaging::Volume{grid, std::vector<float>(static_cast<std::size_t>(grid.voxels()))});
    m_canvas->setVolume(m_case.channels.front().volume);
    m_canvas->setCursorPosition({1.5, 100, 100});
    take(QStringLiteral("distance"));
    drag({300, 300}, {400, 300});
    const QImage drawn = m_canvas->grab().toImage();
    m_canvas->setCursorPosition({4.5, 100, 100});
    const QPointF end = m_canvas->toPixel(only().points[1]);
    drag(end, end + QPointF(0, 50)); // nothing to take hold of here: a second one begins
    QCOMPARE(m_measuring->measurements().all().size(), 2U);
    QCOMPARE(m_canvas->geometry().nearestSlice(m_measuring->measurements().all()[1].points[0]), m_canvas->slice());
    m_measuring->undoStack().undo();
    m_canvas->setCursorPosition({1.5, 100, 100});
    m_measuring->measurements().select(only().id);
    QCOMPARE(m_canvas->grab().toImage(), drawn);
}

void tst_MeasureTools::namesKeepApart()
{
    // All the way in the names of far points stand at them, and the picture is another than without.
    m_measuring->landmarks().startFrom(kReference);
    m_measuring->angleLayer().setVisible(false);
    const QImage far = m_canvas->grab().toImage();
    m_measuring->landmarkLayer().setSetVisible(kReference, false);
    const QImage fewer = m_canvas->grab().toImage();
    QVERIFY(far != fewer);
    m_measuring->landmarkLayer().setVisible(false);
    const QImage none = m_canvas->grab().toImage();
    QVERIFY(none != fewer);
    const QPoint at = pixelOf(0).toPoint();
    QVERIFY(none.pixelColor(at) != fewer.pixelColor(at));
}

void tst_MeasureTools::anyInputLeavesItWhole()
{
    std::mt19937 random(12);
    const QStringList ids{QStringLiteral("landmarks"), QStringLiteral("distance"), QStringLiteral("angle"),
                          QStringLiteral("cobb"),      QStringLiteral("ellipse"),  QStringLiteral("polygon")};
    const Qt::Key keys[] = {Qt::Key_Escape, Qt::Key_Return, Qt::Key_Backspace, Qt::Key_Delete, Qt::Key_Tab,
                            Qt::Key_Left,   Qt::Key_Down,   Qt::Key_L,         Qt::Key_O,      Qt::Key_Backtab};
    const auto place = [&] { return QPointF(double(random() % 850), double(random() % 850)); };
    take(ids[0]);
    for (int n = 0; n < 3000; ++n) {
        switch (random() % 12) {
        case 0: take(ids[static_cast<int>(random() % 6)]); break;
        case 1:
        case 2: QTest::keyClick(m_canvas.get(), keys[random() % std::size(keys)]); break;
        case 3: m_measuring->undoStack().undo(); break;
        case 4: m_measuring->undoStack().redo(); break;
        case 5: mouse(QEvent::MouseButtonDblClick, place(), Qt::LeftButton, Qt::LeftButton); break;
        case 6: release(place()); break;
        case 7: press(place()); break;
        case 8: m_measuring->landmarks().select(static_cast<int>(random() % 7) - 1); break;
        case 9: m_measuring->landmarks().startFrom(kReference); break;
        default: move(place(), random() % 2 == 0 ? Qt::LeftButton : Qt::NoButton);
        }
        for (const Measurement &measurement : m_measuring->measurements().all())
            QVERIFY(static_cast<int>(measurement.points.size()) >= pointsOf(measurement.kind));
    }
    m_canvas->grab();
    take(ids[0]);
    while (m_measuring->undoStack().canUndo())
        m_measuring->undoStack().undo();
    QVERIFY(m_measuring->landmarks().isEmpty() && m_measuring->measurements().all().empty());
}

QTEST_MAIN(tst_MeasureTools)
#include "tst_measure_tools.moc"
