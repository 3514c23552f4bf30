// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/nifti.h"
#include "viewer/canvas/colours.h"
#include "viewer/editing/edit_panel.h"
#include "viewer/editing/edit_shapes.h"
#include "viewer_fixtures.h"

#include <QAbstractItemModel>
#include <QCheckBox>
#include <QComboBox>
#include <QDoubleSpinBox>
#include <QFileDialog>
#include <QLabel>
#include <QMenu>
#include <QPushButton>
#include <QScrollArea>
#include <QScrollBar>
#include <QSignalSpy>
#include <QSlider>
#include <QTableView>
#include <QTemporaryDir>
#include <QToolButton>
#include <QtTest>

using namespace consilium;
using namespace consilium::viewer;
using imaging::LabelMap;
using imaging::Vec3;

class tst_EditPanel : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void cleanup();
    void startsFromWhatIsChosen();
    void unsavedWorkIsAskedFor();
    void labelsAreListedWithVolumeAndLock();
    void theRowChosenIsActive();
    void brushSizeIsOneNumberEverywhere();
    void thresholdIsTakenFromTheImage();
    void regionRangeReachesTheTool();
    void undoSaysWhat();
    void fillBetweenFillsTheChosenPlane();
    void savingIsSaidInWords();
    void failuresAreSaidInOneLine();
    void exportGoesThroughTheDialog();
    void unsavedWorkIsOfferedOnOpening();
    void itIsNarrowAndScrolls();
    void everyControlHasANameAndTheKeyboardReachesIt();

private:
    template <typename T>
    T *widget(const char *name)
    {
        auto *found = m_panel->findChild<T *>(QLatin1String("review.edit.") + QLatin1String(name));
        if (!found)
            qFatal("no widget review.edit.%s", name);
        return found;
    }
    QString text(const char *name) { return widget<QLabel>(name)->text(); }
    void build();
    void showCase();
    void start(int index);
    void paint(const Vec3 &at, double radius = 3);

    std::unique_ptr<QTemporaryDir> m_folder;
    ReviewCase m_case;
    std::unique_ptr<LabelEditor> m_editor;
    std::unique_ptr<EditWork> m_work;
    std::unique_ptr<EditTools> m_tools;
    std::unique_ptr<EditSaver> m_saver;
    std::unique_ptr<EditAutosave> m_autosave;
    std::unique_ptr<EditPanel> m_panel;
};

void tst_EditPanel::init()
{
    m_folder = std::make_unique<QTemporaryDir>();
    const auto grid = test::gridOf("RAS", {40, 40, 20}, {1, 1, 2});
    auto image = std::make_shared<imaging::Volume>(imaging::Volume{grid, {}});
    auto model = std::make_shared<LabelMap>(LabelMap{grid, {}});
    test::overGrid(grid, [&](int, int, int, const Vec3 &at) {
        const double away = std::hypot(at[0], at[1], at[2]);
        image->values.push_back(away <= 8 ? 100 : 10);
        model->values.push_back(away <= 6 ? 1 : 0);
    });
    m_case = {};
    m_case.id = "case-003";
    m_case.channels.push_back({"FLAIR", image, {}});
    m_case.reference =
        Segmentation{"reference", std::make_shared<LabelMap>(LabelMap{grid, std::vector<std::uint8_t>(32000)})};
    m_case.predictions.push_back({"federated: round 12", model});
    m_case.labels = {"background", "lesion", "black hole"};
    build();
    showCase();
}

void tst_EditPanel::build()
{
    m_editor = std::make_unique<LabelEditor>();
    m_work = std::make_unique<EditWork>(*m_editor);
    m_tools = std::make_unique<EditTools>(*m_editor, *m_work);
    m_saver = std::make_unique<EditSaver>(*m_editor);
    m_autosave =
        std::make_unique<EditAutosave>(*m_editor, (m_folder->path() + QStringLiteral("/unsaved")).toStdString());
    m_panel = std::make_unique<EditPanel>(*m_editor, *m_tools, *m_work, *m_saver, *m_autosave);
    m_panel->setTheme(test::testTheme());
    m_panel->resize(EditPanel::kWidth, 700);
    m_panel->show();
    QVERIFY(QTest::qWaitForWindowExposed(m_panel.get()));
}

void tst_EditPanel::cleanup()
{
    m_panel.reset();
    m_autosave.reset();
    m_saver.reset();
    m_tools.reset();
    m_work.reset();
    m_editor.reset();
}

void tst_EditPanel::showCase()
{
    m_saver->setTarget({"case-003",
                        "case-003, north",
                        "anna",
                        (m_folder->path() + QStringLiteral("/edits")).toStdString(),
                        {},
                        nullptr});
    m_panel->setCase(m_case, editStarts(m_case));
}

void tst_EditPanel::start(int index)
{
    QSignalSpy restarted(m_editor.get(), &LabelEditor::restarted);
    widget<QComboBox>("startFrom")->setCurrentIndex(index);
    QTest::mouseClick(widget<QPushButton>("start"), Qt::LeftButton);
    QVERIFY(restarted.wait());
}

void tst_EditPanel::paint(const Vec3 &at, double radius)
{
    m_editor->apply(QStringLiteral("Brush"), ballAlong(m_editor->labels()->geometry, at, at, radius),
                    LabelEditor::Paint::Active, false);
}

void tst_EditPanel::startsFromWhatIsChosen()
{
    auto *from = widget<QComboBox>("startFrom");
    QCOMPARE(from->count(), 3);
    QCOMPARE(from->itemText(0), QStringLiteral("federated: round 12"));
    QCOMPARE(from->itemText(1), QStringLiteral("reference"));
    QVERIFY(!widget<QPushButton>("save")->isEnabled());
    QCOMPARE(text("state"), QStringLiteral("Nothing is being edited"));
    start(0);
    QVERIFY(m_editor->labels()->values == m_case.predictions[0].labels->values);
    QVERIFY(m_editor->labels() != m_case.predictions[0].labels);
    QVERIFY(text("state").startsWith(QStringLiteral("No changes")));
    QVERIFY(text("state").contains(QStringLiteral("federated: round 12")));
    start(2);
    QCOMPARE(m_editor->voxels(0), 32000);
    QVERIFY(m_editor->labels()->geometry == m_case.channels[0].volume->geometry);
    m_panel->clear();
    QVERIFY(!m_editor->isOpen());
    QVERIFY(!widget<QPushButton>("start")->isEnabled());
}

void tst_EditPanel::unsavedWorkIsAskedFor()
{
    start(0);
    paint({10, 0, 0});
    const auto painted = m_editor->labels()->values;
    QVERIFY(text("state").startsWith(QStringLiteral("Unsaved changes")));
    QTest::mouseClick(widget<QPushButton>("start"), Qt::LeftButton);
    QVERIFY(m_editor->labels()->values == painted);
    QCOMPARE(widget<QPushButton>("start")->text(), QStringLiteral("Discard and start"));
    QVERIFY(text("state").contains(QStringLiteral("would be lost")));
    QSignalSpy restarted(m_editor.get(), &LabelEditor::restarted);
    QTest::mouseClick(widget<QPushButton>("start"), Qt::LeftButton);
    QVERIFY(restarted.wait());
    QVERIFY(m_editor->labels()->values == m_case.predictions[0].labels->values);
    QCOMPARE(widget<QPushButton>("start")->text(), QStringLiteral("Start"));
    // What was discarded is not offered again.
    m_panel->setCase(m_case, editStarts(m_case));
    QTRY_VERIFY(findUnsaved((m_folder->path() + QStringLiteral("/unsaved")).toStdString()).edits.empty());
}

void tst_EditPanel::labelsAreListedWithVolumeAndLock()
{
    start(0);
    auto *table = widget<QTableView>("labels");
    auto *model = table->model();
    QCOMPARE(model->rowCount(), 2);
    QCOMPARE(model->index(0, 0).data().toString(), QStringLiteral("lesion"));
    QCOMPARE(model->index(1, 0).data().toString(), QStringLiteral("black hole"));
    const QImage swatch = model->index(0, 0).data(Qt::DecorationRole).value<QIcon>().pixmap(12, 12).toImage();
    QCOMPARE(swatch.pixelColor(swatch.rect().center()), m_editor->labelList()[1].colour);
    // 4/3 pi 6^3 mm3 is 0.905 mL; in voxels of 2 mm3 it is counted.
    std::int64_t voxels = 0;
    for (const auto value : m_case.predictions[0].labels->values)
        voxels += value;
    QCOMPARE(model->index(0, 1).data().toString(),
             QLocale().toString(static_cast<double>(voxels) * 2 / 1000, 'f', 2) + QStringLiteral(" mL"));
    paint({0, 0, 0}, 9);
    QCOMPARE(model->index(0, 1).data().toString(),
             QLocale().toString(m_editor->millilitres(1), 'f', 2) + QStringLiteral(" mL"));
    QCOMPARE(model->index(1, 1).data().toString(), QLocale().toString(0.0, 'f', 2) + QStringLiteral(" mL"));
    QVERIFY(model->setData(model->index(0, 2), Qt::Checked, Qt::CheckStateRole));
    QVERIFY(m_editor->labelList()[1].locked);
    QVERIFY(text("activeLabel").contains(QStringLiteral("locked")));
}

void tst_EditPanel::theRowChosenIsActive()
{
    start(0);
    auto *table = widget<QTableView>("labels");
    table->setFocus();
    QCOMPARE(table->currentIndex().row(), 0);
    QTest::keyClick(table, Qt::Key_Down);
    QCOMPARE(m_editor->activeLabel(), 2);
    QCOMPARE(text("activeLabel"), QStringLiteral("Painting black hole"));
    m_editor->setActiveLabel(1);
    QCOMPARE(table->currentIndex().row(), 0);
}

void tst_EditPanel::brushSizeIsOneNumberEverywhere()
{
    start(0);
    auto *size = widget<QDoubleSpinBox>("brushSize");
    auto *slider = widget<QSlider>("brushSlider");
    size->setValue(12.5);
    QCOMPARE(m_tools->settings().diameterMm(), 12.5);
    const int at = slider->value();
    m_tools->growBrush();
    QCOMPARE(size->value(), m_tools->settings().diameterMm());
    QVERIFY(slider->value() > at);
    slider->setValue(slider->minimum());
    QCOMPARE(size->value(), EditSettings::kSmallestDiameter);
    slider->setValue(slider->maximum());
    QCOMPARE(m_tools->settings().diameterMm(), EditSettings::kLargestDiameter);
    QTest::mouseClick(widget<QCheckBox>("ball"), Qt::LeftButton, {},
                      QPoint(8, widget<QCheckBox>("ball")->height() / 2));
    QVERIFY(m_tools->settings().isBall());
}

void tst_EditPanel::thresholdIsTakenFromTheImage()
{
    start(0);
    QVERIFY(!m_editor->threshold());
    widget<QCheckBox>("threshold")->setChecked(true);
    // All values under the model's label are 100.
    QVERIFY(m_editor->threshold() == (ValueInterval{100, 100}));
    widget<QDoubleSpinBox>("thresholdRange.low")->setValue(50);
    QVERIFY(m_editor->threshold() == (ValueInterval{50, 100}));
    QTest::mouseClick(widget<QToolButton>("thresholdRange.fromImage"), Qt::LeftButton);
    QVERIFY(m_editor->threshold() == (ValueInterval{100, 100}));
    widget<QCheckBox>("threshold")->setChecked(false);
    QVERIFY(!m_editor->threshold());
}

void tst_EditPanel::regionRangeReachesTheTool()
{
    start(0);
    widget<QDoubleSpinBox>("growRange.low")->setValue(90);
    widget<QDoubleSpinBox>("growRange.high")->setValue(110);
    widget<QDoubleSpinBox>("growDistance")->setValue(25);
    widget<QDoubleSpinBox>("growVolume")->setValue(4);
    const GrowLimits limits = m_tools->settings().growLimits();
    QCOMPARE(limits.low, 90.0);
    QCOMPARE(limits.high, 110.0);
    QCOMPARE(limits.maxDistanceMm, 25.0);
    QCOMPARE(limits.maxVoxels, 2000); // 4 mL in voxels of 2 mm3
    Q_EMIT m_tools->regionFound(1234, 2.468, true);
    QVERIFY(text("growCount").contains(QLocale().toString(1234)));
    QVERIFY(text("growCount").contains(QStringLiteral("cut off")));
}

void tst_EditPanel::undoSaysWhat()
{
    start(0);
    auto *undo = widget<QToolButton>("undo");
    auto *redo = widget<QToolButton>("redo");
    QVERIFY(!undo->isEnabled() && !redo->isEnabled());
    paint({10, 0, 0});
    QCOMPARE(undo->accessibleName(), QStringLiteral("Undo: Brush"));
    QTest::mouseClick(undo, Qt::LeftButton);
    QVERIFY(m_editor->labels()->values == m_case.predictions[0].labels->values);
    QVERIFY(!undo->isEnabled());
    QCOMPARE(redo->accessibleName(), QStringLiteral("Redo: Brush"));
    QTest::mouseClick(redo, Qt::LeftButton);
    QVERIFY(m_editor->isDirty());
}

void tst_EditPanel::fillBetweenFillsTheChosenPlane()
{
    start(2);
    const auto &grid = m_editor->labels()->geometry;
    m_panel->setPlane(Plane::Coronal);
    QCOMPARE(widget<QComboBox>("fillPlane")->currentIndex(), 1);
    const SliceGeometry slices(grid, Plane::Coronal);
    for (const int slice : {10, 20}) {
        const Vec3 at = slices.movedToSlice({0, 0, 0}, slice);
        m_editor->apply(QStringLiteral("Brush"), discAlong(slicesAt(grid, Plane::Coronal, at), at, at, 6),
                        LabelEditor::Paint::Active, false);
    }
    const auto drawn = m_editor->voxels(1);
    QSignalSpy filled(m_work.get(), &EditWork::slicesFilled);
    QTest::mouseClick(widget<QPushButton>("fillBetween"), Qt::LeftButton);
    QVERIFY(filled.wait());
    QCOMPARE(m_editor->voxels(1), drawn / 2 * 11);
    QVERIFY(text("message").contains(QStringLiteral("9")));
    // Between axial slices nothing is empty now: said, not silent.
    m_panel->setPlane(Plane::Axial);
    QTest::mouseClick(widget<QPushButton>("fillBetween"), Qt::LeftButton);
    QVERIFY(filled.wait());
    QVERIFY(text("message").startsWith(QStringLiteral("Nothing to fill")));
}

void tst_EditPanel::savingIsSaidInWords()
{
    start(0);
    paint({10, 0, 0});
    const auto painted = m_editor->labels()->values;
    QSignalSpy saved(m_saver.get(), &EditSaver::saved);
    QTest::mouseClick(widget<QPushButton>("save"), Qt::LeftButton);
    QVERIFY(text("state").startsWith(QStringLiteral("Saving")));
    QVERIFY(saved.wait());
    const QString file = saved[0][0].toString();
    QVERIFY(text("state").startsWith(QStringLiteral("Saved as edited-anna-")));
    QVERIFY(!widget<QPushButton>("save")->isEnabled());
    const auto read = imaging::readLabels(file.toStdString());
    QVERIFY(read && read->values == painted);
    paint({-10, 0, 0});
    QVERIFY(text("state").startsWith(QStringLiteral("Unsaved changes")));
}

void tst_EditPanel::failuresAreSaidInOneLine()
{
    start(0);
    paint({10, 0, 0});
    EditTarget target = m_saver->target();
    target.folder = "/proc/nowhere";
    m_saver->setTarget(target);
    QSignalSpy failed(m_saver.get(), &EditSaver::failed);
    QTest::mouseClick(widget<QPushButton>("save"), Qt::LeftButton);
    QVERIFY(failed.wait());
    QVERIFY(text("message").contains(QStringLiteral("/proc/nowhere")));
    QVERIFY(!text("message").contains(u'\n'));
    QVERIFY(text("state").startsWith(QStringLiteral("Unsaved changes")));
}

void tst_EditPanel::exportGoesThroughTheDialog()
{
    start(0);
    paint({10, 0, 0});
    auto *menu = widget<QToolButton>("export")->menu();
    QVERIFY(!menu->findChild<QAction *>(QStringLiteral("review.edit.export.seg"))->isEnabled()); // no series
    QAction *nrrd = menu->findChild<QAction *>(QStringLiteral("review.edit.export.nrrd"));
    QVERIFY(nrrd);
    nrrd->trigger();
    auto *dialog = m_panel->findChild<QFileDialog *>(QStringLiteral("review.edit.exportDialog"));
    QVERIFY(dialog);
    dialog->setDirectory(m_folder->path());
    dialog->selectFile(QStringLiteral("mine.nrrd"));
    QSignalSpy saved(m_saver.get(), &EditSaver::saved);
    QMetaObject::invokeMethod(dialog, "accept");
    QVERIFY(saved.wait());
    QCOMPARE(saved[0][0].toString(), m_folder->filePath(QStringLiteral("mine.nrrd")));
    QVERIFY(QFile::exists(m_folder->filePath(QStringLiteral("mine.json"))));
}

void tst_EditPanel::unsavedWorkIsOfferedOnOpening()
{
    QVERIFY(!widget<QWidget>("recovery")->isVisible());
    start(0);
    paint({10, 0, 0});
    const auto painted = m_editor->labels()->values;
    cleanup(); // the program ends
    build();
    showCase();
    QTRY_VERIFY(widget<QWidget>("recovery")->isVisible());
    QVERIFY(text("recoveryText").contains(QStringLiteral("1 step")));
    QSignalSpy recovered(m_autosave.get(), &EditAutosave::recovered);
    QTest::mouseClick(widget<QPushButton>("recover"), Qt::LeftButton);
    QVERIFY(recovered.wait());
    QVERIFY(m_editor->labels()->values == painted);
    QVERIFY(text("state").startsWith(QStringLiteral("Unsaved changes")));
    QVERIFY(!widget<QWidget>("recovery")->isVisible());
    cleanup();
    build();
    showCase();
    QTRY_VERIFY(widget<QWidget>("recovery")->isVisible());
    QTest::mouseClick(widget<QPushButton>("recoverDiscard"), Qt::LeftButton);
    QVERIFY(!widget<QWidget>("recovery")->isVisible());
    QVERIFY(findUnsaved((m_folder->path() + QStringLiteral("/unsaved")).toStdString()).edits.empty());
}

void tst_EditPanel::itIsNarrowAndScrolls()
{
    start(0);
    QCOMPARE(m_panel->width(), 280);
    auto *scroll = widget<QScrollArea>("scroll");
    m_panel->resize(280, 200);
    QCoreApplication::sendPostedEvents();
    QTRY_VERIFY(scroll->verticalScrollBar()->maximum() > 0);
    // Nothing is cut off at the right.
    QVERIFY2(scroll->widget()->minimumSizeHint().width() <= scroll->viewport()->width(),
             qPrintable(QStringLiteral("%1 of %2")
                            .arg(scroll->widget()->minimumSizeHint().width())
                            .arg(scroll->viewport()->width())));
    m_panel->resize(280, 900);
    QTRY_VERIFY(!scroll->verticalScrollBar()->isVisible());
    if (const QString to = qEnvironmentVariable("CONSILIUM_PICTURES"); !to.isEmpty()) {
        m_panel->setPalette(palette(test::testTheme()));
        m_panel->grab().save(to + QStringLiteral("/edit_panel.png"));
    }
}

void tst_EditPanel::everyControlHasANameAndTheKeyboardReachesIt()
{
    start(0);
    paint({10, 0, 0});
    for (QWidget *child : m_panel->findChildren<QWidget *>()) {
        const bool control = qobject_cast<QAbstractButton *>(child) || qobject_cast<QAbstractSpinBox *>(child) ||
                             qobject_cast<QComboBox *>(child) || qobject_cast<QAbstractSlider *>(child) ||
                             qobject_cast<QTableView *>(child);
        if (!control || child->objectName().startsWith(QStringLiteral("qt_")) || qobject_cast<QScrollBar *>(child) ||
            child->metaObject()->className() == QByteArray("QTableCornerButton"))
            continue;
        QVERIFY2(child->objectName().startsWith(QStringLiteral("review.edit.")), child->metaObject()->className());
        QVERIFY2(!child->accessibleName().isEmpty(), qPrintable(child->objectName()));
        QVERIFY2(child->focusPolicy() & Qt::TabFocus, qPrintable(child->objectName()));
    }
}

QTEST_MAIN(tst_EditPanel)
#include "tst_edit_panel.moc"
