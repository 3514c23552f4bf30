// SPDX-License-Identifier: GPL-3.0-or-later
#include "viewer/measuring/landmark_editor.h"

#include "core/file.h"
#include "spinopelvic_sets.h"
#include "viewer/canvas/colours.h"

#include <QSignalSpy>
#include <QTemporaryDir>
#include <QUndoStack>
#include <QtTest>
#include <random>

using namespace consilium;
using namespace consilium::viewer;
using imaging::Landmark;
using imaging::LandmarkSet;
using imaging::Vec3;
using imaging::Visibility;
namespace fs = std::filesystem;

namespace {

bool same(const LandmarkSet &a, const LandmarkSet &b)
{
    return std::equal(a.points.begin(), a.points.end(), b.points.begin(), b.points.end(),
                      [](const Landmark &one, const Landmark &other) {
                          return one.name == other.name && one.position == other.position &&
                                 one.visibility == other.visibility && one.confidence == other.confidence &&
                                 one.locked == other.locked;
                      });
}

} // namespace

class tst_LandmarkEditor : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init();
    void beginsWithEveryPointMissing();
    void placesAndMoves();
    void lockedPointsStay();
    void marksHiddenAndMissing();
    void aDragIsOneCommandOrNone();
    void aThousandChangesUndoneOneByOne();
    void startsFromAModel();
    void errorsInMillimetres();
    void savesAndReads_data();
    void savesAndReads();
    void neverOverAnotherFile();

private:
    fs::path folder() const { return m_dir->path().toStdString(); }

    std::unique_ptr<QTemporaryDir> m_dir;
    std::unique_ptr<QUndoStack> m_undo;
    std::unique_ptr<LandmarkEditor> m_editor;
    ReviewCase m_case;
};

void tst_LandmarkEditor::init()
{
    m_dir = std::make_unique<QTemporaryDir>();
    m_undo = std::make_unique<QUndoStack>();
    m_editor = std::make_unique<LandmarkEditor>(m_undo.get());
    const auto &set = test::workedSets().front();
    m_case = test::landmarkCase(set, test::Picture::Patient);
    // A model that puts every point 3 mm behind and 4 mm above the reference, and does not see one.
    LandmarkSet model = m_case.referenceLandmarks->points;
    for (Landmark &point : model.points) {
        point.position[1] += 3;
        point.position[2] += 4;
        point.confidence = 0.5;
    }
    model.points.back().visibility = Visibility::Absent;
    m_case.landmarkPredictions.push_back({"local: north", model, folder() / "local.mrk.json"});
    m_editor->setCase(&m_case);
}

void tst_LandmarkEditor::beginsWithEveryPointMissing()
{
    QCOMPARE(m_editor->count(), 6);
    QVERIFY(m_editor->isEmpty() && !m_editor->isDirty());
    QCOMPARE(m_editor->sets(), (std::vector{kReaderPoints, kReference, 0}));
    QCOMPARE(m_editor->setName(0), QStringLiteral("local: north"));
    QVERIFY(!m_editor->set(1) && !m_editor->angles(kReaderPoints).sacralSlope);
    QVERIFY(std::abs(*m_editor->angles(kReference).sacralSlope - 36.869897645844) < 1e-9);
    // The task's own names come first and in its order.
    m_case.landmarkNames = {"femoral head right", "T1"};
    m_editor->setCase(&m_case);
    QCOMPARE(m_editor->count(), 7);
    QCOMPARE(m_editor->point(1).name, std::string("T1"));
    m_editor->setCase(nullptr);
    QCOMPARE(m_editor->count(), 0);
}

void tst_LandmarkEditor::placesAndMoves()
{
    QSignalSpy changes(m_editor.get(), &LandmarkEditor::changed);
    QVERIFY(m_editor->place(0, {1, 2, 3}));
    QVERIFY(m_editor->isPlaced(0) && m_editor->isDirty());
    QCOMPARE(m_undo->undoText(), QStringLiteral("Place S1 posterior"));
    QVERIFY(m_editor->place(0, {1, 2, 4}));
    QCOMPARE(m_undo->undoText(), QStringLiteral("Move S1 posterior"));
    QVERIFY(!m_editor->place(0, {1, 2, 4})); // nothing changes, nothing to undo
    QCOMPARE(m_undo->count(), 2);
    QCOMPARE(changes.count(), 2);
    m_undo->undo();
    QCOMPARE(m_editor->point(0).position, (Vec3{1, 2, 3}));
    m_undo->undo();
    QVERIFY(!m_editor->isPlaced(0) && !m_editor->isDirty());
    QCOMPARE(m_editor->nextMissing(0), 1);
    QCOMPARE(m_editor->nextMissing(5), 0);
}

void tst_LandmarkEditor::lockedPointsStay()
{
    m_editor->place(2, {0, 5, 5});
    QVERIFY(m_editor->setLocked(2, true));
    QCOMPARE(m_undo->undoText(), QStringLiteral("Lock femoral head left"));
    QVERIFY(!m_editor->place(2, {0, 6, 6}) && !m_editor->setVisibility(2, Visibility::Absent) &&
            !m_editor->setConfidence(2, 0.1) && !m_editor->beginDrag(2));
    QVERIFY(m_editor->startFrom(kReference));
    QCOMPARE(m_editor->point(2).position, (Vec3{0, 5, 5}));
    QVERIFY(m_editor->point(3).position != (Vec3{}));
    QVERIFY(m_editor->setLocked(2, false) && m_editor->place(2, {0, 6, 6}));
}

void tst_LandmarkEditor::marksHiddenAndMissing()
{
    QVERIFY(!m_editor->setVisibility(1, Visibility::Occluded)); // it has no position yet
    m_editor->place(1, {0, 1, 1});
    QVERIFY(m_editor->setVisibility(1, Visibility::Occluded));
    QVERIFY(m_editor->isPlaced(1));
    m_editor->place(1, {0, 2, 2}); // moving it does not bring it to light
    QCOMPARE(m_editor->point(1).visibility, Visibility::Occluded);
    QVERIFY(m_editor->setConfidence(1, 0.25));
    QCOMPARE(m_editor->point(1).confidence, 0.25);
    m_editor->setConfidence(1, 7);
    QCOMPARE(m_editor->point(1).confidence, 1.0);
    QVERIFY(m_editor->setVisibility(1, Visibility::Absent));
    QVERIFY(!m_editor->isPlaced(1));
    m_undo->undo();
    QCOMPARE(m_editor->point(1).position, (Vec3{0, 2, 2}));
}

void tst_LandmarkEditor::aDragIsOneCommandOrNone()
{
    m_editor->place(0, {0, 0, 0});
    QVERIFY(m_editor->beginDrag(0));
    QVERIFY(!m_editor->beginDrag(1) && !m_editor->place(1, {}));
    m_editor->dragTo({0, 1, 0});
    m_editor->dragTo({0, 2, 0});
    QCOMPARE(m_editor->point(0).position, (Vec3{0, 2, 0}));
    QCOMPARE(m_undo->count(), 1);
    m_editor->endDrag();
    QCOMPARE(m_undo->count(), 2);
    m_undo->undo();
    QCOMPARE(m_editor->point(0).position, (Vec3{0, 0, 0}));

    m_editor->beginDrag(0);
    m_editor->dragTo({0, 9, 0});
    m_editor->cancelDrag();
    QCOMPARE(m_editor->point(0).position, (Vec3{0, 0, 0}));
    QVERIFY(m_undo->canRedo()); // what was given up has taken nothing away

    m_editor->beginDrag(0);
    m_editor->dragTo({0, 9, 0});
    m_undo->undo(); // undo in the middle of a drag undoes the placing
    QVERIFY(!m_editor->isPlaced(0) && !m_editor->isDragging());
    m_editor->endDrag();
    QVERIFY(!m_editor->isPlaced(0));
}

void tst_LandmarkEditor::aThousandChangesUndoneOneByOne()
{
    std::mt19937 random(4);
    std::uniform_real_distribution<double> place(-200, 200);
    std::vector<LandmarkSet> states{m_editor->points()};
    while (states.size() <= 1000) {
        const int index = static_cast<int>(random() % 6);
        bool done = false;
        switch (random() % 6) {
        case 0: done = m_editor->setLocked(index, random() % 2 == 0); break;
        case 1: done = m_editor->setVisibility(index, static_cast<Visibility>(random() % 3)); break;
        case 2: done = m_editor->setConfidence(index, double(random() % 100) / 100); break;
        case 3: done = m_editor->startFrom(random() % 2 == 0 ? 0 : kReference); break;
        default: done = m_editor->place(index, {place(random), place(random), place(random)});
        }
        if (done)
            states.push_back(m_editor->points());
        QCOMPARE(m_undo->count(), static_cast<int>(states.size()) - 1);
    }
    for (auto state = states.rbegin() + 1; state != states.rend(); ++state) {
        m_undo->undo();
        QVERIFY(same(m_editor->points(), *state));
    }
    QVERIFY(!m_undo->canUndo() && !m_editor->isDirty());
    while (m_undo->canRedo())
        m_undo->redo();
    QVERIFY(same(m_editor->points(), states.back()));
}

void tst_LandmarkEditor::startsFromAModel()
{
    QVERIFY(m_editor->startFrom(0));
    QCOMPARE(m_undo->undoText(), QStringLiteral("Start from local: north"));
    QCOMPARE(m_editor->point(0).confidence, 0.5);
    QVERIFY(!m_editor->isPlaced(5));
    m_editor->place(0, {0, 1, 1}); // a person is certain
    QCOMPARE(m_editor->point(0).confidence, 1.0);
    QVERIFY(!m_editor->startFrom(7) && !m_editor->startFrom(kReaderPoints));
    m_undo->undo();
    m_undo->undo();
    QVERIFY(m_editor->isEmpty());
}

void tst_LandmarkEditor::errorsInMillimetres()
{
    QVERIFY(std::abs(*m_editor->error(0, 0) - 5) < 1e-12); // 3 and 4
    QVERIFY(!m_editor->error(0, 5));                       // the model has none
    QVERIFY(!m_editor->error(kReaderPoints, 0) && !m_editor->error(kReference, 0));
    // All points moved alike turn nothing.
    QVERIFY(std::abs(*m_editor->angles(0).sacralSlope - *m_editor->angles(kReference).sacralSlope) < 1e-9);
    // Without a reference models are held against the reader.
    m_case.referenceLandmarks.reset();
    m_editor->setCase(&m_case);
    QVERIFY(!m_editor->error(0, 0));
    const Vec3 told = m_case.landmarkPredictions[0].points.points[0].position;
    m_editor->place(0, {told[0], told[1] + 12, told[2] - 5});
    QVERIFY(std::abs(*m_editor->error(0, 0) - 13) < 1e-12);
}

void tst_LandmarkEditor::savesAndReads_data()
{
    QTest::addColumn<QString>("name");
    QTest::newRow("markups") << QStringLiteral("landmarks-anna.mrk.json");
    QTest::newRow("csv") << QStringLiteral("landmarks-anna.csv");
}

void tst_LandmarkEditor::savesAndReads()
{
    QFETCH(QString, name);
    const fs::path file = folder() / name.toStdString();
    m_editor->place(0, {0.125, -7.25, 3});
    m_editor->place(2, {0, 1e-3, 2});
    m_editor->setLocked(2, true);
    m_editor->setConfidence(0, 0.75);
    QVERIFY(m_editor->save(file));
    QVERIFY(!m_editor->isDirty());
    m_undo->undo();
    QVERIFY(m_editor->isDirty());
    m_undo->redo();
    QVERIFY(!m_editor->isDirty());
    QVERIFY(m_editor->save(file));

    QUndoStack undo;
    LandmarkEditor other(&undo);
    other.setCase(&m_case);
    QVERIFY(other.load(file));
    QVERIFY(!other.isDirty() && !undo.canUndo());
    QCOMPARE(other.count(), 6);
    QCOMPARE(other.point(0).position, (Vec3{0.125, -7.25, 3}));
    QVERIFY(other.isPlaced(2) && !other.isPlaced(1));
    const bool markups = name.endsWith(QStringLiteral(".json"));
    QCOMPARE(other.point(2).locked, markups);
    QCOMPARE(other.point(0).confidence, markups ? 0.75 : 1.0);
    QVERIFY(other.place(0, {0, 0, 0}));
    QVERIFY(other.save(file));
}

void tst_LandmarkEditor::neverOverAnotherFile()
{
    const fs::path model = folder() / "local.mrk.json", stranger = folder() / "landmarks-bob.mrk.json";
    QVERIFY(imaging::writeLandmarks(model, m_case.landmarkPredictions[0].points));
    QVERIFY(imaging::writeLandmarks(stranger, m_case.landmarkPredictions[0].points));
    const auto before = readFile(model), bobs = readFile(stranger);
    m_editor->place(0, {0, 0, 0});
    QCOMPARE(m_editor->save(model).error().code, ErrorCode::Refused);
    fs::create_directory_symlink(folder(), folder() / "link");
    QCOMPARE(m_editor->save(folder() / "link" / "local.mrk.json").error().code, ErrorCode::Refused);
    QCOMPARE(m_editor->save(stranger).error().code, ErrorCode::Refused);
    // Reading a model's points does not make them the reader's file.
    QVERIFY(m_editor->load(model));
    QCOMPARE(m_editor->save(model).error().code, ErrorCode::Refused);
    QVERIFY(*readFile(model) == *before && *readFile(stranger) == *bobs);
    QCOMPARE(m_editor->save(folder() / "points.txt").error().code, ErrorCode::Unsupported);
}

QTEST_MAIN(tst_LandmarkEditor)
#include "tst_landmark_editor.moc"
