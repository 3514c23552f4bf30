// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/phantom/phantom.h"
#include "spinopelvic_sets.h"
#include "viewer/canvas/slice_canvas.h"
#include "viewer/measuring/measure_panel.h"
#include "viewer_fixtures.h"

#include <QAbstractItemModel>
#include <QCheckBox>
#include <QComboBox>
#include <QHeaderView>
#include <QLabel>
#include <QMenu>
#include <QSignalSpy>
#include <QTabWidget>
#include <QTableView>
#include <QTemporaryDir>
#include <QToolButton>
#include <QtTest>

using namespace consilium;
using namespace consilium::viewer;
using imaging::Vec3;
namespace fs = std::filesystem;

class tst_MeasurePanel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void initTestCase() { QLocale::setDefault(QLocale::c()); }
    void init();
    void listsPointsWithTheirErrors();
    void sortsByErrorOnDemand();
    void locksAndCertaintyAreEdited();
    void aClickJumps();
    void theCanvasLeadsTheTable();
    void anglesWithTheirDifferences();
    void setsAreShownAndHidden();
    void measurementsAreListedRenamedDeleted();
    void undoRedoAndSave();
    void whatCannotBeReadIsSaid();
    void aCaseWithoutLandmarks();
    void everythingHasAName();
    void aPhantomAsASurgeonSeesIt();

private:
    template <typename Widget>
    Widget *find(const char *name) const
    {
        auto *found = m_panel->findChild<Widget *>(QLatin1String(name));
        Q_ASSERT(found);
        return found;
    }
    QString cell(const char *table, int row, int column) const
    {
        const QAbstractItemModel *model = find<QTableView>(table)->model();
        return model->index(row, column).data().toString();
    }

    std::unique_ptr<QTemporaryDir> m_dir;
    ReviewCase m_case;
    std::unique_ptr<Measuring> m_measuring;
    std::unique_ptr<MeasurePanel> m_panel;
};

void tst_MeasurePanel::init()
{
    m_panel.reset();
    m_dir = std::make_unique<QTemporaryDir>();
    m_case = test::landmarkCase(test::workedSets().front(), test::Picture::Patient);
    imaging::LandmarkSet model = m_case.referenceLandmarks->points;
    for (std::size_t n = 0; n < model.points.size(); ++n)
        model.points[n].position[1] += n == 1 ? 9.0 : double(n); // the anterior corner of S1 is the worst
    model.points.back().visibility = imaging::Visibility::Absent;
    m_case.landmarkPredictions.push_back({"local: north", model, {}});
    m_measuring = std::make_unique<Measuring>();
    m_panel = std::make_unique<MeasurePanel>(*m_measuring);
    m_panel->setTheme(test::testTheme());
    m_measuring->setCase(&m_case, m_dir->path().toStdString(), QStringLiteral("Dr. Anna/B"));
    m_panel->resize(m_panel->sizeHint());
    m_panel->show();
}

void tst_MeasurePanel::listsPointsWithTheirErrors()
{
    auto *table = find<QTableView>("review.measure.landmarkTable");
    QCOMPARE(table->model()->rowCount(), 6);
    QCOMPARE(table->model()->columnCount(), 5); // name, certainty, lock, reader, model
    QCOMPARE(cell("review.measure.landmarkTable", 1, 0), QStringLiteral("S1 ant."));
    QCOMPARE(cell("review.measure.landmarkTable", 1, 1), QStringLiteral("–"));
    QCOMPARE(cell("review.measure.landmarkTable", 1, 3), QStringLiteral("–"));
    QCOMPARE(cell("review.measure.landmarkTable", 1, 4), QStringLiteral("9.0"));
    QCOMPARE(cell("review.measure.landmarkTable", 5, 4), QStringLiteral("–"));
    QCOMPARE(find<QLabel>("review.measure.placed")->text(), QStringLiteral("0 of 6 point(s) placed; errors in mm"));
    m_measuring->landmarks().place(1, m_case.referenceLandmarks->points.points[1].position);
    QCOMPARE(cell("review.measure.landmarkTable", 1, 3), QStringLiteral("0.0"));
    QCOMPARE(cell("review.measure.landmarkTable", 1, 1), QStringLiteral("100 %"));
    QCOMPARE(find<QLabel>("review.measure.placed")->text(), QStringLiteral("1 of 6 point(s) placed; errors in mm"));
}

void tst_MeasurePanel::sortsByErrorOnDemand()
{
    auto *table = find<QTableView>("review.measure.landmarkTable");
    table->sortByColumn(4, Qt::DescendingOrder);
    QCOMPARE(cell("review.measure.landmarkTable", 0, 0), QStringLiteral("S1 ant."));       // 9
    QCOMPARE(cell("review.measure.landmarkTable", 1, 0), QStringLiteral("L1 sup. post.")); // 4
    QCOMPARE(cell("review.measure.landmarkTable", 5, 0), QStringLiteral("L1 sup. ant."));  // none
    // The first row is still the point that it names.
    QSignalSpy jumps(m_panel.get(), &MeasurePanel::jumpRequested);
    table->selectRow(0);
    QCOMPARE(m_measuring->landmarks().selected(), 1);
    QCOMPARE(jumps.count(), 1);
    table->sortByColumn(0, Qt::AscendingOrder);
    QCOMPARE(cell("review.measure.landmarkTable", 0, 0), QStringLiteral("S1 post."));
}

void tst_MeasurePanel::locksAndCertaintyAreEdited()
{
    LandmarkEditor &editor = m_measuring->landmarks();
    editor.startFrom(0);
    QAbstractItemModel *model = find<QTableView>("review.measure.landmarkTable")->model();
    QVERIFY(model->setData(model->index(0, 1), 60, Qt::EditRole));
    QCOMPARE(editor.point(0).confidence, 0.6);
    QVERIFY(model->setData(model->index(0, 2), Qt::Checked, Qt::CheckStateRole));
    QVERIFY(editor.point(0).locked);
    QVERIFY(!(model->flags(model->index(0, 1)) & Qt::ItemIsEditable));
    QVERIFY(!model->setData(model->index(0, 1), 10, Qt::EditRole));
    QVERIFY(!(model->flags(model->index(5, 1)) & Qt::ItemIsEditable)); // missing
}

void tst_MeasurePanel::aClickJumps()
{
    auto *table = find<QTableView>("review.measure.landmarkTable");
    QSignalSpy jumps(m_panel.get(), &MeasurePanel::jumpRequested);
    const auto click = [&](int row) {
        QTest::mouseClick(table->viewport(), Qt::LeftButton, {},
                          table->visualRect(table->model()->index(row, 0)).center());
    };
    click(2);
    QVERIFY(jumps.count() >= 1);
    QCOMPARE(jumps.last()[0].value<Vec3>(), m_case.referenceLandmarks->points.points[2].position);
    // To the reader's own point, when there is one.
    m_measuring->landmarks().place(2, {0, 11, 12});
    click(2);
    QCOMPARE(jumps.last()[0].value<Vec3>(), (Vec3{0, 11, 12}));
}

void tst_MeasurePanel::theCanvasLeadsTheTable()
{
    QSignalSpy jumps(m_panel.get(), &MeasurePanel::jumpRequested);
    m_measuring->landmarks().select(4);
    QCOMPARE(find<QTableView>("review.measure.landmarkTable")->currentIndex().row(), 4);
    QCOMPARE(jumps.count(), 0); // the picture is already there
}

void tst_MeasurePanel::anglesWithTheirDifferences()
{
    const char *table = "review.measure.angleTable";
    QCOMPARE(cell(table, 0, 0), QStringLiteral("–")); // the reader has none yet
    QCOMPARE(cell(table, 0, 1), QStringLiteral("36.9°"));
    QCOMPARE(cell(table, 1, 1), QStringLiteral("22.6°"));
    QCOMPARE(cell(table, 2, 1), QStringLiteral("59.5°"));
    QCOMPARE(cell(table, 3, 1), QStringLiteral("64.9°"));
    QCOMPARE(cell(table, 4, 1), QStringLiteral("0.0°")); // PI - (PT + SS)
    const QAbstractItemModel *model = find<QTableView>(table)->model();
    QCOMPARE(model->headerData(4, Qt::Vertical).toString(), QStringLiteral("PI − PT − SS"));
    QCOMPARE(model->headerData(2, Qt::Horizontal).toString(), QStringLiteral("local"));
    // The model has the anterior corner of S1 9 mm too far back: the slope is atan 30/31.
    QCOMPARE(cell(table, 0, 2), QStringLiteral("44.1°\n+7.2°"));
    QCOMPARE(cell(table, 3, 2), QStringLiteral("–")); // it does not see L1
    m_measuring->landmarks().startFrom(kReference);
    QCOMPARE(cell(table, 0, 0), QStringLiteral("36.9°\n0.0°"));
    m_measuring->landmarks().beginDrag(1);
    m_measuring->landmarks().dragTo({0, -20, 115}); // live, before the button is let go
    QCOMPARE(cell(table, 0, 0), QStringLiteral("0.0°\n-36.9°"));
    m_measuring->landmarks().cancelDrag();
}

void tst_MeasurePanel::setsAreShownAndHidden()
{
    auto *box = find<QCheckBox>("review.measure.set.0");
    QCOMPARE(box->text(), QStringLiteral("local: north"));
    QVERIFY(box->isChecked());
    box->click();
    QVERIFY(!m_measuring->landmarkLayer().isSetVisible(0) && m_measuring->landmarkLayer().isSetVisible(kReference));
    find<QCheckBox>("review.measure.drawAngles")->click();
    QVERIFY(!m_measuring->angleLayer().isVisible());
    auto *whose = find<QComboBox>("review.measure.whoseAngles");
    QCOMPARE(whose->count(), 4);
    QCOMPARE(m_measuring->angleLayer().whose(), kReference);
    whose->setCurrentIndex(3);
    Q_EMIT whose->activated(3);
    QCOMPARE(m_measuring->angleLayer().whose(), 0);
    // Start from: one entry for the reference, one for each model.
    QMenu *menu = find<QToolButton>("review.measure.startFrom")->menu();
    QCOMPARE(menu->actions().size(), 2);
    menu->actions()[1]->trigger();
    QCOMPARE(m_measuring->landmarks().point(1).position, m_case.landmarkPredictions[0].points.points[1].position);
}

void tst_MeasurePanel::measurementsAreListedRenamedDeleted()
{
    auto *table = find<QTableView>("review.measure.measurementTable");
    QVERIFY(!table->isVisibleTo(m_panel.get()) || table->model()->rowCount() == 0);
    MeasurementList &list = m_measuring->measurements();
    const int first = list.add({0, {}, MeasurementKind::Distance, {{0, 0, 0}, {0, 3, 4}}, {1, 0, 0}});
    list.add({0, {}, MeasurementKind::Ellipse, {{0, 0, 100}, {0, 20, 100}, {0, 0, 110}}, {1, 0, 0}});
    const char *name = "review.measure.measurementTable";
    QCOMPARE(cell(name, 0, 0), QStringLiteral("Distance 1"));
    QCOMPARE(cell(name, 0, 1), QStringLiteral("5.0 mm"));
    QVERIFY(cell(name, 1, 1).startsWith(QStringLiteral("area 628.3 mm²\nmean 0.0, SD 0.0")));
    QAbstractItemModel *model = table->model();
    QVERIFY(model->setData(model->index(0, 0), QStringLiteral("disc height"), Qt::EditRole));
    QCOMPARE(list.find(first)->name, std::string("disc height"));
    QVERIFY(!model->setData(model->index(0, 0), QStringLiteral("  "), Qt::EditRole));
    QSignalSpy jumps(m_panel.get(), &MeasurePanel::jumpRequested);
    table->selectRow(0);
    QCOMPARE(list.selected(), first);
    QCOMPARE(jumps.last()[0].value<Vec3>(), (Vec3{0, 1.5, 2}));
    find<QToolButton>("review.measure.delete")->click();
    QCOMPARE(list.all().size(), 1U);
    QCOMPARE(model->rowCount(), 1);
    QVERIFY(!find<QToolButton>("review.measure.delete")->isEnabled());
}

void tst_MeasurePanel::undoRedoAndSave()
{
    auto *undo = find<QToolButton>("review.measure.undo"), *redo = find<QToolButton>("review.measure.redo"),
         *save = find<QToolButton>("review.measure.save");
    QVERIFY(!undo->isEnabled() && !redo->isEnabled() && !save->isEnabled());
    m_measuring->landmarks().place(0, {0, 1, 2});
    m_measuring->measurements().add({0, {}, MeasurementKind::Distance, {{0, 0, 0}, {0, 3, 4}}, {1, 0, 0}});
    QCOMPARE(undo->toolTip(), QStringLiteral("Undo: Draw Distance 1"));
    QSignalSpy saved(m_measuring.get(), &Measuring::saved);
    save->click();
    m_measuring->landmarks().place(1, {0, 3, 3}); // while it is being written
    QVERIFY(saved.wait());
    QVERIFY(m_measuring->isDirty());
    m_measuring->undoStack().undo();
    const fs::path folder = m_dir->path().toStdString();
    QVERIFY(fs::exists(folder / "landmarks-Dr.-Anna-B.mrk.json") &&
            fs::exists(folder / "measurements-Dr.-Anna-B.json"));
    QVERIFY(!save->isEnabled());
    QCOMPARE(find<QLabel>("review.measure.message")->text(), QStringLiteral("Saved"));
    undo->click();
    undo->click();
    QVERIFY(m_measuring->landmarks().isEmpty() && m_measuring->measurements().all().empty());
    QVERIFY(redo->isEnabled() && !undo->isEnabled() && save->isEnabled());
    // The same reader finds both again, another finds nothing.
    m_measuring->setCase(&m_case, folder, QStringLiteral("Dr. Anna/B"));
    QCOMPARE(m_measuring->landmarks().point(0).position, (Vec3{0, 1, 2}));
    QCOMPARE(m_measuring->measurements().all().size(), 1U);
    QVERIFY(!m_measuring->isDirty() && !undo->isEnabled());
    m_measuring->setCase(&m_case, folder, QStringLiteral("bob"));
    QVERIFY(m_measuring->landmarks().isEmpty() && m_measuring->measurements().all().empty());
}

void tst_MeasurePanel::whatCannotBeReadIsSaid()
{
    const fs::path folder = m_dir->path().toStdString();
    QVERIFY(writeJson(folder / "measurements-bob.json", {{"measurements", 3}}));
    m_measuring->setCase(&m_case, folder, QStringLiteral("bob"));
    QVERIFY(find<QLabel>("review.measure.message")->text().contains(QStringLiteral("measurements-bob.json")));
    // And is not written over.
    m_measuring->measurements().add({0, {}, MeasurementKind::Distance, {{0, 0, 0}, {0, 3, 4}}, {1, 0, 0}});
    find<QToolButton>("review.measure.save")->click();
    QVERIFY(find<QLabel>("review.measure.message")->text().contains(QStringLiteral("is there already")));
    QVERIFY(readJson(folder / "measurements-bob.json")->at("measurements") == 3);
}

void tst_MeasurePanel::aCaseWithoutLandmarks()
{
    m_measuring->setCase(nullptr, {}, {});
    QCOMPARE(find<QLabel>("review.measure.placed")->text(), QStringLiteral("This case has no landmarks."));
    QVERIFY(!find<QToolButton>("review.measure.startFrom")->isEnabled());
    QCOMPARE(cell("review.measure.angleTable", 0, 0), QStringLiteral("–"));
    QSignalSpy failed(m_measuring.get(), &Measuring::failed);
    m_measuring->save();
    QCOMPARE(failed.count(), 1);
    // A photograph that knows neither place nor size of its pixels.
    ReviewCase photo = test::landmarkCase(test::workedSets().front(), test::Picture::FacesLeft);
    photo.isPlaced = false;
    m_measuring->setCase(&photo, {}, {});
    QVERIFY(!m_measuring->measurements().isSpacingKnown());
    photo.isPlaced = true;
    m_measuring->setCase(&photo, {}, {});
    QVERIFY(m_measuring->measurements().isSpacingKnown());
}

void tst_MeasurePanel::everythingHasAName()
{
    for (const QWidget *widget : m_panel->findChildren<QWidget *>()) {
        const bool reached = widget->focusPolicy() & Qt::TabFocus;
        const bool ours = widget->objectName().startsWith(QStringLiteral("review.measure"));
        if (reached && ours && !qobject_cast<const QCheckBox *>(widget))
            QVERIFY2(!widget->accessibleName().isEmpty(), qPrintable(widget->objectName()));
    }
    for (const ToolEntry &entry : m_panel->tools())
        QVERIFY(!entry.id.isEmpty() && !entry.text.isEmpty() && !entry.tip.isEmpty() && entry.tool);
    QCOMPARE(m_panel->tools().size(), 6U);
}

void tst_MeasurePanel::aPhantomAsASurgeonSeesIt()
{
    // A synthetic radiograph, a reader who began with a model and a model that is off by a few mm; the angles are
    // those that the phantom was drawn with. CONSILIUM_PICTURES names a folder for the picture, to be looked at.
    const auto made = imaging::makePhantom("spinopelvic", 2, 0, 7);
    QVERIFY(made);
    ReviewCase phantom;
    phantom.channels.push_back({"X-ray", std::make_shared<const imaging::Volume>(made->images.front()), {}});
    phantom.channels.front().range = imaging::valueRange(made->images.front().values);
    phantom.referenceLandmarks = NamedLandmarks{"reference", made->landmarks, {}};
    imaging::LandmarkSet model = made->landmarks;
    for (std::size_t n = 0; n < model.points.size(); ++n) {
        model.points[n].position[1] += 3 * std::sin(double(n) * 2.3);
        model.points[n].position[2] += 3 * std::cos(double(n) * 1.7);
        model.points[n].confidence = 0.4 + 0.6 * std::abs(std::sin(double(n)));
    }
    phantom.landmarkPredictions.push_back({"federated: round 12", model, {}});
    SliceCanvas canvas(Plane::Sagittal);
    canvas.resize(1100, 1300);
    canvas.setTheme(test::testTheme());
    canvas.setVolume(phantom.channels.front().volume);
    canvas.setWindow({phantom.channels.front().range.low, phantom.channels.front().range.high});
    canvas.setCursorPosition({0, 190, -60});
    m_measuring->watch(&canvas);
    m_measuring->setCase(&phantom, {}, QStringLiteral("anna"));
    m_measuring->landmarks().startFrom(0);
    m_measuring->landmarks().place(24, made->landmarks.points[24].position);
    const auto angles = m_measuring->landmarks().angles(kReference);
    QVERIFY(angles.sacralSlope && angles.pelvicIncidence && angles.lumbarLordosis);
    QVERIFY(std::abs(*angles.pelvicIncidence - *angles.pelvicTilt - *angles.sacralSlope) < 1e-9);
    const auto pictures = qEnvironmentVariable("CONSILIUM_PICTURES");
    if (pictures.isEmpty())
        return;
    m_measuring->measurements().add(
        {0, {}, MeasurementKind::Ellipse, {{0, 30, 120}, {0, 42, 120}, {0, 30, 130}}, {1, 0, 0}});
    m_measuring->measurements().add(
        {0, {}, MeasurementKind::Cobb, {{0, 20, 190}, {0, 50, 195}, {0, 15, 160}, {0, 45, 150}}, {1, 0, 0}});
    QVERIFY(canvas.grab().save(pictures + QStringLiteral("/spinopelvic.png")));
    m_panel->resize(300, 700);
    QTRY_VERIFY(find<QCheckBox>("review.measure.set.-2")->isVisible());
    for (int tab = 0; tab < 3; ++tab) {
        find<QTabWidget>("review.measure.tabs")->setCurrentIndex(tab);
        QVERIFY(m_panel->grab().save(pictures + QStringLiteral("/panel-%1.png").arg(tab)));
    }
    m_measuring->landmarkLayer().setVisible(false);
    m_measuring->angleLayer().setWhose(kReference);
    QVERIFY(canvas.grab().save(pictures + QStringLiteral("/angles.png")));
    m_measuring->landmarkLayer().setVisible(true);
    m_measuring->landmarks().select(25);
    canvas.setView({3.5, made->landmarks.points[25].position});
    QVERIFY(canvas.grab().save(pictures + QStringLiteral("/zoomed.png")));
}

QTEST_MAIN(tst_MeasurePanel)
#include "tst_measure_panel.moc"
