// SPDX-License-Identifier: GPL-3.0-or-later
#include "support/real_data.h"
#include "surface_fixtures.h"
#include "viewer/surfaces/oblique_canvas.h"
#include "viewer/surfaces/scene_widget.h"
#include "viewer/surfaces/surface_view.h"

#include <QAction>
#include <QElapsedTimer>
#include <QLabel>
#include <QSignalSpy>
#include <QSlider>
#include <QToolButton>
#include <QtTest>
#include <cstdio>

using namespace consilium;
using namespace consilium::viewer;
using imaging::Vec3;

class tst_SurfaceView : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void theBallIsOnTheRightOfAFrontView_data();
    void theBallIsOnTheRightOfAFrontView();
    void aBrightVoxelIsProjectedToItsPlace_data();
    void aBrightVoxelIsProjectedToItsPlace();
    void theThresholdHidesWhatIsDarker();
    void aClickMovesTheCursorToWhatItMeets_data();
    void aClickMovesTheCursorToWhatItMeets();
    void thePlaneStandsInThePatient();
    void draggingThePlaneTurnsIt();
    void escapeTakesADragBack();
    void onlyWhatIsShownIsDrawn();
    void withoutSegmentationsTheImageIsShown();
    void theNextCaseReplacesTheLast();
    void anotherShapeDoesNotStretchThePicture();
    void theWindowIsNotKeptWaiting_data();
    void theWindowIsNotKeptWaiting();
    void everyModeOfARealHead();

private:
    void show(const std::shared_ptr<const LoadedCase> &shown, SceneMode mode)
    {
        m_view->setMode(mode);
        m_view->setCase(shown);
        m_view->setShown(shown->opened.reference ? std::vector<int>{kReference} : std::vector<int>{});
        m_view->setWindow({0, 1000});
        QTRY_VERIFY_WITH_TIMEOUT(scene() && scene()->isAtRest(), 20000);
    }
    SceneWidget *scene() { return m_view->findChild<SceneWidget *>(QStringLiteral("review.surfaceCanvas")); }
    void settle() { QTRY_VERIFY_WITH_TIMEOUT(scene()->isAtRest(), 20000); }
    QPointF pixelOf(const Vec3 &patient) { return scene()->state().camera.toPixel(patient, scene()->size()); }
    int greyAt(const Vec3 &patient)
    {
        const QImage &picture = scene()->picture();
        const QPointF at = pixelOf(patient);
        return qGray(picture.pixel(int(at.x() * picture.width() / scene()->width()),
                                   int(at.y() * picture.height() / scene()->height())));
    }

    std::unique_ptr<SurfaceView> m_view;
};

void tst_SurfaceView::init()
{
    if (!SceneThread::isPossible())
        QSKIP("Needs a screen");
    m_view = std::make_unique<SurfaceView>();
    m_view->setTheme(test::testTheme());
    m_view->resize(500, 480);
    m_view->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_view.get()));
}

void tst_SurfaceView::theBallIsOnTheRightOfAFrontView_data()
{
    QTest::addColumn<int>("mode");
    QTest::addColumn<QString>("letters");
    for (const char *letters : {"LPS", "RAS", "LAS"}) {
        QTest::addRow("surfaces %s", letters) << int(SceneMode::Surfaces) << letters;
        QTest::addRow("mip %s", letters) << int(SceneMode::Mip) << letters;
        QTest::addRow("volume %s", letters) << int(SceneMode::Volume) << letters;
    }
}

// The patient faces the viewer: his left is on the right. The ball is 40 mm from the middle.
void tst_SurfaceView::theBallIsOnTheRightOfAFrontView()
{
    QFETCH(int, mode);
    QFETCH(QString, letters);
    show(test::headWithBall(true, letters.toStdString()), SceneMode(mode));
    const QImage &picture = scene()->picture();
    QCOMPARE(picture.size(), scene()->size());
    double x = 0, y = 0;
    int count = 0;
    for (int row = 0; row < picture.height(); ++row)
        for (int column = 0; column < picture.width(); ++column)
            if (qGray(picture.pixel(column, row)) > 140) {
                x += column;
                y += row;
                ++count;
            }
    QVERIFY(count > 50);
    const double mm = scene()->state().camera.mmPerPixel(scene()->size());
    QVERIFY2(std::abs((x / count - picture.width() / 2.0) * mm - 40) < 3, qPrintable(QString::number(x / count)));
    QVERIFY2(std::abs(y / count - picture.height() / 2.0) * mm < 3, qPrintable(QString::number(y / count)));
}

void tst_SurfaceView::aBrightVoxelIsProjectedToItsPlace_data()
{
    QTest::addColumn<int>("side");
    QTest::newRow("from the front") << int(ViewFrom::Front);
    QTest::newRow("from the left") << int(ViewFrom::Left);
    QTest::newRow("from the top") << int(ViewFrom::Top);
}

void tst_SurfaceView::aBrightVoxelIsProjectedToItsPlace()
{
    QFETCH(int, side);
    auto image = std::make_shared<imaging::Volume>();
    image->geometry = test::gridOf("PIR", {60, 50, 40}, {2, 2, 3});
    image->values.assign(std::size_t(image->geometry.voxels()), 20.0f);
    image->values[std::size_t(image->geometry.offset(50, 10, 7))] = 1000;
    const Vec3 bright = image->geometry.toPatient({50, 10, 7});
    auto made = std::make_shared<LoadedCase>();
    made->opened.channels.push_back({"MR", image, {20, 1000, 20, 1000}});
    show(made, SceneMode::Mip);
    m_view->lookFrom(ViewFrom(side));
    settle();
    const QImage &picture = scene()->picture();
    QPoint best;
    for (int row = 0; row < picture.height(); ++row)
        for (int column = 0; column < picture.width(); ++column)
            if (qGray(picture.pixel(column, row)) > qGray(picture.pixel(best)))
                best = {column, row};
    QVERIFY(qGray(picture.pixel(best)) > 150);
    const QPointF expected = pixelOf(bright);
    const double mm = scene()->state().camera.mmPerPixel(scene()->size());
    QVERIFY2(
        std::hypot(best.x() + 0.5 - expected.x(), best.y() + 0.5 - expected.y()) * mm < 2.5,
        qPrintable(QStringLiteral("%1 %2 for %3 %4").arg(best.x()).arg(best.y()).arg(expected.x()).arg(expected.y())));
}

void tst_SurfaceView::theThresholdHidesWhatIsDarker()
{
    show(test::headWithBall(false), SceneMode::Volume);
    QVERIFY(greyAt({-40, -40, 0}) > 20); // the head, 300 of 1000, is above a fifth
    m_view->findChild<QSlider *>(QStringLiteral("review.surface.threshold"))->setValue(50);
    settle();
    QCOMPARE(greyAt({-40, -40, 0}), 0);
    QVERIFY(greyAt(test::kBall) > 60);
}

void tst_SurfaceView::aClickMovesTheCursorToWhatItMeets_data()
{
    QTest::addColumn<int>("mode");
    QTest::addColumn<double>("nearMm");
    // The ball's front is 8 mm before its middle; the brightest voxel of a ray may be any in it.
    QTest::newRow("surfaces") << int(SceneMode::Surfaces) << 1.5;
    QTest::newRow("mip") << int(SceneMode::Mip) << 1.5;
    QTest::newRow("volume") << int(SceneMode::Volume) << 1.5;
}

void tst_SurfaceView::aClickMovesTheCursorToWhatItMeets()
{
    QFETCH(int, mode);
    QFETCH(double, nearMm);
    show(test::headWithBall(), SceneMode(mode));
    QSignalSpy moved(m_view.get(), &SurfaceView::cursorMoved);
    QTest::mouseClick(scene(), Qt::LeftButton, {}, pixelOf(test::kBall).toPoint());
    QCOMPARE(moved.count(), 1);
    const auto at = moved[0][0].value<Vec3>();
    QVERIFY2(test::distance(at, {40, -8, 0}) < nearMm,
             qPrintable(QStringLiteral("%1 %2 %3").arg(at[0]).arg(at[1]).arg(at[2])));
    QTest::mouseClick(scene(), Qt::LeftButton, {}, {3, 60}); // beside the head
    QCOMPARE(moved.count(), 1);
}

// The axial plane through the ball seen from above: the ball on the patient's left, white, the head grey.
void tst_SurfaceView::thePlaneStandsInThePatient()
{
    show(test::headWithBall(), SceneMode::Oblique);
    m_view->setShown({});
    m_view->setCursorPosition({0, 30, 0});
    auto *canvas = m_view->findChild<ObliqueCanvas *>(QStringLiteral("review.surface.oblique"));
    canvas->lay(Plane::Axial);
    scene()->lookFrom(ViewFrom::Top);
    QTest::qWait(100); // the cursor rests
    settle();
    QVERIFY(canvas->isVisible());
    QVERIFY(std::abs(greyAt({40, 0, 0}) - 255) < 12);
    QVERIFY(std::abs(greyAt({-40, 0, 0}) - 77) < 12);
    // Seen along the plane there is nothing of it before the far wall of the head.
    scene()->lookFrom(ViewFrom::Front);
    settle();
    QVERIFY(greyAt({-40, 0, 30}) < 60);
}

void tst_SurfaceView::draggingThePlaneTurnsIt()
{
    show(test::headWithBall(), SceneMode::Oblique);
    auto *canvas = m_view->findChild<ObliqueCanvas *>(QStringLiteral("review.surface.oblique"));
    m_view->setCursorPosition({0, 0, 0});
    canvas->lay(Plane::Coronal);
    scene()->lookFrom(ViewFrom::Front);
    settle();
    const SceneCamera before = scene()->state().camera;
    const QPoint from = pixelOf({-20, 0, -20}).toPoint();
    QTest::mousePress(scene(), Qt::LeftButton, {}, from);
    QTest::mouseMove(scene(), from + QPoint(40, 0));
    QTest::mouseRelease(scene(), Qt::LeftButton, {}, from + QPoint(40, 0));
    QCOMPARE(scene()->state().camera, before);
    QVERIFY(std::abs(tiltOf(canvas->plane()).degrees - 20) < 0.01); // half a degree a pixel
    // Beside the head the same drag turns the scene.
    const QPoint aside = pixelOf({-78, 0, 78}).toPoint();
    QTest::mousePress(scene(), Qt::LeftButton, {}, aside);
    QTest::mouseMove(scene(), aside + QPoint(40, 0));
    QTest::mouseRelease(scene(), Qt::LeftButton, {}, aside + QPoint(40, 0));
    QVERIFY(scene()->state().camera != before);
    QVERIFY(std::abs(tiltOf(canvas->plane()).degrees - 20) < 0.01);
}

void tst_SurfaceView::escapeTakesADragBack()
{
    show(test::headWithBall(), SceneMode::Surfaces);
    const SceneCamera before = scene()->state().camera;
    QTest::mousePress(scene(), Qt::LeftButton, {}, {200, 200});
    QTest::mouseMove(scene(), {260, 230});
    QVERIFY(scene()->state().camera != before);
    QTest::keyClick(scene(), Qt::Key_Escape);
    QCOMPARE(scene()->state().camera, before);
    QTest::mouseRelease(scene(), Qt::LeftButton, {}, {260, 230});
    QCOMPARE(scene()->state().camera, before);
    QTest::keyClick(scene(), Qt::Key_L);
    QCOMPARE(scene()->state().camera.ahead, (Vec3{-1, 0, 0}));
}

void tst_SurfaceView::onlyWhatIsShownIsDrawn()
{
    show(test::headWithBall(), SceneMode::Surfaces);
    QVERIFY(greyAt(test::kBall) > 140);
    m_view->setOverlayVisible(false);
    settle();
    QVERIFY(greyAt(test::kBall) < 60);
    m_view->setOverlayVisible(true);
    settle();
    QVERIFY(greyAt(test::kBall) > 140);
    m_view->setShown({});
    settle();
    QVERIFY(greyAt(test::kBall) < 60);
    m_view->setMode(SceneMode::Mip);
    m_view->setWindow({0, 4000}); // dark enough for the overlay to tell
    settle();
    const auto white = [&] {
        const QImage &picture = scene()->picture();
        int count = 0;
        for (int y = 0; y < picture.height(); ++y)
            for (int x = 0; x < picture.width(); ++x)
                count += qGray(picture.pixel(x, y)) > 200;
        return count;
    };
    QCOMPARE(white(), 0);
    m_view->setShown({kReference});
    settle();
    // An outline of about the ball's circumference.
    const double around = 2 * 3.14159 * 8 / scene()->state().camera.mmPerPixel(scene()->size());
    QVERIFY2(white() > 0.6 * around && white() < 2 * around, qPrintable(QString::number(white())));
}

void tst_SurfaceView::withoutSegmentationsTheImageIsShown()
{
    m_view->setCase(test::headWithBall(false));
    auto *message = m_view->findChild<QLabel *>(QStringLiteral("review.surfaceMessage"));
    QVERIFY(message->isVisible());
    QVERIFY(message->text().contains(QStringLiteral("Nothing is segmented")));
    QVERIFY(!scene()); // nothing of OpenGL is touched for that
    QSignalSpy ready(m_view.get(), &SurfaceView::ready);
    m_view->findChild<QToolButton *>(QStringLiteral("review.surface.mode.mip"))->click();
    QTRY_COMPARE_WITH_TIMEOUT(ready.count(), 1, 20000);
    QVERIFY(scene()->isVisible());
    m_view->setMode(SceneMode::Surfaces);
    QVERIFY(message->isVisible());
}

void tst_SurfaceView::theNextCaseReplacesTheLast()
{
    show(test::headWithBall(true), SceneMode::Mip);
    QVERIFY(greyAt(test::kBall) > 200);
    auto other = std::make_shared<LoadedCase>(*test::headWithBall(false));
    auto dim = std::make_shared<imaging::Volume>(*other->opened.channels[0].volume);
    for (float &value : dim->values)
        value = std::min(value, 300.0f);
    other->opened.channels[0].volume = dim;
    show(other, SceneMode::Mip);
    QVERIFY(std::abs(greyAt(test::kBall) - 77) < 5);
    m_view->setCase(nullptr);
    QVERIFY(!m_view->isReady());
}

// A ball stays round when the view becomes wider and the camera stays.
void tst_SurfaceView::anotherShapeDoesNotStretchThePicture()
{
    show(test::headWithBall(false), SceneMode::Mip);
    const SceneCamera before = scene()->state().camera;
    m_view->resize(700, 480);
    QTRY_COMPARE(scene()->width(), 700);
    settle();
    QCOMPARE(scene()->state().camera, before);
    const QImage &picture = scene()->picture();
    QRect head;
    for (int y = 0; y < picture.height(); ++y)
        for (int x = 0; x < picture.width(); ++x)
            if (qGray(picture.pixel(x, y)) > 40)
                head |= QRect(x, y, 1, 1);
    QVERIFY2(std::abs(head.width() - head.height()) < 0.03 * head.height(),
             qPrintable(QStringLiteral("%1 x %2").arg(head.width()).arg(head.height())));
}

// While a large volume is turned, the window's thread is asked for nothing long: the longest gap between two turns of
// its event loop is printed, and one of half a second would be a wait for a picture.
void tst_SurfaceView::theWindowIsNotKeptWaiting_data()
{
    QTest::addColumn<int>("mode");
    QTest::newRow("surfaces") << int(SceneMode::Surfaces);
    QTest::newRow("maximum intensity") << int(SceneMode::Mip);
    QTest::newRow("volume") << int(SceneMode::Volume);
    QTest::newRow("oblique") << int(SceneMode::Oblique);
}

void tst_SurfaceView::theWindowIsNotKeptWaiting()
{
    QFETCH(int, mode);
    CONSILIUM_REAL_DATA(folder, "ms-lesions/case-19");
    auto opened = reviewCaseFromFiles({folder / "flair.nii.gz", folder / "lesions.nii.gz"});
    QVERIFY(opened);
    auto made = std::make_shared<LoadedCase>();
    made->opened = std::move(*opened);
    m_view->setMode(SceneMode(mode));
    m_view->setCase(made);
    m_view->setShown({kReference});
    QElapsedTimer gap;
    qint64 longest = 0;
    QTimer pulse;
    pulse.setInterval(0);
    connect(&pulse, &QTimer::timeout, this, [&] { longest = std::max(longest, gap.restart()); });
    gap.start();
    pulse.start();
    QTRY_VERIFY_WITH_TIMEOUT(scene() && scene()->isAtRest(), 30000);
    const qint64 opening = longest;
    longest = 0;
    int pictures = 0;
    connect(scene(), &SceneWidget::pictureChanged, this, [&] { ++pictures; });
    QElapsedTimer clock;
    clock.start();
    QWidget *turned = scene();
    if (SceneMode(mode) == SceneMode::Oblique)
        turned = m_view->findChild<ObliqueCanvas *>(QStringLiteral("review.surface.oblique"));
    QTest::mousePress(turned, Qt::LeftButton, {}, {100, 200});
    for (int step = 0; clock.elapsed() < 2000; ++step) {
        QTest::mouseMove(turned, {100 + 60 * (step % 2), 200 + step % 50});
        QTest::qWait(10);
    }
    std::printf(
        "%s, turning: longest stop of the window's thread %lld ms (%lld ms while opening), %.1f pictures of the "
        "scene a second\n",
        QTest::currentDataTag(), static_cast<long long>(longest), static_cast<long long>(opening), pictures / 2.0);
    std::fflush(stdout);
    QTest::mouseRelease(turned, Qt::LeftButton, {}, {100, 200});
    QVERIFY(longest < 500);
}

// Pictures of a real head in every mode, saved where CONSILIUM_PICTURES says, to be looked at.
void tst_SurfaceView::everyModeOfARealHead()
{
    CONSILIUM_REAL_DATA(folder, "ms-lesions/case-19");
    auto opened = reviewCaseFromFiles({folder / "flair.nii.gz", folder / "lesions.nii.gz"});
    QVERIFY(opened);
    auto made = std::make_shared<LoadedCase>();
    made->opened = std::move(*opened);
    m_view->resize(720, 560);
    m_view->setCase(made);
    m_view->setShown({kReference});
    m_view->setCursorPosition({30, 10, 20});
    const QString pictures = qEnvironmentVariable("CONSILIUM_PICTURES");
    const std::pair<SceneMode, const char *> modes[] = {{SceneMode::Surfaces, "surfaces"},
                                                        {SceneMode::Mip, "mip"},
                                                        {SceneMode::Volume, "volume"},
                                                        {SceneMode::Oblique, "oblique"}};
    for (const auto &[mode, name] : modes) {
        m_view->setMode(mode);
        QTRY_VERIFY_WITH_TIMEOUT(m_view->isReady() && scene()->isAtRest(), 30000);
        if (mode == SceneMode::Oblique) {
            auto *canvas = m_view->findChild<ObliqueCanvas *>(QStringLiteral("review.surface.oblique"));
            canvas->setPlane(obliquePlane(Plane::Axial, {}).turnedBy(0.5, 0.35));
            scene()->lookFrom(ViewFrom::Front);
            QTest::keyClick(scene(), Qt::Key_Down);
            QTest::keyClick(scene(), Qt::Key_Right);
            settle();
        } else if (mode == SceneMode::Volume) {
            QTest::keyClick(scene(), Qt::Key_Down);
            QTest::keyClick(scene(), Qt::Key_Right);
            QTest::keyClick(scene(), Qt::Key_Right);
            settle();
        }
        if (!pictures.isEmpty())
            QVERIFY(m_view->grab().save(QStringLiteral("%1/%2.png").arg(pictures, QLatin1String(name))));
    }
}

QTEST_MAIN(tst_SurfaceView)
#include "tst_surface_view.moc"
