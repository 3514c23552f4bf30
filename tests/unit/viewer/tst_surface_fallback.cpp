// SPDX-License-Identifier: GPL-3.0-or-later
#include "surface_fixtures.h"
#include "viewer/surfaces/oblique_canvas.h"
#include "viewer/surfaces/surface_view.h"

#include <QFile>
#include <QLabel>
#include <QSignalSpy>
#include <QSlider>
#include <QToolButton>
#include <QtTest>

using namespace consilium;
using namespace consilium::viewer;
using imaging::Vec3;

/// The 3D view on a screen without OpenGL: it says so, touches nothing, and what needs no OpenGL works.
class tst_SurfaceFallback : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void saysThatThereIsNoOpenGl();
    void theObliquePictureWorksWithout();
    void aClickMovesTheCursor();
    void aDragTurnsAndEscapeTakesItBack();
    void keysTurnAndLay();
    void theRightSideOfThePatientIsOnTheLeft();
    void everyControlIsNamedAndReached();

private:
    template <typename Widget>
    Widget *find(const char *name)
    {
        return m_view->findChild<Widget *>(QLatin1String(name));
    }

    std::unique_ptr<SurfaceView> m_view;
};

void tst_SurfaceFallback::initTestCase()
{
    if (QGuiApplication::platformName() != QLatin1String("offscreen"))
        QSKIP("Needs the platform without a screen");
    m_view = std::make_unique<SurfaceView>();
    m_view->setTheme(test::testTheme());
    m_view->resize(480, 500);
    m_view->setCase(test::headWithBall());
    m_view->setShown({kReference});
    m_view->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_view.get()));
}

void tst_SurfaceFallback::saysThatThereIsNoOpenGl()
{
    auto *message = find<QLabel>("review.surfaceMessage");
    QVERIFY(message->isVisible());
    QVERIFY(message->text().contains(QStringLiteral("OpenGL")));
    QVERIFY(!find<QWidget>("review.surfaceCanvas"));
    find<QToolButton>("review.surface.mode.mip")->click();
    QVERIFY(message->isVisible() && message->text().contains(QStringLiteral("OpenGL")));
    QVERIFY(!m_view->isReady());
    QFile maps(QStringLiteral("/proc/self/maps"));
    QVERIFY(maps.open(QIODevice::ReadOnly));
    QVERIFY(!maps.readAll().contains("libvtk"));
}

void tst_SurfaceFallback::theObliquePictureWorksWithout()
{
    find<QToolButton>("review.surface.mode.oblique")->click();
    QCOMPARE(m_view->mode(), SceneMode::Oblique);
    auto *canvas = find<ObliqueCanvas>("review.surface.oblique");
    QVERIFY(canvas->isVisible());
    QVERIFY(!find<QLabel>("review.surfaceMessage")->isVisible());
    QVERIFY(canvas->width() > 400); // all the room is its own
}

void tst_SurfaceFallback::aClickMovesTheCursor()
{
    auto *canvas = find<ObliqueCanvas>("review.surface.oblique");
    m_view->setCursorPosition({0, 0, 4});
    canvas->lay(Plane::Axial);
    QSignalSpy moved(m_view.get(), &SurfaceView::cursorMoved);
    const QPoint pixel = canvas->toPixel({20, -30, 4}).toPoint();
    QTest::mouseClick(canvas, Qt::LeftButton, {}, pixel);
    QCOMPARE(moved.count(), 1);
    const auto at = moved[0][0].value<Vec3>();
    QVERIFY2(test::distance(at, {20, -30, 4}) < canvas->mmPerPixel(), qPrintable(QString::number(at[0])));
}

void tst_SurfaceFallback::aDragTurnsAndEscapeTakesItBack()
{
    auto *canvas = find<ObliqueCanvas>("review.surface.oblique");
    canvas->lay(Plane::Axial);
    const ObliquePlane before = canvas->plane();
    QTest::mousePress(canvas, Qt::LeftButton, {}, {100, 100});
    QTest::mouseMove(canvas, {200, 100});
    const double tilt = tiltOf(canvas->plane()).degrees;
    QVERIFY2(std::abs(tilt - 30) < 0.01, qPrintable(QString::number(tilt))); // 0.3 degrees a pixel
    QCOMPARE(QString::fromStdString(edgesOf(canvas->plane()).right), QStringLiteral("LI"));
    QTest::keyClick(canvas, Qt::Key_Escape);
    QCOMPARE(canvas->plane(), before);
    QTest::mouseMove(canvas, {250, 100}); // the drag is over, whatever the button does
    QCOMPARE(canvas->plane(), before);
    QTest::mouseRelease(canvas, Qt::LeftButton, {}, {250, 100});
    QCOMPARE(canvas->plane(), before);
}

void tst_SurfaceFallback::keysTurnAndLay()
{
    auto *canvas = find<ObliqueCanvas>("review.surface.oblique");
    canvas->setFocus();
    QTest::keyClick(canvas, Qt::Key_T);
    for (int i = 0; i < 6; ++i)
        QTest::keyClick(canvas, Qt::Key_Down);
    QVERIFY(std::abs(tiltOf(canvas->plane()).degrees - 30) < 1e-6);
    QTest::keyClick(canvas, Qt::Key_L);
    QCOMPARE(tiltOf(canvas->plane()).from, Plane::Sagittal);
    QTest::keyClick(canvas, Qt::Key_F);
    QCOMPARE(tiltOf(canvas->plane()).from, Plane::Coronal);
    QVERIFY(tiltOf(canvas->plane()).degrees < 1e-6);
}

void tst_SurfaceFallback::theRightSideOfThePatientIsOnTheLeft()
{
    auto *canvas = find<ObliqueCanvas>("review.surface.oblique");
    m_view->setCursorPosition({0, 0, 0});
    canvas->lay(Plane::Coronal);
    m_view->setShown({});
    const QImage picture = canvas->grab().toImage();
    // The window is 0 to 1000, the head 300, the ball 1000.
    const auto grey = [&](const Vec3 &at) { return qGray(picture.pixel(canvas->toPixel(at).toPoint())); };
    QVERIFY(canvas->toPixel(test::kBall).x() > canvas->width() / 2.0);
    QVERIFY(std::abs(grey({42, 0, 2}) - 255) <= 1);
    QVERIFY(std::abs(grey({-42, 0, 2}) - 0.3 * 255) <= 1.5);
    QCOMPARE(grey({-74, 0, 74}), 0);
}

void tst_SurfaceFallback::everyControlIsNamedAndReached()
{
    for (const char *name :
         {"review.surface.mode.surfaces", "review.surface.mode.mip", "review.surface.mode.volume",
          "review.surface.mode.oblique", "review.surface.view", "review.surface.threshold", "review.surface.oblique"}) {
        auto *control = find<QWidget>(name);
        QVERIFY2(control, name);
        QVERIFY2(!control->accessibleName().isEmpty(), name);
        QVERIFY2(control->focusPolicy() & Qt::TabFocus, name);
    }
    find<QToolButton>("review.surface.mode.volume")->setFocus();
    QTest::keyClick(find<QToolButton>("review.surface.mode.volume"), Qt::Key_Space);
    QCOMPARE(m_view->mode(), SceneMode::Volume);
    QVERIFY(find<QSlider>("review.surface.threshold")->isVisible());
}

QTEST_MAIN(tst_SurfaceFallback)
#include "tst_surface_fallback.moc"
