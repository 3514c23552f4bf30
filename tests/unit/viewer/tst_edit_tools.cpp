// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/canvas/slice_canvas.h"
#include "viewer/editing/edit_shapes.h"
#include "viewer/editing/edit_tools.h"
#include "viewer/editing/polygon_tool.h"
#include "viewer_fixtures.h"

#include <QApplication>
#include <QSignalSpy>
#include <QWheelEvent>
#include <QtTest>
#include <numbers>
#include <random>

using namespace consilium;
using namespace consilium::viewer;
using imaging::Vec3;

class tst_EditTools : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase_data();
    void init();
    void cleanup();
    void brushPaintsWhereTheMouseGoes();
    void controlErases();
    void eraserErases();
    void escapeTakesTheStrokeBack();
    void afterEscapeTheNextStrokeIsWhole();
    void wheelDuringAStrokeLeavesNoTrail();
    void quickDabsAllPaint();
    void picturesComeBackOnUndo();
    void sphereGoesThroughTheSlices();
    void polygonClosesByReturn();
    void polygonClosesByDoubleClick();
    void polygonIsDroppedByEscape();
    void polygonStaysOnItsSlice();
    void clickGrowsARegion();
    void heldRegionIsOnlyShown();
    void clickRemovesOnePiece();
    void penPressureScalesTheBrush();
    void aStormOfEventsIsUndoneExactly();
    void withoutAnEditTheCrosshairMoves();
    void lockedLabelsSayWhy();
    void brushKeysStepThroughSizes();
    void theOutlineIsAsWideAsTheBrush();

private:
    CanvasTool *tool(const char *id);
    QPoint pixel(const Vec3 &at) const { return m_canvas->toPixel(at).toPoint(); }
    void move(const QPoint &to, Qt::MouseButtons buttons, Qt::KeyboardModifiers modifiers = {});
    void stroke(const Vec3 &from, const Vec3 &to, Qt::KeyboardModifiers modifiers = {});
    int labelAt(const Vec3 &at) const;
    // In-plane and across, of the canvas's plane, to the patient.
    Vec3 at(double right, double down, double across = 0) const;
    double volume() const { return static_cast<double>(m_editor->voxels(1)) * m_grid.voxelVolume(); }

    imaging::Geometry m_grid;
    std::shared_ptr<imaging::Volume> m_volume;
    std::unique_ptr<LabelEditor> m_editor;
    std::unique_ptr<EditWork> m_work;
    std::unique_ptr<EditTools> m_tools;
    std::unique_ptr<SliceCanvas> m_canvas;
};

void tst_EditTools::initTestCase_data()
{
    QTest::addColumn<QString>("letters");
    QTest::addColumn<int>("plane");
    QTest::newRow("LPS axial") << "LPS" << 0;
    QTest::newRow("RAS coronal") << "RAS" << 1;
    QTest::newRow("PIR sagittal") << "PIR" << 2;
}

void tst_EditTools::init()
{
    QFETCH_GLOBAL(QString, letters);
    QFETCH_GLOBAL(int, plane);
    // 41 mm a side, a voxel of 1 mm with its centre at (0, 0, 0); a bright ball of 5 mm there.
    m_grid = test::gridOf(letters.toStdString(), {41, 41, 41}, {1, 1, 1});
    m_volume = std::make_shared<imaging::Volume>(imaging::Volume{m_grid, {}});
    test::overGrid(m_grid, [&](int, int, int, const Vec3 &at) {
        m_volume->values.push_back(std::hypot(at[0], at[1], at[2]) <= 5 ? 100 : 0);
    });
    m_editor = std::make_unique<LabelEditor>();
    m_work = std::make_unique<EditWork>(*m_editor);
    m_tools = std::make_unique<EditTools>(*m_editor, *m_work);
    m_editor->setLabelList({{QStringLiteral("Background"), {}}, {QStringLiteral("Lesion"), QColor(255, 0, 0)}});
    m_editor->setImage(m_volume);
    m_editor->start(prepareEmpty(m_grid));
    m_canvas = std::make_unique<SliceCanvas>(static_cast<Plane>(plane));
    m_canvas->resize(480, 480);
    m_canvas->setTheme(test::testTheme());
    m_canvas->setVolume(m_volume);
    m_canvas->setWindow({0, 100});
    m_canvas->setCursorPosition({0, 0, 0});
    m_canvas->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_canvas.get()));
}

void tst_EditTools::cleanup()
{
    m_canvas.reset();
    m_tools.reset();
    m_work.reset();
    m_editor.reset();
}

CanvasTool *tst_EditTools::tool(const char *id)
{
    for (const ToolEntry &entry : m_tools->tools())
        if (entry.id == QLatin1String(id)) {
            m_canvas->setTool(entry.tool);
            return entry.tool;
        }
    return nullptr;
}

void tst_EditTools::move(const QPoint &to, Qt::MouseButtons buttons, Qt::KeyboardModifiers modifiers)
{
    QMouseEvent event(QEvent::MouseMove, QPointF(to), m_canvas->mapToGlobal(QPointF(to)), Qt::NoButton, buttons,
                      modifiers);
    QApplication::sendEvent(m_canvas.get(), &event);
}

void tst_EditTools::stroke(const Vec3 &from, const Vec3 &to, Qt::KeyboardModifiers modifiers)
{
    QTest::mousePress(m_canvas.get(), Qt::LeftButton, modifiers, pixel(from));
    move(pixel(to), Qt::LeftButton, modifiers);
    QTest::mouseRelease(m_canvas.get(), Qt::LeftButton, modifiers, pixel(to));
}

int tst_EditTools::labelAt(const Vec3 &at) const
{
    const Vec3 index = m_grid.toIndex(at);
    return m_editor->labels()->at(int(std::lround(index[0])), int(std::lround(index[1])), int(std::lround(index[2])));
}

// Millimetres from the middle, as the screen shows them.
Vec3 tst_EditTools::at(double right, double down, double across) const
{
    return m_canvas->geometry().toPatient({20 + right, 20 + down, 20 + across});
}

void tst_EditTools::brushPaintsWhereTheMouseGoes()
{
    tool("brush");
    m_tools->settings().setDiameterMm(6);
    QSignalSpy cursor(m_canvas.get(), &SliceCanvas::cursorMoved);
    stroke(at(-10, 5), at(10, 5)); // one event over 20 mm
    QCOMPARE(cursor.count(), 0);
    for (int right = -12; right <= 12; ++right)
        QCOMPARE(labelAt(at(right, 5)), 1);
    QCOMPARE(labelAt(at(0, 9)), 0);
    QCOMPARE(labelAt(at(0, 1)), 0);
    QCOMPARE(labelAt(at(0, 5, 1)), 0); // in this slice only
    QCOMPARE(labelAt(at(-14, 5)), 0);
    const double expected = 20 * 6 + std::numbers::pi * 9;
    QVERIFY2(std::abs(volume() / expected - 1) < 0.1, qPrintable(QString::number(volume())));
    QCOMPARE(m_editor->undoText(), QStringLiteral("Brush"));
    m_editor->undo();
    QCOMPARE(m_editor->voxels(1), 0);
    QVERIFY(!m_editor->canUndo()); // the whole stroke was one step
}

void tst_EditTools::controlErases()
{
    tool("brush");
    m_tools->settings().setDiameterMm(10);
    stroke(at(0, 0), at(0, 0));
    QCOMPARE(labelAt(at(0, 0)), 1);
    m_tools->settings().setDiameterMm(4);
    stroke(at(0, 0), at(0, 0), Qt::ControlModifier);
    QCOMPARE(labelAt(at(0, 0)), 0);
    QCOMPARE(labelAt(at(4, 0)), 1);
    QCOMPARE(m_editor->undoText(), QStringLiteral("Eraser"));
}

void tst_EditTools::eraserErases()
{
    tool("brush");
    m_tools->settings().setDiameterMm(10);
    stroke(at(-5, 0), at(5, 0));
    tool("eraser");
    m_tools->settings().setDiameterMm(20);
    stroke(at(-5, 0), at(5, 0));
    QCOMPARE(m_editor->voxels(1), 0);
    QCOMPARE(m_editor->steps().size(), 2U);
}

void tst_EditTools::escapeTakesTheStrokeBack()
{
    tool("brush");
    stroke(at(-10, -10), at(-5, -10));
    const auto before = m_editor->labels()->values;
    QTest::mousePress(m_canvas.get(), Qt::LeftButton, {}, pixel(at(0, 0)));
    move(pixel(at(8, 8)), Qt::LeftButton);
    QVERIFY(m_editor->labels()->values != before);
    QTest::keyClick(m_canvas.get(), Qt::Key_Escape);
    QVERIFY(m_editor->labels()->values == before);
    // The button is still down: nothing more comes of it.
    move(pixel(at(12, 0)), Qt::LeftButton);
    QTest::mouseRelease(m_canvas.get(), Qt::LeftButton, {}, pixel(at(12, 0)));
    QVERIFY(m_editor->labels()->values == before);
    QCOMPARE(m_editor->steps().size(), 1U);
}

void tst_EditTools::afterEscapeTheNextStrokeIsWhole()
{
    tool("brush");
    QTest::mousePress(m_canvas.get(), Qt::LeftButton, {}, pixel(at(0, 0)));
    QTest::keyClick(m_canvas.get(), Qt::Key_Escape);
    QTest::mouseRelease(m_canvas.get(), Qt::LeftButton, {}, pixel(at(0, 0)));
    stroke(at(5, 5), at(8, 5));
    QCOMPARE(labelAt(at(0, 0)), 0);
    QCOMPARE(labelAt(at(6, 5)), 1);
    QCOMPARE(m_editor->steps().size(), 1U);
}

void tst_EditTools::wheelDuringAStrokeLeavesNoTrail()
{
    tool("brush");
    m_tools->settings().setDiameterMm(4);
    QTest::mousePress(m_canvas.get(), Qt::LeftButton, {}, pixel(at(-10, 0)));
    m_canvas->setCursorPosition(at(0, 0, 1)); // the next slice, as the wheel does it
    move(pixel(at(10, 0)), Qt::LeftButton);
    QTest::mouseRelease(m_canvas.get(), Qt::LeftButton, {}, pixel(at(10, 0)));
    QCOMPARE(labelAt(at(-10, 0, 0)), 1);
    QCOMPARE(labelAt(at(10, 0, 1)), 1);
    QCOMPARE(labelAt(at(0, 0, 1)), 0);
    QCOMPARE(labelAt(at(10, 0, 0)), 0);
    QCOMPARE(m_editor->steps().size(), 1U);
}

void tst_EditTools::quickDabsAllPaint()
{
    tool("brush");
    QSignalSpy maximise(m_canvas.get(), &SliceCanvas::maximiseRequested);
    // As a mouse sends them: press, release, double click, release.
    QTest::mouseClick(m_canvas.get(), Qt::LeftButton, {}, pixel(at(-8, 0)));
    const QPoint second = pixel(at(8, 0));
    QMouseEvent again(QEvent::MouseButtonDblClick, QPointF(second), m_canvas->mapToGlobal(QPointF(second)),
                      Qt::LeftButton, Qt::LeftButton, Qt::NoModifier);
    QApplication::sendEvent(m_canvas.get(), &again);
    QTest::mouseRelease(m_canvas.get(), Qt::LeftButton, {}, second);
    QCOMPARE(labelAt(at(-8, 0)), 1);
    QCOMPARE(labelAt(at(8, 0)), 1);
    QCOMPARE(labelAt(at(0, 0)), 0);
    QCOMPARE(m_editor->steps().size(), 2U);
    QVERIFY(!m_editor->isStroking());
    QCOMPARE(maximise.count(), 0);
}

void tst_EditTools::picturesComeBackOnUndo()
{
    m_canvas->setOverlays({{m_editor->labels(), m_editor->colours()}});
    connect(m_editor.get(), &LabelEditor::changed, m_canvas.get(), &SliceCanvas::refreshOverlays);
    const char *ids[] = {"brush", "eraser", "sphere", "brush"};
    std::vector<QImage> pictures;
    const auto picture = [&] {
        m_canvas->setTool(nullptr); // its outline is no part of the edit
        return m_canvas->grab().toImage();
    };
    pictures.push_back(picture());
    std::mt19937 random(7);
    const auto place = [&] { return at(int(random() % 31) - 15, int(random() % 31) - 15); };
    while (pictures.size() <= 60) {
        tool(ids[random() % 4]);
        m_tools->settings().setDiameterMm(2 + random() % 12);
        const auto before = m_editor->state();
        stroke(place(), place(), random() % 3 ? Qt::NoModifier : Qt::ControlModifier);
        if (m_editor->state() != before)
            pictures.push_back(picture());
    }
    QVERIFY(pictures.front() != pictures.back());
    for (std::size_t n = pictures.size() - 1; n-- > 0;) {
        m_editor->undo();
        QVERIFY(picture() == pictures[n]);
    }
    while (m_editor->canRedo())
        m_editor->redo();
    QVERIFY(picture() == pictures.back());
}

void tst_EditTools::sphereGoesThroughTheSlices()
{
    tool("sphere");
    m_tools->settings().setDiameterMm(12);
    stroke(at(0, 0), at(0, 0));
    for (int across = -5; across <= 5; ++across)
        QCOMPARE(labelAt(at(0, 0, across)), 1);
    QCOMPARE(labelAt(at(0, 0, 7)), 0);
    const double expected = 4.0 / 3 * std::numbers::pi * 216;
    QVERIFY2(std::abs(volume() / expected - 1) < 0.05, qPrintable(QString::number(volume())));
    QCOMPARE(m_editor->undoText(), QStringLiteral("Sphere"));
    // The brush in 3D is the same.
    const auto sphere = m_editor->labels()->values;
    m_editor->undo();
    tool("brush");
    m_tools->settings().setBall(true);
    stroke(at(0, 0), at(0, 0));
    QVERIFY(m_editor->labels()->values == sphere);
}

void tst_EditTools::polygonClosesByReturn()
{
    tool("filledPolygon");
    const Vec3 corners[] = {at(-6.5, -3.5), at(6.5, -3.5), at(6.5, 4.5), at(-6.5, 4.5)};
    for (const Vec3 &corner : corners)
        QTest::mouseClick(m_canvas.get(), Qt::LeftButton, {}, pixel(corner));
    QCOMPARE(m_editor->voxels(1), 0);
    QTest::keyClick(m_canvas.get(), Qt::Key_Return);
    QCOMPARE(m_editor->voxels(1), 13 * 8);
    QCOMPARE(labelAt(at(-6, -3)), 1);
    QCOMPARE(labelAt(at(6, 4)), 1);
    QCOMPARE(labelAt(at(7, 4)), 0);
    QCOMPARE(m_editor->undoText(), QStringLiteral("Polygon"));
    // With Ctrl it clears; Backspace takes a corner back.
    for (const Vec3 &corner : corners)
        QTest::mouseClick(m_canvas.get(), Qt::LeftButton, {}, pixel(corner));
    QTest::mouseClick(m_canvas.get(), Qt::LeftButton, {}, pixel(at(-15, 15)));
    QTest::keyClick(m_canvas.get(), Qt::Key_Backspace);
    QTest::keyClick(m_canvas.get(), Qt::Key_Return, Qt::ControlModifier);
    QCOMPARE(m_editor->voxels(1), 0);
}

void tst_EditTools::polygonClosesByDoubleClick()
{
    tool("filledPolygon");
    QSignalSpy maximise(m_canvas.get(), &SliceCanvas::maximiseRequested);
    for (const Vec3 &corner : {at(-4.5, -4.5), at(4.5, -4.5), at(4.5, 4.5)})
        QTest::mouseClick(m_canvas.get(), Qt::LeftButton, {}, pixel(corner));
    QTest::mouseClick(m_canvas.get(), Qt::LeftButton, {}, pixel(at(-4.5, 4.5)));
    QTest::mouseDClick(m_canvas.get(), Qt::LeftButton, {}, pixel(at(-4.5, 4.5)));
    QCOMPARE(m_editor->voxels(1), 81);
    QCOMPARE(maximise.count(), 0);
    QCOMPARE(m_editor->steps().size(), 1U);
    // A click on the first corner does, too.
    m_editor->undo();
    for (const Vec3 &corner : {at(-4.5, -4.5), at(4.5, -4.5), at(4.5, 4.5), at(-4.5, 4.5), at(-4.5, -4.5)})
        QTest::mouseClick(m_canvas.get(), Qt::LeftButton, {}, pixel(corner));
    QCOMPARE(m_editor->voxels(1), 81);
}

void tst_EditTools::polygonIsDroppedByEscape()
{
    auto *polygon = static_cast<PolygonTool *>(tool("filledPolygon"));
    for (const Vec3 &corner : {at(-4, -4), at(4, -4), at(4, 4)})
        QTest::mouseClick(m_canvas.get(), Qt::LeftButton, {}, pixel(corner));
    QCOMPARE(polygon->corners(), 3U);
    QTest::keyClick(m_canvas.get(), Qt::Key_Escape);
    QCOMPARE(polygon->corners(), 0U);
    QTest::keyClick(m_canvas.get(), Qt::Key_Return);
    QCOMPARE(m_editor->voxels(1), 0);
    QVERIFY(!m_editor->canUndo());
}

void tst_EditTools::polygonStaysOnItsSlice()
{
    tool("filledPolygon");
    QSignalSpy refused(m_tools.get(), &EditTools::refused);
    for (const Vec3 &corner : {at(-4.5, -4.5), at(4.5, -4.5), at(4.5, 4.5)})
        QTest::mouseClick(m_canvas.get(), Qt::LeftButton, {}, pixel(corner));
    m_canvas->setCursorPosition(at(0, 0, 5));
    QTest::mouseClick(m_canvas.get(), Qt::LeftButton, {}, pixel(at(-4, 4)));
    QCOMPARE(refused.count(), 1);
    QTest::keyClick(m_canvas.get(), Qt::Key_Return);
    QVERIFY(m_editor->voxels(1) > 30);
    QCOMPARE(labelAt(at(2, 0, 0)), 1);
    QCOMPARE(labelAt(at(2, 0, 5)), 0);
}

void tst_EditTools::clickGrowsARegion()
{
    tool("regionGrow");
    m_tools->settings().setGrowLimits({50, 150, 100, 100000});
    QSignalSpy changed(m_editor.get(), &LabelEditor::changed);
    QSignalSpy found(m_tools.get(), &EditTools::regionFound);
    QTest::mouseClick(m_canvas.get(), Qt::LeftButton, {}, pixel(at(1, 1)));
    QVERIFY(changed.wait());
    test::overGrid(m_grid, [&](int i, int j, int k, const Vec3 &at) {
        QCOMPARE(m_editor->labels()->at(i, j, k), std::hypot(at[0], at[1], at[2]) <= 5 ? 1 : 0);
    });
    QCOMPARE(found[0][0].toLongLong(), m_editor->voxels(1));
    QCOMPARE(m_editor->undoText(), QStringLiteral("Region grow"));
    // Outside the range nothing is grown, and that is said.
    QSignalSpy refused(m_tools.get(), &EditTools::refused);
    QTest::mouseClick(m_canvas.get(), Qt::LeftButton, {}, pixel(at(15, 15)));
    QVERIFY(refused.wait());
    QCOMPARE(m_editor->steps().size(), 1U);
}

void tst_EditTools::heldRegionIsOnlyShown()
{
    tool("regionGrow");
    m_tools->settings().setGrowLimits({50, 150, 100, 100000});
    QSignalSpy found(m_tools.get(), &EditTools::regionFound);
    QTest::mousePress(m_canvas.get(), Qt::LeftButton, {}, pixel(at(0, 0)));
    QVERIFY(found.wait());
    QCOMPARE(m_editor->voxels(1), 0);
    m_canvas->grab(); // drawn without a fault
    QTest::keyClick(m_canvas.get(), Qt::Key_Escape);
    QTest::mouseRelease(m_canvas.get(), Qt::LeftButton, {}, pixel(at(0, 0)));
    QCOMPARE(m_editor->voxels(1), 0);
    QTest::mousePress(m_canvas.get(), Qt::LeftButton, {}, pixel(at(0, 0)));
    QVERIFY(found.wait());
    QTest::mouseRelease(m_canvas.get(), Qt::LeftButton, {}, pixel(at(0, 0)));
    QCOMPARE(m_editor->voxels(1), found[1][0].toLongLong());
}

void tst_EditTools::clickRemovesOnePiece()
{
    m_editor->setLabelList(
        {{QStringLiteral("Background"), {}}, {QStringLiteral("Lesion"), {}}, {QStringLiteral("Other"), {}}});
    const auto ball = [&](const Vec3 &centre, int label) {
        m_editor->setActiveLabel(label);
        return m_editor->apply(QStringLiteral("Sphere"), ballAlong(m_grid, centre, centre, 3),
                               LabelEditor::Paint::Active, false);
    };
    const auto one = ball(at(-10, 0), 1), other = ball(at(10, 0), 1);
    // A third hangs on the first by a corner alone, and is a piece of it; another label beside it is not.
    const Vec3 index = m_grid.toIndex(at(-10, 0));
    const imaging::Index3 middle{int(std::lround(index[0])), int(std::lround(index[1])), int(std::lround(index[2]))};
    VoxelSet corner;
    corner.add({middle[0] + 2, middle[1] + 3, middle[2] + 1}); // (1, 2, 1) + (1, 1, 0)
    m_editor->setActiveLabel(1);
    QCOMPARE(m_editor->apply(QStringLiteral("Brush"), corner, LabelEditor::Paint::Active, false), 1);
    const auto beside = ball(at(-10, 7), 2);
    const auto before = m_editor->voxels(1);
    QCOMPARE(before, one + other + 1);

    tool("removePiece");
    QSignalSpy changed(m_editor.get(), &LabelEditor::changed), refused(m_tools.get(), &EditTools::refused);
    QTest::mouseClick(m_canvas.get(), Qt::LeftButton, {}, pixel(at(-10, 1)));
    QVERIFY(changed.wait());
    QCOMPARE(m_editor->voxels(1), other);
    QCOMPARE(m_editor->voxels(2), beside);
    QCOMPARE(m_editor->undoText(), QStringLiteral("Remove piece"));
    // A locked one stays, and the background has none: both are said.
    m_editor->setLocked(1, true);
    QTest::mouseClick(m_canvas.get(), Qt::LeftButton, {}, pixel(at(10, 0)));
    QVERIFY(refused.wait());
    QCOMPARE(m_editor->voxels(1), other);
    QTest::mouseClick(m_canvas.get(), Qt::LeftButton, {}, pixel(at(0, -15)));
    QVERIFY(refused.wait());
    QCOMPARE(refused.count(), 2);
}

void tst_EditTools::penPressureScalesTheBrush()
{
    CanvasTool *brush = tool("brush");
    m_tools->settings().setDiameterMm(12);
    const auto dab = [&](double pressure) {
        const CanvasPointer pointer{m_canvas->toPixel(at(0, 0)), at(0, 0), Qt::NoModifier, pressure};
        brush->press(*m_canvas, pointer);
        brush->release(*m_canvas, pointer);
        const auto voxels = m_editor->voxels(1);
        m_editor->undo();
        return voxels;
    };
    const auto whole = dab(0.5);
    QCOMPARE(whole, dab(1)); // not asked to heed it
    m_tools->settings().setUsesPressure(true);
    QCOMPARE(dab(1), whole);
    QVERIFY(std::abs(double(dab(0.5)) / double(whole) - 0.25) < 0.06); // half the radius, a quarter of the disc
    QVERIFY(dab(0) >= 1);
}

void tst_EditTools::aStormOfEventsIsUndoneExactly()
{
    const auto first = m_editor->labels()->values;
    m_tools->settings().setGrowLimits({50, 150, 8, 500});
    std::mt19937 random(11);
    const auto below = [&](unsigned limit) { return int(random() % limit); };
    const auto place = [&] { return QPoint(below(480), below(480)); };
    const Qt::KeyboardModifiers modifiers[] = {Qt::NoModifier, Qt::NoModifier, Qt::ControlModifier, Qt::ShiftModifier};
    const Qt::MouseButton buttons[] = {Qt::LeftButton, Qt::LeftButton, Qt::LeftButton, Qt::RightButton,
                                       Qt::MiddleButton};
    const Qt::Key keys[] = {Qt::Key_Escape, Qt::Key_Return, Qt::Key_Backspace, Qt::Key_Up, Qt::Key_Down, Qt::Key_Plus};
    const std::size_t count = m_tools->tools().size();
    for (int n = 0; n < 3000; ++n) {
        const auto modifier = modifiers[below(4)];
        const auto button = buttons[below(5)];
        switch (below(12)) {
        case 0: {
            // Another tool is taken up, as a tool bar does it.
            for (const ToolEntry &entry : m_tools->tools())
                entry.tool->cancel();
            m_canvas->setTool(m_tools->tools()[random() % count].tool);
            break;
        }
        case 1: QTest::keyClick(m_canvas.get(), keys[below(6)], modifier); break;
        case 2: m_editor->undo(); break;
        case 3: m_editor->redo(); break;
        case 4: m_tools->growBrush(); break;
        case 5: m_tools->shrinkBrush(); break;
        case 6: QTest::mousePress(m_canvas.get(), button, modifier, place()); break;
        case 7: QTest::mouseRelease(m_canvas.get(), button, modifier, place()); break;
        case 8: {
            const QPointF to(place());
            QMouseEvent event(QEvent::MouseButtonDblClick, to, m_canvas->mapToGlobal(to), button, button, modifier);
            QApplication::sendEvent(m_canvas.get(), &event);
            break;
        }
        case 9:
            m_editor->setThreshold(below(2) ? std::optional(ValueInterval{0, 50}) : std::nullopt);
            QCoreApplication::sendPostedEvents(); // regions that were found arrive
            break;
        default: move(place(), below(2) ? Qt::LeftButton : Qt::NoButton, modifier);
        }
    }
    for (const ToolEntry &entry : m_tools->tools())
        entry.tool->cancel();
    QVERIFY(!m_editor->isStroking());
    QVERIFY(m_editor->labels()->values == m_editor->runs().expanded().values);
    QVERIFY(m_editor->canUndo() || m_editor->canRedo());
    while (m_editor->canUndo())
        m_editor->undo();
    QVERIFY(m_editor->labels()->values == first);
    QCOMPARE(m_editor->voxels(0), m_grid.voxels());
}

void tst_EditTools::withoutAnEditTheCrosshairMoves()
{
    m_editor->close();
    for (const char *id : {"brush", "eraser", "sphere", "filledPolygon", "regionGrow", "removePiece"}) {
        tool(id);
        QSignalSpy refused(m_tools.get(), &EditTools::refused);
        QSignalSpy cursor(m_canvas.get(), &SliceCanvas::cursorMoved);
        stroke(at(3, 3), at(5, 5));
        QCOMPARE(refused.count(), 1);
        QVERIFY(cursor.count() >= 1);
        m_canvas->grab();
    }
}

void tst_EditTools::lockedLabelsSayWhy()
{
    tool("brush");
    m_editor->setLocked(1, true);
    QSignalSpy refused(m_tools.get(), &EditTools::refused);
    stroke(at(0, 0), at(2, 2));
    QCOMPARE(m_editor->voxels(1), 0);
    QCOMPARE(refused.count(), 1);
    QVERIFY(refused[0][0].toString().contains(QStringLiteral("Lesion is locked")));
}

void tst_EditTools::brushKeysStepThroughSizes()
{
    m_tools->settings().setDiameterMm(6);
    m_tools->growBrush();
    QVERIFY(m_tools->settings().diameterMm() > 6);
    m_tools->shrinkBrush();
    QCOMPARE(m_tools->settings().diameterMm(), 6.0);
    for (int n = 0; n < 100; ++n)
        m_tools->growBrush();
    QCOMPARE(m_tools->settings().diameterMm(), EditSettings::kLargestDiameter);
    for (int n = 0; n < 100; ++n)
        m_tools->shrinkBrush();
    QCOMPARE(m_tools->settings().diameterMm(), EditSettings::kSmallestDiameter);
}

void tst_EditTools::theOutlineIsAsWideAsTheBrush()
{
    tool("brush");
    m_tools->settings().setDiameterMm(20);
    const QImage before = m_canvas->grab().toImage();
    move(pixel(at(0, 0)), Qt::NoButton);
    const QImage hovered = m_canvas->grab().toImage();
    const QPointF centre = m_canvas->toPixel(at(0, 0));
    const double radius = 10 * m_canvas->pixelsPerMm();
    // Off the crosshair's lines: at 45 degrees.
    const auto differs = [&](double away) {
        const double step = away / std::numbers::sqrt2;
        const QPoint place = (centre + QPointF(step, step)).toPoint();
        return before.pixel(place) != hovered.pixel(place);
    };
    QVERIFY(differs(radius));
    QVERIFY(!differs(radius - 5));
    QVERIFY(!differs(radius + 5));
    QEvent leave(QEvent::Leave);
    QApplication::sendEvent(m_canvas.get(), &leave);
    QCOMPARE(m_canvas->grab().toImage(), before);
}

QTEST_MAIN(tst_EditTools)
#include "tst_edit_tools.moc"
