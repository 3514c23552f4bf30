// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/nifti.h"
#include "support/real_data.h"
#include "viewer/review_view.h"
#include "viewer/surfaces/surface_view.h"
#include "viewer_fixtures.h"

#include <QComboBox>
#include <QLabel>
#include <QPushButton>
#include <QSignalSpy>
#include <QSlider>
#include <QTableView>
#include <QTemporaryDir>
#include <QWheelEvent>
#include <QtTest>

using namespace consilium;
using namespace consilium::viewer;

class tst_ReviewView : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase();
    void startsEmptyWithOneNextStep();
    void saysWhichFileFailed();
    void opensALesionCase();
    void choosingALesionMovesTheCursorThere();
    void keysShowHideAndFadeTheOverlay();
    void columnsFollowTheWheel();
    void doubleClickMaximises();
    void surfacesAppear();
    void aRadiographFillsTheView();
    void withoutAPlaceNoSideIsNamed();

private:
    template <typename Widget>
    Widget *find(const char *name)
    {
        return m_view->findChild<Widget *>(QLatin1String(name));
    }
    void needCase()
    {
        if (!m_view->currentCase())
            QSKIP("No case is open: the real data is not here");
    }

    MemorySettings m_settings;
    ActionTable m_actions{m_settings};
    std::unique_ptr<ReviewView> m_view;
    QTemporaryDir m_dir;
};

void tst_ReviewView::initTestCase()
{
    m_view = std::make_unique<ReviewView>(m_actions, m_settings);
    m_view->setTheme(test::testTheme());
    m_view->resize(1400, 860);
    m_view->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_view.get()));
    // A virtual screen has no window manager to do so, and shortcuts work in the active window alone.
    QApplication::setActiveWindow(m_view.get());
}

void tst_ReviewView::startsEmptyWithOneNextStep()
{
    QVERIFY(!m_view->currentCase());
    QVERIFY(find<QPushButton>("review.openImages")->isVisible());
    QVERIFY(!find<QLabel>("review.welcome")->text().isEmpty());
}

void tst_ReviewView::saysWhichFileFailed()
{
    QSignalSpy errors(m_view.get(), &ReviewView::errorOccurred);
    m_view->openCases({m_dir.filePath(QStringLiteral("absent/case.json")).toStdString()});
    QTRY_COMPARE(errors.count(), 1);
    QVERIFY(errors[0][0].toString().contains(QStringLiteral("case.json")));
    m_view->openCases({});
    QVERIFY(find<QPushButton>("review.openImages")->isVisible());
}

void tst_ReviewView::opensALesionCase()
{
    CONSILIUM_REAL_DATA(folder, "ms-lesions/case-19");
    QSignalSpy opened(m_view.get(), &ReviewView::caseOpened);
    m_view->openFiles({folder / "flair.nii.gz", folder / "t1.nii.gz", folder / "lesions.nii.gz"});
    QVERIFY(opened.wait(30000));
    const ReviewCase *shown = m_view->currentCase();
    QVERIFY(shown);
    QCOMPARE(shown->channels.size(), std::size_t{2});
    QVERIFY(shown->reference);
    QVERIFY(find<QTableView>("review.lesionTable")->model()->rowCount() > 0);
    QCOMPARE(find<QComboBox>("review.channelCombo")->count(), 2);
    // The image is 182 x 218 x 182 at 1 mm.
    auto *axial = find<SliceCanvas>("review.canvas.axial");
    QCOMPARE(axial->geometry().columns(), 182);
    QCOMPARE(axial->geometry().rows(), 218);
    QVERIFY(axial->note().contains(QStringLiteral("mL")));
}

void tst_ReviewView::choosingALesionMovesTheCursorThere()
{
    needCase();
    auto *table = find<QTableView>("review.lesionTable");
    const int row = 3;
    const auto &lesion = m_view->currentFindings()->lesions.at(row);
    QTest::mouseClick(table->viewport(), Qt::LeftButton, {}, table->visualRect(table->model()->index(row, 1)).center());
    QCOMPARE(m_view->cursor(), lesion.position);
    // The cursor stands on a voxel of the mask, in every plane.
    const auto &labels = *m_view->currentCase()->reference->labels;
    const auto index = labels.geometry.toIndex(m_view->cursor());
    QVERIFY(labels.at(int(std::lround(index[0])), int(std::lround(index[1])), int(std::lround(index[2]))) != 0);
    for (const char *name : {"review.canvas.axial", "review.canvas.coronal", "review.canvas.sagittal"}) {
        auto *canvas = find<SliceCanvas>(name);
        QCOMPARE(canvas->slice(), canvas->geometry().nearestSlice(lesion.position));
        QVERIFY(canvas->rect().contains(canvas->toPixel(lesion.position).toPoint()));
    }
}

void tst_ReviewView::keysShowHideAndFadeTheOverlay()
{
    needCase();
    auto *axial = find<SliceCanvas>("review.canvas.axial");
    axial->setFocus();
    const QImage with = axial->grab().toImage();
    QTest::keyClick(axial, Qt::Key_S);
    QVERIFY(!axial->overlayStyle().visible);
    QVERIFY(axial->grab().toImage() != with);
    QTest::keyClick(axial, Qt::Key_S);
    QCOMPARE(axial->grab().toImage(), with);
    const int opacity = find<QSlider>("review.opacity")->value();
    QTest::keyClick(axial, Qt::Key_A);
    QCOMPARE(find<QSlider>("review.opacity")->value(), opacity - 10);
    QTest::keyClick(axial, Qt::Key_D);
    QCOMPARE(find<QSlider>("review.opacity")->value(), opacity);
}

void tst_ReviewView::columnsFollowTheWheel()
{
    needCase();
    m_view->setLayout(QStringLiteral("side-by-side"));
    auto *image = find<SliceCanvas>("review.canvas.column1"), *reference = find<SliceCanvas>("review.canvas.column2");
    QVERIFY(image->isVisible() && reference->isVisible());
    QVERIFY(!find<SliceCanvas>("review.canvas.column3"));
    const int slice = image->slice();
    QWheelEvent event({50, 50}, image->mapToGlobal(QPointF(50, 50)), {}, {0, 120}, Qt::NoButton, {}, Qt::NoScrollPhase,
                      false);
    QApplication::sendEvent(image, &event);
    QCOMPARE(image->slice(), slice + 1);
    QCOMPARE(reference->slice(), slice + 1);
}

void tst_ReviewView::doubleClickMaximises()
{
    needCase();
    m_view->setLayout(QStringLiteral("planes"));
    auto *axial = find<SliceCanvas>("review.canvas.axial"), *coronal = find<SliceCanvas>("review.canvas.coronal");
    QTest::mouseDClick(axial, Qt::LeftButton, {}, axial->rect().center());
    QVERIFY(axial->isVisible() && !coronal->isVisible());
    QTest::mouseDClick(axial, Qt::LeftButton, {}, axial->rect().center());
    QVERIFY(axial->isVisible() && coronal->isVisible());
}

void tst_ReviewView::surfacesAppear()
{
    needCase();
    auto *surface = find<SurfaceView>("review.surface");
    auto *message = find<QLabel>("review.surfaceMessage");
    QTRY_VERIFY_WITH_TIMEOUT(surface->isReady() || message->text().contains(QStringLiteral("OpenGL")), 30000);
    if (!surface->isReady())
        QSKIP("This screen has no OpenGL 3.2");
    // White lesions of the reference stand out from the black ground.
    const auto bright = [&] {
        const QImage picture = surface->grab().toImage();
        int count = 0;
        for (int y = 0; y < picture.height(); ++y)
            for (int x = 0; x < picture.width(); ++x)
                count += qGray(picture.pixel(x, y)) > 120;
        return count;
    };
    QTRY_VERIFY(bright() > 500);
}

// A lateral radiograph, placed in the patient, faces the sagittal view; the next case with depth shows all again.
void tst_ReviewView::aRadiographFillsTheView()
{
    const std::filesystem::path folder(m_dir.path().toStdString());
    for (const auto &[name, depth] : {std::pair{"radiograph.nii", 1}, std::pair{"volume.nii", 4}}) {
        imaging::Volume image{test::gridOf("PIR", {30, 40, depth}, {1, 1, 1}), {}};
        for (std::int64_t n = 0; n < image.geometry.voxels(); ++n)
            image.values.push_back(static_cast<float>(n % 97));
        QVERIFY(imaging::writeNifti(folder / name, image));
    }
    QSignalSpy opened(m_view.get(), &ReviewView::caseOpened);
    m_view->openFiles({folder / "radiograph.nii"});
    QTRY_COMPARE(opened.count(), 1);
    QVERIFY(find<SliceCanvas>("review.canvas.single")->isVisible());
    QCOMPARE(find<SliceCanvas>("review.canvas.single")->plane(), Plane::Sagittal);
    QVERIFY(!find<SliceCanvas>("review.canvas.axial"));
    QVERIFY(!find<QWidget>("review.surface")->isVisible());
    m_view->openFiles({folder / "volume.nii"});
    QTRY_COMPARE(opened.count(), 2);
    for (const char *name : {"review.canvas.axial", "review.canvas.coronal", "review.canvas.sagittal"})
        QVERIFY(find<SliceCanvas>(name)->isVisible());
}

// A picture without millimetres or patient: neither a plane's name nor a side is claimed for it.
void tst_ReviewView::withoutAPlaceNoSideIsNamed()
{
    const QString file = m_dir.filePath(QStringLiteral("picture.png"));
    QImage picture(40, 30, QImage::Format_Grayscale8);
    for (int y = 0; y < picture.height(); ++y)
        for (int x = 0; x < picture.width(); ++x)
            picture.setPixelColor(x, y, QColor(5 * x, 5 * x, 5 * x));
    QVERIFY(picture.save(file));
    QSignalSpy opened(m_view.get(), &ReviewView::caseOpened), said(m_view.get(), &ReviewView::statusMessage);
    m_view->openFiles({file.toStdString()});
    QTRY_COMPARE(opened.count(), 1);
    QVERIFY(!m_view->currentCase()->isPlaced);
    QCOMPARE(find<SliceCanvas>("review.canvas.single")->title(), QStringLiteral("picture"));
    m_view->setCursorPosition({7, 3, 0});
    QVERIFY2(said.last().first().toString().startsWith(QStringLiteral("column 8, row 4")),
             qPrintable(said.last().first().toString()));
}

QTEST_MAIN(tst_ReviewView)
#include "tst_review_view.moc"
