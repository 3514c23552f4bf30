// SPDX-License-Identifier: GPL-3.0-or-later
#include "imaging/landmarks.h"

#include "core/file.h"
#include "core/json.h"

#include <QTemporaryDir>
#include <QtTest>
#include <cmath>
#include <limits>
#include <set>

using namespace consilium;
using namespace consilium::imaging;

namespace {

// As 3D Slicer 5 saves two points of a list, in RAS; the second was left out by its user.
const std::string s_slicerRas = R"({
    "@schema": "https://raw.githubusercontent.com/slicer/slicer/master/Modules/Loadable/Markups/Resources/Schema/markups-schema-v1.0.3.json#",
    "markups": [{
        "type": "Fiducial", "coordinateSystem": "RAS", "coordinateUnits": "mm", "locked": false,
        "controlPoints": [
            {"id": "1", "label": "S1 anterior", "position": [12.5, -30.25, 101.0], "selected": true, "locked": true,
             "visibility": true, "positionStatus": "defined"},
            {"id": "2", "label": "S1 posterior", "position": [0.0, 0.0, 0.0], "positionStatus": "missing"}
        ]}]
})";

std::string markup(const std::string &members)
{
    return "{\"markups\": [{\"type\": \"Fiducial\", " + members + "}]}";
}

LandmarkSet severalPoints()
{
    return {{{"S1 anterior", {0.1, -20.125, 1e-3}, Visibility::Visible, 1, true},
             {"tip, \"left\"", {1.0 / 3, 2e5, -7}, Visibility::Occluded, 0.25, false},
             {"T12", {}, Visibility::Absent, 1, false},
             {"Wirbel \xC3\xB6", {-1, -2, -3}, Visibility::Visible, 0.875, false}}};
}

} // namespace

class tst_Landmarks : public QObject
{
    Q_OBJECT

private Q_SLOTS:
    void init() { m_folder = std::make_unique<QTemporaryDir>(); }
    void readsWhatSlicerWrites();
    void lpsAndRasAreTheSamePlaces();
    void keepsEverythingInMarkups();
    void writesWhatSlicerAsksFor();
    void keepsPositionsInCsv();
    void readsCsv_data();
    void readsCsv();
    void refuses_data();
    void refuses();
    void writesNothingWrong();
    void ordersByName();

private:
    std::filesystem::path written(const std::string &name, const std::string &text)
    {
        const auto file = std::filesystem::path(m_folder->path().toStdString()) / name;
        if (!writeFileAtomically(file, text))
            qFatal("The temporary folder cannot be written");
        return file;
    }

    std::unique_ptr<QTemporaryDir> m_folder;
};

void tst_Landmarks::readsWhatSlicerWrites()
{
    const auto landmarks = readLandmarks(written("points.mrk.json", s_slicerRas));
    QVERIFY2(landmarks, landmarks ? "" : landmarks.error().line().c_str());
    QCOMPARE(landmarks->points.size(), 2U);
    const auto &first = landmarks->points[0];
    QCOMPARE(first.name, std::string("S1 anterior"));
    QCOMPARE(first.position, (Vec3{-12.5, 30.25, 101})); // right and front are negative in LPS
    QVERIFY(first.visibility == Visibility::Visible && first.locked && first.confidence == 1);
    QVERIFY(landmarks->points[1].visibility == Visibility::Absent);
}

void tst_Landmarks::lpsAndRasAreTheSamePlaces()
{
    const std::string points = R"("controlPoints": [{"label": "a", "position": [1, 2, 3]}])";
    const auto lps = readLandmarks(written("a.json", markup(R"("coordinateSystem": "LPS", )" + points)));
    const auto ras = readLandmarks(written("b.json", markup(R"("coordinateSystem": "RAS", )" + points)));
    const auto unsaid = readLandmarks(written("c.json", markup(points)));
    QVERIFY(lps && ras && unsaid);
    QCOMPARE(lps->points[0].position, (Vec3{1, 2, 3}));
    QCOMPARE(ras->points[0].position, (Vec3{-1, -2, 3}));
    QCOMPARE(unsaid->points[0].position, (Vec3{1, 2, 3})); // the schema's default
}

void tst_Landmarks::keepsEverythingInMarkups()
{
    const auto set = severalPoints();
    const auto file = written("all.mrk.json", "");
    QVERIFY(writeLandmarks(file, set));
    const auto back = readLandmarks(file);
    QVERIFY2(back, back ? "" : back.error().line().c_str());
    QCOMPARE(back->points.size(), set.points.size());
    for (std::size_t n = 0; n < set.points.size(); ++n) {
        QCOMPARE(back->points[n].name, set.points[n].name);
        QCOMPARE(back->points[n].position, set.points[n].position);
        QVERIFY(back->points[n].visibility == set.points[n].visibility);
        QCOMPARE(back->points[n].confidence, set.points[n].confidence);
        QCOMPARE(back->points[n].locked, set.points[n].locked);
    }
}

// The members that markups-schema-v1.0.3 requires or that Slicer's reader looks for, with their types.
void tst_Landmarks::writesWhatSlicerAsksFor()
{
    const auto file = written("all.mrk.json", "");
    QVERIFY(writeLandmarks(file, severalPoints()));
    const auto document = readJson(file);
    QVERIFY(document);
    QVERIFY(document->at("@schema").get<std::string>().ends_with("markups-schema-v1.0.3.json#"));
    const auto &markup = document->at("markups").at(0);
    QVERIFY(markup.at("type") == "Fiducial");
    QVERIFY(markup.at("coordinateSystem") == "LPS");
    std::set<std::string> ids;
    for (const auto &point : markup.at("controlPoints")) {
        for (const auto *text : {"id", "label", "description", "associatedNodeID"})
            QVERIFY2(point.at(text).is_string(), text);
        for (const auto *flag : {"selected", "locked", "visibility"})
            QVERIFY2(point.at(flag).is_boolean(), flag);
        QCOMPARE(point.at("orientation").size(), 9U);
        const bool missing = point.at("positionStatus") == "missing";
        QVERIFY(missing || point.at("positionStatus") == "defined");
        QCOMPARE(point.contains("position"), !missing);
        ids.insert(point.at("id").get<std::string>());
    }
    QCOMPARE(ids.size(), 4U);
}

void tst_Landmarks::keepsPositionsInCsv()
{
    const auto set = severalPoints();
    const auto file = written("all.csv", "");
    QVERIFY(writeLandmarks(file, set));
    const auto back = readLandmarks(file);
    QVERIFY2(back, back ? "" : back.error().line().c_str());
    QCOMPARE(back->points.size(), set.points.size());
    for (std::size_t n = 0; n < set.points.size(); ++n) {
        QCOMPARE(back->points[n].name, set.points[n].name);
        QCOMPARE(back->points[n].position, set.points[n].position);
        const bool absent = set.points[n].visibility == Visibility::Absent;
        QCOMPARE(back->points[n].visibility == Visibility::Absent, absent);
    }
}

void tst_Landmarks::readsCsv_data()
{
    QTest::addColumn<std::string>("text");
    QTest::newRow("plain") << std::string("a,1,2\nb,-3.5,4e1\n");
    QTest::newRow("header") << std::string("label,x,y\na,1,2\nb,-3.5,40\n");
    QTest::newRow("header with z") << std::string("Label,X,Y,Z\na,1,2,0\nb,-3.5,40,0\n");
    QTest::newRow("no last line end") << std::string("a,1,2\nb,-3.5,40");
    QTest::newRow("Windows") << std::string("\xEF\xBB\xBFlabel,x,y\r\na,1,2\r\n\r\nb,-3.5,40\r\n");
    QTest::newRow("spaces and a comment") << std::string("# by hand\n a , 1, 2\nb,-3.5 ,+40, \n");
    QTest::newRow("quotes") << std::string("\"a\",\"1\",2\n\"b\",-3.5,40,\n");
}

void tst_Landmarks::readsCsv()
{
    QFETCH(std::string, text);
    const auto landmarks = readLandmarks(written("points.CSV", text));
    QVERIFY2(landmarks, landmarks ? "" : landmarks.error().line().c_str());
    QCOMPARE(landmarks->points.size(), 2U);
    QCOMPARE(landmarks->points[0].name, std::string("a"));
    QCOMPARE(landmarks->points[0].position, (Vec3{1, 2, 0}));
    QCOMPARE(landmarks->points[1].name, std::string("b"));
    QCOMPARE(landmarks->points[1].position, (Vec3{-3.5, 40, 0}));
}

void tst_Landmarks::refuses_data()
{
    QTest::addColumn<QString>("name");
    QTest::addColumn<std::string>("text");
    QTest::addColumn<int>("code");
    QTest::addColumn<QString>("says");
    const auto row = [](const char *title, const char *name, const std::string &text, ErrorCode code,
                        const char *says) { QTest::newRow(title) << name << text << static_cast<int>(code) << says; };
    const auto malformed = ErrorCode::Malformed;
    row("not a number", "p.csv", "label,x,y\na,1,2\nb,1,two\n", malformed, "line 3: \"two\"");
    row("decimal comma", "p.csv", "a,1\n", malformed, "line 1: y is missing");
    row("infinite", "p.csv", "a,1,inf\n", malformed, "line 1");
    row("too many", "p.csv", "a,1,2,3,4\n", malformed, "line 1: 5 fields");
    row("no label", "p.csv", "a,1,2\n,1,2\n", malformed, "line 2: the label");
    row("half a point", "p.csv", "a,,2\n", malformed, "line 1");
    row("twice in CSV", "p.csv", "a,1,2\na,3,4\n", ErrorCode::Invalid, "\"a\" is there twice");
    row("broken JSON", "p.json", "{\"markups\": [", malformed, "p.json");
    row("other JSON", "p.json", "{\"name\": 3}", malformed, "no list \"markups\"");
    row("an array", "p.json", "[1, 2]", malformed, "no list \"markups\"");
    row("points are no list", "p.json", markup(R"("controlPoints": 3)"), malformed, "not a list");
    row("a point is no object", "p.json", markup(R"("controlPoints": [3])"), malformed, "control point 1");
    row("two coordinates", "p.json",
        markup(R"("controlPoints": [{"label": "a", "position": [1,2,3]}, {"label": "b", "position": [1, 2]}])"),
        malformed, "control point 2 (\"b\")");
    row("no label in JSON", "p.json", markup(R"("controlPoints": [{"position": [1, 2, 3]}])"), malformed,
        "control point 1 has no label");
    row("a third system", "p.json", markup(R"("coordinateSystem": "IJK", "controlPoints": [])"), malformed, "IJK");
    row("micrometres", "p.json", markup(R"("coordinateUnits": "um", "controlPoints": [])"), ErrorCode::Unsupported,
        "um");
    row("twice in JSON", "p.json",
        markup(R"("controlPoints": [{"label": "a", "position": [1,2,3]}, {"label": "a", "position": [1, 2, 3]}])"),
        ErrorCode::Invalid, "twice");
    row("another ending", "p.fcsv", "a", ErrorCode::Unsupported, "p.fcsv");
}

void tst_Landmarks::refuses()
{
    QFETCH(QString, name);
    QFETCH(std::string, text);
    QFETCH(int, code);
    QFETCH(QString, says);
    const auto landmarks = readLandmarks(written(name.toStdString(), text));
    QVERIFY(!landmarks);
    QCOMPARE(static_cast<int>(landmarks.error().code), code);
    const auto line = QString::fromStdString(landmarks.error().line());
    QVERIFY2(line.contains(says) && line.contains(name) && !line.contains('\n'), qPrintable(line));
}

void tst_Landmarks::writesNothingWrong()
{
    const auto file = std::filesystem::path(m_folder->path().toStdString()) / "new.json";
    const auto infinite = std::numeric_limits<double>::infinity();
    QVERIFY(!writeLandmarks(file, {{{"a", {0, infinite, 0}}}}));
    QVERIFY(!writeLandmarks(file, {{{"a", {}}, {"a", {}}}}));
    QVERIFY(!writeLandmarks(file, {{{"", {}}}}));
    QVERIFY(!std::filesystem::exists(file));
    QVERIFY(writeLandmarks(file, {}));
    QVERIFY(readLandmarks(file)->points.empty());
    const auto missing = readLandmarks(file.parent_path() / "none.csv");
    QVERIFY(!missing && missing.error().code == ErrorCode::NotFound);
}

void tst_Landmarks::ordersByName()
{
    const LandmarkSet set{{{"b", {1, 0, 0}}, {"a", {2, 0, 0}}}};
    const auto ordered = set.ordered({"a", "b", "c"});
    QVERIFY(ordered);
    QCOMPARE(ordered->points.size(), 3U);
    QCOMPARE(ordered->points[0].position, (Vec3{2, 0, 0}));
    QCOMPARE(ordered->points[1].position, (Vec3{1, 0, 0}));
    QCOMPARE(ordered->points[2].name, std::string("c"));
    QVERIFY(ordered->points[2].visibility == Visibility::Absent);
    QVERIFY(ordered->find("c") && !set.find("c"));
    const auto unknown = set.ordered({"a"});
    QVERIFY(!unknown && unknown.error().code == ErrorCode::Invalid);
    QVERIFY(unknown.error().message.find("\"b\"") != std::string::npos);
}

QTEST_GUILESS_MAIN(tst_Landmarks)
#include "tst_landmarks.moc"
